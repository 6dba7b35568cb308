"""Youth regions, and which municipality belongs to which region when.

Membership is dated. Known are the lists of 2023 and 2026, which agree, and for municipalities that
were dissolved before 2023 the region that they lay in; an empty ``valid_from`` means that the first
day is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from stelsel.errors import Fault, StelselError
from stelsel.system.municipalities import (
    Municipality,
    all_municipalities,
    exists,
    municipality,
    successors,
)
from stelsel.system.read import holds, look_up, period, read_entries

__all__ = [
    "Membership",
    "Municipality",
    "Region",
    "memberships",
    "municipalities",
    "municipality",
    "region",
    "region_of",
    "region_periods",
    "regions",
]


@dataclass(frozen=True, slots=True)
class Region:
    """A youth region (jeugdregio); ``code`` as ``JZ07``."""

    code: str
    name: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A municipality belongs to a region from a day to a day, both inclusive, None unbounded."""

    municipality: str
    region: str
    valid_from: date | None
    valid_to: date | None
    source: str


@cache
def _all_regions() -> tuple[Region, ...]:
    def make(row: dict[str, str]) -> Region:
        return Region(**row | period(row))  # type: ignore[arg-type]

    return read_entries(
        "regions.csv", ["code", "name", "valid_from", "valid_to"], make, key=["code"]
    )


def regions(on: date | None = None) -> tuple[Region, ...]:
    """Give the youth regions that exist on a day, by code; without a day those of now.

    Examples
    --------
    >>> len(regions()), regions()[6].name
    (42, 'IJsselland')
    """
    return tuple(one for one in _all_regions() if holds(one.valid_from, one.valid_to, on))


@cache
def _regions() -> dict[str, Region]:
    return {one.code: one for one in _all_regions()}


def region(code: str) -> Region:
    """Give a youth region by its code.

    Raises
    ------
    StelselError
        When there is no such region.

    Examples
    --------
    >>> region("JZ07").name
    'IJsselland'
    """
    return look_up(_regions(), code, "youth region", "jeugdregio")


@cache
def memberships() -> tuple[Membership, ...]:
    """Give every dated membership of a municipality in a region.

    Raises
    ------
    StelselError
        When a membership names what does not exist, or when two of one municipality overlap.

    Examples
    --------
    >>> [m.municipality for m in memberships() if m.region == "JZ15"]
    ['0394']
    """

    def make(row: dict[str, str]) -> Membership:
        return Membership(**row | period(row))  # type: ignore[arg-type]

    columns = ["municipality", "region", "valid_from", "valid_to"]
    file = "memberships.csv"
    refers = {
        "municipality": [one.code for one in all_municipalities()],
        "region": list(_regions()),
    }
    found = read_entries(file, columns, make, key=["municipality", "valid_from"], refers=refers)
    faults = []
    last: dict[str, Membership] = {}
    for this in sorted(found, key=lambda m: (m.municipality, m.valid_from or date.min)):
        before = last.get(this.municipality)
        if before is not None and (before.valid_to or date.max) >= (this.valid_from or date.min):
            faults.append(
                Fault(
                    f"{this.municipality} is in two regions on one day.",
                    file,
                    what_nl=f"{this.municipality} ligt op één dag in twee jeugdregio's.",
                )
            )
        last[this.municipality] = this
    if faults:
        raise StelselError(faults)
    return found


@cache
def _members() -> dict[str, tuple[Membership, ...]]:
    by_municipality: dict[str, list[Membership]] = {}
    for one in memberships():
        by_municipality.setdefault(one.municipality, []).append(one)
    return {code: tuple(ones) for code, ones in by_municipality.items()}


def municipalities(region: str | None = None, on: date | None = None) -> tuple[Municipality, ...]:
    """Give the municipalities of a day, by code; without a day those of now.

    Parameters
    ----------
    region
        Only those that belong to this youth region on the day.
    on
        The day.

    Raises
    ------
    StelselError
        When there is no such region.

    Examples
    --------
    >>> len(municipalities()), len(municipalities(region="JZ07"))
    (342, 11)
    >>> len(municipalities(on=date(2015, 1, 1)))
    393
    """
    if region is not None:
        look_up(_regions(), region, "youth region", "jeugdregio")
    return tuple(
        municipality(one.municipality)
        for one in sorted(memberships(), key=lambda m: m.municipality)
        if holds(one.valid_from, one.valid_to, on)
        and exists(one.municipality, on)
        and region in (None, one.region)
    )


def region_of(municipality: str, on: date | None = None) -> str | None:
    """Give the code of the youth region that a municipality belongs to, or None if not known.

    On a day on which a municipality is dissolved, its code stands for the municipalities that its
    area went to: their region, if they agree on one. On a day on which it does not exist yet, for
    the area that it was made of: its first region that is known.

    Parameters
    ----------
    municipality
        Four digits.
    on
        The day; without it now.

    Examples
    --------
    >>> region_of("0193", on=date(2021, 5, 1))
    'JZ07'
    >>> region_of("0457", on=date(2022, 3, 23)), region_of("0457")     # Weesp went to Amsterdam
    ('JZ19', 'JZ13')
    >>> region_of("0788"), region_of("9999")     # Haaren was divided over two regions
    (None, None)
    """
    for one in _members().get(municipality, ()):
        if holds(one.valid_from, one.valid_to, on):
            return one.region
    found = {region_of(one, on) for one in successors(municipality)}
    return found.pop() if len(found) == 1 else None


@cache
def region_periods() -> tuple[Membership, ...]:
    """Give every membership, and after it those of the municipalities that one went on in.

    So a fact that is told under the code of a dissolved municipality after its end finds the region
    that :func:`region_of` gives. The periods of a municipality do not overlap.

    Examples
    --------
    >>> [(one.region, one.valid_from, one.valid_to) for one in region_periods()
    ...  if one.municipality == "0620"]     # Vianen
    [('JZ26', None, datetime.date(2018, 12, 31)), ('JZ26', datetime.date(2019, 1, 1), None)]
    """
    found = list(memberships())
    for one in all_municipalities():
        if one.valid_to is None:
            continue
        turns = sorted({one.valid_to + timedelta(days=1), *_turns(one.code, one.valid_to)})
        for first, following in zip(turns, [*turns[1:], None], strict=True):
            region = region_of(one.code, first)
            if region is not None:
                last = following - timedelta(days=1) if following else None
                found.append(Membership(one.code, region, first, last, one.source))
    return tuple(sorted(found, key=lambda m: (m.municipality, m.valid_from or date.min)))


def _turns(code: str, after: date) -> set[date]:
    """Give the days after a day on which a municipality, or one it went on in, changes region."""
    days = {
        day
        for one in _members().get(code, ())
        for day in (one.valid_from, one.valid_to and one.valid_to + timedelta(days=1))
        if day is not None and day > after
    }
    return days.union(*(_turns(one, after) for one in successors(code)))
