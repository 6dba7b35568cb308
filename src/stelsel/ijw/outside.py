"""Level 4: what can be checked only against what lies outside the traffic.

The clock (TR135), the municipalities (TR378), the product list (TR381) and, where they are given,
the tariffs of the contracts (TR346, and TR418 that the rule report counts to level 3). Which
elements of which messages a rule is about stands in ``data/rules.csv``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path as File
from typing import Any, Final

from stelsel.errors import Fault, StelselError
from stelsel.ijw.findings import Breach, Path, rules
from stelsel.ijw.message import Content, Message
from stelsel.ijw.tariffs import EUROS, Tariffs, read_tariffs
from stelsel.system.codes import product
from stelsel.system.municipalities import began
from stelsel.system.own_codes import OwnCodes, read_own_codes

MINUTE: Final = "01"
HOUR: Final = "04"
"""WJ756: the units between which a tariff may be converted."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What lies outside the traffic.

    Parameters
    ----------
    today
        The day of checking.
    tariffs
        Tariffs of contracts; without them no tariff is judged.
    own_codes
        Own product codes of municipalities; without them an own code is never wrong.

    Examples
    --------
    >>> Outside(date(2026, 6, 30)).tariffs is None
    True
    """

    today: date
    tariffs: Tariffs | None = None
    own_codes: OwnCodes | None = None


def outside_of(
    today: date, *, tariffs: File | None = None, own_codes: File | None = None
) -> Outside:
    """Read what lies outside the traffic from the tables that a user gives.

    Parameters
    ----------
    today
        The day of checking.
    tariffs
        A table of tariffs (:mod:`stelsel.ijw.tariffs`).
    own_codes
        A table of own product codes (:mod:`stelsel.system.own_codes`).

    Raises
    ------
    StelselError
        With every fault of both tables.

    Examples
    --------
    >>> outside_of(date(2026, 6, 30)).own_codes is None
    True
    """
    faults: list[Fault] = []
    known: dict[str, Any] = {}
    for name, file, reader in (
        ("tariffs", tariffs, read_tariffs),
        ("own_codes", own_codes, read_own_codes),
    ):
        try:
            known[name] = reader(file) if file is not None else None
        except StelselError as error:
            faults += error.faults
    if faults:
        raise StelselError(faults)
    return Outside(today, **known)


def check_outside(message: Message, outside: Outside) -> list[Breach]:
    """Check a message against what lies outside the traffic.

    Parameters
    ----------
    message
        A message whose structure is right (level 1).
    outside
        What lies outside.

    Returns
    -------
    list of Breach
        What breaks a rule, by rule and place; without line numbers. A return has none: it repeats
        another message.

    Examples
    --------
    >>> answer = Message("JW319", {
    ...     "Header": {
    ...         "Afzender": "9999", "Ontvanger": "00000001",
    ...         "BerichtIdentificatie": {"Identificatie": "A1", "Dagtekening": date(2026, 3, 9)},
    ...     },
    ...     "Antwoord": {"ReferentieAanbieder": "R1", "VerzoekAntwoord": "2"},
    ... })
    >>> [breach.rule for breach in check_outside(answer, Outside(date(2026, 3, 8)))]
    ['TR135', 'TR378']
    """
    return [
        Breach(rule, (*path, *element))
        for rule, name, element in _bound(message.type)
        for path, group in _occurrences(message.content, name)
        if _RULES[rule](_Place(message, group, element), outside)
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """A class that a rule looks at, and the element in it that the rule is about."""

    message: Message
    group: Content
    element: Path

    @property
    def value(self) -> Any:
        """The value of the element, None where it is not there."""
        found: Any = self.group
        for step in self.element:
            found = found.get(step)
            if found is None:
                return None
        return found

    @property
    def header(self) -> Content:
        """The header of the message."""
        header: Content = self.message.content["Header"]
        return header

    @property
    def dated(self) -> date:
        """The date of the message."""
        day: date = self.header["BerichtIdentificatie"]["Dagtekening"]
        return day


_Rule = Callable[[_Place, Outside], bool]


@cache
def _bound(message_type: str) -> tuple[tuple[str, str, Path], ...]:
    """Give rule, class and element for every element of a message that a rule here is about."""
    return tuple(
        (number, path[0], path[1:])
        for number in _RULES
        for about, path in rules()[number].elements
        if about == message_type
    )


def _occurrences(content: Content, name: str, path: Path = ()) -> Iterator[tuple[Path, Content]]:
    """Yield every occurrence of a class with its path, in the order of the message."""
    for key, value in content.items():
        many = isinstance(value, list)
        for number, group in enumerate(value if many else (value,), start=1):
            if not isinstance(group, dict):
                continue
            here = (*path, f"{key}[{number}]" if many else key)
            if key == name:
                yield here, group
            yield from _occurrences(group, name, here)


def _in_future(place: _Place, outside: Outside) -> bool:
    """TR135: a message is not dated after the day of checking."""
    day: date = place.value
    return day > outside.today


_BEGIN: Final = {
    "JW301": ("ToegewezenProduct", "Ingangsdatum"),
    "JW305": ("StartProduct", "ToewijzingIngangsdatum"),
    "JW307": ("StopProduct", "ToewijzingIngangsdatum"),
    "JW315": ("AangevraagdProduct", "ToewijzingIngangsdatum"),
}
"""Where a message says on which days the municipality must be there; else its own date counts."""


def _no_municipality(place: _Place, outside: Outside) -> bool:
    """TR378: the municipality exists on the first day of each product, or did before."""
    del outside
    days = [place.dated]
    if place.message.type in _BEGIN:
        name, element = _BEGIN[place.message.type]
        groups = [group for _, group in _occurrences(place.message.content, name)]
        days = [group[element] for group in groups if element in group] or days
    return not began(place.value, min(days))


def _other_category(place: _Place, outside: Outside) -> bool:
    """TR381: a product code belongs to its category."""
    code = place.value
    if code is None:
        return False
    around = place.group.get("Product", {})
    category: str = around.get("Categorie") or place.group["ProductCategorie"]
    listed = product(code)
    if listed is not None:
        return listed.category != category
    header = place.header
    town = header["Afzender" if place.message.type == "JW301" else "Ontvanger"]
    if outside.own_codes is None or not outside.own_codes.knows(town):
        return False
    return outside.own_codes.find(town, category, code, _first_day(place)) is None


def _first_day(place: _Place) -> date:
    """Give the first day of a product, as far as the message tells it."""
    group = place.group
    for element in ("ToewijzingIngangsdatum", "Ingangsdatum", "GewensteIngangsdatum", "Begindatum"):
        if element in group:
            day: date = group[element]
            return day
    first: date = group["ProductPeriode"]["Begindatum"]
    return first


def _agreed(place: _Place, outside: Outside) -> list[tuple[str, int]] | None:
    """Give unit and tariff of the contract for a claimed line; None where none is known."""
    if outside.tariffs is None:
        return None
    line, header = place.group, place.header
    period = line["ProductPeriode"]
    found = outside.tariffs.holding(
        header["Ontvanger"],
        header["Afzender"],
        line["ProductCode"],
        period["Begindatum"],
        period["Einddatum"],
    )
    return [(one.unit, one.tariff) for one in found] or None


def _bases(unit: str) -> tuple[str, ...]:
    """Give the units that the tariff of a claimed line may be for: minutes may go by the hour."""
    return (MINUTE, HOUR) if unit == MINUTE else (unit,)


def _other_amount(place: _Place, outside: Outside) -> bool:
    """TR346: the amount is volume times tariff.

    Minutes may have a tariff for an hour: then a sixtieth of that, rounded to whole cents, a half
    upwards. Which of the two it is the message does not say; the contract does, where it is given.
    """
    line = place.group
    unit, tariff = line["Eenheid"], line.get("ProductTarief")
    if unit == EUROS or tariff is None:
        return False
    whole: int = line["GeleverdVolume"] * tariff
    agreed = _agreed(place, outside) or ()
    bases = {base for base, price in agreed if price == tariff and base in _bases(unit)}
    amounts = {
        (whole + 30) // 60 if base == HOUR and unit == MINUTE else whole
        for base in bases or _bases(unit)
    }
    return line["IngediendBedrag"]["Bedrag"] not in amounts


def _other_tariff(place: _Place, outside: Outside) -> bool:
    """TR418: the tariff is one that was agreed for this product, unit and time."""
    tariff = place.value
    agreed = _agreed(place, outside)
    if tariff is None or agreed is None:
        return False
    bases = _bases(place.group["Eenheid"])
    return not any(base in bases and price == tariff for base, price in agreed)


_RULES: Final[dict[str, _Rule]] = {
    "TR135": _in_future,
    "TR378": _no_municipality,
    "TR381": _other_category,
    "TR346": _other_amount,
    "TR418": _other_tariff,
}
"""The rules that need what lies outside."""
