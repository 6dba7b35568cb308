"""Values of the messages: from text to Python and back, exactly as XML Schema has it.

Numbers, dates and times may stand between white space and numbers may have a sign and leading
zeros, as XML Schema allows; text and codes are taken as they are. A year may have more than four
digits or a minus there: such a date is right for the schemas, though no calendar of ours holds it.

Reading a value is done some forty times per message, so each datatype gets one function of its
own, with the usual form tried first.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from typing import Any, Final

from stelsel.ijw.grammar import SimpleType

Details = dict[str, str]

BLANKS: Final = " \t\r\n"
"""White space in XML."""
NEW_LINE: Final = "\r\n"
"""End of a line in a file that is written."""
LAST_YEAR: Final = 2**63 - 1
"""The largest year that the schema processor in use (libxml2) holds."""
REMEMBERED: Final = 50_000
"""How many different texts of a datatype are kept read; then all are forgotten."""
SHORT: Final = 40
"""Longest text that is kept."""

_FILLED = re.compile(r"[^ \t\r\n]")
_DATE = re.compile(r"(-?(?:[1-9][0-9]{4,}|[0-9]{4}))-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2}(?:\.[0-9]+)?)")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_PLAIN = re.compile("[\t\u0020-%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*").fullmatch
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Reader = Callable[[str | None], Any]
"""From the text of an element to its value; None if the text does not fit."""


@cache
def reader(simple: SimpleType) -> Reader:  # noqa: PLR0911 (one return per kind)
    """Give the function that reads values of a datatype.

    Parameters
    ----------
    simple
        The datatype.

    Returns
    -------
    Reader
        Takes the text of an element (None if it has none); gives the value, or None if the text
        does not fit the datatype or is a date that no Python date can hold.

    Examples
    --------
    >>> from stelsel.ijw.grammar import simple_types
    >>> read = reader(simple_types()["LDT_Datum"])
    >>> read("2026-11-21"), read("2027-06-31"), read("2026-11-21Z")
    (datetime.date(2026, 11, 21), None, None)
    >>> reader(simple_types()["LDT_Volume"])(" +007 ")
    7
    """
    if simple.codes:
        codes: dict[str | None, str] = {code: code for code in simple.codes}
        return codes.get
    if simple.base == "integer":
        return _integer_reader(simple)
    if simple.base == "date":
        return Remembering(_date_of).__getitem__
    if simple.base == "time":
        return Remembering(_time_of).__getitem__
    if simple.pattern:
        return _pattern_reader(simple)
    if simple.form == "filled line":
        return _line_reader(simple)
    return _text_reader(simple)


class Remembering(dict[str | None, Any]):
    """What short texts were read as; many recur, and a dict is quicker than reading them again.

    Examples
    --------
    >>> read = Remembering(len)
    >>> read["abc"], "abc" in read
    (3, True)
    """

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str | None) -> Any:
        value = None if text is None else self._read(text)
        if text is not None and len(text) <= SHORT:
            if len(self) >= REMEMBERED:
                self.clear()
            self[text] = value
        return value


def _integer_reader(simple: SimpleType) -> Reader:
    fits = re.compile(simple.pattern).fullmatch if simple.pattern else None
    low, high = simple.low or 0, simple.high or 0

    def read(text: str | None) -> int | None:
        if text is None:
            return None
        if text.isascii() and text.isdigit() and len(text) < 19:
            value = int(text)
        else:
            text = text.strip(BLANKS)
            if not _INTEGER.fullmatch(text):
                return None
            # Any number of leading zeros is allowed; more than 18 other digits are too many.
            digits = text.lstrip("+-").lstrip("0")
            value = int(digits or "0") if len(digits) < 19 else high + 1
            value = -value if text[0] == "-" else value
        return value if low <= value <= high and (fits is None or fits(text)) else None

    return Remembering(read).__getitem__ if high < REMEMBERED else read


def _pattern_reader(simple: SimpleType) -> Reader:
    fits = re.compile(simple.pattern).fullmatch
    high = simple.max_length or 2**31

    def read(text: str | None) -> str | None:
        return text if text and len(text) <= high and fits(text) else None

    return read


def _line_reader(simple: SimpleType) -> Reader:
    high = simple.max_length or 2**31

    def read(text: str | None) -> str | None:
        if text is None or len(text) > high:
            return None
        # Printable text holds no line break, and of all blanks only the space.
        if text.isprintable() and not text.isspace() and text:
            return text
        return text if "\n" not in text and "\r" not in text and _FILLED.search(text) else None

    return read


def _text_reader(simple: SimpleType) -> Reader:
    high, filled = simple.max_length or 2**31, simple.form == "filled"

    def read(text: str | None) -> str | None:
        if not text or len(text) > high or (filled and not _FILLED.search(text)):
            return None
        return text

    return read


def _date_of(text: str | None) -> date | None:
    try:
        parts = _day(text or "")
        return date(*parts) if parts else None
    except (ValueError, OverflowError):
        return None  # beyond the years that a Python date can hold


def _day(text: str) -> tuple[int, int, int] | None:
    """Give year, month and day of an existing date, whatever the year."""
    found = _DATE.fullmatch(text.strip(BLANKS))
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if year == 0 or abs(year) > LAST_YEAR or not 1 <= month <= 12 or day < 1:
        return None
    # monthrange knows the years 1 to 9999; a leap year stands for all leap years.
    if day > monthrange(2000 if isleap(year) else 2001, month)[1]:
        return None
    return year, month, day


def _time_of(text: str | None) -> time | None:
    found = _TIME.fullmatch((text or "").strip(BLANKS))
    if found is None:
        return None
    hour, minute, seconds = int(found[1]), int(found[2]), found[3]
    if (hour, minute, float(seconds)) == (24, 0, 0.0):
        return time(0)  # XML Schema: the end of the day, the same value as its beginning
    if hour > 23 or minute > 59 or float(seconds) >= 60:
        return None
    microseconds = int(seconds[3:9].ljust(6, "0")) if "." in seconds else 0
    return time(hour, minute, int(seconds[:2]), microseconds)


def text_faults(  # noqa: PLR0911 (one return per kind)
    simple: SimpleType, text: str
) -> list[tuple[str, Details]]:
    """Say why a text does not fit a datatype.

    Parameters
    ----------
    simple
        The datatype.
    text
        The text of the element, empty if it has none.

    Returns
    -------
    list of (rule, details)
        Names of our rules, with what their text needs; empty if the text fits. What was found is
        never among the details, except a short code of a list that says nothing of a person.

    Examples
    --------
    >>> from stelsel.ijw.grammar import simple_types
    >>> rule, details = text_faults(simple_types()["LDT_Frequentie"], "3")[0]
    >>> rule, details["list"], details["allowed"]
    ('value.code', 'WMO757', '1, 2, 4, 6')
    """
    bare = text if simple.base == "string" else text.strip(BLANKS)
    if not text:
        return [("value.empty", {})]
    if not text.strip(BLANKS):
        return [("value.blank", {})] if simple.codes or _blank_is_wrong(simple) else []
    if simple.codes:
        return [] if text in simple.codes else [("value.code", _code_details(simple, text))]
    if simple.base == "date":
        if _date_of(bare) is not None:
            return []
        return [("value.calendar" if _day(bare) else "value.date", {})]
    if simple.base == "time":
        return [] if _time_of(bare) is not None else [("value.time", {})]
    if simple.base == "integer":
        return _integer_faults(simple, bare)
    faults: list[tuple[str, Details]] = []
    if "line" in simple.form and ("\n" in text or "\r" in text):
        faults.append(("value.line", {}))
    if simple.pattern and not re.fullmatch(simple.pattern, text):
        faults.append(_pattern_fault(simple))
    elif simple.max_length is not None and len(text) > simple.max_length:
        faults.append(("value.length", {"high": str(simple.max_length)}))
    return faults


def _blank_is_wrong(simple: SimpleType) -> bool:
    return simple.base != "string" or bool(simple.form or simple.pattern)


def _integer_faults(simple: SimpleType, bare: str) -> list[tuple[str, Details]]:
    if not _INTEGER.fullmatch(bare):
        return [("value.integer", {})]
    if reader(simple)(bare) is not None:
        return []
    if simple.pattern:
        return [_pattern_fault(simple)]
    return [("value.range", {"low": str(simple.low), "high": str(simple.high)})]


def _pattern_fault(simple: SimpleType) -> tuple[str, Details]:
    details = {"shape_nl": simple.shape_nl, "shape_en": simple.shape_en}
    return simple.rule, {**details, "allowed": simple.pattern}


def _code_details(simple: SimpleType, text: str) -> Details:
    codes = simple.codes
    # A code that could be in the list tells nothing of a person; anything longer might.
    short = len(text) <= max(map(len, codes)) and text.isascii() and text.isalnum()
    found = f": {text}" if short and not simple.personal else ""
    return {
        "list": simple.code_list,
        "allowed": ", ".join(codes) if len(codes) <= 60 else f"{', '.join(codes[:3])}, …",
        "found_nl": found,
        "found_en": found,
    }


KINDS: Final[dict[str, type]] = {"string": str, "integer": int, "date": date, "time": time}


def text_of(simple: SimpleType, value: object) -> str | None:
    """Give the text that stands for a value in a message, or None if it is of the wrong kind.

    Examples
    --------
    >>> from stelsel.ijw.grammar import simple_types
    >>> text_of(simple_types()["LDT_Datum"], date(2026, 11, 21))
    '2026-11-21'
    >>> text_of(simple_types()["LDT_Volume"], "7") is None
    True
    """
    if not isinstance(value, KINDS[simple.base]) or isinstance(value, bool | datetime):
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return None if value.tzinfo else value.isoformat()
    return str(value)


@cache
def shower(simple: SimpleType) -> Callable[[Any], str | None]:
    """Give the function that turns values of a datatype into text for a file.

    Parameters
    ----------
    simple
        The datatype.

    Returns
    -------
    callable
        Takes a value; gives its text, escaped for XML, or None if the value does not fit.

    Examples
    --------
    >>> from stelsel.ijw.grammar import simple_types
    >>> shower(simple_types()["LDT_Naam"])("Jansen & Zn")
    'Jansen &amp; Zn'
    >>> shower(simple_types()["LDT_Volume"])(-1) is None
    True
    """
    read = reader(simple)
    if simple.base == "string":

        def show(value: Any) -> str | None:
            if not isinstance(value, str) or read(value) is None:
                return None
            return value if _PLAIN(value) else _escaped(value)
    elif simple.base == "integer":

        def show(value: Any) -> str | None:
            if not isinstance(value, int) or isinstance(value, bool):
                return None
            text = str(value)
            return None if read(text) is None else text
    else:

        def show(value: Any) -> str | None:
            return text_of(simple, value)

    return show


def _escaped(text: str) -> str | None:
    if _NOT_XML.search(text):
        return None
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;").replace("\n", NEW_LINE)
