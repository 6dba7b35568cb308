"""How far the twin is off up to 2021, and what that adds to its bands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stelsel.system.figures import FIT_UNTIL
from stelsel.twin.series import series, spread
from stelsel.twin.series.measuring import published_periods
from stelsel.twin.series.spread import FADED, MOST, Off, band, errors, level_of, usual


def test_only_figures_up_to_2021_are_counted() -> None:
    for one, periods in zip(series(), published_periods(), strict=True):
        known = sum(period.last <= FIT_UNTIL for period in periods)
        assert errors().get(one.key, Off(0, 0.0)).figures in (0, known)


def test_every_error_is_of_a_series_of_the_table() -> None:
    assert set(errors()) <= {one.key for one in series()}
    assert len(errors()) > 250


def test_a_series_with_one_figure_borrows_and_one_with_many_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few, many, none = series()[:3]
    table = {few.key: Off(1, 0.0), many.key: Off(1000, 0.2)}
    monkeypatch.setattr(spread, "errors", lambda: table)
    assert spread.spread(few) == pytest.approx(usual() * np.sqrt(2 / 3))
    assert spread.spread(many) == pytest.approx(0.2, rel=0.01)
    assert spread.spread(none) == pytest.approx(usual())


@given(st.lists(st.floats(1, 1e6), min_size=2, max_size=30), st.integers(0, 400))
def test_a_band_holds_the_middle_eighty_percent_and_more(values: list[float], number: int) -> None:
    one = series()[number]
    middle, low, high = band(np.array(values), one)
    tenth, last = np.quantile(values, [0.1, 0.9])
    assert 0 <= low <= tenth * (1 + 1e-9)
    assert high >= last * (1 - 1e-9)
    assert low <= middle <= high
    assert middle - low <= middle - tenth + 1.3 * MOST * middle + 1e-6


def test_without_error_and_scatter_there_is_no_band(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "spread", lambda *_, **__: 0.0)
    assert band(np.array([5.0, 5.0, 5.0]), series()[0]) == (5.0, 5.0, 5.0)


def test_a_level_is_the_mean_of_ratios_in_which_the_last_years_weigh_most() -> None:
    """By hand: three years, on a logarithmic scale."""
    ratios = np.array([1.3, 1.0, 1.2])
    weights = np.array([FADED**2, FADED, 1.0])
    middle = (weights * np.log(ratios)).sum() / weights.sum()
    level, scatter = level_of([2019, 2020, 2021], ratios.tolist())
    assert level == pytest.approx(np.exp(middle), abs=1e-6)
    assert scatter == pytest.approx(np.sqrt(((np.log(ratios) - middle) ** 2).sum() / 2), abs=1e-6)


@given(st.lists(st.floats(0.7, 1.5), min_size=2, max_size=8), st.floats(0.8, 1.2))
def test_a_level_moves_with_the_figures_and_scatter_does_not(
    ratios: list[float], factor: float
) -> None:
    years = list(range(2022 - len(ratios), 2022))
    level, scatter = level_of(years, ratios)
    other, same = level_of(years, [factor * ratio for ratio in ratios])
    assert other == pytest.approx(factor * level, rel=1e-5)
    assert same == pytest.approx(scatter, abs=1e-5)


def test_what_is_said_of_later_periods_begins_from_the_level() -> None:
    one = series()[0]
    offs = {one.key: Off(5, 0.3, 1.1, 0.02)}
    values = np.array([90.0, 100.0, 120.0])
    assert band(values, one, offs)[0] == 100.0
    middle, low, high = band(values, one, offs, ahead=1.0)
    assert middle == pytest.approx(110.0)
    before = band(values, one, offs)
    assert high / low < before[2] / before[1]  # a level that is known is no longer unsure
