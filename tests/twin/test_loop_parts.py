"""The parts in the loop against the slow engine: providers, lists, families, staff, secure care."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.twin.layout import BROKE_DOWN, HANDED, OPEN, PROVIDER_FELL, Network
from stelsel.twin.parts.continuity import Falls
from stelsel.twin.parts.foster import compiled_foster
from stelsel.twin.parts.secure.compiling import Secure
from stelsel.twin.parts.staff import compiled_staff
from stelsel.twin.plans.parameters import of_parts
from stelsel.twin.plans.plan import Parameter, Plan
from tests.twin.networks import exponential, mates, network, ran
from tests.twin.oracle import Oracle, columns
from tests.twin.test_kernel import a_state, cases

FIRST = date(2019, 3, 1)


def same(net: Network, days: int, seed: int) -> np.ndarray:
    """Run both engines, compare every visit, and give the visits."""
    state = a_state(net, seed % 1000, days)
    memory, made = ran(net, days, seed, state, room=30_000)
    visits = memory.visits[:made]
    expected = columns(Oracle(net, days).run(state, seed))
    assert mates(visits, memory.links) == expected.pop("mate")
    for name, column in expected.items():
        assert visits[name].tolist() == column, name
    return np.asarray(visits)


@st.composite
def provided(draw: st.DrawFn) -> tuple[Network, int, int]:
    """Providers that stop, fall and come back; cases handed on; lists joined halfway."""
    net, days, seed = draw(cases())
    stations = len(net.stations)
    events = draw(st.integers(0, 4))
    moments = st.lists(st.integers(0, days - 1), min_size=events, max_size=events)
    which = st.lists(st.integers(0, stations - 1), min_size=events, max_size=events)
    kinds = st.lists(st.sampled_from([-1, 0, 1, 2, 2]), min_size=events, max_size=events)
    shares = st.lists(st.sampled_from([-0.3, 0.0, 0.5]), min_size=events, max_size=events)
    falls = Falls(
        np.array(sorted(draw(moments)), np.int32),
        np.array(draw(which), np.int32),
        np.array(draw(kinds), np.int32),
        np.array(draw(shares), np.float64),
    )
    limit = draw(st.sampled_from([0, 1, 5]))
    net = net._replace(falls=falls, hand_over=np.full(len(net.push), limit, np.int32))
    if draw(st.booleans()) and (net.station_of[0, 0] != net.station_of[0, -1]).any():
        one = np.repeat(net.station_of[..., :1], net.station_of.shape[3], axis=3).reshape(1, -1)
        net = net._replace(
            station_of=np.repeat(net.station_of, 2, axis=0),
            list_of=np.concatenate([net.list_of, one]),
            share=np.repeat(net.share, 2, axis=0),
            chart=(np.arange(days) >= days // 2).astype(np.int32),
        )
    return net, days, seed


@settings(max_examples=150, deadline=None)
@given(provided())
def test_providers_and_lists_do_as_in_the_slow_engine(case: tuple[Network, int, int]) -> None:
    same(*case)


def a_fall(kind: int, days: int = 60) -> Network:
    """One service, two providers of twenty places; the first falls (2) or stops (1) on day 30."""
    net = network(
        days,
        places=[20],
        rate=[3.0],
        quantiles=np.array([exponential(10)]),
        providers=2,
        draw_class=False,
        rules={"sent": 0},
    )
    day, station = np.array([30], np.int32), np.array([0], np.int32)
    return net._replace(falls=Falls(day, station, np.array([kind], np.int32), np.zeros(1)))


def test_who_has_a_provider_that_falls_asks_again_that_day() -> None:
    visits = same(a_fall(2), 60, 5)
    fell = visits[visits["exit"] == PROVIDER_FELL]
    assert len(fell) > 5
    assert (fell["ended"] == 30).all()
    again = visits[(visits["leg"] == 1) & (visits["arrived"] == 30)]
    assert sorted(again["key"].tolist()) == sorted(fell["key"].tolist())
    late = visits[(visits["arrived"] >= 30) & (visits["started"] != OPEN)]
    assert (late["station"] == 1).all()


def test_a_provider_that_stops_admitting_keeps_who_it_has() -> None:
    visits = same(a_fall(1), 60, 5)
    assert not (visits["exit"] == PROVIDER_FELL).any()
    there = (visits["station"] == 0) & (visits["started"] < 30) & (visits["ended"] > 30)
    assert there.any()
    here = visits["started"][(visits["station"] == 0) & (visits["started"] != OPEN)]
    assert (here < 30).all()


def test_who_waits_too_long_is_handed_to_a_provider_with_room() -> None:
    """Everybody prefers the first provider; the second one has room all the time."""
    net = network(
        200,
        places=[10],
        rate=[1.5],
        quantiles=np.array([exponential(10)]),
        providers=2,
        draw_class=False,
        rules={"sent": 0},
    )
    net = net._replace(provider_reached=np.array([[0.9, 1.0]]))
    kept = same(net, 200, 2)
    handed = same(net._replace(hand_over=np.array([7], np.int32)), 200, 2)
    assert not (kept["flags"] & HANDED).any()
    chosen = handed[handed["flags"] & HANDED > 0]
    assert len(chosen) > 10
    assert (chosen["station"] == 1).all()
    assert (chosen["started"] - chosen["arrived"] > 7).all()


def of_parts_named(start: str) -> list[Parameter]:
    return [p for p in of_parts().values() if p.name.startswith(start)]


def with_families(
    net: Network, days: int, service: int, breakdown: float, move: float = 0.75
) -> Network:
    """Let the places of a service be families, of few regions so that all can be followed."""
    changed = {
        "foster.move": move,
        "foster.settled": 3.0,
        "foster.breakdown": breakdown,
        "foster.search": 5.0,
        "foster.pipeline": 30.0,
    }
    plan = Plan.of(
        replace(p, value=changed[p.name], low=None, high=None, kind="derived", dated=())
        if p.name in changed
        else p
        for p in of_parts_named("foster.")
    )
    regions = net.station_of.shape[1]
    weight = np.full(regions, 0.005)
    codes = ("JZ07", "JZ15")[:regions]
    rules = net.rules.copy()
    rules["foster"][:, service] = 1
    own = np.arange(len(net.stations), dtype=np.int32)
    return net._replace(
        rules=rules, foster=compiled_foster(plan, codes, weight, FIRST, days), list_of=own[None]
    )


@st.composite
def with_parts(draw: st.DrawFn) -> tuple[Network, int, int]:
    """Foster care in families, staff at some stations, secure care with small-scale places."""
    services, regions, days = 4, draw(st.integers(1, 2)), draw(st.integers(20, 60))
    net = network(
        days,
        places=draw(st.lists(st.integers(1, 4), min_size=4, max_size=4)),
        rate=[0.4, 0.6, 0.3, 0.2],
        quantiles=np.array([exponential(m) for m in (6.0, 20.0, 12.0, 8.0)]),
        moves=np.full((4, 4), 0.1),
        heavier=np.full((4, 4), 0.1),
        hazard=draw(st.sampled_from([0.0, 0.05])),
        regions=regions,
        rules={"worse": 0.02, "back": 0.3},
    )
    breakdown, move = draw(st.sampled_from([0.036, 20.0])), draw(st.sampled_from([0.0, 30.0]))
    net = with_families(net, days, 1, breakdown, move)
    if draw(st.booleans()):
        stations = net.stations.copy()
        rows = np.flatnonzero(stations["service"] == 0)
        stations["staffed"][rows] = np.arange(len(rows))
        plan = Plan.of(
            [
                *(p for p in of_parts_named("staff.") if p.name.endswith("[guidance]")),
                Parameter("capacity[guidance]", 3, "places", "derived", "example"),
            ]
        )
        staff = compiled_staff(plan, ["guidance"] * len(rows), FIRST, days)
        net = net._replace(stations=stations, staff=staff)
    if draw(st.booleans()):
        secure = Secure(
            suited=np.full(days, 0.5),
            lapses=draw(st.sampled_from([3, 10])),
            instead=np.array([0, 1], np.int32),
            reached=np.tile([0.4, 1.0], (days, 1)),
        )
        net = net._replace(secure=secure, secure_care=services - 1, small_scale=services - 2)
    return net, days, draw(st.integers(0, 2**40))


@settings(max_examples=100, deadline=None)
@given(with_parts())
def test_families_staff_and_secure_care_do_as_in_the_slow_engine(
    case: tuple[Network, int, int],
) -> None:
    same(*case)


def test_a_placement_that_breaks_down_is_followed_by_another_search() -> None:
    net = network(
        200, places=[5, 5], rate=[0.5, 0.0], quantiles=np.array([exponential(90)] * 2), regions=1
    )
    visits = same(with_families(net, 200, 0, 5.0), 200, 3)
    broke = visits[visits["exit"] == BROKE_DOWN]
    assert len(broke) > 5
    again = visits[visits["leg"] == 1]
    assert set(broke["key"].tolist()) <= set(again["key"].tolist())


@pytest.mark.parametrize("part", ["falls", "hand_over", "families"])
def test_a_part_that_does_nothing_changes_nothing(part: str) -> None:
    """Paired chance: with nothing to do a part leaves every visit as it is without it."""
    days = 80
    net = network(
        days,
        places=[3, 4],
        rate=[0.5, 0.3],
        quantiles=np.array([exponential(6), exponential(9)]),
        moves=[[0, 0.2], [0.1, 0]],
        hazard=0.02,
        providers=2,
    )
    none = np.zeros(1, np.int32)
    changed = {
        "falls": net._replace(falls=Falls(none, none, none - 1, np.zeros(1))),
        "hand_over": net._replace(hand_over=np.array([days], np.int32)),
        "families": with_families(net, days, 0, 0.036)._replace(rules=net.rules),
    }[part]
    before, after = (ran(one, days, 7, room=5_000) for one in (net, changed))
    assert before[1] == after[1]
    assert (before[0].visits[: before[1]] == after[0].visits[: after[1]]).all()
