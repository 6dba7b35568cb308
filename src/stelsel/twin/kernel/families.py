"""Foster care in the loop: children search, are given a family, and give it back.

Places of foster care are families (:mod:`stelsel.twin.parts.foster`). Who asks for it is on no
list while the search lasts; then there is a family of its own network, or it joins the list of
its region and is matched when a family is free. All this is apart from what other services do, so
that these are as quick as without it.
"""

from __future__ import annotations

from typing import Any

from stelsel.twin.compiled import compiled
from stelsel.twin.kernel.rolls import breaks_on, pop, push, searched_on
from stelsel.twin.kernel.staying import begin, end, free
from stelsel.twin.layout import BROKE_DOWN, CRISIS, FULL, LOOKED, MADE, OPEN
from stelsel.twin.parts.foster.loop import begin as families_begin
from stelsel.twin.parts.foster.loop import (
    breaks,
    given_back,
    has_own,
    match,
    own,
    ready,
    settle,
)


@compiled  # type: ignore[untyped-decorator]
def first_families(seed: Any, days: Any, net: Any, room: Any, parts: Any) -> None:
    """On the first day: give every child in foster care its family, and make the others."""
    for i in range(room.tally[MADE]):
        v = room.visits[i]
        if v.service == net.foster and v.started != OPEN and v.ended == OPEN:
            v.family = settle(parts.homes, v.key, v.leg, v.region, parts.foster)
            if v.family < 0:
                room.tally[FULL] = 1
                return
            _may_break(i, 0, days, net, room, parts)
    families_begin(parts.homes, seed, parts.foster)
    room.tally[LOOKED] = 0


@compiled  # type: ignore[untyped-decorator]
def look_for_families(day: Any, days: Any, net: Any, room: Any, parts: Any) -> None:
    """Begin the search of who came, and end that of who has been looked for long enough."""
    roll = searched_on(day, net)
    while True:
        i = pop(roll, room.rolls, room.chunks, room.visits, room.tally, True)
        if i < 0:
            break
        _looked(i, day, days, net, room, parts)
    while room.tally[LOOKED] < room.tally[MADE]:
        i = room.tally[LOOKED]
        room.tally[LOOKED] += 1
        v = room.visits[i]
        if v.service != net.foster or v.started != OPEN or v.ended != OPEN:
            continue
        on = ready(v.key, v.leg, v.arrived, v.cls == CRISIS, parts.foster)
        if on <= day:
            _looked(i, day, days, net, room, parts)
        elif on < days:
            push(searched_on(on, net), i, room)


@compiled  # type: ignore[untyped-decorator]
def _looked(i: Any, day: Any, days: Any, net: Any, room: Any, parts: Any) -> None:
    """End a search: with a family of the own network, else on the list of the region."""
    v = room.visits[i]
    if v.ended != OPEN:  # left the wait while it searched
        return
    if has_own(v.key, v.leg, v.arrived, parts.foster):
        v.family = own(parts.homes, v.key, v.leg, v.region, day)
        if v.family < 0:
            room.tally[FULL] = 1
            return
        _moves_in(i, day, days, net, room, parts)
    else:
        line = net.list_of[net.chart[day], v.station]
        push(line * net.leaves.shape[0] + v.cls, i, room)


@compiled  # type: ignore[untyped-decorator]
def give_families(day: Any, days: Any, net: Any, room: Any, parts: Any) -> None:
    """Match who is on the lists with the families that are free: lower class first."""
    chart = net.chart[day]
    for region in range(net.station_of.shape[1]):
        station = net.station_of[chart, region, net.foster, 0]
        if room.closed[station] != 0:
            continue
        for rank in range(net.leaves.shape[0]):
            roll = net.list_of[chart, station] * net.leaves.shape[0] + rank
            while parts.homes.head[region] >= 0:
                i = pop(roll, room.rolls, room.chunks, room.visits, room.tally, False)
                if i < 0:
                    break
                v = room.visits[i]
                if v.ended != OPEN:  # left earlier; its number was still in the list
                    continue
                v.station = station
                v.family = match(parts.homes, v.key, region, day, parts.foster, -1)
                _moves_in(i, day, days, net, room, parts)


@compiled  # type: ignore[untyped-decorator]
def break_down(day: Any, days: Any, net: Any, room: Any, parts: Any) -> None:
    """End what breaks down today: at once another family, else heavier care.

    A child who changes families stays in foster care: its visit goes on, with the end it had.
    """
    roll = breaks_on(day, net)
    while True:
        i = pop(roll, room.rolls, room.chunks, room.visits, room.tally, True)
        if i < 0:
            return
        v = room.visits[i]
        if v.ended != OPEN:
            continue
        before = v.family
        given_back(parts.homes, before, day, True, parts.foster)
        v.family = match(parts.homes, v.key, v.region, day, parts.foster, before)
        if v.family >= 0:
            _may_break(i, day, days, net, room, parts)
        else:
            v.family = before
            free(i, net, room)
            end(i, day, BROKE_DOWN, days, net, room)


@compiled  # type: ignore[untyped-decorator]
def _moves_in(i: Any, day: Any, days: Any, net: Any, room: Any, parts: Any) -> None:
    """Start a stay with a family; it may break down before it is due."""
    begin(i, day, days, net, room)
    if room.visits[i].ended != OPEN:
        given_back(parts.homes, room.visits[i].family, day, False, parts.foster)
    else:
        _may_break(i, day, days, net, room, parts)


@compiled  # type: ignore[untyped-decorator]
def _may_break(i: Any, day: Any, days: Any, net: Any, room: Any, parts: Any) -> None:
    """Plan the breakdown of a placement when it comes before its end."""
    v = room.visits[i]
    on = breaks(parts.homes, v.family, v.key, day, parts.foster)
    if on < days and on < v.due:
        push(breaks_on(on, net), i, room)
