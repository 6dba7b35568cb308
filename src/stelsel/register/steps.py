"""From events to spells, in small named steps that the database carries out.

Each step is a function of tables and gives a table; :func:`spells_of` puts them in a row. What
each step means is told in ``docs/explanation/from-messages-to-spells.md``; the tests do the same
slowly, one allocation at a time, and compare.

A *line* is what starts and stops belong to: an allocation; a request that has no allocation (yet);
a delivery that has no allocation (block-funded help). Its label begins with ``A``, ``R`` or ``T``.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends import BaseBackend

from stelsel import spells as spell_table
from stelsel.register import codes
from stelsel.register.lines import PAUSE, all_lines, with_renewals, without_replaced
from stelsel.register.relate import after, attach, first_of, joined, latest

RENEWAL_GAP = 14
"""Days between care and a next allocation of the same product that still is one episode.

Own choice: no source gives a number (iJw 3.2 and the protocols around it say only that renewals
must be bundled before measuring). The parameter ``gap`` of :func:`spells_of` changes it.
"""

DELETED = "13"
"""JZ002: deleted, as if never sent (OP033x1)."""
LEGACY_CORRECTION = "01"
"""JZ002 up to 3.1: counts as deleted where the last day is the first (TR302)."""
WITHDRAWS = "3"
"""COD467: withdraws an earlier delivery with the same key."""

_TOLD = (
    *("event", "kind", "about", "known", "child", "municipality", "provider", "allocation"),
    *("category", "code", "form", "referrer", "decided", "from_day", "last_day", "status"),
    *("reason", "line", "request", "product"),
)
"""What the steps look at; the rest would only take time and memory."""


def spells_of(con: BaseBackend, events: ir.Table, *, gap: int = RENEWAL_GAP) -> pa.Table:
    """Work out the spells that a table of events tells of.

    Parameters
    ----------
    con
        A fresh connection of Ibis to the engine that does the work. Each step becomes a
        temporary table in it, named as the step, so that it can be looked at.
    events
        Table with the columns of :data:`stelsel.events.SCHEMA`, in any order of rows. What is
        known later has to be filtered out before. What a return refuses counts as never sent.
    gap
        Days between the end of care and the next allocation of the same product that still make
        it a renewal: no new wait, the same episode. Also those between an allocation that ended
        before care began and the next one, in which the wait goes on.

    Returns
    -------
    pa.Table
        Columns of :data:`stelsel.spells.SCHEMA`; events without a care form give no spell.

    Examples
    --------
    >>> import ibis
    >>> from stelsel.events import SCHEMA
    >>> spells_of(ibis.duckdb.connect(), ibis.memtable(SCHEMA.empty_table())).num_rows
    0
    """

    def keep(name: str, step: ir.Table) -> ir.Table:
        return con.create_table(name, step, temp=True)

    told = keep("told", with_labels(not_refused(events)).select(*_TOLD))
    of_lines = told.drop("category", "code", "status", "allocation")
    allocations = keep("allocations", current_allocations(of_lines.drop("referrer")))
    requests = keep("requests", all_requests(of_lines.drop("decided", "line")))
    care = keep("care", deliveries(told, allocations))
    horizon = keep("horizon", told.aggregate(horizon=_.about.max()))
    every_line = keep("every_line", all_lines(allocations, requests, care, horizon))
    own_lines = keep("own_lines", without_replaced(every_line, gap))
    lines = keep("lines", with_renewals(own_lines, care, gap))
    spells = in_spell_columns(waits(lines, requests, horizon), care_spells(care, lines))
    return spell_table.check(con.to_pyarrow(spells))


# --- what was told -------------------------------------------------------------------------------


def not_refused(events: ir.Table) -> ir.Table:
    """Leave out what messages told that their receiver refused: it counts as never sent (OP286)."""
    returned = events.filter(_.kind == "returned", _.reason.notnull())
    return events.anti_join(returned.select(message=_.answers), "message")


def with_labels(events: ir.Table) -> ir.Table:
    """Add the labels of the line, the request and the product that an event belongs to."""
    where = (events.municipality, events.provider)
    first, what = events.from_day.cast("string"), (events.category, events.code)
    number = events.allocation.cast("string")
    allocated = joined("A", *where, events.child, number)
    unallocated = joined("T", *where, events.child, first, *what)
    asked = joined("R", *where, events.reference)
    return events.mutate(
        line=ibis.ifelse(number.notnull(), allocated, unallocated),
        request=ibis.ifelse(events.reference.notnull(), asked, ibis.null("string")),
        product=joined("P", *where, events.child, *what),
    )


def live(told: ir.Table, kind: str, key: Sequence[str]) -> ir.Table:
    """Give the starts or stops that hold: sent more often than withdrawn, in whatever order.

    A withdrawal (status 3) names the same key and means that the fact was never sent; the same
    key may be sent again (iJw 3.2, TR063, TR074 and IV008).
    """
    sent = _.status.fill_null("1") != WITHDRAWS
    return (
        told.filter(_.kind == kind)
        .group_by(["line", "product", *key])
        .agg(
            net=ibis.ifelse(sent, 1, -1).sum(),
            known=_.known.max(where=sent),
            form=_.form.max(where=sent),
            municipality=_.municipality.max(),
            provider=_.provider.max(),
            child=_.child.max(),
            allocated=_.allocation.max().notnull(),
        )
        .filter(_.net > 0)
        .drop("net")
        .mutate(
            delivery=lambda t: joined("D", t.line, t.category, t.from_day.cast("string"), t.code)
        )
    )


def current_allocations(told: ir.Table) -> ir.Table:
    """Give one row an allocation: its latest content, first decision, and the request it honours.

    The latest content is that of the latest moment of decision; a version that is sent again in a
    later message became known with the first of them (iJw 3.2, IV013). The flag ``deleted`` marks
    those that count as never sent.
    """
    versions = told.filter(_.kind == "allocated", _.decided.notnull())
    current = first_of(versions, ["line"], [_.decided.desc(), _.known, _.event])
    first = versions.group_by("line").agg(decision=_.about.min(), first_known=_.known.min())
    # A changed version may leave the reference out: it then honours nothing new (TR379).
    honoured = first_of(
        versions.filter(_.request.notnull()), ["line"], [_.decided, _.known, _.event]
    ).select("line", "request")
    deleted = (_.reason == DELETED) | (
        (_.reason == LEGACY_CORRECTION) & (_.from_day == _.last_day).fill_null(False)
    )
    whole = attach(attach(current.drop("request"), first, ["line"]), honoured, ["line"])
    return whole.mutate(deleted=deleted.fill_null(False))


def all_requests(told: ir.Table) -> ir.Table:
    """Give one row a request, with the day on which it was rejected where it was.

    An answer names no child: it belongs to the request by municipality, provider and reference.
    """
    asked = first_of(told.filter(_.kind == "requested"), ["request"], [_.about, _.known, _.event])
    rejection = first_of(
        told.filter(_.kind == "answered", _.reason.split("/")[0] == "1"),
        ["request"],
        [_.about, _.known, _.event],
    ).select("request", rejected=_.about, rejected_known=_.known)
    return attach(asked, rejection, ["request"])


# --- care ----------------------------------------------------------------------------------------


def deliveries(told: ir.Table, allocations: ir.Table) -> ir.Table:
    """Give one row a delivery: a start that holds, with the stop that ended it.

    A definitive stop after a temporary one with the same first day means that care ended on the
    day of the temporary stop, for the reason of the definitive one (OP377, TR413). Where, against
    the rules, several stops of one sort hold, the one told first counts. Deliveries under a
    deleted allocation are as never sent.
    """
    key = ["category", "code", "from_day"]
    starts = live(told, "started", key)
    stops = live(told, "stopped", [*key, "reason", "last_day"])
    told_first = [_.known, _.last_day, _.reason]
    pauses = first_of(stops.filter(_.reason == PAUSE), ["delivery"], told_first).select(
        "delivery", paused=_.last_day, pause_known=_.known
    )
    ends = first_of(stops.filter(_.reason != PAUSE), ["delivery"], told_first).select(
        "delivery", stopped=_.last_day, stop_reason=_.reason, stop_known=_.known
    )
    gone = allocations.filter(_.deleted).select("line")
    held = attach(attach(starts.anti_join(gone, "line"), pauses, ["delivery"]), ends, ["delivery"])
    return held.mutate(
        last=_.paused.coalesce(_.stopped),
        reason=_.stop_reason.coalesce(ibis.ifelse(_.paused.notnull(), PAUSE, None)),
    ).select(
        *("line", "product", "delivery", "municipality", "provider", "child", "form"),
        *("allocated", "reason"),
        start=_.from_day,
        start_known=_.known,
        end=after(_.last),
        known=latest(_.known, _.pause_known, _.stop_known),
    )


# --- spells --------------------------------------------------------------------------------------


def waits(lines: ir.Table, requests: ir.Table, horizon: ir.Table) -> ir.Table:
    """Give the waits: every line that can be waited for and is no renewal.

    A wait ends with the first day of care, which may lie before its own first day; else with the
    rejection of the request; else on the day after the last day of the allocation, once that day
    has come. A wait that ends without care is never negative.
    """
    rejections = requests.filter(_.rejected.notnull()).select(
        "rejected", "rejected_known", line=_.request
    )
    lapses = after(_.last_day)
    waiting = attach(lines.filter(~_.renews, _.begin.notnull()), rejections, ["line"])
    ended = attach(
        waiting.cross_join(horizon).mutate(lapsed=ibis.ifelse(lapses <= _.horizon, lapses, None)),
        codes.exits("wait"),
        ["reason"],
    )
    without = ibis.greatest(_.rejected.coalesce(_.lapsed), _.begin)
    return ended.mutate(
        exit=ibis.cases(
            (_.first_start.notnull(), "served"),
            (_.rejected.notnull(), "rejected"),
            (_.lapsed.notnull(), _.exit.coalesce("lapsed")),
        )
    ).mutate(
        kind=ibis.literal("wait-"),
        start=_.begin,
        end=ibis.cases((_.exit == "served", _.first_start), (_.exit.notnull(), without)),
        known=ibis.cases(
            (_.exit == "served", latest(_.known, _.start_known)),
            (_.exit == "rejected", latest(_.known, _.rejected_known)),
            (_.exit.notnull(), latest(_.known, _.told, _.lapsed)),
            else_=_.known,
        ),
    )


def care_spells(care: ir.Table, lines: ir.Table) -> ir.Table:
    """Give the care, each delivery with the episode and the referrer of its line."""
    line = lines.select("line", "episode", "referrer", line_form=_.form)
    return attach(attach(care, line, ["line"]), codes.exits("care"), ["reason"]).mutate(
        kind=ibis.literal("care-"), form=_.form.coalesce(_.line_form)
    )


def in_spell_columns(*parts: ir.Table) -> ir.Table:
    """Put waits and care under each other in the columns of a table of spells, in a fixed order."""
    own = ("child", "episode", "kind", "form", "start", "end", "exit", "municipality", "provider")
    both = ibis.union(*(part.select(*own, "referrer", "known") for part in parts))
    belonging = codes.memberships()
    within = (
        (both.municipality == belonging.belongs)
        & (both.start >= belonging.valid_from)
        & (both.start <= belonging.valid_to)
    )
    return (
        both.left_join(belonging, within)
        .join(codes.forms(), "form")
        .mutate(station=_.kind + _.slug, priority=ibis.null("string"), source=ibis.literal("ijw"))
        .select(*spell_table.SCHEMA.names)
        .order_by("child", "start", "station", "episode", "end", "known")
    )
