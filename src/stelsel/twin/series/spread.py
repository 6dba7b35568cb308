"""How far the twin is off, series by series: where its forecasts begin, and part of their bands.

A source counts otherwise than the twin, and the twin is a simplification. How far its values lie
from the published ones up to the last known year says two things of each series
(``data/errors.csv``, written by ``stelsel validate --errors``):

* its *level*: by what factor the published figures were lately higher. What the twin says of later
  periods is multiplied by it, so that a forecast goes on from the published figures as the twin
  goes on from its own (an intercept correction; Clements and Hendry, Forecasting Economic Time
  Series, 1998, ch. 8). What it says of known years is left as it is;
* its *scatter*: how far the figures lay from that level, from year to year. Chance and the ranges
  of what is assumed do not hold it, so that bands get it besides.

A series with few published values borrows scatter from the others. Besides, what comes drifts away
from what is said. How far, hindcasts say, by family of series (``data/drift.csv``, written by
``stelsel validate --origin YEAR --drift``): so much that their bands would have held 80 % of what
came. It grows as a random walk does, its square with the years ahead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stelsel.errors import StelselError
from stelsel.system.known import KNOWN_UNTIL
from stelsel.tables import read_table
from stelsel.twin.series.periods import Period
from stelsel.twin.series.table import KEY, Key, Series, packaged_file

Floats = npt.NDArray[np.float64]

FILE, DRIFT = "errors.csv", "drift.csv"
OTHERS = "others"
"""Family of the series that no row of the table of drifts names."""
COLUMNS = (*KEY, "figures", "error", "level", "scatter")
FADED = 0.5
"""What a figure counts for in the level, against one a year later; hindcasts hardly tell 0.3, 0.5
and 0.7 apart."""
FURTHEST = 2.0
"""No level lies further from one than by this factor."""
BORROWED = 2.0
"""The others weigh as much as so many published values of the series itself."""
MOST = 0.5
"""No series is said to be off by more than half."""
TENTH = 1.2815515655446004
"""Standard deviations from the middle that leave a tenth beyond."""
BAND = (0.1, 0.9)
"""Quantiles of an 80 % band."""


@dataclass(frozen=True, slots=True)
class Off:
    """How far the twin is off on a series.

    Parameters
    ----------
    figures
        Published values that are known.
    error
        Root mean square of the errors, as shares of the published values.
    level
        Published over the twin, lately: a factor.
    scatter
        Root mean square of what is left about the level, as a share.
    """

    figures: int
    error: float
    level: float = 1.0
    scatter: float = 0.0


Offs = Mapping[Key, Off]


def level_of(years: Sequence[int], ratios: Sequence[float]) -> tuple[float, float]:
    """Give the level of a series and its scatter about it.

    Parameters
    ----------
    years
        Of each known figure.
    ratios
        Published over the twin; what is not above zero says nothing.

    Examples
    --------
    >>> level_of([2020, 2021], [1.1, 1.1])
    (1.1, 0.0)
    >>> level_of([], [])
    (1.0, 0.0)
    """
    known = [(year, np.log(ratio)) for year, ratio in zip(years, ratios, strict=True) if ratio > 0]
    if not known:
        return 1.0, 0.0
    ages = max(year for year, _ in known) - np.array([year for year, _ in known])
    logs = np.array([log for _, log in known])
    weights = FADED**ages
    middle = float((weights * logs).sum() / weights.sum())
    middle = float(np.clip(middle, -np.log(FURTHEST), np.log(FURTHEST)))
    # The level was worked out from these very figures: one fewer is free.
    free = max(len(logs) - 1, 1)
    scatter = float(np.sqrt(((logs - middle) ** 2).sum() / free))
    return round(float(np.exp(middle)), 6), round(scatter, 6)


@cache
def errors() -> Offs:
    """Give for each series how far the twin is off up to 2021.

    Raises
    ------
    StelselError
        When the table holds what is no number, or a negative one.

    Examples
    --------
    >>> all(off.error >= 0 for off in errors().values())
    True
    """
    return offs_in(packaged_file(FILE))


def offs_in(file: Traversable | Path) -> Offs:
    """Read how far the twin is off on each series, as ``stelsel validate --errors`` writes it.

    Parameters
    ----------
    file
        A CSV file with the columns of ``data/errors.csv``.

    Raises
    ------
    StelselError
        When the columns are others, or it holds what is no number, or a negative one.

    Examples
    --------
    >>> offs_in(packaged_file(FILE)) == errors()
    True
    """
    found: dict[Key, Off] = {}
    for row in read_table(file, COLUMNS, key=KEY):
        try:
            numbers = (float(row[name]) for name in ("error", "level", "scatter"))
            off = Off(int(row["figures"]), *numbers)
        except ValueError:
            off = Off(-1, -1.0)
        if off.figures < 0 or not (off.error >= 0 and off.level > 0 and off.scatter >= 0):
            raise StelselError(
                f"The table of errors has no number for {row['indicator']}.",
                where=file.name,
                what_nl=f"De tabel van afwijkingen heeft geen getal voor {row['indicator']}.",
            )
        found[row["indicator"], row["breakdown"], row["kind"], row["unit"]] = off
    return found


def usual(offs: Offs | None = None, *, later: bool = False) -> float:
    """Give how far the twin is off on the middle one of all series: error, or scatter for later.

    Examples
    --------
    >>> 0 < usual() < 0.2
    True
    """
    every = (errors() if offs is None else offs).values()
    return float(np.median([_size(off, later) for off in every]))


def _size(off: Off, later: bool) -> float:
    return off.scatter if later else off.error


def spread(one: Series, offs: Offs | None = None, *, ahead: float = 0.0) -> float:
    """Give how far the twin is expected to be off on a series, as a share of its value.

    Parameters
    ----------
    one
        The series.
    offs
        How far the twin is off; without it as the package has it.
    ahead
        Years after the last known day, which what is said begins from; none for known years.

    Examples
    --------
    >>> from stelsel.twin.series.table import series
    >>> all(0 < spread(one) <= MOST for one in series())
    True
    """
    table = errors() if offs is None else offs
    off = table.get(one.key, Off(0, 0.0))
    # Of one figure nothing is left about the level that it makes.
    later = ahead > 0
    figures = max(off.figures - 1, 0) if later else off.figures
    square = figures * _size(off, later) ** 2 + BORROWED * usual(table, later=later) ** 2
    drift = drifts()[family_of(one)]
    return min(float(np.sqrt(square / (figures + BORROWED) + ahead * drift**2)), MOST)


@cache
def _families() -> dict[str, tuple[tuple[str, ...], float]]:
    rows = read_table(packaged_file(DRIFT), ("family", "indicators", "drift"), key=("family",))
    return {row["family"]: (tuple(row["indicators"].split()), float(row["drift"])) for row in rows}


def drifts() -> dict[str, float]:
    """Give how far a series of each family drifts in a year, as a share: one standard deviation.

    Examples
    --------
    >>> all(0 <= drift < 0.5 for drift in drifts().values())
    True
    """
    return {family: drift for family, (_, drift) in _families().items()}


def drift_families() -> dict[str, tuple[str, ...]]:
    """Give the families of series, and how the indicators of each begin.

    Examples
    --------
    >>> drift_families()["secure"]
    ('closed_care',)
    """
    return {family: begins for family, (begins, _) in _families().items()}


def family_of(one: Series) -> str:
    """Give the family of a series: that of the longest beginning of its indicator in the table.

    Examples
    --------
    >>> from stelsel.twin.series.table import series
    >>> named = {one.indicator: family_of(one) for one in series()}
    >>> named["youth_with_jb"], named["youth_with_jeugdhulp"], named["gi_sickness_absence"]
    ('protection', 'help', 'others')
    """
    begins = [
        (len(begin), family)
        for family, (indicators, _) in _families().items()
        for begin in indicators
        if one.indicator.startswith(begin)
    ]
    return max(begins)[1] if begins else OTHERS


def drift_needed(
    published: float, values: Floats, one: Series, offs: Offs | None = None, *, ahead: float
) -> float:
    """Give the drift in a year with which the end of an 80 % band would lie on a published value.

    Parameters
    ----------
    published
        What came; half of what the source rounds to is not missed.
    values, one, offs, ahead
        As in :func:`band`.

    Returns
    -------
    float
        As a share; none where the band would hold the value without a drift.

    Examples
    --------
    >>> from stelsel.twin.series.table import series
    >>> one = next(one for one in series() if one.name == "jb_measures_inflow|OTS")
    >>> drift_needed(1e6, np.array([90.0, 100.0, 120.0]), one, ahead=1.0) > 1
    True
    """
    middle, tenth, last = _tenths(values, one, offs, ahead)
    missed = max(abs(published - middle) - one.rounding / 2, 0.0)
    side = last - middle if published > middle else middle - tenth
    if missed <= side or middle == 0:
        return 0.0
    without = spread(one, offs, ahead=ahead) ** 2 - ahead * drifts()[family_of(one)] ** 2
    rest = (missed**2 - side**2) / (TENTH * middle) ** 2 - without
    return float(np.sqrt(max(rest, 0.0) / ahead))


def years_ahead(period: Period) -> float:
    """Give how many years after the last known day a period ends; none for what is known.

    Examples
    --------
    >>> from stelsel.twin.series.periods import half, year
    >>> [round(years_ahead(period), 1) for period in (year(2020), half(2022, 1), year(2023))]
    [0.0, 0.5, 2.0]
    """
    return max((period.last - KNOWN_UNTIL).days / 365.25, 0.0)


def band(
    values: Floats, one: Series, offs: Offs | None = None, *, ahead: float = 0.0
) -> tuple[float, float, float]:
    """Give the middle of replications of a value, and the low and high end of its 80 % band.

    The distance of each tenth from the median and that of a tenth of what the twin is usually off
    are added as independent errors are.

    Parameters
    ----------
    values
        One per replication, at least two.
    one
        The series.
    offs
        How far the twin is off; without it as the package has it.
    ahead
        Years after the last known day; if any, the values are multiplied by the level of the
        series.

    Examples
    --------
    >>> from stelsel.twin.series.table import series
    >>> middle, low, high = band(np.array([90.0, 100.0, 120.0]), series()[0])
    >>> middle, low < 92 and high > 116
    (100.0, True)
    """
    middle, tenth, last = _tenths(values, one, offs, ahead)
    off = TENTH * spread(one, offs, ahead=ahead) * abs(middle)
    low, high = middle - np.hypot(middle - tenth, off), middle + np.hypot(last - middle, off)
    return middle, float(max(low, 0.0) if tenth >= 0 else low), float(high)


def _tenths(
    values: Floats, one: Series, offs: Offs | None, ahead: float
) -> tuple[float, float, float]:
    """Middle, first and last tenth of replications, which go on from the level if ahead."""
    values = values * level(one, offs) if ahead > 0 else values
    tenth, last = (float(value) for value in np.quantile(values, BAND))
    return float(np.median(values)), tenth, last


def level(one: Series, offs: Offs | None = None) -> float:
    """Give the factor from what the twin says of a series to what is published of it, lately."""
    off = (errors() if offs is None else offs).get(one.key)
    return off.level if off else 1.0
