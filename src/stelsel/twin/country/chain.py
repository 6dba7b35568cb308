"""The protection chain of every year: reports, investigations, requests at court, guidance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stelsel.twin.country.nation import (
    BOARD,
    COURT,
    CRIMINAL,
    SAFETY,
    before_measures,
    flow_of,
    inside,
    nation,
    yearly,
)
from stelsel.twin.country.national import COURTS
from stelsel.twin.country.paths import Path
from stelsel.twin.plans.anchors import at_halves, dated, of_years, year_steps
from stelsel.twin.plans.plan import Parameter

LISTED = 600 * 16 / 7 / 32000
"""Share of the measures of which the child waits for a worker."""
MEASURES = (
    "provisional-supervision",
    "supervision",
    "provisional-guardianship",
    "temporary-guardianship",
    "guardianship",
)
LISTS = (
    "600 children on the lists of seven of sixteen institutions in the summer of 2019, of 32,000 "
    "measures: the upper end of what the inspections call a conservative estimate (500 to 600)"
)
SOURCE = (
    "RvdK investigations and requests of 2019-2021, Veilig Thuis reports of 2019-2021, orders of "
    "2016-2021 (CBS); other years in proportion to the orders; then the damped trend"
)


def chain(given: Mapping[str, float]) -> list[Parameter]:
    """Give the parameters of what comes before a measure, and of guidance beside it.

    Requests from outside, places, and the shares that go on to the court and to its measures.
    """
    flows = {name: yearly(one.started) for name, one in before_measures().items()}
    paths = nation().paths
    through = yearly(inside(BOARD, {**before_measures(), **_investigations(given)}, given))
    made = [
        dated(f"demand[{SAFETY}]", of_years(flows[SAFETY]), "requests a year", SOURCE),
        dated(
            f"demand[{BOARD}]",
            of_years(np.maximum(flows[BOARD] - through, 0.0)),
            "requests a year",
            f"Investigations less who comes through Veilig Thuis; {SOURCE}",
        ),
        dated(
            f"demand[{CRIMINAL}]",
            of_years(flows[CRIMINAL]),
            "requests a year",
            "RvdK: 850 criminal investigations begun in March 2019, times twelve; other years "
            "in proportion to the measures of youth probation that began",
        ),
        dated(
            f"transfer[{BOARD}>{COURT}]", year_steps(flows[COURT] / flows[BOARD]), "share", SOURCE
        ),
    ]
    for measure in COURTS:
        asked = yearly(paths[measure].started - inside(measure, paths, given))
        share = np.clip(asked / flows[COURT], 0.0, 1.0)
        made.append(dated(f"transfer[{COURT}>{measure}]", year_steps(share), "share", SOURCE))
    investigated = given[f"transfer[{SAFETY}>vt-investigation]"] * flows[SAFETY]
    for service, flow in {
        SAFETY: flows[SAFETY],
        "vt-investigation": investigated,
        BOARD: flows[BOARD],
        CRIMINAL: flows[CRIMINAL],
    }.items():
        places = flow * given[f"duration[{service}]"] / 365.25
        source = "What the flow asks for on average (posts follow the list from there)"
        made.append(dated(f"capacity[{service}]", of_years(places), "places", source))
    running = np.sum([paths[measure].running for measure in MEASURES], axis=0)
    made.append(
        dated(
            "capacity[guidance]",
            at_halves(running * (1 - LISTED)),
            "places",
            f"Measures running less who waits for a worker: {LISTS}",
        )
    )
    made.append(dated("list[guidance]", at_halves(running * LISTED), "children", LISTS))
    return made


def _investigations(given: Mapping[str, float]) -> dict[str, Path]:
    reports = before_measures()[SAFETY].started
    flow = reports * given[f"transfer[{SAFETY}>vt-investigation]"]
    return {"vt-investigation": flow_of(yearly(flow))}
