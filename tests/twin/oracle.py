"""A slow, obviously right engine for the twin's network: plain Python, one event at a time.

It reads the same :class:`Network` and makes the same draws as the compiled kernel, but knows
nothing of its lists: a heap of events, a list of who waits per station, a sort to choose who is
next. Both must give the same visits. Its steps up to the place are in ``oracle_waiting.py``, those
from there on in ``oracle_staying.py``; here are the days in their order.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from stelsel.twin.chance import Purpose
from stelsel.twin.layout import (
    BACK,
    OPEN,
    PROVIDER_FELL,
    State,
)
from stelsel.twin.parts.staff.layout import crew
from stelsel.twin.parts.staff.loop import staff_week
from tests.twin.oracle_staying import Staying
from tests.twin.oracle_waiting import (
    BREAK,
    DUE,
    LEAVE,
    RETURN,
    SEARCH,
    Families,
    Visit,
    child,
    draw,
)
from tests.twin.parts.foster_oracle import Home


@dataclass
class Oracle(Staying):
    """Days: who asks, who is admitted, what providers and staff do."""

    def request(self, day: int, stream: Any, key: int) -> None:
        net = self.net
        steps = net.ages.shape[1] - 1
        place = draw(key, Purpose.AGE, 0) * steps
        age = np.interp(place, np.arange(steps + 1), net.ages[stream["ages"]])
        visit = Visit(key, -1, day - int(age), int(stream["region"]), int(stream["service"]))
        if self.rule(day, visit.service)["sent"]:
            visit.referrer = self.sender(draw(key, Purpose.REFERRER, 0), day)
        self.whose(visit, day)
        if stream["cls"] >= 0:
            visit.rank = int(stream["cls"])
            self.arrive(visit, day)
        else:
            self.ask(visit, day)

    def come_back(self, number: int, day: int) -> None:
        old = self.visits[number]
        key = child(old.key, 500 + old.leg)
        visit = Visit(
            key, old.person, old.birth, old.region, old.service, referrer=old.referrer, flags=BACK
        )
        self.resend(visit, day)
        self.ask(visit, day)

    def admit(self, day: int) -> None:
        moved = True
        while moved:
            moved = False
            made = len(self.visits)
            while self.own:
                number = self.own.pop()
                visit = self.visits[number]
                if visit.started is None and visit.ended is None and self.families:
                    found = self.families.own(visit.key, visit.leg, visit.region)
                    self.begin(number, day, found)
            for station in range(len(self.net.stations)):
                foster = self.rule(day, int(self.net.stations[station]["service"]))["foster"]
                while self.busy(station) < self.places(day, station):
                    queue = self.queue(day, self.line(day, station))
                    if not queue:
                        break
                    visit = self.visits[queue[0]]
                    home: Home | None = None
                    if foster and self.families:
                        home = self.families.match(visit.key, visit.region, day, None)
                        if home is None:
                            break
                    visit.station = station
                    self.begin(queue[0], day, home)
            moved = made != len(self.visits)

    # Providers

    def happens(self, event: int, day: int) -> None:
        falls = self.net.falls
        station, kind = int(falls.station[event]), int(falls.kind[event])
        self.moved[station] = self.moved.get(station, 0.0) + float(falls.share[event])
        if kind == 0:
            self.closed.discard(station)
        if kind <= 0:
            return
        self.closed.add(station)
        line = self.line(day, station)
        of = self.net.stations[station]
        someone = Visit(0, 0, 0, int(of["region"]), int(of["service"]))
        chart = self.net.station_of[self.net.chart[day]]
        other = int(chart[someone.region, someone.service, self.shortest(someone, day)])
        if other not in self.closed and self.line(day, other) != line:
            for number in self.queue(day, line):
                visit = self.visits[number]
                provider = self.shortest(visit, day)
                visit.station = int(chart[visit.region, visit.service, provider])
                self.join(number)
        if kind != 2:
            return
        for number, visit in enumerate(list(self.visits)):
            if visit.station == station and visit.started is not None and visit.ended is None:
                self.give_back(visit, day)
                visit.ended, visit.exit, visit.next = day, PROVIDER_FELL, visit.service
                new = self.follow(visit, visit.service, day, visit.rank)
                if visit.mate >= 0:
                    self.visits[new].mate = visit.mate
                    if number in self.visits[visit.mate].bound:
                        self.visits[visit.mate].bound.append(new)

    def hand_over(self, day: int) -> None:
        limit = int(self.net.hand_over[self.net.epoch[day]])
        chart = self.net.station_of[self.net.chart[day]]
        for region, service in np.ndindex(chart.shape[:2]):
            if limit <= 0 or self.net.provider_reached[service, 0] >= 1.0:
                continue
            stations = chart[region, service].tolist()
            for station in stations:
                own = self.line(day, station)
                while self.places(day, station) > self.busy(station) + len(self.waiting(day, own)):
                    heads = []
                    for n, other in enumerate(stations):
                        line = self.line(day, other)
                        for rank in range(len(self.net.leaves)):
                            first = [
                                v for v in self.queue(day, line) if self.visits[v].rank == rank
                            ]
                            if line != own and first:
                                heads.append((self.visits[first[0]].arrived, n, rank, first[0]))
                    if not heads or min(heads)[0] >= day - limit:
                        break
                    chosen = min(heads)[3]
                    self.visits[chosen].station = station
                    self.join(chosen)

    def join_anew(self, day: int) -> None:
        if day == 0 or self.net.chart[day] == self.net.chart[day - 1]:
            return
        chart = self.net.station_of[self.net.chart[day]]
        for number, visit in enumerate(self.visits):
            if visit.started is None and visit.ended is None:
                provider = int(self.net.stations[visit.station]["provider"])
                visit.station = int(chart[visit.region, visit.service, provider])
                if visit.queued is not None:
                    self.join(number)

    def move_staff(self, day: int) -> None:
        net = self.net
        for s, station in enumerate(net.stations):
            if station["staffed"] < 0:
                continue
            line = self.line(day, s)
            together = [
                self.share(day, other)
                for other in range(len(net.stations))
                if self.line(day, other) == line
            ]
            waiting = len(self.waiting(day, line)) * self.share(day, s) / sum(together)
            planned = net.places[station["service"], day] * self.share(day, s)
            row, busy = int(station["staffed"]), self.busy(s)
            staff_week(self.crew, net.staff, day, row, busy, waiting, planned)

    def take_over(self, state: State) -> None:
        for row in state.visits:
            key, person, birth, region, service, cls, sent = (
                int(row[name])
                for name in ("key", "person", "birth", "region", "service", "cls", "referrer")
            )
            visit = Visit(key, person, birth, region, service, cls, sent)
            visit.arrived, visit.station = int(row["arrived"]), int(row["station"])
            visit.why, visit.terms = int(row["flags"]) >> 4, int(row["terms"])
            self.visits.append(visit)
            number = len(self.visits) - 1
            foster = bool(self.rule(0, visit.service)["foster"])
            if row["started"] != OPEN:
                visit.started, visit.due = int(row["started"]), int(row["due"])
                if foster and self.families:
                    visit.home = self.families.settle(visit.key, visit.leg, visit.region)
                    visit.since = min(visit.started, 0)
                    self.may_break(number, 0)
                self.keep(number, 0)
                if visit.due < self.days:
                    self.plan(visit.due, DUE, number)
            elif foster:
                self.search(number, 0)
            else:
                self.join(number)
        self.persons = state.persons

    def begin_day(self, day: int) -> None:
        self.join_anew(day)
        if self.families and day % 7 == 0:
            self.families.week_begins(day // 7)
        if day % 7 == 0:
            self.move_staff(day)
        for event in np.flatnonzero(self.net.falls.day == day):
            self.happens(int(event), day)

    def fall_out(self, day: int) -> list[int]:
        """Let happen what was planned for the day; give who comes back."""
        what = {
            DUE: self.fall_due,
            BREAK: self.break_down,
            LEAVE: self.leave,
            SEARCH: self.searched,
        }
        back = []
        while self.events and self.events[0][0] == day:
            _, kind, _, number = heapq.heappop(self.events)
            if kind == RETURN:
                back.append(number)
            else:
                what[kind](number, day)
        return back

    def run(self, state: State, seed: int) -> list[Visit]:
        self.crew = crew(self.net.staff)
        if len(self.net.foster.weight):
            self.families = Families(self.net.foster, seed)
        self.take_over(state)
        if self.families:
            self.families.begin()
        today = 0
        for day in range(self.days):
            self.begin_day(day)
            back = self.fall_out(day)
            for stream in self.net.streams:
                rate = float(stream["weight"] * self.net.daily_rate[stream["rate"], day])
                of_day = child(child(seed, int(stream["number"])), day)
                for n in range(poisson(rate, draw(of_day, Purpose.NUMBER, 0))):
                    self.request(day, stream, child(of_day, n))
            for number in back:
                self.come_back(number, day)
            if day % 7 == 0:
                self.hand_over(day)
            self.admit(day)
            for number in range(today, len(self.visits)):
                if self.visits[number].started is None and self.visits[number].ended is None:
                    self.plan_leave(number, day)
            today = len(self.visits)
        return self.visits


def poisson(rate: float, chance: float) -> int:
    """The smallest n with P(N <= n) >= chance, straight from the definition."""
    if rate <= 0:
        return 0
    n, reached = 0, math.exp(-rate)
    while reached < chance:
        n += 1
        reached += math.exp(-rate + n * math.log(rate) - math.lgamma(n + 1))
    return n


def columns(visits: list[Visit]) -> dict[str, list[Any]]:
    """Lay visits out as the kernel does, to compare them column by column."""

    def of(value: int | None) -> int:
        return int(OPEN) if value is None else value

    return {
        **{
            name: [getattr(v, name) for v in visits]
            for name in (
                *("key", "person", "birth", "region", "service", "referrer", "leg", "arrived"),
                *("wants", "station", "exit", "next", "mate", "terms"),
            )
        },
        "cls": [v.rank for v in visits],
        "started": [of(v.started) for v in visits],
        "ended": [of(v.ended) for v in visits],
    }
