"""The arithmetic of lists: its printed numbers, and that hidden numbers stay hidden."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stelsel.errors import StelselError
from stelsel.monitor import for_readers, waiting
from stelsel.monitor.queueing import queue, queues
from stelsel.register import Register
from tests.monitor.filled import Wait, register_of, stelsel

BEGIN = date(2025, 1, 6)

# Inflow and outflow over 52 weeks, waiting, target in weeks; target list, needed in 26 weeks,
# pressure, days for who joins now. The first is printed by Fong and others (2022).
CASES = [
    (1560, 1560, 1200, 52, 390.0, 61.154, 2 * 40 / 52, 280.0),
    (1560, 1560, 390, 52, 390.0, None, 0.5, 91.0),
    (520, 260, 100, 14, 35.0, 12.5, 2 * 10 / 14, 140.0),
    (520, 0, 100, 14, 35.0, 12.5, 2 * 10 / 14, None),
    (0, 520, 10, 14, 0.0, 10 / 26, None, 7.0),
]


@pytest.mark.parametrize("case", CASES)
def test_a_list_comes_out_as_by_hand(case: tuple[float | None, ...]) -> None:
    inflow, outflow, still, target, *wanted = case
    found = queue(
        int(inflow or 0), int(outflow or 0), int(still or 0), days=364, target=float(target or 0)
    )
    told = [found.target_list, found.relief_capacity, found.pressure, found.expected_days]
    assert told == [None if one is None else pytest.approx(one, abs=1e-3) for one in wanted]


@given(
    st.integers(0, 5000),
    st.integers(0, 5000),
    st.integers(0, 5000),
    st.integers(1, 700),
    st.floats(1, 60),
    st.integers(1, 60),
)
def test_the_capacity_that_relieves_brings_the_list_to_its_target(
    inflow: int, outflow: int, still: int, days: int, target: float, within: int
) -> None:
    found = queue(inflow, outflow, still, days=days, target=target, within=within)
    if found.relief_capacity is None:
        assert found.target_list is not None
        assert still <= 2 * found.target_list
        return
    assert found.demand is not None
    after = still + within * (found.demand - found.relief_capacity)
    assert after == pytest.approx(found.target_list, abs=1e-6)


def test_nothing_follows_from_what_is_hidden() -> None:
    assert queue(None, 10, 20, days=70, target=4).target_list is None
    assert queue(10, None, 20, days=70, target=4).expected_days is None
    assert queue(10, 10, None, days=70, target=4).pressure is None


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """Sixty wait for ambulatory help, of whom forty are helped; four wait for a foster family."""
    waits = [
        Wait(
            child,
            BEGIN + timedelta(days=3 * child),
            BEGIN + timedelta(days=3 * child + 20) if child < 40 else None,
        )
        for child in range(60)
    ]
    waits += [Wait(60 + n, BEGIN + timedelta(days=n), form="11") for n in range(4)]
    found = {}
    for made_up in (True, False):
        folder = tmp_path_factory.mktemp("queue") / "register"
        found[made_up] = register_of(waits, folder, made_up=made_up)
    return found


def test_the_command_tells_what_python_tells(registers: dict[bool, Path]) -> None:
    asked = ("indicators", "queue", "--register", registers[True], "--target", "28")
    done = stelsel(*asked, "--json")
    assert done.returncode == 0, done.stderr
    kept = Register.open(registers[True])
    rows = for_readers(waiting(kept.spells(), kept.last_day), known_on=None, made_up=True)
    own = queues(rows, 28)
    told = json.loads(done.stdout)
    assert [row["target_list"] for row in told] == [row["target_list"] for row in own]
    assert told[0]["waiting"] == 20
    shown = stelsel(*asked).stdout
    assert "Streeflijst" in shown
    assert "Fong" in shown


def test_of_real_children_it_rests_on_rounded_numbers(registers: dict[bool, Path]) -> None:
    asked = ("indicators", "queue", "--register", registers[False], "--json")
    ambulatory, foster = json.loads(stelsel(*asked).stdout)
    assert foster["waiting"] is foster["pressure"] is foster["expected_days"] is None
    assert "waiting" in foster["protected"]
    [total] = json.loads(stelsel(*asked, "--by", "total").stdout)
    assert total["demand"] == pytest.approx(65 / (365 / 7))
    assert (registers[False] / "releases.jsonl").exists()
    assert ambulatory["form"] == "02"


def test_a_target_of_no_days_is_refused(registers: dict[bool, Path]) -> None:
    done = stelsel("indicators", "queue", "--register", registers[True], "--target", "0")
    assert done.returncode == 2
    assert "--target" in done.stderr
    with pytest.raises(StelselError, match="disclosure control"):
        queues(waiting(Register.open(registers[True]).spells(), BEGIN), 28)
