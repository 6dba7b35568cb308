"""Messages by hand, each valid, with as little in them as the standard allows."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import count
from typing import Any

from stelsel.ijw import Message, header
from stelsel.ijw.grammar import message_type

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
    ends = (TOWN, PROVIDER) if kind in {"JW301", "JW319", "JW325"} else (PROVIDER, TOWN)
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


def change_requested(
    day: date,
    *,
    unchanged: tuple[int, ...] = (),
    changed: tuple[dict[str, Any], ...] = (),
    new: tuple[dict[str, Any], ...] = (),
    reference: str = "W1",
    who: str = NUMBER,
    name: str | None = None,
) -> Message:
    """A request for another package."""
    wanted: dict[str, Any] = {"ReferentieAanbieder": reference, "RedenVerzoek": "1"}
    if unchanged:
        kept = [{"ToewijzingNummer": number} for number in unchanged]
        wanted["OngewijzigdeProducten"] = {"OngewijzigdProduct": kept}
    if changed:
        rows = [{"Omvang": VOLUME} | row for row in changed]
        wanted["TeWijzigenProducten"] = {"TeWijzigenProduct": rows}
    if new:
        rows = [{"Product": product(), "Omvang": VOLUME} | row for row in new]
        wanted["NieuweProducten"] = {"NieuwProduct": rows}
    return message("JW317", day, {"Client": {"Bsn": who, "Verzoek": wanted}}, name)


def line(
    reference: str,
    month: tuple[int, int] = (2024, 4),
    *,
    takes_back: str | None = None,
    number: int = 1,
    volume: int = 4,
    tariff: int = 10_000,
    **more: Any,
) -> dict[str, Any]:
    """A line of a claim for a whole month; one that takes another back is a credit."""
    year, of = month
    last = date(year + of // 12, of % 12 + 1, 1) - timedelta(days=1)
    referred = {"ReferentieNummer": reference}
    if takes_back:
        referred["VorigReferentieNummer"] = takes_back
    amount = {"Bedrag": volume * tariff, "DebetCredit": "C" if takes_back else "D"}
    return {
        "ProductReferentie": referred,
        "ToewijzingNummer": number,
        "ProductCategorie": "45",
        "ProductCode": "45A04",
        "ProductPeriode": {"Begindatum": date(year, of, 1), "Einddatum": last},
        "GeleverdVolume": volume,
        "Eenheid": "04",
        "ProductTarief": tariff,
        "IngediendBedrag": amount,
    } | more


def total(*rows: dict[str, Any]) -> dict[str, Any]:
    """The sum of some lines, as a total with its sign."""
    amounts = [row["IngediendBedrag"] for row in rows]
    cents = sum(a["Bedrag"] * (-1 if a["DebetCredit"] == "C" else 1) for a in amounts)
    return {"TotaalBedrag": abs(cents), "DebetCredit": "C" if cents < 0 else "D"}


def claimed(
    day: date,
    *rows: dict[str, Any],
    month: tuple[int, int] = (2024, 4),
    claim: str = "F1",
    who: str = NUMBER,
    name: str | None = None,
) -> Message:
    """A claim of one child."""
    period = line("x", month)["ProductPeriode"]
    body = {
        "DeclaratieNummer": claim,
        "DeclaratiePeriode": period,
        "DeclaratieDagtekening": day,
        "TotaalIngediendBedrag": total(*rows),
        "Clienten": {"Client": [{"Bsn": who, "Prestaties": {"Prestatie": list(rows)}}]},
    }
    return message("JW323", day, {"Declaratie": body}, name)


def assessed(
    day: date, claim: Message, refused: dict[str, str] | None = None, name: str | None = None
) -> Message:
    """The answer to a claim of one child: lines by reference with the code of what is wrong."""
    refused = refused or {}
    head = claim.content["Header"]
    body = claim.content["Declaratie"]
    (client,) = body["Clienten"]["Client"]
    lines = [
        row
        | {"RetourCodes": {"RetourCode": [refused[row["ProductReferentie"]["ReferentieNummer"]]]}}
        for row in client["Prestaties"]["Prestatie"]
        if row["ProductReferentie"]["ReferentieNummer"] in refused
    ]
    kept = [
        row
        for row in client["Prestaties"]["Prestatie"]
        if row["ProductReferentie"]["ReferentieNummer"] not in refused
    ]
    fine = {"RetourCodes": {"RetourCode": ["0200"]}}
    answer: dict[str, Any] = {
        "DeclaratieNummer": body["DeclaratieNummer"],
        "TotaalIngediendBedrag": body["TotaalIngediendBedrag"],
        "TotaalToegekendBedrag": total(*kept),
    }
    if lines:
        listed = {"Bsn": client["Bsn"], "Prestaties": {"Prestatie": lines}} | fine
        answer["Clienten"] = {"Client": [listed]}
    answer["RetourCodes"] = {"RetourCode": ["0200" if lines else "8001"]}
    made = message("JW325", day, {}, name)
    return Message(
        "JW325",
        {
            "Header": made.content["Header"]
            | {
                "DeclaratieIdentificatie": head["BerichtIdentificatie"],
                "XsdVersieDeclaratie": head["XsdVersie"],
            }
            | fine,
            "DeclaratieAntwoord": answer,
        },
    )


def returned(day: date, told: Message, code: str | None = None, name: str | None = None) -> Message:
    """The return of a message: accepted, or refused as a whole with a code."""
    kind = f"JW{int(told.type[2:]) + 1}"
    own = {
        "IdentificatieRetour": name or f"M{next(_numbers)}",
        "DagtekeningRetour": day,
        "XsdVersieRetour": told.content["Header"]["XsdVersie"],
    }
    codes = {"RetourCodes": {"RetourCode": [code]}} if code else {}
    head = told.content["Header"] | {"BerichtCode": message_type(kind).code} | own | codes
    return Message(kind, {"Header": head})
