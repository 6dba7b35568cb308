"""``stelsel supervision`` as a user runs it, and its counts against those of the indicators."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stelsel import spells as spell
from stelsel.errors import StelselError
from stelsel.monitor.indicators import work_out
from stelsel.monitor.supervision import counts, judge, watch
from stelsel.monitor.supervision.counting import ends_of
from tests.monitor.filled import Wait, register_of, stelsel

AS_OF = date(2024, 12, 31)
STATIONS = ("wait-ambulatory", "wait-foster-care", "list-institution", "list-board-probation")


def random_spells(seed: int, number: int = 300) -> pa.Table:
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(number):
        start = date(2022, 1, 1) + timedelta(days=int(rng.integers(0, 1100)))
        end = start + timedelta(days=int(rng.integers(-20, 400))) if rng.random() < 0.7 else None
        rows.append(
            {
                "child": f"c{rng.integers(0, 120)}",
                "episode": "e",
                "station": str(rng.choice(STATIONS)),
                "start": start,
                "end": end,
                "exit": None if end is None else "served",
                "region": str(rng.choice(["JZ07", "JZ13"])) if rng.random() < 0.9 else None,
                "known": start,
                "source": "twin",
            }
        )
    return pa.Table.from_pylist(rows, schema=spell.SCHEMA)


@pytest.mark.parametrize("seed", range(2))
def test_the_counts_are_those_of_the_indicators(seed: int) -> None:
    table = random_spells(seed)
    found = watch(table, AS_OF, since=date(2023, 1, 1))
    told = {
        (row["count"], row["region"], row["moment"]): row["children"]
        for row in found.rows.to_pylist()
    }
    assert len(found.moments) == 8
    assert len(told) == 2 * 2 * 8
    for one in counts():
        for moment in found.moments:
            rows = work_out(one.indicator, table, moment, by=["region"]).to_pylist()
            by_region = {row["region"]: row["numerator"] for row in rows}
            for region in ("JZ07", "JZ13"):
                assert told[one.id, region, moment] == by_region.get(region, 0)
    selected = [row for row in table.to_pylist() if row["station"] != "list-board-probation"]
    assert found.without_region == sum(row["region"] is None for row in selected)


@pytest.mark.parametrize(
    ("as_of", "every", "since", "days"),
    [
        ("2024-12-31", 3, "2024-04-01", ["2024-06-30", "2024-09-30", "2024-12-31"]),
        ("2024-12-30", 3, "2024-04-01", ["2024-06-30", "2024-09-30"]),
        ("2024-03-15", 1, "2024-01-31", ["2024-01-31", "2024-02-29"]),
        ("2024-12-31", 6, "2023-12-01", ["2023-12-31", "2024-06-30", "2024-12-31"]),
        ("2024-12-31", 12, "2022-12-31", ["2022-12-31", "2023-12-31", "2024-12-31"]),
        ("2024-05-01", 3, "2024-04-01", []),
    ],
)
def test_the_moments(as_of: str, every: int, since: str, days: list[str]) -> None:
    found = ends_of(date.fromisoformat(as_of), every, date.fromisoformat(since), 12)
    assert [str(day) for day in found] == days


def test_the_time_before_a_register_knew_what_happened_does_not_count() -> None:
    """Messages come from July 2022; of the years before only who still waits is told."""
    row = random_spells(0).to_pylist()[0] | {"station": "wait-ambulatory", "region": "JZ07"}
    starts = [date(2015 + year, 5, 1) for year in range(7)]
    starts += [date(2022, 7, 1) + timedelta(days=day) for day in range(900)]
    rows = [
        row | {"child": f"c{n}", "start": day, "known": day, "end": None, "exit": None}
        for n, day in enumerate(starts)
    ]
    table = pa.Table.from_pylist(rows, schema=spell.SCHEMA)
    found = watch(table, AS_OF)
    assert (str(found.moments[0]), len(found.moments)) == ("2022-12-31", 9)
    assert watch(table, AS_OF, since=date(2021, 1, 1), most=60).moments[0] == date(2021, 3, 31)


def test_moments_that_cannot_be_are_told_at_once() -> None:
    with pytest.raises(StelselError) as caught:
        ends_of(AS_OF, 4, date(2020, 1, 1), 0)
    assert [fault.where for fault in caught.value.faults] == ["--every", "--moments"]


def test_one_hidden_number_hides_the_whole_trend() -> None:
    days = ends_of(AS_OF, 3, date(2023, 12, 1), 5)
    rows = [
        {"count": "help", "region": "JZ07", "moment": day, "children": number}
        for day, number in zip(days, [40, 30, 20, 10, None], strict=True)
    ]
    (found,) = judge(rows, {})
    assert (found["verdict"], found["last"], found["p_fall"]) == ("hidden", None, None)


def falling(municipality: str, first: int, step: int) -> list[Wait]:
    """Give waits of which fewer are open each quarter of 2023 and 2024; nobody waits long."""
    found = []
    for quarter, day in enumerate(ends_of(AS_OF, 3, date(2022, 9, 1), 12)):
        for child in range(first - step * quarter):
            found.append(
                Wait(
                    int(municipality) * 10_000 + quarter * 1000 + child,
                    day - timedelta(days=20),
                    day + timedelta(days=10) if day < AS_OF else None,
                    municipality=municipality,
                )
            )
    return found


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """IJsselland (Zwolle) falls from 48; Amsterdam stands still at 6, so is too small to show."""
    waits = [*falling("0193", 48, 3), *falling("0363", 6, 0)]
    return {
        made_up: register_of(
            waits, tmp_path_factory.mktemp("supervision") / "register", made_up=made_up
        )
        for made_up in (True, False)
    }


def answer(*words: str | Path) -> dict[str, Any]:
    done = stelsel("supervision", *words, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_falling_region_falls(registers: dict[bool, Path]) -> None:
    found = answer("--register", registers[True], "--since", "2022-09-01", "--as-of", str(AS_OF))
    falls, still = found["trends"]
    assert (falls["region_name"], falls["verdict"], falls["s"]) == ("IJsselland", "falls", -45)
    assert (falls["first"], falls["last"], falls["inflation"]) == (48, 21, 1.0)
    assert falls["slope_low"] <= falls["slope"] <= falls["slope_high"] < 0
    assert (still["region"], still["verdict"], still["s"]) == ("JZ13", "too few", 0)
    assert [row["children"] for row in found["series"][:3]] == [48, 45, 42]
    assert {one["kind"] for one in found["settings"]} == {"own choice"}


def test_of_real_children_only_what_may_leave_is_tested(registers: dict[bool, Path]) -> None:
    where = ("--register", registers[False], "--since", "2022-09-01", "--as-of", str(AS_OF))
    found = answer(*where)
    numbers = [row["children"] for row in found["series"]]
    assert all(number is None or number % 5 == 0 for number in numbers)
    assert {row["region"]: row["verdict"] for row in found["trends"]}["JZ13"] == "hidden"
    for row in found["trends"]:
        if row["verdict"] == "hidden":
            assert row["power"] is row["s"] is row["inflation"] is None
    log = [json.loads(line) for line in (registers[False] / "releases.jsonl").open()]
    assert log[-1]["what"] == "supervision"
    exact = answer(*where, "--internal")
    assert exact["series"][0]["children"] == 48
    looks = [json.loads(line) for line in (registers[False] / "access.jsonl").open()]
    assert looks[-1]["what"] == "supervision"


def test_the_table_is_dutch_and_english_at_a_switch(registers: dict[bool, Path]) -> None:
    where = ("supervision", "--register", registers[True], "--since", "2022-09-01")
    dutch = stelsel(*where, "--as-of", str(AS_OF))
    english = stelsel(*where, "--as-of", str(AS_OF), "--lang", "en")
    assert "Wachtend op hulp" in dutch.stdout
    assert "eigen keuzes" in dutch.stdout
    assert "Waiting for help" in english.stdout
    assert "Van 'Wachtend op bescherming' vertelt dit register niets." in dutch.stderr.replace(
        "\n", " "
    )


def test_a_run_of_the_twin_can_be_asked_the_same(tmp_path: Path) -> None:
    told = {"end": "2024-12-31", "seed": 5, "replications": 1, "register_sha256": None}
    (tmp_path / "manifest.json").write_text(json.dumps(told))
    table = random_spells(3)
    pq.write_table(table, tmp_path / "spells.parquet")
    found = answer("--run", tmp_path, "--since", "2023-01-01")
    own = watch(table, AS_OF, since=date(2023, 1, 1)).rows.to_pylist()
    assert [row["children"] for row in found["series"]] == [row["children"] for row in own]
    assert stelsel("supervision").returncode == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--since", "1 mei"), "--since"),
        (("--as-of", "2024-13-01"), "--as-of"),
        (("--every", "5"), "--every"),
        (("--moments", "99"), "--moments"),
        (("--lang", "fr"), "--lang"),
    ],
)
def test_wrong_words_are_told(
    words: tuple[str, str], told: str, registers: dict[bool, Path]
) -> None:
    done = stelsel("supervision", "--register", registers[True], *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_a_register_without_moments_says_so(registers: dict[bool, Path]) -> None:
    done = stelsel("supervision", "--register", registers[True], "--as-of", "2022-10-01")
    assert done.returncode == 0
    assert "geen meetmoment" in done.stderr
