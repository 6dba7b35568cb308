"""How the loop's memory is laid out: visits and persons, the network it reads, its own lists.

A *visit* is one arrival at one service: its wait and the stay that follows. Visits are numbered
in the order in which they are made and never reused.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stelsel.twin.lines import on_lines
from stelsel.twin.parts.continuity.compiling import Falls
from stelsel.twin.parts.foster.layout import Foster, Homes, homes
from stelsel.twin.parts.secure.compiling import Secure
from stelsel.twin.parts.staff.layout import Crew, Staff, crew

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Records = npt.NDArray[np.void]

OPEN = np.int32(2**31 - 1)
"""Not yet: no start, no end within the run."""
INFLOW, STARTED, ENDED, WITHDRAWN, WAITING, IN_CARE = range(6)
"""Measures counted per week: four flows, then two stocks on the week's last day."""
MEASURES = ("inflow", "started", "ended", "withdrawn", "waiting", "in_care")

EXITS = (
    "still",
    "ended",
    "moved-on",
    "not-renewed",
    "lifted",
    "aged-out",
    "measure-ended",
    "broke-down",
    "provider-fell",
    "withdrew",
    "worse",
    "budget",
    "lapsed",
)
"""How a wait that was not served, or a stay, ended; ``still`` is not ended."""
STILL, BY_PLAN, MOVED_ON, NOT_RENEWED, LIFTED, AGED_OUT = range(6)
MEASURE_ENDED, BROKE_DOWN, PROVIDER_FELL, WITHDREW, WORSE, BUDGET, LAPSED = range(6, 13)

VISIT = np.dtype(
    [
        ("key", np.uint64),  # every draw follows from it; a second visit has a key of its own
        ("person", np.int32),
        ("birth", np.int32),  # days count from the first day of the run
        ("arrived", np.int32),
        ("started", np.int32),  # OPEN: waits, or left the wait unserved
        ("ended", np.int32),  # of the stay, or of a wait not served; OPEN: not within the run
        ("due", np.int32),  # day on which the stay is looked at next: its end or an anniversary
        ("links", np.int32),  # row of its links, or -1
        ("station", np.int16),  # whose list, later whose place
        ("region", np.int8),
        ("service", np.int8),
        ("wants", np.int8),  # service wanted behind triage, or -1
        ("cls", np.int8),
        ("referrer", np.int8),  # or -1 where nobody refers
        ("leg", np.int8),  # how-many-eth visit of this key
        ("next", np.int8),  # service moved on to, or -1
        ("exit", np.int8),  # of EXITS
        ("terms", np.uint8),  # terms begun
        ("flags", np.uint8),  # BRIDGED, HANDED, BACK, SECOND; the upper half is the loop's own
    ]
)
"""One record a visit: forty-eight bytes. Memory is what a run of the country costs most, so what
few visits have stands apart in links."""
BRIDGED, HANDED, BACK, SECOND = 1, 2, 4, 8
"""Flags of a visit: had bridging care while waiting; handed to another provider while waiting;
came back after having left for good; came beside another."""

LINK = np.dtype(
    [
        ("mate", np.int32),  # visit that this one came beside, or -1
        ("bound", np.int32),  # first of the visits that end with this one, or -1
        ("beside", np.int32),  # next of those that end with the same one, or -1
        ("family", np.int32),  # foster family, or -1
        ("since", np.int32),  # day on which it came to that family
    ]
)
"""What few visits have: one record for each that has any."""

PERSON = np.dtype(
    [
        ("key", np.uint64),
        ("birth", np.int32),  # days from the first day of the run
        ("first", np.int32),  # first visit
        ("region", np.int16),
        ("sex", np.int8),  # 1 male, 2 female
    ],
    align=True,
)
"""One record a person who ever came; worked out from the visits after the run."""

LAST_LEG = 127
"""After so many moves a child moves on no more: ``leg`` holds no larger number, and stays of no
length that move on in a circle would never let the day end."""
CRISIS, PROTECTION, COMPLEX, REGULAR = range(4)
"""Classes, in the order of ``system/data/priorities.csv``; a test holds them together."""

DRAWN, TERMS, UNTIL_ENDED = range(3)
"""Laws of a stay: a drawn length; terms that are renewed or not; until something else ends it."""

RULE = np.dtype(
    [
        ("law", np.int32),  # DRAWN, TERMS or UNTIL_ENDED
        ("capped", np.int32),  # 0: whoever comes starts at once
        ("measure", np.int32),  # 1: a measure of the court
        ("sent", np.int32),  # 1: referrers send children here
        ("guarded", np.int32),  # 1: who comes by a measure goes before others
        ("clocked", np.int32),  # 1: the clock of its stays runs unevenly
        ("foster", np.int32),  # 1: places are families
        ("lives", np.int32),  # 1: a child lives there, at one place at a time
        ("guards", np.int32),  # 1: of the way to a measure, and a child has one at a time
        ("crisis", np.float64),  # share of requests that is a crisis
        ("complex", np.float64),  # share of the rest that is complex
        ("withdraw", np.float64),  # chance a day to withdraw while waiting,
        ("worse", np.float64),  # to get worse,
        ("budget", np.float64),  # to take a personal budget
        ("bridged", np.float64),  # share of those who wait that gets bridging care,
        ("bridging", np.float64),  # which multiplies these chances
        ("lengthens", np.float64),  # a stay is longer by this share per day waited
        ("stretch", np.float64),  # multiplies the drawn length
        ("term", np.float64),  # days of a term
        ("renew", np.float64),  # share of terms that is renewed
        ("lifted", np.float64),  # chance a day that a stay in terms is lifted early
        ("youngest", np.float64),  # age in days from which others send on to it
        ("limit", np.float64),  # age in days at which a stay ends, 0 for none
        ("late", np.float64),  # the same for who may stay longer
        ("extended", np.float64),  # share that may
        ("back", np.float64),  # share of those who leave for good that comes back
        ("sends", np.float64),  # share of who comes by a measure that the institution sends
        ("broken", np.float64),  # chance a day that a placement breaks down, at mean quality
        ("known_measure", np.float64),  # share of requests about a child with a measure
        ("known_help", np.float64),  # share of requests about a child with help
        ("moves", np.int32),  # routes at the end of a stay: first,
        ("moves_to", np.int32),  # and one past the last
        ("seconds", np.int32),  # routes at the start
        ("seconds_to", np.int32),
        ("heavier", np.int32),  # routes of who gets worse
        ("heavier_to", np.int32),
    ]
)
"""What holds for a service, one record per epoch and service."""

ROUTE = np.dtype(
    [
        ("service", np.int32),  # to where
        ("linked", np.int32),  # 1: ends with the visit that it came beside
        ("reached", np.float64),  # cumulative chance (routes at the start: its own chance)
    ]
)

STREAM = np.dtype(
    [
        ("region", np.int32),
        ("service", np.int32),  # asked for
        ("cls", np.int32),  # or -1 to draw one
        ("ages", np.int32),  # row of the ages
        ("rate", np.int32),  # row of the daily rates
        ("number", np.int32),  # its key follows from it
        ("weight", np.float64),  # share of the daily rate
        ("before", np.float64),  # the loop's own: rate of the day before,
        ("none", np.float64),  # chance that none comes at that rate,
        ("key", np.uint64),  # and its key
    ],
    align=True,
)

STATION = np.dtype(
    [
        ("service", np.int32),
        ("provider", np.int32),
        ("region", np.int32),  # its region, or the first of its pool
        ("staffed", np.int32),  # row of the staff, or -1
        ("threshold", np.float64),  # at which its places are rounded
    ],
    align=True,
)


class Network(NamedTuple):
    """Everything the loop reads.

    R regions, K services, P providers, S stations, C classes, D days, E epochs, M maps.
    ``epoch[day]`` picks the row of every array that starts with E: numbers that change only when
    the plan steps; ``chart[day]`` that of every array that starts with M: who shares a list and a
    pool. Lists have the number of one of their stations.
    """

    station_of: Ints  # [M, R, K, P] station of a provider of a service in a region
    list_of: Ints  # [M, S] list that a station takes from
    chart: Ints  # [D] which map
    provider_reached: Floats  # [K, P] cumulative shares of the providers of a service
    stations: Records  # [S] STATION
    share: Floats  # [M, S] share that a station has of the places of its service in the country
    places: Floats  # [K, D] places in the country, before rounding
    streams: Records  # [N] STREAM
    daily_rate: Floats  # [L, D] requests a day in the country
    ages: npt.NDArray[
        np.float32
    ]  # [A, Q + 1] age in days at which so many are reached, on an even grid
    epoch: Ints  # [D]
    rules: Records  # [E, K] RULE
    routes: Records  # [E, N] ROUTE
    referrer_reached: Floats  # [E, J] cumulative shares of referrers
    solved: Floats  # [E] share that the local team solves itself
    push: Ints  # [E] 1: the list sends to the provider with the shortest expected wait
    known_sent: Floats  # [E] share of requests by who protects, about a child with a measure
    hand_over: Ints  # [E] days of waiting after which a case is handed on; 0 never
    protected: Ints  # [J] 1 where a referrer makes it a protection measure
    leaves: Floats  # [C] multiplies the chances to leave the wait, per class
    quantiles: npt.NDArray[np.float32]  # [L, Q + 1] length of a stay in clock days
    length_of: Ints  # [K, J + 1] row of quantiles of a service, by referrer (first: without one)
    longer: Floats  # [K, K] multiplies a stay in the second that came beside the first
    turns: Ints  # [T + 1] days on which the pace of a clock turns: the first, ..., the last
    turn_of: Ints  # [D] after which turn a day is
    pace: Floats  # [K, T] clock days a day between two turns
    returning: Floats  # [K, J + 1] factor on who comes back, by referrer (first: without one)
    return_after: npt.NDArray[np.float32]  # [Q + 1] days until who left comes back
    municipality: int  # referrer whose requests go by the access; -1 for none
    institution: int  # referrer of who comes by a measure; -1 for none
    team: int  # service of the local team; -1 for none
    triage: int  # service of triage at the access; -1 when it takes no time
    small_scale: int  # service that helps some who ask for secure care; -1 when the part is off
    secure_care: int
    falls: Falls  # what providers do
    foster: Foster  # families; without regions when the part is off
    staff: Staff  # without stations when the part is off
    secure: Secure


def clock_of(net: Network, service: int) -> Floats:
    """Give the clock days passed at each turn of the clock of a service [T + 1]."""
    return np.concatenate([[0.0], np.cumsum(net.pace[service] * np.diff(net.turns))])


class State(NamedTuple):
    """Who exists on the first day: visits in order of arrival, their links, and persons."""

    visits: Records  # VISIT
    links: Records  # LINK
    persons: int


ROLL = np.dtype(
    [
        ("first", np.int32),  # first chunk, -1 when empty
        ("last", np.int32),  # last chunk
        ("taken", np.int32),  # taken out of the first
        ("filled", np.int32),  # filled of the last
    ]
)
SLOTS = 128
"""So many of a region and a half-year of birth are known, of whom one is picked."""
BIRTHS, WIDTH = 64, 183
"""Half-years of birth that are told apart, and their days."""
WHEELS = 6
"""Wheels of days; see :mod:`stelsel.twin.kernel.rolls`."""
CHUNK = 15
"""Numbers in a chunk of a roll; the sixteenth is that of the next chunk: one memory line."""

MADE, PERSONS, LINKS, FULL, FRESH, FREE, TODAY, FELL, DUE = range(9)
"""Tallies: visits made, persons, links made, whether memory ran out, chunks used, first free one,
visits made before today, events of providers passed, what is due and gathered."""


class Space(NamedTuple):
    """Memory of a run: what it makes and the loop's own bookkeeping."""

    visits: Records  # VISIT
    links: Records  # LINK
    streams: Records  # STREAM, with what the loop keeps of them
    tally: npt.NDArray[np.int64]
    chunks: Ints  # sixteen numbers each
    rolls: Records  # ROLL: waiting lists [S x C]
    wheels: Ints  # [WHEELS, D + 1] what is due on a day: where the next number goes, -1 when empty
    waiting: Ints  # [S] by list
    busy: Ints  # [S] places taken
    places: Ints  # [S] places today
    closed: Ints  # [S] 1 where nobody is admitted
    moved: Floats  # [S] share of the places of a service that a station got from others
    linked: Ints  # [K] 1 where a stay of a service has had a family or something bound to it
    today: Ints  # numbers of what is due today
    week: Ints  # [R x K, C, 8] MEASURES of this week, and two to fill half a memory line
    counts: Ints  # [W, R x K, C, 6] see MEASURES
    known: Ints  # [2, R, BIRTHS, SLOTS] visits of who has a measure, of who has help
    kept: Ints  # [2, R, BIRTHS] how many
    has: npt.NDArray[np.uint8]  # [persons, 2] places where a child lives, measures
    homes: Homes
    crew: Crew


def space(net: Network, days: int, room: int, reuse: bool = False) -> Space:
    """Set memory aside for ``room`` visits (the compiled code itself allocates nothing).

    With ``reuse`` the visits get the memory of an earlier run, where nobody holds those any more.
    """
    _, n_regions, n_services, _ = net.station_of.shape
    n_stations, n_classes = len(net.stations), len(net.leaves)
    cells, weeks = n_regions * n_services, -(-days // 7)
    rolls = np.zeros(n_stations * n_classes, ROLL)
    wheels = np.full((WHEELS, days + 1), -1, np.int32)
    rolls["first"] = -1
    rolls["last"] = -1
    tally = np.zeros(9, np.int64)
    tally[FREE] = -1
    week = on_lines(cells * n_classes * 8, np.int32)
    week[:] = 0
    return Space(
        visits=on_lines(room, VISIT, reuse),
        links=np.empty(room, LINK),
        streams=net.streams.copy(),
        tally=tally,
        chunks=on_lines(
            (2 * len(rolls) + wheels.size + 4 * room // CHUNK + 16) * (CHUNK + 1), np.int32
        ),
        rolls=rolls,
        wheels=wheels,
        waiting=np.zeros(n_stations, np.int32),
        busy=np.zeros(n_stations, np.int32),
        places=np.zeros(n_stations, np.int32),
        closed=np.zeros(n_stations, np.int32),
        moved=np.zeros(n_stations),
        linked=np.zeros(n_services, np.int32),
        today=np.empty(max(room, n_stations), np.int32),
        week=week.reshape(cells, n_classes, 8),
        counts=np.zeros((weeks, cells, n_classes, len(MEASURES)), np.int32),
        known=np.zeros((2, n_regions, BIRTHS, SLOTS), np.int32),
        kept=np.zeros((2, n_regions, BIRTHS), np.int32),
        has=np.zeros((room, 2), np.uint8),
        homes=homes(net.foster, days, 0, room // 4),
        crew=crew(net.staff),
    )
