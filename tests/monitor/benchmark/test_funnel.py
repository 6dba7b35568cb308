"""The funnel on made-up areas whose truth is known: who falls outside, and how often."""

from __future__ import annotations

import numpy as np
import pytest

from stelsel.monitor.benchmark.funnel import Funnel, funnel, limits, of_chance, place


def outside(areas: int, tau: float, runs: int, seed: int) -> tuple[float, float]:
    """Give which share of areas lies outside the limits of 95 % and of 99.8 %.

    Areas differ in size by a factor of twenty; on the scale of the root of the ratio they differ
    by ``tau`` besides. Nobody does better or worse than the spread allows.
    """
    rng = np.random.default_rng(seed)
    beyond, far = 0, 0
    for _ in range(runs):
        size = rng.uniform(20, 400, areas)
        truth = np.maximum(1 + tau * rng.standard_normal(areas), 0.05) ** 2
        counted = rng.poisson(size * truth)
        awaited = size * counted.sum() / size.sum()
        of = funnel(counted.tolist(), awaited.tolist())
        places = [place(*pair, of) for pair in zip(counted.tolist(), awaited.tolist(), strict=True)]
        beyond += sum(one != "inside" for one in places)
        far += sum("998" in one for one in places)
    return beyond / (areas * runs), far / (areas * runs)


@pytest.mark.parametrize("areas", [12, 20, 60])
def test_if_chance_alone_differs_no_more_fall_outside_than_said(areas: int) -> None:
    beyond, far = outside(areas, 0.0, 6000 // areas, areas)
    assert 0.02 <= beyond <= 0.055
    assert far <= 0.003


@pytest.mark.parametrize("areas", [12, 20, 60])
@pytest.mark.parametrize("tau", [0.05, 0.15])
def test_if_areas_differ_by_more_than_chance_the_limits_still_hold(areas: int, tau: float) -> None:
    beyond, far = outside(areas, tau, 6000 // areas, areas + 1)
    assert 0.03 <= beyond <= 0.06
    # 0.002 is meant; the spread is itself estimated, the worse the fewer areas there are.
    assert far <= (0.009 if areas < 20 else 0.006)


def test_without_the_spread_far_too_many_would_fall_outside() -> None:
    rng = np.random.default_rng(2)
    size = rng.uniform(20, 400, 4000)
    counted = rng.poisson(size * (1 + 0.15 * rng.standard_normal(4000)) ** 2)
    plain = Funnel(4000, 1.0, 0.0)
    found = [place(*pair, plain) for pair in zip(counted.tolist(), size.tolist(), strict=True)]
    assert np.mean([one != "inside" for one in found]) > 0.3


def test_the_spread_is_found_again() -> None:
    rng = np.random.default_rng(6)
    size = rng.uniform(20, 400, 3000)
    for tau in (0.05, 0.2):
        counted = rng.poisson(size * (1 + tau * rng.standard_normal(3000)) ** 2)
        assert funnel(counted.tolist(), size.tolist()).tau == pytest.approx(tau, rel=0.1)


def test_one_area_that_stands_out_does_not_widen_the_funnel_until_it_is_inside() -> None:
    rng = np.random.default_rng(9)
    counted = [*rng.poisson(100, 19).tolist(), 400]
    awaited = [100.0] * 20
    assert place(400, 100, funnel(counted, awaited)) == "above 998"
    drawn, all_in = funnel(counted, awaited), funnel(counted, awaited, winsor=0.0)
    assert drawn.tau < 0.5 * all_in.tau


@pytest.mark.parametrize("share", [0.05, 0.1, 0.25])
def test_what_drawing_in_does_to_chance_is_known(share: float) -> None:
    scores = np.sort(np.random.default_rng(1).standard_normal(400_000))
    aside = int(share * len(scores))
    drawn = np.clip(scores, scores[aside], scores[-1 - aside])
    assert of_chance(share) == pytest.approx(float(np.mean(drawn**2)), abs=0.01)


def test_limits_narrow_with_size_and_the_wide_ones_lie_around_the_others() -> None:
    of = Funnel(20, 2.0, 0.08)
    before = (0.0, 10.0)
    for awaited in (5, 20, 100, 1000):
        low, high = limits(awaited, of, "95")
        wide = limits(awaited, of, "998")
        assert wide[0] <= low <= 1 <= high <= wide[1]
        assert before[0] <= low
        assert high <= before[1]
        before = (low, high)


def test_a_funnel_needs_areas_with_something_expected() -> None:
    for counted, awaited in (([], []), ([1.0], [0.0])):
        with pytest.raises(ValueError, match="areas are needed"):
            funnel(counted, awaited)
