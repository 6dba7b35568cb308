"""What must hold of any input: what is asked of the reader, for whatever it is given."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from stelsel.errors import StelselError
from stelsel.ijw import Received, check, read, read_bytes, unparsed, write
from stelsel.ijw.envelopes import opened, receive, wrapped
from stelsel.ijw.findings import MOST
from stelsel.ijw.reading import parsed

SECRETS = ("999912343", "Geheim-Kind7", "geheim@voorbeeld.nl")
"""What seeds and mutations plant in values; no element and no code can be called so."""
MOST_LINES = 65_000
"""Of a longer file the parser does not know exactly in which line something stands."""
BESIDE = 2
"""Findings that may come beside the most: on the byte order mark, and that there are more."""
LEVEL_2_OF_STRUCTURE = {"structure.empty"}
"""A message with this is read, but cannot be written."""

FOLDER = Path(tempfile.mkdtemp(prefix="stelsel-fuzz-"))


def must(holds: bool, what: str) -> None:
    """Stop if something does not hold; the fuzzer then keeps the input."""
    if not holds:
        raise AssertionError(what)


def of_message(data: bytes) -> None:
    """Check what holds of the bytes of one file."""
    unparsed.forget()
    lang = ("nl", "en")[len(data) % 2]
    ordinary = parsed(data, "a.xml", lang)
    # The first time how it begins is noted, then learned, then known.
    for _ in range(3):
        received = read_bytes(data, "a.xml", lang)
        if data.count(b"\n") < MOST_LINES:
            must(ordinary == received, "without a parser it reads otherwise")
            must(repr(ordinary) == repr(received), "without a parser the order is otherwise")
        else:
            must(repr(ordinary.message) == repr(received.message), "a long file reads otherwise")
    of_findings([received])
    if received.message is None:
        must(not received.valid, "no message, and nothing is wrong")
        return
    rules = {each.rule for each in received.findings if each.level == 2}
    if len(received.findings) < MOST:
        again = sorted((each.rule, each.path) for each in check(received.message, lang))
        told = sorted((each.rule, each.path) for each in received.findings if each.level == 2)
        must(again == told, "in memory it is judged otherwise")
    try:
        written = write(received.message)
    except StelselError:
        must(bool(rules & LEVEL_2_OF_STRUCTURE), "what was read cannot be written")
    else:
        must(read_bytes(written).message == received.message, "what is written reads otherwise")


def of_findings(all_received: Iterable[Received]) -> None:
    """Check that what is told is bounded and holds no secret."""
    for received in all_received:
        must(len(received.findings) <= MOST + BESIDE, "too many findings")
        for each in received.findings:
            said = f"{each} {each.rule} {each.path} {each.message} {each.remedy}"
            must(not any(secret in said for secret in SECRETS), f"a secret is told by {each.rule}")
            must(each.level in (1, 2), "a level that reading does not know")


def of_envelope(data: bytes) -> None:
    """Check what holds of the bytes of one file that may be an envelope."""
    lang = ("nl", "en")[len(data) % 2]
    received = receive(data, "a.xml", lang)
    must(receive(data, "a.xml", lang) == received, "the second time it reads otherwise")
    of_findings([received])
    outside = opened(data, lang)
    if outside.envelope is None:
        must(received.envelope is None, "an envelope that cannot be opened was opened")
    elif not outside.findings:
        again = opened(wrapped(outside.envelope))
        must(again.envelope == outside.envelope, "what is written opens otherwise")
    if received.message is not None and outside.envelope is not None:
        payload = outside.envelope.payload or b""
        must(received.message == read_bytes(payload).message, "inside it reads otherwise")


def of_archive(data: bytes) -> None:
    """Check what holds of the bytes of one archive."""
    file = FOLDER / f"{os.getpid()}.zip"
    file.write_bytes(data)
    count = 0
    for received in read(file):
        of_findings([received])
        count += 1
    must(count > 0, "nothing is told of an archive")
