"""Chains: hand-made cases, what must hold for any spells, and what leaves the command."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from stelsel import marks as mark_table
from stelsel import spells as spell_table
from stelsel.cli import app
from stelsel.disclosure.roles import roles
from stelsel.errors import StelselError
from stelsel.monitor.chains import by_stage, chains_of, in_total, stages, workers
from stelsel.system import exits, station
from tests.monitor.filled import Wait, register_of

FOLLOW, DAYS, ON = 90, 365, date(2024, 12, 31)
CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases.yaml").read_text("utf-8")
)


def table(stays: list[list[Any]], child: str = "a") -> pa.Table:
    rows = []
    for number, (place, start, end, how) in enumerate(stays):
        assert how is None or how in {one.id for one in exits(station(place).kind)}, how
        row = {"child": child, "episode": f"e{number}", "station": place, "known": start}
        rows.append(row | {"start": start, "end": end, "exit": how, "source": "process"})
    return pa.Table.from_pylist(rows, schema=spell_table.SCHEMA)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_chain_is_what_is_counted_by_hand(case: dict[str, Any]) -> None:
    found = chains_of(table(case["stays"]), ON, DAYS, FOLLOW)
    told = [
        {
            "begin": one.begin,
            "outcome": one.outcome,
            "handovers": one.handovers,
            "intakes": one.intakes,
            "days": one.days,
        }
        for one in found
    ]
    assert told == case["chains"]


def random_stays(seed: int) -> list[dict[str, Any]]:
    chance = Random(seed)
    places = [place for one in stages() for place in one.stations]
    rows: list[dict[str, Any]] = []
    for number in range(chance.randrange(25)):
        place = chance.choice([*places, "care-ambulatory", "list-veilig-thuis-assessment"])
        start = date(2024, 1, 1) + timedelta(days=chance.randrange(400))
        length = chance.choice([None, chance.randrange(40), chance.randrange(40)])
        way = chance.choice(exits(station(place).kind)).id
        rows.append(
            {
                "child": chance.choice("abc"),
                "episode": f"e{number}",
                "station": place,
                "start": start,
                "end": None if length is None else start + timedelta(days=length),
                "exit": None if length is None else way,
                "region": "JZ15",
                "known": start,
                "source": "twin",
            }
        )
    return rows


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_what_holds_for_any_chains(seed: int) -> None:
    rows = random_stays(seed)
    whole = pa.Table.from_pylist(rows, schema=spell_table.SCHEMA)
    found = chains_of(whole, date(2025, 6, 30), 600, FOLLOW)
    places = {place: one.id for one in stages() for place in one.stations}
    for one in found:
        assert 0 <= one.length <= FOLLOW
        if one.help:
            assert one.length == (one.help - one.begin).days
            assert any(
                row["child"] == one.child
                and row["station"].startswith("care-")
                and row["start"] <= one.help
                and (row["end"] is None or row["end"] >= one.help)
                for row in rows
            )
        assert (one.outcome == "helped") == (one.help is not None)
        # No day at a stage at which the child was not: and none nowhere where it was somewhere.
        for stage, number in one.days.items():
            there = {
                one.begin + timedelta(days=day)
                for day in range(one.length)
                for row in rows
                if row["child"] == one.child
                and places.get(row["station"], "") == stage
                and row["start"] <= one.begin + timedelta(days=day)
                and (row["end"] is None or row["end"] > one.begin + timedelta(days=day))
            }
            assert stage == "between" or number <= len(there)
    # Chains of one child do not overlap, and each first report is in one.
    for one, other in pairwise(found):
        if one.child == other.child:
            assert other.begin >= one.begin + timedelta(days=max(1, one.length))
    for row in rows:
        if row["station"] == "list-board-protection":
            assert any(
                one.child == row["child"]
                and one.begin <= row["start"] <= one.begin + timedelta(days=max(1, one.length))
                for one in found
            )
    turned = pa.Table.from_pylist(rows[::-1], schema=spell_table.SCHEMA)
    assert chains_of(turned, date(2025, 6, 30), 600, FOLLOW) == found


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_the_tables_add_up(seed: int) -> None:
    rows = pa.Table.from_pylist(random_stays(seed), schema=spell_table.SCHEMA)
    found = chains_of(rows, date(2025, 6, 30), 600, FOLLOW)
    total = in_total(found, date(2025, 6, 30), 600, FOLLOW).to_pylist()
    steps = by_stage(found, date(2025, 6, 30), 600, FOLLOW).to_pylist()
    if total:
        [row] = total
        assert row["helped"] + row["left"] + row["still"] == row["chains"] == len(found)
        assert sum(step["days_mean"] for step in steps) == pytest.approx(row["days_mean"])
        assert not steps or sum(step["share"] for step in steps) == pytest.approx(100)
    else:
        assert steps == []


def test_a_case_counts_its_workers() -> None:
    def mark(name: str, case: str, day: date) -> dict[str, Any]:
        named = {"mark": name, "case": case, "day": day, "known": day}
        return named | {"place": 0, "implied": False}

    first, later = date(2023, 2, 1), date(2024, 6, 1)
    rows = [
        mark("institution-worker-assigned", "1", first),
        *(mark("institution-worker-changed", "1", later) for _ in range(4)),
        mark("institution-worker-changed", "2", later),
        mark("institution-worker-assigned", "3", first),
    ]
    marks = pa.Table.from_pylist(rows, schema=mark_table.SCHEMA)
    [row] = workers(marks, ON).to_pylist()
    # Of case 2 the first worker was not told, and of case 3 nothing in the period.
    assert (row["chains"], row["many"], row["workers_mean"]) == (2, 1, 3.5)


def test_every_column_says_what_it_is() -> None:
    for rows in (
        by_stage([], ON, DAYS),
        in_total([], ON, DAYS),
        workers(mark_table.SCHEMA.empty_table(), ON),
    ):
        assert roles(rows.schema)


def test_a_stage_stands_at_one_place() -> None:
    places = [place for one in stages() for place in one.stations]
    assert len(places) == len(set(places))
    assert all(station(place) for place in places)
    assert [one.rank for one in stages()] == list(range(1, len(stages()) + 1))


def test_no_period_is_refused() -> None:
    with pytest.raises(StelselError):
        chains_of(spell_table.SCHEMA.empty_table(), ON, follow=0)


def test_the_command_tells_of_no_chains_in_words(tmp_path: Path) -> None:
    kept = register_of([Wait(1, date(2024, 1, 8), date(2024, 2, 1))], tmp_path)
    words = ["chains", "--register", str(kept)]
    done = CliRunner().invoke(app, words, env={"STELSEL_LANG": None})
    assert done.exit_code == 0
    assert "Geen ketens" in done.output
    told = CliRunner().invoke(app, [*words, "--json"], env={"STELSEL_LANG": None})
    assert json.loads(told.stdout) == {"stages": [], "totals": [], "workers": []}
