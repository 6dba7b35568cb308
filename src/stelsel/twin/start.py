"""The first day: who is in care and who waits when the run begins.

The country did not begin on the first day of a run. Care that runs then is found in the middle:
what remains of it is drawn from the steady-state distribution (renewal theory), its past from the
lengths that fit that remainder. Who waits then is a queue of the assumed mean wait (Little's law),
in order of arrival.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stelsel.system import forms, referrers
from stelsel.twin.baseline import TEAM
from stelsel.twin.chance import Keys, Purpose, children, uniforms
from stelsel.twin.kernel import CRISIS, OPEN, PROTECTION, REGULAR, VISIT, Network
from stelsel.twin.network import MUNICIPALITY, PROTECTING, duration_of
from stelsel.twin.people import Places
from stelsel.twin.plan import Plan

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

FIRST_STREAM = 1_000_000
"""Streams of children who exist on the first day; requests use the numbers below."""


class _Mix(NamedTuple):
    """Shares among those who reach a form: of referrers [K] and of classes [4]."""

    referrer: Numbers
    classes: Numbers


def start(plan: Plan, where: Places, net: Network, first: date, seed: int) -> npt.NDArray[np.void]:
    """Draw the visits of the first day (:data:`stelsel.twin.kernel.VISIT`), in order of arrival.

    Parameters
    ----------
    plan, where, net, first
        As compiled by :func:`stelsel.twin.network.network`.
    seed
        Seed of the replication.
    """
    rows: list[dict[str, npt.NDArray[np.generic]]] = []
    for index, form in enumerate(forms()):
        mix = _mix(plan, form.slug)
        in_care, waiting, longest = _sizes(plan, where, net, index, form.slug, first, mix)
        for region in range(len(where.regions)):
            stream = FIRST_STREAM + 2 * (region * len(forms()) + index)
            rows.append(
                _care(
                    plan,
                    net,
                    index,
                    form.slug,
                    region,
                    int(in_care[region]),
                    mix,
                    longest,
                    children(seed, [stream]),
                )
            )
            rows.append(
                _list(
                    index, region, int(waiting[region]), mix, longest, children(seed, [stream + 1])
                )
            )
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
    plan: Plan, where: Places, net: Network, index: int, slug: str, first: date, mix: _Mix
) -> tuple[Ints, Ints, float]:
    """How many are in care and wait per region, and how long the longest has waited."""
    own = net.station_of[:, index]
    places = net.capacity[0, own].astype(np.int64)
    if (own == own[0]).all() and len(own) > 1:  # one pooled station: share its places out
        places = _shared_out(int(places[0]), where.weight)
    national = plan[f"capacity[{slug}]"].series(first, 1)[0]
    daily = national / plan.value(f"duration[{slug}]") / (1 - plan.value(f"withdrawn[{slug}]"))
    wait, gives_up = plan.value(f"wait[{slug}]"), plan.value(f"withdrawn[{slug}]")
    queue = daily * wait
    waiting = _shared_out(round(queue * float(where.weight.sum())), where.weight)
    # All who wait are of the last class, since the others go first. They came at a steady pace
    # and thinned out by giving up: queue = pace * (1 - exp(-h * longest)) / h.
    pace = daily * mix.classes[REGULAR]
    hazard = gives_up / wait
    longest = -np.log(max(1 - queue * hazard / pace, 0.05)) / hazard if hazard else queue / pace
    return places, waiting, float(longest)


def _shared_out(total: int, weight: Numbers) -> Ints:
    """Share a whole number out by weight: largest remainders first."""
    exact = total * weight / weight.sum()
    whole: Ints = np.floor(exact).astype(np.int64)
    most = np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]
    whole[most] += 1
    return whole


def _care(
    plan: Plan,
    net: Network,
    index: int,
    slug: str,
    region: int,
    number: int,
    mix: _Mix,
    longest: float,
    parent: Keys,
) -> dict[str, npt.NDArray[np.generic]]:
    """Draw those in care: what remains, in strata so that the year begins as planned."""
    keys = children(parent, np.arange(number))
    spread = (np.arange(number) + uniforms(keys, Purpose.DURATION, 255)) / max(number, 1)
    length = duration_of(plan, slug)
    remaining = length.still_to_go(spread)
    whole = length.whole_given(remaining, uniforms(keys, Purpose.ELAPSED))
    ends = np.interp(remaining, net.clock[index], np.arange(net.clock.shape[1]))
    ends = np.where(remaining >= net.clock[index, -1], np.inf, ends)
    rounding = uniforms(keys, Purpose.ROUNDING, 255)
    ended = np.where(np.isinf(ends), OPEN, np.floor(np.where(np.isinf(ends), 0, ends) + rounding))
    started = -1 - np.floor(whole - remaining)
    cls = np.searchsorted(np.cumsum(mix.classes), uniforms(keys, Purpose.CRISIS, 255))
    chance = uniforms(keys, Purpose.WAITED)
    waited = np.where(cls == REGULAR, np.floor(longest * (0.5 + chance)), np.floor(7 * chance))
    waited = np.where(cls == CRISIS, 0, waited)
    return {
        "key": keys,
        "region": np.full(number, region),
        "form": np.full(number, index),
        "cls": np.minimum(cls, REGULAR),
        "referrer": _referrer(keys, mix, np.minimum(cls, REGULAR)),
        "arrived": started - waited,
        "started": started,
        "ended": ended,
    }


def _list(
    index: int, region: int, number: int, mix: _Mix, longest: float, parent: Keys
) -> dict[str, npt.NDArray[np.generic]]:
    """Draw those who wait, in strata over how long they have waited."""
    keys = children(parent, np.arange(number))
    spread = (np.arange(number) + uniforms(keys, Purpose.WAITED, 255)) / max(number, 1)
    cls = np.full(number, REGULAR)
    return {
        "key": keys,
        "region": np.full(number, region),
        "form": np.full(number, index),
        "cls": cls,
        "referrer": _referrer(keys, mix, cls),
        "arrived": -1 - np.floor(longest * spread),
        "started": np.full(number, OPEN),
        "ended": np.full(number, OPEN),
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
