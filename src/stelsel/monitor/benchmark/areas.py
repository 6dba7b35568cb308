"""Municipalities and youth regions to compare, and which of them are like which.

Alike are areas with as many young people, of the same ages. What else makes municipalities alike is
known only if it is given: there is no table of urbanity or of all inhabitants in the package, so a
table of one's own may bring them (CBS publishes both every year).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log, sqrt
from pathlib import Path
from statistics import fmean, pstdev
from typing import Literal

from stelsel.errors import StelselError, did_you_mean
from stelsel.system.population import population
from stelsel.system.regions import municipalities, region_of, regions
from stelsel.tables import read_given

Level = Literal["municipality", "region"]
POPULATION_DAY = date(2021, 1, 1)
"""The only day of which the package knows how many young people live where."""
COLUMNS = ("municipality", "urbanity", "inhabitants", "source")
"""Columns of a table of what makes municipalities alike."""
_URBANITY = range(1, 6)
_CHILDREN = ("0-4", "5-9", "10-14")


@dataclass(frozen=True, slots=True)
class Area:
    """A municipality or a youth region."""

    code: str
    name: str
    level: Level


@dataclass(frozen=True, slots=True)
class Traits:
    """What a municipality is like beside its young people; None where it is not given.

    Parameters
    ----------
    urbanity
        1 (very strongly urban) to 5 (not urban), as CBS classes it.
    inhabitants
        All its inhabitants.
    """

    urbanity: float | None = None
    inhabitants: int | None = None


def areas(level: Level) -> tuple[Area, ...]:
    """Give the areas of a level, as they are now.

    Examples
    --------
    >>> len(areas("municipality")), areas("region")[6].name
    (342, 'IJsselland')
    """
    every = municipalities() if level == "municipality" else regions()
    return tuple(Area(one.code, one.name, level) for one in every)


def area(name: str) -> Area:
    """Give the municipality or youth region of a code or a name, in capitals or not.

    A name that is both (Groningen, Flevoland) is the municipality; the region has its code.

    Raises
    ------
    StelselError
        When there is none.

    Examples
    --------
    >>> area("zwolle").code, area("JZ07").name, area("Groningen").level
    ('0193', 'IJsselland', 'municipality')
    """
    every = (*areas("municipality"), *areas("region"))
    for one in every:
        if name.strip().casefold() in (one.code.casefold(), one.name.casefold()):
            return one
    names = [word for one in every for word in (one.code, one.name)]
    raise StelselError(
        f"There is no municipality or youth region {name}.",
        where="MUNICIPALITY",
        remedy=did_you_mean(name, names) if len(name) > 2 else "Name one, such as Zwolle or JZ07.",
        what_nl=f"Er is geen gemeente of jeugdregio {name}.",
        where_nl="GEMEENTE",
        remedy_nl=did_you_mean(name, names, "nl")
        if len(name) > 2
        else "Noem er één, zoals Zwolle of JZ07.",
    )


def area_of(municipality: str, level: Level) -> str | None:
    """Give the code of the area that a municipality belongs to now.

    Examples
    --------
    >>> area_of("0193", "municipality"), area_of("0193", "region"), area_of("9999", "region")
    ('0193', 'JZ07', None)
    """
    return municipality if level == "municipality" else region_of(municipality)


def like(
    of: Area,
    among: Collection[str],
    number: int,
    traits: Mapping[str, Traits] | None = None,
) -> dict[str, float]:
    """Give the areas that are most like one, and how far each is from it.

    Parameters
    ----------
    of
        The area.
    among
        Codes of the areas to choose from; ``of`` itself need not be in it.
    number
        So many.
    traits
        What is known of municipalities beside their young people, by code.

    Returns
    -------
    dict
        By code, the nearest first: the root of the mean square of the differences in each thing
        that is known of both, each in standard deviations over all areas of the level. Things are
        the number of young people (log), which share of them is under 15, and, if given, urbanity
        and the number of inhabitants (log).

    Examples
    --------
    >>> nearest = like(area("Zwolle"), [one.code for one in areas("municipality")], 5)
    >>> len(nearest), "0193" in nearest, max(nearest.values()) < 0.5
    (5, False, True)
    """
    known = {one.code: _things(one, traits or {}) for one in areas(of.level)}
    spread: dict[str, float] = {}
    for thing in {thing for one in known.values() for thing in one}:
        spread[thing] = pstdev([one[thing] for one in known.values() if thing in one]) or 1.0

    def distance(other: str) -> float:
        mine, its = known[of.code], known[other]
        return sqrt(
            fmean([((mine[one] - its[one]) / spread[one]) ** 2 for one in mine.keys() & its.keys()])
        )

    far = {code: distance(code) for code in among if code != of.code and code in known}
    return dict(sorted(far.items(), key=lambda pair: (pair[1], pair[0]))[:number])


def _things(one: Area, traits: Mapping[str, Traits]) -> dict[str, float]:
    """Give what is known of an area, each as a number in which differences mean something."""
    ages = population(one.code)
    young = sum(ages.values())
    found = {"young": log(young), "children": sum(ages[band] for band in _CHILDREN) / young}
    members = [one.code]
    if one.level == "region":
        members = [member.code for member in municipalities(region=one.code)]
    given = [traits.get(member, Traits()) for member in members]
    people = [each.inhabitants for each in given]
    if all(number is not None for number in people):
        found["inhabitants"] = log(sum(number or 0 for number in people))
    urban = [each.urbanity for each in given]
    if all(number is not None for number in urban):
        weights = [sum(population(member).values()) for member in members]
        weighed = (weight * (number or 0.0) for weight, number in zip(weights, urban, strict=True))
        found["urbanity"] = sum(weighed) / sum(weights)
    return found


def read_traits(file: Path) -> dict[str, Traits]:
    """Read a table of one's own of what makes municipalities alike.

    Parameters
    ----------
    file
        CSV with the columns ``municipality`` (four digits), ``urbanity`` (1 to 5), ``inhabitants``
        and ``source``; a cell may be empty where a thing is not known.

    Raises
    ------
    StelselError
        With everything that is wrong with the table, by line.
    """
    given = read_given(file, COLUMNS)
    codes = {one.code for one in areas("municipality")}
    found: dict[str, Traits] = {}
    for line, row in given.rows:
        code = row["municipality"]
        if code not in codes or code in found:
            given.wrong(
                line,
                "municipality is not a municipality of now, or is told before.",
                "municipality is geen gemeente van nu, of stond er al.",
                "Give each municipality once, by its four digits.",
                "Geef elke gemeente één keer, met haar vier cijfers.",
            )
        urban, people = row["urbanity"], row["inhabitants"]
        if urban and urban not in [str(number) for number in _URBANITY]:
            given.wrong(
                line,
                "urbanity is not 1 to 5.",
                "urbanity is niet 1 tot en met 5.",
                "1 is very strongly urban and 5 is not urban.",
                "1 is zeer sterk stedelijk en 5 is niet stedelijk.",
            )
        elif people and not (people.isdecimal() and int(people)):
            given.wrong(
                line,
                "inhabitants is not a whole number above 0.",
                "inhabitants is geen heel getal boven 0.",
            )
        else:
            found[code] = Traits(float(urban) if urban else None, int(people) if people else None)
    given.refuse()
    return found


def young_people(codes: Sequence[str]) -> dict[str, dict[str, int]]:
    """Give the young people of areas by age band, on :data:`POPULATION_DAY`.

    Examples
    --------
    >>> young_people(["0193"])["0193"]["5-9"] > 5000
    True
    """
    return {code: population(code, POPULATION_DAY) for code in codes}
