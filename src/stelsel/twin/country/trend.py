"""What happens after the last figure: a damped trend, and how far it may be off.

The rules are fixed on figures up to 2021 alone: each is the one with which the books of 2018, 2019
and 2020 would have told most nearly what was published of the two years after, as far as 2021
(:mod:`stelsel.twin.fitting.rule` works it out again). A series goes on from its level at its recent
pace, which fades: ``v[T + h] = level * exp(g * (phi + phi^2 + ... + phi^h))`` (the damped trend of
Gardner and McKenzie, "Forecasting trends in time series", 1985, on a logarithmic scale), the pace
``g`` being the weighted mean of the yearly changes, each a share ``1 - memory`` of the weight of
the next. A last year that departs from what the years before led one to expect is believed for a
share ``level`` (simple exponential smoothing about the trend).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from stelsel.tables import packaged, read_table

Numbers = npt.NDArray[np.float64]

ALL = "all"
"""The row of the table that holds for services of no family, and what all families share."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a series goes on: what is left of its pace each year, how fast it forgets.

    ``level`` is the share of a departure of the last year that stays.
    """

    damping: float
    memory: float
    level: float = 1.0


def pace(values: Sequence[float], memory: float) -> float:
    """Weighted mean of the yearly changes of a series, on a logarithmic scale.

    Examples
    --------
    >>> round(pace([100, 110, 110], memory=0.5), 4)
    0.0318
    """
    changes = np.diff(np.log(np.asarray(values, float)))
    weights = (1 - memory) ** np.arange(len(changes))[::-1]
    return float((weights * changes).sum() / weights.sum())


def ahead(values: Sequence[float], years: int, rule: Rule) -> Numbers:
    """Give a yearly series for so many years after its last value.

    Examples
    --------
    >>> ahead([100, 110], 3, Rule(damping=0.5, memory=0.5)).round(2)
    array([115.37, 118.15, 119.57])
    >>> ahead([100, 100, 80], 1, Rule(damping=0.0, memory=0.5, level=0.5)).round(2)
    array([89.44])
    """
    change = pace(values, rule.memory)
    level, *later = np.log(np.asarray(values, float))
    for value in later:
        expected = level + rule.damping * change
        level = expected + rule.level * (value - expected)
    fading = np.cumsum(rule.damping ** np.arange(1, years + 1))
    return np.asarray(np.exp(level + change * fading), np.float64)


@cache
def rules() -> dict[str, Rule]:
    """Give the rule of each family of services, and of :data:`ALL` (``data/trend.csv``).

    Examples
    --------
    >>> all(0 <= rule.damping < 1 for rule in rules().values())
    True
    """
    return {
        row["family"]: Rule(*(float(row[name]) for name in ("damping", "memory", "level")))
        for row in _rows()
    }


@cache
def spreads() -> dict[str, float]:
    """Give how far a family departs from its trend in a year: a standard deviation, as a share.

    It comes on top of what all share (:data:`ALL`).

    Examples
    --------
    >>> all(0 < share < 0.3 for share in spreads().values())
    True
    """
    return {row["family"]: float(row["spread"]) for row in _rows()}


def _rows() -> list[dict[str, str]]:
    columns = ("family", "damping", "memory", "level", "spread")
    return read_table(packaged("stelsel.twin", "trend.csv"), columns, key=("family",))


@cache
def families() -> dict[str, str]:
    """Give the family of each service: those that rise and fall together after the last figure.

    Examples
    --------
    >>> families()["residential"]
    'stay'
    """
    rows = read_table(
        packaged("stelsel.twin", "families.csv"), ("family", "services"), key=("family",)
    )
    return {service: row["family"] for row in rows for service in row["services"].split()}


def rule_of(service: str) -> Rule:
    """Give the rule of a service: that of its family.

    Examples
    --------
    >>> rule_of("residential") == rules()["stay"]
    True
    """
    return rules()[families().get(service, ALL)]
