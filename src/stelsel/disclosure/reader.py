"""What a reader of publications can find: the puzzle, its bounds, and the attack on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from stelsel.disclosure.apart import attack_apart
from stelsel.disclosure.attack import Equations, Flags
from stelsel.disclosure.limits import Limits, limits
from stelsel.disclosure.narrowing import Floats
from stelsel.disclosure.puzzle import Kind, Name, Puzzle, assemble
from stelsel.disclosure.sheets import Sheet

Place = tuple[int, str, int]
"""Sheet, column and row of a number."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A number that can be narrowed down more than the rule allows.

    Parameters
    ----------
    name
        Which number.
    places
        Where it stands hidden: sheet, column, row; nowhere if nobody published it.
    low, high
        What is left of it; both ends can be.
    """

    name: Name
    places: tuple[Place, ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What an attack on publications came to.

    Parameters
    ----------
    leaks
        What is too narrow.
    told, hidden
        How many different numbers the publications have, and how many of them nowhere show.
    simple
        How many would be hidden if a table went whole along every line with a small number.
    differences
        How many numbers nobody published were looked at.
    unjudged
        How many could not be looked at, as the tables that tell them cannot all be true.
    doubted
        How many equations were left out, as what is told does not keep them.
    programs
        How many linear programs it took.
    """

    leaks: tuple[Leak, ...]
    told: int
    hidden: int
    simple: int
    differences: int
    unjudged: int
    doubted: int
    programs: int

    @property
    def share_hidden(self) -> float:
        """The share of the numbers that is hidden, 0 to 1."""
        return self.hidden / self.told if self.told else 0.0


def audit(sheets: Sequence[Sheet], within: Limits | None = None) -> Audit:
    """Play the attacker on publications that are out.

    Parameters
    ----------
    sheets
        Their tables; several releases of one table among them, the oldest first. A number that is
        told twice is taken to be one number, unless the two that are shown cannot be.
    within
        The limits.

    Examples
    --------
    >>> from stelsel.disclosure.structure import Count, Dimension, Structure
    >>> said = Structure("w", {"form": Dimension("form", total="all")}, {"waiting": Count()},
    ...                  multiple=5, least=10)
    >>> one = Sheet(said, {"form": ["02", "03", "all"], "waiting": [65, None, 70]},
    ...             {("waiting", 1)})
    >>> [(leak.name.of, leak.low, leak.high) for leak in audit([one]).leaks]
    [((('form', '03'),), 1, 9)]
    """
    within = within or limits()
    apart = len({sheet.release for sheet in sheets}) > 1
    together = _Looked(sheets, versions(sheets), within, mixed=True)
    leaks = together.leaks
    unjudged = together.unjudged
    if apart:
        # What was revised between releases is not one number: each release by itself as well.
        each = {
            (number, column, row): sheet.release
            for number, sheet in enumerate(sheets)
            for column in sheet.structure.counts
            for row in range(sheet.rows)
        }
        alone = _Looked(sheets, each, within, mixed=False)
        seen = {replace(leak.name, version=0) for leak in leaks}
        leaks += [leak for leak in alone.leaks if replace(leak.name, version=0) not in seen]
        unjudged = alone.unjudged
    told = together.puzzle.kinds == Kind.TOLD
    gone = told & ~together.shown
    return Audit(
        leaks=tuple(leaks),
        told=int(told.sum()),
        hidden=int(gone.sum()),
        simple=simply_hidden(together.puzzle, gone),
        differences=int((together.puzzle.kinds == Kind.DIFFERENCE).sum()),
        unjudged=len(unjudged),
        doubted=together.found.doubted,
        programs=together.found.programs,
    )


class _Looked:
    """One look of the attacker, with all numbers that are told twice taken for one, or not."""

    def __init__(
        self, sheets: Sequence[Sheet], versions: dict[Place, int], within: Limits, *, mixed: bool
    ) -> None:
        self.puzzle = assemble(sheets, versions=versions, mixed=mixed)
        lower, upper, self.shown = bounds(self.puzzle, sheets)
        self.found = attack_apart(
            Equations(self.puzzle.matrix, self.puzzle.low, self.puzzle.high),
            lower,
            upper,
            (self.puzzle.kinds != Kind.MARGIN) & ~self.shown,
            within,
        )

    @property
    def unjudged(self) -> set[Name]:
        """The numbers that cannot be judged, whatever release they are of."""
        return {replace(self.puzzle.names[at], version=0) for at in self.found.unjudged}

    @property
    def leaks(self) -> list[Leak]:
        """What gets too narrow."""
        where: dict[int, list[Place]] = {}
        for place, at in self.puzzle.told.items():
            where.setdefault(at, []).append(place)
        return [
            Leak(
                self.puzzle.names[at],
                tuple(where.get(at, ())),
                int(self.found.lower[at]),
                int(self.found.upper[at]),
            )
            for at in self.found.narrow
        ]


def versions(sheets: Sequence[Sheet]) -> dict[Place, int]:
    """Tell apart the numbers that a later table shows otherwise than an earlier one.

    The attacker takes a number that is told twice for the same number whenever it can be: that is
    how the most follows.
    """
    known: dict[tuple[object, ...], list[tuple[float, float]]] = {}
    found: dict[Place, int] = {}
    for number, sheet in enumerate(sheets):
        times = sheet.times()
        for column, count in sheet.structure.counts.items():
            if column not in sheet.columns:
                continue
            what = sheet.structure.named(column)
            places = sheet.places(column)
            for row, value in enumerate(sheet.columns[column]):
                if not isinstance(value, int | float):
                    continue
                low, high = before_rounding(sheet, value)
                over = times[row][1] if count.stock else times[row]
                seen = known.setdefault((what, places[row], over), [])
                for version, (least, most) in enumerate(seen):
                    if low <= most and high >= least:
                        seen[version] = (max(low, least), min(high, most))
                        break
                else:
                    version = len(seen)
                    seen.append((low, high))
                if version:
                    found[number, column, row] = version
    return found


def before_rounding(sheet: Sheet, value: float) -> tuple[float, float]:
    """Give the least and the most that a shown number may have been.

    Examples
    --------
    >>> from stelsel.disclosure.structure import Structure
    >>> before_rounding(Sheet(Structure("w", {}, {}, multiple=5, least=10), {}), 10)
    (10, 12)
    """
    said = sheet.structure
    if value < 0:  # under the least count, for who does know it
        return 0, said.least - 1
    return max(value - said.multiple // 2, said.least), value + (said.multiple - 1) // 2


def bounds(puzzle: Puzzle, sheets: Sequence[Sheet]) -> tuple[Floats, Floats, Flags]:
    """Give what is known of every number by itself, and which are shown somewhere."""
    lower = np.zeros(len(puzzle.names))
    upper = np.full(len(puzzle.names), np.inf)
    shown = np.zeros(len(puzzle.names), dtype=bool)
    for (number, column, row), at in puzzle.told.items():
        sheet = sheets[number]
        value = sheet.columns[column][row]
        if (column, row) in sheet.hidden or not isinstance(value, int | float):
            continue
        low, high = before_rounding(sheet, value)
        lower[at], upper[at] = max(lower[at], low), min(upper[at], high)
        shown[at] = True
    return lower, upper, shown


def simply_hidden(puzzle: Puzzle, hidden: Flags) -> int:
    """Count what a simple rule hides: all of a column of a table when one number in it is hidden.

    The rule that needs no computing, as in OpenSAFELY's ``safetab``: if one cell of a table is
    redacted, the table is.
    """
    columns = {place[:2] for place, at in puzzle.told.items() if hidden[at]}
    return len({at for place, at in puzzle.told.items() if place[:2] in columns})
