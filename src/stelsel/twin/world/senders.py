"""Who sends the children that each service gets: asked from outside, and what follows from it.

A child keeps its sender when it moves on or gets more help beside; who comes by a measure the
certified institution sends, as far as the plan says so (``institution.sends``), and so it is with
whom it sent before.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from stelsel.system import referrers
from stelsel.twin.country.baseline import TEAM
from stelsel.twin.plans.plan import Plan
from stelsel.twin.services import number, services
from stelsel.twin.world.rules import YEAR, Values

Numbers = npt.NDArray[np.float64]
TOWN, INSTITUTION = "municipality", "certified-institution"
ROUNDS = 40
"""Moves from service to service until the flows have settled."""


def asked(plan: Plan, day: date) -> Numbers:
    """Give the shares of who sends among those who ask from outside [J]; they add up to one."""
    value = Values(plan, day)
    share = np.array([value(f"referrer[{referrer.slug}]") for referrer in referrers()])
    return np.asarray(share / max(float(share.sum()), 1e-9))


def sent(plan: Plan, day: date) -> Numbers:
    """Give how many a day reach each service, by who sent them, if all went on as on a day.

    Parameters
    ----------
    plan
        What holds.
    day
        On which day.

    Returns
    -------
    numpy.ndarray
        Children a day [K, J + 1]; the last column has those whom nobody sends.

    Examples
    --------
    >>> from stelsel.twin.country.baseline import baseline
    >>> found = sent(baseline(), date(2021, 7, 1))
    >>> foster, ambulatory = number("foster-care"), number("ambulatory")
    >>> institution = [one.slug for one in referrers()].index(INSTITUTION)
    >>> share = found[:, institution] / found.sum(axis=1)
    >>> bool(share[foster] > share[ambulatory])
    True
    """
    value = Values(plan, day)
    every = services()
    slugs = [one.slug for one in referrers()]
    town, own = slugs.index(TOWN), slugs.index(INSTITUTION)
    team = number(TEAM)
    shares = asked(plan, day)
    care = np.array([service.part == "care" for service in every])
    guarded = care & (np.arange(len(every)) != team)
    measure = np.array([service.measure for service in every])
    outside = np.zeros((len(every), len(slugs) + 1))
    for k, service in enumerate(every):
        rate = value(f"demand[{service.slug}]") / YEAR * value.runs(service)
        outside[k, :-1], outside[k, -1] = (rate * shares, 0.0) if care[k] else (0.0, rate)
    solved = outside[care][:, town].sum() * value("access.solved")
    outside[care, town] *= 1 - value("access.solved")
    outside[team, town] += solved
    ways = _ways(plan, value)
    by_measure = np.array([value(f"institution.sends[{s.slug}]", 1.0) for s in every])
    found = outside.copy()
    for _ in range(ROUNDS):
        came = ways.T @ found
        bound = ways.T @ (found * measure[:, None]).sum(axis=1)  # who comes by a measure
        free = ways.T @ (found * ~measure[:, None])
        found = outside.copy()
        found[~care, -1] += came[~care].sum(axis=1)
        found[care, :-1] += free[care, :-1]
        found[care, town] += free[care, -1]
        found[team, town] += bound[team]
        bound[guarded] += free[guarded, own]  # whom it sent before, it sends again or not
        found[guarded, own] += (bound * by_measure - free[:, own])[guarded]
        found[guarded, :-1] += (bound * (1 - by_measure))[guarded, None] * shares
    return found


def _ways(plan: Plan, value: Values) -> Numbers:
    """Chance that who has one service gets another after it or beside it [K, K]."""
    ways = np.zeros((len(services()), len(services())))
    runs = [value.runs(service) for service in services()]
    for family in ("transfer", "second"):
        for pair in plan.family(family):
            a, _, b = pair.partition(">")
            from_, to = number(a), number(b)
            if runs[from_] and runs[to]:
                ways[from_, to] += value(f"{family}[{pair}]")
    return ways
