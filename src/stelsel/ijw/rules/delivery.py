"""Rules about the start and end of care."""

from __future__ import annotations

from stelsel.ijw.message import Content
from stelsel.ijw.rules.registry import element_rule


@element_rule("CS058")
def _status(product: Content, element: str, _: Content, __: Content) -> bool:
    return product[element] not in ("1", "3")


@element_rule("delivery.key")
def _no_key(product: Content, _: str, __: Content, ___: Content) -> bool:
    return "ToewijzingNummer" not in product and "Product" not in product
