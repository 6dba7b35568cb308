"""Writing the answers that are owed for messages received, in the way in which they came."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from stelsel.ijw.answers import answer
from stelsel.ijw.envelopes import reply
from stelsel.ijw.envelopes.content import XML_FILE
from stelsel.ijw.message import Message, Received
from stelsel.ijw.writing import write


def answered(
    received: Iterable[Received], folder: Path, on: date
) -> Iterator[tuple[Received, str | None]]:
    """Write the answer that is owed for each message.

    A return or a JW325 for a message that could be read; an error message (Fo01) for one with
    faults at level 1 that came in an envelope, since the standard knows no return for it. What came
    in an envelope is answered in one.

    Parameters
    ----------
    received
        Messages with all that was found in them.
    folder
        Where the answers go; made if it is not there. Each is its owner's alone, and called after
        its type and number, which follow from the message and what was found: the same again is
        written over.
    on
        Day of the answers.

    Yields
    ------
    Received, str or None
        What was received, and the name of the file with its answer; None where none is owed: for
        an answer itself, for what cannot be read, and where an answer is known already.

    Examples
    --------
    >>> list(answered([], Path("answers"), date(2026, 4, 10)))
    []
    """
    for each in received:
        made = None if each.answered else _answer(each, on)
        if made is None:
            yield each, None
            continue
        name, data = made
        folder.mkdir(parents=True, exist_ok=True)
        # A return repeats what the message says of a child.
        (folder / name).touch(0o600)
        (folder / name).chmod(0o600)
        (folder / name).write_bytes(data)
        yield each, name


def _answer(received: Received, on: date) -> tuple[str, bytes] | None:
    """Give the name of a file and what to write in it."""
    envelope = received.envelope
    if received.message is not None:
        # An answer is about the message, not about the envelope that it came in.
        inside = [
            replace(finding, path=finding.path.removeprefix(f"{XML_FILE}/"))
            for finding in received.findings
        ]
        owed = answer(received.message, inside, on)
        if owed is None:
            return None
        name = f"{owed.type}-{_number(owed)}"
        if envelope is None:
            return f"{name}.xml", write(owed)
        return f"{name}.xml", reply(envelope, owed, _moment(on), _reference(name))
    if envelope is None or envelope.kind != "Di01":
        return None
    name = f"Fo01-{hashlib.sha256(envelope.reference.encode()).hexdigest()[:12]}"
    return f"{name}.xml", reply(envelope, received.findings, _moment(on), _reference(name))


def _number(owed: Message) -> str:
    header = owed.content["Header"]
    number: str = (
        header.get("IdentificatieRetour") or header["BerichtIdentificatie"]["Identificatie"]
    )
    return number


def _moment(on: date) -> datetime:
    """Give the moment at which an answer is sent: now, on the day that counts as today."""
    return datetime.combine(on, datetime.now(ZoneInfo("Europe/Amsterdam")).time())


def _reference(name: str) -> str:
    """Give the number of an envelope: the same answer always has the same."""
    return str(UUID(bytes=hashlib.sha256(name.encode()).digest()[:16], version=4))
