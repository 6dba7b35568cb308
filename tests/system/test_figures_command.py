"""The command ``figures``, run as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from stelsel.system.figures import SCHEMA, figures, find, indicators


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stelsel", "figures", *words],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def rows(*words: str) -> list[dict[str, Any]]:
    result = run(*words, "--json")
    assert (result.returncode, result.stderr) == (0, "")
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_the_list_holds_every_indicator_and_figure() -> None:
    found = rows()
    assert [row["indicator"] for row in found] == list(indicators())
    assert sum(row["figures"] for row in found) == figures().num_rows
    assert list(found[0]) == [
        *("indicator", "figures", "first_year", "last_year", "levels", "units"),
    ]
    (one,) = [row for row in found if row["indicator"] == "population"]
    assert one["levels"] == ["country", "municipality"]
    assert one["units"] == ["persons"]


def test_the_list_can_be_narrowed() -> None:
    for row in rows("--year", "2021", "--region", "JZ13"):
        assert (row["first_year"], row["last_year"]) == (2021, 2021)
        assert row["levels"] == ["youth region"]


def test_rows_have_the_columns_of_the_table() -> None:
    found = rows("--indicator", "jeugdhulp_trajecten_stock", "--year", "2021", "--region", "NL")
    expected = find("jeugdhulp_trajecten_stock", year=2021, region="NL").to_pylist()
    assert [list(row) for row in found] == [SCHEMA.names] * len(expected)
    assert len(expected) > 5
    for one, other in zip(found, expected, strict=True):
        assert one["value"] == other["value"]
        assert one["period_start"] == other["period_start"].isoformat()
        assert one["caveats"] == other["caveats"]


def test_the_screen_shows_value_unit_period_status_and_source_in_dutch() -> None:
    result = run("--indicator", "jb_use", "--year", "2023", "--region", "NL")
    assert result.returncode == 0
    words = " ".join(result.stdout.split())
    for shown in (
        *("Onderdeel", "Gebied", "Periode", "Waarde", "Eenheid", "Status", "Bron"),
        *("1,1", "percent of", "definitief", "Nederland", "halfjaar"),
        "Bron 1: CBS StatLine 85098NED Indicatoren jeugdzorg in natura",
        "Let op: Deel van de leeftijdsgroep",
    ):
        assert shown in words, shown


def test_large_numbers_are_written_in_dutch() -> None:
    result = run("--indicator", "jeugdhulp_trajecten_stock", "--year", "2021")
    assert "326\u00a0570" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--indicator", "jeugdhulp_trajecten_stok"], "jeugdhulp_trajecten_stock"),
        (["--region", "Zwole"], "Zwolle"),
        (["--indicator", "births", "--region", "JZ40"], "JZ4"),
    ],
)
def test_a_wrong_name_ends_with_code_2_and_a_suggestion(words: list[str], said: str) -> None:
    result = run(*words)
    assert result.returncode == 2
    assert result.stdout == ""
    assert said in result.stderr


@pytest.mark.parametrize("words", [["--indicator", "births"], []])
def test_nothing_found_is_said_and_is_no_error(words: list[str]) -> None:
    assert rows(*words, "--year", "1900") == []
    result = run(*words, "--year", "1900")
    assert (result.returncode, result.stdout) == (0, "")
    assert "Geen cijfers voor deze keuze" in result.stderr
