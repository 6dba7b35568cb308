"""Fit a plan to the register of a region: estimates in closed form, each with a standard error.

What is estimated, from spells of waiting and of care within a window of days:

* requests a year from outside per form: children whose first wait begins in the window;
* the share that withdraws: the chance a day among those who wait (events over days at risk), times
  the plan's wait;
* the mean length of care: the stretch of the published shape with which as many end as did, given
  how long each had been there when first seen and that many are still there;
* shares: who sends, what begins as a crisis, what is complex, who moves on to another form.

The values are those of the country that would give this region: a plan keeps national numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stelsel import spells as spell
from stelsel.errors import StelselError
from stelsel.system import forms, priorities, referrers
from stelsel.twin.plans.plan import Parameter, Plan
from stelsel.twin.world.durations import STEPS, Duration
from stelsel.twin.world.people import places
from stelsel.twin.world.rules import duration_shape, shapes_by_referrer

Numbers = npt.NDArray[np.float64]
Days = npt.NDArray[np.int64]

STILL = np.iinfo(np.int64).max
TEAM = "local-team"
LEAST = 5
"""A number that rests on fewer children is not fitted: the plan's own stays."""
MOVED_ON, WITHDRAWN, TOO_OLD = "change-request", "withdrawn", "aged-out"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A fitted parameter: its value, standard error, and how many children it rests on."""

    name: str
    value: float
    error: float
    seen: int
    unit: str

    def parameter(self, source: str) -> Parameter:
        """Give it as a parameter of a plan."""
        return Parameter(self.name, self.value, self.unit, "derived", source)


class Table:
    """Spells as columns of numbers, cut to what began before the end of the window."""

    def __init__(self, table: pa.Table, region: str, first: date, last: date) -> None:
        table = table.filter(pc.equal(table["region"], region))
        self.first, self.last = first.toordinal(), last.toordinal()
        station = table["station"].combine_chunks().dictionary_encode()
        names = station.dictionary.to_pylist()
        slugs = [form.slug for form in forms()]
        kinds = {name: name.partition("-") for name in names}
        of = {
            n: (kinds[name][0], slugs.index(kinds[name][2]))
            for n, name in enumerate(names)
            if kinds[name][2] in slugs and kinds[name][0] + "-" in (spell.WAIT, spell.CARE)
        }
        code = np.asarray(station.indices)
        kept = np.isin(code, list(of))
        start = _days(table["start"])
        child = np.asarray(table["child"].combine_chunks().dictionary_encode().indices, np.int64)
        # A child with a measure or an investigation came to its help by that.
        access = np.array([name.startswith("access") for name in names], np.bool_)
        other = ~kept & ~access[code] if len(code) else ~kept
        self.elsewhere = np.full(int(child.max(initial=0)) + 1, STILL)
        np.minimum.at(self.elsewhere, child[other], start[other])
        kept &= start <= self.last
        self.start = start[kept]
        end = _days(table["end"])[kept]
        self.end = np.where(end > self.last, STILL, end)
        code = code[kept]
        self.care = np.isin(code, [n for n, (kind, _) in of.items() if kind == "care"])
        self.form = np.array([of[n][1] for n in code.tolist()], np.int64)
        self.child = child[kept]
        self.exit = _texts(table["exit"])[kept]
        self.referrer = _texts(table["referrer"])[kept]
        self.priority = _texts(table["priority"])[kept]

    @property
    def years(self) -> float:
        """Length of the window."""
        return (self.last - self.first + 1) / 365.25


def fit_region(
    table: pa.Table, region: str, first: date, last: date, plan: Plan
) -> tuple[Estimate, ...]:
    """Estimate the parameters of a region from its spells.

    Parameters
    ----------
    table
        Spells (:data:`stelsel.spells.SCHEMA`).
    region
        The youth region.
    first, last
        The window: what happened outside it is not used, but for how long care had run.
    plan
        The plan that the values are to replace: it gives the shapes and what is not estimated.

    Raises
    ------
    StelselError
        When the table holds nothing of the region in the window.
    """
    seen = Table(table, region, first, last)
    if not len(seen.start):
        raise StelselError(
            f"There are no spells of region {region} before {last}.",
            where="register",
            what_nl=f"Er zijn geen verblijven van regio {region} vóór {last}.",
        )
    weight = float(places(region).weight[0])
    new = _new(seen)
    return (
        *_requests(seen, new, weight),
        *_withdrawn(seen, plan),
        *_lengths(seen, plan),
        *_classes(seen, new),
        *_moves(seen),
    )


def _new(seen: Table) -> Days:
    """Rows of requests from outside: the first wait of each child, if in the window."""
    waits = np.flatnonzero(~seen.care)
    order = waits[np.lexsort((seen.start[waits], seen.child[waits]))]
    firsts = order[np.unique(seen.child[order], return_index=True)[1]]
    # A child with care before its first wait was known before.
    known = seen.elsewhere.copy()
    care = np.flatnonzero(seen.care)
    np.minimum.at(known, seen.child[care], seen.start[care])
    begun = seen.start[firsts]
    fresh = (known[seen.child[firsts]] >= begun) & (seen.elsewhere[seen.child[firsts]] > begun)
    return np.asarray(firsts[(begun >= seen.first) & fresh], np.int64)


def _requests(seen: Table, new: Days, weight: float) -> list[Estimate]:
    """Estimate requests from outside, who sends them, and what the local team solves."""
    slugs = [form.slug for form in forms()]
    team = slugs.index(TEAM)
    counts = np.bincount(seen.form[new], minlength=len(slugs)).astype(float)
    own = counts[team]
    senders = [r.slug for r in referrers()]
    codes = {r.code: n for n, r in enumerate(referrers())}
    elsewhere = new[seen.form[new] != team]
    sent = np.zeros(len(senders))
    for referrer in seen.referrer[elsewhere].tolist():
        if referrer in codes:
            sent[codes[referrer]] += 1
    town = senders.index("municipality")
    made = []
    asked = sent[town] + own
    if asked > 0:
        made.append(_share("access.solved", own, asked))
    total = sent.sum() + own
    for n, slug in enumerate(senders):
        count = sent[n] + (own if n == town else 0.0)
        made.append(_share(f"referrer[{slug}]", count, total))
    # What the team solves was asked of another form: of each in proportion.
    rest = counts.sum() - own
    for n, slug in enumerate(slugs):
        if n == team or rest <= 0:
            continue
        value = counts[n] * (1 + own / rest)
        share = counts[n] / rest
        variance = counts[n] * (1 + own / rest) ** 2 + share**2 * own * (1 + own / rest)
        made.append(
            Estimate(
                f"demand[{slug}]",
                value / seen.years / weight,
                float(np.sqrt(variance)) / seen.years / weight,
                int(counts[n]),
                "requests a year",
            )
        )
    return [one for one in made if one.seen >= LEAST]


def _withdrawn(seen: Table, plan: Plan) -> list[Estimate]:
    """Who withdraws: a chance a day among those who wait and are no crisis."""
    made = []
    crisis = priorities()[0].id
    for n, form in enumerate(forms()):
        rows = np.flatnonzero(~seen.care & (seen.form == n) & (seen.priority != crisis))
        low = np.maximum(seen.start[rows], seen.first)
        high = np.minimum(seen.end[rows], seen.last + 1)
        at_risk = float(np.maximum(high - low, 0).sum())
        inside = (seen.end[rows] >= seen.first) & (seen.end[rows] <= seen.last)
        events = int((inside & (seen.exit[rows] == WITHDRAWN)).sum())
        wait = plan.value(f"wait[{form.slug}]")
        if events < LEAST or at_risk <= 0:
            continue
        value = events / at_risk * wait / _bridged(plan, form.slug)
        error = value / np.sqrt(events)
        made.append(Estimate(f"withdrawn[{form.slug}]", value, float(error), events, "share"))
    return made


def _bridged(plan: Plan, slug: str) -> float:
    """Chance to leave the list against that of who has no bridging care."""
    known = plan.parameters
    if f"bridged[{slug}]" not in known or "bridging.effect" not in known:
        return 1.0
    return 1 - plan.value(f"bridged[{slug}]") * (1 - plan.value("bridging.effect"))


def _lengths(seen: Table, plan: Plan) -> list[Estimate]:
    """Estimate the mean length of care: the stretch of the shape."""
    made = []
    by_referrer = shapes_by_referrer(plan)
    told = {r.code: by_referrer[r.slug] for r in referrers() if r.slug in by_referrer}
    every = [r.code for r in referrers()]
    shapes = [(shape, times, [code]) for code, (shape, times) in told.items()]
    shapes.append((duration_shape(plan), 1.0, [*(c for c in every if c not in told), ""]))
    for n, form in enumerate(forms()):
        rows = np.flatnonzero(seen.care & (seen.form == n) & (seen.end > seen.first))
        if len(rows) < LEAST:
            continue
        clock = _clock(plan, form.slug, int(seen.start[rows].min()), seen.last + 1)
        began = clock(seen.start[rows])
        from_ = clock(np.maximum(seen.start[rows], seen.first)) - began
        # Who grew too old did not end by the length of its help: seen until then.
        ended = (seen.end[rows] <= seen.last) & (seen.exit[rows] != TOO_OLD)
        until = clock(np.minimum(seen.end[rows], seen.last + 1)) - began
        if ended.sum() < LEAST:
            continue
        longer = 1 + _lengthened(seen, plan, form.slug, rows)
        groups = []
        for shape, times, codes in shapes:
            mine = np.isin(seen.referrer[rows], codes)
            scale = times * longer[mine]
            groups.append(Group(shape, from_[mine] / scale, until[mine] / scale))
        mean, error = stretched(groups, int(ended.sum()), plan.value(f"duration[{form.slug}]"))
        made.append(Estimate(f"duration[{form.slug}]", mean, error, int(ended.sum()), "days"))
    return made


def _lengthened(seen: Table, plan: Plan, slug: str, rows: Days) -> Numbers:
    """How much longer help lasts by how long each waited before it."""
    name = f"lengthens[{slug}]"
    if name not in plan.parameters:
        return np.zeros(len(rows))
    waits = np.flatnonzero(~seen.care & (seen.form == seen.form[rows[0]]))
    keys = seen.child[waits] * 10_000_000 + np.minimum(seen.end[waits], 9_999_999)
    order = np.argsort(keys, kind="stable")
    wanted = seen.child[rows] * 10_000_000 + seen.start[rows]
    at = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    found = keys[order][at] == wanted
    waited = np.where(found, seen.start[rows] - seen.start[waits[order][at]], 0)
    return np.asarray(plan.value(name) * np.maximum(waited, 0) / 365.25, np.float64)


class Group(NamedTuple):
    """Stays of one shape of lengths: how long each had lasted when first and last seen."""

    shape: Duration
    entered: Numbers
    left: Numbers


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


def _clock(plan: Plan, slug: str, begin: int, end: int) -> Any:
    """Give the clock of a form's stays: clock days passed at each day, by the plan's pace."""
    days = end - begin + 1
    name = f"pace[{slug}]"
    if name in plan.parameters:
        speed = plan[name].series(date.fromordinal(begin), days)
    else:
        speed = np.ones(days)
    passed = np.concatenate([[0.0], np.cumsum(speed)])
    return lambda on: np.interp(on, np.arange(begin, begin + days + 1), passed)


def _classes(seen: Table, new: Days) -> list[Estimate]:
    """Crises among requests, and the complex among who is neither a crisis nor protected."""
    made = []
    crisis, protection, complex_, _ = (p.id for p in priorities())
    for n, form in enumerate(forms()):
        rows = new[seen.form[new] == n]
        known = seen.priority[rows]
        known = known[known != ""]
        made.append(_share(f"crisis[{form.slug}]", (known == crisis).sum(), len(known)))
        rest = known[(known != crisis) & (known != protection)]
        made.append(_share(f"complex[{form.slug}]", (rest == complex_).sum(), len(rest)))
    return [one for one in made if one.seen >= LEAST]


def _moves(seen: Table) -> list[Estimate]:
    """Who moves on to another form on the day that care ends."""
    made = []
    inside = seen.care & (seen.end >= seen.first) & (seen.end <= seen.last)
    inside &= seen.exit != TOO_OLD
    waits = np.flatnonzero(~seen.care)
    keys = seen.child[waits] * 10_000_000 + seen.start[waits]
    order = np.argsort(keys, kind="stable")
    keys, waits = keys[order], waits[order]
    slugs = [form.slug for form in forms()]
    for n, slug in enumerate(slugs):
        ended = np.flatnonzero(inside & (seen.form == n))
        moved = ended[seen.exit[ended] == MOVED_ON]
        target = seen.child[moved] * 10_000_000 + seen.end[moved]
        at = np.searchsorted(keys, target)
        found = at < len(keys)
        found[found] &= keys[at[found]] == target[found]
        to = seen.form[waits[at[found]]]
        for m, other in enumerate(slugs):
            count = int((to == m).sum())
            if m != n:
                made.append(_share(f"transfer[{slug}>{other}]", count, len(ended)))
    return [one for one in made if one.seen >= LEAST]


def _share(name: str, count: float, of: float) -> Estimate:
    """Estimate a share, with the error of a binomial draw."""
    share = float(count) / max(float(of), 1.0)
    error = float(np.sqrt(max(share * (1 - share), 0.25 / max(of, 1.0)) / max(of, 1.0)))
    return Estimate(name, share, error, int(count), "share")


def within(
    estimates: Sequence[Estimate], plan: Plan, first: date, last: date, errors: float = 2.0
) -> list[bool]:
    """Say of each estimate whether the plan's mean value lies within so many standard errors."""
    days = (last - first).days + 1

    def true(name: str) -> float:
        return float(plan[name].series(first, days).mean()) if name in plan.parameters else 0.0

    return [abs(one.value - true(one.name)) <= errors * one.error for one in estimates]


def _days(column: pa.ChunkedArray) -> Days:
    """Days as ordinals; one that is missing lies far ahead."""
    numbers = column.combine_chunks().cast(pa.int32())
    shifted = np.asarray(pc.fill_null(numbers.cast(pa.int64()), -1))
    epoch = date(1970, 1, 1).toordinal()
    return np.where(np.asarray(pc.is_null(numbers)), STILL, shifted + epoch)


def _texts(column: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    return np.asarray(pc.fill_null(column, "").to_pylist(), dtype=object)
