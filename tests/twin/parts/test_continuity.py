"""Falls of providers: events, who takes over, and what became of the children."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stelsel.errors import StelselError
from stelsel.twin.parts.continuity import Falls, after_falls, compiled_falls
from stelsel.twin.parts.continuity.compiling import AGAIN, FALLS, STOPS
from stelsel.twin.plans.parameters import of_parts
from stelsel.twin.plans.plan import Fall, Plan, Step

FIRST, DAYS = date(2021, 1, 1), 730
CODES = ("JZ07", "JZ15")
SERVICES = ("ambulatory", "secure-care")
STATION_OF = np.array([[[0, 1, 2], [3, 3, 3]], [[4, 5, 6], [3, 3, 3]]], np.int32)
SHARE = np.array([0.3, 0.2, 0.1, 1.0, 0.4, 0.0, 0.0])
NEVER = 2**31 - 1


def plan(*falls: Fall, taken: float = 0.8) -> Plan:
    known = [p for p in of_parts().values() if p.name.startswith("continuity.")]
    step = Step(date(2000, 1, 1), "set", taken)
    return Plan.of(known).changed([("continuity.taken_over", step)], falls)


def events(seen: Plan) -> list[tuple[int, int, int, float]]:
    falls = compiled_falls(seen, CODES, SERVICES, STATION_OF, SHARE, FIRST, DAYS)
    return list(
        zip(
            falls.day.tolist(),
            falls.station.tolist(),
            falls.kind.tolist(),
            falls.share.round(6).tolist(),
            strict=True,
        )
    )


def test_the_others_take_over_by_their_size() -> None:
    found = events(plan(Fall("JZ07", "ambulatory", 1, date(2021, 3, 1), "falls")))
    assert found == [(59, 0, FALLS, 0.0), (179, 1, -1, 0.16), (179, 2, -1, 0.08)]


def test_one_that_only_stops_admitting_keeps_who_is_there() -> None:
    found = events(plan(Fall("JZ07", "ambulatory", 3, date(2021, 3, 1), "stops-admitting")))
    assert [(kind, station) for _, station, kind, _ in found] == [(STOPS, 2), (-1, 0), (-1, 1)]


def test_where_there_is_no_other_it_opens_again_smaller() -> None:
    for region, service, station in (("JZ15", "ambulatory", 4), ("JZ07", "secure-care", 3)):
        found = events(plan(Fall(region, service, 1, date(2021, 3, 1), "falls")))
        lost = -0.2 * SHARE[station]
        assert found == [(59, station, FALLS, 0.0), (179, station, AGAIN, pytest.approx(lost))]


def test_nobody_opens_what_nobody_takes_over() -> None:
    found = events(plan(Fall("JZ15", "ambulatory", 1, date(2021, 3, 1), "falls"), taken=0.0))
    assert found == [(59, 4, FALLS, 0.0)]


@given(
    days=st.lists(st.integers(0, 600), min_size=1, max_size=3),
    taken=st.floats(0, 1),
    reverse=st.booleans(),
)
def test_places_are_kept_or_lost_but_never_made(
    days: list[int], taken: float, reverse: bool
) -> None:
    """Of all providers of a region that fall one after the other, at most all places remain."""
    falls = [
        Fall("JZ07", "ambulatory", n + 1, date.fromordinal(FIRST.toordinal() + day), "falls")
        for n, day in enumerate(days)
    ]
    found = events(plan(*(falls[::-1] if reverse else falls), taken=taken))
    open_, share = {0, 1, 2}, dict(enumerate(SHARE))
    for _, station, kind, change in found:
        share[station] += change
        if kind in (FALLS, STOPS):
            open_.discard(station)
        elif kind == AGAIN:
            open_.add(station)
    assert sum(share[s] for s in open_) <= SHARE[:3].sum() + 1e-6
    assert [day for day, *_ in found] == sorted(day for day, *_ in found)


def test_falls_elsewhere_and_at_other_times_are_left_out() -> None:
    falls = [
        Fall("JZ01", "ambulatory", 1, date(2021, 3, 1), "falls"),
        Fall("JZ07", "ambulatory", 1, date(2019, 3, 1), "falls"),
        Fall("JZ07", "ambulatory", 2, date(2024, 3, 1), "falls"),
    ]
    assert events(plan(*falls)) == []


def test_providers_that_do_not_exist_are_refused_together() -> None:
    falls = [
        Fall("JZ07", "ambulatory", 4, date(2021, 3, 1), "falls"),
        Fall("JZ07", "boats", 1, date(2021, 3, 1), "falls"),
    ]
    with pytest.raises(StelselError) as caught:
        events(plan(*falls))
    assert len(caught.value.faults) == 2


def test_children_are_followed_to_their_next_place() -> None:
    """Four children of a provider that falls on day 100, and one who comes that day by itself."""
    kind = [("key", "u8"), ("leg", "i1"), ("station", "i4"), ("exit", "i1")]
    kind += [(name, "i4") for name in ("arrived", "started", "ended")]
    rows = [
        (11, 0, 7, 9, 0, 10, 100),
        (12, 1, 7, 9, 0, 20, 100),
        (13, 0, 7, 9, 0, 30, 100),
        (14, 0, 7, 9, 0, 30, 100),
        (15, 0, 7, 1, 0, 30, 100),  # ended as planned on the same day
        (11, 1, 8, 0, 100, 100, NEVER),  # a place at once
        (12, 2, 8, 0, 100, 130, NEVER),  # after thirty days
        (13, 1, 8, 0, 100, NEVER, NEVER),  # waits
        (14, 1, 8, 2, 100, NEVER, 160),  # gave up
        (16, 0, 8, 0, 100, 105, NEVER),  # somebody else
    ]
    falls = Falls(
        np.array([100], np.int32), np.array([7], np.int32), np.array([FALLS], np.int32), np.zeros(1)
    )
    names = [("JZ07", "residential", n) for n in range(9)]
    table = after_falls(np.array(rows, kind), falls, names, 9, FIRST, NEVER)
    assert table.to_pylist() == [
        {
            "day": date(2021, 4, 11),
            "region": "JZ07",
            "service": "residential",
            "provider": 7,
            "children": 4,
            "at_once": 1,
            "after_waiting": 1,
            "mean_wait": 30.0,
            "still_waiting": 1,
            "left": 1,
        }
    ]
