"""What is asked of the monitor: groups, months, order, and questions that cannot be answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest

from stelsel import spells as spell
from stelsel import system
from stelsel.errors import StelselError
from stelsel.monitor import for_readers, schema, waiting
from stelsel.monitor.question import question
from stelsel.monitor.waits import SERVED


def wait(start: date, end: date | None = None, **other: Any) -> dict[str, Any]:
    row = {
        "child": "a",
        "episode": "a",
        "station": "wait-ambulatory",
        "form": "02",
        "start": start,
        "end": end,
        "exit": None if end is None else "served",
        "known": start,
        "source": "twin",
    }
    return row | other


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=spell.SCHEMA)


def test_by_month_there_is_a_row_for_every_month_and_group() -> None:
    spells = table(
        wait(date(2026, 1, 10), date(2026, 3, 5)),
        wait(date(2026, 2, 1), form="11"),
    )
    rows = waiting(spells, date(2026, 3, 15), ["month", "form"], days=60).to_pylist()
    seen = [(r["month"], r["form"], r["inflow"], r["completed"], r["waiting"]) for r in rows]
    assert seen == [
        ("2026-01", "02", 1, 0, 1),
        ("2026-01", "11", 0, 0, 0),
        ("2026-02", "02", 0, 0, 1),
        ("2026-02", "11", 1, 0, 1),
        ("2026-03", "02", 0, 1, 0),
        ("2026-03", "11", 0, 0, 1),
    ]
    assert (rows[0]["period_start"], rows[0]["period_end"]) == (date(2026, 1, 1), date(2026, 1, 31))
    assert (rows[-1]["period_start"], rows[-1]["period_end"]) == (
        date(2026, 3, 1),
        date(2026, 3, 15),
    )
    assert {row["as_of"] for row in rows} == {date(2026, 3, 15)}


def test_the_period_has_as_many_days_as_asked() -> None:
    [row] = waiting(table(), date(2026, 12, 31), [], days=365).to_pylist()
    assert (row["period_start"], row["period_end"]) == (date(2026, 1, 1), date(2026, 12, 31))


def test_months_go_on_to_the_last_day_that_can_be_written() -> None:
    (found,) = question(date.max, ["month"], 31).periods
    assert (found.first, found.last, found.month) == (date(9999, 12, 1), date.max, "9999-12")


def test_twelve_entries_of_four_children_do_not_leave() -> None:
    day = date(2026, 3, 1)
    lists = ("wait-ambulatory", "wait-day-help", "wait-foster-care")
    found = table(*(wait(day, child=child, station=one) for child in "abcd" for one in lists))
    rows = waiting(found, date(2026, 6, 30), by=[])
    assert rows.select(["waiting", "waiting_children"]).to_pylist() == [
        {"waiting": 12, "waiting_children": 4}
    ]
    (shown,) = for_readers(rows, known_on=None, made_up=False).to_pylist()
    assert {"waiting", "waiting_children", "waited_days_median"} <= set(shown["protected"])


def test_an_unknown_code_is_a_group_and_comes_last() -> None:
    spells = table(
        wait(date(2026, 1, 1), referrer=None),
        wait(date(2026, 1, 1), referrer="02"),
        wait(date(2026, 1, 1), referrer=None, form="01"),
        wait(date(2026, 1, 1), referrer="01"),
    )
    rows = waiting(spells, date(2026, 1, 31), ["referrer"]).to_pylist()
    assert [(row["referrer"], row["waiting"]) for row in rows] == [("01", 1), ("02", 1), (None, 2)]


def test_columns_come_in_the_order_asked() -> None:
    spells = table(wait(date(2026, 1, 1), region="JZ07"))
    found = waiting(spells, date(2026, 1, 31), ["form", "region"])
    assert found.column_names[:3] == ["form", "region", "as_of"]
    assert found.schema.equals(schema(["form", "region"]), check_metadata=True)


def test_access_and_other_stations_are_no_waits() -> None:
    spells = table(wait(date(2026, 1, 1), station="access-gp", form=None))
    [row] = waiting(spells, date(2026, 1, 31), []).to_pylist()
    assert row["waiting"] == row["in_care"] == row["inflow"] == 0


def test_every_fault_of_a_question_is_told_at_once() -> None:
    with pytest.raises(StelselError) as caught:
        waiting(table(), date(2026, 1, 31), ["regio", "form", "form"], days=0)
    texts = [str(fault) for fault in caught.value.faults]
    assert len(texts) == 3
    assert "Did you mean region?" in texts[0]
    assert "form" in texts[1]
    assert "days" in texts[2]


def test_a_table_that_is_not_of_spells_is_refused() -> None:
    with pytest.raises(StelselError, match="Column station is missing"):
        waiting(table().drop_columns(["station"]), date(2026, 1, 31))
    with pytest.raises(StelselError, match="station"):
        waiting(ibis.memtable(table().drop_columns(["station"])), date(2026, 1, 31))


def test_the_exit_that_ends_a_wait_by_care_is_one_of_the_map() -> None:
    assert SERVED in {one.id for one in system.exits() if one.kind == "wait"}


def test_the_interval_covers_the_true_median_as_often_as_it_says() -> None:
    """400 made-up providers with exponential waits, late entry, withdrawals and open ends."""
    runs, waits, mean = 400, 150, 400.0
    chance = np.random.default_rng(20260630)
    as_of, days = date(2026, 6, 30), 2000
    began = chance.integers(-1000, days, (runs, waits))
    length = np.ceil(chance.exponential(mean, (runs, waits)))
    leaves = np.ceil(chance.exponential(3 * mean, (runs, waits)))
    first = as_of - timedelta(days=days - 1)
    rows = [
        wait(
            first + timedelta(days=int(began[run, number])),
            first + timedelta(days=int(began[run, number] + min(served, left))),
            exit="served" if served <= left else "withdrawn",
            provider=f"{run:08d}",
        )
        for run in range(runs)
        for number, (served, left) in enumerate(zip(length[run], leaves[run], strict=True))
    ]
    found = waiting(table(*rows), as_of, ["provider"], days=days).to_pylist()
    assert len(found) == runs
    for name, share in {"median": 0.5, "p80": 0.2}.items():
        truth = np.ceil(-mean * np.log(share))
        covered = [row[f"{name}_low"] <= truth <= (row[f"{name}_high"] or np.inf) for row in found]
        # 95 % of 400 with a standard deviation of 1.1 %: 92-98 % is nearly three of them.
        assert 0.92 <= np.mean(covered) <= 0.98, name
