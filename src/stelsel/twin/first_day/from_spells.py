"""The first day as a register has it: who waits and since when, who has care or a measure.

The sibling of :mod:`stelsel.twin.first_day.start`, which draws the first day from published
figures. Of the services that the register tells of, every child who is there on the day is taken as
it is: an open wait with the time it has lasted, care with the day it began and an end drawn given
that it has lasted so long. Services that the register does not tell of are drawn as always. What a
register does not say (age, and where it is missing who referred and how urgent it is) is drawn too.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stelsel.errors import StelselError
from stelsel.spells import check
from stelsel.system import priorities, referrers
from stelsel.twin.chance import Keys, Purpose, children, uniforms
from stelsel.twin.first_day.linked import bind
from stelsel.twin.first_day.start import Ages, _births, _limit, _referrer, start
from stelsel.twin.first_day.steady import flows
from stelsel.twin.layout import (
    BY_PLAN,
    DRAWN,
    LINK,
    NOT_RENEWED,
    OPEN,
    SECOND,
    TERMS,
    VISIT,
    Network,
    State,
    clock_of,
)
from stelsel.twin.plans.plan import Plan, Step
from stelsel.twin.services import services
from stelsel.twin.world.lengths import duration_of
from stelsel.twin.world.network import capacity
from stelsel.twin.world.people import Places, places
from stelsel.twin.world.stations import Pools, provider_shares, whole_places

Column = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]

COLUMNS = ("child", "episode", "station", "start", "region", "provider", "referrer", "priority")
LINKED = ("mate", "bound", "beside")


@dataclass(frozen=True)
class Begun:
    """Who is where on the first day, from a register.

    Parameters
    ----------
    spells
        Columns :data:`COLUMNS` and ``since`` (the day on which the wait before a stay began): a
        row for each wait or stay that runs on the day.
    told
        Slugs of the services that the register tells of at all.
    digest
        SHA-256 of both, in the place of their content where runs are named.
    """

    spells: pa.Table = field(repr=False, compare=False)
    told: tuple[str, ...]
    digest: str

    @classmethod
    def of(cls, spells: pa.Table, day: date, region: str) -> Begun:
        """Take from a table of spells who is there on a day, in the region of a run.

        Raises
        ------
        StelselError
            When the table is not one of spells, or nobody is there.

        Examples
        --------
        >>> from stelsel.twin import run
        >>> once = run(region="JZ15", years=0.2)
        >>> begun = Begun.of(once.spells(), date(2021, 3, 1), "JZ15")
        >>> "ambulatory" in begun.told, begun.spells.num_rows > 1000
        (True, True)
        """
        table = check(spells)
        named = {name: services()[k].slug for name, (k, _) in _stations().items()}
        known = pc.and_(
            pc.is_in(table["region"], pa.array(places(region).regions)),
            pc.is_in(table["station"], pa.array(list(named))),
        )
        table = table.filter(known)
        told = tuple(sorted({named[name] for name in table["station"].unique().to_pylist()}))
        when = pa.scalar(day, pa.date32())
        still = pc.fill_null(pc.greater(table["end"], when), True)
        there = table.filter(pc.and_(pc.less_equal(table["start"], when), still))
        if not there.num_rows:
            raise StelselError(
                f"Nobody of the register is there on {day}.",
                where="--from-register",
                remedy="Choose a day and a region that the register knows.",
                what_nl=f"Op {day} is er niemand van het register.",
                remedy_nl="Kies een dag en een regio die het register kent.",
            )
        kept = there.select(COLUMNS).append_column("since", _since(table, there))
        kept = kept.sort_by([(name, "ascending") for name in ("start", "child", "station")])
        made = hashlib.sha256(repr((day, region, told)).encode())
        for row in kept.to_pylist():
            made.update(repr(row).encode())
        return cls(kept, told, made.hexdigest())

    def fitted(self, plan: Plan, first: date, given: Mapping[str, object]) -> Plan:
        """Give a plan whose places are those taken in the region when the run begins.

        The plan has the places of the country, of which a region gets its share by demand. Where
        the register has more or fewer in care, the places are as many as it has; what the plan
        says of later years moves along. What a plan file says itself is left alone.
        """
        running = self.running()
        weight = float(places(self.region).weight.sum())
        steps = []
        for slug in self.told:
            name = f"capacity[{slug}]"
            if name not in plan.parameters or name in given or not running[slug]:
                continue
            planned = float(plan[name].series(first, 1)[0]) * weight
            if planned > 0:
                factor = running[slug] / planned
                steps.append((name, Step(first, "multiply", factor)))
        return plan.changed(steps)

    @property
    def region(self) -> str:
        """The region of the children, or all where there are more."""
        found = self.spells["region"].unique().to_pylist()
        return str(found[0]) if len(found) == 1 else "all"

    def running(self) -> Counter[str]:
        """Count who has each service."""
        which = [_stations()[name] for name in self.spells["station"].to_pylist()]
        return Counter(services()[k].slug for k, stay in which if stay)

    def state(self, plan: Plan, where: Places, net: Network, first: date, seed: int) -> State:
        """Give the visits of the first day: of the register, and drawn where it tells nothing."""
        drawn = start(plan, where, net, first, seed)
        told = np.isin(
            drawn.visits["service"], [k for k, s in enumerate(services()) if s.slug in self.told]
        )
        visits, links = _without(drawn, told)
        own, more = self._visits(plan, where, net, first, seed)
        for name in LINKED:
            more[name] = np.where(more[name] >= 0, more[name] + len(visits), -1)
        own["links"] = np.where(own["links"] >= 0, own["links"] + len(links), -1)
        own["person"] += visits["person"].max(initial=-1) + 1
        links = np.concatenate([links, more])
        whole = np.concatenate([visits, own])
        order = np.argsort(whole["arrived"], kind="stable")
        back = np.empty(len(order) + 1, np.int64)
        back[order], back[-1] = np.arange(len(order)), -1
        for name in LINKED:
            links[name] = back[links[name]]
        whole = whole[order]
        _, whole["person"] = np.unique(whole["person"], return_inverse=True)
        return State(whole, links, int(whole["person"].max()) + 1)

    def _visits(
        self, plan: Plan, where: Places, net: Network, first: date, seed: int
    ) -> tuple[Column, Column]:
        """Give the visits of the children of the register, and the links of those that have any.

        What the register does not tell but runs beside a measure (a worker, an order) is drawn
        beside it, as on any first day.
        """
        table = self.spells
        which = [_stations()[name] for name in table["station"].to_pylist()]
        service = np.array([k for k, _ in which])
        stays = np.array([stay for _, stay in which])
        begin, since = (
            np.array([day.toordinal() for day in table[name].to_pylist()]) - first.toordinal()
            for name in ("start", "since")
        )
        region = np.array([where.regions.index(code) for code in table["region"].to_pylist()])
        keys = children(seed, [_number(*row) for row in _named(table)])
        _, child = np.unique(np.array(table["child"].to_pylist()), return_inverse=True)
        provider = self._providers(service, region)
        flow = flows(plan, net, first)
        ages = Ages(plan, where)
        made: list[dict[str, Column]] = []
        persons: list[Ints] = []
        for k in np.unique(service).tolist():
            mine = np.flatnonzero(service == k)
            rows: dict[str, Column] = {
                "key": keys[mine],
                "region": region[mine],
                "station": net.station_of[0, region[mine], k, provider[mine]],
                "service": np.full(len(mine), k),
                "arrived": np.minimum(since[mine], -1),
                "started": np.where(stays[mine], np.minimum(begin[mine], -1), OPEN),
                "cls": _classes(table, mine, keys[mine], flow[k].classes),
            }
            rows |= _ends(plan, net, k, rows)
            rows["birth"] = _births(ages.of(services()[k].slug), net, k, rows)
            _limit(net, k, rows)
            sent = _sent(table, mine)
            drawn = _referrer(keys[mine], flow[k].referrers, rows["cls"], net)
            rows["referrer"] = np.where(sent >= 0, sent, drawn)
            made.append(rows)
            persons.append(child[mine])
        found = Pools(net.station_of, net.list_of, net.chart, net.stations, net.share)
        held = whole_places(capacity(plan, first, 1)[:, 0], found).astype(np.int64)
        beside = bind(plan, self._untold(net), held, first, made)
        person = np.concatenate(persons)
        for rows in beside:  # they are of the child of the measure
            person = np.concatenate([person, person[rows["mate"]]])
        return _packed([*made, *beside], person)

    def _untold(self, net: Network) -> Network:
        """Give a network in which only services run beside others that the register tells not."""
        told = [k for k, service in enumerate(services()) if service.slug in self.told]
        routes = net.routes.copy()
        routes["linked"][np.isin(routes["service"], told)] = 0
        return net._replace(routes=routes)

    def _providers(self, service: Ints, region: Ints) -> Ints:
        """Give each provider of a service in a region a number, the largest first.

        A register may know more than the model tells apart: those beyond share the last.
        """
        codes = self.spells["provider"].to_pylist()
        places_ = list(zip(service.tolist(), region.tolist(), codes, strict=True))
        sizes = Counter(places_)
        known = (provider_shares() > 0).sum(axis=1)
        number: dict[tuple[int, int, Any], int] = {}
        seen: Counter[tuple[int, int]] = Counter()
        for key, _ in sorted(sizes.items(), key=lambda one: (-one[1], str(one[0]))):
            number[key] = min(seen[key[:2]], int(known[key[0]]) - 1)
            seen[key[:2]] += 1
        return np.array([number[key] for key in places_])


@cache
def _stations() -> dict[str, tuple[int, bool]]:
    """Give service and whether it is the stay, by station that tells who has it and who waits.

    Of services that share a station the first, which is the form of care. A list without a stay
    after it does not tell who has the service, and a stay with places but without a list does not
    tell who waits: of these a register cannot say how a run begins.
    """
    found: dict[str, tuple[int, bool]] = {}
    for k, service in enumerate(services()):
        if service.stay and (service.wait or not service.capped):
            found.setdefault(service.stay, (k, True))
            if service.wait:
                found.setdefault(service.wait, (k, False))
    return found


def _packed(rows: list[dict[str, Column]], person: Ints) -> tuple[Column, Column]:
    """Lay rows out as visits and links, one child the oldest that any of its rows makes it."""
    columns = {name: np.concatenate([row[name] for row in rows]) for name in rows[-1]}
    visits = np.zeros(len(person), VISIT)
    for name in set(columns) & set(VISIT.names or ()):
        visits[name] = columns[name]
    visits["next"] = visits["wants"] = -1
    has = np.flatnonzero((columns["mate"] >= 0) | (columns["bound"] >= 0))
    links = np.zeros(len(has), LINK)
    for name in LINKED:
        links[name] = columns[name][has]
    links["family"] = -1
    visits["links"] = -1
    visits["links"][has] = np.arange(len(has))
    visits["flags"] |= np.where(columns["mate"] >= 0, SECOND, 0).astype(np.uint8)
    visits["person"] = person
    oldest = np.zeros(person.max() + 1, np.int64)
    np.minimum.at(oldest, person, visits["birth"])
    visits["birth"] = oldest[person]
    return visits, links


def _since(table: pa.Table, there: pa.Table) -> pa.Array:
    """Day on which the wait began that each stay followed; of a wait its own first day."""
    names = ("child", "episode", "station", "start")
    found = _stations()

    def rows(of: pa.Table) -> Iterator[tuple[tuple[str, str, int], bool, date]]:
        for child, episode, station, begin in zip(*(of[n].to_pylist() for n in names), strict=True):
            service, stay = found[station]
            yield (child, episode, service), stay, begin

    waits: dict[tuple[str, str, int], date] = {}
    for key, stay, begin in rows(table):
        if not stay:
            waits[key] = min(begin, waits.get(key, begin))
    since = [
        min(begin, waits.get(key, begin)) if stay else begin for key, stay, begin in rows(there)
    ]
    return pa.array(since, pa.date32())


def _named(table: pa.Table) -> list[tuple[str, ...]]:
    columns = (table[name].to_pylist() for name in ("child", "episode", "station"))
    return list(zip(*columns, strict=True))


def _number(*words: str) -> int:
    """Give a number that follows from words, from which the key of a visit follows."""
    return int.from_bytes(hashlib.sha256("\0".join(words).encode()).digest()[:7])


def _classes(table: pa.Table, mine: Ints, keys: Keys, shares: Column) -> Ints:
    """Class of each, as the register has it; else drawn from those who come."""
    order = {priority.id: n for n, priority in enumerate(priorities())}
    said = [order.get(str(name), -1) for name in table["priority"].take(mine).to_pylist()]
    drawn = np.searchsorted(np.cumsum(shares), uniforms(keys, Purpose.CRISIS, 255))
    drawn = np.minimum(drawn, len(order) - 1)
    return np.where(np.array(said) >= 0, said, drawn)


def _sent(table: pa.Table, mine: Ints) -> Ints:
    """Give the number of who sent each, as the register has it, or -1."""
    order = {referrer.code: n for n, referrer in enumerate(referrers())}
    return np.array([order.get(str(c), -1) for c in table["referrer"].take(mine).to_pylist()])


def _ends(plan: Plan, net: Network, k: int, rows: Mapping[str, Column]) -> dict[str, Column]:
    """Draw when each stay is looked at next, given how long it has lasted."""
    keys, started = rows["key"], rows["started"].astype(np.int64)
    stays = started != OPEN
    elapsed = np.where(stays, -started, 0).astype(float)
    due = np.full(len(keys), int(OPEN))
    terms = np.zeros(len(keys), np.int64)
    why = np.full(len(keys), BY_PLAN)
    rule = net.rules[0, k]
    if rule["law"] == DRAWN:
        quantiles = duration_of(plan, services()[k].slug).quantiles
        grid = np.linspace(0.0, 1.0, len(quantiles))
        past = np.interp(elapsed, quantiles + np.arange(len(quantiles)) * 1e-9, grid)
        chance = past + uniforms(keys, Purpose.DURATION) * (1 - past)
        # Who has stayed longer than anyone should leaves soon, but not all on one day.
        left = np.maximum(np.interp(chance, grid, quantiles) - elapsed, 0.0)
        late = elapsed >= quantiles[-1]
        left = np.where(late, 90 * uniforms(keys, Purpose.ELAPSED), left)
        clock = clock_of(net, k)
        day = np.floor(np.interp(left, clock, net.turns))
        due = np.where(stays & (left < clock[-1]), day, OPEN).astype(np.int64)
    elif rule["law"] == TERMS:
        terms = np.where(stays, np.floor(elapsed / rule["term"]) + 1, 0).astype(np.int64)
        anniversary = np.floor(started + terms * rule["term"] + 0.5)
        due = np.where(stays, np.maximum(anniversary, 0), OPEN).astype(np.int64)
        why = np.full(len(keys), NOT_RENEWED)
    return {"due": due, "terms": terms, "why": why}


def _without(state: State, gone: npt.NDArray[np.bool_]) -> tuple[Column, Column]:
    """Give the visits and links of a state without some visits, and without what hangs on them."""
    visits, links = state.visits, state.links
    gone = gone.copy()
    linked = np.flatnonzero(visits["links"] >= 0)
    owner = visits["links"][linked]
    while True:
        before = int(gone.sum())
        for name in LINKED:
            other = links[name][owner]
            lost = (other >= 0) & gone[np.maximum(other, 0)]
            if name == "mate":
                gone[linked[lost]] = True  # who came beside another goes with it
        if int(gone.sum()) == before:
            break
    kept = np.flatnonzero(~gone)
    back = np.full(len(visits) + 1, -1, np.int64)
    back[kept] = np.arange(len(kept))
    left = visits[kept].copy()
    has = np.flatnonzero(left["links"] >= 0)
    made = np.zeros(len(has), LINK)
    rows = left["links"][has]
    for name in LINKED:
        made[name] = _next_kept(links, visits, name, links[name][rows], back, gone)
    made["family"] = links["family"][rows]
    left["links"][has] = np.arange(len(has))
    return left, made


def _next_kept(
    links: Column, visits: Column, name: str, of: Ints, back: Ints, gone: npt.NDArray[np.bool_]
) -> Ints:
    """Follow a chain of visits to the next that is still there; a mate has no chain."""
    of = of.astype(np.int64).copy()
    while name != "mate" and (lost := (of >= 0) & gone[np.maximum(of, 0)]).any():
        of[lost] = links["beside"][visits["links"][of[lost]]]
    return back[of]
