"""The days, one by one."""

from __future__ import annotations

from typing import Any

from stelsel.twin.chance import child
from stelsel.twin.compiled import compiled, inner
from stelsel.twin.kernel.admitting import admit, move_staff, set_places
from stelsel.twin.kernel.arriving import join, search, searched
from stelsel.twin.kernel.asking import requests, returns
from stelsel.twin.kernel.knowing import enter
from stelsel.twin.kernel.leaving import leave, plan_leaves
from stelsel.twin.kernel.linking import link
from stelsel.twin.kernel.memory import place
from stelsel.twin.kernel.providing import events, hand_over, join_anew
from stelsel.twin.kernel.rolls import ENDS, SEARCHES, gather, gathered, put
from stelsel.twin.kernel.staying import break_down, fall_due, may_break
from stelsel.twin.layout import (
    FULL,
    IN_CARE,
    LINKS,
    MADE,
    MEASURES,
    OPEN,
    PERSONS,
    WAITING,
)
from stelsel.twin.parts.foster.loop import begin, settle, week_begins, week_ends
from stelsel.twin.parts.foster.moving import EVER, add_up, stayed, there_since

ALL = len(MEASURES)


@compiled  # type: ignore[untyped-decorator]
def simulate(net: Any, state: Any, seed: Any, days: Any, room: Any) -> Any:
    """Run the network for ``days`` days in the memory of ``room``.

    ``room`` comes from :func:`stelsel.twin.layout.space`. ``state`` holds the visits of the first
    day and their links (:class:`stelsel.twin.layout.State`; ``due`` is the planned day). Returns
    the number of visits made; more than there is space for means that the space did not do: set
    more aside and run again.
    """
    return _days(place(net), state, seed, days, place(room))


@inner  # type: ignore[untyped-decorator]
def _days(net: Any, state: Any, seed: Any, days: Any, room: Any) -> Any:
    """Run day after day."""
    full = room.visits.shape[0]
    if state.visits.shape[0] > full:
        return full + 1
    for n in range(room.streams.shape[0]):
        room.streams[n].key = child(seed, room.streams[n].number)
        room.streams[n].before = -1.0
    _take_over(state, days, net, room)
    begin(room.homes, seed, net.foster)
    for day in range(days):
        join_anew(day, net, room)
        if day % 7 == 0:
            week_begins(room.homes, day // 7, seed, net.foster)
            move_staff(day, net, room)
        set_places(day, net, room)
        if events(day, net, room):
            set_places(day, net, room)
        fall_due(day, days, net, room)
        break_down(day, days, net, room)
        leave(day, net, room)
        _search(day, net, room)
        requests(day, net, room)
        returns(day, net, room)
        if day % 7 == 0:
            hand_over(day, net, room)
        admit(day, days, net, room)
        plan_leaves(day, days, net, room)
        if room.tally[FULL] != 0 or room.homes.tally[0] > room.homes.records.shape[0]:
            return full + 1
        if day % 7 == 6 or day == days - 1:
            _count(day, net, room)
            week_ends(room.homes, day // 7)
    _still_there(room)
    return room.tally[MADE]


@inner  # type: ignore[untyped-decorator]
def _still_there(room: Any) -> None:
    """Count who is with a foster family after the last day, and add up how long they were."""
    if room.homes.tally[0] == 0:
        return
    for i in range(room.tally[MADE]):
        v = room.visits[i]
        if v.links >= 0 and v.started != OPEN and v.ended == OPEN:
            of = room.links[v.links]
            if of.family >= 0:
                stayed(room.homes, v.region, of.since, EVER)
    add_up(room.homes)


@inner  # type: ignore[untyped-decorator]
def _take_over(state: Any, days: Any, net: Any, room: Any) -> None:
    """Take over what exists on the first day."""
    for n in range(state.links.shape[0]):
        room.links[n] = state.links[n]
    room.tally[LINKS] = state.links.shape[0]
    room.tally[PERSONS] = state.persons
    room.tally[MADE] = state.visits.shape[0]
    for i in range(state.visits.shape[0]):
        room.visits[i] = state.visits[i]
        v = room.visits[i]
        cell = v.region * net.station_of.shape[2] + v.service
        v.ended = OPEN
        if v.links >= 0 and room.links[v.links].bound >= 0:
            room.linked[v.service] = 1
        foster = net.rules[0, v.service].foster == 1
        if v.started == OPEN:
            room.week[cell, v.cls, WAITING] += 1
            if foster:
                room.waiting[net.list_of[net.chart[0], v.station]] += 1
                search(i, 0, net, room)
            else:
                join(i, net.chart[0], net, room)
        else:
            room.week[cell, v.cls, IN_CARE] += 1
            room.busy[v.station] += 1
            enter(i, net.rules[0, v.service], room)
            if foster:
                family = settle(room.homes, v.key, v.leg, v.region, net.foster)
                if family < 0:
                    room.tally[FULL] = 1
                    return
                row = link(i, room.visits, room.links, room.tally)
                room.links[row].family = family
                since = there_since(room.homes, family, v.key, v.started, net.foster)
                room.links[row].since = since
                room.linked[v.service] = 1
                may_break(i, family, 0, days, net, room)
            if v.due < days:
                put(ENDS, v.due, i, room)


@inner  # type: ignore[untyped-decorator]
def _search(day: Any, net: Any, room: Any) -> None:
    """Let who still waits and whose search for a family is done today have one or wait for one."""
    for n in range(gather(SEARCHES, day, room)):
        i = gathered(n, room)
        if room.visits[i].started == OPEN and room.visits[i].ended == OPEN:
            searched(i, day, net, room)


@inner  # type: ignore[untyped-decorator]
def _count(day: Any, net: Any, room: Any) -> None:
    """Write down a week: its flows, and what waits and what is in care at its end."""
    for cell in range(room.week.shape[0]):
        for rank in range(room.week.shape[1]):
            of_week = room.counts[day // 7, cell, rank]
            now = room.week[cell, rank]
            for measure in range(ALL):
                of_week[measure] = now[measure]
            for flow in range(WAITING):
                now[flow] = 0
