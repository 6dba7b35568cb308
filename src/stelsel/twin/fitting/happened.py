"""What happened around each visit: what brought it, what followed it, who came of age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from stelsel.twin.country.baseline import TEAM
from stelsel.twin.fitting.visits import FAR, STILL, Days, Visits, numbers
from stelsel.twin.plans.plan import Plan
from stelsel.twin.services import services
from stelsel.twin.world.rules import AT_THE_LATEST

Bools = npt.NDArray[np.bool_]
Segments = tuple[Days, Days, Days, Bools]

YEAR = 365.25
MONTH = 31
SLACK = 16
"""Days that a birthday and the age by which the twin ends help may lie apart: of a request about a
child that is known the twin draws the age of its own."""
NOTHING = (0.0, "")
GOT_WORSE = ("worse", "lapsed")
"""How a wait ended of who got worse: messages have no code for it, so there it lapsed."""
UNLIKELY, SELDOM = 1e-9, 1e-3
"""Chances of what the plan does not have, and of a visit that nothing on its day explains."""
MOVED_ON, TOO_OLD, LINKED = "change-request", "aged-out", "measure-ended"


@dataclass(frozen=True)
class Window:
    """The days that are looked at, and what a plan says that files do not."""

    first: int
    last: int
    plan: Plan

    @classmethod
    def of(cls, first: date, last: date, plan: Plan) -> Window:
        """Make one of its first and last day."""
        return cls(first.toordinal(), last.toordinal(), plan)

    @property
    def years(self) -> float:
        """Length in years."""
        return (self.last - self.first + 1) / YEAR

    def holds(self, days: Days) -> Bools:
        """Say which days lie in it."""
        return np.asarray((days >= self.first) & (days <= self.last))

    def value(self, name: str, default: float = 0.0) -> float:
        """Mean value of a parameter over the window; ``default`` when the plan does not have it."""
        if name not in self.plan.parameters:
            return default
        days = self.last - self.first + 1
        return float(self.plan[name].series(date.fromordinal(self.first), days).mean())

    def limits(self, slug: str) -> list[tuple[float, float]]:
        """Give the ages in years between which a service may end by age, by the plan."""
        name = f"age.limit[{slug}]"
        if name not in self.plan.parameters:
            return []
        # What held when a stay was planned counts, which may be long ago.
        since = self.first - int(AT_THE_LATEST * YEAR)
        of_days = self.plan[name].series(date.fromordinal(since), self.last - since + 1)
        if of_days.max() <= 0:
            return []
        return [(float(of_days.min()), float(of_days.max())), (AT_THE_LATEST, AT_THE_LATEST)]


@dataclass(frozen=True, slots=True)
class Cause:
    """What brought a visit on the day that it began: another visit, for a share."""

    kind: str
    visit: int
    share: float


class Happened:
    """What brought each visit: nothing that is told, or another visit of the child that day.

    A stay that ends brings at most one visit, as does a wait that lapses; a stay that begins may
    bring several. Where it cannot be told which of several stays brought a visit beside it, each
    did for the part that the shares of the plan give it. ``first`` is the chance of each visit to
    be what brought a child, ``alone`` to be brought by nothing that is told, though not the first.
    """

    def __init__(self, visits: Visits, plan: Plan) -> None:
        self.visits, self.plan = visits, plan
        self.slugs = [service.slug for service in services()]
        self.shares = {
            kind: {
                (numbers()[a], numbers()[b]): value
                for about, value in plan.family(kind).items()
                for a, _, b in (about.partition(">"),)
                if a in numbers() and b in numbers()
            }
            for kind in ("transfer", "second", "worse.to")
        }
        # Who may not wait longer for secure care goes elsewhere.
        for to, value in plan.family("secure.instead").items():
            if to in numbers():
                self.shares["worse.to"][numbers()["secure-care"], numbers()[to]] = value
        self._asked = np.array(
            [
                plan.value(f"demand[{slug}]") if f"demand[{slug}]" in plan.parameters else 1.0
                for slug in self.slugs
            ]
        )
        # What the local team gets was asked of other forms.
        forms = [k for k, one in enumerate(services()) if one.form]
        sent = plan.value("referrer[municipality]") * plan.value("access.solved")
        self._asked[numbers()[TEAM]] = sent * self._asked[forms].sum()
        v = visits
        self._started = _by_day(v.child, v.started)
        self._ended = _by_day(v.child, v.ended)
        self.causes: dict[int, list[Cause]] = {}
        self.first = np.zeros(len(v))
        self.alone = np.zeros(len(v))
        oldest = np.full(int(v.child.max(initial=-1)) + 1, STILL)
        np.minimum.at(oldest, v.child, v.begun)
        for key, rows in _by_day(v.child, v.begun).items():
            self._bring(rows, key, bool(oldest[v.child[rows[0]]] == v.begun[rows[0]]))
        self.brought: dict[int, list[tuple[str, int, float]]] = {}
        for n, causes in self.causes.items():
            for cause in causes:
                into = (cause.kind, int(v.service[n]), cause.share)
                self.brought.setdefault(cause.visit, []).append(into)

    def _bring(self, rows: list[int], key: int, newcomer: bool) -> None:
        """Work out what brought the visits of a child that began on one day."""
        v, left = self.visits, list(rows)
        started = self._started.get(key, [])
        for m in self._ended.get(key, []):
            ways = {n: self._ends_into(m, n) for n in left if n != m}
            ways = {n: (s * self._others(left, n, started), how) for n, (s, how) in ways.items()}
            n = max(ways, key=lambda n: ways[n][0], default=-1)
            if n >= 0 and ways[n][0] > 0:
                left.remove(n)
                self.causes[n] = [Cause(ways[n][1], m, 1.0)]
        new = newcomer and len(left) == len(rows)
        roots = {-1: 1.0}
        if new or (left and not any(m not in left for m in started)):
            roots = self._roots(left, started)
        for root, chance in roots.items():
            if root >= 0:
                (self.first if new else self.alone)[root] += chance
            for n in left:
                if n == root:
                    continue
                to = int(v.service[n])
                of = {m: self._share("second", m, to) for m in started if m != n}
                whole = sum(of.values())
                if whole <= 0:
                    self.alone[n] += chance
                    continue
                beside = [Cause("second", m, chance * s / whole) for m, s in of.items() if s > 0]
                self.causes.setdefault(n, []).extend(beside)

    def _ends_into(self, m: int, n: int) -> tuple[float, str]:
        """Give how likely the end of a visit brought another, and in which way."""
        v, to = self.visits, int(self.visits.service[n])
        own = int(v.service[m])
        same = 1e-3 if own == to else 0.0
        if not v.served[m]:
            worse = v.left[m] in GOT_WORSE and bool(services()[own].form)
            return (max(self._share("worse.to", m, to), same), "worse.to") if worse else NOTHING
        if v.exit[m] == MOVED_ON or not services()[own].form:
            return self._share("transfer", m, to), "transfer"
        if self.slugs[own] == "foster-care":
            return max(self._share("worse.to", m, to), same), "broke-down"
        return NOTHING

    def _others(self, rows: list[int], one: int, started: list[int]) -> float:
        """Give how likely it is that all but one of some visits came beside what began that day."""
        chance = 1.0
        for n in rows:
            if n != one:
                to = int(self.visits.service[n])
                of = (self._share("second", m, to) for m in started if m != n)
                chance *= max(max(of, default=0.0), SELDOM)
        return chance

    def _roots(self, rows: list[int], started: list[int]) -> dict[int, float]:
        """Give the chance of each of several visits to be what brought the others."""
        if len(rows) == 1:
            return {rows[0]: 1.0}

        def likely(root: int) -> float:
            chance = float(self._asked[self.visits.service[root]])
            for n in rows:
                if n != root:
                    to = int(self.visits.service[n])
                    of = [self._share("second", m, to) for m in started if m != n]
                    by_root = self._share("second", root, to) if root in started else 0.0
                    chance *= max(by_root, 0.1 * max(of, default=0.0), UNLIKELY)
            return chance

        found = {root: likely(root) for root in rows}
        whole = sum(found.values())
        return {root: chance / whole for root, chance in found.items()}

    def _share(self, kind: str, visit: int, to: int) -> float:
        return self.shares[kind].get((int(self.visits.service[visit]), to), 0.0)

    def broke_down(self, n: int) -> bool:
        """Say whether a placement broke down: it ended early, and a heavier place was asked for."""
        return any(kind == "broke-down" for kind, _, _ in self.brought.get(n, []))

    def of_age(self, rows: Days, limits: list[tuple[float, float]]) -> Bools:
        """Say which stays ended as the child came of age."""
        v = self.visits
        gone = np.asarray(v.exit[rows] == TOO_OLD)
        born, ended = v.born[rows], v.ended[rows]
        for limit in limits:
            low, high = _month(born, limit)
            gone |= (born != STILL) & (ended >= low) & (ended <= high)
        return gone

    def segments(self, rows: Days, window: Window, limits: list[tuple[float, float]]) -> Segments:
        """Cut stays into stretches in which they may end by their length, within a window.

        The month in which a child comes of age is left out: who ends then may do so by age.

        Returns
        -------
        rows, since, until, ended
            Of each stretch: the visit, its first day and one past its last, and whether it ended.
        """
        v = self.visits
        since = np.maximum(v.started[rows], window.first)
        until = np.minimum(v.ended[rows], window.last + 1)
        ended = window.holds(v.ended[rows]) & (v.exit[rows] != TOO_OLD)
        ended &= v.exit[rows] != LINKED
        seen = since < until
        kept, since, until, ended = rows[seen], since[seen], until[seen], ended[seen]
        for limit in limits:
            low, high = _month(v.born[kept], limit)
            unknown = v.born[kept] == STILL
            low, high = np.where(unknown, STILL, low), np.where(unknown, STILL, high)
            before = np.flatnonzero(since < np.minimum(until, low))
            after = np.flatnonzero(np.maximum(since, high) < until)
            kept, since, until, ended = (
                np.concatenate([kept[before], kept[after]]),
                np.concatenate([since[before], np.maximum(since, high)[after]]),
                np.concatenate([np.minimum(until, low)[before], until[after]]),
                np.concatenate([(ended & (until <= low))[before], ended[after]]),
            )
        return kept, since, until, ended


def _month(born: Days, limit: tuple[float, float]) -> tuple[Days, Days]:
    """First day and one past the last on which who was born in a month may reach an age."""
    low, high = (np.where(born == STILL, 0, born) + int(age * YEAR) for age in limit)
    return low - SLACK, high + MONTH + SLACK


def _by_day(child: Days, day: Days) -> dict[int, list[int]]:
    """Give rows by child and day; those without a day are left out."""
    found: dict[int, list[int]] = {}
    rows = np.flatnonzero(day != STILL)
    keys = child[rows] * FAR + day[rows]
    for n, key in zip(rows.tolist(), keys.tolist(), strict=True):
        found.setdefault(key, []).append(n)
    return found
