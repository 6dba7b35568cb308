"""Rules about products that are asked for or allocated: volume, budget, period."""

from __future__ import annotations

from datetime import date
from typing import Final

from stelsel.ijw.message import Content
from stelsel.ijw.rules.registry import element_rule

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


@element_rule("CD080", "CD095", "CD096")
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
