"""Make a statement of what a register knows, and fill in what only the provider knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from stelsel import spells as spell_table
from stelsel.deliveries.periods import Period
from stelsel.deliveries.statements.items import Item, item_of, items
from stelsel.deliveries.statements.periods import period
from stelsel.deliveries.statements.statement import (
    FROM_PROVIDER,
    FROM_REGISTER,
    STILL_OPEN,
    Line,
    Statement,
    Value,
)
from stelsel.deliveries.statements.values import plain
from stelsel.errors import StelselError

_COUNTS = {"started": "care_started", "ended": "care_ended", "in-care": "in_care_children"}
"""Items of production by the field of the monitor that tells them."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a register tells of the help of one provider, or of its measures.

    Parameters
    ----------
    flows
        What ``stelsel.monitor.waiting`` gives by form and region for the period: who waits and is
        in care on its last day, what began and ended in it.
    estimates
        The same on its last day over a longer time, for the waiting time: a quarter has too few
        waits.
    days
        What :func:`care_days` gives.
    """

    flows: pa.Table
    estimates: pa.Table
    days: pa.Table


@dataclass(frozen=True, slots=True)
class FromRegister:
    """A statement as far as a register knows it.

    Parameters
    ----------
    statement
        The statement; what it does not know is open.
    left_out
        How many sums were left out: their youth region, or their form and measure, is not known.
    """

    statement: Statement
    left_out: int


def care_days(spells: pa.Table, days: Period) -> pa.Table:
    """Count the days of care in a period, per form and region.

    Parameters
    ----------
    spells
        Columns of :data:`stelsel.spells.SCHEMA`. A spell covers its first day and not its end; one
        without end runs on.
    days
        The period.

    Returns
    -------
    pa.Table
        Columns ``form``, ``region`` and ``days``, a row a form and region with care in the period.

    Examples
    --------
    >>> spell = {"child": "a", "episode": "a1", "station": "care-ambulatory", "form": "02",
    ...          "start": date(2024, 9, 29), "region": "JZ07", "known": date(2024, 10, 1),
    ...          "source": "ijw"}
    >>> table = pa.Table.from_pylist([spell], schema=spell_table.SCHEMA)
    >>> care_days(table, period("2024-Q3")).to_pylist()
    [{'form': '02', 'region': 'JZ07', 'days': 2}]
    """
    after = days.last + timedelta(days=1)
    sums: dict[tuple[str | None, str | None], int] = {}
    for row in spells.select(["station", "form", "region", "start", "end"]).to_pylist():
        first, end = max(row["start"], days.first), min(row["end"] or after, after)
        if row["station"].startswith(spell_table.CARE) and end > first:
            key = (row["form"], row["region"])
            sums[key] = sums.get(key, 0) + (end - first).days
    rows = [{"form": key[0], "region": key[1], "days": sums[key]} for key in sorted(sums, key=str)]
    schema = pa.schema([("form", pa.string()), ("region", pa.string()), ("days", pa.int64())])
    return pa.Table.from_pylist(rows, schema=schema)


def from_register(
    provider: str, name: str, day: date, help_: Known, measures: Known, claimed: pa.Table
) -> FromRegister:
    """Make the quarterly statement of a provider, as far as a register knows it.

    Parameters
    ----------
    provider
        AGB code; all tables are about this provider alone.
    name
        The quarter, such as ``2024-Q3``.
    day
        The day on which the statement is made.
    help_, measures
        What is known of forms of help and of measures; of measures the type stands in the column
        ``form``.
    claimed
        What ``stelsel.register.allocations.claimed_in`` gives.

    Returns
    -------
    FromRegister
        Every item that the law asks is in it; what the register does not know is open.

    Raises
    ------
    StelselError
        When the name is that of no quarter.
    """
    days = period(name)
    if days.rhythm != "quarter":
        raise StelselError(
            "A register knows nothing of the budget of a year.",
            where="period",
            remedy="Name a quarter, such as 2026-Q1.",
            what_nl="Een register weet niets van de begroting van een jaar.",
            remedy_nl="Noem een kwartaal, zoals 2026-Q1.",
        )
    told = [*_care("form", help_), *_care("measure", measures), *_claims(claimed)]
    kept = [line for line in told if _is_placed(line)]
    dated = Line("dated", value=day.isoformat(), source=FROM_PROVIDER)
    lines = [dated, *kept]
    there = {line.item for line in lines}
    lines += [
        Line(item.id, unit=item.unit)
        for item in items()
        if item.required and item.belongs_to(days.rhythm) and item.id not in there
    ]
    return FromRegister(Statement(provider, name, tuple(lines)), len(told) - len(kept))


def fill_in(statement: Statement, others: Statement) -> Statement:
    """Put what the provider tells into a statement; it goes before what the register told.

    Parameters
    ----------
    statement
        A statement, with open lines.
    others
        What the provider tells, of the same provider and period; its open lines say nothing.

    Raises
    ------
    StelselError
        When it is about another provider or period.

    Examples
    --------
    >>> half = Statement("00000001", "2024-Q3", (Line("result", unit="eur"),))
    >>> own = Line("result", value=Decimal(5), unit="eur", source="provider")
    >>> fill_in(half, Statement("00000001", "2024-Q3", (own,))).open
    ()
    """
    if (statement.provider, statement.period) != (others.provider, others.period):
        raise StelselError(
            "The file is about another provider or period.",
            where=f"{others.provider}, {others.period}",
            rule=f"asked for {statement.provider}, {statement.period}",
            remedy="Give the file of this provider and period.",
            what_nl="Het bestand gaat over een andere aanbieder of periode.",
            rule_nl=f"gevraagd: {statement.provider}, {statement.period}",
            remedy_nl="Geef het bestand van deze aanbieder en periode.",
        )
    filled = [line for line in others.lines if line.value is not None]
    by_key = {line.key: line for line in statement.lines}
    by_key |= {line.key: line for line in filled}
    return Statement(statement.provider, statement.period, tuple(by_key.values()))


# --- lines of tables -----------------------------------------------------------------------------


def _line(item: str, value: Value, what: str, of: str | None, region: str | None) -> Line:
    known: Item | None = item_of(item)
    about = {what: of} if of is not None else {}
    return Line(
        item,
        **about,
        region=region,
        value=value,
        unit=known.unit if known is not None else "",
        source=STILL_OPEN if value is None else FROM_REGISTER,
    )


def _care(what: str, known: Known) -> Iterator[Line]:
    """Give the lines about waiting and care, split by ``form`` or ``measure``."""
    waits = {(row["form"], row["region"]): row["median_days"] for row in _rows(known.estimates)}
    offered: dict[str, None] = {}
    for row in _rows(known.flows):
        about = (row["form"], row["region"])
        if not any(row[name] for name in ("waiting", "in_care", "care_started", "inflow")):
            # Only what ended: that it ended counts, and it is not offered any more for all we know.
            if row["care_ended"]:
                yield _line("ended", Decimal(row["care_ended"]), what, *about)
            continue
        if row["form"] is not None:
            offered[row["form"]] = None
        yield _line(f"waiting-{what}", Decimal(row["waiting_children"]), what, *about)
        yield _line(f"wait-{what}", _number(waits.get(about)), what, *about)
        for item, field in _COUNTS.items():
            yield _line(item, Decimal(row[field]), what, *about)
    for of in offered:
        yield _line(f"offered-{what}", "yes", what, of, None)
    for row in _rows(known.days):
        yield _line("care-days", Decimal(row["days"]), what, row["form"], row["region"])


def _claims(claimed: pa.Table) -> Iterator[Line]:
    """Give the lines about what was claimed: the amount, and the volume in each unit."""
    amounts: dict[tuple[str, str | None, str | None], int] = {}
    for row in _rows(claimed):
        what, of = ("form", row["form"]) if row["measure"] is None else ("measure", row["measure"])
        key = (what, of, row["region"])
        amounts[key] = amounts.get(key, 0) + row["amount"]
        about = {what: of, "region": row["region"]}
        volume = Decimal(row["volume"])
        yield Line("claimed-volume", **about, value=volume, unit=row["unit"], source=FROM_REGISTER)
    for (what, of, region), cents in amounts.items():
        yield _line("claimed-amount", plain(Decimal(cents) / 100), what, of, region)


def _rows(table: pa.Table) -> Iterable[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _number(value: float | None) -> Decimal | None:
    return None if value is None else plain(Decimal(str(value)))


def _is_placed(line: Line) -> bool:
    """Whether a line has the region, and the form or measure, that its item is split by."""
    item = item_of(line.item)
    if item is None:
        return False
    return bool(line.form or line.measure) and (line.region is not None or not item.region)
