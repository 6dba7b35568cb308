"""Foster care in plain Python: slow, obviously right, with the draws of the loop."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from stelsel.twin.chance import Purpose
from stelsel.twin.parts.foster import Foster
from tests.twin.parts.plain_chance import child, mix, uniform

KIN, ASKED, START = (0xA5C1_5F0E_57E2_0000 + n for n in (1, 2, 3))

ENDS, BREAKS, MOVES = range(3)


@dataclass(eq=False)
class Home:
    key: int
    region: int
    network: bool
    places: int = 1
    filled: int = 0
    stays: int = 0
    closing: bool = False
    gone: bool = False


@dataclass
class Oracle:
    foster: Foster
    seed: int
    homes: list[Home] = field(default_factory=list)
    free: list[list[Home]] = field(default_factory=list)  # by region, first come first
    coming: dict[int, list[Home]] = field(default_factory=dict)
    stopped: int = 0
    asked: int = 0

    def __post_init__(self) -> None:
        self.free = [[] for _ in self.foster.weight]

    def quality(self, home: Home, who: int) -> float:
        return uniform(mix(who ^ mix(home.key)), Purpose.MATCH, 0)

    def _open(self, key: int, region: int, day: int) -> Home:
        home = Home(key, region, network=False)
        self.homes.append(home)
        self._begin(home, day)
        return home

    def _begin(self, home: Home, day: int) -> None:
        home.places = math.floor(self.foster.places[day] + uniform(home.key, Purpose.ROOMS, 0))
        self.free[home.region].append(home)

    def _kin(self, who: int, leg: int, region: int) -> Home:
        home = Home(mix(mix(who + leg) ^ KIN), region, network=True, filled=1)
        self.homes.append(home)
        return home

    def _take(self, home: Home) -> Home:
        home.filled += 1
        if home.filled == home.places:
            self.free[home.region].remove(home)
        return home

    def settle(self, who: int, leg: int, region: int) -> Home:
        if uniform(who, Purpose.OWN_FAMILY, leg) < self.foster.network[0]:
            return self._kin(who, leg, region)
        if not self.free[region]:
            self._open(mix(mix(who + leg) ^ START), region, 0)
        return self._take(self.free[region][0])

    def begin(self) -> None:
        for region, number in enumerate(self.foster.number):
            key = child(self.seed ^ START, int(number))
            recruited = sum(not h.network for h in self.homes if h.region == region)
            empty = self.foster.empty
            more = recruited * empty / (1 - empty) + uniform(key, Purpose.ROOMS, 0)
            for j in range(math.floor(more)):
                self._open(child(key, 1_000_000 + j), region, 0)
        for week in range(-self.foster.ahead, 0):
            self._ask(week)

    def week_begins(self, week: int) -> None:
        for home in reversed(self.coming.get(week, [])):
            self.homes.append(home)
            self._begin(home, 7 * week)
        self._ask(week)
        for free in self.free:
            for home in [h for h in free if h.filled == 0]:
                if uniform(child(home.key, week), Purpose.IDLE, 0) < self.foster.idle[week]:
                    free.remove(home)
                    self._stop(home)

    def _ask(self, week: int) -> None:
        row = week + self.foster.ahead
        for region, number in enumerate(self.foster.number):
            of_week = child(child(self.seed ^ ASKED, int(number)), week + 1_000_000)
            rate = self.foster.asked[row] * self.foster.weight[region]
            chance, n = uniform(of_week, Purpose.ASKED, 0), 0
            while sum(math.exp(-rate) * rate**k / math.factorial(k) for k in range(n + 1)) < chance:
                n += 1
            self.asked += n if week >= 0 else 0
            for j in range(n):
                key = child(of_week, j)
                if uniform(key, Purpose.BECOMES, 0) < self.foster.becomes[row]:
                    takes = self.foster.pipeline[row] * (0.5 + uniform(key, Purpose.PIPELINE, 0))
                    on = week + max(1, math.floor(takes / 7 + 0.5))
                    self.coming.setdefault(on, []).append(Home(key, region, network=False))

    def found(
        self, who: int, leg: int, arrived: int, urgent: bool, region: int, day: int
    ) -> Home | None:
        asked_on = max(arrived, 0)
        if not urgent:
            takes = -math.log(uniform(who, Purpose.SEARCH, leg)) * self.foster.search[asked_on]
            if day < arrived + math.floor(takes + 0.5):
                return None
        if uniform(who, Purpose.OWN_FAMILY, leg) < self.foster.network[asked_on]:
            return self._kin(who, leg, region)
        return self.match(who, region, day, None)

    def match(self, who: int, region: int, day: int, but: Home | None) -> Home | None:
        compared = self.free[region][: self.foster.choice[day]]
        compared = [home for home in compared if home is not but]
        if not compared:
            return None
        return self._take(max(compared, key=lambda home: self.quality(home, who)))

    def breaks(self, home: Home, who: int, day: int) -> int:
        """Add up the chances day by day until they reach the patience of the placement."""
        days = len(self.foster.broken) - 1
        worse = math.exp(-self.foster.quality * (self.quality(home, who) - 0.5))
        worse *= self.foster.kin if home.network else 1.0
        patience = -math.log(uniform(mix(who ^ mix(home.key)), Purpose.BREAKS, 0))
        for on in range(day + 1, days):
            if (self.foster.broken[on] - self.foster.broken[day]) * worse > patience:
                return on
        return days

    def moves(self, home: Home, who: int, day: int) -> int:
        """Add up the pace of planned moves day by day, once the child has settled."""
        days = len(self.foster.moving) - 1
        patience = -math.log(uniform(mix(who ^ mix(home.key)), Purpose.MOVES, 0))
        since = day + self.foster.settled
        for on in range(since + 1, days):
            if not home.network and self.foster.moving[on] - self.foster.moving[since] > patience:
                return on
        return days

    def given_back(self, home: Home, day: int, how: int) -> None:
        home.filled -= 1
        home.stays += 1
        if home.network:
            home.gone = True
            return
        chance = (self.foster.leave_after if how == BREAKS else self.foster.leave)[day]
        if how != MOVES and uniform(home.key, Purpose.STOPS, home.stays) < chance:
            home.closing = True
        free = self.free[home.region]
        if home.closing:
            if home in free:
                free.remove(home)
            if home.filled == 0:
                self._stop(home)
        elif home not in free:
            free.append(home)

    def _stop(self, home: Home) -> None:
        home.gone = True
        self.stopped += 1
