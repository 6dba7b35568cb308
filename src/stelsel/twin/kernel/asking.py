"""New requests of a day, and who comes back."""

from __future__ import annotations

from typing import Any

import numpy as np

from stelsel.twin.chance import Purpose, child, poisson, uniform
from stelsel.twin.compiled import inner
from stelsel.twin.kernel.arriving import P_REFERRER, arrive, ask, resend, sender
from stelsel.twin.kernel.knowing import WITH_HELP, WITH_MEASURE, pick
from stelsel.twin.kernel.rolls import RETURNS, gather, gathered
from stelsel.twin.kernel.staying import BACK_KEYS
from stelsel.twin.layout import BACK, FULL, MADE, PERSONS

P_NUMBER = int(Purpose.NUMBER)
P_AGE = int(Purpose.AGE)
P_KNOWN = int(Purpose.KNOWN)


@inner  # type: ignore[untyped-decorator]
def requests(day: Any, net: Any, room: Any) -> None:
    """Let the requests of a day come, stream by stream."""
    for n in range(room.streams.shape[0]):
        stream = room.streams[n]
        rate = stream.weight * net.daily_rate[stream.rate, day]
        if rate <= 0.0:
            continue
        if rate != stream.before:  # rates change seldom: keep exp(-rate)
            stream.before = rate
            stream.none = np.exp(-rate)
        of_day = child(stream.key, day)
        chance = uniform(of_day, P_NUMBER, 0)
        if chance <= stream.none:
            continue
        number = poisson(rate, stream.none, chance)
        if room.tally[MADE] + number > room.visits.shape[0]:
            room.tally[FULL] = 1
            return
        for j in range(number):
            _request(n, child(of_day, j), day, net, room)


@inner  # type: ignore[untyped-decorator]
def _request(n: Any, key: Any, day: Any, net: Any, room: Any) -> None:
    """Draw a request: the age of its child, who sends it, whose it is, its class."""
    stream = room.streams[n]
    i = room.tally[MADE]
    room.tally[MADE] = i + 1
    place = uniform(key, P_AGE, 0) * (net.ages.shape[1] - 1)
    step = int(place)
    low = float(net.ages[stream.ages, step])
    birth = day - int(low + (place - step) * (float(net.ages[stream.ages, step + 1]) - low))
    v = room.visits[i]
    v.key = key
    v.birth = birth
    v.region = stream.region
    v.service = stream.service
    v.leg = 0
    v.flags = 0
    v.referrer = -1
    now = net.epoch[day]
    if net.rules[now, stream.service].sent == 1:
        v.referrer = sender(uniform(key, P_REFERRER, 0), now, net)
    _whose(i, now, net, room)
    if stream.cls >= 0:
        v.wants = -1
        v.cls = stream.cls
        arrive(i, day, net, room)
    else:
        ask(i, day, net, room)


@inner  # type: ignore[untyped-decorator]
def _whose(i: Any, now: Any, net: Any, room: Any) -> None:
    """Draw whether a request is about a child with a measure, one with help, or a new one.

    The visit keeps the day of birth that was drawn, a few weeks from that of the child: how long
    it lasts must not hang on who happened to be there.
    """
    v = room.visits[i]
    rule = net.rules[now, v.service]
    with_measure = rule.known_measure
    if v.referrer >= 0 and net.protected[v.referrer] == 1:
        with_measure = net.known_sent[now]
    found = -1
    if with_measure + rule.known_help > 0.0:
        chance = uniform(v.key, P_KNOWN, 0)
        if chance < with_measure:
            found = pick(WITH_MEASURE, i, rule, room)
        elif chance < with_measure + rule.known_help:
            found = pick(WITH_HELP, i, rule, room)
    if found >= 0:
        v.person = room.visits[found].person
    else:
        v.person = room.tally[PERSONS]
        room.tally[PERSONS] += 1


@inner  # type: ignore[untyped-decorator]
def returns(day: Any, net: Any, room: Any) -> None:
    """Let who left for good and comes back today ask again for what it had."""
    for n in range(gather(RETURNS, day, room)):
        i = gathered(n, room)
        j = room.tally[MADE]
        if j >= room.visits.shape[0]:
            room.tally[FULL] = 1
            return
        room.tally[MADE] = j + 1
        room.visits[j] = room.visits[i]
        w = room.visits[j]
        w.key = child(w.key, BACK_KEYS + w.leg)
        w.leg = 0
        w.flags = BACK
        resend(j, net.epoch[day], net, room.visits)
        ask(j, day, net, room)
