"""Narrow the unknowns of a puzzle without solving anything: what each equation alone says.

From the bounds of the others in an equation follow bounds of each one; around and around, until
nothing moves. What comes out is never narrower than the truth allows, and mostly not as narrow as
an attacker can get it: :mod:`stelsel.disclosure.attack` does the rest.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

Floats = npt.NDArray[np.float64]
ROUNDS = 30
_NEAR = 1e-6


class ContradictionError(Exception):
    """The bounds and the equations cannot all hold."""


def narrow(
    matrix: csr_matrix, low: Floats, high: Floats, lower: Floats, upper: Floats
) -> tuple[Floats, Floats]:
    """Narrow the bounds of whole numbers ``x`` with ``low <= matrix @ x <= high``.

    Parameters
    ----------
    matrix, low, high
        The equations.
    lower, upper
        The bounds so far; infinite where there is none.

    Raises
    ------
    ContradictionError
        When no number is left for an unknown.

    Examples
    --------
    >>> sums = csr_matrix([[1.0, 1.0, -1.0]])
    >>> none, endless = np.zeros(1), np.inf
    >>> bounds = narrow(sums, none, none, np.array([0.0, 60, 80]), np.array([endless, 70, 90]))
    >>> [one.tolist() for one in bounds]
    [[10.0, 60.0, 80.0], [30.0, 70.0, 90.0]]
    """
    lower, upper = lower.copy(), upper.copy()
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    columns, factors = matrix.indices, matrix.data
    for _ in range(ROUNDS):
        least, most = _sides(rows, columns, factors, lower, upper, matrix.shape[0])
        up = factors > 0
        # What is left for one unknown when the others are at their least, or at their most.
        to_high = (high[rows] - least) / factors
        to_low = (low[rows] - most) / factors
        above, below = np.where(up, to_high, to_low), np.where(up, to_low, to_high)
        new_upper, new_lower = upper.copy(), lower.copy()
        good = np.isfinite(above)
        np.minimum.at(new_upper, columns[good], np.floor(above[good] + _NEAR))
        good = np.isfinite(below)
        np.maximum.at(new_lower, columns[good], np.ceil(below[good] - _NEAR))
        if np.any(new_lower > new_upper):
            raise ContradictionError
        if np.array_equal(new_lower, lower) and np.array_equal(new_upper, upper):
            break
        lower, upper = new_lower, new_upper
    return lower, upper


def _sides(
    rows: npt.NDArray[np.int64],
    columns: npt.NDArray[np.int32],
    factors: Floats,
    lower: Floats,
    upper: Floats,
    count: int,
) -> tuple[Floats, Floats]:
    """Give per place in the equations the least and the most that all others in it make."""
    up = factors > 0
    found = []
    for ends, without in (
        (np.where(up, lower[columns], upper[columns]), -np.inf),
        (np.where(up, upper[columns], lower[columns]), np.inf),
    ):
        part = factors * ends
        endless = ~np.isfinite(part)
        finite = np.where(endless, 0.0, part)
        total = np.bincount(rows, finite, count)[rows]
        number = np.bincount(rows, endless, count)[rows]
        rest = total - finite
        # Of an equation with one unknown without end only that one has an end from the others.
        found.append(np.where(number - endless > 0, without, rest))
    return found[0], found[1]
