"""The published figures as lines through the years: one per series and shape of period.

A series may be published for years, for first halves and for days of the year: these do not join,
so each is a line of its own, with one point a year. Of several figures for one fact the surest is
taken (:func:`stelsel.system.figures.best`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from stelsel.system.figures import FIT_UNTIL, KNOWN_UNTIL, best, statuses
from stelsel.twin.country.ledger import counted
from stelsel.twin.series import Period, Series, series
from stelsel.twin.series.measuring import published_periods
from stelsel.twin.series.periods import year
from stelsel.twin.series.table import groups

OF_HELP = ("jeugdhulp", "jeugdzorg", "youth_with_jeugd")
"""Indicators of the half-yearly statistic of CBS on youth care."""
EXAMINED = (KNOWN_UNTIL.year + 1, KNOWN_UNTIL.year + 2)
"""Years that nothing was fitted on: of a hindcast the two after its origin."""
LAST_EXAMINED = date(EXAMINED[-1], 12, 31) if KNOWN_UNTIL == FIT_UNTIL else FIT_UNTIL
"""A hindcast looks at no figure about a day after 2021 either: what it says may be learned from."""


@dataclass(frozen=True, slots=True)
class Point:
    """One published figure: number of the series in the table, period, value and status."""

    series: int
    period: Period
    value: float
    status: str

    @property
    def of(self) -> Series:
        """The series."""
        return series()[self.series]

    @property
    def fitted(self) -> bool:
        """Whether it may have been used to fit: it is about days up to the last known."""
        return self.period.last <= KNOWN_UNTIL

    @property
    def shape(self) -> str:
        """``year``, ``first half``, ``12-31``, ...; ``other`` for what does not come each year."""
        period = self.period
        if period.shape == "half":
            return "first half" if period.first.month == 1 else "second half"
        if period.shape in ("quarter", "month"):
            return f"{period.shape} from {period.first:%m-%d}"
        return f"{period.first:%m-%d}" if period.shape == "day" else period.shape

    @property
    def counted(self) -> float:
        """What this publication counted of what there was, as known up to 2021.

        First publications over a half-year miss late deliveries; starts of 2018 hold a
        registration effect (:func:`stelsel.twin.country.ledger.counted`).
        """
        asked = _root(self.of)
        if not self.of.indicator.startswith(OF_HELP) or not asked.services & groups()["help"]:
            return 1.0
        # What is a share of other children with help leaves as many out above as below.
        whole = self.of.kind != "rate" or self.of.per.startswith("population")
        first = {self.status, self._status_of(asked)} & {"provisional", "prose"}
        if first and whole and self.shape in ("first half", "06-30", "01-01"):
            return counted()["half-year"]
        started = asked.count in ("started", "new", "repeat") and not asked.per
        if started and self.period == year(2018) and self.of.kind == "flow":
            return counted()["started-2018"]
        return 1.0

    def _status_of(self, counted: Series) -> str:
        """Give the status of the count that this figure tells otherwise, of the same period."""
        if self.period not in published_periods()[series().index(counted)]:
            return self.status
        first, last = self.period.first, self.period.last
        return best(counted.indicator, counted.breakdown, first, last).status

    def rounded(self, value: float) -> float:
        """Round a value of the twin as the source rounds its own."""
        step = self.of.rounding
        if self.status == "prose":
            step = max(step, _step_of(self.value))
        if not _multiple(self.value, step):  # some editions print it more finely
            step = next(one for one in FINER if one < step and _multiple(self.value, one))
        return round(value / step) * step


def _root(one: Series) -> Series:
    """Give the series that says what is counted, behind others that only tell it otherwise."""
    while one.like:
        one = next(other for other in series() if other.name == one.like)
    return one


FINER = (1.0, 0.5, 0.1, 0.01, 1e-6)


def _multiple(value: float, step: float) -> bool:
    return abs(round(value / step) * step - value) < 1e-6 * step


def _step_of(value: float) -> float:
    """To what a number in running text is rounded: the largest power of ten that divides it.

    Examples
    --------
    >>> _step_of(444000.0), _step_of(17512.0), _step_of(8.5)
    (1000.0, 1.0, 1.0)
    """
    step = 1.0
    while value and value % (10 * step) == 0:
        step *= 10
    return step


@cache
def points() -> tuple[Point, ...]:
    """Give every published figure since 2015 of the series that the twin makes.

    Examples
    --------
    >>> len(points()) > 800
    True
    """
    found = []
    for number, one in enumerate(series()):
        for period in published_periods()[number]:
            figure = best(one.indicator, one.breakdown, period.first, period.last)
            if (figure.kind, figure.unit) == (one.kind, one.unit):
                found.append(Point(number, period, figure.value, figure.status))
    order = {name: status.order for name, status in statuses().items()}
    return tuple(sorted(found, key=lambda p: (p.series, p.period, order[p.status])))


@dataclass(frozen=True, slots=True)
class Line:
    """The points of a series that have one shape, in order of the years."""

    series: int
    shape: str
    points: tuple[Point, ...]

    @property
    def of(self) -> Series:
        """The series."""
        return series()[self.series]

    @property
    def known(self) -> tuple[Point, ...]:
        """Points up to the last day known: 2021, or the origin of a hindcast."""
        return tuple(point for point in self.points if point.fitted)

    @property
    def later(self) -> tuple[Point, ...]:
        """Points of the years of examination."""
        return tuple(
            point
            for point in self.points
            if point.period.last.year in EXAMINED and point.period.last <= LAST_EXAMINED
        )


@cache
def lines() -> tuple[Line, ...]:
    """Give every line.

    Examples
    --------
    >>> one = next(l for l in lines() if l.of.name == "jb_measures_inflow|OTS")
    >>> one.shape, [p.period.last.year for p in one.later]
    ('first half', [2022, 2023])
    """
    found: dict[tuple[int, str], list[Point]] = {}
    for point in points():
        found.setdefault((point.series, point.shape), []).append(point)
    made = []
    for (number, shape), of in found.items():
        if shape != "other":
            made.append(Line(number, shape, tuple(of)))
        else:
            made += [Line(number, "other", (point,)) for point in of]
    return tuple(made)
