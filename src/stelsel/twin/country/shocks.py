"""How far the country may depart from its trend after 2021: assumed factors by family and year.

A family of services (``data/families.csv``) walks at random about its trend: each year brings a
factor of its own, which stays. They are assumptions like any other, drawn per replication from
their range, so that the bands of a forecast widen year by year. Their size is how far forecasts of
one year were off up to 2021 (:mod:`stelsel.twin.country.trend`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np

from stelsel.twin.country.ledger import LAST_YEAR
from stelsel.twin.country.paths import UNTIL
from stelsel.twin.country.trend import ALL, families, spreads
from stelsel.twin.plans.plan import Parameter

WIDTH = float(np.sqrt(6))
"""Half the base of a triangle, in standard deviations."""
MOVED = ("demand", "capacity")


@cache
def shocks() -> dict[str, Parameter]:
    """Give the factors: one by assumption, with a range.

    Examples
    --------
    >>> shocks()["shock[stay,2022]"].value
    1.0
    """
    scatter = spreads()
    made = {}
    for family, spread in scatter.items():
        for year in range(LAST_YEAR + 1, UNTIL + 1):
            name = f"shock[{family},{year}]"
            made[name] = Parameter(
                name,
                1.0,
                "factor",
                "assumed",
                "One by assumption: the trend holds. The range is how far forecasts of one year "
                "were off in 2018-2021 (stelsel.twin.fitting.rule)",
                low=round(1 - WIDTH * spread, 4),
                high=round(1 + WIDTH * spread, 4),
                source_nl="Eén per aanname: de trend houdt. Het bereik is hoe ver voorspellingen "
                "van één jaar er in 2018-2021 naast zaten",
            )
    return made


def moved(parameter: Parameter, given: Mapping[str, float]) -> Parameter:
    """Give a parameter with its anchors after 2021 moved by the factors drawn.

    Between the turns of two years the walk goes in equal steps (on a logarithmic scale).

    Examples
    --------
    >>> beds = Parameter("capacity[residential]", 10.0, "places", "derived", "example",
    ...                  since=date(2021, 1, 1), dated=((date(2023, 1, 1), 10.0),))
    >>> round(moved(beds, {"shock[stay,2022]": 1.1}).dated[0][1], 6)
    11.0
    """
    what, _, service = parameter.name.rstrip("]").partition("[")
    family = families().get(service)
    if what not in MOVED or family is None:
        return parameter
    walk = np.zeros(UNTIL - LAST_YEAR + 1)
    for n, year in enumerate(range(LAST_YEAR + 1, UNTIL + 1), start=1):
        drawn = (given.get(f"shock[{who},{year}]", 1.0) for who in (ALL, family))
        walk[n] = walk[n - 1] + sum(np.log(max(factor, 1e-3)) for factor in drawn)
    if not walk.any():
        return parameter
    turns = [date(year, 1, 1).toordinal() for year in range(LAST_YEAR + 1, UNTIL + 2)]
    later = tuple(
        (day, value * float(np.exp(np.interp(day.toordinal(), turns, walk))))
        for day, value in parameter.dated
    )
    return replace(parameter, dated=later)
