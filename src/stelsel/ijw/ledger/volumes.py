"""How much help may be claimed: from the volume of an allocation to that of a period.

A volume is allocated per day, per week, per month or in all, and claimed per calendar month, or
what of it lies within the allocation. The arithmetic is that of iJw 3.2, IV076 to IV078 (what is
marked [D] is own reading):

- per day: every day of the period;
- per week, effort: every calendar week (Monday to Sunday, ISO 8601) that the period touches, so
  that a week on the edge of two months counts in both; the total over the allocation is the bound;
- per week, output (pieces 82, amounts 83): every Sunday in the period, so that a week counts in one
  month only; where the allocation does not end on a Sunday its last, broken week counts in the
  month of its last Sunday, or [D] in the month in which it begins where it has no Sunday at all;
- per month: the full volume, also for a broken month ([D] of output too, of which municipality and
  provider agree by themselves what they claim);
- in all: the whole volume, for any period.

Hours and minutes are compared in minutes, without rounding: that hours are rounded, at least to
one, is done by the provider on the sum of a line (IV079), before it is claimed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from stelsel.events import Row

MINUTE: Final = "01"
HOUR: Final = "04"
OUTPUT: Final = frozenset({"82", "83"})
"""WJ756: units of what is paid by result; the others are of effort (OP262, OP263)."""
PER_WEEK: Final = "2"
IN_ALL: Final = "6"
"""WMO757: the volume is that of the whole allocation."""
_MINUTES: Final = 60
_SUNDAY: Final = 7


def units(allocated: str) -> tuple[str, ...]:
    """Give the units in which may be claimed what is allocated in one (TR341).

    Examples
    --------
    >>> units("04"), units("01")
    (('04', '01'), ('01',))
    """
    return (HOUR, MINUTE) if allocated == HOUR else (allocated,)


def counted(volume: int, unit: str) -> int:
    """Give a volume in the unit in which it is compared: hours as minutes, others as they are.

    Examples
    --------
    >>> counted(4, "04"), counted(4, "01"), counted(4, "14")
    (240, 4, 4)
    """
    return volume * _MINUTES if unit == HOUR else volume


def most(allocation: Row, begin: date, end: date) -> int:
    """Give the most that may be claimed on an allocation for a period.

    Parameters
    ----------
    allocation
        An allocation with a volume.
    begin, end
        First and last day of the period, which lies within one calendar month.

    Returns
    -------
    int
        Volume, as :func:`counted`.

    Examples
    --------
    Three hours a week from Tuesday 11 October until Wednesday 28 December 2022: October touches the
    weeks 41 to 44.

    >>> care = {"volume": 3, "unit": "04", "frequency": "2",
    ...         "from_day": date(2022, 10, 11), "last_day": date(2022, 12, 28)}
    >>> most(care, date(2022, 10, 11), date(2022, 10, 31)) // 60
    12
    """
    if allocation["frequency"] == PER_WEEK and allocation["unit"] in OUTPUT:
        times = sundays(begin, end) + _broken_week(allocation, begin, end)
    else:
        times = _TIMES[allocation["frequency"]](begin, end)
    return times * counted(allocation["volume"], allocation["unit"])


def most_in_all(allocation: Row) -> int | None:
    """Give the most that may be claimed on an allocation in all.

    Parameters
    ----------
    allocation
        An allocation with a volume.

    Returns
    -------
    int or None
        Volume, as :func:`counted`; None where the allocation has no end, so that there is no
        total. Weeks of output come to the calendar weeks that the allocation touches, as those of
        effort do.

    Examples
    --------
    >>> care = {"volume": 3, "unit": "04", "frequency": "2",
    ...         "from_day": date(2022, 10, 11), "last_day": date(2022, 12, 28)}
    >>> most_in_all(care) // 60
    36
    >>> most_in_all(care | {"frequency": "4", "last_day": None})
    """
    begin, end = allocation["from_day"], allocation["last_day"]
    if end is None and allocation["frequency"] != IN_ALL:
        return None
    times = _TIMES[allocation["frequency"]](begin, end or begin)
    return times * counted(allocation["volume"], allocation["unit"])


def weeks(begin: date, end: date) -> int:
    """Count the calendar weeks, from Monday to Sunday, that a period touches.

    Examples
    --------
    >>> weeks(date(2024, 5, 5), date(2024, 5, 6))  # a Sunday and a Monday
    2
    """
    return (end.toordinal() - 1) // 7 - (begin.toordinal() - 1) // 7 + 1


def sundays(begin: date, end: date) -> int:
    """Count the Sundays in a period.

    Examples
    --------
    >>> sundays(date(2024, 5, 5), date(2024, 5, 12)), sundays(date(2024, 5, 6), date(2024, 5, 11))
    (2, 0)
    """
    return end.toordinal() // 7 - (begin.toordinal() - 1) // 7


def _broken_week(allocation: Row, begin: date, end: date) -> int:
    """Give 1 if the broken last week of an allocation counts in a period, else 0."""
    first: date = allocation["from_day"]
    last: date | None = allocation["last_day"]
    if last is None or last.isoweekday() == _SUNDAY:
        return 0
    last_sunday = last - timedelta(days=last.isoweekday())
    return int(begin <= max(last_sunday, first) <= end)


def _days(begin: date, end: date) -> int:
    return (end - begin).days + 1


def _months(begin: date, end: date) -> int:
    return (end.year - begin.year) * 12 + end.month - begin.month + 1


def _once(_: date, __: date) -> int:
    return 1


_TIMES: Final[dict[str, Callable[[date, date], int]]] = {
    "1": _days,
    PER_WEEK: weeks,
    "4": _months,
    IN_ALL: _once,
}
"""WMO757: how often a volume counts in a period."""
