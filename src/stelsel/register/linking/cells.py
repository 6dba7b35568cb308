"""The cells of a list, from CSV, a spreadsheet or Parquet, all as text and row by row."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stelsel.errors import StelselError, refused

Rows = Iterator[tuple[int, Sequence[object]]]
"""Row as a person counts it, from 1 with the heading, and its cells."""


def rows_of(file: Path) -> Iterator[tuple[int, list[str]]]:
    r"""Give the rows of a list one by one, the heading first; empty rows are left out.

    Parameters
    ----------
    file
        CSV in UTF-8 with commas or semicolons, the first sheet of a workbook (``.xlsx``), or
        Parquet; known by its first bytes.

    Raises
    ------
    StelselError
        When the file cannot be read as any of them.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     list_file = Path(folder) / "list.csv"
    ...     _ = list_file.write_text("form;sex\n02;v\n;\n03;m\n")
    ...     list(rows_of(list_file))
    [(1, ['form', 'sex']), (2, ['02', 'v']), (4, ['03', 'm'])]
    """
    try:
        with file.open("rb") as opened:
            head = opened.read(4)
        read = {b"PAR1": _parquet, b"PK\x03\x04": _workbook}.get(head, _csv)
        for number, row in read(file):
            texts = [_text(cell) for cell in row]
            if any(texts):
                yield number, texts
    except OSError as error:
        raise StelselError(
            f"The list cannot be read: {refused(error)}.",
            where=str(file),
            what_nl=f"De lijst is niet te lezen: {refused(error, 'nl')}.",
        ) from None
    except (ValueError, csv.Error, pa.ArrowException, zipfile.BadZipFile, KeyError):
        # What the reader says of it may repeat what stands there.
        raise StelselError(
            "The list is no CSV in UTF-8, no workbook and no Parquet.",
            where=file.name,
            remedy="Save it as CSV in UTF-8 or as a workbook (.xlsx).",
            what_nl="De lijst is geen CSV in UTF-8, geen werkboek en geen Parquet.",
            remedy_nl="Bewaar haar als CSV in UTF-8 of als werkboek (.xlsx).",
        ) from None


def _csv(file: Path) -> Rows:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        head = lines.readline()
        lines.seek(0)
        mark = ";" if head.count(";") > head.count(",") else ","
        reader = csv.reader(lines, delimiter=mark, strict=True)
        for row in reader:
            yield reader.line_num, row


def _workbook(file: Path) -> Rows:
    from openpyxl import load_workbook  # noqa: PLC0415 slow to load, and seldom needed

    with file.open("rb") as opened:  # by its bytes, whatever its name
        book = load_workbook(opened, read_only=True, data_only=True)
        yield from enumerate(book.worksheets[0].iter_rows(values_only=True), start=1)


def _parquet(file: Path) -> Rows:
    table = pq.ParquetFile(file)
    yield 1, table.schema_arrow.names
    number = 1
    for batch in table.iter_batches():
        for row in batch.to_pylist():
            number += 1
            yield number, [*row.values()]


def _text(cell: object) -> str:
    """Write a cell as text: days as yyyy-mm-dd, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()
