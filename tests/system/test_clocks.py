"""The terms of the chain are those of the law and the agreements, and can be measured."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from stelsel import system
from stelsel.system.moments import BIRTH, is_moment, told

CLOCKS = system.clocks()
STEPS = {one.id for one in system.steps()}
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
    heads = [name.partition(":")[0] for name in (*clock.from_steps, *clock.to_steps)]
    named = [system.step(one) for one in heads if one in STEPS]
    touched = {name for one in named for name in (one.begins, *one.ends, *one.at)}
    assert not clock.station or not named or clock.station in touched


@pytest.mark.parametrize("clock", CLOCKS, ids=lambda clock: f"{clock.norm}")
def test_an_age_runs_from_birth(clock: system.Clock) -> None:
    old = system.norm(clock.norm)
    from_birth = old.applies_to.startswith(("birth", "eighteenth birthday"))
    assert (clock.from_steps == (BIRTH,)) == (from_birth and clock.runs)
    assert (clock.from_steps == (BIRTH,)) == bool(clock.at)


def test_a_clock_that_repeats_can_be_set_again() -> None:
    """After its last step the stay goes on: at least one of the steps ends nothing."""
    for clock in CLOCKS:
        if clock.repeats:
            assert any(not system.step(one).ends for one in clock.to_steps), clock.norm


def test_every_norm_has_a_clock_or_a_reason_why_it_has_none() -> None:
    assert [one.norm for one in CLOCKS if one.norm not in {n.id for n in system.norms()}] == []
    assert {one.id for one in system.norms()} == {one.norm for one in CLOCKS}
    for clock in CLOCKS:
        assert clock.systems, clock.norm
        assert clock.runs == (not clock.missing_nl)
        assert clock.runs == bool(clock.from_steps or clock.station)
        if clock.runs:
            assert system.norm(clock.norm).unit != "hours"


def test_a_clock_is_due_before_its_last_day_and_within_its_term() -> None:
    days = {"days": 1, "working_days": 1, "weeks": 7, "months": 30, "years": 365}
    for clock in CLOCKS:
        if clock.runs and clock.sense != "at-least":
            norm = system.norm(clock.norm)
            assert 0 < clock.ahead <= norm.limit * days[norm.unit], clock.norm


def test_moments_are_told_in_words() -> None:
    for clock in CLOCKS:
        for name in (*clock.since, *clock.from_steps, *clock.to_steps, *clock.else_steps):
            assert is_moment(name)
            assert all(told(name, lang) for lang in ("nl", "en")), name
    assert not any(map(is_moment, ("in:nowhere", "out:home", "nothing")))


def test_the_norm_of_a_station_of_the_chain_has_its_clock_there() -> None:
    shown = {(clock.station, clock.norm) for clock in CLOCKS}
    for one in system.stations():
        if one.norm and one.kind not in {"access", "wait", "care"}:
            assert (one.id, one.norm) in shown


def test_only_a_notice_must_come_early() -> None:
    early = {clock.norm for clock in CLOCKS if clock.sense == "at-least"}
    assert early == {"supervision-notice", "placement-notice", "placement-advice-notice"}
