"""Read a statement from a file: CSV or XLSX, one value a row."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from stelsel.deliveries.statements.checking import COLUMNS, Checking, Row
from stelsel.deliveries.statements.statement import Statement
from stelsel.deliveries.statements.values import plain
from stelsel.deliveries.taken import Finding

KIND = "nza-quarter"
"""The sort of file that this is."""
MOST_BYTES = 20_000_000
"""The most that is read of a file, and that is unpacked of a spreadsheet."""
MOST_ROWS = 100_000
_ZIP = b"PK\x03\x04"
_TELLING = {"item", "measure", "region"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What is had from a file with a statement.

    Parameters
    ----------
    file
        Path of the file.
    statement
        The statement; None where anything is wrong with it.
    findings
        All that is wrong with it.

    Examples
    --------
    >>> Reading("a.csv", None, ()).valid
    False
    """

    file: str
    statement: Statement | None
    findings: tuple[Finding, ...]

    @property
    def valid(self) -> bool:
        """Whether it is a statement with nothing wrong."""
        return self.statement is not None


class _UnreadableError(Exception):
    """The file is not what its sort says; ``rule`` names why, ``line`` where."""

    def __init__(self, rule: str, line: int | None = None) -> None:
        super().__init__(rule)
        self.rule, self.line = rule, line


def recognise(head: bytes, name: str) -> bool:
    """Tell by its first bytes and its name whether a file may hold a statement.

    A spreadsheet tells nothing by its first bytes; it is looked at by its name.

    Parameters
    ----------
    head
        The first bytes of the file, a whole line of it at least.
    name
        Its name.

    Examples
    --------
    >>> recognise(b"provider;period;item;form;measure;region;value;unit;source", "a.csv")
    True
    >>> recognise(b"bsn,begin,end", "a.csv")
    False
    """
    if head.startswith(_ZIP):
        low = Path(name).name.lower()
        return low.endswith(".xlsx") and low.startswith(KIND)
    first = head.decode("utf-8-sig", "replace").partition("\n")[0]
    names = {cell.strip().strip('"') for cell in first.replace(";", ",").split(",")}
    return names >= _TELLING


def read_statement(
    path: str | os.PathLike[str], lang: str = "nl", *, whole: bool = True
) -> Reading:
    r"""Read a statement and look at everything in it.

    Parameters
    ----------
    path
        A CSV file in UTF-8 (commas or semicolons) or an XLSX file, with the columns of
        :data:`stelsel.deliveries.statements.COLUMNS` in any order.
    lang
        Language of what is found, ``nl`` or ``en``.
    whole
        Whether it must hold all that the law asks; without it lines may be open or missing.

    Returns
    -------
    Reading
        The statement, or all that is wrong.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "a.csv"
    ...     _ = file.write_text("provider;period;item;form;measure;region;value;unit;source\n"
    ...                         "1;2024-Q3;result;;;;1.000,00;eur;provider\n")
    ...     [str(one) for one in read_statement(file, "en", whole=False).findings]
    ['line 2, provider: This is no AGB code. [statement.provider] Give the eight digits ...',
     'line 2, value: This value does not fit the item. [statement.value] Give an amount ...']
    """
    file = Path(path)
    checking = Checking(lang)
    try:
        rows = _rows_of(file, checking)
    except _UnreadableError as wrong:
        checking.found(wrong.rule, wrong.line, "", columns=", ".join(COLUMNS))
        return Reading(str(file), None, tuple(checking.findings))
    statement = checking.statement(rows, whole=whole)
    in_order = sorted(checking.findings, key=lambda one: (one.line is None, one.line or 0))
    return Reading(str(file), statement, tuple(in_order))


def _rows_of(file: Path, checking: Checking) -> list[Row]:
    """Give the rows of a file, without those that are empty."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise _UnreadableError("unreadable") from error
    if len(content) > MOST_BYTES:
        raise _UnreadableError("too-large")
    lines = _of_sheet(content) if content.startswith(_ZIP) else _of_csv(content)
    if not lines:
        raise _UnreadableError("columns")
    heading = [cell.lower() for cell in lines[0][1]]
    while heading and not heading[-1]:
        heading.pop()
    if sorted(heading) != sorted(COLUMNS):
        raise _UnreadableError("columns", lines[0][0])
    rows: list[Row] = []
    for number, cells in lines[1:]:
        if not any(cells):
            continue
        if len(cells) < len(heading) or any(cells[len(heading) :]):
            checking.found("length", number, "")
            continue
        rows.append((number, dict(zip(heading, cells, strict=False))))
    return rows


_Lines = list[tuple[int, list[str]]]


def _of_csv(content: bytes) -> _Lines:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _UnreadableError("unreadable") from error
    first = text.partition("\n")[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    lines: _Lines = []
    try:
        for cells in reader:
            lines.append((reader.line_num, [cell.strip() for cell in cells]))
            _refuse_many(lines)
    except csv.Error as error:
        raise _UnreadableError("unreadable", reader.line_num) from error
    return lines


def _of_sheet(content: bytes) -> _Lines:
    from openpyxl import load_workbook  # noqa: PLC0415 slow to load, and seldom needed

    packed = io.BytesIO(content)
    try:
        with zipfile.ZipFile(packed) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                raise _UnreadableError("too-large")
        book = load_workbook(packed, read_only=True, data_only=True)
        lines: _Lines = []
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            lines.append((number, [_text_of(cell) for cell in cells]))
            _refuse_many(lines)
        book.close()
    except _UnreadableError:
        raise
    # What a broken spreadsheet makes its reader raise is not told anywhere, and is of many sorts.
    except Exception as error:
        raise _UnreadableError("unreadable") from error
    return lines


def _refuse_many(lines: Sequence[object]) -> None:
    if len(lines) > MOST_ROWS:
        raise _UnreadableError("too-large")


def _text_of(cell: object) -> str:
    """Give the text of a cell of a spreadsheet, as it would stand in a CSV file."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        # Fractions of a spreadsheet are binary: 0.1 + 0.2 is shown as 0.3 and meant so.
        return format(plain(Decimal(format(cell, ".15g"))), "f")
    return str(cell).strip()
