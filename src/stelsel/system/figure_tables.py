"""Read the published figures from their tables and check them.

What the columns mean is written in :mod:`stelsel.system.figures`, which gives them to the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import isfinite

import pyarrow as pa

from stelsel.system.population import counts
from stelsel.system.publications import publications
from stelsel.system.read import parts, read_entries
from stelsel.system.regions import municipality

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


def _typed(row: dict[str, str]) -> dict[str, object]:
    """Turn a row of text into typed cells, with the publication spelt out."""
    first, last = (date.fromisoformat(row[name]) for name in ("period_start", "period_end"))
    if last < first:
        raise ValueError("the period ends before it starts")
    # Only a transition told in words has no number.
    wordless = row["kind"] == "qualitative" and not row["value"]
    value = None if wordless else float(row["value"])
    if value is not None and not isfinite(value):
        raise ValueError(f"{value} is no amount")
    return row | {
        "region_code": row.get("region_code") or None,
        "series": row.get("series") or None,
        "period_start": first,
        "period_end": last,
        "value": value,
        "caveats": parts(row["caveats"]),
        **_published(row["source"]),
    }


def _published(source: str) -> dict[str, str]:
    publication = publications().get(source)
    # An unknown one is already a fault of the table.
    return {"source_title": publication.title, "source_ref": publication.ref} if publication else {}


def _read(file: str, columns: Sequence[str]) -> tuple[dict[str, object], ...]:
    refers = {"source": set(publications()), "status": set(statuses()), "caveats": set(caveats())}
    return read_entries(file, columns, _typed, refers=refers)


def _population() -> Iterator[dict[str, object]]:
    """Give the population of the municipalities as rows of the table of figures."""
    for one in counts():
        yield {
            "indicator": "population",
            "breakdown": one.ages,
            "level": "municipality",
            "region_code": one.municipality,
            "region_name": municipality(one.municipality).name,
            "period_start": one.day,
            "period_end": one.day,
            "kind": "stock",
            "value": one.persons,
            "unit": "persons",
            "status": "estimate",
            "series": None,
            "caveats": ("own-sum",),
            **_published(one.source),
        }


def _table(rows: Iterable[dict[str, object]], schema: pa.Schema) -> pa.Table:
    rows = list(rows)
    return pa.table({name: [row[name] for row in rows] for name in schema.names}, schema=schema)


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
    return _table((*_read("figures.csv", columns), *_population()), SCHEMA)


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
    kept = [SCHEMA.field(name) for name in columns[2:] if name != "value"]
    fields = [
        pa.field("from_state", pa.string(), nullable=False),
        pa.field("to_state", pa.string(), nullable=False),
        *kept,
        pa.field("value", pa.float64()),
        SCHEMA.field("source_title"),
        SCHEMA.field("source_ref"),
    ]
    return _table(_read("transitions.csv", columns), pa.schema(fields))
