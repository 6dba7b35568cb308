"""What the protocol of CBS says of its files, read from tables: sorts, fields, codes.

The names of fields as CBS has them stand in ``data/fields.csv`` and go no further than this
package; records and layouts use the plain English names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeVar

from stelsel.errors import Fault, StelselError
from stelsel.system.entries import Station, stations
from stelsel.system.read import holds, look_up, parts, period
from stelsel.tables import packaged, read_table

PACKAGE = "stelsel.deliveries.cbs"
TYPES = ("number", "birth", "code", "place", "day", "grade")
"""Types of fields; :mod:`stelsel.deliveries.cbs.values` reads and writes them."""

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of file.

    ``sort`` is its id (``cbs-youth-care``), ``mark`` the letters that stand for it in a heading,
    ``periods`` how many there are in a year, ``code_field`` the field that tells which station of
    the map a record is at, ``station_kinds`` the kinds of station it can be.
    """

    sort: str
    mark: str
    periods: int
    code_field: str
    station_kinds: tuple[str, ...]
    name_nl: str
    name_en: str
    source: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record.

    ``name`` is ours, ``cbs`` that of CBS; ``list`` the code list of a code; ``needed`` whether it
    may never be empty; both days (inclusive, None unbounded) say when it is part of the record.
    """

    sort: str
    name: str
    cbs: str
    type: str
    list: str
    needed: bool
    valid_from: date | None
    valid_to: date | None
    source: str

    def holds(self, on: date) -> bool:
        """Whether the field is part of a record on a day."""
        return holds(self.valid_from, self.valid_to, on)


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a list.

    ``means`` is its code elsewhere in the house (for the sex: list COD046); ``goes_with`` the
    measures that this reason can end, empty if the list does not depend on it.
    """

    list: str
    code: str
    name_nl: str
    name_en: str
    means: str
    goes_with: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    source: str

    def holds(self, on: date) -> bool:
        """Whether the code may be used on a day."""
        return holds(self.valid_from, self.valid_to, on)


def _entries(
    name: str, columns: list[str], key: tuple[str, ...], make: Callable[[dict[str, str]], Entry]
) -> list[Entry]:
    found, faults = [], []
    rows = read_table(packaged(PACKAGE, name), columns, key=key)
    for line, row in enumerate(rows, start=2):
        try:
            found.append(make(row))
        except ValueError as error:
            faults.append(
                Fault(
                    f"A value cannot be read: {error}.",
                    f"{name}, line {line}",
                    what_nl=f"Een waarde is niet te lezen: {error}.",
                    where_nl=f"{name}, regel {line}",
                )
            )
    if faults:
        raise StelselError(faults)
    return found


@cache
def sorts() -> dict[str, Sort]:
    """Give the sorts of files by their id.

    Examples
    --------
    >>> list(sorts())
    ['cbs-youth-care', 'cbs-protection', 'cbs-placement', 'cbs-probation']
    """
    columns = ["sort", "mark", "periods", "code_field", "station_kinds", "name_nl", "name_en"]

    def make(row: dict[str, str]) -> Sort:
        changed = {"periods": int(row["periods"]), "station_kinds": parts(row["station_kinds"])}
        return Sort(**row | changed)  # type: ignore[arg-type]

    return {one.sort: one for one in _entries("sorts.csv", columns, ("sort",), make)}


def sort_of(name: str) -> Sort:
    """Give a sort of file by its id.

    Raises
    ------
    StelselError
        When there is no such sort.

    Examples
    --------
    >>> sort_of("cbs-probation").periods
    4
    """
    return look_up(sorts(), name, "sort of delivery", "soort levering")


@cache
def _fields() -> dict[str, dict[str, Field]]:
    columns = ["sort", "name", "cbs", "type", "list", "needed", "valid_from", "valid_to"]

    def make(row: dict[str, str]) -> Field:
        if row["needed"] not in {"always", "never"} or row["type"] not in TYPES:
            raise ValueError("needed is always or never, and type is one of " + ", ".join(TYPES))
        changed = {"needed": row["needed"] == "always"}
        return Field(**row | changed | period(row))  # type: ignore[arg-type]

    found: dict[str, dict[str, Field]] = {name: {} for name in sorts()}
    for one in _entries("fields.csv", columns, ("sort", "name"), make):
        found[one.sort][one.name] = one
    return found


def fields(sort: str) -> dict[str, Field]:
    """Give the fields of a sort of file by our names, in the order of the protocol.

    Examples
    --------
    >>> list(fields("cbs-placement"))
    ['number', 'birth', 'sex', 'place', 'order', 'start', 'end']
    """
    return _fields()[sort]


@cache
def codes() -> dict[str, dict[str, Code]]:
    """Give the codes of every list.

    Examples
    --------
    >>> codes()["measure"]["11"].name_en
    'supervision order'
    """
    columns = ["list", "code", "name_nl", "name_en", "means", "goes_with"]

    def make(row: dict[str, str]) -> Code:
        changed = {"goes_with": parts(row["goes_with"])}
        return Code(**row | changed | period(row))  # type: ignore[arg-type]

    found: dict[str, dict[str, Code]] = {}
    columns += ["valid_from", "valid_to"]
    for one in _entries("codes.csv", columns, ("list", "code"), make):
        found.setdefault(one.list, {})[one.code] = one
    return found


@cache
def stations_of(sort: str) -> dict[str, Station]:
    """Give the stations of the map that records of a sort are at, by the code of CBS.

    Examples
    --------
    >>> stations_of("cbs-youth-care")["02"].id
    'care-ambulatory'
    """
    kinds = sort_of(sort).station_kinds
    return {one.cbs_code: one for kind in kinds for one in stations(kind) if one.cbs_code}
