"""Both engines give the same runs, over random marks, spells and births."""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from stelsel import marks as mark_table
from stelsel import spells as spell_table
from stelsel.monitor.clocks import oracle, running
from stelsel.system import Clock, clocks, exits, station, step, steps

EXAMPLES = int(os.environ.get("STELSEL_EXAMPLES", "1"))
WORLDS, TOGETHER = 6, 7
"""How many worlds of each clock stand in one table, and how many clocks run over it at once."""
DAY = date(2024, 3, 25)
RUNNING = [one for one in clocks() if one.runs]
STEPS = {one.id: number for number, one in enumerate(steps())}
CASES = {"1": "a", "2": "a", "3": "b", "4": None}


def near(clock: Clock) -> list[str]:
    names = (*clock.since, *clock.from_steps, *clock.to_steps, *clock.else_steps)
    return [name for name in names if not name.startswith(("in:", "out:", "birth"))]


def places(clock: Clock) -> list[str]:
    """The stations that a clock looks at, and those that its steps move."""
    named = [name.partition(":")[2] for name in clock.to_steps if name.startswith("in:")]
    moved = [
        place
        for name in near(clock)
        if name.partition(":")[0] in STEPS
        for place in (step(name.partition(":")[0]).begins, *step(name.partition(":")[0]).ends)
    ]
    found = [*clock.at, *filter(None, [clock.station]), *named, *filter(None, moved)]
    return list(dict.fromkeys(found)) or ["care-ambulatory"]


days = st.builds(
    lambda far, near: DAY + timedelta(days=far * 30 + near), st.integers(0, 14), st.integers(0, 12)
)


@st.composite
def mark(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    name, _, reason = draw(st.sampled_from(names)).partition(":")
    day = draw(days)
    case = draw(st.sampled_from([*CASES]))
    return {
        "mark": name,
        "reason": draw(st.sampled_from([reason or None, None])),
        "case": case,
        "child": CASES[case],
        "organisation": draw(st.sampled_from(["X1", "X2"])),
        "addressed": draw(st.sampled_from([None, None, "Z"])) if name not in STEPS else None,
        "municipality": "0193",
        "day": day,
        "known": day,
        "last_day": draw(st.none() | st.just(day + timedelta(days=90))),
        "reference": draw(st.sampled_from([None, "r", "s"])),
        "place": STEPS.get(name, 1),
        "implied": False,
    }


@st.composite
def spell(draw: st.DrawFn, names: list[str], number: int) -> dict[str, Any]:
    place = station(draw(st.sampled_from(names)))
    start = draw(days)
    length = draw(st.none() | st.integers(0, 300))
    ways = [one.id for one in exits(place.kind)] or ["planned"]
    return {
        "child": draw(st.sampled_from("ab")),
        "episode": f"e{number}",
        "station": place.id,
        "start": start,
        "end": None if length is None else start + timedelta(days=length),
        "exit": None if length is None else draw(st.sampled_from(ways)),
        "municipality": draw(st.sampled_from(["0193", "0150"])),
        "provider": draw(st.sampled_from([None, "99999999"])),
        "priority": draw(st.sampled_from([None, "crisis"])),
        "known": start,
        "source": draw(st.sampled_from(["cbs", "process", "twin"])),
    }


@st.composite
def worlds(draw: st.DrawFn, asked: tuple[Clock, ...]) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Give some worlds of each clock in one, apart from each other: a call costs more than rows."""
    spells, marks, births = [], [], []
    for number, clock in enumerate(asked * WORLDS):
        names = near(clock)
        heard = draw(st.lists(mark(names), max_size=12)) if names else []
        # Of one mark told twice on a day nobody can say which was first.
        once = {tuple(map(str, (m["mark"], m["case"], m["day"]))): m for m in heard}
        for one in once.values():
            child = one["child"] and f"{number}{one['child']}"
            marks.append({**one, "case": f"{number}/{one['case']}", "child": child})
        stays = [draw(spell(places(clock), n)) for n in range(draw(st.integers(0, 4)))]
        alone = {(s["child"], s["station"], s["start"]): s for s in stays}
        for one in alone.values():
            own = {name: f"{number}{one[name]}" for name in ("child", "episode")}
            spells.append({**one, **own})
        month = draw(st.sampled_from(["2006-05", "2008-02", "2002-03", "2003"]))
        births += [{"child": f"{number}{one}", "birth_month": month} for one in "ab"]
    return (
        pa.Table.from_pylist(spells, schema=spell_table.SCHEMA),
        pa.Table.from_pylist(marks, schema=mark_table.SCHEMA),
        pa.Table.from_pylist(births),
    )


@pytest.mark.parametrize("first", range(0, len(RUNNING), TOGETHER))
def test_both_engines_agree(first: int) -> None:
    asked = tuple(RUNNING[first : first + TOGETHER])

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        # A world of many cases shrinks slowly, and the rows that differ say enough.
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(worlds(asked), st.integers(-5, 500))
    def agree(world: tuple[pa.Table, pa.Table, pa.Table], after: int) -> None:
        spells, marks, births = world
        on = DAY + timedelta(days=after)
        only = [one.norm for one in asked]
        fast = set(map(str, running(spells, on, marks, births, only=only).to_pylist()))
        slow = set(map(str, oracle.running(spells, on, marks, births, only=only).to_pylist()))
        assert not fast ^ slow, (sorted(fast - slow), sorted(slow - fast))

    agree()


def test_the_engine_gives_its_rows_in_order() -> None:
    one = {"child": "a", "episode": "1", "station": "list-board-protection", "known": DAY}
    later = {**one, "child": "b", "start": DAY + timedelta(days=1), "source": "twin"}
    table = pa.Table.from_pylist(
        [later, {**one, "start": DAY, "source": "twin"}], schema=spell_table.SCHEMA
    )
    found = running(table, DAY + timedelta(days=3))
    assert found["norm"].to_pylist() == [
        "board-start",
        "board-start",
        "board-update",
        "board-update",
    ]
    assert found["case"].to_pylist() == ["a", "b", "a", "b"]
    assert found.equals(oracle.running(table, DAY + timedelta(days=3)))
