"""Episodes over providers and municipalities: told stories, and a slow twin day by day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel import spells as spell
from stelsel.errors import StelselError
from stelsel.monitor import EPISODES, episodes
from stelsel.system import station

DAY = timedelta(days=1)
Row = dict[str, Any]

STORIES: list[Row] = yaml.safe_load(
    (Path(__file__).parent / "episode_stories.yaml").read_text("utf-8")
)


def row(
    child: str, episode: str, name: str, start: date, end: date | None, provider: str | None,
    municipality: str | None,
) -> Row:  # fmt: skip
    told: Row = dict.fromkeys(spell.SCHEMA.names)
    return told | {
        "child": child, "episode": episode, "station": name, "start": start, "end": end,
        "exit": "planned" if end else None, "provider": provider, "municipality": municipality,
        "known": start, "source": "ijw",
    }  # fmt: skip


def found(rows: list[Row], gap: int, kinds: list[str]) -> list[tuple[Any, ...]]:
    table = episodes(pa.Table.from_pylist(rows, spell.SCHEMA), gap, kinds)
    assert table.schema == EPISODES
    return [tuple(one.values()) for one in table.to_pylist()]


def cell(text: str) -> str | None:
    return None if text == "-" else text


def day_of(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["story"])
def test_stories(story: Row) -> None:
    rows = []
    for line in story["spells"]:
        episode, name, start, end, provider, municipality = line.split()
        who = (cell(provider), cell(municipality))
        rows.append(row("a", episode, name, date.fromisoformat(start), day_of(end), *who))
    lines = []
    for made in found(rows, story.get("gap", 14), story.get("kinds", ["care"])):
        _, _, start, end, count, concurrent, _, providers, municipalities = made
        lists = (",".join(providers) or "-", ",".join(municipalities) or "-")
        lines.append(f"{start} {end or '-'} {count} {concurrent} {' '.join(lists)}")
    assert lines == story["episodes"]


# --- a slow twin ---------------------------------------------------------------------------------

LAST = date(2024, 4, 1)


@st.composite
def spells(draw: st.DrawFn) -> list[Row]:
    """Few children, episodes and days, so that they meet."""
    rows = []
    for _ in range(draw(st.integers(0, 9))):
        name = draw(st.sampled_from(["care-ambulatory", "care-residential", "wait-ambulatory"]))
        start = date(2024, 1, 1) + draw(st.integers(0, 60)) * DAY
        length = draw(st.none() | st.integers(-3 if name.startswith("wait") else 0, 12))
        child = draw(st.sampled_from("ab"))
        rows.append(
            row(
                child,
                f"{child}{draw(st.integers(0, 5))}",
                name,
                start,
                None if length is None else start + length * DAY,
                draw(st.sampled_from(["P1", "P2", None])),
                draw(st.sampled_from(["0193", "0150", None])),
            )
        )
    return rows


def days_of(one: Row) -> set[date]:
    """The days that a spell covers, as far as we look."""
    end = one["end"] or LAST
    return {one["start"] + n * DAY for n in range((end - one["start"]).days)}


def over(one: Row) -> date:
    last: date = max(one["end"] or date.max - 1000 * DAY, one["start"])
    return last


def begin(group: list[Row]) -> date:
    first: date = min(one["start"] for one in group)
    return first


def oracle(rows: list[Row], gap: int, kinds: list[str]) -> list[tuple[Any, ...]]:
    """Put spells together two by two until nothing changes, and count each day."""
    mine = [one for one in rows if station(one["station"]).kind in kinds]
    groups: list[list[Row]] = [[one] for one in mine]

    def meet(one: list[Row], other: list[Row]) -> bool:
        if one[0]["child"] != other[0]["child"]:
            return False
        if {s["episode"] for s in one} & {s["episode"] for s in other}:
            return True
        first, later = sorted((one, other), key=begin)
        return begin(later) <= max(map(over, first)) + gap * DAY

    def pair() -> tuple[list[Row], list[Row]] | None:
        return next(((one, other) for one, other in combinations(groups, 2) if meet(one, other)),
                    None)  # fmt: skip

    while met := pair():
        one, other = met
        groups = [group for group in groups if group is not one and group is not other]
        groups.append(one + other)
    made = []
    for group in groups:
        begun = {
            s["episode"]: min(o["start"] for o in group if o["episode"] == s["episode"])
            for s in group
        }
        is_open = any(s["end"] is None for s in group)
        covered = [day for s in group for day in days_of(s)]
        made.append(
            (
                group[0]["child"],
                min(begun, key=lambda name: (begun[name], name)),
                begin(group),
                None if is_open else max(map(over, group)),
                len(group),
                max((covered.count(day) for day in set(covered)), default=0),
                *(
                    sorted({s[name] for s in group if s[name]})
                    for name in ("station", "provider", "municipality")
                ),
            )
        )
    return sorted(made, key=str)


@settings(max_examples=40, deadline=None)
@given(spells(), st.integers(0, 15), st.sampled_from([["care"], ["wait"], ["wait", "care"]]))
def test_as_the_slow_twin(rows: list[Row], gap: int, kinds: list[str]) -> None:
    assert sorted(found(rows, gap, kinds), key=str) == oracle(rows, gap, kinds)


@pytest.mark.parametrize(("gap", "kinds"), [(-1, ["care"]), (0, ["caer"])])
def test_what_does_not_exist_is_refused(gap: int, kinds: list[str]) -> None:
    with pytest.raises(StelselError) as error:
        episodes(spell.SCHEMA.empty_table(), gap, kinds)
    assert all(fault.remedy and fault.what_nl for fault in error.value.faults)
