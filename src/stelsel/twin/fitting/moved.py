"""What follows a stay, and what runs beside it: shares of those that ended or began."""

from __future__ import annotations

import numpy as np

from stelsel.twin.fitting.estimate import LEAST, Estimate, share
from stelsel.twin.fitting.happened import MOVED_ON, Happened, Window
from stelsel.twin.fitting.visits import Days, Visits
from stelsel.twin.services import services


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

    What ends with a stay does not begin beside it where the child has it already.
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
        of = len(rows)
        if kind == "second" and plan.family("linked").get(f"{slug}>{other.slug}"):
            of -= int(_runs(happened.visits, rows, m).sum())
        made.append(share(name, counts[m], of))
    return made


def _runs(visits: Visits, rows: Days, service: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say whose child has a service already on the day that a stay begins."""
    mine = np.flatnonzero((visits.service == service) & visits.served)
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
