"""Whom a request is about: a new child, or one that has a measure or help already.

Children are kept by region and half-year of birth, so that who is picked is as old as asked.
A pool holds so many; when it is full a newcomer takes the place of one of them, and who has left
is dropped when a pick comes upon it.
"""

from __future__ import annotations

from typing import Any

from stelsel.twin.chance import Purpose, uniform
from stelsel.twin.compiled import inner
from stelsel.twin.kernel.memory import ahead
from stelsel.twin.layout import BIRTHS, OPEN, SLOTS, WIDTH

P_PICKED = int(Purpose.PICKED)
WITH_MEASURE, WITH_HELP = range(2)
"""Pools: who has a measure, who has help."""
LIVES, GUARDED = range(2)
"""What is counted of each child: places where it lives, measures."""
TRIES = 8
"""So many are looked at, of whom the nearest in age is picked; without one the child is new."""
NEAR = 15
"""Days between two births that are near enough."""


@inner  # type: ignore[untyped-decorator]
def enter(i: Any, rule: Any, room: Any) -> None:
    """Count a stay that begins with its child, and keep it where children are picked from."""
    v = room.visits[i]
    if rule.lives == 1:
        room.has[v.person, LIVES] += 1
    if rule.measure == 1:
        room.has[v.person, GUARDED] += 1
        _keep(i, WITH_MEASURE, room)
    elif rule.sent == 1:
        _keep(i, WITH_HELP, room)


@inner  # type: ignore[untyped-decorator]
def depart(i: Any, rule: Any, room: Any) -> None:
    """Count a stay that ends off."""
    v = room.visits[i]
    if rule.lives == 1:
        room.has[v.person, LIVES] -= 1
    if rule.measure == 1:
        room.has[v.person, GUARDED] -= 1


@inner  # type: ignore[untyped-decorator]
def _keep(i: Any, pool: Any, room: Any) -> None:
    """Keep a visit in the pool of its region and half-year of birth."""
    v = room.visits[i]
    half = _half(v.birth)
    n = room.kept[pool, v.region, half]
    if n < SLOTS:
        room.known[pool, v.region, half, n] = i
        room.kept[pool, v.region, half] = n + 1
    else:
        room.known[pool, v.region, half, int(uniform(v.key, P_PICKED, 255) * n)] = i


@inner  # type: ignore[untyped-decorator]
def _half(birth: Any) -> Any:
    """Half-year of birth, as the pools tell it apart."""
    return (birth // WIDTH) & (BIRTHS - 1)


@inner  # type: ignore[untyped-decorator]
def pick(pool: Any, i: Any, rule: Any, room: Any) -> Any:
    """Pick a child of the region and about the age of a request; give a visit of it, -1 for none.

    Who has a place to live asks for no other, and of who has a measure no other is asked.
    """
    v = room.visits[i]
    half = _half(v.birth)
    best = -1
    least = WIDTH
    there = room.kept[pool, v.region, half]
    for n in range(TRIES):  # fetched all at once: one after another they cost most of a request
        slot = int(uniform(v.key, P_PICKED, n) * there)
        ahead(room.visits, room.known[pool, v.region, half, slot])
    for n in range(TRIES):
        there = room.kept[pool, v.region, half]
        if there == 0:
            break
        slot = int(uniform(v.key, P_PICKED, n) * there)
        found = room.known[pool, v.region, half, slot]
        w = room.visits[found]
        if w.ended != OPEN:
            room.kept[pool, v.region, half] = there - 1
            room.known[pool, v.region, half, slot] = room.known[pool, v.region, half, there - 1]
        elif not (
            (rule.lives == 1 and room.has[w.person, LIVES] > 0)
            or (rule.guards == 1 and room.has[w.person, GUARDED] > 0)
        ):
            apart = abs(w.birth - v.birth)
            if apart < least:
                least = apart
                best = found
                if apart <= NEAR:
                    break
    return best
