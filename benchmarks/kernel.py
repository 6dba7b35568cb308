"""The kernel against SimPy: visits a second on the same network, in the same run.

Seconds are processor time of one thread, so that other work on the machine counts for little.
"""

from __future__ import annotations

import time
from statistics import median
from typing import Any

import numpy as np

from benchmarks.reference import LOAD, MEANS, PLACES, empty, network, run_simpy
from stelsel.twin.kernel import simulate
from stelsel.twin.layout import OPEN, space

UNIT = 50
"""Days in one unit of time: a mean length of care of fifty days."""
VISITS = 2_000_000
SIMPY_VISITS = 100_000
ROUNDS = 3


def measure() -> dict[str, Any]:
    """Time both, in turn, three times; give medians and what shows that the work was the same."""
    a_unit = float((LOAD * PLACES / MEANS).sum())
    days = int(VISITS / a_unit * UNIT)
    net, nobody = network(days, UNIT), empty()
    started = time.process_time()
    short = network(70, UNIT)
    simulate(short, nobody, np.uint64(1), 70, space(short, 70, 10_000))
    compiled = time.process_time() - started
    ours, theirs, waits, gone = [], [], [], []
    for round_ in range(ROUNDS):
        started = time.process_time()
        room = space(net, days, int(VISITS * 1.2))
        made = simulate(net, nobody, np.uint64(round_ + 1), days, room)
        seconds = time.process_time() - started
        visits = room.visits[:made]
        arrived, begun, ended = visits["arrived"], visits["started"], visits["ended"]
        finished = int((ended != OPEN).sum())
        ours.append(finished / seconds)
        second = (visits["cls"] == 1) & (arrived >= 20 * UNIT) & (ended != OPEN)
        served = second & (begun != OPEN)
        waits.append(float((begun - arrived)[served].mean()) / UNIT)
        gone.append(float((second & (begun == OPEN)).sum() / second.sum()))
        started = time.process_time()
        tally = run_simpy(SIMPY_VISITS / a_unit, 20.0, round_ + 1)
        theirs.append(tally.visits / (time.process_time() - started))
    return {
        "visits_per_s": round(median(ours)),
        "simpy_visits_per_s": round(median(theirs)),
        "ratio": round(median(a / b for a, b in zip(ours, theirs, strict=True)), 1),
        "visits": finished,
        "compile_s": round(compiled, 2),
        "low_class_wait": round(median(waits), 4),
        "low_class_gave_up": round(median(gone), 4),
        "simpy_low_class_wait": round(tally.waited / tally.served, 4),
        "simpy_low_class_gave_up": round(tally.gone / (tally.gone + tally.served), 4),
    }
