"""Rows of indicators as a workbook: a sheet each, and one that says what they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from stelsel.monitor.indicators.definition import Indicator
from stelsel.monitor.readers import Lang, passed, unwritable

if TYPE_CHECKING:
    from openpyxl import Workbook

LONGEST = 31
"""Characters that the name of a sheet may have, by the format."""
_ABOUT = {
    "nl": ("Uitleg", ("blad", "indicator", "vraag", "eenheid", "bron", "let op")),
    "en": ("About", ("sheet", "indicator", "question", "unit", "source", "caveats")),
}


def write_workbook(found: Sequence[tuple[Indicator, pa.Table]], file: Path, lang: Lang) -> Path:
    """Save rows of indicators as a workbook (.xlsx).

    The first sheet says of each other one what it holds, from which definition, and what to mind.
    A hidden value is an empty cell; the column ``protected`` names the hidden.

    Parameters
    ----------
    found
        Indicators, each with what :func:`stelsel.monitor.indicators.for_readers` gives.
    file
        Where to.
    lang
        Language of the first sheet.

    Raises
    ------
    StelselError
        When rows have not been through disclosure control, or the file cannot be written.

    Examples
    --------
    >>> from datetime import date
    >>> from tempfile import TemporaryDirectory
    >>> from stelsel import spells
    >>> from stelsel.monitor.indicators import for_readers, named, work_out
    >>> one = named("care-begun")
    >>> rows = work_out(one, spells.SCHEMA.empty_table(), date(2026, 6, 30))
    >>> rows = for_readers(one, rows, known_on=None, made_up=True)
    >>> with TemporaryDirectory() as folder:
    ...     write_workbook([(one, rows)], Path(folder) / "all.xlsx", "nl").name
    'all.xlsx'
    """
    from openpyxl import Workbook  # noqa: PLC0415 slow to load, and seldom needed

    for _, rows in found:
        passed(rows, file.name)
    book = Workbook(write_only=True)
    title, heads = _ABOUT[lang]
    sheets = sheet_names([one.id for one, _ in found], title)
    about = [list(heads)]
    for sheet, (one, _) in zip(sheets, found, strict=True):
        told = one.name_nl, one.question_nl, one.caveats_nl
        name, question, caveats = told if lang == "nl" else (one.name_en, one.question_en, ())
        caveats = caveats if lang == "nl" else one.caveats_en
        about.append([sheet, name, question, one.unit, one.source, " ".join(caveats)])
    _fill(book, title, about)
    for sheet, (_, rows) in zip(sheets, found, strict=True):
        cells = [[_plain(value) for value in row.values()] for row in rows.to_pylist()]
        _fill(book, sheet, [list(rows.column_names), *cells])
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        book.save(file)
    except OSError as error:
        raise unwritable(error, file) from error
    return file


def sheet_names(names: Sequence[str], *taken: str) -> list[str]:
    """Give each its name of a sheet: as it is where that fits, else cut off and numbered.

    Examples
    --------
    >>> sheet_names(["a" * 32, "a" * 33, "b"])[1:]
    ['aaaaaaaaaaaaaaaaaaaaaaaaaaaa-2', 'b']
    """
    found: list[str] = []
    for name in names:
        short, number = name[:LONGEST], 1
        while short.lower() in {one.lower() for one in (*found, *taken)}:
            number += 1
            short = f"{name[: LONGEST - 3]}-{number}"
        found.append(short)
    return found


def _fill(book: Workbook, name: str, lines: Sequence[Sequence[Any]]) -> None:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 slow to load, and seldom needed

    sheet = book.create_sheet(name)
    for line in lines:
        cells = []
        for value in line:
            cell = WriteOnlyCell(sheet, value)
            if isinstance(value, str):
                cell.data_type = "s"  # a text that begins with = is no formula
            cells.append(cell)
        sheet.append(cells)


def _plain(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else value
