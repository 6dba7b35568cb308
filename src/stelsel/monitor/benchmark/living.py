"""How many young people live where, by age: those of the package, or those of a file of one's own.

The package knows one day. A file may bring a later one, and other age bands: those of CBS for
youth care (0-3, 4-11, 12-17, 18-22), so that its figures by age can be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from stelsel.errors import Fault, StelselError
from stelsel.monitor.benchmark.areas import POPULATION_DAY, Level, areas, young_people
from stelsel.system.regions import municipalities
from stelsel.tables import GivenTable, read_given

COLUMNS = ("municipality", "ages", "day", "persons", "source")
"""Columns of a file of young people."""


@dataclass(frozen=True)
class Living:
    """Young people by municipality and age band on one day.

    Parameters
    ----------
    day
        The day.
    by_municipality
        Per municipality of now the persons of each band, youngest first; the same bands everywhere.

    Examples
    --------
    >>> packaged().bands, packaged().of("JZ15", "region") == packaged().of("0394", "municipality")
    (['0-4', '5-9', '10-14', '15-19', '20-24'], True)
    """

    day: date
    by_municipality: dict[str, dict[str, int]]

    @cached_property
    def bands(self) -> list[str]:
        """The age bands, youngest first."""
        return list(next(iter(self.by_municipality.values())))

    def of(self, code: str, level: Level) -> dict[str, int] | None:
        """Give the young people of an area; None where not all its municipalities are known."""
        members = [code]
        if level == "region":
            members = [one.code for one in municipalities(region=code)]
        if not members or any(one not in self.by_municipality for one in members):
            return None
        return {
            band: sum(self.by_municipality[one][band] for one in members) for band in self.bands
        }

    def together(self) -> dict[str, int]:
        """Give those of all municipalities together."""
        return {
            band: sum(ages[band] for ages in self.by_municipality.values()) for band in self.bands
        }


def packaged() -> Living:
    """Give the young people of the package, of 1 January 2021."""
    return Living(POPULATION_DAY, young_people([one.code for one in areas("municipality")]))


def read_living(file: Path) -> Living:
    """Read a file of young people.

    Parameters
    ----------
    file
        CSV with :data:`COLUMNS`: a row a municipality (four digits) and age band such as ``4-11``,
        all of the same ``day`` and with the same bands, which follow on one another.

    Raises
    ------
    StelselError
        With everything that is wrong with the file.
    """
    given = read_given(file, COLUMNS)
    codes = {one.code for one in areas("municipality")}
    found: dict[str, dict[str, int]] = {}
    days: dict[date, None] = {}
    for line, row in given.rows:
        day = _day(given, line, row["day"])
        band, persons, code = row["ages"], row["persons"], row["municipality"]
        if not (_is_band(band) and persons.isdecimal()):
            given.wrong(
                line,
                "ages is no band of ages, or persons no whole number.",
                "ages is geen groep van leeftijden, of persons geen heel getal.",
                "Write them as 4-11 and 1250.",
                "Schrijf ze als 4-11 en 1250.",
            )
        elif code not in codes or band in found.setdefault(code, {}):
            given.wrong(
                line,
                "municipality is none of now, or has this band already.",
                "municipality is geen gemeente van nu, of heeft deze leeftijden al.",
            )
        else:
            found[code][band] = int(persons)
        if day:
            days[day] = None
    given.refuse()
    faults = [*_not_alike(file.name, found), *_not_one_day(file.name, list(days))]
    if faults:
        raise StelselError(faults)
    return Living(next(iter(days)), {code: _in_order(ages) for code, ages in found.items()})


def _day(given: GivenTable, line: int, text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        given.wrong(
            line,
            "day is no date.",
            "day is geen datum.",
            "Write an existing day as yyyy-mm-dd.",
            "Schrijf een bestaande dag als jjjj-mm-dd.",
        )
        return None


def _is_band(text: str) -> bool:
    low, _, high = text.partition("-")
    return low.isdecimal() and high.isdecimal() and int(low) <= int(high)


def _in_order(ages: dict[str, int]) -> dict[str, int]:
    return dict(sorted(ages.items(), key=lambda pair: int(pair[0].partition("-")[0])))


def _not_one_day(name: str, days: Sequence[date]) -> list[Fault]:
    if len(days) == 1:
        return []
    return [
        Fault(
            f"The file is about {len(days)} days and not about one.",
            name,
            what_nl=f"Het bestand gaat over {len(days)} dagen en niet over één.",
        )
    ]


def _not_alike(name: str, found: dict[str, dict[str, int]]) -> list[Fault]:
    """Tell of municipalities with other bands than the first, and of bands with gaps between."""
    if not found:
        return []
    bands = list(_in_order(next(iter(found.values()))))
    ends = [tuple(map(int, band.split("-"))) for band in bands]
    faults = [
        Fault(
            f"{code} has other ages than the first municipality.",
            name,
            what_nl=f"{code} heeft andere leeftijden dan de eerste gemeente.",
        )
        for code, ages in found.items()
        if list(_in_order(ages)) != bands
    ]
    if any(later[0] != earlier[1] + 1 for earlier, later in pairwise(ends)):
        faults.append(
            Fault(
                "The ages do not follow on one another.",
                name,
                what_nl="De leeftijden sluiten niet op elkaar aan.",
            )
        )
    return faults
