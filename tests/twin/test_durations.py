"""Lengths of care: bands back from draws, means kept, renewal theory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stelsel.errors import StelselError
from stelsel.twin.country.balance import ended_by_duration
from stelsel.twin.country.baseline import band_edges
from stelsel.twin.world.durations import STEPS, Duration, fit_year

BANDS = Duration.from_bands(band_edges(2922), list(ended_by_duration().values()))
EVEN = (np.arange(100_000) + 0.5) / 100_000


def test_draws_give_the_published_bands_back() -> None:
    days = BANDS.at(EVEN)
    counts = np.histogram(days, bins=band_edges(2922))[0]
    published = np.array(list(ended_by_duration().values()))
    assert counts / counts.sum() == pytest.approx(published / published.sum(), abs=0.001)


@given(st.floats(1, 3000))
def test_a_stretched_mean_is_kept(mean: float) -> None:
    assert BANDS.with_mean(mean).at(EVEN).mean() == pytest.approx(mean, rel=1e-4)


@given(st.floats(10, 2000), st.floats(2100, 9000))
def test_nothing_is_longer_than_the_most_and_the_mean_is_kept(mean: float, most: float) -> None:
    limited = BANDS.with_mean(mean, most)
    assert limited.quantiles.max() <= most
    assert limited.mean == pytest.approx(mean, rel=1e-5)


def test_an_impossible_mean_is_refused() -> None:
    with pytest.raises(StelselError, match="too long"):
        BANDS.with_mean(900, most=800)


def test_what_remains_has_the_mean_of_renewal_theory() -> None:
    """Mean remaining length of one found running: E[T^2] / (2 E[T])."""
    lengths = BANDS.at(EVEN)
    expected = (lengths**2).mean() / (2 * lengths.mean())
    assert BANDS.still_to_go(EVEN).mean() == pytest.approx(expected, rel=1e-3)


def test_below_and_gone_within_undo_their_inverses() -> None:
    assert BANDS.below(BANDS.at(EVEN)) == pytest.approx(EVEN, abs=1e-9)
    assert BANDS.gone_within(BANDS.still_to_go(EVEN)) == pytest.approx(EVEN, abs=1e-9)


def test_whole_lengths_found_running_are_longer_by_length() -> None:
    """Of those found running, the mean whole length is E[T^2] / E[T]."""
    rng = np.random.default_rng(1)
    remaining = BANDS.still_to_go(EVEN)
    whole = BANDS.whole_given(remaining, rng.random(len(EVEN)))
    lengths = BANDS.at(EVEN)
    assert whole.mean() == pytest.approx((lengths**2).mean() / lengths.mean(), rel=0.01)
    assert (whole >= remaining).all()


@pytest.mark.parametrize(
    ("started", "ended"),
    [((900, 900), (900, 900)), ((1200, 800), (700, 1250)), ((50, 60), (60, 45))],
)
def test_a_year_comes_out_as_it_was_fitted(
    started: tuple[float, float], ended: tuple[float, float]
) -> None:
    """Simulate the year straight: draw lengths for all, count who ends in which half."""
    stock = 2000.0 if started[0] > 100 else 100.0
    mean, speed = fit_year(BANDS, stock, started, ended)
    lengths = BANDS.with_mean(mean)
    first, year = speed * 181, speed * 181 + (2 - speed) * 184
    rng = np.random.default_rng(2)
    n = 400_000
    remaining = lengths.still_to_go(rng.random(n))
    in_first = stock * (remaining < first).mean()
    in_year = stock * (remaining < year).mean()
    for half, count in enumerate(started):
        begin = rng.random(n) * first if half == 0 else first + rng.random(n) * (year - first)
        end = begin + lengths.at(rng.random(n))
        in_first += count * (end < first).mean()
        in_year += count * (end < year).mean()
    assert in_first == pytest.approx(ended[0], rel=0.01)
    assert in_year - in_first == pytest.approx(ended[1], rel=0.01)


@pytest.mark.parametrize(
    ("edges", "counts"), [([0, 10], [1, 2]), ([0, 10, 5], [1, 2]), ([0, 10, 20], [1, -2])]
)
def test_impossible_bands_are_refused(edges: list[float], counts: list[float]) -> None:
    with pytest.raises(StelselError):
        Duration.from_bands(edges, counts)


def test_grid_is_fine_enough_for_whole_days() -> None:
    assert np.diff(BANDS.quantiles).mean() < 3
    assert len(BANDS.quantiles) == STEPS + 1
