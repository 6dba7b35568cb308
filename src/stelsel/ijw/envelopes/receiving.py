"""From the bytes of a file to the message in it, whether it is in an envelope or not."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from stelsel.ijw.answers.kinds import answered_type, is_return
from stelsel.ijw.envelopes.content import XML_FILE
from stelsel.ijw.envelopes.envelope import Envelope
from stelsel.ijw.envelopes.opening import HEAD, Opened, begins, opened
from stelsel.ijw.findings import Breach, Path, findings
from stelsel.ijw.grammar import message_type
from stelsel.ijw.message import Finding, Received
from stelsel.ijw.reading import read_bytes

_DIGITS: Final = 4
_CODE = re.compile("[A-Za-z]{1,5}[0-9]{1,5}")


def receive(data: bytes, name: str = "", lang: str = "nl") -> Received:
    """Read and check one message, in an envelope or bare.

    Parameters
    ----------
    data
        The bytes of the file.
    name
        What the file is called in the result.
    lang
        Language of the findings, ``nl`` or ``en``.

    Returns
    -------
    Received
        As from :func:`stelsel.ijw.read_bytes`. Of an envelope it has the message inside, if there
        is nothing wrong at level 1 with either, and the ``envelope``. Findings about the message
        inside have paths that begin with ``xmlBestand``, and the line within that file; all others
        are about the envelope. An error message (Fo01) has no message, and a finding with its code.

    Raises
    ------
    StelselError
        If the language is not known.

    Examples
    --------
    >>> receive(b"<Bericht/>", "a.xml").findings[0].rule
    'message.foreign'
    """
    found = read_bytes(data, name, lang)
    if found.type or not (_is_envelope(found) or begins(data[:HEAD])):
        return found
    outside = opened(data, lang)
    if outside.envelope is None:
        return Received(name, None, outside.findings)
    return _enclosed(outside.envelope, outside, name, lang)


def _is_envelope(found: Received) -> bool:
    return any(finding.rule == "message.envelope" for finding in found.findings)


def _enclosed(envelope: Envelope, outside: Opened, name: str, lang: str) -> Received:
    """Read what is in an envelope, and compare the two."""
    inside = Received(name, None, ())
    breaches: list[Breach] = []
    if envelope.failure is not None:
        code = envelope.failure.code
        told = {"found": code if _CODE.fullmatch(code) else "?"}
        breaches.append(_breach(outside, "envelope.fault", ("body", "code"), told))
    elif envelope.file_name is not None:
        breaches.append(_breach(outside, "envelope.file", ("parameters", "bericht"), {}))
    elif envelope.payload is not None:
        inside = read_bytes(envelope.payload, name, lang)
        breaches += _differences(envelope, inside.type, outside)
    around = (*outside.findings, *findings(breaches, inside.type, lang))
    return Received(
        name,
        None if around else inside.message,
        around + tuple(about_payload(finding) for finding in inside.findings),
        inside.type,
        envelope,
    )


def about_payload(finding: Finding) -> Finding:
    """Say that a finding is about the file in the envelope.

    Examples
    --------
    >>> about_payload(Finding(3, "TR019", "9019", "Client", None, "", "")).path
    'xmlBestand/Client'
    """
    path = f"{XML_FILE}/{finding.path}" if finding.path else XML_FILE
    return replace(finding, path=path)


def _differences(envelope: Envelope, type_name: str, outside: Opened) -> list[Breach]:
    """Say in what an envelope does not fit the message in it."""
    if not type_name:
        return []
    found = []
    if envelope.function != type_name:
        place = ("stuurgegevens", "functie")
        found.append(_breach(outside, "envelope.function", place, {"allowed": type_name}))
    # The answer to a claim may travel either way: what is laid down does not say.
    kind = "Du01" if is_return(type_name) else "Di01"
    either = answered_type(type_name) is not None and not is_return(type_name)
    if envelope.kind != kind and not either:
        place = ("stuurgegevens", "berichtcode")
        details = {"found": type_name, "allowed": kind}
        found.append(_breach(outside, "envelope.direction", place, details))
    names = ("functieVersie", "functieSubversie")
    for element, told, right in zip(
        names, envelope.function_version or (), version(type_name), strict=False
    ):
        if told != right:
            allowed = {"allowed": f"{right:0{_DIGITS}d}"}
            found.append(_breach(outside, "envelope.version", ("parameters", element), allowed))
    return found


def version(type: str) -> tuple[int, int]:  # noqa: A002 (the word of Message)
    """Give version and subversion of a type of message, from its grammar.

    Examples
    --------
    >>> version("JW305")
    (3, 2)
    """
    (header,) = (each for each in message_type(type).root.elements if each.name == "Header")
    inside = header.group.elements if header.group else ()
    fixed = {each.name: each.simple.pattern for each in inside if each.simple}
    return int(fixed["BerichtVersie"]), int(fixed["BerichtSubversie"])


def _breach(outside: Opened, rule: str, path: Path, details: dict[str, str]) -> Breach:
    return Breach(rule, path, outside.lines.get("/".join(path)), details)
