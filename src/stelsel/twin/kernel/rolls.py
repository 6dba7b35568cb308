"""Lists of numbers in chunks of one memory line: waiting lists, and what is due on a day.

Numbers lie together in chunks, so that the visits of the next ones can be fetched before they are
needed; an emptied chunk is used again. A waiting list is first in, first out. What is due on a
day is taken last in, first out, which leaves one number to remember for each day.
"""

from __future__ import annotations

from typing import Any

from stelsel.twin.compiled import inner
from stelsel.twin.kernel.memory import ahead
from stelsel.twin.layout import CHUNK, DUE, FREE, FRESH, FULL, WHEELS

WIDE = CHUNK + 1
ENDS, LEAVES, RETURNS, SEARCHES, OWN, BREAKS = range(WHEELS)
"""Wheels of days: whose stay is due, who leaves the wait, who comes back, whose search for a family
is done; (by day 0) who has an own family and begins today; whose placement breaks down."""

AHEAD = 10
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
def next_of(roll: Any, room: Any) -> Any:
    """Take the first number of a waiting list, or -1 when it is empty; fetch a later visit."""
    r = room.rolls[roll]
    if r.first >= 0 and r.taken + 2 < CHUNK and (r.first != r.last or r.taken + 2 < r.filled):
        ahead(room.visits, room.chunks[r.first * WIDE + r.taken + 2])
    return pop(roll, room)


@inner  # type: ignore[untyped-decorator]
def pop(roll: Any, room: Any) -> Any:
    """Take the first number of a roll, or -1 when it is empty."""
    r = room.rolls[roll]
    chunks, tally = room.chunks, room.tally
    chunk = r.first
    if chunk < 0:
        return -1
    i = chunks[chunk * WIDE + r.taken]
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
def look_out(roll: Any, room: Any) -> None:
    """Fetch the first chunk of a waiting list."""
    r = room.rolls[roll]
    if r.first >= 0:
        ahead(room.chunks, r.first * WIDE + r.taken)


@inner  # type: ignore[untyped-decorator]
def look(roll: Any, room: Any) -> None:
    """Fetch the first two visits of a waiting list, whose first chunk is there."""
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
def gather(wheel: Any, day: Any, room: Any) -> Any:
    """Take all numbers of a day, the last put first, for :func:`gathered`; tell how many."""
    number = 0
    at = room.wheels[wheel, day]
    while at >= 0:
        begin = at - at % WIDE
        before = room.chunks[begin + CHUNK]
        for k in range(at - 1, begin - 1, -1):
            room.today[number] = room.chunks[k]
            number += 1
        room.chunks[begin + CHUNK] = room.tally[FREE]
        room.tally[FREE] = begin // WIDE
        at = before
    room.wheels[wheel, day] = -1
    for n in range(min(number, AHEAD)):
        ahead(room.visits, room.today[n])
    room.tally[DUE] = number
    return number


@inner  # type: ignore[untyped-decorator]
def gathered(n: Any, room: Any) -> Any:
    """Give the n-th number that was gathered; fetch visits of the next."""
    if n + AHEAD < room.tally[DUE]:
        ahead(room.visits, room.today[n + AHEAD])
    return room.today[n]


@inner  # type: ignore[untyped-decorator]
def take(wheel: Any, day: Any, room: Any) -> Any:
    """Take the last number put on a day, or -1 when there is none."""
    at = room.wheels[wheel, day] - 1
    if at < 0:
        return -1
    i = room.chunks[at]
    if at % WIDE == 0:
        room.wheels[wheel, day] = room.chunks[at + CHUNK]
        room.chunks[at + CHUNK] = room.tally[FREE]
        room.tally[FREE] = at // WIDE
    else:
        room.wheels[wheel, day] = at
    return i
