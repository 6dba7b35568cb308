"""From a plan to the arrays that the loop reads."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np

from stelsel.system import priorities, referrers
from stelsel.twin.country.baseline import TEAM
from stelsel.twin.layout import Floats, Ints, Network
from stelsel.twin.parts.continuity.compiling import compiled_falls
from stelsel.twin.parts.foster.compiling import compiled_foster
from stelsel.twin.parts.off import no_falls, no_families, no_secure, no_staff
from stelsel.twin.parts.secure.compiling import compiled_secure, places_of
from stelsel.twin.parts.staff.compiling import compiled_staff, staffed
from stelsel.twin.plans.plan import Plan
from stelsel.twin.plans.switches import on, throughout
from stelsel.twin.services import number, services
from stelsel.twin.world.demand import demand, grown, half_years
from stelsel.twin.world.lengths import duration_of, lengths
from stelsel.twin.world.people import Places
from stelsel.twin.world.rules import epochs, longer, return_after, returning, rules
from stelsel.twin.world.stations import pools, provider_shares

__all__ = ["duration_of", "grown", "network", "rhythm"]

MUNICIPALITY, INSTITUTION = "municipality", "certified-institution"
SLOWEST = 1e-6
"""A clock never stands still."""
FOSTER, SECURE, SMALL = "foster-care", "secure-care", "small-scale"
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


def clocks(plan: Plan, first: date, days: int) -> tuple[Ints, Ints, Floats]:
    """Give the pace of the clock of every service: days on which paces turn, and paces between.

    Fewer episodes end in January to June than in July to December, and in some years than in
    others. The clock of a service runs at the pace that the plan gives it day by day (``pace``),
    or slower in the first half of every year and faster in the second, so that its mean over a
    year is one and lengths of care keep their mean (``duration.first_half``).

    Returns
    -------
    tuple
        Days of the turns [T + 1], the turn before each day [D], and paces [K, T].
    """
    early = half_years(first, days)
    daily = np.ones((len(services()), days))
    for k, service in enumerate(services()):
        half, pace = f"duration.first_half[{service.slug}]", f"pace[{service.slug}]"
        if pace in plan.parameters:
            daily[k] = np.maximum(plan[pace].series(first, days), SLOWEST)
        elif half in plan.parameters:
            speed = plan.value(half)
            daily[k] = np.where(early, speed, 2 - speed)
    begins = np.concatenate([[0], np.flatnonzero((np.diff(daily, axis=1) != 0).any(axis=0)) + 1])
    turns = np.append(begins, days).astype(np.int32)
    turn_of = np.repeat(np.arange(len(begins), dtype=np.int32), np.diff(turns))
    return turns, turn_of, np.ascontiguousarray(daily[:, begins])


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
        access = throughout(plan, "access", first, days)
    slugs = [service.slug for service in services()]
    turns, turn_of, pace = clocks(plan, first, days)
    places = capacity(plan, first, days)
    secure = _runs(plan, "secure", "secure.suited", first, days)
    if secure:
        places[number(SECURE)], places[number(SMALL)] = places_of(plan, first, days)
    falls = no_falls()
    if plan.falls and _runs(plan, "continuity", "continuity.days", first, days):
        there = np.where(provider_shares() > 0, found.station_of[0], -1)  # else the first station
        stations = there.astype(np.int32), found.share[0]
        falls = compiled_falls(plan, where.regions, slugs, *stations, first, days)
    families = no_families()
    if _runs(plan, "foster", "foster.network", first, days):
        families = compiled_foster(plan, where.regions, where.weight, first, days)
        ruled.rules["foster"][:, number(FOSTER)] = 1
    staff = no_staff()
    if _runs(plan, "staff", None, first, days):
        of = [slug for slug in staffed(plan) if f"capacity[{slug}]" in plan.parameters]
        if len(families.weight):
            of = [slug for slug in of if slug != FOSTER]
        rows = np.flatnonzero(np.isin(np.array(slugs)[found.stations["service"]], of))
        found.stations["staffed"][rows] = np.arange(len(rows))
        if len(rows):
            names = np.array(slugs)[found.stations["service"][rows]].tolist()
            staff = compiled_staff(plan, names, first, days)
    return Network(
        station_of=found.station_of,
        list_of=found.list_of,
        chart=found.chart,
        provider_reached=np.minimum(np.cumsum(provider_shares(), axis=1) + 1e-12, 1.0),
        stations=found.stations,
        share=found.share,
        places=places,
        streams=asked.streams,
        daily_rate=asked.daily_rate,
        ages=asked.ages,
        epoch=cut.of_day,
        rules=ruled.rules,
        routes=ruled.routes,
        referrer_reached=np.cumsum(sent, axis=1),
        solved=ruled.solved,
        push=ruled.push,
        known_sent=ruled.known_sent,
        hand_over=ruled.hand_over,
        protected=np.array([slug in PROTECTING for slug in sends], np.int32),
        leaves=np.array([0.0] + [1.0] * (len(priorities()) - 1)),
        quantiles=quantiles,
        length_of=length_of,
        longer=longer(plan),
        turns=turns,
        turn_of=turn_of,
        pace=pace,
        returning=returning(plan),
        return_after=return_after(plan),
        municipality=sends.index(MUNICIPALITY),
        institution=sends.index(INSTITUTION),
        team=number(TEAM),
        triage=number("triage") if access else -1,
        small_scale=number(SMALL) if secure else -1,
        secure_care=number(SECURE),
        falls=falls,
        foster=families,
        staff=staff,
        secure=compiled_secure(plan, slugs, first, days) if secure else no_secure(),
    )


def _runs(plan: Plan, part: str, name: str | None, first: date, days: int) -> bool:
    """Whether a part is on and the plan has what it needs."""
    runs = throughout(plan, part, first, days)
    return runs and (name is None or name in plan.parameters)
