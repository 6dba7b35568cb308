"""Indicators over spells as Ibis expressions: DuckDB for tables in memory, Spark where they are.

What counts, and when, is as in :mod:`stelsel.monitor.waits`: a spell is there on ``start <= day <
end``; it leaves on its end, or on its start where the end comes before; nothing after the day of
looking is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from stelsel import spells as spell
from stelsel.errors import Fault, StelselError
from stelsel.monitor.indicators.definition import LEVELS, Break, Indicator
from stelsel.monitor.indicators.looked import SHARED, Looked
from stelsel.monitor.indicators.measures import MEASURES
from stelsel.monitor.indicators.rows import NUMBERS, VALUES, schema
from stelsel.monitor.looking import as_known, periods_of
from stelsel.monitor.question import Period, Question, question

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
    return work_out_all([indicator], spells, as_of, by, days)[indicator.id]


def work_out_all(
    indicators: Iterable[Indicator],
    spells: pa.Table | ir.Table,
    as_of: date,
    by: Sequence[str] | None = None,
    days: int = 365,
) -> dict[str, pa.Table]:
    """Work out several indicators, those of one measure in one go through the spells.

    Parameters
    ----------
    indicators
        What to work out, each id once.
    spells, as_of, by, days
        As in :func:`work_out`.

    Returns
    -------
    dict
        By the id of the indicator what :func:`work_out` gives, in the order asked.

    Raises
    ------
    StelselError
        As :func:`work_out`.

    Examples
    --------
    >>> from stelsel.monitor.indicators import named
    >>> both = [named("waiting-children"), named("wait-length")]
    >>> found = work_out_all(both, spell.SCHEMA.empty_table(), date(2026, 6, 30))
    >>> [(name, table.num_rows) for name, table in found.items()]
    [('waiting-children', 0), ('wait-length', 0)]
    """
    every = {one.id: one for one in indicators}
    asked: dict[str, Question] = {}
    faults: list[Fault] = []
    for name, one in every.items():
        try:
            asked[name] = asking(one, as_of, by, days)
        except StelselError as error:
            faults += [fault for fault in error.faults if fault not in faults]
    if faults:
        raise StelselError(faults)
    found: dict[str, pa.Table] = {}
    with _at_hand(spells) as (engine, rows):
        for family in families(every.values(), asked):
            told = expression(family, rows, [asked[one.id] for one in family])
            found |= _apart(engine.to_pyarrow(told), family, asked)
    return {name: found[name] for name in every}


@contextmanager
def _at_hand(spells: pa.Table | ir.Table) -> Iterator[tuple[Any, ir.Table]]:
    """Give the engine and the spells in it: a table in memory goes into a DuckDB of its own."""
    if not isinstance(spells, pa.Table):
        yield spells.get_backend(), spells
        return
    engine = ibis.duckdb.connect()
    try:
        # A connection of its own: the shared one is not for several threads.
        yield engine, ibis.memtable(spell.check(spells))
    finally:
        engine.disconnect()


def asking(indicator: Indicator, as_of: date, by: Sequence[str] | None, days: int) -> Question:
    """Check what is asked of an indicator, and cut its periods at its breaks.

    What changed on a day does not compare over it, so a period with a break in it is two.

    Raises
    ------
    StelselError
        As :func:`stelsel.monitor.question.question`; and where the indicator may not be told at
        a level that is asked for.

    Examples
    --------
    >>> from stelsel.monitor.indicators import named
    >>> asked = asking(named("repeat-use"), date(2021, 6, 30), [], 365)
    >>> [str(period.last) for period in asked.periods]
    ['2020-12-31', '2021-06-30']
    """
    names = indicator.by if by is None else tuple(by)
    asked = question(as_of, names, days, extra=("station", "exit"))
    levels = [name for name in names if name in LEVELS and name not in indicator.levels]
    if levels:
        raise StelselError([_too_fine(indicator, name) for name in levels])
    cut = [part for period in asked.periods for part in _cut(period, indicator.breaks)]
    return replace(asked, periods=tuple(cut))


def _cut(period: Period, breaks: Sequence[Break]) -> Iterator[Period]:
    first = period.first
    for day in sorted(one.day for one in breaks):
        if first < day <= period.last:
            yield replace(period, first=first, last=day - timedelta(days=1))
            first = day
    yield replace(period, first=first)


def _too_fine(indicator: Indicator, level: str) -> Fault:
    told = ", ".join(indicator.levels)
    return Fault(
        f"The indicator {indicator.id} is not told by {level}.",
        "by",
        remedy=f"It is told by {told}; country is the total.",
        what_nl=f"De indicator {indicator.id} wordt niet per {level} verteld.",
        remedy_nl=f"Hij wordt verteld per {told}; country is het totaal.",
    )


def families(
    indicators: Iterable[Indicator], asked: Mapping[str, Question]
) -> list[list[Indicator]]:
    """Put together what can be worked out in one go: one measure, as many groups, same periods."""
    found: dict[tuple[object, ...], list[Indicator]] = {}
    for one in indicators:
        own = asked[one.id]
        shared = [getattr(one, name) for name in SHARED.get(one.measure, ())]
        key = (one.measure, *shared, len(own.columns), "month" in own.by, own.periods)
        found.setdefault(key, []).append(one)
    return list(found.values())


def expression(
    indicators: Sequence[Indicator], spells: ir.Table, asked: Sequence[Question]
) -> ir.Table:
    """Give everything that :func:`work_out_all` answers about a family, not yet run.

    The rows have the ``indicator``, ``group_0`` and so on for what each is grouped by, and what
    :func:`stelsel.monitor.indicators.rows.schema` has; in no order.
    """
    groups = {
        f"group_{number}": [own.columns[number] for own in asked]
        for number in range(len(asked[0].columns))
    }
    periods = periods_of(asked[0])
    columns = [name for own in asked for name in own.columns]
    known = as_known(spells, asked[0].as_of).select(*dict.fromkeys((*columns, *_LOOKED_AT)))
    looked = Looked(indicators, known, periods, asked[0].as_of, groups)
    rows = MEASURES[indicators[0].measure](looked).inner_join(periods, "period_end")
    months = ["month"] if "month" in asked[0].by else []
    return rows.select(
        *("indicator", *groups, *months, "part", "period_start", "period_end"),
        **{name: rows[name].cast("float64" if name in VALUES else "int64") for name in NUMBERS},
    )


def _apart(
    told: pa.Table, family: Sequence[Indicator], asked: Mapping[str, Question]
) -> dict[str, pa.Table]:
    """Give each indicator its own rows, in order, under the names of what it is grouped by."""
    found = {}
    for one in family:
        own = asked[one.id]
        rows = told.filter(pc.equal(told["indicator"], one.id))
        names = {f"group_{number}": name for number, name in enumerate(own.columns)}
        rows = rows.rename_columns([names.get(name, name) for name in rows.column_names])
        rows = rows.append_column("as_of", pa.array([own.as_of] * rows.num_rows, pa.date32()))
        order = [(name, "ascending") for name in (*own.by, "part", "period_end")]
        rows = rows.sort_by(order)
        shape = schema(own.by)
        found[one.id] = rows.select(shape.names).cast(shape)
    return found
