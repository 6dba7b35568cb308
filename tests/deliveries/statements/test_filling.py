"""Filling in: what the provider tells goes first, and nothing that the register told is lost."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings

from stelsel.deliveries.statements import (
    Known,
    Line,
    Statement,
    care_days,
    extract,
    fill_in,
    from_register,
    period,
    read_statement,
)
from stelsel.errors import StelselError
from stelsel.monitor import waiting
from stelsel.register import Register
from stelsel.register.allocations import CLAIMED
from stelsel.spells import SCHEMA
from tests.deliveries.statements.test_reading import a_statement

QUARTER = period("2024-Q3")


@settings(max_examples=40)
@given(a_statement(), a_statement())
def test_filling_in(first: Statement, other: Statement) -> None:
    if first.period != other.period:
        with pytest.raises(StelselError):
            fill_in(first, other)
        return
    filled = fill_in(first, other)
    values = {line.key: line for line in filled.lines}
    for line in other.lines:
        if line.value is not None:
            assert values[line.key] == line
    told = {line.key for line in other.lines if line.value is not None}
    assert all(values[line.key] == line for line in first.lines if line.key not in told)
    assert len(values) == len(filled.lines)
    assert set(values) == told | {line.key for line in first.lines}
    assert fill_in(filled, other) == filled


def spell(child: str, start: date, end: date | None, **others: str | None) -> dict[str, object]:
    row = dict.fromkeys(SCHEMA.names) | {
        "child": child,
        "episode": child,
        "station": "care-ambulatory",
        "form": "02",
        "start": start,
        "end": end,
        "exit": None if end is None else "planned",
        "region": "JZ07",
        "provider": "00000001",
        "known": start,
        "source": "ijw",
    }
    return row | others


def known(rows: list[dict[str, object]]) -> Known:
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    by = ("form", "region")
    flows = waiting(table, QUARTER.last, by, QUARTER.days)
    return Known(flows, waiting(table, QUARTER.last, by), care_days(table, QUARTER))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2024, 6, 1), date(2024, 7, 1), 0),
        (date(2024, 6, 1), date(2024, 7, 2), 1),
        (date(2024, 9, 30), None, 1),
        (date(2024, 10, 1), None, 0),
        (date(2024, 1, 1), None, 92),
        (date(2024, 7, 1), date(2024, 10, 1), 92),
    ],
)
def test_days_of_care_at_the_edges(start: date, end: date | None, days: int) -> None:
    table = pa.Table.from_pylist([spell("a", start, end)], schema=SCHEMA)
    assert sum(care_days(table, QUARTER)["days"].to_pylist()) == days


def test_what_has_no_region_is_left_out_and_counted() -> None:
    rows = [
        spell("a", date(2024, 8, 1), None),
        spell("b", date(2024, 8, 1), None, region=None),
    ]
    one = {"provider": "00000001", "form": None, "measure": None, "region": "JZ07"}
    claims = [one | {"unit": "hours", "volume": 3, "amount": 300}]
    claimed = pa.Table.from_pylist(claims, schema=CLAIMED)
    day = date(2024, 10, 9)
    made = from_register("00000001", "2024-Q3", day, known(rows), known([]), claimed)
    # Of b: number waiting, waiting time, started, ended, in care and days; and both of the claim.
    assert made.left_out == 8
    assert made.statement.value("in-care", "02", None, "JZ07") == Decimal(1)
    assert made.statement.value("offered-form", "02") == "yes"
    with pytest.raises(StelselError, match="budget"):
        from_register("00000001", "2024", day, known([]), known([]), CLAIMED.empty_table())


def test_only_what_ended_is_not_offered() -> None:
    rows = [spell("a", date(2024, 1, 1), date(2024, 7, 3))]
    made = from_register(
        *("00000001", "2024-Q3", date(2024, 10, 9)),
        *(known(rows), known([]), CLAIMED.empty_table()),
    )
    told = {line.item for line in made.statement.lines if line.source == "register"}
    assert told == {"ended", "care-days"}


def test_an_extract_needs_its_columns() -> None:
    with pytest.raises(StelselError, match="Columns are missing"):
        extract(pa.table({"child": ["a"]}), str.upper)


def test_a_spreadsheet_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    file = tmp_path / "nza-quarter.xlsx"
    file.write_bytes(packed.getvalue())
    assert [one.rule for one in read_statement(file).findings] == ["statement.too-large"]


def test_an_ingest_takes_a_whole_statement_in(tmp_path: Path) -> None:
    from stelsel.register.statements import kept_statements
    from tests.deliveries.statements.test_reading import rows_of, write_csv

    register = Register.create(tmp_path / "register")
    write_csv(rows_of({}), tmp_path / "whole.csv")
    outcome = register.ingest(tmp_path / "whole.csv")
    assert (outcome.read, outcome.set_aside) == (1, 0)
    assert [one.period for one in kept_statements(register.folder)] == ["2024-Q3"]
    write_csv(rows_of({"without": ["risk"]}), tmp_path / "half.csv")
    assert register.ingest(tmp_path / "half.csv").set_aside == 1
    assert register.faults() == []


def test_an_item_that_does_not_exist_is_told_with_one_that_does() -> None:
    with pytest.raises(StelselError, match=r"no item revenu\b.*revenue"):
        Statement("00000001", "2024-Q3", (Line("revenu"),))
