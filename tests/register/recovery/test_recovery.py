"""A made-up region goes out as files and comes back as its parameters."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.register import Register
from stelsel.register.births import births_of
from stelsel.register.recovery.checking import REGION, Recovered, check_of, recover
from stelsel.register.recovery.plan import made_up_plan
from stelsel.twin.country.baseline import baseline
from stelsel.twin.fitting.estimate import Estimate, truth
from stelsel.twin.fitting.region import fit_region, unseen
from stelsel.twin.fitting.written import write_plan_file
from stelsel.twin.plans.plan_file import read_plan

SIZE = 0.25


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recovery")


@pytest.fixture(scope="module")
def found(folder: Path) -> Recovered:
    return recover(folder, seed=2, size=SIZE)


def test_the_files_give_back_the_parameters(found: Recovered) -> None:
    assert len(found.off) >= 50
    # At two standard errors nineteen in twenty by design, of one small region.
    assert found.near / len(found.off) >= 0.87
    assert abs(found.off.mean()) < 0.4
    assert 0.7 < found.off.std() < 1.4
    assert check_of([found]).found_en.startswith(f"{found.near} of {len(found.off)} ")


def test_what_comes_back_is_the_region_and_not_the_usual_plan(found: Recovered) -> None:
    usual = np.array([row["usual"] for row in found.rows()], float)
    errors = np.array([one.error for one in found.estimates])
    values = np.array([one.value for one in found.estimates])
    near = np.abs(values - usual) <= 2 * errors
    assert near.mean() < 0.75


def test_every_sort_of_parameter_comes_back(found: Recovered) -> None:
    families = {one.name.partition("[")[0] for one in found.estimates}
    assert families >= {
        *("demand", "referrer", "access.solved", "return", "withdrawn", "duration"),
        *("renew", "transfer", "second", "exit"),
    }
    assert not families & unseen().keys()


def test_nothing_is_lost_on_the_way(found: Recovered, folder: Path) -> None:
    """Every file goes in, and every station but the access is told."""
    register = Register.open(folder / "register")
    assert not list((folder / "register" / "quarantine").glob("*.json"))
    assert found.written.untold == ("access-municipality",)
    told = {name.partition("-")[0] for name in register.spells()["station"].unique().to_pylist()}
    assert told >= {"wait", "care", "list", "investigation", "court", "measure", "probation"}


def test_ages_make_lengths_right(found: Recovered, folder: Path) -> None:
    """Without months of birth who comes of age looks as if help had ended: it seems shorter."""
    register = Register.open(folder / "register")
    births = births_of(register.events())
    assert len(births) > 1000
    blind = fit_region(register.spells(), REGION, found.first, found.last, baseline())
    by_name = {one.name: one.value for one in found.estimates}
    lengths = [
        one.value / by_name[one.name]
        for one in blind
        if one.name.startswith("duration[") and one.name in by_name
    ]
    assert max(lengths) <= 1.02
    assert min(lengths) < 0.95


def test_a_region_is_fitted_and_goes_on_from_its_register(found: Recovered, folder: Path) -> None:
    """The two commands one after another: what is estimated runs on from who is there."""
    plan, out = folder / "fitted.csv", folder / "ahead"
    register = str(folder / "register")
    window = ["--from", found.first.isoformat(), "--to", found.last.isoformat()]
    words = ["fit", "--register", register, "--region", REGION, *window, "--out", str(plan)]
    fitted = CliRunner().invoke(app, [*words, "--json"])
    assert fitted.exit_code == 0, fitted.output
    told = {one["name"]: one["value"] for one in json.loads(fitted.stdout)["estimates"]}
    assert told == {one.name: one.value for one in found.estimates}
    with plan.open(encoding="utf-8") as lines:
        assert {row["name"] for row in csv.DictReader(lines)} == set(told)
    applied = read_plan(plan, baseline()).applied(baseline())
    for name in ("demand[ambulatory]", "duration[ambulatory]", "access.solved"):
        assert truth(applied, name, found.first, found.last) == pytest.approx(told[name], rel=1e-3)
    # Files do not tell all places (some are workers): the usual plan has four times as many
    # as this region, which would empty every list at once. A region knows its own.
    untold = [name for name in found.plan.parameters if name.startswith("capacity[")]
    places = [
        Estimate(name, truth(found.plan, name, found.last, found.last), 1.0, 0, "places")
        for name in untold
        if name not in told
    ]
    whole, on = folder / "whole.csv", date(2021, 12, 1)
    write_plan_file((*found.estimates, *places), whole, "test")
    words = ["simulate", "--plan", str(whole), "--region", REGION, "--years", "1"]
    words += ["--from-register", register, "--on", on.isoformat(), "--out", str(out), "--json"]
    words += ["--internal"]  # deliveries under pseudonyms do not tell that nobody is real
    ahead = CliRunner().invoke(app, words)
    assert ahead.exit_code == 0, ahead.output
    rows = json.loads(ahead.stdout)
    care = Register.open(folder / "register").spells(known_on=on)
    there = [
        one
        for one in care.to_pylist()
        if one["station"] == "care-ambulatory"
        and one["start"] <= on
        and (one["end"] is None or one["end"] > on)
    ]
    stock = {
        row["period_end"]: row["value"]
        for row in rows
        if row["service"] == "ambulatory" and row["measure"] == "in_care"
    }
    assert stock[on.isoformat()] == len(there)
    # A year on it has about as many: the plan is that of the region, not of the country.
    last = stock[max(stock)]
    assert 0.8 * len(there) < last < 1.25 * len(there)


def test_a_made_up_plan_is_another_and_can_be() -> None:
    usual, plan = baseline(), made_up_plan(baseline(), 0.5, seed=9)
    moved = [one.name for one in plan if one.value != usual.value(one.name)]
    assert len(moved) > 100
    assert plan.value("demand[ambulatory]") < usual.value("demand[ambulatory]")
    for family in ("transfer", "worse.to"):
        sums: dict[str, float] = {}
        for about, value in plan.family(family).items():
            sums[about.partition(">")[0]] = sums.get(about.partition(">")[0], 0.0) + value
        assert max(sums.values()) <= 1.0
    assert made_up_plan(baseline(), 0.5, seed=9).parameters == plan.parameters
