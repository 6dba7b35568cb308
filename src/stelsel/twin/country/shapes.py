"""The shape of the lengths of stays of each service; the plan gives their mean."""

from __future__ import annotations

from functools import cache

import numpy as np

from stelsel.tables import packaged, read_table
from stelsel.twin.country.balance import BANDS, ended_by_duration
from stelsel.twin.world.durations import STEPS, Duration

OPEN_BAND = 2922.0
"""The open band "4 years or longer" is taken to end at eight years (days): an own choice."""
TAIL = 0.9995
"""An exponential is cut here: its last quantile must be a number."""


CARE = "care"


@cache
def _rows() -> tuple[dict[str, str], ...]:
    columns = ("shape", "services", "edges", "shares")
    return tuple(read_table(packaged("stelsel.twin", "shapes.csv"), columns, key=("shape",)))


@cache
def own_shape(service: str) -> bool:
    """Tell whether a service has a shape of its own, not that of care in general.

    Examples
    --------
    >>> own_shape("secure-care"), own_shape("ambulatory")
    (True, False)
    """
    return not any(row["shape"] == CARE and service in row["services"].split() for row in _rows())


@cache
def _shapes() -> dict[str, Duration]:
    found: dict[str, Duration] = {}
    for row in _rows():
        if row["shape"] == CARE:
            edges = [0.0, *list(BANDS.values())[:-1], OPEN_BAND]
            made = Duration.from_bands(edges, list(ended_by_duration().values()))
        elif row["edges"]:
            edges, shares = ([float(x) for x in row[c].split()] for c in ("edges", "shares"))
            made = Duration.from_bands(edges, shares)
        else:
            made = Duration.from_function(-np.log(1 - np.linspace(0, TAIL, STEPS + 1)))
        found |= dict.fromkeys(row["services"].split(), made)
    return found


def shape_of(service: str) -> Duration:
    """Give the shape of the lengths of stays of a service; only its proportions matter.

    Examples
    --------
    >>> shape_of("court").with_mean(30).quantiles.max()
    np.float64(60.0)
    """
    return _shapes()[service]
