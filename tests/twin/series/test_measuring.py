"""Measuring a run in the terms of the published figures, against an obviously right oracle."""

from __future__ import annotations

import csv
import math
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.system.regions import regions
from stelsel.twin.layout import OPEN
from stelsel.twin.series.counting import Records
from stelsel.twin.series.extras import EXTRAS
from stelsel.twin.series.measuring import Measured, factor, measured_of
from stelsel.twin.series.periods import Period
from stelsel.twin.series.table import COUNTS, Series, groups, series
from stelsel.twin.services import number, services
from tests.twin.series.oracle import NEVER, Person, Visit, World, month_of

EVERYWHERE = tuple(region.code for region in regions())


def records(visits: list[Visit], persons: list[Person]) -> Records:
    def column(name: str) -> npt.NDArray[np.int32]:
        values = [getattr(v, name) for v in visits]
        return np.array([OPEN if value == NEVER else value for value in values], np.int32)

    return Records(
        column("person"),
        column("service").astype(np.int8),
        column("referrer").astype(np.int8),
        column("arrived"),
        column("started"),
        column("ended"),
        np.array([p.birth for p in persons], np.int32),
        np.array([p.sex for p in persons], np.int8),
    )


def made_up(seed: int, persons: int, days: int) -> tuple[list[Visit], list[Person]]:
    """Children of all ages with up to six visits, many on the same days and on the edges."""
    draw = np.random.default_rng(seed)
    every = [
        Person(int(draw.integers(-23 * 365, days)), int(draw.integers(1, 3)))
        for _ in range(persons)
    ]
    visits = []
    for person in range(persons):
        for _ in range(draw.integers(1, 7)):
            arrived = [int(draw.integers(-400, days)), 0, 181, 365][int(draw.integers(4))]
            if arrived >= days:
                continue
            started = arrived + int(draw.choice([0, 1, 5, 20, 200]))
            ended = started + int(draw.choice([1, 10, 45, 100, 400, 900, 2000]))
            if draw.random() < 0.15:
                started, ended = NEVER, arrived + 30
            visits.append(
                Visit(
                    person,
                    int(draw.integers(len(services()))),
                    int(draw.integers(-1, 7)),
                    arrived,
                    started if started < days else NEVER,
                    ended if ended < days else NEVER,
                )
            )
    return sorted(visits, key=lambda v: v.arrived), every


def measured_over(one: Series, period: Period) -> Period:
    nature = COUNTS[one.count]
    if (nature == "day" or (nature == "either" and one.kind == "stock")) and not period.is_day:
        middle = period.first + (period.last - period.first) / 2
        return Period(middle, middle)
    return month_of(period.first) if nature == "span" and period.is_day else period


@pytest.mark.parametrize("seed", [1, 2])
def test_every_count_of_the_table_is_that_of_the_oracle(seed: int) -> None:
    first, days = date(2018, 1, 1), 1096
    visits, persons = made_up(seed, 120, days)
    world = World(first, visits, persons)
    measured = measured_of(records(visits, persons), first, days, EVERYWHERE)
    checked = 0
    for (row, period), value in zip(measured.rows, measured.values, strict=True):
        one = series()[row]
        if one.like or one.per or one.how or one.count in EXTRAS or one.factor != 1:
            continue
        expected = world.count(one, measured_over(one, period))
        assert value == expected or (math.isnan(value) and math.isnan(expected)), (
            one.name,
            period,
            value,
            expected,
        )
        checked += 1
    assert checked > 2000


def test_the_random_world_holds_cases_of_every_count() -> None:
    """The oracle test above says something about each count only when it is not always zero."""
    first, days = date(2018, 1, 1), 1096
    visits, persons = made_up(1, 120, days)
    measured = measured_of(records(visits, persons), first, days, EVERYWHERE)
    seen: dict[str, float] = {}
    for (row, _), value in zip(measured.rows, measured.values, strict=True):
        one = series()[row]
        if one.count and one.count not in EXTRAS:
            seen[one.count] = max(seen.get(one.count, 0.0), float(np.nan_to_num(value)))
    assert set(seen) | set(EXTRAS) >= {one.count for one in series() if one.count}
    assert min(seen.values()) > 0, seen


def cases() -> list[dict[str, str]]:
    with (Path(__file__).parent / "cases.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_cases_that_a_policy_officer_could_check() -> None:
    """``children.csv`` tells of a few children, ``cases.csv`` what CBS would print of them."""
    first = date(2020, 1, 1)
    with (Path(__file__).parent / "children.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    def on(text: str) -> int:
        return (date.fromisoformat(text) - first).days if text else NEVER

    names = sorted({row["child"] for row in rows})
    persons = [
        next(
            Person(on(row["born"]), 1 if row["sex"] == "boy" else 2)
            for row in rows
            if row["child"] == name
        )
        for name in names
    ]
    visits = [
        Visit(
            names.index(row["child"]),
            number(row["service"]),
            0,
            on(row["asked"]),
            on(row["began"]),
            on(row["ended"]),
        )
        for row in rows
    ]
    measured = measured_of(records(visits, persons), first, 731, EVERYWHERE)
    for case in cases():
        period = Period(date.fromisoformat(case["first"]), date.fromisoformat(case["last"]))
        value = measured.value(case["figure"], period, case["kind"])
        assert value == pytest.approx(float(case["value"]), abs=1e-9), case


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_books_close_and_parts_make_the_whole(seed: int) -> None:
    first, days = date(2019, 1, 1), 1096
    visits, persons = made_up(seed, 30, days)
    measured = measured_of(records(visits, persons), first, days, EVERYWHERE)

    def value(name: str, low: date, high: date) -> float:
        return measured.value(name, Period(low, high))

    for year in (2019, 2020, 2021):
        begin, end = date(year, 1, 1), date(year, 12, 31)
        for part in ("OTS", "total", "voogdij"):
            stock = value(f"jb_measures_stock|{part}", begin, begin)
            came = value(f"jb_measures_inflow|{part}", begin, end)
            went = value(f"jb_measures_outflow|{part}", begin, end)
            assert value(f"jb_measures_stock|{part}", end, end) == stock + came - went
        halves = [(begin, date(year, 6, 30)), (date(year, 7, 1), end)]
        name = "jeugdhulp_trajecten_started|total"
        assert value(name, begin, end) == sum(value(name, *one) for one in halves)
        new, again = (
            value(f"jeugdhulp_trajecten_started_{what}_by_referrer|Totaal verwijzer", begin, end)
            for what in ("new", "herhaald_beroep")
        )
        assert new + again == value(name, begin, end)
        only = value("youth_with_jeugdhulp|zonder verblijf only", begin, end)
        both = value("youth_with_jeugdhulp|both zonder and met verblijf", begin, end)
        stay = value("youth_with_jeugdhulp|met verblijf only", begin, end)
        assert only + both + stay == value("youth_with_jeugdhulp|total", begin, end)


def test_counting_the_same_child_twice_changes_no_number_of_children() -> None:
    first, days = date(2020, 1, 1), 366
    visits, persons = made_up(5, 40, days)
    once = measured_of(records(visits, persons), first, days, EVERYWHERE)
    twice = measured_of(records([*visits, *visits], persons), first, days, EVERYWHERE)
    for (row, _), one, two in zip(once.rows, once.values, twice.values, strict=True):
        if series()[row].count == "persons" and not series()[row].per:
            assert one == two


def test_a_full_table_of_sets_is_made_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    first, days = date(2020, 1, 1), 366
    visits, persons = made_up(6, 60, days)
    found = records(visits, persons)
    before = measured_of(found, first, days, EVERYWHERE)
    monkeypatch.setattr("stelsel.twin.series.counting.ROOM", 64)
    after = measured_of(found, first, days, EVERYWHERE)
    np.testing.assert_array_equal(before.values, after.values)


def test_periods_outside_the_run_are_not_measured() -> None:
    visits, persons = made_up(7, 10, 300)
    measured = measured_of(records(visits, persons), date(2024, 3, 1), 400, EVERYWHERE)
    last = date(2024, 3, 1) + timedelta(399)
    assert measured.rows
    assert all(date(2024, 3, 1) <= p.first and p.last <= last for _, p in measured.rows)


def test_shares_of_forms_add_up_to_a_hundred() -> None:
    first, days = date(2018, 1, 1), 365
    visits, persons = made_up(8, 80, days)
    measured = measured_of(records(visits, persons), first, days, EVERYWHERE)
    year = Period(date(2018, 1, 1), date(2018, 12, 31))
    shares = [
        measured.value(one.name, year) / factor(one)
        for one in series()
        if one.indicator == "jeugdhulp_trajecten_started_share"
        and len(one.services & groups()["help"]) in (1, 3)
        and one.breakdown not in ("zonder verblijf total", "met verblijf total")
    ]
    assert len(shares) == 8
    assert sum(shares) == pytest.approx(100)


def test_what_a_run_keeps_is_small() -> None:
    visits, persons = made_up(9, 20, 3653)
    measured = measured_of(records(visits, persons), date(2015, 1, 1), 3653, EVERYWHERE)
    assert isinstance(measured, Measured)
    assert measured.values.nbytes < 200_000
    assert len(measured.rows) == len(set(measured.rows))


def test_every_series_has_a_factor_from_figures_up_to_2021() -> None:
    for one in series():
        assert 0.05 < factor(one) < 5, one.name
