"""Messages to begin with: of every type, with something in every value that must not be told."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from fuzz.checks import SECRETS
from stelsel.ijw import write
from stelsel.ijw.envelopes import Envelope, Failure, Party, wrapped
from stelsel.ijw.example import example
from stelsel.ijw.grammar import message_types

EACH = 4
"""How many of every type."""
_PLANTED = {
    b"Bsn": SECRETS[0],
    b"Achternaam": SECRETS[1],
    b"Commentaar": SECRETS[1],
    b"Straatnaam": SECRETS[1],
    b"Emailadres": SECRETS[2],
}


def messages() -> list[bytes]:
    """Give messages of every type, each also without white space and with other prefixes."""
    return list(_messages())


def _messages() -> Iterator[bytes]:
    for name in message_types():
        for seed in range(EACH):
            data = _planted(write(example(name, seed)))
            yield data
            if seed == 1:
                yield re.sub(rb">\s+<", b"><", data)
            if seed == 2:
                own = name.lower().encode()
                bare = re.sub(rb"(</?)" + own + b":", rb"\1", data)
                bare = bare.replace(b"xmlns:" + own, b"xmlns")
                yield bare.replace(b"xmlns:ijw", b"xmlns:q").replace(b"ijw:", b"q:")


def _planted(data: bytes) -> bytes:
    """Put what may not be told in the values of a message; numbers of children stay apart."""
    for name, secret in _PLANTED.items():
        data = re.sub(rb"(?<=:%s>)[^<]*(?=</)" % name, secret.encode(), data, count=1)
    return data


def archives() -> list[bytes]:
    """Give archives of messages."""
    made = []
    every = messages()
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        for count in (0, 1, 3):
            file = io.BytesIO()
            with zipfile.ZipFile(file, "w", method) as archive:
                for number, data in enumerate(every[:count]):
                    archive.writestr(f"{number}.xml", data)
            made.append(file.getvalue())
    return made


def envelopes() -> list[bytes]:
    """Give envelopes of every kind, one in a SOAP message, and a few bare messages."""
    us, them = Party("0193", SECRETS[1]), Party("12345678", "GGk")
    both = Envelope(
        "Di01",
        us,
        them,
        "9c0f7b90-5c69-41e5-a837-0800200c9a66",
        datetime(2026, 11, 21, 12),  # noqa: DTZ001 (Dutch time, without a zone)
        application_version=(1, 0),
        function_version=(3, 2),
    )
    other = "b6e9f182-bc44-4f27-9863-9a5ccc1e1cf0"
    made = []
    for data in messages()[::3]:
        name = f"JW{re.findall(rb'jw([0-9]{3})/schema', data)[0].decode()}"
        sent = replace(both, function=name, payload=data)
        back = replace(sent, kind="Du01", cross_reference=other)
        made += [wrapped(sent), wrapped(back)]
    failure = Failure("StUF055", "client", f"{SECRETS[0]} {SECRETS[1]}", SECRETS[2])
    fault = replace(both, kind="Fo01", cross_reference=other, failure=failure)
    made.append(wrapped(replace(fault, application_version=None, function_version=None)))
    soap = b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    inside = made[0][made[0].index(b"?>") + 2 :]
    return [*made, soap + inside + b"</s:Body></s:Envelope>", *messages()[:3]]
