"""A slow, obviously right engine for the twin's network: plain Python, one event at a time.

It reads the same :class:`Network` and makes the same draws as the compiled kernel, but knows
nothing of its lists: a heap of events, a list of who waits per station, a sort to choose who is
next. Both must give the same visits.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from stelsel.twin.chance import Purpose, children, uniforms
from stelsel.twin.layout import (
    AGED_OUT,
    BACK,
    BRIDGED,
    BROKE_DOWN,
    BUDGET,
    BY_PLAN,
    CRISIS,
    DRAWN,
    LAPSED,
    LAST_LEG,
    LIFTED,
    MEASURE_ENDED,
    MOVED_ON,
    NOT_RENEWED,
    OPEN,
    PROTECTION,
    PROVIDER_FELL,
    STILL,
    TERMS,
    WITHDREW,
    WORSE,
    Network,
    State,
)
from stelsel.twin.parts.staff.layout import crew
from stelsel.twin.parts.staff.loop import staff_week
from tests.twin.parts.foster_oracle import BREAKS, ENDS, MOVES, Home
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
class Oracle:
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

    def begin(self, number: int, day: int, home: Home | None = None) -> None:
        visit = self.visits[number]
        visit.started = day
        self.seconds(number, day)
        visit.home, visit.since = home, day
        self.plan_due(number, day)
        if visit.due is not None and visit.due <= day:
            self.give_back(visit, day)
            self.end(number, day, visit.why)
        else:
            self.keep(number, day)
            self.may_break(number, day)

    def too_young(self, visit: Visit, service: int, day: int) -> bool:
        return bool(day - visit.birth < self.rule(day, service)["youngest"])

    def give_back(self, visit: Visit, day: int, how: int = ENDS) -> None:
        if visit.home is not None and self.families is not None:
            self.families.given_back(visit.home, day, how)

    def may_break(self, number: int, day: int) -> None:
        visit = self.visits[number]
        if visit.home is None or self.families is None:
            return
        on = self.families.breaks(visit.home, visit.key, day)
        on = min(on, self.families.moves(visit.home, visit.key, day))
        if on < self.days and (visit.due is None or on < visit.due):
            self.plan(on, BREAK, number)

    def break_down(self, number: int, day: int) -> None:
        visit = self.visits[number]
        if visit.ended is not None or self.families is None or visit.home is None:
            return
        before = visit.home
        breaks = self.families.breaks(before, visit.key, max(visit.since, 0))
        if breaks == day:
            self.give_back(visit, day, BREAKS)
            visit.home = self.families.match(visit.key, visit.region, day, before)
            if visit.home is None:
                self.end(number, day, BROKE_DOWN)
                return
        else:
            other = self.families.match(visit.key, visit.region, day, before)
            if other is None:  # it stays where it is, and moves on no more
                if breaks < self.days and (visit.due is None or breaks < visit.due):
                    self.plan(breaks, BREAK, number)
                return
            self.give_back(visit, day, MOVES)
            visit.home = other
        visit.since = day
        self.may_break(number, day)

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
        if visit.due is not None and day < visit.due < self.days:
            self.plan(visit.due, DUE, number)

    def length(self, visit: Visit, day: int) -> int | None:
        """Whole days of care, or None when it lasts beyond the run."""
        net, rule = self.net, self.rule(day, visit.service)
        steps = net.quantiles.shape[1] - 1
        daily = net.pace[visit.service, net.turn_of]
        clock = np.concatenate([[0.0], np.cumsum(daily)])
        if not rule["clocked"]:
            clock = np.arange(self.days + 1.0)
        care = np.interp(
            draw(visit.key, Purpose.DURATION, visit.leg),
            np.arange(steps + 1) / steps,
            net.quantiles[net.length_of[visit.service, visit.referrer + 1]].astype(float),
        )
        longer = 1 + rule["lengthens"] * (day - visit.arrived)
        if visit.mate >= 0:
            longer *= net.longer[self.visits[visit.mate].service, visit.service]
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
        self.give_back(visit, day)
        self.end(number, day, visit.why)

    def end(self, number: int, day: int, why: int) -> None:
        visit = self.visits[number]
        visit.ended, visit.exit = day, why
        rule = self.rule(day, visit.service)
        target, rank = -1, -1
        if why == BROKE_DOWN and visit.leg < LAST_LEG:
            self.worse(visit, day)
        elif visit.leg < LAST_LEG and why != AGED_OUT:
            if visit.wants >= 0:
                solved = draw(visit.key, Purpose.SOLVED, 0) < self.net.solved[self.net.epoch[day]]
                target = self.net.team if solved else visit.wants
                rank = self.rank(visit, target, day)
            else:
                chance = draw(visit.key, Purpose.TRANSFER, visit.leg)
                for service, _, reached in self.routes(day, rule, "moves"):
                    if chance < reached:
                        target = -1 if self.too_young(visit, service, day) else service
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
        elif (
            why not in (AGED_OUT, BROKE_DOWN)
            and draw(visit.key, Purpose.RETURN, visit.leg) < rule["back"]
        ):
            steps = len(self.net.return_after) - 1
            place = draw(visit.key, Purpose.BACK_AFTER, visit.leg) * steps
            after = np.interp(place, np.arange(steps + 1), self.net.return_after.astype(float))
            on = day + 1 + int(after)
            old = rule["limit"] > 0 and visit.birth + rule["limit"] < on
            resumed = rule["late"] > rule["limit"] and on - day <= 183
            if on < self.days and (not old or resumed):
                self.plan(on, RETURN, number)
        self.end_bound(number, day)

    def returns(self, visit: Visit, rule: Any) -> bool:
        return bool(draw(visit.key, Purpose.RETURN, visit.leg) < rule["back"])

    def end_bound(self, number: int, day: int) -> None:
        for bound in self.visits[number].bound:
            other = self.visits[bound]
            if other.ended is None:
                if other.started is not None:
                    self.give_back(other, day)
                other.ended, other.exit = day, MEASURE_ENDED
            self.end_bound(bound, day)

    def seconds(self, number: int, day: int) -> None:
        visit = self.visits[number]
        for service, linked, share in self.routes(day, self.rule(day, visit.service), "seconds"):
            key = child(visit.key, 1000 + 100 * visit.leg + service)
            if draw(key, Purpose.SECOND, 0) >= share or self.too_young(visit, service, day):
                continue
            if linked and any(
                self.visits[b].service == service and self.visits[b].ended is None
                for b in visit.bound
            ):
                continue
            by_measure = self.rule(day, visit.service)["measure"]
            lives = by_measure and self.rule(day, service)["lives"]
            if lives and self.has(visit.person, day, "lives", but=visit):
                continue
            rank = -1
            if linked and self.rule(day, service)["crisis"] > 0:
                rank = self.rank(replace(visit, key=key), service, day)
            other = self.follow(visit, service, day, rank, key=key)
            self.visits[other].mate = number
            if linked:
                visit.bound.append(other)

    # The day

    def request(self, day: int, stream: Any, key: int) -> None:
        net = self.net
        steps = net.ages.shape[1] - 1
        place = draw(key, Purpose.AGE, 0) * steps
        age = np.interp(place, np.arange(steps + 1), net.ages[stream["ages"]])
        visit = Visit(key, -1, day - int(age), int(stream["region"]), int(stream["service"]))
        reached = net.referrer_reached[net.epoch[day]]
        if self.rule(day, visit.service)["sent"]:
            chance = draw(key, Purpose.REFERRER, 0)
            visit.referrer = min(int((reached < chance).sum()), len(reached) - 1)
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
