"""The three simple forecasts, and how the twin is laid beside them."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow.csv import write_csv

from stelsel.system.figures import FIT_UNTIL
from stelsel.twin.examination.fit import by_series, errors_table, fit_table, offs_of
from stelsel.twin.examination.forecasts import (
    FINE,
    FORECASTS,
    WEIGHTS,
    last_value,
    smoothing,
    straight_line,
    with_trend,
)
from stelsel.twin.examination.history import ENOUGH, history
from stelsel.twin.examination.lines import Point, lines, points
from stelsel.twin.series import Measured, series
from stelsel.twin.series.spread import offs_in

VALUES = st.lists(st.floats(1, 1e5), min_size=3, max_size=9)


def years_of(values: list[float]) -> list[int]:
    return list(range(2022 - len(values), 2022))


@given(st.floats(1, 1e5), st.integers(3, 8))
def test_what_never_changes_is_forecast_to_stay(value: float, number: int) -> None:
    for forecast in FORECASTS.values():
        assert forecast(years_of([value] * number), [value] * number, 2023) == pytest.approx(value)


@given(st.floats(1000, 5000), st.floats(-100, 100), st.integers(5, 8))
def test_a_straight_road_is_followed(level: float, slope: float, number: int) -> None:
    values = [level + slope * n for n in range(number)]
    expected = level + slope * (number + 1)
    assert straight_line(years_of(values), values, 2023) == pytest.approx(expected)
    assert with_trend(years_of(values), values, 2023) == pytest.approx(expected)


@given(VALUES)
def test_forecasts_scale_with_the_unit(values: list[float]) -> None:
    years = years_of(values)
    for forecast in FORECASTS.values():
        once = forecast(years, values, 2023)
        assert forecast(years, [10 * v for v in values], 2023) == pytest.approx(10 * once, rel=1e-4)


def test_smoothing_takes_the_weights_with_the_smallest_one_step_errors() -> None:
    """Against a plain walk over every pair of weights."""
    values = [100.0, 140.0, 120.0, 160.0, 150.0, 190.0]
    years = years_of(values)
    found = []
    for of_level, of_trend in itertools.product(WEIGHTS, WEIGHTS):
        level, trend, errors = values[0], values[1] - values[0], 0.0
        for value in values[1:]:
            miss = value - (level + trend)
            errors += miss**2
            moved = trend + of_level * miss
            level += moved
            trend += of_trend * (moved - trend)
        found.append((errors, level + 2 * trend))
    assert with_trend(years, values, 2023) == pytest.approx(min(found)[1])


def test_smoothing_of_a_level_is_the_sum_that_its_formula_says() -> None:
    """Brown's sum: the first value and all later ones, each weighing less the older it is."""
    values = [100.0, 140.0, 120.0, 160.0, 150.0, 190.0]

    def level(weight: float, number: int) -> float:
        older = [weight * (1 - weight) ** (number - n) for n in range(1, number + 1)]
        begun = (1 - weight) ** number * values[0]
        return begun + sum(w * v for w, v in zip(older, values[1 : number + 1], strict=True))

    def missed(weight: float) -> float:
        return sum((values[n + 1] - level(weight, n)) ** 2 for n in range(len(values) - 1))

    best = min(FINE, key=missed)
    assert 0 < best < 1
    for until in (2022, 2023):  # a level alone says the same of every later year
        assert smoothing(years_of(values), values, until) == pytest.approx(level(best, 5))


def test_a_year_without_a_value_is_no_error() -> None:
    assert with_trend([2016, 2018, 2019, 2020, 2021], [10.0, 14.0, 16.0, 18.0, 20.0], 2022) == 22.0


def test_no_forecast_sees_a_value_after_2021() -> None:
    for line in lines():
        assert all(point.period.last <= FIT_UNTIL for point in line.known)
        assert all(point.period.last > FIT_UNTIL for point in line.later)
        assert not set(line.known) & set(line.later)


def test_a_line_has_one_point_a_year() -> None:
    for line in lines():
        years = [point.period.last.year for point in line.points]
        assert years == sorted(set(years))


def like_published(factor: float = 1.0, spread: float = 0.0, number: int = 1) -> list[Measured]:
    """A twin that says what was published, times a factor, with some spread."""
    rows = tuple((point.series, point.period) for point in points())
    steps = np.linspace(-1, 1, number) if number > 1 else np.zeros(1)
    values = np.array([point.value / point.counted for point in points()])
    return [Measured(rows, values * factor * (1 + spread * step)) for step in steps]


def test_a_twin_that_says_what_was_published_has_no_error() -> None:
    table = fit_table(like_published())
    assert len(table) == sum(point.fitted for point in points())
    assert all(one.near for one in by_series(table))
    past = history(like_published(spread=0.01, number=11))
    assert all(past.beaten(name) > 0.9 for name in FORECASTS)
    assert past.coverage == 1.0
    assert len(past.examined) > 30


def test_a_twin_that_is_ten_percent_off_is_not_near() -> None:
    table = by_series(fit_table(like_published(1.1)))
    large = [one for one in table if one.figures[0].point.value > 1000]
    assert large
    assert not any(one.near for one in large)


def test_a_twin_that_was_always_off_by_as_much_goes_on_from_what_is_published() -> None:
    past = history(like_published(1.5, spread=0.01, number=11))
    assert all(one.error() < 0.01 for one in past.examined)  # sources round


def test_a_twin_that_goes_astray_after_2021_is_off() -> None:
    right, astray = (like_published(factor, 0.01, 11) for factor in (1.0, 1.5))
    late = np.array([period.last > FIT_UNTIL for _, period in right[0].rows])
    both = [
        Measured(one.rows, np.where(late, other.values, one.values))
        for one, other in zip(right, astray, strict=True)
    ]
    past = history(both)
    assert past.coverage < 0.1
    assert all(abs(one.error() - 0.5) < 0.02 for one in past.examined)


def test_a_series_that_the_twin_does_not_say_counts_as_wrong() -> None:
    one = like_published()[0]
    silent = Measured(one.rows, np.full(len(one.rows), np.nan))
    table = fit_table([silent])
    assert len(table) == sum(point.fitted for point in points())
    assert not any(line.near for line in by_series(table))


def test_every_line_of_the_years_examined_is_told_of() -> None:
    past = history(like_published())
    told = [*(one.line for one in past.examined), *past.too_few, *past.not_said]
    assert len(told) == sum(bool(line.later) for line in lines())
    assert all(len(line.known) < ENOUGH for line in past.too_few)


def test_a_value_is_rounded_as_the_source_rounds() -> None:
    def one(name: str, year: int) -> Point:
        return next(p for p in points() if p.of.name == name and p.period.last.year == year)

    share = one("jeugdhulp_trajecten_started_share|gesloten plaatsing", 2021)
    assert share.rounded(0.5312) == pytest.approx(0.5)
    prose = one("jb_measures_stock|total", 2018)
    assert prose.status == "prose"
    assert prose.rounded(31_420.0) == 31_000.0
    assert one("jb_measures_inflow|OTS", 2018).rounded(8852.4) == 8850.0


def test_last_value_is_the_last() -> None:
    assert last_value([2019, 2021], [3.0, 7.0], 2023) == 7.0


def test_every_series_stands_in_some_line() -> None:
    assert {line.series for line in lines()} == set(range(len(series())))


def test_of_several_runs_the_middle_stands_beside_the_figures() -> None:
    """By hand: twice right and once a quarter too high is right; once right is as far off."""
    right, high = like_published()[0], like_published(1.25)[0]
    assert all(one.near for one in fit_table([right, high, right]))
    assert fit_table([right, high, high]) == fit_table([high])


def test_errors_are_the_root_mean_square_of_each_series() -> None:
    made = errors_table(offs_of(fit_table(like_published(1.1)))).to_pylist()
    large = [row for row in made if row["indicator"] == "jb_measures_inflow"]
    assert all(row["error"] == pytest.approx(0.1, abs=0.01) for row in large)
    assert errors_table(offs_of(fit_table(like_published()))).column("error").to_pylist() == [
        0.0
    ] * len(made)


def test_what_is_written_of_errors_is_what_is_read(tmp_path: Path) -> None:
    """What ``stelsel validate --errors`` writes, read as the package reads its own."""
    measured = like_published(1.1)
    measured[0].values[::3] *= 1.07  # so that levels, errors and scatters differ
    offs = offs_of(fit_table(measured))
    file = tmp_path / "errors.csv"
    write_csv(errors_table(offs), file)
    found = offs_in(file)
    assert list(found) == list(offs)
    for key, off in offs.items():
        one = found[key]
        assert one.figures == off.figures
        assert [one.error, one.level, one.scatter] == pytest.approx(
            [off.error, off.level, off.scatter], abs=1e-4
        )
    assert len({one.level for one in found.values()}) > 5
