"""Write what a fit found, and read it back: factors on the closed forms, by parameter and day."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from stelsel.twin.fitted import COLUMNS

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
