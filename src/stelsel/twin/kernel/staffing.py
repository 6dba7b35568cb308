"""Staff in the loop: once a week, who works at each station moves on."""

from __future__ import annotations

from typing import Any

from stelsel.twin.compiled import compiled
from stelsel.twin.parts.staff.loop import staff_week


@compiled  # type: ignore[untyped-decorator]
def move_staff(day: Any, net: Any, room: Any, parts: Any) -> None:
    """Move the staff of every station on by a week; its places follow from tomorrow."""
    chart = net.chart[day]
    for s in range(net.stations.shape[0]):
        station = net.stations[s]
        if station.staffed < 0:
            continue
        planned = net.places[station.service, day] * net.share[chart, s]
        line = net.list_of[chart, s]
        on_line = 0.0
        for p in range(net.station_of.shape[3]):
            other = net.station_of[chart, station.region, station.service, p]
            if net.stations[other].provider == p and net.list_of[chart, other] == line:
                on_line += net.share[chart, other]
        waiting = 0.0
        if on_line > 0.0:  # of a list that providers share, each has its part
            waiting = room.waiting[line] * net.share[chart, s] / on_line
        busy = float(room.busy[s])
        staff_week(parts.crew, parts.staff, day, station.staffed, busy, waiting, planned)
