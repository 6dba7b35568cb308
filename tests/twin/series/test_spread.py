"""How far the twin is off up to 2021, and what that adds to its bands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stelsel.system.figures import FIT_UNTIL
from stelsel.twin.series import series, spread
from stelsel.twin.series.measuring import published_periods
from stelsel.twin.series.spread import MOST, band, errors, usual


def test_only_figures_up_to_2021_are_counted() -> None:
    for one, periods in zip(series(), published_periods(), strict=True):
        known = sum(period.last <= FIT_UNTIL for period in periods)
        assert errors().get(one.key, (0, 0.0))[0] in (0, known)


def test_every_error_is_of_a_series_of_the_table() -> None:
    assert set(errors()) <= {one.key for one in series()}
    assert len(errors()) > 250


def test_a_series_with_one_figure_borrows_and_one_with_many_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few, many, none = series()[:3]
    table = {few.key: (1, 0.0), many.key: (1000, 0.2)}
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
    monkeypatch.setattr(spread, "spread", lambda _: 0.0)
    assert band(np.array([5.0, 5.0, 5.0]), series()[0]) == (5.0, 5.0, 5.0)
