"""How many young people live where, by five-year age band."""

from __future__ import annotations

from datetime import date
from functools import cache

from stelsel.system.read import look_up
from stelsel.system.regions import municipalities, region
from stelsel.tables import packaged, read_table


@cache
def counted() -> tuple[dict[str, str], ...]:
    """Give the counts as they are in their table, one row a municipality, age band and day.

    Examples
    --------
    >>> counted()[0]["ages"]
    '0-4'
    """
    file = packaged(__package__, "population.csv")
    columns = ["municipality", "ages", "day", "persons"]
    return tuple(read_table(file, columns, key=["municipality", "ages", "day"]))


@cache
def _population() -> dict[date, dict[str, dict[str, int]]]:
    by_day: dict[date, dict[str, dict[str, int]]] = {}
    for row in counted():
        ages = by_day.setdefault(date.fromisoformat(row["day"]), {})
        ages.setdefault(row["municipality"], {})[row["ages"]] = int(row["persons"])
    return by_day


def population(area: str = "NL", on: date = date(2021, 1, 1)) -> dict[str, int]:
    """Give the number of young people by five-year age band (``0-4`` to ``20-24``).

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
    days = {day.isoformat(): counts for day, counts in _population().items()}
    counts = look_up(days, on.isoformat(), "day with counts of the population")
    if area in counts:
        members = [area]
    elif area == "NL":
        members = list(counts)
    else:
        members = [one.code for one in municipalities(region=region(area).code, on=on)]
    total: dict[str, int] = {}
    for member in members:
        for ages, persons in counts[member].items():
            total[ages] = total.get(ages, 0) + persons
    return dict(sorted(total.items(), key=lambda item: int(item[0].split("-")[0])))
