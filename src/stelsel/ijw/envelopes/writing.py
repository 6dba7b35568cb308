"""From an envelope to the bytes of a file."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from stelsel.errors import StelselError, did_you_mean
from stelsel.ijw.envelopes.content import content_of, moment_of
from stelsel.ijw.envelopes.envelope import Envelope
from stelsel.ijw.envelopes.grammar import CONTENT, MOMENT, Part, Type, kinds, namespaces
from stelsel.ijw.findings import Breach, Path, faults, place_details
from stelsel.ijw.message import Content
from stelsel.ijw.opening import LARGEST
from stelsel.ijw.values import NEW_LINE

_PREFIXES = ("StUF", "GGK")
_INDENT = "  "
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def wrapped(envelope: Envelope) -> bytes:
    """Write an envelope as the bytes of a file: the StUF message alone, without SOAP around it.

    Parameters
    ----------
    envelope
        The envelope, with all that its kind asks for.

    Returns
    -------
    bytes
        The file: UTF-8, no byte order mark, CRLF line ends; the file inside as base64.

    Raises
    ------
    StelselError
        With all faults, if something is missing, does not belong or does not fit, or if the file
        inside is larger than 25 MB.

    Examples
    --------
    >>> from datetime import datetime
    >>> from stelsel.ijw.envelopes import Party, opened
    >>> envelope = Envelope("Di01", Party("0193", "Voorbeeld"), Party("12345678", "GGk"),
    ...     "9c0f7b90-5c69-41e5-a837-0800200c9a66", datetime(2026, 11, 21, 12), function="JW301",
    ...     application_version=(1, 0), function_version=(3, 2), payload=b"<Bericht/>")
    >>> opened(wrapped(envelope)).envelope == envelope
    True
    """
    root = kinds().get(envelope.kind)
    if root is None:
        raise StelselError(
            "The kind of envelope is not known.",
            where="kind",
            remedy=did_you_mean(envelope.kind, kinds()),
            what_nl="Deze soort envelop is niet bekend.",
            remedy_nl=did_you_mean(envelope.kind, kinds(), "nl"),
        )
    if envelope.moment.tzinfo is not None:
        raise StelselError(
            "The moment has a time zone.",
            where="moment",
            remedy="Give the Dutch time, without a zone.",
            what_nl="Het moment heeft een tijdzone.",
            remedy_nl="Geef de Nederlandse tijd, zonder zone.",
        )
    walk = _Walk()
    if len(envelope.payload or b"") > LARGEST:
        details = {"limit": str(LARGEST // 1024**2)}
        walk.breach("envelope.size", ("parameters", "bericht"), details)
    else:
        walk.element(content_of(envelope), root, ())
    if walk.breaches:
        raise StelselError(faults(walk.breaches, envelope.kind))
    return "".join(['<?xml version="1.0" encoding="UTF-8"?>', NEW_LINE, *walk.parts]).encode()


class _Walk:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.breaches: list[Breach] = []

    def breach(self, rule: str, path: Path, details: dict[str, str] | None = None) -> None:
        self.breaches.append(Breach(rule, path, None, details or {}))

    def element(self, content: Any, part: Part, path: Path, name: str = "") -> None:
        """Write an element with what it holds, and the name of the file that it is."""
        margin = _INDENT * len(path)
        said = self.attribute(part, path, name)
        if not path:
            said = "".join(f' xmlns:{each}="{namespaces()[each]}"' for each in _PREFIXES)
        self.parts.append(f"{margin}<{part.prefixed}{said}>")
        if part.type is None:
            self.parts.append(NEW_LINE)
            self.group(content, part.inside, path)
            self.parts.append(margin)
        else:
            self.parts.append(self.text(content, part.type, path))
        self.parts.append(f"</{part.prefixed}>{NEW_LINE}")

    def group(self, content: Content, inside: tuple[Part, ...], path: Path) -> None:
        """Write what a group holds, in the order of the schema."""
        left = dict(content)
        for number, part in enumerate(inside):
            name = left.pop(part.attribute[0], "") if part.attribute else ""
            if part.name in left:
                self.element(left.pop(part.name), part, (*path, part.name), name)
            elif part.required:
                before = place_details(inside[number - 1].name if number else "")
                self.breach("envelope.missing", (*path, part.name), before)
        allowed = ", ".join(part.name for part in inside)
        for name in left:
            self.breach("envelope.unknown", (*path, name), {"allowed": allowed})

    def attribute(self, part: Part, path: Path, text: str) -> str:
        """Give the attribute of an element, if it has one."""
        if part.attribute is None:
            return ""
        name, of = part.attribute
        if not of.fits(text):
            self.breach("envelope.value", (*path, name), of.shape)
        return f" {name}={quoteattr(text)}"

    def text(self, value: Any, of: Type, path: Path) -> str:
        """Give the text of a value."""
        if of.name == CONTENT:
            return str(value)
        text = str(value)
        if not of.fits(text) or (of.name == MOMENT and moment_of(text) is None):
            self.breach("envelope.value", path, of.shape)
        elif _NOT_XML.search(text):
            self.breach("value.character", path)
        return escape(text, {"\r": "&#13;"})
