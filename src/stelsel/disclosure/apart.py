"""Attack a puzzle piece by piece, so that a contradiction in one does not hide what is in others.

Publications can contradict each other: a number was revised, or an equation that should bind them
does not. A piece that cannot be true is looked at without the equations that by themselves cannot
be; if it still cannot, its numbers are *unjudged*, which is not the same as safe.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from stelsel.disclosure.attack import Equations, Flags, attack
from stelsel.disclosure.limits import Limits
from stelsel.disclosure.narrowing import ContradictionError, Floats, narrow


@dataclass(frozen=True, slots=True)
class Pieces:
    """What an attack on all pieces found.

    Parameters
    ----------
    lower, upper, narrow, programs
        As in :class:`stelsel.disclosure.attack.Found`.
    unjudged
        The numbers asked about in pieces that cannot be true.
    doubted
        How many equations were left out because they cannot hold.
    """

    lower: Floats
    upper: Floats
    narrow: list[int]
    programs: int
    unjudged: list[int]
    doubted: int


def attack_apart(
    equations: Equations,
    lower: Floats,
    upper: Floats,
    asked: Flags,
    within: Limits,
    pool: list[Floats] | None = None,
) -> Pieces:
    """Attack as :func:`stelsel.disclosure.attack.attack`, and on a contradiction piece by piece.

    Examples
    --------
    >>> from stelsel.disclosure.limits import limits
    >>> both = Equations(csr_matrix([[1.0, -1.0, 0, 0], [0, 0, 1, -1]]), np.zeros(2), np.zeros(2))
    >>> low, high = np.array([0.0, 3, 0, 20]), np.array([np.inf, 3, 10, 20])
    >>> found = attack_apart(both, low, high, np.array([True, False, True, False]), limits())
    >>> found.narrow, found.unjudged, found.doubted
    ([0], [], 1)
    """
    if np.all(lower <= upper):
        try:
            found = attack(equations, lower, upper, asked, within, pool=pool)
        except ContradictionError:
            pass
        else:
            return Pieces(found.lower, found.upper, found.narrow, found.programs, [], 0)
    return _in_pieces(equations, lower, upper, asked, within)


def _in_pieces(
    equations: Equations, lower: Floats, upper: Floats, asked: Flags, within: Limits
) -> Pieces:
    low, high = lower.copy(), upper.copy()
    narrow_ones: list[int] = []
    unjudged: list[int] = []
    programs = doubted = 0
    rows, columns = equations.matrix.shape
    coupled = equations.matrix.tocoo()
    graph = csr_matrix(
        (np.ones(len(coupled.row)), (coupled.row, rows + coupled.col)), shape=(rows + columns,) * 2
    )
    _, labels = connected_components(graph, directed=False)
    for label in np.unique(labels[rows:][asked]):
        unknowns = np.flatnonzero(labels[rows:] == label)
        mine = np.flatnonzero(labels[:rows] == label)
        here = lower[unknowns], upper[unknowns]
        if np.any(here[0] > here[1]):
            unjudged += [int(at) for at in unknowns if asked[at]]
            continue
        kept = [row for row in mine if _can_be(equations, int(row), lower, upper)]
        doubted += len(mine) - len(kept)
        piece = Equations(
            equations.matrix[kept][:, unknowns], equations.low[kept], equations.high[kept]
        )
        try:
            found = attack(piece, *here, asked[unknowns], within)
        except ContradictionError:
            unjudged += [int(at) for at in unknowns if asked[at]]
            continue
        programs += found.programs
        low[unknowns], high[unknowns] = found.lower, found.upper
        narrow_ones += [int(unknowns[at]) for at in found.narrow]
    return Pieces(low, high, sorted(narrow_ones), programs, unjudged, doubted)


def _can_be(equations: Equations, row: int, lower: Floats, upper: Floats) -> bool:
    """Tell whether an equation can hold by itself."""
    one = equations.matrix[row]
    at = one.indices
    alone = csr_matrix(one.data.reshape(1, -1))
    try:
        narrow(alone, equations.low[[row]], equations.high[[row]], lower[at], upper[at])
    except ContradictionError:
        return False
    return True
