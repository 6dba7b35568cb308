"""What is told of each allocation: its days, its end, and what was claimed on it.

The steps of :mod:`stelsel.register.steps` say what holds of allocations and care; here stands what
holds of claims, and what of it all goes into one row an allocation.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends import BaseBackend

from stelsel.deliveries.statements import Period, units
from stelsel.register import codes
from stelsel.register.own_forms import with_own_forms
from stelsel.register.relate import attach, first_of, joined
from stelsel.register.steps import (
    all_requests,
    current_allocations,
    deliveries,
    not_refused,
    with_labels,
)
from stelsel.system.codes import products
from stelsel.system.own_codes import OwnCodes

SCHEMA = pa.schema(
    [
        pa.field("provider", pa.string(), nullable=False),
        pa.field("child", pa.string(), nullable=False),
        pa.field("municipality", pa.string(), nullable=False),
        pa.field("birth_year", pa.string()),
        pa.field("referrer", pa.string()),
        pa.field("form", pa.string()),
        pa.field("measure", pa.string()),
        pa.field("allocated", pa.date32()),
        pa.field("intended_start", pa.date32()),
        pa.field("started", pa.date32()),
        pa.field("ended", pa.date32()),
        pa.field("reason", pa.string()),
        pa.field("amount", pa.int64()),
        pa.field("volume", pa.int64()),
        pa.field("unit", pa.string()),
    ]
)
"""Columns of a table of allocations.

==============  ===========================================================================
provider        AGB code
child           pseudonym
municipality    responsible municipality
birth_year      ``2010``; null where no message told it
referrer        ``01`` to ``08``, of the request that the allocation honours; else null
form            CBS care form; null where there is none
measure         type of protection or probation measure; null where it is none
allocated       day of the first decision; null for help without an allocation
intended_start  intended first day
started         first day of care; null before it
ended           last day of the latest delivery; null while it runs and before it began
reason          why that ended (JZ588)
amount          claimed about the period, in eurocents, less credits; null where nothing was
volume          claimed about the period, in ``unit``, less credits; null where nothing was
unit            see :func:`stelsel.deliveries.statements.units`
==============  ===========================================================================
"""

CLAIMED = pa.schema(
    [
        pa.field("provider", pa.string(), nullable=False),
        pa.field("form", pa.string()),
        pa.field("measure", pa.string()),
        pa.field("region", pa.string()),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("volume", pa.int64(), nullable=False),
        pa.field("amount", pa.int64(), nullable=False),
    ]
)
"""Columns of a table of what was claimed: sums per provider, form or measure, region and unit."""

_ABOUT = ("line", "provider", "municipality", "child", "code", "form")


def allocations_in(con: BaseBackend, events: ir.Table, own: OwnCodes, period: Period) -> pa.Table:
    """Tell of each allocation that was open on some day of a period, or was claimed on about it.

    An allocation is open from its decision, or from the first day of care where that is earlier,
    until its last day: the last day of care, or without care the last day that was allocated. The
    period decides which allocations are told of and which claims are added up; all else is told
    as it is known.

    Parameters
    ----------
    con
        A fresh connection of Ibis to the engine that does the work.
    events
        Table with the columns of :data:`stelsel.events.SCHEMA`, in any order of rows. What is
        known later has to be filtered out before.
    own
        What own codes stand for.
    period
        The quarter or year.

    Returns
    -------
    pa.Table
        Columns of :data:`SCHEMA`, a row an allocation; two where it was claimed on in two units.

    Examples
    --------
    >>> from stelsel.deliveries.statements import period
    >>> from stelsel.events import SCHEMA as EVENTS
    >>> none = ibis.memtable(EVENTS.empty_table())
    >>> allocations_in(ibis.duckdb.connect(), none, OwnCodes([]), period("2024-Q3")).num_rows
    0
    """

    def keep(name: str, step: ir.Table) -> ir.Table:
        return con.create_table(name, step, temp=True)

    told = keep("told", with_labels(not_refused(with_own_forms(events, own))))
    allocations = keep("allocations", current_allocations(told))
    care = keep("care", deliveries(told, allocations))
    claims = keep("claims", claims_that_hold(told, period))
    lines = keep("lines", _lines(told, allocations, care, claims))
    spread = attach(attach(lines, _decided(told, allocations), ["line"]), _cared(care), ["line"])
    sums = claims.group_by("line", "unit").agg(amount=_.amount.sum(), volume=_.volume.sum())
    summed = sums.select("line", "unit", "amount", "volume")
    whole = attach(attach(spread, summed, ["line"]), _born(told), ["child"])
    begins = ibis.least(_.allocated.coalesce(_.started, date.max), _.started.coalesce(date.max))
    over = ibis.ifelse(_.started.isnull(), _.planned_end, _.ended)
    is_open = (begins <= period.last) & (over.isnull() | (over >= period.first))
    rows = (
        _with_measures(whole)
        .mutate(form=_.form.coalesce(_.asked_form))
        .filter(is_open | _.amount.notnull())
        .mutate(unit=_.unit_id, birth_year=_.birth_month.left(4))
        .select(*SCHEMA.names)
        .order_by(*SCHEMA.names)
    )
    return con.to_pyarrow(rows).cast(SCHEMA)


def claimed_in(con: BaseBackend, events: ir.Table, own: OwnCodes, period: Period) -> pa.Table:
    """Add up what was claimed about a period.

    Parameters
    ----------
    con
        A fresh connection of Ibis to the engine that does the work.
    events
        Table with the columns of :data:`stelsel.events.SCHEMA`.
    own
        What own codes stand for.
    period
        The quarter or year: a line counts by the last day of what it claims for.

    Returns
    -------
    pa.Table
        Columns of :data:`CLAIMED`; amounts in eurocents, less credits. The region is that of the
        municipality on the last day of what is claimed for; null where it is not known.
    """
    told = with_labels(not_refused(with_own_forms(events, own)))
    claims = con.create_table("claims", claims_that_hold(told, period), temp=True)
    belonging = codes.memberships()
    within = (
        (claims.municipality == belonging.belongs)
        & (claims.about >= belonging.valid_from)
        & (claims.about <= belonging.valid_to)
    )
    placed = claims.left_join(belonging, within).select(*claims.columns, "region")
    named = _with_measures(placed).mutate(unit=_.unit_id)
    sums = named.group_by("provider", "form", "measure", "region", "unit").agg(
        volume=_.volume.sum(), amount=_.amount.sum()
    )
    return con.to_pyarrow(sums.order_by(*CLAIMED.names)).cast(CLAIMED)


def claims_that_hold(told: ir.Table, period: Period) -> ir.Table:
    """Give the lines of claims about a period that were not refused; a credit counts below zero.

    A line is refused when the answer to its claim lists it, or when that answer refuses the claim
    as a whole, so names no claim (iJw 3.2, JW325).

    Parameters
    ----------
    told
        Events with labels (:func:`stelsel.register.steps.with_labels`).
    period
        A line belongs to the period of the last day of what it claims for.
    """
    answers = told.filter(_.answers.notnull())
    whole = answers.filter(_.kind == "assessed", _.claim.isnull(), _.reason.notnull())
    listed = answers.filter(_.kind == "line-rejected").mutate(key=_line_key)
    lines = told.filter(
        _.kind == "claimed", _.about >= period.first, _.about <= period.last
    ).mutate(key=_line_key)
    hold = lines.anti_join(whole.select(message=_.answers), "message").anti_join(
        listed.select("key", message=_.answers), ["message", "key"]
    )
    sign = ibis.ifelse(_.amount < 0, -1, 1)
    return hold.mutate(volume=(_.volume * sign).cast("int64")).select(
        *_ABOUT, "about", "unit", "volume", "amount"
    )


def _line_key(told: ir.Table) -> ir.StringValue:
    """Give what tells the lines of one claim apart (iJw 3.2, logical keys)."""
    return joined("L", told.child, told.reference, told.previous)


def _lines(told: ir.Table, allocations: ir.Table, care: ir.Table, claims: ir.Table) -> ir.Table:
    """Give each line once: an allocation, or help or a claim whose allocation is not known."""
    names = told.filter(_.kind == "started").select("product", "code").distinct()
    coded = attach(care, names, ["product"])
    both = ibis.union(
        *(
            one.select(*_ABOUT, rank=ibis.literal(rank, "int64"))
            for rank, one in enumerate((allocations, coded, claims))
        )
    )
    gone = allocations.filter(_.deleted).select("line")
    in_order = [_.rank, _.code, _.form]
    first = first_of(both, ["line"], in_order).drop("code", "form")
    # A generic allocation names no code or form; what was delivered on it may.
    told_code = first_of(both.filter(_.code.notnull()), ["line"], in_order).select("line", "code")
    told_form = first_of(both.filter(_.form.notnull()), ["line"], in_order).select("line", "form")
    named = attach(attach(first.drop("rank"), told_code, ["line"]), told_form, ["line"])
    return named.anti_join(gone, "line")


def _decided(told: ir.Table, allocations: ir.Table) -> ir.Table:
    """Give the days of allocations, and the referrer of the request that each honours."""
    asked = all_requests(told).select("request", "child", asked_form=_.form, asker=_.referrer)
    return attach(allocations, asked, ["request", "child"]).select(
        "line",
        "asked_form",
        referrer=_.asker,
        allocated=_.decision,
        intended_start=_.from_day,
        planned_end=_.last_day,
    )


def _cared(care: ir.Table) -> ir.Table:
    """Give the first day of care of each line, and how its latest delivery ended."""
    latest = first_of(care, ["line"], [_.start.desc(), _.start_known, _.delivery]).select(
        "line", "reason", ended=(_.end - ibis.interval(days=1)).cast("date")
    )
    return attach(care.group_by("line").agg(started=_.start.min()), latest, ["line"])


def _born(told: ir.Table) -> ir.Table:
    """Give the month or year of birth of each child, as it was told last."""
    known = told.filter(_.child.notnull(), _.birth_month.notnull())
    in_order = [_.known.desc(), _.birth_month.desc()]
    return first_of(known, ["child"], in_order).select("child", "birth_month")


def _with_measures(rows: ir.Table) -> ir.Table:
    """Add the type of measure that a code stands for, and the name of the unit."""
    return attach(attach(rows, _measures(), ["code"]), _units(), ["unit"])


@cache
def _measures() -> ir.Table:
    rows = [{"code": one.code, "measure": one.cbs_measure} for one in products() if one.cbs_measure]
    return ibis.memtable(pa.Table.from_pylist(rows))


@cache
def _units() -> ir.Table:
    rows = [{"unit": one.code, "unit_id": one.id} for one in units().values()]
    return ibis.memtable(pa.Table.from_pylist(rows))
