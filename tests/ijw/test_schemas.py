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
from stelsel.ijw.findings import Breach, rules
from stelsel.ijw.grammar import message_types, supported
from stelsel.ijw.opening import parse
from stelsel.ijw.structure import content_of
from stelsel.ijw.writing import text_of_content
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


@pytest.mark.parametrize("name", supported())
def test_what_is_written_passes_the_schema_and_is_read_back(shared: Path, name: str) -> None:
    official = schema(shared, name)

    @settings(max_examples=EXAMPLES or 150, deadline=None, suppress_health_check=SLOW)
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


@pytest.mark.parametrize("name", supported())
def test_level_1_of_spoiled_messages_is_the_verdict_of_the_schema(shared: Path, name: str) -> None:
    official = schema(shared, name)

    @settings(max_examples=EXAMPLES or 300, deadline=None, suppress_health_check=SLOW)
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


@pytest.mark.parametrize("name", [name for name in message_types() if name not in supported()])
def test_the_grammar_of_messages_to_come_is_right_too(shared: Path, name: str) -> None:
    official, kind = schema(shared, name), message_types()[name]

    @settings(max_examples=EXAMPLES or 40, deadline=None, suppress_health_check=SLOW)
    @given(message_contents(name), st.data())
    def holds(content: dict[str, Any], data: st.DataObject) -> None:
        text, breaches = text_of_content(content, kind)
        assert breaches == []
        written = text.encode()
        assert official.validate(etree.fromstring(written)), official.error_log
        assert structure(written, name) == (content, [])
        spoiled = spoil(written, data.draw)
        if etree.QName(etree.fromstring(spoiled)) != etree.QName(etree.fromstring(written)):
            return
        wrong = [each for each in structure(spoiled, name)[1] if rules()[each.rule].level == 1]
        assert (not wrong) == official.validate(etree.fromstring(spoiled)), official.error_log

    holds()


def structure(data: bytes, name: str) -> tuple[dict[str, Any], list[Breach]]:
    """Content and breaches, whether the message is supported or not."""
    root, breaches = parse(data)
    assert root is not None
    content, more = content_of(root, message_types()[name], attributes=True)
    return content, breaches + more


@pytest.mark.parametrize("name", ["JW301", "JW305", "JW307", "JW319"])
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


@pytest.mark.parametrize("name", ["JW302", "JW306", "JW323"])
def test_messages_to_come_are_named(shared: Path, name: str) -> None:
    received = read_bytes((shared / "ijw" / "examples" / f"{name}.xml").read_bytes())
    assert (received.type, received.message) == (name, None)
    assert [finding.rule for finding in received.findings] == ["message.unsupported"]
