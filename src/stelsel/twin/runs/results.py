"""What a run says, in numbers per service and period, and how two runs differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stelsel.system import forms
from stelsel.twin.layout import MEASURES, OPEN
from stelsel.twin.parts.money import costs, volume
from stelsel.twin.runs.run import Run
from stelsel.twin.series import Measured
from stelsel.twin.services import services

Numbers = npt.NDArray[np.float64]
Days = npt.NDArray[np.int64]

ALL = "all"
"""In the place of a form or service: all forms of care together."""
QUANTILES = {"wait_p50": 0.5, "wait_p80": 0.8, "wait_p90": 0.9}
"""So many of those who started had waited so long or less."""
LONGEST = 3000
"""Waits of more days count as this long in a quantile."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted: a stock on a day, or a flow, duration or sum of money over a period."""

    name: str
    kind: str
    unit: str


SUMMARY = (
    Measure("in_care", "stock", "episodes"),
    Measure("waiting", "stock", "children"),
    Measure("open_wait_days", "stock", "days"),
    Measure("inflow", "flow", "requests"),
    Measure("started", "flow", "episodes"),
    Measure("ended", "flow", "episodes"),
    Measure("withdrawn", "flow", "requests"),
    Measure("active", "flow", "episodes"),
    Measure("wait_days", "duration", "days"),
    *(Measure(name, "duration", "days") for name in QUANTILES),
    Measure("cost", "money", "euro"),
    Measure("contribution", "money", "euro"),
)
"""The measures of a summary; ``wait_days`` and the quantiles are of those who started in the
period, ``open_wait_days`` is how long those who wait on the day have waited, on average. Money is
by calendar year only."""


@dataclass(frozen=True, slots=True)
class Period:
    """A day (stock) or a first and a last day (flow, duration)."""

    first: date
    last: date


def periods(first: date, days: int) -> tuple[list[Period], list[Period]]:
    """Days for stocks and periods for flows: ends of half-years, half-years and years of a run.

    Examples
    --------
    >>> stocks, flows = periods(date(2021, 1, 1), 365)
    >>> [p.last.isoformat() for p in stocks]
    ['2021-01-01', '2021-06-30', '2021-12-31']
    >>> [(p.first.month, p.last.month) for p in flows]
    [(1, 6), (7, 12), (1, 12)]
    """
    end = first + timedelta(days - 1)
    stocks, flows = [Period(first, first)], []
    for year in range(first.year, end.year + 1):
        halves = [
            (date(year, 1, 1), date(year, 6, 30)),
            (date(year, 7, 1), date(year, 12, 31)),
            (date(year, 1, 1), date(year, 12, 31)),
        ]
        whole = [Period(max(a, first), min(b, end)) for a, b in halves if a <= end and b >= first]
        for period in whole:
            if period not in flows:
                flows.append(period)
            if Period(period.last, period.last) not in stocks:
                stocks.append(Period(period.last, period.last))
    return sorted(stocks, key=lambda p: p.last), flows


def years(first: date, days: int) -> list[Period]:
    """Give the calendar years of a run, the first and the last as far as they were run.

    Examples
    --------
    >>> [p.first.isoformat() for p in years(date(2021, 7, 1), 365)]
    ['2021-07-01', '2022-01-01']
    """
    end = first + timedelta(days - 1)
    return [
        Period(max(date(year, 1, 1), first), min(date(year, 12, 31), end))
        for year in range(first.year, end.year + 1)
    ]


@dataclass(frozen=True)
class Summary:
    """Values of one run: ``values`` [row] for ``rows`` (name, measure, period), and weekly sums.

    ``weekly`` [week, name, measure] follows :func:`summary_names` and
    :data:`stelsel.twin.layout.MEASURES`. ``figures`` says the run in the terms of the published
    figures, and ``books`` its tables (:func:`stelsel.twin.runs.books.books`), where that was asked.
    """

    rows: tuple[tuple[str, str, Period], ...]
    values: Numbers
    weekly: Numbers
    figures: Measured | None = None
    books: Mapping[str, pa.Table] = field(default_factory=dict)


def summary_names() -> list[str]:
    """Name what a summary is by: CBS codes of the forms of care, slugs of other services, all.

    Examples
    --------
    >>> summary_names()[0], summary_names()[8], summary_names()[-1]
    ('01', 'small-scale', 'all')
    """
    codes = {form.slug: form.code for form in forms()}
    return [*(codes.get(service.slug, service.slug) for service in services()), ALL]


class _Books:
    """Events of a run by service and day, added up from the beginning.

    The first column is what happened before the run, column d + 1 its day d.
    """

    def __init__(self, run: Run) -> None:
        v = run.visits
        self.days, self.number = run.days, len(services())
        self.service = v["service"].astype(np.int64)
        arrived, started, ended = (v[n].astype(np.int64) for n in ("arrived", "started", "ended"))
        served = started != OPEN
        self.arrived = self._added(arrived)
        self.started = self._added(started)
        self.ended = self._added(ended, served)
        self.left = self._added(ended, ~served)
        # Sums of days of arrival tell how long those who are still there have waited.
        self.came = self._added(arrived, of=arrived)
        self.came_started = self._added(started, of=arrived)
        self.came_left = self._added(ended, ~served, of=arrived)
        self.waited = started - arrived
        self.began = started

    def _added(
        self, day: Days, chosen: npt.NDArray[np.bool_] | None = None, of: Days | None = None
    ) -> Numbers:
        inside = day < self.days
        if chosen is not None:
            inside &= chosen
        width = self.days + 1
        where = self.service[inside] * width + np.maximum(day[inside], -1) + 1
        weights = None if of is None else of[inside].astype(np.float64)
        counted = np.bincount(where, weights, self.number * width).astype(np.float64)
        added: Numbers = np.cumsum(counted.reshape(self.number, width), axis=1)
        return added

    def histogram(self, halves: list[tuple[int, int]]) -> Numbers:
        """Give how many waited so long [half, service, days], of those who started in it."""
        edges = np.array([low for low, _ in halves])
        inside = (self.began >= 0) & (self.began < self.days)
        half = np.searchsorted(edges, self.began[inside], side="right") - 1
        waited = np.clip(self.waited[inside], 0, LONGEST)
        where = (half * self.number + self.service[inside]) * (LONGEST + 1) + waited
        shape = (len(halves), self.number, LONGEST + 1)
        return np.bincount(where, minlength=int(np.prod(shape))).reshape(shape).astype(np.float64)


def summarise(run: Run) -> Summary:
    """Summarise a run by service and for all forms of care together."""
    books = _Books(run)
    care = len(forms())  # the forms of care come first
    names = summary_names()
    rows: list[tuple[str, str, Period]] = []
    values: list[Numbers] = []

    def add(name: str, period: Period, by_service: Numbers, total: float | None = None) -> None:
        whole = by_service[:care].sum() if total is None else total
        rows.extend((one, name, period) for one in names)
        values.append(np.append(by_service, whole))

    def day(when: date) -> int:
        return (when - run.first).days + 1

    stocks, flows = periods(run.first, run.days)
    for period in stocks:
        # How the run begins: before anything happens on its first day.
        d = 0 if period.last == run.first else day(period.last)
        waiting = books.arrived[:, d] - books.started[:, d] - books.left[:, d]
        came = books.came[:, d] - books.came_started[:, d] - books.came_left[:, d]
        elapsed = waiting * (d - 1) - came
        add("in_care", period, books.started[:, d] - books.ended[:, d])
        add("waiting", period, waiting)
        add("open_wait_days", period, _over(elapsed, waiting), *_whole(elapsed, waiting, care))
    halves = _parts(tuple(flows))
    counted = books.histogram([(day(p.first) - 1, day(p.last) - 1) for p in halves])
    for period in flows:
        low, high = day(period.first) - 1, day(period.last)
        begun = books.started[:, high] - books.started[:, low]
        running = books.started[:, low] - books.ended[:, low]
        add("inflow", period, books.arrived[:, high] - books.arrived[:, low])
        add("started", period, begun)
        add("ended", period, books.ended[:, high] - books.ended[:, low])
        add("withdrawn", period, books.left[:, high] - books.left[:, low])
        # In care on any day: running when it began, or begun in it. What ends on the first day
        # was in care until the day before, and CBS counts it as active.
        add("active", period, running + begun)
        inside = [n for n, p in enumerate(halves) if period.first <= p.first <= period.last]
        lengths = counted[inside].sum(axis=0)
        lengths = np.vstack([lengths, lengths[:care].sum(axis=0)])
        sums = lengths @ np.arange(LONGEST + 1.0)
        mean = _over(sums, lengths.sum(axis=1))
        add("wait_days", period, mean[:-1], float(mean[-1]))
        reached = np.cumsum(lengths, axis=1)
        for name, share in QUANTILES.items():
            quantile = _quantile(reached, share)
            add(name, period, quantile[:-1], float(quantile[-1]))
    for name, by_year in _money(run).items():
        for period in years(run.first, run.days):
            add(name, period, by_year(period.first.year))
    weekly = run.counts.sum(axis=2).reshape(
        run.counts.shape[0], len(run.where.regions), len(services()), len(MEASURES)
    )
    summed = weekly.sum(axis=1).astype(np.float64)
    total = summed[:, :care].sum(axis=1, keepdims=True)
    return Summary(tuple(rows), np.concatenate(values), np.concatenate([summed, total], axis=1))


@cache
def _parts(flows: tuple[Period, ...]) -> list[Period]:
    """Give the periods of which the others are made, in order."""
    return sorted(
        (
            p
            for p in flows
            if not any(q != p and p.first <= q.first and q.last <= p.last for q in flows)
        ),
        key=lambda p: p.first,
    )


def _over(sums: Numbers, numbers: Numbers) -> Numbers:
    """Divide; of nobody there is no mean."""
    mean: Numbers = np.divide(sums, numbers, out=np.full(len(sums), np.nan), where=numbers > 0)
    return mean


def _whole(sums: Numbers, numbers: Numbers, care: int) -> tuple[float]:
    number = numbers[:care].sum()
    return (float(sums[:care].sum() / number) if number > 0 else float("nan"),)


def _quantile(reached: Numbers, share: float) -> Numbers:
    """Least number of days that so many have waited or less, by row of cumulative numbers."""
    number = reached[:, -1]
    found = np.array([np.searchsorted(row, share * row[-1]) for row in reached], np.float64)
    found[number == 0] = np.nan
    return found


def _money(run: Run) -> dict[str, Callable[[int], Numbers]]:
    """Give cost and contribution per service, by year."""
    slugs = [service.slug for service in services()]
    spent = costs(
        volume(run.visits, run.first, run.days, len(run.where.regions), len(slugs)),
        run.plan,
        run.where.regions,
        run.where.weight,
        slugs,
        run.first,
        run.days,
    )
    year = spent["year"].to_numpy()
    service = np.array([slugs.index(slug) for slug in spent["service"].to_pylist()], np.int64)

    def of(column: str) -> Callable[[int], Numbers]:
        amounts = spent[column].to_numpy()

        def by_service(chosen: int) -> Numbers:
            there = year == chosen
            if not len(year):  # the part is off: nothing is known of it
                return np.full(len(slugs), np.nan)
            return np.bincount(service[there], amounts[there], len(slugs)).astype(np.float64)

        return by_service

    return {name: of(name) for name in ("cost", "contribution")}


def weeks(first: date, days: int) -> list[date]:
    """Last day of every week of a run; the last week may be shorter.

    Examples
    --------
    >>> [day.isoformat() for day in weeks(date(2021, 1, 1), 10)]
    ['2021-01-07', '2021-01-10']
    """
    number = -(-days // 7)
    return [first + timedelta(min(7 * n + 6, days - 1)) for n in range(number)]
