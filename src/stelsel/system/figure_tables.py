"""Read the published figures from their tables and check them.

What the columns mean is written in :mod:`stelsel.system.figures`, which gives them to the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

import pyarrow as pa

from stelsel.errors import Fault, StelselError
from stelsel.system.population import counted
from stelsel.system.read import check_known, parts, read_entries
from stelsel.system.regions import municipality
from stelsel.tables import packaged, read_table

SCHEMA = pa.schema(
    [
        pa.field("indicator", pa.string(), nullable=False),
        pa.field("breakdown", pa.string(), nullable=False),
        pa.field("level", pa.string(), nullable=False),
        pa.field("region_code", pa.string()),
        pa.field("region_name", pa.string(), nullable=False),
        pa.field("period_start", pa.date32(), nullable=False),
        pa.field("period_end", pa.date32(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("value", pa.float64(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("series", pa.string()),
        pa.field("caveats", pa.list_(pa.string()), nullable=False),
        pa.field("source_title", pa.string(), nullable=False),
        pa.field("source_ref", pa.string(), nullable=False),
    ],
    metadata={"schema": "stelsel figures 1"},
)
"""Columns of the table of figures, described above."""


@dataclass(frozen=True, slots=True)
class Status:
    """How sure a figure is; of two figures for one fact the lower ``order`` is preferred."""

    id: str
    order: int
    name_nl: str
    name_en: str
    source: str


@dataclass(frozen=True, slots=True)
class Caveat:
    """What to mind when using a figure."""

    id: str
    name_nl: str
    name_en: str
    source: str


@cache
def statuses() -> dict[str, Status]:
    """Give the statuses by id, the surest first.

    Examples
    --------
    >>> list(statuses())
    ['definitive', 'unstated', 'revised-provisional', 'provisional', 'prose', 'estimate']
    """

    def make(row: dict[str, str]) -> Status:
        return Status(**row | {"order": int(row["order"])})  # type: ignore[arg-type]

    columns = ["id", "order", "name_nl", "name_en"]
    found = read_entries("figure_statuses.csv", columns, make, key=["id"])
    return {one.id: one for one in sorted(found, key=lambda one: one.order)}


@cache
def caveats() -> dict[str, Caveat]:
    """Give the caveats by id.

    Examples
    --------
    >>> caveats()["projection"].name_nl
    'Prognose'
    """
    columns = ["id", "name_nl", "name_en"]
    found = read_entries("figure_caveats.csv", columns, lambda row: Caveat(**row), key=["id"])
    return {one.id: one for one in found}


@cache
def _sources() -> dict[str, tuple[str, str]]:
    file = packaged(__package__, "figure_sources.csv")
    rows = read_table(file, ["id", "title", "ref"], key=["id"], sourced=False)
    return {row["id"]: (row["title"], row["ref"]) for row in rows}


def _check(rows: list[dict[str, str]], file: str) -> None:
    """Check what the rows refer to, their dates and numbers; all faults at once."""
    for column, known in (
        ("source", list(_sources())),
        ("status", list(statuses())),
    ):
        check_known({(row[column], row[column]) for row in rows}, known, file)
    check_known({(c, c) for row in rows for c in parts(row["caveats"])}, list(caveats()), file)
    faults = []
    for line, row in enumerate(rows, start=2):
        if row["period_start"] > row["period_end"]:
            faults.append(Fault("The period ends before it starts.", f"{file}, line {line}"))
    if faults:
        raise StelselError(faults)


def _columns(rows: list[dict[str, str]], names: Iterable[str]) -> dict[str, list[object]]:
    """Turn rows of text into typed columns, with the source spelt out."""
    made: dict[str, list[object]] = {name: [row[name] for row in rows] for name in names}
    for name in made.keys() & {"region_code", "series"}:
        made[name] = [value or None for value in made[name]]
    for name in ("period_start", "period_end"):
        made[name] = [date.fromisoformat(row[name]) for row in rows]
    made["value"] = [float(row["value"]) if row["value"] else None for row in rows]
    made["caveats"] = [parts(row["caveats"]) for row in rows]
    for place, name in enumerate(("source_title", "source_ref")):
        made[name] = [_sources()[row["source"]][place] for row in rows]
    return made


def _population_rows() -> Iterable[dict[str, str]]:
    """Give the population of the municipalities as rows of the table of figures."""
    for row in counted():
        yield {
            "indicator": "population",
            "breakdown": row["ages"],
            "level": "municipality",
            "region_code": row["municipality"],
            "region_name": municipality(row["municipality"]).name,
            "period_start": row["day"],
            "period_end": row["day"],
            "kind": "stock",
            "value": row["persons"],
            "unit": "persons",
            "status": "estimate",
            "series": "",
            "caveats": "own-sum",
            "source": row["source"],
        }


@cache
def figures() -> pa.Table:
    """Give all published figures, with the columns described above.

    Raises
    ------
    StelselError
        When the table that ships with the package is not as it should be.

    Examples
    --------
    >>> figures().num_rows > 4000
    True
    """
    columns = [name for name in SCHEMA.names if not name.startswith("source")]
    rows = read_table(packaged(__package__, "figures.csv"), columns)
    _check(rows, "figures.csv")
    rows.extend(_population_rows())
    return pa.table(_columns(rows, columns), schema=SCHEMA)


@cache
def transitions() -> pa.Table:
    """Give the published shares, counts and durations of going from one state to another.

    Columns: ``from_state``, ``to_state``, then as :func:`figures` without level and region.
    ``value`` is null where the source tells only in words (kind ``qualitative``).

    Examples
    --------
    >>> transitions().num_rows
    61
    """
    columns = [
        *("from_state", "to_state", "breakdown", "period_start", "period_end", "kind"),
        *("value", "unit", "status", "caveats"),
    ]
    rows = read_table(packaged(__package__, "transitions.csv"), columns)
    _check(rows, "transitions.csv")
    kept = [SCHEMA.field(name) for name in columns[2:] if name != "value"]
    fields = [
        pa.field("from_state", pa.string(), nullable=False),
        pa.field("to_state", pa.string(), nullable=False),
        *kept,
        pa.field("value", pa.float64()),
        SCHEMA.field("source_title"),
        SCHEMA.field("source_ref"),
    ]
    return pa.table(_columns(rows, columns), schema=pa.schema(fields))
