"""Every station admits while it has a free place: lower class first, then who came first."""

from __future__ import annotations

from typing import Any

from stelsel.twin.compiled import compiled, small
from stelsel.twin.kernel.rolls import look, pop
from stelsel.twin.kernel.staying import begin
from stelsel.twin.layout import FULL, MADE, OPEN

NO_LIMIT = 2**30


@small  # type: ignore[untyped-decorator]
def set_places(day: Any, net: Any, room: Any) -> None:
    """Work out the whole places of every station today."""
    now = net.epoch[day]
    for s in range(net.stations.shape[0]):
        station = net.stations[s]
        if room.closed[s] != 0:
            room.places[s] = 0
        elif net.rules[now, station.service].capped == 0:
            room.places[s] = NO_LIMIT
        else:
            places = net.places[station.service, day] * net.share[net.chart[day], s]
            room.places[s] = int(places + station.threshold)


@small  # type: ignore[untyped-decorator]
def admit(day: Any, days: Any, net: Any, room: Any) -> None:
    """Admit until nothing moves: a stay of less than a day frees its place at once."""
    chart = net.chart[day]
    classes = net.leaves.shape[0]
    for s in range(net.stations.shape[0]):
        if room.places[s] > room.busy[s] and room.waiting[net.list_of[chart, s]] > 0:
            for rank in range(classes):
                look(net.list_of[chart, s] * classes + rank, room)
    before = -1
    while before != room.tally[MADE] and room.tally[FULL] == 0:
        before = room.tally[MADE]
        for s in range(net.stations.shape[0]):
            if room.places[s] > room.busy[s] and room.waiting[net.list_of[chart, s]] > 0:
                _fill(s, chart, day, days, net, room)


@compiled  # type: ignore[untyped-decorator]
def _fill(s: Any, chart: Any, day: Any, days: Any, net: Any, room: Any) -> None:
    """Fill the free places of a station from its list."""
    line = net.list_of[chart, s]
    roll = line * net.leaves.shape[0]
    rank = 0
    while room.places[s] > room.busy[s] and room.waiting[line] > 0 and room.tally[FULL] == 0:
        i = pop(roll + rank, room.rolls, room.chunks, room.visits, room.tally, False)
        if i < 0:
            rank += 1
            continue
        v = room.visits[i]
        if v.ended != OPEN:  # left earlier; its number was still in the list
            continue
        v.station = s
        v.provider = net.stations[s].provider
        made = room.tally[MADE]
        begin(i, day, days, net, room)
        if made != room.tally[MADE]:
            rank = 0
