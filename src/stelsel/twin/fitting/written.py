"""Write what a fit found, and read it back: factors on the closed forms, by parameter and day."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from stelsel.twin.fitting.region import Estimate
from stelsel.twin.plans.fitted import COLUMNS
from stelsel.twin.plans.plan_file import COLUMNS as PLAN_COLUMNS

Changes = tuple[tuple[date | None, float], ...]


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


def write_plan_file(estimates: Sequence[Estimate], file: Path, source: str) -> None:
    """Write estimates as a plan file: each derived, with its standard error in the source.

    Parameters
    ----------
    estimates
        What was fitted.
    file
        Where to.
    source
        What it was fitted on.
    """
    with file.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(PLAN_COLUMNS)
        for one in estimates:
            told = f"{source}; standard error {one.error:.4g}, {one.seen} children"
            table.writerow([one.name, "", f"{one.value:.6g}", one.unit, "derived", "", "", told])
