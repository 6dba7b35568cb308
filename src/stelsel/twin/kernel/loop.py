"""The days, one by one."""

from __future__ import annotations

from typing import Any

from stelsel.twin.chance import child
from stelsel.twin.compiled import compiled, small
from stelsel.twin.kernel.admitting import admit, set_places
from stelsel.twin.kernel.arriving import join
from stelsel.twin.kernel.asking import requests, returns
from stelsel.twin.kernel.leaving import leave, plan_leaves
from stelsel.twin.kernel.rolls import ends_on, push
from stelsel.twin.kernel.staying import fall_due
from stelsel.twin.layout import FULL, IN_CARE, MADE, OPEN, PERSONS, TODAY, WAITING


@compiled  # type: ignore[untyped-decorator]
def simulate(net: Any, state: Any, seed: Any, days: Any, room: Any) -> Any:
    """Run the network for ``days`` days in the memory of ``room``.

    ``room`` comes from :func:`stelsel.twin.layout.space`. ``state`` holds the visits and persons
    of the first day (:class:`stelsel.twin.layout.State`; ``due`` is the planned day). Returns the
    number of visits made; more than there is space for means that the space did not do: set more
    aside and run again.
    """
    full = room.visits.shape[0]
    if state.visits.shape[0] > full or state.persons.shape[0] > full:
        return full + 1
    for n in range(room.streams.shape[0]):
        room.streams[n].key = child(seed, room.streams[n].number)
        room.streams[n].before = -1.0
    _take_over(state, days, net, room)
    for day in range(days):
        set_places(day, net, room)
        fall_due(day, days, net, room)
        leave(day, net, room)
        requests(day, net, room)
        returns(day, net, room)
        admit(day, days, net, room)
        plan_leaves(day, days, net, room)
        if room.tally[FULL] != 0:
            return full + 1
        if day % 7 == 6 or day == days - 1:
            _count(day, net, room)
    return room.tally[MADE]


@small  # type: ignore[untyped-decorator]
def _take_over(state: Any, days: Any, net: Any, room: Any) -> None:
    """Take over what exists on the first day."""
    for n in range(state.persons.shape[0]):
        room.persons[n] = state.persons[n]
    room.tally[PERSONS] = state.persons.shape[0]
    room.tally[MADE] = state.visits.shape[0]
    for i in range(state.visits.shape[0]):
        room.visits[i] = state.visits[i]
        v = room.visits[i]
        cell = v.region * net.station_of.shape[2] + v.service
        v.station = net.station_of[net.chart[0], v.region, v.service, v.provider]
        v.ended = OPEN
        if v.started == OPEN:
            room.stock[cell, v.cls, 0] += 1
            join(i, net.chart[0], net, room)
        else:
            room.stock[cell, v.cls, 1] += 1
            room.busy[v.station] += 1
            if v.due < days:
                push(ends_on(v.due, net), i, room)
    room.tally[TODAY] = 0


@small  # type: ignore[untyped-decorator]
def _count(day: Any, net: Any, room: Any) -> None:
    """Count what waits and what is in care at the end of a week."""
    for cell in range(room.stock.shape[0]):
        for rank in range(room.stock.shape[1]):
            room.counts[day // 7, cell, rank, WAITING] = room.stock[cell, rank, 0]
            room.counts[day // 7, cell, rank, IN_CARE] = room.stock[cell, rank, 1]
