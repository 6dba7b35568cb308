"""Memory used again: never while somebody holds it, and whatever was in it, runs are the same."""

from __future__ import annotations

import numpy as np
import pytest

from stelsel.twin import run
from stelsel.twin.layout import VISIT
from stelsel.twin.lines import LINE, on_lines


def test_memory_is_used_again_once_nobody_holds_it() -> None:
    first = on_lines(1000, VISIT, reuse=True)
    place = first.ctypes.data
    part = first[10:20]
    del first
    other = on_lines(1000, VISIT, reuse=True)
    assert other.ctypes.data != place, "part of it is still held"
    place = other.ctypes.data
    del other
    again = on_lines(900, VISIT, reuse=True)
    assert again.ctypes.data == place
    assert len(again) == 900
    assert len(part) == 10


def test_what_is_not_asked_for_again_is_not_kept() -> None:
    kept = on_lines(1000, VISIT, reuse=True)
    place = kept.ctypes.data
    del kept
    assert on_lines(1000, VISIT).ctypes.data != place


@pytest.mark.parametrize("number", [1, 5, 64, 1001])
def test_memory_begins_on_a_line(number: int) -> None:
    for kind in (np.int32, VISIT):
        assert on_lines(number, kind).ctypes.data % LINE == 0


@pytest.mark.parametrize("before", [0x00, 0x5A, 0xFF])
def test_what_was_in_memory_does_not_matter(before: int) -> None:
    fresh = run(region="JZ15", years=2, seed=5)
    used = on_lines(200_000, VISIT, reuse=True)
    used.view(np.uint8)[:] = before
    place = used.ctypes.data
    del used
    again = run(region="JZ15", years=2, seed=5, reuse=True)
    assert again.visits.ctypes.data == place
    assert again.visits.tobytes() == fresh.visits.tobytes()
    assert again.links.tobytes() == fresh.links.tobytes()
    assert (again.counts == fresh.counts).all()
