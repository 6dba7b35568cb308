"""Switches: each part of the twin can be put out of action, for a run or from a day on."""

from __future__ import annotations

from datetime import date

import numpy as np

from stelsel.twin.layout import Floats
from stelsel.twin.plans.plan import Plan

PARTS = (
    *("access", "worsening", "bridging", "budgets", "ageing", "returning", "second"),
    *("protection", "probation", "foster", "secure", "staff", "continuity", "money"),
    *("boarding", "policy"),
)
"""The parts that have a switch ``on[part]`` in the plan: 1 on, 0 off."""


def on(plan: Plan, part: str, first: date, days: int = 1) -> Floats:
    """Whether a part is on, 0 or 1, on each of so many days; a part without a switch is on.

    Examples
    --------
    >>> from stelsel.twin.plans.plan import Plan
    >>> on(Plan.of([]), "protection", date(2021, 1, 1), 2)
    array([1., 1.])
    """
    name = f"on[{part}]"
    if name not in plan.parameters:
        return np.ones(days)
    return (plan[name].series(first, days) >= 0.5).astype(np.float64)
