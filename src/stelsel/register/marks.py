"""From events to marks: the steps of cases, and what messages and deliveries tell of their terms.

Requests are followed by the provider's reference, claims and messages by the message that answers
them, care by its delivery. What was refused, withdrawn or taken back is no mark.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends import BaseBackend

from stelsel.deliveries.cbs import Delivery
from stelsel.deliveries.cbs.events import delivery_id
from stelsel.deliveries.cbs.tables import sorts
from stelsel.deliveries.periods import Period
from stelsel.marks import SCHEMA
from stelsel.register import cases
from stelsel.register.relate import attach, first_of
from stelsel.register.steps import not_refused, with_labels
from stelsel.system.steps import steps

BY_PROVIDER = ("requested", "change-requested", "started", "stopped", "declared")
"""Kinds of events that begin a message of a provider; others are of a municipality."""
SENT = (*BY_PROVIDER, "allocated", "answered")
"""Kinds of events of messages that must be returned."""
_ANSWERS = {"1": "request-rejected", "2": "request-investigated"}


def marks_of(con: BaseBackend, events: ir.Table) -> pa.Table:
    """Give the marks that events tell of.

    Parameters
    ----------
    con
        A fresh connection of Ibis to the engine that does the work.
    events
        Table with the columns of :data:`stelsel.events.SCHEMA`; what is known later has to be
        filtered out before.

    Returns
    -------
    pa.Table
        Columns of :data:`stelsel.marks.SCHEMA`, in order of case, day and place.

    Examples
    --------
    >>> from stelsel.events import SCHEMA as told
    >>> marks_of(ibis.duckdb.connect(), ibis.memtable(told.empty_table())).num_rows
    0
    """
    sources = set(con.to_pyarrow(events.select("source").distinct())["source"].to_pylist())
    parts = []
    if "process" in sources:
        parts.append(_stepped(con, events.filter(_.source == "process")))
    if "ijw" in sources:
        told = events.filter(_.source == "ijw")
        held = con.create_table("marks_told", with_labels(not_refused(told)), temp=True)
        every = con.create_table("marks_every", told, temp=True)
        parts += [_asked(held), _cared(held), _claimed(held, every), _returned(every)]
    found = [con.to_pyarrow(_columns(part)) for part in parts]
    if "cbs" in sources:
        found.append(_delivered(con, events.filter(_.kind == "delivered")))
    whole = pa.concat_tables([part.cast(SCHEMA) for part in (SCHEMA.empty_table(), *found)])
    return whole.sort_by([(name, "ascending") for name in ("case", "day", "place", "mark")])


def case_key(organisation: str, case: str) -> str:
    """Give the key of a case of steps, as in marks and in the episodes of spells.

    Examples
    --------
    >>> case_key("GI-04", "a1")
    '97d8fb97c5568401'
    """
    return hashlib.md5(f"C/{organisation}/{case}".encode(), usedforsecurity=False).hexdigest()[:16]


def births_of(con: BaseBackend, events: ir.Table) -> pa.Table:
    """Give the month, or the year, in which each child was born, as it was told last.

    Returns
    -------
    pa.Table
        Columns ``child`` and ``birth_month``.

    Examples
    --------
    >>> from stelsel.events import SCHEMA as told
    >>> births_of(ibis.duckdb.connect(), ibis.memtable(told.empty_table())).column_names
    ['child', 'birth_month']
    """
    told = events.filter(_.child.notnull(), _.birth_month.notnull())
    # A whole month before a year alone, then what was told last.
    order = [_.birth_month.length().desc(), _.known.desc(), _.event]
    return con.to_pyarrow(first_of(told, ["child"], order).select("child", "birth_month"))


def _columns(part: ir.Table) -> ir.Table:
    """Fill the columns that a part does not tell with null."""
    types = {"last_day": "date", "implied": "boolean", "place": "int64"}
    given = {"implied": ibis.literal(False), "place": ibis.literal(0, "int64")}
    lacking = {
        name: given.get(name, ibis.null(types.get(name, "string")))
        for name in SCHEMA.names
        if name not in part.columns
    }
    return part.mutate(**lacking).select(*SCHEMA.names)


def _stepped(con: BaseBackend, events: ir.Table) -> ir.Table:
    held = con.create_table("marks_facts", cases.facts(events), temp=True)
    ids = [one.id for one in steps()]
    places = ibis.memtable(pa.table({"step": ids, "place": list(range(len(ids)))}))
    named = cases.children(cases.in_order(held)).drop("named_known")
    told = attach(held.drop("child"), named, ["whose"])
    return told.inner_join(places, "step").mutate(
        mark=_.step,
        reason=_.reason.coalesce(_.priority),
        case=_.whose.hexdigest("md5").left(16),
        child=_.named,
        organisation=_.provider,
        day=_.about,
    )


def _asked(held: ir.Table) -> ir.Table:
    """Give requests, and what came of them, by the reference of the provider."""
    asked = held.filter(_.kind.isin(["requested", "change-requested"]), _.request.notnull())
    first = first_of(asked, ["request", "kind"], [_.about, _.known, _.event])
    sent = first.mutate(
        mark=ibis.ifelse(_.kind == "requested", "request-sent", "change-sent"),
        reason=ibis.null("string"),
    )
    answered = held.filter(_.kind == "answered", _.request.notnull()).mutate(
        mark=_.reason.split("/")[0].cases(*_ANSWERS.items(), else_=ibis.null("string")),
        reason=_.reason.split("/")[1].nullif(""),
    )
    allocated = first_of(
        held.filter(_.kind == "allocated", _.request.notnull()),
        ["request"],
        [_.known, _.about, _.event],
    ).mutate(mark=ibis.literal("request-allocated"), reason=ibis.null("string"))
    # An answer names no child, and a request can be honoured on the day of the decision; what
    # counts is the day on which the provider was told.
    names = first.group_by("request").agg(of=_.child.max())
    rows = ibis.union(
        *(
            part.select("mark", "reason", "request", "provider", "municipality", "known", when=day)
            for part, day in (
                (sent, sent.about),
                (answered.filter(_.mark.notnull()), answered.filter(_.mark.notnull()).known),
                (allocated, allocated.known),
            )
        )
    )
    return attach(rows, names, ["request"]).mutate(
        case=_.request.hexdigest("md5").left(16),
        child=_.of,
        day=_.when,
        organisation=ibis.ifelse(_.mark.endswith("-sent"), _.provider, _.municipality),
        addressed=ibis.ifelse(_.mark.endswith("-sent"), _.municipality, _.provider),
        place=ibis.ifelse(_.mark.endswith("-sent"), 0, 1),
    )


def _cared(held: ir.Table) -> ir.Table:
    """Give starts and stops of care, each twice: when it was so, and when it was told."""
    known = held.filter(_.kind == "allocated").group_by("line").agg(allocated=_.known.min())
    told = attach(
        held.filter(_.kind.isin(["started", "stopped"]), _.status.fill_null("1") != "3"),
        known,
        ["line"],
    )
    begins = told.kind == "started"
    # A start that was allocated after it is due from the allocation on.
    late = begins & (told.allocated > told.about).fill_null(False)
    so = told.mutate(
        mark=ibis.ifelse(begins, "care-begun", "care-ended"),
        day=ibis.ifelse(late, told.allocated, told.about),
        place=ibis.literal(0),
    )
    said = told.mutate(
        mark=ibis.ifelse(begins, "care-begun-told", "care-ended-told"),
        day=told.known,
        place=ibis.literal(1),
    )
    both = ("mark", "event", "child", "municipality", "provider", "known", "day", "place")
    return ibis.union(so.select(*both), said.select(*both)).mutate(
        case=_.event.hexdigest("md5").left(16),
        organisation=_.provider,
        addressed=_.municipality,
    )


def _claimed(held: ir.Table, every: ir.Table) -> ir.Table:
    """Give claims and their answers, by the message that was answered."""
    sent = held.filter(_.kind == "declared").mutate(
        mark=ibis.literal("claim-sent"), of=_.message, place=ibis.literal(0)
    )
    assessed = every.filter(_.kind == "assessed", _.answers.notnull()).mutate(
        mark=ibis.literal("claim-assessed"), of=_.answers, place=ibis.literal(1)
    )
    return _messages(sent, assessed, ibis.literal(True))


def _returned(every: ir.Table) -> ir.Table:
    """Give messages and their returns, between those of whom any return was taken in."""
    whole = every.filter(_.kind.isin(SENT))
    sent = first_of(whole, ["message"], [_.event]).mutate(
        mark=ibis.literal("message-sent"), of=_.message, place=ibis.literal(0)
    )
    back = every.filter(_.kind == "returned", _.answers.notnull()).mutate(
        mark=ibis.literal("message-returned"), of=_.answers, place=ibis.literal(1)
    )
    return _messages(sent, back, _.kind.isin(BY_PROVIDER))


def _messages(sent: ir.Table, back: ir.Table, of_provider: ir.BooleanValue) -> ir.Table:
    names = ("mark", "of", "municipality", "provider", "known", "place", "kind")
    # What is refused went out of one of both, and with it that some columns are never empty.
    sent, back = (_loose(part.select(*names)) for part in (sent, back))
    sender = ibis.ifelse(of_provider, _.provider, _.municipality)
    other = ibis.ifelse(of_provider, _.municipality, _.provider)
    # Who never answers is one whose answers are not taken in, not one who is always late.
    answers = back.select("municipality", "provider").distinct()
    sent = sent.semi_join(answers, ["municipality", "provider"])
    return ibis.union(sent, back).mutate(
        case=_.of.hexdigest("md5").left(16),
        day=_.known,
        organisation=sender,
        addressed=other,
    )


def _loose(part: ir.Table) -> ir.Table:
    return part.cast({name: kind.copy(nullable=True) for name, kind in part.schema().items()})


def _delivered(con: BaseBackend, events: ir.Table) -> pa.Table:
    """Give the periods of policy information: over, and delivered; the next one of each too."""
    rows = con.to_pyarrow(events.select("provider", "delivery", "period", "known")).to_pylist()
    return pa.Table.from_pylist(list(_periods(rows)), schema=SCHEMA)


def _periods(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    first: dict[tuple[str, str, Period], date] = {}
    for row in rows:
        period = Period.of(row["period"])
        # An event of a delivery does not name its sort, but the id of the delivery is made of it.
        [sort] = [
            name
            for name in sorts()
            if delivery_id(Delivery(name, row["provider"], period, row["known"])) == row["delivery"]
        ]
        key = (row["provider"], sort, period)
        first[key] = min(row["known"], first.get(key, row["known"]))
    due = {(who, sort, period.next) for who, sort, period in first} | first.keys()
    for who, sort, period in sorted(due, key=str):
        shared = {
            "case": f"{who}/{sort}/{period}",
            "organisation": who,
            "implied": False,
        }
        given = first.get((who, sort, period))
        yield shared | {
            "mark": "period-ended",
            "day": period.last,
            "known": given or period.last,
            "place": 0,
        }
        if given:
            yield shared | {"mark": "period-delivered", "day": given, "known": given, "place": 1}
