"""Clocks that run over a stay, and ages at which something must have been done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _

from stelsel.monitor.clocks.sequences import BEGAN, desk, in_sequence, last_tellers
from stelsel.system import Clock, norm, station
from stelsel.system.moments import ADULT, BIRTH, OUT


def of_age(clock: Clock) -> bool:
    """Tell whether a clock runs from a birth to something that must have been done.

    Examples
    --------
    >>> from stelsel.system import clock
    >>> of_age(clock("future-plan-age")), of_age(clock("foster-age"))
    (True, False)
    """
    return clock.from_steps == (BIRTH,) and bool(clock.to_steps)


def before_18(clock: Clock) -> bool:
    """Tell whether an age is one before the eighteenth birthday.

    Examples
    --------
    >>> from stelsel.system import clock
    >>> before_18(clock("future-plan-age")), before_18(clock("extended-care-decided-age"))
    (True, False)
    """
    held = norm(clock.norm)
    return held.limit * {"years": 12, "months": 1}.get(held.unit, 0) < 18 * 12


def stays(seen: ir.Table, born: ir.Table, every: ir.Table, asked: Sequence[Clock]) -> ir.Table:
    """Give each run of the clocks over a whole stay: columns :data:`BEGAN`.

    Its term is counted from the first day, or from the birth or the eighteenth birthday.
    """
    rows = []
    for one in asked:
        if in_sequence(one) or of_age(one):
            continue
        ways = [name.partition(":")[2] for name in one.to_steps if name.startswith(f"{OUT}:")]
        since = "" if one.from_steps != (BIRTH,) else ADULT if ADULT in one.since else BIRTH
        for place in one.at or (one.station,):
            shared = {"norm": one.norm, "at": place, "since": since}
            shared |= {"owner": station(place).owner}
            rows += [shared | {"way": way} for way in ways or [""]]
    table = ibis.memtable(
        pa.table(
            {
                name: pa.array([row[name] for row in rows], pa.string())
                for name in ("norm", "at", "since", "owner", "way")
            }
        )
    )
    found = seen.join(table, [seen.station == table.at])
    found = found.left_join(born, "child")
    last = last_tellers(every)
    found = found.left_join(last, [found.owner == last.kind, found.child == last.of])
    adult = (found.born + ibis.interval(years=18)).cast("date")
    base = ibis.cases(
        (found.since == BIRTH, found.born), (found.since == ADULT, adult), else_=found.start
    )
    return (
        found.mutate(
            case=_.episode,
            base=base,
            organisation=_.who.coalesce(ibis.ifelse(_.source == "process", None, _.provider)),
            ordered=ibis.null("date"),
            stop=_.out,
            dropped=((_.way != "") & (_.exit != _.way)).fill_null(False),
            floor=_.start,
            left=ibis.null("date"),
        )
        .filter(_.base.notnull())
        .select(*BEGAN)
    )


def ages(
    seen: ir.Table, born: ir.Table, every: ir.Table, asked: Sequence[Clock], on: date
) -> ir.Table:
    """Give each run of the ages at which something must have been done: columns :data:`BEGAN`.

    An age counts for who is at one of its stations on that birthday or came there later; who left
    before is no concern of it any more. What was done before or after the stay counts as done. What
    must be done before the eighteenth birthday is not asked after it any more.
    """
    chosen = [one for one in asked if of_age(one)]
    names = ("norm", "at", "desk", "young")
    young = {one.norm: "yes" if before_18(one) else "" for one in chosen}
    at = [(one.norm, place, desk(one), young[one.norm]) for one in chosen for place in one.at]
    table = ibis.memtable(
        pa.table(
            {name: pa.array([row[n] for row in at], pa.string()) for n, name in enumerate(names)}
        )
    )
    to = [(one.norm, name) for one in chosen for name in one.to_steps]
    done = ibis.memtable(
        pa.table(
            {
                name: pa.array([row[n] for row in to], pa.string())
                for n, name in enumerate(("of", "does"))
            }
        )
    )
    whole = seen.join(table, [seen.station == table.at])
    here = whole.group_by(["norm", "child"]).agg(
        floor=_.start.min(),
        left=ibis.ifelse(_.out.isnull().any(), ibis.null("date"), _.out.max()),
        desk=_.desk.max(),
        young=_.young.max() == "yes",
    )
    place = ibis.window(
        group_by=["child"], order_by=[_.start.desc(), _.station, _.municipality, _.episode]
    )
    latest = (
        seen.mutate(copy=ibis.row_number().over(place))
        .filter(_.copy == 0)
        .select("child", "municipality")
    )
    did = every.join(done, [every.mark == done.does])
    first = did.group_by(["of", "child"]).agg(stop=_.day.min()).filter(_.child.notnull())
    first = first.rename({"whose": "child"})
    found = here.join(born, "child").join(latest, "child")
    found = found.left_join(first, [found.norm == first.of, found.child == first.whose])
    adult = (found.born + ibis.interval(years=18)).cast("date")
    left = ibis.ifelse(
        found.young & (adult <= on), ibis.least(adult, found.left.coalesce(adult)), found.left
    )
    found = found.mutate(left=left)
    found = found.filter(~found.young | (found.floor < adult))
    return found.mutate(
        case=_.child,
        base=_.born,
        organisation=ibis.ifelse(_.desk == "municipality", _.municipality, None),
        ordered=ibis.null("date"),
        dropped=ibis.literal(False),
    ).select(*BEGAN)
