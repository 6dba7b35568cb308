"""A slow, obviously right way to measure: for every series and period, walk over all visits.

It works with dates of single days and lists of visits; it knows no cells, no sets and no sums.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from stelsel.twin.series.periods import Period
from stelsel.twin.series.table import KINDS, Series, groups

NEVER = 10**9


@dataclass
class Visit:
    person: int
    service: int
    referrer: int
    arrived: int
    started: int
    ended: int


@dataclass
class Person:
    birth: int
    sex: int


@dataclass
class World:
    first: date
    visits: list[Visit]
    persons: list[Person]

    def day(self, on: date) -> int:
        return (on - self.first).days

    def stock_day(self, on: date) -> int:
        """The day at whose end the stock is taken: of 1 January the day before."""
        return self.day(on) - (1 if (on.month, on.day) == (1, 1) else 0)

    def in_care(self, visit: Visit, period: Period) -> bool:
        if period.is_day:
            on = self.stock_day(period.first)
            return visit.started <= on < visit.ended
        return visit.started <= self.day(period.last) and visit.ended >= self.day(period.first)

    def within(self, day: int, period: Period) -> bool:
        return self.day(period.first) <= day <= self.day(period.last)

    def age(self, person: int, on: int) -> int:
        return max(int((on - self.persons[person].birth) / 365.25), 0)

    def count(self, one: Series, period: Period) -> float:  # noqa: PLR0911, PLR0912 one case after another
        if one.count in ("persons", "persons started", "newcomers"):
            return self.persons_counted(one, period)
        chosen = [v for v in self.visits if v.service in one.services]
        if one.referrer is not None:
            chosen = [v for v in chosen if v.referrer == one.referrer]
        if one.count in ("started", "new", "repeat"):
            begun = [v for v in chosen if v.started < NEVER and self.within(v.started, period)]
            if one.sex is not None:
                begun = [v for v in begun if self.persons[v.person].sex == one.sex]
            young, old = one.ages
            begun = [v for v in begun if young <= self.age(v.person, v.started) <= old]
            if one.count != "started":
                begun = [v for v in begun if self.again(v) == (one.count == "repeat")]
            return len(begun)
        if one.count == "active":
            return sum(self.in_care(v, period) for v in chosen)
        if one.count == "stock":
            return sum(self.in_care(v, period) for v in chosen)
        if one.count == "stock longer":
            assert one.lasting is not None
            days = {12: 365, 24: 730}[round(one.lasting[0])]
            on = self.stock_day(period.first)
            return sum(self.in_care(v, period) and on - v.started > days for v in chosen)
        if one.count == "ended":
            gone = [v for v in chosen if v.started < NEVER and self.within(v.ended, period)]
            if one.lasting is not None:
                low, high = (months * 365.25 / 12 for months in one.lasting[:2])
                gone = [v for v in gone if low <= v.ended - v.started < high]
            return len(gone)
        if one.count in ("waiting", "waiting longer"):
            on = self.stock_day(period.first)
            here = [v for v in chosen if v.arrived <= on < min(v.started, v.ended)]
            if one.count == "waiting longer":
                assert one.lasting is not None
                here = [v for v in here if on - v.arrived > one.lasting[0]]
            return len(here)
        if one.count in ("wait", "waited"):
            waits = [
                v.started - v.arrived
                for v in chosen
                if v.started < NEVER and self.within(v.started, period)
            ]
            if one.count == "waited":
                assert one.lasting is not None
                return sum(wait >= one.lasting[0] for wait in waits)
            return sum(waits) / len(waits) if waits else math.nan
        if one.count == "lasted":
            lengths = [
                v.ended - v.started
                for v in chosen
                if v.started < NEVER and self.within(v.ended, period)
            ]
            return sum(lengths) / len(lengths) if lengths else math.nan
        if one.count == "arrived":
            return sum(self.within(v.arrived, period) for v in chosen)
        assert one.count == "left"
        return sum(v.started == NEVER and self.within(v.ended, period) for v in chosen)

    def again(self, visit: Visit) -> bool:
        """Care of the same kind in the five years before, all of it over, a day between."""
        field = next(f for f in ("help", "protection", "probation") if visit.service in groups()[f])
        earlier = [
            v
            for v in self.visits
            if v.person == visit.person
            and v.service in groups()[field]
            and v.started < visit.started
        ]
        last = max((v.ended for v in earlier), default=-NEVER)
        return visit.started - 5 * 365 <= last < visit.started

    def persons_counted(self, one: Series, period: Period) -> int:
        if one.count == "newcomers":
            first = period.first
            eve = first if (first.month, first.day) == (1, 1) else first - timedelta(1)
            return self.having(one, period) - self.having(one, Period(eve, eve))
        return self.having(one, period)

    def having(self, one: Series, period: Period) -> int:
        found = 0
        for number, person in enumerate(self.persons):
            mine = [v for v in self.visits if v.person == number]
            if one.count == "persons started":
                had = {
                    v.service for v in mine if v.started < NEVER and self.within(v.started, period)
                }
            else:
                had = {v.service for v in mine if v.started < NEVER and self.in_care(v, period)}
            kinds = sum(bool(had & groups()[kind]) for kind in KINDS)
            on = self.stock_day(period.first) if period.is_day else self.day(period.first)
            age = self.age(number, on)
            found += (
                bool(had & one.services)
                and all(had & group for group in one.also)
                and not had & one.without
                and (one.kinds is None or one.kinds[0] <= kinds <= one.kinds[1])
                and one.ages[0] <= age <= one.ages[1]
                and one.sex in (None, person.sex)
            )
        return found


def month_of(on: date) -> Period:
    first = on.replace(day=1)
    after = (first + timedelta(31)).replace(day=1)
    return Period(first, after - timedelta(1))
