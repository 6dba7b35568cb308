"""A slow, obviously right engine for the twin's network: plain Python, one event at a time.

It reads the same :class:`Network` and makes the same draws as the compiled kernel, but knows
nothing of its lists: a heap of events, a list of who waits per station, a sort to choose who is
next. Both must give the same visits.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from stelsel.twin.chance import Purpose, children, uniforms
from stelsel.twin.layout import LAST_LEG, OPEN, Network

END, GIVE_UP = 0, 1


def draw(key: int, purpose: Purpose, number: int) -> float:
    return float(uniforms(np.array([key], np.uint64), purpose, number)[0])


@dataclass
class Visit:
    key: int
    region: int
    form: int
    rank: int
    referrer: int
    leg: int
    arrived: int
    started: int | None = None
    ended: int | None = None
    next_form: int = -1
    provider: int = 0


@dataclass
class Oracle:
    net: Network
    days: int
    visits: list[Visit] = field(default_factory=list)
    events: list[tuple[int, int, int, int]] = field(default_factory=list)
    planned: int = 0
    busy: dict[int, int] = field(default_factory=dict)

    def station(self, visit: Visit) -> int:
        return int(self.net.station_of[visit.region, visit.form, visit.provider])

    def plan(self, day: int, what: int, number: int) -> None:
        self.planned += 1
        heapq.heappush(self.events, (day, what, self.planned, number))

    def arrive(self, visit: Visit, chooses: bool = True) -> None:
        if chooses:
            chance = draw(visit.key, Purpose.PROVIDER, visit.leg)
            visit.provider = int((self.net.provider_reached[visit.form] < chance).sum())
        self.visits.append(visit)
        number = len(self.visits) - 1
        day = max(visit.arrived, 0)
        epoch = self.net.epoch[day]
        hazard = self.net.hazard[epoch, visit.form] * self.net.gives_up[visit.rank]
        if hazard > 0:
            patience = -math.log(draw(visit.key, Purpose.PATIENCE, visit.leg)) / hazard
            if 1 + patience < self.days - day:
                self.plan(day + int(1 + patience), GIVE_UP, number)

    def end(self, visit: Visit, day: int) -> None:
        visit.ended = day
        if visit.leg == LAST_LEG:
            return
        reached = self.net.moves_reached[self.net.epoch[day], visit.form]
        chance = draw(visit.key, Purpose.TRANSFER, visit.leg)
        for form, share in enumerate(reached):
            if chance < share:
                visit.next_form = form
                moved = Visit(
                    visit.key, visit.region, form, visit.rank, visit.referrer, visit.leg + 1, day
                )
                self.arrive(moved)
                return

    def request(self, day: int, stream: int, key: int) -> None:
        net, epoch = self.net, self.net.epoch[day]
        form = int(net.stream_form[stream])
        sent = 0
        if net.referrer_reached.shape[1] > 1:
            chance = draw(key, Purpose.REFERRER, 0)
            sent = min(
                int((net.referrer_reached[epoch] < chance).sum()), net.referrer_reached.shape[1] - 1
            )
        if sent == net.municipality and draw(key, Purpose.SOLVED, 0) < net.solved[epoch]:
            form = net.team
        rank = int(net.stream_class[stream])
        if rank < 0:
            if draw(key, Purpose.CRISIS, 0) < net.crisis[epoch, form]:
                rank = 0
            elif net.protected[sent] and form != net.team:
                rank = 1
            elif draw(key, Purpose.COMPLEX, 0) < net.complex[epoch, form]:
                rank = 2
            else:
                rank = 3
        self.arrive(Visit(key, int(net.stream_region[stream]), form, rank, sent, 0, day))

    def length(self, visit: Visit, day: int) -> int | None:
        """Whole days of care, or None when it lasts beyond the run."""
        net = self.net
        steps = net.quantiles.shape[1] - 1
        clock = net.clock[visit.form]
        care = np.interp(
            draw(visit.key, Purpose.DURATION, visit.leg),
            np.arange(steps + 1) / steps,
            net.quantiles[visit.form],
        )
        until = clock[day] + care * net.stretch[net.epoch[day], visit.form]
        if until >= clock[self.days]:
            return None
        exact = np.interp(until, clock, np.arange(len(clock))) - day
        return int(exact + draw(visit.key, Purpose.ROUNDING, visit.leg))

    def admit(self, day: int) -> None:
        moved = True
        while moved:
            moved = False
            for station in range(self.net.capacity.shape[1]):
                while self.busy.get(station, 0) < self.net.capacity[day, station]:
                    waiting = [
                        (v.rank, n)
                        for n, v in enumerate(self.visits)
                        if v.started is None and v.ended is None and self.station(v) == station
                    ]
                    if not waiting:
                        break
                    number = min(waiting)[1]
                    visit = self.visits[number]
                    visit.started = day
                    length = self.length(visit, day)
                    if length == 0:
                        self.end(visit, day)
                        moved = True
                        continue
                    self.busy[station] = self.busy.get(station, 0) + 1
                    if length is not None and day + length < self.days:
                        self.plan(day + length, END, number)

    def run(self, state: npt.NDArray[np.void], seed: int) -> list[Visit]:
        for row in state:
            visit = Visit(
                int(row["key"]),
                int(row["region"]),
                int(row["form"]),
                int(row["cls"]),
                int(row["referrer"]),
                0,
                int(row["arrived"]),
                provider=int(row["provider"]),
            )
            if row["started"] == OPEN:
                self.arrive(visit, chooses=False)
            else:
                visit.started = int(row["started"])
                self.visits.append(visit)
                self.busy[self.station(visit)] = self.busy.get(self.station(visit), 0) + 1
                if row["ended"] < self.days:
                    self.plan(int(row["ended"]), END, len(self.visits) - 1)
        n_streams = len(self.net.stream_region)
        for day in range(self.days):
            while self.events and self.events[0][0] == day:
                _, what, _, number = heapq.heappop(self.events)
                visit = self.visits[number]
                if what == END:
                    self.busy[self.station(visit)] -= 1
                    self.end(visit, day)
                elif visit.started is None:
                    visit.ended = day
            for stream in range(n_streams):
                rate = float(
                    self.net.stream_rate[stream]
                    * self.net.daily_rate[self.net.stream_form[stream], day]
                )
                of_day = children(children(seed, [stream]), [day])
                for key in children(
                    of_day, range(poisson(rate, draw(of_day[0], Purpose.NUMBER, 0)))
                ):
                    self.request(day, stream, int(key))
            self.admit(day)
        return self.visits


def poisson(rate: float, chance: float) -> int:
    """The smallest n with P(N <= n) >= chance, straight from the definition."""
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
        "key": [v.key for v in visits],
        "region": [v.region for v in visits],
        "form": [v.form for v in visits],
        "cls": [v.rank for v in visits],
        "referrer": [v.referrer for v in visits],
        "leg": [v.leg for v in visits],
        "arrived": [v.arrived for v in visits],
        "started": [of(v.started) for v in visits],
        "ended": [of(v.ended) for v in visits],
        "next_form": [v.next_form for v in visits],
        "provider": [v.provider for v in visits],
    }
