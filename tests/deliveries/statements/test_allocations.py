"""What is told of allocations and claims: the database steps against a plain oracle."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import ibis
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel import events as event_table
from stelsel.deliveries.statements import extract, extract_schema, period
from stelsel.register.allocations import CLAIMED, SCHEMA, allocations_in, claimed_in
from stelsel.system.own_codes import OwnCodes
from tests.deliveries.statements import plain
from tests.register.oracle import Event

QUARTER = period("2024-Q2")
NONE = OwnCodes([])
DAYS = st.integers(0, 270).map(lambda number: date(2024, 1, 1) + timedelta(days=number))
# A care form, one without, a measure, and a code that is a municipality's own.
PRODUCTS = st.sampled_from(
    [("45", "45A01", "02"), ("44", "44A09", "14"), ("48", "48A01", None), ("45", "OWN", "02")]
)
KINDS = st.sampled_from(
    [
        *("allocated", "started", "stopped", "requested", "returned"),
        *("claimed", "claimed", "line-rejected", "assessed"),
    ]
)


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    """Events of a few children, allocations and claims, in all sorts of contradiction."""
    events = []
    for number in range(draw(st.integers(1, 14))):
        kind = draw(KINDS)
        category, code, form = draw(PRODUCTS)
        day, known = draw(DAYS), draw(DAYS)
        event: Event = dict.fromkeys(event_table.SCHEMA.names)
        event |= {
            "event": f"m{number}/1",
            "message": f"m{number}",
            "content": "c",
            "source": "ijw",
            "kind": kind,
            "about": day,
            "known": known,
            "municipality": draw(st.sampled_from(["0193", "0363"])),
            "provider": "00000001",
            "made_up": True,
        }
        if kind in {"assessed", "returned", "line-rejected"}:
            event["answers"] = f"m{draw(st.integers(0, 14))}"
            event["reason"] = draw(st.sampled_from([None, "0001"]))
            event["claim"] = draw(st.sampled_from([None, "c1"])) if kind == "assessed" else None
        if kind not in {"assessed", "returned"}:
            event |= {"category": category, "code": code, "form": form}
            event["child"] = draw(st.sampled_from(["a", "b"]))
            event["reference"] = draw(st.sampled_from([None, "r1", "r2"]))
            if kind == "requested":
                event["reference"] = draw(st.sampled_from(["r1", "r2"]))
                event["referrer"] = draw(st.sampled_from(["01", "02"]))
            if kind not in {"claimed", "line-rejected"}:
                event["birth_month"] = draw(st.sampled_from([None, "2010", "2011-05"]))
        if kind in {"allocated", "started", "stopped", "claimed"}:
            event["allocation"] = draw(st.sampled_from([1, 2]))
        if kind in {"started", "stopped"}:
            event["allocation"] = draw(st.sampled_from([1, 2, None]))
            event["status"] = draw(st.sampled_from(["1", "1", "1", "3"]))
            event["from_day"] = draw(st.sampled_from([date(2024, 2, 1), date(2024, 5, 1)]))
        if kind == "stopped":
            event["reason"] = draw(st.sampled_from(["20", "31"]))
            event["last_day"] = event["from_day"] + timedelta(days=draw(st.integers(0, 90)))
        if kind == "allocated":
            # One version of an allocation is decided at one moment of its own.
            event["decided"] = datetime.combine(day, time(9, number))
            event["from_day"] = draw(DAYS)
            event["last_day"] = draw(st.none() | DAYS)
            event["reason"] = draw(st.sampled_from([None, None, "12", "13", "01"]))
        if kind == "claimed":
            event["claim"] = "c1"
            event["previous"] = draw(st.sampled_from([None, "r1"]))
            event["from_day"], event["last_day"] = day, day
            event["unit"] = draw(st.sampled_from(["01", "04"]))
            event["volume"] = draw(st.integers(0, 100))
            event["amount"] = draw(st.integers(-5000, 5000))
        if kind == "line-rejected":
            event["previous"] = draw(st.sampled_from([None, "r1"]))
        events.append(event)
    return events


def table_of(events: list[Event]) -> pa.Table:
    return pa.Table.from_pylist(events, schema=event_table.SCHEMA)


def rows(table: pa.Table, schema: pa.Schema) -> list[tuple[Any, ...]]:
    assert table.schema.names == schema.names
    return [tuple(row.values()) for row in table.to_pylist()]


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(stories())
def test_allocations_are_those_of_the_oracle(events: list[Event]) -> None:
    told = ibis.memtable(table_of(events))
    found = allocations_in(ibis.duckdb.connect(), told, NONE, QUARTER)
    expected = plain.allocations(events, QUARTER.first, QUARTER.last)
    assert sorted(rows(found, SCHEMA), key=str) == expected


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(stories())
def test_what_was_claimed_is_that_of_the_oracle(events: list[Event]) -> None:
    told = ibis.memtable(table_of(events))
    found = claimed_in(ibis.duckdb.connect(), told, NONE, QUARTER)
    assert set(rows(found, CLAIMED)) == plain.claimed(events, QUARTER.first, QUARTER.last)


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(stories(), st.sets(st.sampled_from(["a", "b"])))
def test_the_extract_has_the_same_rows_under_other_names(
    events: list[Event], objecting: set[str]
) -> None:
    told = ibis.memtable(table_of(events))
    found = allocations_in(ibis.duckdb.connect(), told, NONE, QUARTER)
    names = {"a": "z9", "b": "k1"}
    made = extract(found, names.__getitem__, objecting)
    assert made.schema == extract_schema()
    back = {new: old for old, new in names.items()}
    again = [row | {"child": back[row["child"]]} for row in made.to_pylist()]
    kept = [row for row in found.to_pylist() if row["child"] not in objecting]
    assert sorted(map(str, again)) == sorted(map(str, kept))
    assert made["child"].to_pylist() == sorted(made["child"].to_pylist())
