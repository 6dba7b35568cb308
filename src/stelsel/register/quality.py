"""The quality of what a register was told: what is missing, late, loose, unlikely or refused.

What each measure asks is in ``register/data/quality_measures.csv``, how it is counted in
:mod:`stelsel.register.quality_facts`. Here they are counted together, and the tables are made as
they may leave.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from itertools import groupby
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends import BaseBackend

from stelsel.disclosure import PROTECTED, declare, protect
from stelsel.register import quality_facts as facts
from stelsel.register.quality_measures import measures
from stelsel.system.own_codes import OwnCodes

REGULAR: Final = 50
"""Percent of the months in which a provider told something that make it one that tells regularly.

Own choice: a month without a word means little of a provider with one child.
"""
SAME_DAY: Final = (
    *("requested", "change-requested", "answered", "returned"),
    *("assessed", "line-rejected", "claimed"),
)
"""Kinds of events that are about the day they are told, or about that of another event."""


def _key(name: str) -> pa.Field:
    return declare(pa.field(name, pa.string()), "key")


def _label(name: str, kind: pa.DataType) -> pa.Field:
    return declare(pa.field(name, kind), "label")


def _count(name: str, behind: str = "") -> pa.Field:
    return declare(pa.field(name, pa.int64()), "count", behind=behind)


_COUNTED: Final = (
    _count("found", "children"),
    _count("children"),
    _count("looked_at", "children_looked_at"),
    _count("children_looked_at"),
)
_DAYS: Final = (
    _count("facts", "children"),
    _count("children"),
    *(
        declare(pa.field(name, pa.float64()), "estimate", behind="facts")
        for name in ("median_days", "p90_days")
    ),
)
MEASURES: Final = pa.schema([_label("measure", pa.string()), *_COUNTED])
"""Columns of the measures: one row a measure."""
PARTIES: Final = pa.schema([_label("measure", pa.string()), _key("party"), *_COUNTED])
"""Columns of the measures by party: who can mend it, a provider or a municipality."""
LATENESS: Final = pa.schema([_label("kind", pa.string()), *_DAYS])
"""Columns of the days between what happened and its being known, by kind of event."""
LATENESS_PROVIDERS: Final = pa.schema([_label("kind", pa.string()), _key("provider"), *_DAYS])
"""The same by provider."""
LATENESS_MONTHS: Final = pa.schema(
    [_label("kind", pa.string()), _label("month", pa.string()), *_DAYS]
)
"""The same by month in which it became known; months have no total that anybody publishes."""
RULES: Final = pa.schema([_key("rule"), _count("broken", "children"), _count("children")])
"""Columns of the rules that messages break: how many messages, refused or not."""
SILENCES: Final = pa.schema(
    [
        _label("provider", pa.string()),
        _label("regular", pa.bool_()),
        *(_label(name, pa.int64()) for name in ("months", "silent")),
        *(_label(name, pa.string()) for name in ("first_month", "last_told")),
        _label("silent_months", pa.list_(pa.string())),
    ]
)
"""Columns of the months without a word of a provider, from its first to the last whole month.

They say nothing of people: a month is silent when not one message came.
"""


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of a register, in tables; exact numbers.

    Parameters
    ----------
    measures
        One row a measure (:data:`MEASURES`).
    parties
        The measures by party (:data:`PARTIES`), the most found first.
    lateness, lateness_providers, lateness_months
        Days between what happened and its being known.
    silences
        Months without a word (:data:`SILENCES`), only of providers that have some.
    rules
        Rules that messages break (:data:`RULES`), most broken first.
    revisions
        What late arrivals changed (:data:`stelsel.register.revisions.REVISIONS`).
    """

    measures: pa.Table
    parties: pa.Table
    lateness: pa.Table
    lateness_providers: pa.Table
    lateness_months: pa.Table
    silences: pa.Table
    rules: pa.Table
    revisions: pa.Table

    def tables(self) -> dict[str, pa.Table]:
        """Give the tables by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def quality(
    con: BaseBackend,
    events: ir.Table,
    own: OwnCodes,
    spells: pa.Table,
    verdicts: pa.Table,
    revisions: pa.Table,
) -> Quality:
    """Count what is missing, late, loose, unlikely or refused.

    Parameters
    ----------
    con
        A fresh connection of Ibis to the engine that does the work.
    events
        Table with the columns of :data:`stelsel.events.SCHEMA`. What is known later has to be
        filtered out before, here and in the other tables.
    own
        What own codes stand for.
    spells, verdicts, revisions
        What ``Register.spells``, ``Register.verdicts`` and ``Register.revisions`` give.

    Returns
    -------
    Quality
        Exact numbers; what leaves goes through :func:`as_it_may_leave`.

    Examples
    --------
    >>> from stelsel.events import SCHEMA
    >>> from stelsel.register.checking import VERDICTS
    >>> from stelsel.register.revisions import REVISIONS
    >>> from stelsel.spells import SCHEMA as SPELLS
    >>> found = quality(
    ...     ibis.duckdb.connect(), ibis.memtable(SCHEMA.empty_table()), OwnCodes([]),
    ...     SPELLS.empty_table(), VERDICTS.empty_table(), REVISIONS.empty_table())
    >>> found.measures.num_rows == len(measures()), set(found.measures["looked_at"].to_pylist())
    (True, {0})
    """
    (days,) = con.to_pyarrow(events.aggregate(last=_.known.max())).to_pylist()
    # Columns that may not be empty cannot be put under those that may.
    types = {name: kind(nullable=True) for name, kind in events.schema().items()}
    events = events.cast(ibis.schema(types))
    known = facts.known_from(con, events, own, days["last"] or date(1900, 1, 1))
    messages = facts.judged(known.events, verdicts)
    every = ibis.union(
        facts.allocations_without_start(known),
        facts.ended_without_stop(known),
        facts.requests_without_answer(known),
        facts.starts_without_allocation(known),
        facts.stops_without_start(known),
        facts.answers_without_request(known),
        facts.returns_without_message(known),
        facts.told_late(known),
        facts.negative_waits(spells),
        facts.unmapped_codes(known),
        facts.refusals(messages),
    )
    kept = con.create_table("facts", every, temp=True)
    days_late = con.create_table("days_late", _days(known, events), temp=True)
    return Quality(
        _all_measures(con.to_pyarrow(_counted(kept, "measure")).to_pylist()),
        _sorted(con, _counted(kept, "measure", "party").filter(_.found > 0), PARTIES),
        _sorted(con, _spread(days_late, "kind"), LATENESS),
        _sorted(con, _spread(days_late, "kind", "provider"), LATENESS_PROVIDERS),
        _sorted(con, _spread(days_late, "kind", "month"), LATENESS_MONTHS),
        _silences(con, events, days["last"]),
        _rules(con, messages),
        revisions,
    )


def _counted(kept: ir.Table, *by: str) -> ir.Table:
    return kept.group_by(*by).agg(
        found=_.found.sum(),
        children=_.person.nunique(where=_.found),
        looked_at=_.count(),
        children_looked_at=_.person.nunique(),
    )


def _all_measures(rows: list[dict[str, Any]]) -> pa.Table:
    """Put the measures in the order of their table; one without a case counts nought."""
    found = {row["measure"]: row for row in rows}
    nothing = dict.fromkeys(MEASURES.names[1:], 0)
    table = [{"measure": one.id, **nothing, **found.get(one.id, {})} for one in measures()]
    return pa.Table.from_pylist(table, schema=MEASURES)


def _sorted(con: BaseBackend, rows: ir.Table, schema: pa.Schema) -> pa.Table:
    """Give rows in the columns of a schema: by what they are about, those with most first."""
    names = [name for name in schema.names if pa.types.is_string(schema.field(name).type)]
    most = "found" if "found" in schema.names else "facts"
    listed = con.to_pyarrow(rows.select(*schema.names)).to_pylist()
    by_month = "month" in names
    listed.sort(
        key=lambda row: (row[names[0]], 0 if by_month else -row[most], *(row[n] for n in names))
    )
    return pa.Table.from_pylist(listed, schema=schema)


# --- lateness ------------------------------------------------------------------------------------


def _days(known: facts.Known, events: ir.Table) -> ir.Table:
    """Give one row a fact of which the day it is about and the day it became known may differ.

    Of messages those that hold: starts and stops as sent last, allocations as decided first.
    """
    starts = known.starts.mutate(kind=ibis.literal("started"), about=_.from_day)
    stops = known.stops.mutate(kind=ibis.literal("stopped"), about=_.last_day)
    decided = known.allocations.filter(~_.deleted).mutate(
        kind=ibis.literal("allocated"), about=_.decision, known=_.first_known
    )
    others = ("started", "stopped", "allocated", *SAME_DAY)
    names = ("kind", "provider", "child", "about", "known")
    rest = events.filter(_.kind.notin(others)).mutate(child=_.child.coalesce(_.message))
    rows = ibis.union(*(part.select(*names) for part in (starts, stops, decided, rest)))
    return rows.mutate(
        month=_.known.strftime("%Y-%m"), days=_.known.delta(_.about, unit="day").cast("int64")
    )


def _spread(days: ir.Table, *by: str) -> ir.Table:
    return days.group_by(*by).agg(
        facts=_.count(),
        children=_.child.nunique(),
        median_days=_.days.median().cast("float64"),
        p90_days=_.days.quantile(0.9).cast("float64"),
    )


def _silences(con: BaseBackend, events: ir.Table, last: date | None) -> pa.Table:
    """Give the months without a word of each provider that has some.

    The month of the last day is left out: it is not over.
    """
    if last is None:
        return SILENCES.empty_table()
    heard = (
        events.filter(_.kind.notin(_NOT_OF_PROVIDER))
        .select("provider", "known")
        .mutate(month=_.known.year() * 12 + _.known.month() - 1)
    )
    rows = con.to_pyarrow(
        heard.select("provider", "month").distinct().order_by("provider", "month")
    ).to_pylist()
    until = last.year * 12 + last.month - 1
    found = []
    for provider, own in groupby(rows, key=lambda row: row["provider"]):
        told = {row["month"] for row in own}
        months = range(min(told), until)
        silent = [month for month in months if month not in told]
        if silent:
            found.append(
                {
                    "provider": provider,
                    "regular": (len(months) - len(silent)) * 100 >= len(months) * REGULAR,
                    "months": len(months),
                    "silent": len(silent),
                    "first_month": _month(min(told)),
                    "last_told": _month(max(told)),
                    "silent_months": [_month(month) for month in silent],
                }
            )
    found.sort(key=lambda row: (not row["regular"], -row["silent"], row["provider"]))
    return pa.Table.from_pylist(found, schema=SILENCES)


_NOT_OF_PROVIDER: Final = ("allocated", "answered", "assessed", "line-rejected", "returned")
"""Kinds that a municipality tells, or both."""


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02}"


def _rules(con: BaseBackend, messages: ir.Table) -> pa.Table:
    """Count the messages that break each rule."""
    broken = (
        messages.select("person", rule=_.rules)
        .unnest("rule")
        .group_by("rule")
        .agg(broken=_.count(), children=_.person.nunique())
    )
    rows = con.to_pyarrow(broken).to_pylist()
    rows.sort(key=lambda row: (-row["broken"], row["rule"]))
    return pa.Table.from_pylist(rows, schema=RULES)


# --- what leaves ---------------------------------------------------------------------------------

SHARES: Final = {"found": "looked_at"}


def as_it_may_leave(table: pa.Table, *, made_up: bool, internal: bool = False) -> pa.Table:
    """Give a table of :class:`Quality` as it may leave, with shares of what is shown.

    Each measure goes through disclosure control by itself: measures have no total together.

    Parameters
    ----------
    table
        One of :meth:`Quality.tables`.
    made_up, internal
        See :func:`stelsel.disclosure.protect`.

    Returns
    -------
    pa.Table
        With ``protected``; a table with ``found`` also with ``percent``, the share of
        ``looked_at`` as these are shown, null where one is hidden or nothing was looked at.

    Examples
    --------
    >>> rows = [{"rule": "TR326", "broken": 3, "children": 3}]
    >>> out = as_it_may_leave(pa.Table.from_pylist(rows, schema=RULES), made_up=False)
    >>> out["broken"].to_pylist(), out["protected"].to_pylist()
    ([None], [['broken', 'children']])
    """
    about = [name for name in ("measure", "kind", "source", "count") if name in table.column_names]
    rows = table.select(about).to_pylist()
    parts, place = [], 0
    for _about, members in groupby(rows):
        size = len(list(members))
        part = table.slice(place, size)
        parts.append(protect(part, made_up=made_up, internal=internal))
        place += size
    out = pa.concat_tables(parts) if parts else protect(table, made_up=made_up, internal=internal)
    if "found" not in out.column_names:
        return out
    shown = zip(out["found"].to_pylist(), out["looked_at"].to_pylist(), strict=True)
    share = [
        round(found * 100 / of, 1) if of and found is not None else None for found, of in shown
    ]
    place = out.column_names.index(PROTECTED)
    return out.add_column(place, pa.field("percent", pa.float64()), pa.array(share, pa.float64()))
