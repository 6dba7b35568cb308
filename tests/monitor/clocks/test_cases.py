"""Clocks in cases that can be counted by hand, in both engines."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from stelsel import marks as mark_table
from stelsel import spells as spell_table
from stelsel.monitor.clocks import oracle, running
from stelsel.system import exits, norm, station, step, steps

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases.yaml").read_text("utf-8")
)
PLACES = {one.id: number for number, one in enumerate(steps())}


def marks_of(told: list[list[Any]]) -> pa.Table:
    rows = []
    for text, day in told:
        named, _, until = text.partition(" until ")
        name, _, reason = named.partition(":")
        if name in PLACES and reason:
            kinds = {station(place).kind for place in step(name).ends}
            ways = {one.id for kind in kinds for one in exits(kind)}
            assert reason in {"crisis", "regular"} | ways, (name, reason)
        row = {"mark": name, "reason": reason or None, "case": f"of {organisation(name)}"}
        row |= {"child": "a", "organisation": organisation(name), "municipality": "0193"}
        row |= {"day": day, "known": day, "place": PLACES.get(name, 1), "implied": False}
        row |= {"last_day": date.fromisoformat(until) if until else None}
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=mark_table.SCHEMA)


def organisation(name: str) -> str:
    return step(name).organisation if name in PLACES else "0193"


def spells_of(stays: list[list[Any]]) -> pa.Table:
    rows = [
        {"child": "a", "episode": "e", "station": place, "start": start, "end": end, "exit": how}
        | {"known": start, "source": "process", "municipality": "0193"}
        for place, start, end, how in stays
    ]
    return pa.Table.from_pylist(rows, schema=spell_table.SCHEMA)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_clock_says_what_is_counted_by_hand(case: dict[str, Any]) -> None:
    marks, spells = marks_of(case.get("told", [])), spells_of(case.get("stays", []))
    births = pa.Table.from_pylist([{"child": "a", "birth_month": str(case.get("born", "1990"))}])
    for on, state in case.get("says", {}).items():
        rows = oracle.running(spells, on, marks, births, only=[case["norm"]]).to_pylist()
        last = [row for row in rows if row["last_day"] == case["last_day"]]
        assert [row["state"] for row in last] == [state], (on, rows)
    if "says" not in case:
        day = date(2030, 1, 1)
        assert oracle.running(spells, day, marks, births, only=[case["norm"]]).num_rows == 0


@pytest.mark.parametrize("on", ["2026-04-09", "2026-11-13", "2027-03-02"])
def test_the_engine_says_the_same_of_all_cases_at_once(on: str) -> None:
    marks, spells, births = [], [], []
    for number, case in enumerate(CASES):
        own = {"child": f"{number}"}
        told = marks_of(case.get("told", [])).to_pylist()
        marks += [row | own | {"case": f"{number} {row['case']}"} for row in told]
        stays = spells_of(case.get("stays", [])).to_pylist()
        spells += [row | own | {"episode": f"{number}"} for row in stays]
        births.append(own | {"birth_month": str(case.get("born", "1990"))})
    world = (
        pa.Table.from_pylist(spells, schema=spell_table.SCHEMA),
        date.fromisoformat(on),
        pa.Table.from_pylist(marks, schema=mark_table.SCHEMA),
        pa.Table.from_pylist(births),
    )
    fast, slow = running(*world), oracle.running(*world)
    assert fast.num_rows > len(CASES)
    assert sorted(map(str, fast.to_pylist())) == sorted(map(str, slow.to_pylist()))


def test_the_cases_are_about_several_kinds_of_terms() -> None:
    units = {norm(case["norm"]).unit for case in CASES}
    assert {"days", "working_days", "weeks", "months", "years"} <= units
    states = {state for case in CASES for state in case.get("says", {}).values()}
    assert states == {"met", "missed", "dropped", "running", "due", "overdue"}
