"""Who leaves a wait unserved: chances a day among those who wait."""

from __future__ import annotations

import numpy as np

from stelsel.system import priorities
from stelsel.twin.fitting.estimate import LEAST, Estimate, share
from stelsel.twin.fitting.happened import Happened, Window
from stelsel.twin.fitting.visits import Visits
from stelsel.twin.plans.plan import Plan
from stelsel.twin.services import services

YEAR = 365.25
WITHDRAWN, BUDGET, WORSE, LAPSED = "withdrawn", "personal-budget", "worse", "lapsed"


def fit_waits(visits: Visits, happened: Happened, window: Window) -> list[Estimate]:
    """Estimate who withdraws, takes a budget or gets worse, and where the last go.

    Who got worse is told as a wait that lapsed; that the child joined another list on that day,
    or the same one anew, tells why.
    """
    plan, crisis = window.plan, priorities()[0].id
    made: list[Estimate] = []
    for k, service in enumerate(services()):
        slug = service.slug
        mine = (visits.service == k) & visits.waits & (visits.priority != crisis)
        rows = np.flatnonzero(mine)
        if not len(rows) or not service.form:
            continue
        until = np.where(visits.served[rows], visits.started[rows], visits.ended[rows])
        low = np.maximum(visits.begun[rows], window.first - 1)
        high = np.minimum(until, window.last)
        at_risk = float(np.maximum(high - low, 0).sum())
        gone = rows[~visits.served[rows] & window.holds(visits.ended[rows])]
        how = visits.left[gone]
        bridged = _bridged(plan, slug)
        worse = gone[(how == LAPSED) | (how == WORSE)]
        to = [m for n in worse.tolist() for _, m, _ in happened.brought.get(n, [])]
        counts = {
            f"withdrawn[{slug}]": (int((how == WITHDRAWN).sum()), _wait(plan, slug), "share"),
            f"budget[{slug}]": (int((how == BUDGET).sum()), YEAR, "chance a year"),
            f"worse[{slug}]": (len(to), YEAR, "chance a year"),
        }
        for name, (events, times, unit) in counts.items():
            if name not in plan.parameters or events < LEAST or at_risk <= 0:
                continue
            value = events / at_risk * times / bridged
            made.append(Estimate(name, value, value / float(np.sqrt(events)), events, unit))
        for m, other in enumerate(services()):
            name = f"worse.to[{slug}>{other.slug}]"
            if name in plan.parameters and plan.value(name) < 1:
                made.append(share(name, to.count(m), len(to)))
    return [one for one in made if one.seen >= LEAST]


def _wait(plan: Plan, slug: str) -> float:
    name = f"wait[{slug}]"
    return max(plan.value(name), 1.0) if name in plan.parameters else 1.0


def _bridged(plan: Plan, slug: str) -> float:
    """Chance to leave the list against that of who has no bridging care."""
    known = plan.parameters
    if f"bridged[{slug}]" not in known or "bridging.effect" not in known:
        return 1.0
    return 1 - plan.value(f"bridged[{slug}]") * (1 - plan.value("bridging.effect"))
