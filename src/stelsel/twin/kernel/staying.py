"""Stays: how long, in terms or not, and what follows when they end."""

from __future__ import annotations

from typing import Any

import numpy as np

from stelsel.twin.chance import Purpose, child, uniform
from stelsel.twin.compiled import inner
from stelsel.twin.kernel.arriving import follow, rank
from stelsel.twin.kernel.knowing import LIVES, depart, enter
from stelsel.twin.kernel.leaving import age_limit, unserved, worse
from stelsel.twin.kernel.linking import bind, hand_down, has_bound, link
from stelsel.twin.kernel.rolls import BREAKS, ENDS, RETURNS, gather, gathered, put
from stelsel.twin.layout import (
    AGED_OUT,
    BROKE_DOWN,
    BY_PLAN,
    DRAWN,
    ENDED,
    IN_CARE,
    LAST_LEG,
    LIFTED,
    MEASURE_ENDED,
    MOVED_ON,
    NOT_RENEWED,
    OPEN,
    SECOND,
    STARTED,
    TERMS,
    WAITING,
)
from stelsel.twin.parts.foster.layout import MOVED
from stelsel.twin.parts.foster.loop import BROKEN, ONWARD, breaks, given_back, match
from stelsel.twin.parts.foster.loop import BY_PLAN as LEFT
from stelsel.twin.parts.foster.moving import moves, stayed

P_DURATION = int(Purpose.DURATION)
P_ROUNDING = int(Purpose.ROUNDING)
P_TRANSFER = int(Purpose.TRANSFER)
P_SECOND = int(Purpose.SECOND)
P_RENEW = int(Purpose.RENEW)
P_LIFTED = int(Purpose.LIFTED)
P_RETURN = int(Purpose.RETURN)
P_BACK_AFTER = int(Purpose.BACK_AFTER)
P_SOLVED = int(Purpose.SOLVED)
AGAIN = 7
"""Days after which a family is looked for again for a child who is to move on."""
SECOND_KEYS = 1000
"""Second visits have keys of their own: children of the key, from this number on."""
BACK_KEYS = 500
"""So have those of who comes back."""
RESUMED = 183
"""Who has reached the age limit may come back within half a year (Jeugdwet art. 1.1)."""


@inner  # type: ignore[untyped-decorator]
def begin(i: Any, family: Any, day: Any, days: Any, net: Any, room: Any) -> None:
    """Start a stay, in a foster family or not (-1): it may end at once, else it takes a place."""
    v = room.visits[i]
    v.started = day
    cell = v.region * net.station_of.shape[2] + v.service
    room.week[cell, v.cls, WAITING] -= 1
    room.week[cell, v.cls, STARTED] += 1
    room.waiting[net.list_of[net.chart[day], v.station]] -= 1
    rule = net.rules[net.epoch[day], v.service]
    if rule.seconds < rule.seconds_to:
        _seconds(i, day, net, room)
    if family >= 0:
        row = link(i, room.visits, room.links, room.tally)
        room.links[row].family = family
        room.links[row].since = day
        room.linked[v.service] = 1
    if plan_due(i, day, days, net, room):
        room.busy[v.station] += 1
        enter(i, rule, room)
        room.week[cell, v.cls, IN_CARE] += 1
        if v.due < days:
            put(ENDS, v.due, i, room)
        if family >= 0:
            may_break(i, family, day, days, net, room)
    else:
        if family >= 0:
            given_back(room.homes, family, day, LEFT, net.foster)
        end(i, day, v.flags >> 4, days, net, room)


@inner  # type: ignore[untyped-decorator]
def may_break(i: Any, family: Any, day: Any, days: Any, net: Any, room: Any) -> None:
    """Plan what ends a placement with a family before the stay: a breakdown or a planned move."""
    v = room.visits[i]
    on = breaks(room.homes, family, v.key, day, net.foster)
    on = min(on, moves(room.homes, family, v.key, day, net.foster))
    if on < days and on < v.due:
        put(BREAKS, on, i, room)


@inner  # type: ignore[untyped-decorator]
def break_down(day: Any, days: Any, net: Any, room: Any) -> None:
    """Let placements break down or move on: at once another family.

    A child who changes families stays in foster care, and its stay has the end that it had. When
    no family is free a stay that breaks down ends, and a child who would move on waits for one.
    """
    for n in range(gather(BREAKS, day, room)):
        i = gathered(n, room)
        v = room.visits[i]
        if v.ended != OPEN:
            continue
        row = v.links
        before = room.links[row].family
        since = max(room.links[row].since, 0)
        on = breaks(room.homes, before, v.key, since, net.foster)
        if on == day:
            _leaves(i, row, day, BROKEN, net, room)
        family = match(room.homes, v.key, v.region, day, net.foster, before)
        if family < 0 and on != day:
            on = min(on, day + AGAIN)
            if on < days and on < v.due:
                put(BREAKS, on, i, room)
            continue
        if on != day:
            _leaves(i, row, day, ONWARD, net, room)
        room.links[row].family = family
        if family >= 0:
            room.links[row].since = day
            room.homes.counts[day // 7, v.region, MOVED] += 1
            may_break(i, family, day, days, net, room)
        else:
            free(i, day, net, room)
            end(i, day, BROKE_DOWN, days, net, room)


@inner  # type: ignore[untyped-decorator]
def _leaves(i: Any, row: Any, day: Any, how: Any, net: Any, room: Any) -> None:
    """Let the child of a visit leave its family."""
    of = room.links[row]
    stayed(room.homes, room.visits[i].region, of.since, day)
    given_back(room.homes, of.family, day, how, net.foster)


@inner  # type: ignore[untyped-decorator]
def plan_due(i: Any, day: Any, days: Any, net: Any, room: Any) -> Any:
    """Plan the day on which a stay that starts or is renewed is due; say whether it lasts.

    Why it is due then is kept in the upper half of the flags.
    """
    v = room.visits[i]
    rule = net.rules[net.epoch[day], v.service]
    why = BY_PLAN
    due = OPEN
    if rule.law == DRAWN:
        due = _drawn_end(i, day, days, rule, net, room)
    elif rule.law == TERMS:
        v.terms += 1
        due = v.started + int(v.terms * rule.term + 0.5)
        why = NOT_RENEWED
        if rule.lifted > 0.0:
            chance = uniform(child(v.key, v.leg), P_LIFTED, v.terms)
            lifted = day + int(1.0 - np.log(chance) / rule.lifted)
            if lifted < due:
                due = lifted
                why = LIFTED
    if rule.limit > 0.0 and v.birth + rule.limit < due:
        limit = max(int(np.floor(age_limit(i, rule, room.visits))), day)
        if limit < due:
            due = limit
            why = AGED_OUT
    v.due = due
    v.flags = (v.flags & 15) | (why << 4)
    return due > day


@inner  # type: ignore[untyped-decorator]
def _drawn_end(i: Any, day: Any, days: Any, rule: Any, net: Any, room: Any) -> Any:
    """Day on which a stay ends: a look-up in the quantiles, then clock days to whole days."""
    v = room.visits[i]
    place = uniform(v.key, P_DURATION, v.leg) * (net.quantiles.shape[1] - 1)
    step = int(place)
    row = net.length_of[v.service, v.referrer + 1]
    low = float(net.quantiles[row, step])
    length = low + (place - step) * (float(net.quantiles[row, step + 1]) - low)
    length *= rule.stretch * (1.0 + rule.lengthens * (day - v.arrived))
    if v.links >= 0 and room.links[v.links].mate >= 0:
        length *= net.longer[room.visits[room.links[v.links].mate].service, v.service]
    if rule.clocked == 0:
        if length >= days - day:
            return OPEN
        last = day + length
    else:
        last = _day_of(v.service, day, length, net)
        if last >= days:
            return OPEN
    # Whole days with their mean kept: never rounded up, which would let places leak away.
    return day + int(last - day + uniform(v.key, P_ROUNDING, v.leg))


@inner  # type: ignore[untyped-decorator]
def _day_of(service: Any, day: Any, length: Any, net: Any) -> Any:
    """Day (with fraction) on which so many clock days have passed since a day."""
    turn = net.turn_of[day]
    at = float(day)
    while True:
        end = float(net.turns[turn + 1])
        pace = net.pace[service, turn]
        passes = (end - at) * pace
        if length < passes:
            return at + length / pace
        length -= passes
        at = end
        turn += 1
        if turn == net.pace.shape[1]:
            return at


@inner  # type: ignore[untyped-decorator]
def fall_due(day: Any, days: Any, net: Any, room: Any) -> None:
    """Look at what is due today: renew the term, or end the stay and free its place."""
    for n in range(gather(ENDS, day, room)):
        i = gathered(n, room)
        v = room.visits[i]
        if v.due != day or v.ended != OPEN:
            continue
        why = v.flags >> 4
        rule = net.rules[net.epoch[day], v.service]
        if (
            why == NOT_RENEWED
            and v.terms < 255
            and uniform(child(v.key, v.leg), P_RENEW, v.terms) < rule.renew
        ):
            if plan_due(i, day, days, net, room):
                if v.due < days:
                    put(ENDS, v.due, i, room)
                continue
            why = v.flags >> 4
        if why == AGED_OUT and rule.limit > 0.0:
            later = int(np.floor(age_limit(i, rule, room.visits)))
            if later > day:  # the limit has moved since the stay began
                v.due = later
                if later < days:
                    put(ENDS, later, i, room)
                continue
        free(i, day, net, room)
        end(i, day, why, days, net, room)


@inner  # type: ignore[untyped-decorator]
def free(i: Any, day: Any, net: Any, room: Any) -> None:
    """Give the place of a visit back, and its family."""
    v = room.visits[i]
    room.busy[v.station] -= 1
    depart(i, net.rules[net.epoch[day], v.service], room)
    room.week[v.region * net.station_of.shape[2] + v.service, v.cls, IN_CARE] -= 1
    if room.linked[v.service] == 1 and v.links >= 0 and room.links[v.links].family >= 0:
        _leaves(i, v.links, day, LEFT, net, room)


@inner  # type: ignore[untyped-decorator]
def end(i: Any, day: Any, why: Any, days: Any, net: Any, room: Any) -> None:
    """End a stay whose place is free: what is bound to it ends too, and the child may move on."""
    v = room.visits[i]
    v.ended = day
    v.exit = why
    cell = v.region * net.station_of.shape[2] + v.service
    room.week[cell, v.cls, ENDED] += 1
    now = net.epoch[day]
    rule = net.rules[now, v.service]
    target = -1
    cls = -1
    if why == BROKE_DOWN and v.leg < LAST_LEG:
        worse(i, day, net, room)
    elif v.leg < LAST_LEG and why != AGED_OUT:
        if v.wants >= 0:
            target = v.wants
            if uniform(v.key, P_SOLVED, 0) < net.solved[now]:
                target = net.team
            cls = rank(i, target, now, net, room.visits)
        elif rule.moves < rule.moves_to:
            target = _onward(i, day, rule, now, net, room.visits)
    if target >= 0:
        v.next = target
        if why == BY_PLAN:
            v.exit = MOVED_ON
        j = follow(i, target, cls, day, net, room)
        if j >= 0 and rule.measure == 1 and net.rules[now, target].measure == 1:
            hand_down(i, j, room)
    elif rule.back > 0.0 and why not in (AGED_OUT, BROKE_DOWN):
        _plan_return(i, day, days, rule, net, room)
    if room.linked[v.service] == 1 and v.links >= 0 and room.links[v.links].bound >= 0:
        _end_bound(i, day, net, room)


@inner  # type: ignore[untyped-decorator]
def _onward(i: Any, day: Any, rule: Any, now: Any, net: Any, visits: Any) -> Any:
    """Service that a child moves on to at the end of a stay, or -1."""
    v = visits[i]
    chance = uniform(v.key, P_TRANSFER, v.leg)
    for k in range(rule.moves, rule.moves_to):
        if chance < net.routes[now, k].reached:
            target = net.routes[now, k].service
            if day - v.birth < net.rules[now, target].youngest:
                return -1
            return target
    return -1


@inner  # type: ignore[untyped-decorator]
def _end_bound(i: Any, day: Any, net: Any, room: Any) -> None:
    """End what is bound to a visit that ended, and what is bound to that."""
    b = room.links[room.visits[i].links].bound
    while b >= 0:
        w = room.visits[b]
        if w.ended == OPEN:
            if w.started == OPEN:
                unserved(b, day, MEASURE_ENDED, net, room)
            else:
                free(b, day, net, room)
                w.ended = day
                w.exit = MEASURE_ENDED
                cell = w.region * net.station_of.shape[2] + w.service
                room.week[cell, w.cls, ENDED] += 1
        of_b = room.links[w.links]
        if of_b.bound >= 0:
            last = of_b.bound
            while room.links[room.visits[last].links].beside >= 0:
                last = room.links[room.visits[last].links].beside
            room.links[room.visits[last].links].beside = of_b.beside
            b = of_b.bound
        else:
            b = of_b.beside


@inner  # type: ignore[untyped-decorator]
def _plan_return(i: Any, day: Any, days: Any, rule: Any, net: Any, room: Any) -> None:
    """Plan the day on which who leaves for good comes back, if ever: no measure after its age."""
    v = room.visits[i]
    if uniform(v.key, P_RETURN, v.leg) >= rule.back * net.returning[v.service, v.referrer + 1]:
        return
    place = uniform(v.key, P_BACK_AFTER, v.leg) * (net.return_after.shape[0] - 1)
    step = int(place)
    low = float(net.return_after[step])
    on = day + 1 + int(low + (place - step) * (float(net.return_after[step + 1]) - low))
    too_old = rule.limit > 0.0 and v.birth + rule.limit < on
    if too_old and (rule.late <= rule.limit or on - day > RESUMED):
        return
    if on < days:
        put(RETURNS, on, i, room)


@inner  # type: ignore[untyped-decorator]
def _seconds(i: Any, day: Any, net: Any, room: Any) -> None:
    """Let a second service begin beside the first, on a key of its own; linked, it ends with it.

    Of linked ones with urgent cases (a worker of the institution) the class is drawn anew.
    """
    now = net.epoch[day]
    rule = net.rules[now, room.visits[i].service]
    for k in range(rule.seconds, rule.seconds_to):
        v = room.visits[i]
        route = net.routes[now, k]
        key = child(v.key, SECOND_KEYS + 100 * v.leg + route.service)
        if uniform(key, P_SECOND, 0) >= route.reached:
            continue
        if day - v.birth < net.rules[now, route.service].youngest:
            continue
        if route.linked == 1 and has_bound(i, route.service, room.visits, room.links):
            continue
        to = net.rules[now, route.service]
        if rule.measure == 1 and to.lives == 1 and room.has[v.person, LIVES] > 0:
            continue
        leg = v.leg
        own = v.key
        v.key = key
        v.leg = -1
        cls = -1
        if route.linked == 1 and net.rules[now, route.service].crisis > 0.0:
            cls = rank(i, route.service, now, net, room.visits)
        j = follow(i, route.service, cls, day, net, room)
        v.key = own
        v.leg = leg
        if j < 0:
            return
        room.visits[j].flags |= SECOND
        row = link(j, room.visits, room.links, room.tally)
        room.links[row].mate = i
        if route.linked == 1:
            bind(i, j, room)
