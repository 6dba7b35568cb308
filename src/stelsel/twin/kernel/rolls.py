"""Lists of numbers in chunks of one memory line: waiting lists, and what is due on a day.

Numbers lie together in chunks, so that the visits of the next ones can be fetched before they are
needed; an emptied chunk is used again. A waiting list is first in, first out. What is due on a
day is taken last in, first out, which leaves one number to remember for each day.
"""

from __future__ import annotations

from typing import Any

from stelsel.twin.compiled import inner
from stelsel.twin.kernel.memory import ahead
from stelsel.twin.layout import CHUNK, FREE, FRESH, FULL

WIDE = CHUNK + 1
ENDS, LEAVES, RETURNS, SEARCHES, OWN, BREAKS = range(6)
"""Wheels of days: whose stay is due, who leaves the wait, who comes back, whose search for a family
is done; (by day 0) who has an own family and begins today; whose placement breaks down."""

AHEAD = 7
"""So many numbers ahead a visit is fetched."""


@inner  # type: ignore[untyped-decorator]
def fresh(chunks: Any, tally: Any) -> Any:
    """Give an empty chunk: one that was emptied, else one not used yet."""
    chunk = tally[FREE]
    if chunk >= 0:
        tally[FREE] = chunks[chunk * WIDE + CHUNK]
        return chunk
    if tally[FRESH] < chunks.shape[0] // WIDE:
        tally[FRESH] += 1
        return tally[FRESH] - 1
    tally[FULL] = 1
    return 0


@inner  # type: ignore[untyped-decorator]
def push(roll: Any, i: Any, room: Any) -> None:
    """Write a number at the end of a waiting list."""
    r = room.rolls[roll]
    if r.last < 0:
        r.last = fresh(room.chunks, room.tally)
        r.first = r.last
        r.taken = 0
        r.filled = 0
    elif r.filled == CHUNK:
        chunk = fresh(room.chunks, room.tally)
        room.chunks[r.last * WIDE + CHUNK] = chunk
        r.last = chunk
        r.filled = 0
    room.chunks[r.last * WIDE + r.filled] = i
    r.filled += 1


@inner  # type: ignore[untyped-decorator]
def pop(roll: Any, rolls: Any, chunks: Any, visits: Any, tally: Any) -> Any:
    """Take the first number of a waiting list, or -1 when it is empty."""
    r = rolls[roll]
    chunk = r.first
    if chunk < 0:
        return -1
    i = chunks[chunk * WIDE + r.taken]
    if r.taken + 2 < CHUNK and (chunk != r.last or r.taken + 2 < r.filled):
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


@inner  # type: ignore[untyped-decorator]
def first_of(roll: Any, room: Any) -> Any:
    """Give the first number of a waiting list without taking it, or -1 when it is empty."""
    r = room.rolls[roll]
    if r.first < 0:
        return -1
    return room.chunks[r.first * WIDE + r.taken]


@inner  # type: ignore[untyped-decorator]
def look(roll: Any, room: Any) -> None:
    """Fetch the first two visits of a waiting list."""
    r = room.rolls[roll]
    if r.first >= 0:
        ahead(room.visits, room.chunks[r.first * WIDE + r.taken])
        if r.taken + 1 < CHUNK and (r.first != r.last or r.taken + 1 < r.filled):
            ahead(room.visits, room.chunks[r.first * WIDE + r.taken + 1])


@inner  # type: ignore[untyped-decorator]
def put(wheel: Any, day: Any, i: Any, room: Any) -> None:
    """Put a number on a day of a wheel."""
    at = room.wheels[wheel, day]
    if at < 0 or at % WIDE == CHUNK:
        chunk = fresh(room.chunks, room.tally)
        room.chunks[chunk * WIDE + CHUNK] = at
        at = chunk * WIDE
    room.chunks[at] = i
    room.wheels[wheel, day] = at + 1


@inner  # type: ignore[untyped-decorator]
def take(wheel: Any, day: Any, wheels: Any, chunks: Any, visits: Any, tally: Any) -> Any:
    """Take the last number put on a day, or -1 when there is none; fetch visits of the next."""
    at = wheels[wheel, day] - 1
    if at < 0:
        return -1
    i = chunks[at]
    if at % WIDE >= AHEAD:
        ahead(visits, chunks[at - AHEAD])
    if at % WIDE == 0:
        before = chunks[at + CHUNK]
        wheels[wheel, day] = before
        chunks[at + CHUNK] = tally[FREE]
        tally[FREE] = at // WIDE
        if before >= 0:
            for k in range(AHEAD + 1):
                ahead(visits, chunks[before - 1 - k])
            if chunks[before] >= 0:
                ahead(chunks, chunks[before] - 1)
    else:
        wheels[wheel, day] = at
    return i
