"""From a message to the events that it tells, without the names of its elements.

This is the door at which iJw stops: what comes out knows children, providers, allocations and
days. Of the child only a pseudonym, the month of birth and the sex go through.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from stelsel.errors import StelselError
from stelsel.events import SCHEMA
from stelsel.ijw.made_up import is_made_up
from stelsel.ijw.message import Content, Message
from stelsel.system.codes import form_of

Event = dict[str, Any]
Pseudonym = Callable[[str], str]
"""Turns a text into a keyed digest of it; the same text always into the same."""

_EMPTY: Event = dict.fromkeys(SCHEMA.names)


def events_of(message: Message, pseudonym: Pseudonym) -> list[Event]:
    """Give the events that a valid message tells.

    Parameters
    ----------
    message
        A message without findings, of a type that tells events: JW301, JW305, JW307, JW315, JW319.
    pseudonym
        Makes the pseudonym of a child from its citizen service number. It is also used on the
        provider's reference, which is free text, and on the digest of the content, which could
        otherwise be guessed from what it is made of.

    Returns
    -------
    list of dict
        Rows of :data:`stelsel.events.SCHEMA`, one a product (for JW319 one), in the order of the
        message. ``about`` is the date of the message for a request or an answer, the day of the
        decision for an allocation, the first or last day of delivery for a start or a stop.

    Raises
    ------
    StelselError
        When the type of message tells no events.

    Examples
    --------
    >>> answer = Message("JW319", {
    ...     "Header": {
    ...         "Afzender": "0193", "Ontvanger": "00000001",
    ...         "BerichtIdentificatie": {"Identificatie": "A1", "Dagtekening": date(2024, 3, 8)},
    ...     },
    ...     "Antwoord": {"ReferentieAanbieder": "R1", "VerzoekAntwoord": "2"},
    ... })
    >>> [event] = events_of(answer, pseudonym=str.upper)
    >>> event["kind"], event["reference"], event["reason"], event["known"].isoformat()
    ('answered', 'R1', '2', '2024-03-08')
    """
    tell = _TELLERS.get(message.type)
    if tell is None:
        raise StelselError(
            f"{message.type} tells no events.",
            remedy=f"Known: {', '.join(_TELLERS)}.",
            what_nl=f"{message.type} vertelt geen feiten.",
            remedy_nl=f"Bekend: {', '.join(_TELLERS)}.",
        )
    header = message.content["Header"]
    sender, identification = header["Afzender"], header["BerichtIdentificatie"]
    name = message_id(sender, message.type, identification["Identificatie"])
    shared = _EMPTY | {
        "message": name,
        "content": pseudonym(content_digest(message.content)),
        "known": identification["Dagtekening"],
        "made_up": False,
    }
    if message.type in _FROM_MUNICIPALITY:
        shared["municipality"], shared["provider"] = sender, header["Ontvanger"]
    else:
        shared["municipality"], shared["provider"] = header["Ontvanger"], sender
    if "Client" in message.content:
        shared |= _child(message.content["Client"], pseudonym)
    return [
        shared | {"event": f"{name}/{number}"} | _hidden(event, pseudonym)
        for number, event in enumerate(tell(message.content))
    ]


def _hidden(event: Event, pseudonym: Pseudonym) -> Event:
    """Hide the reference: a provider may make it of whatever it likes, also of a child's number."""
    reference = event.get("reference")
    return event if reference is None else event | {"reference": pseudonym(reference)}


def message_id(sender: str, message_type: str, identification: str) -> str:
    """Give the id of a message: a digest of what is unique about it (TR056).

    Examples
    --------
    >>> message_id("0193", "JW301", "A1") == message_id("0193", "JW305", "A1")
    False
    """
    name = f"{sender}|{message_type}|{identification}"
    return hashlib.blake2b(name.encode(), digest_size=12).hexdigest()


def content_digest(content: Content) -> str:
    """Give a digest of all that a message says.

    Examples
    --------
    >>> content_digest({"Day": date(2024, 1, 1)}) == content_digest({"Day": date(2024, 1, 2)})
    False
    """
    return hashlib.blake2b(_AS_TEXT.encode(content).encode(), digest_size=16).hexdigest()


def _iso(value: date | time) -> str:
    return value.isoformat()


_AS_TEXT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_iso)


def _child(client: Content, pseudonym: Pseudonym) -> Event:
    number = client["Bsn"]
    return {
        "child": pseudonym(number),
        "birth_month": _birth_month(client["Geboortedatum"]),
        "sex": client["Geslacht"],
        "made_up": is_made_up(number),
    }


def _birth_month(birth: Content) -> str | None:
    """Give year and month of birth, as far as they are known (COD170, CS139)."""
    use = birth.get("DatumGebruik")
    day: date = birth["Datum"]
    if use == "3":
        return None
    return f"{day.year:04d}" if use == "2" else f"{day.year:04d}-{day.month:02d}"


@lru_cache(maxsize=4096)
def _form(category: str, code: str | None) -> str | None:
    form = form_of(category, code)
    return form.code if form else None


def _product(item: Content) -> Event:
    product = item.get("Product")
    if product is None:
        return {}
    category, code = product["Categorie"], product.get("Code")
    return {"category": category, "code": code, "form": _form(category, code)}


def _requested(content: Content) -> Iterator[Event]:
    day = content["Header"]["BerichtIdentificatie"]["Dagtekening"]
    for item in content["Client"]["AangevraagdeProducten"]["AangevraagdProduct"]:
        yield {
            "kind": "requested",
            "about": day,
            "reference": item["ReferentieAanbieder"],
            "referrer": item["Verwijzer"]["Type"],
            "from_day": item["ToewijzingIngangsdatum"],
            "last_day": item.get("ToewijzingEinddatum"),
            **_product(item),
        }


def _answered(content: Content) -> Iterator[Event]:
    answer = content["Antwoord"]
    reason = answer.get("RedenAfwijzingVerzoek")
    yield {
        "kind": "answered",
        "about": content["Header"]["BerichtIdentificatie"]["Dagtekening"],
        "reference": answer["ReferentieAanbieder"],
        "reason": answer["VerzoekAntwoord"] + (f"/{reason}" if reason else ""),
    }


def _allocated(content: Content) -> Iterator[Event]:
    for item in content["Client"]["ToegewezenProducten"]["ToegewezenProduct"]:
        day, at = item["Toewijzingsdatum"], item["Toewijzingstijd"]
        # The table of events keeps milliseconds.
        moment = datetime.combine(day, at.replace(microsecond=at.microsecond // 1000 * 1000))
        yield {
            "kind": "allocated",
            "about": day,
            "decided": moment,
            "allocation": item["ToewijzingNummer"],
            "reference": item.get("ReferentieAanbieder"),
            "from_day": item["Ingangsdatum"],
            "last_day": item.get("Einddatum"),
            "reason": item.get("RedenWijziging"),
            **_product(item),
        }


def _started(content: Content) -> Iterator[Event]:
    for item in content["Client"]["StartProducten"]["StartProduct"]:
        yield {
            "kind": "started",
            "about": item["Begindatum"],
            "allocation": item.get("ToewijzingNummer"),
            "from_day": item["Begindatum"],
            "status": item["StatusAanlevering"],
            **_product(item),
        }


def _stopped(content: Content) -> Iterator[Event]:
    for item in content["Client"]["StopProducten"]["StopProduct"]:
        yield {
            "kind": "stopped",
            "about": item["Einddatum"],
            "allocation": item.get("ToewijzingNummer"),
            "from_day": item["Begindatum"],
            "last_day": item["Einddatum"],
            "status": item["StatusAanlevering"],
            "reason": item["RedenBeeindiging"],
            **_product(item),
        }


_TELLERS: dict[str, Callable[[Content], Iterator[Event]]] = {
    "JW301": _allocated,
    "JW305": _started,
    "JW307": _stopped,
    "JW315": _requested,
    "JW319": _answered,
}
_FROM_MUNICIPALITY = frozenset({"JW301", "JW319"})
