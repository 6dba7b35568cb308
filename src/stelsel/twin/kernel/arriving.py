"""A visit arrives: which provider, which class, and its place at the end of a waiting list."""

from __future__ import annotations

from typing import Any

from stelsel.twin.chance import Purpose, uniform
from stelsel.twin.compiled import inner
from stelsel.twin.kernel.rolls import OWN, SEARCHES, push, put
from stelsel.twin.layout import (
    COMPLEX,
    CRISIS,
    FULL,
    INFLOW,
    LAST_LEG,
    MADE,
    OPEN,
    PROTECTION,
    REGULAR,
    STILL,
    WAITING,
)
from stelsel.twin.parts.foster.loop import has_own, ready
from stelsel.twin.parts.secure.loop import suited

P_REFERRER = int(Purpose.REFERRER)
P_SOLVED = int(Purpose.SOLVED)
P_CRISIS = int(Purpose.CRISIS)
P_COMPLEX = int(Purpose.COMPLEX)
P_PROVIDER = int(Purpose.PROVIDER)


@inner  # type: ignore[untyped-decorator]
def arrive(i: Any, day: Any, net: Any, room: Any) -> None:
    """Let a visit arrive at its service: it joins the list of a provider.

    Who it is (key, person, birth, region, service, class, referrer, leg) is there already.
    """
    v = room.visits[i]
    if v.service == net.secure_care and net.small_scale >= 0:
        _small_scale(i, day, net, room)
    service = v.service
    provider = 0
    if net.provider_reached[service, 0] < 1.0:
        if net.push[net.epoch[day]] == 1:
            provider = shortest(v.region, service, day, net, room)
        else:
            chance = uniform(v.key, P_PROVIDER, v.leg)
            while net.provider_reached[service, provider] < chance:
                provider += 1
    chart = net.chart[day]
    station = net.station_of[chart, v.region, service, provider]
    if room.closed[station] != 0:
        provider = shortest(v.region, service, day, net, room)
        station = net.station_of[chart, v.region, service, provider]
    v.station = station
    v.arrived = day
    v.started = OPEN
    v.ended = OPEN
    v.due = OPEN
    v.next = -1
    v.exit = STILL
    v.links = -1
    v.terms = 0
    cell = v.region * net.station_of.shape[2] + service
    room.week[cell, v.cls, INFLOW] += 1
    room.week[cell, v.cls, WAITING] += 1
    if net.rules[net.epoch[day], service].foster == 1:
        room.waiting[net.list_of[chart, station]] += 1
        search(i, day, net, room)
    else:
        join(i, chart, net, room)


@inner  # type: ignore[untyped-decorator]
def _small_scale(i: Any, day: Any, net: Any, room: Any) -> None:
    """Let a child that a small-scale place helps as well go there when one is free."""
    v = room.visits[i]
    if not suited(v.key, v.leg, day, net.secure):
        return
    station = net.station_of[net.chart[day], v.region, net.small_scale, 0]
    line = net.list_of[net.chart[day], station]
    if room.places[station] > room.busy[station] + room.waiting[line]:
        v.service = net.small_scale


@inner  # type: ignore[untyped-decorator]
def search(i: Any, day: Any, net: Any, room: Any) -> None:
    """Search a foster family: on the list for one, or with an own one, when the search is done."""
    v = room.visits[i]
    on = ready(v.key, v.leg, v.arrived, v.cls == CRISIS, net.foster)
    if on <= day:
        searched(i, day, net, room)
    elif on < net.epoch.shape[0]:
        put(SEARCHES, on, i, room)


@inner  # type: ignore[untyped-decorator]
def searched(i: Any, day: Any, net: Any, room: Any) -> None:
    """Put a child whose search is done with who has an own family, or on the list."""
    v = room.visits[i]
    if has_own(v.key, v.leg, v.arrived, net.foster):
        put(OWN, 0, i, room)
    else:
        line = net.list_of[net.chart[day], v.station]
        push(line * net.leaves.shape[0] + v.cls, i, room)


@inner  # type: ignore[untyped-decorator]
def join(i: Any, chart: Any, net: Any, room: Any) -> None:
    """Put a visit at the end of the waiting list of its station."""
    v = room.visits[i]
    line = net.list_of[chart, v.station]
    push(line * net.leaves.shape[0] + v.cls, i, room)
    room.waiting[line] += 1


@inner  # type: ignore[untyped-decorator]
def shortest(region: Any, service: Any, day: Any, net: Any, room: Any) -> Any:
    """Find the provider with the shortest expected wait: free places, else who waits per place."""
    chart = net.chart[day]
    best = 0
    least = 1e18
    before = 0.0
    for provider in range(net.provider_reached.shape[1]):
        share = net.provider_reached[service, provider] - before
        before = net.provider_reached[service, provider]
        station = net.station_of[chart, region, service, provider]
        if share <= 1e-9 or room.closed[station] != 0 or room.places[station] <= 0:
            continue
        line = net.list_of[chart, station]
        over = room.busy[station] + room.waiting[line] + 1 - room.places[station]
        expected = over / room.places[station]
        if expected < least:
            least = expected
            best = provider
    return best


@inner  # type: ignore[untyped-decorator]
def ask(i: Any, day: Any, net: Any, room: Any) -> None:
    """Let a child ask for the service of its visit, by the access where the request goes by it.

    A crisis does not go by the access. What the local team solves, it asks of the local team.
    """
    v = room.visits[i]
    now = net.epoch[day]
    rule = net.rules[now, v.service]
    v.wants = -1
    if rule.sent == 1 and v.referrer == net.municipality:
        if net.triage >= 0:
            if not uniform(v.key, P_CRISIS, 0) < rule.crisis:
                v.wants = v.service
                v.service = net.triage
        elif uniform(v.key, P_SOLVED, 0) < net.solved[now]:
            v.service = net.team
    v.cls = rank(i, v.service if v.wants < 0 else v.wants, now, net, room.visits)
    arrive(i, day, net, room)


@inner  # type: ignore[untyped-decorator]
def resend(j: Any, now: Any, net: Any, visits: Any) -> None:
    """Draw who sends one that the institution sent before: it, or another in its place."""
    w = visits[j]
    sends = net.rules[now, w.service].sends
    if w.referrer < 0 or w.referrer != net.institution or sends >= 1.0:
        return
    chance = uniform(w.key, P_REFERRER, w.leg)
    if chance >= sends:
        w.referrer = sender((chance - sends) / (1.0 - sends), now, net)


@inner  # type: ignore[untyped-decorator]
def sender(chance: Any, now: Any, net: Any) -> Any:
    """Give who sends a child, at a chance."""
    sent = 0
    while sent < net.referrer_reached.shape[1] - 1 and net.referrer_reached[now, sent] < chance:
        sent += 1
    return sent


@inner  # type: ignore[untyped-decorator]
def rank(i: Any, service: Any, now: Any, net: Any, visits: Any) -> Any:
    """Draw the class of a request for a service."""
    v = visits[i]
    rule = net.rules[now, service]
    if rule.crisis > 0.0 and uniform(v.key, P_CRISIS, 0) < rule.crisis:
        return CRISIS
    if rule.guarded == 1 and v.referrer >= 0 and net.protected[v.referrer] == 1:
        return PROTECTION
    if rule.complex > 0.0 and uniform(v.key, P_COMPLEX, 0) < rule.complex:
        return COMPLEX
    return REGULAR


@inner  # type: ignore[untyped-decorator]
def follow(i: Any, service: Any, cls: Any, day: Any, net: Any, room: Any) -> Any:
    """Let the child of a visit move on to a service: a new visit, or -1 when memory ran out.

    Its class stays unless ``cls`` is one (not -1). Who comes by a measure goes before others in
    care; the certified institution sends most of them, and others as they do without a measure. So
    it goes with who came by the institution before.
    """
    j = room.tally[MADE]
    if j >= room.visits.shape[0]:
        room.tally[FULL] = 1
        return -1
    room.tally[MADE] = j + 1
    room.visits[j] = room.visits[i]
    w = room.visits[j]
    w.service = service
    w.leg = min(w.leg + 1, LAST_LEG)
    w.wants = -1
    w.flags = 0
    now = net.epoch[day]
    to = net.rules[now, service]
    if net.rules[now, room.visits[i].service].measure == 1 and to.guarded == 1:
        w.cls = PROTECTION
        w.referrer = net.institution
    elif to.sent == 1 and w.referrer < 0:
        w.referrer = net.municipality
    elif to.sent == 0:
        w.referrer = -1
    resend(j, now, net, room.visits)
    if cls >= 0:
        w.cls = cls
    arrive(j, day, net, room)
    return j
