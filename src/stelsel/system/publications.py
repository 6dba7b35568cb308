"""Where the published figures were published."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stelsel.tables import packaged, read_table


@dataclass(frozen=True, slots=True)
class Publication:
    """A table, report or article that figures were taken from; ``ref`` is its address."""

    id: str
    title: str
    ref: str


@cache
def publications() -> dict[str, Publication]:
    """Give the publications by id.

    Examples
    --------
    >>> publications()["F001"].id
    'F001'
    """
    file = packaged(__package__, "figure_sources.csv")
    rows = read_table(file, ["id", "title", "ref"], key=["id"], sourced=False)
    return {row["id"]: Publication(**row) for row in rows}
