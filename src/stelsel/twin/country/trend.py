"""What happens after the last figure: a damped trend, and how far it may be off.

The rule is fixed on figures up to 2021 alone: it is the one with which forecasts of 2018 to 2021,
each made from the years before it, would have been best over all yearly published series
(:mod:`stelsel.twin.fitting.rule` works it out again). A series goes on at its recent pace, which
fades: ``v[T + h] = v[T] * exp(g * (phi + phi^2 + ... + phi^h))`` (the damped trend of Gardner and
McKenzie, "Forecasting trends in time series", 1985, on a logarithmic scale), the pace ``g`` being
the weighted mean of the yearly changes, each a share ``1 - memory`` of the weight of the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from stelsel.tables import packaged, read_table

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rule:
    """How a series goes on: what is left of its pace each year, and how fast it forgets."""

    damping: float
    memory: float


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
    """
    fading = np.cumsum(rule.damping ** np.arange(1, years + 1))
    return np.asarray(values[-1] * np.exp(pace(values, rule.memory) * fading), np.float64)


@cache
def chosen() -> tuple[Rule, dict[str, float]]:
    """Give the rule and, by family of services, how far a forecast of one year is off.

    The second is a standard deviation, as a share (``data/trend.csv``).

    Examples
    --------
    >>> rule, scatter = chosen()
    >>> 0 <= rule.damping < 1, all(0 < share < 0.2 for share in scatter.values())
    (True, True)
    """
    rows = read_table(packaged("stelsel.twin", "trend.csv"), ("name", "value"), key=("name",))
    values = {row["name"]: float(row["value"]) for row in rows}
    rule = Rule(values.pop("damping"), values.pop("memory"))
    return rule, values
