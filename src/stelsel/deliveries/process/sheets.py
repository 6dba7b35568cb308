"""Tables as files: CSV, XLSX and Parquet to text cells and back, whatever they are about."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any, Final

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from stelsel.errors import StelselError, refused

SUFFIXES: Final = (".csv", ".xlsx", ".parquet")
"""What a file may end in; it says in which format it is written."""
COMMENT: Final = "#"
"""A row whose first cell begins with this is a remark."""
LARGEST: Final = 50 * 1024 * 1024
"""Most bytes of a file. Own choice, as the two below: they bound the memory that reading takes."""
UNPACKED: Final = 4 * LARGEST
"""Most bytes of what is packed in a workbook or a Parquet file."""
MOST_ROWS: Final = 200_000
"""Most rows of a file."""


class UnreadableError(Exception):
    """A file that is no table; ``rule`` is the name of what is wrong with it."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text.

    Parameters
    ----------
    headings
        Of its columns.
    rows
        Line in the file, from 1, and cells without the blanks around them; remarks and empty
        rows are left out.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def kind_of(head: bytes) -> str:
    """Tell the format of a file from its first bytes: ``xlsx``, ``parquet`` or ``csv``.

    Examples
    --------
    >>> kind_of(b"PK..."), kind_of(b"PAR1"), kind_of(b"case,step")
    ('xlsx', 'parquet', 'csv')
    """
    if head.startswith(b"PK"):
        return "xlsx"
    return "parquet" if head.startswith(b"PAR1") else "csv"


def read_sheet(file: Path | bytes) -> Sheet:
    r"""Read the table in a file, recognised by its content; of a workbook the first sheet.

    Raises
    ------
    UnreadableError
        When it is none, or too large.

    Examples
    --------
    >>> read_sheet(b"# a remark\ncase;step\nA1; asked \n")
    Sheet(headings=('case', 'step'), rows=((3, ('A1', 'asked')),))
    """
    size = len(file) if isinstance(file, bytes) else file.stat().st_size
    if size > LARGEST:
        raise UnreadableError("process.too-large")
    with io.BytesIO(file) if isinstance(file, bytes) else file.open("rb") as source:
        kind = kind_of(source.read(4))
        source.seek(0)
        try:
            told = _filled(_LINES[kind](source))
        except UnreadableError:
            raise
        # Each library has errors of its own, and a broken file may raise any of them.
        except Exception as error:
            raise UnreadableError("process.unreadable") from error
    if not told:
        return Sheet((), ())
    (_, heads), *rows = told
    return Sheet(_without_empty_end(heads), tuple(rows))


def _filled(lines: Iterable[tuple[int, tuple[str, ...]]]) -> list[tuple[int, tuple[str, ...]]]:
    """Keep the lines that are no remark and not empty, as long as there are not too many."""
    told = []
    for line, cells in lines:
        if any(cells) and not cells[0].startswith(COMMENT):
            told.append((line, cells))
        if len(told) > MOST_ROWS:
            raise UnreadableError("process.too-large")
    return told


def _without_empty_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the empty cells that a spreadsheet puts behind a heading."""
    last = max((place for place, cell in enumerate(cells) if cell), default=-1)
    return cells[: last + 1]


def _csv_lines(source: IO[bytes]) -> Iterator[tuple[int, tuple[str, ...]]]:
    text = source.read().decode("utf-8-sig")
    first = next((line for line in text.splitlines() if line.strip(" \"'")[:1] != COMMENT), "")
    mark = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    for row in reader:
        yield reader.line_num, tuple(cell.strip() for cell in row)


def _xlsx_lines(source: IO[bytes]) -> Iterator[tuple[int, tuple[str, ...]]]:
    with zipfile.ZipFile(source) as packed:
        if sum(part.file_size for part in packed.infolist()) > UNPACKED:
            raise UnreadableError("process.too-large")
    book = openpyxl.load_workbook(source, read_only=True, data_only=True)
    for line, row in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
        yield line, tuple(_text(cell) for cell in row)


def _parquet_lines(source: IO[bytes]) -> Iterator[tuple[int, tuple[str, ...]]]:
    file = pq.ParquetFile(source)
    groups = range(file.metadata.num_row_groups)
    if sum(file.metadata.row_group(number).total_byte_size for number in groups) > UNPACKED:
        raise UnreadableError("process.too-large")
    yield 1, tuple(file.schema_arrow.names)
    columns = [column.to_pylist() for column in file.read().columns]
    for line, row in enumerate(zip(*columns, strict=True), start=2):
        yield line, tuple(_text(cell) for cell in row)


_LINES = {"csv": _csv_lines, "xlsx": _xlsx_lines, "parquet": _parquet_lines}


def _text(cell: object) -> str:
    """Write a cell of a spreadsheet as text: days as ISO, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def write_sheet(
    path: Path,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    remarks: Sequence[Sequence[str]] = (),
) -> None:
    """Write a table of text; its name tells the format.

    Parameters
    ----------
    path
        The file, which ends in ``.csv``, ``.xlsx`` or ``.parquet``.
    headings
        Of its columns.
    rows
        Cells, as many as there are headings.
    remarks
        Rows of a remark: above the heading of a CSV file, on a second sheet of a workbook.

    Raises
    ------
    StelselError
        When the name ends in something else, or the file cannot be written.
    """
    if path.suffix not in SUFFIXES:
        raise StelselError(
            "This kind of table is not written.",
            where=path.name,
            remedy=f"Give the file a name that ends in {', '.join(SUFFIXES)}.",
            what_nl="Dit soort tabel wordt niet geschreven.",
            remedy_nl=f"Geef het bestand een naam die eindigt op {', '.join(SUFFIXES)}.",
        )
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx, ".parquet": _write_parquet}
    try:
        writers[path.suffix](path, headings, [list(row) for row in rows], remarks)
    except OSError as error:
        raise StelselError(
            f"The table cannot be written: {refused(error)}.",
            where=str(path),
            remedy="Name a file in a folder that exists and that you may write in.",
            what_nl=f"De tabel is niet te schrijven: {refused(error, 'nl')}.",
            remedy_nl="Noem een bestand in een map die bestaat en waarin u mag schrijven.",
        ) from error


def _write_csv(
    path: Path, headings: Sequence[str], rows: list[list[str]], remarks: Sequence[Sequence[str]]
) -> None:
    # The mark of the character set tells spreadsheets that this is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        write = csv.writer(file)
        write.writerows([f"{COMMENT} {' | '.join(filter(None, remark))}"] for remark in remarks)
        write.writerows([headings, *rows])


def _write_xlsx(
    path: Path, headings: Sequence[str], rows: list[list[str]], remarks: Sequence[Sequence[str]]
) -> None:
    book = openpyxl.Workbook(write_only=False)
    sheet: Any = book.active
    sheet.title = "stelsel"
    for row in [headings, *rows]:
        sheet.append(list(row))
    # As text, so that a spreadsheet leaves zeros and days as they were typed.
    for number, heading in enumerate(headings, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].number_format = "@"
        sheet.column_dimensions[letter].width = max(12, len(heading) + 2)
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.number_format, cell.data_type = "@", "s"
            cell.font = Font(bold=cell.row == 1)
    sheet.freeze_panes = "A2"
    if remarks:
        told: Any = book.create_sheet("uitleg")
        for remark in remarks:
            told.append(list(remark))
        for letter, width in (("A", 34), ("B", 44), ("C", 90)):
            told.column_dimensions[letter].width = width
            for cell in told[letter]:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    book.save(path)


def _write_parquet(
    path: Path, headings: Sequence[str], rows: list[list[str]], remarks: Sequence[Sequence[str]]
) -> None:
    cells = {
        heading: pa.array([row[place] for row in rows], pa.string())
        for place, heading in enumerate(headings)
    }
    pq.write_table(pa.table(cells), path)
