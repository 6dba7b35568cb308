"""The spell: the one noun that real files and the twin share.

A child is at a *station* (a waiting list, a form of care) from a day until a day, or is still
there, and leaves in a known way. Every indicator is a function of a table of spells, so it runs on
the real and on the simulated alike.

Conventions
-----------
``start`` is the first day at the station; ``end`` is the first day *no longer* there, so
``end - start`` is the length in days and the spell covers ``start <= day < end``. ``end`` is null
while the child is still there, and exactly then ``exit`` is null. A wait may have ``end < start``:
help that began before it was allocated. That is a fact about the paperwork and is kept.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from stelsel.errors import Fault, StelselError

SCHEMA = pa.schema(
    [
        pa.field("child", pa.string(), nullable=False),
        pa.field("episode", pa.string(), nullable=False),
        pa.field("station", pa.string(), nullable=False),
        pa.field("form", pa.string()),
        pa.field("start", pa.date32(), nullable=False),
        pa.field("end", pa.date32()),
        pa.field("exit", pa.string()),
        pa.field("region", pa.string()),
        pa.field("municipality", pa.string()),
        pa.field("provider", pa.string()),
        pa.field("referrer", pa.string()),
        pa.field("priority", pa.string()),
        pa.field("known", pa.date32(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
    ],
    metadata={"schema": "stelsel spells 1"},
)
"""Columns of a table of spells.

=============  ==========================================================================
child          pseudonym, never a BSN or a name
episode        bundles what belongs together: the wait and the care that followed, renewals, a
               measure that went to another institution
station        id in ``system/data/stations.csv``, such as ``wait-ambulatory``
form           CBS code of the care form (``01`` to ``14``)
start, end     see the conventions above
exit           how it ended: id in ``system/data/exits.csv``
region         youth region on the first day, such as ``JZ07``
municipality   responsible municipality, four digits; null where not known
provider       AGB code, eight digits; of steps the code of the organisation
referrer       ``01`` to ``08``, null where the messages do not tell
priority       ``crisis``, ``protection``, ``complex``, ``regular``; null where not known
known          day on which the last part of this row became known
source         ``ijw``, ``cbs``, ``process`` or ``twin``
=============  ==========================================================================
"""

WAIT = "wait-"
CARE = "care-"


def check(spells: pa.Table) -> pa.Table:
    """Give the table with exactly the columns of :data:`SCHEMA`, or say all that is wrong with it.

    Raises
    ------
    StelselError
        When a column is missing, has another type, is empty where it may not be, or when a row
        has an end without an exit or an exit without an end.

    Examples
    --------
    >>> check(SCHEMA.empty_table()).num_rows
    0
    """
    faults = [
        Fault(
            f"Column {field.name} is missing.",
            "spells",
            "stelsel spells 1",
            what_nl=f"Kolom {field.name} ontbreekt.",
        )
        for field in SCHEMA
        if field.name not in spells.column_names
    ]
    if faults:
        raise StelselError(faults)
    try:
        table = spells.select(SCHEMA.names).cast(SCHEMA)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
        raise StelselError(
            f"A column does not have its type: {error}.",
            where="spells",
            rule="stelsel spells 1",
            what_nl=f"Een kolom heeft niet haar type: {error}.",
        ) from error
    for field in SCHEMA:
        if not field.nullable and table[field.name].null_count:
            faults.append(
                Fault(
                    f"Column {field.name} has empty cells.",
                    "spells",
                    what_nl=f"Kolom {field.name} heeft lege cellen.",
                )
            )
    half = pc.sum(pc.xor(pc.is_null(table["end"]), pc.is_null(table["exit"]))).as_py() or 0
    if half:
        faults.append(
            Fault(
                f"{half} rows have an end without an exit or the reverse.",
                "spells",
                what_nl=f"Rijen met een einde zonder afloop of andersom: {half}.",
            )
        )
    if faults:
        raise StelselError(faults)
    return table
