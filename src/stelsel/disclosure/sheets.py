"""A published table as an attacker holds it: its numbers, its hidden ones, and its structure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from stelsel.disclosure.structure import TOTAL, Structure

UNKNOWN = "?"
"""The code of a group that is not known."""
Period = tuple[date, date]
NO_TIME: Period = (date.min, date.min)
"""The time of a table that does not say what days it is about."""
Coordinates = tuple[tuple[str, str], ...]
"""Tree and code of every dimension in which a number is not of the whole."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table, column by column.

    Parameters
    ----------
    structure
        How its numbers hang together.
    columns
        Its columns by name: codes, days and numbers; None where there is no value.
    hidden
        The cells (column, row) whose number is hidden.
    release
        Which publication it is of; a later one has a higher number.

    Examples
    --------
    >>> from stelsel.disclosure.structure import Count, Dimension
    >>> said = Structure("w", {"form": Dimension("form")}, {"waiting": Count()}, multiple=5)
    >>> one = Sheet(said, {"form": ["02", "03"], "waiting": [65, None]}, {("waiting", 1)})
    >>> one.rows, one.places("waiting")[0]
    (2, (('form', '02'),))
    """

    structure: Structure
    columns: Mapping[str, Sequence[object]]
    hidden: frozenset[tuple[str, int]] | set[tuple[str, int]] = field(default_factory=frozenset)
    release: int = 0

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return max(map(len, self.columns.values()), default=0)

    def places(self, count: str) -> list[Coordinates]:
        """Give for every row where in the dimensions its number of this column stands."""
        said = self.structure
        skip = said.counts[count].same_over if count in said.counts else ()
        found: list[dict[str, str]] = [{} for _ in range(self.rows)]
        for name, one in said.dimensions.items():
            if name in skip or name not in self.columns:
                continue
            for place, code in zip(found, self.columns[name], strict=True):
                text = UNKNOWN if code is None else str(code)
                if text in (one.total, TOTAL):
                    continue
                # Of two levels of one tree the lower says more.
                before = place.get(one.tree)
                if before is None or one.parents.get(text) == before:
                    place[one.tree] = text
        return [tuple(sorted(place.items())) for place in found]

    def times(self) -> list[Period]:
        """Give for every row the days it is about."""
        said = self.structure
        if not said.end:
            return [NO_TIME] * self.rows
        ends = self.columns[said.end]
        starts = self.columns[said.start] if said.start else ends
        return [
            (_day(first, last=False), _day(last, last=True))
            for first, last in zip(starts, ends, strict=True)
        ]


def _day(value: object, *, last: bool) -> date:
    """Read a day; of a month (2026-03) or a year its first or last day.

    Examples
    --------
    >>> _day("2026-02", last=True), _day("2026", last=False)
    (datetime.date(2026, 2, 28), datetime.date(2026, 1, 1))
    """
    if isinstance(value, date):
        return value
    text = str(value)
    if len(text) == 4:
        text += "-12" if last else "-01"
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:])
        return date(year, month, monthrange(year, month)[1] if last else 1)
    return date.fromisoformat(text)
