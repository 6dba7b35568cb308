"""Rolls: first in, first out, in chunks of one memory line.

A waiting list is a roll, and what is due on a day is one. Numbers lie together in chunks, so that
the visits of the next ones can be fetched before they are needed; an emptied chunk is used again.
"""

from __future__ import annotations

from typing import Any

from stelsel.twin.compiled import compiled, small
from stelsel.twin.kernel.memory import ahead
from stelsel.twin.layout import CHUNK, FREE, FRESH, FULL

WIDE = CHUNK + 1


@small  # type: ignore[untyped-decorator]
def push(roll: Any, i: Any, room: Any) -> None:
    """Write a number at the end of a roll."""
    r = room.rolls[roll]
    if r.last < 0 or r.filled == CHUNK:
        _grow(roll, room.rolls, room.chunks, room.tally)
    room.chunks[r.last * WIDE + r.filled] = i
    r.filled += 1


@compiled  # type: ignore[untyped-decorator]
def _grow(roll: Any, rolls: Any, chunks: Any, tally: Any) -> None:
    """Give a roll one more chunk: one that was emptied, else a fresh one."""
    r = rolls[roll]
    chunk = tally[FREE]
    if chunk >= 0:
        tally[FREE] = chunks[chunk * WIDE + CHUNK]
    elif tally[FRESH] < chunks.shape[0] // WIDE:
        chunk = tally[FRESH]
        tally[FRESH] += 1
    else:
        chunk = 0
        tally[FULL] = 1
    if r.last < 0:
        r.first = chunk
        r.taken = 0
    else:
        chunks[r.last * WIDE + CHUNK] = chunk
    r.last = chunk
    r.filled = 0


@compiled  # type: ignore[untyped-decorator]
def pop(roll: Any, rolls: Any, chunks: Any, visits: Any, tally: Any, eager: Any) -> Any:
    """Take the first number of a roll, or -1 when it is empty.

    ``eager`` fetches a whole chunk of visits at once, for rolls that are emptied in one go.
    """
    r = rolls[roll]
    chunk = r.first
    if chunk < 0:
        return -1
    i = chunks[chunk * WIDE + r.taken]
    if eager:
        if r.taken == 0:
            upto = CHUNK
            if chunk == r.last:
                upto = r.filled
            else:
                ahead(chunks, chunks[chunk * WIDE + CHUNK] * WIDE)
            for k in range(1, upto):
                ahead(visits, chunks[chunk * WIDE + k])
    elif r.taken + 2 < CHUNK and (chunk != r.last or r.taken + 2 < r.filled):
        ahead(visits, chunks[chunk * WIDE + r.taken + 2])
    r.taken += 1
    if chunk == r.last:
        if r.taken == r.filled:
            r.first = -1
            r.last = -1
            chunks[chunk * WIDE + CHUNK] = tally[FREE]
            tally[FREE] = chunk
    elif r.taken == CHUNK:
        r.first = chunks[chunk * WIDE + CHUNK]
        r.taken = 0
        chunks[chunk * WIDE + CHUNK] = tally[FREE]
        tally[FREE] = chunk
    return i


@small  # type: ignore[untyped-decorator]
def look(roll: Any, room: Any) -> None:
    """Fetch the first two visits of a roll."""
    r = room.rolls[roll]
    if r.first >= 0:
        ahead(room.visits, room.chunks[r.first * WIDE + r.taken])
        if r.taken + 1 < CHUNK and (r.first != r.last or r.taken + 1 < r.filled):
            ahead(room.visits, room.chunks[r.first * WIDE + r.taken + 1])


@small  # type: ignore[untyped-decorator]
def ends_on(day: Any, net: Any) -> Any:
    """Roll of what is due on a day."""
    return net.stations.shape[0] * net.leaves.shape[0] + day


@small  # type: ignore[untyped-decorator]
def leaves_on(day: Any, net: Any) -> Any:
    """Roll of who leaves the wait on a day."""
    return net.stations.shape[0] * net.leaves.shape[0] + net.clock.shape[1] + day


@small  # type: ignore[untyped-decorator]
def returns_on(day: Any, net: Any) -> Any:
    """Roll of who comes back on a day."""
    return net.stations.shape[0] * net.leaves.shape[0] + 2 * net.clock.shape[1] + day
