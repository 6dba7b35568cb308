"""Intervals of counts: between which numbers the number lies that a count is a draw of."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

Z95 = NormalDist().inv_cdf(0.975)


def byar(count: float, z: float = Z95) -> tuple[float, float]:
    """Give the interval of the mean of a Poisson count (Byar's approximation).

    N.E. Breslow and N.E. Day, Statistical Methods in Cancer Research II (1987), par. 2.3: within
    one percent of the exact limits from ten on, and near below it.

    Parameters
    ----------
    count
        The count.
    z
        How many standard deviations; without it those of 95 %.

    Raises
    ------
    ValueError
        When the count is below 0.

    Examples
    --------
    >>> low, high = byar(100)
    >>> round(low, 2), round(high, 2)     # exact: 81.36 and 121.63
    (81.36, 121.63)
    >>> byar(0)[0]
    0.0
    """
    if count < 0:
        raise ValueError(f"{count} is no count")
    low = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3 if count else 0.0
    above = count + 1
    return max(low, 0.0), above * (1 - 1 / (9 * above) + z / (3 * sqrt(above))) ** 3
