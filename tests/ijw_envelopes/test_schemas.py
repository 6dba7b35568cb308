"""The official schema of the envelopes as oracle, and what is written is what is read."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from stelsel.ijw.envelopes import Envelope, opened, wrapped
from tests.ijw_envelopes.makers import ENVELOPES, GGK, spoil

# More by hand before a release: STELSEL_EXAMPLES=5000.
EXAMPLES = int(os.environ.get("STELSEL_EXAMPLES", "0"))
OWN = {"envelope.moment"}
"""What we refuse and the schema does not."""
STRAY = re.compile("[^A-Za-z0-9+/= \\t\\r\\n]")
"""What has no place in base64; XML Schema forbids it, but the processor in use skips it."""


@pytest.fixture(scope="module")
def official(shared: Path) -> etree.XMLSchema:
    """The official schema of the envelopes."""
    folder = shared / "ijw" / "envelope" / "ggk0210" / "ggkberichten"
    return etree.XMLSchema(etree.parse(str(folder / "ggk0210_msg_ggkberichten.xsd")))


@pytest.mark.parametrize("kind", ENVELOPES)
def test_what_is_written_is_what_is_read(kind: str) -> None:
    @settings(max_examples=EXAMPLES or 100, deadline=None)
    @given(ENVELOPES[kind])
    def holds(envelope: Envelope) -> None:
        data = wrapped(envelope)
        found = opened(data)
        assert found.findings == ()
        assert found.envelope == envelope
        assert wrapped(envelope) == data
        assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\r\n<')

    holds()


@pytest.mark.shared
@pytest.mark.parametrize("kind", ENVELOPES)
def test_what_is_written_passes_the_schema(official: etree.XMLSchema, kind: str) -> None:
    @settings(max_examples=EXAMPLES or 100, deadline=None)
    @given(ENVELOPES[kind])
    def holds(envelope: Envelope) -> None:
        assert official.validate(etree.fromstring(wrapped(envelope))), official.error_log

    holds()


@pytest.mark.shared
@pytest.mark.parametrize("kind", ENVELOPES)
def test_the_verdict_on_spoiled_envelopes_is_that_of_the_schema(
    official: etree.XMLSchema, kind: str
) -> None:
    @settings(max_examples=EXAMPLES or 400, deadline=None)
    @given(ENVELOPES[kind], st.data())
    def holds(envelope: Envelope, data: st.DataObject) -> None:
        spoiled = spoil(wrapped(envelope), data.draw)
        right = official.validate(etree.fromstring(spoiled))
        found = opened(spoiled)
        files = etree.fromstring(spoiled).iter(f"{{{GGK}}}xmlBestand", f"{{{GGK}}}tekstBestand")
        stray = any(STRAY.search("".join(map(str, file.itertext()))) for file in files)
        own = OWN | ({"envelope.encoding"} if stray else set())
        wrong = [each.rule for each in found.findings if each.rule not in own]
        assert (wrong == []) == right, (official.error_log, wrong)
        if found.findings == ():
            assert found.envelope is not None
            assert opened(wrapped(found.envelope)).envelope == found.envelope

    holds()


PUBLISHED: dict[str, dict[str, Any]] = {
    "envelopHeenbericht-ggk_Di01_v21-xml.xml": {
        "kind": "Di01", "function": "WMO301", "file_name": None,
        "moment": datetime(2016, 4, 21, 13, 25, 14),  # noqa: DTZ001 (Dutch time)
        "payload": b"Hier staat een iWmo/iJw-heenbericht.",
    },
    "envelopHeenbericht-ggk_Di01_v21-tekst.xml": {
        "kind": "Di01", "function": "Dummy", "file_name": "AanleveringQ1.csv",
        "payload": b"Hier staat een dummy-tekstbericht.",
    },
    "envelopRetourbericht-ggk_Du01-v21.xml": {
        "kind": "Du01", "function": "WMO302", "file_name": None,
        "cross_reference": "9c0f7b90-5c69-41e5-a837-0800200c9a66",
        "payload": b"Hier staat een iWmo/iJw-retourbericht.",
        "application_version": (4, 3), "function_version": (2, 2),
    },
    "Fo01.xml": {"kind": "Fo01", "function": None, "payload": None, "function_version": None},
}  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_examples(shared: Path, official: etree.XMLSchema, name: str) -> None:
    # They are of patch 04 and valid; the files inside are a sentence each and no messages.
    data = (shared / "ijw" / "envelope" / "voorbeeldberichten" / name).read_bytes()
    assert official.validate(etree.fromstring(data)), official.error_log
    found = opened(data)
    assert found.findings == ()
    envelope = found.envelope
    assert envelope is not None
    assert {each: getattr(envelope, each) for each in PUBLISHED[name]} == PUBLISHED[name]
    written = wrapped(envelope)
    assert official.validate(etree.fromstring(written)), official.error_log
    assert opened(written).envelope == envelope


@pytest.mark.shared
def test_the_published_error_message(shared: Path) -> None:
    data = (shared / "ijw" / "envelope" / "voorbeeldberichten" / "Fo01.xml").read_bytes()
    envelope = opened(data).envelope
    assert envelope is not None
    failure = envelope.failure
    assert failure is not None
    assert (failure.code, failure.place, failure.details) == ("IB210", "client", "JW315-00010004")
    receiver = envelope.receiver
    assert (receiver.organisation, receiver.application) == ("54540051", "JW Applicatie")
    assert (receiver.administration, receiver.user) == ("test", "gebruiker1")
