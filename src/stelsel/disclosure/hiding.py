"""Hide more, until the attacker finds nothing.

What is small goes first, and what :func:`stelsel.disclosure.protect.companions` names beside it.
Then the attacker has his turn (:mod:`stelsel.disclosure.attack`), with everything that was
released before in his hands and the totals that he may find elsewhere; beside each number that he
narrows down, the smallest that helps is hidden as well. What turned out not to be needed is shown
again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from stelsel.disclosure.apart import attack_apart
from stelsel.disclosure.attack import Equations, Flags
from stelsel.disclosure.limits import Limits
from stelsel.disclosure.narrowing import Floats
from stelsel.disclosure.puzzle import Kind, Puzzle, assemble
from stelsel.disclosure.reader import Place, bounds, simply_hidden, versions
from stelsel.disclosure.sheets import Sheet

STEPS = 8
"""How many equations away a companion is sought."""
TAKEN_BACK = 15
"""How many companions at most are tried to be shown again."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What to hide in several tables that leave together.

    Parameters
    ----------
    places
        Sheet, column and row of what is hidden.
    left
        How many numbers stay narrower than the rule allows because of what left before.
    told, hidden, simple
        As in :class:`stelsel.disclosure.reader.Audit`, for these tables.
    """

    places: frozenset[Place]
    left: int
    told: int
    hidden: int
    simple: int


def hide(
    sheets: Sequence[Sheet],
    first: set[Place],
    within: Limits,
    before: Sequence[Sheet] = (),
    closed: Callable[[set[Place]], set[Place]] | None = None,
) -> Hidden:
    """Find what to hide so that nothing hidden can be found.

    Parameters
    ----------
    sheets
        The tables with their true numbers.
    first
        What is hidden in any case: sheet, column, row.
    within
        The limits.
    before
        What was released before, as it was shown.
    closed
        What must go with what is hidden, whatever the attacker finds.

    Examples
    --------
    >>> from stelsel.disclosure.limits import limits
    >>> from stelsel.disclosure.structure import Count, Dimension, Structure
    >>> said = Structure("w", {"form": Dimension("form")}, {"waiting": Count()},
    ...                  multiple=5, least=10)
    >>> table = Sheet(said, {"form": ["02", "03"], "waiting": [4, 63]})
    >>> sorted(hide([table], {(0, "waiting", 0)}, limits()).places)
    [(0, 'waiting', 0), (0, 'waiting', 1)]
    """
    boards = [_board(sheets, [], within)]
    if before:
        boards.append(_board(sheets, before, within))
    closing = _Closing(boards, closed)
    hidden = closing(first)
    base = set(hidden)

    def narrowed(gone: set[Place]) -> Iterator[tuple[_Board, int]]:
        """Give what the attacker narrows down, on our boards and then as it is published."""
        found = False
        for board in boards:
            for at in board.narrow(gone):
                found = True
                yield board, at
        if not found:
            yield from read(gone)

    def read(gone: set[Place]) -> Iterator[tuple[_Board, int]]:
        """Give what a reader finds, who knows less and so may take for small what is not."""
        for known in ([], before) if before else ([],):
            reader = _as_read(sheets, known, gone, within)
            for at in reader.narrow(gone):
                yield reader, at

    while True:
        more: set[Place] = set()
        for board, at in narrowed(hidden):
            more |= board.companion(at, hidden, more) or set()
        if not more and not _moved(boards):
            break
        hidden = closing(hidden | more)
    hidden = _taken_back(boards[0], base, hidden, closing, narrowed)
    alone = boards[0]
    gone = alone.hidden_flags(hidden)
    told = alone.puzzle.kinds == Kind.TOLD
    return Hidden(
        frozenset(hidden),
        sum(1 for _ in read(hidden)),
        int(told.sum()),
        int(gone.sum()),
        simply_hidden(alone.puzzle, alone.hidden_flags(first)),
    )


class _Board:
    """One puzzle that the attacker has before him: these tables, alone or with earlier ones."""

    def __init__(self, puzzle: Puzzle, offset: int, within: Limits) -> None:
        self.puzzle, self.offset, self.within = puzzle, offset, within
        self.equations = Equations(puzzle.matrix, puzzle.low, puzzle.high)
        size = len(puzzle.names)
        self.fixed_low, self.fixed_high = np.zeros(size), np.full(size, np.inf)
        self.open_low, self.open_high = np.zeros(size), np.full(size, np.inf)
        self.known = np.zeros(size, dtype=bool)
        self.ours: dict[int, list[Place]] = {}
        self.at: dict[Place, int] = {}
        self.soft: set[int] = set()
        self.cost = np.zeros(size)
        self.pool: list[Floats] = []
        self._moved = False
        self._columns = puzzle.matrix.tocsc()

    def hidden_flags(self, hidden: set[Place] | frozenset[Place]) -> Flags:
        """Give which of our numbers are hidden and not known from before."""
        flags = np.zeros(len(self.puzzle.names), dtype=bool)
        flags[[self.at[place] for place in hidden]] = True
        return flags & ~self.known

    def narrow(self, hidden: set[Place]) -> list[int]:
        """Let the attacker look, and give what he narrows down too far."""
        lower, upper = self.fixed_low.copy(), self.fixed_high.copy()
        seen = np.ones(len(lower), dtype=bool)
        # What is hidden now and was told before is known as it was told, not as it is.
        seen[[self.at[place] for place in hidden]] = False
        lower[seen] = np.maximum(lower[seen], self.open_low[seen])
        upper[seen] = np.minimum(upper[seen], self.open_high[seen])
        asked = (self.puzzle.kinds != Kind.MARGIN) & ~np.isfinite(upper)
        return attack_apart(self.equations, lower, upper, asked, self.within, pool=self.pool).narrow

    def companion(self, at: int, hidden: set[Place], more: set[Place]) -> set[Place] | None:
        """Name the smallest number near this one that can go; None where there is none."""
        gone = self.hidden_flags(hidden)
        near, seen = {at}, {at}
        for _ in range(STEPS):
            rows = {row for one in near for row in self._rows(one)}
            around = {one for row in rows for one in self._unknowns(row)} - seen
            free = [one for one in around | {at} if one in self.ours and not gone[one]]
            free = [one for one in free if not self.known[one]]
            if any(set(self.ours[one]) & more for one in free):
                return set()  # one of them goes already in this round
            if free:
                best = min(
                    free,
                    key=lambda one: (self.cost[one], str(self.puzzle.names[one])),
                )
                return set(self.ours[best])
            # A total that the reader may know from elsewhere is given up last.
            known = [one for one in around if one in self.soft]
            if known:
                best = min(known, key=lambda one: str(self.puzzle.names[one]))
                self.soft.discard(best)
                self.open_low[best], self.open_high[best] = 0.0, np.inf
                self._moved = True
                return set()
            seen |= around
            near = around
        return None

    def moved(self) -> bool:
        """Tell whether a total was given up since this was last asked."""
        moved, self._moved = self._moved, False
        return moved

    def _rows(self, at: int) -> list[int]:
        start, end = self._columns.indptr[at : at + 2]
        return [int(row) for row in self._columns.indices[start:end]]

    def _unknowns(self, row: int) -> list[int]:
        start, end = self.puzzle.matrix.indptr[row : row + 2]
        return [int(one) for one in self.puzzle.matrix.indices[start:end]]


def _board(sheets: Sequence[Sheet], before: Sequence[Sheet], within: Limits) -> _Board:
    """Lay out the puzzle: what was shown before is known, what is ours may be hidden or shown."""
    every = [*before, *sheets]
    offset = len(before)
    shown = [*before, *(_as_shown(sheet, within) for sheet in sheets)]
    puzzle = assemble(every, range(offset, len(every)), versions(shown))
    board = _laid_out(puzzle, sheets, before, within)
    children = np.asarray((puzzle.matrix > 0).sum(axis=1)).ravel()
    matrix = puzzle.matrix.tocoo()
    for row, at, factor in zip(matrix.row, matrix.col, matrix.data, strict=True):
        total = puzzle.kinds[at] == Kind.MARGIN and factor < 0 and children[row] > 1
        if total and puzzle.true[at] >= within.least_count:
            _open(board, int(at), puzzle.true[at], within)
            board.soft.add(int(at))
    return board


def _as_read(
    sheets: Sequence[Sheet], before: Sequence[Sheet], hidden: set[Place], within: Limits
) -> _Board:
    """Lay out the puzzle as a reader does, who takes for one number what may be one."""
    shown = list(before)
    for number, sheet in enumerate(sheets):
        gone = {(column, row) for place, column, row in hidden if place == number}
        one = _as_shown(sheet, within)
        columns = {
            name: [None if (name, row) in gone else value for row, value in enumerate(values)]
            for name, values in one.columns.items()
        }
        shown.append(Sheet(sheet.structure, columns, gone, sheet.release))
    return _laid_out(assemble(shown, (), versions(shown)), sheets, before, within)


def _laid_out(
    puzzle: Puzzle, sheets: Sequence[Sheet], before: Sequence[Sheet], within: Limits
) -> _Board:
    offset = len(before)
    board = _Board(puzzle, offset, within)
    board.fixed_low, board.fixed_high, board.known = bounds(
        puzzle, [*before, *(_all_hidden(sheet) for sheet in sheets)]
    )
    for (number, column, row), at in puzzle.told.items():
        if number < offset:
            continue
        place = (number - offset, column, row)
        board.at[place] = at
        board.ours.setdefault(at, []).append(place)
        value = sheets[number - offset].columns[column][row]
        if isinstance(value, int | float):
            board.cost[at] = value
            _open(board, at, float(value), within)
    return board


def _open(board: _Board, at: int, value: float, within: Limits) -> None:
    """Note between what a number lies once it is shown rounded."""
    half = within.multiple // 2
    shown = (value + half) // within.multiple * within.multiple
    board.open_low[at] = max(shown - half, within.least_count)
    board.open_high[at] = shown + (within.multiple - 1) // 2


def _as_shown(sheet: Sheet, within: Limits) -> Sheet:
    """Give a table with its numbers as they would be shown; small ones as the range they are in."""
    columns = dict(sheet.columns)
    half = within.multiple // 2
    for column in sheet.structure.counts:
        if column in columns:
            columns[column] = [
                value
                if not isinstance(value, int | float)
                else (value + half) // within.multiple * within.multiple
                if value >= within.least_count
                else -1
                for value in columns[column]
            ]
    return Sheet(sheet.structure, columns, release=sheet.release)


def _all_hidden(sheet: Sheet) -> Sheet:
    every = {
        (column, row)
        for column in sheet.structure.counts
        if column in sheet.columns
        for row in range(sheet.rows)
    }
    return Sheet(sheet.structure, sheet.columns, every, sheet.release)


class _Closing:
    """Hides a number wherever it stands, and what must go with it."""

    def __init__(
        self, boards: Sequence[_Board], closed: Callable[[set[Place]], set[Place]] | None
    ) -> None:
        self.boards, self.closed = boards, closed

    def __call__(self, hidden: set[Place]) -> set[Place]:
        """Give everything that is hidden when this is."""
        found, size = set(hidden), -1
        while len(found) != size:
            size = len(found)
            for board in self.boards:
                found |= {other for place in found for other in board.ours[board.at[place]]}
            if self.closed:
                found |= self.closed(found)
        return found


def _taken_back(
    alone: _Board,
    base: set[Place],
    hidden: set[Place],
    closing: _Closing,
    narrowed: Callable[[set[Place]], Iterator[tuple[_Board, int]]],
) -> set[Place]:
    """Show again what need not be hidden, the largest first."""
    left = {board.puzzle.names[at] for board, at in narrowed(hidden)}
    extra = {alone.at[place] for place in hidden - base}
    order = sorted(extra, key=lambda at: (-alone.cost[at], str(alone.puzzle.names[at])))
    for at in order[:TAKEN_BACK]:
        fewer = hidden - set(alone.ours[at])
        if closing(fewer) == fewer and all(
            board.puzzle.names[one] in left for board, one in narrowed(fewer)
        ):
            hidden = fewer
    return hidden


def _moved(boards: Sequence[_Board]) -> bool:
    """Tell whether a total was given up on any board; asks all of them."""
    return sum(board.moved() for board in boards) > 0
