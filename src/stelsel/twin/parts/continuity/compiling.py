"""From the falls of a plan to events for the loop, and to who takes the places over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stelsel.errors import Fault, StelselError
from stelsel.twin.plans.plan import Fall, Plan

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

AGAIN, STOPS, FALLS = range(3)
"""Kinds of events: a station admits again; it stops admitting; it falls, and its children go."""


class Falls(NamedTuple):
    """Events in order of days: what happens to a station, and how its share of places changes.

    On ``day`` the state of a station becomes ``kind``, and ``share`` is added to its share of the
    country's places (below zero: it has fewer). A kind of -1 changes only the share.
    """

    day: Ints  # [N] from the first day of the run
    station: Ints  # [N]
    kind: Ints  # [N] AGAIN, STOPS, FALLS, or -1
    share: Floats  # [N]


def compiled_falls(
    plan: Plan,
    codes: Sequence[str],
    services: Sequence[str],
    station_of: Ints,
    share: Floats,
    first: date,
    days: int,
) -> Falls:
    """Compile the falls of a plan.

    After ``continuity.days`` the other providers of the region take over the share
    ``continuity.taken_over`` of the places, each by its own size. Where there is no other the
    station itself admits again with that share of its places: somebody new has taken it on.

    Parameters
    ----------
    plan
        With its ``falls`` and the parameters ``continuity.*``.
    codes, services
        Youth regions and services of the run, in the order of ``station_of``.
    station_of
        Station of a provider of a service in a region [R, K, P]; a station of a pool is shared
        by all regions of it and stops for all.
    share
        Share of each station in the places of its service [S]; providers that do not exist have
        a station with no share.
    first, days
        First day and length of the run. Falls outside it, or in other regions, are left out.

    Raises
    ------
    StelselError
        With every fall of a service or provider that does not exist.

    Examples
    --------
    >>> from stelsel.twin import baseline
    >>> plan = baseline().changed([], [Fall("JZ07", "residential", 1, date(2021, 2, 1), "falls")])
    >>> stations = np.array([[[0, 1]]], np.int32)
    >>> where = ["JZ07"], ["residential"], stations, np.array([0.6, 0.4])
    >>> falls = compiled_falls(plan, *where, date(2021, 1, 1), 365)
    >>> falls.day.tolist(), falls.station.tolist(), falls.kind.tolist()
    ([31, 151], [0, 1], [2, -1])
    >>> falls.share.round(2).tolist()
    [0.0, 0.48]
    """
    events: list[tuple[int, int, int, float]] = []
    gone: set[int] = set()
    faults: list[Fault] = []
    for fall in sorted(plan.falls, key=lambda one: one.day):
        on = (fall.day - first).days
        if fall.region not in codes or not 0 <= on < days:
            continue
        here = _providers(fall, codes, services, station_of, share)
        if not here or not 1 <= fall.provider <= len(here):
            faults.append(_unknown(fall, len(here)))
            continue
        station = here[fall.provider - 1]
        if station in gone:
            continue
        gone.add(station)
        events.append((on, station, FALLS if fall.how == "falls" else STOPS, 0.0))
        taken = float(plan["continuity.taken_over"].series(fall.day, 1)[0])
        later = on + max(1, round(float(plan["continuity.days"].series(fall.day, 1)[0])))
        if later >= days:
            continue
        others = [other for other in here if other not in gone]
        size = sum(share[other] for other in others)
        if size > 0:
            events += [
                (later, other, -1, taken * share[station] * share[other] / size) for other in others
            ]
        elif taken > 0:
            events.append((later, station, AGAIN, (taken - 1) * share[station]))
            gone.discard(station)
    if faults:
        raise StelselError(faults)
    events.sort()
    day, station_, kind, change = zip(*events, strict=True) if events else ((), (), (), ())
    return Falls(
        np.array(day, np.int32),
        np.array(station_, np.int32),
        np.array(kind, np.int32),
        np.array(change, np.float64),
    )


def _providers(
    fall: Fall, codes: Sequence[str], services: Sequence[str], station_of: Ints, share: Floats
) -> list[int]:
    """Stations of the providers of a service in a region, the largest first."""
    if fall.service not in services:
        return []
    every = station_of[list(codes).index(fall.region), list(services).index(fall.service)]
    return [int(s) for s in dict.fromkeys(every.tolist()) if s >= 0 and share[s] > 0]


def _unknown(fall: Fall, known: int) -> Fault:
    return Fault(
        f"Provider {fall.provider} of {fall.service} in {fall.region} does not exist.",
        "falls",
        remedy=f"The service has {known} provider(s) there." if known else "Name another service.",
        what_nl=f"Aanbieder {fall.provider} van {fall.service} in {fall.region} bestaat niet.",
        remedy_nl=f"De dienst heeft daar {known} aanbieder(s)."
        if known
        else "Noem een andere dienst.",
    )
