"""From the bytes of a file to an envelope, or to everything that is wrong with it.

An envelope may be larger than a message: base64 makes a file a third larger. The long texts are
cut out before the rest is parsed, so the parser sees no more than the frame, under the same guard
as a message.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Final

from lxml import etree

from stelsel.ijw.envelopes.content import envelope_of
from stelsel.ijw.envelopes.envelope import Envelope
from stelsel.ijw.envelopes.grammar import kinds, namespaces
from stelsel.ijw.envelopes.parts import Walk
from stelsel.ijw.findings import Breach, checked_language, findings, shown
from stelsel.ijw.message import Finding
from stelsel.ijw.opening import LARGEST, line_of, names_of, parse

LARGEST_ENVELOPE: Final = 36 * 1024 * 1024
"""Largest file in bytes: a file of 25 MB in base64, with line ends, and room for a SOAP header."""
HEAD: Final = 4096
"""Within so many bytes a large file must name a namespace of the envelopes to be read."""
MOST_TAGS: Final = 10_000
"""Most tags in an envelope and the SOAP message around it."""
LONG: Final = 50_000
"""Base64 of so many characters is cut out before parsing."""

_RUN = re.compile(rb"(?<=>)[A-Za-z0-9+/= \t\r\n]{%d,}+(?=<)" % LONG)
_ROOT = re.compile("[A-Za-z_-]{1,40}([0-9]{2}[A-Za-z]{0,10})?")


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of the bytes of an envelope.

    Parameters
    ----------
    envelope
        The envelope, if what stands around the file inside is right; the file itself may be
        missing from it.
    findings
        All that is wrong with the envelope. The file inside is not looked at.
    lines
        Line of each element of the envelope, by its path.
    """

    envelope: Envelope | None
    findings: tuple[Finding, ...]
    lines: dict[str, int | None]


def opened(data: bytes, lang: str = "nl") -> Opened:
    """Open an envelope: a Di01, Du01 or Fo01 of StUF-GGk 2.1, be it in a SOAP message or not.

    Parameters
    ----------
    data
        The bytes of the file.
    lang
        Language of the findings, ``nl`` or ``en``.

    Returns
    -------
    Opened
        The envelope with the file inside decoded, and what is wrong. What could harm is refused
        unread, as it is for messages.

    Raises
    ------
    StelselError
        If the language is not known.

    Examples
    --------
    >>> opened(b"<Bericht/>", lang="en").findings[0].rule
    'envelope.kind'
    """
    checked_language(lang)
    if len(data) > LARGEST_ENVELOPE:
        breaches = [Breach("file.size", details={"limit": str(LARGEST // 1024**2)})]
        return Opened(None, findings(breaches, "", lang), {})
    frame, cuttings = _cut(data)
    root, breaches = None, [Breach("xml.limits")]
    if frame.count(b"<") <= MOST_TAGS:
        root, breaches = parse(frame)
    if root is None:
        return Opened(None, findings(breaches, "", lang), {})
    found = _unsoaped(root)
    if isinstance(found, Breach):
        return Opened(None, findings([*breaches, found], "", lang), {})
    part_of = {part.tag: (kind, part) for kind, part in kinds().items()}
    if found.tag not in part_of:
        breaches.append(_stranger(found))
        return Opened(None, findings(breaches, "", lang), {})
    kind, part = part_of[found.tag]
    walk = Walk(cuttings)
    walk.attributes(found, part, (), {})
    content = walk.group(found, part.inside, ())
    breaches += sorted(walk.breaches, key=lambda breach: breach.line or 0)
    envelope = None if walk.broken else envelope_of(kind, content)
    return Opened(envelope, findings(breaches, "", lang), walk.lines)


def begins(head: bytes) -> bool:
    """Tell whether a file may be an envelope, from its first :data:`HEAD` bytes.

    Examples
    --------
    >>> begins(b'<a:x xmlns:a="http://www.stufstandaarden.nl/koppelvlak/ggk0310">'), begins(b"<a>")
    (True, False)
    """
    # Other versions of the standard have namespaces that begin alike.
    return any(
        namespace.rstrip("0123456789").encode() in head for namespace in namespaces().values()
    )


def _cut(data: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Cut long base64 out of a file, and put marks that nobody can foresee in its place."""
    cuttings: dict[str, bytes] = {}

    def mark(run: re.Match[bytes]) -> bytes:
        if run[0].isspace():
            return run[0]
        name = secrets.token_hex(16)
        cuttings[name] = run[0]
        return name.encode() + b"\n" * run[0].count(b"\n")  # so that lines keep their numbers

    return _RUN.sub(mark, data), cuttings


def _unsoaped(root: etree._Element) -> etree._Element | Breach:
    """Give the one element in the body of a SOAP message; of anything else the root."""
    soap = f"{{{namespaces()['SOAP']}}}"
    if root.tag != f"{soap}Envelope":
        return root
    inside = [child for body in root.iterchildren(f"{soap}Body") for child in body]
    if len(inside) != 1 or inside[0].tag == f"{soap}Fault":
        return Breach("envelope.soap", (), line_of(root))
    return inside[0]


def _stranger(root: etree._Element) -> Breach:
    """Say what is not an envelope that is read."""
    _, name = names_of(root)
    found = name if _ROOT.fullmatch(name) else shown(name)
    return Breach("envelope.kind", (), line_of(root), {"found": found})
