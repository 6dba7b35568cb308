"""How long help lasts, by form and by who sent the child.

Published are the means of the forms (who runs over who starts) and, by who sent the child, how
long what ended had lasted, in bands; not both at once. The lengths by form and sender are those
nearest to even within the bands with which both come out: the density in a band times a power of
the length, one power per form (iterative proportional fitting; Deming and Stephan, 1940).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stelsel.system import forms, referrers
from stelsel.twin.country.balance import BANDS
from stelsel.twin.country.baseline import TEAM, band_edges
from stelsel.twin.country.shapes import own_shape, shape_of
from stelsel.twin.layout import DRAWN, Floats, Ints
from stelsel.twin.plans.once import once
from stelsel.twin.plans.plan import Plan
from stelsel.twin.services import services
from stelsel.twin.world.durations import STEPS, Duration
from stelsel.twin.world.rules import NOBODY, law_of
from stelsel.twin.world.senders import TOWN, asked, sent

SLOWEST = 0.05
BANDS_OF = date(2021, 7, 1)
"""The middle of the year whose bands are published: who sends whom is taken as it was then."""
FINE = 16
"""Parts of a closed band."""
OPEN_PARTS = 48
"""Parts of the open band, each longer than the one before."""
SOON = 30.0
"""Days added to a length of which a power is taken: short ones differ less than in proportion."""
STEEPEST = 8.0
ROUNDS = 400


@once
def laws(plan: Plan) -> dict[str, tuple[Duration, ...]]:
    """Give the lengths of stay of each form of care, by who sent the child.

    Help by the team is freely accessible: CBS counts it under "no referrer", whoever sent.

    Examples
    --------
    >>> from stelsel.twin.country.baseline import baseline
    >>> plan = baseline()
    >>> found = laws(plan)["ambulatory"]
    >>> [one.slug for one in referrers()][int(np.argmax([law.mean for law in found]))]
    'certified-institution'
    """
    all_weights = _weights(plan)
    plan = plan.before_changes()
    stays = plan.family("duration")
    # To boarding nobody is sent: it has one length, whatever is sent to the others.
    every = [
        s
        for s in services()
        if s.part == "care" and not own_shape(s.slug) and stays.get(s.slug, 0.0) > 0
    ]
    if not every:
        return {}
    slugs = [one.slug for one in referrers()]
    bands = plan.family("duration.band")
    wanted = np.array(
        [[bands.get(f"{who},{band}", bands[band]) for band in BANDS] for who in slugs]
    )
    weight = np.array([all_weights[service.slug] for service in every])
    edges = band_edges(plan.value("duration.most"))
    excess = (plan.value("duration.longest") - edges[-2]) / 2
    longer = plan.family("longest.sent")
    parts = _parts(tuple(edges), tuple(excess * longer.get(who, 1.0) for who in slugs))
    clocks = np.array([_clock(plan, service.slug, parts.edges) for service in every])
    since = np.array([_since(plan, service.slug, parts.middle) for service in every])
    means = np.array([[stays[service.slug]] for service in every])
    tables = (_rows(wanted), _rows(weight), _rows(means), _rows(clocks), _rows(since))
    found = _laws(tables, parts)
    return {service.slug: of for service, of in zip(every, found, strict=True)}


def _rows(table: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, table.tolist()))


def _clock(plan: Plan, slug: str, days: Floats) -> Floats:
    """Clock days of stays that end in the middle of the year of the bands, after so many days."""
    name = f"pace[{slug}]"
    if name not in plan.parameters:
        return days
    back = int(np.ceil(days[-1]))
    pace = np.maximum(plan[name].series(BANDS_OF - timedelta(back), back)[::-1], SLOWEST)
    passed = np.concatenate([[0.0], np.cumsum(pace)])
    return np.asarray(np.interp(days, np.arange(back + 1), passed))


def _since(plan: Plan, slug: str, days: Floats) -> Floats:
    """How many asked so many days before the middle of the year of the bands, against then."""
    back = int(np.ceil(days[-1])) + 1
    first = BANDS_OF - timedelta(back)

    def series(name: str) -> Floats:
        known = name in plan.parameters
        return plan[name].series(first, back + 1)[::-1] if known else np.ones(back + 1)

    flow = series(f"demand[{slug}]")
    if slug == TEAM:  # it does what it solves of what is asked of other forms
        asked_for = [name for name in plan.family("demand") if name in {f.slug for f in forms()}]
        whole = np.sum([series(f"demand[{name}]") for name in asked_for], axis=0)
        flow = whole * series(f"referrer[{TOWN}]") * series("access.solved")
    return np.asarray(np.interp(days, np.arange(back + 1), flow / max(float(flow[0]), 1e-9)))


@once
def _weights(plan: Plan) -> dict[str, list[float]]:
    """Give who is sent to each service, by who sends, if no scenario changes anything."""
    plan = plan.before_changes()
    slugs = [one.slug for one in referrers()]
    weights = {}
    for service, found in zip(services(), sent(plan, BANDS_OF)[:, :-1], strict=True):
        came = found
        if came.sum() <= 0:
            came = 1e-6 * asked(plan, BANDS_OF)
        if service.slug == TEAM:
            came = np.where(np.array(slugs) == NOBODY, came.sum(), 0.0)
        weights[service.slug] = [float(one) for one in came]
    return weights


class Parts(NamedTuple):
    """Bands cut into parts: their edges in days [P + 1], and of each part its band and share.

    Shares are by sender [J, P], or alike for all [P].
    """

    edges: Floats
    of_band: Ints
    share: Floats

    @property
    def middle(self) -> Floats:
        """Middle of each part in days."""
        return np.asarray((self.edges[1:] + self.edges[:-1]) / 2)


@cache
def _parts(edges: tuple[float, ...], excess: tuple[float, ...]) -> Parts:
    """Cut the bands into parts: their edges, the band of each, and their share of an even band.

    In the open band fewer and fewer are left: each part has what an exponential has, whose mean
    lies ``excess`` days beyond its lower edge, by sender.
    """
    low = np.concatenate([np.linspace(a, b, FINE, endpoint=False) for a, b in pairwise(edges[:-1])])
    last = edges[-2] + (edges[-1] - edges[-2]) * np.linspace(0, 1, OPEN_PARTS + 1) ** 2
    of_band = np.concatenate(
        [np.repeat(np.arange(len(edges) - 2), FINE), np.full(OPEN_PARTS, len(edges) - 2)]
    )
    share = np.full((len(excess), len(of_band)), 1.0 / FINE)
    share[:, -OPEN_PARTS:] = -np.diff(np.exp(-(last - last[0]) / np.array(excess)[:, None]), axis=1)
    return Parts(np.concatenate([low, last]), of_band.astype(np.int32), share)


Table = tuple[tuple[float, ...], ...]


def _laws(tables: tuple[Table, ...], parts: Parts) -> tuple[tuple[Duration, ...], ...]:
    """Fit the lengths of every form and sender, once for the same numbers."""
    if tables not in _KNOWN:
        if len(_KNOWN) >= KEPT:
            _KNOWN.clear()
        wanted, weight, means, clocks, since = (np.array(table) for table in tables)
        _KNOWN[tables] = _fitted_laws(wanted, weight, means, clocks, since, parts)
    return _KNOWN[tables]


KEPT = 32
_KNOWN: dict[tuple[Table, ...], tuple[tuple[Duration, ...], ...]] = {}


def _fitted_laws(
    wanted: Floats, weight: Floats, means: Floats, clocks: Floats, since: Floats, parts: Parts
) -> tuple[tuple[Duration, ...], ...]:
    middle = (clocks[:, 1:] + clocks[:, :-1]) / 2
    chance = fitted(wanted, weight, means[:, 0], parts, middle, since)
    made = []
    for n, mean in enumerate(means[:, 0]):
        own = [Duration.from_bands(clocks[n].tolist(), row.tolist()) for row in chance[n]]
        shares = weight[n] / weight[n].sum()
        # What the rounds and the grid of quantiles leave is taken by a stretch.
        off = mean / sum(s * one.mean for s, one in zip(shares, own, strict=True))
        made.append(tuple(Duration(one.quantiles * off) for one in own))
    return tuple(made)


def fitted(
    wanted: Floats, weight: Floats, means: Floats, parts: Parts, clock: Floats, since: Floats
) -> Floats:
    """Find lengths with which the bands of every sender and the mean of every form come out.

    Parameters
    ----------
    wanted
        How many ended by sender and band [J, B].
    weight
        How many come by form and sender [F, J].
    means
        Mean length by form in clock days [F].
    parts
        The bands, cut finer.
    clock
        Clock days of the middle of each part, by form [F, P].
    since
        How many began so long ago, against now, by form [F, P].

    Returns
    -------
    numpy.ndarray
        Chance of each part by form and sender [F, J, P].

    Examples
    --------
    >>> parts = Parts(np.array([0.0, 50.0, 200.0]), np.array([0, 1]), np.ones(2))
    >>> both = fitted(np.array([[30.0, 10.0]]), np.array([[1.0], [1.0]]), np.array([30.0, 70.0]),
    ...               parts, np.array([[25.0, 125.0]] * 2), np.ones((2, 2)))
    >>> both[:, 0].round(2).tolist()
    [[0.95, 0.05], [0.55, 0.45]]
    """
    wanted = np.maximum(wanted, 1e-9)
    wanted = wanted / wanted.sum(axis=1, keepdims=True)
    weight = np.maximum(weight, 1e-9 * (weight.sum() or 1.0))  # nobody may come at all
    form = weight / weight.sum(axis=1, keepdims=True)
    grows = np.log(parts.middle + SOON)
    member = np.zeros((len(parts.of_band), wanted.shape[1]))
    member[np.arange(len(parts.of_band)), parts.of_band] = 1.0
    power, density = np.zeros(len(means)), wanted.copy()
    for _ in range(ROUNDS):
        raw = np.exp(power[:, None] * (grows - grows.mean()))[:, None, :]
        raw = raw * (density[:, parts.of_band] * parts.share)[None]
        chance = raw / raw.sum(axis=2, keepdims=True)
        mean = np.einsum("fjp,fp->fj", chance, clock)
        both = np.einsum("fjp,fp->fj", chance, clock * grows)
        short = means - (form * mean).sum(axis=1)
        step = short / np.maximum((form * (both - mean * (chance @ grows))).sum(axis=1), 1e-9)
        power = np.clip(power + np.clip(step, -0.5, 0.5), -STEEPEST, STEEPEST)
        # Who ended after a long stay began when fewer or more did than now.
        got = np.einsum("fj,fjb->jb", weight, (chance * since[:, None, :]) @ member)
        got /= got.sum(axis=1, keepdims=True)
        density *= wanted / np.maximum(got, 1e-12)
        density /= density.sum(axis=1, keepdims=True)
        if np.abs(short / means).max() < 1e-5 and np.abs(got - wanted).max() < 1e-6:
            break
    return np.asarray(chance)


def duration_of(plan: Plan, slug: str) -> Duration:
    """Distribution of the length of a stay in a service, whoever sent the child.

    Examples
    --------
    >>> from stelsel.twin.country.baseline import baseline
    >>> plan = baseline()
    >>> mean = plan.value("duration[ambulatory]")
    >>> bool(abs(duration_of(plan, "ambulatory").mean / mean - 1) < 1e-3)
    True
    """
    mean = plan.value("access.delay") if slug == "triage" else plan.value(f"duration[{slug}]")
    if mean <= 0:
        return Duration(np.zeros(STEPS + 1))
    found = laws(plan)
    if slug not in found:
        return shape_of(slug).with_mean(mean)
    return mixed(found[slug], _weights(plan)[slug])


def mixed(laws_of: Sequence[Duration], weights: Sequence[float]) -> Duration:
    """Give the lengths of several laws together, each with its weight."""
    days = np.unique(np.concatenate([one.quantiles for one in laws_of]))
    below = sum(w * one.below(days) for one, w in zip(laws_of, weights, strict=True)) / sum(weights)
    grid = np.linspace(0.0, 1.0, STEPS + 1)
    return Duration(np.interp(grid, below + np.arange(len(days)) * 1e-15, days))


def lengths(plan: Plan) -> tuple[npt.NDArray[np.float32], Ints]:
    """Quantiles of the lengths of stay [L, Q + 1], and their row by service and referrer."""
    slugs = [referrer.slug for referrer in referrers()]
    rows: list[Floats] = []
    row_of = np.zeros((len(services()), len(slugs) + 1), np.int32)
    own = laws(plan)
    for k, service in enumerate(services()):
        row_of[k] = len(rows)
        if law_of(plan, service) != DRAWN or (
            service.slug == "triage" and "access.delay" not in plan.parameters
        ):
            rows.append(np.zeros(STEPS + 1))
            continue
        rows.append(duration_of(plan, service.slug).quantiles)
        for n in range(len(slugs)):
            if service.slug in own:
                row_of[k, n + 1] = len(rows)
                whose = slugs.index(NOBODY) if service.slug == TEAM else n
                rows.append(own[service.slug][whose].quantiles)
    return np.array(rows, np.float32), row_of
