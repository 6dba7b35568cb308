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
from stelsel.twin.fitting.levers import Levers
from stelsel.twin.layout import OPEN
from stelsel.twin.plans.plan import Plan
from stelsel.twin.runs.run import Run
from stelsel.twin.services import number

STAY = ("foster-care", "family-home", "residential", "secure-care")
FREE = ("ambulatory", "network-help", "day-help", "local-team")
BESIDE = tuple(f"second[{first}>{second}]" for first in FREE for second in FREE)
"""Help without stay beside help without stay: those of them that the plan has."""
STAYS = ("second[residential>residential]",)
BY_MEASURE = ("second[supervision>ambulatory]", "second[supervision>network-help]")
FIRST_DAY = "beside.help"
YOUTHS, HELP, STAYING = "youth_with_jeugdhulp", "total", "met verblijf total"
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

    def within(self, slugs: Collection[str], year: int) -> npt.NDArray[np.int64]:
        """Give the child of each visit to some services that ran in a year."""
        low, high = ((date(year + n, 1, 1) - self.first).days for n in (0, 1))
        mine = np.isin(self.service, [number(slug) for slug in slugs])
        return np.asarray(self.person[mine & (self.started < high) & (self.ended >= low)])

    def who(self, slugs: Collection[str], year: int) -> npt.NDArray[np.bool_]:
        """Give for each child whether it had some services in a year."""
        found = np.zeros(self.persons, np.bool_)
        found[self.within(slugs, year)] = True
        return found

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
    _beside_measures(plan, levers, had)


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
        one = plan.parameters.get(name)
        if one is None or one.value <= 0:
            continue
        levers.multiply(name, np.array([by]))
        if one.low is not None and one.high is not None:
            within = np.array([one.low, one.high]) / one.value
            levers.factors[name] = np.clip(levers.factors[name], *within)


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
