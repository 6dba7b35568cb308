"""Between an envelope and the values in its elements: moments, versions and parties."""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import Error, a2b_base64
from datetime import datetime
from typing import Final

from stelsel.ijw.envelopes.envelope import Envelope, Failure, Party
from stelsel.ijw.message import Content

XML_FILE: Final = "xmlBestand"
TEXT_FILE: Final = "tekstBestand"
FILE_NAME: Final = "bestandsnaam"
_BLANKS: Final = b" \t\r\n"
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d{1,3})?)?)?)?", re.ASCII)


def moment_of(text: str) -> datetime | None:
    """Read a moment, or give None if there is none such.

    Parameters
    ----------
    text
        Year, month and day, and then as much of hour, minute, second and fraction as is told.

    Examples
    --------
    >>> moment_of("20160421132514"), moment_of("20160431")
    (datetime.datetime(2016, 4, 21, 13, 25, 14), None)
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or "0") for part in found.groups()[:6])
    fraction = int((found[7] or "").ljust(6, "0"))
    try:
        return datetime(year, month, day, hour, minute, second, fraction)  # noqa: DTZ001 (Dutch time)
    except ValueError:
        return None


def text_of_moment(moment: datetime) -> str:
    """Write a moment, with its milliseconds if it has any.

    Examples
    --------
    >>> text_of_moment(datetime(2016, 4, 21, 13, 25, 14, 5000))
    '20160421132514005'
    """
    # Not by strftime, which gives a year before 1000 fewer digits on some systems.
    milliseconds = moment.microsecond // 1000
    text = re.sub("[-:]", "", f"{moment.date()}{moment.replace(microsecond=0).time()}")
    return f"{text}{milliseconds:03d}" if milliseconds else text


def decoded(text: bytes) -> bytes | None:
    """Decode base64 as XML Schema has it; None if it is not right.

    Examples
    --------
    >>> decoded(b"SGFs bG8="), decoded(b"SGFsbG8")
    (b'Hallo', None)
    """
    bare = text.translate(None, _BLANKS)
    try:
        data = a2b_base64(bare, strict_mode=True)
    except Error:
        return None
    # Python lets bits pass that are left over, and too much padding; nothing else gives the same.
    return data if b64encode(data) == bare else None


def envelope_of(kind: str, content: Content) -> Envelope:
    """Make an envelope of the values in its elements, which fit the grammar.

    Parameters
    ----------
    kind
        Kind of the envelope.
    content
        Values by element; a file is in bytes (or None, if it could not be had), a moment is a
        datetime, and the name of a file stands beside it.
    """
    steering = content["stuurgegevens"]
    parameters = content.get("parameters", {})
    inside = parameters.get("bericht", {})
    files = [name for name in (XML_FILE, TEXT_FILE) if name in inside]
    body = content.get("body")
    return Envelope(
        kind=kind,
        sender=_party(steering["zender"]),
        receiver=_party(steering["ontvanger"]),
        reference=steering["referentienummer"],
        moment=steering["tijdstipBericht"],
        cross_reference=steering.get("crossRefnummer"),
        function=steering.get("functie"),
        application_version=_versions(parameters, "applicatie"),
        function_version=_versions(parameters, "functie"),
        payload=inside[files[0]] if len(files) == 1 else None,
        file_name=inside.get(FILE_NAME) if files == [TEXT_FILE] else None,
        failure=_failure(body) if body else None,
    )


def _party(system: Content) -> Party:
    return Party(
        system.get("organisatie"),
        system["applicatie"],
        system.get("administratie"),
        system.get("gebruiker"),
    )


def _versions(parameters: Content, of: str) -> tuple[int, int] | None:
    names = (f"{of}Versie", f"{of}Subversie")
    return (int(parameters[names[0]]), int(parameters[names[1]])) if parameters else None


def _failure(body: Content) -> Failure:
    return Failure(body["code"], body["plek"], body["omschrijving"], body.get("details"))


def content_of(envelope: Envelope) -> Content:
    """Give the texts for the elements of an envelope; what it does not have is left out."""
    failure = envelope.failure
    file: Content = {}
    if envelope.payload is not None:
        name = XML_FILE if envelope.file_name is None else TEXT_FILE
        file = {name: b64encode(envelope.payload).decode(), FILE_NAME: envelope.file_name}
    return _filled(
        {
            "stuurgegevens": {
                "berichtcode": envelope.kind,
                "zender": _system(envelope.sender),
                "ontvanger": _system(envelope.receiver),
                "referentienummer": envelope.reference,
                "tijdstipBericht": text_of_moment(envelope.moment),
                "crossRefnummer": envelope.cross_reference,
                "functie": envelope.function,
            },
            "parameters": {
                **_numbers("applicatie", envelope.application_version),
                **_numbers("functie", envelope.function_version),
                "bericht": file,
            },
            "body": {
                "code": failure.code,
                "plek": failure.place,
                "omschrijving": failure.description,
                "details": failure.details,
            }
            if failure
            else {},
        }
    )


def _filled(content: Content) -> Content:
    """Leave out what is None, and groups that hold nothing."""
    inside = {
        name: _filled(value) if isinstance(value, dict) else value
        for name, value in content.items()
    }
    return {name: value for name, value in inside.items() if value is not None and value != {}}


def _system(party: Party) -> Content:
    return {
        "organisatie": party.organisation,
        "applicatie": party.application,
        "administratie": party.administration,
        "gebruiker": party.user,
    }


def _numbers(of: str, version: tuple[int, int] | None) -> Content:
    if version is None:
        return {}
    return {f"{of}Versie": f"{version[0]:04d}", f"{of}Subversie": f"{version[1]:04d}"}
