"""From the records of policy information to spells: what CBS would make of the deliveries.

Of a deliverer, a sort of file and a period the last delivery holds and replaces those before it.
A record that is told over several periods is one spell, as the last of them tells it. One that has
no end and does not return in the next period that was delivered was closed: it ended in a way that
is not known, at the end of the last period that told of it. A measure that went from one
institution to another is two spells in one episode. The tests do the same slowly.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from itertools import zip_longest
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends import BaseBackend

from stelsel import spells as spell_table
from stelsel.deliveries.cbs.days import shifts
from stelsel.deliveries.cbs.events import NOWHERE, current, delivery_id
from stelsel.deliveries.cbs.records import Delivery
from stelsel.deliveries.cbs.tables import sorts, stations_of
from stelsel.deliveries.periods import Period
from stelsel.register import codes
from stelsel.register.relate import after, attach, first_of, joined, latest
from stelsel.system import exits

UNKNOWN = "unknown"
"""Exit of what was closed because it did not return, or ended for a reason that nobody told."""
TRANSFERRED = "transferred"
"""Exit of a measure that went to another institution; the measure itself did not end."""

HOLDING = pa.schema(
    [
        ("message", pa.string()),
        ("last_of_period", pa.date32()),
        ("after_period", pa.date32()),
        ("next_known", pa.date32()),
    ]
)
"""Columns of the deliveries that hold: ``after_period`` is the first day after their period,
``next_known`` the day on which the next delivered period became known, null where there is none."""


def spells(con: BaseBackend, events: ir.Table) -> ir.Table:
    """Work out the spells that deliveries of policy information tell of.

    Parameters
    ----------
    con
        A connection of Ibis to the engine that does the work; the records that hold become a
        temporary table in it, ``cbs_records``.
    events
        Table with the columns of :data:`stelsel.events.SCHEMA`, in any order of rows; only
        deliveries and their records count. What is known later has to be filtered out before.

    Returns
    -------
    ir.Table
        Columns of :data:`stelsel.spells.SCHEMA`, source ``cbs``.

    Examples
    --------
    >>> import ibis
    >>> from stelsel.events import SCHEMA
    >>> con = ibis.duckdb.connect()
    >>> con.to_pyarrow(spells(con, ibis.memtable(SCHEMA.empty_table()))).num_rows
    0
    """
    return in_spell_columns(records(con, events))


def records(con: BaseBackend, events: ir.Table) -> ir.Table:
    """Give the records that hold, each with start, end, exit and the day known.

    Takes what :func:`spells` takes; gives the columns of an event, and ``start``, ``end``,
    ``exit``, ``chain`` and ``record``.
    """
    told = events.filter(_.kind == "stayed", _.child.notnull()).mutate(
        # A measure that came from another institution is here since its receipt.
        came=_.received.coalesce(_.from_day)
    )
    held = holding(con, events)
    holding_records = con.create_table(
        "cbs_records", last_told(told.filter(_.came.notnull()), held), temp=True
    )
    return ended(attach(holding_records, chains(con, holding_records), ["record"]))


def without_doubles(stayed: ir.Table, care: ir.Table, *, of_one_provider: bool = False) -> ir.Table:
    """Leave out the stays that messages tell of too: the same care, told twice.

    Parameters
    ----------
    stayed
        Spells of policy information.
    care
        Spells of messages. A stay that overlaps one of the same child at the same station is
        left out; the messages know it better, for they tell of the wait before it too.
    of_one_provider
        Whether care by another provider is other care: a child may have help of one form of two
        providers at once. Care of which the provider is not known may be of any.

    Examples
    --------
    >>> import ibis
    >>> none = ibis.memtable(spell_table.SCHEMA.empty_table())
    >>> without_doubles(none, none).count().execute()
    0
    """
    told = care.select("child", "station", "start", "end", "provider").view()
    return stayed.anti_join(told, _same(stayed, told, of_one_provider=of_one_provider))


def with_priorities(care: ir.Table, stayed: ir.Table) -> ir.Table:
    """Give the spells of messages the priority that policy information tells of the same care.

    Messages tell of no crisis. A record says whether the help began with one, so it holds for the
    whole episode: the wait before that help too.

    Parameters
    ----------
    care
        Spells of messages.
    stayed
        Spells of policy information.

    Examples
    --------
    >>> import ibis
    >>> none = ibis.memtable(spell_table.SCHEMA.empty_table())
    >>> with_priorities(none, none).count().execute()
    0
    """
    told = stayed.filter(stayed.priority.notnull())
    told = told.select("child", "station", "start", "end", "provider", said="priority").view()
    found = care.inner_join(told, _same(told, care, of_one_provider=True))
    of_episode = found.group_by("child", "episode").agg(said=found.said.min())
    whole = attach(care, of_episode, ["child", "episode"])
    return whole.mutate(priority=_.priority.coalesce(_.said)).select(*spell_table.SCHEMA.names)


def _same(stayed: ir.Table, told: ir.Table, *, of_one_provider: bool) -> list[ir.BooleanValue]:
    """Give what must hold for a stay to be the same care as what messages tell."""
    same = [
        stayed.child == told.child,
        stayed.station == told.station,
        told.end.isnull() | (stayed.start < told.end) | (stayed.start == told.start),
        stayed.end.isnull() | (told.start < stayed.end),
    ]
    if of_one_provider:
        unknown = stayed.provider.isnull() | told.provider.isnull()
        same.append(unknown | (stayed.provider == told.provider))
    return same


# --- which deliveries hold -----------------------------------------------------------------------


def holding(con: BaseBackend, events: ir.Table) -> ir.Table:
    """Give the deliveries that hold, in the columns of :data:`HOLDING`.

    There are few of them, a handful a year of each deliverer, so they are taken into memory.
    """
    whole = events.filter(_.kind == "delivered").select(
        *("source", "message", "delivery", "period", "provider", "known", "decided")
    )
    series: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in current(con.to_pyarrow(whole).to_pylist()):
        series.setdefault((row["provider"], sort_told(row)), []).append(dict(row))
    rows = []
    for mine in series.values():
        mine.sort(key=lambda row: Period.of(row["period"]))
        for row, later in zip_longest(mine, mine[1:]):
            period = Period.of(row["period"])
            rows.append(
                {
                    "message": row["message"],
                    "last_of_period": period.last,
                    "after_period": period.next.first,
                    "next_known": later["known"] if later else None,
                }
            )
    return ibis.memtable(pa.Table.from_pylist(rows, schema=HOLDING))


def sort_told(row: Mapping[str, Any]) -> str:
    """Give the sort of file of a delivery, which its id was made of; empty for another id."""
    period = Period.of(row["period"])
    made = {
        delivery_id(Delivery(sort, row["provider"], period, date.min)): sort for sort in sorts()
    }
    return made.get(row["delivery"], "")


# --- records -------------------------------------------------------------------------------------


def last_told(told: ir.Table, held: ir.Table) -> ir.Table:
    """Give one row a record, as the last period tells it, known since it was first told so.

    ``went`` is the day on which it went to another institution; null where it did not, or where
    that was before it came, or where it ended on that day or before.
    """
    text = "string"
    records = told.inner_join(held, "message")
    keyed = records.mutate(
        record=joined(
            "S", records.provider, records.station, records.child, records.came.cast(text)
        ),
        content=joined(
            *("T", records.last_day.cast(text), records.reason, records.municipality),
            *(records.referrer, records.priority, records.transferred.cast(text)),
        ),
        went=ibis.ifelse(
            (records.transferred >= records.came)
            & (records.last_day.isnull() | (records.transferred < records.last_day)),
            records.transferred,
            ibis.null("date"),
        ),
    )
    since = keyed.mutate(
        since=_.known.min().over(ibis.window(group_by=["record", "content"])),
    )
    return first_of(since, ["record"], [_.last_of_period.desc(), _.content, _.event])


def chains(con: BaseBackend, records: ir.Table) -> ir.Table:
    """Give the first record of each measure that went over: columns ``record`` and ``chain``.

    A record follows that of another institution about the same child and measure which went over
    on the day before its receipt (protocol v7, ch. 5). Few are transferred, so they are taken into
    memory.
    """
    asked = records.filter(_.went.notnull() | _.received.notnull())
    names = ("record", "child", "station", "provider", "went", "received")
    rows = sorted(con.to_pyarrow(asked.select(*names)).to_pylist(), key=lambda row: row["record"])
    went: dict[tuple[str, str, date], list[dict[str, Any]]] = {}
    for row in rows:
        if row["went"] is not None:
            there = (row["child"], row["station"], row["went"] + timedelta(days=1))
            went.setdefault(there, []).append(row)
    first: dict[str, str] = {}
    for row in sorted((row for row in rows if row["received"]), key=lambda row: row["received"]):
        before = went.get((row["child"], row["station"], row["received"]), [])
        others = [one["record"] for one in before if one["provider"] != row["provider"]]
        if others:
            first[row["record"]] = first.get(others[0], others[0])
    found = {"record": list(first), "chain": list(first.values())}
    return ibis.memtable(pa.table(found, pa.schema([(name, pa.string()) for name in found])))


@cache
def ways() -> ir.Table:
    """Give how the days at each station are counted.

    Columns ``station``, ``kind``, and in days ``before`` and ``after``; see
    :mod:`stelsel.deliveries.cbs.days`.

    Examples
    --------
    >>> ways().filter(ibis._.station == "care-foster-care").before.execute().to_list()
    [1]
    """
    rows = []
    for sort in sorts():
        for place in stations_of(sort).values():
            before, after = shifts(place.id)
            row = {"station": place.id, "kind": place.kind}
            rows.append(row | {"before": before.days, "after": after.days})
    return ibis.memtable(pa.Table.from_pylist(rows))


@cache
def reasons() -> ir.Table:
    """Give the exit that each reason means: columns ``kind``, ``reason`` and ``exit``.

    Of several exits with one code the first counts: the others are finer than the code tells.

    Examples
    --------
    >>> of_care = reasons().filter(ibis._.kind == "care", ibis._.reason == "01")
    >>> of_care.exit.execute().to_list()
    ['planned']
    """
    first = {(one.kind, one.cbs_code): one.id for one in reversed(exits()) if one.cbs_code}
    rows = [{"kind": kind, "reason": code, "exit": name} for (kind, code), name in first.items()]
    return ibis.memtable(pa.Table.from_pylist(rows))


def ended(records: ir.Table) -> ir.Table:
    """Add start, end, exit and the day known to the records."""
    day = ibis.interval(days=1)
    counted = attach(
        records.drop("kind").inner_join(ways(), "station"), reasons(), ["kind", "reason"]
    )
    went = counted.went.notnull()
    closed = counted.last_day.isnull() & ~went & counted.next_known.notnull()
    return counted.mutate(
        start=(counted.came - counted.before * day).cast("date"),
        end=ibis.cases(
            (went, after(counted.went)),
            (closed, counted.after_period),
            else_=(counted.last_day + counted.after * day).cast("date"),
        ),
        exit=ibis.cases(
            (went, TRANSFERRED),
            (closed, UNKNOWN),
            (counted.last_day.notnull(), counted.exit.coalesce(UNKNOWN)),
        ),
        known=ibis.ifelse(closed, latest(counted.since, counted.next_known), counted.since),
    )


def in_spell_columns(stayed: ir.Table, *others: str) -> ir.Table:
    """Give stays the columns of a table of spells, and some others of theirs.

    A record that follows none opens an episode.
    A municipality that a delivery does not tell is not known, and none of its own.
    """
    belonging = codes.memberships()
    within = (
        (stayed.municipality == belonging.belongs)
        & (stayed.start >= belonging.valid_from)
        & (stayed.start <= belonging.valid_to)
    )
    return (
        stayed.left_join(belonging, within)
        .mutate(
            episode=_.chain.coalesce(_.record).hexdigest("md5").left(16),
            municipality=_.municipality.nullif(NOWHERE),
            source=ibis.literal("cbs"),
        )
        .select(*spell_table.SCHEMA.names, *others)
    )
