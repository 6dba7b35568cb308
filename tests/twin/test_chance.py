"""Chance: the same in the loop and in columns, even, and without a stream."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stelsel.twin.chance import Purpose, child, children, mix, seed_of, uniform, uniforms

KEYS = st.integers(0, 2**64 - 1)


def splitmix64(state: int) -> int:
    """The published finaliser, in Python's whole numbers."""
    mask = 2**64 - 1
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & mask
    return state ^ (state >> 31)


def test_known_values() -> None:
    """First outputs of SplitMix64 from seed 1234567, as its reference code gives them."""
    golden = 0x9E3779B97F4A7C15
    state, given_ = 1234567, []
    for _ in range(3):
        state = (state + golden) % 2**64
        given_.append(int(mix(np.uint64(state))))
    assert given_ == [6457827717110365317, 3203168211198807973, 9817491932198370423]


@given(KEYS)
def test_mix_is_splitmix64(key: int) -> None:
    assert int(mix(np.uint64(key))) == splitmix64(key)


@given(KEYS, st.integers(0, 10**7))
def test_children_are_the_same_in_a_column(key: int, number: int) -> None:
    assert int(children(key, [number])[0]) == int(child(np.uint64(key), number))


@given(KEYS, st.sampled_from(list(Purpose)), st.integers(0, 255))
def test_draws_are_the_same_in_a_column(key: int, purpose: Purpose, number: int) -> None:
    column = uniforms(np.array([key], np.uint64), purpose, number)
    assert column[0] == uniform(np.uint64(key), int(purpose), number)
    assert 0 < column[0] < 1


def test_draws_are_even_and_independent_over_purposes_and_numbers() -> None:
    keys = children(2021, np.arange(200_000))
    table = np.array([uniforms(keys, purpose, number) for purpose in Purpose for number in (0, 1)])
    size = 200_000
    for row in table:
        counts = np.histogram(row, bins=50, range=(0, 1))[0]
        chi = ((counts - size / 50) ** 2 / (size / 50)).sum()
        assert chi < 110  # 49 degrees of freedom: chance of more is below one in a million
    between = np.corrcoef(table) - np.eye(len(table))
    assert np.abs(between).max() < 0.013  # about 5.8 standard errors over 700 pairs


def test_no_two_children_of_a_region_share_a_key() -> None:
    keys = np.concatenate([children(children(2021, [s]), np.arange(5_000)) for s in range(200)])
    assert len(np.unique(keys)) == len(keys)


def test_replications_have_seeds_of_their_own() -> None:
    seeds = {seed_of(2021, replication) for replication in range(1000)}
    assert len(seeds) == 1000
    assert not seeds & {seed_of(2022, replication) for replication in range(1000)}
