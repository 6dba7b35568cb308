"""The measures of the fast engine: each gives an indicator's numbers as an Ibis expression.

What counts, and when, is as in :mod:`stelsel.monitor.waits`; what each measure gives is told in
:mod:`stelsel.monitor.indicators.definition`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from stelsel.monitor.competing import shares_by
from stelsel.monitor.indicators.definition import Indicator, Measure, Moment, Selection
from stelsel.monitor.looking import aged, beside, in_periods
from stelsel.monitor.survival import Z95, quantiles, steps
from stelsel.system import norm
from stelsel.system.terms import last_day

_DAY = timedelta(days=1)
PARTS = {"median": 0.5, "p80": 0.2}
"""Of a length: per part the share that is still there."""


class Looked:
    """What a measure looks at: the spells known, those chosen, the periods, the keys."""

    def __init__(
        self, known: ir.Table, chosen: ir.Table, periods: ir.Table, keys: list[str], as_of: date
    ) -> None:
        self.known, self.chosen, self.periods, self.keys = known, chosen, periods, keys
        self.as_of = as_of

    def seen(self, spells: ir.Table | None = None) -> ir.Table:
        """Give a row per spell and period in which it was there on some day, began or ended."""
        return in_periods(self.chosen if spells is None else spells, self.periods)

    def at(self, moment: Moment, spells: ir.Table | None = None) -> ir.Table:
        """Give a row per spell and period that has the moment in it."""
        seen = self.seen(spells)
        if moment == "there":
            return seen.filter(~seen.ends)
        if moment == "begun":
            return seen.filter(seen.begins)
        return seen.filter(seen.ends) if moment == "ended" else seen


def _among(rows: ir.Table, selection: Selection) -> ir.BooleanValue:
    """Tell of each row whether it belongs to a selection."""
    tests = [rows[name].isin(values) for name, values in selection.columns().items()]
    whole: ir.BooleanValue = ibis.literal(True)
    for test in tests:
        whole = whole & test
    return whole.fill_null(False)


def chosen(rows: ir.Table, selection: Selection) -> ir.Table:
    """Keep the rows that belong to a selection."""
    return rows.filter(_among(rows, selection))


def _counted(
    rows: ir.Table, indicator: Indicator, where: ir.BooleanValue | None = None
) -> ir.IntegerScalar:
    """Count spells or children."""
    if indicator.counts == "children":
        return rows.child.nunique(where=where)
    return rows.count(where=where)


def _count(indicator: Indicator, looked: Looked) -> ir.Table:
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


def _share(indicator: Indicator, looked: Looked) -> ir.Table:
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


def _ratio(indicator: Indicator, looked: Looked) -> ir.Table:
    assert indicator.per is not None
    upper = looked.at(indicator.moment)
    lower = looked.at(indicator.per_moment, chosen(looked.known, indicator.per))
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


def _observed(indicator: Indicator, looked: Looked) -> ir.Table:
    """Give what the estimates look at: entry, time and how it ended, as in the waits."""
    seen = aged(looked.seen())
    cause = seen.ends.ifelse(seen.exit, ibis.null("string"))
    return seen.select(*looked.keys, "child", "time", "entry", cause=cause)


def _behind(observed: ir.Table, keys: list[str], event: ir.BooleanValue) -> ir.Table:
    """Count what an estimate rests on."""
    return observed.aggregate(
        by=keys,
        numerator=event.sum(),
        denominator=observed.count(),
        children=observed.child.nunique(),
    )


def _length(indicator: Indicator, looked: Looked) -> ir.Table:
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


def _ends(indicator: Indicator, looked: Looked) -> ir.Table:
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


def _lasted(indicator: Indicator, looked: Looked) -> ir.Table:
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


def _within(indicator: Indicator, looked: Looked) -> ir.Table:
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


def _termed(indicator: Indicator, looked: Looked) -> ir.Table:
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


def _beside(indicator: Indicator, looked: Looked) -> ir.Table:
    rows = looked.at("there")
    each = rows.aggregate(by=[*looked.keys, "child"], number=rows.count())
    found = each.aggregate(
        by=looked.keys,
        numerator=(each.number >= indicator.least).sum(),
        denominator=each.count(),
        children=each.count(),
    )
    return wilson(found).mutate(part=ibis.literal(""))


def _again(indicator: Indicator, looked: Looked) -> ir.Table:
    rows = looked.at("begun")
    earlier = chosen(looked.known, indicator.part or indicator.of)
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


def _no_return(indicator: Indicator, looked: Looked) -> ir.Table:
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


def _follow(indicator: Indicator, looked: Looked) -> ir.Table:
    rows = looked.at("ended")
    rows = rows.mutate(until=rows.out + ibis.interval(days=indicator.days))
    rows = rows.filter(rows.until <= looked.as_of)
    later = chosen(looked.known, indicator.part or indicator.of)
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


MEASURES: Mapping[Measure, Callable[[Indicator, Looked], ir.Table]] = {
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
