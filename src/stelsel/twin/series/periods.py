"""The periods that figures are about, and the cells of time that they are made of.

A *period* is a first and a last day; a stock has one day. Of 1 January a stock is what there is
before that day begins, so that it, plus what starts, less what ends, is the stock of 31 December:
so CBS prints its books. Of every other day it is what there is when the day is over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
DAY = timedelta(1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A first and a last day; the same day twice for a stock."""

    first: date
    last: date

    @property
    def is_day(self) -> bool:
        """Whether it is a single day."""
        return self.first == self.last

    @property
    def shape(self) -> str:
        """``year``, ``half``, ``quarter``, ``month``, ``day`` or ``other``.

        ``day`` is 1 January, 30 June or 31 December: any other single day is ``other``.

        Examples
        --------
        >>> [p.shape for p in (year(2021), half(2021, 2), day(2021, 6, 30), day(2019, 9, 24))]
        ['year', 'half', 'day', 'other']
        """
        first, last = self.first, self.last
        if self.is_day:
            return "day" if (first.month, first.day) in STOCK_DAYS else "other"
        after = last + DAY
        if first.day != 1 or after.day != 1:
            return "other"
        months = 12 * (after.year - first.year) + after.month - first.month
        name = {12: "year", 6: "half", 3: "quarter", 1: "month"}.get(months, "other")
        return name if (first.month - 1) % max(months, 1) == 0 else "other"

    def moved(self, years: int) -> Period:
        """Give the same period in a later or earlier year (of no single day but 29 February).

        Examples
        --------
        >>> half(2021, 1).moved(2) == half(2023, 1)
        True
        """
        after = self.last + DAY
        return Period(
            self.first.replace(year=self.first.year + years),
            after.replace(year=after.year + years) - DAY,
        )


STOCK_DAYS = ((1, 1), (6, 30), (12, 31))
"""Month and day of the days that CBS counts stocks on."""


def day(year: int, month: int, of_month: int) -> Period:
    """Give a single day.

    Examples
    --------
    >>> day(2021, 6, 30).is_day
    True
    """
    return Period(date(year, month, of_month), date(year, month, of_month))


def year(number: int) -> Period:
    """Give a calendar year.

    Examples
    --------
    >>> year(2021).last.isoformat()
    '2021-12-31'
    """
    return Period(date(number, 1, 1), date(number, 12, 31))


def half(number: int, which: int) -> Period:
    """Give the first or the second half of a year.

    Examples
    --------
    >>> half(2021, 2).first.isoformat()
    '2021-07-01'
    """
    if which == 1:
        return Period(date(number, 1, 1), date(number, 6, 30))
    return Period(date(number, 7, 1), date(number, 12, 31))


def standard(number: int) -> tuple[tuple[Period, ...], tuple[Period, ...]]:
    """Give the days and the periods that are worked out for every year: days, halves, the year.

    Examples
    --------
    >>> days, spans = standard(2021)
    >>> len(days), len(spans)
    (3, 3)
    """
    days = tuple(day(number, month, of_month) for month, of_month in STOCK_DAYS)
    return days, (half(number, 1), half(number, 2), year(number))


@dataclass(frozen=True)
class Cells:
    """Time cut where any period begins or ends.

    Cell 0 is all that was before the first day of the run; cell ``e`` covers the days from
    ``begins[e - 1]`` up to ``begins[e]``. ``of_day`` [days] is the cell of each day of the run.
    For each period ``low`` and ``high`` are its first and last cell; of a day ``high`` is the cell
    at whose end the stock is taken, and ``low`` the cell after it. ``begun`` is the day of the run
    on which each period begins, or at whose end the stock is taken.
    """

    periods: tuple[Period, ...]
    begins: Ints
    of_day: Ints
    low: Ints
    high: Ints
    begun: Ints

    @property
    def number(self) -> int:
        """Number of cells, the one before the run included."""
        return len(self.begins) + 1


def cells(wanted: Iterable[Period], first: date, days: int) -> Cells:
    """Cut a run into cells for the wanted periods that lie wholly within it.

    Parameters
    ----------
    wanted
        Periods; those that begin before the run or end after it are left out.
    first, days
        First day and number of days of the run.

    Examples
    --------
    >>> cut = cells([day(2021, 1, 1), half(2021, 1), day(2021, 6, 30)], date(2021, 1, 1), 365)
    >>> cut.begins.tolist(), cut.low.tolist(), cut.high.tolist()
    ([0, 181], [1, 1, 2], [0, 1, 1])
    """
    last = first + timedelta(days - 1)
    kept = tuple(p for p in sorted(set(wanted)) if first <= p.first and p.last <= last)
    spans = [_span(p, first) for p in kept]
    cuts = {0}
    for low, high in spans:
        cuts |= {low, high + 1}
    begins = np.array(sorted(cut for cut in cuts if 0 <= cut < days), np.int32)
    of_day = np.searchsorted(begins, np.arange(days), side="right").astype(np.int32)
    return Cells(
        kept,
        begins,
        of_day,
        np.array([_cell(begins, low) for low, _ in spans], np.int32),
        np.array([_cell(begins, high) for _, high in spans], np.int32),
        np.array(
            [high if p.is_day else low for p, (low, high) in zip(kept, spans, strict=True)],
            np.int32,
        ),
    )


def _span(period: Period, first: date) -> tuple[int, int]:
    """Days from and to; of a stock: the day after it, and the day at whose end it is taken."""
    low, high = (period.first - first).days, (period.last - first).days
    if not period.is_day:
        return low, high
    if (period.first.month, period.first.day) == (1, 1):
        return low, low - 1
    return low + 1, low


def _cell(begins: Ints, on: int) -> int:
    return int(np.searchsorted(begins, on, side="right"))
