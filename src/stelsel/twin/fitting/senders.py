"""Fit who sends children, how long their help lasts and how many come back, by who sent them.

All of 2021, of which CBS publishes it for every referrer; the municipality's starts of 2020 too.
Help by the local team is freely accessible: CBS counts it under "no referrer".
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stelsel.system import referrers
from stelsel.twin.country.balance import BANDS
from stelsel.twin.country.baseline import BROKEN, TEAM
from stelsel.twin.country.ledger import FIRST_YEAR, structure
from stelsel.twin.fitting.levers import EASED, MOST, Levers, bounded, of_years, settled
from stelsel.twin.layout import OPEN
from stelsel.twin.plans.plan import Plan
from stelsel.twin.runs.run import Run
from stelsel.twin.services import number
from stelsel.twin.world.rules import NOBODY
from stelsel.twin.world.senders import INSTITUTION, TOWN

Numbers = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BY_MEASURE = ("ambulatory", "day-help", "network-help")
"""Forms in which others than the institution may send who comes by a measure."""
OF_STARTS = 0.6
"""What the municipality's starts of 2020 count for, against its ends of 2021."""
TO_STAY = ("foster-care", "family-home", "residential")
"""Forms to live in: who has a measure by then often lived there before it, sent by another."""
LEAST_SENT = 0.05
FEW_ENDED = 25.0
"""A band with so many ends is half chance in the first round, and in each round one more of them:
the rounds differ in their chance, and small bands follow their mean."""
WIDE = 10.0
"""Bands may change so much: only their proportions matter, and some are small."""
REQUESTS = 2.0
"""Few of whom the institution sends come by a request: that share changes by such a power."""
OF_LONGEST = 2.0
"""The longest stays are a part of what runs: how long they last changes by such a power."""
LONGER = 3.0
"""The longest stays last at most so much longer than of others, or less long."""
RETURNS = 2.5
"""Who is sent by one comes back at most so much oftener than others, or less often."""
LOOK_BACK = 5 * 365
"""Days after which who comes back is no repeat (CBS: five years)."""


class Seen(NamedTuple):
    """Help of a run: who began it and who ended it, a row per visit."""

    service: Ints
    sent: Ints
    started: Ints
    ended: Ints
    again: npt.NDArray[np.bool_]


def fit_senders(plan: Plan, levers: Levers, one: Run, turn: int) -> None:
    """Correct who sends, how long help lasts and who comes back, after the run of a round.

    Parameters
    ----------
    plan
        The baseline in closed form.
    levers
        Which are corrected, in place.
    one
        The country over the years of the fit.
    turn
        Number of the round, from 0.
    """
    seen = help_of(one)
    _starts(plan, levers, seen, one.first, one.days // 365)
    _bands(plan, levers, seen, one.first, turn)
    _returns(levers, seen, one.first)
    _running(plan, levers, seen, one.first)


def help_of(one: Run) -> Seen:
    """Give the visits of care that began, by person, and whether each is a repeat.

    It is when all earlier help had ended before, the last within five years (as CBS says it).
    """
    v = one.visits
    kept = np.flatnonzero((v["service"] < number("triage")) & (v["started"] != OPEN))
    order = kept[np.lexsort((v["started"][kept], v["person"][kept]))]
    person, started, ended = (
        v[name][order].astype(np.int64) for name in ("person", "started", "ended")
    )
    fresh = np.diff(person, prepend=-1) != 0
    begins = fresh | (np.diff(started, prepend=-1) != 0)
    rank = np.cumsum(fresh) - 1
    wide = int(OPEN) + 1
    last = np.maximum.accumulate(rank * 2 * wide + ended) - rank * 2 * wide
    at = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0)) - 1
    earlier = (at >= 0) & (person[at] == person)
    again = earlier & (last[at] < started) & (last[at] >= started - LOOK_BACK)
    service = v["service"][order].astype(np.int64)
    none = [one.slug for one in referrers()].index(NOBODY)
    sent = np.where(service == number(TEAM), none, v["referrer"][order])
    return Seen(service, sent, started, ended, again)


def _within(days: Ints, first: date, year: int) -> npt.NDArray[np.bool_]:
    low, high = ((date(year + n, 1, 1) - first).days for n in (0, 1))
    return np.asarray((days >= low) & (days < high))


def _published(indicator: str, year: int = BROKEN) -> Numbers:
    """Give a published count of each referrer."""
    days = date(year, 1, 1), date(year, 12, 31)
    return np.array([structure()[indicator, one.figures_name, *days] for one in referrers()])


def _by_sender(seen: Seen, chosen: npt.NDArray[np.bool_]) -> Numbers:
    sent = seen.sent[chosen]
    return np.bincount(sent[sent >= 0], minlength=len(referrers())).astype(float)


def _starts(plan: Plan, levers: Levers, seen: Seen, first: date, years: int) -> None:
    """Correct who sends: from 2021 on by whose help began, before it by whose help ended in 2021.

    The municipality has figures of 2020 as well.
    """
    slugs = [one.slug for one in referrers()]
    own, town = slugs.index(INSTITUTION), slugs.index(TOWN)
    now = _within(seen.started, first, BROKEN)
    begun = _ratio(seen, now, _published("jeugdhulp_trajecten_started_by_referrer"))
    over = _within(seen.ended, first, BROKEN)
    bands = [[plan.value(f"duration.band[{slug},{band}]") for band in BANDS] for slug in slugs]
    ended = _ratio(seen, over, np.sum(bands, axis=1))
    # Who started in 2020 and who ended in 2021 are of two counts of providers, which do not agree.
    ended[town] = ended[town] ** (1 - OF_STARTS) * _town(seen, first) ** OF_STARTS
    year = FIRST_YEAR + np.arange(years)
    by = np.where(year[:, None] >= BROKEN, begun, ended)
    by[:, own] = _measures(plan, levers, by[:, own])
    total = np.zeros(years)
    sure = settled(_by_sender(seen, seen.sent >= 0), levers.turn)
    for n, slug in enumerate(slugs):
        name = f"referrer[{slug}]"
        change = np.clip(by[:, n], 0.5, 2.0) ** (EASED * sure[n])
        levers.factors[name] = np.clip(levers.of(name, years) * change, LEAST_SENT, MOST)
        total += levers.factors[name] * of_years(plan, name, years)
    for slug in slugs:  # shares of a whole
        levers.factors[f"referrer[{slug}]"] = levers.factors[f"referrer[{slug}]"] / total


def _town(seen: Seen, first: date) -> float:
    """Give what the municipality's share before 2021 is to be multiplied by: by starts of 2020."""
    indicator = "jeugdhulp_trajecten_started_by_referrer"
    days = date(BROKEN - 1, 1, 1), date(BROKEN - 1, 12, 31)
    town = [one.slug for one in referrers()].index(TOWN)
    asked, whole = (
        structure()[indicator, name, *days]
        for name in (referrers()[town].figures_name, "Totaal verwijzer")
    )
    begun = _by_sender(seen, _within(seen.started, first, BROKEN - 1))
    return float(asked / whole * begun.sum() / max(begun[town], 1.0))


def _town_bands(year: int) -> Numbers:
    """Give what ended in a year of what the municipality sent, by duration band."""
    town = referrers()[[one.slug for one in referrers()].index(TOWN)]
    days = date(year, 1, 1), date(year, 12, 31)
    of = "jeugdhulp_trajecten_ended_by_referrer_and_duration"
    return np.array([structure()[of, f"{town.figures_name} / {band}", *days] for band in BANDS])


def _ratio(seen: Seen, chosen: npt.NDArray[np.bool_], wanted: Numbers) -> Numbers:
    """Give by sender what is published against what was seen, both as parts of a whole."""
    got = _by_sender(seen, chosen)
    wanted = wanted * got.sum() / wanted.sum()
    # What the local team does is no matter of who sends.
    none = [one.slug for one in referrers()].index(NOBODY)
    freely = float((chosen & (seen.service == number(TEAM))).sum())
    for counts in (wanted, got):
        counts[none] = max(counts[none] - freely, 0.05 * counts[none])
    return np.asarray(wanted / np.maximum(got, 1.0))


def _measures(plan: Plan, levers: Levers, ratio: Numbers) -> Numbers:
    """Correct the institution's share of who comes by a measure; give what is left to requests.

    Requests of the institution without a measure grow only where it sends all who come by one.
    """
    # Whom it sends, it sends again: a larger share brings more than in proportion.
    change = np.clip(ratio, 0.6, 1.6) ** (0.75 * EASED)
    full = np.ones(len(ratio), np.bool_)
    for slug in BY_MEASURE:
        name = f"institution.sends[{slug}]"
        most = 1 / plan.value(name)
        now = np.clip(levers.of(name, len(ratio)) * change, 0.05 * most, most)
        levers.factors[name] = now
        full &= now >= most
    return np.where(full | (ratio < 1), ratio**REQUESTS, 1.0)


def _bands(plan: Plan, levers: Levers, seen: Seen, first: date, turn: int) -> None:
    """Correct the duration bands of each referrer by how long what ended had lasted."""
    table, before = (_lasted(seen, first, year) for year in (BROKEN, BROKEN - 1))
    for n, one in enumerate(referrers()):
        names = [f"duration.band[{one.slug},{band}]" for band in BANDS]
        wanted = np.array([plan.value(name) for name in names])
        ratio = _parts(wanted) / _parts(table[n] + 1)
        if one.slug == TOWN:
            ratio = np.sqrt(ratio * _parts(_town_bands(BROKEN - 1)) / _parts(before[n] + 1))
        sure = 1 / (1 + FEW_ENDED * (turn + 1) / np.maximum(wanted, 1.0))
        for name, by, size in zip(names, ratio, sure, strict=True):
            change = np.clip(by, 0.6, 1.6) ** (EASED * size)
            levers.factors[name] = np.clip(levers.of(name, 1) * change, 1 / WIDE, WIDE)


def _parts(counts: Numbers) -> Numbers:
    return np.asarray(counts / counts.sum())


def _lasted(seen: Seen, first: date, year: int) -> Numbers:
    """Count what ended in a year by sender and duration band [J, B]."""
    over = _within(seen.ended, first, year) & (seen.sent >= 0)
    lasted = (seen.ended - seen.started)[over]
    band = np.searchsorted(list(BANDS.values())[:-1], lasted, side="right")
    table = np.zeros((len(referrers()), len(BANDS)))
    np.add.at(table, (seen.sent[over], band), 1.0)
    return table


def _running(plan: Plan, levers: Levers, seen: Seen, first: date) -> None:
    """Correct how long the longest stays last beyond four years, by who sent what runs.

    What runs on 1 January is what was active in the year less what started. The institution sends
    fewer or more to live elsewhere, too.
    """
    active, started = (
        _published(f"jeugdhulp_trajecten_{what}_by_referrer") for what in ("active", "started")
    )
    wanted = _parts(active - started)
    day = (date(BROKEN, 1, 1) - first).days
    got = _parts(_by_sender(seen, (seen.started < day) & (seen.ended >= day)))
    for n, one in enumerate(referrers()):
        name = f"longest.sent[{one.slug}]"
        levers.multiply(name, (wanted[n : n + 1] / got[n : n + 1]) ** OF_LONGEST)
        levers.factors[name] = np.clip(levers.factors[name], 1 / LONGER, LONGER)
        if one.slug == INSTITUTION:
            for slug in TO_STAY:
                bounded(plan, levers, f"institution.sends[{slug}]", float(wanted[n] / got[n]))


def _returns(levers: Levers, seen: Seen, first: date) -> None:
    """Correct who comes back by the repeats among those whose help began."""
    now = _within(seen.started, first, BROKEN)
    fresh = _published("jeugdhulp_trajecten_started_new_by_referrer")
    wanted = 1 - fresh / _published("jeugdhulp_trajecten_started_by_referrer")
    begun, again = _by_sender(seen, now), _by_sender(seen, now & seen.again)
    got = (again + 1) / (begun + 1)
    for n, one in enumerate(referrers()):
        name = f"return.sent[{one.slug}]"
        levers.multiply(name, wanted[n : n + 1] / got[n : n + 1], again[n])
        # Who has other help as well is no repeat when it comes back: more would bring too many.
        levers.factors[name] = np.clip(levers.factors[name], 1 / RETURNS, RETURNS)
