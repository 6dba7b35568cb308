"""Rules about addresses and other ways to reach someone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stelsel.ijw.message import Content
from stelsel.ijw.rules.registry import class_rule, element_rule

_POSTCODE = re.compile("[1-9][0-9]{3}[a-zA-Z]{2}")


@element_rule("CD005")
def _country_with_postcode(address: Content, element: str, _: Content, __: Content) -> bool:
    return (element in address) != ("Postcode" in address)


@element_rule("CD009")
def _period(contact: Content, element: str, _: Content, __: Content) -> bool:
    return element in contact and contact["Soort"] != "04"


@element_rule("CD025")
def _house(address: Content, element: str, _: Content, __: Content) -> bool:
    return address.get("LandCode") == "NL" and element not in address


@class_rule("CD034")
def _postcode_required(contacts: list[Content], _: str) -> Iterator[tuple[int, dict[str, str]]]:
    # A rule of the whole contact: without any address the postcode is not there either.
    for place, contact in enumerate(contacts):
        if contact["Soort"] in ("01", "03") and "Postcode" not in contact.get("Adres", ()):
            yield place, {}


@element_rule("CS089")
def _dutch_postcode(address: Content, element: str, _: Content, __: Content) -> bool:
    if address.get("LandCode") != "NL" or element not in address:
        return False
    return _POSTCODE.fullmatch(address[element]) is None


@element_rule("TR006")
def _reachable(contact: Content, _: str, __: Content, ___: Content) -> bool:
    address = contact.get("Adres", {})
    return "Telefoon" not in contact and not ("Huis" in address and "Postcode" in address)


@element_rule("TR061")
def _has_address(client: Content, _: str, __: Content, ___: Content) -> bool:
    return all(
        contact["Soort"] not in ("01", "02", "03")
        for contact in client["Contactgegevens"]["Contact"]
    )
