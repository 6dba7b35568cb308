"""What a statement is made of: the items that the law names, and those that go with them.

Every item is a row of ``data/items.csv`` with its article and unit, and with what could not be
found about it. Nothing of this is written in code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stelsel.errors import StelselError
from stelsel.system import Station, stations
from stelsel.tables import packaged, read_table

_KINDS = {
    *("day", "text", "kvk", "kvk-name", "yes-no"),
    *("money", "ratio", "count", "days", "volume"),
}
_CHOICES = {
    "asked": {"law", "ews", "own"},
    "rhythm": {"quarter", "year", "any"},
    "required": {"yes", "no"},
    "kind": _KINDS,
    "what": {"none", "form", "measure", "either", "list"},
    "region": {"yes", "no"},
    "known": {"register", "provider"},
    "kept": {"yes", "number", "no"},
}
_MEASURES = frozenset({"supervision", "guardianship", "probation", "preventive"})
"""Kinds of station that are measures which a certified institution carries out."""
NUMBERS = frozenset({"money", "ratio", "count", "days", "volume"})
"""Kinds of item whose value is a number."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a statement tells.

    Parameters
    ----------
    id
        Its name in a file.
    article
        Article and number of the Regeling Jeugdwet; empty where the law does not ask it.
    asked
        Who asks it: ``law``; ``ews``, the early warning system until the end of 2025; or ``own``,
        what this project adds.
    rhythm
        ``quarter``, ``year``, or ``any`` for what belongs to every statement.
    required
        Whether no statement is whole without it.
    kind
        What its value is: a ``day``, a ``text``, a number in the trade register (``kvk``), such a
        number with a name behind it (``kvk-name``), ``yes-no``, an amount of ``money``, a
        ``ratio``, a ``count``, a number of ``days`` or a ``volume``.
    unit
        The unit of its value; empty where it has none, ``volume`` for one of :func:`units`.
    what
        What it is split by: ``form``, ``measure``, ``either``, ``none``, or ``list`` where it may
        be told more than once.
    region
        Whether it is told per youth region.
    known
        Who knows it: the ``register`` or the ``provider``.
    kept
        Whether a register keeps it: ``no`` for what may name a person, ``number`` where only the
        number before a name is kept.
    name_nl, name_en
        What people call it.
    open
        What could not be found about it, and what was chosen instead.
    source
        Where it comes from.
    """

    id: str
    article: str
    asked: str
    rhythm: str
    required: bool
    kind: str
    unit: str
    what: str
    region: bool
    known: str
    kept: str
    name_nl: str
    name_en: str
    open: str
    source: str

    @property
    def is_number(self) -> bool:
        """Whether its value is a number."""
        return self.kind in NUMBERS

    def belongs_to(self, rhythm: str) -> bool:
        """Whether it may stand in a statement of this rhythm."""
        return self.rhythm in {rhythm, "any"}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of volume.

    Parameters
    ----------
    id
        As it stands in a file.
    code
        What messages call it.
    name_nl, name_en
        What people call it.
    source
        Where it comes from.
    """

    id: str
    code: str
    name_nl: str
    name_en: str
    source: str


@cache
def items() -> tuple[Item, ...]:
    """Give every item, in the order in which a statement tells them.

    Raises
    ------
    StelselError
        When the table is not right.

    Examples
    --------
    >>> [item.id for item in items() if item.article == "8g(2)(b) 13"]
    ['waiting-form', 'wait-form']
    """
    names = [*_CHOICES, "id", "article", "unit", "name_nl", "name_en", "open"]
    rows = read_table(packaged(__package__, "items.csv"), names, key=["id"])
    for line, row in enumerate(rows, start=2):
        for column, choices in _CHOICES.items():
            if row[column] not in choices:
                raise StelselError(
                    f"{column} may not be {row[column]!r}.",
                    where=f"items.csv, line {line}",
                    what_nl=f"{column} mag niet {row[column]!r} zijn.",
                    where_nl=f"items.csv, regel {line}",
                )
    return tuple(
        Item(**row | {name: row[name] == "yes" for name in ("required", "region")})  # type: ignore[arg-type]
        for row in rows
    )


@cache
def _by_id() -> dict[str, Item]:
    return {item.id: item for item in items()}


def item_of(name: str) -> Item | None:
    """Give an item by its name; None where there is none.

    Examples
    --------
    >>> item_of("liquidity").article, item_of("liquid")
    ('8g(2)(b) 6', None)
    """
    return _by_id().get(name)


@cache
def order() -> dict[str, int]:
    """Give the place of every item in a statement.

    Examples
    --------
    >>> order()["dated"]
    0
    """
    return {item.id: place for place, item in enumerate(items())}


@cache
def measures() -> dict[str, Station]:
    """Give the types of measure of a certified institution: stations of the map, by CBS code.

    Examples
    --------
    >>> measures()["21"].name_en
    'Guardianship'
    """
    return {one.cbs_code: one for one in stations() if one.kind in _MEASURES}


@cache
def units() -> dict[str, Unit]:
    """Give the units of a volume, by the name that a file gives them.

    Examples
    --------
    >>> units()["hours"].code
    '04'
    """
    names = ["id", "code", "name_nl", "name_en"]
    rows = read_table(packaged(__package__, "units.csv"), names, key=["id"])
    return {row["id"]: Unit(**row) for row in rows}
