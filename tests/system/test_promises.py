"""Every measure of the letters is in the list of promises, and a scenario tries it out."""

from __future__ import annotations

import json
from datetime import date

import pytest

from stelsel.system.promises import STATUSES, promises
from stelsel.twin.plans.library import load, shipped
from tests.monitor.filled import stelsel

LEVERS = [f"M{number:02d}" for number in range(1, 26)]


def test_every_measure_is_there_once_and_has_a_scenario() -> None:
    assert [one.id for one in promises()] == LEVERS
    assert {load(name).measure for name in shipped()} >= set(LEVERS)


def test_each_tells_its_status_by_a_source_and_on_a_day() -> None:
    for one in promises():
        assert one.status in STATUSES
        assert one.source
        assert one.letters
        assert one.told_on <= date(2025, 12, 31)
        assert bool(one.note_nl) == bool(one.note_en)


@pytest.mark.parametrize(
    ("on", "late"),
    [
        ("2019-12-31", []),
        ("2020-01-02", ["M11"]),
        ("2030-12-31", ["M11"]),
        ("2031-01-01", ["M11", "M20"]),
    ],
)
def test_what_is_past_its_end_and_not_done_is_late(on: str, late: list[str]) -> None:
    told = json.loads(stelsel("promises", "--on", on, "--json").stdout)
    assert [row["id"] for row in told if row["late"]] == late


def test_the_list_is_shown_in_both_languages() -> None:
    dutch = stelsel("promises", "--on", "2026-01-01").stdout
    english = stelsel("promises", "--on", "2026-01-01", "--lang", "en").stdout
    assert "Toezeggingen" in dutch
    assert "te laat" in dutch
    assert "Promises" in english
