"""Rules about what may occur once only: logical keys, references, lines of a claim."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from functools import cache
from typing import Any

from stelsel.ijw.grammar import PACKAGE
from stelsel.ijw.message import Content
from stelsel.ijw.rules.registry import class_rule, message_rule
from stelsel.tables import packaged, read_table


@cache
def _keys() -> dict[str, tuple[tuple[str, ...], ...]]:
    return {
        row["class"]: tuple(tuple(name.split("/")) for name in row["key"].split())
        for row in read_table(packaged(PACKAGE, "keys.csv"), ["class", "key"], key=("class",))
    }


def logical_key(name: str, item: Content) -> tuple[Any, ...]:
    """Give the values by which one occurrence of a class is known (``data/keys.csv``).

    Parameters
    ----------
    name
        Name of the class, such as ``"StartProduct"``.
    item
        One occurrence.

    Returns
    -------
    tuple
        The values, in the order of the table; an element that is left out is None.

    Raises
    ------
    KeyError
        If the class has no logical key.

    Examples
    --------
    >>> logical_key("NieuwProduct", {"Product": {"Categorie": "45"}, "GewensteIngangsdatum": 1})
    ('45', None, 1)
    """
    return _key(item, _keys()[name])


def _key(item: Content, names: tuple[tuple[str, ...], ...]) -> tuple[Any, ...]:
    return tuple(
        [
            item.get(parts[0]) if len(parts) == 1 else item.get(parts[0], {}).get(parts[1])
            for parts in names
        ]
    )


def _again(keys: Iterable[Hashable | None]) -> Iterator[int]:
    """Give the places of the keys that were there before; None is no key."""
    seen = set()
    for place, key in enumerate(keys):
        if key is None:
            continue
        if key in seen:
            yield place
        seen.add(key)


@class_rule("TR101")
def _doubles(items: list[Content], name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Find doubles in one place.

    Officially the keys of the classes around it belong to the key. Where those agree too, the
    class around it is itself double, and told of.
    """
    if len(items) < 2:
        return
    names = _keys()[name]
    for place in _again([_key(item, names) for item in items]):
        verbs = ("is", "is") if len(names) == 1 else ("zijn", "are")
        told = ", ".join("/".join(parts) for parts in names)
        yield place, {"key": told, "is_nl": verbs[0], "is_en": verbs[1]}


@class_rule("TR383")
def _references(items: list[Content], _: str) -> Iterator[tuple[int, dict[str, str]]]:
    for place in _again(item["ReferentieAanbieder"] for item in items):
        yield place, {}


@message_rule("TR315")
def _credited_twice(lines: list[Content], _: Content) -> Iterator[tuple[int, dict[str, str]]]:
    for place in _again(line["ProductReferentie"].get("VorigReferentieNummer") for line in lines):
        yield place, {}


@message_rule("TR316")
def _claimed_and_credited(lines: list[Content], _: Content) -> Iterator[tuple[int, dict[str, str]]]:
    debit = {
        line["ProductReferentie"]["ReferentieNummer"]
        for line in lines
        if line["IngediendBedrag"]["DebetCredit"] == "D"
    }
    for place, line in enumerate(lines):
        credit = line["IngediendBedrag"]["DebetCredit"] == "C"
        if credit and line["ProductReferentie"].get("VorigReferentieNummer") in debit:
            yield place, {}


@class_rule("TR416")
def _claimed_twice(lines: list[Content], _: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Find two debit lines of one child for the same delivery."""
    if len(lines) < 2:
        return
    deliveries = [
        (
            line["ToewijzingNummer"],
            line["ProductPeriode"]["Begindatum"],
            line["ProductPeriode"]["Einddatum"],
            line["ProductCategorie"],
            line["ProductCode"],
        )
        if line["IngediendBedrag"]["DebetCredit"] == "D"
        else None
        for line in lines
    ]
    for place in _again(deliveries):
        yield place, {}
