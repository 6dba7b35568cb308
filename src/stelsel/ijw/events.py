"""From a message to the events that it tells, without the names of its elements.

This is the door at which iJw stops: what comes out knows children, providers, allocations and
days. Of the child only a pseudonym, the month of birth and the sex go through.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import NamedTuple

from stelsel.events import Event, Row
from stelsel.ijw.answers.kinds import answered_type, is_return
from stelsel.ijw.grammar import message_type
from stelsel.ijw.message import Content, Message
from stelsel.ijw.tellers import TELLERS, Path, Teller
from stelsel.system.numbers import is_made_up

__all__ = [
    "Event",
    "Path",
    "Pseudonym",
    "content_digest",
    "events_of",
    "identity",
    "message_id",
    "told_by",
]

Pseudonym = Callable[[str], str]
"""Turns a text into a keyed digest of it; the same text always into the same."""

_FREE = ("reference", "previous", "claim")
"""What a provider may make of whatever it likes, also of a child's number: hidden."""
_END = "/"
"""Stands where a group ends."""


class _Sort(NamedTuple):
    """What is the same for all messages of a type."""

    tell: Teller
    from_municipality: bool
    """Whether the header names the municipality as sender of what the message is or answers."""
    is_return: bool
    answers: str | None


@cache
def _sort(name: str) -> _Sort:
    kind = message_type(name)
    return _Sort(
        TELLERS[kind.name], kind.sender == "municipality", is_return(name), answered_type(name)
    )


def events_of(message: Message, pseudonym: Pseudonym) -> list[Event]:
    """Give the events that a valid message tells.

    Parameters
    ----------
    message
        A message without findings.
    pseudonym
        Makes the pseudonym of a child from its citizen service number. It is also used on the
        provider's references, which are free text, and on the digest of the content, which could
        otherwise be guessed from what it is made of.

    Returns
    -------
    list of dict
        Rows of :data:`stelsel.events.SCHEMA`, at least one, in the order of the message.

    Raises
    ------
    StelselError
        When the type of message is not known.

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
    return [event for _, event in told_by(message, pseudonym)]


def told_by(message: Message, pseudonym: Pseudonym) -> list[tuple[Path, Event]]:
    """Give the events that a valid message tells, each with the path of what told it.

    Parameters and errors are those of :func:`events_of`.

    Examples
    --------
    >>> answer = Message("JW319", {
    ...     "Header": {
    ...         "Afzender": "0193", "Ontvanger": "00000001",
    ...         "BerichtIdentificatie": {"Identificatie": "A1", "Dagtekening": date(2024, 3, 8)},
    ...     },
    ...     "Antwoord": {"ReferentieAanbieder": "R1", "VerzoekAntwoord": "2"},
    ... })
    >>> [path for path, _ in told_by(answer, pseudonym=str.upper)]
    [('Antwoord',)]
    """
    sort = _sort(message.type)
    content = message.content
    header = content["Header"]
    name, known = identity(message)
    sender, receiver = header["Afzender"], header["Ontvanger"]
    # A return repeats the sender and receiver of the message that it is about.
    municipality, provider = (sender, receiver) if sort.from_municipality else (receiver, sender)
    shared: Row = {
        "message": name,
        "content": pseudonym(content_digest(content)),
        "source": "ijw",
        "known": known,
        "municipality": municipality,
        "provider": provider,
        "made_up": False,
    }
    if sort.answers is not None:
        shared["answers"] = _answered(header, sort.answers, sort.is_return)
    elif "Client" in content:
        shared |= _child(content["Client"], pseudonym)
    told = []
    for number, (path, row) in enumerate(sort.tell(content)):
        event = Event(shared)
        event.update(row)
        event["event"] = f"{name}/{number}"
        _hide(event, pseudonym)
        told.append((path, event))
    return told


def identity(message: Message) -> tuple[str, date]:
    """Give the id of a message and its date.

    A return repeats the number, sender and receiver of the message that it is about, and has a
    number and a date of its own beside them; it is sent by the receiver.

    Examples
    --------
    >>> identity(Message("JW306", {"Header": {
    ...     "Afzender": "00000001", "Ontvanger": "0193",
    ...     "IdentificatieRetour": "B1", "DagtekeningRetour": date(2024, 3, 9),
    ... }}))[1].isoformat()
    '2024-03-09'
    """
    header = message.content["Header"]
    if _sort(message.type).is_return:
        own, day = header["IdentificatieRetour"], header["DagtekeningRetour"]
        return message_id(header["Ontvanger"], message.type, own), day
    own = header["BerichtIdentificatie"]
    return message_id(header["Afzender"], message.type, own["Identificatie"]), own["Dagtekening"]


def _answered(header: Content, about: str, returns: bool) -> str:
    """Give the id of the message, of type ``about``, that a message is the answer to."""
    if returns:
        number = header["BerichtIdentificatie"]["Identificatie"]
        return message_id(header["Afzender"], about, number)
    return message_id(
        header["Ontvanger"], about, header["DeclaratieIdentificatie"]["Identificatie"]
    )


def _hide(event: Event, pseudonym: Pseudonym) -> None:
    """Hide what is free text, and the number of a child where the line has one of its own."""
    for column in _FREE:
        told = event.get(column)
        if told is not None:
            event[column] = pseudonym(told)
    if "number" in event:
        number = event.pop("number")
        event["child"], event["made_up"] = pseudonym(number), is_made_up(number)


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
    """Give a digest of all that a message says, to make a pseudonym of.

    It rests on names and values in the order of the schema, with a mark where a group ends: what a
    file says, without how it writes that. The name of an element tells what its value is, and no
    valid text has the character that stands between.

    Examples
    --------
    >>> content_digest({"Day": date(2024, 1, 1)}) == content_digest({"Day": date(2024, 1, 2)})
    False
    """
    texts: list[str] = []
    _put_texts(content, texts)
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=16).hexdigest()


def _put_texts(group: Content, texts: list[str]) -> None:
    """Put all that a group says in a row; this takes half the time that ``repr`` takes."""
    for name, value in group.items():
        kind = type(value)
        if kind is str:
            texts.append(name)
            texts.append(value)
        elif kind is dict:
            texts.append(name)
            _put_texts(value, texts)
            texts.append(_END)
        elif kind is list:
            for each in value:
                _put_texts({name: each}, texts)
        else:
            texts.append(name)
            texts.append(str(value))


def _child(client: Content, pseudonym: Pseudonym) -> Row:
    number = client["Bsn"]
    return {
        "child": pseudonym(number),
        "birth_month": _birth_month(client["Geboortedatum"]) if "Geboortedatum" in client else None,
        "sex": client.get("Geslacht"),
        "made_up": is_made_up(number),
    }


def _birth_month(birth: Content) -> str | None:
    """Give year and month of birth, as far as they are known (COD170, CS139)."""
    use = birth.get("DatumGebruik")
    day: date = birth["Datum"]
    if use == "3":
        return None
    return day.isoformat()[: len("2010") if use == "2" else len("2010-05")]
