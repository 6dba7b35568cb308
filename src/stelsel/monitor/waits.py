"""Waiting: who waits, how long waiting takes with open waits counted, what goes in and out.

The work is one Ibis expression in named steps, so that it runs where the spells are: in DuckDB for
a table in memory, or on the engine of the Ibis table that is given.

What counts, and when
---------------------
A wait is a spell at a station ``wait-...``; it covers ``start <= day < end``. Nothing after
``as_of`` is known: spells that begin later do not exist, those that end later are open.

A wait *leaves the list* on its end, or on its start where the end comes before the start (help
began before it was allocated): a negative wait enters and leaves on the day of its allocation. So
for any period ``waiting`` at its end = ``waiting`` the day before it + ``inflow`` - ``outflow``.

The estimate looks at every wait that was on a list on some day of the period, or that began in it:

* a wait that began in the period is seen from its beginning;
* a wait that began before it is seen from the age it had on the day before the period (late
  entry), so that long waits are not counted more often for being long;
* a wait that is open at the end of the period is censored at the age it then has;
* a wait that ends in any other way than by care is censored on that day: the estimate answers
  "how long would it take for who keeps waiting".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from stelsel import spells as spell
from stelsel.errors import StelselError
from stelsel.monitor.fields import field, schema
from stelsel.monitor.looking import aged, as_known, beside, in_periods, periods_of
from stelsel.monitor.question import Question, question
from stelsel.monitor.survival import quantiles, steps

SERVED = "served"
"""The exit of a wait that ended because care started."""

SHARES = {"median": 0.5, "p80": 0.2}
"""Per quantile the share that still waits."""

_PERIOD = "period_end"
"""The column that names the period; the others follow from it."""


def waiting(
    spells: pa.Table | ir.Table, as_of: date, by: Sequence[str] = ("form",), days: int = 365
) -> pa.Table:
    """Tell who waits, for how long, and what goes in and out.

    Parameters
    ----------
    spells
        Table with the columns of :data:`stelsel.spells.SCHEMA`: in memory, or an Ibis table, which
        is worked on where it is.
    as_of
        The day of looking, last day of the period.
    by
        What to group by, out of :data:`stelsel.monitor.BY`; none gives one row, the total. With
        ``month`` a row per calendar month that has a day in the period, each month whole save the
        last, which ends on ``as_of``.
    days
        Length of the period in days, ``as_of`` included.

    Returns
    -------
    pa.Table
        A row per group that had a wait or care in the period (by month: for every month), ordered
        by the columns of ``by``, the unknown last. The fields are those of
        :data:`stelsel.monitor.FIELDS`; waiting times in days.

    Raises
    ------
    StelselError
        When ``by`` names something else, ``days`` is no length, or ``spells`` is no table of
        spells.

    Examples
    --------
    >>> from datetime import date
    >>> one = {"child": "a", "episode": "a1", "station": "wait-ambulatory", "form": "02",
    ...        "start": date(2026, 3, 1), "end": date(2026, 3, 31), "exit": "served",
    ...        "known": date(2026, 4, 1), "source": "twin"}
    >>> other = {**one, "child": "b", "episode": "b1", "end": None, "exit": None}
    >>> table = pa.Table.from_pylist([one, other], schema=spell.SCHEMA)
    >>> row = waiting(table, date(2026, 6, 30)).to_pylist()[0]
    >>> row["form"], row["waiting"], row["completed"], row["median_days"]
    ('02', 1, 1, 30)
    """
    asked = question(as_of, [by] if isinstance(by, str) else by, days)
    rows = expression(_table(spells), asked)
    # A connection of its own for a table in memory: the shared one is not for several threads.
    if isinstance(spells, pa.Table):
        engine = ibis.duckdb.connect()
        found = engine.to_pyarrow(rows)
        engine.disconnect()
    else:
        found = rows.to_pyarrow()
    return found.cast(schema(asked.by))


def _table(spells: pa.Table | ir.Table) -> ir.Table:
    """Give the spells as an Ibis table, checked as far as can be without running it."""
    if isinstance(spells, pa.Table):
        return ibis.memtable(spell.check(spells))
    missing = [name for name in spell.SCHEMA.names if name not in spells.columns]
    if missing:
        raise StelselError(
            f"Columns are missing: {', '.join(missing)}.",
            where="spells",
            rule="stelsel spells 1",
            what_nl=f"Er ontbreken kolommen: {', '.join(missing)}.",
        )
    return spells


def expression(spells: ir.Table, asked: Question) -> ir.Table:
    """Put the steps together: everything that :func:`waiting` answers, not yet run.

    Examples
    --------
    The same question in the words of Spark:

    >>> from stelsel.monitor.question import question
    >>> spells = ibis.table(ibis.memtable(spell.SCHEMA.empty_table()).schema(), name="spells")
    >>> asked = expression(spells, question(date(2026, 6, 30), ["form"], 365))
    >>> "PARTITION BY" in ibis.to_sql(asked, dialect="databricks")
    True
    """
    keys = [*asked.columns, _PERIOD]
    periods = periods_of(asked)
    seen = in_periods(_waits_and_care(as_known(spells, asked.as_of), asked), periods)
    counted = _counts(seen, keys)
    estimated = quantiles(steps(_observations(seen, keys), keys), keys, SHARES)
    grid = periods
    if asked.columns:
        grid = seen.select(*asked.columns).distinct().cross_join(periods)
    rows = beside(beside(grid, counted, keys), estimated, keys)
    rows = rows.mutate(
        as_of=ibis.literal(asked.as_of),
        **{
            name: rows[name].fill_null(0) for name in counted.columns if field(name).kind == "count"
        },
    )
    order = [ibis.asc(rows[name], nulls_first=False) for name in (*asked.by, _PERIOD)]
    return rows.order_by(order).select(schema(asked.by).names)


def _waits_and_care(known: ir.Table, asked: Question) -> ir.Table:
    """Keep the waits and care, and what is asked of them."""
    is_wait = known.station.startswith(spell.WAIT)
    is_care = known.station.startswith(spell.CARE)
    kept = known.filter(is_wait | is_care)
    return kept.select(
        *asked.columns,
        *("child", "start", "end", "out"),
        is_wait=kept.station.startswith(spell.WAIT),
        # Open is not served; asked only of what ended in the period.
        served=(kept.exit == SERVED).fill_null(False),
    )


def _counts(seen: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Count stocks at the end of the period and flows in it; see :data:`stelsel.monitor.FIELDS`."""
    wait, care = seen.is_wait, ~seen.is_wait
    completed = wait & seen.ends & seen.served
    waits_still, cared_for = wait & ~seen.ends, care & ~seen.ends
    age = seen.period_end.delta(seen.start, unit="day")
    return seen.aggregate(
        by=list(keys),
        waiting=waits_still.sum(),
        waiting_children=seen.child.nunique(where=waits_still),
        waited_days_median=age.median(where=waits_still).cast("float64"),
        completed=completed.sum(),
        withdrawn=(wait & seen.ends & ~seen.served).sum(),
        negative=(completed & (seen.end < seen.start)).sum(),
        inflow=(wait & seen.begins).sum(),
        outflow=(wait & seen.ends).sum(),
        in_care=cared_for.sum(),
        in_care_children=seen.child.nunique(where=cared_for),
        care_started=(care & seen.begins).sum(),
        care_ended=(care & seen.ends).sum(),
    )


def _observations(seen: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Give for each wait what the estimate looks at: from which age, to which, how it ended."""
    waits = aged(seen.filter(seen.is_wait))
    return waits.select(*keys, "time", "entry", event=waits.ends & waits.served)
