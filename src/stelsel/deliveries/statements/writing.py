"""Write a statement to a file: CSV or XLSX, one value a row."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from stelsel.deliveries.statements.checking import COLUMNS
from stelsel.deliveries.statements.statement import Statement
from stelsel.deliveries.statements.values import write_value
from stelsel.errors import StelselError, refused


def write_statement(statement: Statement, path: str | os.PathLike[str]) -> None:
    r"""Write a statement; what is read from the file equals it.

    Parameters
    ----------
    statement
        The statement; open values become empty cells.
    path
        The file: ``.xlsx`` becomes a spreadsheet, all else CSV in UTF-8 with commas.

    Raises
    ------
    StelselError
        When the file cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from stelsel.deliveries.statements import Line
    >>> told = Statement("00000001", "2024-Q3", (Line("result", unit="eur"),))
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "a.csv"
    ...     write_statement(told, file)
    ...     file.read_text().splitlines()[1]
    '00000001,2024-Q3,result,,,,,eur,open'
    """
    file = Path(path)
    try:
        if file.suffix.lower() == ".xlsx":
            _write_sheet(statement, file)
        else:
            with file.open("w", encoding="utf-8", newline="") as opened:
                writer = csv.writer(opened, lineterminator="\n")
                writer.writerow(COLUMNS)
                writer.writerows([write_value(cell) for cell in row] for row in _rows(statement))
    except OSError as error:
        raise StelselError(
            f"The statement cannot be written: {refused(error)}.",
            where=str(file),
            remedy="Name a file in a folder in which you may write.",
            what_nl=f"De opgave kan niet worden geschreven: {refused(error, 'nl')}.",
            remedy_nl="Noem een bestand in een map waarin u mag schrijven.",
        ) from error


def _rows(statement: Statement) -> Iterator[tuple[Decimal | str | None, ...]]:
    for line in statement.lines:
        about = (line.form, line.measure, line.region)
        yield (
            *(statement.provider, statement.period, line.item, *about),
            *(line.value, line.unit, line.source),
        )


def _write_sheet(statement: Statement, file: Path) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 slow to load, and seldom needed

    book = Workbook()
    sheet = book.active
    sheet.title = "statement"
    sheet.append(COLUMNS)
    for number, row in enumerate(_rows(statement), start=2):
        for place, value in enumerate(row, start=1):
            if value is None:
                continue
            cell = sheet.cell(number, place, value)
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula, and codes keep their zeros
    sheet.freeze_panes = "A2"
    for column, width in zip("ABCDEFGHI", (10, 9, 24, 6, 9, 8, 30, 12, 10), strict=True):
        sheet.column_dimensions[column].width = width
    book.save(file)
