"""What ``stelsel fit`` found: values that replace those in closed form."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path

from stelsel.system.known import FIT_UNTIL, KNOWN_UNTIL
from stelsel.tables import packaged, read_table
from stelsel.twin.plans.plan import SHARE, Parameter

COLUMNS = ("name", "since", "factor", "uncertainty")
SETTING = "STELSEL_FITTED"
"""Setting that names another file of factors: that of a hindcast."""


def fitted_file() -> Traversable | None:
    """Give the file with the factors: the packaged one, or that of a hindcast.

    A hindcast without one has no factors: those of the package know later years.
    """
    if other := os.environ.get(SETTING):
        return Path(other)
    return packaged("stelsel.twin", "fitted.csv") if KNOWN_UNTIL == FIT_UNTIL else None


@cache
def factors() -> dict[str, tuple[tuple[date | None, float], ...]]:
    """Give the fitted factors by parameter: dated, or one for all days."""
    if (file := fitted_file()) is None:
        return {}
    rows = read_table(file, COLUMNS, key=("name", "since"))
    found: dict[str, tuple[tuple[date | None, float], ...]] = {}
    for row in rows:
        since = date.fromisoformat(row["since"]) if row["since"] else None
        found[row["name"]] = (*found.get(row["name"], ()), (since, float(row["factor"])))
    return found


def fitted(parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """Give the parameters that the fit changed, changed."""
    made = {}
    for name, changes in factors().items():
        if name in parameters:
            made[name] = scaled(parameters[name], changes)
    return made | shared({name: p for name, p in made.items() if name.startswith("referrer[")})


def shared(parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """Give shares of one whole so that they add up to one again."""
    whole = sum(parameter.value for parameter in parameters.values())
    return {name: replace(p, value=p.value / whole) for name, p in parameters.items()}


def scaled(parameter: Parameter, changes: tuple[tuple[date | None, float], ...]) -> Parameter:
    """Multiply a parameter: each anchor by the last factor since before its day.

    Examples
    --------
    >>> beds = Parameter("beds", 10, "places", "derived", "example",
    ...                  since=date(2015, 1, 1), dated=((date(2016, 1, 1), 10.0),))
    >>> scaled(beds, ((date(2016, 1, 1), 1.5),)).dated[0][1]
    15.0
    """

    def factor(day: date | None) -> float:
        found = 1.0
        for since, value in changes:
            if since is None or (day is not None and since <= day):
                found = value
        return found

    most = 1.0 if parameter.unit == SHARE else float("inf")
    return replace(
        parameter,
        value=min(parameter.value * factor(parameter.since), most),
        dated=tuple((day, min(value * factor(day), most)) for day, value in parameter.dated),
    )
