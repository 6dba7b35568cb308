"""Dated anchors of a parameter: how values of years and half-years are written in a plan."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from stelsel.twin.country.ledger import FIRST_YEAR
from stelsel.twin.plans.plan import Parameter

Numbers = npt.NDArray[np.float64]
Anchors = list[tuple[date, float]]


def at_halves(values: Numbers) -> Anchors:
    """Anchors at the start of every half-year from 2015.

    Examples
    --------
    >>> at_halves(np.array([5.0, 6.0]))[1]
    (datetime.date(2015, 7, 1), 6.0)
    """
    return [
        (date(FIRST_YEAR + n // 2, 1 if n % 2 == 0 else 7, 1), float(value))
        for n, value in enumerate(values)
    ]


def steps(values: Numbers) -> Anchors:
    """Anchors of a value that is one and the same over each half-year from 2015.

    Examples
    --------
    >>> [day.isoformat() for day, _ in steps(np.ones(1))]
    ['2015-01-01', '2015-06-30']
    """
    made = []
    for n, value in enumerate(values):
        year = FIRST_YEAR + n // 2
        first, last = ((1, 1), (6, 30)) if n % 2 == 0 else ((7, 1), (12, 31))
        made += [(date(year, *first), float(value)), (date(year, *last), float(value))]
    return made


def year_steps(values: Numbers) -> Anchors:
    """Anchors of a value that is one and the same over each year from 2015."""
    return steps(np.repeat(values, 2))


def of_years(values: Numbers) -> Anchors:
    """Anchors on 1 July; the straight lines through them keep the sum of every year.

    Examples
    --------
    >>> [round(value) for _, value in of_years(np.array([100.0, 100.0, 200.0]))]
    [103, 80, 217]
    """
    n = len(values)
    share = np.diag(np.full(n, 0.75)) + np.diag(np.full(n - 1, 0.125), 1)
    share += np.diag(np.full(n - 1, 0.125), -1)
    share[0, 0] = share[-1, -1] = 0.875  # before the first and after the last it stays
    anchors = np.linalg.solve(share, values)
    return [(date(FIRST_YEAR + k, 7, 1), max(float(v), 0.0)) for k, v in enumerate(anchors)]


def dated(name: str, anchors: Anchors, unit: str, source: str) -> Parameter:
    """Make a derived parameter of anchors."""
    (since, value), *later = anchors
    return Parameter(name, value, unit, "derived", source, since=since, dated=tuple(later))
