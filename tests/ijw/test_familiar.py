"""The way without parsing says the same as the ordinary way, and keeps no data."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel.ijw import Message, familiar, header, read_bytes, write
from stelsel.ijw.grammar import message_types
from stelsel.ijw.reading import _parsed
from tests.ijw.makers import TEXTS, message_contents

PIECES = [
    *("<", ">", "&", "&amp;", "&lt;", "&#65;", "&x;", "<!-- x -->", "<![CDATA[x]]>", "<?x y?>"),
    *("</", "/>", "]]>", "\r", "\r\n", "\n", " ", "\u00a0", "\x00", "\x1f", "\ufffe", "\ufeff"),
    *('"', "'", "=", "x", "<x/>", "<x>1</x>", "\x85", "\u2028"),
]


def answer(reference: str = "R1") -> bytes:
    """A small valid message."""
    content = {
        "Header": header("JW319", "0193", "12345678", "A1", date(2026, 4, 10)),
        "Antwoord": {"ReferentieAanbieder": reference, "VerzoekAntwoord": "2"},
    }
    return write(Message("JW319", content))


def made_familiar(data: bytes) -> None:
    """Read a message until its tags are known."""
    for _ in range(2):
        assert read_bytes(data).message is not None
    parts = familiar.split(data)
    assert parts is not None
    assert familiar.recall(*parts) is not None


@pytest.fixture(autouse=True)
def _patience() -> None:
    familiar.reset()


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(list(message_types())), st.data())
def test_a_change_anywhere_is_seen_just_as_by_parsing(name: str, data: st.DataObject) -> None:
    familiar.reset()
    content: dict[str, Any] = data.draw(message_contents(name))
    plain = write(Message(name, content))
    read_bytes(plain)
    read_bytes(plain)
    text = plain.decode()
    for _ in range(data.draw(st.integers(1, 2))):
        at = data.draw(st.integers(0, len(text)))
        length = data.draw(st.sampled_from([0, 0, 1, 2, 5]))
        piece = data.draw(st.sampled_from(PIECES) | st.sampled_from(TEXTS))
        text = text[:at] + piece + text[at + length :]
    changed = text.encode("utf-8", "surrogatepass")
    assert read_bytes(changed) == _parsed(changed, "", "nl", None)


@pytest.mark.parametrize(
    "text", ["R2", "R&amp;D", "&lt;R&gt;", " R", "é", "&apos;&quot;", "&amp;lt;"]
)
def test_other_values_are_read_without_parsing(text: str) -> None:
    made_familiar(answer())
    other = answer().replace(b">R1<", f">{text}<".encode())
    parts = familiar.split(other)
    assert parts is not None
    known = familiar.recall(*parts)
    assert known is not None
    ordinary = _parsed(other, "", "nl", None).message
    assert ordinary is not None
    assert known[1] == ordinary.content


@pytest.mark.parametrize("text", ["&#82;", "a&b", "R\r\n", "", " ", "x" * 37, "&amp"])
def test_what_is_odd_is_left_to_the_ordinary_way(text: str) -> None:
    made_familiar(answer())
    parts = familiar.split(answer().replace(b">R1<", f">{text}<".encode()))
    assert parts is None or familiar.recall(*parts) is None


def test_a_message_that_is_wrong_is_not_remembered() -> None:
    wrong = answer().replace(b">2</jw319:VerzoekAntwoord", b">5</jw319:VerzoekAntwoord")
    for _ in range(4):
        assert not read_bytes(wrong).valid
    parts = familiar.split(wrong)
    assert parts is not None
    assert familiar.recall(*parts) is None


def test_what_is_kept_holds_no_data_and_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    made_familiar(answer("Geheim"))
    assert "Geheim" not in repr(familiar._forms)
    monkeypatch.setattr(familiar, "MOST_KEPT", 3)
    for number in range(10):
        read_bytes(answer().replace(b"ijw:", b"p%d:" % number).replace(b":ijw", b":p%d" % number))
        assert len(familiar._forms) <= 3


def test_where_nothing_is_familiar_it_is_seldom_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(familiar, "PATIENCE", 5)
    familiar.reset()
    shapes = [
        answer().replace(b"ijw:", b"p%d:" % number).replace(b":ijw", b":p%d" % number)
        for number in range(40)
    ]
    for data in shapes:
        assert read_bytes(data).valid
    tried = sum(familiar.split(data) is not None for data in shapes)
    assert tried == 40 // familiar.SELDOM
    for _ in range(30):
        assert read_bytes(shapes[0]).valid
    assert familiar.split(shapes[0]) is not None
