"""Numbers that a part of the monitor rests on: from a table, each marked and with its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stelsel.errors import Fault, StelselError
from stelsel.tables import packaged, read_table, to_date

KINDS = ("law", "agreement", "own choice")
"""What a number rests on: a law, what parties or a published method agree on, or a choice of us."""
_COLUMNS = ("id", "value", "unit", "kind", "name_nl", "name_en", "valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class Setting:
    """One number; ``kind`` is one of :data:`KINDS`, the days are inclusive, None unbounded."""

    id: str
    value: float
    unit: str
    kind: str
    name_nl: str
    name_en: str
    valid_from: date | None
    valid_to: date | None
    source: str


def read_settings(package: str) -> dict[str, Setting]:
    """Read ``data/settings.csv`` of a package: its numbers by id.

    Raises
    ------
    StelselError
        When the table is not as it should be, or a number is marked as none of :data:`KINDS`.

    Examples
    --------
    >>> read_settings("stelsel.monitor.supervision")["least-moments"].value
    4.0
    """
    rows = read_table(packaged(package, "settings.csv"), _COLUMNS, key=["id"])
    unmarked = [
        Fault(
            f"{row['id']} is not marked as one of: {', '.join(KINDS)}.",
            "settings.csv",
            what_nl=f"{row['id']} is niet gemerkt als een van: {', '.join(KINDS)}.",
        )
        for row in rows
        if row["kind"] not in KINDS
    ]
    if unmarked:
        raise StelselError(unmarked)
    return {
        row["id"]: Setting(
            row["id"],
            float(row["value"]),
            row["unit"],
            row["kind"],
            row["name_nl"],
            row["name_en"],
            to_date(row["valid_from"]),
            to_date(row["valid_to"]),
            row["source"],
        )
        for row in rows
    }
