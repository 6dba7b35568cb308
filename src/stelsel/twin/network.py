"""From a plan to the arrays that the kernel reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt

from stelsel.errors import StelselError
from stelsel.system import forms, priorities, referrers
from stelsel.tables import packaged, read_table
from stelsel.twin.baseline import FIRST_DAY, TEAM, band_edges
from stelsel.twin.durations import Duration
from stelsel.twin.layout import Network
from stelsel.twin.people import Places
from stelsel.twin.plan import Plan

Numbers = npt.NDArray[np.float64]

MUNICIPALITY = "municipality"
PROTECTING = ("certified-institution", "court")
"""Referrers whose requests come from a protection measure."""
POOLED = "supraregional"
"""Forms of this scale have one list for all regions of a run: too few places for one each."""
MOST_A_DAY = 500.0
"""A stream above this would need another way to draw its number of arrivals."""


def duration_of(plan: Plan, slug: str) -> Duration:
    """Distribution of the length of care of a form: published shape, the form's own mean.

    Examples
    --------
    >>> from stelsel.twin.baseline import baseline
    >>> plan = baseline()
    >>> bool(abs(duration_of(plan, "ambulatory").mean - plan.value("duration[ambulatory]")) < 1e-6)
    True
    """
    bands = plan.family("duration.band")
    shape = Duration.from_bands(band_edges(plan.value("duration.longest")), list(bands.values()))
    return shape.with_mean(plan.value(f"duration[{slug}]"), plan.value("duration.most"))


@cache
def half_years(first: date, days: int) -> npt.NDArray[np.bool_]:
    """Which of the days fall in January to June."""
    return np.array([(first + timedelta(n)).month <= 6 for n in range(days)])


def rhythm(first: date, days: int, middle: float) -> Numbers:
    """Factor per day: 1 on 1 January, ``middle`` on 30 June, 1 on 31 December, straight between.

    Examples
    --------
    >>> [round(float(f), 2) for f in rhythm(date(2021, 1, 1), 365, 1.1)[[0, 180, 364]]]
    [1.0, 1.1, 1.0]
    """
    factor: Numbers = 1 + (middle - 1) * _towards_summer(first, days)
    return factor


@cache
def _towards_summer(first: date, days: int) -> Numbers:
    """How near each day is to 30 June: 1 on that day, 0 on 1 January and 31 December."""
    shares = np.empty(days)
    for n in range(days):
        day = first + timedelta(n)
        turn = date(day.year, 6, 30)
        if day <= turn:
            shares[n] = (day - date(day.year, 1, 1)) / (turn - date(day.year, 1, 1))
        else:
            shares[n] = (date(day.year, 12, 31) - day) / (date(day.year, 12, 31) - turn)
    return shares


def clocks(plan: Plan, first: date, days: int) -> Numbers:
    """Clock days passed at the start of each day, per form [F, D + 1].

    Fewer episodes end in January to June than in July to December. The clock of a form runs
    slower in the first half and faster in the second, so that its mean over a year is one and
    lengths of care keep their mean.
    """
    early = half_years(first, days)
    passed = np.zeros((len(forms()), days + 1))
    for index, form in enumerate(forms()):
        speed = plan.value(f"duration.first_half[{form.slug}]")
        passed[index, 1:] = np.cumsum(np.where(early, speed, 2 - speed))
    return passed


def capacity(plan: Plan, where: Places, first: date, days: int) -> Numbers:
    """Places per region, form and day before rounding [R, F, D].

    A region has the share of the national places that its demand is of the national demand.
    """
    national = np.array(
        [
            plan[f"capacity[{f.slug}]"].series(first, days)
            * rhythm(first, days, plan.value(f"capacity.middle[{f.slug}]"))
            for f in forms()
        ]
    )
    shared: Numbers = where.weight[:, None, None] * national[None, :, :]
    return shared


@cache
def provider_shares() -> Numbers:
    """Shares of the providers of each form [F, P], the largest first; each has its own list.

    Examples
    --------
    >>> provider_shares()[1]
    array([0.4, 0.3, 0.2, 0.1])
    """
    rows = read_table(
        packaged("stelsel.twin", "lists.csv"),
        ("form", "provider", "share"),
        key=("form", "provider"),
    )
    places = {form.slug: n for n, form in enumerate(forms())}
    shares = np.zeros((len(places), max(int(row["provider"]) for row in rows)))
    for row in rows:
        shares[places[row["form"]], int(row["provider"]) - 1] = float(row["share"])
    if not np.allclose(shares.sum(axis=1), 1):
        raise StelselError(
            "The shares of the providers of a form do not add up to one.",
            where="lists.csv",
            what_nl="De aandelen van de aanbieders van een hulpvorm tellen niet op tot één.",
        )
    return shares


def stations(where: Places) -> npt.NDArray[np.int32]:
    """Station of each region, form and provider [R, F, P]; pooled forms share one."""
    shares = provider_shares()
    own = np.zeros((len(where.regions), *shares.shape), np.int32)
    number = 0
    for region in range(len(where.regions)):
        for index, form in enumerate(forms()):
            if form.scale == POOLED and region > 0:
                own[region, index] = own[0, index]
                continue
            for provider in np.flatnonzero(shares[index] > 0):
                own[region, index, provider] = number
                number += 1
    return own


def whole_places(places: Numbers, station_of: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Whole places per day and station [D, S]; fractions are spread so that the sum is kept.

    A provider has its share of the places of its form and region. Each station rounds at a
    threshold of its own, evenly spread (golden-section steps), so that the total is right to a
    place or so and a path does not jump up and down.
    """
    n_regions, n_forms, days = places.shape
    shares = provider_shares()
    summed = np.zeros((days, int(station_of.max()) + 1))
    for r in range(n_regions):
        for f in range(n_forms):
            for p in np.flatnonzero(shares[f] > 0):
                summed[:, station_of[r, f, p]] += shares[f, p] * places[r, f]
    threshold = np.arange(summed.shape[1]) * 0.6180339887 % 1.0
    whole: npt.NDArray[np.int32] = np.floor(summed + threshold[None, :]).astype(np.int32)
    return whole


def network(plan: Plan, where: Places, first: date, days: int) -> Network:
    """Compile a plan for the regions and days of a run.

    Raises
    ------
    StelselError
        When a number cannot be run, such as a share above one or too many requests a day.
    """
    slugs = [form.slug for form in forms()]
    sends = [referrer.slug for referrer in referrers()]
    ranks = len(priorities())
    epoch, firsts = _epochs(plan, first, days)

    def each(name: Callable[[str], str], keys: list[str]) -> Numbers:
        """Values per epoch and key; a parameter the plan does not have counts as none."""
        return np.array(
            [
                [
                    plan[name(key)].series(day, 1)[0] if name(key) in plan.parameters else 0.0
                    for key in keys
                ]
                for day in firsts
            ]
        )

    withdrawn = each(lambda s: f"withdrawn[{s}]", slugs)
    wait = np.maximum(each(lambda s: f"wait[{s}]", slugs), 1.0)
    duration = each(lambda s: f"duration[{s}]", slugs)
    base = np.array([plan.value(f"duration[{s}]") for s in slugs])
    moves = np.stack([each(f"transfer[{f}>{{}}]".format, slugs) for f in slugs], axis=1)
    if moves.sum(axis=2).max() > 1:
        raise StelselError(
            "More than all move on from one form to others.",
            where="transfer",
            what_nl="Er gaan er meer dan alle door van een hulpvorm naar andere.",
        )
    station_of = stations(where)
    growth = grown(plan, first, days)
    early = half_years(first, days)
    rate = np.zeros((len(slugs), days))
    for index, slug in enumerate(slugs):
        if f"demand[{slug}]" in plan.parameters:
            half = plan.value(f"demand.first_half[{slug}]")
            season = np.where(early, half * 365.25 / 181, (1 - half) * 365.25 / 184)
            yearly = plan[f"demand[{slug}]"].series(first, days)
            rate[index] = yearly / 365.25 * season * growth
    n_regions = len(where.regions)
    if rate.max() * where.weight.max() > MOST_A_DAY:
        raise StelselError(
            f"More than {MOST_A_DAY:g} requests a day for one form in one region.",
            where="demand",
            what_nl=f"Meer dan {MOST_A_DAY:g} hulpvragen per dag voor één hulpvorm in één regio.",
        )
    # Shares: where a scenario makes one referrer send more, the others have less of the whole.
    sent = each(lambda s: f"referrer[{s}]", sends)
    sent /= np.maximum(sent.sum(axis=1, keepdims=True), 1e-9)
    return Network(
        station_of=station_of,
        provider_reached=np.minimum(np.cumsum(provider_shares(), axis=1) + 1e-12, 1.0),
        capacity=whole_places(capacity(plan, where, first, days), station_of),
        stream_region=np.repeat(np.arange(n_regions, dtype=np.int32), len(slugs)),
        stream_form=np.tile(np.arange(len(slugs), dtype=np.int32), n_regions),
        stream_class=np.full(n_regions * len(slugs), -1, np.int32),
        stream_rate=np.repeat(where.weight, len(slugs)),
        daily_rate=rate,
        epoch=epoch,
        referrer_reached=np.cumsum(sent, axis=1),
        protected=np.array([slug in PROTECTING for slug in sends], np.int32),
        municipality=sends.index(MUNICIPALITY),
        team=slugs.index(TEAM),
        solved=each(lambda s: s, ["access.solved"])[:, 0],
        crisis=each(lambda s: f"crisis[{s}]", slugs),
        complex=each(lambda s: f"complex[{s}]", slugs),
        hazard=withdrawn / wait,
        gives_up=np.array([0.0] + [1.0] * (ranks - 1)),
        quantiles=np.array([duration_of(plan, slug).quantiles for slug in slugs]),
        stretch=duration / base,
        clock=clocks(plan, first, days),
        moves_reached=np.cumsum(moves, axis=2),
    )


def grown(plan: Plan, first: date, days: int) -> Numbers:
    """Work out how far demand has grown by each day of a run.

    It grows from ``FIRST_DAY``, where the year begins whose requests were counted, and is
    compounded day by day: a change of pace adds nothing to the days before it.

    Examples
    --------
    >>> from stelsel.twin.baseline import baseline
    >>> plan = baseline({"growth": 1.02})
    >>> grown(plan, date(2023, 1, 1), 1).round(4)
    array([1.0404])
    """
    ahead = (first - FIRST_DAY).days
    daily = plan["growth"].series(min(first, FIRST_DAY), max(ahead, -ahead) + days) ** (1 / 365.25)
    passed = np.concatenate([[1.0], np.cumprod(daily)])[:-1]
    if ahead >= 0:
        return np.asarray(passed[ahead:], dtype=np.float64)
    return np.asarray(passed[:days] / passed[-ahead], dtype=np.float64)


def _epochs(plan: Plan, first: date, days: int) -> tuple[npt.NDArray[np.int32], list[date]]:
    """Cut the run where a scenario steps in: the epoch of each day and the first day of each."""
    last = first + timedelta(days - 1)
    cuts = sorted({s.since for p in plan for s in p.steps if first < s.since <= last} | {first})
    ordinals = np.array([cut.toordinal() for cut in cuts])
    on = np.arange(first.toordinal(), first.toordinal() + days)
    epoch = np.searchsorted(ordinals, on, side="right") - 1
    return epoch.astype(np.int32), cuts
