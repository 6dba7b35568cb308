"""All marks in one table: those that were told, and those that spells imply."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from stelsel import marks as mark_table
from stelsel.monitor.clocks.moments import implying
from stelsel.system.moments import IN

LAST = 1_000_000
"""Place of the beginning of a stay among the marks of its day: after every step."""


def told_marks(told: ir.Table, seen: ir.Table, on: date) -> ir.Table:
    """Give marks up to a day with a number each: told, implied by spells, and stays that begin.

    What a spell implies belongs to the child, not to a case: the spells of the twin and of policy
    information do not say which belong together.
    """
    shared = {
        "case": seen.child,
        "child": seen.child,
        "organisation": seen.provider,
        "addressed": ibis.null("string"),
        "municipality": seen.municipality,
        "known": seen.known,
        "last_day": ibis.null("date"),
        "reference": ibis.null("string"),
    }
    spoken = seen.mutate(**{name: value for name, value in shared.items() if name != "child"})
    silent = spoken.filter(spoken.source != "process")
    meant = ibis.memtable(implying()).rename({"at": "station", "way": "exit"})
    begun = silent.join(meant.filter(meant.way.isnull()), [silent.station == meant.at]).mutate(
        day=_.start, reason=_.priority
    )
    ended = silent.join(meant, [silent.station == meant.at, silent.exit == meant.way]).mutate(
        day=_.out, reason=_.exit
    )
    came = spoken.mutate(
        mark=ibis.literal(IN), reason=_.station, day=_.start, place=ibis.literal(LAST, "int64")
    )
    parts = [told.select(*mark_table.SCHEMA.names)]
    for part, implied in ((begun, True), (ended, True), (came, False)):
        whole = part.mutate(implied=ibis.literal(implied))
        parts.append(whole.select(*mark_table.SCHEMA.names))
    whole = ibis.union(*parts).filter(_.day <= on)
    order = [_.case, _.day, _.place, _.mark, _.reason, _.known, _.reference, _.organisation]
    return whole.mutate(number=ibis.row_number().over(ibis.window(order_by=order)))
