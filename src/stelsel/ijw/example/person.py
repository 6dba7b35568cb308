"""What only a JW301 says of a child: other addresses, telephone, relations, language, status."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final

from stelsel.ijw.grammar import simple_types
from stelsel.ijw.message import Content
from stelsel.ijw.traffic.people import FIRST_NAMES, LAST_NAMES, POSTCODE, STREETS, TOWN, Child

LANGUAGES: Final = ("Arabisch", "Engels", "Oekraïens", "Pools", "Tigrinya", "Turks")
_TELEPHONE: Final = "0000000"
"""How the telephone numbers begin: no number in use begins so."""
_DOMAIN: Final = "voorbeeld.example"
"""A domain that can be nobody's."""
_INTERPRETER: Final = "1"
_PARENT, _FOSTER_PARENT, _GUARDIAN = "10", "13", "11"
_ORGANISATION: Final = "6"
_OTHER_ADDRESSES: Final = ("02", "03", "04")
_TEMPORARY: Final = "04"
_COUNTRY_CODE: Final = "+31"
_AFTER: Final = 30
"""A temporary address lasts so many days at the least."""


def more_of_child(chance: Random) -> Content:
    """Give what is said of some children only."""
    found: Content = {}
    if chance.random() < 0.06:
        form = chance.choice(simple_types()["LDT_Communicatievorm"].codes)
        language = {"Taal": chance.choice(LANGUAGES)} if form == _INTERPRETER else {}
        found["Communicatie"] = {"Vorm": form, **language}
    for element, share in (("JuridischeStatus", 0.05), ("WettelijkeVertegenwoordiging", 0.05)):
        if chance.random() < share:
            found[element] = chance.choice(simple_types()[f"LDT_{element}"].codes)
    return found


def contact_details(child: Child, chance: Random) -> Content:
    """Give relations and addresses of a child.

    Every child has its registered address, as :func:`~stelsel.ijw.traffic.people.made_up_child`
    made it up.

    Examples
    --------
    >>> child = Child("a", 0, {"Contactgegevens": {"Contact": [{"Soort": "01"}]}}, {})
    >>> contact_details(child, Random("a"))["Contactgegevens"]["Contact"][0]["Soort"]
    '01'
    """
    registered = dict(child.full["Contactgegevens"]["Contact"][0])
    if chance.random() < 0.4:
        registered["Telefoon"] = _telephone(chance)
    if chance.random() < 0.2:
        registered["Emailadres"] = f"contact{chance.randint(1, 999)}@{_DOMAIN}"
    contacts = [registered]
    if chance.random() < 0.15:
        contacts.append(_elsewhere(chance))
    found: Content = {"Contactgegevens": {"Contact": contacts}}
    if chance.random() < 0.5:
        count = chance.choice((1, 1, 2))
        found["Relaties"] = {"Relatie": [_relation(chance, place + 1) for place in range(count)]}
    return found


def _telephone(chance: Random) -> Content:
    def one() -> Content:
        number = f"{_TELEPHONE}{chance.randint(0, 999):03}"
        return {"Telefoonnummer": number, "Landnummer": _COUNTRY_CODE}

    return {"Telefoon01": one()} | ({"Telefoon02": one()} if chance.random() < 0.2 else {})


def _address(chance: Random) -> Content:
    house: Content = {"Huisnummer": chance.randint(1, 250)}
    if chance.random() < 0.2:
        house["Huisletter"] = chance.choice("ABC")
    if chance.random() < 0.1:
        house["HuisnummerToevoeging"] = chance.choice(("bis", "hs", "2"))
    return {
        "Huis": house,
        "Postcode": POSTCODE,
        "Straatnaam": chance.choice(STREETS),
        "Plaatsnaam": TOWN,
        "LandCode": "NL",
    }


def _elsewhere(chance: Random) -> Content:
    kind = chance.choice(_OTHER_ADDRESSES)
    found: Content = {"Soort": kind, "Adres": _address(chance)}
    if kind != _TEMPORARY and chance.random() < 0.3:
        found["Organisatie"] = "Woongroep Voorbeeld"
    if kind == _TEMPORARY:
        first = date(2023, 1, 1) + timedelta(days=chance.randint(0, 300))
        last = first + timedelta(days=_AFTER + chance.randint(0, 200))
        found["Periode"] = {"Begindatum": first, "Einddatum": last}
    return found


def _relation(chance: Random, number: int) -> Content:
    """Give a parent, a foster parent, or a guardian that is an organisation."""
    kind = chance.choices((_PARENT, _FOSTER_PARENT, _GUARDIAN), (80, 10, 10))[0]
    rank = {"Volgorde": number} if chance.random() < 0.5 else {}
    if kind == _GUARDIAN:
        name: Content = {
            "Geslachtsnaam": {"Achternaam": "GI Voorbeeld"},
            "NaamGebruik": _ORGANISATION,
        }
        about: Content = {}
    else:
        sex = chance.choice(("1", "2"))
        name = {
            "Geslachtsnaam": {"Achternaam": chance.choice(LAST_NAMES)},
            "Voornamen": chance.choice(FIRST_NAMES[sex]),
            "NaamGebruik": "1",
        }
        born = date(1965, 1, 1) + timedelta(days=chance.randint(0, 12_000))
        about = {"Geboortedatum": {"Datum": born}} if chance.random() < 0.5 else {}
        about["Geslacht"] = sex
    reached: Content = {"Soort": "02", "Telefoon": _telephone(chance)}
    if chance.random() < 0.5:
        reached = {"Soort": "01", "Adres": _address(chance), "Telefoon": _telephone(chance)}
    return {"Nummer": str(number), **rank, "Soort": kind, **about, "Naam": name, "Contact": reached}
