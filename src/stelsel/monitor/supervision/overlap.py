"""How far the numbers of several moments are about the same children.

A child that waits on 30 September and still on 31 December counts on both days, so the two counts
go up and down together though nothing changes. Of children who come by chance and go each in their
own time, the correlation of two counts is the number of children in both, divided by the root of
the product of the counts (the counts are Poisson, and what they share is what they have in common).
A test of a trend that takes the moments to have nothing to do with one another would cry wolf.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations
from math import sqrt

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]


def correlations(members: Sequence[AbstractSet[str]]) -> Matrix:
    """Give the correlation of the counts of each pair of moments.

    Parameters
    ----------
    members
        The children of each moment.

    Returns
    -------
    array
        A row and a column a moment; 1 on the diagonal, 0 where nobody is in both.

    Examples
    --------
    >>> correlations([{"a", "b"}, {"b", "c"}, set()]).tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    found = np.eye(len(members))
    for one, other in combinations(range(len(members)), 2):
        sizes = len(members[one]) * len(members[other])
        if sizes:
            shared = len(members[one] & members[other])
            found[one, other] = found[other, one] = shared / sqrt(sizes)
    return found


def inflation(correlation: Matrix) -> float:
    """Tell how many times the variance of Kendall's S is what it is without correlation.

    The variance of S of normal numbers with these correlations is the sum, over all pairs of
    pairs of moments, of 2/pi times the arcsine of the correlation of their differences (K.H. Hamed
    and A.R. Rao, Journal of Hydrology 204, 1998, after Kendall); without correlation that is
    n(n-1)(2n+5)/18. Never below 1.

    Examples
    --------
    >>> inflation(np.eye(6))
    1.0
    >>> near = np.array([[0.5 ** abs(i - j) for j in range(8)] for i in range(8)])
    >>> round(inflation(near), 2)
    1.84
    """
    moments = len(correlation)
    pairs = list(combinations(range(moments), 2))
    if not pairs:
        return 1.0
    steps = np.zeros((len(pairs), moments))
    for place, (earlier, later) in enumerate(pairs):
        steps[place, earlier], steps[place, later] = -1.0, 1.0
    spread = steps @ correlation @ steps.T
    # Two moments with exactly the same children have a difference without spread.
    width = np.sqrt(np.maximum(np.diag(spread), 1e-12))
    between = np.clip(spread / np.outer(width, width), -1.0, 1.0)
    variance = float(np.sum(np.arcsin(between))) * 2 / np.pi
    plain = moments * (moments - 1) * (2 * moments + 5) / 18
    return max(1.0, round(variance / plain, 12))
