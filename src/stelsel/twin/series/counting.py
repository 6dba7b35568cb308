"""Count a run once, for all figures together: one compiled pass over the visits, by person.

Episodes (started, ended, waited) add up over time, so they are counted per cell of time and every
period is a sum of cells. Persons do not add up: a child with two episodes in a year is one child.
Per person the pass keeps, for each cell, the set of services it had (one bit a service); the set
of a period is the union of its cells. How many persons had which set, by age and sex, is kept in
a hash table, and a figure about persons is a question about sets: had any of these, had also any
of those, had none of others.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from stelsel.twin.compiled import compiled
from stelsel.twin.layout import OPEN
from stelsel.twin.series.periods import Cells

inlined = njit(inline="always", _nrt=False)  # type: ignore[call-overload]

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

BANDS = (30.4375, 91.3125, 182.625, 365.25, 730.5, 1095.75, 1461.0)
"""Upper edges of the duration bands of ended care in days: a month is 365.25 / 12 days."""
WAIT_BANDS = (7.0, 10.0, 42.0, 70.0, 91.3125, 182.625, 365.25)
"""Upper edges of the bands of waits in days."""
LASTED = (10, 365, 730)
"""Stocks are also counted of who is there longer than so many days (the first for waiting)."""
AGES = (0, 4, 8, 12, 15, 18, 23)
"""Lowest ages of the groups in which persons and starts of a period are counted."""
SERVICE, SENT, ARRIVED, STARTED, ENDED = range(5)
WIDTH = 5
"""Columns of the visits as they are laid out by person."""
LOOK_BACK = 5 * 365
"""A start is a repeat when earlier care of the same domain (help, protection, probation) had ended
in the five years before, with a day between; what adjoins or still runs makes it none (CBS)."""
ROOM = 1 << 21
"""Places in the hash table of sets at first: of a national decade a third is filled."""
STARTED_BIT = 62
"""Bit of a hash key that tells sets of started services from sets of services had."""


class Records(NamedTuple):
    """What is counted: a row per visit, a row per person.

    Days count from the first day of the run; ``OPEN`` is not within the run. ``referrer`` is -1
    where there is none; ``sex`` is 1 (boy) or 2 (girl); ``birth`` is a day.
    """

    person: npt.NDArray[Any]
    service: npt.NDArray[Any]
    referrer: npt.NDArray[Any]
    arrived: npt.NDArray[Any]
    started: npt.NDArray[Any]
    ended: npt.NDArray[Any]
    birth: npt.NDArray[Any]
    sex: npt.NDArray[Any]


class Tally(NamedTuple):
    """Counts per cell of time (E cells, K services, R referrers and one for none).

    ``started`` [E, K, R, 2 (new, repeat), 2 (sex), ages]; ``ended`` [E, K, R, bands];
    ``arrived``, ``left`` [E, K]; ``waited`` [E, K, wait bands] of those who started;
    ``wait_days``, ``care_days`` [E, K] sums over who started and who ended; ``lasting``
    [E, K, 3] how many more are there longer than ``LASTED`` days at the end of a cell.
    """

    started: Ints
    ended: Ints
    arrived: Ints
    left: Ints
    waited: Ints
    wait_days: Floats
    care_days: Floats
    lasting: Ints


class Asked(NamedTuple):
    """What the pass reads besides the visits: cells, periods, services and bands."""

    of_day: Ints
    of_cell: Ints  # periods of each cell, one cell after the other
    of_cell_from: Ints  # where those of a cell begin
    is_day: npt.NDArray[np.bool_]  # per period
    on: Ints  # day on which a period begins: ages are of that day
    domain: Ints  # per service
    had: np.uint64
    begun: np.uint64
    bands: Floats
    wait_bands: Floats
    lasted: npt.NDArray[np.int64]
    ages: npt.NDArray[np.int64]


class Room(NamedTuple):
    """What the pass writes in while it counts one person, and the hash table of sets."""

    sets: npt.NDArray[np.uint64]  # services had, per cell
    at_end: npt.NDArray[np.uint64]  # and at the end of it
    starts: npt.NDArray[np.uint64]  # services begun in it
    union: npt.NDArray[np.uint64]  # services had, per period
    newly: npt.NDArray[np.uint64]  # and begun
    periods: npt.NDArray[np.int64]  # periods the person was seen in
    keys: npt.NDArray[np.uint64]
    numbers: Ints


class Sets(NamedTuple):
    """How many persons had which set of services: one row per set, period, age and sex."""

    services: npt.NDArray[np.uint32]
    started: npt.NDArray[np.bool_]
    period: npt.NDArray[np.int64]
    age: npt.NDArray[np.int64]
    sex: npt.NDArray[np.int64]
    persons: Ints


def count(
    records: Records,
    cut: Cells,
    services: int,
    referrers: int,
    domain: Ints,
    had: int,
    begun: int,
) -> tuple[Tally, Sets]:
    """Count a run.

    Parameters
    ----------
    records
        Visits and persons.
    cut
        The cells of time.
    services, referrers
        How many there are.
    domain
        Per service 0 (help), 1 (protection), 2 (probation), or -1 (none).
    had, begun
        Bit masks: services whose having, and whose starting, is told apart in sets of persons.
    """
    e, k, r = cut.number, services, referrers + 1
    tally = Tally(
        np.zeros((e, k, r, 2, 2, len(AGES)), np.int32),
        np.zeros((e, k, r, len(BANDS) + 1), np.int32),
        np.zeros((e, k), np.int32),
        np.zeros((e, k), np.int32),
        np.zeros((e, k, len(WAIT_BANDS) + 1), np.int32),
        np.zeros((e, k)),
        np.zeros((e, k)),
        np.zeros((e, k, len(LASTED)), np.int32),
    )
    persons = len(records.birth)
    visits = np.empty((len(records.person), WIDTH), np.int32)
    firsts, free = np.zeros(persons + 1, np.int64), np.empty(persons, np.int64)
    _by_person(records, visits, firsts, free)
    periods = len(cut.periods)
    asked = Asked(
        cut.of_day,
        *_by_cell(cut),
        np.array([p.is_day for p in cut.periods], np.bool_),
        cut.begun,
        domain,
        np.uint64(had),
        np.uint64(begun),
        np.array(BANDS),
        np.array(WAIT_BANDS),
        np.array(LASTED, np.int64),
        np.array(AGES, np.int64),
    )
    places = ROOM
    while True:
        sets, at_end, starts = (np.zeros(e + 1, np.uint64) for _ in range(3))
        room = Room(
            sets,
            at_end,
            starts,
            np.zeros(periods, np.uint64),
            np.zeros(periods, np.uint64),
            np.empty(periods, np.int64),
            np.zeros(places, np.uint64),
            np.zeros(places, np.int32),
        )
        for array in tally:
            array[...] = 0
        if _count(visits, firsts, records.birth, records.sex, asked, tally, room) <= places // 2:
            return tally, _sets(room.keys, room.numbers)
        places *= 4


def same_day(cut: Cells) -> npt.NDArray[np.int64]:
    """Give for each period the one it is counted as: itself, or an earlier day with its stock."""
    first: dict[int, int] = {}
    same = np.arange(len(cut.periods))
    for q, period in enumerate(cut.periods):
        if period.is_day:
            same[q] = first.setdefault(int(cut.high[q]), q)
    return same


def _by_cell(cut: Cells) -> tuple[Ints, Ints]:
    """List the periods that each cell counts in: of a day only the cell at whose end it is.

    Of two days with one stock (31 December and 1 January) only the first is counted.
    """
    inside: list[list[int]] = [[] for _ in range(cut.number)]
    same = same_day(cut)
    for q, (period, low, high) in enumerate(
        zip(cut.periods, cut.low.tolist(), cut.high.tolist(), strict=True)
    ):
        if period.is_day and same[q] == q:
            inside[high].append(q)
        elif not period.is_day:
            for e in range(low, high + 1):
                inside[e].append(q)
    firsts = np.cumsum([0, *(len(one) for one in inside)])
    return np.array([q for one in inside for q in one], np.int32), firsts.astype(np.int32)


def _sets(keys: npt.NDArray[np.uint64], numbers: Ints) -> Sets:
    taken = np.flatnonzero(numbers)
    kept = keys[taken]

    def bits(low: int, width: int) -> npt.NDArray[np.int64]:
        part = (kept >> np.uint64(low)) & np.uint64((1 << width) - 1)
        return part.astype(np.int64)

    return Sets(
        bits(0, 32).astype(np.uint32),
        bits(STARTED_BIT, 1).astype(np.bool_),
        bits(32, 12),
        bits(44, 8),
        bits(52, 1) + 1,
        numbers[taken],
    )


@compiled  # type: ignore[untyped-decorator]
def _by_person(records: Any, visits: Any, firsts: Any, free: Any) -> None:
    """Lay the visits out by person (a counting sort); ``firsts`` says where each one's begin."""
    for i in range(len(records.person)):
        firsts[records.person[i] + 1] += 1
    for p in range(len(free)):
        firsts[p + 1] += firsts[p]
        free[p] = firsts[p]
    for i in range(len(records.person)):
        n = free[records.person[i]]
        free[records.person[i]] += 1
        visits[n, SERVICE] = records.service[i]
        visits[n, SENT] = records.referrer[i]
        visits[n, ARRIVED] = records.arrived[i]
        visits[n, STARTED] = records.started[i]
        visits[n, ENDED] = records.ended[i]


@inlined  # type: ignore[untyped-decorator]
def _band(days: Any, edges: Any) -> Any:
    band = 0
    while band < len(edges) and days >= edges[band]:
        band += 1
    return band


@inlined  # type: ignore[untyped-decorator]
def _group(age: Any, ages: Any) -> Any:
    group = 0
    while group < len(ages) - 1 and age >= ages[group + 1]:
        group += 1
    return group


@inlined  # type: ignore[untyped-decorator]
def _age(day: Any, born: Any) -> Any:
    """Whole years of 365.25 days, not below 0."""
    return max(int((day - born) / 365.25), 0)


@inlined  # type: ignore[untyped-decorator]
def _cell(day: Any, of_day: Any) -> Any:
    """Cell of a day: 0 before the run, one more than the last after it."""
    if day < 0:
        return 0
    if day >= len(of_day):
        return of_day[-1] + 1
    return of_day[day]


@inlined  # type: ignore[untyped-decorator]
def _add(key: Any, keys: Any, numbers: Any) -> Any:
    """Add one to the number of a key; give 1 when the key is new."""
    room = len(keys)
    mixed = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)  # as in SplitMix64
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    place = np.int64((mixed ^ (mixed >> np.uint64(31))) & np.uint64(room - 1))
    while numbers[place] != 0:
        if keys[place] == key:
            numbers[place] += 1
            return 0
        place = (place + 1) & (room - 1)
    keys[place] = key
    numbers[place] = 1
    return 1


@compiled  # type: ignore[untyped-decorator]
def _count(
    visits: Any, firsts: Any, birth: Any, sex: Any, asked: Any, tally: Any, room: Any
) -> Any:
    """Fill the tally and the table of sets; give the number of keys, too many when it is full."""
    filled = 0
    for p in range(len(firsts) - 1):
        _by_start(visits, firsts[p], firsts[p + 1])
        low, high = asked.of_day[-1] + 1, -1
        for n in range(firsts[p], firsts[p + 1]):
            started, ended = visits[n, STARTED], visits[n, ENDED]
            again = _again(visits, firsts[p], n, asked.domain)
            _tell(visits[n], again, birth[p], sex[p] - 1, asked, tally)
            bit = np.uint64(1) << np.uint64(visits[n, SERVICE])
            if started == OPEN or not bit & asked.had:
                continue
            first = _cell(started, asked.of_day)
            last = asked.of_day[-1] if ended == OPEN else _cell(ended, asked.of_day)
            for e in range(first, last + 1):
                room.sets[e] |= bit
                # At the end of a cell: started in it or before, ended in a later one.
                if e < last or ended == OPEN:
                    room.at_end[e] |= bit
            if bit & asked.begun:
                room.starts[first] |= bit
            low, high = min(low, first), max(high, last)
        filled += _person(low, high, birth[p], sex[p] - 1, asked, room)
        if filled > len(room.keys) // 2:
            return filled
    return filled


@inlined  # type: ignore[untyped-decorator]
def _by_start(visits: Any, low: Any, high: Any) -> None:
    """Sort a person's visits by their start: few each, so a plain insertion sort is quickest."""
    for n in range(low + 1, high):
        m = n
        while m > low and visits[m - 1, STARTED] > visits[m, STARTED]:
            for k in range(WIDTH):
                visits[m - 1, k], visits[m, k] = visits[m, k], visits[m - 1, k]
            m -= 1


@inlined  # type: ignore[untyped-decorator]
def _again(visits: Any, first: Any, n: Any, domain: Any) -> Any:
    """Say whether all earlier care of the same domain had ended before this began, a day between.

    What began on the same day is no earlier care.
    """
    field = domain[visits[n, SERVICE]]
    started = visits[n, STARTED]
    if field < 0 or started == OPEN:
        return 0
    last = -OPEN
    for m in range(first, n):
        if domain[visits[m, SERVICE]] == field and visits[m, STARTED] < started:
            last = max(last, visits[m, ENDED])
    return int(started - LOOK_BACK <= last < started)


@inlined  # type: ignore[untyped-decorator]
def _tell(visit: Any, again: Any, born: Any, sex: Any, asked: Any, tally: Any) -> None:
    """Count one visit as an episode."""
    service, sent = visit[SERVICE], visit[SENT]
    arrived, started, ended = visit[ARRIVED], visit[STARTED], visit[ENDED]
    of_day = asked.of_day
    if sent < 0:
        sent = tally.ended.shape[2] - 1
    tally.arrived[_cell(arrived, of_day), service] += 1
    if started == OPEN:
        if ended != OPEN:
            tally.left[_cell(ended, of_day), service] += 1
        _lasts(0, arrived, ended, asked.lasted, of_day, service, tally.lasting)
        return
    _lasts(0, arrived, started, asked.lasted, of_day, service, tally.lasting)
    _lasts(1, started, ended, asked.lasted, of_day, service, tally.lasting)
    _lasts(2, started, ended, asked.lasted, of_day, service, tally.lasting)
    cell = _cell(started, of_day)
    group = _group(_age(started, born), asked.ages)
    tally.started[cell, service, sent, again, sex, group] += 1
    tally.waited[cell, service, _band(started - arrived, asked.wait_bands)] += 1
    tally.wait_days[cell, service] += started - arrived
    if ended != OPEN:
        cell = _cell(ended, of_day)
        tally.ended[cell, service, sent, _band(ended - started, asked.bands)] += 1
        tally.care_days[cell, service] += ended - started


@inlined  # type: ignore[untyped-decorator]
def _person(low: Any, high: Any, born: Any, sex: Any, asked: Any, room: Any) -> Any:
    """Count one person in every period it had care in; give the number of new keys."""
    touched = 0
    for e in range(low, high + 1):
        if room.sets[e] == 0:
            continue
        for n in range(asked.of_cell_from[e], asked.of_cell_from[e + 1]):
            q = asked.of_cell[n]
            add = room.at_end[e] if asked.is_day[q] else room.sets[e]
            if add == 0:
                continue
            if room.union[q] == 0:
                room.periods[touched] = q
                touched += 1
            room.union[q] |= add
            if not asked.is_day[q]:
                room.newly[q] |= room.starts[e]
        room.sets[e] = 0
        room.at_end[e] = 0
        room.starts[e] = 0
    new = 0
    for n in range(touched):
        q = room.periods[n]
        age = _age(asked.on[q], born)
        age = min(age, 255) if asked.is_day[q] else asked.ages[_group(age, asked.ages)]
        new += _add(_key(room.union[q], q, age, sex), room.keys, room.numbers)
        if room.newly[q]:
            key = _key(room.newly[q], q, age, sex) | (np.uint64(1) << np.uint64(STARTED_BIT))
            new += _add(key, room.keys, room.numbers)
        room.union[q] = 0
        room.newly[q] = 0
    return new


@inlined  # type: ignore[untyped-decorator]
def _key(found: Any, period: Any, age: Any, sex: Any) -> Any:
    return (
        np.uint64(found)
        | (np.uint64(period) << np.uint64(32))
        | (np.uint64(age) << np.uint64(44))
        | (np.uint64(sex) << np.uint64(52))
    )


@inlined  # type: ignore[untyped-decorator]
def _lasts(
    which: Any, begin: Any, end: Any, lasted: Any, of_day: Any, service: Any, lasting: Any
) -> None:
    """Count who is there longer than some days: from then on one more, at the end one less."""
    since = begin + lasted[which] + 1
    if since >= end:
        return
    cell = _cell(since, of_day)
    if cell < lasting.shape[0]:
        lasting[cell, service, which] += 1
    if end != OPEN:
        cell = _cell(end, of_day)
        if cell < lasting.shape[0]:
            lasting[cell, service, which] -= 1
