"""Write what a fit found, and read it back: factors on the closed forms, by parameter and day."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from stelsel.twin.fitting.estimate import Estimate
from stelsel.twin.plans.fitted import COLUMNS
from stelsel.twin.plans.plan import SHARE, Plan
from stelsel.twin.plans.plan_file import COLUMNS as PLAN_COLUMNS

Changes = tuple[tuple[date | None, float], ...]
Course = Mapping[str, Changes]


def write_factors(
    factors: Mapping[str, Changes],
    errors: Mapping[str, float],
    file: Path,
    source: str,
) -> None:
    """Write dated factors as a table (``data/fitted.csv`` is one).

    Parameters
    ----------
    factors
        By parameter: days and what its closed form is multiplied by from then on.
    errors
        Standard error of the factors of a parameter, as a share.
    file
        Where to.
    source
        What found them, such as ``stelsel fit --until 2021``.
    """
    with file.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        table.writerow([*COLUMNS, "source"])
        for name, changes in factors.items():
            for since, factor in changes:
                day = since.isoformat() if since else ""
                table.writerow([name, day, f"{factor:.5f}", f"{errors.get(name, 0):.5f}", source])


def path_of(plan: Plan, first: date, last: date) -> Course:
    """Give how each dated number of a plan runs against its mean over a window: day and factor.

    Only of numbers that are no shares: those may not pass one.
    """
    days = (last - first).days + 1
    found = {}
    for one in plan:
        if one.dated and one.since and one.unit != SHARE:
            mean = float(one.series(first, days).mean())
            if mean > 0:
                anchors = ((one.since, one.value), *one.dated)
                found[one.name] = tuple((day, value / mean) for day, value in anchors)
    return found


def write_plan_file(
    estimates: Sequence[Estimate], file: Path, source: str, path: Course | None = None
) -> None:
    """Write estimates as a plan file: each derived, with its standard error in the source.

    Parameters
    ----------
    estimates
        What was fitted.
    file
        Where to.
    source
        What it was fitted on.
    path
        How a number runs over the years against what was fitted, by name (:func:`path_of`); one
        without a path keeps one value.
    """
    with file.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(PLAN_COLUMNS)
        for one in estimates:
            told = f"{source}; standard error {one.error:.4g}, {one.seen} seen"
            for day, factor in (path or {}).get(one.name, ((None, 1.0),)):
                since = day.isoformat() if day else ""
                value = f"{one.value * factor:.6g}"
                table.writerow([one.name, since, value, one.unit, "derived", "", "", told])
