"""The first day: who is in care and who waits when the run begins.

The country did not begin on the first day of a run. Care that runs then is found in the middle:
what remains of it is drawn from the steady-state distribution (renewal theory), its past from the
lengths that fit that remainder. Who waits then is a queue of the assumed mean wait (Little's law),
in order of arrival. A scenario has no part in it, also where it steps in on the first day or
before: every world begins alike, and what changes begins from there.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stelsel.system import forms, referrers
from stelsel.twin.baseline import TEAM
from stelsel.twin.chance import Keys, Purpose, children, uniforms
from stelsel.twin.durations import Duration
from stelsel.twin.layout import CRISIS, OPEN, PROTECTION, REGULAR, VISIT, Network
from stelsel.twin.network import (
    MUNICIPALITY,
    PROTECTING,
    capacity,
    duration_of,
    provider_shares,
    whole_places,
)
from stelsel.twin.people import Places
from stelsel.twin.plan import Plan

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

SAME = ("region", "form", "provider")
FIRST_STREAM = 1_000_000
"""Streams of children who exist on the first day; requests use the numbers below."""


class _Mix(NamedTuple):
    """Shares among those who reach a form: of referrers [K] and of classes [4]."""

    referrer: Numbers
    classes: Numbers


class _Spot(NamedTuple):
    """Children of one region at one provider of a form: who they are and how many."""

    region: int
    form: int
    provider: int
    number: int
    mix: _Mix
    longest: float  # days that the longest has waited
    parent: Keys  # of their keys


def start(plan: Plan, where: Places, net: Network, first: date, seed: int) -> npt.NDArray[np.void]:
    """Draw the visits of the first day (:data:`stelsel.twin.layout.VISIT`), in order of arrival.

    Parameters
    ----------
    plan, where, net, first
        As compiled by :func:`stelsel.twin.network.network`.
    seed
        Seed of the replication.
    """
    rows: list[dict[str, npt.NDArray[np.generic]]] = []
    plan = plan.before_changes()
    held = whole_places(capacity(plan, where, first, 1), net.station_of)[0].astype(np.int64)
    n_regions, n_forms, n_providers = net.station_of.shape
    for index, form in enumerate(forms()):
        mix = _mix(plan, form.slug)
        in_care, waiting, longest = _sizes(plan, where, net, held, index, first, mix)
        length = duration_of(plan, form.slug)
        for region, provider in np.ndindex(n_regions, n_providers):
            stream = FIRST_STREAM + 2 * ((region * n_forms + index) * n_providers + provider)
            spot = _Spot(region, index, provider, 0, mix, longest, children(seed, [stream]))
            rows.append(
                _care(
                    spot._replace(number=int(in_care[region, provider])), length, net.clock[index]
                )
            )
            spot = spot._replace(
                number=int(waiting[region, provider]), parent=children(seed, [stream + 1])
            )
            rows.append(_list(spot))
    columns = {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}
    order = np.argsort(columns["arrived"], kind="stable")
    state = np.zeros(len(order), VISIT)
    for name, column in columns.items():
        state[name] = column[order]
    state["person"] = np.arange(len(order))
    state["next_form"] = -1
    return state


def _mix(plan: Plan, slug: str) -> _Mix:
    """Shares of referrers and classes among those who reach a form's list from outside."""
    slugs = [referrer.slug for referrer in referrers()]
    share = np.array([plan.value(f"referrer[{s}]") for s in slugs])
    town = slugs.index(MUNICIPALITY)
    if slug == TEAM:
        share = np.zeros(len(slugs))
        share[town] = 1.0
    else:
        share[town] *= 1 - plan.value("access.solved")
        share /= share.sum()
    guarded = 0.0
    if slug != TEAM:
        guarded = sum(share[slugs.index(s)] for s in PROTECTING)
    crisis, complexity = plan.value(f"crisis[{slug}]"), plan.value(f"complex[{slug}]")
    rest = 1 - crisis
    return _Mix(
        share,
        np.array(
            [
                crisis,
                rest * guarded,
                rest * (1 - guarded) * complexity,
                rest * (1 - guarded) * (1 - complexity),
            ]
        ),
    )


def _sizes(
    plan: Plan, where: Places, net: Network, held: Ints, index: int, first: date, mix: _Mix
) -> tuple[Ints, Ints, float]:
    """How many are in care and wait [R, P], and how long the longest has waited.

    ``held`` [S] are the places of each station on the first day: all are taken.
    """
    slug = forms()[index].slug
    own = net.station_of[:, index]
    shares = provider_shares()[index]
    weight = where.weight[:, None] * shares[None, :]
    places = np.where(shares > 0, held[own], 0)
    if len(own) > 1 and (own == own[0]).all():  # one pooled station: share its places out
        places = _shared_out(int(places[0, 0]), weight)
    national = plan[f"capacity[{slug}]"].series(first, 1)[0]
    daily = national / plan.value(f"duration[{slug}]") / (1 - plan.value(f"withdrawn[{slug}]"))
    wait, gives_up = plan.value(f"wait[{slug}]"), plan.value(f"withdrawn[{slug}]")
    queue = daily * wait
    waiting = _shared_out(round(queue * float(where.weight.sum())), weight)
    # All who wait are of the last class, since the others go first. They came at a steady pace
    # and thinned out by giving up: queue = pace * (1 - exp(-h * longest)) / h.
    pace = daily * mix.classes[REGULAR]
    hazard = gives_up / wait
    longest = -np.log(max(1 - queue * hazard / pace, 0.05)) / hazard if hazard else queue / pace
    return places, waiting, float(longest)


def _shared_out(total: int, weight: Numbers) -> Ints:
    """Share a whole number out by weight, in the weight's shape: largest remainders first."""
    exact = total * weight.ravel() / weight.sum()
    whole: Ints = np.floor(exact).astype(np.int64)
    most = np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]
    whole[most] += 1
    return whole.reshape(weight.shape)


def _care(spot: _Spot, length: Duration, clock: Numbers) -> dict[str, npt.NDArray[np.generic]]:
    """Draw those in care: what remains, in strata so that the year begins as planned."""
    number = spot.number
    keys = children(spot.parent, np.arange(number))
    spread = (np.arange(number) + uniforms(keys, Purpose.DURATION, 255)) / max(number, 1)
    remaining = length.still_to_go(spread)
    whole = length.whole_given(remaining, uniforms(keys, Purpose.ELAPSED))
    ends = np.interp(remaining, clock, np.arange(len(clock)))
    rounding = uniforms(keys, Purpose.ROUNDING, 255)
    ended = np.where(remaining >= clock[-1], OPEN, np.floor(ends + rounding))
    started = -1 - np.floor(whole - remaining)
    drawn = np.searchsorted(np.cumsum(spot.mix.classes), uniforms(keys, Purpose.CRISIS, 255))
    cls = np.minimum(drawn, REGULAR)
    chance = uniforms(keys, Purpose.WAITED)
    waited = np.where(cls == REGULAR, np.floor(spot.longest * (0.5 + chance)), np.floor(7 * chance))
    waited = np.where(cls == CRISIS, 0, waited)
    return _columns(spot, keys, cls, started - waited, started, ended)


def _list(spot: _Spot) -> dict[str, npt.NDArray[np.generic]]:
    """Draw those who wait, in strata over how long they have waited."""
    number = spot.number
    keys = children(spot.parent, np.arange(number))
    spread = (np.arange(number) + uniforms(keys, Purpose.WAITED, 255)) / max(number, 1)
    nothing = np.full(number, OPEN)
    arrived = -1 - np.floor(spot.longest * spread)
    return _columns(spot, keys, np.full(number, REGULAR), arrived, nothing, nothing)


def _columns(
    spot: _Spot,
    keys: Keys,
    cls: npt.NDArray[np.int_],
    arrived: Numbers,
    started: npt.NDArray[np.generic],
    ended: npt.NDArray[np.generic],
) -> dict[str, npt.NDArray[np.generic]]:
    same = {name: np.full(spot.number, getattr(spot, name)) for name in SAME}
    return {
        "key": keys,
        "cls": cls,
        "referrer": _referrer(keys, spot.mix, cls),
        "arrived": arrived,
        "started": started,
        "ended": ended,
        **same,
    }


def _referrer(keys: Keys, mix: _Mix, cls: npt.NDArray[np.int_]) -> npt.NDArray[np.int_]:
    """Draw who sent a child, given its class: protection comes from an institution or a court."""
    guards = np.array([referrer.slug in PROTECTING for referrer in referrers()])
    chance = uniforms(keys, Purpose.REFERRER, 255)
    free = np.where(guards, 0, mix.referrer)
    bound = np.where(guards, mix.referrer, 0)
    drawn = np.searchsorted(np.cumsum(free / free.sum()), chance)
    if bound.sum() > 0:
        guarded = np.searchsorted(np.cumsum(bound / bound.sum()), chance)
        drawn = np.where(cls == PROTECTION, guarded, drawn)
    return np.minimum(drawn, len(guards) - 1)
