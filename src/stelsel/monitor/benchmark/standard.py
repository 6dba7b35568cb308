"""Standardising for age: what an area would have if only its ages made the difference.

*Indirect*: the rates per age of the group are laid on the young people of the area; what is
counted over what is so expected is the ratio. It needs no counts per age of the area itself, so it
holds for small ones. *Direct*: the rates per age of the area are laid on a standard population; two
areas then compare with one another, but each age needs enough children.

N.E. Breslow and N.E. Day, Statistical Methods in Cancer Research II (1987), par. 2.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from stelsel.monitor.benchmark.intervals import byar

Ages = Mapping[str, float]
"""Numbers by age band, such as ``5-9``."""


@dataclass(frozen=True, slots=True)
class Told:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


def merged(ages: Ages, groups: Sequence[Sequence[str]]) -> dict[str, float]:
    """Add bands up: each group of bands becomes one, named after its first and last.

    Examples
    --------
    >>> merged({"0-4": 10, "5-9": 20, "10-14": 5}, [["0-4", "5-9"], ["10-14"]])
    {'0-9': 30, '10-14': 5}
    """
    return {name_of(group): sum(ages.get(band, 0) for band in group) for group in groups}


def name_of(group: Sequence[str]) -> str:
    """Name a group of bands that follow one another.

    Examples
    --------
    >>> name_of(["0-4", "5-9"]), name_of(["0-4"])
    ('0-9', '0-4')
    """
    return f"{group[0].split('-')[0]}-{group[-1].split('-')[-1]}"


def expected(
    population: Mapping[str, Ages], by_ages: Ages, living: Ages, total: float | None = None
) -> dict[str, float]:
    """Give what each area would count with the rates per age of the standard.

    Parameters
    ----------
    population
        Young people by area and age band.
    by_ages
        What the standard counts by age band.
    living
        The young people of the standard by age band.
    total
        What the areas count together; what is expected is made to add up to it. Without it what
        the rates give: then the areas are held against the standard itself.

    Returns
    -------
    dict
        By area.

    Examples
    --------
    A town of children and one of adolescents, of the same size; adolescents use twice as much.

    >>> towns = {"A": {"0-9": 800, "10-19": 200}, "B": {"0-9": 200, "10-19": 800}}
    >>> expected(towns, {"0-9": 100, "10-19": 200}, {"0-9": 1000, "10-19": 1000})
    {'A': 120.0, 'B': 180.0}
    """
    rates = {band: by_ages[band] / living[band] if living[band] else 0.0 for band in by_ages}
    found = {
        area: sum(rates[band] * ages.get(band, 0) for band in rates)
        for area, ages in population.items()
    }
    if total is None:
        return found
    whole = sum(found.values())
    return {area: total * number / whole if whole else 0.0 for area, number in found.items()}


def ratio(counted: float, expected_: float) -> Told:
    """Give what is counted over what is expected, with its interval (Byar).

    Examples
    --------
    >>> found = ratio(120, 100)
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (1.2, 0.995, 1.435)
    """
    low, high = byar(counted)
    return Told(counted / expected_, low / expected_, high / expected_)


def direct(counts: Ages, living: Ages, standard: Ages, per: float = 1000) -> Told | None:
    """Give the directly standardised rate with its interval.

    Parameters
    ----------
    counts, living
        What the area counts, and its young people, by age band.
    standard
        The standard population by age band.
    per
        The rate is for so many young people.

    Returns
    -------
    Told or None
        None where a band of the standard has nobody in the area, or nothing is counted at all.
        The interval is that of the count (Byar), laid on the rate by the ratio of their spreads
        (A.J. Dobson and others, Statistics in Medicine 10, 1991).

    Examples
    --------
    >>> found = direct({"0-9": 50, "10-19": 30}, {"0-9": 1000, "10-19": 500},
    ...                {"0-9": 1, "10-19": 1})
    >>> found.value, round(found.low, 1), round(found.high, 1)
    (55.0, 42.9, 69.3)
    """
    weights = {band: number / sum(standard.values()) for band, number in standard.items()}
    if any(weight and not living.get(band) for band, weight in weights.items()):
        return None
    total = sum(counts.values())
    if not total:
        return None
    rates = {band: counts.get(band, 0) / living[band] for band in weights}
    rate = sum(weights[band] * rates[band] for band in weights)
    variance = sum(weights[band] ** 2 * rates[band] / living[band] for band in weights)
    low, high = byar(total)
    spread = sqrt(variance / total)
    return Told(
        per * rate, per * (rate + spread * (low - total)), per * (rate + spread * (high - total))
    )
