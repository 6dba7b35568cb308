"""The kernel: one compiled loop over days through a network of stations with waiting lists.

It knows no youth care: regions, forms and classes are numbers. A day goes in a fixed order, so
that no place stands empty for a day (``docs/explanation/the-twin.md`` says why that matters):

1. what ends today frees its place; who moves on joins the next waiting list;
2. who gives up waiting today leaves the list;
3. new requests arrive;
4. every station admits while it has a free place: lower class first, then who came first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from stelsel.twin.chance import Purpose, child, uniform
from stelsel.twin.layout import (
    COMPLEX,
    CRISIS,
    ENDED,
    IN_CARE,
    INFLOW,
    LAST_LEG,
    OPEN,
    PROTECTION,
    REGULAR,
    STARTED,
    WAITING,
    WITHDRAWN,
)

P_REFERRER = int(Purpose.REFERRER)
P_SOLVED = int(Purpose.SOLVED)
P_CRISIS = int(Purpose.CRISIS)
P_COMPLEX = int(Purpose.COMPLEX)
P_PATIENCE = int(Purpose.PATIENCE)
P_DURATION = int(Purpose.DURATION)
P_ROUNDING = int(Purpose.ROUNDING)
P_TRANSFER = int(Purpose.TRANSFER)
P_NUMBER = int(Purpose.NUMBER)
P_PROVIDER = int(Purpose.PROVIDER)

compiled = njit(cache=True, _nrt=False)  # type: ignore[call-overload]
"""Without Numba's reference counting, which cost more than the work itself: compiled code may then
not allocate, so all memory comes from :func:`stelsel.twin.layout.space`."""


@compiled  # type: ignore[untyped-decorator]
def simulate(net: Any, state: Any, seed: Any, days: int, room: Any) -> Any:
    """Run the network for ``days`` days in the memory of ``room``.

    ``room`` comes from :func:`stelsel.twin.layout.space`. ``state`` holds the visits of the first
    day (:data:`stelsel.twin.layout.VISIT`, in order of arrival; ``ended`` is the planned day).
    Returns the number of visits made; more than there is space for means that the space did not
    do: set more aside and run again.
    """
    visits = room.visits
    lists = room.lists
    full = visits.shape[0]
    n_regions, n_forms, _ = net.station_of.shape
    n_stations = net.capacity.shape[1]
    n_classes = net.gives_up.shape[0]
    n_streams = net.stream_region.shape[0]
    for stream in range(n_streams):
        room.stream_key[stream] = child(seed, stream)
    made = state.shape[0]
    if made > full:
        return full + 1
    persons = _begin(net, state, visits, lists, days)
    for day in range(days):
        # 1. What ends today frees its place; who moves on joins the next list.
        i = lists.end_head[day]
        while i >= 0:
            following = visits[i].after
            lists.busy[_station(i, net, visits)] -= 1
            lists.stock[visits[i].region * n_forms + visits[i].form, visits[i].cls, 1] -= 1
            made = _end(i, day, net, visits, lists, made, days)
            if made > full:
                return made
            i = following
        # 2. Who gives up today and still waits.
        i = lists.give_head[day]
        while i >= 0:
            if visits[i].started == OPEN and visits[i].ended == OPEN:
                cell = visits[i].region * n_forms + visits[i].form
                visits[i].ended = day
                lists.stock[cell, visits[i].cls, 0] -= 1
                lists.counts[day // 7, cell, visits[i].cls, WITHDRAWN] += 1
            i = visits[i].gives
        # 3. New requests.
        for stream in range(n_streams):
            rate = net.stream_rate[stream] * net.daily_rate[net.stream_form[stream], day]
            if rate <= 0.0:
                continue
            if rate != room.rate_before[stream]:  # rates change seldom: keep exp(-rate)
                room.rate_before[stream] = rate
                room.none_comes[stream] = np.exp(-rate)
            of_day = child(room.stream_key[stream], day)
            number = _poisson(rate, room.none_comes[stream], uniform(of_day, P_NUMBER, 0))
            if made + number > full:
                return full + 1
            for j in range(number):
                _request(made, day, stream, child(of_day, j), persons, net, visits)
                _enter(made, day, net, visits, lists, days)
                made += 1
                persons += 1
        # 4. Admissions, until nothing moves: care of less than a day frees its place at once.
        before = -1
        while before != made:
            before = made
            for station in range(n_stations):
                if lists.standing[station] and net.capacity[day, station] > lists.busy[station]:
                    made = _admit(station, day, net, visits, lists, made, days)
                    if made > full:
                        return made
        # The week's last day: what waits and what is in care.
        if day % 7 == 6 or day == days - 1:
            for cell in range(n_regions * n_forms):
                for rank in range(n_classes):
                    lists.counts[day // 7, cell, rank, WAITING] = lists.stock[cell, rank, 0]
                    lists.counts[day // 7, cell, rank, IN_CARE] = lists.stock[cell, rank, 1]
    return made


@compiled  # type: ignore[untyped-decorator]
def _begin(net: Any, state: Any, visits: Any, lists: Any, days: Any) -> Any:
    """Take over what exists on the first day; give the number of persons."""
    n_forms = net.station_of.shape[1]
    persons = 0
    for i in range(state.shape[0]):
        visits[i] = state[i]
        cell = state[i].region * n_forms + state[i].form
        persons = max(persons, state[i].person + 1)
        visits[i].ended = OPEN
        if state[i].started == OPEN:
            lists.stock[cell, state[i].cls, 0] += 1
            _join(i, net, visits, lists)
            _patience(i, 0, net, visits, lists, days)
        else:
            lists.stock[cell, state[i].cls, 1] += 1
            lists.busy[_station(i, net, visits)] += 1
            if state[i].ended < days:
                _plan_end(i, state[i].ended, visits, lists)
    return persons


@compiled  # type: ignore[untyped-decorator]
def _station(i: Any, net: Any, visits: Any) -> Any:
    """Station where a visit waits and is helped."""
    return net.station_of[visits[i].region, visits[i].form, visits[i].provider]


@compiled  # type: ignore[untyped-decorator]
def _poisson(rate: Any, none: Any, chance: Any) -> Any:
    """Smallest n with P(N <= n) >= chance, given P(N = 0) = ``none``.

    It rises with the rate: where a scenario brings more requests, the same ones come and more.
    """
    term = none
    reached = none
    n = 0
    while reached < chance and term > 0.0:
        n += 1
        term *= rate / n
        reached += term
    return n


@compiled  # type: ignore[untyped-decorator]
def _request(i: Any, day: Any, stream: Any, who: Any, person: Any, net: Any, visits: Any) -> None:
    """Draw a new request: who sends the child, whether the local team solves it, which class."""
    now = net.epoch[day]
    form = net.stream_form[stream]
    n_referrers = net.referrer_reached.shape[1]
    sent = 0
    if n_referrers > 1:
        chance = uniform(who, P_REFERRER, 0)
        while sent < n_referrers - 1 and net.referrer_reached[now, sent] < chance:
            sent += 1
    if sent == net.municipality and uniform(who, P_SOLVED, 0) < net.solved[now]:
        form = net.team
    rank = net.stream_class[stream]
    if rank < 0:
        rank = REGULAR
        if uniform(who, P_CRISIS, 0) < net.crisis[now, form]:
            rank = CRISIS
        elif net.protected[sent] == 1 and form != net.team:
            rank = PROTECTION
        elif uniform(who, P_COMPLEX, 0) < net.complex[now, form]:
            rank = COMPLEX
    visits[i].key = who
    visits[i].person = person
    visits[i].region = net.stream_region[stream]
    visits[i].form = form
    visits[i].cls = rank
    visits[i].referrer = sent
    visits[i].leg = 0


@compiled  # type: ignore[untyped-decorator]
def _enter(i: Any, day: Any, net: Any, visits: Any, lists: Any, days: Any) -> None:
    """Let a new visit arrive: it joins a provider's list, and may give up one day."""
    form = visits[i].form
    provider = 0
    if net.provider_reached[form, 0] < 1.0:
        chance = uniform(visits[i].key, P_PROVIDER, visits[i].leg)
        while net.provider_reached[form, provider] < chance:
            provider += 1
    visits[i].provider = provider
    visits[i].arrived = day
    visits[i].started = OPEN
    visits[i].ended = OPEN
    visits[i].next_form = -1
    cell = visits[i].region * net.station_of.shape[1] + form
    lists.counts[day // 7, cell, visits[i].cls, INFLOW] += 1
    lists.stock[cell, visits[i].cls, 0] += 1
    _join(i, net, visits, lists)
    _patience(i, day, net, visits, lists, days)


@compiled  # type: ignore[untyped-decorator]
def _join(i: Any, net: Any, visits: Any, lists: Any) -> None:
    """Put a visit at the end of its waiting list."""
    station = _station(i, net, visits)
    rank = visits[i].cls
    visits[i].after = -1
    if lists.tail[station, rank] < 0:
        lists.head[station, rank] = i
    else:
        visits[lists.tail[station, rank]].after = i
    lists.tail[station, rank] = i
    lists.standing[station] += 1


@compiled  # type: ignore[untyped-decorator]
def _patience(i: Any, day: Any, net: Any, visits: Any, lists: Any, days: Any) -> None:
    """Plan the day on which a visit gives up waiting: at least a day, a constant chance a day."""
    hazard = net.hazard[net.epoch[day], visits[i].form] * net.gives_up[visits[i].cls]
    if hazard <= 0.0:
        return
    wait = 1.0 - np.log(uniform(visits[i].key, P_PATIENCE, visits[i].leg)) / hazard
    if wait < days - day:
        on = day + int(wait)
        visits[i].gives = lists.give_head[on]
        lists.give_head[on] = i


@compiled  # type: ignore[untyped-decorator]
def _admit(station: Any, day: Any, net: Any, visits: Any, lists: Any, made: Any, days: Any) -> Any:
    """Fill the free places of a station: lower class first, then who came first."""
    n_forms = net.station_of.shape[1]
    rank = 0
    while lists.busy[station] < net.capacity[day, station]:
        i = lists.head[station, rank]
        if i < 0:
            rank += 1
            if rank == net.gives_up.shape[0]:
                break
            continue
        lists.standing[station] -= 1
        lists.head[station, rank] = visits[i].after
        if visits[i].after < 0:
            lists.tail[station, rank] = -1
        if visits[i].ended != OPEN:  # gave up earlier and was left standing in the list
            continue
        cell = visits[i].region * n_forms + visits[i].form
        visits[i].started = day
        lists.stock[cell, rank, 0] -= 1
        lists.counts[day // 7, cell, rank, STARTED] += 1
        finish = _finish(i, day, net, visits, days)
        if finish > day:
            lists.busy[station] += 1
            lists.stock[cell, rank, 1] += 1
            if finish < days:
                _plan_end(i, finish, visits, lists)
        else:
            made = _end(i, day, net, visits, lists, made, days)
            if made > visits.shape[0]:
                return made
            rank = 0
    return made


@compiled  # type: ignore[untyped-decorator]
def _finish(i: Any, day: Any, net: Any, visits: Any, days: Any) -> Any:
    """Day on which care ends: a look-up in the quantiles, then clock days to whole days."""
    form = visits[i].form
    key = visits[i].key
    place = uniform(key, P_DURATION, visits[i].leg) * (net.quantiles.shape[1] - 1)
    step = int(place)
    low = net.quantiles[form, step]
    length = low + (place - step) * (net.quantiles[form, step + 1] - low)
    until = net.clock[form, day] + length * net.stretch[net.epoch[day], form]
    if until >= net.clock[form, days]:
        return days
    last = _day_of(net.clock[form], until, day, days)
    # Whole days with their mean kept: never rounded up, which would let places leak away.
    return day + int(last - day + uniform(key, P_ROUNDING, visits[i].leg))


@compiled  # type: ignore[untyped-decorator]
def _day_of(clock: Any, until: Any, day: Any, days: Any) -> Any:
    """Day (with fraction) on which a clock shows ``until``; the clock runs near one a day."""
    low = min(day + int(until - clock[day]), days - 1)
    width = 1
    if clock[low] <= until:
        high = low + 1
        while high < days and clock[high] <= until:
            low = high
            width *= 2
            high = min(high + width, days)
    else:
        high = low
        low = high - 1
        while clock[low] > until:
            high = low
            width *= 2
            low = max(low - width, day)
    while high - low > 1:
        middle = (low + high) // 2
        if clock[middle] <= until:
            low = middle
        else:
            high = middle
    return low + (until - clock[low]) / (clock[low + 1] - clock[low])


@compiled  # type: ignore[untyped-decorator]
def _plan_end(i: Any, day: Any, visits: Any, lists: Any) -> None:
    """Put a visit on the list of what ends on a day, behind what was planned before it."""
    visits[i].after = -1
    if lists.end_tail[day] < 0:
        lists.end_head[day] = i
    else:
        visits[lists.end_tail[day]].after = i
    lists.end_tail[day] = i


@compiled  # type: ignore[untyped-decorator]
def _end(i: Any, day: Any, net: Any, visits: Any, lists: Any, made: Any, days: Any) -> Any:
    """End care; who moves on arrives at the next list as a new visit. Give the visits made."""
    n_forms = net.station_of.shape[1]
    form = visits[i].form
    visits[i].ended = day
    lists.counts[day // 7, visits[i].region * n_forms + form, visits[i].cls, ENDED] += 1
    now = net.epoch[day]
    if net.moves_reached[now, form, n_forms - 1] <= 0.0:
        return made
    chance = uniform(visits[i].key, P_TRANSFER, visits[i].leg)
    if chance >= net.moves_reached[now, form, n_forms - 1] or visits[i].leg == LAST_LEG:
        return made
    if made >= visits.shape[0]:
        return visits.shape[0] + 1
    target = 0
    while chance >= net.moves_reached[now, form, target]:
        target += 1
    visits[i].next_form = target
    visits[made] = visits[i]
    visits[made].form = target
    visits[made].leg = visits[i].leg + 1
    _enter(made, day, net, visits, lists, days)
    return made + 1
