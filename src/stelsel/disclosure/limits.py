"""The limits of what may leave, from a table with their sources."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

from stelsel.errors import Fault, StelselError
from stelsel.tables import packaged, read_table


@dataclass(frozen=True, slots=True)
class Limits:
    """Below which a number about people does not leave; see ``disclosure/data/limits.csv``.

    Parameters
    ----------
    least_count
        A count below this is hidden, zero too (children, waits).
    multiple
        Shown counts are rounded to the nearest multiple of this.
    least_behind
        An estimate with fewer than this many observations behind it is hidden.
    least_hidden_together
        The hidden cells of one line add up to at least this.
    least_hidden_cells
        A line with a hidden cell has at least this many.
    least_range
        At least this many whole numbers fit a hidden one, for who knows everything published.
    """

    least_count: int
    multiple: int
    least_behind: int
    least_hidden_together: int
    least_hidden_cells: int
    least_range: int


@cache
def limits() -> Limits:
    """Give the limits that ship with the package.

    Raises
    ------
    StelselError
        When the table does not name exactly the limits that are used.

    Examples
    --------
    >>> limits().least_count, limits().multiple
    (10, 5)
    """
    file = packaged("stelsel.disclosure", "limits.csv")
    rows = read_table(file, ["name", "value", "kind", "meaning"], key=["name"])
    values = {row["name"]: int(row["value"]) for row in rows}
    used = {field.name for field in fields(Limits)}
    if set(values) != used:
        raise StelselError(
            Fault(
                "The limits are not those that are used.",
                file.name,
                remedy=f"Give exactly: {', '.join(sorted(used))}.",
                what_nl="De grenzen zijn niet die worden gebruikt.",
                remedy_nl=f"Geef precies: {', '.join(sorted(used))}.",
            )
        )
    return Limits(**values)
