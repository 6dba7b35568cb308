"""Figures to compare from a file of one's own, such as a table of CBS by municipality.

A row an indicator, municipality and period, with the number of children. Rows of ``NL`` with an age
band tell how the use differs by age in the country; with them the comparison is standardised for
age, without them it is not, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from stelsel.errors import Fault, StelselError, did_you_mean
from stelsel.monitor.benchmark.areas import Level, area_of
from stelsel.system.municipalities import successor
from stelsel.system.regions import municipalities
from stelsel.tables import GivenTable, read_given

COLUMNS = ("indicator", "municipality", "period_start", "period_end", "ages", "children", "source")
COUNTRY = "NL"


@dataclass(frozen=True, slots=True)
class Given:
    """The figures of one indicator and period.

    Parameters
    ----------
    indicator
        Its name in the file.
    first, last
        The days that it is about.
    totals
        The children by municipality.
    by_ages
        The children of the country by age band; empty where they are not told.
    sources
        Where they come from.
    """

    indicator: str
    first: date
    last: date
    totals: dict[str, int] = field(default_factory=dict)
    by_ages: dict[str, int] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)

    def by_area(self, level: Level) -> dict[str, int]:
        """Give the children by area of a level; a region only if all its municipalities are told.

        Examples
        --------
        >>> Given("x", date(2021, 1, 1), date(2021, 12, 31), {"0193": 5}).by_area("region")
        {}
        """
        found: dict[str, int] = {}
        for code, number in self.totals.items():
            area = area_of(code, level)
            if area is not None:
                found[area] = found.get(area, 0) + number
        if level == "municipality":
            return found
        return {
            area: number
            for area, number in found.items()
            if all(one.code in self.totals for one in municipalities(region=area))
        }


def read_figures(file: Path, bands: list[str]) -> list[Given]:
    """Read a file of figures.

    Parameters
    ----------
    file
        CSV with :data:`COLUMNS`: ``municipality`` four digits or ``NL``, days as yyyy-mm-dd,
        ``ages`` one of the bands with ``NL`` and else empty, ``children`` a whole number or empty
        where it is not known (hidden).
    bands
        The age bands of which it is known how many young people there are.

    Returns
    -------
    list of Given
        One for each indicator and period, in the order of the file.

    Raises
    ------
    StelselError
        With everything that is wrong with the file, by line.
    """
    given = read_given(file, COLUMNS)
    found: dict[tuple[str, date, date], Given] = {}
    seen: set[tuple[str, ...]] = set()
    for line, row in given.rows:
        days = _days(given, line, row)
        here = _place(given, line, row, bands)
        number = row["children"]
        if number and not number.isdecimal():
            given.wrong(
                line,
                "children is not a whole number.",
                "children is geen heel getal.",
                "Leave it empty where it is not known.",
                "Laat het leeg waar het niet bekend is.",
            )
            continue
        if days is None or here is None:
            continue
        key = (row["indicator"], row["period_start"], row["period_end"], here, row["ages"])
        if key in seen:
            given.wrong(line, "The line is told before.", "De regel stond er al.")
        seen.add(key)
        one = found.setdefault((row["indicator"], *days), Given(row["indicator"], *days))
        one.sources[row["source"]] = None
        if number and here != COUNTRY:
            one.totals[here] = int(number)
        elif number:
            one.by_ages[row["ages"]] = int(number)
    given.refuse()
    if not found:
        raise StelselError(
            Fault(
                "The file has no figures.",
                file.name,
                what_nl="Het bestand heeft geen cijfers.",
            )
        )
    return list(found.values())


def _days(given: GivenTable, line: int, row: dict[str, str]) -> tuple[date, date] | None:
    try:
        first, last = (date.fromisoformat(row[name]) for name in ("period_start", "period_end"))
    except ValueError:
        first, last = date.max, date.min
    if last >= first:
        return first, last
    given.wrong(
        line,
        "period_start and period_end are not two days in order.",
        "period_start en period_end zijn geen twee dagen op volgorde.",
        "Write them as yyyy-mm-dd; the same day twice for a stock.",
        "Schrijf ze als jjjj-mm-dd; twee keer dezelfde dag voor een stand.",
    )
    return None


def _place(given: GivenTable, line: int, row: dict[str, str], bands: list[str]) -> str | None:
    """Give the municipality of now that a row is about, or ``NL`` with an age band."""
    code, ages = row["municipality"], row["ages"]
    if code == COUNTRY:
        if ages in bands:
            return COUNTRY
        given.wrong(
            line,
            "Of NL only age bands are read of which the young people are known.",
            "Van NL worden alleen leeftijden gelezen waarvan het aantal jongeren bekend is.",
            did_you_mean(ages, bands),
            did_you_mean(ages, bands, "nl"),
        )
        return None
    now = successor(code)
    if now is None or ages:
        given.wrong(
            line,
            "municipality is none, or has an age band.",
            "municipality is geen gemeente, of heeft een leeftijd.",
            "Give four digits with empty ages, or NL with ages.",
            "Geef vier cijfers met een lege leeftijd, of NL met een leeftijd.",
        )
        return None
    return now
