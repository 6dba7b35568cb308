"""Both survival estimates by hand on tied days, and Aalen-Johansen against lifelines."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter

from stelsel.monitor.competing import shares_by
from stelsel.monitor.oracle import Observation, kaplan_meier
from stelsel.monitor.survival import steps

CASES = yaml.safe_load((Path(__file__).parent / "survival_cases.yaml").read_text())
TYPES = {"entry": pa.int64(), "time": pa.int64(), "cause": pa.string()}
WAYS = ("served", "withdrawn", "worse")


def observed(rows: list[dict[str, Any]], **types: pa.DataType) -> ibis.Table:
    return ibis.memtable(pa.Table.from_pylist(rows, schema=pa.schema({**types, **TYPES})))


def seen_of(case: dict[str, Any]) -> list[dict[str, Any]]:
    lines = [line.split() for line in case["seen"].strip().splitlines()[1:]]
    return [
        {
            "entry": None if first == "-" else int(first),
            "time": int(last),
            "cause": None if how == "-" else how,
        }
        for first, last, how in lines
    ]


def share(text: object) -> float | None:
    return None if text == "none" else float(Fraction(str(text)))


@pytest.mark.parametrize("case", CASES, ids=[case["case"][:50] for case in CASES])
def test_the_curve_comes_out_as_by_hand(case: dict[str, Any]) -> None:
    rows = seen_of(case)
    table = observed(rows)
    curve = steps(table.mutate(event=(table.cause == "served").fill_null(False)), [])
    fast = {row["time"]: row["survival"] for row in curve.to_pyarrow().to_pylist()}
    slow = kaplan_meier(
        [
            # Here the first age at which it is at risk, there the last at which it is not.
            Observation(
                None if row["entry"] is None else row["entry"] + 1,
                row["time"],
                row["cause"] == "served",
            )
            for row in rows
        ]
    )
    expected = {day: pytest.approx(share(text)) for day, text in case["curve"].items()}
    assert fast == expected
    assert {step.day: step.survival for step in slow} == expected


@pytest.mark.parametrize("case", CASES, ids=[case["case"][:50] for case in CASES])
def test_the_ways_of_ending_come_out_as_by_hand(case: dict[str, Any]) -> None:
    table = observed(seen_of(case))
    for day, ways in case["ways"].items():
        rows = shares_by(table, [], day).to_pyarrow().to_pylist()
        found = {row["cause"]: row["value"] for row in rows}
        expected = {way: share(text) for way, text in ways.items()}
        assert found.keys() == expected.keys()
        for way, value in expected.items():
            assert found[way] == (None if value is None else pytest.approx(value)), (day, way)


@st.composite
def waits_without_ties(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Give waits that end each on a day of their own, on which nobody comes in."""
    lasts = draw(st.lists(st.integers(2, 60), min_size=3, max_size=25, unique=True))
    rows = []
    for last in lasts:
        entry = draw(st.none() | st.none() | st.integers(0, last - 1))
        rows.append(
            {
                "entry": None if entry is None else 2 * entry + 1,
                "time": 2 * last,
                "cause": draw(st.sampled_from([*WAYS, "served", None])),
            }
        )
    return rows


@settings(max_examples=4, deadline=None)
@given(st.lists(waits_without_ties(), min_size=8, max_size=12), st.integers(1, 60))
def test_the_ways_of_ending_agree_with_lifelines(
    groups: list[list[dict[str, Any]]], half: int
) -> None:
    """Value and interval, with late entry; lifelines moves tied days apart, so there are none."""
    day = 2 * half
    whole = [(n, rows) for n, rows in enumerate(groups) if not gap_before(rows, day)]
    assume(whole)
    every = [{"group": n, **row} for n, rows in whole for row in rows]
    told = shares_by(observed(every, group=pa.int64()), ["group"], day).to_pyarrow().to_pylist()
    found = {(row["group"], row["cause"]): row for row in told}
    for number, rows in whole:
        for cause in {row["cause"] for row in rows} - {None}:
            value, low, high = lifelines_share(rows, cause, day)
            mine = found[number, cause]
            if mine["value"] is None:  # nobody was seen for so long
                assert max(row["time"] for row in rows) < day
                continue
            assert mine["value"] == pytest.approx(value, abs=1e-9)
            if max(row["time"] for row in rows) <= day:
                continue  # on the last day it divides by zero
            if 0 < value < 1 - 1e-9:
                assert (mine["low"], mine["high"]) == pytest.approx((low, high), abs=1e-9)


def gap_before(rows: list[dict[str, Any]], day: int) -> bool:
    """Say whether at the end of some day up to this one nobody is left, with others to enter."""
    last = min(day, max(row["time"] for row in rows) - 1)
    return not all(
        any((row["entry"] is None or row["entry"] <= one) and row["time"] > one for row in rows)
        for one in range(last + 1)
    ) or all(row["entry"] is not None for row in rows)


def lifelines_share(rows: list[dict[str, Any]], cause: str, day: int) -> tuple[float, float, float]:
    numbers: dict[str | None, int] = {way: number for number, way in enumerate(WAYS, 1)}
    numbers[None] = 0
    fitter = AalenJohansenFitter().fit(
        [row["time"] for row in rows],
        [numbers[row["cause"]] for row in rows],
        event_of_interest=numbers[cause],
        entry=[0 if row["entry"] is None else row["entry"] for row in rows],
    )
    upto = fitter.cumulative_density_.loc[:day].index[-1]
    low, high = fitter.confidence_interval_.loc[upto]
    return float(fitter.cumulative_density_.loc[upto].iloc[0]), float(low), float(high)
