"""The terms of the chain are those of the law and the agreements, and can be measured."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from stelsel import system
from stelsel.system.clocks import BIRTH

CLOCKS = system.clocks()
with (Path(__file__).parent / "cases" / "norm_terms.csv").open(encoding="utf-8") as lines:
    TERMS = list(csv.DictReader(lines))


@pytest.mark.parametrize("case", TERMS, ids=lambda case: case["norm"])
def test_a_term_is_that_of_its_source(case: dict[str, str]) -> None:
    norm = system.norm(case["norm"])
    assert f"{norm.limit} {norm.unit}" == case["term"]
    assert (norm.kind == "law") == (case["law"] == "yes")


@pytest.mark.parametrize("clock", CLOCKS, ids=lambda clock: f"{clock.norm}")
def test_a_clock_runs_at_its_station(clock: system.Clock) -> None:
    """Of the steps between which it runs, one at least begins, ends or marks a stay there."""
    named = [system.step(one) for one in (*clock.from_steps, *clock.to_steps) if one != BIRTH]
    touched = {name for one in named for name in (one.begins, *one.ends, *one.at)}
    assert not clock.station or not named or clock.station in touched


@pytest.mark.parametrize("clock", CLOCKS, ids=lambda clock: f"{clock.norm}")
def test_an_age_runs_from_birth(clock: system.Clock) -> None:
    old = system.norm(clock.norm)
    assert (clock.from_steps == (BIRTH,)) == (old.applies_to.startswith("birth"))


def test_a_clock_that_repeats_can_be_set_again() -> None:
    """After its last step the stay goes on: at least one of the steps ends nothing."""
    for clock in CLOCKS:
        if clock.repeats:
            assert any(not system.step(one).ends for one in clock.to_steps), clock.norm


def test_the_norm_of_a_station_of_the_chain_has_its_clock_there() -> None:
    shown = {(clock.station, clock.norm) for clock in CLOCKS}
    for one in system.stations():
        if one.norm and one.kind not in {"access", "wait", "care"}:
            assert (one.id, one.norm) in shown


def test_only_a_notice_must_come_early() -> None:
    early = {clock.norm for clock in CLOCKS if clock.sense == "at-least"}
    assert early == {"supervision-notice", "placement-notice", "placement-advice-notice"}
