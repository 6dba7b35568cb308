"""Rules about addresses and other ways to reach someone."""

from __future__ import annotations

import re

from stelsel.ijw.message import Content
from stelsel.ijw.rules.registry import element_rule

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


@element_rule("CD034")
def _postcode_required(address: Content, element: str, contact: Content, _: Content) -> bool:
    # Looked at where there is an address: without one TR006 asks for a telephone number.
    return contact["Soort"] in ("01", "03") and element not in address


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
