"""The attacker finds what is there to be found, no more, and nothing in what is protected."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from stelsel.disclosure import limits
from stelsel.disclosure.attack import Equations, attack
from stelsel.disclosure.narrowing import ContradictionError, Floats
from stelsel.disclosure.oracle import ranges, tables
from stelsel.disclosure.reader import audit
from stelsel.disclosure.sheets import Sheet
from tests.disclosure import publications as made

EXAMPLES = int(os.environ.get("STELSEL_EXAMPLES", "6"))
"""More by hand before a release: STELSEL_EXAMPLES=1000."""
ONCE_FOUND = (107, 134, 652, 663)
"""Where the attacker found something once: known from before, revised, small for who knows less."""


@st.composite
def tiny(draw: st.DrawFn) -> tuple[Equations, Floats, Floats]:
    """Give a few equations over a few numbers that some table fits."""
    count = draw(st.integers(2, 4))
    truth = np.array([draw(st.integers(0, 6)) for _ in range(count)], dtype=float)
    factor = st.sampled_from([-1.0, 0.0, 1.0, 1.0])
    rows = [[draw(factor) for _ in range(count)] for _ in range(draw(st.integers(1, 3)))]
    matrix = csr_matrix(np.array(rows))
    slack = draw(st.sampled_from([0.0, 0.0, 2.0]))
    side = matrix @ truth
    lower = np.array([max(0.0, one - draw(st.integers(0, 7))) for one in truth])
    upper = np.array([one + draw(st.integers(0, 7)) for one in truth])
    return Equations(matrix, side - slack, side + slack), lower, upper


@settings(max_examples=max(60, EXAMPLES), deadline=None)
@given(tiny())
def test_it_finds_what_trying_every_table_finds(case: tuple[Equations, Floats, Floats]) -> None:
    equations, lower, upper = case
    every = ranges(equations, lower, upper)
    every_one = np.ones(len(lower), dtype=bool)
    found = attack(equations, lower, upper, every_one)
    narrow = [
        at
        for at, (low, high) in enumerate(every)
        if high - low + 1 < limits().least_range and low < limits().least_count
    ]
    assert found.narrow == narrow
    assert [(found.lower[at], found.upper[at]) for at in narrow] == [every[at] for at in narrow]


@settings(max_examples=60, deadline=None)
@given(tiny(), st.integers(0, 3))
def test_what_cannot_be_is_a_contradiction(
    case: tuple[Equations, Floats, Floats], which: int
) -> None:
    equations, lower, upper = case
    lower[which % len(lower)] = upper[which % len(lower)]
    every_one = np.ones(len(lower), dtype=bool)
    if any(True for _ in tables(equations, lower, upper)):
        attack(equations, lower, upper, every_one)
    else:
        with pytest.raises(ContradictionError):
            attack(equations, lower, upper, every_one)


def drawn() -> Iterator[tuple[int, list[Sheet], list[Sheet]]]:
    """Give random publications, each with a later one of the same world."""
    for seed in (*ONCE_FOUND, *range(EXAMPLES)):
        random = np.random.default_rng([20261122, seed])
        world = made.draw(random)
        yield (
            seed,
            made.publication(random, world, 0),
            made.publication(random, made.later(random, world), 1),
        )


def test_nothing_is_found_in_random_publications_nor_between_two() -> None:
    told = hidden = simple = weak = 0
    for seed, sheets, then in drawn():
        first, shown = made.released(sheets)
        second, after = made.released(then, before=shown)
        for left, published in ((first.left, shown), (second.left, [*shown, *after])):
            looked = audit(published)
            assert looked.leaks == (), seed
            assert left == 0, seed
        told, hidden = told + first.told + second.told, hidden + first.hidden + second.hidden
        simple += first.simple + second.simple
        weak += bool(audit(made.as_shown(sheets, frozenset(made.small(sheets, limits())))).leaks)
    print(f"\n{EXAMPLES} pairs: {told} numbers, {hidden} hidden, {simple} by the simple rule")  # noqa: T201
    print(f"{weak} leak when only what is small is hidden")  # noqa: T201
    assert hidden < simple
    assert weak > EXAMPLES / 4  # an attacker who finds nothing there is no attacker
