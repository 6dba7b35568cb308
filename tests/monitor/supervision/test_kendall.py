"""The exact test against counting every order, against another's, and against random counts."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stelsel.monitor.supervision.kendall import critical, kendall, orders_by_inversions
from stelsel.monitor.supervision.overlap import correlations, inflation

SOME = st.lists(st.integers(0, 4), min_size=1, max_size=7)


def s_of(values: tuple[int, ...]) -> int:
    return sum((b > a) - (b < a) for a, b in combinations(values, 2))


@given(SOME)
def test_the_chances_are_those_of_every_order_counted_out(values: list[int]) -> None:
    every = [s_of(order) for order in permutations(values)]
    found = kendall(values)
    assert found.s == s_of(tuple(values))
    assert found.p_fall == pytest.approx(np.mean([s <= found.s for s in every]))
    assert found.p_rise == pytest.approx(np.mean([s >= found.s for s in every]))


@given(SOME)
def test_a_row_and_its_mirror_image_answer_each_other(values: list[int]) -> None:
    found, turned = kendall(values), kendall(values[::-1])
    assert (found.s, found.p_fall, found.p_rise) == (-turned.s, turned.p_rise, turned.p_fall)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5))
def test_there_are_as_many_orders_as_there_should_be(ties: list[int]) -> None:
    orders = orders_by_inversions(tuple(ties))
    number = factorial(sum(ties))
    for same in ties:
        number //= factorial(same)
    assert sum(orders) == number
    assert orders == orders[::-1]
    pairs = sum(ties) * (sum(ties) - 1) // 2 - sum(same * (same - 1) // 2 for same in ties)
    assert len(orders) == pairs + 1


@given(st.permutations(range(12)))
def test_without_ties_it_is_what_scipy_gives(values: list[int]) -> None:
    stats = pytest.importorskip("scipy.stats")
    for side, chance in (("less", "p_fall"), ("greater", "p_rise")):
        other = stats.kendalltau(range(12), values, method="exact", alternative=side)
        assert getattr(kendall(values), chance) == pytest.approx(float(other.pvalue), abs=1e-12)


@given(SOME)
def test_the_critical_value_is_the_first_that_is_rare_enough(values: list[int]) -> None:
    every = np.array([s_of(order) for order in permutations(values)])
    rare = [s for s in set(every.tolist()) if np.mean(every >= s) <= 0.05]
    ties = tuple(Counter(values).values())
    assert critical(ties, 0.05) == (min(rare) if rare else None)


def test_sixty_moments_are_as_exact_as_six() -> None:
    found = kendall(list(range(60, 0, -1)))
    assert found.p_fall == pytest.approx(1 / factorial(60), rel=1e-12)
    assert found.p_rise == 1.0


@given(SOME, st.floats(1.0, 9.0))
def test_moments_that_go_together_never_make_a_trend_surer(values: list[int], more: float) -> None:
    plain, wider = kendall(values), kendall(values, more)
    if plain.s <= 0:
        assert wider.p_fall >= plain.p_fall
    if plain.s >= 0:
        assert wider.p_rise >= plain.p_rise


def test_the_widening_is_that_of_numbers_drawn_with_the_same_correlation() -> None:
    rng = np.random.default_rng(4)
    for shape in (0.3, 0.8):
        together = np.array([[shape ** abs(i - j) for j in range(7)] for i in range(7)])
        drawn = rng.multivariate_normal(np.zeros(7), together, size=40_000)
        i, j = np.triu_indices(7, 1)
        s = np.sign(drawn[:, j] - drawn[:, i]).sum(axis=1)
        plain = 7 * 6 * 19 / 18
        assert inflation(together) == pytest.approx(s.var() / plain, rel=0.03)


def test_the_same_children_on_every_day_are_no_trend_at_all() -> None:
    same = correlations([{"a", "b"}] * 5)
    assert same.tolist() == np.ones((5, 5)).tolist()
    assert inflation(same) >= 1.0
    assert inflation(correlations([set()] * 5)) == 1.0
