"""From the plan to what the loop reads about staff, and the equilibrium it begins in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from stelsel.errors import Fault, StelselError
from stelsel.twin.parts.staff.layout import Floats, Staff
from stelsel.twin.plans.plan import Plan

WEEK = 7 / 365.25
MONTHS = 12 * WEEK
"""Length of a week in months."""
TRIAGE = "triage"
HALF = 0.5
"""Strength of a worker who is new."""
NAMES = (
    *("leave", "load", "hire", "delay", "train", "ill", "ill_load", "caseload", "paperwork"),
    *("waiting", "group", "posts", "return", "follow"),
)


def staffed(plan: Plan) -> tuple[str, ...]:
    """Give the services whose places follow from staff: those that have ``staff.leave[...]``.

    Examples
    --------
    >>> from stelsel.twin import baseline
    >>> "guidance" in staffed(baseline())
    True
    """
    return tuple(plan.family("staff.leave"))


def equilibrium(leave: float, hire: float, start: float, trained: float) -> tuple[float, ...]:
    """Where staff stays as it is at load 1: full, new and hired workers of one post.

    Parameters
    ----------
    leave
        Chance a week to leave.
    hire
        Share of the vacancies filled in a week.
    start
        Share of the hired that begins in a week.
    trained
        Share of the new that gets to full strength in a week.

    Notes
    -----
    As many are hired as begin as leave: ``hire x vacant = start x hired = leave x employed``, and
    as many get to full strength as leave it: ``trained x new = leave x full``. Employed, hired
    and vacant are one post together.

    Examples
    --------
    >>> full, new, hired = equilibrium(0.004, 0.02, 0.08, 0.04)
    >>> vacant = 1 - full - new - hired
    >>> round(vacant * 0.02, 6) == round((full + new) * 0.004, 6), round(new / full, 6)
    (True, 0.1)
    """
    if leave == 0:
        return 1.0, 0.0, 0.0
    employed = 1 / (1 + leave / start + leave / hire)
    new = employed * leave / (leave + trained)
    return employed - new, new, employed * leave / start


def tipping_load(vacant: float, elasticity: float) -> float:
    """Largest lasting load that staff can bear, with workers at full strength at once.

    Parameters
    ----------
    vacant
        Share of posts without a worker at load 1.
    elasticity
        Of leaving on load, above one.

    Notes
    -----
    Let s be strength over that at load 1, c the cases over those at load 1, k = vacant / (1 -
    vacant) and e the elasticity. In rest s = (1 + k) / (1 + k (c / s)^e). That has a solution
    only up to c = (1 + k) (e - 1) / e / (k (e - 1))^(1 / e); beyond, leaving feeds on itself.

    Examples
    --------
    >>> round(tipping_load(0.2, 2.0), 4)
    1.25
    """
    k = vacant / (1 - vacant)
    e = elasticity
    return float((1 + k) * (e - 1) / e / (k * (e - 1)) ** (1 / e))


def compiled_staff(plan: Plan, stations: Sequence[str], first: date, days: int) -> Staff:
    """Compile the plan values of staff.

    Parameters
    ----------
    plan
        With ``staff.*[x]`` for every staffed service x, and its ``capacity[x]`` if it has one.
    stations
        The service of each staffed station, in the order of the loop's rows.
    first, days
        First day and length of the run.

    Raises
    ------
    StelselError
        When nobody would ever be hired, begin or be trained while staff leaves.

    Examples
    --------
    >>> from stelsel.twin import baseline
    >>> staff = compiled_staff(baseline(), ["ambulatory"], date(2021, 1, 1), 14)
    >>> full, new, hired, _ = staff.balance[0]
    >>> bool(0.04 < 1 - full - new < 0.05)
    True
    """
    slugs = list(dict.fromkeys(stations))
    plain = plan.before_changes()

    def weekly(name: str, seen: Plan = plan) -> Floats:
        rows = [seen[f"{name}[{slug}]"].series(first, days)[::7] for slug in slugs]
        return np.array(rows).reshape(len(slugs), -1).T.copy()

    def places(seen: Plan) -> Floats:
        """Places day by day; of a service whose places are not in the plan, one."""
        rows = [
            seen[name].series(first, days)
            if (name := f"capacity[{slug}]") in seen.parameters
            else np.ones(days)
            for slug in slugs
        ]
        return np.array(rows).T.copy()

    value = {name: weekly(f"staff.{name}") for name in NAMES}
    base = {name: weekly(f"staff.{name}", plain)[0] for name in NAMES}
    faults = [
        Fault(
            f"Staff would leave and never be replaced: {name} is nothing.",
            f"staff.{name}[{slug}]",
            remedy="Give a number above zero.",
            what_nl=f"Personeel zou vertrekken en nooit worden vervangen: {name} is niets.",
            remedy_nl="Geef een getal boven nul.",
        )
        for name in ("hire", "delay", "train", "caseload")
        for slug, low in zip(slugs, value[name].min(axis=0, initial=np.inf), strict=True)
        if low <= 0
    ]
    if faults:
        raise StelselError(faults)
    rates = {
        "leave": value["leave"] * WEEK,
        "hire": 1 - (1 - np.minimum(value["hire"], 0.99)) ** MONTHS,
        "start": 1 - np.exp(-7 / value["delay"]),
        "trained": 1 - np.exp(-7 / value["train"]),
    }
    balance = np.zeros((len(slugs), 4))
    for x in range(len(slugs)):
        leave = 1 - np.exp(-base["leave"][x] * WEEK)
        full, new, hired = equilibrium(
            leave,
            1 - (1 - min(base["hire"][x], 0.99)) ** MONTHS,
            1 - np.exp(-7 / base["delay"][x]),
            1 - np.exp(-7 / base["train"][x]),
        )
        strength = (full + HALF * new) * (1 - base["ill"][x])
        balance[x] = full, new, hired, strength
    before = places(plain)
    steps = np.where(before > 0, places(plan) / np.maximum(before, 1e-9), 1.0)
    return Staff(
        service=np.array([slugs.index(slug) for slug in stations], np.int32),
        leave=rates["leave"],
        load=value["load"],
        hire=rates["hire"],
        start=rates["start"],
        trained=rates["trained"],
        ill=value["ill"],
        ill_load=value["ill_load"],
        caseload=value["caseload"] / base["caseload"],
        group=value["group"] / base["group"],
        hours=(1 - value["paperwork"]) / (1 - np.minimum(base["paperwork"], 0.99)),
        posts=steps[::7] * value["posts"],
        steps=np.maximum(steps, 1e-9),
        former=value["return"] * WEEK,
        waiting=value["waiting"],
        usual=np.array([_usual(plain, slug) for slug in slugs]),
        follow=value["follow"] * np.array([_stay(plain, slug) for slug in slugs]),
        cases=base["caseload"],
        balance=balance,
    )


def _usual(plan: Plan, slug: str) -> float:
    """Children who wait for each place as the plan means it.

    Where the plan tells the list, that over the places; else wait over stay (Little's law).
    """
    if f"list[{slug}]" in plan.parameters:
        return plan[f"list[{slug}]"].value / max(plan[f"capacity[{slug}]"].value, 1e-9)
    wait, stay = (plan.parameters.get(f"{name}[{slug}]") for name in ("wait", "duration"))
    if wait is None or stay is None or stay.value <= 0:
        return 0.0
    return wait.value / stay.value


def _stay(plan: Plan, slug: str) -> float:
    """Years that a place is taken to help a child, at most one: budgets are of a year.

    A place helps so many children a year as stays go into it. Who has no stay of its own, such as
    guidance, which lasts as long as its measure, takes a place for the year.
    """
    days = plan.parameters.get("access.delay" if slug == TRIAGE else f"duration[{slug}]")
    return min(days.value / 365.25, 1.0) if days else 1.0
