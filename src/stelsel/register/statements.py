"""Statements of providers in a register: a Delta table of their own, only ever added to.

A statement has two dates: the quarter that it is about, and the day on which it was made and so
became known. A later one of the same provider and period replaces an earlier one from that day on;
both stay, so that one can ask what was known on a day. Names and contact details are not kept.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable, write_deltalake

from stelsel.deliveries.statements import Line, Statement, item_of
from stelsel.errors import StelselError
from stelsel.register.store import Events
from stelsel.system.calendar import today

FOLDER = "statements"
"""Folder of the table in that of the register."""
SCHEMA = pa.schema(
    [
        pa.field("provider", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
        pa.field("known", pa.date32(), nullable=False),
        pa.field("content", pa.string(), nullable=False),
        pa.field("item", pa.string(), nullable=False),
        pa.field("form", pa.string()),
        pa.field("measure", pa.string()),
        pa.field("region", pa.string()),
        pa.field("number", pa.decimal128(16, 2)),
        pa.field("text", pa.string()),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
    ],
    metadata={"schema": "stelsel statements 1"},
)
"""Columns of the table, a row a value.

=========  ==================================================================================
provider   AGB code
period     ``2024-Q3`` or ``2024``
known      day on which the statement was made
content    digest of what is kept of the statement, to tell the same from another
item       what is told: an id of :func:`stelsel.deliveries.statements.items`
form       care form, type of measure and youth region that it is about; null where it is about
measure    none
region
number     value of an item that is a number
text       value of another item: a day, ``yes`` or ``no``, a number in the trade register
unit       unit of the number; empty where it has none
source     ``register`` or ``provider``
=========  ==================================================================================
"""


def keep_statement(folder: Path, statement: Statement) -> bool:
    """Add a statement to those that a register keeps, in one commit.

    Parameters
    ----------
    folder
        Folder of the register.
    statement
        A statement without open lines.

    Returns
    -------
    bool
        False where it was there already; then nothing changes.

    Raises
    ------
    StelselError
        When a line is open, when it is not dated or dated after today, or when another statement
        of the same provider, period and day is there.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> told = Statement("00000001", "2024-Q3", (
    ...     Line("dated", value="2024-10-15", source="provider"),
    ...     Line("result", value=Decimal("-12.5"), unit="eur", source="provider")))
    >>> with TemporaryDirectory() as folder:
    ...     first = keep_statement(Path(folder), told)
    ...     again = keep_statement(Path(folder), told)
    ...     [kept] = kept_statements(Path(folder))
    >>> first, again, kept == told
    (True, False, True)
    """
    known = _day_of(statement)
    rows = _rows_of(statement, known)
    with Events(folder).adding():
        before = _table(folder)
        same = (
            (pc.field("provider") == statement.provider)
            & (pc.field("period") == statement.period)
            & (pc.field("known") == pa.scalar(known, pa.date32()))
        )
        told = set(before.filter(same)["content"].to_pylist())
        if told == {rows[0]["content"]}:
            return False
        if told:
            raise StelselError(
                "There is another statement of this provider, period and day.",
                where=f"{statement.provider}, {statement.period}",
                rule="a later statement replaces an earlier one from its day on",
                remedy="Date the new statement on the day on which it was made.",
                what_nl="Er is een andere opgave van deze aanbieder, periode en dag.",
                rule_nl="een latere opgave vervangt een eerdere vanaf haar dag",
                remedy_nl="Dateer de nieuwe opgave op de dag waarop ze is gemaakt.",
            )
        table = pa.Table.from_pylist(rows, schema=SCHEMA)
        write_deltalake(str(folder / FOLDER), table, mode="append")
    return True


def statement_rows(folder: Path, known_on: date | None = None) -> pa.Table:
    """Give what the latest statement of each provider and period tells, a row a value.

    Parameters
    ----------
    folder
        Folder of the register.
    known_on
        As known on this day; without it all that is known.

    Returns
    -------
    pa.Table
        Columns of :data:`SCHEMA`, ordered by provider, period and the columns after ``content``;
        empty where the register keeps no statements.
    """
    rows = _table(folder)
    if known_on is not None:
        rows = rows.filter(pc.field("known") <= pa.scalar(known_on, pa.date32()))
    latest = rows.group_by(["provider", "period"]).aggregate([("known", "max")])
    holds = latest.rename_columns({"known_max": "known"})
    found = rows.join(holds, ["provider", "period", "known"], join_type="inner")
    about = ("provider", "period", "item", "form", "measure", "region", "unit", "text")
    return found.select(SCHEMA.names).sort_by([(name, "ascending") for name in about]).cast(SCHEMA)


def kept_statements(folder: Path, known_on: date | None = None) -> tuple[Statement, ...]:
    """Give the latest statement of each provider and period, as far as it is kept.

    Parameters
    ----------
    folder
        Folder of the register.
    known_on
        As known on this day; without it all that is known.

    Returns
    -------
    tuple of Statement
        By provider and period; without names and contact details.
    """
    lines: dict[tuple[str, str], list[Line]] = {}
    for row in statement_rows(folder, known_on).to_pylist():
        value = row["text"] if row["number"] is None else _shortest(row["number"])
        line = Line(
            row["item"],
            row["form"],
            row["measure"],
            row["region"],
            value,
            row["unit"],
            row["source"],
        )
        lines.setdefault((row["provider"], row["period"]), []).append(line)
    return tuple(
        Statement(provider, period, tuple(told))
        for (provider, period), told in sorted(lines.items())
    )


def _day_of(statement: Statement) -> date:
    """Give the day on which a statement became known, if it can be kept at all."""
    known, where = statement.dated, f"{statement.provider}, {statement.period}"
    if known is None or statement.open:
        raise StelselError(
            "The statement is not whole: lines are open, or it has no date.",
            where=where,
            remedy="Fill in what is open and give the day on which it was made.",
            what_nl="De opgave is niet af: er staan regels open, of de datum ontbreekt.",
            remedy_nl="Vul in wat openstaat en geef de dag waarop ze is gemaakt.",
        )
    if known > today():
        raise StelselError(
            "The statement is dated after today.",
            where=where,
            remedy="Give the day on which it was made.",
            what_nl="De opgave is gedateerd na vandaag.",
            remedy_nl="Geef de dag waarop ze is gemaakt.",
        )
    return known


def _rows_of(statement: Statement, known: date) -> list[dict[str, Any]]:
    """Give the rows that are kept of a statement; what may name a person is not."""
    rows: list[dict[str, Any]] = []
    for line in statement.lines:
        item, value = item_of(line.item), line.value
        if item is None or item.kept == "no" or value is None:
            continue
        is_number = isinstance(value, Decimal)
        text = None if is_number else str(value)
        rows.append(
            {
                "provider": statement.provider,
                "period": statement.period,
                "known": known,
                "item": line.item,
                "form": line.form,
                "measure": line.measure,
                "region": line.region,
                "number": value.quantize(Decimal("0.01")) if isinstance(value, Decimal) else None,
                "text": text.partition(" ")[0] if text and item.kept == "number" else text,
                "unit": line.unit,
                "source": line.source,
            }
        )
    content = hashlib.sha256(json.dumps(rows, default=str).encode()).hexdigest()
    return [row | {"content": content} for row in rows]


def _shortest(number: Decimal) -> Decimal:
    """Give a number as a statement tells it: no more digits than it needs."""
    return Decimal(format(number.normalize(), "f")) if number else Decimal(0)


def _table(folder: Path) -> pa.Table:
    """Give all rows that were ever kept."""
    place = str(folder / FOLDER)
    if not DeltaTable.is_deltatable(place):
        return SCHEMA.empty_table()
    return pa.table(DeltaTable(place).to_pyarrow_table()).select(SCHEMA.names).cast(SCHEMA)
