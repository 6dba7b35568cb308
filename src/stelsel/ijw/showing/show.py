"""One message in readable form: who wrote it to whom, what it says, and what is wrong with it.

What the message says of a person is hidden unless it is asked for. Nothing of it is kept or
logged: the caller asked for it on their own screen.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from stelsel.errors import Fault, StelselError
from stelsel.ijw.answers.kinds import is_return
from stelsel.ijw.archives import members
from stelsel.ijw.envelopes import Envelope, Party
from stelsel.ijw.envelopes.content import XML_FILE
from stelsel.ijw.grammar import Group, MessageType, message_types
from stelsel.ijw.message import Content, Finding, Received
from stelsel.ijw.opening import identify, parse
from stelsel.ijw.showing.plain import (
    HIDDEN,
    UNREADABLE,
    Line,
    lines_of,
    printable,
    town,
    without_people,
)
from stelsel.ijw.showing.words import day
from stelsel.ijw.sources import read, shown_path
from stelsel.ijw.structure import content_of

HEADER: Final = "Header"
_NAMED: Final = 5
"""So many members of an archive are named when one has to be chosen."""
_NOT_TOLD: Final = ("BerichtCode", "BerichtVersie", "BerichtSubversie", "Afzender", "Ontvanger")
"""Elements of the header that the title and the first two lines tell already."""
_PARTIES: Final = {
    "municipality": {"nl": "gemeente", "en": "municipality"},
    "provider": {"nl": "aanbieder", "en": "provider"},
}
_WORDS: Final = {
    "nl": {
        "message": "Bericht",
        "from": "Van",
        "to": "Aan",
        "verdict": "Uitkomst",
        "accepted": "aanvaard: er zijn geen retourcodes",
        "none": "niet te lezen",
        "Di01": "bericht",
        "Du01": "retour",
        "Fo01": "foutbericht",
        "envelope": "Envelop",
        "sent": "Verzonden",
        "reference": "Kenmerk",
        "cross_reference": "Antwoord op",
        "failure": "Foutcode",
        "description": "Toelichting",
    },
    "en": {
        "message": "Message",
        "from": "From",
        "to": "To",
        "verdict": "Outcome",
        "accepted": "accepted: there are no return codes",
        "none": "cannot be read",
        "Di01": "message",
        "Du01": "return",
        "Fo01": "error message",
        "envelope": "Envelope",
        "sent": "Sent",
        "reference": "Reference",
        "cross_reference": "Answers",
        "failure": "Error code",
        "description": "Explanation",
    },
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One message in readable form.

    Parameters
    ----------
    file
        Path of the file; for a member of an archive ``archive.zip/member.xml``.
    type
        Name of the message; empty if it could not be known.
    title
        What it is, in words.
    envelope, head, lines
        What its envelope says, if it came in one; who wrote it to whom and when; and what it says.
        Each line has the findings about it.
    content
        The same as plain values, by the names of the standard; what is hidden is None. None
        if nothing could be read.
    findings
        All that is wrong with it.
    elsewhere
        Those of the findings that are about no line.
    hides
        Whether something is hidden.
    """

    file: str
    type: str
    title: str
    envelope: tuple[Line, ...]
    head: tuple[Line, ...]
    lines: tuple[Line, ...]
    content: Content | None
    findings: tuple[Finding, ...]
    elsewhere: tuple[Finding, ...]
    hides: bool


def show(path: str | os.PathLike[str], lang: str = "nl", *, personal: bool = False) -> Shown:
    """Read one message and give it in readable form, with all that is wrong with it.

    Parameters
    ----------
    path
        A file, a zip archive that holds one message, or a member: ``archive.zip/member.xml``.
    lang
        ``nl`` or ``en``, for names, labels, days, amounts and findings.
    personal
        Whether numbers, names, addresses and all else that the message says of a person is shown.

    Returns
    -------
    Shown
        A message with faults in its structure is shown as far as it could be read.

    Raises
    ------
    StelselError
        If there is no such file, if it is a folder, or if an archive holds several messages.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from stelsel.ijw.example import example
    >>> from stelsel.ijw.writing import write
    >>> file = Path(mkdtemp()) / "a.xml"
    >>> _ = file.write_bytes(write(example("JW319")))
    >>> one = show(file, "en")
    >>> one.title, one.head[0].heading, one.lines[0].heading, one.hides
    ('JW319 Answer to a request', 'From', 'Answer', False)
    """
    file, member = _found(Path(path))
    received = _one(file, member, lang)
    kind = message_types().get(received.type)
    content = received.message.content if received.message else _as_far(file, received)
    outside = _envelope(received.envelope, lang, personal) if received.envelope else []
    if kind is None or content is None:
        return Shown(
            file=received.file,
            type=received.type,
            title=_untitled(received, lang),
            envelope=tuple(outside),
            head=(),
            lines=(),
            content=None,
            findings=received.findings,
            elsewhere=received.findings,
            hides=any(line.hidden for line in outside),
        )
    body = Group(kind.root.name, tuple(e for e in kind.root.elements if e.name != HEADER))
    head = _head(content.get(HEADER) or {}, kind, lang)
    lines = list(lines_of(content, body, lang, personal=personal))
    placed, elsewhere = _placed([*head, *lines], received.findings)
    return Shown(
        file=received.file,
        type=kind.name,
        title=f"{kind.name} {kind.name_nl if lang == 'nl' else kind.name_en}",
        envelope=tuple(outside),
        head=tuple(placed[: len(head)]),
        lines=tuple(placed[len(head) :]),
        content=content if personal else without_people(content, kind.root),
        findings=received.findings,
        elsewhere=elsewhere,
        hides=any(line.hidden for line in lines),
    )


def _untitled(received: Received, lang: str) -> str:
    """Say what a file is that holds no message, or none that can be read."""
    words = _WORDS[lang]
    envelope = received.envelope
    if envelope is not None and envelope.failure is not None:
        return f"{envelope.kind} {words[envelope.kind]}"
    return f"{received.type or words['message']}: {words['none']}"


def _found(path: Path) -> tuple[Path, str]:
    """Part a path in that of a file and the name of a member in it."""
    if path.is_dir():
        raise StelselError(_no_file(path, "is a folder", "is een map"))
    if path.exists():
        return path, ""
    for parent in path.parents:
        if parent.is_file():
            return parent, path.relative_to(parent).as_posix()
    raise StelselError(_no_file(path, "does not exist", "bestaat niet"))


def _no_file(path: Path, english: str, dutch: str) -> Fault:
    return Fault(
        f"This {english}.",
        shown_path(str(path)),
        remedy="Name one file with a message, or a member of an archive: archive.zip/message.xml.",
        what_nl=f"Dit {dutch}.",
        remedy_nl="Noem één bestand met een bericht, of een onderdeel van een zipbestand: "
        "archief.zip/bericht.xml.",
    )


def _one(file: Path, member: str, lang: str) -> Received:
    """Read the one message that was asked for."""
    name = shown_path(str(file))
    if member:
        wanted = f"{name}/{member}"
        for received in read(file, lang):
            if received.file == wanted:
                return received
        raise StelselError(_no_member(wanted, _members(file)))
    found = list(islice(read(file, lang), 2))
    if len(found) > 1:
        raise StelselError(_several(name, _members(file)))
    return found[0]


def _members(file: Path) -> list[str]:
    """Name the first members of an archive."""
    name = shown_path(str(file))
    return [f"{name}/{printable(member)}" for member, _ in islice(members(file), _NAMED)]


def _no_member(wanted: str, names: Sequence[str]) -> Fault:
    known = ", ".join(names)
    return Fault(
        "The archive holds no such message.",
        wanted,
        remedy=f"It holds among others: {known}.",
        what_nl="Het zipbestand bevat dit bericht niet.",
        remedy_nl=f"Het bevat onder andere: {known}.",
    )


def _several(name: str, names: Sequence[str]) -> Fault:
    known = ", ".join(names)
    return Fault(
        "The archive holds several messages.",
        name,
        remedy=f"Name one of them, such as: {known}.",
        what_nl="Het zipbestand bevat meer dan één bericht.",
        remedy_nl=f"Noem er één van, zoals: {known}.",
    )


def _as_far(file: Path, received: Received) -> Content | None:
    """Give what can be read of a message whose structure is wrong; None if that is nothing."""
    if not received.type:
        return None
    inside = received.envelope.payload if received.envelope else None
    root, _ = parse(inside or _bytes_of(file, received.file))
    kind = identify(root)[1] if root is not None else None
    if root is None or not isinstance(kind, MessageType):
        return None
    content, _ = content_of(root, kind, attributes=True)
    return content


def _bytes_of(file: Path, name: str) -> bytes:
    own = shown_path(str(file))
    if name == own:
        return file.read_bytes()
    inside = (data for member, data in members(file) if f"{own}/{printable(member)}" == name)
    return next(data for data in inside if isinstance(data, bytes))


def _envelope(envelope: Envelope, lang: str, personal: bool) -> list[Line]:
    """Give the lines that tell what an envelope says; the words of an error may name a child."""
    words = _WORDS[lang]
    sent = f"{day(envelope.moment.date(), lang)} {envelope.moment:%H:%M:%S}"
    rows = [
        ("envelope", f"{envelope.kind} {words[envelope.kind]}"),
        ("from", _organisation(envelope.sender)),
        ("to", _organisation(envelope.receiver)),
        ("sent", sent),
        ("reference", envelope.reference),
        ("cross_reference", envelope.cross_reference or ""),
    ]
    lines = [Line(0, words[name], printable(value), "") for name, value in rows if value]
    failure = envelope.failure
    if failure is not None:
        told = "\n".join(filter(None, (failure.description, failure.details)))
        code = f"{failure.code} ({failure.place})"
        lines.append(Line(0, words["failure"], printable(code), ""))
        shown = printable(told) if personal else HIDDEN[lang]
        lines.append(Line(0, words["description"], shown, "", hidden=not personal))
    return lines


def _organisation(party: Party) -> str:
    """Give the organisation, with its name if it is a municipality, and its software."""
    code = party.organisation or ""
    return f"{town(code)}, {party.application}".removeprefix(", ")


def _head(header: Content, kind: MessageType, lang: str) -> list[Line]:
    """Give the lines that tell who wrote to whom, when, and with what outcome."""
    words = _WORDS[lang]
    sides = [("Afzender", kind.sender), ("Ontvanger", kind.receiver)]
    if is_return(kind.name):
        sides.reverse()  # a return repeats the header of what it answers, and travels back (IV028)
    lines = [
        Line(0, words[way], _party(header[name], party, lang), f"{HEADER}/{name}")
        for way, (name, party) in zip(("from", "to"), sides, strict=True)
        if name in header
    ]
    told = {name: value for name, value in header.items() if name not in _NOT_TOLD}
    group = next(e.group for e in kind.root.elements if e.name == HEADER and e.group)
    for line in lines_of(told, group, lang, personal=False):
        lines.append(replace(line, path=f"{HEADER}/{line.path}"))
    if is_return(kind.name) and "RetourCodes" not in header:
        lines.append(Line(0, words["verdict"], words["accepted"], HEADER))
    return lines


def _party(code: Any, party: str, lang: str) -> str:
    if code is None:
        return UNREADABLE[lang]
    name = town(code).partition(" ")[2] if party == "municipality" else ""
    return f"{_PARTIES[party][lang]} {name} ({code})" if name else f"{_PARTIES[party][lang]} {code}"


def _placed(
    lines: Sequence[Line], findings: Sequence[Finding]
) -> tuple[list[Line], tuple[Finding, ...]]:
    """Put each finding beside the line that is nearest: of the element, or of what holds it."""
    places = {line.path: number for number, line in reversed(list(enumerate(lines)))}
    found: dict[int | None, list[Finding]] = {}
    for finding in findings:
        # What is inside an envelope has paths that begin with that of the file in it.
        inside = finding.path.removeprefix(f"{XML_FILE}/")
        place = next((places[path] for path in _upward(inside) if path in places), None)
        found.setdefault(place, []).append(finding)
    placed = [
        replace(line, findings=tuple(found.get(number, ()))) for number, line in enumerate(lines)
    ]
    return placed, tuple(found.get(None, ()))


def _upward(path: str) -> Iterator[str]:
    """Give a path and those of all that holds it, the nearest first; repeated ones also as one."""
    while path:
        yield path
        yield path.rpartition("[")[0]
        path = path.rpartition("/")[0]
