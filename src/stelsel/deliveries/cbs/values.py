"""Values of the fields: from text to Python and back.

A value is a text (number, birth, place, code), a day or a whole number (a mark from 1 to 10).
Every way in which the protocols of some year wrote *not known* or *not born* is read; one way is
written.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time

from stelsel.deliveries.cbs.records import NOT_BORN, UNBORN, UNKNOWN
from stelsel.deliveries.cbs.tables import Field, codes
from stelsel.system import numbers

Value = str | int | date
Details = dict[str, str]

_NUMBER = re.compile(r"[0-9]{9}")
_PSEUDONYM = re.compile(r"[0-9a-f]{32}")
_DIGITS = re.compile(r"[0-9]{8}")
_PLACE = re.compile(r"[1-9][0-9]{3} ?[A-Z]{2}|[0-9]{4}")
TURNED_ROUND = 2015
"""Data year in which the numbers for unknown and unborn meant each other (VGN, 25-9-2015)."""
_TURNED = {UNKNOWN: UNBORN, UNBORN: UNKNOWN}
_UNBORN_TEXTS = ("00000000", "000000000", "99999999")
"""Of a birth: the text of the protocol prints nine zeros, that of 2015 eight nines."""


def turned(number: str, year: int) -> str:
    """Turn the numbers for unknown and unborn round in the year in which they were.

    Parameters
    ----------
    number
        A number, as the file of that year has it or as we have it: it works both ways.
    year
        Year of the period.

    Examples
    --------
    >>> turned("000000000", 2015), turned("000000000", 2016), turned("999900006", 2015)
    ('999999999', '000000000', '999900006')
    """
    return _TURNED.get(number, number) if year == TURNED_ROUND else number


def is_made_up(number: str | None) -> bool:
    """Tell whether a number lies in the range for made-up people, and is not that for unknown.

    Examples
    --------
    >>> is_made_up("999900006"), is_made_up("999999999")
    (True, False)
    """
    return number not in (None, UNKNOWN) and numbers.is_made_up(number or "")


def value_of(field: Field, text: str, *, keyed: bool = False) -> Value | None:
    """Read the text of a field.

    Parameters
    ----------
    field
        The field.
    text
        What the file has there, without the blanks around it; not empty.
    keyed
        Whether children are named by pseudonyms.

    Returns
    -------
    Value or None
        None where the file says that there is nothing: a day of zeros.

    Raises
    ------
    ValueError
        When the text does not fit; the message is the name of the rule it breaks.

    Examples
    --------
    >>> from stelsel.deliveries.cbs.tables import fields
    >>> known = fields("cbs-youth-care")
    >>> value_of(known["birth"], "20100500"), value_of(known["birth"], "000000000")
    ('2010-05', 'unborn')
    >>> value_of(known["start"], "20240231")
    Traceback (most recent call last):
    ValueError: cbs.day
    """
    return _READERS[field.type](field, text, keyed)


def _number(field: Field, text: str, keyed: bool) -> Value:
    if keyed and _PSEUDONYM.fullmatch(text):
        return text
    if text in {UNKNOWN, UNBORN} or (
        not keyed and _NUMBER.fullmatch(text) and numbers.passes_eleven_test(text)
    ):
        return text
    raise ValueError("cbs.pseudonym" if keyed else "cbs.number")


def _birth(field: Field, text: str, keyed: bool) -> Value:
    if text in _UNBORN_TEXTS:
        return NOT_BORN
    if not _DIGITS.fullmatch(text):
        raise ValueError("cbs.birth")
    year, month, day = text[:4], text[4:6], text[6:]
    try:
        # A month or day of zeros is one that is not known; any other must exist.
        date(int(year), int(month) or 1, int(day) or 1)
    except ValueError:
        raise ValueError("cbs.birth") from None
    if month == "00" and day != "00":
        raise ValueError("cbs.birth")
    return "-".join(part for part in (year, month, day) if part != "00")


def _day(field: Field, text: str, keyed: bool) -> Value | None:
    if text == "00000000":
        return None
    try:
        if _DIGITS.fullmatch(text):
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        pass
    raise ValueError("cbs.day")


def _place(field: Field, text: str, keyed: bool) -> Value:
    if not _PLACE.fullmatch(text):
        raise ValueError("cbs.place")
    return text.replace(" ", "")


def _code(field: Field, text: str, keyed: bool) -> Value:
    if text not in codes()[field.list]:
        raise ValueError("cbs.code")
    return text


def _grade(field: Field, text: str, keyed: bool) -> Value:
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 10):
        raise ValueError("cbs.grade")
    return int(text)


_READERS = {
    "number": _number,
    "birth": _birth,
    "day": _day,
    "place": _place,
    "code": _code,
    "grade": _grade,
}


def text_of(field: Field, value: Value | None) -> str:
    """Write a value as the file has it; nothing where there is none.

    Examples
    --------
    >>> from stelsel.deliveries.cbs.tables import fields
    >>> known = fields("cbs-youth-care")
    >>> text_of(known["birth"], "2010-05"), text_of(known["satisfaction"], 7)
    ('20100500', '07')
    """
    if value is None:
        return ""
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, int):
        return f"{value:02d}"
    if field.type == "birth":
        return "00000000" if value == NOT_BORN else value.replace("-", "").ljust(8, "0")
    return value


def day_text(day: date) -> str:
    """Write a day as JJJJMMDD.

    Examples
    --------
    >>> day_text(date(2024, 7, 9))
    '20240709'
    """
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def moment_text(moment: datetime) -> str:
    """Write a moment as JJJJMMDD, with hours and minutes behind it where it is not midnight.

    Examples
    --------
    >>> moment_text(datetime(2024, 7, 9)), moment_text(datetime(2024, 7, 9, 14, 30))
    ('20240709', '202407091430')
    """
    clock = "" if moment.time() == time.min else f"{moment.hour:02d}{moment.minute:02d}"
    return day_text(moment.date()) + clock


def allowed(field: Field) -> str:
    """Name the codes of a field, for a remedy."""
    return ", ".join(codes().get(field.list, ()))
