"""The national plan of every year from 2015: dated parameters from the books, then the trend.

Per counted service: places (who runs), the length of stays and its pace, requests from outside
(who starts, less who comes from elsewhere within the twin, plus who leaves the list unserved).
``docs/explanation/twin/national-plan.md`` tells it in words.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from stelsel.twin.country.ledger import CARE, HALVES
from stelsel.twin.country.nation import TERMED, before_measures, inside, lost, nation, yearly
from stelsel.twin.plans.anchors import at_halves, dated, of_years, steps, year_steps
from stelsel.twin.plans.plan import Parameter

Numbers = npt.NDArray[np.float64]

BOOKS = "Books of 2015-2021 (twin.country.ledger), then the damped trend (twin.country.trend)"
COURTS = ("supervision", "guardianship")
"""Measures that follow a request: nobody asks for them from outside the chain."""


def places() -> list[Parameter]:
    """Give the places of each care form, at the start of every half-year."""
    return [
        dated(f"capacity[{service}]", at_halves(nation().paths[service].running), "places", BOOKS)
        for service in CARE
    ]


def stocks() -> list[Parameter]:
    """Give who runs, of the services without places, at the start of every half-year."""
    return [
        dated(f"stock[{service}]", at_halves(one.running), "children", BOOKS)
        for service, one in nation().paths.items()
        if service not in CARE
    ]


def lengths() -> list[Parameter]:
    """Give the mean length of stays and their pace per half-year, of every counted service."""
    made = []
    for service, one in nation().paths.items():
        if service == TERMED:
            continue
        made.append(
            Parameter(
                f"duration[{service}]",
                one.length.mean,
                "days",
                "derived",
                f"With this mean, at the usual pace, as many end as published; {BOOKS}",
            )
        )
        made.append(dated(f"pace[{service}]", steps(one.pace), "factor", BOOKS))
    made.append(dated(f"renew[{TERMED}]", year_steps(nation().renewed), "share", BOOKS))
    return made


def requests(flows: Mapping[str, Numbers]) -> list[Parameter]:
    """Give requests a year from outside, and how much of them come in January to June.

    Parameters
    ----------
    flows
        What :func:`outside` gives.
    """
    made = []
    source = f"Starts and who leaves the list, less who comes from within the twin; {BOOKS}"
    for service, flow in flows.items():
        early = float(flow[0:HALVES:2].sum() / flow[:HALVES].sum())
        made += [
            dated(f"demand[{service}]", of_years(yearly(flow)), "requests a year", source),
            Parameter(
                f"demand.first_half[{service}]",
                min(max(early, 0.35), 0.65),
                "share",
                "derived",
                f"Requests of January to June, of the year; {BOOKS}",
            ),
        ]
    return made


def outside(given: Mapping[str, float]) -> dict[str, Numbers]:
    """Give requests from outside per half-year, of services that nobody within sends all to."""
    paths = nation().paths
    every = {**paths, **before_measures()}
    wanted: dict[str, Numbers] = {}
    for service in paths:
        if service in COURTS:
            continue
        flow = every[service].started / (1 - lost(service, given))
        wanted[service] = np.maximum(flow - inside(service, every, given), 0.02 * flow)
    return wanted
