"""The indicators of the clocks: what they count is what the clocks say."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from stelsel import spells as spell_table
from stelsel.monitor.clocks import running
from stelsel.monitor.clocks.indicators import norms_of, of_clocks, with_terms
from stelsel.monitor.indicators import known, named, oracle, work_out
from stelsel.system import clocks

ON = date(2024, 12, 31)
PERIOD = 366


@pytest.fixture(scope="module")
def spells() -> pa.Table:
    """Lists of the board and of institutions, some of them long, ended in several ways."""
    chance = Random(1)
    rows: list[dict[str, Any]] = []
    for number in range(500):
        place, ways = chance.choice(
            [
                ("list-board-protection", ["started", "withdrawn"]),
                ("list-institution", ["worker", "minimal", "paper-check"]),
            ]
        )
        start = date(2023, 11, 1) + timedelta(days=chance.randrange(420))
        length = chance.choice([None, chance.randrange(25)])
        rows.append(
            {
                "child": f"c{number}",
                "episode": f"e{number}",
                "station": place,
                "start": start,
                "end": None if length is None else start + timedelta(days=length),
                "exit": None if length is None else chance.choice(ways),
                "region": "JZ15",
                "municipality": "0394",
                "known": start,
                "source": "twin",
            }
        )
    return pa.Table.from_pylist(rows, schema=spell_table.SCHEMA)


@pytest.mark.parametrize("norm", ["board-start", "institution-worker"])
@pytest.mark.parametrize("work", [work_out, oracle.work_out], ids=["engine", "oracle"])
def test_the_share_is_that_of_the_clock(spells: pa.Table, norm: str, work: Any) -> None:
    states = Counter(
        run["state"]
        for run in running(spells, ON, only=[norm]).to_pylist()
        if run["decided"] and run["decided"] > ON - timedelta(days=PERIOD)
    )
    met, missed = states["met"], states["missed"] + states["overdue"]
    assert met > 5
    assert missed > 5
    among = with_terms(spells, ON, [norm])
    [row] = work(named(f"kept-{norm}", of_clocks()), among, ON, ["region"], PERIOD).to_pylist()
    assert (row["region"], row["numerator"], row["denominator"]) == ("JZ15", met, met + missed)
    [late] = work(named(f"late-{norm}", of_clocks()), among, ON, [], PERIOD).to_pylist()
    over = sum(run["state"] == "overdue" for run in running(spells, ON, only=[norm]).to_pylist())
    assert late["numerator"] == over > 0


def test_every_clock_that_runs_has_its_indicators() -> None:
    names = {one.id for one in of_clocks()}
    for clock in clocks():
        assert (f"kept-{clock.norm}" in names) == (clock.runs and clock.sense != "may")
        assert (f"late-{clock.norm}" in names) == (clock.runs and clock.sense == "at-most")
    assert not names & {one.id for one in known()}
    assert set(norms_of(of_clocks())) == {one.norm for one in of_clocks()}


def test_the_spells_themselves_stay_as_they_are(spells: pa.Table) -> None:
    among = with_terms(spells, ON, ["board-start"])
    assert among.slice(0, spells.num_rows).equals(spells)
    assert with_terms(spells, ON, []) is spells
    one = named("board-waiting")
    assert work_out(one, among, ON).equals(work_out(one, spells, ON))
