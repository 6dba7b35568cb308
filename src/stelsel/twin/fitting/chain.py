"""Correct the protection chain: places, guidance, investigations of the Board, who comes back.

Places of a service are what comes to it times how long that takes, while its list goes on as long
as the plan means: so budgets follow what is asked. How long the list was in the run does not move
them; from there posts follow the list by themselves (``staff.follow``).
"""

from __future__ import annotations

from datetime import date

import numpy as np

from stelsel.twin.country.chain import LISTED, MEASURES
from stelsel.twin.country.ledger import structure
from stelsel.twin.country.nation import BOARD, COURT, TERMED, before_measures, yearly
from stelsel.twin.country.national import COURTS
from stelsel.twin.fitting.levers import Levers, Numbers, of_years
from stelsel.twin.layout import OPEN
from stelsel.twin.plans.plan import Plan
from stelsel.twin.runs.run import Run
from stelsel.twin.runs.told import Told
from stelsel.twin.services import number as number_of

ACCESS = "triage"
CHAIN = (ACCESS, "vt-assessment", "vt-investigation", BOARD, "board-probation")
"""Services whose places follow from what comes to them."""
GUIDED = "guidance"
MOST_ORDERS = 0.95
"""The court refuses some: an own choice."""
REPEATED = 2018
"""Year of which measures of who had one before are published."""
LOOK_BACK = 5 * 365
"""A measure is a repeat when one ended so many days before it began, or fewer (CBS)."""


def correct(plan: Plan, levers: Levers, said: Told, one: Run) -> None:
    """Correct every lever of the chain by what a run said.

    Parameters
    ----------
    plan
        The baseline in closed form.
    levers
        Of the fit; changed in place.
    said, one
        What the run says per half-year, and the run.
    """
    for slug in CHAIN:
        _places(plan, levers, said, slug)
    _ordered(plan, levers, said)
    _guided(plan, levers, said)
    _investigated(plan, levers, said)
    _repeated(levers, one)


def _places(plan: Plan, levers: Levers, said: Told, slug: str) -> None:
    """Give a service the places that what comes to it asks for."""
    years, k = said.started.shape[1] // 2, number_of(slug)
    comes = yearly(said.inflow[k])
    stay = said.running[k].mean() / yearly(said.started[k]).mean()  # as drawn, in years
    wait = plan.value(f"wait[{slug}]") if f"wait[{slug}]" in plan.parameters else 0.0
    lists = comes * wait / 365.25
    growth = np.diff(lists, prepend=lists[0])
    slack = plan.value("access.slack") if slug == ACCESS else 1.0
    needed = (comes - growth) * stay * slack
    name = f"capacity[{slug}]"
    now = of_years(plan, name, years) * levers.of(name, years)
    # A list is the small difference of who comes and who leaves: chance moves it most.
    levers.multiply(name, needed / np.maximum(now, 1e-9), lists)


def _ordered(plan: Plan, levers: Levers, said: Told) -> None:
    """Let no more than nearly all move on from the court: investigations must bring the rest."""
    years = said.started.shape[1] // 2
    names = [f"transfer[{COURT}>{measure}]" for measure in COURTS]
    total = sum(of_years(plan, name, years) * levers.of(name, years) for name in names)
    for name in names:
        levers.factors[name] = levers.of(name, years) * np.minimum(MOST_ORDERS / total, 1.0)


def _guided(plan: Plan, levers: Levers, said: Told) -> None:
    """Give guidance places for the measures that run, less who waits as the plan means."""
    years = said.started.shape[1] // 2
    running = np.sum([said.running[number_of(measure)] for measure in MEASURES], axis=0)
    wanted = running[1 : 2 * years : 2] * (1 - LISTED)
    name = f"capacity[{GUIDED}]"
    now = of_years(plan, name, years) * levers.of(name, years)
    levers.multiply(name, wanted / now, running[1 : 2 * years : 2] * LISTED)
    levers.factors[f"list[{GUIDED}]"] = levers.factors[name]


def _investigated(plan: Plan, levers: Levers, said: Told) -> None:
    """Let as many investigations of the Board begin as published."""
    years = said.started.shape[1] // 2
    wanted = yearly(before_measures()[BOARD].started)[:years]
    comes = yearly(said.inflow[number_of(BOARD)])
    name = f"demand[{BOARD}]"
    outside = of_years(plan, name, years) * levers.of(name, years)
    levers.multiply(name, 1 + (wanted - comes) / np.maximum(outside, 1))


def _repeated(levers: Levers, one: Run) -> None:
    """Let as many measures be of who had one before as published."""
    year = date(REPEATED, 1, 1), date(REPEATED, 12, 31)
    wanted = structure()["jb_trajecten_started", "herhaald beroep", *year]
    first, last = ((day - one.first).days for day in year)
    found = repeats(one, first, last)
    levers.multiply(f"return[{TERMED}]", np.array([wanted / max(found, 1)]), found)


def repeats(one: Run, first: int, last: int) -> int:
    """Count the measures that began in a time of who had one before, a day or more between.

    Parameters
    ----------
    one
        A run.
    first, last
        Days of the run.
    """
    v = one.visits
    mine = np.isin(v["service"], [number_of(measure) for measure in MEASURES])
    chosen = np.flatnonzero(mine & (v["started"] != OPEN))
    person, started, ended = (v[name][chosen] for name in ("person", "started", "ended"))
    order = np.lexsort((started, person))
    person, started, ended = (column[order].astype(np.int64) for column in (person, started, ended))
    until: Numbers = np.full(len(person), -np.inf)  # when the last of the earlier ones ended
    for back in range(1, 1 + int(np.bincount(person).max(initial=1))):
        earlier = np.zeros(len(person), bool)
        earlier[back:] = (person[back:] == person[:-back]) & (started[back:] > started[:-back])
        if not earlier.any():
            break
        until[back:] = np.where(
            earlier[back:], np.maximum(until[back:], ended[:-back]), until[back:]
        )
    begun = (started >= first) & (started <= last)
    return int((begun & (until < started) & (until >= started - LOOK_BACK)).sum())
