"""From a table whose columns say their roles to the sheet that an attacker sees."""

from __future__ import annotations

from functools import cache

import pyarrow as pa

from stelsel.disclosure.limits import limits
from stelsel.disclosure.roles import Role, roles
from stelsel.disclosure.sheets import Sheet
from stelsel.disclosure.structure import Count, Dimension, Structure
from stelsel.system.regions import memberships

START, END = "period_start", "period_end"
"""The columns with the days a row is about, where a table has them."""
HIDDEN = "protected"
PLACE = "place"
"""The tree of municipality, youth region and country."""
_BALANCED = ("waiting", "inflow", "outflow")


def structure_of(rows: pa.Table, subject: str, *, exact: bool = False) -> Structure:
    """Give what the roles of the columns say of how the numbers hang together.

    Parameters
    ----------
    rows
        A table whose columns say their role.
    subject
        What it is about.
    exact
        Whether its numbers are exact, and not rounded.

    Examples
    --------
    >>> from stelsel.disclosure import declare
    >>> schema = pa.schema([
    ...     declare(pa.field("form", pa.string()), "key"),
    ...     declare(pa.field("waiting", pa.int64()), "count", stock=True),
    ... ])
    >>> said = structure_of(schema.empty_table(), "waiting")
    >>> said.counts["waiting"].stock, said.multiple, said.least
    (True, 5, 10)
    """
    said = roles(rows.schema)
    names = set(said)
    counts = {name: _count(role) for name, role in said.items() if role.name == "count"}
    times = [name for name, role in said.items() if role.name == "key" and role.over_time]
    start, end = (START, END) if {START, END} <= names else (times or [""])[:1] * 2
    return Structure(
        subject=subject,
        dimensions={
            name: dimension(name)
            for name, role in said.items()
            if role.name == "key" and not role.over_time
        },
        counts=counts,
        start=start,
        end=end,
        sums={name: role.parts for name, role in said.items() if role.parts},
        balances=(_BALANCED,) if set(_BALANCED) <= names else (),
        at_most=tuple(
            (role.behind, name)
            for name, role in said.items()
            if role.name == "count" and role.behind and said[role.behind].once and not role.wider
        ),
        multiple=1 if exact else limits().multiple,
        least=0 if exact else limits().least_count,
    )


def _count(role: Role) -> Count:
    return Count(role.counted, not role.once, role.over_time, role.stock, role.same_over)


def dimension(name: str) -> Dimension:
    """Give what a column that names groups divides; municipalities lie in youth regions.

    Examples
    --------
    >>> dimension("municipality").tree, dimension("municipality").parents["0193"]
    ('place', 'JZ07')
    """
    if name == "municipality":
        return Dimension(PLACE, _regions())
    # No part is the whole of what is told, not an unknown part.
    return Dimension(PLACE if name == "region" else name, total="" if name == "part" else None)


@cache
def _regions() -> dict[str, str]:
    return {one.municipality: one.region for one in memberships()}


def sheet_of(rows: pa.Table, subject: str, *, release: int = 0) -> Sheet:
    """Give a table as an attacker sees it; before or after it went through the door.

    Examples
    --------
    >>> from stelsel.disclosure import declare, protect
    >>> schema = pa.schema([
    ...     declare(pa.field("form", pa.string()), "key"),
    ...     declare(pa.field("waiting", pa.int64()), "count"),
    ... ])
    >>> rows = pa.table({"form": ["02", "03"], "waiting": [4, 63]}, schema=schema)
    >>> sorted(sheet_of(protect(rows, made_up=False), "waiting").hidden)
    [('waiting', 0), ('waiting', 1)]
    """
    structure = structure_of(rows, subject)
    columns = {name: rows[name].to_pylist() for name in rows.column_names}
    hidden = {
        (name, row)
        for row, names in enumerate(columns.get(HIDDEN, ()))
        for name in names
        if name in structure.counts
    }
    return Sheet(structure, columns, hidden, release)
