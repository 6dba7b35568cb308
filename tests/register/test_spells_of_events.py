"""Events to spells: the database steps against a slow, plain oracle and against told stories."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel import events as event_table
from stelsel.register.steps import spells_of
from tests.register.oracle import DAY, Event, Row, oracle

# --- running the real thing ----------------------------------------------------------------------

COMPARED = ("child", "episode", "station", "start", "end", "exit", "known", "referrer", "region")


def run(events: list[Event], gap: int = 14) -> list[Row]:
    table = pa.Table.from_pylist(events, schema=event_table.SCHEMA)
    spells = spells_of(ibis.duckdb.connect(), ibis.memtable(table), gap=gap)
    return [tuple(row[name] for name in COMPARED) for row in spells.to_pylist()]


def with_numbered_episodes(rows: list[Row]) -> list[Row]:
    """Name each episode after its rows, so that only what is bundled together is compared."""
    members: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        members.setdefault((row[0], row[1]), []).append((row[2:], row[0]))
    names = {key: str(sorted(found, key=str)) for key, found in members.items()}
    return sorted(((row[0], names[row[0], row[1]], *row[2:]) for row in rows), key=str)


# --- told stories --------------------------------------------------------------------------------

STORIES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "stories.yaml").read_text("utf-8")
)


NO_CHILD = ("answered", "returned")


def event(number: int, **told: Any) -> Event:
    """One event as a story writes it, with what it leaves out (see the head of stories.yaml)."""
    row: Event = dict.fromkeys(event_table.SCHEMA.names)
    kind, day = told.pop("kind"), told.pop("day")
    product = told.pop("product", "45A01")
    row |= {
        "event": f"{number:03d}",
        "message": "m",
        "content": "c",
        "source": "ijw",
        "kind": kind,
        "about": day,
        "known": told.pop("told", day),
        "child": None if kind in NO_CHILD else told.pop("child", "a"),
        "municipality": told.pop("municipality", "0193"),
        "provider": told.pop("provider", "00000001"),
        "made_up": True,
    }
    if kind not in NO_CHILD:
        form = {"45": "02", "44": "14"}.get(product[:2])
        row |= {"category": product[:2], "code": product, "form": form}
        row |= {"from_day": told.pop("first", day), "last_day": told.pop("last", None)}
    if kind == "allocated":
        row["decided"] = datetime.combine(day, told.pop("at", time(9)))
    if kind in {"started", "stopped"}:
        row["status"] = told.pop("status", "1")
    if kind == "stopped":
        row["last_day"] = day
    return row | told


def as_known(events: list[Event], on: date | None) -> list[Event]:
    return [e for e in events if on is None or e["known"] <= on]


def told_in(story: dict[str, Any]) -> list[Event]:
    """The events of a story, as far as known; child and provider as nobody else's."""
    told = [event(number, **dict(one)) for number, one in enumerate(story["events"])]
    own = STORIES.index(story)
    for one in told:
        one["provider"] = f"{own:04d}{one['provider'][4:]}"
        one["child"] = one["child"] and f"{own} {one['child']}"
        for name in ("message", "answers"):
            one[name] = one[name] and f"{own} {one[name]}"
    return as_known(told, story.get("known_on"))


@pytest.fixture(scope="module")
def all_found() -> list[Row]:
    """What the steps make of all stories at once; those told alone depend on how far we are."""
    together = [e for story in STORIES if not story.get("alone") for e in told_in(story)]
    alone = [row for story in STORIES if story.get("alone") for row in run(told_in(story))]
    return run(together) + alone


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["story"])
@pytest.mark.parametrize("way", ["steps", "oracle"])
def test_stories(way: str, story: dict[str, Any], all_found: list[Row]) -> None:
    if way == "oracle":
        found = oracle(told_in(story))
    else:
        own = f"{STORIES.index(story)} "
        found = [row for row in all_found if row[0].startswith(own)]
    told_known = any(len(line.split()) == 5 for line in story["spells"])
    cells = slice(2, 7 if told_known else 6)
    rows = [" ".join("-" if cell is None else str(cell) for cell in row[cells]) for row in found]
    assert sorted(rows) == sorted(story["spells"])
    if "episodes" in story:
        assert len({row[1] for row in found}) == story["episodes"]


# --- any history, in any order, as known on any day ----------------------------------------------

START = date(2024, 1, 1)
days = st.integers(0, 60).map(lambda n: START + n * DAY)
KINDS = ("allocated", "started", "stopped", "requested", "answered", "returned", "claimed")
PRODUCTS = (("45", "45A01", "02"), ("45", "45A02", "02"), ("44", None, "14"), ("42", "42A01", None))


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Events with few names and few days, so that they meet often; many break the rules."""
    found = []
    for number in range(draw(st.integers(0, 40))):
        kind = draw(st.sampled_from(KINDS))
        day = draw(days)
        category, code, form = draw(st.sampled_from(PRODUCTS[:2] * 2 + PRODUCTS))
        row: Event = dict.fromkeys(event_table.SCHEMA.names)
        row |= {
            "event": f"{number:03d}",
            "message": f"m{number % 20}",
            "content": "c",
            "source": "ijw",
            "made_up": True,
            "kind": kind,
            "about": day,
            "known": day + draw(st.integers(0, 9)) * DAY,
            "municipality": draw(st.sampled_from(["0193", "0193", "0150"])),
            "provider": draw(st.sampled_from(["00000001", "00000001", "00000002"])),
        }
        if kind == "returned":
            row["answers"] = f"m{draw(st.integers(0, 19))}"
            row["reason"] = draw(st.sampled_from([None, None, "9326"]))
        elif kind == "answered":
            row |= {"reason": draw(st.sampled_from(["1/3", "1/8", "2"])), "reference": "V1"}
        else:
            row |= {"child": draw(st.sampled_from("aab")), "category": category, "code": code}
            row |= {"form": form, "from_day": draw(days)}
        if kind == "requested":
            row |= {"reference": draw(st.sampled_from(["V1", "V1", "V2"]))}
            row |= {"referrer": draw(st.sampled_from(["02", "03"]))}
        if kind == "allocated":
            row["allocation"] = draw(st.integers(1, 3))
            row["decided"] = datetime.combine(day, draw(st.sampled_from([time(9), time(15)])))
            row["reference"] = draw(st.sampled_from([None, "V1", "V2"]))
            row["last_day"] = draw(st.none() | days)
            reasons = st.sampled_from([None, None, "04", "05", "07", "12", "13", "01"])
            row["reason"] = draw(reasons)
            if row["reason"] in {"01", "13"} and draw(st.booleans()):
                row["last_day"] = row["from_day"]
        if kind in {"started", "stopped"}:
            row["allocation"] = draw(st.sampled_from([1, 1, 2, 3, None]))
            row["status"] = draw(st.sampled_from(["1", "1", "1", "3"]))
            # Few first days, so that stops and withdrawals find their start.
            row["from_day"] = START + draw(st.sampled_from([5, 20, 40])) * DAY
        if kind == "started":
            row["about"] = row["from_day"]
        if kind == "stopped":
            row["last_day"] = row["from_day"] + draw(st.sampled_from([0, 3, 10])) * DAY
            row["about"], row["reason"] = row["last_day"], draw(st.sampled_from(["20", "31", "32"]))
        found.append(row)
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), st.none() | days, st.sampled_from([0, 14, 30]), st.randoms())
def test_steps_agree_with_the_oracle(
    events: list[Event], known_on: date | None, gap: int, shuffler: Any
) -> None:
    """Whatever was told, in whatever order it arrived, on whatever day one asks."""
    known = as_known(events, known_on)
    expected = with_numbered_episodes(oracle(known, gap))
    shuffler.shuffle(known)
    assert with_numbered_episodes(run(known, gap)) == expected


def test_a_replacement_keeps_the_referrer_of_the_request_it_goes_on_from() -> None:
    asked = event(0, kind="requested", day=date(2024, 1, 2), reference="V1", referrer="02")
    first = {"reference": "V1", "first": date(2024, 1, 10), "last": date(2024, 2, 10)}
    given = event(1, kind="allocated", day=date(2024, 1, 8), allocation=1, **first)
    other = event(2, kind="allocated", day=date(2024, 2, 9), allocation=2, first=date(2024, 2, 11))
    found = run([asked, given, other])
    assert with_numbered_episodes(found) == with_numbered_episodes(oracle([asked, given, other]))
    assert [row[COMPARED.index("referrer")] for row in found] == ["02"]
