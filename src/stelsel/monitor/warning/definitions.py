"""What is watched at a provider, and when it is told: data, marked law, agreement or choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, TypeVar, cast, get_args

from stelsel.deliveries.statements import item_of
from stelsel.errors import Fault, StelselError
from stelsel.monitor.settings import Setting, marks, read_settings
from stelsel.system.read import holds
from stelsel.tables import packaged, read_table

_PACKAGE = "stelsel.monitor.warning"
Test = Literal["yes", "missing", "below", "turned", "rising", "year"]
"""``yes``: it is so; ``missing``: there is no statement; ``below``: under a value, so many quarters
in a row; ``turned``: under it, and the quarter before not; ``rising``: higher than the quarter
before, so many quarters in a row; ``year``: changed since a year before by less than a share."""
Better = Literal["higher", "lower", "none"]
Word = TypeVar("Word", bound=str)
TESTS: tuple[Test, ...] = get_args(Test)
BETTER: tuple[Better, ...] = get_args(Better)
PEOPLE = ("waiting-form", "waiting-measure", "in-care")
"""Items that count children."""
BEHIND = {"care-days": "in-care"}
"""Items that rest on how many children there are, with the item that counts them."""


@dataclass(frozen=True, slots=True)
class Watch:
    """One number that is watched: the sum of some items of a statement, maybe over that of others.

    Parameters
    ----------
    id
        Stable name.
    upper, lower
        Items of :func:`stelsel.deliveries.statements.items`; ``lower`` is empty for a mere sum.
    unit
        What it is in.
    better
        Which direction is better, or ``none``.
    """

    id: str
    upper: tuple[str, ...]
    lower: tuple[str, ...]
    unit: str
    better: Better
    name_nl: str
    name_en: str
    source: str


@dataclass(frozen=True, slots=True)
class Signal:
    """When a number is told apart; ``kind`` is law, agreement or own choice."""

    id: str
    indicator: str
    test: Test
    value: float
    quarters: int
    kind: str
    name_nl: str
    name_en: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Combination:
    """Signals that say more together."""

    id: str
    signals: tuple[str, ...]
    kind: str
    name_nl: str
    name_en: str
    valid_from: date | None
    valid_to: date | None
    source: str


@cache
def settings() -> dict[str, Setting]:
    """Give the numbers by id.

    Examples
    --------
    >>> settings()["scope"].value, settings()["scope"].kind
    (2000000.0, 'agreement')
    """
    return read_settings(_PACKAGE)


@cache
def watches() -> tuple[Watch, ...]:
    """Give what is watched, in the order in which it is shown.

    Raises
    ------
    StelselError
        When an item does not exist.

    Examples
    --------
    >>> [one.id for one in watches()][:3]
    ['risk', 'liquidity', 'working-capital']
    """
    columns = ["id", "upper", "lower", "unit", "better", "name_nl", "name_en"]
    found, unknown = [], []
    for row in _rows("indicators.csv", columns):
        upper, lower = (tuple(filter(None, row[name].split("+"))) for name in ("upper", "lower"))
        unknown += [name for name in (*upper, *lower) if item_of(name) is None]
        found.append(
            Watch(
                row["id"],
                upper,
                lower,
                row["unit"],
                _one_of(row["better"], BETTER, "indicators.csv"),
                row["name_nl"],
                row["name_en"],
                row["source"],
            )
        )
    _refuse(unknown, "item", "onderdeel", "indicators.csv")
    return tuple(found)


@cache
def _signals() -> tuple[Signal, ...]:
    columns = ["id", "indicator", "test", "value", "quarters", "kind", "name_nl", "name_en"]
    rows = _rows("signals.csv", columns)
    known = {one.id for one in watches()}
    unknown = [row["indicator"] for row in rows if row["indicator"] not in {*known, ""}]
    _refuse(unknown, "indicator", "indicator", "signals.csv")
    return tuple(
        Signal(
            row["id"],
            row["indicator"],
            _one_of(row["test"], TESTS, "signals.csv"),
            float(row["value"] or 0),
            int(row["quarters"]),
            **marks(row, "signals.csv"),
        )
        for row in rows
    )


@cache
def _combinations() -> tuple[Combination, ...]:
    rows = _rows("combinations.csv", ["id", "signals", "kind", "name_nl", "name_en"])
    found = tuple(
        Combination(row["id"], tuple(row["signals"].split(";")), **marks(row, "combinations.csv"))
        for row in rows
    )
    known = {one.id for one in _signals()}
    unknown = [name for one in found for name in one.signals if name not in known]
    _refuse(unknown, "signal", "signaal", "combinations.csv")
    return found


def signals(on: date | None = None) -> tuple[Signal, ...]:
    """Give the signals that hold on a day; without a day those that have no end.

    Examples
    --------
    >>> [one.id for one in signals(date(2026, 6, 30)) if one.kind == "law"]
    ['reported-risk', 'no-statement']
    """
    return tuple(one for one in _signals() if holds(one.valid_from, one.valid_to, on))


def combinations(on: date | None = None) -> tuple[Combination, ...]:
    """Give the combinations that hold on a day; without a day those that have no end.

    Examples
    --------
    >>> combinations()[0].signals
    ('loss-two-quarters', 'liquidity-below-one')
    """
    return tuple(one for one in _combinations() if holds(one.valid_from, one.valid_to, on))


def _rows(file: str, columns: list[str]) -> list[dict[str, str]]:
    names = [*columns, "valid_from", "valid_to"]
    return list(read_table(packaged(_PACKAGE, file), names, key=["id"]))


def _one_of(value: str, among: Sequence[Word], file: str) -> Word:
    """Give the word that a cell holds, one of those there are."""
    _refuse([value] if value not in among else [], "value", "waarde", file)
    return among[among.index(cast(Word, value))]


def _refuse(unknown: list[str], what: str, what_nl: str, file: str) -> None:
    if unknown:
        raise StelselError(
            Fault(
                f"There is no {what} {name}.",
                file,
                what_nl=f"Er is geen {what_nl} {name}.",
            )
            for name in unknown
        )
