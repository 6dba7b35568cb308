"""What a section of the page is made of: tables, drawings with their words, legends.

All text in them is ready to read, in one language; the templates only set it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Column:
    """Heading of a column; numbers stand right; ``group`` heads the columns next to each other."""

    heading: str
    number: bool = True
    group: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Text of a cell, what is written smaller beside it, and the length of a bar from 0 to 1."""

    text: str
    beside: str = ""
    bar: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row names it; the last ``totals`` rows are totals."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    totals: int = 0

    @property
    def groups(self) -> list[tuple[str, int]]:
        """The headings above headings, each with the number of columns under it.

        Examples
        --------
        >>> Table("", [Column("a"), Column("b", group="g"), Column("c", group="g")], []).groups
        [('', 1), ('g', 2)]
        """
        found: list[tuple[str, int]] = []
        for column in self.columns:
            if found and column.group and found[-1][0] == column.group:
                found[-1] = (column.group, found[-1][1] + 1)
            else:
                found.append((column.group, 1))
        return found if any(name for name, _ in found) else []


@dataclass(frozen=True, slots=True)
class Key:
    """A sign of the legend: its colour, what it means, and how it is drawn.

    ``kind`` is ``dot``, ``diamond``, ``square``, ``triangle``, ``cross``, ``line``, ``band`` or
    ``hatch``, whose lines rise or fall.
    """

    colour: str
    text: str
    kind: str
    rising: bool = True


@dataclass(frozen=True, slots=True)
class Panel:
    """A drawing, with its own heading where there are many; ``narrow`` is for a narrow screen."""

    svg: Markup
    narrow: Markup | None = None
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with what belongs to it.

    Parameters
    ----------
    name
        Its id in the page, within its language.
    title
        What it shows: a finding.
    question
        The question that it answers.
    panels
        The drawings.
    table
        The same numbers.
    foot
        Unit, source, caveats.
    legend
        The signs.
    """

    name: str
    title: str
    question: str
    panels: Sequence[Panel]
    table: Table
    foot: Sequence[str]
    legend: Sequence[Key] = ()
