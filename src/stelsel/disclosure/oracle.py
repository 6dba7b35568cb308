"""The attacker again, slow and obviously right: try every table of whole numbers there is.

Only for puzzles of a few unknowns; :mod:`stelsel.disclosure.attack` is held against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from stelsel.disclosure.attack import Equations
from stelsel.disclosure.narrowing import Floats


def tables(equations: Equations, lower: Floats, upper: Floats) -> Iterator[tuple[int, ...]]:
    """Give every table of whole numbers that fits; the bounds must have ends.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> sums = Equations(csr_matrix([[1.0, 1.0]]), np.array([2.0]), np.array([2.0]))
    >>> list(tables(sums, np.zeros(2), np.array([5.0, 1.0])))
    [(1, 1), (2, 0)]
    """
    matrix = equations.matrix.toarray()
    choices = [range(int(low), int(high) + 1) for low, high in zip(lower, upper, strict=True)]
    for table in product(*choices):
        made = matrix @ np.array(table)
        if np.all(made >= equations.low - 1e-9) and np.all(made <= equations.high + 1e-9):
            yield table


def ranges(equations: Equations, lower: Floats, upper: Floats) -> list[tuple[int, int]]:
    """Give the least and the most that each number is in any table that fits.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> sums = Equations(csr_matrix([[1.0, 1.0]]), np.array([2.0]), np.array([2.0]))
    >>> ranges(sums, np.zeros(2), np.array([5.0, 1.0]))
    [(1, 2), (0, 1)]
    """
    every = np.array(list(tables(equations, lower, upper)))
    return [(int(one.min()), int(one.max())) for one in every.T]
