"""The first day: stays beside another go on for longer, and until the age limit at most."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from stelsel.twin.first_day.pairing import _lengthen
from stelsel.twin.layout import AGED_OUT, BY_PLAN

NEVER = 2**31 - 1
"""The day of what is not due within a run (``layout.OPEN``)."""

Stay = tuple[int, int, int]
"""Day on which a stay is due, why, and the day of birth."""

stays = st.tuples(
    st.one_of(st.integers(0, 4000), st.just(NEVER)),
    st.sampled_from([BY_PLAN, AGED_OUT]),
    st.integers(-6500, -1),
)


def lengthened(rows: list[Stay], mine: list[int], longer: float, limit: float) -> list[int]:
    """Give the days on which stays are due once those of ``mine`` are longer."""
    columns: dict[str, npt.NDArray[Any]] = {
        "due": np.array([due for due, _, _ in rows], np.int32),
        "flags": np.array([why << 4 for _, why, _ in rows], np.uint8),
        "birth": np.array([birth for _, _, birth in rows], np.int32),
    }
    _lengthen(columns, np.array(mine, np.int64), longer, limit)
    return [int(due) for due in columns["due"]]


def slowly(stay: Stay, longer: float, limit: float) -> int:
    """Say the same of one stay, in plain words."""
    due, why, birth = stay
    if due == NEVER or why != BY_PLAN:
        return due
    later = min(due * longer, float(NEVER - 1))
    if limit > 0:
        later = min(later, birth + limit)
    return max(int(later), due)


def test_a_stay_by_plan_goes_on_until_it_is_longer_or_the_child_is_grown_up() -> None:
    rows = [
        (100, BY_PLAN, -3000),  # four times as long
        (1000, BY_PLAN, -3000),  # would be 4000: eighteen at 3574
        (100, BY_PLAN, -3000),  # beside nothing
        (100, AGED_OUT, -6474),  # ends by age
        (NEVER, BY_PLAN, -3000),  # outlasts the run
    ]
    assert lengthened(rows, [0, 1, 3, 4], 4.0, 6574.0) == [400, 3574, 100, 100, NEVER]


@given(
    st.lists(stays, min_size=1, max_size=8),
    st.floats(0.5, 40),
    st.sampled_from([0.0, 6574.0, 7670.0]),
    st.data(),
)
def test_as_one_stay_after_another(
    rows: list[Stay], longer: float, limit: float, data: st.DataObject
) -> None:
    mine = data.draw(st.lists(st.integers(0, len(rows) - 1), unique=True))
    wanted = [slowly(s, longer, limit) if n in mine else s[0] for n, s in enumerate(rows)]
    assert lengthened(rows, mine, longer, limit) == wanted
