"""The compiled kernel against a slow engine, exact books, and queueing formulas."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.system import priorities
from stelsel.twin import layout
from stelsel.twin.kernel import simulate
from stelsel.twin.layout import (
    DRAWN,
    LINK,
    MEASURES,
    OPEN,
    TERMS,
    UNTIL_ENDED,
    VISIT,
    space,
)
from tests.twin.networks import execute, exponential, mates, network, nobody, ran
from tests.twin.oracle import Oracle, columns

MEANS = st.sampled_from([0.3, 1.5, 6.0, 40.0])
SHARES = st.sampled_from([0.0, 0.0, 0.15, 0.3])
FACTORS = {
    "crisis": 1.5,
    "complex": 0.5,
    "withdraw": 2.0,
    "stretch": 0.5,
    "renew": 0.5,
    "limit": 1.1,
}


def shares(draw: st.DrawFn, services: int) -> Any:
    row = st.lists(SHARES, min_size=services, max_size=services)
    return draw(st.lists(row, min_size=services, max_size=services))


@st.composite
def rules(draw: st.DrawFn, services: int) -> dict[str, Any]:
    def each(values: list[Any]) -> Any:
        chosen = st.sampled_from(values)
        return draw(st.lists(chosen, min_size=services, max_size=services))

    return {
        "law": each([DRAWN, DRAWN, TERMS, UNTIL_ENDED]),
        "capped": each([1, 1, 0]),
        "measure": each([0, 0, 1]),
        "sent": each([1, 1, 0]),
        "worse": draw(st.sampled_from([0.0, 0.05])),
        "budget": draw(st.sampled_from([0.0, 0.1])),
        "bridged": draw(st.sampled_from([0.0, 0.5])),
        "bridging": 0.4,
        "lengthens": draw(st.sampled_from([0.0, 0.02])),
        "term": each([1.0, 7.0, 20.0]),
        "renew": each([0.0, 0.5, 0.9]),
        "lifted": draw(st.sampled_from([0.0, 0.03])),
        "limit": (limit := draw(st.sampled_from([0.0, 18 * 365.25]))),
        "late": limit and 23 * 365.25,
        "extended": 0.5,
        "youngest": draw(st.sampled_from([0.0, 9 * 365.25])),
        "back": draw(st.sampled_from([0.0, 0.4])),
        "lives": each([0, 1]),
        "guards": each([0, 1]),
        "known_measure": draw(st.sampled_from([0.0, 0.5])),
        "known_help": draw(st.sampled_from([0.0, 0.5])),
    }


@st.composite
def cases(draw: st.DrawFn) -> tuple[layout.Network, int, int]:
    services = draw(st.integers(1, 4))
    regions = draw(st.integers(1, 2))
    providers = draw(st.integers(1, 2))
    days = draw(st.integers(1, 60))
    means = draw(st.lists(MEANS, min_size=services, max_size=services))
    moves, heavier = shares(draw, services), shares(draw, services)
    seconds = np.triu(shares(draw, services), 1)  # no circles of services that begin each other
    speed = draw(st.sampled_from([None, 0.6]))
    clock = None
    if speed:
        half = np.where(np.arange(days) < days / 2, speed, 2 - speed)
        clock = np.tile(np.concatenate([[0.0], np.cumsum(half)]), (services, 1))
    epochs = draw(st.integers(1, 2))
    net = network(
        days,
        places=draw(st.lists(st.integers(0, 4), min_size=services, max_size=services)),
        rate=draw(st.lists(st.sampled_from([0.0, 0.2, 1.3]), min_size=services, max_size=services)),
        quantiles=np.array([exponential(mean) for mean in means]),
        hazard=draw(st.sampled_from([0.0, 0.05, 0.5])),
        moves=moves,
        seconds=seconds,
        linked=np.ones((services, services)) * draw(st.integers(0, 1)),
        heavier=heavier,
        regions=regions,
        providers=providers,
        clock=clock,
        epochs=epochs,
        rules=draw(rules(services)),
    )
    net = net._replace(
        team=0,
        triage=draw(st.sampled_from([-1, services - 1])),
        push=np.full(epochs, draw(st.integers(0, 1)), np.int32),
        known_sent=np.full(epochs, draw(st.sampled_from([0.0, 0.8]))),
    )
    longer = st.sampled_from([np.ones((services, services)), np.full((services, services), 2.5)])
    net = net._replace(longer=draw(longer))
    joined = draw(st.sampled_from(["own lists", "one list", "one pool"]))
    if joined == "one pool":  # the regions share their places
        net = net._replace(station_of=np.repeat(net.station_of[:, :1], regions, axis=1))
    elif joined == "one list":  # the providers of a region share their list
        net = net._replace(
            list_of=np.repeat(net.station_of[..., :1], providers, axis=3).reshape(1, -1)
        )
    if epochs > 1:  # something steps in
        table = net.rules.copy()
        for name, factor in FACTORS.items():
            table[name][1] *= factor
        net = net._replace(epoch=(np.arange(days) >= 7).astype(np.int32), rules=table)
    return net, days, draw(st.integers(0, 2**40))


def a_state(net: layout.Network, seed: int, days: int) -> layout.State:
    """Some visits that exist on the first day: some in care, some waiting."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(0, 6))
    visits = np.zeros(n, VISIT)
    visits["key"] = rng.integers(1, 2**60, n)
    visits["birth"] = -rng.integers(0, 22 * 365, n)
    visits["person"] = np.arange(n)
    visits["region"] = rng.integers(0, net.station_of.shape[1], n)
    visits["service"] = rng.integers(0, net.station_of.shape[2], n)
    provider = rng.integers(0, net.station_of.shape[3], n)
    visits["station"] = net.station_of[0, visits["region"], visits["service"], provider]
    visits["cls"] = rng.integers(0, 4, n)
    visits["arrived"] = np.sort(-rng.integers(1, 20, n))
    in_care = rng.random(n) < 0.5
    visits["started"] = np.where(in_care, visits["arrived"], OPEN)
    visits["due"] = np.where(in_care, rng.integers(0, days + 5, n), OPEN)
    visits["flags"] = np.where(in_care, rng.choice([1, 3], n), 0) << 4
    visits["terms"] = in_care
    for name in ("next", "links", "wants"):
        visits[name] = -1
    return layout.State(visits, np.empty(0, LINK), n)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_gives_the_same_visits_as_the_slow_engine(case: tuple[layout.Network, int, int]) -> None:
    net, days, seed = case
    state = a_state(net, seed % 1000, days)
    memory, made = ran(net, days, seed, state, room=20_000)
    visits = memory.visits[:made]
    expected = columns(Oracle(net, days).run(state, seed))
    assert mates(visits, memory.links) == expected.pop("mate")
    for name, column in expected.items():
        assert visits[name].tolist() == column, name


@settings(max_examples=60, deadline=None)
@given(cases())
def test_books_are_exact_on_every_day(case: tuple[layout.Network, int, int]) -> None:
    net, days, seed = case
    visits, counts = execute(net, days, seed, a_state(net, seed % 1000, days), room=20_000)
    served = visits["started"] != OPEN
    gone = visits["ended"] != OPEN
    assert (visits["started"][served] >= visits["arrived"][served]).all()
    assert (visits["ended"][served & gone] >= visits["started"][served & gone]).all()
    assert (visits["ended"][~served & gone] >= visits["arrived"][~served & gone]).all()
    cell = visits["region"].astype(int) * net.station_of.shape[2] + visits["service"]
    line = net.list_of[0][visits["station"]]
    slow = Oracle(net, days)
    for day in range(days):
        waits = (visits["arrived"] <= day) & (visits["started"] > day) & (visits["ended"] > day)
        cares = (visits["started"] <= day) & (visits["ended"] > day)
        # Everyone who has come is in one place: waiting, in care, or gone.
        left = (visits["arrived"] <= day) & (visits["ended"] <= day)
        assert waits.sum() + cares.sum() + left.sum() == (visits["arrived"] <= day).sum()
        if day % 7 == 6 or day == days - 1:
            week = counts[day // 7].sum(axis=1)
            size = counts.shape[1]
            waiting = np.bincount(cell[waits], minlength=size)
            assert week[:, MEASURES.index("waiting")].tolist() == waiting.tolist()
            in_care = np.bincount(cell[cares], minlength=size)
            assert week[:, MEASURES.index("in_care")].tolist() == in_care.tolist()
        # No place stands empty while someone waits for it.
        for one in range(len(net.stations)):
            if waits[line == net.list_of[0, one]].any():
                assert cares[visits["station"] == one].sum() >= slow.places(day, one)
    flows = counts.sum(axis=(0, 2))
    came = visits["arrived"] >= 0
    size = counts.shape[1]
    assert flows[:, 0].tolist() == np.bincount(cell[came], minlength=size).tolist()
    begun = served & (visits["started"] >= 0)
    # A state may hold care that began on a negative day only, so every start counted is in the run.
    assert flows[:, 1].tolist() == np.bincount(cell[begun], minlength=size).tolist()
    assert flows[:, 2].tolist() == np.bincount(cell[served & gone], minlength=size).tolist()
    assert flows[:, 3].tolist() == np.bincount(cell[~served & gone], minlength=size).tolist()


def test_first_come_first_served_within_a_class() -> None:
    days = 400
    net = network(
        days,
        places=[3],
        rate=[0.36],
        quantiles=np.array([exponential(8)]),
        team=-1,
        municipality=-1,
    )
    visits, _ = execute(net, days, 5)
    for rank in range(4):
        started = visits["started"][(visits["cls"] == rank) & (visits["started"] != OPEN)]
        assert len(started) > 5
        assert (np.diff(started) >= 0).all()


@pytest.mark.parametrize("length", [0.0, 0.4])
def test_a_circle_of_moves_comes_to_an_end(length: float) -> None:
    """Everyone moves on, in a circle, after care of no length: the day must end all the same."""
    net = network(
        400,
        places=[2, 2],
        rate=[0.05, 0.0],
        quantiles=np.full((2, exponential(1).size), length),
        moves=[[0, 1], [1, 0]],
        team=-1,
        municipality=-1,
    )
    visits, _ = execute(net, 400, 3, room=50_000)
    assert visits["leg"].min() == 0
    assert visits["leg"].max() == layout.LAST_LEG
    keys = visits["key"][(visits["leg"] == 0) & (visits["arrived"] < 100)]
    for key in keys[:3]:
        assert sorted(visits["leg"][visits["key"] == key]) == list(range(layout.LAST_LEG + 1))


def test_too_little_memory_is_said_not_hidden() -> None:
    net = network(50, places=[1], rate=[2.0], quantiles=np.array([exponential(5)]))
    memory = space(net, 50, 10)
    assert simulate(net, nobody(), np.uint64(1), 50, memory) > 10


def test_classes_stand_in_the_order_of_the_table() -> None:
    names = [priority.id for priority in priorities()]
    numbers = [layout.CRISIS, layout.PROTECTION, layout.COMPLEX, layout.REGULAR]
    assert dict(zip(names, numbers, strict=True)) == {
        "crisis": 0,
        "protection": 1,
        "complex": 2,
        "regular": 3,
    }


def erlang_c(servers: int, load: float) -> float:
    """Chance to wait in M/M/c, by the recursion for Erlang B."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked / (1 - load / servers * (1 - blocked))


@pytest.mark.parametrize(("servers", "use"), [(5, 0.8), (30, 0.9)])
def test_waits_follow_erlang_c(servers: int, use: float) -> None:
    mean, runs, days = 200.0, 40, 60_000
    load = servers * use
    rate = load / mean
    expected = erlang_c(servers, load) * mean / (servers - load)
    net = network(
        days,
        places=[servers],
        rate=[rate],
        quantiles=np.array([exponential(mean)]),
        classes=1,
        draw_class=False,
        leaves=np.zeros(1),
        solved=np.zeros(1),
    )
    means = []
    for seed in range(runs):
        visits, _ = execute(net, days, seed)
        late = (visits["arrived"] > 5_000) & (visits["started"] != OPEN)
        means.append(float((visits["started"] - visits["arrived"])[late].mean()))
    error = float(np.std(means, ddof=1) / math.sqrt(runs))
    # Whole days: who comes on the day that a place falls free waits nothing of it.
    assert abs(np.mean(means) - expected) < 3.5 * error + 0.5


def test_who_gives_up_follows_the_birth_and_death_chain() -> None:
    """M/M/c with exponential patience (Erlang A): the stationary chain says how many give up."""
    servers, mean, patience, rate, days, runs = 10, 100.0, 60.0, 0.12, 40_000, 30
    chances = [1.0]
    for n in range(1, 400):
        leaving = min(n, servers) / mean + max(n - servers, 0) / patience
        chances.append(chances[-1] * rate / leaving)
    total = sum(chances)
    queue = sum(max(n - servers, 0) * p for n, p in enumerate(chances)) / total
    share = queue / patience / rate
    net = network(
        days,
        places=[servers],
        rate=[rate],
        quantiles=np.array([exponential(mean)]),
        classes=1,
        draw_class=False,
        leaves=np.ones(1),
        hazard=1 / patience,
        solved=np.zeros(1),
    )
    shares, queues = [], []
    for seed in range(runs):
        visits, counts = execute(net, days, seed)
        over = (visits["arrived"] > 4_000) & (visits["arrived"] < days - 1_000)
        gave_up = over & (visits["started"] == OPEN) & (visits["ended"] != OPEN)
        shares.append(gave_up.sum() / over.sum())
        queues.append(counts[600:, 0, 0, MEASURES.index("waiting")].mean())
    error = np.std(shares, ddof=1) / math.sqrt(runs)
    assert abs(np.mean(shares) - share) < 3.5 * error + 0.01
    assert abs(np.mean(queues) / queue - 1) < 0.05


def test_little() -> None:
    days = 30_000
    net = network(
        days,
        places=[10],
        rate=[0.095],
        quantiles=np.array([exponential(100)]),
        classes=1,
        draw_class=False,
        leaves=np.zeros(1),
        solved=np.zeros(1),
    )
    visits, _ = execute(net, days, 3)
    served = visits["started"] != OPEN
    waited = np.where(served, visits["started"], days) - visits["arrived"]
    area = waited.sum() / days  # mean number waiting, summed over children
    by_day = np.zeros(days + 1)
    np.add.at(by_day, visits["arrived"], 1)
    np.add.at(by_day, np.where(served, visits["started"], days), -1)
    assert area == pytest.approx(np.cumsum(by_day)[:-1].mean())


def test_measures_end_at_whole_years() -> None:
    """Renewal at the anniversary: who is not renewed ends on it, and a share p of terms goes on."""
    days, term, renewed = 3_000, 365.0, 0.6
    net = network(
        days,
        places=[1],
        rate=[2.0],
        quantiles=np.array([exponential(1)]),
        rules={"law": TERMS, "term": term, "renew": renewed, "capped": 0, "sent": 0},
    )
    visits, _ = execute(net, days, 4, room=20_000)
    early = visits[visits["arrived"] < days - 5 * term - 1]
    ended = early[early["ended"] != OPEN]
    lasted = ended["ended"] - ended["started"]
    assert (lasted % term == 0).all()
    for years in range(1, 5):  # geometric: P(more than n terms) = p^n
        share = float((early["ended"] - early["started"] > years * term).mean())
        error = math.sqrt(renewed**years * (1 - renewed**years) / len(early))
        assert abs(share - renewed**years) < 4 * error


def test_waits_with_even_stays_are_half_those_with_exponential_ones() -> None:
    """M/D/c against M/M/c in heavy traffic: waits go with (1 + cv^2) / 2 (Lee and Longton)."""
    servers, mean, days = 4, 60.0, 60_000
    means = {}
    for name, quantiles in {
        "even": np.full((1, exponential(1).size), mean),
        "exponential": np.array([exponential(mean)]),
    }.items():
        waits = []
        for seed in range(20):
            net = network(
                days,
                places=[servers],
                rate=[0.9 * servers / mean],
                quantiles=quantiles,
                classes=1,
                draw_class=False,
                leaves=np.zeros(1),
                solved=np.zeros(1),
            )
            visits, _ = execute(net, days, seed, room=20_000)
            late = visits[(visits["arrived"] > 5_000) & (visits["started"] != OPEN)]
            waits.append(float((late["started"] - late["arrived"]).mean()))
        means[name] = float(np.mean(waits))
    assert means["even"] / means["exponential"] == pytest.approx(0.5, abs=0.06)
