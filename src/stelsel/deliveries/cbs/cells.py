"""Files as lines of cells and back: fixed width, CSV and XLSX.

A line of fixed width stays one cell here; only who knows the sort of file can cut it up.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from stelsel.deliveries.cbs.layouts import Layout

Line = tuple[int, list[str]]
"""Number of a line in its file, from 1, and its cells."""
LARGEST = 200 * 2**20
"""Bytes that a file may have, for a spreadsheet unpacked: some two million records."""
_NEW_LINE = "\r\n"
_STAMPS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def lines_of(data: bytes, layout: Layout) -> list[Line]:
    r"""Give the lines of a file that are not empty, with their cells.

    Parameters
    ----------
    data
        What the file holds.
    layout
        How it is laid out.

    Raises
    ------
    ValueError
        When the file cannot be read as its format.

    Examples
    --------
    >>> from stelsel.deliveries.cbs.layouts import shipped
    >>> lines_of(b"a; b;\n\n ;c\n", shipped("csv"))
    [(1, ['a', 'b']), (3, ['', 'c'])]
    """
    if len(data) > LARGEST:
        raise ValueError("too large")
    if layout.format == "xlsx":
        return list(_filled(_sheet(data)))
    text = data.decode(layout.encoding).removeprefix("\ufeff")
    if layout.format == "fixed":
        lines = enumerate(text.replace("\r\n", "\n").split("\n"), start=1)
        return [(number, [line]) for number, line in lines if line.strip()]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=layout.separator, strict=True)
    try:
        return list(_filled((reader.line_num, row) for row in reader))
    except csv.Error as error:
        raise ValueError(str(error)) from error


def begins_with(data: bytes) -> str:
    """Give the first cell of a spreadsheet that holds something; empty if none does.

    Raises
    ------
    ValueError
        When the data are no whole spreadsheet.

    Examples
    --------
    >>> from stelsel.deliveries.cbs.layouts import shipped
    >>> begins_with(file_of([["a", "b"]], shipped("xlsx")))
    'a'
    """
    return next((cells[0] for _, cells in _filled(_sheet(data))), "")


def _filled(rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[Line]:
    """Give rows without the blanks around cells, empty cells at the end and empty rows."""
    for number, row in rows:
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def _sheet(data: bytes) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # noqa: PLC0415 (it is slow to load, and seldom needed)

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            # A small file may unpack to one that fills the memory.
            if sum(member.file_size for member in archive.infolist()) > LARGEST:
                raise ValueError("too large")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # a workbook may state other dimensions than it has
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_text(value) for value in row]
    except Exception as error:  # a damaged spreadsheet may make the library stumble anywhere
        raise ValueError(type(error).__name__) from error


def _text(value: Any) -> str:
    """Give a cell as text; whole numbers and days stand as the protocol writes them."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value.year:04d}{value.month:02d}{value.day:02d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def file_of(rows: Sequence[Sequence[str]], layout: Layout) -> bytes:
    r"""Put lines of cells in a file; the same lines always give the same bytes.

    Parameters
    ----------
    rows
        The lines; of fixed width one cell each.
    layout
        How it is laid out.

    Examples
    --------
    >>> from stelsel.deliveries.cbs.layouts import shipped
    >>> file_of([["a", "b"], ["c"]], shipped("csv"))
    b'a;b\r\nc\r\n'
    """
    if layout.format == "xlsx":
        return _workbook(rows)
    if layout.format == "fixed":
        text = "".join(row[0] + _NEW_LINE for row in rows)
    else:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=layout.separator, lineterminator=_NEW_LINE).writerows(rows)
        text = out.getvalue()
    return text.encode(layout.encoding)


def _workbook(rows: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 (it is slow to load, and seldom needed)

    book = Workbook(write_only=True)
    sheet = book.create_sheet("levering")
    for row in rows:
        sheet.append([cell or None for cell in row])
    made, packed = io.BytesIO(), io.BytesIO()
    book.save(made)
    # The moment of making would make each file another: it is taken out.
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            content = _STAMPS.sub(rb"\g<1>2000-01-01T00:00:00Z", source.read(name))
            target.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
