"""Both engines give the same for every indicator, over random tables of spells.

A region is a table of its own (see ``random_spells``). ``STELSEL_EXAMPLES`` asks for more of them.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.monitor.indicators import Indicator, known, oracle, work_out, work_out_all
from stelsel.monitor.indicators.definition import LEVELS
from tests.monitor.indicators.random_spells import BYS, DAY, REGIONS, table

EXAMPLES = int(os.environ.get("STELSEL_EXAMPLES", "1"))
SEEDS = st.integers(0, 2**32)
"""Of a table: Hypothesis itself may not draw as much as a table of many regions takes."""


def alike(fast: pa.Table, slow: pa.Table) -> None:
    assert fast.schema.equals(slow.schema, check_metadata=True)
    others, whole = [], []
    for found in (fast, slow):
        numbers = found.select(["value", "low", "high"]).to_pylist()
        others.append(found.drop_columns(["value", "low", "high"]).to_pylist())
        whole.append([value for row in numbers for value in row.values()])
    assert others[0] == others[1]
    assert [one is None for one in whole[0]] == [one is None for one in whole[1]]
    pairs = [(one, other) for one, other in zip(*whole, strict=True) if one is not None]
    assert all(math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) for one, other in pairs)


def tells(one: Indicator, by: Sequence[str]) -> bool:
    """Whether an indicator may be told at every level that is grouped by."""
    return not set(by) & set(LEVELS) - set(one.levels)


@pytest.mark.parametrize("indicator", known(), ids=lambda one: one.id)
def test_both_engines_agree(indicator: Indicator) -> None:
    @settings(max_examples=EXAMPLES, deadline=None)
    @given(
        SEEDS,
        st.integers(0, 500),
        st.sampled_from([30, 200, 400]),
        st.sampled_from([by for by in BYS if tells(indicator, by)]),
    )
    def agree(seed: int, after: int, days: int, by: tuple[str, ...]) -> None:
        spells = table(Random(seed), [indicator], regions=12, most=9)
        as_of = DAY + timedelta(days=after)
        alike(
            work_out(indicator, spells, as_of, by, days),
            oracle.work_out(indicator, spells, as_of, by, days),
        )

    agree()


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    SEEDS,
    st.integers(0, 500),
    st.sampled_from([1, 45, 365, 500]),
    st.none() | st.sampled_from(BYS),
)
def test_all_at_once_come_out_as_each_by_itself(
    seed: int, after: int, days: int, by: tuple[str, ...] | None
) -> None:
    """Every indicator in one go, over as many tables as there are regions."""
    spells = table(Random(seed), known(), regions=len(REGIONS), most=14)
    as_of = DAY + timedelta(days=after)
    told = [one for one in known() if tells(one, by or ())]
    found = work_out_all(told, spells, as_of, by, days)
    assert list(found) == [one.id for one in told]
    for one in told:
        alike(found[one.id], oracle.work_out(one, spells, as_of, by, days))
