"""What the fit found is drawn from its range: as unsure as figures and chance make it."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pytest

from stelsel.twin.country import ledger
from stelsel.twin.country.baseline import baseline, closed_form
from stelsel.twin.country.ledger import HALVES, ledgers, total_errors
from stelsel.twin.country.shocks import moved
from stelsel.twin.country.trend import ALL
from stelsel.twin.fitting.levers import Levers
from stelsel.twin.fitting.report import sureness
from stelsel.twin.plans.draws import drawn
from stelsel.twin.plans.fitted import _drawn, draw_of, errors, factors, ranges

DAY = date(2019, 3, 1)


def at(name: str, given: dict[str, float] | None = None) -> float:
    return float(baseline(given)[name].series(DAY, 1)[0])


def test_how_many_come_and_how_fast_stays_end_are_drawn_together() -> None:
    """Upwards both: with one alone a list would run away. Places stay as they are."""
    given = {"fitted[ambulatory]": 1.1}
    faster = at("pace[ambulatory]", given) / at("pace[ambulatory]")
    more = at("demand[ambulatory]", given) / at("demand[ambulatory]")
    assert faster == pytest.approx(1.1)
    # Only a part comes from outside: it must bring all of the difference.
    part = errors()["demand[ambulatory]"] / errors()["pace[ambulatory]"]
    assert more == pytest.approx(1.1**part)
    assert more > 1
    assert at("capacity[ambulatory]", given) == at("capacity[ambulatory]")
    assert at("demand[day-help]", given) == at("demand[day-help]")


def test_the_plan_as_it_is_draws_nothing() -> None:
    ones = dict.fromkeys(ranges(), 1.0)
    for name in itertools.islice(factors(), 0, None, 20):
        if name in baseline().parameters:
            assert at(name, ones) == pytest.approx(at(name))


def test_draws_scatter_as_wide_as_the_error_says() -> None:
    many = [drawn(2021, n, ranges().values()) for n in range(1, 400)]
    for name, unsure in _drawn().items():
        if unsure < 0.15:
            assert np.std([one[name] for one in many]) == pytest.approx(unsure, rel=0.12)
    assert {draw_of(name) for name in errors()} - {None} == set(ranges())


def test_all_years_together_are_as_unsure_as_figures_drawn_anew_make_them() -> None:
    """Against a bootstrap: every published count drawn again from its own uncertainty."""
    system = ledger._system(())
    a, b = np.array(system.rows), np.array(system.values)
    solve = np.linalg.inv(a.T @ a) @ a.T
    noise = np.random.default_rng(7).standard_normal((len(b), 1500))
    books = solve @ (b[:, None] + noise)
    for service in ("ambulatory", "foster-care", "supervision"):
        at = ledger._places()[service] + 1
        started = books[at : at + HALVES].sum(axis=0)
        ended = books[at + HALVES : at + 2 * HALVES].sum(axis=0)
        assert np.std(started) == pytest.approx(total_errors()[service][0], rel=0.1)
        assert np.std(ended) == pytest.approx(total_errors()[service][1], rel=0.1)


def test_every_lever_that_is_drawn_gets_an_error() -> None:
    plan = closed_form()
    levers = Levers()
    for name in ("pace[ambulatory]", "demand[ambulatory]", "renew[supervision]", "access.solved"):
        levers.of(name, 7)
    levers.of("transfer[court>supervision]", 7)
    levers.of("stock[guardianship]", 1)
    levers.of("capacity[board-protection]", 7)
    found = sureness(plan, levers, seeds=(1, 2))
    assert set(found) == set(levers.factors)
    assert all(0 < error < 0.5 for error in found.values())
    assert found["demand[ambulatory]"] > found["pace[ambulatory]"]
    book = ledgers()["ambulatory"]
    figures = total_errors()["ambulatory"][1] / book.ended.sum()
    assert found["pace[ambulatory]"] >= figures  # chance comes on top


def test_what_all_share_and_what_a_family_departs_add_up_and_last() -> None:
    beds = baseline()["capacity[residential]"]
    later = date(2023, 7, 1)
    both = {f"shock[{ALL},2022]": 1.1, "shock[stay,2022]": 1.2}
    before, after = beds.series(later, 1)[0], moved(beds, both).series(later, 1)[0]
    assert after / before == pytest.approx(1.1 * 1.2)
    assert moved(beds, both).series(DAY, 1)[0] == beds.series(DAY, 1)[0]
    other = moved(beds, {"shock[protection,2022]": 1.5})
    assert other.series(later, 1)[0] == before
