"""Clocks that run from mark to mark: when each began, stopped or was dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends import BaseBackend

from stelsel.monitor.clocks.moments import tellable
from stelsel.monitor.clocks.told import LAST
from stelsel.system import Clock, station, steps
from stelsel.system.moments import BIRTH, IN, of_message, teller

BEGAN = (
    *("norm", "case", "child", "organisation", "municipality", "base", "ordered", "stop"),
    *("dropped", "floor", "left"),
)
"""What a clock gives before its term is known: ``base`` is the day it is counted from, ``ordered``
the last day that a court named, ``floor`` the day before which it was nobody's concern, ``left``
that from which it is none any more."""
COURT = "court"
_FLAGS = ("starts", "stops", "again", "drops", "since")
_RULES = pa.schema(
    [
        *((name, pa.string()) for name in ("norm", "mark", "reason", "desk")),
        *((name, pa.bool_()) for name in (*_FLAGS, "by_child", "by_reference", "foreign")),
        *((name, pa.bool_()) for name in ("tellable", "has_since", "desk_tells")),
    ]
)


def in_sequence(clock: Clock) -> bool:
    """Tell whether a clock runs from mark to mark."""
    return bool(clock.from_steps and clock.to_steps) and clock.from_steps != (BIRTH,)


def by_child(clock: Clock) -> bool:
    """Tell whether a clock runs over cases of several kinds of organisations, so by child.

    A message and its answer are of two organisations and yet one case.

    Examples
    --------
    >>> from stelsel.system import clock
    >>> [by_child(clock(name)) for name in ("board-start", "board-mayor", "ijw-request-answer")]
    [False, True, False]
    """
    names = (*clock.from_steps, *clock.to_steps)
    return len(set(map(teller, names))) > 1 and not any(map(of_message, names))


def by_reference(clock: Clock) -> bool:
    """Tell whether several can run in one case at once, told apart by what they refer to.

    Examples
    --------
    >>> from stelsel.system import clock
    >>> by_reference(clock("instruction-decision")), by_reference(clock("board-start"))
    (True, False)
    """
    have = {one.id for one in steps() if "reference" in (*one.fields, *one.may)}
    return {*clock.from_steps, *clock.to_steps} <= have


def begins_again(clock: Clock, name: str) -> bool:
    """Tell whether the clock begins again at one of its last steps, as this ends no stay.

    Examples
    --------
    >>> from stelsel.system import clock
    >>> one = clock("supervision-term")
    >>> [begins_again(one, name) for name in one.to_steps]
    [True, False]
    """
    ends = {one.id: one.ends for one in steps()}
    return clock.repeats and not ends.get(name.partition(":")[0], ())


def desk(clock: Clock) -> str:
    """Give the kind of organisation that must act: it tells the last step, or owns the station.

    Examples
    --------
    >>> from stelsel.system import clock
    >>> [desk(clock(name)) for name in ("board-mayor", "placement-advice", "supervision-term")]
    ['child-protection-board', 'certified-institution', 'certified-institution']
    """
    owner = station(clock.station).owner if clock.station else ""
    who = next(filter(None, map(teller, clock.to_steps)), owner)
    if who != COURT:
        return who
    # A court is waited for; who asks it, or carries its measure out, watches the term.
    return owner if owner not in ("", COURT) else teller(clock.from_steps[0])


def _rules_of(clock: Clock) -> Iterator[dict[str, Any]]:
    own = {teller(name) for name in (*clock.from_steps, *clock.to_steps)}
    who = desk(clock)
    shared = {
        "norm": clock.norm,
        "desk": who,
        "by_child": by_child(clock),
        "by_reference": by_reference(clock),
        "tellable": tellable(clock),
        "has_since": bool(clock.since),
    }
    for flag, names in (
        ("starts", clock.from_steps),
        ("stops", clock.to_steps),
        ("drops", clock.else_steps),
        ("since", clock.since),
    ):
        for name in names:
            mark, _, reason = name.partition(":")
            again = flag == "stops" and begins_again(clock, name)
            foreign = flag == "drops" and not by_child(clock) and teller(name) not in own
            foreign = foreign and not of_message(name)
            yield (
                shared
                | dict.fromkeys(_FLAGS, False)
                | {
                    "mark": mark,
                    "reason": reason or None,
                    "foreign": foreign,
                    "desk_tells": bool(who) and teller(name) == who,
                    "again" if again else flag: True,
                }
            )


@cache
def rules(asked: tuple[Clock, ...]) -> pa.Table:
    """Give what each mark does to each clock."""
    rows = [rule for one in asked if in_sequence(one) for rule in _rules_of(one)]
    return pa.Table.from_pylist(rows, schema=_RULES)


def sequences(
    con: BaseBackend, every: ir.Table, seen: ir.Table, asked: Sequence[Clock]
) -> ir.Table:
    """Give each run of the clocks that run from mark to mark: columns :data:`BEGAN`."""
    table = ibis.memtable(rules(tuple(asked)))
    fits = con.create_table("fits", _fitting(ibis.union(every, _there(every, seen, asked)), table))
    own = fits.filter(~_.foreign)
    groups = own.filter(_.child.notnull()).select("norm", "child", "group").distinct()
    away = fits.filter(_.foreign).drop("group").join(groups, ["norm", "child"])
    whole = ibis.union(own, away.select(own.columns))
    kept = con.create_table("turns", _turns(whole), temp=True)
    return _with_desk(_runs(kept), every)


def _there(every: ir.Table, seen: ir.Table, asked: Sequence[Clock]) -> ir.Table:
    """Give who was at a station already when a clock began that stops at coming there."""
    begins = [
        name.partition(":")[0]
        for one in asked
        if any(to.startswith(f"{IN}:") for to in one.to_steps)
        for name in one.from_steps
    ]
    steps_told = every.filter(_.mark.isin(begins or [""]), _.child.notnull())
    stays = seen.select(of="child", at="station", came="start", left="out")
    found = steps_told.join(
        stays,
        [
            steps_told.child == stays.of,
            stays.came < steps_told.day,
            stays.left.isnull() | (stays.left > steps_told.day),
        ],
    )
    return found.mutate(
        mark=ibis.literal(IN),
        reason=_.at,
        place=ibis.literal(LAST + 1, "int64"),
        number=-1 - _.number,
    ).select(every.columns)


def _fitting(every: ir.Table, table: ir.Table) -> ir.Table:
    """Give each mark with each clock that it does something to, once."""
    does = table.rename({"does": "mark", "only": "reason"})
    met = every.join(
        does,
        [
            every.mark == does.does,
            does.only.isnull() | (does.only == every.reason).fill_null(False),
            does.tellable | ~every.implied,
        ],
    )
    case = ibis.ifelse(met.by_child, met.child.coalesce(met.case), met.case)
    group = case.concat("/", ibis.ifelse(met.by_reference, met.reference.fill_null(""), ""))
    met = met.mutate(group=group)
    once = met.group_by(["norm", "number", "case", "reason"]).mutate(
        **{flag: met[flag].any() for flag in (*_FLAGS, "desk_tells")}
    )
    window = ibis.window(
        group_by=["norm", "number", "case", "reason"], order_by=[_.only.asc(nulls_first=False)]
    )
    first = once.mutate(copy=ibis.row_number().over(window)).filter(_.copy == 0)
    # What stops it in time does not also send it another way.
    return first.mutate(drops=_.drops & ~_.stops & ~_.again).drop("copy", "does", "only")


def _turns(whole: ir.Table) -> ir.Table:
    """Keep the marks that begin or end a run: a start when it stands still, an end when it runs."""
    order = ["day", "place", "known", "number"]
    so_far = ibis.cumulative_window(group_by=["norm", "group"], order_by=order)
    in_turn = ibis.window(group_by=["norm", "group"], order_by=order)
    after = ibis.cases(
        (whole.starts, 1),
        (whole.stops | whole.drops, 0),
        else_=ibis.null("int64"),
    )
    counted = whole.mutate(
        after=after,
        since_day=ibis.ifelse(whole.since, whole.day, ibis.null("date")).max().over(so_far),
    )
    counted = counted.mutate(stretch=_.after.count().over(so_far))
    # Each change opens a stretch of marks before which the clock ran or stood still.
    known = counted.mutate(
        now=_.after.max().over(ibis.window(group_by=["norm", "group", "stretch"]))
    )
    before = known.mutate(before=_.now.lag().over(in_turn).fill_null(0))
    moved = before.mutate(
        opens=(_.starts & (_.before == 0)) | (_.again & (_.before == 1)),
        closes=(_.stops | _.again | _.drops) & (_.before == 1),
    )
    return moved.filter(_.opens | _.closes)


def _runs(kept: ir.Table) -> ir.Table:
    """Give each opening with the mark that closes it."""
    in_turn = ibis.window(group_by=["norm", "group"], order_by=["day", "place", "known", "number"])
    paired = kept.mutate(
        stop=_.day.lead().over(in_turn),
        dropped=_.drops.lead().over(in_turn).fill_null(False),
        earlier=_.last_day.lag().over(in_turn),
    ).filter(_.opens)
    renewed = ibis.ifelse(paired.again & (paired.before == 1), paired.earlier, ibis.null("date"))
    # What is extended goes on from the day that was ordered before, not from the decision.
    base = ibis.greatest(paired.day, renewed.coalesce(paired.day))
    since = ibis.ifelse(paired.has_since, paired.since_day, ibis.null("date"))
    return paired.mutate(
        base=since.coalesce(base),
        ordered=_.last_day,
        floor=ibis.null("date"),
        left=ibis.null("date"),
    )


def _with_desk(found: ir.Table, every: ir.Table) -> ir.Table:
    """Put the organisation that must act beside each run."""
    last = last_tellers(every)
    with_last = found.left_join(last, [found.desk == last.kind, found.child == last.of])
    return with_last.mutate(
        organisation=ibis.cases(
            (_.desk_tells, _.organisation),
            (_.addressed.notnull(), _.addressed),
            (_.desk == "municipality", _.municipality),
            else_=_.who,
        )
    ).select(*BEGAN)


def last_tellers(every: ir.Table) -> ir.Table:
    """Give who told last of each child, by kind of organisation: ``kind``, ``of``, ``who``."""
    kinds = ibis.memtable(
        pa.table(
            {
                "told": [one.id for one in steps()],
                "kind": [one.organisation for one in steps()],
            }
        )
    )
    named = every.filter(~_.implied, _.child.notnull(), _.organisation.notnull())
    of_kind = named.join(kinds, [named.mark == kinds.told])
    latest = ibis.window(
        group_by=["kind", "child"], order_by=[_.day.desc(), _.known.desc(), _.organisation]
    )
    return (
        of_kind.mutate(copy=ibis.row_number().over(latest))
        .filter(_.copy == 0)
        .select("kind", of="child", who="organisation")
    )
