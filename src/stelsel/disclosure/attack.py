"""The attacker: how far a hidden number can be narrowed down by who knows all that is published.

Bounds go first (:mod:`stelsel.disclosure.narrowing`); then linear programming looks for tables
that fit what is published and lie as far apart as can be (HiGHS, through SciPy). A table that fits
is a witness for all its numbers at once, so a few programs clear most of them; what stays narrow
is looked at one by one, in whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from stelsel.disclosure.limits import Limits, limits
from stelsel.disclosure.narrowing import ContradictionError, Floats, narrow

Flags = npt.NDArray[np.bool_]
TRIES = 10
"""Random directions in which witnesses are sought before the numbers are taken one by one."""
SECONDS = 2.0
"""How long one program may take."""
_NEAR = 1e-6
_INFEASIBLE = 2


@dataclass(frozen=True, slots=True)
class Equations:
    """Whole numbers from 0 with ``low <= matrix @ x <= high``."""

    matrix: csr_matrix
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Found:
    """What the attacker found.

    Parameters
    ----------
    lower, upper
        Bounds of every unknown; exact for those that are ``narrow``, else at least this wide is
        what may be true.
    narrow
        The unknowns that can be narrowed more than the rule allows.
    programs
        How many linear programs were solved.
    """

    lower: Floats
    upper: Floats
    narrow: list[int]
    programs: int


def attack(
    equations: Equations,
    lower: Floats,
    upper: Floats,
    asked: Flags,
    within: Limits | None = None,
    *,
    pool: list[Floats] | None = None,
) -> Found:
    """Narrow the hidden numbers as far as can be, and tell which get narrower than allowed.

    Parameters
    ----------
    equations
        What binds the numbers.
    lower, upper
        What is known of each: of a shown number what it may have been before it was rounded, of a
        hidden one 0 and no end.
    asked
        Which numbers must not be found: those that are hidden, and those that nobody published.
    within
        The limits. A number is narrow when fewer whole numbers than ``least_range`` fit it, and
        the least of them is under ``least_count``: from there on it could have been shown.
    pool
        Tables that fit the equations, from an earlier attack on the same puzzle with other bounds;
        those that are found now are added.

    Raises
    ------
    ContradictionError
        When the numbers cannot all be true.

    Examples
    --------
    >>> sums = Equations(csr_matrix([[1.0, 1.0, -1.0]]), np.zeros(1), np.zeros(1))
    >>> found = attack(sums, np.array([0.0, 63, 68]), np.array([np.inf, 67, 72]),
    ...                np.array([True, False, False]))
    >>> found.narrow, int(found.lower[0]), int(found.upper[0])
    ([0], 1, 9)
    """
    within = within or limits()
    lower, upper = narrow(equations.matrix, equations.low, equations.high, lower, upper)
    spread = within.least_range - 1

    solver = _Solver(equations, lower, upper, spread, [] if pool is None else pool)
    narrow_ones: list[int] = []
    components = _components(equations.matrix, lower, upper, asked)
    solver.witness(components)
    for component in components:
        for at in component.asked:
            if solver.wide(at) or lower[at] >= within.least_count:
                continue
            if upper[at] - lower[at] >= spread:
                solver.reach(component, at)
                if solver.wide(at):
                    continue
            solver.exactly(component, at)
            seen = solver.seen_low[at] if np.isfinite(solver.seen_low[at]) else lower[at]
            if seen < within.least_count:
                narrow_ones.append(at)
    low, high = lower.copy(), upper.copy()
    # Nothing was seen where time was up; then the bounds are what is known.
    for at in narrow_ones:
        if np.isfinite(solver.seen_low[at]):
            low[at], high[at] = solver.seen_low[at], solver.seen_high[at]
    return Found(low, high, sorted(narrow_ones), solver.programs)


@dataclass(frozen=True, slots=True)
class _Component:
    """Unknowns that hang together, their equations, and those of them that are asked about."""

    unknowns: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    asked: list[int]


def _components(matrix: csr_matrix, lower: Floats, upper: Floats, asked: Flags) -> list[_Component]:
    """Part the puzzle into pieces that say nothing of each other; known numbers bind nothing."""
    open_ = upper > lower
    size = matrix.shape[0]
    coupled = matrix.tocoo()
    keep = open_[coupled.col]
    graph = csr_matrix(
        (
            np.ones(int(keep.sum())),
            (coupled.row[keep], size + coupled.col[keep]),
        ),
        shape=(size + matrix.shape[1],) * 2,
    )
    _, labels = connected_components(graph, directed=False)
    of_rows, of_unknowns = labels[:size], labels[size:]
    found = []
    for label in np.unique(of_unknowns[asked]):
        unknowns = np.flatnonzero(of_unknowns == label)
        found.append(
            _Component(
                unknowns,
                np.flatnonzero(of_rows == label),
                [int(at) for at in unknowns if asked[at]],
            )
        )
    return found


class _Solver:
    """Seeks tables that fit, and remembers the least and the most seen of every number."""

    def __init__(
        self,
        equations: Equations,
        lower: Floats,
        upper: Floats,
        spread: float,
        pool: list[Floats],
    ) -> None:
        self.equations, self.lower, self.upper, self.spread = equations, lower, upper, spread
        finite = upper[np.isfinite(upper)]
        # Far beyond every number that is told: without an end, for all that is asked here.
        self.far = 10.0 * (finite.max(initial=0.0) + lower.max(initial=0.0)) + 1000.0
        self.seen_low = np.full(len(lower), np.inf)
        self.seen_high = np.full(len(lower), -np.inf)
        self.programs = 0
        self.pool = pool
        self._cache: dict[int, tuple[Bounds, LinearConstraint | None]] = {}
        if pool:
            tables = np.array(pool)
            fit = np.all((tables >= lower - _NEAR) & (tables <= upper + _NEAR), axis=1)
            if fit.any():
                self.seen_low = tables[fit].min(axis=0)
                self.seen_high = tables[fit].max(axis=0)

    def witness(self, components: Sequence[_Component]) -> None:
        """Seek tables that lie apart in all that is asked at once."""
        every = np.array([at for component in components for at in component.asked], dtype=np.int64)
        if not len(every):
            return
        size = len(self.lower)
        whole = _Component(np.arange(size), np.arange(self.equations.matrix.shape[0]), [])
        random = np.random.default_rng(size)
        for number in range(TRIES):
            open_ = self.upper[every] - self.lower[every] >= self.spread
            thin = ~(self.seen_high[every] - self.seen_low[every] >= self.spread)
            left = every[open_ & thin]
            if not len(left):
                return
            goal = np.zeros(size)
            goal[left] = 1.0 if not number else random.choice([-1.0, 1.0], len(left))
            for sign in (1.0, -1.0):
                self._take(components, self._best(whole, sign * goal, 0))

    def _take(self, components: Sequence[_Component], point: Floats | None) -> None:
        """Note a table that fits; where fractions came out, those pieces of it that are whole."""
        if point is None:
            return
        near = np.round(point)
        whole = np.abs(point - near) < _NEAR
        if whole.all() and self._fits_all(near):
            self.pool.append(near)
            self._see(np.arange(len(near)), near)
            return
        for component in components:
            part = near[component.unknowns]
            if whole[component.unknowns].all() and self._fits(component, part):
                self._see(component.unknowns, part)

    def _see(self, unknowns: npt.NDArray[np.int64], point: Floats) -> None:
        self.seen_low[unknowns] = np.minimum(self.seen_low[unknowns], point)
        self.seen_high[unknowns] = np.maximum(self.seen_high[unknowns], point)

    def _fits_all(self, point: Floats) -> bool:
        made = self.equations.matrix @ point
        return bool(
            np.all(point >= self.lower - _NEAR)
            and np.all(point <= self.upper + _NEAR)
            and np.all(made >= self.equations.low - _NEAR)
            and np.all(made <= self.equations.high + _NEAR)
        )

    def wide(self, at: int) -> bool:
        """Tell whether tables were seen that lie far enough apart in this number."""
        return bool(self.seen_high[at] - self.seen_low[at] >= self.spread)

    def reach(self, component: _Component, at: int) -> None:
        """Seek the least and the most of one number, until it is wide enough."""
        goal = np.zeros(len(component.unknowns))
        goal[np.searchsorted(component.unknowns, at)] = 1.0
        for sign in (1.0, -1.0):
            if self.seen_high[at] - self.seen_low[at] < self.spread:
                self._solve(component, sign * goal)

    def exactly(self, component: _Component, at: int) -> None:
        """Make sure that the least and the most of one number have both been seen."""
        goal = np.zeros(len(component.unknowns))
        goal[np.searchsorted(component.unknowns, at)] = 1.0
        for sign in (1.0, -1.0):
            self._solve(component, sign * goal)

    def _solve(self, component: _Component, goal: Floats) -> None:
        """Solve for the least of a goal: over fractions first, over whole numbers where it must.

        When time is up nothing was seen, and what was not seen counts as narrow: the safe side.
        """
        for integral in (0, 1):
            answer = self._best(component, goal, integral)
            if answer is None:
                continue
            point = np.round(answer)
            if np.all(np.abs(answer - point) < _NEAR) and self._fits(component, point):
                self._see(component.unknowns, point)
                return

    def _best(self, component: _Component, goal: Floats, integral: int) -> Floats | None:
        bounds, rows = self._of(component)
        self.programs += 1
        answer = milp(
            goal,
            integrality=np.full(len(goal), integral),
            bounds=bounds,
            constraints=() if rows is None else rows,
            options={"time_limit": SECONDS},
        )
        if answer.status == _INFEASIBLE:
            raise ContradictionError
        found: Floats | None = answer.x
        return found

    def _fits(self, component: _Component, point: Floats) -> bool:
        bounds, rows = self._of(component)
        if np.any(point < bounds.lb - _NEAR) or np.any(point > bounds.ub + _NEAR):
            return False
        if rows is None:
            return True
        made = rows.A @ point
        return bool(np.all(made >= rows.lb - _NEAR) and np.all(made <= rows.ub + _NEAR))

    def _of(self, component: _Component) -> tuple[Bounds, LinearConstraint | None]:
        """Give bounds and equations of a piece; what is known goes to the other side."""
        key = int(component.unknowns[0]) if component.asked else -1
        if key not in self._cache:
            rows = self.equations.matrix[component.rows]
            fixed = np.where(np.isfinite(self.lower), self.lower, 0.0)
            fixed[component.unknowns] = 0.0
            moved = rows @ fixed
            bounds = Bounds(
                self.lower[component.unknowns],
                np.minimum(self.upper[component.unknowns], self.far),
            )
            constraint = (
                LinearConstraint(
                    rows[:, component.unknowns],
                    self.equations.low[component.rows] - moved,
                    self.equations.high[component.rows] - moved,
                )
                if len(component.rows)
                else None
            )
            self._cache[key] = (bounds, constraint)
        return self._cache[key]
