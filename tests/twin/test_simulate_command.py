"""The commands simulate and demo: what cannot be is refused before the work, with a remedy."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.errors import StelselError
from stelsel.twin.runs.run import length

SHORT = ["--region", "JZ15", "--years", "0.05"]


@pytest.mark.parametrize(
    ("options", "where"),
    [
        (["--years", "-1"], "years"),
        (["--years", "nan"], "years"),
        (["--years", "100"], "years"),
        (["--seed", "-1"], "seed"),
        (["--seed", "9" * 25], "seed"),
        (["--start", "9999-01-01"], "start"),
        (["--start", "1999-12-31"], "start"),
        (["--start", "2021-02-29"], "--start"),
        (["--replications", "0"], "simulate"),
        (["--workers", "0"], "simulate"),
        (["--region", "JZ99"], "youth region"),
        (["--spells"], "--spells"),
    ],
)
def test_what_cannot_be_run_is_refused(options: list[str], where: str) -> None:
    result = CliRunner().invoke(app, ["simulate", *SHORT, *options])
    assert isinstance(result.exception, StelselError)
    assert [fault.where for fault in result.exception.faults] == [where]


@pytest.mark.parametrize("command", ["simulate", "demo"])
def test_a_folder_that_cannot_be_is_refused_before_the_work(command: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for out in (tmp_path / "file", tmp_path / "file" / "under"):
        result = CliRunner().invoke(app, [command, "--region", "JZ15", "--out", str(out)])
        assert isinstance(result.exception, StelselError)
        assert result.exception.faults[0].where == str(out)
        assert "Doorgerekend" not in result.output
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_demo_that_cannot_be_run_clears_nothing_away(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("the last demo", encoding="utf-8")
    for wrong in (["--region", "JZ99"], ["--years", "0"], ["--replications", "0"]):
        result = CliRunner().invoke(app, ["demo", "--out", str(tmp_path), *wrong])
        assert isinstance(result.exception, StelselError)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == "the last demo"


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [
        (date(2021, 1, 1), 1, date(2021, 12, 31)),
        (date(2020, 2, 29), 1, date(2021, 2, 28)),
        (date(2020, 2, 29), 4, date(2024, 2, 28)),
        (date(2020, 3, 1), 1, date(2021, 2, 28)),
        (date(2021, 7, 1), 10, date(2031, 6, 30)),
    ],
)
def test_whole_years_end_the_day_before_the_same_date(first: date, years: int, last: date) -> None:
    assert (last - first).days + 1 == length(first, years)


@pytest.mark.parametrize("start", ["2020-02-29", "2021-07-01", "2019-01-01", "2030-01-01"])
def test_a_run_may_begin_on_any_day(start: str) -> None:
    """The table then shows the flows of as much of the last calendar year as was run."""
    asked = ["simulate", "--region", "JZ15", "--years", "0.5", "--start", start]
    rows = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    last = max(row["period_end"] for row in rows)
    begun = next(
        row["value"]
        for row in rows
        if (row["form"], row["measure"], row["period_end"]) == ("02", "started", last)
        and row["period_start"] == max(start, f"{last[:4]}-01-01")
    )
    assert begun > 0
    shown = CliRunner().invoke(app, asked)
    assert shown.exit_code == 0
    line = next(line for line in shown.stdout.splitlines() if "Ambulant" in line)
    assert line.split("│")[2].replace(" ", "") == f"{begun:.0f}"
