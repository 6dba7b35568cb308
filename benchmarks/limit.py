"""The reference network in a bare compiled loop: one heap of events, a record a visit, no more.

What it knows is this network alone: no calendar, no rules that change, no paired chance. So it is
about as fast as such a network can be run.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any

import numpy as np
from numba import njit

from benchmarks.reference import (
    FIRST_CLASS,
    MOVES,
    PATIENCE,
    PLACES,
    STATIONS,
    Tally,
    lognormal,
    requests,
    routes,
)

COMES, ENDS, GIVES_UP = range(3)


def run_limit(until: float, warm: float, seed: int, room: int) -> Tally:
    """Run the network for so many units of time, with memory for ``room`` visits."""
    mu, sigma = lognormal()
    rates = np.repeat(requests(), 2) * np.tile([FIRST_CLASS, 1 - FIRST_CLASS], STATIONS)
    reached = np.cumsum(MOVES * routes(), axis=1)
    place, first = np.empty(room, np.int8), np.empty(room, np.bool_)
    times = np.full((3, room), np.inf)
    made = _run(until, seed, rates, mu, sigma, reached, place, first, times)
    came, begun, ended = times[:, :made]
    second = ~first[:made] & (came >= warm)
    served, gone = second & (begun < np.inf), second & (begun == np.inf) & (ended < np.inf)
    return Tally(
        visits=int((ended < np.inf).sum()),
        served=int(served.sum()),
        waited=float((begun - came)[served].sum()),
        gone=int(gone.sum()),
    )


@njit(cache=True)
def _run(  # noqa: PLR0912, PLR0915  # one loop, of which nothing may cost a call
    until: Any,
    seed: Any,
    rates: Any,
    mu: Any,
    sigma: Any,
    reached: Any,
    place: Any,
    first: Any,
    times: Any,
) -> Any:
    """Handle event after event; give the number of visits made."""
    np.random.seed(seed)
    came, begun, ended = times[0], times[1], times[2]
    after = np.full(len(place), -1)  # next in its queue
    head, tail = np.full(len(rates), -1), np.full(len(rates), -1)
    busy = np.zeros(len(mu), np.int32)
    made = 0
    heap = [(np.random.exponential(1 / rates[n]), COMES, n) for n in range(len(rates))]
    heap.sort()
    while True:
        now, kind, number = heappop(heap)
        if now > until:
            return made
        at, leads = -1, False
        if kind == COMES:
            heappush(heap, (now + np.random.exponential(1 / rates[number]), COMES, number))
            at, leads = number // 2, number % 2 == 0
        elif kind == GIVES_UP:
            if begun[number] == np.inf:
                ended[number] = now
            continue
        else:
            ended[number] = now
            left = place[number]
            busy[left] -= 1
            for queue in (2 * left, 2 * left + 1):
                while head[queue] >= 0 and busy[left] < PLACES:
                    waits = head[queue]
                    head[queue] = after[waits]
                    if ended[waits] == np.inf:  # has not given up
                        busy[left] += 1
                        begun[waits] = now
                        heappush(heap, (now + np.random.lognormal(mu[left], sigma), ENDS, waits))
            chance = np.random.random()
            if chance < reached[left, -1]:
                leads = first[number]
                at = int(np.searchsorted(reached[left], chance, "right"))
        if at < 0:
            continue
        new = made
        made += 1
        place[new], first[new], came[new] = at, leads, now
        if busy[at] < PLACES:
            busy[at] += 1
            begun[new] = now
            heappush(heap, (now + np.random.lognormal(mu[at], sigma), ENDS, new))
            continue
        queue = 2 * at + (0 if leads else 1)
        if head[queue] < 0:
            head[queue] = new
        else:
            after[tail[queue]] = new
        tail[queue] = new
        if not leads:
            heappush(heap, (now + np.random.exponential(PATIENCE), GIVES_UP, new))
