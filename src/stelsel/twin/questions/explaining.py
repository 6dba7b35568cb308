"""Why did it change? What demand, capacity, duration, priority and the rest each did to it.

Between two worlds, or between two years of one. For every subset of the causes there is a world in
which only those differ, all on the same chance; the share of a cause is its Shapley value: what it
adds, averaged over every order in which the causes may come. The shares sum to the whole exactly.
(Shapley, "A value for n-person games", 1953.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from math import factorial

import numpy as np
import numpy.typing as npt

from stelsel.errors import StelselError
from stelsel.twin.plans.scenario import BASELINE, Change, Scenario
from stelsel.twin.questions.asking import Asking, band
from stelsel.twin.questions.quantity import Quantity
from stelsel.twin.runs.task import GROWTH, Held, Task

Numbers = npt.NDArray[np.float64]

CAUSES: dict[str, tuple[str, ...]] = {
    "demand": ("demand", GROWTH, "access.solved", "referrer", "return", "second", "transfer"),
    "capacity": (
        *("capacity", "standing", "foster.asked", "foster.becomes", "foster.pipeline"),
        *("foster.choice", "foster.support", "foster.breakdown", "foster.leave"),
        *("foster.leave_after", "foster.idle", "staff.leave", "staff.hire", "staff.caseload"),
        *("staff.paperwork", "staff.ill", "secure.policy", "secure.path", "secure.replaces"),
    ),
    "duration": ("duration", "term", "renew", "lifted", "lengthens", "age.limit", "age.extended"),
    "priority": ("crisis", "complex", "policy.one_list", "policy.push", "policy.hand_over"),
}
"""Causes and the families of parameters that belong to each; every other family is ``other``."""
OTHER = "other"
"""Ways to leave the wait, bridging care, switches."""
UNDER_WAY = "under way"
"""Between two years: what would have changed had every cause stayed as it was."""


@dataclass(frozen=True)
class Explained:
    """What each cause did to a quantity, per replication.

    ``before`` and ``after`` [replication]; ``parts`` by cause [replication] sum to their
    difference.
    """

    quantity: Quantity
    before: Numbers
    after: Numbers
    parts: Mapping[str, Numbers]

    def rows(self) -> list[dict[str, object]]:
        """Tell each cause: mean, and 80 % band over replications."""
        told = []
        for cause, values in self.parts.items():
            low, high = band(values)
            told.append({"cause": cause, "value": float(values.mean()), "low": low, "high": high})
        return told


def cause_of(name: str) -> str:
    """Give the cause to which a parameter belongs.

    Examples
    --------
    >>> cause_of("capacity[ambulatory]"), cause_of("withdrawn[day-help]")
    ('capacity', 'other')
    """
    family = name.partition("[")[0]
    return next((cause for cause, families in CAUSES.items() if family in families), OTHER)


def shapley(
    worth: Callable[[frozenset[str]], Numbers], causes: Sequence[str]
) -> dict[str, Numbers]:
    """Give the Shapley value of each cause, exactly: every subset is asked once.

    Parameters
    ----------
    worth
        What a quantity is when only these causes are there [replication].
    causes
        All of them.

    Examples
    --------
    >>> found = shapley(lambda some: np.array([3.0 * ("a" in some) + len(some) ** 2]), ["a", "b"])
    >>> found["a"], found["b"]
    (array([5.]), array([2.]))
    """
    number = len(causes)
    subsets = [frozenset(some) for n in range(number + 1) for some in combinations(causes, n)]
    worths = {some: worth(some) for some in subsets}
    found = {}
    for cause in causes:
        total = np.zeros_like(worths[frozenset()])
        for some in subsets:
            if cause in some:
                continue
            orders = factorial(len(some)) * factorial(number - len(some) - 1) / factorial(number)
            total = total + orders * (worths[some | {cause}] - worths[some])
        found[cause] = total
    return found


def between_worlds(
    quantity: Quantity, asking: Asking, other: Scenario, year: int | None = None
) -> Explained:
    """Say why a quantity differs between the world of ``asking`` and another.

    Raises
    ------
    StelselError
        When the other world does not fit the plan, or numbers make no sense.

    Examples
    --------
    >>> from stelsel.twin import load
    >>> from stelsel.twin.questions.quantity import quantity
    >>> more = load("M21@2021-01-15")
    >>> why = between_worlds(quantity("waiting[ambulatory]"), Asking("JZ15", 1, 1), more)
    >>> sorted(why.parts), bool(np.isclose(sum(why.parts.values()), why.after - why.before)[0])
    (['capacity', 'demand'], True)
    """
    asking.check()
    replace(asking, scenario=other).check()
    first, second = asking.scenario, other
    differing = {cause for cause in (*CAUSES, OTHER) if _of(first, cause) != _of(second, cause)}
    if first.falls != second.falls:
        differing.add("capacity")
    causes = [cause for cause in (*CAUSES, OTHER) if cause in differing]

    def world(some: frozenset[str]) -> Scenario:
        changes: list[Change] = []
        for cause in (*CAUSES, OTHER):
            changes += _of(second if cause in some else first, cause)
        falls = second.falls if "capacity" in some else first.falls
        name = f"{first.name}>{second.name}:{'+'.join(sorted(some))}"
        return replace(BASELINE, name=name, changes=tuple(changes), falls=falls)

    worth = _worth(asking, quantity, year, lambda some, r: asking.task(r, world(some)), causes)
    return Explained(quantity, worth(frozenset()), worth(frozenset(causes)), shapley(worth, causes))


def between_years(quantity: Quantity, asking: Asking, before: int, after: int) -> Explained:
    """Say why a quantity differs between two years of the world of ``asking``.

    A cause is taken away by holding its parameters from the end of the first year on as they are
    then (demand stops growing). What changes even so was under way: a list that had not yet come
    to rest.

    Raises
    ------
    StelselError
        When the years do not follow one another or are not run.

    Examples
    --------
    >>> from stelsel.twin.questions.quantity import quantity
    >>> why = between_years(quantity("waiting[all]"), Asking("JZ15", 2, 1), 2021, 2022)
    >>> bool(np.isclose(sum(why.parts.values()), why.after - why.before)[0])
    True
    """
    asking.check()
    if not asking.first.year <= before < after:
        raise StelselError(
            "The years do not follow one another, or the first is not run.",
            where=f"{before}, {after}",
            remedy="Begin the run in or before the first year, and name the earlier year first.",
            what_nl="De jaren volgen niet op elkaar, of het eerste wordt niet doorgerekend.",
            remedy_nl="Begin de run in of voor het eerste jaar, en noem het vroegste jaar eerst.",
        )
    turn = date(before + 1, 1, 1)
    causes = list(CAUSES)

    def held(some: frozenset[str]) -> Held | None:
        families = tuple(f for cause in causes if cause not in some for f in CAUSES[cause])
        return Held(families, turn) if families else None

    worth = _worth(asking, quantity, after, lambda some, r: asking.task(r, held=held(some)), causes)
    whole = [asking.task(r) for r in range(asking.replications)]
    earlier = np.array([quantity.of(summary, before) for summary in asking.done(whole)])
    parts = {UNDER_WAY: worth(frozenset()) - earlier, **shapley(worth, causes)}
    return Explained(quantity, earlier, worth(frozenset(causes)), parts)


def _worth(
    asking: Asking,
    quantity: Quantity,
    year: int | None,
    task: Callable[[frozenset[str], int], Task],
    causes: Sequence[str],
) -> Callable[[frozenset[str]], Numbers]:
    """Run every subset at once, and give the quantity in each."""
    subsets = [frozenset(s) for n in range(len(causes) + 1) for s in combinations(causes, n)]
    every = range(asking.replications)
    tasks = [task(some, r) for some in subsets for r in every]
    done = asking.done(tasks)
    values = np.array([quantity.of(summary, year) for summary in done])
    found = dict(zip(subsets, values.reshape(len(subsets), -1), strict=True))
    return found.__getitem__


def _of(world: Scenario, cause: str) -> list[Change]:
    return [change for change in world.changes if cause_of(change.parameter) == cause]
