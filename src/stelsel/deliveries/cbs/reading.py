"""Read a delivery: from a file to records, with everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial

from stelsel.deliveries.cbs.cells import Line, begins_with, lines_of
from stelsel.deliveries.cbs.findings import Breach
from stelsel.deliveries.cbs.layouts import NAMES, Layout, shipped
from stelsel.deliveries.cbs.records import CLASSES, Delivery, Record
from stelsel.deliveries.cbs.tables import Field, codes, fields, sorts
from stelsel.deliveries.cbs.values import Value, allowed, turned, value_of
from stelsel.deliveries.periods import Period

_AGB = re.compile(r"[0-9]{8}")
_MOMENT = re.compile(r"[0-9]{8}([0-9]{4})?")
_REMEMBERED = 10_000
"""How many texts of a field are kept read."""
_ZIP = b"PK\x03\x04"
_DIGITS = {"number": 9, "code": 2, "place": 4}
"""How many digits a type has; a spreadsheet may have made a number of it, without leading zeros."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds, as far as it could be read.

    Parameters
    ----------
    delivery
        What its heading tells; None if that cannot be read.
    records
        Lines and records; a line with a field that does not fit gives none.
    breaches
        All that is wrong with file and fields.
    keyed
        Whether children are named by pseudonyms.
    """

    delivery: Delivery | None
    records: tuple[tuple[int, Record], ...]
    breaches: tuple[Breach, ...]
    keyed: bool


def recognised(head: bytes) -> Layout | None:
    r"""Give the shipped layout that the beginning of a file shows, or None.

    Examples
    --------
    >>> recognised(b"BELEIDSINFORMATIE JEUGD;JH;00000001;2024-H1;20240709\r\n").name
    'csv'
    >>> recognised(b"<?xml version='1.0'?>") is None
    True
    """
    for layout in map(shipped, NAMES):
        start = head.removeprefix(b"\xef\xbb\xbf")[:100].decode("latin-1")
        if layout.format == "xlsx":
            continue
        if layout.format == "fixed":
            width = layout.heading["title"]
            found = start[:width] == layout.title.ljust(width)
        else:
            found = start.split(layout.separator)[0].strip('"') == layout.title
        if found:
            return layout
    return None


def recognise(head: bytes, name: str) -> bool:
    r"""Tell whether a file is a delivery in one of the shipped layouts.

    A spreadsheet cannot be told by its first bytes, which are those of any archive: it is
    recognised by its first cell where all of it is given, else by its name, which then has to
    begin with ``cbs``.

    Parameters
    ----------
    head
        First bytes of the file; of a spreadsheet rather all.
    name
        Its name.

    Examples
    --------
    >>> recognise(b"BELEIDSINFORMATIE JEUGD;JH", "delivery.csv")
    True
    >>> recognise(b"PK\x03\x04", "cbs-2024-H1.xlsx"), recognise(b"PK\x03\x04", "messages.zip")
    (True, False)
    """
    if not head.startswith(_ZIP):
        return recognised(head) is not None
    try:
        return begins_with(head) == shipped("xlsx").title
    except ValueError:
        plain = name.replace("\\", "/").rpartition("/")[2].lower()
        return plain.startswith("cbs") and plain.endswith(".xlsx")


def contents_of(
    data: bytes, layout: Layout | None = None, delivery: Delivery | None = None
) -> Contents:
    """Read what a file holds.

    Parameters
    ----------
    data
        The file.
    layout
        Its layout; without it the shipped one that it shows.
    delivery
        What the heading would tell, for a layout without one.
    """
    if layout is None:
        layout = shipped("xlsx") if data.startswith(_ZIP) else recognised(data[:200])
        if layout is None:
            title = shipped("csv").title
            return Contents(None, (), (Breach("cbs.heading", 1, "", {"title": title}),), False)
    try:
        lines = lines_of(data, layout)
    except ValueError:
        broken = Breach("cbs.unreadable", details={"format": layout.format})
        return Contents(None, (), (broken,), layout.keyed)
    breaches: list[Breach] = []
    if layout.heading:
        delivery = _heading(lines[:1], layout, breaches)
        lines = lines[1:]
    if delivery is None or delivery.sort not in layout.records:
        marks = ", ".join(sorts()[sort].mark for sort in layout.records)
        if not breaches:
            breaches.append(Breach("cbs.sort", None, "", {"marks": marks}))
        return Contents(None, (), tuple(breaches), layout.keyed)
    names = list(layout.records[delivery.sort])
    if layout.names:
        found = _names(lines[:1], delivery.sort, breaches)
        names, lines = found or names, lines[1:] if found else []
    readers = _readers(delivery, layout)
    records = []
    for number, cells in _cut(lines, names, layout, delivery.sort, breaches):
        record = _record(number, cells, delivery, readers, breaches)
        if record is not None:
            records.append((number, record))
    return Contents(delivery, tuple(records), tuple(breaches), layout.keyed)


def _heading(lines: Sequence[Line], layout: Layout, breaches: list[Breach]) -> Delivery | None:
    line, cells = lines[0] if lines else (1, [])
    if layout.format == "fixed":
        cells = _slices(cells[0] if cells else "", layout.heading)
    parts = dict(zip(layout.heading, cells, strict=False))
    if parts.get("title", layout.title) != layout.title or len(parts) < len(layout.heading):
        breaches.append(Breach("cbs.heading", line, "", {"title": layout.title}))
        return None
    marks = {sort.mark: sort for sort in sorts().values() if sort.sort in layout.records}
    sort = marks.get(parts["sort"])
    if sort is None:
        breaches.append(Breach("cbs.sort", line, "sort", {"marks": ", ".join(marks)}))
    if not _AGB.fullmatch(parts["deliverer"]):
        breaches.append(Breach("cbs.deliverer", line, "deliverer"))
    period = _period(parts["period"], sort.periods if sort else None)
    if period is None:
        example = "2024-Q3" if sort and sort.periods == 4 else "2024-H1"
        breaches.append(Breach("cbs.period", line, "period", {"example": example}))
    moment = _moment(parts["day"])
    if moment is None:
        breaches.append(Breach("cbs.day", line, "day"))
    if sort is None or period is None or moment is None or breaches:
        return None
    return Delivery(sort.sort, parts["deliverer"], period, moment.date(), moment.time())


def _period(text: str, parts: int | None) -> Period | None:
    try:
        period = Period.of(text)
    except ValueError:
        return None
    return period if parts in {None, period.parts} else None


def _moment(text: str) -> datetime | None:
    """Read a day, with or without a time behind it."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.strptime(text.ljust(12, "0"), "%Y%m%d%H%M")  # noqa: DTZ007 (no zone told)
    except ValueError:
        return None


def _names(lines: Sequence[Line], sort: str, breaches: list[Breach]) -> list[str]:
    """Give our names of the columns of a file, by the line with those of CBS."""
    line, cells = lines[0] if lines else (None, [])
    by_cbs = {field.cbs: name for name, field in fields(sort).items()}
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = by_cbs.get(" ".join(cell.lower().split()))
        if name is None or name in names:
            breaches.append(Breach("cbs.column", line, "", {"number": str(number)}))
        else:
            names.append(name)
    needed = [field.cbs for name, field in fields(sort).items() if field.needed]
    lacking = [cbs for cbs in needed if by_cbs[cbs] not in names]
    if lacking:
        breaches.append(Breach("cbs.columns", line, "", {"names": ", ".join(lacking)}))
    return [] if breaches else names


def _slices(text: str, widths: dict[str, int]) -> list[str]:
    cells, at = [], 0
    for width in widths.values():
        cells.append(text[at : at + width].strip())
        at += width
    return cells


def _cut(
    lines: Sequence[Line], names: list[str], layout: Layout, sort: str, breaches: list[Breach]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Give each record's texts by name; a line of another length is a breach."""
    widths = layout.records[sort]
    for number, cells in lines:
        if layout.format == "fixed":
            expected, found = sum(widths.values()), len(cells[0])
            texts = _slices(cells[0], widths)
            fits = found == expected
        else:
            expected, found = len(names), len(cells)
            texts = cells + [""] * (expected - found)
            fits = found <= expected
        if fits:
            yield number, dict(zip(names, texts, strict=True))
        else:
            details = {"expected": str(expected), "found": str(found)}
            breaches.append(Breach("cbs.length", number, "", details))


_Reader = Callable[[str], Value | Breach | None]
"""From the text of a field to its value, or to what is wrong with it."""


def _readers(delivery: Delivery, layout: Layout) -> dict[str, _Reader]:
    """Give a reader for each field; as texts recur, each remembers what it read."""
    sheet, keyed = layout.format == "xlsx", layout.keyed
    return {
        name: lru_cache(_REMEMBERED)(
            partial(_field, field, delivery=delivery, keyed=keyed, sheet=sheet)
        )
        for name, field in fields(delivery.sort).items()
    }


def _record(
    line: int,
    texts: dict[str, str],
    delivery: Delivery,
    readers: dict[str, _Reader],
    breaches: list[Breach],
) -> Record | None:
    values: dict[str, Value | None] = {}
    whole = True
    for name, read in readers.items():
        found = read(texts.get(name, ""))
        if isinstance(found, Breach):
            column = fields(delivery.sort)[name].cbs
            breaches.append(Breach(found.rule, line, column, found.details))
            # What is left out is None, and the rest of the record can still be judged.
            whole = whole and found.rule == "cbs.missing"
        else:
            values[name] = found
    return CLASSES[delivery.sort](**values) if whole else None  # type: ignore[arg-type]


def _field(  # noqa: PLR0911 (one return for each thing that can be wrong)
    field: Field, text: str, *, delivery: Delivery, keyed: bool, sheet: bool
) -> Value | Breach | None:
    if sheet and text.isdigit():
        text = text.zfill(_DIGITS.get(field.type, 0))
    # What held on some day of the period may stand in its file.
    held = field.holds(delivery.period.first) or field.holds(delivery.period.last)
    if not text:
        return Breach("cbs.missing") if field.needed and held else None
    try:
        value = value_of(field, text, keyed=keyed)
    except ValueError as error:
        return Breach(str(error), details={"allowed": allowed(field)})
    if value is None:
        return Breach("cbs.missing") if field.needed else None
    if field.type == "number":
        return turned(str(value), delivery.period.year)
    if not held:
        return Breach("cbs.field-period")
    if field.type == "code":
        code = codes()[field.list][str(value)]
        if not (code.holds(delivery.period.first) or code.holds(delivery.period.last)):
            return Breach("cbs.code-period", details={"code": code.code})
    return value
