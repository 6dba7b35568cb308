"""Municipalities through time: which there were since 2015, and what became of those dissolved.

The table begins with the Jeugdwet, on 1 January 2015; municipalities dissolved before that day are
not in it. An empty ``valid_from`` means: since before 2015. A municipality that merged is named
with the municipality, or the several, that its area went to; a municipality that only changed its
name got another code too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from stelsel.errors import Fault, StelselError
from stelsel.system.read import holds, look_up, period, read_entries, yes_or_no


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality; ``code`` is the four digits of CBS, days are inclusive, None unbounded."""

    code: str
    name: str
    province: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Succession:
    """A dissolved municipality went on in another; ``main`` marks the one that its code became."""

    municipality: str
    successor: str
    main: bool
    source: str


@cache
def all_municipalities() -> tuple[Municipality, ...]:
    """Give every municipality that there was on some day since 1 January 2015, by code.

    Examples
    --------
    >>> len(all_municipalities()), len([one for one in all_municipalities() if one.valid_to])
    (414, 72)
    """

    def make(row: dict[str, str]) -> Municipality:
        return Municipality(**row | period(row))  # type: ignore[arg-type]

    columns = ["code", "name", "province", "valid_from", "valid_to"]
    return read_entries("municipalities.csv", columns, make, key=["code"])


@cache
def _by_code() -> dict[str, Municipality]:
    return {one.code: one for one in all_municipalities()}


def municipality(code: str) -> Municipality:
    """Give a municipality of now or earlier by its four digits.

    Raises
    ------
    StelselError
        When there is no such municipality.

    Examples
    --------
    >>> municipality("0193").name, municipality("0457").valid_to.isoformat()
    ('Zwolle', '2022-03-23')
    """
    return look_up(_by_code(), code, "municipality", "gemeente")


def exists(code: str, on: date | None = None) -> bool:
    """Tell whether a municipality exists on a day; without a day now.

    Examples
    --------
    >>> exists("0457", date(2022, 3, 23)), exists("0457", date(2022, 3, 24)), exists("9999")
    (True, False, False)
    """
    one = _by_code().get(code)
    return one is not None and holds(one.valid_from, one.valid_to, on)


def began(code: str, on: date) -> bool:
    """Tell whether a municipality exists on a day or existed before: its code may still be used.

    Examples
    --------
    >>> began("0457", date(2026, 1, 1)), began("1992", date(2022, 12, 31))
    (True, False)
    """
    one = _by_code().get(code)
    return one is not None and (one.valid_from is None or one.valid_from <= on)


@cache
def successions() -> tuple[Succession, ...]:
    """Give every succession, the main one of a municipality first.

    Raises
    ------
    StelselError
        When a municipality that goes on is not dissolved, one that is dissolved has no main
        successor or several, or a successor does not exist when it takes over.

    Examples
    --------
    >>> [one.successor for one in successions() if one.municipality == "0140"]
    ['1900', '0080', '1949']
    """

    def make(row: dict[str, str]) -> Succession:
        return Succession(**row | {"main": yes_or_no(row["main"])})  # type: ignore[arg-type]

    columns = ["municipality", "successor", "main"]
    refers = {column: list(_by_code()) for column in columns[:2]}
    found = read_entries(
        "successors.csv", columns, make, key=["municipality", "successor"], refers=refers
    )
    faults = [*_without_main(found), *_out_of_time(found)]
    if faults:
        raise StelselError(faults)
    return tuple(sorted(found, key=lambda one: (one.municipality, not one.main)))


def _without_main(found: tuple[Succession, ...]) -> Iterator[Fault]:
    for one in all_municipalities():
        main = sum(each.main for each in found if each.municipality == one.code)
        if main != (one.valid_to is not None):
            yield Fault(
                f"{one.code} has {main} main successors; it has one if it is dissolved, else none.",
                "successors.csv",
                what_nl=f"{one.code} heeft {main} hoofdopvolgers; het zijn er een als de gemeente "
                "is opgeheven en anders nul.",
            )


def _out_of_time(found: tuple[Succession, ...]) -> Iterator[Fault]:
    for each in found:
        last = _by_code()[each.municipality].valid_to
        if last is not None and not exists(each.successor, last + timedelta(days=1)):
            yield Fault(
                f"{each.successor} does not exist on the day after the last of "
                f"{each.municipality}.",
                "successors.csv",
                what_nl=f"{each.successor} bestaat niet op de dag na de laatste van "
                f"{each.municipality}.",
            )


@cache
def _successors() -> dict[str, tuple[str, ...]]:
    by_code: dict[str, list[str]] = {}
    for one in successions():
        by_code.setdefault(one.municipality, []).append(one.successor)
    return {code: tuple(ones) for code, ones in by_code.items()}


def successors(code: str) -> tuple[str, ...]:
    """Give the municipalities that the area of a dissolved one went to, the main one first.

    Empty for a municipality that still exists and for an unknown code.

    Examples
    --------
    >>> successors("0788")     # Haaren was divided over four
    ('0824', '0757', '0855', '0865')
    >>> successors("0193")
    ()
    """
    return _successors().get(code, ())


def successor(code: str, on: date | None = None) -> str | None:
    """Give the code under which a municipality goes on, on a day; without a day now.

    That is its own code as long as it exists, then that of its main successor, and so on. Where a
    municipality was divided it is the code that the national table names; see :func:`successors`.
    None for an unknown code, and for a day before the municipality began.

    Examples
    --------
    >>> successor("0056", date(2018, 12, 31)), successor("0056", date(2019, 1, 1))
    ('0056', '1969')
    >>> successor("1921"), successor("9999") is None
    ('1940', True)
    """
    if on is not None and not began(code, on):
        return None
    here: str | None = code
    while here is not None and not exists(here, on):
        here = next(iter(successors(here)), None)
    return here
