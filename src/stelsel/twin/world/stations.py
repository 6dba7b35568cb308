"""Whose places and whose lists: stations, larger areas, providers, and who shares a list."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stelsel.errors import StelselError
from stelsel.tables import packaged, read_table
from stelsel.twin.layout import STATION, Floats, Ints, Records
from stelsel.twin.plans.plan import Plan
from stelsel.twin.plans.switches import on
from stelsel.twin.services import area_changes, areas, services
from stelsel.twin.world.people import Places

GOLDEN_STEP = 0.6180339887


class Pools(NamedTuple):
    """Stations of a run and who shares them; shapes as in :class:`stelsel.twin.layout.Network`."""

    station_of: Ints
    list_of: Ints
    chart: Ints
    stations: Records
    share: Floats


@cache
def provider_shares() -> Floats:
    """Shares of the providers of each service [K, P], the largest first.

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
    numbers = {service.slug: n for n, service in enumerate(services())}
    shares = np.zeros((len(numbers), max(int(row["provider"]) for row in rows)))
    for row in rows:
        shares[numbers[row["form"]], int(row["provider"]) - 1] = float(row["share"])
    shares[shares.sum(axis=1) == 0, 0] = 1.0  # not in the table: one provider
    if not np.allclose(shares.sum(axis=1), 1):
        raise StelselError(
            "The shares of the providers of a form do not add up to one.",
            where="lists.csv",
            what_nl="De aandelen van de aanbieders van een hulpvorm tellen niet op tot één.",
        )
    return shares


def pools(plan: Plan, where: Places, first: date, days: int) -> Pools:
    """Lay out the stations of a run: one per provider of a service in a region or larger area.

    A new map begins where a region comes to belong to another area, or where a scenario joins
    the lists of the providers of a region or parts them.
    """
    shares = provider_shares()
    one_list = _one_list(plan, first, days)
    cuts = {first, *(day for day in area_changes() if first < day < first + timedelta(days))}
    cuts |= {first + timedelta(int(n)) for n in np.flatnonzero(np.diff(one_list)) + 1}
    starts = sorted(cuts)
    number: dict[tuple[int, str, int], int] = {}
    rows: list[tuple[int, int, int, int]] = []
    station_of = np.zeros((len(starts), len(where.regions), *shares.shape), np.int32)
    for m, day in enumerate(starts):
        area = areas(day)
        for r, region in enumerate(where.regions):
            for k, service in enumerate(services()):
                pool = {"region": region, "pooled": area[region], "country": ""}[service.pool]
                for p in np.flatnonzero(shares[k] > 0).tolist():
                    if (k, pool, p) not in number:
                        number[k, pool, p] = len(rows)
                        rows.append((k, p, r, -1))
                    station_of[m, r, k, p] = number[k, pool, p]
    stations = np.zeros(len(rows), STATION)
    for n, row in enumerate(rows):
        stations[n] = (*row, n * GOLDEN_STEP % 1.0)
    share = np.zeros((len(starts), len(rows)))
    list_of = np.tile(np.arange(len(rows), dtype=np.int32), (len(starts), 1))
    parts = where.weight[:, None, None] * shares[None]
    for m, day in enumerate(starts):
        np.add.at(share[m], station_of[m], parts)
        if one_list[(day - first).days]:
            for k, p in np.argwhere(shares > 0):  # where there is no provider there is no list
                list_of[m, station_of[m, :, k, p]] = station_of[m, :, k, 0]
    chart = np.searchsorted([(day - first).days for day in starts], np.arange(days), side="right")
    return Pools(station_of, list_of, (chart - 1).astype(np.int32), stations, share)


def _one_list(plan: Plan, first: date, days: int) -> npt.NDArray[np.bool_]:
    """Whether the providers of a region have one list, per day."""
    if "policy.one_list" not in plan.parameters:
        return np.zeros(days, bool)
    value = plan["policy.one_list"].series(first, days) * on(plan, "policy", first, days)
    return np.asarray(value >= 0.5)


def whole_places(national: Floats, found: Pools) -> Ints:
    """Whole places per station [S] given those of each service in the country on the first day.

    Each station rounds at a threshold of its own, evenly spread (golden-section steps), so that
    the total is right to a place or so and a path does not jump up and down.
    """
    exact = national[found.stations["service"]] * found.share[0]
    whole: Ints = np.floor(exact + found.stations["threshold"]).astype(np.int32)
    return whole
