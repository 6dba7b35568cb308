"""From a plan to the arrays that the loop reads."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from stelsel.system import priorities, referrers
from stelsel.twin.baseline import TEAM
from stelsel.twin.demand import demand, grown
from stelsel.twin.layout import Floats, Network
from stelsel.twin.people import Places
from stelsel.twin.plan import Plan
from stelsel.twin.rules import duration_of, epochs, lengths, return_after, rules
from stelsel.twin.services import number, services
from stelsel.twin.stations import pools, provider_shares
from stelsel.twin.switches import on

__all__ = ["duration_of", "grown", "network", "rhythm"]

MUNICIPALITY, INSTITUTION = "municipality", "certified-institution"
PROTECTING = (INSTITUTION, "court")
"""Referrers whose requests come from a protection measure."""


def rhythm(first: date, days: int, middle: float) -> Floats:
    """Factor per day: 1 on 1 January, ``middle`` on 30 June, 1 on 31 December, straight between.

    Examples
    --------
    >>> [round(float(f), 2) for f in rhythm(date(2021, 1, 1), 365, 1.1)[[0, 180, 364]]]
    [1.0, 1.1, 1.0]
    """
    factor: Floats = 1 + (middle - 1) * _towards_summer(first, days)
    return factor


@cache
def _towards_summer(first: date, days: int) -> Floats:
    """How near each day is to 30 June: 1 on that day, 0 on 1 January and 31 December."""
    day = np.datetime64(first) + np.arange(days)
    year = day.astype("datetime64[Y]")
    begin = year.astype("datetime64[D]")
    end = (year + 1).astype("datetime64[D]") - 1
    turn = (year.astype("datetime64[M]") + 6).astype("datetime64[D]") - 1
    rising = (day - begin) / (turn - begin)
    falling = (end - day) / (end - turn)
    shares: Floats = np.where(day <= turn, rising, falling)
    return shares


def clocks(plan: Plan, first: date, days: int) -> npt.NDArray[np.float32]:
    """Clock days passed at the start of each day, per service [K, D + 1].

    Stays end faster in one half-year than in another: the clock of a service runs at the pace
    that the plan gives it, so that as many end as the books say.
    """
    passed = np.zeros((len(services()), days + 1), np.float32)
    for k, service in enumerate(services()):
        name = f"pace[{service.slug}]"
        pace = plan[name].series(first, days) if name in plan.parameters else np.ones(days)
        passed[k, 1:] = np.cumsum(pace)
    return passed


def capacity(plan: Plan, first: date, days: int) -> Floats:
    """Places in the country per service and day before rounding [K, D]."""
    places = np.zeros((len(services()), days))
    for k, service in enumerate(services()):
        if f"capacity[{service.slug}]" not in plan.parameters:
            continue
        places[k] = plan[f"capacity[{service.slug}]"].series(first, days)
        middle = f"capacity.middle[{service.slug}]"
        if middle in plan.parameters:
            places[k] *= rhythm(first, days, plan.value(middle))
        if service.part != "care":
            places[k] *= on(plan, service.part, first, days)
    return places


def network(plan: Plan, where: Places, first: date, days: int) -> Network:
    """Compile a plan for the regions and days of a run.

    Raises
    ------
    StelselError
        When a number cannot be run, such as a share above one or too many requests a day.
    """
    sends = [referrer.slug for referrer in referrers()]
    cut = epochs(plan, first, days)
    ruled = rules(plan, cut)
    found = pools(plan, where, first, days)
    asked = demand(plan, where, first, days)
    quantiles, length_of = lengths(plan)
    # Shares: where a scenario makes one referrer send more, the others have less of the whole.
    sent = np.array(
        [[plan[f"referrer[{s}]"].series(day, 1)[0] for s in sends] for day in cut.sampled]
    )
    sent /= np.maximum(sent.sum(axis=1, keepdims=True), 1e-9)
    access = {"capacity[triage]", "access.delay"} <= set(plan.parameters)
    if access:
        access = bool(on(plan, "access", first)[0])
    return Network(
        station_of=found.station_of,
        list_of=found.list_of,
        chart=found.chart,
        provider_reached=np.minimum(np.cumsum(provider_shares(), axis=1) + 1e-12, 1.0),
        stations=found.stations,
        share=found.share,
        places=capacity(plan, first, days),
        streams=asked.streams,
        daily_rate=asked.daily_rate,
        ages=asked.ages,
        male=where.male,
        epoch=cut.of_day,
        rules=ruled.rules,
        routes=ruled.routes,
        referrer_reached=np.cumsum(sent, axis=1),
        solved=ruled.solved,
        push=ruled.push,
        hand_over=ruled.hand_over,
        protected=np.array([slug in PROTECTING for slug in sends], np.int32),
        leaves=np.array([0.0] + [1.0] * (len(priorities()) - 1)),
        quantiles=quantiles,
        length_of=length_of,
        clock=clocks(plan, first, days),
        return_after=return_after(plan),
        municipality=sends.index(MUNICIPALITY),
        institution=sends.index(INSTITUTION),
        team=number(TEAM),
        triage=number("triage") if access else -1,
        fall_day=np.zeros(0, np.int32),
        fall_station=np.zeros(0, np.int32),
        fall_kind=np.zeros(0, np.int32),
    )
