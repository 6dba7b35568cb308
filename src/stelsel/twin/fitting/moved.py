"""What follows a stay, and what runs beside it: shares of those that ended or began."""

from __future__ import annotations

import numpy as np

from stelsel.twin.fitting.estimate import LEAST, Estimate, share
from stelsel.twin.fitting.happened import MOVED_ON, Happened, Window
from stelsel.twin.fitting.visits import Days, Visits
from stelsel.twin.services import STAYS, services

YEAR = 365.25


def fit_moves(visits: Visits, happened: Happened, window: Window) -> list[Estimate]:
    """Estimate who moves on where, who gets what beside it, and for which reason help ends."""
    made: list[Estimate] = []
    reasons: dict[str, int] = {}
    told = 0
    for k, service in enumerate(services()):
        rows = np.flatnonzero((visits.service == k) & visits.served)
        ended = rows[window.holds(visits.ended[rows])]
        ended = ended[~happened.of_age(ended, window.limits(service.slug))]
        whole = np.array([not happened.broke_down(n) for n in ended.tolist()], np.bool_)
        ended = ended[whole]
        made += _shares("transfer", happened, k, ended)
        begun = rows[window.holds(visits.started[rows])]
        made += _shares("second", happened, k, begun)
        if service.form:
            for reason in visits.exit[ended].tolist():
                told += reason != MOVED_ON
                reasons[reason] = reasons.get(reason, 0) + 1
    for name in window.plan.family("exit"):
        made.append(share(f"exit[{name}]", reasons.get(name, 0), told))
    return [one for one in made if one.seen >= LEAST]


def _shares(kind: str, happened: Happened, k: int, rows: Days) -> list[Estimate]:
    """Estimate the share that goes each way that the plan knows.

    What ends with a stay does not begin beside it where the child has it already, nor a place to
    live where it has one; and nobody goes to what is for older children.
    """
    plan, slug = happened.plan, services()[k].slug
    counts = np.zeros(len(services()))
    for n in rows.tolist():
        for how, to, part in happened.brought.get(n, []):
            counts[to] += part if how == kind else 0.0
    made = []
    for m, other in enumerate(services()):
        name = f"{kind}[{slug}>{other.slug}]"
        if name not in plan.parameters or not 0 < plan.value(name) < 1:
            continue
        free = rows[~_too_young(happened, rows, kind, other.slug)]
        if kind == "second" and plan.family("linked").get(f"{slug}>{other.slug}"):
            free = free[~_runs(happened.visits, free, [m])]
        if kind == "second" and services()[k].measure and other.slug in STAYS:
            lives = [n for n, one in enumerate(services()) if one.slug in STAYS]
            free = free[~_runs(happened.visits, free, lives)]
        made.append(share(name, counts[m], len(free)))
    return made


def _too_young(
    happened: Happened, rows: Days, kind: str, to: str
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say who is too young, on the day a stay ended or began, for what is for older children."""
    v, name = happened.visits, f"age.from[{to}]"
    if name not in happened.plan.parameters:
        return np.zeros(len(rows), np.bool_)
    day = v.ended[rows] if kind == "transfer" else v.started[rows]
    return np.asarray(v.born[rows] + int(happened.plan.value(name) * YEAR) > day)


def _runs(
    visits: Visits, rows: Days, of_services: list[int]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say whose child has one of some services already on the day that a stay begins."""
    mine = np.flatnonzero(np.isin(visits.service, of_services) & visits.served)
    of: dict[int, list[int]] = {}
    for n in mine.tolist():
        of.setdefault(int(visits.child[n]), []).append(n)
    found = [
        any(
            visits.started[m] < visits.started[n] <= visits.ended[m]
            for m in of.get(int(visits.child[n]), [])
        )
        for n in rows.tolist()
    ]
    return np.array(found, np.bool_)
