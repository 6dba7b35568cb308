"""Who leaves a wait unserved: withdraws, gets worse, takes a budget or grows too old."""

from __future__ import annotations

from typing import Any

import numpy as np

from stelsel.twin.chance import Purpose, uniform
from stelsel.twin.compiled import inner
from stelsel.twin.kernel.arriving import follow
from stelsel.twin.kernel.rolls import LEAVES, gather, gathered, put
from stelsel.twin.layout import (
    AGED_OUT,
    BRIDGED,
    BUDGET,
    CRISIS,
    LAPSED,
    LAST_LEG,
    MADE,
    OPEN,
    STILL,
    TODAY,
    WAITING,
    WITHDRAWN,
    WITHDREW,
    WORSE,
)
from stelsel.twin.parts.secure.loop import instead

P_PATIENCE = int(Purpose.PATIENCE)
P_WORSE = int(Purpose.WORSE)
P_BUDGET = int(Purpose.BUDGET)
P_BRIDGED = int(Purpose.BRIDGED)
P_HEAVIER = int(Purpose.HEAVIER)
P_EXTENDED = int(Purpose.EXTENDED)
NEVER = 1e18


@inner  # type: ignore[untyped-decorator]
def age_limit(i: Any, rule: Any, visits: Any) -> Any:
    """Day on which a child is too old for a service: the late limit for who may stay longer."""
    v = visits[i]
    limit = v.birth + rule.limit
    if limit <= v.arrived or uniform(v.key, P_EXTENDED, 0) < rule.extended:
        return v.birth + rule.late
    return limit


@inner  # type: ignore[untyped-decorator]
def plan_leaves(day: Any, days: Any, net: Any, room: Any) -> None:
    """Plan the leaving of who came today and was not served today."""
    for i in range(room.tally[TODAY], room.tally[MADE]):
        if room.visits[i].started == OPEN and room.visits[i].ended == OPEN:
            plan_leave(i, day, days, net, room)
    room.tally[TODAY] = room.tally[MADE]


@inner  # type: ignore[untyped-decorator]
def _until(key: Any, purpose: Any, leg: Any, chance: Any) -> Any:
    """Days until something with a chance a day happens, at least one."""
    if chance <= 0.0:
        return NEVER
    return 1.0 - np.log(uniform(key, purpose, leg)) / chance


@inner  # type: ignore[untyped-decorator]
def plan_leave(i: Any, day: Any, days: Any, net: Any, room: Any) -> None:
    """Plan the day on which a visit leaves the wait: the first of all ways, at least a day on."""
    v = room.visits[i]
    rule = net.rules[net.epoch[day], v.service]
    factor = net.leaves[v.cls]
    why = STILL
    soonest = float(days - day)
    if factor > 0.0:
        if rule.bridged > 0.0 and uniform(v.key, P_BRIDGED, v.leg) < rule.bridged:
            v.flags |= BRIDGED
            factor *= rule.bridging
        wait = _until(v.key, P_PATIENCE, v.leg, rule.withdraw * factor)
        if wait < soonest:
            soonest = wait
            why = WITHDREW
        wait = _until(v.key, P_WORSE, v.leg, rule.worse * factor)
        if wait < soonest:
            soonest = wait
            why = WORSE
        wait = _until(v.key, P_BUDGET, v.leg, rule.budget * factor)
        if wait < soonest:
            soonest = wait
            why = BUDGET
    if rule.limit > 0.0 and v.birth + rule.limit < day + soonest:
        wait = max(np.floor(age_limit(i, rule, room.visits)) - day, 1.0)
        if wait < np.floor(soonest):
            soonest = wait
            why = AGED_OUT
    if v.service == net.secure_care and net.small_scale >= 0:
        wait = max(float(v.arrived + net.secure.lapses - day), 1.0)
        if wait < np.floor(soonest):
            soonest = wait
            why = LAPSED
    if why != STILL:
        v.flags = (v.flags & 15) | (why << 4)
        put(LEAVES, day + int(soonest), i, room)


@inner  # type: ignore[untyped-decorator]
def leave(day: Any, net: Any, room: Any) -> None:
    """Let go who leaves the wait today and still waits."""
    for n in range(gather(LEAVES, day, room)):
        i = gathered(n, room)
        v = room.visits[i]
        if v.started == OPEN and v.ended == OPEN:
            why = v.flags >> 4
            unserved(i, day, why, net, room)
            if v.leg < LAST_LEG:
                if why == WORSE:
                    worse(i, day, net, room)
                elif why == LAPSED:
                    v.next = instead(v.key, v.leg, day, net.secure)
                    follow(i, v.next, -1, day, net, room)


@inner  # type: ignore[untyped-decorator]
def unserved(i: Any, day: Any, why: Any, net: Any, room: Any) -> None:
    """End a wait that was not served; its number stays in the list until it comes up."""
    v = room.visits[i]
    v.ended = day
    v.exit = why
    cell = v.region * net.station_of.shape[2] + v.service
    room.week[cell, v.cls, WAITING] -= 1
    room.week[cell, v.cls, WITHDRAWN] += 1
    room.waiting[net.list_of[net.chart[day], v.station]] -= 1


@inner  # type: ignore[untyped-decorator]
def worse(i: Any, day: Any, net: Any, room: Any) -> None:
    """Move who got worse on to heavier care, else to the same as a crisis.

    So it goes with a child whose placement broke down.
    """
    v = room.visits[i]
    now = net.epoch[day]
    rule = net.rules[now, v.service]
    if v.wants >= 0:  # waits at the access: straight on, as a crisis
        v.next = v.wants
        follow(i, v.wants, CRISIS, day, net, room)
        return
    chance = uniform(v.key, P_HEAVIER, v.leg)
    for k in range(rule.heavier, rule.heavier_to):
        service = net.routes[now, k].service
        if day - v.birth < net.rules[now, service].youngest:
            continue
        if chance < net.routes[now, k].reached:
            v.next = net.routes[now, k].service
            follow(i, v.next, -1, day, net, room)
            return
    v.next = v.service
    follow(i, v.service, CRISIS, day, net, room)
