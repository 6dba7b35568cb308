"""Counts that need more than visits: foster families and staff, from their weekly books.

A flow of a period is the sum of its weeks, of a week that lies in it in part that part. A stock is
that of the week of the day. A part that is switched off says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
import numpy.typing as npt

from stelsel.twin.layout import IN_CARE
from stelsel.twin.parts.foster.layout import LASTED
from stelsel.twin.parts.foster.layout import MEASURES as OF_FAMILIES
from stelsel.twin.parts.staff.layout import MEASURES as OF_STAFF
from stelsel.twin.runs.run import Run
from stelsel.twin.series.periods import Period
from stelsel.twin.series.table import Series

Numbers = npt.NDArray[np.float64]
Answer = Callable[[Series, Period], float]

FAMILIES = (
    *("broken", "started network", "network share", "placed", "with family"),
    *("families new", "families recruited"),
    *("families network", "families stopped", "recruited stopped", "network stopped"),
)
STAFF = ("caseload", "staff ill", "staff short", "staff left")
EXTRAS = (*FAMILIES, *STAFF)
"""Counts that this module gives."""
WEEK, YEAR = 7, 365.25
MONTH = YEAR / 12
EVERY_PLACEMENT = 2015
"""Until this year the fact sheets count every placement, also of a child who changes families."""


class Weeks:
    """Weekly books, to be asked over days.

    Parameters
    ----------
    counts
        Numbers per week and measure.
    first, days
        First day and number of days of the run.

    Examples
    --------
    >>> books = Weeks(np.array([[7.0], [14.0]]), date(2021, 1, 1), 14)
    >>> books.flow(Period(date(2021, 1, 1), date(2021, 1, 8)), 0)
    9.0
    >>> books.stock(Period(date(2021, 1, 9), date(2021, 1, 9)), 0)
    14.0
    """

    def __init__(self, counts: Numbers, first: date, days: int) -> None:
        self.counts = counts
        self.first = first
        self.ends = np.minimum(WEEK * np.arange(1, len(counts) + 1), days)
        self.passed = np.vstack([np.zeros(counts.shape[1]), np.cumsum(counts, axis=0)])

    def flow(self, period: Period, measure: int) -> float:
        """Sum over the days of a period."""
        low, high = (period.first - self.first).days, (period.last - self.first).days + 1
        at = np.interp([low, high], [0, *self.ends], self.passed[:, measure])
        return float(at[1] - at[0])

    def stock(self, period: Period, measure: int) -> float:
        """Give the number at the end of the week that the last day lies in."""
        week = (period.last - self.first).days // WEEK
        return float(self.counts[week, measure])

    def mean(self, period: Period, measure: int) -> float:
        """Mean of the weeks of a period."""
        low, high = (period.first - self.first).days, (period.last - self.first).days
        return float(self.counts[low // WEEK : high // WEEK + 1, measure].mean())


def extras(run: Run) -> Mapping[str, Answer]:
    """Give a function for each count that a run can give.

    Parameters
    ----------
    run
        A run; of a part that it ran without there is no function.
    """
    found: dict[str, Answer] = {}
    families = run.homes.counts.sum(axis=1).astype(np.float64)
    if families.any():
        siblings = run.plan.value("foster.siblings")
        found |= of_families(Weeks(families, run.first, run.days), siblings)
    stations = run.net.stations
    staffed = np.flatnonzero(stations["staffed"] >= 0)
    if len(staffed):
        counts = run.crew.counts.astype(np.float64)
        service_of = np.empty(counts.shape[1], np.int64)
        service_of[stations["staffed"][staffed]] = stations["service"][staffed]
        stays = run.counts[:, :, :, IN_CARE].sum(axis=2)
        stays = stays.reshape(len(stays), len(run.where.regions), -1).sum(axis=1)
        found |= of_staff(counts, service_of, stays.astype(np.float64), run.first, run.days)
    return found


def of_families(weeks: Weeks, siblings: float) -> dict[str, Answer]:
    """Give the counts of foster families.

    The loop has a network family for each child, the fact sheets one for ``siblings`` children.
    """
    number = {name: place for place, name in enumerate(OF_FAMILIES)}

    def flow(*parts: tuple[str, float]) -> Answer:
        return lambda one, period: sum(
            weeks.flow(period, number[name]) * factor for name, factor in parts
        )

    def share(one: Series, period: Period) -> float:
        own = weeks.mean(period, number["network"])
        return own / (own + weeks.mean(period, number["filled"]))

    def placed(one: Series, period: Period) -> float:
        """Count placements: up to 2015 all with a family, then of who came into foster care."""
        again = 0.0 if period.last.year <= EVERY_PLACEMENT else -1.0
        return flow(("found", 1.0), ("matched", 1.0), ("moved", again))(one, period)

    def with_family(one: Series, period: Period) -> float:
        months = (one.lasting or (0.0, 0.0, ""))[0]
        return weeks.stock(period, number["year" if months * MONTH < LASTED[1] else "two years"])

    return {
        "placed": placed,
        "with family": with_family,
        "broken": flow(("broke", 1.0)),
        "started network": flow(("found", 1.0)),
        "network share": share,
        "families new": flow(("approved", 1.0), ("found", 1 / siblings)),
        "families recruited": flow(("approved", 1.0)),
        "families network": flow(("found", 1 / siblings)),
        "families stopped": flow(("stopped", 1.0), ("ended", 1 / siblings)),
        "recruited stopped": flow(("stopped", 1.0)),
        "network stopped": flow(("ended", 1 / siblings)),
    }


def of_staff(
    counts: Numbers,
    service_of: npt.NDArray[np.int64],
    stays: Numbers,
    first: date,
    days: int,
) -> dict[str, Answer]:
    """Give the counts of staff, over the stations of the services that a series asks for.

    Parameters
    ----------
    counts
        Weekly numbers [week, station, measure].
    service_of
        Service of each station.
    stays
        Children in care [week, service].
    first, days
        First day and number of days of the run.
    """
    number = {name: place for place, name in enumerate(OF_STAFF)}

    def means(one: Series, period: Period) -> dict[str, float]:
        summed = counts[:, np.isin(service_of, sorted(one.services))].sum(axis=1)
        weeks = Weeks(summed, first, days)
        return {name: weeks.mean(period, place) for name, place in number.items()}

    def left(one: Series, period: Period) -> float:
        of = means(one, period)
        return of["left"] / (of["full"] + of["new"]) * YEAR / WEEK

    def ill(one: Series, period: Period) -> float:
        of = means(one, period)
        return of["ill"] / (of["full"] + of["new"])

    def short(one: Series, period: Period) -> float:
        of = means(one, period)
        return 1 - (of["full"] + of["new"]) / of["posts"]

    def caseload(one: Series, period: Period) -> float:
        of = means(one, period)
        children = Weeks(stays[:, sorted(one.services)].sum(axis=1, keepdims=True), first, days)
        return children.mean(period, 0) / (of["full"] + of["new"])

    return {"staff left": left, "staff ill": ill, "staff short": short, "caseload": caseload}
