"""The measures of the fast engine: each gives the numbers of several indicators in one expression.

What counts, and when, is as in :mod:`stelsel.monitor.waits`; what each measure gives is told in
:mod:`stelsel.monitor.indicators.definition`. Indicators of one measure go through the spells
together: each row is there once for every indicator that has it, under the name of the indicator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from stelsel.monitor.competing import shares_by
from stelsel.monitor.indicators.definition import Indicator, Measure
from stelsel.monitor.indicators.looked import Looked
from stelsel.monitor.indicators.student import MOST, t95
from stelsel.monitor.looking import aged, beside
from stelsel.monitor.survival import Z95, quantiles, steps
from stelsel.system import norm
from stelsel.system.questions import answers
from stelsel.system.terms import last_day

_DAY = timedelta(days=1)
PARTS = {"median": 0.5, "p80": 0.2}
"""Of a length: per part the share that is still there."""


def _no_interval(found: ir.Table) -> ir.Table:
    none = ibis.null("float64")
    return found.mutate(part=ibis.literal(""), low=none, high=none)


def _count(looked: Looked) -> ir.Table:
    rows = looked.at()
    found = _of_children(rows, looked, "denominator")
    return _no_interval(found).mutate(
        value=found.denominator.cast("float64"),
        numerator=found.denominator,
        denominator=ibis.null("int64"),
    )


def _of_children(rows: ir.Table, looked: Looked, name: str) -> ir.Table:
    """Count spells or children, whichever the indicator counts, and children."""
    each = rows.aggregate(by=[*looked.keys, "child"], number=rows.count())
    found = each.aggregate(by=looked.keys, spells=each.number.sum(), children=each.count())
    by_child = found.indicator.isin(looked.by_child) if looked.by_child else ibis.literal(False)
    return found.mutate(**{name: by_child.ifelse(found.children, found.spells)}).drop("spells")


def _share(looked: Looked) -> ir.Table:
    rows = looked.at()
    return _percent(rows.mutate(met=looked.belongs(rows, "part")), looked)


def _percent(rows: ir.Table, looked: Looked) -> ir.Table:
    """Give the share of rows that are ``met``, in percent, with its interval."""
    marked = rows.select(*looked.keys, "child", some=rows.met.cast("int64"), every=1)
    return _of_marked(marked, looked)


def _of_these(some: ir.Table, every: ir.Table, looked: Looked) -> ir.Table:
    """Give the share that some rows are of all of them, in percent, with its interval."""
    names = [*looked.keys, "child"]
    zero, one = ibis.literal(0, "int64"), ibis.literal(1, "int64")
    above = some.select(*names, some=one, every=zero)
    below = every.select(*names, some=zero, every=one)
    return _of_marked(above.union(below), looked)


def _of_marked(rows: ir.Table, looked: Looked) -> ir.Table:
    """Give shares of rows that say how many of how many, child by child.

    The spells of one child are not so many separate pieces of evidence: they count for fewer where
    they are alike. How many fewer is the design effect, the variance of the share between children
    over that of as many separate spells; at least 1. Where all or none count it cannot be seen, and
    is that of children whose spells are all alike.
    """
    each = rows.aggregate(by=[*looked.keys, "child"], some=rows.some.sum(), every=rows.every.sum())
    found = each.aggregate(
        by=looked.keys,
        some=each.some.sum(),
        every=each.every.sum(),
        some_children=(each.some > 0).sum(),
        children=each.count(),
        some2=(each.some * each.some).sum(),
        both=(each.some * each.every).sum(),
        every2=(each.every * each.every).sum(),
    )
    by_child = found.indicator.isin(looked.by_child) if looked.by_child else ibis.literal(False)
    share = found.some / found.every
    between = found.some2 - 2 * share * found.both + share * share * found.every2
    mixed = (found.some > 0) & (found.some < found.every)
    within = found.every * share * (1 - share)
    effect = mixed.ifelse(between / within.nullif(0.0), found.every2 / found.every)
    one = ibis.literal(1.0)
    return wilson(
        found.select(
            *looked.keys,
            "children",
            part=ibis.literal(""),
            numerator=by_child.ifelse(found.some_children, found.some),
            denominator=by_child.ifelse(found.children, found.every),
            effect=by_child.ifelse(one, ibis.greatest(effect, one)),
        )
    ).drop("effect")


def wilson(found: ir.Table) -> ir.Table:
    """Put the share in percent and Wilson's 95 % interval beside numerator and denominator.

    E.B. Wilson, JASA 22 (1927) 209-212, with the number of pieces of evidence: the denominator over
    ``effect``, the design effect (J.N.K. Rao and A.J. Scott, Biometrics 48 (1992) 577-585).
    """
    share = found.numerator / found.denominator.nullif(0).cast("float64")
    number = found.denominator.nullif(0) / found.effect
    z2 = Z95**2
    middle = (share + z2 / (2 * number)) / (1 + z2 / number)
    spread = share * (1 - share) / number + z2 / (4 * number * number)
    width = Z95 * ibis.greatest(spread, 0.0).sqrt() / (1 + z2 / number)
    return found.mutate(
        value=100 * share,
        low=100 * ibis.greatest(middle - width, 0.0),
        high=100 * ibis.least(middle + width, 1.0),
    )


def _ratio(looked: Looked) -> ir.Table:
    above = _of_children(looked.at(), looked, "numerator").drop("children")
    below = _of_children(looked.at("per_moment", "per"), looked, "denominator")
    found = beside(below, above, looked.keys)
    found = found.mutate(numerator=found.numerator.fill_null(0))
    return _no_interval(found).mutate(
        value=found.numerator / found.denominator.nullif(0).cast("float64")
    )


def _observed(looked: Looked) -> ir.Table:
    """Give what the estimates look at: entry, time and how it ended, as in the waits."""
    seen = aged(looked.seen(looked.chosen()))
    cause = seen.ends.ifelse(seen.exit, ibis.null("string"))
    return seen.select(*looked.keys, "child", "days", "time", "entry", cause=cause)


def _behind(observed: ir.Table, keys: list[str], event: ir.BooleanValue) -> ir.Table:
    """Count what an estimate rests on."""
    observed = observed.select(*keys, "child", event=event.cast("int64"))
    each = observed.aggregate(
        by=[*keys, "child"], events=observed.event.sum(), number=observed.count()
    )
    return each.aggregate(
        by=keys,
        numerator=each.events.sum(),
        denominator=each.number.sum(),
        children=each.count(),
    )


def _length(looked: Looked) -> ir.Table:
    observed = _observed(looked)

    def event(one: Indicator) -> ir.BooleanValue:
        if not one.exits:
            return observed.cause.notnull()
        return observed.cause.isin(one.exits).fill_null(False)

    observed = observed.mutate(event=looked.each(observed, event))
    keys = looked.keys
    behind = _behind(observed, keys, observed.event)
    read = quantiles(steps(observed.drop("child", "cause", "days"), keys), keys, PARTS)
    whole = beside(behind, read, keys)
    parts = ibis.memtable(pa.table({"part": list(PARTS)}))
    rows = whole.cross_join(parts)

    def number(end: str) -> ir.FloatingValue:
        return ibis.cases(*((rows.part == name, rows[f"{name}_{end}"]) for name in PARTS)).cast(
            "float64"
        )

    return rows.mutate(value=number("days"), low=number("low"), high=number("high"))


def _ends(looked: Looked) -> ir.Table:
    observed = _observed(looked)
    keys = looked.keys
    shares = shares_by(observed.drop("child"), [*keys, "days"], "days").drop("days")
    behind = _behind(observed, keys, observed.cause.notnull()).drop("numerator")
    found = beside(shares, behind, keys)
    return found.mutate(
        part=found.cause,
        numerator=found.events,
        value=100 * found.value,
        low=100 * found.low,
        high=100 * found.high,
    ).drop("cause", "events")


def _lasted(looked: Looked) -> ir.Table:
    rows = looked.at("there")
    rows = rows.mutate(age=rows.period_end.delta(rows.start, unit="day"))
    found = rows.aggregate(
        by=looked.keys,
        value=rows.age.median().cast("float64"),
        numerator=rows.count(),
        denominator=rows.count(),
        children=rows.child.nunique(),
    )
    return _no_interval(found).mutate(part=ibis.literal("median"))


def _within(looked: Looked) -> ir.Table:
    rows = _termed(looked)

    def fits(one: Indicator) -> ir.BooleanValue:
        whole: ir.BooleanValue = ibis.literal(True)
        return rows.exit.isin(one.exits).fill_null(False) if one.exits else whole

    rows = rows.mutate(met=(rows.out <= rows.last).fill_null(False), fits=looked.each(rows, fits))
    # Decided on the day it ended in time, or on the day after its term: once, whenever it ends.
    decided = rows.met.ifelse(rows.out, rows.last + ibis.interval(days=1))
    rows = rows.mutate(decided=decided).filter(~rows.met | rows.fits)
    found = rows.join(
        looked.periods,
        [rows.decided >= looked.periods.period_start, rows.decided <= looked.periods.period_end],
    )
    return _percent(found, looked)


def _termed(looked: Looked) -> ir.Table:
    """Put the last day of its term beside each spell, read from a table of norms and days."""
    rows = looked.chosen()
    first = looked.as_of - timedelta(days=366 * YEARS)
    days = [first + n * _DAY for n in range((looked.as_of - first).days + 1)]
    norms = sorted({one.norm for one in looked.indicators})
    table = ibis.memtable(
        pa.table(
            {
                "of": [name for name in norms for _ in days],
                "began": pa.array(days * len(norms), pa.date32()),
                "last": pa.array(
                    [last_day(norm(name), day) for name in norms for day in days], pa.date32()
                ),
            }
        )
    )
    return rows.join(table, [rows.norm == table.of, rows.start == table.began]).drop("of", "began")


YEARS = 30
"""Spells that began longer before the day of looking have no term any more."""


def _beside(looked: Looked) -> ir.Table:
    rows = looked.at("there")
    each = rows.aggregate(by=[*looked.keys, "child"], number=rows.count())
    found = each.aggregate(
        by=looked.keys,
        numerator=(each.number >= looked.one.least).sum(),
        denominator=each.count(),
        children=each.count(),
    )
    found = found.mutate(part=ibis.literal(""), effect=ibis.literal(1.0))
    return wilson(found).drop("effect")


def _again(looked: Looked) -> ir.Table:
    rows = looked.at("begun")
    earlier = looked.chosen("part")
    earlier = earlier.filter(earlier.out.notnull()).select(
        of="child", asked="indicator", over="out"
    )
    rows = rows.mutate(
        back=rows.period_start - ibis.interval(years=looked.one.years),
        latest=rows.start - ibis.interval(days=looked.one.gap),
    )
    met = rows.semi_join(
        earlier,
        [
            *(rows.child == earlier.of, rows.indicator == earlier.asked),
            *(earlier.over <= rows.latest, earlier.over > rows.back),
        ],
    )
    return _of_these(met, rows, looked)


def _no_return(looked: Looked) -> ir.Table:
    rows = looked.at("ended")
    year = rows.out.year()
    # Up to the end of the next half-year: 31 December of this year, or 30 June of the next.
    until = (rows.out.month() <= 6).ifelse(ibis.date(year, 12, 31), ibis.date(year + 1, 6, 30))
    rows = rows.mutate(until=until, soonest=rows.out + ibis.interval(days=looked.one.gap))
    rows = rows.filter(rows.until <= looked.as_of)
    later = looked.chosen().select(of="child", asked="indicator", begun="start")
    stayed = rows.anti_join(
        later,
        [
            *(rows.child == later.of, rows.indicator == later.asked),
            *(later.begun >= rows.soonest, later.begun <= rows.until),
        ],
    )
    return _of_these(stayed, rows, looked)


def _follow(looked: Looked) -> ir.Table:
    rows = looked.at("ended")
    rows = rows.mutate(until=rows.out + ibis.interval(days=looked.one.days))
    rows = rows.filter(rows.until <= looked.as_of)
    later = looked.chosen("part")
    later = later.select(of="child", asked="indicator", begun="start", there="station")
    tests = [
        *(rows.child == later.of, rows.indicator == later.asked),
        *(later.begun >= rows.out, later.begun <= rows.until),
    ]
    if looked.one.other:
        tests.append(rows.station != later.there)
    return _of_these(rows.semi_join(later, tests), rows, looked)


def _mark(looked: Looked) -> ir.Table:
    """Give the mean of marks with its 95 % interval, which takes two marks, and the median."""
    marks = {one.id: int(one.code) for one in answers() if one.scale == "mark"}
    values = {"answer": list(marks), "mark": list(marks.values())}
    rows = looked.at("ended")
    table = ibis.memtable(pa.table(values))
    rows = rows.join(table, rows.exit == table.answer)
    found = rows.aggregate(
        by=looked.keys,
        numerator=rows.count(),
        denominator=rows.count(),
        children=rows.child.nunique(),
        total=rows.mark.sum(),
        squares=(rows.mark * rows.mark).sum(),
        median=rows.mark.median().cast("float64"),
    )
    wide = ibis.memtable(
        pa.table({"freedom": range(1, MOST + 1), "t": [t95(n) for n in range(1, MOST + 1)]})
    )
    found = found.left_join(wide, ibis.least(found.numerator - 1, MOST) == wide.freedom)
    number = found.numerator
    found = found.drop("freedom").mutate(mean=found.total / number.cast("float64"))
    # In whole numbers, so that marks that are all alike have no width at all.
    spread = number * found.squares - found.total * found.total
    width = found.t * (spread / (number * number * (number - 1)).nullif(0)).sqrt()
    whole = found.mutate(width=width)
    parts = whole.cross_join(ibis.memtable(pa.table({"part": ["mean", "median"]})))
    is_mean, none = parts.part == "mean", ibis.null("float64")
    told = is_mean & (parts.numerator > 1)
    return parts.mutate(
        value=is_mean.ifelse(parts.mean, parts.median),
        low=told.ifelse(ibis.greatest(parts.mean - parts.width, 1.0), none),
        high=told.ifelse(ibis.least(parts.mean + parts.width, 10.0), none),
    ).drop("mean", "median", "total", "squares", "width", "t")


def _days(looked: Looked) -> ir.Table:
    """Count the days of the period on which spells were there: the volume that is paid for."""
    rows = looked.seen(looked.chosen())
    after = rows.period_end + ibis.interval(days=1)
    until = rows.ends.ifelse(rows.out, after.cast("date"))
    since = rows.begins.ifelse(rows.start, rows.period_start)
    rows = rows.mutate(there=until.delta(since, unit="day"))
    found = rows.aggregate(
        by=looked.keys, numerator=rows.there.sum(), children=rows.child.nunique()
    )
    return _no_interval(found).mutate(
        value=found.numerator.cast("float64"), denominator=ibis.null("int64")
    )


MEASURES: Mapping[Measure, Callable[[Looked], ir.Table]] = {
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
    "mark": _mark,
    "days": _days,
}
