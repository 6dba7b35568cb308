"""What a message says of a child is in no finding, no error and no text that is printed."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from stelsel.errors import StelselError
from stelsel.ijw import Message, Received, check, read_bytes, write
from stelsel.ijw.grammar import Element, Group, message_type, message_types
from tests.ijw.makers import message_contents, spoil

NUMBER, NAME, DAY, REFERENCE = "999912341", "Geheimenaam", date(2013, 7, 19), 987_654_321
SECRETS = (NUMBER, NAME, DAY.isoformat(), str(REFERENCE), "geheim@voorbeeld.nl")


def planted(content: Any, group: Group) -> Any:
    """The same content, with a secret in every value that can hold one."""
    inside = {element.name: element for element in group.elements}
    return {name: _planted(value, inside[name]) for name, value in content.items()}


def _planted(value: Any, element: Element) -> Any:
    if isinstance(value, list):
        return [_planted(each, element) for each in value]
    if element.group is not None:
        return planted(value, element.group)
    assert element.simple is not None
    simple = element.simple
    if isinstance(value, date):
        value = DAY
    elif isinstance(value, int) and (simple.high or 0) >= REFERENCE:
        value = REFERENCE
    elif element.name == "Bsn":
        value = NUMBER
    elif isinstance(value, str) and not simple.codes and not simple.pattern:
        value = NAME[: simple.max_length]
    return value


def told(received: Received) -> str:
    """Everything that is said of a file."""
    return " ".join(
        f"{each} {each.rule} {each.path} {each.message} {each.remedy}" for each in received.findings
    )


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(list(message_types())), st.data())
def test_findings_hold_no_secret(name: str, data: st.DataObject) -> None:
    content = planted(data.draw(message_contents(name)), message_type(name).root)
    message = Message(name, content)
    spoiled = spoil(write(message), data.draw)
    # A secret in the wrong place, in a value of any kind.
    root = etree.fromstring(spoiled)
    for _ in range(data.draw(st.integers(0, 3))):
        leaves = [element for element in root.iter() if isinstance(element.tag, str)]
        leaf = leaves[data.draw(st.integers(0, len(leaves) - 1))]
        leaf.text = data.draw(st.sampled_from(SECRETS))
    if data.draw(st.booleans()):
        root.set("x", NAME)
    spoiled = etree.tostring(root)
    if data.draw(st.booleans()):
        spoiled = spoiled[: data.draw(st.integers(0, len(spoiled)))]
    for lang in ("nl", "en"):
        said = told(read_bytes(spoiled, "a.xml", lang))
        assert [secret for secret in SECRETS if secret in said] == []
    said = " ".join(map(str, check(message)))
    assert [secret for secret in SECRETS if secret in said] == []


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(list(message_types())), st.data())
def test_errors_of_writing_hold_no_secret(name: str, data: st.DataObject) -> None:
    content = planted(data.draw(message_contents(name)), message_type(name).root)
    at = content
    while True:
        key = data.draw(st.sampled_from(sorted(at)))
        below = at[key][0] if isinstance(at[key], list) else at[key]
        if not isinstance(below, dict) or data.draw(st.booleans()):
            break
        at = below
    at[key] = data.draw(st.sampled_from([*SECRETS, {NAME: NUMBER}, [NAME], REFERENCE, DAY, -1]))
    try:
        write(Message(name, content))
    except StelselError as error:
        said = str(error)
        assert [secret for secret in (*SECRETS, repr(DAY)) if secret in said] in ([], [NAME])
        # The one thing repeated is the name of an element, which a name of a child is not.
        assert NAME not in said or f"/{NAME}" in said


def test_the_parser_repeats_nothing() -> None:
    for data in (
        f"<{NAME}>{NUMBER}</x>",
        f'<a x="{NAME}" x="{NUMBER}"/>',
        f"<a>&{NAME};</a>",
        f"<{NAME}:a/>",
        f"<?xml version='1.0' encoding='{NAME}'?><a/>",
        f"{NAME} {NUMBER}",
    ):
        said = told(read_bytes(data.encode()))
        assert said
        assert NAME not in said
        assert NUMBER not in said
