"""The slow engine from the place on: stays, families, terms, moves and second services."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stelsel.twin.chance import Purpose
from stelsel.twin.layout import (
    AGED_OUT,
    BROKE_DOWN,
    BY_PLAN,
    DRAWN,
    LAST_LEG,
    LIFTED,
    MEASURE_ENDED,
    MOVED_ON,
    NOT_RENEWED,
    TERMS,
)
from tests.twin.oracle_waiting import BREAK, DUE, RETURN, Visit, Waiting, child, draw
from tests.twin.parts.foster_oracle import BREAKS, ENDS, MOVES, Home


@dataclass
class Staying(Waiting):
    """Stays: how they begin, how long they last, and what follows."""

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
            if other is None:  # it stays where it is, and is looked for again a week later
                again = min(breaks, day + 7)
                if again < self.days and (visit.due is None or again < visit.due):
                    self.plan(again, BREAK, number)
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
        if visit.why == AGED_OUT and self.rule(day, visit.service)["limit"] > 0:
            later = math.floor(self.limit(visit, self.rule(day, visit.service)))
            if later > day:
                visit.due = later
                if later < self.days:
                    self.plan(later, DUE, number)
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
            and draw(visit.key, Purpose.RETURN, visit.leg)
            < rule["back"] * self.net.returning[visit.service, visit.referrer + 1]
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
