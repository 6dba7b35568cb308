"""Youth regions and municipalities, and which municipality belongs to which region when.

Membership is dated. Known are the lists of 2023 and 2026, which agree; an empty ``valid_from``
means that the first day is not known. Earlier days get the list of 2023: municipalities that were
dissolved before 2023 are not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from stelsel.errors import Fault, StelselError
from stelsel.system.read import look_up, period, read_entries


@dataclass(frozen=True, slots=True)
class Region:
    """A youth region (jeugdregio); ``code`` as ``JZ07``."""

    code: str
    name: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality; ``code`` is the four digits of CBS."""

    code: str
    name: str
    province: str
    source: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A municipality belongs to a region from a day to a day, both inclusive, None unbounded."""

    municipality: str
    region: str
    valid_from: date | None
    valid_to: date | None
    source: str


def _holds(first: date | None, last: date | None, on: date | None) -> bool:
    if on is None:
        return last is None
    return (first is None or first <= on) and (last is None or on <= last)


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
    return tuple(one for one in _all_regions() if _holds(one.valid_from, one.valid_to, on))


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
def _municipalities() -> dict[str, Municipality]:
    columns = ["code", "name", "province"]
    found = read_entries(
        "municipalities.csv", columns, lambda row: Municipality(**row), key=["code"]
    )
    return {one.code: one for one in found}


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
    refers = {"municipality": list(_municipalities()), "region": list(_regions())}
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


def municipality(code: str) -> Municipality:
    """Give a municipality by its four digits.

    Raises
    ------
    StelselError
        When there is no such municipality.

    Examples
    --------
    >>> municipality("0193").name
    'Zwolle'
    """
    return look_up(_municipalities(), code, "municipality", "gemeente")


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
    """
    if region is not None:
        look_up(_regions(), region, "youth region", "jeugdregio")
    return tuple(
        _municipalities()[one.municipality]
        for one in sorted(memberships(), key=lambda m: m.municipality)
        if _holds(one.valid_from, one.valid_to, on) and region in (None, one.region)
    )


def region_of(municipality: str, on: date | None = None) -> str | None:
    """Give the code of the youth region that a municipality belongs to, or None if not known.

    Parameters
    ----------
    municipality
        Four digits.
    on
        The day; without it now. Days before 2023 get the list of 2023 (see above).

    Examples
    --------
    >>> region_of("0193", on=date(2021, 5, 1))
    'JZ07'
    >>> region_of("9999") is None
    True
    """
    for one in _members().get(municipality, ()):
        if _holds(one.valid_from, one.valid_to, on):
            return one.region
    return None
