"""Aalen-Johansen inside the database: how likely each way of ending is, per group.

Who ends in one way can no longer end in another, so the ways compete: counting the others as
censored would say what would happen if they did not exist. Days, ties and gaps are treated as in
:mod:`stelsel.monitor.survival`.

Formulas: O.O. Aalen and S. Johansen, "An empirical transition matrix for non-homogeneous Markov
chains based on censored observations", Scandinavian Journal of Statistics 5 (1978) 141-150, for the
curve; E. Marubini and M.G. Valsecchi, "Analysing survival data from clinical trials and
observational studies" (1995), section 10.2, for its variance; J.B. Choudhury, "Non-parametric
confidence interval estimation for competing risks analysis", Statistics in Medicine 21 (2002)
1129-1144, for the interval on the log-log scale.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from stelsel.monitor.looking import beside
from stelsel.monitor.survival import Z95, at_risk, curve_of, marked


def shares_by(observed: ir.Table, keys: Sequence[str], day: int | str) -> ir.Table:
    """Give per group and way of ending the share that has ended so by a day.

    Parameters
    ----------
    observed
        One row per observation: the ``keys``; ``time`` (whole number, days) at which it leaves
        view; ``cause`` (text), how it ended, null where it is censored; ``entry`` (whole number or
        null), after which time it is at risk, null for from the beginning.
    keys
        Columns that name the group; null is a group like any other.
    day
        Up to and including which time, or the key that says so for each group.

    Returns
    -------
    ibis table
        The keys, ``cause``, ``events`` (how many were seen to end so by then), ``value``, ``low``
        and ``high`` (95 %). The three are null where the curve is not known up to the day.

    Examples
    --------
    Of four waits one is served on day 2, one withdrawn on day 3, and two are still open on day 5.

    >>> import pyarrow as pa
    >>> waits = pa.table({
    ...     "time": [2, 3, 5, 5], "cause": ["served", "withdrawn", None, None],
    ...     "entry": pa.nulls(4, pa.int64()),
    ... })
    >>> found = shares_by(ibis.memtable(waits), [], 5).order_by("cause").to_pyarrow().to_pylist()
    >>> [(row["cause"], round(row["value"], 3)) for row in found]
    [('served', 0.25), ('withdrawn', 0.25)]
    """
    groups = list(keys)
    counted = observed.mutate(event=observed.cause.notnull())
    times = marked(at_risk(counted, groups), groups)
    reach = _reach(times, groups, day)
    curve = _before(curve_of(times, groups), groups).filter(lambda t: t.time <= _of(t, day))
    ended = observed.filter(observed.cause.notnull())
    causes = ended.select(*groups, "cause").distinct()
    own = ended.aggregate(by=[*groups, "time", "cause"], own=lambda t: t.count())
    grid = beside(causes, curve, groups, how="inner")
    rows = beside(grid, own, [*groups, "time", "cause"]).mutate(own=lambda t: t.own.fill_null(0))
    summed = _variance(rows, [*groups, "cause"])
    told = beside(causes, summed, [*groups, "cause"])
    seen = own.filter(own.time <= _of(own, day)).aggregate(
        by=[*groups, "cause"], events=lambda t: t.own.sum()
    )
    told = beside(told, seen, [*groups, "cause"])
    told = beside(told, reach, groups)
    return _bounds(told).select(*groups, "cause", "events", "value", "low", "high")


def _of(rows: ir.Table, day: int | str) -> ir.IntegerValue:
    return rows[day] if isinstance(day, str) else ibis.literal(day)


def _reach(times: ir.Table, keys: list[str], day: int | str) -> ir.Table:
    """Say per group whether the curve is known up to the day.

    It is where somebody was seen so long, where all have ended, and where what ends the curve comes
    after the day.
    """
    over = (times.events == times.at_risk) & (times.after == 0)
    seen = times.known & ((times.time >= _of(times, day)) | over)
    broken = (times.broken == 1) & (times.gap_before == 0) & (times.early > 0)
    later = broken & (times.time > _of(times, day))
    return times.aggregate(by=keys, reached=(seen | later).any())


def _before(curve: ir.Table, keys: list[str]) -> ir.Table:
    """Put the share still there just before each day beside it."""
    earlier = ibis.window(group_by=keys, order_by="time")
    return curve.mutate(before=curve.survival.lag().over(earlier).fill_null(1.0))


def _variance(rows: ir.Table, keys: list[str]) -> ir.Table:
    """Add up, per group and way of ending, the share and its variance."""
    upto = ibis.window(group_by=keys, order_by="time", following=0)
    whole = ibis.window(group_by=keys)
    rows = rows.mutate(step=rows.before * rows.own / rows.at_risk)
    rows = rows.mutate(left=rows.step.sum().over(whole) - rows.step.sum().over(upto))
    stay = (rows.at_risk - rows.events).nullif(0)
    others = (rows.left**2 * rows.events / (rows.at_risk * stay)).fill_null(0.0)
    chance = (
        rows.before**2 * (rows.at_risk - rows.own) * rows.own / rows.at_risk.cast("float64") ** 3
    )
    both = rows.left * rows.before * rows.own / rows.at_risk.cast("float64") ** 2
    return rows.aggregate(
        by=keys, value=rows.step.sum(), variance=(others + chance - 2 * both).sum()
    )


def _bounds(told: ir.Table) -> ir.Table:
    """Put the 95 % bounds beside the share; none where it is 0 or 1, or not known."""
    value = told.reached.ifelse(told.value.fill_null(0.0), ibis.null("float64"))
    inside = (value > 0) & (value < 1 - 1e-12)
    log = inside.ifelse(value, 0.5).ln()
    width = Z95 * ibis.greatest(told.variance, 0.0).sqrt() / (inside.ifelse(value, 0.5) * log)
    none = ibis.null("float64")
    return told.mutate(
        events=told.events.fill_null(0),
        value=value,
        low=inside.ifelse((log * (-width).exp()).exp(), none),
        high=inside.ifelse((log * width.exp()).exp(), none),
    )
