"""How often the trend test is wrong when nothing happens, and how often right when it does."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from stelsel.monitor.supervision.kendall import kendall
from stelsel.monitor.supervision.overlap import correlations, inflation
from stelsel.monitor.supervision.settings import counts, settings
from stelsel.monitor.supervision.trend import benjamini_hochberg, power, trend, verdict

QUARTERS = [date(2021 + n // 4, 3 * (n % 4) + 1, 1) for n in range(12)]
Array = npt.NDArray[np.float64]


def stocks(rng: np.random.Generator, stay: float, level: float = 60) -> list[set[str]]:
    """Give who waits on twelve quarters: children come by chance and stay some 91 x stay days.

    The list has been as it is for as long as anybody remembers: the null is true.
    """
    quarters, before = 12, 20
    number = rng.poisson(level / stay * (quarters + before))
    begins = rng.uniform(-before, quarters, number)
    ends = begins + rng.exponential(stay, number)
    return [
        {str(child) for child in np.flatnonzero((begins <= day) & (ends > day))}
        for day in range(quarters)
    ]


@pytest.mark.parametrize("level", [12, 400])
def test_counts_without_a_trend_are_called_one_in_twenty_times_at_most(level: int) -> None:
    rng = np.random.default_rng(level)
    runs = 3000
    drawn = 5 * np.round(rng.poisson(level, (runs, 8)) / 5)  # as they leave: rounded, so with ties
    for chance in ("p_fall", "p_rise"):
        called = np.mean([getattr(kendall(list(row)), chance) <= 0.05 for row in drawn])
        assert 0.025 <= called <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / runs)


@pytest.mark.parametrize("stay", [0.7, 2.0])
def test_that_the_same_children_are_counted_again_does_not_make_a_trend(stay: float) -> None:
    rng = np.random.default_rng(7)
    runs = 500
    plain = minded = 0
    for _ in range(runs):
        members = stocks(rng, stay)
        values = [len(there) for there in members]
        plain += kendall(values).p_fall <= 0.05
        minded += kendall(values, inflation(correlations(members))).p_fall <= 0.05
    least_wrong = 0.05 + 2 * np.sqrt(0.05 * 0.95 / runs)
    assert minded / runs <= least_wrong
    if stay == 2.0:
        assert plain / runs > 0.10  # why it is minded


def test_over_42_regions_a_false_alarm_is_as_rare_as_over_one() -> None:
    rng = np.random.default_rng(11)
    runs = 300
    alarms = 0
    for _ in range(runs):
        chances = [kendall(list(row)).p_fall for row in rng.poisson(80, (42, 8))]
        alarms += min(benjamini_hochberg(chances)) <= 0.05
    assert alarms / runs <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / runs)


def test_the_rates_are_those_of_the_definition() -> None:
    rng = np.random.default_rng(3)
    chances = list(rng.uniform(size=20) ** 2)
    rates = benjamini_hochberg(chances)
    for place, rate in enumerate(rates):
        # The least over all tests no surer than this one of chance times tests by rank.
        least = min(
            other * len(chances) / sum(one <= other for one in chances)
            for other in chances
            if other >= chances[place]
        )
        assert rate == pytest.approx(min(1.0, least))


def test_the_slope_lies_in_its_interval_as_often_as_said() -> None:
    rng = np.random.default_rng(5)
    runs, truth = 300, -40.0
    years = np.array([(day - QUARTERS[0]).days / 365.25 for day in QUARTERS])
    inside = 0
    for _ in range(runs):
        values = 500 + truth * years + rng.normal(0, 20, 12)
        found = trend(QUARTERS, list(values))
        assert found.slope_low is not None
        assert found.slope_high is not None
        inside += found.slope_low <= truth <= found.slope_high
    assert 0.93 <= inside / runs <= 0.98


def test_the_slope_is_the_middle_of_all_slopes() -> None:
    values = [40.0, 42.0, 30.0, 35.0, 20.0]
    days = QUARTERS[:5]
    slopes = [
        365.25 * (values[j] - values[i]) / (days[j] - days[i]).days
        for i, j in combinations(range(5), 2)
    ]
    assert trend(days, values).slope == pytest.approx(np.median(slopes))
    assert trend(days[:1], values[:1]).slope is None
    assert trend(days[:4], values[:4]).slope_low is None


@pytest.mark.parametrize("level", [15, 60])
def test_the_power_is_how_often_a_fall_shows(level: int) -> None:
    rng = np.random.default_rng(13)
    days = QUARTERS[:8]
    fall = settings()["fall"].value
    means = [level * (1 - fall) ** ((day - days[0]).days / 365.25) for day in days]
    shown = np.mean([kendall(list(rng.poisson(means))).p_fall <= 0.05 for _ in range(1500)])
    assert power(days, level, np.eye(8)) == pytest.approx(float(shown), abs=0.04)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([900, 800, 700], "too few"),
        ([900, 800, 700, 600], "falls"),
        ([600, 700, 800, 900, 1000], "rises"),
        ([12, 10, 14, 11, 13, 12], "too few"),
        ([900, 905, 897, 903, 899, 901, 902, 898, 904, 900, 896, 903], "none"),
    ],
)
def test_what_it_comes_to(values: list[float], said: str) -> None:
    found = trend(QUARTERS[: len(values)], values)
    assert verdict(found, found.p_fall, found.p_rise) == said


def test_with_three_moments_nothing_can_show() -> None:
    assert power(QUARTERS[:3], 10_000, np.eye(3)) == 0.0
    assert kendall([3, 2, 1]).p_fall == pytest.approx(1 / 6)


def test_a_trend_needs_a_number_for_every_moment() -> None:
    with pytest.raises(ValueError, match="every moment"):
        trend(QUARTERS[:3], [1.0])


def test_the_two_counts_are_of_different_lists() -> None:
    protection, care = (set(one.indicator.of.stations) for one in counts())
    assert not protection & care
    assert "list-board-probation" not in protection
    assert {one.kind for one in settings().values()} == {"own choice"}
