"""The last day of a term: counted in days, working days, weeks, months or years."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from stelsel.errors import StelselError
from stelsel.system.calendar import add_working_days, moved_by_law
from stelsel.system.entries import Norm

UNITS = ("days", "working_days", "weeks", "months", "years")


def last_day(norm: Norm, start: date) -> date:
    """Give the last day on which a term that began on ``start`` is kept; the first is not counted.

    A term in months or years ends on the same day of the month, or on the last day of a month that
    has no such day. The last day of a norm that is ``moved`` goes on over weekends and holidays:
    :func:`stelsel.system.calendar.moved_by_law`.

    Raises
    ------
    StelselError
        When the term is in hours: a day does not tell.

    Examples
    --------
    >>> from stelsel.system import norm
    >>> last_day(norm("board-start"), date(2026, 11, 23))
    datetime.date(2026, 12, 3)
    >>> last_day(norm("institution-contact"), date(2026, 12, 24))
    datetime.date(2027, 1, 4)
    >>> last_day(norm("supervision-provisional"), date(2026, 11, 30))
    datetime.date(2027, 2, 28)
    >>> last_day(norm("veilig-thuis-start"), date(2026, 11, 2))    # to Monday, not to Saturday
    datetime.date(2026, 11, 9)
    """
    counted = _counted(norm, start)
    return moved_by_law(start, counted) if norm.moved else counted


def _counted(norm: Norm, start: date) -> date:
    if norm.unit == "working_days":
        return add_working_days(start, norm.limit)
    if norm.unit in ("days", "weeks"):
        return start + timedelta(days=norm.limit * (7 if norm.unit == "weeks" else 1))
    if norm.unit in ("months", "years"):
        months = norm.limit * (12 if norm.unit == "years" else 1)
        number = start.year * 12 + start.month - 1 + months
        year, month = number // 12, number % 12 + 1
        return date(year, month, min(start.day, monthrange(year, month)[1]))
    raise StelselError(
        f"The term {norm.id} is in {norm.unit}: days do not tell.",
        what_nl=f"De termijn {norm.id} is in {norm.unit}: dagen zeggen daar niets over.",
    )
