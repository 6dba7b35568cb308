"""From the short lines of a story to the messages that are meant."""

from __future__ import annotations

import itertools
from datetime import date, time
from typing import Any

from stelsel.ijw import Message, check, header
from stelsel.ijw.events import message_id, told_by
from stelsel.ijw.grammar import message_type
from stelsel.ijw.ledger import Told
from stelsel.ijw.tellers import Path
from tests.ijw_events import messages as by_hand

NUMBERS = {"a": "999900006", "b": "999990019"}
GROUPS = {
    "Start": "Client/StartProducten/StartProduct",
    "Stop": "Client/StopProducten/StopProduct",
    "Allocation": "Client/ToegewezenProducten/ToegewezenProduct",
    "Requested": "Client/AangevraagdeProducten/AangevraagdProduct",
    "Unchanged": "Client/Verzoek/OngewijzigdeProducten/OngewijzigdProduct",
    "Changed": "Client/Verzoek/TeWijzigenProducten/TeWijzigenProduct",
    "New": "Client/Verzoek/NieuweProducten/NieuwProduct",
    "Line": "Declaratie/Clienten/Client[1]/Prestaties/Prestatie",
}
Line = dict[str, Any]
_names = itertools.count(1)


def path(short: str) -> str:
    """A path with its short name written out: Start1/X is the first start."""
    first, *rest = short.split("/")
    for name, group in GROUPS.items():
        if first.startswith(name) and first[len(name) :].isdigit():
            return "/".join([f"{group}[{first[len(name) :]}]", *rest])
    return short


def _product(line: Line) -> dict[str, Any]:
    if line.get("category") == "none":
        return {}
    if "category" in line:
        return {"Product": {"Categorie": line["category"]}}
    return {"Product": by_hand.product(line.get("code", "45A04"))}


def _extent(line: Line) -> dict[str, Any]:
    if "budget" in line:
        return {"Budget": line["budget"]}
    if line.get("volume") == "none":
        return {}
    volume = {"Volume": line.get("volume", 4), "Eenheid": line.get("unit", "04")}
    return {"Omvang": volume | {"Frequentie": line.get("frequency", "4")}}


def _without_nothing(item: Line) -> Line:
    return {name: value for name, value in item.items() if value is not None}


def _allocation(line: Line) -> Line:
    return {
        "ToewijzingNummer": line.get("number", 1),
        "ReferentieAanbieder": line.get("reference"),
        **_product(line),
        "Toewijzingsdatum": line.get("decided", line["day"]),
        "Toewijzingstijd": time(9, 30),
        "Ingangsdatum": line.get("first", line["day"]),
        "Einddatum": line.get("last"),
        "RedenWijziging": line.get("reason"),
        **_extent(line),
    }


def _number(line: Line) -> Line:
    number = line.get("number", 1)
    return {"ToewijzingNummer": None if number == "none" else number, **_product(line)}


def _start(line: Line) -> Line:
    first = line.get("first", line["day"])
    return {**_number(line), "Begindatum": first, "StatusAanlevering": line.get("status", "1")}


def _stop(line: Line) -> Line:
    return {
        **_number(line),
        "Begindatum": line["first"],
        "RedenBeeindiging": line.get("reason", "31"),
        "Einddatum": line.get("last", line["day"]),
        "StatusAanlevering": line.get("status", "1"),
    }


def _request(line: Line) -> Line:
    return {
        "ReferentieAanbieder": line["reference"],
        **_product(line),
        "ToewijzingIngangsdatum": line.get("first", line["day"]),
        "ToewijzingEinddatum": line.get("last"),
        **_extent(line),
        "Verwijzer": {"Type": "02", "Naam": "Huisarts Proef"},
    }


def _wanted(line: Line) -> Line:
    number = line.get("number", 1)
    if line["change"] == "unchanged":
        return {"ToewijzingNummer": number}
    own = _product(line) if line["change"] == "new" else {"ToewijzingNummer": number}
    period = {"GewensteIngangsdatum": line.get("first"), "Einddatum": line.get("last")}
    return {**own, **period, **_extent(line)}


ITEMS = {
    "allocation": ("JW301", "ToegewezenProducten", "ToegewezenProduct", _allocation),
    "start": ("JW305", "StartProducten", "StartProduct", _start),
    "stop": ("JW307", "StopProducten", "StopProduct", _stop),
    "request": ("JW315", "AangevraagdeProducten", "AangevraagdProduct", _request),
}
WANTED = {
    "unchanged": ("OngewijzigdeProducten", "OngewijzigdProduct"),
    "changed": ("TeWijzigenProducten", "TeWijzigenProduct"),
    "new": ("NieuweProducten", "NieuwProduct"),
}


def _body(line: Line) -> tuple[str, dict[str, Any]]:
    items = [line | item for item in line.get("items", [{}])]
    who = NUMBERS[line.get("child", "a")]
    if line["send"] == "answer":
        verdict, _, reason = line["reason"].partition("/")
        answer = {"ReferentieAanbieder": line["reference"], "VerzoekAntwoord": verdict}
        if reason:
            answer["RedenAfwijzingVerzoek"] = reason
        place = {"Woonplaatsbeginsel": {"Gemeente": "0150"}} if reason == "8" else {}
        return "JW319", {"Antwoord": answer | place}
    if line["send"] == "change":
        wanted: dict[str, Any] = {"ReferentieAanbieder": line["reference"], "RedenVerzoek": "1"}
        for kind, (many, one) in WANTED.items():
            rows = [_without_nothing(_wanted(item)) for item in items if item["change"] == kind]
            if rows:
                wanted[many] = {one: rows}
        return "JW317", {"Client": {"Bsn": who, "Verzoek": wanted}}
    name, many, one, make = ITEMS[line["send"]]
    client = by_hand.child(who)
    if name == "JW301":
        client["Naam"] = client["Naam"] | {"NaamGebruik": "1"}
        phone = {"Telefoon01": {"Telefoonnummer": "0201234567", "Landnummer": "0031"}}
        client["Contactgegevens"] = {"Contact": [{"Soort": "02", "Telefoon": phone}]}
    return name, {"Client": client | {many: {one: [_without_nothing(make(i)) for i in items]}}}


def message_of(line: Line) -> Message:
    """The message that a line of a story means; valid at levels 1 and 2."""
    town, provider = line.get("municipality", "0193"), line.get("provider", "00000001")
    if line["send"] == "return":
        sent = Message(line["of"], {"Header": _header(line["of"], line, town, provider)})
        return by_hand.returned(line["day"], sent, line.get("code"))
    name, body = _body(line)
    made = Message(name, {"Header": _header(name, line, town, provider), **body})
    assert check(made) == (), (line, check(made))
    return made


def _header(name: str, line: Line, town: str, provider: str) -> dict[str, Any]:
    ends = (town, provider)
    if message_type(name).sender == "provider":
        ends = (provider, town)
    number = line.get("name") or f"N{next(_names)}"
    day: date = line["day"]
    return header(name, *ends, number, day)


def messages_of(lines: list[Line]) -> list[Message]:
    """The messages of a story, with claims, their answers and returns of messages named in it."""
    named: dict[str, Message] = {}
    made = []
    for line in lines:
        if line["send"] == "claim":
            message = _claim(line)
        elif line["send"] == "assessment":
            message = by_hand.assessed(line["day"], named[line["of"]], line.get("refused"))
        elif line["send"] == "return" and line["of"] in named:
            message = by_hand.returned(line["day"], named[line["of"]], line.get("code"))
        else:
            message = message_of(line)
        assert check(message) == (), (line, check(message))
        named[line.get("name", "")] = message
        made.append(message)
    return made


def _claim(line: Line) -> Message:
    """A claim over a month; each line is a reference and what differs from four hours a month."""
    month = (line["month"].year, line["month"].month)
    rows = []
    for given in line["lines"]:
        row = dict(given)
        of = row.pop("month", line["month"])
        rows.append(by_hand.line(row.pop("reference"), (of.year, of.month), **row))
    number = line.get("claim", "F1")
    return by_hand.claimed(line["day"], *rows, month=month, claim=number, name=line.get("name"))


def told(message: Message, held: bool = True) -> tuple[Told, list[Path]]:
    """What a message tells, without hiding anything, and where it stands."""
    pairs = told_by(message, str)
    events = tuple(event for _, event in pairs)
    one = Told(events[0]["message"], events[0]["content"], events, held)
    return one, [path for path, _ in pairs]


__all__ = ["Line", "message_id", "message_of", "messages_of", "path", "told"]
