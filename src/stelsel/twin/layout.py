"""How the kernel's memory is laid out: visits, the network it reads, its lists and counts.

A *visit* is one arrival at one station: its wait and the care that follows. Visits are numbered in
order of arrival and never reused, so each stands in at most one list per link column.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

OPEN = np.int32(2**31 - 1)
"""Not yet: no start, no end within the run."""
INFLOW, STARTED, ENDED, WITHDRAWN, WAITING, IN_CARE = range(6)
"""Measures counted per week: four flows, then two stocks on the week's last day."""
MEASURES = ("inflow", "started", "ended", "withdrawn", "waiting", "in_care")

VISIT = np.dtype(
    [
        ("key", np.uint64),  # of the child: every draw follows from it
        ("person", np.int32),
        ("arrived", np.int32),  # days count from the first day of the run
        ("started", np.int32),  # OPEN: waits, or gave up
        ("ended", np.int32),  # of care, or of a wait given up; OPEN: not within the run
        ("after", np.int32),  # link: next in the waiting list, later next to end that day
        ("gives", np.int32),  # link: next to give up that day
        ("region", np.int16),
        ("form", np.int8),
        ("cls", np.int8),
        ("referrer", np.int8),
        ("leg", np.int8),  # how-many-eth visit of the child
        ("next_form", np.int8),  # moved on to, or -1
        ("provider", np.int8),  # whose list and places
    ]
)
"""One row a visit, in order of arrival. One record of forty bytes: what is used together lies
together, which is worth a third of the time on a national run."""

LAST_LEG = 127
"""After so many moves a child moves on no more: ``leg`` holds no larger number, and care of no
length that moves on in a circle would never let the day end."""
CRISIS, PROTECTION, COMPLEX, REGULAR = range(4)
"""Classes, in the order of ``system/data/priorities.csv``; a test holds them together."""


class Network(NamedTuple):
    """Everything the loop reads.

    R regions, F forms, P providers, S stations, C classes, K referrers, D days, E epochs.
    ``epoch[day]`` picks the row of every array that starts with E: numbers that change only when
    a scenario steps in.
    """

    station_of: Ints  # [R, F, P] station of a provider of a form in a region (pools share one)
    provider_reached: Floats  # [F, P] cumulative shares of the providers of a form
    capacity: Ints  # [D, S] places
    stream_region: Ints  # [N] per arrival stream: its region,
    stream_form: Ints  # [N] the form asked for,
    stream_class: Ints  # [N] its class, or -1 to draw one,
    stream_rate: Floats  # [N] and its share of the daily rate of that form
    daily_rate: Floats  # [F, D] requests a day
    epoch: Ints  # [D]
    referrer_reached: Floats  # [E, K] cumulative shares of referrers
    protected: Ints  # [K] 1 where a referrer makes it a protection measure
    municipality: int  # referrer whose requests the local team may solve; -1 for none
    team: int  # form of the local team; -1 for none
    solved: Floats  # [E] share that the local team solves itself
    crisis: Floats  # [E, F] share that is a crisis
    complex: Floats  # [E, F] share of the rest that is complex
    hazard: Floats  # [E, F] chance a day to give up waiting
    gives_up: Floats  # [C] multiplies the hazard per class
    quantiles: Floats  # [F, Q + 1] length of care in clock days
    stretch: Floats  # [E, F] multiplies the length
    clock: Floats  # [F, D + 1] clock days passed at the start of a day
    moves_reached: Floats  # [E, F, F] cumulative chances to move on to another form


class Lists(NamedTuple):
    """The loop's own bookkeeping: waiting lists, what ends or gives up on a day, and counts."""

    head: Ints  # [S, C] first of each waiting list, -1 when empty
    tail: Ints  # [S, C]
    end_head: Ints  # [D + 1] first to end on a day
    end_tail: Ints  # [D + 1]
    give_head: Ints  # [D + 1] first to give up on a day
    standing: Ints  # [S] in the waiting lists, with who gave up and was not yet taken out
    busy: Ints  # [S] places taken
    stock: Ints  # [R x F, C, 2] waiting, in care
    counts: Ints  # [W, R x F, C, 6] see MEASURES


class Space(NamedTuple):
    """Memory for a run: the visits made, the loop's lists and its streams."""

    visits: npt.NDArray[np.void]  # VISIT
    lists: Lists
    stream_key: npt.NDArray[np.uint64]  # [N]
    rate_before: Floats  # [N]
    none_comes: Floats  # [N]


def space(net: Network, days: int, room: int) -> Space:
    """Set memory aside for ``room`` visits (the compiled code itself allocates nothing)."""
    n_regions, n_forms, _ = net.station_of.shape
    n_stations, n_classes = net.capacity.shape[1], len(net.gives_up)
    n_streams, cells, weeks = len(net.stream_region), n_regions * n_forms, -(-days // 7)

    def nobody(*shape: int) -> Ints:
        return np.full(shape, -1, np.int32)

    return Space(
        np.empty(room, VISIT),
        Lists(
            head=nobody(n_stations, n_classes),
            tail=nobody(n_stations, n_classes),
            end_head=nobody(days + 1),
            end_tail=nobody(days + 1),
            give_head=nobody(days + 1),
            standing=np.zeros(n_stations, np.int32),
            busy=np.zeros(n_stations, np.int32),
            stock=np.zeros((cells, n_classes, 2), np.int32),
            counts=np.zeros((weeks, cells, n_classes, len(MEASURES)), np.int32),
        ),
        np.empty(n_streams, np.uint64),
        np.full(n_streams, -1.0),
        np.empty(n_streams),
    )
