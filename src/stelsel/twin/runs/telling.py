"""From visits to spells: every wait and every stay in the words of the map."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stelsel import spells as spell
from stelsel.system import forms, priorities, referrers, station
from stelsel.tables import packaged, read_table
from stelsel.twin.chance import Purpose, uniforms
from stelsel.twin.country.baseline import TEAM
from stelsel.twin.layout import EXITS, OPEN
from stelsel.twin.services import services
from stelsel.twin.world.stations import provider_shares

if TYPE_CHECKING:
    from stelsel.twin.runs.run import Run

PLANNED, DRAWN, SERVED = "planned", "drawn", "served"
Column = npt.NDArray[Any]
Rows = npt.NDArray[np.int_]


def spells_of(run: Run) -> pa.Table:
    """Give every wait and every stay of a run as spells (:data:`stelsel.spells.SCHEMA`).

    A wait that was served ends on the day the stay starts; both spells share an episode. Where the
    map has no list before a stay, the spell of the stay begins on the day of arrival; where it has
    no stay after a list, the list is all there is. What happened before the run and has ended is
    not told.
    """
    v = run.visits
    service = v["service"]
    waits = np.array([bool(s.wait) for s in services()])[service]
    stays = np.array([bool(s.stay) for s in services()])[service]
    begun = v["started"] != OPEN
    both = np.flatnonzero(waits)
    after = np.flatnonzero(stays & (begun | ~waits))
    return pa.concat_tables(
        [
            table
            for rows, stay in ((both, False), (after, True))
            for table in [_table(run, rows, stay)]
        ]
    )


def of_care(spells: pa.Table) -> pa.Table:
    """Give the spells of forms of care: what messages tell of.

    Examples
    --------
    >>> from stelsel.twin import run
    >>> table = of_care(run(region="JZ15", years=0.1).spells())
    >>> sorted({name.partition("-")[0] for name in table["station"].to_pylist()})
    ['care', 'wait']
    """
    station = spells["station"]
    begins = (pc.starts_with(station, kind) for kind in (spell.WAIT, spell.CARE))
    return spells.filter(pc.or_(*begins))


def _table(run: Run, rows: Rows, stay: bool) -> pa.Table:
    v = run.visits
    every = services()
    service = v["service"][rows]
    named = np.array([s.stay if stay else s.wait for s in every])
    alone = np.array([not s.wait for s in every])[service]
    arrived, started, ended = (v[name][rows] for name in ("arrived", "started", "ended"))
    served = started != OPEN
    if stay:
        begin, finish = np.where(alone, arrived, started), ended
    else:
        begin, finish = arrived, np.where(served, started, ended)
    gone = finish != OPEN
    slugs = [form.slug for form in forms()]
    codes = np.array([form.code for form in forms()])
    of_form = np.array([slugs.index(s.form) if s.form else -1 for s in every])[service]
    sent = v["referrer"][rows]
    code = np.array([r.code for r in referrers()])[sent]
    team = slugs.index(TEAM)
    code = np.where(of_form == team, "06", code)  # freely accessible: no referrer
    zero = run.zero
    provider = run.net.stations["provider"][v["station"][rows]]
    people = v["person"][rows]
    return pa.table(
        {
            "child": pa.array(names(run.persons["key"][people])),
            "episode": pa.array(names(v["key"][rows], v["leg"][rows])),
            "station": pa.array(named[service]),
            "form": pa.array(codes[of_form], mask=of_form < 0),
            "start": as_days(begin + zero),
            "end": as_days(np.where(gone, finish, 0) + zero, ~gone),
            "exit": pa.array(_exits(run, rows, stay, served), pa.string(), mask=~gone),
            "region": pa.array(np.array(run.where.regions)[v["region"][rows]]),
            "municipality": pa.array(run.drawn.municipality[people]),
            "provider": pa.array(_providers(run)[v["region"][rows], service, provider]),
            "referrer": pa.array(code, mask=(sent < 0) & (of_form != team)),
            "priority": pa.array(np.array([p.id for p in priorities()])[v["cls"][rows]]),
            "known": as_days(np.where(gone, finish, begin) + zero),
            "source": pa.array(np.full(len(rows), "twin")),
        },
        schema=spell.SCHEMA,
    )


def _exits(run: Run, rows: Rows, stay: bool, served: npt.NDArray[np.bool_]) -> Column:
    """How each wait or stay ended, in the words of ``system/data/exits.csv``."""
    v = run.visits
    table = _endings(stay)
    how = v["exit"][rows].astype(np.int64)
    if not stay:
        how = np.where(served, len(EXITS), how)
    exits: Column = table[v["service"][rows], how, v["next"][rows]]
    shares = run.plan.family("exit")
    reached = np.cumsum(list(shares.values()))
    reasons = np.array([*shares, PLANNED], dtype=object)
    drawn = np.flatnonzero(exits == DRAWN)
    chosen = rows[drawn]
    chance = uniforms(v["key"][chosen], Purpose.EXIT, v["leg"][chosen].astype(np.int64))
    exits[drawn] = reasons[np.searchsorted(reached, chance)]
    return exits


@cache
def _endings(stay: bool) -> npt.NDArray[np.object_]:
    """Exit by service, how it ended (``EXITS``, then served) and service moved on to (-1 last)."""
    rules = read_table(packaged("stelsel.twin", "endings.csv"), ("kind", "how", "next", "exit"))
    every = services()
    table = np.full((len(every), len(EXITS) + 1, len(every) + 1), "", dtype=object)
    for k, service in enumerate(every):
        name = service.stay if stay else service.wait
        if not name:
            continue
        kind = station(name).kind
        for h, how in enumerate((*EXITS, SERVED)):
            for n in range(-1, len(every)):
                target = every[n] if n >= 0 else None
                known = {"", service.slug}
                known |= {target.slug, target.part} if target else set()
                for rule in rules:
                    fits = rule["kind"] == kind and rule["how"] in ("", how)
                    if fits and rule["next"] in known:
                        table[k, h, n] = rule["exit"]
                        break
    return table


def _providers(run: Run) -> npt.NDArray[np.str_]:
    """Made-up AGB codes of forms: 98, region, form, number; others the region and the service."""
    numbers = range(1, provider_shares().shape[1] + 1)
    code = {form.slug: form.code for form in forms()}
    tails = [code[s.slug] if s.slug in code else f"{50 + k}" for k, s in enumerate(services())]
    return np.array(
        [[[f"98{r[2:]}{t}{n:02d}" for n in numbers] for t in tails] for r in run.where.regions]
    )


def names(keys: npt.NDArray[np.uint64], legs: npt.NDArray[Any] | None = None) -> list[str]:
    """Spell keys out as text, with the number of the episode behind it."""
    if legs is None:
        return [f"{key:016x}" for key in keys.tolist()]
    return [f"{k:016x}-{leg}" for k, leg in zip(keys.tolist(), legs.tolist(), strict=True)]


def as_days(days: npt.NDArray[Any], missing: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Turn days since 1970 into dates."""
    return pa.array(days.astype(np.int32), pa.int32(), mask=missing).cast(pa.date32())
