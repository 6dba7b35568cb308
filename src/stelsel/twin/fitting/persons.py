"""Correct how much help is of one child: who has more at once, and who has help beside a measure.

CBS publishes the sum: the children with help of a year beside the episodes that ran in it. With
too many episodes to a child, less of help comes beside other help.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import numpy.typing as npt

from stelsel.twin.country.chain import MEASURES
from stelsel.twin.country.ledger import FIRST_YEAR, surest
from stelsel.twin.fitting.levers import Levers, bounded
from stelsel.twin.layout import OPEN
from stelsel.twin.plans.plan import Plan
from stelsel.twin.runs.run import Run
from stelsel.twin.services import number

STAY = ("foster-care", "family-home", "residential", "secure-care")
GUARDED = ("supervision", "guardianship")
FREE = ("ambulatory", "network-help", "day-help", "local-team")
BESIDE = tuple(f"second[{first}>{second}]" for first in FREE for second in FREE)
"""Help without stay beside help without stay: those of them that the plan has."""
STAYS = ("second[residential>residential]",)
WITH_STAY = (
    *(f"second[residential>{one}]" for one in FREE),
    *(f"second[{one}>ambulatory]" for one in STAY if one != "residential"),
)
"""Help without stay beside help with stay: those of them that the plan has."""
GUARDED_STAYS = (
    *(f"second[{one}>residential]" for one in ("provisional-supervision", *GUARDED)),
    *(f"second[{one}>family-home]" for one in GUARDED),
    "known[measure>residential]",
    "known[measure>family-home]",
)
"""Help with stay beside a measure of protection."""
BY_MEASURE = (
    *(f"second[{one}>ambulatory]" for one in GUARDED),
    "second[supervision>network-help]",
    "known[measure>ambulatory]",
    "known[measure>network-help]",
    "known[measure>day-help]",
)
FIRST_DAY = "beside.help"
BOTH, ONLY = "both zonder and met verblijf", "met verblijf only"
YOUTHS, HELP, STAYING = "youth_with_jeugdhulp", "total", "met verblijf total"
WITH_STAY_SHARE = "jb_with_verblijf_share"
TOGETHER = "youth_with_jeugdzorg_combination"
WITH_HELP = (
    "jeugdhulp and jeugdbescherming",
    "jeugdhulp and jeugdbescherming and jeugdreclassering",
)
WITHOUT = ("jeugdbescherming only", "jeugdbescherming and jeugdreclassering")
COMBINED = 2017
"""Year of which CBS publishes what help and measures go together."""
LEAST = 0.001
"""Fewer visits beyond the first of a child than this are none."""


class Had:
    """Who had what in a year of a run.

    Parameters
    ----------
    one
        A run that begins on 1 January.
    """

    def __init__(self, one: Run) -> None:
        v = one.visits
        kept = v["started"] != OPEN
        self.service = v["service"][kept]
        self.person, self.started, self.ended = (
            v[name][kept].astype(np.int64) for name in ("person", "started", "ended")
        )
        self.persons = int(self.person.max(initial=0)) + 1
        self.first = one.first

    def between(self, slugs: Collection[str], first: date, last: date) -> npt.NDArray[np.int64]:
        """Give the child of each visit to some services that ran in a time."""
        low, high = ((day - self.first).days for day in (first, last))
        mine = np.isin(self.service, [number(slug) for slug in slugs])
        return np.asarray(self.person[mine & (self.started <= high) & (self.ended >= low)])

    def who_between(self, slugs: Collection[str], first: date, last: date) -> npt.NDArray[np.bool_]:
        """Give for each child whether it had some services in a time."""
        found = np.zeros(self.persons, np.bool_)
        found[self.between(slugs, first, last)] = True
        return found

    def within(self, slugs: Collection[str], year: int) -> npt.NDArray[np.int64]:
        """Give the child of each visit to some services that ran in a year."""
        return self.between(slugs, date(year, 1, 1), date(year, 12, 31))

    def who(self, slugs: Collection[str], year: int) -> npt.NDArray[np.bool_]:
        """Give for each child whether it had some services in a year."""
        return self.who_between(slugs, date(year, 1, 1), date(year, 12, 31))

    def more(self, slugs: Collection[str], year: int, children: float) -> float:
        """Give what is wanted over what is: visits beyond the first of a child, for so many."""
        visits = len(self.within(slugs, year))
        there = max(int(self.who(slugs, year).sum()), 1)
        return max(visits / children - 1, LEAST) / max(visits / there - 1, LEAST)


def fit_persons(plan: Plan, levers: Levers, one: Run) -> None:
    """Correct what comes beside what, after the run of a round.

    Parameters
    ----------
    plan
        The baseline in closed form.
    levers
        Which are corrected, in place.
    one
        The country over the years of the fit.
    """
    had = Had(one)
    help_, stay = _ratios(had, (*STAY, *FREE), HELP), _ratios(had, STAY, STAYING)
    _move(plan, levers, (FIRST_DAY,), _of_first_day(had))
    if help_:
        _move(plan, levers, BESIDE, float(np.mean(list(help_.values()))))
    if stay:
        _move(plan, levers, STAYS, float(np.mean(list(stay.values()))))
    _move(plan, levers, WITH_STAY, _of_both(had))
    _beside_measures(plan, levers, had)
    _guarded_stays(plan, levers, had)


def _ratios(had: Had, slugs: Collection[str], breakdown: str) -> dict[int, float]:
    """Give by year after the first what is wanted over what is: visits beyond one of a child."""
    last = max(end.year for *_, end in surest())
    found = {}
    for year in range(FIRST_YEAR + 1, last + 1):
        fact = (YOUTHS, breakdown, date(year, 1, 1), date(year, 12, 31))
        if fact in surest():
            found[year] = had.more(slugs, year, surest()[fact])
    return found


def _of_first_day(had: Had) -> float:
    """Give the same of the first year, such that the children grow to the second as published."""
    facts = [(YOUTHS, HELP, date(y, 1, 1), date(y, 12, 31)) for y in (FIRST_YEAR, FIRST_YEAR + 1)]
    if any(fact not in surest() for fact in facts):
        return 1.0
    children = had.who((*STAY, *FREE), FIRST_YEAR + 1).sum()
    return had.more((*STAY, *FREE), FIRST_YEAR, children * surest()[facts[0]] / surest()[facts[1]])


def _move(plan: Plan, levers: Levers, names: Collection[str], by: float) -> None:
    """Correct some parameters alike, each within the range that was chosen for it."""
    for name in names:
        bounded(plan, levers, name, by)


def _of_both(had: Had) -> float:
    """Give what is wanted over what is: who has help without stay too, of who has it with stay.

    A year counts twice as much as a half-year.
    """
    found, days_of = [], []
    for first, last in ((f, t) for what, name, f, t in surest() if (what, name) == (YOUTHS, BOTH)):
        days = first, last
        both, only = surest()[YOUTHS, BOTH, *days], surest().get((YOUTHS, ONLY, *days))
        if only is None or first.year == FIRST_YEAR:
            continue
        stay, free = had.who_between(STAY, *days), had.who_between(FREE, *days)
        got = int((stay & free).sum()) / max(int(stay.sum()), 1)
        found.append(both / (both + only) / max(got, LEAST))
        days_of.append((last - first).days + 1)
    return float(np.exp(np.average(np.log(found), weights=days_of))) if found else 1.0


def _beside_measures(plan: Plan, levers: Levers, had: Had) -> None:
    """Let as many with a protection measure have help as published."""
    days = date(COMBINED, 1, 1), date(COMBINED, 12, 31)
    if (TOGETHER, WITHOUT[0], *days) not in surest():
        return
    both, none = (
        sum(surest()[TOGETHER, name, *days] for name in names) for names in (WITH_HELP, WITHOUT)
    )
    guarded, helped = had.who(MEASURES, COMBINED), had.who((*STAY, *FREE), COMBINED)
    without = max(int((guarded & ~helped).sum()), 1)
    odds = (both / none) / (int((guarded & helped).sum()) / without)
    _move(plan, levers, BY_MEASURE, odds)


def _guarded_stays(plan: Plan, levers: Levers, had: Had) -> None:
    """Let as many with a protection measure live in help as published, in percent."""
    facts = [(f, t, v) for (what, _, f, t), v in surest().items() if what == WITH_STAY_SHARE]
    for first, last, percent in facts:
        guarded = had.who_between(MEASURES, first, last)
        lives = int((guarded & had.who_between(STAY, first, last)).sum())
        got = max(lives, 1) / max(int(guarded.sum()), 1)
        _move(plan, levers, GUARDED_STAYS, percent / 100 / got)
