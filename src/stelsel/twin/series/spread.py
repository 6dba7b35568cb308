"""How far the twin is off, series by series: part of the width of its bands.

Chance and the ranges of assumed parameters do not hold everything that is not known: a source
counts otherwise than the twin, and the twin is a simplification. How far its values lie from the
published ones up to 2021 says how much (``data/errors.csv``, written by ``stelsel validate
--errors``). A series with few published values borrows from the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt

from stelsel.errors import StelselError
from stelsel.tables import read_table
from stelsel.twin.series.table import KEY, Key, Series, packaged_file

Floats = npt.NDArray[np.float64]

FILE = "errors.csv"
COLUMNS = (*KEY, "figures", "error")
BORROWED = 2.0
"""The others weigh as much as so many published values of the series itself."""
MOST = 0.5
"""No series is said to be off by more than half."""
TENTH = 1.2815515655446004
"""Standard deviations from the middle that leave a tenth beyond."""
BAND = (0.1, 0.9)
"""Quantiles of an 80 % band."""


@cache
def errors() -> Mapping[Key, tuple[int, float]]:
    """Give for each series the number of published values up to 2021 and how far the twin is off.

    The latter is the root mean square of its errors as shares of the published values.

    Raises
    ------
    StelselError
        When the table holds what is no number, or a negative one.

    Examples
    --------
    >>> all(error >= 0 for _, error in errors().values())
    True
    """
    found: dict[Key, tuple[int, float]] = {}
    for row in read_table(packaged_file(FILE), COLUMNS, key=KEY):
        try:
            figures, error = int(row["figures"]), float(row["error"])
        except ValueError:
            figures, error = -1, -1.0
        if figures < 0 or not error >= 0:
            raise StelselError(
                f"The table of errors has no number for {row['indicator']}.",
                where=FILE,
                what_nl=f"De tabel van afwijkingen heeft geen getal voor {row['indicator']}.",
            )
        key = (row["indicator"], row["breakdown"], row["kind"], row["unit"])
        found[key] = figures, error
    return found


@cache
def usual() -> float:
    """Give how far the twin is off on the middle one of all series.

    Examples
    --------
    >>> 0 < usual() < 0.2
    True
    """
    return float(np.median([error for _, error in errors().values()]))


def spread(one: Series) -> float:
    """Give how far the twin is expected to be off on a series, as a share of its value.

    Examples
    --------
    >>> from stelsel.twin.series.table import series
    >>> all(0 < spread(one) <= MOST for one in series())
    True
    """
    figures, error = errors().get(one.key, (0, 0.0))
    square = (figures * error**2 + BORROWED * usual() ** 2) / (figures + BORROWED)
    return min(float(np.sqrt(square)), MOST)


def band(values: Floats, one: Series) -> tuple[float, float, float]:
    """Give the middle of replications of a value, and the low and high end of its 80 % band.

    The distance of each tenth from the median and that of a tenth of what the twin is usually off
    are added as independent errors are.

    Parameters
    ----------
    values
        One per replication, at least two.
    one
        The series.

    Examples
    --------
    >>> from stelsel.twin.series.table import series
    >>> middle, low, high = band(np.array([90.0, 100.0, 120.0]), series()[0])
    >>> middle, low < 92 and high > 116
    (100.0, True)
    """
    middle = float(np.median(values))
    tenth, last = (float(value) for value in np.quantile(values, BAND))
    off = TENTH * spread(one) * abs(middle)
    low, high = middle - np.hypot(middle - tenth, off), middle + np.hypot(last - middle, off)
    return middle, float(max(low, 0.0) if tenth >= 0 else low), float(high)
