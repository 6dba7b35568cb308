"""The trend of one count: does it fall, does it rise, how fast, and could it have shown at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations
from math import sqrt
from statistics import median
from typing import Literal

import numpy as np

from stelsel.monitor.supervision.kendall import critical, kendall
from stelsel.monitor.supervision.overlap import Matrix, inflation
from stelsel.monitor.supervision.settings import settings

Verdict = Literal["falls", "rises", "none", "too few", "hidden"]
"""``none``: a fall that matters would have shown and did not; ``too few``: it would not have shown;
``hidden``: numbers too small to be told."""
YEAR = 365.25
_CONFIDENCE = 0.95
_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Trend:
    """What can be said of the count of one region.

    Parameters
    ----------
    moments
        How many numbers there are.
    first, last
        The first and the last number.
    s
        Kendall's S: pairs that rise less pairs that fall.
    p_fall, p_rise
        Chance of this S or a further one, if time means nothing.
    slope, slope_low, slope_high
        Children a year: the median of the slopes between all pairs of moments (H. Theil 1950,
        P.K. Sen, JASA 63, 1968), and the 95 % interval that goes with S; None where there are too
        few moments for one.
    last_change
        Change between the last two moments, as a share of the one before; None after zero.
    inflation
        How many times the overlap of the moments widens the spread of S.
    power
        The chance that a fall of the size in the settings would have shown, if the count moved by
        chance alone, as a Poisson count does; less if it moves more.
    """

    moments: int
    first: float
    last: float
    s: int
    p_fall: float
    p_rise: float
    slope: float | None
    slope_low: float | None
    slope_high: float | None
    last_change: float | None
    inflation: float
    power: float


def trend(
    days: Sequence[date], values: Sequence[float], correlation: Matrix | None = None
) -> Trend:
    """Test a count over time.

    Parameters
    ----------
    days
        The moments, oldest first.
    values
        The count on each.
    correlation
        How the counts go together by being about the same children
        (:func:`stelsel.monitor.supervision.overlap.correlations`); without it not at all.

    Raises
    ------
    ValueError
        When there is no moment, or not a number for each.

    Examples
    --------
    >>> quarters = [date(2024 + n // 4, 3 * (n % 4) + 1, 1) for n in range(8)]
    >>> found = trend(quarters, [400, 385, 380, 360, 355, 340, 330, 320])
    >>> found.s, round(found.p_fall, 6), round(found.slope), round(found.power, 1)
    (-28, 2.5e-05, -45, 1.0)
    """
    if not days or len(days) != len(values):
        raise ValueError("a number is needed for every moment, and one moment at least")
    together = np.eye(len(days)) if correlation is None else correlation
    wider = inflation(together)
    test = kendall(values, wider)
    middle, low, high = _slope(days, values, wider)
    return Trend(
        len(days),
        values[0],
        values[-1],
        test.s,
        test.p_fall,
        test.p_rise,
        middle,
        low,
        high,
        values[-1] / values[-2] - 1 if len(values) > 1 and values[-2] else None,
        wider,
        power(days, sum(values) / len(values), together),
    )


def _slope(
    days: Sequence[date], values: Sequence[float], wider: float
) -> tuple[float | None, float | None, float | None]:
    """Give the slope in numbers a year with its interval (Hollander and Wolfe, par. 9.3)."""
    slopes = sorted(
        YEAR * (later[1] - earlier[1]) / (later[0] - earlier[0]).days
        for earlier, later in combinations(zip(days, values, strict=True), 2)
    )
    if not slopes:
        return None, None, None
    reached = critical((1,) * len(days), (1 - _CONFIDENCE) / 2)
    if reached is None:
        return median(slopes), None, None
    below = int((len(slopes) - (reached - 2) * sqrt(wider)) // 2)
    if below < 1:
        return median(slopes), None, None
    return median(slopes), slopes[below - 1], slopes[-below]


def power(days: Sequence[date], level: float, correlation: Matrix) -> float:
    """Give the chance that a fall of the size in the settings shows with these moments.

    The count is drawn as a Poisson count whose mean falls by that share a year from ``level``,
    with the given correlation: twice the root of a Poisson count is as good as normal, with
    spread 1. The draws are the same every time, and tested as the count itself is.

    Examples
    --------
    >>> quarters = [date(2024 + n // 4, 3 * (n % 4) + 1, 1) for n in range(8)]
    >>> few, many = (power(quarters, level, np.eye(8)) for level in (15, 300))
    >>> few < 0.5 < 0.95 < many
    True
    """
    wanted = settings()
    alpha = wanted["alpha"].value
    if critical((1,) * len(days), alpha) is None or level <= 0:
        return 0.0
    years = np.array([(day - days[0]).days / YEAR for day in days])
    means = 2 * np.sqrt(level * (1 - wanted["fall"].value) ** years)
    roots = np.maximum(means + _noise(len(days)) @ _root(correlation).T, 0.0)
    drawn = np.rint(roots**2 / 4)
    earlier, later = np.triu_indices(len(days), 1)
    s = np.sign(drawn[:, later] - drawn[:, earlier]).sum(axis=1) / sqrt(inflation(correlation))
    shown = 0
    for row, one in zip(drawn, s, strict=True):
        reached = critical(tuple(sorted(Counter(row.tolist()).values())), alpha)
        shown += int(reached is not None and one <= -reached)
    return shown / len(drawn)


@cache
def _noise(moments: int) -> Matrix:
    return np.random.default_rng(2022).standard_normal((_DRAWS, moments))


def _root(correlation: Matrix) -> Matrix:
    """Give a matrix whose square is the correlation, which may lack a direction."""
    sizes, directions = np.linalg.eigh(correlation)
    return np.asarray(directions * np.sqrt(np.maximum(sizes, 0.0)))


def benjamini_hochberg(chances: Sequence[float]) -> list[float]:
    """Give for each test the smallest false-discovery rate at which it would be called.

    Y. Benjamini and Y. Hochberg, JRSS B 57 (1995): of those with a value of at most 0.05 no more
    than one in twenty is expected to be a false alarm.

    Examples
    --------
    >>> [round(one, 3) for one in benjamini_hochberg([0.01, 0.04, 0.03, 0.5])]
    [0.04, 0.053, 0.053, 0.5]
    """
    order = sorted(range(len(chances)), key=lambda place: chances[place], reverse=True)
    found = [1.0] * len(chances)
    least = 1.0
    for rank, place in zip(range(len(chances), 0, -1), order, strict=True):
        least = min(least, chances[place] * len(chances) / rank)
        found[place] = least
    return found


def verdict(one: Trend, q_fall: float, q_rise: float) -> Verdict:
    """Say what a trend comes to, by the settings.

    Examples
    --------
    >>> found = trend([date(2024, 1, 1), date(2024, 4, 1)], [400, 300])
    >>> verdict(found, 1.0, 1.0)
    'too few'
    """
    wanted = settings()
    alpha = wanted["alpha"].value
    if one.moments < wanted["least-moments"].value:
        return "too few"
    if q_fall <= alpha:
        return "falls"
    if q_rise <= alpha:
        return "rises"
    return "none" if one.power >= wanted["power"].value else "too few"
