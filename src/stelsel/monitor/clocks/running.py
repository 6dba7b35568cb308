"""The clocks of the norms over what a register or a run knows, as steps that DuckDB carries out.

Every case in which a clock began to run gives a *run*: one term, with its last day and its state.
:mod:`stelsel.monitor.clocks.oracle` does the same slowly, one case at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends import BaseBackend

from stelsel import marks as mark_table
from stelsel import spells as spell_table
from stelsel.monitor.clocks.moments import births_table
from stelsel.monitor.clocks.ofstays import ages, stays
from stelsel.monitor.clocks.rows import RUNS
from stelsel.monitor.clocks.sequences import sequences
from stelsel.monitor.clocks.told import told_marks
from stelsel.system import Clock, clocks, norm, norms
from stelsel.system.terms import last_day

NO_BIRTHS = pa.schema([("child", pa.string()), ("birth_month", pa.string())])
"""Columns of births."""
_DAY = ibis.interval(days=1)


def running(
    spells: pa.Table,
    on: date,
    marks: pa.Table | None = None,
    births: pa.Table | None = None,
    only: Sequence[str] = (),
) -> pa.Table:
    """Give every run of the clocks, with its state on a day.

    Parameters
    ----------
    spells
        Columns of :data:`stelsel.spells.SCHEMA`, of a register or of the twin.
    on
        The day of looking: nothing after it counts.
    marks
        Columns of :data:`stelsel.marks.SCHEMA`; without it only clocks that spells tell run.
    births
        Columns ``child`` and ``birth_month`` (``2010-05``, or ``2010``); without it no age runs.
        An age is reached on the last day on which it can be.
    only
        Ids of norms; none for all.

    Returns
    -------
    pa.Table
        Columns of :data:`stelsel.monitor.clocks.RUNS`, ordered by norm, last day and case. A norm
        counts where it held on the day on which the term began.

    Raises
    ------
    StelselError
        When ``spells`` is no table of spells.

    Examples
    --------
    >>> one = {"child": "a", "episode": "a1", "station": "list-board-protection",
    ...        "start": date(2026, 11, 2), "known": date(2026, 11, 2), "source": "twin"}
    >>> table = pa.Table.from_pylist([one], schema=spell_table.SCHEMA)
    >>> found = running(table, date(2026, 11, 10), only=["board-start"])
    >>> found.select(["last_day", "state"]).to_pylist()
    [{'last_day': datetime.date(2026, 11, 12), 'state': 'due'}]
    """
    asked = [one for one in clocks() if one.runs and (not only or one.norm in only)]
    con = ibis.duckdb.connect()
    try:
        kept = _kept(con, "kept", spell_table.check(spells))
        told = mark_table.SCHEMA.empty_table() if marks is None else marks
        told = _kept(con, "told", told.cast(mark_table.SCHEMA))
        known = births_table(NO_BIRTHS.empty_table() if births is None else births)
        born = _kept(con, "born", known)
        seen = kept.filter(_.start <= on).mutate(
            out=ibis.ifelse(_.end <= on, ibis.greatest(_.end, _.start), None),
            exit=ibis.ifelse(_.end <= on, _.exit, None),
        )
        seen = con.create_table("seen", seen, temp=True)
        every = con.create_table("every", told_marks(told, seen, on), temp=True)
        parts = [
            sequences(con, every, seen, asked),
            stays(seen, born, every, asked),
            ages(seen, born, every, asked, on),
        ]
        began = con.create_table("began", ibis.union(*parts), temp=True)
        return con.to_pyarrow(_judged(con, began, asked, on)).cast(RUNS)
    finally:
        con.disconnect()


def _kept(con: BaseBackend, name: str, table: pa.Table) -> ir.Table:
    """Put a table in the engine; there every column may be null, so that they can be united."""
    loose = pa.schema([field.with_nullable(True) for field in table.schema])
    return con.create_table(name, ibis.memtable(table.cast(loose)), temp=True)


def _judged(con: BaseBackend, began: ir.Table, asked: Sequence[Clock], on: date) -> ir.Table:
    """Put the last day and the state beside each run."""
    pairs = con.to_pyarrow(began.select("norm", "base").distinct()).to_pylist()
    terms = ibis.memtable(_terms(pairs))
    said = ibis.memtable(
        pa.table(
            {
                "norm": pa.array([one.norm for one in asked], pa.string()),
                "sense": pa.array([one.sense for one in asked], pa.string()),
                "ahead": pa.array([one.ahead for one in asked], pa.int64()),
            }
        )
    )
    rows = began.join(terms, ["norm", "base"]).join(said, "norm")
    rows = rows.mutate(
        # A court can name an earlier day than the law allows, not a later one.
        last_day=ibis.least(_.cap, _.ordered.coalesce(_.cap)),
        least=_.sense == "at-least",
    )
    # Who left before the day of an age is no concern of it; who left after it was too late then.
    undone = rows.left.notnull() & ~(rows.stop <= rows.last_day).fill_null(False)
    rows = rows.mutate(
        dropped=rows.dropped | (undone & (rows.left <= rows.last_day)),
        stop=ibis.ifelse(undone, rows.left, rows.stop),
    )
    in_time = ibis.ifelse(rows.least, rows.stop >= rows.last_day, rows.stop <= rows.last_day)
    over = rows.last_day < on
    rows = rows.mutate(
        state=ibis.cases(
            (rows.dropped & (rows.least | (rows.stop <= rows.last_day)), "dropped"),
            (rows.stop.notnull() & in_time & ~rows.dropped, "met"),
            (rows.stop.notnull(), ibis.ifelse(rows.sense == "may", "dropped", "missed")),
            (rows.least, ibis.ifelse(rows.last_day <= on, "met", "running")),
            (over, ibis.ifelse(rows.sense == "may", "dropped", "overdue")),
            (rows.last_day.delta(ibis.literal(on), unit="day") <= rows.ahead, "due"),
            else_="running",
        )
    )
    past = ibis.greatest(rows.last_day + _DAY, rows.floor.coalesce(rows.base)).cast("date")
    late = (rows.state == "missed") & ~rows.least
    late |= rows.state == "overdue"
    late |= (rows.state == "dropped") & (rows.stop.isnull() | (rows.stop > rows.last_day))
    rows = rows.mutate(
        decided=ibis.cases(
            (rows.state.isin(["running", "due"]), ibis.null("date")),
            (rows.least & (rows.state == "met"), rows.last_day),
            (late & ~rows.least, past),
            else_=rows.stop,
        )
    )
    rows = rows.rename(start="base").select(*RUNS.names)
    return rows.order_by("norm", "last_day", "case", "start", "stop", "municipality")


def _terms(pairs: Sequence[dict[str, object]]) -> pa.Table:
    """Give the last day of each norm and first day, where the norm held on it."""
    held = {one.id: one for one in norms()}
    names, bases, caps = [], [], []
    for pair in pairs:
        name, base = str(pair["norm"]), pair["base"]
        assert isinstance(base, date)
        one = held[name]
        if (one.valid_from or date.min) <= base <= (one.valid_to or date.max) or _of_age(name):
            names.append(name)
            bases.append(base)
            caps.append(last_day(norm(name), base))
    return pa.table(
        {
            "norm": pa.array(names, pa.string()),
            "base": pa.array(bases, pa.date32()),
            "cap": pa.array(caps, pa.date32()),
        }
    )


def _of_age(name: str) -> bool:
    """Tell whether the term is counted from a birth, which may lie before the norm came."""
    return any(one.norm == name and one.from_steps == ("birth",) for one in clocks())
