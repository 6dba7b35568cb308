"""Own product codes in a register: kept in its folder, and read into the events it gives.

The table is that of :mod:`stelsel.system.own_codes`. Events keep the form that they were told with;
the form that an own code stands for is filled in each time the register is asked, so that another
table changes every answer, also those on days gone by.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _

from stelsel.errors import StelselError, refused
from stelsel.system.own_codes import OwnCodes, read_own_codes

FILE = "own-codes.csv"
"""The table in the folder of a register."""
_SCHEMA = pa.schema(
    [
        pa.field("town", pa.string()),
        pa.field("group", pa.string()),
        pa.field("own", pa.string()),
        pa.field("meant", pa.string()),
        pa.field("first", pa.date32()),
        pa.field("last", pa.date32()),
    ]
)


def kept_codes(folder: Path) -> OwnCodes:
    """Give the own codes that a register keeps; none where it keeps no table.

    Raises
    ------
    StelselError
        When the table is not right any more.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     kept_codes(Path(folder)).rows
    ()
    """
    file = folder / FILE
    return read_own_codes(file) if file.exists() else OwnCodes([])


def keep_codes(folder: Path, table: Path) -> OwnCodes:
    """Check a table of own codes and keep it in the folder of a register, in place of the last.

    Raises
    ------
    StelselError
        When the table is not right or cannot be written; then the last one stays.
    """
    own = read_own_codes(table)
    half = folder / f"{FILE}.new"
    try:
        half.write_bytes(table.read_bytes())
        half.replace(folder / FILE)
    except OSError as error:
        raise StelselError(
            f"The table of own codes cannot be kept: {refused(error)}.",
            where=str(folder / FILE),
            remedy="Make the folder of the register writable.",
            what_nl=f"De tabel met eigen codes kan niet worden bewaard: {refused(error, 'nl')}.",
            remedy_nl="Zorg dat u in de map van het register mag schrijven.",
        ) from error
    return own


def with_own_forms(events: ir.Table, own: OwnCodes) -> ir.Table:
    """Give events with own codes the form that these stand for, by municipality and day.

    The day is the first day that the event is about, else the day it is about. A row for the
    municipality goes before one for all; an event whose code has no row keeps its form.

    Parameters
    ----------
    events
        Table with the columns of :data:`stelsel.events.SCHEMA`.
    own
        The own codes.

    Examples
    --------
    >>> from stelsel.events import SCHEMA
    >>> with_own_forms(ibis.memtable(SCHEMA.empty_table()), OwnCodes([])).count().execute()
    0
    """
    if not own.rows:
        return events
    day = events.from_day.coalesce(events.about)
    meant = meanings(events.mutate(day=day), own, "event")
    return (
        events.left_join(meant, "event")
        .mutate(form=ibis.ifelse(_.mapped.fill_null(False), _.form_of_own, _.form))
        .select(*events.columns)
    )


def meanings(uses: ir.Table, own: OwnCodes, key: str) -> ir.Table:
    """Give the form that each use of an own code means; what has no row is left out.

    Parameters
    ----------
    uses
        Table with columns ``municipality``, ``category``, ``code``, ``day`` and the key.
    own
        The own codes.
    key
        The column that tells uses apart.

    Returns
    -------
    ir.Table
        Columns ``key``, ``form_of_own`` (null for what is no care form) and ``mapped`` (true).

    Examples
    --------
    >>> row = {"use": 1, "municipality": "0193", "category": "45", "code": "A", "day": date.min}
    >>> meanings(ibis.memtable([row]), OwnCodes([]), "use").count().execute()
    0
    """
    rows = [
        {
            "town": row.municipality,
            "group": row.category,
            "own": row.code,
            "meant": row.form,
            "first": row.valid_from or date(1, 1, 1),
            "last": row.valid_to or date(9999, 12, 31),
        }
        for row in own.rows
    ]
    table = ibis.memtable(pa.Table.from_pylist(rows, schema=_SCHEMA))
    same = (
        (uses.category == table.group)
        & (uses.code == table.own)
        & ((uses.municipality == table.town) | (table.town == ""))
        & (uses.day >= table["first"])
        & (uses.day <= table["last"])
    )
    # Of a row for all and one for the municipality the latter sorts last.
    found = uses.inner_join(table, same).group_by(key)
    return found.agg(form_of_own=_.meant.argmax(_.town), mapped=ibis.literal(True))
