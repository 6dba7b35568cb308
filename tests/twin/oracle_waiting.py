"""The slow engine up to the place: visits, who waits, arrivals and leaving the wait."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stelsel.twin.chance import Purpose, children, uniforms
from stelsel.twin.layout import (
    AGED_OUT,
    BRIDGED,
    BUDGET,
    CRISIS,
    LAPSED,
    LAST_LEG,
    PROTECTION,
    STILL,
    WITHDREW,
    WORSE,
    Network,
)
from tests.twin.parts.foster_oracle import Home
from tests.twin.parts.foster_oracle import Oracle as FamilyOracle

DUE, BREAK, LEAVE, SEARCH, RETURN = range(5)


def draw(key: int, purpose: Purpose, number: int) -> float:
    return float(uniforms(np.array([key], np.uint64), purpose, number)[0])


def child(key: int, number: int) -> int:
    return int(children(key, [number])[0])


class Families(FamilyOracle):
    """Families in the steps in which the loop asks for them."""

    def ready(self, who: int, leg: int, arrived: int, urgent: bool) -> int:
        if urgent:
            return arrived
        mean = float(self.foster.search[max(arrived, 0)])
        return arrived + int(-math.log(draw(who, Purpose.SEARCH, leg)) * mean + 0.5)

    def has_own(self, who: int, leg: int, arrived: int) -> bool:
        return bool(draw(who, Purpose.OWN_FAMILY, leg) < self.foster.network[max(arrived, 0)])

    def own(self, who: int, leg: int, region: int) -> Home:
        return self._kin(who, leg, region)


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
    queued: int | None = None
    home: Home | None = None
    since: int = 0


@dataclass
class Waiting:
    """Lists: who arrives, asks, searches a family, leaves the wait or gets worse."""

    net: Network
    days: int
    visits: list[Visit] = field(default_factory=list)
    events: list[tuple[int, int, int, int]] = field(default_factory=list)
    planned: int = 0
    persons: int = 0
    closed: set[int] = field(default_factory=set)
    moved: dict[int, float] = field(default_factory=dict)
    own: list[int] = field(default_factory=list)
    families: Families | None = None
    crew: Any = None
    pools: dict[tuple[int, int, int], list[int]] = field(default_factory=dict)

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
        rule = self.rule(day, service)
        if not rule["capped"] or rule["foster"]:
            return 10**9
        if station in self.closed:
            return 0
        exact = net.places[service, day] * self.share(day, station)
        row = int(net.stations[station]["staffed"])
        if row >= 0:
            exact *= self.crew.ratio[row] / self.net.staff.steps[day, self.net.staff.service[row]]
        return int(exact + net.stations[station]["threshold"])

    def share(self, day: int, station: int) -> float:
        own = float(self.net.share[self.net.chart[day], station])
        return own + self.moved.get(station, 0.0)

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

    def queue(self, day: int, line: int) -> list[int]:
        """Who may be helped next: the lowest class first, then who came on the list first."""
        listed = [n for n in self.waiting(day, line) if self.visits[n].queued is not None]
        return sorted(listed, key=lambda n: (self.visits[n].rank, self.visits[n].queued))

    def join(self, number: int) -> None:
        self.planned += 1
        self.visits[number].queued = self.planned

    # Arriving

    def arrive(self, visit: Visit, day: int) -> int:
        net = self.net
        if visit.service == net.secure_care and net.small_scale >= 0:
            suited = draw(visit.key, Purpose.SUITED, visit.leg) < net.secure.suited[day]
            small = int(net.station_of[net.chart[day], visit.region, net.small_scale, 0])
            taken = self.busy(small) + len(self.waiting(day, self.line(day, small)))
            if suited and self.places(day, small) > taken:
                visit.service = net.small_scale
        shares = np.diff(net.provider_reached[visit.service], prepend=0.0)
        if shares[0] < 1.0:
            if net.push[net.epoch[day]]:
                visit.provider = self.shortest(visit, day)
            else:
                chance = draw(visit.key, Purpose.PROVIDER, visit.leg)
                visit.provider = int((net.provider_reached[visit.service] < chance).sum())
        chart = net.station_of[net.chart[day]]
        visit.station = int(chart[visit.region, visit.service, visit.provider])
        if visit.station in self.closed:
            visit.provider = self.shortest(visit, day)
            visit.station = int(chart[visit.region, visit.service, visit.provider])
        visit.arrived = day
        self.visits.append(visit)
        if self.rule(day, visit.service)["foster"]:
            self.search(len(self.visits) - 1, day)
        else:
            self.join(len(self.visits) - 1)
        return len(self.visits) - 1

    def search(self, number: int, day: int) -> None:
        assert self.families is not None
        visit = self.visits[number]
        key, leg, urgent = visit.key, visit.leg, visit.rank == CRISIS
        on = self.families.ready(key, leg, visit.arrived, urgent)
        if on <= day:
            self.searched(number, day)
        elif on < self.days:
            self.plan(on, SEARCH, number)

    def searched(self, number: int, day: int) -> None:
        assert self.families is not None
        visit = self.visits[number]
        if visit.started is not None or visit.ended is not None:
            return
        if self.families.has_own(visit.key, visit.leg, visit.arrived):
            self.own.append(number)
        else:
            self.join(number)

    # Whom a request is about

    def keep(self, number: int, day: int) -> None:
        visit, rule = self.visits[number], self.rule(day, self.visits[number].service)
        if not rule["measure"] and not rule["sent"]:
            return
        pool = self.pools.setdefault(
            (0 if rule["measure"] else 1, visit.region, visit.birth // 183 % 64), []
        )
        if len(pool) < 128:
            pool.append(number)
        else:
            pool[int(draw(visit.key, Purpose.PICKED, 255) * 128)] = number

    def has(self, person: int, day: int, what: str, but: Visit | None = None) -> bool:
        return any(
            v.person == person
            and v is not but
            and v.started is not None
            and v.ended is None
            and bool(self.rule(day, v.service)[what])
            for v in self.visits
        )

    def pick(self, which: int, visit: Visit, day: int) -> int | None:
        pool = self.pools.get((which, visit.region, visit.birth // 183 % 64), [])
        rule = self.rule(day, visit.service)
        best: tuple[int, int] | None = None
        for attempt in range(8):
            if not pool or (best and best[0] <= 15):
                break
            slot = int(draw(visit.key, Purpose.PICKED, attempt) * len(pool))
            found = self.visits[pool[slot]]
            if found.ended is not None:
                last = pool.pop()
                if slot < len(pool):
                    pool[slot] = last
            elif not (
                (rule["lives"] and self.has(found.person, day, "lives"))
                or (rule["guards"] and self.has(found.person, day, "measure"))
            ):
                apart = abs(found.birth - visit.birth)
                if best is None or apart < best[0]:
                    best = apart, pool[slot]
        return best[1] if best else None

    def whose(self, visit: Visit, day: int) -> None:
        rule = self.rule(day, visit.service)
        measure, helped = float(rule["known_measure"]), float(rule["known_help"])
        if visit.referrer >= 0 and self.net.protected[visit.referrer]:
            measure = float(self.net.known_sent[self.net.epoch[day]])
        chance = draw(visit.key, Purpose.KNOWN, 0)
        found = None
        if chance < measure:
            found = self.pick(0, visit, day)
        elif chance < measure + helped:
            found = self.pick(1, visit, day)
        if found is None:
            visit.person = self.persons
            self.persons += 1
        else:
            visit.person = self.visits[found].person

    def shortest(self, visit: Visit, day: int) -> int:
        chart = self.net.station_of[self.net.chart[day], visit.region, visit.service]
        shares = np.diff(self.net.provider_reached[visit.service], prepend=0.0)
        expected = []
        for provider, station in enumerate(chart.tolist()):
            places = self.places(day, station)
            if shares[provider] <= 1e-9 or places <= 0 or station in self.closed:
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

    def resend(self, visit: Visit, day: int) -> None:
        """Whom the institution sent before, it sends again with a chance, or another does."""
        sends = self.rule(day, visit.service)["sends"]
        if visit.referrer == self.net.institution and visit.referrer >= 0:
            chance = draw(visit.key, Purpose.REFERRER, visit.leg)
            if chance >= sends:
                visit.referrer = self.sender((chance - sends) / (1 - sends), day)

    def sender(self, chance: float, day: int) -> int:
        reached = self.net.referrer_reached[self.net.epoch[day]]
        return min(int((reached < chance).sum()), len(reached) - 1)

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
        self.resend(new, day)
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
        if visit.service == self.net.secure_care and self.net.small_scale >= 0:
            lapses = max(visit.arrived + self.net.secure.lapses, day + 1)
            if lapses < on:
                on, why = lapses, LAPSED
        if on < self.days:
            visit.why = why
            self.plan(on, LEAVE, number)

    def leave(self, number: int, day: int) -> None:
        visit = self.visits[number]
        if visit.started is not None or visit.ended is not None:
            return
        visit.ended, visit.exit = day, visit.why
        if visit.leg == LAST_LEG:
            return
        if visit.why == LAPSED:
            chance = draw(visit.key, Purpose.INSTEAD, visit.leg)
            reached = self.net.secure.reached[day]
            choice = min(int((reached <= chance).sum()), len(reached) - 1)
            visit.next = int(self.net.secure.instead[choice])
            self.follow(visit, visit.next, day)
        elif visit.why == WORSE:
            self.worse(visit, day)

    def worse(self, visit: Visit, day: int) -> None:
        if visit.wants >= 0:
            visit.next = visit.wants
            self.follow(visit, visit.wants, day, CRISIS)
            return
        chance = draw(visit.key, Purpose.HEAVIER, visit.leg)
        for service, _, reached in self.routes(day, self.rule(day, visit.service), "heavier"):
            if chance < reached and not self.too_young(visit, service, day):
                visit.next = service
                self.follow(visit, service, day)
                return
        visit.next = visit.service
        self.follow(visit, visit.service, day, CRISIS)

    # Staying

    def too_young(self, visit: Visit, service: int, day: int) -> bool:
        return bool(day - visit.birth < self.rule(day, service)["youngest"])
