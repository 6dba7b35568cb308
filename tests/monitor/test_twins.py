"""The monitor against its slow twin, against lifelines and against the arithmetic of lists."""

from __future__ import annotations

from datetime import date, timedelta
from tempfile import TemporaryDirectory
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from stelsel import spells as spell
from stelsel.monitor import oracle, waiting
from stelsel.monitor.survival import quantiles, steps

DAY = date(2026, 1, 1)
GROUPINGS: list[tuple[str, ...]] = [
    (),
    ("form",),
    ("month",),
    ("region", "form"),
    ("form", "month"),
    ("referrer", "priority"),
]


@st.composite
def spell_rows(draw: st.DrawFn) -> dict[str, Any]:
    """Give one spell within some ten weeks, so that days tie, waits overlap and ends lie open."""
    start = DAY + timedelta(days=draw(st.integers(0, 70)))
    station = draw(st.sampled_from(["wait-ambulatory", "wait-x", "care-ambulatory", "access-x"]))
    shortest = -15 if station.startswith("wait-") else 0
    length = draw(st.none() | st.integers(shortest, 50) | st.just(0))
    exits = ["served", "served", "withdrawn", "worse"]
    return {
        "child": draw(st.sampled_from("abcdefgh")),
        "episode": "e",
        "station": station,
        "form": draw(st.sampled_from(["02", "11", None])),
        "start": start,
        "end": None if length is None else start + timedelta(days=length),
        "exit": None if length is None else draw(st.sampled_from(exits)),
        "region": draw(st.sampled_from(["JZ01", "JZ02", "JZ03", None])),
        "municipality": "0193",
        "provider": "99999999",
        "referrer": draw(st.sampled_from(["01", None])),
        "priority": draw(st.sampled_from(["crisis", "regular"])),
        "known": start,
        "source": "twin",
    }


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=spell.SCHEMA)


spell_tables = st.lists(spell_rows(), max_size=100).map(table)
days_of_looking = st.integers(0, 90).map(lambda days: DAY + timedelta(days=days))


@settings(max_examples=50, deadline=None)
@given(spell_tables, days_of_looking, st.integers(1, 60), st.sampled_from(GROUPINGS))
def test_it_gives_what_its_slow_twin_gives(
    spells: pa.Table, as_of: date, days: int, by: tuple[str, ...]
) -> None:
    fast = waiting(spells, as_of, by, days)
    slow = oracle.waiting(spells, as_of, by, days)
    assert fast.schema.equals(slow.schema, check_metadata=True)
    assert fast.to_pylist() == slow.to_pylist()


@settings(max_examples=15, deadline=None)
@given(spell_tables, days_of_looking, st.integers(1, 60))
def test_stock_before_plus_inflow_minus_outflow_is_stock_after(
    spells: pa.Table, as_of: date, days: int
) -> None:
    [after] = waiting(spells, as_of, (), days).to_pylist()
    [before] = waiting(spells, as_of - timedelta(days=days), (), 1).to_pylist()
    assert before["waiting"] + after["inflow"] - after["outflow"] == after["waiting"]
    assert before["in_care"] + after["care_started"] - after["care_ended"] == after["in_care"]
    assert after["completed"] + after["withdrawn"] == after["outflow"]
    assert after["negative"] <= after["completed"]
    assert after["waiting_children"] <= after["waiting"]


@settings(max_examples=15, deadline=None)
@given(spell_tables, days_of_looking, st.sampled_from(["form", "region", "priority"]))
def test_groups_add_up_to_the_total(spells: pa.Table, as_of: date, by: str) -> None:
    [total] = waiting(spells, as_of, (), 30).to_pylist()
    rows = waiting(spells, as_of, (by,), 30).to_pylist()
    for name in ("waiting", "completed", "withdrawn", "negative", "inflow", "in_care"):
        assert sum(row[name] for row in rows) == total[name]


@settings(max_examples=15, deadline=None)
@given(spell_tables, days_of_looking)
def test_what_happens_after_the_day_of_looking_changes_nothing(
    spells: pa.Table, as_of: date
) -> None:
    then = []
    for row in spells.to_pylist():
        if row["start"] > as_of:
            continue
        later = row["end"] is not None and row["end"] > as_of
        then.append({**row, "end": None, "exit": None} if later else row)
    assert waiting(table(then), as_of, ("form", "month"), 45).equals(
        waiting(spells, as_of, ("form", "month"), 45)
    )


@settings(max_examples=5, deadline=None)
@given(spell_tables, days_of_looking)
def test_an_ibis_table_gives_the_same(spells: pa.Table, as_of: date) -> None:
    with TemporaryDirectory() as folder:
        pq.write_table(spells, f"{folder}/spells.parquet")
        there = ibis.duckdb.connect().read_parquet(f"{folder}/spells.parquet")
        found = waiting(there, as_of, ("form", "region"), 30)
    assert found.equals(waiting(spells, as_of, ("form", "region"), 30))


observations = st.one_of(
    st.tuples(st.integers(-10, 30), st.booleans(), st.none()),
    st.tuples(st.integers(1, 20), st.booleans(), st.integers(0, 20)).map(
        lambda one: (one[2] + one[0], one[1], one[2])
    ),
)
observation_lists = st.lists(observations, min_size=1, max_size=30)
"""Time, whether by the event, and the age of late entry (None: from the beginning)."""


@settings(max_examples=25, deadline=None)
@given(st.lists(observation_lists, min_size=10, max_size=20))
def test_curve_and_quantiles_agree_with_lifelines(
    groups: list[list[tuple[int, bool, int | None]]],
) -> None:
    rows = [
        {"group": number, "time": time, "event": event, "entry": entry}
        for number, group in enumerate(groups)
        for time, event, entry in group
    ]
    types = {"group": pa.int64(), "time": pa.int64(), "event": pa.bool_(), "entry": pa.int64()}
    observed = ibis.memtable(pa.Table.from_pylist(rows, schema=pa.schema(types)))
    curve = steps(observed, ["group"])
    days = curve.order_by("group", "time").to_pyarrow().to_pylist()
    found = {
        row["group"]: row
        for row in quantiles(curve, ["group"], {"median": 0.5, "p80": 0.2}).to_pyarrow().to_pylist()
    }
    for number, group in enumerate(groups):
        if has_gap(group):
            continue
        peer = lifelines_curve(group)
        mine = [row for row in days if row["group"] == number]
        assert [(row["time"], row["at_risk"], row["events"]) for row in mine] == [
            (day, at_risk, events) for day, at_risk, events, *_ in peer
        ]
        for row, (_, _, _, survival, low, high) in zip(mine, peer, strict=True):
            assert row["survival"] == pytest.approx(survival, abs=1e-9)
            if row["at_risk"] > row["events"]:  # where the curve is zero there is no variance
                assert row["low"] == pytest.approx(low, abs=1e-9)
                assert row["high"] == pytest.approx(high, abs=1e-9)
        for name, share in {"median": 0.5, "p80": 0.2}.items():
            expected = next((day for day, _, _, s, *_ in peer if s <= share + 1e-9), None)
            assert found.get(number, {}).get(f"{name}_days") == expected


def has_gap(group: list[tuple[int, bool, int | None]]) -> bool:
    """Say whether at the end of some day nobody is left of those at risk, with others to enter.

    lifelines refuses such a group where it sees it; with us the curve ends there, or the newcomers
    of that very day carry it on.
    """
    first, last = min(time for time, *_ in group), max(time for time, *_ in group)
    for day in range(first, last + 1):
        at_risk = [one for one in group if (one[2] is None or one[2] < day) and day <= one[0]]
        if not at_risk:
            return True
        if day < last and all(time == day for time, *_ in at_risk):
            return True
    return all(entry is not None for *_, entry in group)


def lifelines_curve(
    group: list[tuple[int, bool, int | None]],
) -> list[tuple[int, int, int, float, float, float]]:
    """Give day, at risk, events, survival and bounds on the days with events.

    Its table counts who enters at ``t`` as at risk at ``t``; its estimate leaves them out, so that
    they are at risk after ``t``, as with us. On the very first day of the table it keeps them in;
    who is there from the beginning therefore enters one day before anything happens.
    """
    first = min(min(time, time if entry is None else entry) for time, _, entry in group) - 1
    fitter = KaplanMeierFitter(alpha=0.05).fit(
        [time for time, *_ in group],
        [event for _, event, _ in group],
        entry=[first if entry is None else entry for *_, entry in group],
    )
    bounds = fitter.confidence_interval_
    return [
        (
            int(day),
            int(row["at_risk"] - row["entrance"]),
            int(row["observed"]),
            float(fitter.survival_function_.loc[day].iloc[0]),
            float(bounds.loc[day].iloc[0]),
            float(bounds.loc[day].iloc[1]),
        )
        for day, row in fitter.event_table.iterrows()
        if row["observed"] > 0
    ]


def test_lifelines_too_has_who_enters_on_a_day_at_risk_only_after_it() -> None:
    """The convention on tied days that the comparison above leans on."""
    fitter = KaplanMeierFitter().fit([5, 7, 9], [True, True, True], entry=[0, 0, 5])
    assert fitter.survival_function_.loc[5].iloc[0] == 0.5
    assert fitter.event_table.loc[5, "at_risk"] == 3
