"""Whether numbers in the order of time fall or rise: Kendall's S with its exact distribution.

S counts the pairs of moments of which the later number is higher, less those of which it is lower
(H.B. Mann, Econometrica 13, 1945; M.G. Kendall, Rank Correlation Methods, 1948). If time means
nothing, every order of the same numbers is as likely as any other, and how many orders give which
S can be counted: the number of orders of a row with ties by their number of inversions is given
by the coefficients of the Gaussian multinomial (P.A. MacMahon, Combinatory Analysis, 1915). So the
distribution is exact, for few numbers and many, with ties and without; nothing is taken as normal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, combinations
from math import ceil, floor, sqrt


@dataclass(frozen=True, slots=True)
class Kendall:
    """The test of numbers in the order of time.

    Parameters
    ----------
    moments
        How many numbers there are.
    s
        Pairs that rise, less pairs that fall.
    pairs
        Pairs that are not equal: S lies between ``-pairs`` and ``pairs``.
    p_fall, p_rise
        The chance of an S as low (as high) as this or more so, if time means nothing.
    """

    moments: int
    s: int
    pairs: int
    p_fall: float
    p_rise: float


def kendall(values: Sequence[float], inflation: float = 1.0) -> Kendall:
    """Test whether numbers in the order of time fall, and whether they rise.

    Parameters
    ----------
    values
        The numbers, oldest first.
    inflation
        How many times the variance of S is what it would be if the moments had nothing to do with
        one another (:func:`stelsel.monitor.supervision.overlap.inflation`). S is divided by its
        root, and taken to the nearest value that it can have on the side of no trend.

    Raises
    ------
    ValueError
        When ``inflation`` is below 1.

    Examples
    --------
    Four numbers that fall three times: one of 24 orders, so a chance of 1 in 24.

    >>> found = kendall([40, 35, 30, 25])
    >>> found.s, found.p_fall == 1 / 24, found.p_rise
    (-6, True, 1.0)
    >>> kendall([40, 35, 30, 25], inflation=2.0).p_fall
    0.16666666666666666
    """
    if inflation < 1:
        raise ValueError("the inflation is below 1")
    s = sum(
        int(later > earlier) - int(later < earlier) for earlier, later in combinations(values, 2)
    )
    ties = tuple(sorted(Counter(values).values()))
    orders = orders_by_inversions(ties)
    pairs, total = len(orders) - 1, sum(orders)
    # Inversions are pairs that fall, so S = pairs - 2 * inversions.
    falls = (pairs - s / sqrt(inflation)) / 2
    nearest = floor(falls) if s < 0 else ceil(falls)
    return Kendall(
        len(values),
        s,
        pairs,
        sum(orders[nearest:]) / total,
        sum(orders[: nearest + 1]) / total,
    )


@cache
def orders_by_inversions(ties: tuple[int, ...]) -> tuple[int, ...]:
    """Count the orders of numbers by how many pairs of them fall.

    Parameters
    ----------
    ties
        How often each different number occurs; all 1 where none is equal to another.

    Returns
    -------
    tuple of int
        At place k the number of orders with k pairs that fall; the last place is the number of
        pairs that are not equal.

    Examples
    --------
    Three different numbers have six orders; of two equal ones and another there are three.

    >>> orders_by_inversions((1, 1, 1)), orders_by_inversions((2, 1))
    ((1, 2, 2, 1), (1, 1, 1))
    """
    found, before = [1], 0
    for same in ties:
        for one in range(1, same + 1):
            found = _divided(_multiplied(found, before + one), one)
        before += same
    return tuple(found)


def _multiplied(found: list[int], power: int) -> list[int]:
    """Multiply by 1 - q**power."""
    longer = [*found, *[0] * power]
    return [a - b for a, b in zip(longer, [*[0] * power, *found], strict=True)]


def _divided(found: list[int], power: int) -> list[int]:
    """Divide by 1 - q**power, which leaves nothing over."""
    for place in range(power, len(found)):
        found[place] += found[place - power]
    return found[: len(found) - power]


@cache
def critical(ties: tuple[int, ...], alpha: float) -> int | None:
    """Give the least S whose chance, or that of more, is at most alpha, if time means nothing.

    Parameters
    ----------
    ties
        How often each different number occurs, as in :func:`orders_by_inversions`.
    alpha
        The chance.

    Returns
    -------
    int or None
        None where even numbers that rise every time are not that rare.

    Examples
    --------
    >>> [critical((1,) * moments, 0.05) for moments in (3, 4, 12)]
    [None, 6, 26]
    """
    orders = orders_by_inversions(ties)
    total, pairs = sum(orders), len(orders) - 1
    # S is pairs less twice the inversions, and its distribution is the same both ways.
    rare = sum(number / total <= alpha for number in accumulate(orders))
    return pairs - 2 * (rare - 1) if rare else None
