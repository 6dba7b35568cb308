"""Indicators over spells as Ibis expressions: DuckDB for tables in memory, Spark where they are.

What counts, and when, is as in :mod:`stelsel.monitor.waits`: a spell is there on ``start <= day <
end``; it leaves on its end, or on its start where the end comes before; nothing after the day of
looking is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from stelsel import spells as spell
from stelsel.monitor.competing import shares_by
from stelsel.monitor.indicators.definition import Indicator, Measure, Moment, Selection
from stelsel.monitor.indicators.rows import NUMBERS, VALUES, schema
from stelsel.monitor.question import Question, question
from stelsel.monitor.survival import Z95, quantiles, steps
from stelsel.system import norm
from stelsel.system.terms import last_day

_PERIOD = "period_end"
_DAY = timedelta(days=1)
PARTS = {"median": 0.5, "p80": 0.2}
"""Of a length: per part the share that is still there."""


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
    known = _known(spells, asked)
    keys = [*asked.columns, _PERIOD]
    periods = _periods(asked)
    chosen = _chosen(known, indicator.of)
    make = _MEASURES[indicator.measure]
    rows = make(indicator, _Looked(known, chosen, periods, keys, asked.as_of))
    rows = rows.inner_join(periods, _PERIOD).mutate(as_of=ibis.literal(asked.as_of))
    names = schema(asked.by).names
    types = {name: "float64" if name in VALUES else "int64" for name in NUMBERS}
    rows = rows.mutate(**{name: rows[name].cast(types[name]) for name in NUMBERS})
    order = [ibis.asc(rows[name], nulls_first=False) for name in (*asked.by, "part", _PERIOD)]
    return rows.order_by(order).select(names)


class _Looked:
    """What a measure looks at: the spells known, those chosen, the periods, the keys."""

    def __init__(
        self, known: ir.Table, chosen: ir.Table, periods: ir.Table, keys: list[str], as_of: date
    ) -> None:
        self.known, self.chosen, self.periods, self.keys = known, chosen, periods, keys
        self.as_of = as_of

    def seen(self, spells: ir.Table | None = None) -> ir.Table:
        """Give a row per spell and period in which it was there on some day, began or ended."""
        rows = self.chosen if spells is None else spells
        found = rows.join(
            self.periods,
            [
                rows.start <= self.periods.period_end,
                rows.out.isnull() | (rows.out >= self.periods.period_start),
            ],
        )
        return found.mutate(
            begins=found.start >= found.period_start,
            ends=(found.out <= found.period_end).fill_null(False),
        )

    def at(self, moment: Moment, spells: ir.Table | None = None) -> ir.Table:
        """Give a row per spell and period that has the moment in it."""
        seen = self.seen(spells)
        if moment == "there":
            return seen.filter(~seen.ends)
        if moment == "begun":
            return seen.filter(seen.begins)
        return seen.filter(seen.ends) if moment == "ended" else seen


def _known(spells: ir.Table, asked: Question) -> ir.Table:
    """Give the spells as known on the day: what ended later is open."""
    kept = spells.filter(spells.start <= asked.as_of)
    over = (kept.end <= asked.as_of).fill_null(False)
    names = ["child", "station", "form", "referrer", "priority", "start"]
    groups = [name for name in asked.columns if name not in (*names, "exit")]
    return kept.select(
        *groups,
        *names,
        exit=over.ifelse(kept.exit, ibis.null("string")),
        out=over.ifelse(ibis.greatest(kept.end, kept.start), ibis.null("date")),
        end=over.ifelse(kept.end, ibis.null("date")),
    )


def _periods(asked: Question) -> ir.Table:
    columns = {
        "period_start": pa.array([period.first for period in asked.periods], pa.date32()),
        "period_end": pa.array([period.last for period in asked.periods], pa.date32()),
    }
    if "month" in asked.by:
        columns["month"] = pa.array([period.month for period in asked.periods], pa.string())
    return ibis.memtable(pa.table(columns))


def _among(rows: ir.Table, selection: Selection) -> ir.BooleanValue:
    """Tell of each row whether it belongs to a selection."""
    tests = [rows[name].isin(values) for name, values in selection.columns().items()]
    whole: ir.BooleanValue = ibis.literal(True)
    for test in tests:
        whole = whole & test
    return whole.fill_null(False)


def _chosen(rows: ir.Table, selection: Selection) -> ir.Table:
    return rows.filter(_among(rows, selection))


def _counted(
    rows: ir.Table, indicator: Indicator, where: ir.BooleanValue | None = None
) -> ir.IntegerScalar:
    """Count spells or children."""
    if indicator.counts == "children":
        return rows.child.nunique(where=where)
    return rows.count(where=where)


def _count(indicator: Indicator, looked: _Looked) -> ir.Table:
    rows = looked.at(indicator.moment)
    found = rows.aggregate(
        by=looked.keys, numerator=_counted(rows, indicator), children=rows.child.nunique()
    )
    return found.mutate(
        part=ibis.literal(""),
        value=found.numerator.cast("float64"),
        low=ibis.null("float64"),
        high=ibis.null("float64"),
        denominator=ibis.null("int64"),
    )


def _share(indicator: Indicator, looked: _Looked) -> ir.Table:
    assert indicator.part is not None
    rows = looked.at(indicator.moment)
    return _percent(rows, indicator, _among(rows, indicator.part), looked.keys)


def _percent(
    rows: ir.Table, indicator: Indicator, where: ir.BooleanValue, keys: list[str]
) -> ir.Table:
    """Give the share of rows, in percent, with Wilson's interval (E.B. Wilson, JASA 22, 1927)."""
    found = rows.aggregate(
        by=keys,
        numerator=_counted(rows, indicator, where),
        denominator=_counted(rows, indicator),
        children=rows.child.nunique(),
    )
    return wilson(found).mutate(part=ibis.literal(""))


def wilson(found: ir.Table) -> ir.Table:
    """Put the share in percent and Wilson's 95 % interval beside numerator and denominator."""
    number = found.denominator.nullif(0).cast("float64")
    share = found.numerator / number
    z2 = Z95**2
    middle = (share + z2 / (2 * number)) / (1 + z2 / number)
    spread = share * (1 - share) / number + z2 / (4 * number * number)
    width = Z95 * ibis.greatest(spread, 0.0).sqrt() / (1 + z2 / number)
    return found.mutate(
        value=100 * share,
        low=100 * ibis.greatest(middle - width, 0.0),
        high=100 * ibis.least(middle + width, 1.0),
    )


def _ratio(indicator: Indicator, looked: _Looked) -> ir.Table:
    assert indicator.per is not None
    upper = looked.at(indicator.moment)
    lower = looked.at(indicator.per_moment, _chosen(looked.known, indicator.per))
    above = upper.aggregate(by=looked.keys, numerator=_counted(upper, indicator))
    below = lower.aggregate(
        by=looked.keys,
        denominator=_counted(lower, indicator),
        children=lower.child.nunique(),
    )
    found = beside(below, above, looked.keys)
    found = found.mutate(numerator=found.numerator.fill_null(0))
    return found.mutate(
        part=ibis.literal(""),
        value=found.numerator / found.denominator.nullif(0).cast("float64"),
        low=ibis.null("float64"),
        high=ibis.null("float64"),
    )


def beside(left: ir.Table, right: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Put the columns of ``right`` beside the rows of ``left``; an unknown key equals itself."""
    other = right.rename({f"{name}_other": name for name in keys})
    same = [left[name].identical_to(other[f"{name}_other"]) for name in keys]
    return left.left_join(other, same).drop(*(f"{name}_other" for name in keys))


def _observed(indicator: Indicator, looked: _Looked) -> ir.Table:
    """Give what the estimates look at: entry, time and how it ended, as in the waits."""
    seen = looked.seen()
    last = seen.ends.ifelse(seen.end, seen.period_end)
    before = seen.period_start.delta(seen.start, unit="day") - 1
    return seen.select(
        *looked.keys,
        "child",
        time=last.delta(seen.start, unit="day"),
        cause=seen.ends.ifelse(seen.exit, ibis.null("string")),
        entry=seen.begins.ifelse(ibis.null("int64"), before),
    )


def _behind(observed: ir.Table, keys: list[str], event: ir.BooleanValue) -> ir.Table:
    """Count what an estimate rests on."""
    return observed.aggregate(
        by=keys,
        numerator=event.sum(),
        denominator=observed.count(),
        children=observed.child.nunique(),
    )


def _length(indicator: Indicator, looked: _Looked) -> ir.Table:
    observed = _observed(indicator, looked)
    event = observed.cause.notnull()
    if indicator.exits:
        event = observed.cause.isin(indicator.exits).fill_null(False)
    observed = observed.mutate(event=event)
    keys = looked.keys
    behind = _behind(observed, keys, observed.event)
    read = quantiles(steps(observed.drop("child", "cause"), keys), keys, PARTS)
    whole = beside(behind, read, keys)
    parts = [
        whole.select(
            *keys,
            *("numerator", "denominator", "children"),
            part=ibis.literal(name),
            value=whole[f"{name}_days"].cast("float64"),
            low=whole[f"{name}_low"].cast("float64"),
            high=whole[f"{name}_high"].cast("float64"),
        )
        for name in PARTS
    ]
    return ibis.union(*parts)


def _ends(indicator: Indicator, looked: _Looked) -> ir.Table:
    observed = _observed(indicator, looked)
    keys = looked.keys
    shares = shares_by(observed.drop("child"), keys, indicator.days)
    behind = _behind(observed, keys, observed.cause.notnull()).drop("numerator")
    found = beside(shares, behind, keys)
    return found.mutate(
        part=found.cause,
        numerator=found.events,
        value=100 * found.value,
        low=100 * found.low,
        high=100 * found.high,
    ).drop("cause", "events")


def _lasted(indicator: Indicator, looked: _Looked) -> ir.Table:
    rows = looked.at("there")
    rows = rows.mutate(age=rows.period_end.delta(rows.start, unit="day"))
    found = rows.aggregate(
        by=looked.keys,
        value=rows.age.median().cast("float64"),
        numerator=rows.count(),
        denominator=rows.count(),
        children=rows.child.nunique(),
    )
    return found.mutate(
        part=ibis.literal("median"), low=ibis.null("float64"), high=ibis.null("float64")
    )


def _within(indicator: Indicator, looked: _Looked) -> ir.Table:
    rows = _termed(indicator, looked)
    kept = rows.out <= rows.last
    fits = rows.exit.isin(indicator.exits) if indicator.exits else ibis.literal(True)
    rows = rows.mutate(met=kept.fill_null(False))
    # Decided on the day it ended in time, or on the day after its term: once, whenever it ends.
    decided = rows.met.ifelse(rows.out, rows.last + ibis.interval(days=1))
    rows = rows.mutate(decided=decided).filter(~rows.met | fits)
    found = rows.join(
        looked.periods,
        [rows.decided >= looked.periods.period_start, rows.decided <= looked.periods.period_end],
    )
    return _percent(found, indicator, found.met, looked.keys)


def _termed(indicator: Indicator, looked: _Looked) -> ir.Table:
    """Put the last day of its term beside each spell, read from a table of days."""
    rows = looked.chosen
    term = norm(indicator.norm)
    first = looked.as_of - timedelta(days=366 * YEARS)
    days = [first + n * _DAY for n in range((looked.as_of - first).days + 1)]
    table = ibis.memtable(
        pa.table(
            {
                "began": pa.array(days, pa.date32()),
                "last": pa.array([last_day(term, day) for day in days], pa.date32()),
            }
        )
    )
    return rows.join(table, rows.start == table.began).drop("began")


YEARS = 30
"""Spells that began longer before the day of looking have no term any more."""


def _beside(indicator: Indicator, looked: _Looked) -> ir.Table:
    rows = looked.at("there")
    each = rows.aggregate(by=[*looked.keys, "child"], number=rows.count())
    found = each.aggregate(
        by=looked.keys,
        numerator=(each.number >= indicator.least).sum(),
        denominator=each.count(),
        children=each.count(),
    )
    return wilson(found).mutate(part=ibis.literal(""))


def _again(indicator: Indicator, looked: _Looked) -> ir.Table:
    rows = looked.at("begun")
    earlier = _chosen(looked.known, indicator.part or indicator.of)
    earlier = earlier.filter(earlier.out.notnull()).select(of="child", over="out")
    rows = rows.mutate(
        back=rows.period_start - ibis.interval(years=indicator.years),
        latest=rows.start - ibis.interval(days=indicator.gap),
    )
    met = rows.semi_join(
        earlier,
        [rows.child == earlier.of, earlier.over <= rows.latest, earlier.over > rows.back],
    )
    return _of_these(indicator, looked.keys, met, rows)


def _no_return(indicator: Indicator, looked: _Looked) -> ir.Table:
    rows = looked.at("ended")
    year = rows.out.year()
    # Up to the end of the next half-year: 31 December of this year, or 30 June of the next.
    until = (rows.out.month() <= 6).ifelse(ibis.date(year, 12, 31), ibis.date(year + 1, 6, 30))
    rows = rows.mutate(until=until, soonest=rows.out + ibis.interval(days=indicator.gap))
    rows = rows.filter(rows.until <= looked.as_of)
    later = looked.chosen.select(of="child", begun="start")
    stayed = rows.anti_join(
        later,
        [rows.child == later.of, later.begun >= rows.soonest, later.begun <= rows.until],
    )
    return _of_these(indicator, looked.keys, stayed, rows)


def _follow(indicator: Indicator, looked: _Looked) -> ir.Table:
    rows = looked.at("ended")
    rows = rows.mutate(until=rows.out + ibis.interval(days=indicator.days))
    rows = rows.filter(rows.until <= looked.as_of)
    later = _chosen(looked.known, indicator.part or indicator.of)
    later = later.select(of="child", begun="start", there="station")
    tests = [rows.child == later.of, later.begun >= rows.out, later.begun <= rows.until]
    if indicator.other:
        tests.append(rows.station != later.there)
    return _of_these(indicator, looked.keys, rows.semi_join(later, tests), rows)


def _of_these(indicator: Indicator, keys: list[str], some: ir.Table, every: ir.Table) -> ir.Table:
    """Give the share that some rows are of all of them."""
    below = every.aggregate(
        by=keys, denominator=_counted(every, indicator), children=every.child.nunique()
    )
    above = some.aggregate(by=keys, numerator=_counted(some, indicator))
    found = beside(below, above, keys)
    found = found.mutate(numerator=found.numerator.fill_null(0))
    return wilson(found).mutate(part=ibis.literal(""))


_MEASURES: Mapping[Measure, Callable[[Indicator, _Looked], ir.Table]] = {
    "count": _count,
    "share": _share,
    "ratio": _ratio,
    "length": _length,
    "ends": _ends,
    "lasted": _lasted,
    "within": _within,
    "beside": _beside,
    "again": _again,
    "no-return": _no_return,
    "follow": _follow,
}
