"""Switches: each part of the twin can be put out of action, for a run or from a day on."""

from __future__ import annotations

from datetime import date

import numpy as np

from stelsel.errors import StelselError
from stelsel.twin.layout import Floats
from stelsel.twin.plans.plan import Plan

PARTS = (
    *("access", "worsening", "bridging", "budgets", "ageing", "returning", "second"),
    *("protection", "probation", "foster", "secure", "staff", "continuity", "money"),
    *("boarding", "policy"),
)
"""The parts that have a switch ``on[part]`` in the plan: 1 on, 0 off."""

WHOLE = ("access", "foster", "secure", "staff", "continuity")
"""Parts that a run has from its first day to its last, or not at all; the others may be switched
on or off on any day."""


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


def throughout(plan: Plan, part: str, first: date, days: int) -> bool:
    """Whether a part of :data:`WHOLE` is on in a run.

    Raises
    ------
    StelselError
        When the plan turns it on or off during the run.

    Examples
    --------
    >>> from stelsel.twin.plans.plan import Plan
    >>> throughout(Plan.of([]), "staff", date(2021, 1, 1), 365)
    True
    """
    runs = on(plan, part, first, days)
    if (runs != runs[0]).any():
        raise StelselError(
            "This part runs from the first day to the last, or not at all.",
            where=f"on[{part}]",
            remedy="Switch it on or off on the first day of the run or before.",
            what_nl="Dit onderdeel draait van de eerste dag tot de laatste, of helemaal niet.",
            remedy_nl="Zet het aan of uit op de eerste dag van de run of daarvoor.",
        )
    return bool(runs[0])
