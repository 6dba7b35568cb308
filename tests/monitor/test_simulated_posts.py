"""Posts of a run follow the counts of the twin, week by week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from stelsel.monitor.simulated_posts import FILLED, ILL, VACANT, posts_of
from stelsel.spells import check

FIRST = date(2021, 1, 1)
COUNT = st.floats(0, 6, allow_nan=False)
WEEK = st.fixed_dictionaries(
    {"full": COUNT, "new": COUNT, "vacant": COUNT, "ill": COUNT, "left": st.floats(0, 3)}
)


def staff(weeks: list[dict[str, float]], region: str = "JZ07") -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"week": FIRST + timedelta(7 * n), "service": "worker", "region": region, **week}
            for n, week in enumerate(weeks)
        ]
    )


def there(rows: list[dict[str, Any]], station: str, day: date) -> int:
    return sum(
        row["station"] == station
        and row["start"] <= day
        and (row["end"] is None or row["end"] > day)
        for row in rows
    )


@given(st.lists(WEEK, min_size=1, max_size=12))
def test_as_many_posts_as_the_week_counts(weeks: list[dict[str, float]]) -> None:
    rows = check(posts_of(staff(weeks))).to_pylist()
    for n, week in enumerate(weeks):
        day = FIRST + timedelta(7 * n)
        workers = int(np.floor(week["full"] + week["new"] + 1e-6))
        ill = min(int(np.floor(week["ill"] + 1e-6)), workers)
        assert there(rows, VACANT, day) == int(np.floor(week["vacant"] + 1e-6))
        assert there(rows, ILL, day) == ill
        assert there(rows, FILLED, day) == workers - ill
    for row in rows:
        assert row["end"] is None or row["end"] > row["start"]


def test_as_many_leave_as_the_run_says_and_leave_a_vacancy() -> None:
    steady = {"full": 40.0, "new": 10.0, "vacant": 5.0, "ill": 4.0, "left": 0.25}
    rows = posts_of(staff([steady] * 101)).to_pylist()
    left = [row for row in rows if row["exit"] == "left"]
    assert len(left) == 25, "a quarter a week, but for the first week"
    assert sum(row["exit"] == "filled" for row in rows) == 25
    assert not [row for row in rows if row["exit"] == "cancelled"]


def test_rounding_of_many_stations_adds_up() -> None:
    week = {"full": 2.5, "new": 0.0, "vacant": 0.4, "ill": 0.2, "left": 0.0}
    tables = [staff([week], f"JZ{n:02d}") for n in range(1, 41)]
    rows = posts_of(pa.concat_tables(tables)).to_pylist()
    assert abs(sum(row["station"] != VACANT for row in rows) - 100) <= 2
    assert abs(sum(row["station"] == VACANT for row in rows) - 16) <= 2
    assert {row["region"] for row in rows} == {f"JZ{n:02d}" for n in range(1, 41)}


def test_providers_of_one_service_each_have_their_posts() -> None:
    week = {"full": 3.0, "new": 0.0, "vacant": 1.0, "ill": 0.0, "left": 0.0}
    one = staff([week, week])
    two = pa.concat_tables([one.slice(0, 1), one.slice(0, 1), one.slice(1), one.slice(1)])
    rows = posts_of(two).to_pylist()
    assert len(rows) == 8, "nobody comes or goes"
    assert len({row["child"] for row in rows}) == 8
