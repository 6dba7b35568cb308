"""Made-up children as the messages describe them: nobody's number, names from small lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stelsel.ijw.message import Content
from stelsel.ijw.traffic.chance import Chance, Draw

FIRST_NAMES = {
    "1": ("Bram", "Daan", "Finn", "Jens", "Lars", "Milan", "Noah", "Sem", "Tijn", "Youssef"),
    "2": ("Amira", "Eva", "Fleur", "Iris", "Julia", "Lotte", "Noor", "Sanne", "Tess", "Zoë"),
}
LAST_NAMES = ("Voorbeeld", "Proef", "Verzonnen", "Toets", "Schijn", "Model", "Fictie", "Denkbeeld")
STREETS = ("Voorbeeldstraat", "Proefweg", "Modellaan", "Toetsplein", "Schetskade", "Denkpad")
TOWN, POSTCODE = "Voorbeeldstad", "9999XX"


@dataclass(frozen=True, slots=True)
class Child:
    """A made-up child, as far as messages go.

    Parameters
    ----------
    name
        How the spells call it.
    rank
        Its place among the children, from 0; its numbers follow from it.
    full, short
        What a JW301 says of it, and what the messages of providers say.
    """

    name: str
    rank: int
    full: Content
    short: Content


def made_up_child(*, name: str, rank: int, number: str, birth: date, sex: str, seed: int) -> Child:
    """Make up what messages say of a child.

    Parameters
    ----------
    name
        How the spells call it.
    rank
        Its place among the children.
    number
        Made-up citizen service number.
    birth
        Day of birth.
    sex
        ``1`` or ``2`` (COD046).
    seed
        Decides names and address.

    Examples
    --------
    >>> child = made_up_child(
    ...     name="a", rank=0, number="999900006", birth=date(2010, 2, 14), sex="2", seed=1
    ... )
    >>> child.full["Contactgegevens"]["Contact"][0]["Adres"]["Plaatsnaam"]
    'Voorbeeldstad'
    """
    chance = Chance(seed, name)
    first = chance.one_of(Draw.FIRST_NAME, FIRST_NAMES.get(sex, FIRST_NAMES["1"]))
    last = {"Achternaam": chance.one_of(Draw.LAST_NAME, LAST_NAMES)}
    known = {"Bsn": number, "Geboortedatum": {"Datum": birth}, "Geslacht": sex}
    short_name = {"Geslachtsnaam": last, "Voornamen": first}
    address = {
        "Huis": {"Huisnummer": chance.whole(Draw.HOUSE, 1, 250)},
        "Postcode": POSTCODE,
        "Straatnaam": chance.one_of(Draw.STREET, STREETS),
        "Plaatsnaam": TOWN,
        "LandCode": "NL",
    }
    full = known | {
        "Naam": short_name | {"NaamGebruik": "1"},
        "Contactgegevens": {"Contact": [{"Soort": "01", "Adres": address}]},
    }
    return Child(name, rank, full, known | {"Naam": short_name})
