"""The same queues in other programs: the reference network in the twin's loop, SimPy and Ciw.

Eight stations of fifty places; lognormal stays (means 0.8 to 1.2, coefficient of variation 1); two
classes, of which the first (30 %) goes before the second; a fifth moves on by a fixed matrix; so
many requests that every station has the same load. SimPy and Ciw keep time exactly; the twin keeps
whole days, of which a mean stay has :data:`UNIT`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from stelsel.twin.examination.small import quiet, streams_of, visits_of
from stelsel.twin.layout import CRISIS, OPEN, REGULAR, ROUTE, Network
from stelsel.twin.world.durations import STEPS

Numbers = npt.NDArray[np.float64]

PLACES = 50
MEANS = np.array([0.8, 0.9, 1.0, 1.1, 1.2, 1.0, 0.9, 1.1])
FIRST_CLASS = 0.3
MOVES = 0.2
STATIONS = len(MEANS)
UNIT = 100
"""Days in a mean stay."""
LOADS = (0.90, 0.95, 0.99)
UNTIL, WARM = 150.0, 30.0
"""Mean stays that a replication lasts, and before which no wait is counted."""
SPREAD = float(np.sqrt(np.log(2.0)))
"""Standard deviation of the logarithm of a stay."""


def routes() -> Numbers:
    """Where who moves on goes: three parts to the next station, two to the one after, one else."""
    weights = np.ones((STATIONS, STATIONS))
    for i in range(STATIONS):
        weights[i, i] = 0
        weights[i, (i + 1) % STATIONS] = 3
        weights[i, (i + 2) % STATIONS] = 2
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def requests(load: float) -> Numbers:
    """Give the requests from outside, per station and mean stay, that load all alike.

    Examples
    --------
    >>> bool((requests(0.9) > 0).all())
    True
    """
    total = load * PLACES / MEANS
    return np.asarray(total - MOVES * routes().T @ total)


@cache
def network(load: float) -> Network:
    """Give the reference network for the twin's loop."""
    days = round(UNTIL * UNIT)
    own = list(range(STATIONS))
    net = quiet(days, own)
    rules = net.rules.copy()
    rules["moves"][:, own] = np.arange(STATIONS) * STATIONS
    rules["moves_to"][:, own] = rules["moves"][:, own] + STATIONS
    ways = np.zeros((1, STATIONS * STATIONS), ROUTE)
    ways["service"] = np.tile(np.arange(STATIONS), STATIONS)
    ways["reached"] = np.cumsum(MOVES * routes(), axis=1).ravel()
    streams = streams_of(net, own, [CRISIS, REGULAR])
    streams["weight"] = np.tile([FIRST_CLASS, 1 - FIRST_CLASS], STATIONS)
    rate, held = net.daily_rate.copy(), net.places.copy()
    rate[own] = requests(load)[:, None] / UNIT
    held[own] = PLACES
    grid = np.clip(np.arange(STEPS + 1) / STEPS, 1 / (16 * STEPS), 1 - 1 / (16 * STEPS))
    normal = np.array([NormalDist().inv_cdf(float(p)) for p in grid])
    shape = np.exp(SPREAD * normal)
    lengths = MEANS[:, None] * UNIT * shape / ((shape[1:] + shape[:-1]).mean() / 2)
    length_of = np.zeros_like(net.length_of)
    length_of[own] = np.arange(STATIONS)[:, None]
    return net._replace(
        rules=rules,
        routes=ways,
        streams=streams,
        daily_rate=rate,
        places=held,
        quantiles=lengths.astype(np.float32),
        length_of=length_of,
    )


def by_twin(load: float, seed: int) -> tuple[float, float]:
    """Mean wait of both classes in the twin's loop, in mean stays."""
    net = network(load)
    visits = visits_of(net, round(UNTIL * UNIT), seed)
    counted = (visits["arrived"] >= WARM * UNIT) & (visits["started"] != OPEN)
    wait = (visits["started"] - visits["arrived"]) / UNIT
    first = visits["cls"] == CRISIS
    return float(wait[counted & first].mean()), float(wait[counted & ~first].mean())


def by_simpy(load: float, seed: int) -> tuple[float, float]:
    """Mean wait of both classes in SimPy."""
    import simpy  # an extra: only this examination needs it  # noqa: PLC0415

    draw = random.Random(seed)
    world = simpy.Environment()
    places = [simpy.PriorityResource(world, PLACES) for _ in range(STATIONS)]
    logs = np.log(MEANS) - SPREAD**2 / 2
    to = routes().tolist()
    waits: tuple[list[float], list[float]] = ([], [])

    def visit(at: int, rank: int) -> Generator[Any, Any, None]:
        while True:
            came = world.now
            with places[at].request(priority=rank) as place:
                yield place
                if came >= WARM:
                    waits[rank].append(world.now - came)
                yield world.timeout(draw.lognormvariate(logs[at], SPREAD))
            if draw.random() >= MOVES:
                return
            at = draw.choices(range(STATIONS), to[at])[0]

    def source(at: int, rank: int, rate: float) -> Generator[Any, Any, None]:
        while True:
            yield world.timeout(draw.expovariate(rate))
            world.process(visit(at, rank))

    for at, rate in enumerate(requests(load)):
        for rank, share in enumerate((FIRST_CLASS, 1 - FIRST_CLASS)):
            world.process(source(at, rank, float(rate) * share))
    world.run(until=UNTIL)
    return float(np.mean(waits[0])), float(np.mean(waits[1]))


def by_ciw(load: float, seed: int) -> tuple[float, float]:
    """Mean wait of both classes in Ciw."""
    import ciw  # an extra: only this examination needs it  # noqa: PLC0415

    ciw.seed(seed)
    logs = np.log(MEANS) - SPREAD**2 / 2
    ranks = {"first": 0, "second": 1}
    shares = {"first": FIRST_CLASS, "second": 1 - FIRST_CLASS}
    stays = [ciw.dists.Lognormal(float(log), SPREAD) for log in logs]
    model = ciw.create_network(
        arrival_distributions={
            name: [ciw.dists.Exponential(float(rate) * shares[name]) for rate in requests(load)]
            for name in ranks
        },
        service_distributions=dict.fromkeys(ranks, stays),
        priority_classes=ranks,
        routing=dict.fromkeys(ranks, (MOVES * routes()).tolist()),
        number_of_servers=[PLACES] * STATIONS,
    )
    world = ciw.Simulation(model)
    world.simulate_until_max_time(UNTIL)
    waits: tuple[list[float], list[float]] = ([], [])
    for record in world.get_all_records():
        if record.record_type == "service" and record.arrival_date >= WARM:
            waits[ranks[record.customer_class]].append(record.waiting_time)
    return float(np.mean(waits[0])), float(np.mean(waits[1]))


PEERS: dict[str, Callable[[float, int], tuple[float, float]]] = {
    "simpy": by_simpy,
    "ciw": by_ciw,
}


def waits(name: str, load: float, number: int, keep: Path | None = None) -> Numbers:
    """Give the mean waits of both classes in a peer, a row for each replication [N, 2].

    Parameters
    ----------
    name
        A name of :data:`PEERS`, installed.
    load
        Share of the places that is taken on average.
    number
        Replications at least: seeds 0 and on.
    keep
        Folder in which each is written down as it is done; what is there is not done again, and
        counts too where it is more. What another version of this network gave is not taken.
    """
    file = None
    found: list[tuple[float, float]] = []
    if keep:
        of = blake2b(Path(__file__).read_bytes(), digest_size=4).hexdigest()
        keep.mkdir(parents=True, exist_ok=True)
        file = keep / f"peer-{name}-{load:.2f}-{of}.txt"
        if file.exists():
            found = [(a, b) for a, b in np.loadtxt(file, ndmin=2).tolist()]
    for seed in range(len(found), number):
        found.append(PEERS[name](load, seed))
        if file:
            with file.open("a", encoding="utf-8") as out:
                out.write(f"{found[-1][0]!r} {found[-1][1]!r}\n")
    return np.array(found)


def present() -> list[str]:
    """Name the peers that are installed: both are in the extra ``bench``.

    Examples
    --------
    >>> set(present()) <= {"simpy", "ciw"}
    True
    """
    return [name for name in PEERS if find_spec(name)]
