"""The chain of protection: from the report to the first help, where the time goes.

A *chain* begins for a child on the day on which it comes to a first station of protection: a
report, a protection table, a request to the board. It ends with the first care that begins after
it (or runs on it), or when nothing follows for a while; it is followed for a fixed number of days.
So all chains are followed equally long, those that find no help are counted with their days, and
means are of days *within* that time. Each day belongs to one stage (``monitor/data/stages.csv``):
where a child is at several, to the one that is furthest along.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from statistics import fmean
from typing import Any

import pyarrow as pa

from stelsel import spells as spell_table
from stelsel.disclosure import declare
from stelsel.errors import StelselError
from stelsel.monitor.fields import field as known_field
from stelsel.system import station
from stelsel.tables import packaged, read_table

FOLLOW = 180
"""Days for which a chain is followed: an own choice."""
GAP = 60
"""Days after which what follows is another chain: an own choice, for nothing tells of it."""
MANY = 4
"""More workers than this in one family were called many (kst-31839-699, 7 November 2019)."""
WORKER, CHANGED = "institution-worker-assigned", "institution-worker-changed"
BETWEEN = "between"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the chain; the lower its rank, the further along."""

    id: str
    rank: int
    stations: tuple[str, ...]
    name_nl: str
    name_en: str
    source: str


@cache
def stages() -> tuple[Stage, ...]:
    """Give the stages, the furthest along first.

    Examples
    --------
    >>> [one.id for one in stages()][:3]
    ['wait-care', 'minimal', 'intake-list']
    """
    columns = ("id", "rank", "stations", "name_nl", "name_en")
    rows = read_table(packaged("stelsel.monitor", "stages.csv"), columns, key=("id",))
    return tuple(
        Stage(
            row["id"],
            int(row["rank"]),
            tuple(filter(None, row["stations"].split(";"))),
            row["name_nl"],
            row["name_en"],
            row["source"],
        )
        for row in rows
    )


@dataclass
class Chain:
    """One chain of one child: its days by stage, and who took it over from whom.

    ``outcome`` is ``helped``, ``left`` (nothing followed) or ``still`` (under way after that time).
    """

    child: str
    region: str | None
    begin: date
    help: date | None
    outcome: str
    days: dict[str, int] = field(default_factory=dict)
    desks: list[tuple[str, str]] = field(default_factory=list)

    @property
    def length(self) -> int:
        """Days until help, or as long as it was followed."""
        return sum(self.days.values())

    @property
    def handovers(self) -> int:
        """How often another organisation took over."""
        return sum(one != other for one, other in zip(self.desks, self.desks[1:], strict=False))

    @property
    def intakes(self) -> int:
        """How many organisations the child came to, that of the help among them."""
        return len(set(self.desks))


def chains_of(spells: pa.Table, as_of: date, days: int = 365, follow: int = FOLLOW) -> list[Chain]:
    """Give the chains that began in a period, each followed equally long.

    Parameters
    ----------
    spells
        Columns of :data:`stelsel.spells.SCHEMA`.
    as_of
        The day of looking.
    days
        Length of the period in which they began; it ends ``follow`` days before ``as_of``.
    follow
        Days for which each is followed.

    Raises
    ------
    StelselError
        When ``days`` or ``follow`` is under 1, or ``spells`` is no table of spells.

    Examples
    --------
    >>> one = {"child": "a", "episode": "a1", "station": "list-board-protection",
    ...        "start": date(2026, 1, 5), "end": date(2026, 1, 15), "exit": "started",
    ...        "known": date(2026, 1, 15), "source": "twin"}
    >>> care = {**one, "station": "care-ambulatory", "start": date(2026, 1, 20),
    ...         "end": None, "exit": None}
    >>> table = pa.Table.from_pylist([one, care], schema=spell_table.SCHEMA)
    >>> [chain] = chains_of(table, date(2026, 12, 31), follow=90)
    >>> chain.days, chain.length, chain.handovers
    ({'wait-board': 10, 'between': 5}, 15, 1)
    """
    if min(days, follow) < 1:
        raise StelselError(
            "A period is a day or more.",
            where="days, follow",
            remedy="Give 1 or more.",
            what_nl="Een periode is een dag of meer.",
            remedy_nl="Geef 1 of meer.",
        )
    last = as_of - timedelta(days=follow)
    first = last - timedelta(days=days - 1)
    own: dict[str, list[Row]] = defaultdict(list)
    for row in spell_table.check(spells).to_pylist():
        if row["start"] <= as_of and (row["station"] in _stage_of() or _is_help(row)):
            own[row["child"]].append(row)
    found = []
    for child in sorted(own):
        rows = sorted(own[child], key=lambda row: (row["start"], row["station"], row["episode"]))
        found += [one for one in _chains(child, rows, follow) if first <= one.begin <= last]
    return found


@cache
def _stage_of() -> Mapping[str, Stage]:
    return {place: one for one in stages() for place in one.stations}


def _is_help(row: Row) -> bool:
    return str(row["station"]).startswith(spell_table.CARE)


def _begins(row: Row) -> bool:
    """Tell whether a stay begins a chain: one of protection, not a wait for care or a measure."""
    stage = _stage_of().get(row["station"])
    return stage is not None and stage.id not in ("wait-care", "measure", "minimal")


def _chains(child: str, rows: Sequence[Row], follow: int) -> Iterator[Chain]:
    """Give the chains of a child: the next begins when the one before is over."""
    over = date.min
    for row in rows:
        begin = row["start"]
        if not _begins(row) or begin < over:
            continue
        later = begin + timedelta(days=follow)
        chain, over = _followed(child, row, rows, later)
        yield chain


def _followed(child: str, first: Row, rows: Sequence[Row], later: date) -> tuple[Chain, date]:
    """Follow one chain up to a day, and tell when the next can begin."""
    begin = reached = first["start"]
    chain = Chain(child, first["region"], begin, None, "left")
    mine = [first]
    if first["end"] is None or first["end"] > begin:
        reached = min(first["end"] or later, later)
    for row in rows:
        came = max(row["start"], begin)
        if row is first:
            continue
        if row["end"] is not None and row["end"] <= begin and row["start"] < begin:
            continue
        if came >= later or came > reached + timedelta(days=GAP):
            break
        if _is_help(row):
            chain.help, chain.outcome = came, "helped"
            mine.append(row)
            break
        mine.append(row)
        reached = max(reached, min(row["end"] or later, later))
    until = chain.help or reached
    if chain.help is None and reached >= later:
        chain.outcome = "still"
    for number in range((until - begin).days):
        day = begin + timedelta(days=number)
        there = [
            _stage_of()[row["station"]]
            for row in mine
            if not _is_help(row)
            and row["start"] <= day
            and (row["end"] is None or row["end"] > day)
        ]
        stage = min(there, key=lambda one: one.rank).id if there else BETWEEN
        chain.days[stage] = chain.days.get(stage, 0) + 1
    came_to = [row for row in mine if row["start"] >= begin or _is_help(row)]
    chain.desks = [(station(row["station"]).owner, row["provider"] or "") for row in came_to]
    return chain, max(until, begin + timedelta(days=1))


# --- what is told of them ------------------------------------------------------------------------


def _count(name: str) -> pa.Field:
    return declare(pa.field(name, pa.int64()), "count", behind="" if name == "chains" else "chains")


def _estimate(name: str) -> pa.Field:
    return declare(pa.field(name, pa.float64()), "estimate", behind="chains")


def _day(name: str) -> pa.Field:
    return known_field(name).arrow()


OUTCOMES = ("helped", "left", "still")
REGION = known_field("region").arrow()
STAGES = pa.schema(
    [
        REGION,
        declare(pa.field("stage", pa.string()), "key"),
        *(_day(name) for name in ("as_of", "period_start", "period_end")),
        _count("chains"),
        _estimate("days_mean"),
        _estimate("share"),
    ]
)
"""Rows by stage: ``days_mean`` days per chain, of all that were followed; ``share`` of all their
days, in percent; ``chains`` those that were there for a day or more."""
TOTALS = pa.schema(
    [
        REGION,
        *(_day(name) for name in ("as_of", "period_start", "period_end")),
        declare(pa.field("chains", pa.int64()), "count", parts=OUTCOMES),
        *(declare(pa.field(name, pa.int64()), "count", behind="chains") for name in OUTCOMES),
        *(_estimate(name) for name in ("days_mean", "handovers_mean", "intakes_mean")),
    ]
)
"""One row a region: chains begun; those that found help, of which nothing followed, and that are
still under way; and means per chain."""
WORKERS = pa.schema(
    [
        *(_day(name) for name in ("as_of", "period_start", "period_end")),
        _count("chains"),
        declare(pa.field("many", pa.int64()), "count", behind="chains"),
        _estimate("workers_mean"),
    ]
)
"""One row: ``chains`` are cases at an institution with a named worker on some day of the period;
``many`` those that had more than four; ``workers_mean`` per case, since it began."""


def by_stage(found: Sequence[Chain], as_of: date, days: int, follow: int = FOLLOW) -> pa.Table:
    """Tell where the time goes: columns :data:`STAGES`.

    Examples
    --------
    >>> by_stage([], date(2026, 1, 1), 365).num_rows
    0
    """
    rows = []
    for region, own in _by_region(found).items():
        whole = sum(one.length for one in own) or 1  # all may find help on the first day
        for stage in stages():
            spent = [one.days.get(stage.id, 0) for one in own]
            if any(spent):
                rows.append(
                    {
                        "region": region,
                        "stage": stage.id,
                        "chains": sum(map(bool, spent)),
                        "days_mean": sum(spent) / len(own),
                        "share": 100 * sum(spent) / whole,
                    }
                )
    return pa.Table.from_pylist([row | _period(as_of, days, follow) for row in rows], STAGES)


def in_total(found: Sequence[Chain], as_of: date, days: int, follow: int = FOLLOW) -> pa.Table:
    """Tell of whole chains: columns :data:`TOTALS`.

    Examples
    --------
    >>> in_total([], date(2026, 1, 1), 365).num_rows
    0
    """
    rows = [
        {
            "region": region,
            "chains": len(own),
            **{name: sum(one.outcome == name for one in own) for name in OUTCOMES},
            "days_mean": fmean(one.length for one in own),
            "handovers_mean": fmean(one.handovers for one in own),
            "intakes_mean": fmean(one.intakes for one in own),
        }
        for region, own in _by_region(found).items()
    ]
    return pa.Table.from_pylist([row | _period(as_of, days, follow) for row in rows], TOTALS)


def workers(marks: pa.Table, as_of: date, days: int = 365) -> pa.Table:
    """Count the workers that a case has had at its institution: columns :data:`WORKERS`.

    A family is not told; a case is one child's, and stands for it.

    Parameters
    ----------
    marks
        Columns of :data:`stelsel.marks.SCHEMA`.
    as_of, days
        Cases in which something was told of a worker up to ``as_of``, with the last telling not
        more than ``days`` before it.

    Examples
    --------
    >>> from stelsel.marks import SCHEMA
    >>> workers(SCHEMA.empty_table(), date(2026, 1, 1)).num_rows
    0
    """
    first = as_of - timedelta(days=days - 1)
    heard: dict[str, list[Row]] = defaultdict(list)
    for row in marks.to_pylist():
        if row["mark"] in (WORKER, CHANGED) and row["day"] <= as_of:
            heard[row["case"]].append(row)
    numbers = []
    for rows in heard.values():
        if max(row["day"] for row in rows) >= first:
            changed = sum(row["mark"] == CHANGED for row in rows)
            numbers.append(changed + max(1, len(rows) - changed))
    if not numbers:
        return WORKERS.empty_table()
    row = {
        "chains": len(numbers),
        "many": sum(number > MANY for number in numbers),
        "workers_mean": fmean(numbers),
    }
    period = {"as_of": as_of, "period_start": first, "period_end": as_of}
    return pa.Table.from_pylist([row | period], WORKERS)


def _by_region(found: Sequence[Chain]) -> dict[str | None, list[Chain]]:
    groups: dict[str | None, list[Chain]] = defaultdict(list)
    for one in sorted(found, key=lambda one: one.region or "~"):
        groups[one.region].append(one)
    return groups


def _period(as_of: date, days: int, follow: int) -> dict[str, date]:
    last = as_of - timedelta(days=follow)
    first = last - timedelta(days=days - 1)
    return {"as_of": as_of, "period_start": first, "period_end": last}
