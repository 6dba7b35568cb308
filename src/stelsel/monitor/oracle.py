"""The slow twin of :mod:`stelsel.monitor.waits`: plain Python, one wait at a time.

It exists to be obviously right, so that the fast one can be checked against it. Days are walked one
by one, shares are exact fractions, and the definitions are followed word for word: who is on a list
on a day is found by looking at that day.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

import pyarrow as pa

from stelsel import spells as spell
from stelsel.monitor.fields import schema
from stelsel.monitor.question import Period, question
from stelsel.monitor.survival import Z95
from stelsel.monitor.waits import SERVED, SHARES

Row = dict[str, Any]
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Observation:
    """A wait as the estimate sees it: at risk on the ages ``first`` to ``last``, both included.

    ``first`` is None for a wait that is seen from its beginning.
    """

    first: int | None
    last: int
    served: bool


@dataclass(frozen=True, slots=True)
class Step:
    """The share that still waits after a day, and its 95 % bounds; ``high`` None: no variance."""

    day: int
    survival: Fraction
    low: float
    high: float | None


def waiting(
    spells: pa.Table, as_of: date, by: Sequence[str] = ("form",), days: int = 365
) -> pa.Table:
    """Give what :func:`stelsel.monitor.waiting` gives, slowly.

    Examples
    --------
    >>> waiting(spell.SCHEMA.empty_table(), date(2026, 1, 31), by=()).to_pylist()[0]["waiting"]
    0
    """
    asked = question(as_of, by, days)
    rows = [as_known(row, as_of) for row in spells.to_pylist() if row["start"] <= as_of]
    rows = [row for row in rows if row["station"].startswith((spell.WAIT, spell.CARE))]
    found = []
    groups = {
        tuple(row[name] for name in asked.columns)
        for row in rows
        if any(_seen(row, period) for period in asked.periods)
    }
    for group in groups if asked.columns else {()}:
        its = [row for row in rows if tuple(row[name] for name in asked.columns) == group]
        for period in asked.periods:
            names = dict(zip(asked.columns, group, strict=True)) | {"month": period.month}
            found.append({**names, "as_of": as_of, **_measures(its, period)})
    order = [*asked.by, "period_start"]
    found.sort(key=lambda row: [(row[name] is None, row[name] or "") for name in order[:-1]])
    return pa.Table.from_pylist(found, schema=schema(asked.by))


def as_known(row: Row, as_of: date) -> Row:
    """Give the spell as it stood on the day: what ended later is open."""
    later = row["end"] is not None and row["end"] > as_of
    return {**row, "end": None, "exit": None} if later else row


def _there(row: Row, day: date) -> bool:
    return bool(row["start"] <= day and (row["end"] is None or day < row["end"]))


def out_of(row: Row) -> date:
    """Give the day of leaving; a day that never comes where it is open."""
    return date.max if row["end"] is None else max(row["start"], row["end"])


def _seen(row: Row, period: Period) -> bool:
    """Whether it was there when the period began, or began or left in it."""
    return (
        _there(row, period.first - _ONE_DAY)
        or period.first <= row["start"] <= period.last
        or period.first <= out_of(row) <= period.last
    )


def _measures(rows: Iterable[Row], period: Period) -> Row:
    """Give every measure of one group in one period."""
    rows = [row for row in rows if _seen(row, period)]
    waits = [row for row in rows if row["station"].startswith(spell.WAIT)]
    care = [row for row in rows if row["station"].startswith(spell.CARE)]
    still = [row for row in waits if _there(row, period.last)]
    helped = [row for row in care if _there(row, period.last)]
    ended = [row for row in waits if period.first <= out_of(row) <= period.last]
    served = [row for row in ended if row["exit"] == SERVED]
    curve = kaplan_meier([_observation(row, period) for row in waits])
    found: Row = {
        "period_start": period.first,
        "period_end": period.last,
        "waiting": len(still),
        "waiting_children": len({row["child"] for row in still}),
        "waited_days_median": (
            float(median((period.last - row["start"]).days for row in still)) if still else None
        ),
        "completed": len(served),
        "withdrawn": len(ended) - len(served),
        "negative": sum(row["end"] < row["start"] for row in served),
        "inflow": sum(period.first <= row["start"] <= period.last for row in waits),
        "outflow": len(ended),
        "in_care": len(helped),
        "in_care_children": len({row["child"] for row in helped}),
        "care_started": sum(period.first <= row["start"] <= period.last for row in care),
        "care_ended": sum(period.first <= out_of(row) <= period.last for row in care),
    }
    for name, share in SHARES.items():
        found |= _quantile(name, curve, Fraction(str(share)))
    return found


def _observation(row: Row, period: Period) -> Observation:
    """Give the ages at which a wait is seen in the period."""
    begun_before = row["start"] < period.first
    first = (period.first - row["start"]).days if begun_before else None
    if out_of(row) > period.last:
        return Observation(first, (period.last - row["start"]).days, served=False)
    return Observation(first, (row["end"] - row["start"]).days, row["exit"] == SERVED)


def kaplan_meier(observations: Sequence[Observation]) -> list[Step]:
    """Walk the days from the first to the last, and stop where nothing more can be known.

    Examples
    --------
    >>> [str(step.survival) for step in kaplan_meier([
    ...     Observation(None, 2, True), Observation(None, 5, False), Observation(None, 7, True),
    ... ])]
    ['2/3', '0']
    """
    curve: list[Step] = []
    if all(one.first is not None for one in observations):
        return curve
    survival, greenwood = Fraction(1), Fraction(0)
    for day in range(
        min(one.last for one in observations), max(one.last for one in observations) + 1
    ):
        at_risk = [
            one
            for one in observations
            if (one.first is None or one.first <= day) and day <= one.last
        ]
        others_later = any(one.last > day for one in observations)
        events = sum(one.served and one.last == day for one in at_risk)
        if not at_risk or (events == len(at_risk) and others_later):
            break
        if events == 0:
            continue
        survival *= 1 - Fraction(events, len(at_risk))
        if survival == 0:
            curve.append(Step(day, survival, 0.0, None))
        else:
            greenwood += Fraction(events, len(at_risk) * (len(at_risk) - events))
            curve.append(Step(day, survival, *log_log(float(survival), float(greenwood))))
    return curve


def log_log(survival: float, greenwood: float) -> tuple[float, float]:
    """Give the pointwise 95 % bounds: S to the power exp(+-1.96 sqrt(greenwood) / ln S).

    Examples
    --------
    >>> [round(bound, 4) for bound in log_log(0.75, 1 / 12)]
    [0.1279, 0.9605]
    """
    width = Z95 * math.sqrt(greenwood) / -math.log(survival)
    return float(survival ** math.exp(width)), float(survival ** math.exp(-width))


def _quantile(name: str, curve: Sequence[Step], share: Fraction) -> dict[str, int | None]:
    """Give the first day on which curve, lower and upper bound are at or under the share."""
    near = 1e-9
    return {
        f"{name}_days": next((step.day for step in curve if step.survival <= share), None),
        f"{name}_low": next((step.day for step in curve if step.low <= share + near), None),
        f"{name}_high": next(
            (step.day for step in curve if step.high is not None and step.high <= share + near),
            None,
        ),
    }
