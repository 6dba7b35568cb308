"""How long help and measures last, from stays that are cut off at both ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from stelsel.system import referrers
from stelsel.twin.country.baseline import TEAM
from stelsel.twin.fitting.estimate import LEAST, Estimate, Numbers, share
from stelsel.twin.fitting.happened import LINKED, TOO_OLD, Happened, Window
from stelsel.twin.fitting.visits import NOBODY, STILL, Days, Visits
from stelsel.twin.layout import DRAWN, TERMS
from stelsel.twin.plans.plan import Plan
from stelsel.twin.services import Service, services
from stelsel.twin.world.durations import STEPS, Duration
from stelsel.twin.world.lengths import lengths
from stelsel.twin.world.rules import law_of

YEAR = 365.25
QUIET = ("municipality", "none")
"""Referrers that messages do not tell apart: of both they tell none."""


class Group(NamedTuple):
    """Stays of one shape of lengths: how long each had lasted when first and last seen."""

    shape: Duration
    entered: Numbers
    left: Numbers


def fit_lengths(visits: Visits, happened: Happened, window: Window) -> list[Estimate]:
    """Estimate the mean length of every service whose lengths are drawn, and shares of renewal."""
    made = []
    table, row_of = lengths(window.plan)
    for k, service in enumerate(services()):
        law = law_of(window.plan, service)
        rows = np.flatnonzero((visits.service == k) & visits.served)
        if law == TERMS:
            made += _renewed(visits, window, service, rows)
        if law != DRAWN or f"duration[{service.slug}]" not in window.plan.parameters:
            continue
        if _hidden(service):
            continue
        rows = rows[~np.array([happened.broke_down(n) for n in rows.tolist()], np.bool_)]
        if any(pair.endswith(f">{service.slug}") for pair in window.plan.family("longer")):
            # What came beside what is not told of who had begun before the files do.
            rows = rows[visits.started[rows] >= visits.ended[rows].min(initial=STILL)]
        shapes = [Duration.from_function(_fine(row)) for row in table]
        one = _length(visits, happened, window, service, rows, shapes, row_of[k].tolist())
        made += [one] if one else []
    return made


def _hidden(service: Service) -> bool:
    """Say whether a stay is told together with the wait before it, which has places to wait for."""
    return bool(service.capped) and not service.wait


def _length(
    visits: Visits,
    happened: Happened,
    window: Window,
    service: Service,
    rows: Days,
    shapes: Sequence[Duration],
    row_of: Sequence[int],
) -> Estimate | None:
    rows, since, until, ended = happened.segments(rows, window, window.limits(service.slug))
    events = int(ended.sum())
    if events < LEAST:
        return None
    plan, name = window.plan, f"duration[{service.slug}]"
    clock = _clock(plan, service.slug, int(visits.started[rows].min()), window.last + 1)
    began = clock(visits.started[rows])
    longer = np.ones(len(rows))
    lengthens = f"lengthens[{service.slug}]"
    if lengthens in plan.parameters:
        waited = np.maximum(visits.started[rows] - visits.begun[rows], 0)
        longer += plan.value(lengthens) * waited / YEAR
    longer *= _beside(happened, plan, rows)
    usual = plan.value(name)
    groups = []
    sent = visits.referrer[rows]
    for referrer in np.unique(sent).tolist():
        mine = sent == referrer
        shape = _shape(window, service, int(referrer), shapes, row_of)
        scale = shape.mean / usual * longer[mine]
        entered, left = (clock(days[mine]) - began[mine] for days in (since, until))
        groups.append(Group(shape, entered / scale, left / scale))
    mean, error = stretched(groups, events, usual)
    return Estimate(name, mean, error, events, "days")


def _beside(happened: Happened, plan: Plan, rows: Days) -> Numbers:
    """Give how much longer each stay is for what it came beside, as far as that is known."""
    factors = plan.family("longer")
    found = np.ones(len(rows))
    for at, n in enumerate(rows.tolist() if factors else []):
        own = services()[happened.visits.service[n]].slug
        for cause in happened.causes.get(n, []):
            other = services()[happened.visits.service[cause.visit]].slug
            if cause.kind == "second":
                found[at] += cause.share * (factors.get(f"{other}>{own}", 1.0) - 1.0)
    return found


def _shape(
    window: Window,
    service: Service,
    referrer: int,
    shapes: Sequence[Duration],
    row_of: Sequence[int],
) -> Duration:
    """Give the lengths of help by who sent; of whom nobody tells, those of both that it may be."""
    if referrer != NOBODY or not service.form:
        return shapes[row_of[referrer + 1]]
    slugs = [r.slug for r in referrers()]
    places = [slugs.index(slug) for slug in QUIET]
    shares = [window.value(f"referrer[{slug}]") for slug in QUIET]
    if service.slug == TEAM:
        return shapes[row_of[places[0] + 1]]
    shares[0] *= 1 - window.value("access.solved")
    return mixed([shapes[row_of[place + 1]] for place in places], shares)


def mixed(shapes: Sequence[Duration], shares: Sequence[float]) -> Duration:
    """Give the lengths of several sorts together.

    Examples
    --------
    >>> one, two = (Duration.from_function(np.linspace(0, d, STEPS + 1)) for d in (100, 300))
    >>> round(mixed([one, two], [1, 1]).mean, 1)
    100.0
    """
    days = np.unique(np.concatenate([shape.quantiles for shape in shapes]))
    weights = np.asarray(shares, float) / np.sum(shares)
    below = sum(w * shape.below(days) for w, shape in zip(weights, shapes, strict=True))
    rising = np.asarray(below) + np.arange(len(days)) * 1e-15
    return Duration(np.interp(np.linspace(0.0, 1.0, STEPS + 1), rising, days))


def _fine(row: Numbers) -> Numbers:
    """Give quantiles on the full grid."""
    grid = np.linspace(0.0, 1.0, len(row))
    fine = np.interp(np.linspace(0.0, 1.0, STEPS + 1), grid, np.asarray(row, float))
    return np.asarray(fine, np.float64)


def stretched(groups: Sequence[Group], number: int, guess: float) -> tuple[float, float]:
    """Find the mean of stretched shapes with which as many end as did, and its standard error.

    What each was at risk of ending (the cumulative hazard between being first and last seen) adds
    up to the number expected to end: a martingale (Aalen, "Nonparametric inference for a family
    of counting processes", 1978), so its error is the root of the number.

    Parameters
    ----------
    groups
        Stays by shape; of a shape only its proportions matter.
    number
        How many ended where they were last seen (the others go on).
    guess
        Where to look: between a fifth of it and five times.

    Examples
    --------
    >>> shape = Duration.from_bands([0, 50, 200], [1, 1])
    >>> drawn = shape.with_mean(100).at((np.arange(2000) + 0.5) / 2000)
    >>> mean, error = stretched([Group(shape, np.zeros(2000), drawn)], 2000, 80)
    >>> bool(abs(mean - 100) < error), error < 5
    (True, True)
    """
    grid = np.linspace(0.0, 1.0, STEPS + 1)
    hazard = -np.log(np.maximum(1 - grid, 0.5 / STEPS))
    units = [group.shape.at(grid) / group.shape.mean for group in groups]

    def expected(mean: float) -> float:
        total = 0.0
        for group, unit in zip(groups, units, strict=True):
            until, since = (
                np.interp(days / mean, unit, hazard) for days in (group.left, group.entered)
            )
            total += float((until - since).sum())
        return total

    low, high = guess / 5, guess * 5
    for _ in range(40):
        mean = float(np.sqrt(low * high))
        low, high = (mean, high) if expected(mean) > number else (low, mean)
    slope = (expected(mean * 1.05) - expected(mean / 1.05)) / (mean * (1.05 - 1 / 1.05))
    return mean, float(np.sqrt(number) / max(abs(slope), 1e-9))


def _clock(plan: Plan, slug: str, begin: int, end: int) -> Callable[[Days], Numbers]:
    """Give the clock of a service's stays: clock days passed at each day, by the plan's pace."""
    days = end - begin + 1
    name = f"pace[{slug}]"
    speed = np.ones(days)
    if name in plan.parameters:
        speed = plan[name].series(date.fromordinal(begin), days)
    passed = np.concatenate([[0.0], np.cumsum(speed)])
    on_days = np.arange(begin, begin + days + 1)
    return lambda on: np.asarray(np.interp(on, on_days, passed), np.float64)


def _renewed(visits: Visits, window: Window, service: Service, rows: Days) -> list[Estimate]:
    """Estimate the share of terms that is renewed, at the anniversaries that fall in the window.

    Not looked at is who ended that day for another reason: with a measure, or of age.
    """
    term = window.plan.value(f"term[{service.slug}]")
    if f"renew[{service.slug}]" not in window.plan.parameters:
        return []
    linked = window.plan.family("linked")
    measures = [k for k, one in enumerate(services()) if linked.get(f"{one.slug}>{service.slug}")]
    ended = np.isin(visits.service, measures) & visits.served
    with_measure = set(zip(visits.child[ended].tolist(), visits.ended[ended].tolist(), strict=True))
    renewed, of = 0, 0
    for n in rows.tolist():
        start, end = int(visits.started[n]), int(visits.ended[n])
        for number in range(1, 40):
            day = start + int(number * term + 0.5)
            if day > min(end, window.last):
                break
            other = visits.exit[n] in (TOO_OLD, LINKED) or (visits.child[n], day) in with_measure
            if day < window.first or (day == end and other):
                continue
            of += 1
            renewed += day < end
    one = share(f"renew[{service.slug}]", renewed, of)
    return [one] if min(renewed, of - renewed) >= LEAST else []
