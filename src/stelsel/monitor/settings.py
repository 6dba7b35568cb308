"""Numbers that a part of the monitor rests on: from a table, each marked and with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

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
    return {
        row["id"]: Setting(
            row["id"], float(row["value"]), row["unit"], **marks(row, "settings.csv")
        )
        for row in rows
    }


def marks(row: Mapping[str, str], file: str) -> dict[str, Any]:
    """Give what every row has that rests on a law, an agreement or a choice.

    Returns
    -------
    dict
        ``kind``, both names, the days between which it holds, and the source.

    Raises
    ------
    StelselError
        When the kind is none of :data:`KINDS`.

    Examples
    --------
    >>> row = {"kind": "law", "name_nl": "a", "name_en": "b", "valid_from": "2026-01-01",
    ...        "valid_to": "", "source": "c"}
    >>> marks(row, "x.csv")["valid_from"], marks(row, "x.csv")["valid_to"]
    (datetime.date(2026, 1, 1), None)
    """
    if row["kind"] not in KINDS:
        raise StelselError(
            Fault(
                f"{row['kind']} is none of: {', '.join(KINDS)}.",
                file,
                what_nl=f"{row['kind']} is geen van: {', '.join(KINDS)}.",
            )
        )
    days = {name: to_date(row[name]) for name in ("valid_from", "valid_to")}
    return {name: row[name] for name in ("kind", "name_nl", "name_en", "source")} | days
