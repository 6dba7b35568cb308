"""From the text of a cell to a value, and back."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from stelsel.deliveries.statements.statement import Value

_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,2})?")
_KVK = re.compile(r"\d{8}")
_KVK_NAME = re.compile(r"(\d{8}) (.+)")
# What begins with another sign could be taken for a formula by a spreadsheet; a number of a
# telephone may have a plus before it.
_TEXT = re.compile(r"(?:\+?\d|[^\W_])[^\x00-\x1f\x7f]{0,199}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YES_NO = {"yes": "yes", "ja": "yes", "no": "no", "nee": "no"}
_NEVER_BELOW = {"count", "days"}


def read_value(kind: str, text: str) -> Value:
    """Give the value that a cell holds for an item of a kind; None where it is none.

    Numbers may have a decimal comma or point; nothing may stand between thousands. They have at
    most 12 digits before it, as more would not go through a spreadsheet unharmed.

    Examples
    --------
    >>> read_value("money", "-1250,50"), read_value("money", "1.250,50")
    (Decimal('-1250.5'), None)
    >>> read_value("yes-no", "Ja"), read_value("count", "2.5"), read_value("days", "-1")
    ('yes', None, None)
    """
    if kind in {"money", "ratio", "count", "days", "volume"}:
        return _number(kind, text)
    if kind == "yes-no":
        return _YES_NO.get(text.lower())
    if kind == "day":
        try:
            return date.fromisoformat(text).isoformat() if _DAY.fullmatch(text) else None
        except ValueError:
            return None
    if kind == "kvk-name":
        parts = _KVK_NAME.fullmatch(text)
        return text if parts and _TEXT.fullmatch(parts[2]) else None
    return text if (_KVK if kind == "kvk" else _TEXT).fullmatch(text) else None


def _number(kind: str, text: str) -> Decimal | None:
    if not _NUMBER.fullmatch(text):
        return None
    number = plain(Decimal(text.replace(",", ".")))
    whole = number == number.to_integral_value()
    if (kind in _NEVER_BELOW and number < 0) or (kind == "count" and not whole):
        return None
    return number


def plain(number: Decimal) -> Decimal:
    """Give a number as it is compared and written: no more digits than it needs.

    Examples
    --------
    >>> plain(Decimal("1200.50")), plain(Decimal("-0.00")), plain(Decimal("1E+3"))
    (Decimal('1200.5'), Decimal('0'), Decimal('1000'))
    """
    return Decimal(format(number, "f")).normalize() + 0 if number else Decimal(0)


def write_value(value: Value) -> str:
    """Give the text of a cell for a value; empty for one that is open.

    Examples
    --------
    >>> write_value(Decimal("1000")), write_value("yes"), write_value(None)
    ('1000', 'yes', '')
    """
    if value is None:
        return ""
    return format(value, "f") if isinstance(value, Decimal) else value
