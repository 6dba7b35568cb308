"""What the page tells is what a real register tells, read through the whole way in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from stelsel.errors import StelselError
from stelsel.register import Register
from stelsel.web.page import render
from stelsel.web.report import Report, gather

Rows = list[dict[str, Any]]
Waits = Callable[[str | None], Rows]
"""The waits of a form, or of all."""
LAST = date(2024, 11, 20)
"""The day up to which the register of conftest.py was made."""


@pytest.fixture(scope="module")
def gathered(register: Path, run_folder: Path) -> Report:
    return gather(register, run_folder, LAST)


@pytest.fixture(scope="module")
def waits(register: Path) -> Waits:
    rows = [
        row
        for row in Register.open(register).spells().to_pylist()
        if row["station"].startswith("wait-")
    ]
    return lambda code: [row for row in rows if code in (None, row["form"])]


def waiting_on(rows: Rows, day: date) -> int:
    return len(
        {
            row["child"]
            for row in rows
            if row["start"] <= day and (row["end"] is None or row["end"] > day)
        }
    )


def test_it_says_what_it_is_about(gathered: Report) -> None:
    assert dict(gathered.regions) == {"JZ07": "IJsselland"}
    assert gathered.made_up
    assert gathered.as_of == LAST
    assert gathered.period == (date(2023, 11, 22), LAST)
    assert gathered.known_on >= LAST - timedelta(30)
    assert gathered.run is not None


def test_the_lists_are_counted_as_by_hand(waits: Waits, gathered: Report) -> None:
    assert [row["form"] for row in gathered.by_form] == ["02", "11", "13"]
    for row in gathered.by_form:
        rows = waits(row["form"])
        assert row["waiting_children"] == waiting_on(rows, LAST) > 0
        started = [
            one
            for one in rows
            if one["exit"] == "served" and gathered.period[0] <= one["end"] <= LAST
        ]
        assert row["completed"] == len(started) > 0
    assert gathered.total["waiting_children"] == waiting_on(waits(None), LAST)


def test_the_months_are_those_in_which_something_happened(waits: Waits, gathered: Report) -> None:
    months = gathered.by_month
    assert [row["period_start"] for row in months] == [
        date(year, month, 1)
        for year in (2023, 2024)
        for month in range(1, 13)
        if (year, month) < (2024, 12)
    ]
    for row in months:
        assert row["waiting_children"] == waiting_on(waits(None), row["period_end"])
    assert months[-1]["period_end"] == LAST
    assert set(gathered.by_form_and_month) == {"02", "11", "13"}
    for code, rows in gathered.by_form_and_month.items():
        assert len(rows) == len(months)
        assert rows[-1]["waiting_children"] == waiting_on(waits(code), LAST)


def test_a_year_ago_is_the_same_day(waits: Waits, gathered: Report) -> None:
    day = date(2023, 11, 20)
    assert gathered.year_ago
    assert gathered.year_ago["waiting_children"] == waiting_on(waits(None), day) > 0
    for code, row in gathered.by_form_year_ago.items():
        assert row["waiting_children"] == waiting_on(waits(code), day)


def test_a_young_register_has_no_year_ago(register: Path) -> None:
    young = gather(register, None, date(2023, 12, 31))
    assert len(young.by_month) == 12
    assert young.year_ago is None
    assert young.by_form_year_ago == {}


def test_three_years_of_months_at_most(register: Path) -> None:
    for day in (date(2026, 1, 31), date(2028, 2, 29)):
        months = gather(register, None, day).by_month
        assert len(months) == 36
        assert months[-1]["period_end"] == day


def test_the_page_shows_it_and_no_flow_of_half_a_month(gathered: Report) -> None:
    page = render(gathered)
    assert "Wachten op jeugdhulp in IJsselland" in page
    assert f"wachtten {gathered.total['waiting_children']} kinderen op jeugdhulp" in page
    dutch = page[page.index('id="nl-trend-flows"') :]
    flows = dutch[: dutch.index('<div class="foot">')]
    assert "oktober\N{NO-BREAK SPACE}2024" in flows
    assert "november\N{NO-BREAK SPACE}2024" not in flows


def test_what_leaves_is_logged(register: Path, run_folder: Path) -> None:
    log = register / "releases.jsonl"
    before = len(log.read_text().splitlines()) if log.exists() else 0
    gather(register, run_folder, LAST)
    lines = [json.loads(line) for line in log.read_text().splitlines()[before:]]
    assert sorted((line["asked"]["by"], line["asked"]["as_of"]) for line in lines) == [
        ([], "2023-11-20"),
        ([], "2024-11-20"),
        (["form"], "2023-11-20"),
        (["form"], "2024-11-20"),
        (["form", "month"], "2024-11-20"),
        (["month"], "2024-11-20"),
    ]
    assert {line["made_up"] for line in lines} == {True}


def test_an_empty_register_is_said_to_be_empty(tmp_path: Path) -> None:
    Register.create(tmp_path / "register")
    with pytest.raises(StelselError, match="register is empty"):
        gather(tmp_path / "register")


def test_what_is_no_register_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StelselError, match=r"(?s)not a register|no register here"):
        gather(tmp_path / "nothing")


def test_a_run_folder_without_its_files_is_refused(register: Path, tmp_path: Path) -> None:
    with pytest.raises(StelselError) as caught:
        gather(register, tmp_path)
    assert len(caught.value.faults) == 4
