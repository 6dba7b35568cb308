"""The JW325: which lines of a claim are refused, and what is granted."""

from __future__ import annotations

from typing import Final

from stelsel.ijw.answers.kinds import codes
from stelsel.ijw.answers.places import HEADER, Refusals
from stelsel.ijw.answers.stamps import Stamp, coded
from stelsel.ijw.grammar import message_type
from stelsel.ijw.message import Content

CLAIM: Final = "Declaratie"
_DEBIT, _CREDIT = "D", "C"


def claim_answer(message: Content, name: str, refused: Refusals, stamp: Stamp) -> Content:
    """Build the content of the answer to a claim.

    Parameters
    ----------
    message
        Content of the JW323.
    name
        Type of the answer.
    refused
        What is refused, and with which codes.
    stamp
        Number, day and version of the answer.
    """
    claimed = message[HEADER]
    header: Content = {
        **claimed,
        "BerichtCode": message_type(name).code,
        "Afzender": claimed["Ontvanger"],
        "Ontvanger": claimed["Afzender"],
        "BerichtIdentificatie": {"Identificatie": stamp.number, "Dagtekening": stamp.day},
        "XsdVersie": stamp.versions,
        "DeclaratieIdentificatie": dict(claimed["BerichtIdentificatie"]),
        "XsdVersieDeclaratie": dict(claimed["XsdVersie"]),
    }
    if HEADER in refused:
        return {HEADER: coded(header, refused[HEADER])}
    body = _assessment(message[CLAIM], refused)
    return {HEADER: coded(header, [codes().fine]), "DeclaratieAntwoord": body}


def _assessment(claim: Content, refused: Refusals) -> Content:
    """Say what is granted, and list what is not."""
    total = claim["TotaalIngediendBedrag"]
    answer: Content = {
        "DeclaratieNummer": claim["DeclaratieNummer"],
        "TotaalIngediendBedrag": dict(total),
    }
    if CLAIM in refused:
        return coded(answer | {"TotaalToegekendBedrag": amount(0)}, refused[CLAIM])
    if not refused:
        return coded(answer | {"TotaalToegekendBedrag": dict(total)}, [codes().granted])
    clients = _refused_clients(claim, refused)
    lines = [line for client in clients for line in client["Prestaties"]["Prestatie"]]
    off = sum(cents(line["IngediendBedrag"], "Bedrag") for line in lines)
    granted = cents(total, "TotaalBedrag") - off
    answer |= {"TotaalToegekendBedrag": amount(granted), "Clienten": {"Client": clients}}
    return coded(answer, [codes().fine])


def _refused_clients(claim: Content, refused: Refusals) -> list[Content]:
    """Give the clients with refused lines, with those lines only."""
    clients = []
    for number, client in enumerate(claim["Clienten"]["Client"], start=1):
        path = f"{CLAIM}/Clienten/Client[{number}]"
        lines = client["Prestaties"]["Prestatie"]
        if path in refused:
            listed = [coded(line, [codes().unassessed]) for line in lines]
        else:
            places = [f"{path}/Prestaties/Prestatie[{place}]" for place in range(1, len(lines) + 1)]
            listed = [
                coded(line, refused[place])
                for place, line in zip(places, lines, strict=True)
                if place in refused
            ]
        if listed:
            group = {**client, "Prestaties": {"Prestatie": listed}}
            clients.append(coded(group, refused.get(path, [codes().fine])))
    return clients


def cents(group: Content, name: str) -> int:
    """Give an amount in eurocents, below zero if it is credit.

    Examples
    --------
    >>> cents({"Bedrag": 5, "DebetCredit": "C"}, "Bedrag")
    -5
    """
    value: int = group[name]
    return -value if group["DebetCredit"] == _CREDIT else value


def amount(value: int) -> Content:
    """Give a total of eurocents as messages have it; nothing at all is debit (CS325).

    Examples
    --------
    >>> amount(-5), amount(0)
    ({'TotaalBedrag': 5, 'DebetCredit': 'C'}, {'TotaalBedrag': 0, 'DebetCredit': 'D'})
    """
    return {"TotaalBedrag": abs(value), "DebetCredit": _CREDIT if value < 0 else _DEBIT}
