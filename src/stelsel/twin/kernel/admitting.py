"""Every station admits while it has a free place: lower class first, then who came first."""

from __future__ import annotations

from typing import Any

from stelsel.twin.compiled import inner
from stelsel.twin.kernel.rolls import OWN, look, look_out, next_of, take
from stelsel.twin.kernel.staying import begin
from stelsel.twin.layout import FULL, MADE, OPEN
from stelsel.twin.parts.foster.loop import match, own
from stelsel.twin.parts.staff.loop import staff_week, staffed_places

NO_LIMIT = 2**30


@inner  # type: ignore[untyped-decorator]
def set_places(day: Any, net: Any, room: Any) -> None:
    """Work out the whole places of every station today."""
    now = net.epoch[day]
    chart = net.chart[day]
    for s in range(net.stations.shape[0]):
        station = net.stations[s]
        rule = net.rules[now, station.service]
        if rule.capped == 0 or rule.foster == 1:
            room.places[s] = NO_LIMIT
            continue
        places = net.places[station.service, day] * (net.share[chart, s] + room.moved[s])
        if station.staffed >= 0:
            places = staffed_places(room.crew, net.staff, day, station.staffed, places)
        room.places[s] = int(places + station.threshold)
        if room.closed[s] != 0:
            room.places[s] = 0


@inner  # type: ignore[untyped-decorator]
def move_staff(day: Any, net: Any, room: Any) -> None:
    """Move the staff of every station on by a week; of a list that is shared each has its part."""
    chart = net.chart[day]
    for s in range(net.stations.shape[0]):
        station = net.stations[s]
        if station.staffed < 0:
            continue
        line = net.list_of[chart, s]
        share = net.share[chart, s] + room.moved[s]
        of_list = 0.0
        for p in range(net.station_of.shape[3]):
            other = net.station_of[chart, station.region, station.service, p]
            if net.stations[other].provider == p and net.list_of[chart, other] == line:
                of_list += net.share[chart, other] + room.moved[other]
        waiting = 0.0
        if of_list > 0.0:
            waiting = room.waiting[line] * share / of_list
        planned = net.places[station.service, day] * share
        staff_week(room.crew, net.staff, day, station.staffed, room.busy[s], waiting, planned)


@inner  # type: ignore[untyped-decorator]
def admit(day: Any, days: Any, net: Any, room: Any) -> None:
    """Admit until nothing moves: a stay of less than a day frees its place at once."""
    chart = net.chart[day]
    classes = net.leaves.shape[0]
    number = 0
    for s in range(net.stations.shape[0]):
        if room.places[s] > room.busy[s] and room.waiting[net.list_of[chart, s]] > 0:
            room.today[number] = net.list_of[chart, s] * classes
            number += 1
            for rank in range(classes):
                look_out(net.list_of[chart, s] * classes + rank, room)
    for n in range(number):
        for rank in range(classes):
            look(room.today[n] + rank, room)
    before = -1
    while before != room.tally[MADE] and room.tally[FULL] == 0:
        before = room.tally[MADE]
        _own_families(day, days, net, room)
        for s in range(net.stations.shape[0]):
            if room.places[s] > room.busy[s] and room.waiting[net.list_of[chart, s]] > 0:
                if net.rules[net.epoch[day], net.stations[s].service].foster == 1:
                    _match(s, chart, day, days, net, room)
                else:
                    _fill(s, chart, day, days, net, room)


@inner  # type: ignore[untyped-decorator]
def _fill(s: Any, chart: Any, day: Any, days: Any, net: Any, room: Any) -> None:
    """Fill the free places of a station from its list."""
    line = net.list_of[chart, s]
    roll = line * net.leaves.shape[0]
    rank = 0
    while room.places[s] > room.busy[s] and room.waiting[line] > 0 and room.tally[FULL] == 0:
        i = next_of(roll + rank, room)
        if i < 0:
            rank += 1
            continue
        v = room.visits[i]
        if v.ended != OPEN:  # left earlier; its number was still in the list
            continue
        v.station = s
        made = room.tally[MADE]
        begin(i, -1, day, days, net, room)
        if made != room.tally[MADE]:
            rank = 0


@inner  # type: ignore[untyped-decorator]
def _own_families(day: Any, days: Any, net: Any, room: Any) -> None:
    """Let the children begin for whom a family in their own network was found."""
    while room.tally[FULL] == 0:
        i = take(OWN, 0, room)
        if i < 0:
            return
        v = room.visits[i]
        if v.started == OPEN and v.ended == OPEN:
            family = own(room.homes, v.key, v.leg, v.region, day)
            if family < 0:
                room.tally[FULL] = 1
                return
            begin(i, family, day, days, net, room)


@inner  # type: ignore[untyped-decorator]
def _match(s: Any, chart: Any, day: Any, days: Any, net: Any, room: Any) -> None:
    """Match who waits for a recruited family while one of the region is free."""
    line = net.list_of[chart, s]
    roll = line * net.leaves.shape[0]
    region = net.stations[s].region
    rank = 0
    while rank < net.leaves.shape[0] and room.homes.head[region] >= 0 and room.tally[FULL] == 0:
        i = next_of(roll + rank, room)
        if i < 0:
            rank += 1
            continue
        v = room.visits[i]
        if v.ended != OPEN:
            continue
        made = room.tally[MADE]
        begin(i, match(room.homes, v.key, region, day, net.foster, -1), day, days, net, room)
        if made != room.tally[MADE]:
            rank = 0
