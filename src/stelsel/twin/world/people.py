"""Where children live and how old they are: shares per region, municipality and age.

Demand is spread over regions and municipalities by youth population times use by age. Nobody
publishes use by region before 2022 in a way that may be used here, so differences between regions
other than age are left out, and said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from stelsel.system.figures import best, population
from stelsel.system.regions import municipalities, region, regions
from stelsel.twin.chance import Keys, Purpose, uniforms

Numbers = npt.NDArray[np.float64]

AGES = 23
"""Single years of age 0 to 22: youth care ends at 23 at the latest (Jeugdwet art. 1.1)."""
USE_BANDS = {"age 0-3": (0, 4), "age 4-11": (4, 12), "age 12-17": (12, 18), "age 18-22": (18, 23)}
USE_PERIOD = date(2017, 1, 1), date(2017, 6, 30)
COUNTED = date(2021, 1, 1)
COUNTRY = "all"


@dataclass(frozen=True, slots=True)
class Places:
    """The regions of a run and how demand is spread over them.

    ``weight`` [R] is each region's share of the national demand; ``municipalities`` lists codes
    per region with ``reached`` their cumulative shares; ``ages_reached`` [R, A] is the cumulative
    distribution of age at request; ``youths`` [R, A] are all who live there by single year of age;
    ``male`` the share of boys.
    """

    regions: tuple[str, ...]
    weight: Numbers
    municipalities: tuple[tuple[str, ...], ...]
    reached: tuple[Numbers, ...]
    ages_reached: Numbers
    youths: Numbers
    male: float


def use_by_age() -> Numbers:
    """Share of children of each year of age with youth care in half a year (CBS, 2017).

    Examples
    --------
    >>> [round(float(use_by_age()[age]), 4) for age in (2, 9, 15, 20)]
    [0.0256, 0.1026, 0.1063, 0.0105]
    """
    use = np.zeros(AGES)
    for band, (low, high) in USE_BANDS.items():
        youths = best("youth_with_jeugdhulp", band, *USE_PERIOD).value
        people = best("population", band, COUNTED.replace(year=2017), USE_PERIOD[0]).value
        use[low:high] = youths / people
    return use


@cache
def places(code: str = COUNTRY) -> Places:
    """Spread demand over one youth region, or over all 42.

    Raises
    ------
    StelselError
        When the region does not exist.

    Examples
    --------
    >>> one = places("JZ07")
    >>> one.regions, bool(0.02 < one.weight[0] < 0.05)
    (('JZ07',), True)
    """
    chosen = [region(code)] if code != COUNTRY else list(regions())
    use = use_by_age()
    every = {r.code: _members(r.code, use) for r in regions()}
    national = sum(shares.sum() for _, shares in every.values())
    boys, girls = (
        best("youth_with_jeugdhulp", sex, *USE_PERIOD).value for sex in ("male", "female")
    )
    names, reached, ages, youths = [], [], [], []
    for one in chosen:
        codes, by_age = every[one.code]
        youths.append(np.divide(by_age.sum(axis=0), use))
        names.append(codes)
        reached.append(_cumulative(by_age.sum(axis=1)))
        ages.append(_cumulative(by_age.sum(axis=0)))
    return Places(
        tuple(r.code for r in chosen),
        np.array([every[r.code][1].sum() for r in chosen]) / national,
        tuple(names),
        tuple(reached),
        np.array(ages),
        np.array(youths),
        boys / (boys + girls),
    )


def _members(code: str, use: Numbers) -> tuple[tuple[str, ...], Numbers]:
    """Municipalities of a region and their expected users by year of age [M, A]."""
    codes = tuple(m.code for m in municipalities(region=code, on=date(2026, 1, 1)))
    return codes, np.array([_by_year(c) * use for c in codes])


def _by_year(municipality: str) -> Numbers:
    """Children by single year of age: five-year bands spread evenly."""
    counts = np.zeros(25)
    for band, persons in population(municipality, COUNTED).items():
        low = int(band.split("-")[0])
        counts[low : low + 5] = persons / 5
    return counts[:AGES]


def _cumulative(weights: Sequence[float] | Numbers) -> Numbers:
    reached = np.cumsum(np.asarray(weights, float))
    return np.asarray(reached / reached[-1], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Columns of what is made up of children besides their record: where they live."""

    municipality: npt.NDArray[np.str_]


def draw(where: Places, keys: Keys, region_index: npt.NDArray[np.int_]) -> Drawn:
    """Draw by key where children live.

    Parameters
    ----------
    where
        The regions of the run.
    keys, region_index
        Key of each child and the index of its region.
    """
    home = np.empty(len(keys), dtype="U4")
    for index in range(len(where.regions)):
        here = np.flatnonzero(region_index == index)
        codes = np.array(where.municipalities[index])
        pick = np.searchsorted(where.reached[index], uniforms(keys[here], Purpose.MUNICIPALITY))
        home[here] = codes[pick]
    return Drawn(home)
