"""Counts that need more than visits: families, staff. Filled when their parts are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stelsel.twin.run import Run
from stelsel.twin.series.periods import Period
from stelsel.twin.series.table import Series

EXTRAS = (
    "caseload",
    "staff ill",
    "staff short",
    "staff left",
    "broken",
    "started network",
    "active network",
    "families new",
    "families recruited",
    "families network",
    "families stopped",
    "recruited stopped",
    "network stopped",
)


def extras(run: Run) -> Mapping[str, Callable[[Series, Period], float]]:
    """Give a function for each count that the run can give."""
    return {}
