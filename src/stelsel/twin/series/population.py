"""How many young people there are, by age and year: what rates are a share of.

Published counts of the Netherlands by single year of age are not at hand, only bands of five years
on 1 July of 2015 to 2021 (United Nations) and CBS totals of 0 to 17. Within a band a year of age
has its share of the births of that year of birth; after the last count every cohort is carried
forward as it is, and each new one is as large as the births of 2021. Nobody moves in or out: no
figure about later days is used.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from stelsel.system.figures import KNOWN_UNTIL, find, population
from stelsel.system.regions import regions

Floats = npt.NDArray[np.float64]

AGES = 25
FIRST, LAST = 2015, KNOWN_UNTIL.year
BANDS = ("0-4", "5-9", "10-14", "15-19", "20-24")


@cache
def births() -> dict[int, float]:
    """Give the births by year, as far as they are published up to 2021.

    Examples
    --------
    >>> births()[2019] > 165_000
    True
    """
    rows = find("births", level="country", until=KNOWN_UNTIL).to_pylist()
    return {row["period_start"].year: row["value"] for row in rows}


@cache
def _counted() -> dict[int, Floats]:
    """Persons by single year of age on 1 July of each year that bands are published for."""
    rows = find("population", level="country", until=KNOWN_UNTIL).to_pylist()
    bands = {
        (row["period_start"].year, row["breakdown"]): row["value"]
        for row in rows
        if (row["period_start"].month, row["period_start"].day) == (7, 1)
    }
    born = births()
    found = {}
    for year in range(FIRST, LAST + 1):
        ages = np.empty(AGES)
        for number, band in enumerate(BANDS):
            own = range(5 * number, 5 * number + 5)
            # On 1 July of a year half of who is of an age was born in each of two years.
            weight = np.array(
                [_born(born, year - age) + _born(born, year - age - 1) for age in own]
            )
            ages[5 * number : 5 * number + 5] = bands[year, band] * weight / weight.sum()
        found[year] = ages
    return found


def _born(born: dict[int, float], year: int) -> float:
    return born[min(max(year, min(born)), max(born))]


def by_age(year: int) -> Floats:
    """Give the persons by single year of age (0 to 24) on 1 July of a year.

    Parameters
    ----------
    year
        2015 or later; before it the counts of 2015 are given.

    Examples
    --------
    >>> bool(3.2e6 < by_age(2021)[:18].sum() < 3.4e6)
    True
    >>> bool(abs(by_age(2024)[10] - by_age(2021)[7]) < 1)
    True
    """
    counted = _counted()
    if year <= LAST:
        return counted[max(year, FIRST)]
    ages = counted[LAST]
    ahead = min(year - LAST, AGES)
    young = np.full(ahead, births()[LAST])
    return np.concatenate([young, ages[: AGES - ahead]])


@cache
def share(codes: tuple[str, ...]) -> Floats:
    """Share of the country's youth that lives in some youth regions, by single year of age.

    Examples
    --------
    >>> bool((share(tuple(r.code for r in regions())) == 1).all())
    True
    """
    if set(codes) == {region.code for region in regions()}:
        return np.ones(AGES)
    whole = population()
    here = [population(code) for code in codes]
    return np.repeat([sum(one[band] for one in here) / whole[band] for band in BANDS], 5)
