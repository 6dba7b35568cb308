"""Messages by hand, each valid, with as little in them as the standard allows."""

from __future__ import annotations

from datetime import date, time
from itertools import count
from typing import Any

from stelsel.ijw import Message, header

NUMBER = "999900006"
"""A made-up citizen service number."""
BIRTH = date(2012, 3, 9)
NAME, STREET = "Verzonnen-Achternaam", "Verzonnenstraat"
TOWN, PROVIDER = "0193", "00000001"
_numbers = count(1)


def child(number: str = NUMBER, birth: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "Bsn": number,
        "Geboortedatum": birth or {"Datum": BIRTH},
        "Geslacht": "2",
        "Naam": {"Geslachtsnaam": {"Achternaam": NAME}},
    }


def message(kind: str, day: date, body: dict[str, Any], name: str | None = None) -> Message:
    """A message of a day, with a number of its own unless it is given one."""
    ends = (TOWN, PROVIDER) if kind in {"JW301", "JW319"} else (PROVIDER, TOWN)
    return Message(kind, {"Header": header(kind, *ends, name or f"M{next(_numbers)}", day), **body})


def about(who: dict[str, Any] | None, group: str, item: str, rows: list[dict[str, Any]]) -> Any:
    return {"Client": {**(who or child()), group: {item: rows}}}


def product(code: str = "45A04") -> dict[str, str]:
    return {"Categorie": code[:2], "Code": code}


VOLUME = {"Volume": 4, "Eenheid": "04", "Frequentie": "4"}


def requested(day: date, *, who: Any = None, name: str | None = None, **more: Any) -> Message:
    row = {
        "ReferentieAanbieder": "V1",
        "Product": product(),
        "ToewijzingIngangsdatum": day,
        "Omvang": VOLUME,
        "Verwijzer": {"Type": "02", "Naam": "Huisarts Proef"},
    } | more
    return message(
        "JW315", day, about(who, "AangevraagdeProducten", "AangevraagdProduct", [row]), name
    )


def answered(day: date, *, name: str | None = None, **more: Any) -> Message:
    return message("JW319", day, {"Antwoord": {"ReferentieAanbieder": "V1"} | more}, name)


def allocated(
    day: date, *, number: int = 1, who: Any = None, name: str | None = None, **more: Any
) -> Message:
    full = (who or child()) | {
        "Contactgegevens": {
            "Contact": [
                {
                    "Soort": "01",
                    "Adres": {
                        "Huis": {"Huisnummer": 1},
                        "Postcode": "9999XX",
                        "Straatnaam": STREET,
                        "LandCode": "NL",
                    },
                }
            ]
        },
    }
    full["Naam"] = full["Naam"] | {"NaamGebruik": "1"}
    row = {
        "ToewijzingNummer": number,
        "Product": product(),
        "Toewijzingsdatum": day,
        "Toewijzingstijd": time(9, 30),
        "Ingangsdatum": day,
        "Omvang": VOLUME,
    } | more
    return message(
        "JW301", day, about(full, "ToegewezenProducten", "ToegewezenProduct", [row]), name
    )


def started(
    told: date, *days: tuple[date, str], number: int = 1, who: Any = None, name: str | None = None
) -> Message:
    """A start message; each pair is a first day and its status."""
    rows = [
        {
            "ToewijzingNummer": number,
            "Product": product(),
            "Begindatum": day,
            "StatusAanlevering": status,
        }
        for day, status in days
    ]
    return message("JW305", told, about(who, "StartProducten", "StartProduct", rows), name)


def stopped(
    told: date, begin: date, *days: tuple[date, str, str], number: int = 1, name: str | None = None
) -> Message:
    """A stop message; each triple is a last day, its reason and its status."""
    rows = [
        {
            "ToewijzingNummer": number,
            "Product": product(),
            "Begindatum": begin,
            "RedenBeeindiging": reason,
            "Einddatum": day,
            "StatusAanlevering": status,
        }
        for day, reason, status in days
    ]
    return message("JW307", told, about(None, "StopProducten", "StopProduct", rows), name)
