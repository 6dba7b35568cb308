"""Steps of cases to spells: the database steps against a slow oracle and against told stories."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel import events as event_table
from stelsel import spells as spell_table
from stelsel.register import cases
from stelsel.system import station
from stelsel.system.steps import step, steps
from tests.register.case_oracle import IDS, Event, Row, oracle

COMPARED = (
    *("child", "episode", "station", "start", "end", "exit", "known", "priority"),
    *("municipality", "region", "provider"),
)
DAY = timedelta(days=1)


def run(events: list[Event]) -> list[Row]:
    con = ibis.duckdb.connect()
    told = ibis.memtable(pa.Table.from_pylist(events, schema=event_table.SCHEMA))
    table = spell_table.check(con.to_pyarrow(cases.spells(con, told)))
    assert set(table["source"].to_pylist()) <= {"process"}
    return [tuple(row[name] for name in COMPARED) for row in table.to_pylist()]


def with_numbered_episodes(rows: list[Row]) -> list[Row]:
    """Name each episode after its rows, so that only what is bundled together is compared."""
    members: dict[Any, list[Row]] = {}
    for row in rows:
        members.setdefault(row[1], []).append((row[0], *row[2:]))
    names = {key: str(sorted(found, key=str)) for key, found in members.items()}
    return sorted(((row[0], names[row[1]], *row[2:]) for row in rows), key=str)


def event(number: int, name: str, day: date, **told: Any) -> Event:
    row: Event = dict.fromkeys(event_table.SCHEMA.names)
    of_child = name not in IDS or subject(name) == "child"
    row |= {
        "event": f"{number:03d}",
        "message": "m",
        "content": "c",
        "source": "process",
        "kind": "step",
        "about": day,
        "known": day,
        "child": "a" if of_child else None,
        "municipality": "0193",
        "provider": "ORG-01",
        "case": "1",
        "step": name,
        "status": "1",
        "made_up": True,
    }
    return row | told


def subject(name: str) -> str:
    which = step(name)
    return station([*filter(None, [which.begins]), *which.ends, *which.at][0]).subject


# --- told stories --------------------------------------------------------------------------------

STORIES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases_stories.yaml").read_text("utf-8")
)


def told_in(story: dict[str, Any]) -> list[Event]:
    found = []
    for number, line in enumerate(story["steps"]):
        day, name, *rest = line.split()
        told: dict[str, Any] = {}
        for part in rest:
            word, _, value = part.partition("=")
            if word == "withdraws":
                told["status"] = "3"
            elif word == "told":
                told["known"] = date.fromisoformat(value)
            else:
                told[word] = value
        found.append(event(number, name, date.fromisoformat(day), **told))
    on = story.get("known_on")
    return [one for one in found if on is None or one["known"] <= on]


@pytest.fixture(scope="module")
def all_found() -> list[Row]:
    """What the steps make of all stories at once, each with organisations of its own."""
    return run(
        [
            one | {"provider": f"{number}/{one['provider']}"}
            for number, story in enumerate(STORIES)
            for one in told_in(story)
        ]
    )


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["story"])
@pytest.mark.parametrize("way", ["steps", "oracle"])
def test_stories(way: str, story: dict[str, Any], all_found: list[Row]) -> None:
    own = f"{STORIES.index(story)}/"
    found = (
        oracle(told_in(story))
        if way == "oracle"
        else [row for row in all_found if row[-1].startswith(own)]
    )
    wanted = sorted((line.split() for line in story["spells"]), key=lambda line: line[2:0:-1])
    rows = [
        [row[0], *("-" if cell is None else str(cell) for cell in row[2:9])]
        for row in sorted(found, key=lambda row: (row[3], row[2]))
    ]
    assert [row[: len(line)] for row, line in zip(rows, wanted, strict=True)] == wanted


def test_each_step_does_to_its_stations_what_the_map_says() -> None:
    """For every pair of steps of which one begins a station and the other ends it."""
    day, after = date(2024, 3, 1), date(2024, 3, 10)
    pairs = [
        (f"{one.id} {other.id}", one, other)
        for one in steps()
        for other in steps()
        if one.begins in other.ends
    ]
    begun = [one for one in steps() if one.begins]
    told = [event(0, one.id, day, case=one.id, reference="x") for one in begun]
    for case, one, other in pairs:
        told.append(event(0, one.id, day, case=case, reference="x"))
        told.append(event(1, other.id, after, case=case, reference="x", reason="r"))
    found = {(row[2], row[3], row[4], row[5], row[-1]) for row in run(in_own_organisations(told))}
    for one in begun:
        assert (one.begins, day, None, None, one.id) in found
    for case, one, other in pairs:
        assert (one.begins, day, after, other.exit or "r", case) in found


def in_own_organisations(told: list[Event]) -> list[Event]:
    """Name the organisation as the case, by which a spell can be found again."""
    return [one | {"provider": one["case"]} for one in told]


# --- any history, in any order, as known on any day ----------------------------------------------

START = date(2024, 1, 1)
days = st.integers(0, 30).map(lambda number: START + number * DAY)
LIST = "listed weighed minimal-begun worker-assigned off-list minimal-ended transferred-out"
CHAINS = [
    *([one.id for one in steps(name)] for name in ("veilig-thuis", "expert-team", "foster-care")),
    [f"institution-{name}" for name in LIST.split()],
]


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Few cases, steps and days, so that they meet often; many histories cannot really be."""
    chain = draw(st.sampled_from(CHAINS))
    found: list[Event] = []
    for number in range(draw(st.integers(0, 25))):
        day = draw(days)
        if found and draw(st.integers(0, 3)) == 0:
            # The same row once more: told again, told otherwise, or taken back.
            row = draw(st.sampled_from(found)) | {"event": f"{number:03d}"}
            row["known"] = row["about"] + draw(st.integers(0, 12)) * DAY
            row["status"] = draw(st.sampled_from(["1", "3"]))
            row["priority"] = draw(st.sampled_from([row["priority"], "crisis"]))
            found.append(row)
            continue
        name = draw(st.sampled_from(chain))
        of_child = subject(name) == "child"
        found.append(
            event(
                number,
                name,
                day,
                known=day + draw(st.integers(0, 9)) * DAY,
                case=draw(st.sampled_from("112")),
                provider=draw(st.sampled_from(["ORG-01", "ORG-01", "ORG-02"])),
                municipality=draw(st.sampled_from(["0193", "0193", "0150"])),
                child=draw(st.sampled_from(["a", "a", "b", None])) if of_child else None,
                priority=draw(st.sampled_from([None, None, "regular", "crisis"])),
                reason=draw(st.sampled_from([None, "x"])),
                reference=draw(st.sampled_from([None, "r", "s"])),
            )
        )
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), st.none() | days, st.randoms())
def test_steps_agree_with_the_oracle(
    events: list[Event], known_on: date | None, shuffler: Any
) -> None:
    """Whatever was told, in whatever order it arrived, on whatever day one asks."""
    known = [one for one in events if known_on is None or one["known"] <= known_on]
    expected = with_numbered_episodes(oracle(known))
    shuffler.shuffle(known)
    assert with_numbered_episodes(run(known)) == expected
