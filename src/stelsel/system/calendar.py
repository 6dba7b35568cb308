"""Dutch working days.

What a working day is
---------------------
The terms of the message standard are "working days" without a definition. Here a working day is
Monday to Friday, except the generally recognised holidays of the Algemene termijnenwet, article
3(1): the definition that government purchase terms (ARVODI 2016, article 1.11), and so contracts
between municipalities and providers, commonly refer to. It follows that

- Liberation Day (5 May) is no working day in *any* year, not only once in five years;
- Good Friday *is* a working day: article 3(2) only equates it for terms set by law;
- King's Day is 26 April when the 27th is a Sunday;
- days that a royal decree equates with a holiday (often the Friday after Ascension Day) are
  working days: they lengthen terms set by law, not agreements.

The names of the closed days are in ``closed_days.csv``; their dates come from ``holidays``.

How terms are counted
---------------------
The first day is not counted and the last is: a term of five working days after Monday ends on
the next Monday. So ``working_days_between(start, end) <= 5`` says that ``end`` is within the term.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

import holidays
import numpy as np

from stelsel.system.read import read_entries, yes_or_no

_DAY = timedelta(days=1)


def today() -> date:
    """Give the day that it is in the Netherlands.

    Examples
    --------
    >>> today() > date(2026, 1, 1)
    True
    """
    return datetime.now(ZoneInfo("Europe/Amsterdam")).date()


@cache
def _closed_names(*, by_law: bool = False) -> frozenset[str]:
    rows = read_entries(
        "closed_days.csv",
        ["holiday", "name_nl", "only_law"],
        lambda row: (row["holiday"], yes_or_no(row["only_law"])),
        key=["holiday"],
    )
    return frozenset(name for name, only_law in rows if by_law or not only_law)


@cache
def closed_days(year: int) -> tuple[date, ...]:
    """Give the holidays of a year that are no working days, in order (weekends included).

    Examples
    --------
    >>> [day.isoformat() for day in closed_days(2025)][:3]   # the King's Day that was on the 26th
    ['2025-01-01', '2025-04-21', '2025-04-26']
    """
    return _days_of(year, _closed_names())


def _days_of(year: int, names: frozenset[str]) -> tuple[date, ...]:
    known = holidays.country_holidays(
        "NL", years=year, categories=("public", "optional"), language="en_US"
    )
    return tuple(
        sorted(
            day
            for day in known
            # Two holidays can share a day (Ascension Day was on 5 May in 2016).
            if any(name in names for name in known.get_list(day))
        )
    )


@cache
def _resting(year: int) -> frozenset[date]:
    return frozenset(_days_of(year, _closed_names(by_law=True)))


def moved_by_law(start: date, last: date) -> date:
    """Move the last day of a term that a law sets, as the Algemene termijnenwet does.

    A term that ends on a Saturday, a Sunday or a holiday goes on to the next other day (article
    1), and one of three days or more holds at least two of those (article 2). Good Friday is equal
    to a holiday here (article 3(2)); days that a royal decree equates are not known. Terms of more
    than twelve weeks, ninety days or three months are not moved (article 4): do not ask for them.

    Parameters
    ----------
    start
        The day from which the term is counted.
    last
        The last day, as the law counts it.

    Examples
    --------
    >>> moved_by_law(date(2026, 11, 2), date(2026, 11, 7))    # a Saturday
    datetime.date(2026, 11, 9)
    >>> moved_by_law(date(2026, 4, 2), date(2026, 4, 7))      # Good Friday and Easter between
    datetime.date(2026, 4, 8)
    """

    def rests(day: date) -> bool:
        return day.weekday() >= 5 or day in _resting(day.year)

    three_days = (last - start).days >= 3
    while rests(last):
        last += _DAY
    if three_days:
        between = (start + number * _DAY for number in range(1, (last - start).days + 1))
        if sum(not rests(day) for day in between) < 2:
            last += _DAY
            while rests(last):
                last += _DAY
    return last


@cache
def _closed(first: int, last: int) -> np.ndarray:
    days = [day for year in range(first, last + 1) for day in closed_days(year)]
    return np.array(days, dtype="datetime64[D]")


def is_working_day(day: date) -> bool:
    """Tell whether a day is a working day.

    Examples
    --------
    >>> is_working_day(date(2026, 5, 4)), is_working_day(date(2026, 5, 5))
    (True, False)
    """
    return day.weekday() < 5 and day not in closed_days(day.year)


def add_working_days(day: date, number: int) -> date:
    """Give the ``number``-th working day after a day; the day itself is not counted.

    Parameters
    ----------
    day
        Any day, a working day or not.
    number
        How many; a negative number goes back; 0 gives the day itself, even if it is no working day.

    Examples
    --------
    >>> add_working_days(date(2026, 11, 23), 5)     # from Monday to the next Monday
    datetime.date(2026, 11, 30)
    >>> add_working_days(date(2026, 12, 24), 1)     # over Christmas and the weekend
    datetime.date(2026, 12, 28)
    """
    if number == 0:
        return day
    # No year has fewer than 200 working days, so the result lies within these years.
    reach = abs(number) // 200 + 1
    closed = _closed(day.year - reach, day.year + reach)
    roll: Literal["backward", "forward"] = "backward" if number > 0 else "forward"
    moved = np.busday_offset(np.array([day], "datetime64[D]"), number, roll, holidays=closed)
    result: date = moved[0].item()
    return result


def working_days_between(start: date, end: date) -> int:
    """Count the working days after ``start`` up to and including ``end``.

    Negative when ``end`` is before ``start``: minus the working days after ``end`` up to and
    including ``start``.

    Examples
    --------
    >>> working_days_between(date(2026, 11, 23), date(2026, 11, 30))
    5
    >>> working_days_between(date(2026, 11, 30), date(2026, 11, 23))
    -5
    """
    if end < start:
        return -working_days_between(end, start)
    closed = _closed(start.year, end.year + 1)
    first, last = (np.datetime64(day + _DAY, "D") for day in (start, end))
    return int(np.busday_count(first, last, holidays=closed))
