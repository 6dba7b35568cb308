"""Links between visits: what runs beside what, what ends with what, and in which family."""

from __future__ import annotations

from typing import Any

from stelsel.twin.compiled import inner
from stelsel.twin.layout import FULL, LINKS, OPEN


@inner  # type: ignore[untyped-decorator]
def link(i: Any, visits: Any, links: Any, tally: Any) -> Any:
    """Give the row of the links of a visit, made when it has none."""
    row = visits[i].links
    if row >= 0:
        return row
    row = tally[LINKS]
    if row >= links.shape[0]:
        tally[FULL] = 1
        return 0
    tally[LINKS] = row + 1
    visits[i].links = row
    links[row].mate = -1
    links[row].bound = -1
    links[row].beside = -1
    links[row].family = -1
    links[row].since = 0
    return row


@inner  # type: ignore[untyped-decorator]
def bind(i: Any, j: Any, room: Any) -> None:
    """Let visit j end with visit i."""
    links = room.links
    of_i = link(i, room.visits, links, room.tally)
    of_j = link(j, room.visits, links, room.tally)
    links[of_j].beside = links[of_i].bound
    links[of_i].bound = j
    room.linked[room.visits[i].service] = 1


@inner  # type: ignore[untyped-decorator]
def has_bound(i: Any, service: Any, visits: Any, links: Any) -> Any:
    """Tell whether a visit has one of a service bound to it that has not ended."""
    row = visits[i].links
    if row < 0:
        return False
    b = links[row].bound
    while b >= 0:
        if visits[b].service == service and visits[b].ended == OPEN:
            return True
        b = links[visits[b].links].beside
    return False


@inner  # type: ignore[untyped-decorator]
def is_bound(i: Any, j: Any, visits: Any, links: Any) -> Any:
    """Tell whether visit j ends with visit i."""
    row = visits[i].links
    if row < 0:
        return False
    b = links[row].bound
    while b >= 0:
        if b == j:
            return True
        b = links[visits[b].links].beside
    return False


@inner  # type: ignore[untyped-decorator]
def hand_down(i: Any, j: Any, room: Any) -> None:
    """Bind what was bound to a measure to the measure that takes its place."""
    visits, links = room.visits, room.links
    of_i = visits[i].links
    if of_i < 0 or links[of_i].bound < 0:
        return
    b = links[of_i].bound
    links[of_i].bound = -1
    of_j = link(j, visits, links, room.tally)
    links[of_j].bound = b
    room.linked[visits[j].service] = 1
    while b >= 0:
        links[visits[b].links].mate = j
        b = links[visits[b].links].beside
