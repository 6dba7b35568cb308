"""What a run says, in numbers per form and period, and how two runs differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from stelsel.system import forms
from stelsel.twin.layout import MEASURES, OPEN
from stelsel.twin.run import Run
from stelsel.twin.services import services

Numbers = npt.NDArray[np.float64]

ALL = "all"
"""In the place of a form: all forms together."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted: a stock on a day, or a flow or duration over a period."""

    name: str
    kind: str
    unit: str


SUMMARY = (
    Measure("in_care", "stock", "episodes"),
    Measure("waiting", "stock", "children"),
    Measure("inflow", "flow", "requests"),
    Measure("started", "flow", "episodes"),
    Measure("ended", "flow", "episodes"),
    Measure("withdrawn", "flow", "requests"),
    Measure("active", "flow", "episodes"),
    Measure("wait_days", "duration", "days"),
)
"""The measures of a summary; ``wait_days`` is the mean wait of those who started in the period."""


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


@dataclass(frozen=True)
class Summary:
    """Values of one run: ``values`` [row] for ``rows`` (form, measure, period), and weekly sums.

    ``weekly`` [week, form (all last), measure] follows :data:`stelsel.twin.layout.MEASURES`.
    """

    rows: tuple[tuple[str, str, Period], ...]
    values: Numbers
    weekly: Numbers


def summary_names() -> list[str]:
    """Name what a summary is by, in the order of its weekly values: forms of care, then all.

    Examples
    --------
    >>> summary_names()[0], summary_names()[-1]
    ('01', 'all')
    """
    return [*(form.code for form in forms()), ALL]


def summarise(run: Run) -> Summary:
    """Summarise a run by form and for all forms together."""
    codes = [form.code for form in forms()]
    v = run.visits[run.visits["service"] < len(codes)]  # the forms of care come first
    form = v["service"].astype(np.int64)
    arrived, started, ended = (v[name].astype(np.int64) for name in ("arrived", "started", "ended"))
    served = started != OPEN
    stocks, flows = periods(run.first, run.days)
    rows: list[tuple[str, str, Period]] = []
    values: list[float] = []

    def count(chosen: npt.NDArray[np.bool_]) -> Numbers:
        return np.bincount(form[chosen], minlength=len(codes)).astype(np.float64)

    def add(name: str, period: Period, by_form: Numbers, total: float | None = None) -> None:
        for code, value in zip(codes, by_form, strict=True):
            rows.append((code, name, period))
            values.append(float(value))
        rows.append((ALL, name, period))
        values.append(float(by_form.sum()) if total is None else total)

    for period in stocks:
        day = (period.last - run.first).days
        if period.last == run.first:  # how the run begins: before anything happens on its first day
            day = -1
        add("in_care", period, count((started <= day) & (ended > day)))
        add("waiting", period, count((arrived <= day) & (started > day) & (ended > day)))
    for period in flows:
        low, high = (period.first - run.first).days, (period.last - run.first).days
        begun = served & (started >= low) & (started <= high)
        gone = (ended >= low) & (ended <= high)
        add("inflow", period, count((arrived >= low) & (arrived <= high)))
        add("started", period, count(begun))
        add("ended", period, count(served & gone))
        add("withdrawn", period, count(~served & gone))
        # In care on any day: begun by the last day and not ended before the first. What ends on
        # the first day was in care until the day before, and CBS counts it as active.
        add("active", period, count(served & (started <= high) & (ended >= low)))
        wait = np.bincount(
            form[begun], (started - arrived)[begun].astype(np.float64), minlength=len(codes)
        )
        number = count(begun)
        mean = np.divide(wait, number, out=np.full(len(codes), np.nan), where=number > 0)
        add("wait_days", period, mean, float(wait.sum() / max(number.sum(), 1)))
    by_form = run.counts.sum(axis=2).reshape(
        run.counts.shape[0], len(run.where.regions), len(services()), len(MEASURES)
    )
    weekly = by_form[:, :, : len(codes)].sum(axis=1).astype(np.float64)
    weekly = np.concatenate([weekly, weekly.sum(axis=1, keepdims=True)], axis=1)
    return Summary(tuple(rows), np.array(values), weekly)


def weeks(first: date, days: int) -> list[date]:
    """Last day of every week of a run; the last week may be shorter.

    Examples
    --------
    >>> [day.isoformat() for day in weeks(date(2021, 1, 1), 10)]
    ['2021-01-07', '2021-01-10']
    """
    number = -(-days // 7)
    return [first + timedelta(min(7 * n + 6, days - 1)) for n in range(number)]
