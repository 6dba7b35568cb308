"""Kaplan-Meier inside the database: with late entry, on tied days, per group.

Conventions on a day that several things happen (time counts in whole days):

1. who enters late at time ``e`` is at risk *after* ``e``, so not for an event at ``e`` itself;
2. events come before censorings: who is censored at ``t`` is at risk for the events of ``t``;
3. a negative time is an ordinary time: it comes before zero.

Where the group at risk is empty while others are still to enter, nothing is known about who would
have got through that gap. The curve ends there. It also ends just before a day on which everybody
at risk has the event while others, already further on, prove that not everybody does.

Formulas: E.L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", JASA
53 (1958) 457-481, for the curve; M. Greenwood (1926) for its variance; J.P. Klein and M.L.
Moeschberger, "Survival Analysis", 2nd ed. (2003), sections 4.2-4.6, for late entry, for the log-log
interval and for quantiles by inverting it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist

import ibis
import ibis.expr.types as ir

Z95 = NormalDist().inv_cdf(0.975)
"""Half width of a 95 % interval of a normal quantity, in standard deviations."""

TOLERANCE = 1e-9
"""S(t) comes out of logarithms: 0.5000000001 is 0.5."""


def steps(observed: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Give per group the days with events, and the curve after each.

    Parameters
    ----------
    observed
        One row per observation: the ``keys``; ``time`` (whole number, days) at which it leaves
        view; ``event`` (boolean), whether by the event; ``entry`` (whole number or null), after
        which time it is at risk, null for from the beginning. ``entry < time``.
    keys
        Columns that name the group; null is a group like any other.

    Returns
    -------
    ibis table
        The keys, ``time``, ``at_risk``, ``events``, ``survival`` (share still without the event
        after that day), ``low`` and ``high`` (pointwise 95 % bounds of it; ``high`` is null where
        survival is zero, as no variance exists there).

    Examples
    --------
    Three waits: served after 2 days, still open after 5, served after 7.

    >>> import pyarrow as pa
    >>> waits = pa.table({
    ...     "time": [2, 5, 7], "event": [True, False, True], "entry": pa.nulls(3, pa.int64()),
    ... })
    >>> curve = steps(ibis.memtable(waits), []).order_by("time").to_pyarrow()
    >>> curve.select(["time", "at_risk", "events"]).to_pylist()
    [{'time': 2, 'at_risk': 3, 'events': 1}, {'time': 7, 'at_risk': 1, 'events': 1}]
    >>> [round(share, 3) for share in curve["survival"].to_pylist()]
    [0.667, 0.0]
    """
    return _bounds(curve_of(marked(at_risk(observed, keys), keys), keys))


def quantiles(curve: ir.Table, keys: Sequence[str], shares: Mapping[str, float]) -> ir.Table:
    """Read quantiles with their 95 % interval off a curve.

    Parameters
    ----------
    curve
        What :func:`steps` gives.
    keys
        The columns that name the group.
    shares
        Per name the share that is still without the event: 0.5 for the median, 0.2 for the 80th
        percentile.

    Returns
    -------
    ibis table
        A row per group that has a curve: the keys and per name ``name_days``, ``name_low`` and
        ``name_high``: the first time at which the curve, its lower and its upper bound are at or
        under the share. Null where that is not reached.

    Examples
    --------
    >>> import pyarrow as pa
    >>> waits = pa.table({
    ...     "time": [1, 2, 3, 4], "event": [True] * 4, "entry": pa.nulls(4, pa.int64()),
    ... })
    >>> curve = steps(ibis.memtable(waits), [])
    >>> quantiles(curve, [], {"median": 0.5}).to_pyarrow().to_pylist()
    [{'median_days': 2, 'median_low': 1, 'median_high': None}]
    """
    ends = {"days": "survival", "low": "low", "high": "high"}
    return curve.aggregate(
        by=list(keys),
        **{
            f"{name}_{end}": curve.time.min(where=curve[column] <= share + TOLERANCE)
            for name, share in shares.items()
            for end, column in ends.items()
        },
    )


def _by_time(observed: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Count per group and time: events, who leaves, who enters late, who was there all along."""
    leaving = observed.select(
        *keys,
        "time",
        events=observed.event.cast("int64"),
        leaves=ibis.literal(1, "int64"),
        enters=ibis.literal(0, "int64"),
        early=observed.entry.isnull().cast("int64"),
    )
    late = observed.filter(observed.entry.notnull())
    entering = late.select(
        *keys,
        time=late.entry,
        events=ibis.literal(0, "int64"),
        leaves=ibis.literal(0, "int64"),
        enters=ibis.literal(1, "int64"),
        early=ibis.literal(0, "int64"),
    )
    both = leaving.union(entering)
    sums = {name: both[name].sum() for name in ("events", "leaves", "enters", "early")}
    return both.aggregate(by=[*keys, "time"], **sums)


def at_risk(observed: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Count per group and time who is at risk for its events, and who still is just after it.

    Takes what :func:`steps` takes; gives the keys, ``time``, ``events``, ``early`` (who was there
    all along), ``at_risk``, ``after`` and ``others_later``.
    """
    times = _by_time(observed, keys)
    group = ibis.window(group_by=list(keys))
    earlier = ibis.window(group_by=list(keys), order_by="time", preceding=(None, 1))
    change = times.enters - times.leaves
    return times.mutate(
        early=times.early.sum().over(group),
        at_risk=times.early.sum().over(group) + change.sum().over(earlier).fill_null(0),
        others_later=times.time < times.time.max().over(group),
    ).mutate(after=lambda t: t.at_risk + t.enters - t.leaves)


def marked(times: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Mark the days up to which the curve is known (``known``); see the module on gaps."""
    upto = ibis.window(group_by=list(keys), order_by="time", following=0)
    earlier = ibis.window(group_by=list(keys), order_by="time", preceding=(None, 1))
    false_zero = (times.events == times.at_risk) & (times.events > 0) & times.others_later
    gap = (times.after == 0) & times.others_later
    found = times.mutate(
        broken=false_zero.cast("int8").max().over(upto),
        gap_before=gap.cast("int8").max().over(earlier).fill_null(0),
    )
    known = (found.early > 0) & (found.broken == 0) & (found.gap_before == 0)
    return found.mutate(known=known)


def curve_of(times: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Multiply the shares that get through each known day, and add up Greenwood's terms.

    Takes what :func:`marked` gives.
    """
    times = times.filter(times.known & (times.events > 0))
    upto = ibis.window(group_by=list(keys), order_by="time", following=0)
    stay = times.at_risk - times.events
    # Everybody leaves only on the last day of a curve; the logarithm of zero is kept out.
    log_share = (stay > 0).ifelse((stay.nullif(0) / times.at_risk).ln(), 0.0)
    term = times.events / (times.at_risk * stay.nullif(0))
    summed = times.select(
        *keys,
        "time",
        "at_risk",
        "events",
        stay=stay,
        log_survival=log_share.sum().over(upto),
        variance=term.sum().over(upto),
    )
    return summed.mutate(survival=(summed.stay > 0).ifelse(summed.log_survival.exp(), 0.0))


def _bounds(curve: ir.Table) -> ir.Table:
    """Put the log-log 95 % bounds beside the curve."""
    width = Z95 * curve.variance.sqrt() / -curve.log_survival.nullif(0.0)
    zero = curve.stay == 0
    bounded = curve.mutate(
        low=zero.ifelse(0.0, (curve.log_survival * width.exp()).exp()),
        high=zero.ifelse(ibis.null("float64"), (curve.log_survival * (-width).exp()).exp()),
    )
    return bounded.drop("stay", "log_survival", "variance")
