"""Indicators over spells as Ibis expressions: DuckDB for tables in memory, Spark where they are.

What counts, and when, is as in :mod:`stelsel.monitor.waits`: a spell is there on ``start <= day <
end``; it leaves on its end, or on its start where the end comes before; nothing after the day of
looking is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from stelsel import spells as spell
from stelsel.monitor.indicators.definition import Indicator
from stelsel.monitor.indicators.measures import MEASURES, Looked, chosen
from stelsel.monitor.indicators.rows import NUMBERS, VALUES, schema
from stelsel.monitor.looking import as_known, periods_of
from stelsel.monitor.question import Question, question

_PERIOD = "period_end"
"""The column that names the period; the others follow from it."""
_LOOKED_AT = (
    *("child", "station", "form", "referrer", "priority", "start"),
    *("exit", "out", "end"),
)
"""What a measure may look at, beside what is grouped by."""


def work_out(
    indicator: Indicator,
    spells: pa.Table | ir.Table,
    as_of: date,
    by: Sequence[str] | None = None,
    days: int = 365,
) -> pa.Table:
    """Work out an indicator.

    Parameters
    ----------
    indicator
        What to work out.
    spells
        Columns of :data:`stelsel.spells.SCHEMA`: a table in memory, or an Ibis table, which is
        worked on where it is (DuckDB, Spark).
    as_of
        The day of looking, last day of the period.
    by
        What to group by, out of :data:`stelsel.monitor.indicators.library.GROUPS`; without, that of
        the definition. With ``month`` every calendar month that has a day in the period.
    days
        Length of the period in days, ``as_of`` included.

    Returns
    -------
    pa.Table
        Columns of :func:`stelsel.monitor.indicators.rows.schema`, ordered by group and part, the
        unknown last. Groups without a spell in the period have no row.

    Raises
    ------
    StelselError
        When ``by`` or ``days`` cannot be, or ``spells`` is no table of spells.

    Examples
    --------
    >>> from stelsel.monitor.indicators import named
    >>> one = {"child": "a", "episode": "a1", "station": "wait-ambulatory", "form": "02",
    ...        "start": date(2026, 3, 1), "known": date(2026, 4, 1), "source": "twin"}
    >>> table = pa.Table.from_pylist([one, one], schema=spell.SCHEMA)
    >>> found = work_out(named("waiting-children"), table, date(2026, 6, 30), by=[])
    >>> found.select(["value", "numerator"]).to_pylist()
    [{'value': 1.0, 'numerator': 1}]
    """
    asked = asking(indicator, as_of, by, days)
    if isinstance(spells, pa.Table):
        engine = ibis.duckdb.connect()
        try:
            rows = expression(indicator, ibis.memtable(spell.check(spells)), asked)
            return engine.to_pyarrow(rows).cast(schema(asked.by))
        finally:
            engine.disconnect()
    return expression(indicator, spells, asked).to_pyarrow().cast(schema(asked.by))


def asking(indicator: Indicator, as_of: date, by: Sequence[str] | None, days: int) -> Question:
    """Check what is asked of an indicator.

    Raises
    ------
    StelselError
        As :func:`stelsel.monitor.question.question`.
    """
    names = indicator.by if by is None else tuple(by)
    return question(as_of, names, days, extra=("station", "exit"))


def expression(indicator: Indicator, spells: ir.Table, asked: Question) -> ir.Table:
    """Give everything that :func:`work_out` answers, not yet run."""
    keys = [*asked.columns, _PERIOD]
    periods = periods_of(asked)
    known = as_known(spells, asked.as_of).select(
        *dict.fromkeys((*asked.columns, *_LOOKED_AT)),
    )
    looked = Looked(known, chosen(known, indicator.of), periods, keys, asked.as_of)
    rows = MEASURES[indicator.measure](indicator, looked)
    rows = rows.inner_join(periods, _PERIOD).mutate(as_of=ibis.literal(asked.as_of))
    names = schema(asked.by).names
    types = {name: "float64" if name in VALUES else "int64" for name in NUMBERS}
    rows = rows.mutate(**{name: rows[name].cast(types[name]) for name in NUMBERS})
    order = [ibis.asc(rows[name], nulls_first=False) for name in (*asked.by, "part", _PERIOD)]
    return rows.order_by(order).select(names)
