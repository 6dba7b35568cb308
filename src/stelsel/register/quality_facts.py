"""The facts behind the measures of quality: one row a case that was looked at.

Each function is one measure or two that belong together, and gives a table with the columns of
:data:`FACT`: whom it is about (``party``, who can mend it), ``person`` (a child; where a message
names none the request or message instead) and ``found``, whether it is as it should not be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends import BaseBackend

from stelsel import system
from stelsel.ijw.grammar import message_type
from stelsel.ijw.ledger.told import TYPES
from stelsel.register import codes
from stelsel.register.lines import PAUSE
from stelsel.register.own_forms import meanings, with_own_forms
from stelsel.register.relate import attach, latest
from stelsel.register.steps import (
    all_requests,
    current_allocations,
    deliveries,
    live,
    not_refused,
    with_labels,
)
from stelsel.system.calendar import add_working_days
from stelsel.system.codes import products
from stelsel.system.own_codes import OwnCodes

FACT: Final = ("measure", "party", "person", "found")
UNDER_INVESTIGATION: Final = "2"
"""WJ760: the answer to a request that is no final one yet."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a register knows, worked out as far as several measures need it.

    ``last`` is the last day that anything became known: terms that are past by then are past.
    """

    con: BaseBackend
    events: ir.Table
    told: ir.Table
    allocations: ir.Table
    requests: ir.Table
    starts: ir.Table
    stops: ir.Table
    care: ir.Table
    own: OwnCodes
    last: date


def known_from(con: BaseBackend, events: ir.Table, own: OwnCodes, last: date) -> Known:
    """Work out of the events of messages what several measures need.

    Parameters
    ----------
    con
        A fresh connection of Ibis; the steps become temporary tables in it.
    events
        Table with the columns of :data:`stelsel.events.SCHEMA`; what is known later has to be
        filtered out before.
    own
        What own codes stand for.
    last
        The last day that anything became known.
    """

    def keep(name: str, step: ir.Table) -> ir.Table:
        return con.create_table(name, step, temp=True)

    messages = events.filter(_.source == "ijw")
    told = keep("told", with_labels(not_refused(with_own_forms(messages, own))))
    allocations = keep("allocations", current_allocations(told))
    key = ["category", "code", "from_day"]
    return Known(
        con,
        messages,
        told,
        allocations,
        keep("requests", all_requests(told)),
        keep("starts", live(told, "started", key)),
        keep("stops", live(told, "stopped", [*key, "reason", "last_day"])),
        keep("care", deliveries(told, allocations)),
        own,
        last,
    )


def too_late(known: Known, rows: ir.Table, norm: str) -> ir.Table:
    """Add ``too_late``: the first day that is past a term of working days after ``since``.

    Null where ``since`` is null, or lies so late that the term cannot be past by the last day.
    """
    days = known.con.to_pyarrow(
        rows.filter(_.since.notnull(), _.since <= known.last).select("since").distinct()
    )["since"].to_pylist()
    limit = system.norm(norm).limit
    # A message on a day that is no working day is still in time: late begins the working day after.
    first = [add_working_days(day, limit + 1) for day in days]
    table = pa.table(
        {"since": pa.array(days, pa.date32()), "too_late": pa.array(first, pa.date32())}
    )
    return attach(rows, ibis.memtable(table), ["since"])


def _facts(rows: ir.Table, measure: str, party: ir.StringValue, found: ir.BooleanValue) -> ir.Table:
    """Give the rows in the columns of a fact."""
    return rows.select(
        measure=ibis.literal(measure), party=party, person=_.person, found=found.fill_null(False)
    )


def _memtable(table: pa.Table) -> ir.Table:
    """Give a table to the engine; its columns may be empty, as those it is put together with."""
    return ibis.memtable(table.cast(pa.schema([one.with_nullable(True) for one in table.schema])))


# --- completeness --------------------------------------------------------------------------------


def allocations_without_start(known: Known) -> ir.Table:
    """Give the allocations whose start should have been told by now; found where it was not.

    Left out are those deleted, and those ended for a reason by which no care is to come. The term
    runs from the intended first day, or from the day the allocation became known if later.
    """
    ends_the_wait = codes.exits("wait").filter(_.exit != "lapsed").select("reason")
    awaited = known.allocations.filter(~_.deleted, _.from_day.notnull()).anti_join(
        ends_the_wait, "reason"
    )
    since = awaited.mutate(since=ibis.greatest(_.from_day, _.first_known), person=_.child)
    due = too_late(known, since, "ijw-start").filter(_.too_late <= known.last)
    began = known.starts.select("line").distinct().mutate(began=True)
    facts = attach(due, began, ["line"])
    return _facts(facts, "allocations-without-start", _.provider, _.began.isnull())


def ended_without_stop(known: Known) -> ir.Table:
    """Give the allocations with care, past their end and the term; found where care goes on."""
    ended = known.allocations.filter(~_.deleted, _.last_day.notnull())
    since = ended.mutate(since=_.last_day, person=_.child)
    due = too_late(known, since, "ijw-stop").filter(_.too_late <= known.last)
    open_care = known.care.group_by("line").agg(goes_on=_.end.isnull().any())
    facts = due.inner_join(open_care, "line")
    return _facts(facts, "ended-without-stop", _.provider, _.goes_on)


def requests_without_answer(known: Known) -> ir.Table:
    """Give the requests past the term of an answer; found where there is no final one.

    While a request is under investigation it has the longer term of one.
    """
    rows = known.requests.mutate(since=_.known, person=_.child)
    due = too_late(known, rows, "ijw-request-answer").filter(_.too_late <= known.last)
    honoured = (
        known.allocations.filter(_.request.notnull())
        .select("request", "child")
        .distinct()
        .mutate(honoured=True)
    )
    looked_into = (
        known.told.filter(_.kind == "answered", _.reason == UNDER_INVESTIGATION)
        .select("request")
        .distinct()
        .mutate(looked_into=True)
    )
    facts = attach(attach(due, honoured, ["request", "child"]), looked_into, ["request"])
    weeks = timedelta(weeks=system.norm("ijw-investigation-answer").limit)
    past = _.looked_into.isnull() | (_.about < known.last - weeks)
    open_still = _.honoured.isnull() & _.rejected.isnull() & past
    return _facts(facts, "requests-without-answer", _.municipality, open_still)


# --- orphans -------------------------------------------------------------------------------------


def starts_without_allocation(known: Known) -> ir.Table:
    """Give the starts that name an allocation; found where there is none, or it was deleted."""
    there = known.allocations.filter(~_.deleted).select("line").mutate(there=True)
    named = known.starts.filter(_.allocated).mutate(person=_.child)
    facts = attach(named, there, ["line"])
    return _facts(facts, "starts-without-allocation", _.provider, _.there.isnull())


def stops_without_start(known: Known) -> ir.Table:
    """Give the stops; found where no start has the same line, product and first day."""
    there = known.starts.select("delivery").distinct().mutate(there=True)
    facts = attach(known.stops.mutate(person=_.child), there, ["delivery"])
    return _facts(facts, "stops-without-start", _.provider, _.there.isnull())


def answers_without_request(known: Known) -> ir.Table:
    """Give the answers to requests; found where the request is not known."""
    asked = (
        known.told.filter(_.kind.isin(["requested", "change-requested"]))
        .select("request")
        .distinct()
        .mutate(there=True)
    )
    answers = known.told.filter(_.kind == "answered").mutate(person=_.request)
    facts = attach(answers, asked, ["request"])
    return _facts(facts, "answers-without-request", _.municipality, _.there.isnull())


def returns_without_message(known: Known) -> ir.Table:
    """Give the returns; found where the message they are about is not known."""
    there = known.events.select(answers=_.message).distinct().mutate(there=True)
    returns = known.events.filter(_.kind == "returned").mutate(person=_.answers)
    facts = attach(returns, there, ["answers"])
    return _facts(facts, "returns-without-message", _.provider, _.there.isnull())


# --- lateness ------------------------------------------------------------------------------------


def told_late(known: Known) -> ir.Table:
    """Give the starts and stops; found where they were told past their term.

    The term of a start runs from the first day of care, or from the day its allocation became
    known if later; that of a stop from the last day. A definitive stop after a temporary one is
    left out: its term runs from a day that no message tells.
    """
    allocated = known.allocations.select("line", "first_known")
    starts = attach(known.starts, allocated, ["line"]).mutate(
        since=latest(_.from_day, _.first_known), person=_.child
    )
    paused = known.stops.filter(_.reason == PAUSE).select("delivery").distinct().mutate(paused=True)
    stops = (
        attach(known.stops, paused, ["delivery"])
        .filter((_.reason == PAUSE) | _.paused.isnull())
        .mutate(since=_.last_day, person=_.child)
    )
    facts = [
        _facts(too_late(known, rows, norm), measure, _.provider, _.known >= _.too_late)
        for rows, norm, measure in (
            (starts, "ijw-start", "late-starts"),
            (stops, "ijw-stop", "late-stops"),
        )
    ]
    return ibis.union(*facts)


# --- plausibility --------------------------------------------------------------------------------


def negative_waits(spells: pa.Table) -> ir.Table:
    """Give the waits that ended in care, of all sources; found where care began before them."""
    served = _memtable(spells).filter(_.station.startswith("wait-"), _.exit == "served")
    facts = served.mutate(person=_.child)
    return _facts(facts, "negative-waits", _.provider.fill_null(""), _.end < _.start)


def unmapped_codes(known: Known) -> ir.Table:
    """Give the allocations with a product code; found where it is neither national nor mapped."""
    coded = known.allocations.filter(~_.deleted, _.code.notnull()).mutate(
        person=_.child, day=_.from_day.coalesce(_.about)
    )
    facts = attach(coded, meanings(coded, known.own, "line"), ["line"])
    national = _.code.isin([one.code for one in products()])
    return _facts(facts, "unmapped-codes", _.municipality, ~national & _.mapped.isnull())


# --- refusals ------------------------------------------------------------------------------------


def judged(events: ir.Table, verdicts: pa.Table) -> ir.Table:
    """Give the verdicts with ``party``, who sent the message, and ``person``, a child in it."""
    of_provider = [name for name in set(TYPES.values()) if message_type(name).sender == "provider"]
    about = events.group_by("message").agg(person=_.child.min())
    return (
        attach(_memtable(verdicts), about, ["message"])
        .mutate(
            person=_.person.coalesce(_.message),
            party=ibis.ifelse(_.type.isin(of_provider), _.provider, _.municipality),
            turned_down=_.answer.fill_null("") != "",
        )
        .mutate(wrong=(_.rules.length() > 0) & ~_.turned_down)
    )


def refusals(messages: ir.Table) -> ir.Table:
    """Give the messages that were judged; found those refused, and those wrong that were not."""
    return ibis.union(
        _facts(messages, "refused-messages", _.party, _.turned_down),
        _facts(messages, "wrong-messages", _.party, _.wrong),
    )
