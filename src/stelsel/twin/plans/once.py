"""What follows from a plan alone, worked out once for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from stelsel.twin.plans.plan import Plan

Found = TypeVar("Found")
KEPT = 2
"""Plans remembered: that of a run, and the same without what a scenario changes."""


def once(work: Callable[[Plan], Found]) -> Callable[[Plan], Found]:
    """Let a function remember what it gave for the last plans; nobody may change what it gave.

    Plans never change, so the same plan gives the same.

    Examples
    --------
    >>> number = once(lambda plan: len(plan.parameters))
    >>> number(Plan({}))
    0
    """
    known: list[tuple[Plan, Found]] = []

    @wraps(work)
    def found(plan: Plan) -> Found:
        for one, outcome in tuple(known):
            if one is plan:
                return outcome
        outcome = work(plan)
        known[:] = [*known[1 - KEPT :], (plan, outcome)]
        return outcome

    return found
