"""The kernel beside SimPy, Ciw and a bare compiled loop: visits a second on the same network.

Seconds are processor time of one thread, so that other work on the machine counts for little.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.limit import run_limit
from benchmarks.reference import (
    LOAD,
    MEANS,
    PLACES,
    Tally,
    empty,
    network,
    run_ciw,
    run_simpy,
)
from stelsel.twin.kernel import simulate
from stelsel.twin.layout import OPEN, space

UNIT = 50
"""Days in one unit of time: a mean length of care of fifty days."""
VISITS = 2_000_000
SIMPY_VISITS, CIW_VISITS = 100_000, 40_000
WARM = 20.0
ROUNDS = 3


def measure() -> dict[str, Any]:
    """Time all, in turn, three times; give medians and what shows that the work was the same."""
    a_unit = float((LOAD * PLACES / MEANS).sum())
    days = int(VISITS / a_unit * UNIT)
    net, nobody = network(days, UNIT), empty()
    started = time.process_time()
    short = network(70, UNIT)
    simulate(short, nobody, np.uint64(1), 70, space(short, 70, 10_000))
    compiled = time.process_time() - started
    run_limit(1.0, 0.0, 1, 10_000)  # compile

    def by_kernel(seed: int) -> Tally:
        room = space(net, days, int(VISITS * 1.2))
        made = simulate(net, nobody, np.uint64(seed), days, room)
        return _tally(room.visits[:made])

    peers: dict[str, Callable[[int], Tally]] = {
        "": by_kernel,
        "limit_": lambda seed: run_limit(VISITS / a_unit, WARM, seed, int(VISITS * 1.2)),
        "simpy_": lambda seed: run_simpy(SIMPY_VISITS / a_unit, WARM, seed),
        "ciw_": lambda seed: run_ciw(CIW_VISITS / a_unit, WARM, seed),
    }
    speed: dict[str, list[float]] = {name: [] for name in peers}
    told: dict[str, list[Tally]] = {name: [] for name in peers}
    for round_ in range(ROUNDS):
        for name, work in peers.items():
            started = time.process_time()
            tally = work(round_ + 1)
            speed[name].append(tally.visits / (time.process_time() - started))
            told[name].append(tally)
    result: dict[str, Any] = {
        f"{name}visits_per_s": round(median(each)) for name, each in speed.items()
    }
    for name, each in speed.items():
        if name:
            ratio = median(a / b for a, b in zip(speed[""], each, strict=True))
            result["ratio" if name == "simpy_" else f"{name}ratio"] = round(ratio, 2)
    result |= {"visits": told[""][-1].visits, "compile_s": round(compiled, 2)}
    for name, tallies in told.items():
        served, gone = sum(t.served for t in tallies), sum(t.gone for t in tallies)
        result[f"{name}low_class_wait"] = round(sum(t.waited for t in tallies) / served, 4)
        result[f"{name}low_class_gave_up"] = round(gone / (gone + served), 4)
    return result


def _tally(visits: npt.NDArray[np.void]) -> Tally:
    """Count what the kernel made as the peers count."""
    arrived, begun, ended = visits["arrived"], visits["started"], visits["ended"]
    second = (visits["cls"] == 1) & (arrived >= WARM * UNIT)
    served, gone = second & (begun != OPEN), second & (begun == OPEN) & (ended != OPEN)
    return Tally(
        visits=int((ended != OPEN).sum()),
        served=int(served.sum()),
        waited=float((begun - arrived)[served].sum()) / UNIT,
        gone=int(gone.sum()),
    )
