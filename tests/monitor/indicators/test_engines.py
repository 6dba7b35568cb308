"""Both engines give the same for every indicator, over random tables of spells.

A region stands for a table of its own: children do not cross it, so that one question asks of many
tables at once. Days tie, spells last no day, end before they begin, lie open, and repeat.
"""

from __future__ import annotations

import math
import os
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel import spells as spell
from stelsel import system
from stelsel.monitor.indicators import Indicator, known, oracle, work_out

EXAMPLES = int(os.environ.get("STELSEL_EXAMPLES", "1"))
DAY = date(2024, 3, 1)
EXITS = {
    station.id: [one.id for one in system.exits(station.kind)] for station in system.stations()
}
REGIONS = [f"JZ{number:02d}" for number in range(1, 43)]


@st.composite
def tables(draw: st.DrawFn, one: Indicator) -> pa.Table:
    """Give spells, most of them at the stations that the indicator looks at."""
    parts = [part for part in (one.of, one.part, one.per) if part]
    near = [name for part in parts for name in part.stations]
    rows: list[dict[str, Any]] = []
    for region in draw(st.lists(st.sampled_from(REGIONS), min_size=1, max_size=12, unique=True)):
        for _ in range(draw(st.integers(0, 9))):
            station = draw(st.sampled_from(near))
            start = DAY + timedelta(days=draw(st.integers(0, 40)) * draw(st.sampled_from([1, 9])))
            shortest = -5 if station.startswith("wait-") else 0
            length = draw(st.none() | st.integers(shortest, 30) | st.integers(60, 120))
            asked = [name for part in parts for name in part.exits if name in EXITS[station]]
            exits = [*EXITS[station], *asked, *asked] or ["ended"]
            rows.append(
                {
                    "child": region + draw(st.sampled_from("abc")),
                    "episode": "e",
                    "station": station,
                    "form": draw(st.sampled_from(["02", "11", "13", None])),
                    "start": start,
                    "end": None if length is None else start + timedelta(days=length),
                    "exit": None if length is None else draw(st.sampled_from(exits)),
                    "region": region,
                    "municipality": "0193",
                    "provider": draw(st.sampled_from(["99999999", None])),
                    "referrer": draw(st.sampled_from(["01", "02", None])),
                    "priority": draw(st.sampled_from(["crisis", "protection", None])),
                    "known": start,
                    "source": "twin",
                }
            )
    return pa.Table.from_pylist(rows, schema=spell.SCHEMA)


def alike(fast: pa.Table, slow: pa.Table) -> None:
    assert fast.schema.equals(slow.schema, check_metadata=True)
    others, whole = [], []
    for table in (fast, slow):
        numbers = table.select(["value", "low", "high"]).to_pylist()
        others.append(table.drop_columns(["value", "low", "high"]).to_pylist())
        whole.append([value for row in numbers for value in row.values()])
    assert others[0] == others[1]
    assert [one is None for one in whole[0]] == [one is None for one in whole[1]]
    pairs = [(one, other) for one, other in zip(*whole, strict=True) if one is not None]
    assert all(math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) for one, other in pairs)


@pytest.mark.parametrize("indicator", known(), ids=lambda one: one.id)
def test_both_engines_agree(indicator: Indicator) -> None:
    @settings(max_examples=EXAMPLES, deadline=None)
    @given(
        tables(indicator),
        st.integers(0, 500),
        st.sampled_from([30, 200, 400]),
        st.sampled_from([("region",), ("region", *indicator.by), ("region", "month")]),
    )
    def agree(spells: pa.Table, after: int, days: int, by: tuple[str, ...]) -> None:
        as_of = DAY + timedelta(days=after)
        names = tuple(dict.fromkeys(by))
        alike(
            work_out(indicator, spells, as_of, names, days),
            oracle.work_out(indicator, spells, as_of, names, days),
        )

    agree()
