"""Orders of the first day against plain sorting, and matches against one region after another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from stelsel.twin.chance import Purpose, children, uniforms
from stelsel.twin.first_day.order import in_order
from stelsel.twin.first_day.pairing import Sorted, _matched
from stelsel.twin.layout import WIDTH

A = 3
"""Any service: the draw of who is chosen follows from it."""
Group = dict[str, npt.NDArray[np.int64]]

days = st.one_of(st.integers(-9000, 9000), st.integers(-(2**31), 2**31 - 1))


@given(st.lists(st.tuples(days, days), max_size=60))
def test_an_order_is_that_of_plain_sorting(rows: list[tuple[int, int]]) -> None:
    values = np.array([value for value, _ in rows], np.int64)
    within = np.array([other for _, other in rows], np.int64)
    numbers = range(len(rows))
    assert in_order(values).tolist() == sorted(numbers, key=lambda n: rows[n][0])
    by_both = sorted(numbers, key=lambda n: (rows[n][1], rows[n][0]))
    assert in_order(values, within).tolist() == by_both


def group(seed: int, number: int) -> Group:
    keys = children(seed, range(number))
    return {
        "key": keys.astype(np.int64),
        "region": (uniforms(keys, Purpose.MUNICIPALITY) * 4).astype(np.int64),
        "birth": -(uniforms(keys, Purpose.AGE) * 3000).astype(np.int64),
    }


def slowly(first: Group, second: Group, share: float) -> set[tuple[int, int]]:
    """Match one region after another, one child after another.

    Each takes the first child that is as old or younger and comes after the one taken before, or
    an earlier one where else the last would go without.
    """

    def drawn(n: int, time: int) -> float:
        return float(uniforms(second["key"][n : n + 1].astype(np.uint64), Purpose.SECOND, time)[0])

    pairs = set()
    same = first is second
    for region in range(4):
        here, others = [], []
        for n in np.flatnonzero(second["region"] == region).tolist():
            half = drawn(n, 253) < 1 / 2
            if same and half and drawn(n, 254) < 2 * share:
                here.append(n)
            if not same and drawn(n, 200 + A) < share:
                here.append(n)
        for n in np.flatnonzero(first["region"] == region).tolist():
            if not (same and drawn(n, 253) < 1 / 2):
                others.append(n)
        here.sort(key=lambda n: int(second["birth"][n]))
        others.sort(key=lambda n: int(first["birth"][n]))
        here = here[: len(others)]
        last = -1
        for place, n in enumerate(here):
            older = sum(int(first["birth"][m] < second["birth"][n]) for m in others)
            last = max(older, last + 1)
            taken = others[min(last, len(others) - len(here) + place)]
            if abs(int(first["birth"][taken]) - int(second["birth"][n])) < WIDTH:
                pairs.add((n, taken))
    return pairs


@given(st.integers(0, 10**6), st.integers(0, 40), st.integers(0, 40), st.floats(0, 1))
def test_matches_are_those_of_one_after_another(
    seed: int, of_first: int, of_second: int, share: float
) -> None:
    first, second = group(seed, of_first), group(seed + 1, of_second)
    for one, other in ((first, second), (first, first)):
        part = share / 2 if one is other else share
        rows = {name: column.copy() for name, column in one.items()}
        rows["key"] = rows["key"].astype(np.uint64)
        more = rows if one is other else {**other, "key": other["key"].astype(np.uint64)}
        mine, theirs = _matched(rows, more, part, A, Sorted())
        assert set(zip(mine.tolist(), theirs.tolist(), strict=True)) == slowly(one, other, part)
        assert len(set(theirs.tolist())) == len(theirs)
