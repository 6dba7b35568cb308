"""How many young people live where, by five-year age band."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from stelsel.system.publications import publications
from stelsel.system.read import look_up, read_entries
from stelsel.system.regions import municipalities, region


@dataclass(frozen=True, slots=True)
class Count:
    """How many persons of an age band lived in a municipality on a day.

    ``source`` is an id in ``figure_sources.csv``.
    """

    municipality: str
    ages: str
    day: date
    persons: int
    source: str


@cache
def counts() -> tuple[Count, ...]:
    """Give every count of the table.

    Examples
    --------
    >>> counts()[0].ages
    '0-4'
    """

    def make(row: dict[str, str]) -> Count:
        persons = int(row["persons"])
        if persons < 0:
            raise ValueError(f"{persons} persons")
        return Count(**row | {"persons": persons, "day": date.fromisoformat(row["day"])})  # type: ignore[arg-type]

    return read_entries(
        "population.csv",
        ["municipality", "ages", "day", "persons"],
        make,
        key=["municipality", "ages", "day"],
        refers={
            "municipality": {one.code for one in municipalities()},
            "source": set(publications()),
        },
    )


@cache
def _by_day() -> dict[str, dict[str, dict[str, int]]]:
    """Give the persons by day, municipality and ages, the ages in order."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for one in sorted(counts(), key=lambda one: int(one.ages.split("-")[0])):
        of_day = found.setdefault(one.day.isoformat(), {})
        of_day.setdefault(one.municipality, {})[one.ages] = one.persons
    return found


def population(area: str = "NL", on: date = date(2021, 1, 1)) -> dict[str, int]:
    """Give the number of young people by five-year age band (``0-4`` to ``20-24``).

    The counts are sums over postcodes; what lies in no municipality is left out, so that the
    country is 0.05 percent below the count of CBS.

    Parameters
    ----------
    area
        Municipality (four digits), youth region (``JZ07``) or ``NL``.
    on
        A day for which counts are at hand: only 1 January 2021. Nothing is interpolated.

    Raises
    ------
    StelselError
        When the area does not exist or no counts are at hand for the day.

    Examples
    --------
    >>> list(population("JZ07"))
    ['0-4', '5-9', '10-14', '15-19', '20-24']
    """
    of_day = look_up(
        _by_day(),
        on.isoformat(),
        "day with counts of the population",
        "dag met bevolkingscijfers",
    )
    if area in of_day:
        members = [area]
    elif area == "NL":
        members = list(of_day)
    else:
        # The counts of 2021 are by the municipalities of now.
        members = [one.code for one in municipalities(region=region(area).code)]
    total: dict[str, int] = {}
    for member in members:
        for ages, persons in of_day[member].items():
            total[ages] = total.get(ages, 0) + persons
    return total
