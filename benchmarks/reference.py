"""The reference network, in the kernel's arrays, as SimPy processes and as Ciw declares it.

Eight stations of fifty places; two classes, the first (30 %) goes before the second; length of
care lognormal with coefficient of variation 1; a fifth moves on by a fixed matrix; offered load
1.02, so that the second class gives up after an exponential patience of one mean length of care.
"""

from __future__ import annotations

import random
from collections.abc import Generator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import ciw
import numpy as np
import numpy.typing as npt
import simpy

from stelsel.twin.layout import (
    DRAWN,
    LINK,
    ROUTE,
    RULE,
    STATION,
    STREAM,
    VISIT,
    Network,
    State,
)
from stelsel.twin.parts.off import no_falls, no_families, no_secure, no_staff
from stelsel.twin.world.durations import STEPS

Floats = npt.NDArray[np.float64]

PLACES = 50
MEANS = np.array([0.8, 0.9, 1.0, 1.1, 1.2, 1.0, 0.9, 1.1])
FIRST_CLASS = 0.3
MOVES = 0.2
LOAD = 1.02
PATIENCE = 1.0
STATIONS = len(MEANS)


def routes() -> Floats:
    """Where who moves on goes: three parts to the next station, two to the one after, one else."""
    weights = np.ones((STATIONS, STATIONS))
    for i in range(STATIONS):
        weights[i, i] = 0
        weights[i, (i + 1) % STATIONS] = 3
        weights[i, (i + 2) % STATIONS] = 2
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def requests() -> Floats:
    """Give the requests from outside, per station and unit of time, that load all alike."""
    total = LOAD * PLACES / MEANS
    return np.asarray(total - MOVES * routes().T @ total)


def lognormal() -> tuple[Floats, float]:
    """Mu per station and sigma of the length of care (coefficient of variation 1)."""
    variance = np.log(2.0)
    return np.log(MEANS) - variance / 2, float(np.sqrt(variance))


def network(days: int, unit: int) -> Network:
    """Give the network for the kernel, one unit of time being ``unit`` days."""
    mu, sigma = lognormal()
    grid = (np.arange(STEPS + 1)) / STEPS
    ends = np.clip(grid, 0.5 / STEPS / 8, 1 - 0.5 / STEPS / 8)
    normal = np.array([NormalDist().inv_cdf(float(p)) for p in ends])
    quantiles = np.exp(mu[:, None] + sigma * normal[None, :]) * unit
    means = (quantiles[:, 1:] + quantiles[:, :-1]).sum(axis=1) / (2 * STEPS)
    quantiles *= (MEANS * unit / means)[:, None]
    classes = np.array([FIRST_CLASS, 1 - FIRST_CLASS])
    rules = np.zeros((1, STATIONS), RULE)
    for name, value in {"law": DRAWN, "capped": 1, "stretch": 1.0, "bridging": 1.0}.items():
        rules[name] = value
    rules["withdraw"] = 1 / (PATIENCE * unit)
    rules["moves"] = np.arange(STATIONS) * STATIONS
    rules["moves_to"] = rules["moves"] + STATIONS
    ways = np.zeros((1, STATIONS * STATIONS), ROUTE)
    ways["service"] = np.tile(np.arange(STATIONS), STATIONS)
    ways["reached"] = np.cumsum(MOVES * routes(), axis=1).ravel()
    stations = np.zeros(STATIONS, STATION)
    stations["service"] = np.arange(STATIONS)
    stations["staffed"] = -1
    streams = np.zeros(2 * STATIONS, STREAM)
    streams["service"] = streams["rate"] = np.repeat(np.arange(STATIONS), 2)
    streams["cls"] = np.tile([0, 1], STATIONS)
    streams["weight"] = np.tile(classes, STATIONS)
    streams["number"] = np.arange(2 * STATIONS)
    one = np.arange(STATIONS, dtype=np.int32)
    return Network(
        station_of=one.reshape(1, 1, -1, 1),
        list_of=one[None],
        chart=np.zeros(days, np.int32),
        provider_reached=np.ones((STATIONS, 1)),
        stations=stations,
        share=np.ones((1, STATIONS)),
        places=np.full((STATIONS, days), float(PLACES)),
        streams=streams,
        daily_rate=np.repeat((requests() / unit)[:, None], days, axis=1),
        ages=np.zeros((1, 2), np.float32),
        epoch=np.zeros(days, np.int32),
        rules=rules,
        routes=ways,
        referrer_reached=np.ones((1, 1)),
        solved=np.zeros(1),
        push=np.zeros(1, np.int32),
        hand_over=np.zeros(1, np.int32),
        protected=np.zeros(1, np.int32),
        known_sent=np.zeros(1),
        longer=np.ones((STATIONS, STATIONS)),
        leaves=np.array([0.0, 1.0]),
        quantiles=quantiles.astype(np.float32),
        length_of=np.tile(np.arange(STATIONS, dtype=np.int32)[:, None], 2),
        returning=np.ones(2),
        turns=np.array([0, days], np.int32),
        turn_of=np.zeros(days, np.int32),
        pace=np.ones((STATIONS, 1)),
        return_after=np.zeros(2, np.float32),
        municipality=-1,
        institution=-1,
        team=-1,
        triage=-1,
        small_scale=-1,
        secure_care=-1,
        falls=no_falls(),
        foster=no_families(),
        staff=no_staff(),
        secure=no_secure(),
    )


def empty() -> State:
    """Nobody is there yet."""
    return State(np.empty(0, VISIT), np.empty(0, LINK), 0)


@dataclass
class Tally:
    """What a peer counted: visits ended, and waits and give-ups of the second class."""

    visits: int = 0
    served: int = 0
    waited: float = 0.0
    gone: int = 0


def run_simpy(until: float, warm: float, seed: int) -> Tally:
    """Run the network in SimPy for so many units of time."""
    draw = random.Random(seed)
    world = simpy.Environment()
    places = [simpy.PriorityResource(world, PLACES) for _ in range(STATIONS)]
    mu, sigma = lognormal()
    to = routes().tolist()
    every = range(STATIONS)
    tally = Tally()

    def visit(at: int, rank: int) -> Generator[Any, Any, None]:
        while True:
            came = world.now
            with places[at].request(priority=rank) as place:
                if rank == 1:
                    yield place | world.timeout(draw.expovariate(1 / PATIENCE))
                    if not place.triggered:
                        tally.visits += 1
                        tally.gone += came >= warm
                        return
                else:
                    yield place
                if rank == 1 and came >= warm:
                    tally.served += 1
                    tally.waited += world.now - came
                yield world.timeout(draw.lognormvariate(mu[at], sigma))
            tally.visits += 1
            if draw.random() >= MOVES:
                return
            at = draw.choices(every, to[at])[0]

    def source(at: int, rank: int, rate: float) -> Generator[Any, Any, None]:
        while True:
            yield world.timeout(draw.expovariate(rate))
            world.process(visit(at, rank))

    for at, rate in enumerate(requests()):
        for rank, share in enumerate((FIRST_CLASS, 1 - FIRST_CLASS)):
            world.process(source(at, rank, float(rate) * share))
    world.run(until=until)
    return tally


def run_ciw(until: float, warm: float, seed: int) -> Tally:
    """Run the network in Ciw for so many units of time."""
    ciw.seed(seed)
    mu, sigma = lognormal()
    ranks = {"first": 0, "second": 1}
    shares = {"first": FIRST_CLASS, "second": 1 - FIRST_CLASS}
    stays = [ciw.dists.Lognormal(float(each), sigma) for each in mu]
    patience = {
        "first": [None] * STATIONS,
        "second": [ciw.dists.Exponential(1 / PATIENCE)] * STATIONS,
    }
    model = ciw.create_network(
        arrival_distributions={
            name: [ciw.dists.Exponential(float(rate) * shares[name]) for rate in requests()]
            for name in ranks
        },
        service_distributions=dict.fromkeys(ranks, stays),
        reneging_time_distributions=patience,
        priority_classes=ranks,
        routing=dict.fromkeys(ranks, (MOVES * routes()).tolist()),
        number_of_servers=[PLACES] * STATIONS,
    )
    world = ciw.Simulation(model)
    world.simulate_until_max_time(until)
    tally = Tally()
    for record in world.get_all_records():
        tally.visits += 1
        if record.customer_class == "second" and record.arrival_date >= warm:
            served = record.record_type == "service"
            tally.served += served
            tally.gone += not served
            tally.waited += record.waiting_time if served else 0.0
    return tally
