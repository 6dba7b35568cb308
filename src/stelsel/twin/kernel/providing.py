"""What providers do: stop admitting, fall, admit again; cases handed on; lists joined or parted."""

from __future__ import annotations

from typing import Any

from stelsel.twin.compiled import inner
from stelsel.twin.kernel.arriving import follow, join, searched, shortest
from stelsel.twin.kernel.linking import bind, is_bound, link
from stelsel.twin.kernel.rolls import first_of, pop
from stelsel.twin.kernel.staying import free
from stelsel.twin.layout import (
    CRISIS,
    ENDED,
    FELL,
    HANDED,
    MADE,
    OPEN,
    PROVIDER_FELL,
)
from stelsel.twin.parts.foster.loop import ready

FALL = 2
"""Kind of an event after which children of a provider go; 1 only stops admitting."""


@inner  # type: ignore[untyped-decorator]
def events(day: Any, net: Any, room: Any) -> Any:
    """Let happen what happens to providers today; tell whether something did."""
    before = room.tally[FELL]
    while room.tally[FELL] < net.falls.day.shape[0] and net.falls.day[room.tally[FELL]] == day:
        event = room.tally[FELL]
        room.tally[FELL] = event + 1
        station = net.falls.station[event]
        kind = net.falls.kind[event]
        room.moved[station] += net.falls.share[event]
        if kind >= 0:
            room.closed[station] = kind
        if kind > 0:
            room.places[station] = 0
            _empty(station, kind, day, net, room)
    return room.tally[FELL] != before


@inner  # type: ignore[untyped-decorator]
def _empty(station: Any, kind: Any, day: Any, net: Any, room: Any) -> None:
    """Let who waits for a provider, and has it when it falls, go to another."""
    chart = net.chart[day]
    line = net.list_of[chart, station]
    classes = net.leaves.shape[0]
    of = net.stations[station]
    provider = shortest(of.region, of.service, day, net, room)
    other = net.station_of[chart, of.region, of.service, provider]
    if room.closed[other] == 0 and net.list_of[chart, other] != line:
        for rank in range(classes):
            while True:
                i = pop(line * classes + rank, room)
                if i < 0:
                    break
                v = room.visits[i]
                if v.ended == OPEN:
                    provider = shortest(v.region, v.service, day, net, room)
                    v.station = net.station_of[chart, v.region, v.service, provider]
                    room.waiting[line] -= 1
                    join(i, chart, net, room)
    if kind != FALL:
        return
    for i in range(room.tally[MADE]):
        v = room.visits[i]
        if v.station == station and v.started != OPEN and v.ended == OPEN:
            free(i, day, net, room)
            v.ended = day
            v.exit = PROVIDER_FELL
            v.next = v.service
            cell = v.region * net.station_of.shape[2] + v.service
            room.week[cell, v.cls, ENDED] += 1
            j = follow(i, v.service, v.cls, day, net, room)
            if j >= 0 and v.links >= 0 and room.links[v.links].mate >= 0:
                mate = room.links[v.links].mate
                room.links[link(j, room.visits, room.links, room.tally)].mate = mate
                if is_bound(mate, i, room.visits, room.links):
                    bind(mate, j, room)


@inner  # type: ignore[untyped-decorator]
def hand_over(day: Any, net: Any, room: Any) -> None:
    """Hand who waits longer than the limit to a provider of the region with room, oldest first."""
    limit = net.hand_over[net.epoch[day]]
    if limit <= 0:
        return
    chart = net.chart[day]
    for region in range(net.station_of.shape[1]):
        for service in range(net.station_of.shape[2]):
            if net.provider_reached[service, 0] >= 1.0:
                continue
            for provider in range(net.station_of.shape[3]):
                _take_over(net.station_of[chart, region, service, provider], region, day, net, room)


@inner  # type: ignore[untyped-decorator]
def _take_over(station: Any, region: Any, day: Any, net: Any, room: Any) -> None:
    """Fill the room of a station with who waits longest for the other providers of the region."""
    chart = net.chart[day]
    classes = net.leaves.shape[0]
    service = net.stations[station].service
    own = net.list_of[chart, station]
    while room.places[station] > room.busy[station] + room.waiting[own]:
        oldest = day - net.hand_over[net.epoch[day]]
        best = -1
        for provider in range(net.station_of.shape[3]):
            other = net.station_of[chart, region, service, provider]
            line = net.list_of[chart, other]
            if line == own or room.waiting[line] == 0 or other == station:
                continue
            for rank in range(classes):
                i = _first_waiting(line * classes + rank, room)
                if i >= 0 and room.visits[i].arrived < oldest:
                    oldest = room.visits[i].arrived
                    best = line * classes + rank
        if best < 0:
            return
        i = pop(best, room)
        room.waiting[best // classes] -= 1
        room.visits[i].station = station
        room.visits[i].flags |= HANDED
        join(i, chart, net, room)


@inner  # type: ignore[untyped-decorator]
def _first_waiting(roll: Any, room: Any) -> Any:
    """Give the first of a list who still waits, and drop who left before it; -1 for none."""
    while True:
        i = first_of(roll, room)
        if i < 0 or room.visits[i].ended == OPEN:
            return i
        pop(roll, room)


@inner  # type: ignore[untyped-decorator]
def join_anew(day: Any, net: Any, room: Any) -> None:
    """When the map changes: make the waiting lists anew, in order of arrival."""
    if day == 0 or net.chart[day] == net.chart[day - 1]:
        return
    chart = net.chart[day]
    for roll in range(net.stations.shape[0] * net.leaves.shape[0]):
        while pop(roll, room) >= 0:
            pass
    for line in range(room.waiting.shape[0]):
        room.waiting[line] = 0
    for i in range(room.tally[MADE]):
        v = room.visits[i]
        if v.started == OPEN and v.ended == OPEN:
            provider = net.stations[v.station].provider
            v.station = net.station_of[chart, v.region, v.service, provider]
            if net.rules[net.epoch[day], v.service].foster == 1:
                room.waiting[net.list_of[chart, v.station]] += 1
                if ready(v.key, v.leg, v.arrived, v.cls == CRISIS, net.foster) < day:
                    searched(i, day, net, room)
            else:
                join(i, chart, net, room)
