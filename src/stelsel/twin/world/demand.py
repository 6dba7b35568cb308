"""From a plan to arrival streams: who asks for what, where, at which pace and of which age."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stelsel.errors import StelselError
from stelsel.system import forms
from stelsel.twin.country.baseline import FIRST_DAY
from stelsel.twin.layout import STREAM, Floats, Records
from stelsel.twin.plans.plan import Plan
from stelsel.twin.plans.switches import on
from stelsel.twin.services import Service, services
from stelsel.twin.world.durations import Duration
from stelsel.twin.world.people import AGES, Places
from stelsel.twin.world.rules import Values, return_after

YEAR = 365.25
MOST_A_DAY = 500.0
"""A stream above this would need another way to draw its number of arrivals."""
OTHER_STREAMS = 100_000
"""Numbers of the streams of other services than the forms of care begin here."""
AGE_STEPS = 64
BANDS = {"0-3": (0, 4), "4-11": (4, 12), "12-17": (12, 18), "18-22": (18, 23)}
"""Age bands of use: first year and one past the last."""
HALVED = "12-17"
HALVES = {"12-14": (12, 15), "15-17": (15, 18)}
"""One of them in two, where the plan tells both apart."""


class Demand(NamedTuple):
    """Arrivals; shapes as in :class:`stelsel.twin.layout.Network`."""

    streams: Records
    daily_rate: Floats
    ages: npt.NDArray[np.float32]


def demand(plan: Plan, where: Places, first: date, days: int) -> Demand:
    """Compile who asks for what from outside the network.

    Raises
    ------
    StelselError
        When one stream would bring more than :data:`MOST_A_DAY` requests a day.
    """
    growth = grown(plan, first, days)
    rates: list[Floats] = []
    ages: list[Floats] = []
    streams: list[tuple[float, ...]] = []
    profiles: dict[tuple[tuple[str, float], ...], int] = {}
    for k, service in enumerate(services()):
        rate = _rate(plan, service, first, days, growth)
        if not rate.any():
            continue
        profile = tuple(sorted(age_profile(plan, service.slug).items()))
        if profile not in profiles:
            profiles[profile] = len(ages)
            ages.extend(age_quantiles(where, dict(profile)))
        for r, weight in enumerate(where.weight):
            of_ages = profiles[profile] + r
            streams.append((r, k, -1, of_ages, len(rates), _number(r, k), weight, -1.0, 0.0, 0))
        rates.append(rate)
    if rates and np.max(rates) * where.weight.max() > MOST_A_DAY:
        raise StelselError(
            f"More than {MOST_A_DAY:g} requests a day for one form in one region.",
            where="demand",
            what_nl=f"Meer dan {MOST_A_DAY:g} hulpvragen per dag voor één hulpvorm in één regio.",
        )
    streams.sort(key=lambda stream: (stream[0], stream[1]))
    table = np.zeros(len(streams), STREAM)
    for n, stream in enumerate(streams):
        table[n] = stream
    years = np.array(ages, np.float32).reshape(-1, AGE_STEPS + 1)
    return Demand(table, np.array(rates).reshape(-1, days), years)


def _number(region: int, service: int) -> int:
    """Give the number of a stream, from which its chance follows: it must never change."""
    if service < len(forms()):
        return region * len(forms()) + service
    return OTHER_STREAMS + region * 100 + service


def _rate(plan: Plan, service: Service, first: date, days: int, growth: Floats) -> Floats:
    """Give the requests a day in the country for a service, and who comes back."""
    slug = service.slug
    runs = np.ones(days)
    if service.part != "care":
        runs = on(plan, service.part, first, days)
    rate = np.zeros(days)
    if f"demand[{slug}]" in plan.parameters:
        yearly = plan[f"demand[{slug}]"].series(first, days)
        rate = yearly / YEAR * season(plan, slug, first, days) * growth
    return np.asarray((rate + coming_back(plan, service, first, days)) * runs)


def season(plan: Plan, slug: str, first: date, days: int) -> Floats:
    """Factor per day, with mean one over a year: by half-year, or by month for all services."""
    if f"demand.first_half[{slug}]" in plan.parameters:
        half = plan.value(f"demand.first_half[{slug}]")
        return np.where(half_years(first, days), half * YEAR / 181, (1 - half) * YEAR / 184)
    months = [f"season[{month}]" for month in range(1, 13)]
    if any(name not in plan.parameters for name in months):
        return np.ones(days)
    factor = np.array([plan.value(name) for name in months])
    return np.asarray(factor[_months(first, days)])


@cache
def half_years(first: date, days: int) -> npt.NDArray[np.bool_]:
    """Which of the days fall in January to June."""
    return _months(first, days) < 6


@cache
def _months(first: date, days: int) -> npt.NDArray[np.int_]:
    """Month of each day, from 0."""
    on_days = np.datetime64(first) + np.arange(days)
    return on_days.astype("datetime64[M]").astype(int) % 12


def coming_back(plan: Plan, service: Service, first: date, days: int) -> Floats:
    """Who left for good before the run and comes back in it, a day; it fades in five years.

    As many left a day as are there over the mean length of stay (of a measure in terms, one term
    over the share that is not renewed).
    """
    slug = service.slug
    if f"return[{slug}]" not in plan.parameters or not on(plan, "returning", first)[0]:
        return np.zeros(days)
    value = Values(plan.before_changes(), first)
    there = value(f"capacity[{slug}]" if service.capped else f"stock[{slug}]")
    stay = value(f"duration[{slug}]") / max(value(f"pace[{slug}]", 1.0), 1e-3)
    if f"term[{slug}]" in plan.parameters:
        stay = value(f"term[{slug}]") / max(1 - value(f"renew[{slug}]"), 1e-3)
    if not there or not stay:
        return np.zeros(days)
    moved = sum(value(f"transfer[{slug}>{other.slug}]") for other in services())
    left = there / max(stay, 1.0) * max(1 - moved, 0.0)
    after = Duration(return_after(plan).astype(float))
    return np.asarray(
        left * value(f"return[{slug}]") * (1 - after.below(np.arange(days, dtype=np.float64) + 0.5))
    )


def age_profile(plan: Plan, slug: str) -> dict[str, float]:
    """Use by age band of a service, its own or that of all; empty where the plan has none."""
    own = {band: f"demand.age[{slug},{band}]" for band in (*BANDS, *HALVES)}
    every = {band: f"demand.age[{band}]" for band in BANDS}
    for names in (own, every):
        found = {b: plan.value(name) for b, name in names.items() if name in plan.parameters}
        if found:
            halves = list(HALVES) if HALVES.keys() <= found.keys() else [HALVED]
            bands = [*(band for band in BANDS if band != HALVED), *halves]
            return {band: found.get(band, 0.0) for band in bands}
    return {}


def age_quantiles(where: Places, profile: dict[str, float]) -> list[Floats]:
    """Ages in days at which so many of the requests of each region are reached.

    Without a profile by use of care as published (:func:`stelsel.twin.world.people.use_by_age`).
    """
    years = np.arange(AGES + 1) * YEAR
    grid = np.linspace(0.0, 1.0, AGE_STEPS + 1)
    found = []
    for r in range(len(where.regions)):
        share = np.diff(where.ages_reached[r], prepend=0.0)
        if profile:
            share = where.youths[r].copy()
            for band, (low, high) in {**BANDS, **HALVES}.items():
                share[low:high] *= profile.get(band, 1.0)
        reached = np.concatenate([[0.0], np.cumsum(share) / share.sum()])
        steps = reached + np.arange(AGES + 1) * 1e-12
        found.append(np.interp(grid, steps, years))
    return found


def grown(plan: Plan, first: date, days: int) -> Floats:
    """Work out how far demand has grown by each day of a run.

    It grows from ``FIRST_DAY``, where the year begins whose requests were counted, and is
    compounded day by day: a change of pace adds nothing to the days before it.

    Examples
    --------
    >>> from stelsel.twin.country.baseline import baseline
    >>> plan = baseline({"growth": 1.02})
    >>> grown(plan, date(2023, 1, 1), 1).round(4)
    array([1.0404])
    """
    ahead = (first - FIRST_DAY).days
    daily = plan["growth"].series(min(first, FIRST_DAY), max(ahead, -ahead) + days) ** (1 / YEAR)
    passed = np.concatenate([[1.0], np.cumprod(daily)])[:-1]
    if ahead >= 0:
        return np.asarray(passed[ahead:], dtype=np.float64)
    return np.asarray(passed[:days] / passed[-ahead], dtype=np.float64)
