"""The books of one run: what care cost, foster families, staff, and what became of who fell.

Who fell: the children of a provider that fell.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from stelsel.twin.layout import OPEN, PROVIDER_FELL
from stelsel.twin.parts.continuity import after_falls
from stelsel.twin.parts.foster import families
from stelsel.twin.parts.money import against_budget, costs, volume
from stelsel.twin.parts.staff import workforce
from stelsel.twin.runs.run import Run
from stelsel.twin.services import services

BOOKS = ("money", "budget", "families", "staff", "falls")
"""Names of the books; of a part that a run goes without there is none."""


def books(run: Run) -> dict[str, pa.Table]:
    """Give the tables of a run by name; of a part that it ran without there is none.

    ``money`` per year, region and service (:func:`stelsel.twin.parts.money.costs`), ``budget`` per
    year and region, ``families`` per week and region, ``staff`` per week and staffed station,
    ``falls`` per provider that fell (:func:`stelsel.twin.parts.continuity.after_falls`).

    Examples
    --------
    >>> from stelsel.twin import run
    >>> sorted(books(run(region="JZ15", years=0.1)))
    ['budget', 'families', 'money', 'staff']
    """
    slugs = [service.slug for service in services()]
    regions, weight = run.where.regions, run.where.weight
    delivered = volume(run.visits, run.first, run.days, len(regions), len(slugs))
    spent = costs(delivered, run.plan, regions, weight, slugs, run.first, run.days)
    budget = against_budget(spent, run.plan, regions, weight, run.first, run.days)
    found = {"money": spent, "budget": budget} if spent.num_rows else {}
    if run.homes.counts.any():
        siblings = run.plan.value("foster.siblings")
        found["families"] = families(run.homes.counts, regions, run.first, siblings)
    stations = run.net.stations
    staffed = np.flatnonzero(stations["staffed"] >= 0)
    if len(staffed):
        rows = staffed[np.argsort(stations["staffed"][staffed])]
        where = [(slugs[s["service"]], regions[s["region"]]) for s in stations[rows]]
        found["staff"] = workforce(run.crew.counts, where, run.first)
    if len(run.net.falls.day):
        named = [(regions[s["region"]], slugs[s["service"]], s["provider"] + 1) for s in stations]
        found["falls"] = after_falls(
            run.visits, run.net.falls, named, PROVIDER_FELL, run.first, int(OPEN)
        )
    return found
