"""How far a series drifts from what is said of it: chosen by hindcasts, by family of series.

Of every figure of a hindcast is known which drift a year its family should have had for the band
just to hold it. The drift with which an 80 % band holds 80 % of the figures is the eighth tenth of
these. A family has few figures, of years that were much alike: so those of all families count
besides, as much as :data:`BORROWED` figures of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stelsel.twin.examination.hindcast import Hindcast
from stelsel.twin.series.spread import drift_families

Numbers = npt.NDArray[np.float64]

HELD = 0.8
"""Share of what came that an 80 % band is to hold."""
BORROWED = 20.0
"""All figures together weigh as much as so many figures of the family."""
DIGITS = 3
SOURCE = "stelsel validate --origin --drift: with it the bands of the hindcasts hold 80 percent"


def chosen(found: Sequence[Hindcast]) -> Mapping[str, float]:
    """Give the drift a year of each family of series, as a share.

    Parameters
    ----------
    found
        Hindcasts, of which each figure says what it needed.
    """
    figures = [one for past in found for one in past.figures]
    needed = np.array([one.needed for one in figures])
    family = np.array([one.family for one in figures])
    made = {}
    for name in drift_families():
        weights = (family == name) + BORROWED / max(len(figures), 1)
        made[name] = round(held_by(needed, weights), DIGITS)
    return made


def held_by(needed: Numbers, weights: Numbers) -> float:
    """Give the least drift that is enough for a share :data:`HELD` of some figures.

    Examples
    --------
    >>> held_by(np.array([0.3, 0.0, 0.1, 0.2, 0.0]), np.ones(5))
    0.2
    >>> held_by(np.array([0.3, 0.0]), np.array([1.0, 9.0]))
    0.0
    """
    order = np.argsort(needed)
    reached = np.cumsum(weights[order])
    at = np.searchsorted(reached, HELD * reached[-1] - 1e-9)
    return float(needed[order][at])


def drift_table(found: Sequence[Hindcast]) -> pa.Table:
    """Give the drifts as the columns of ``series/data/drift.csv``."""
    drifts = chosen(found)
    return pa.Table.from_pylist(
        [
            {
                "family": name,
                "indicators": " ".join(indicators),
                "drift": drifts[name],
                "source": SOURCE,
            }
            for name, indicators in drift_families().items()
        ]
    )
