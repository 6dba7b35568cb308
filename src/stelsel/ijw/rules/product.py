"""Rules about products that are asked for or allocated: volume, budget, period, overlap, keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, Final

from stelsel.ijw.grammar import PACKAGE
from stelsel.ijw.message import Content
from stelsel.ijw.rules.registry import class_rule, element_rule
from stelsel.tables import packaged, read_table

BEGINS: Final = (
    "Ingangsdatum",
    "Begindatum",
    "GewensteIngangsdatum",
    "ToewijzingIngangsdatum",
)
"""Names of the first day of a period, the nearest first: a stop also repeats the last of these."""
ENDS: Final = ("Einddatum", "ToewijzingEinddatum")
"""Names of the last day of a period."""
OLD_VOLUMES: Final = date(2020, 12, 31)
"""Up to this last day of an allocation, volumes followed older rules (CD080, CS338)."""


def begin_of(holder: Content) -> date | None:
    """Give the first day of what holds a period, or None.

    Examples
    --------
    >>> begin_of({"Ingangsdatum": date(2026, 1, 1)})
    datetime.date(2026, 1, 1)
    """
    for name in BEGINS:
        if name in holder:
            day: date = holder[name]
            return day
    return None


def end_of(holder: Content) -> date | None:
    """Give the last day of what holds a period, or None if it is open.

    Examples
    --------
    >>> end_of({"Ingangsdatum": date(2026, 1, 1)}) is None
    True
    """
    for name in ENDS:
        if name in holder:
            day: date = holder[name]
            return day
    return None


def _old(product: Content) -> bool:
    end = end_of(product)
    return end is not None and end <= OLD_VOLUMES


@element_rule("CD041")
def _volume_with_code(product: Content, element: str, _: Content, __: Content) -> bool:
    return "Code" in product.get("Product", ()) and element not in product


@element_rule("CD043")
def _decision(product: Content, element: str, _: Content, __: Content) -> bool:
    return (element in product) != ("BeschikkingNummer" in product)


@element_rule("CD075")
def _end_with_budget(product: Content, element: str, _: Content, __: Content) -> bool:
    return "Budget" in product and element not in product


@element_rule("CD076")
def _end_with_week(product: Content, element: str, _: Content, __: Content) -> bool:
    return element not in product and product.get("Omvang", {}).get("Frequentie") == "2"


@element_rule("CD077")
def _volume_beside_budget(product: Content, element: str, _: Content, __: Content) -> bool:
    return element in product and "Budget" in product


@element_rule("CD078")
def _budget_beside_volume(product: Content, element: str, _: Content, __: Content) -> bool:
    return element in product and "Omvang" in product


@element_rule("CD079")
def _product_or_budget(product: Content, element: str, _: Content, __: Content) -> bool:
    return element not in product and "Budget" not in product


@element_rule("CD080", "CD095")
def _volume_without_code(product: Content, element: str, _: Content, __: Content) -> bool:
    return element in product and "Code" not in product.get("Product", ()) and not _old(product)


@element_rule("CS003", "TR018")
def _ends_before_begin(holder: Content, element: str, _: Content, __: Content) -> bool:
    begin = begin_of(holder)
    return begin is not None and element in holder and holder[element] < begin


@element_rule("CS335")
def _deletion(product: Content, element: str, _: Content, __: Content) -> bool:
    return product.get(element) == "13" and end_of(product) != begin_of(product)


@element_rule("CS336")
def _old_reason(product: Content, element: str, _: Content, __: Content) -> bool:
    return product.get(element) == "01"


@element_rule("CS338", "CS343")
def _frequency(product: Content, element: str, _: Content, __: Content) -> bool:
    volume = product.get(element)
    if volume is None or volume["Eenheid"] not in ("14", "16", "83", "84") or _old(product):
        return False
    return volume["Frequentie"] not in ("2", "4", "6")


@element_rule("TR134")
def _in_the_future(holder: Content, element: str, _: Content, header: Content) -> bool:
    told: date = header["BerichtIdentificatie"]["Dagtekening"]
    return bool(holder[element] > told)


@cache
def _keys() -> dict[str, list[tuple[str, ...]]]:
    return {
        row["class"]: [tuple(name.split("/")) for name in row["key"].split()]
        for row in read_table(packaged(PACKAGE, "keys.csv"), ["class", "key"], key=("class",))
    }


def _key(item: Content, names: list[tuple[str, ...]]) -> tuple[Any, ...]:
    """Give the values of a key; an element that is left out is an empty value."""
    return tuple(
        item.get(name[0]) if len(name) == 1 else item.get(name[0], {}).get(name[1])
        for name in names
    )


@class_rule("TR101")
def _doubles(items: list[Content], name: str) -> Iterator[tuple[int, dict[str, str]]]:
    if len(items) < 2:
        return
    names = _keys()[name]
    seen = set()
    for place, item in enumerate(items):
        key = _key(item, names)
        if key in seen:
            told = ", ".join("/".join(parts) for parts in names)
            verbs = ("is", "is") if len(names) == 1 else ("zijn", "are")
            yield place, {"key": told, "is_nl": verbs[0], "is_en": verbs[1]}
        seen.add(key)


@class_rule("TR383")
def _references(items: list[Content], _: str) -> Iterator[tuple[int, dict[str, str]]]:
    seen = set()
    for place, item in enumerate(items):
        if item["ReferentieAanbieder"] in seen:
            yield place, {}
        seen.add(item["ReferentieAanbieder"])


@class_rule("TR302", "TR386")
def _overlaps(items: list[Content], _: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Find products that are the same and share a day; told of the one that begins last.

    Two products are the same if they have the same code, or one of them has no code and they have
    the same category, or one of them has no product at all. Days of begin and end both count, an
    open end lasts for ever, and a deleted allocation does not count. In order of begin, a product
    overlaps with one before it just when it begins no later than the last end among those.
    """
    codes = {item.get("Product", {}).get("Code") for item in items}
    if len(codes) == len(items) and None not in codes:
        return  # every product has a code of its own: by far the most common
    ends: dict[tuple[str, str | None], date] = {}
    running = sorted(
        (
            (begin_of(item) or date.min, place)
            for place, item in enumerate(items)
            if not _deleted(item)
        ),
    )
    for begin, place in running:
        item = items[place]
        product = item.get("Product", {})
        category, code = product.get("Categorie"), product.get("Code")
        if category is None:
            same = [("any", None)]
        elif code is None:
            same = [("generic", None), ("category", category)]
        else:
            same = [("generic", None), ("bare", category), ("code", code)]
        if any(begin <= ends[key] for key in same if key in ends):
            yield place, {}
        end = end_of(item) or date.max
        mine = [("any", None)]
        if category is None:
            mine.append(("generic", None))
        else:
            mine.append(("category", category))
            mine.append(("bare", category) if code is None else ("code", code))
        for key in mine:
            ends[key] = max(end, ends.get(key, end))


def _deleted(item: Content) -> bool:
    return item.get("RedenWijziging") in ("13", "01") and end_of(item) == begin_of(item)
