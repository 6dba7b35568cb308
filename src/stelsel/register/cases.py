"""From the steps of cases to spells, in small named steps that the database carries out.

A *case* is what an organisation follows from its first to its last step: a report to Veilig Thuis,
an investigation, a measure, a foster family. By the map (``stelsel.system.steps``) a step may
begin a station and end others. What counts when steps are told twice, taken back or out of order
is told in ``docs/explanation/from-steps-and-deliveries-to-spells.md``; the tests do the same
slowly, one case at a time.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends import BaseBackend

from stelsel import spells as spell_table
from stelsel.register import codes
from stelsel.register.relate import attach, first_of, joined, latest
from stelsel.system import form, station
from stelsel.system.steps import steps

WITHDRAWS = "3"
"""Status of a step that takes back the same step told before."""
UNKNOWN = "unknown"
"""Exit of what ended in a way that nobody told."""
ENDS, BEGINS = 0, 1
"""What a step does to a station; within one step it ends before it begins."""


def spells(con: BaseBackend, events: ir.Table) -> ir.Table:
    """Work out the spells that the steps of cases tell of.

    Parameters
    ----------
    con
        A connection of Ibis to the engine that does the work; two steps become temporary tables
        in it, ``case_facts`` and ``case_moves``.
    events
        Table with the columns of :data:`stelsel.events.SCHEMA`, in any order of rows; only steps
        count. What is known later has to be filtered out before.

    Returns
    -------
    ir.Table
        Columns of :data:`stelsel.spells.SCHEMA`, source ``process``. At a station that is not for
        children the child of a spell is the pseudonym of the case: the family or the provider.

    Examples
    --------
    >>> import ibis
    >>> from stelsel.events import SCHEMA
    >>> con = ibis.duckdb.connect()
    >>> found = spells(con, ibis.memtable(SCHEMA.empty_table()))
    >>> con.to_pyarrow(found).num_rows
    0
    """
    held = con.create_table("case_facts", in_order(facts(events)), temp=True)
    made = con.create_table("case_moves", alternating(moves(held)), temp=True)
    return in_spell_columns(stays(made, held), children(held))


@cache
def marks() -> ir.Table:
    """Give what each step does: columns ``step``, ``mark``, ``station``, ``exit`` and more.

    ``exit`` is empty where the reason tells it. ``kind`` and ``form`` are those of the station,
    the form as CBS code, null where it has none; ``of_child`` whether it is a child that is there
    and not a family or a provider; ``apart`` whether several can be there in one case, told apart
    by their reference: where the steps that begin it need one.

    Examples
    --------
    >>> marks().count().execute() > 0
    True
    """
    rows = []
    one_only = {step.begins for step in steps() if "reference" not in step.fields}
    for step in steps():
        done = [(ENDS, name) for name in step.ends]
        done += [(BEGINS, step.begins)] if step.begins else []
        for mark, name in done:
            place = station(name)
            rows.append(
                {
                    "step": step.id,
                    "mark": mark,
                    "station": name,
                    "exit": step.exit if mark == ENDS else "",
                    "kind": place.kind,
                    "form": form(place.form).code if place.form else None,
                    "of_child": place.subject == "child",
                    "apart": name not in one_only,
                }
            )
    types = {"mark": pa.int64(), "of_child": pa.bool_(), "apart": pa.bool_()}
    names = ("step", "mark", "station", "exit", "kind", "form", "of_child", "apart")
    schema = pa.schema([pa.field(name, types.get(name, pa.string())) for name in names])
    return ibis.memtable(pa.Table.from_pylist(rows, schema=schema))


@cache
def places() -> ir.Table:
    """Give the place of each step in the order of the map: columns ``step`` and ``place``.

    Examples
    --------
    >>> places().place.min().execute()
    0
    """
    rows = [{"step": step.id, "place": number} for number, step in enumerate(steps())]
    return ibis.memtable(pa.Table.from_pylist(rows))


def facts(events: ir.Table) -> ir.Table:
    """Give the steps that hold, one row each: told, and not taken back since.

    The same row (organisation, case, step, day, child and reference) told again is the same fact:
    what was told last of it counts, known since that was first told. A row told on the day on
    which it was taken back, or before, is gone.
    """
    told = events.filter(_.kind == "step", _.case.notnull())
    day = told.about.cast("string")
    told = told.mutate(
        whose=joined("C", told.provider, told.case),
        row=joined("F", told.provider, told.case, told.step, day, told.child, told.reference),
        content=joined("T", told.municipality, told.priority, told.reason),
        taken_back=told.status.fill_null("1") == WITHDRAWS,
    )
    each_row = ibis.window(group_by="row")
    standing = (
        told.mutate(gone=_.known.max(where=_.taken_back).over(each_row))
        .filter(~_.taken_back, _.gone.isnull() | (_.known > _.gone))
        .mutate(since=_.known.min().over(ibis.window(group_by=["row", "content"])))
    )
    return (
        first_of(standing, ["row"], [_.known.desc(), _.content, _.event])
        .mutate(known=_.since)
        .select(
            *("whose", "row", "step", "about", "known", "child", "case", "municipality"),
            *("provider", "priority", "reason", "reference", "last_day"),
        )
    )


def in_order(held: ir.Table) -> ir.Table:
    """Put the facts of each case in order, and add the priority told last until and before each.

    The order is that of their days; on one day that of the map.
    """
    whose = {"group_by": "whose", "order_by": ["about", "place", "known", "row"]}
    so_far = ibis.cumulative_window(**whose)
    told = held.inner_join(places(), "step").mutate(
        number=ibis.row_number().over(ibis.window(**whose)),
        priority_known=ibis.ifelse(_.priority.notnull(), _.known, ibis.null("date")),
    )
    # Each priority that is told opens a stretch of facts for which it was told last.
    stretch = ibis.window(group_by=["whose", "stretch"])
    return (
        told.mutate(stretch=_.priority.count().over(so_far))
        .mutate(
            so_far=_.priority.max().over(stretch),
            so_far_known=_.priority_known.max().over(stretch),
        )
        .mutate(
            before=_.so_far.lag().over(ibis.window(**whose)),
            before_known=_.so_far_known.lag().over(ibis.window(**whose)),
        )
        .drop("priority", "priority_known", "place", "stretch")
    )


def moves(held: ir.Table) -> ir.Table:
    """Give what the facts do to stations: one row for each fact and station.

    A fact that ends a station does so in the way of its step, else for its reason, else in a way
    that is not known.
    """
    return held.inner_join(marks(), "step").mutate(
        exit=_.exit.nullif("").coalesce(_.reason, UNKNOWN),
        which=ibis.ifelse(_.apart, _.reference.fill_null(""), ""),
    )


def in_turn() -> Any:
    """Give the moves of one case at one station (of one reference where apart), in their order."""
    return ibis.window(group_by=["whose", "station", "which"], order_by=["number", "mark"])


def alternating(made: ir.Table) -> ir.Table:
    """Keep the moves that change something: into a station when out of it, out when in it.

    Who is at a station cannot come to it again: of several beginnings the first counts. An end
    without a beginning before it tells of no first day and gives no spell.
    """
    previous = made.mutate(previous=_.mark.lag().over(in_turn()))
    # Before the first move nobody is there, as after an end.
    return previous.filter(_.mark != _.previous.fill_null(ENDS)).drop("previous")


def stays(made: ir.Table, held: ir.Table) -> ir.Table:
    """Give each beginning with the end that follows it, and the priority told last until then."""
    last = first_of(held, ["whose"], [_.number.desc()]).select(
        "whose", final=_.so_far, final_known=_.so_far_known
    )
    ended = made.mutate(
        end=_.about.lead().over(in_turn()),
        end_exit=_.exit.lead().over(in_turn()),
        end_known=_.known.lead().over(in_turn()),
        end_priority=_.before.lead().over(in_turn()),
        end_priority_known=_.before_known.lead().over(in_turn()),
    ).filter(_.mark == BEGINS)
    return attach(ended, last, ["whose"]).mutate(
        start=_.about,
        exit=_.end_exit,
        priority=ibis.ifelse(_.end.notnull(), _.end_priority, _.final),
        priority_known=ibis.ifelse(_.end.notnull(), _.end_priority_known, _.final_known),
    )


def children(held: ir.Table) -> ir.Table:
    """Give the child of each case: the one named last, and when it was first named."""
    named = held.filter(_.child.notnull())
    first = named.mutate(named_known=_.known.min().over(ibis.window(group_by=["whose", "child"])))
    return first_of(first, ["whose"], [_.known.desc(), _.number.desc()]).select(
        "whose", "named_known", named="child"
    )


def in_spell_columns(stayed: ir.Table, named: ir.Table) -> ir.Table:
    """Give stays the columns of a table of spells; those of nobody are left out."""
    belonging = codes.memberships()
    who = attach(stayed.drop("child"), named, ["whose"]).mutate(
        child=ibis.ifelse(_.of_child, _.named, _.case),
        named_known=ibis.ifelse(_.of_child, _.named_known, ibis.null("date")),
    )
    within = (
        (who.municipality == belonging.belongs)
        & (who.start >= belonging.valid_from)
        & (who.start <= belonging.valid_to)
    )
    return (
        who.filter(_.child.notnull())
        .mutate(known=latest(_.known, _.end_known, _.priority_known, _.named_known))
        .left_join(belonging, within)
        .mutate(
            episode=_.whose.hexdigest("md5").left(16),
            referrer=ibis.null("string"),
            source=ibis.literal("process"),
        )
        .select(*spell_table.SCHEMA.names)
    )
