"""Fit the rest of the national plan by simulation: what the closed forms leave out.

The closed forms know no age limits, no worsening, no lists that run empty. So the country is run
over the years of the plan, and each lever is moved until the run says what the books say:

* pace[x] per half-year: as many of those who run end as in the books;
* demand[x] per year: as many start, and the list stays as long as the plan's wait says;
* renew[supervision] per year; transfer[court>...] per year; places of the chain per year.

Small services keep their closed form (:func:`stelsel.twin.country.nation.few`).

The changes are factors on the values in closed form, dated, in rounds until they settle. Years up
to 2021 follow the books; of later years the plan's own trend is the target, never a figure.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import numpy.typing as npt

from stelsel.twin.country.ledger import CARE, FIRST_YEAR, LAST_YEAR
from stelsel.twin.country.nation import few, nation
from stelsel.twin.country.national import COURTS
from stelsel.twin.fitting import chain
from stelsel.twin.fitting.levers import Levers, of_years
from stelsel.twin.fitting.persons import fit_persons
from stelsel.twin.fitting.senders import fit_senders
from stelsel.twin.plans.fitted import scaled
from stelsel.twin.plans.plan import Plan
from stelsel.twin.runs.run import run
from stelsel.twin.runs.told import Told, told
from stelsel.twin.services import services

Numbers = npt.NDArray[np.float64]

FIRST = date(FIRST_YEAR, 1, 1)
TO = LAST_YEAR + 5
"""Last year of the run of a fit; the factors of its last years hold for all later ones."""
SEED = 2021
"""Seed of the first round; the next has one more: levers must not learn one run's chance."""
TERMED, TEAM = "supervision", "local-team"
PART = 4
"""The levers found are the mean of the last quarter of the rounds: each has its own chance."""
SETTLED = 1
"""Who runs at the start of a service without places is set by who runs at the end of its year."""
LAST_YEARS = 3
"""The factors of later years are the mean of so many years."""


def fit_country(
    plan: Plan,
    rounds: int = 10,
    progress: Callable[[int, int, float], None] | None = None,
    levers: Levers | None = None,
) -> Levers:
    """Move the levers until the country says what the books say.

    Parameters
    ----------
    plan
        The baseline in closed form.
    rounds
        Runs of the country.
    progress
        Called after each round with its number, the number of rounds and the mean miss.
    levers
        Where to begin; without them at one each.
    """
    levers = levers or Levers()
    seen: list[dict[str, Numbers]] = []
    for n in range(rounds):
        levers.turn = n
        now = run(changed(plan, levers), years=TO - FIRST_YEAR + 1, seed=SEED + n, first=FIRST)
        said = told(now)
        missed = _update(plan, levers, said)
        chain.correct(plan, levers, said, now)
        fit_senders(plan, levers, now, n)
        fit_persons(plan, levers, now)
        if progress:
            progress(n + 1, rounds, missed)
        seen = [*seen, dict(levers.factors)][-max(rounds // PART, 1) :]
    for name in levers.factors if seen else ():
        levers.factors[name] = np.mean([of[name] for of in seen if name in of], axis=0)
    return levers


def _update(plan: Plan, levers: Levers, said: Told) -> float:
    """Correct every lever by what a run said; give how far it was off on average."""
    number = {service.slug: k for k, service in enumerate(services())}
    halves = said.started.shape[1]
    years = halves // 2
    misses = []
    for slug, one in nation().paths.items():
        k = number[slug]
        started, ended = one.started[:halves], one.ended[:halves]
        there = (one.running[:halves] + one.running[1 : halves + 1]) / 2
        here = (said.running[k, :-1] + said.running[k, 1:]) / 2
        late = slice(4, None)
        misses.append(np.abs(said.started[k] / np.maximum(started, 1) - 1)[late].mean())
        misses.append(np.abs(said.ended[k] / np.maximum(ended, 1) - 1)[late].mean())
        if few(slug):
            continue
        if slug == TERMED:
            _renewals(plan, levers, said, k, ended, one.running)
        else:
            speed = (ended / there) / np.maximum(said.ended[k] / np.maximum(here, 1), 1e-9)
            levers.multiply(f"pace[{slug}]", speed, said.ended[k])
        wanted = started.reshape(-1, 2).sum(axis=1)
        got = said.started[k].reshape(-1, 2).sum(axis=1)
        lists = np.zeros(years + 1)
        if slug in CARE:
            wait = plan.value(f"wait[{slug}]") / 365.25
            target = np.concatenate([said.waiting[k, :1], wait * wanted])
            lists = target - said.waiting[k, ::2]
        short = wanted - got + np.diff(lists)
        if slug in COURTS:
            share = of_years(plan, f"transfer[court>{slug}]", years)
            at_court = said.ended[number["court"]].reshape(-1, 2).sum(axis=1)
            levers.multiply(f"transfer[court>{slug}]", 1 + short / np.maximum(at_court * share, 1))
        elif slug == "local-team":
            asked = said.inflow[k].reshape(-1, 2).sum(axis=1)
            levers.multiply("access.solved", 1 + short / np.maximum(asked, 1))
        else:
            outside = of_years(plan, f"demand[{slug}]", years) * levers.of(f"demand[{slug}]", years)
            levers.multiply(f"demand[{slug}]", 1 + short / np.maximum(outside, 1), got)
        if slug not in CARE:
            level = one.running[2 : 2 * SETTLED + 2 : 2] / np.maximum(
                said.running[k, 2 : 2 * SETTLED + 2 : 2], 1
            )
            levers.multiply(f"stock[{slug}]", level[:1], said.running[k, 2])
    return float(np.mean(misses))


def _renewals(
    plan: Plan, levers: Levers, said: Told, k: int, ended: Numbers, running: Numbers
) -> None:
    """Correct the share renewed by the share of who runs on 1 January that ends in the year."""
    years = said.started.shape[1] // 2
    wanted = ended.reshape(-1, 2).sum(axis=1) / running[: 2 * years : 2]
    got = said.ended[k].reshape(-1, 2).sum(axis=1) / said.running[k, :-1:2]
    name = f"renew[{TERMED}]"
    now = of_years(plan, name, years) * levers.of(name, years)
    levers.multiply(name, np.clip(now + got - wanted, 0.05, 0.98) / now)


def anchored(levers: Levers) -> dict[str, tuple[tuple[date | None, float], ...]]:
    """Give the levers as dated factors; after the last year the mean of the last years."""
    found: dict[str, tuple[tuple[date | None, float], ...]] = {}
    for name, factors in levers.factors.items():
        if len(factors) == 1:
            found[name] = ((None, float(factors[0])),)
            continue
        by_half = name.startswith("pace[")
        days = [
            date(FIRST_YEAR + (n // 2 if by_half else n), 7 if by_half and n % 2 else 1, 1)
            for n in range(len(factors))
        ]
        changes: list[tuple[date | None, float]] = [
            (day, float(f)) for day, f in zip(days, factors, strict=True)
        ]
        last = LAST_YEARS * (2 if by_half else 1)
        changes.append((date(TO + 1, 1, 1), float(factors[-last:].mean())))
        found[name] = tuple(changes)
    return found


def changed(plan: Plan, levers: Levers) -> Plan:
    """Give a plan with the levers on it."""
    parameters = dict(plan.parameters)
    for name, changes in anchored(levers).items():
        parameters[name] = scaled(parameters[name], changes)
    return Plan.of(parameters.values())
