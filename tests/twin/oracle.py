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

from stelsel.twin.chance import Purpose, children, uniforms
from stelsel.twin.layout import (
    AGED_OUT,
    BACK,
    BRIDGED,
    BUDGET,
    BY_PLAN,
    CRISIS,
    DRAWN,
    LAST_LEG,
    LIFTED,
    MEASURE_ENDED,
    MOVED_ON,
    NOT_RENEWED,
    OPEN,
    PROTECTION,
    STILL,
    TERMS,
    WITHDREW,
    WORSE,
    Network,
    State,
)

DUE, LEAVE, RETURN = range(3)


def draw(key: int, purpose: Purpose, number: int) -> float:
    return float(uniforms(np.array([key], np.uint64), purpose, number)[0])


def child(key: int, number: int) -> int:
    return int(children(key, [number])[0])


@dataclass
class Visit:
    key: int
    person: int
    birth: int
    region: int
    service: int
    rank: int = 0
    referrer: int = -1
    leg: int = 0
    arrived: int = 0
    wants: int = -1
    provider: int = 0
    station: int = 0
    started: int | None = None
    ended: int | None = None
    due: int | None = None
    why: int = STILL
    exit: int = STILL
    next: int = -1
    mate: int = -1
    bound: list[int] = field(default_factory=list)
    terms: int = 0
    flags: int = 0


@dataclass
class Oracle:
    net: Network
    days: int
    visits: list[Visit] = field(default_factory=list)
    events: list[tuple[int, int, int, int]] = field(default_factory=list)
    planned: int = 0
    persons: int = 0

    def rule(self, day: int, service: int) -> Any:
        return self.net.rules[self.net.epoch[day], service]

    def plan(self, day: int, what: int, number: int) -> None:
        self.planned += 1
        heapq.heappush(self.events, (day, what, -self.planned, number))

    def routes(self, day: int, rule: Any, kind: str) -> list[tuple[int, bool, float]]:
        found = self.net.routes[self.net.epoch[day], rule[kind] : rule[f"{kind}_to"]]
        return [(int(r["service"]), bool(r["linked"]), float(r["reached"])) for r in found]

    def places(self, day: int, station: int) -> int:
        net, service = self.net, int(self.net.stations[station]["service"])
        if not self.rule(day, service)["capped"]:
            return 10**9
        exact = net.places[service, day] * net.share[net.chart[day], station]
        return int(exact + net.stations[station]["threshold"])

    def busy(self, station: int) -> int:
        return sum(
            v.station == station and v.started is not None and v.ended is None for v in self.visits
        )

    def line(self, day: int, station: int) -> int:
        return int(self.net.list_of[self.net.chart[day], station])

    def waiting(self, day: int, line: int) -> list[int]:
        return [
            n
            for n, v in enumerate(self.visits)
            if v.started is None and v.ended is None and self.line(day, v.station) == line
        ]

    # Arriving

    def arrive(self, visit: Visit, day: int) -> int:
        net = self.net
        shares = np.diff(net.provider_reached[visit.service], prepend=0.0)
        if shares[0] < 1.0:
            if net.push[net.epoch[day]]:
                visit.provider = self.shortest(visit, day)
            else:
                chance = draw(visit.key, Purpose.PROVIDER, visit.leg)
                visit.provider = int((net.provider_reached[visit.service] < chance).sum())
        chart = net.station_of[net.chart[day]]
        visit.station = int(chart[visit.region, visit.service, visit.provider])
        visit.arrived = day
        self.visits.append(visit)
        return len(self.visits) - 1

    def shortest(self, visit: Visit, day: int) -> int:
        chart = self.net.station_of[self.net.chart[day], visit.region, visit.service]
        shares = np.diff(self.net.provider_reached[visit.service], prepend=0.0)
        expected = []
        for provider, station in enumerate(chart.tolist()):
            places = self.places(day, station)
            if shares[provider] <= 1e-9 or places <= 0:
                continue
            line = self.line(day, station)
            over = self.busy(station) + len(self.waiting(day, line)) + 1 - places
            expected.append((over / places, provider))
        return min(expected)[1] if expected else 0

    def ask(self, visit: Visit, day: int) -> None:
        net = self.net
        rule = self.rule(day, visit.service)
        if rule["sent"] and visit.referrer == net.municipality:
            if net.triage >= 0:
                if draw(visit.key, Purpose.CRISIS, 0) >= rule["crisis"]:
                    visit.wants, visit.service = visit.service, net.triage
            elif draw(visit.key, Purpose.SOLVED, 0) < net.solved[net.epoch[day]]:
                visit.service = net.team
        visit.rank = self.rank(visit, visit.wants if visit.wants >= 0 else visit.service, day)
        self.arrive(visit, day)

    def rank(self, visit: Visit, service: int, day: int) -> int:
        rule = self.rule(day, service)
        if draw(visit.key, Purpose.CRISIS, 0) < rule["crisis"]:
            return 0
        if rule["guarded"] and visit.referrer >= 0 and self.net.protected[visit.referrer]:
            return 1
        return 2 if draw(visit.key, Purpose.COMPLEX, 0) < rule["complex"] else 3

    def follow(
        self, old: Visit, service: int, day: int, rank: int = -1, key: int | None = None
    ) -> int:
        new = Visit(
            old.key if key is None else key,
            old.person,
            old.birth,
            old.region,
            service,
            old.rank,
            old.referrer,
            min(old.leg + 1, LAST_LEG) if key is None else 0,
        )
        to = self.rule(day, service)
        if self.rule(day, old.service)["measure"] and to["guarded"]:
            new.rank, new.referrer = PROTECTION, self.net.institution
        elif to["sent"] and new.referrer < 0:
            new.referrer = self.net.municipality
        elif not to["sent"]:
            new.referrer = -1
        if rank >= 0:
            new.rank = rank
        return self.arrive(new, day)

    # Leaving the wait

    def limit(self, visit: Visit, rule: Any) -> float:
        early = visit.birth + rule["limit"]
        if early <= visit.arrived or draw(visit.key, Purpose.EXTENDED, 0) < rule["extended"]:
            return float(visit.birth + rule["late"])
        return float(early)

    def plan_leave(self, number: int, day: int) -> None:
        visit = self.visits[number]
        rule = self.rule(day, visit.service)
        factor = float(self.net.leaves[visit.rank])
        if factor > 0 and draw(visit.key, Purpose.BRIDGED, visit.leg) < rule["bridged"]:
            visit.flags |= BRIDGED
            factor *= float(rule["bridging"])
        ways = [
            ("withdraw", Purpose.PATIENCE, WITHDREW),
            ("worse", Purpose.WORSE, WORSE),
            ("budget", Purpose.BUDGET, BUDGET),
        ]
        found = []
        for order, (name, purpose, why) in enumerate(ways):
            chance = float(rule[name]) * factor
            if chance > 0:
                wait = 1 - math.log(draw(visit.key, purpose, visit.leg)) / chance
                found.append((wait, order, day + int(wait), why))
        soonest = min(found) if found else (math.inf, 0, 10**9, STILL)
        on, why = soonest[2], soonest[3]
        if rule["limit"] > 0:
            last = max(math.floor(self.limit(visit, rule)), day + 1)
            if last < on:
                on, why = last, AGED_OUT
        if on < self.days:
            visit.why = why
            self.plan(on, LEAVE, number)

    def leave(self, number: int, day: int) -> None:
        visit = self.visits[number]
        if visit.started is not None or visit.ended is not None:
            return
        visit.ended, visit.exit = day, visit.why
        if visit.why != WORSE or visit.leg == LAST_LEG:
            return
        if visit.wants >= 0:
            visit.next = visit.wants
            self.follow(visit, visit.wants, day, CRISIS)
            return
        chance = draw(visit.key, Purpose.HEAVIER, visit.leg)
        for service, _, reached in self.routes(day, self.rule(day, visit.service), "heavier"):
            if chance < reached:
                visit.next = service
                self.follow(visit, service, day)
                return
        visit.next = visit.service
        self.follow(visit, visit.service, day, CRISIS)

    # Staying

    def begin(self, number: int, day: int) -> None:
        visit = self.visits[number]
        visit.started = day
        self.seconds(number, day)
        self.plan_due(number, day)
        if visit.due is not None and visit.due <= day:
            self.end(number, day, visit.why)

    def plan_due(self, number: int, day: int) -> None:
        visit = self.visits[number]
        rule = self.rule(day, visit.service)
        due: int | None = None
        visit.why = BY_PLAN
        if rule["law"] == DRAWN:
            length = self.length(visit, day)
            due = None if length is None else day + length
        elif rule["law"] == TERMS:
            visit.terms += 1
            assert visit.started is not None
            due, visit.why = visit.started + int(visit.terms * rule["term"] + 0.5), NOT_RENEWED
            if rule["lifted"] > 0:
                chance = draw(child(visit.key, visit.leg), Purpose.LIFTED, visit.terms)
                lifted = day + int(1 - math.log(chance) / rule["lifted"])
                if lifted < due:
                    due, visit.why = lifted, LIFTED
        if rule["limit"] > 0:
            last = max(math.floor(self.limit(visit, rule)), day)
            if due is None or last < due:
                due, visit.why = last, AGED_OUT
        visit.due = due
        if due is not None and day < due < self.days:
            self.plan(due, DUE, number)

    def length(self, visit: Visit, day: int) -> int | None:
        """Whole days of care, or None when it lasts beyond the run."""
        net, rule = self.net, self.rule(day, visit.service)
        steps = net.quantiles.shape[1] - 1
        clock = net.clock[visit.service].astype(float)
        if not rule["clocked"]:
            clock = np.arange(self.days + 1.0)
        care = np.interp(
            draw(visit.key, Purpose.DURATION, visit.leg),
            np.arange(steps + 1) / steps,
            net.quantiles[net.length_of[visit.service, visit.referrer + 1]].astype(float),
        )
        longer = 1 + rule["lengthens"] * (day - visit.arrived)
        until = clock[day] + care * rule["stretch"] * longer
        if until >= clock[self.days]:
            return None
        exact = np.interp(until, clock, np.arange(len(clock))) - day
        return int(exact + draw(visit.key, Purpose.ROUNDING, visit.leg))

    def fall_due(self, number: int, day: int) -> None:
        visit = self.visits[number]
        if visit.ended is not None or visit.due != day:
            return
        if visit.why == NOT_RENEWED:
            chance = draw(child(visit.key, visit.leg), Purpose.RENEW, visit.terms)
            if chance < self.rule(day, visit.service)["renew"]:
                self.plan_due(number, day)
                if visit.due is None or visit.due > day:
                    return
        self.end(number, day, visit.why)

    def end(self, number: int, day: int, why: int) -> None:
        visit = self.visits[number]
        visit.ended, visit.exit = day, why
        rule = self.rule(day, visit.service)
        target, rank = -1, -1
        if visit.leg < LAST_LEG and why != AGED_OUT:
            if visit.wants >= 0:
                solved = draw(visit.key, Purpose.SOLVED, 0) < self.net.solved[self.net.epoch[day]]
                target = self.net.team if solved else visit.wants
                rank = self.rank(visit, target, day)
            else:
                chance = draw(visit.key, Purpose.TRANSFER, visit.leg)
                for service, _, reached in self.routes(day, rule, "moves"):
                    if chance < reached:
                        target = service
                        break
        if target >= 0:
            visit.next = target
            if why == BY_PLAN:
                visit.exit = MOVED_ON
            moved = self.follow(visit, target, day, rank)
            if rule["measure"] and self.rule(day, target)["measure"]:
                self.visits[moved].bound, visit.bound = visit.bound, []
                for bound in self.visits[moved].bound:
                    self.visits[bound].mate = moved
        elif why != AGED_OUT and draw(visit.key, Purpose.RETURN, visit.leg) < rule["back"]:
            steps = len(self.net.return_after) - 1
            place = draw(visit.key, Purpose.BACK_AFTER, visit.leg) * steps
            after = np.interp(place, np.arange(steps + 1), self.net.return_after.astype(float))
            if day + 1 + int(after) < self.days:
                self.plan(day + 1 + int(after), RETURN, number)
        self.end_bound(number, day)

    def end_bound(self, number: int, day: int) -> None:
        for bound in self.visits[number].bound:
            other = self.visits[bound]
            if other.ended is None:
                other.ended, other.exit = day, MEASURE_ENDED
            self.end_bound(bound, day)

    def seconds(self, number: int, day: int) -> None:
        visit = self.visits[number]
        for service, linked, share in self.routes(day, self.rule(day, visit.service), "seconds"):
            key = child(visit.key, 1000 + 100 * visit.leg + service)
            if draw(key, Purpose.SECOND, 0) >= share:
                continue
            if linked and any(
                self.visits[b].service == service and self.visits[b].ended is None
                for b in visit.bound
            ):
                continue
            other = self.follow(visit, service, day, key=key)
            self.visits[other].mate = number
            if linked:
                visit.bound.append(other)

    # The day

    def request(self, day: int, stream: Any, key: int) -> None:
        net = self.net
        steps = net.ages.shape[1] - 1
        place = draw(key, Purpose.AGE, 0) * steps
        age = np.interp(place, np.arange(steps + 1), net.ages[stream["ages"]])
        visit = Visit(
            key, self.persons, day - int(age), int(stream["region"]), int(stream["service"])
        )
        self.persons += 1
        reached = net.referrer_reached[net.epoch[day]]
        if self.rule(day, visit.service)["sent"]:
            chance = draw(key, Purpose.REFERRER, 0)
            visit.referrer = min(int((reached < chance).sum()), len(reached) - 1)
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
        self.ask(visit, day)

    def admit(self, day: int) -> None:
        moved = True
        while moved:
            moved = False
            for station in range(len(self.net.stations)):
                while self.busy(station) < self.places(day, station):
                    waiting = [
                        (self.visits[n].rank, n) for n in self.waiting(day, self.line(day, station))
                    ]
                    if not waiting:
                        break
                    number = min(waiting)[1]
                    visit = self.visits[number]
                    visit.station = station
                    visit.provider = int(self.net.stations[station]["provider"])
                    made = len(self.visits)
                    self.begin(number, day)
                    moved |= made != len(self.visits)

    def run(self, state: State, seed: int) -> list[Visit]:
        for row in state.visits:
            key, person, birth, region, service, cls, sent = (
                int(row[name])
                for name in ("key", "person", "birth", "region", "service", "cls", "referrer")
            )
            visit = Visit(key, person, birth, region, service, cls, sent)
            visit.arrived, visit.station = int(row["arrived"]), int(row["station"])
            visit.why, visit.terms = int(row["flags"]) >> 4, int(row["terms"])
            self.visits.append(visit)
            if row["started"] != OPEN:
                visit.started, visit.due = int(row["started"]), int(row["due"])
                if visit.due < self.days:
                    self.plan(visit.due, DUE, len(self.visits) - 1)
        self.persons = state.persons
        today = 0
        what = {DUE: self.fall_due, LEAVE: self.leave}
        for day in range(self.days):
            back = []
            while self.events and self.events[0][0] == day:
                _, kind, _, number = heapq.heappop(self.events)
                if kind == RETURN:
                    back.append(number)
                else:
                    what[kind](number, day)
            for stream in self.net.streams:
                rate = float(stream["weight"] * self.net.daily_rate[stream["rate"], day])
                of_day = child(child(seed, int(stream["number"])), day)
                for n in range(poisson(rate, draw(of_day, Purpose.NUMBER, 0))):
                    self.request(day, stream, child(of_day, n))
            for number in back:
                self.come_back(number, day)
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
