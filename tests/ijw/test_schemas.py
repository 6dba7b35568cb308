"""The official schemas as oracle: what is written passes them, and level 1 says what they say."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from stelsel.ijw import Message, read_bytes, write
from stelsel.ijw.grammar import message_types
from tests.ijw.makers import message_contents, spoil

pytestmark = pytest.mark.shared
# More by hand before a release: STELSEL_EXAMPLES=5000.
EXAMPLES = int(os.environ.get("STELSEL_EXAMPLES", "0"))
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
_schemas: dict[str, etree.XMLSchema] = {}


def schema(shared: Path, name: str) -> etree.XMLSchema:
    """The official schema of a message."""
    if name not in _schemas:
        file = shared / "ijw" / "xsd" / f"{name.lower()}.xsd"
        _schemas[name] = etree.XMLSchema(etree.parse(str(file)))
    return _schemas[name]


def level_1(data: bytes) -> list[str]:
    """The rules of level 1 that a file breaks."""
    received = read_bytes(data, lang="en")
    found = [each.rule for each in received.findings if each.level == 1]
    assert (received.message is None) == bool(found) or "value.calendar" in [
        each.rule for each in received.findings
    ]
    return found


@pytest.mark.parametrize("name", message_types())
def test_what_is_written_passes_the_schema_and_is_read_back(shared: Path, name: str) -> None:
    official = schema(shared, name)

    @settings(max_examples=EXAMPLES or 60, deadline=None, suppress_health_check=SLOW)
    @given(message_contents(name))
    def holds(content: dict[str, Any]) -> None:
        message = Message(name, content)
        data = write(message)
        assert official.validate(etree.fromstring(data)), official.error_log
        assert level_1(data) == []
        # The second and third time the message is familiar and not parsed.
        for _ in range(3):
            assert read_bytes(data).message == message
        assert write(read_bytes(data).message or message) == data

    holds()


@pytest.mark.parametrize("name", message_types())
def test_level_1_of_spoiled_messages_is_the_verdict_of_the_schema(shared: Path, name: str) -> None:
    official = schema(shared, name)

    @settings(max_examples=EXAMPLES or 120, deadline=None, suppress_health_check=SLOW)
    @given(message_contents(name), st.data())
    def holds(content: dict[str, Any], data: st.DataObject) -> None:
        spoiled = spoil(write(Message(name, content)), data.draw)
        right = official.validate(etree.fromstring(spoiled))
        assert (level_1(spoiled) == []) == right, official.error_log
        # What may be familiar by now is judged the same.
        first = read_bytes(spoiled)
        for _ in range(3):
            assert read_bytes(spoiled) == first

    holds()


@pytest.mark.parametrize("name", ["JW301", "JW302", "JW305", "JW306", "JW307", "JW319"])
def test_the_published_examples_are_valid(shared: Path, name: str) -> None:
    data = (shared / "ijw" / "examples" / f"{name}.xml").read_bytes()
    received = read_bytes(data)
    assert received.valid, received.findings
    assert received.message is not None
    assert received.message.type == name
    assert read_bytes(write(received.message)).message == received.message


def test_the_published_315_is_refused_for_a_day_that_does_not_exist(shared: Path) -> None:
    data = (shared / "ijw" / "examples" / "JW315.xml").read_bytes()
    received = read_bytes(data)
    assert received.type == "JW315"
    assert received.message is None
    assert [
        (finding.level, finding.rule, finding.return_code, finding.path, finding.line)
        for finding in received.findings
    ] == [
        (1, "value.date", None, f"{place}/ToewijzingEinddatum", line)
        for place, line in (
            ("Client/AangevraagdeProducten/AangevraagdProduct[1]", 44),
            ("Client/AangevraagdeProducten/AangevraagdProduct[2]", 66),
        )
    ]
    lines = data.decode().splitlines()
    assert all("2027-06-31" in lines[number - 1] for number in (44, 66))


def test_the_published_323_gives_two_lines_one_number(shared: Path) -> None:
    data = (shared / "ijw" / "examples" / "JW323.xml").read_bytes()
    received = read_bytes(data)
    assert received.message is not None
    assert [(each.level, each.rule, each.return_code, each.path) for each in received.findings] == [
        (2, "TR101", "0001", "Declaratie/Clienten/Client[2]/Prestaties/Prestatie[3]")
    ]
