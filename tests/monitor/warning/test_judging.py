"""Signals against stories that a policy officer can read, and rules that always hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stelsel import spells as spell
from stelsel.deliveries.statements import Line, Period, Statement
from stelsel.disclosure import protect
from stelsel.monitor.settings import KINDS
from stelsel.monitor.warning import (
    Provider,
    alternatives,
    combinations,
    depend,
    judge,
    leaving,
    settings,
    signals,
    told_by,
    towns,
    watches,
    without_numbers,
)
from stelsel.monitor.warning.definitions import TESTS
from stelsel.monitor.warning.judging import direction, missing, state

STORIES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "stories.yaml").read_text())
LAST = Period.of("2024-Q4")
QUARTERS = [LAST.previous.previous.previous.previous]
while QUARTERS[-1] != LAST:
    QUARTERS.append(QUARTERS[-1].next)
ON = date(2025, 2, 1)
CODE = "00000001"


def statements(told: dict[str, list[Any]]) -> list[Statement]:
    found = []
    for place, quarter in enumerate(QUARTERS):
        day = quarter.next.first.replace(day=15).isoformat()
        lines = [Line("dated", value=day, source="provider")]
        for item, values in told.items():
            value = values[place]
            if value is not None:
                number = value if isinstance(value, str) else Decimal(str(value))
                lines.append(Line(item, value=number, source="provider"))
        found.append(Statement(CODE, str(quarter), tuple(lines)))
    return found


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["story"])
def test_the_signals_of_a_story(story: dict[str, Any]) -> None:
    provider = told_by(statements(story["told"]), ON)[CODE]
    found = judge(provider, ON)
    assert found["quarter"] == "2024-Q4"
    states = {one["id"]: one["state"] for one in found["signals"]}
    assert states == dict.fromkeys(states, "unknown") | story["signals"]
    together = {one["id"]: one["state"] for one in found["combinations"]}
    assert together == dict.fromkeys(together, "unknown") | story.get("together", {})


def test_every_limit_is_marked_and_has_its_source() -> None:
    marked = [(one.kind, one.source) for one in signals(date(2026, 6, 1))]
    marked += [(one.kind, one.source) for one in combinations()]
    marked += [(one.kind, one.source) for one in settings().values()]
    for kind, source in marked:
        assert kind in KINDS
        # What no law or agreement sets says that it is a choice.
        assert (kind == "own choice") == source.startswith("own choice")


def test_every_item_of_the_law_that_is_a_number_is_watched() -> None:
    used = {item for one in watches() for item in (*one.upper, *one.lower)}
    asked = {
        *("result", "revenue", "liquidity", "working-capital", "payroll", "hired"),
        *("youth-act-revenue", "non-declarable", "waiting-form", "waiting-measure", "risk"),
        *("solvency", "vacancies"),  # of the Early Warning System
    }
    assert asked <= used


NUMBERS = st.lists(st.one_of(st.none(), st.floats(-100, 100)), min_size=5, max_size=5)


@given(NUMBERS, NUMBERS)
def test_more_that_is_known_never_turns_yes_into_no_or_no_into_yes(
    some: list[float | None], others: list[float | None]
) -> None:
    more = [one if one is not None else other for one, other in zip(some, others, strict=True)]
    fewer, all_ = (dict(zip(QUARTERS, row, strict=True)) for row in (some, more))
    for one in signals():
        if one.test != "missing":
            before, after = state(one, fewer, LAST), state(one, all_, LAST)
            assert before in (after, "unknown")
            if None not in more and not (one.test == "year" and (more[0] or 0) <= 0):
                assert after != "unknown"


def test_every_kind_of_test_is_used() -> None:
    assert {one.test for one in signals(date(2026, 6, 1))} == set(TESTS)


@pytest.mark.parametrize(
    ("on", "told", "away"),
    [
        ("2025-12-31", [], []),  # not yet asked by law
        ("2026-06-29", [], []),  # ninety days after the quarter
        ("2026-06-30", [], ["2026-Q1"]),
        ("2027-04-15", ["2026-Q2"], ["2026-Q3", "2026-Q4"]),
        ("2027-04-15", ["2026-Q3", "2026-Q4"], ["2026-Q2"]),
        ("2027-12-31", [], ["2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3"]),
    ],
)
def test_which_statements_are_missing(on: str, told: list[str], away: list[str]) -> None:
    provider = Provider(CODE, {Period.of(name): {} for name in told})
    day = date.fromisoformat(on)
    assert [str(one) for one in missing(provider, day)] == away
    states = {one["id"]: one["state"] for one in judge(provider, day)["signals"]}
    assert states.get("no-statement", "no") == ("yes" if away else "no")


def test_what_was_told_later_is_not_known_yet() -> None:
    told = statements({"result": [1, 2, 3, 4, 5], "revenue": [10] * 5})
    provider = told_by(told, date(2025, 1, 14))[CODE]
    assert str(provider.last) == "2024-Q3"
    assert told_by(told, date(2023, 12, 31)) == {}


def test_directions() -> None:
    by_id = {one.id: one for one in watches()}
    for watch, now, before, said in (
        ("liquidity", 2, 1, "better"),
        ("liquidity", 1, 2, "worse"),
        ("waiting", 2, 1, "worse"),
        ("waiting", 1, 2, "better"),
        ("care-days", 2, 1, "up"),
        ("care-days", 1, 2, "down"),
        ("waiting", 2, 2, "same"),
        ("waiting", None, 2, "unknown"),
    ):
        assert direction(by_id[watch], now, before) == said


def test_the_revenue_of_four_quarters_tells_the_scope_while_it_holds() -> None:
    for revenue, within in ((500_001, True), (500_000, False)):
        told = statements({"youth-act-revenue": [0, *[revenue] * 4]})
        provider = told_by(told, ON)[CODE]
        assert judge(provider, ON)["in_scope"] is within
        assert judge(provider, date(2026, 1, 1))["in_scope"] is None
    assert judge(told_by(told[2:], ON)[CODE], ON)["in_scope"] is None


def test_small_numbers_of_children_do_not_leave_and_what_rests_on_them_neither() -> None:
    told = {
        "waiting-form": [30, 31, 4, 5, 6],
        "in-care": [50, 50, 50, 50, 3],
        "care-days": [4500, 4500, 4500, 4500, 200],
        "liquidity": [1, 1, 1, 1, 1],
    }
    exact = told_by(statements(told), ON)
    left = leaving(exact, partial(protect, made_up=False))[CODE]
    assert left.items[LAST] == {"liquidity": 1.0}
    assert left.items[QUARTERS[0]]["waiting-form"] == 30.0
    states = {one["id"]: one["state"] for one in judge(left, ON)["signals"]}
    assert states["waiting-rising"] == states["care-falling"] == "unknown"
    exact_states = {one["id"]: one["state"] for one in judge(exact[CODE], ON)["signals"]}
    assert exact_states["waiting-rising"] == exact_states["care-falling"] == "yes"
    assert leaving(exact, partial(protect, made_up=True)) == exact


def test_without_numbers_directions_and_signals_stay() -> None:
    found = judge(told_by(statements(STORIES[1]["told"]), ON)[CODE], ON)
    bare = without_numbers(found)
    assert all(one["values"] is None for one in bare["indicators"])
    assert [one["since_year"] for one in bare["indicators"]] == [
        one["since_year"] for one in found["indicators"]
    ]
    assert bare["signals"] == found["signals"]
    assert not {"0.99", "899"} & set(str(bare).replace(",", " ").split())


SPELLS = st.lists(
    st.fixed_dictionaries(
        {
            "child": st.sampled_from("abcdef"),
            "station": st.sampled_from(["care-ambulatory", "wait-ambulatory", "list-institution"]),
            "form": st.sampled_from(["02", "03"]),
            "region": st.sampled_from(["JZ07", None]),
            "municipality": st.sampled_from(["0193", "0150"]),
            "provider": st.sampled_from([CODE, "00000002"]),
            "start": st.dates(date(2024, 1, 1), date(2024, 3, 1)),
            "end": st.one_of(st.none(), st.dates(date(2023, 12, 1), date(2024, 3, 1))),
        }
    ),
    max_size=12,
)


@given(SPELLS)
def test_who_depends_is_who_is_there(drawn: list[dict[str, Any]]) -> None:
    on = date(2024, 2, 1)
    rows = [
        row
        | {
            "episode": "e",
            "exit": None if row["end"] is None else "served",
            "known": row["start"],
            "source": "twin",
        }
        for row in drawn
    ]
    table = pa.Table.from_pylist(rows, schema=spell.SCHEMA)
    there = [
        row
        for row in rows
        if row["start"] <= on and (row["end"] is None or max(row["end"], row["start"]) > on)
    ]
    found = depend(table, CODE, on).to_pylist()
    groups = {
        (row["form"], row["region"])
        for row in there
        if row["provider"] == CODE and row["station"] != "list-institution"
    }
    assert {(row["form"], row["region"]) for row in found} == groups
    for row in found:
        mine = [
            one for one in there if (one["form"], one["region"]) == (row["form"], row["region"])
        ]
        care = {one["child"] for one in mine if one["station"] == "care-ambulatory"}
        here = {
            one["child"]
            for one in mine
            if one["station"] == "care-ambulatory" and one["provider"] == CODE
        }
        lists = {
            one["child"]
            for one in mine
            if one["station"] == "wait-ambulatory" and one["provider"] == CODE
        }
        assert (row["here"], row["others"], row["children"]) == (
            len(here),
            len(care - here),
            len(care),
        )
        assert row["waiting_here"] == len(lists)
    by_town = {row["municipality"]: row["children"] for row in towns(table, CODE, on).to_pylist()}
    assert by_town == {
        town: len(
            {
                one["child"]
                for one in there
                if one["provider"] == CODE
                and one["municipality"] == town
                and one["station"] != "list-institution"
            }
        )
        for town in {
            one["municipality"]
            for one in there
            if one["provider"] == CODE and one["station"] != "list-institution"
        }
    }


def test_alternatives_are_of_the_same_form_and_region() -> None:
    base = {
        "child": "a",
        "episode": "e",
        "station": "care-ambulatory",
        "form": "02",
        "region": "JZ07",
        "start": date(2024, 1, 1),
        "known": date(2024, 1, 1),
        "source": "twin",
        "provider": CODE,
    }
    rows = [base, base | {"provider": "00000002"}, base | {"form": "03"}, base | {"region": "JZ13"}]
    table = pa.Table.from_pylist(rows, schema=spell.SCHEMA)
    found = alternatives(table, [("02", "JZ07")], date(2024, 2, 1)).to_pylist()
    assert [(row["provider"], row["in_care_children"]) for row in found] == [
        (CODE, 1),
        ("00000002", 1),
    ]


def test_the_page_names_every_signal_and_combination_with_its_ground(project: Path) -> None:
    page = (project / "docs" / "how-to" / "watch-providers.md").read_text("utf-8")
    lines = page.splitlines()
    for one in signals(date(2026, 6, 1)):
        (line,) = (line for line in lines if f"`{one.id}`" in line)
        assert f"| {one.kind}" in line
    for each in combinations():
        assert f"`{each.id}`" in page
