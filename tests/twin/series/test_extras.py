"""Families and staff from their weekly books, on numbers that can be checked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from stelsel.twin.parts.foster.layout import MEASURES as OF_FAMILIES
from stelsel.twin.parts.staff.layout import MEASURES as OF_STAFF
from stelsel.twin.runs.run import run
from stelsel.twin.series import Period, measure, series
from stelsel.twin.series.extras import EXTRAS, Weeks, of_families, of_staff
from stelsel.twin.series.table import COUNTS
from stelsel.twin.services import number, services

FIRST = date(2021, 1, 1)
YEAR = Period(date(2021, 1, 1), date(2021, 12, 31))


def named(name: str) -> int:
    return [one.name for one in series()].index(name)


def test_every_extra_is_a_count_of_the_table() -> None:
    assert set(EXTRAS) <= set(COUNTS)
    assert {one.count for one in series()} >= set(EXTRAS)


def test_families_of_a_year() -> None:
    """Each week 2 recruited families are approved and 3 children find a family of their own."""
    counts = np.zeros((53, len(OF_FAMILIES)))
    for name, value in {
        "approved": 2,
        "found": 3,
        "stopped": 1,
        "ended": 1.5,
        "broke": 0.5,
        "network": 30,
        "filled": 70,
    }.items():
        counts[:, OF_FAMILIES.index(name)] = value
    counts[52] /= 7  # the 53rd week of a year has one day
    asked = of_families(Weeks(counts, FIRST, 365), siblings=1.5)
    one = series()[named("foster_parents_new|accepted")]
    weeks = 365 / 7
    assert asked["families recruited"](one, YEAR) == pytest.approx(2 * weeks)
    assert asked["families network"](one, YEAR) == pytest.approx(2 * weeks)
    assert asked["families new"](one, YEAR) == pytest.approx(4 * weeks)
    assert asked["families stopped"](one, YEAR) == pytest.approx(2 * weeks)
    assert asked["broken"](one, YEAR) == pytest.approx(0.5 * weeks)
    assert asked["network share"](one, YEAR) == pytest.approx(0.3)


def test_staff_of_a_year() -> None:
    """Of 100 posts 72 workers at full and 8 at half strength; a fifth of them leave in a year."""
    counts = np.zeros((53, 2, len(OF_STAFF)))
    counts[:, 0, :7] = [100, 72, 8, 5, 15, 5.6, 16 / 365.25 * 7]
    counts[:, 1, :7] = [999, 1, 1, 1, 1, 1, 1]
    stays = np.zeros((53, len(services())))
    stays[:, number("guidance")] = 1200
    service_of = np.array([number("guidance"), number("ambulatory")])
    asked = of_staff(counts, service_of, stays, FIRST, 365)
    one = series()[named("gi_staff_outflow_rate|all")]
    assert asked["staff left"](one, YEAR) == pytest.approx(0.2)
    assert asked["staff ill"](one, YEAR) == pytest.approx(0.07)
    assert asked["staff short"](one, YEAR) == pytest.approx(0.2)
    assert asked["caseload"](one, YEAR) == pytest.approx(15.0)


def test_a_week_counts_in_a_period_by_its_days() -> None:
    books = Weeks(np.array([[7.0], [70.0]]), FIRST, 14)
    span = Period(date(2021, 1, 6), date(2021, 1, 9))
    assert books.flow(span, 0) == pytest.approx(2 * 1 + 2 * 10)
    assert books.mean(span, 0) == pytest.approx(38.5)


def test_a_run_tells_of_its_families_and_staff() -> None:
    measured = measure(run(region="JZ15", years=1))
    assert measured.value("foster_parents_new|accepted", YEAR) > 0
    assert 20 < measured.value("foster_network_share|netwerk", YEAR) < 80
    assert 5 < measured.value("gi_staff_outflow_rate|all", YEAR) < 50
