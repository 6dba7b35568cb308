"""The fields of the rows that the monitor gives: name, unit, words, definition and source of each.

``monitor/data/fields.csv`` is the one list: the Arrow schema of the rows, the units that the
command prints, the file that goes beside a saved table and the reference page all come from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast, get_args

import pyarrow as pa

from stelsel.disclosure import RoleName, declare
from stelsel.errors import Fault, StelselError
from stelsel.tables import packaged, read_table

Kind = Literal["by", "name", "day", "count", "estimate", "note"]

_ROLES: dict[Kind, RoleName] = {
    "by": "key",
    "name": "label",
    "day": "label",
    "count": "count",
    "estimate": "estimate",
    "note": "label",
}

_TYPES = {
    "code": pa.string(),
    "text": pa.string(),
    "month": pa.string(),
    "date": pa.date32(),
    "yes or no": pa.bool_(),
    "field names": pa.list_(pa.string()),
}
"""The types of what is no number, by unit."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row.

    Parameters
    ----------
    name
        Name in tables and JSON; stable.
    kind
        ``by`` (names the group), ``name`` (the words for its code), ``day`` (the days it is about),
        ``count``, ``estimate``, or ``note`` (what is said about the row when it leaves).
    unit, unit_nl
        What it is counted in.
    label_nl, label_en
        Heading of a column.
    definition_nl, definition_en
        What it is, in a sentence or two.
    behind
        Of an estimate: the count that says how many waits or children it rests on; of a count of
        waits or care: the count of their children (for disclosure control).
    parts
        Of a count that is a sum: the counts it is the sum of (for disclosure control).
    over_time
        Of a count: whether it adds up over time, as a flow does and a stock does not; of what
        names the group: whether it is a time (for disclosure control).
    stock, once
        Of a count: whether it is of the last day of the period, and whether each child counts once
        in every total, so that groups do not add up (for disclosure control).
    whole
        Whether the values are whole numbers.
    source
        Where the definition comes from.
    """

    name: str
    kind: Kind
    unit: str
    unit_nl: str
    label_nl: str
    label_en: str
    definition_nl: str
    definition_en: str
    behind: str
    parts: tuple[str, ...]
    over_time: bool
    stock: bool
    once: bool
    whole: bool
    source: str

    def arrow(self) -> pa.Field:
        """Give the Arrow field, with unit and role in its metadata.

        Examples
        --------
        >>> field("waiting").arrow().type
        DataType(int64)
        """
        kind = _TYPES.get(self.unit, pa.int64() if self.whole else pa.float64())
        plain = pa.field(self.name, kind, metadata={"unit": self.unit})
        return declare(
            plain,
            _ROLES[self.kind],
            behind=self.behind,
            parts=self.parts,
            over_time=self.over_time,
            stock=self.stock,
            once=self.once,
        )


_COLUMNS = (
    "name",
    "kind",
    "unit",
    "label_nl",
    "label_en",
    "definition_nl",
    "definition_en",
    "behind",
    "parts",
    "over_time",
    "stock",
    "once",
    "whole",
)


@cache
def _read() -> tuple[Field, ...]:
    """Read the table of fields, and check that it names only what there is."""
    package = "stelsel.monitor"
    file = packaged(package, "fields.csv")
    units_file = packaged(package, "units.csv")
    dutch = {
        row["unit"]: row["unit_nl"]
        for row in read_table(units_file, ["unit", "unit_nl"], key=["unit"], sourced=False)
    }
    rows = read_table(file, _COLUMNS, key=["name"])
    counts = {row["name"] for row in rows if row["kind"] == "count"}
    faults = []
    for line, row in enumerate(rows, start=2):
        where, where_nl = f"{file.name}, line {line}", f"{file.name}, regel {line}"
        if row["kind"] not in get_args(Kind):
            faults.append(
                Fault(
                    f"There is no kind {row['kind']}.",
                    where,
                    what_nl=f"Er is geen soort {row['kind']}.",
                    where_nl=where_nl,
                )
            )
        if row["unit"] not in dutch:
            faults.append(
                Fault(
                    f"The unit {row['unit']} is not in {units_file.name}.",
                    where,
                    what_nl=f"De eenheid {row['unit']} staat niet in {units_file.name}.",
                    where_nl=where_nl,
                )
            )
        faults += [
            Fault(
                f"There is no count {name}.",
                where,
                what_nl=f"Er is geen aantal {name}.",
                where_nl=where_nl,
            )
            for name in (row["behind"], *row["parts"].split())
            if name and name not in counts
        ]
    if faults:
        raise StelselError(faults)
    return tuple(
        Field(
            name=row["name"],
            kind=cast(Kind, row["kind"]),
            unit=row["unit"],
            unit_nl=dutch[row["unit"]],
            label_nl=row["label_nl"],
            label_en=row["label_en"],
            definition_nl=row["definition_nl"],
            definition_en=row["definition_en"],
            behind=row["behind"],
            parts=tuple(row["parts"].split()),
            over_time=row["over_time"] == "yes",
            stock=row["stock"] == "yes",
            once=row["once"] == "yes",
            whole=row["whole"] == "yes",
            source=row["source"],
        )
        for row in rows
    )


FIELDS: tuple[Field, ...] = _read()
"""Every field that a row can have, in order."""

BY: tuple[str, ...] = tuple(one.name for one in FIELDS if one.kind == "by")
"""What rows can be grouped by."""

_NAMED = {one.name: one for one in FIELDS}


def field(name: str) -> Field:
    """Give the field of a name.

    Raises
    ------
    KeyError
        When there is no such field.

    Examples
    --------
    >>> field("median_days").unit
    'days'
    """
    return _NAMED[name]


def units() -> dict[str, str]:
    """Give the unit of every number in a row, by field name.

    Examples
    --------
    >>> units()["waiting"], units()["p80_days"]
    ('waits', 'days')
    """
    return {one.name: one.unit for one in FIELDS if one.kind in ("count", "estimate")}


def schema(by: Sequence[str]) -> pa.Schema:
    """Give the Arrow schema of the rows that the monitor computes, with units and roles.

    Names and notes come beside them in :func:`stelsel.monitor.for_readers`.

    Examples
    --------
    >>> schema(["form"]).names[:4]
    ['form', 'as_of', 'period_start', 'period_end']
    """
    keys = [_NAMED[name].arrow() for name in by]
    computed = ("day", "count", "estimate")
    return pa.schema([*keys, *(one.arrow() for one in FIELDS if one.kind in computed)])
