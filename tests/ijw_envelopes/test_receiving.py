"""Envelopes that come in: what is found in the frame, in the file inside, and between the two."""

from __future__ import annotations

import zipfile
from base64 import b64encode
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from stelsel.ijw import Message, read, read_bytes, write
from stelsel.ijw.answers import answer
from stelsel.ijw.envelopes import Envelope, Failure, enclosed, opened, receive, wrapped
from stelsel.ijw.findings import rules
from tests.ijw_answers.plain import plain
from tests.ijw_envelopes.makers import NOON, OTHER, REFERENCE, THEM, US, question

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8")
)["cases"]
TESTED_ELSEWHERE = {"envelope.soap", "envelope.size"}


def inside(name: str) -> Message:
    """The message that is in a plain envelope."""
    made = (
        question()
        if name == "JW319"
        else answer(plain({"JW320": "JW319", "JW325": "JW323"}[name]), [], date(2026, 4, 11))
    )
    assert made is not None
    return made


def envelope(kind: str, name: str = "") -> Envelope:
    """The plain envelope of a kind."""
    if kind == "Fo01":
        failure = Failure("StUF055", "client", "Voorbeeld van een fout.")
        return Envelope(kind, US, THEM, OTHER, NOON, cross_reference=REFERENCE, failure=failure)
    usual, cross = {"Di01": ("JW319", None), "Du01": ("JW320", REFERENCE)}[kind]
    reference = REFERENCE if kind == "Di01" else OTHER
    return enclosed(
        inside(name or usual), US, THEM, reference, NOON, kind=kind, cross_reference=cross
    )


def made(case: dict[str, Any]) -> bytes:
    """The bytes of an envelope that a case is about."""
    plain_one = envelope(case["envelope"], case.get("inside", ""))
    if "inside" in case:
        usual = "JW319" if case["envelope"] == "Di01" else "JW320"
        plain_one = replace(plain_one, function=usual)
    text = wrapped(plain_one).decode()
    file = b64encode(plain_one.payload or b"").decode()
    for old, new in case.get("replace", []):
        wanted = old.replace("$file", file)
        assert text.count(wanted) == 1, old
        text = text.replace(wanted, new)
    return text.encode()


@pytest.mark.parametrize("case", CASES, ids=[f"{each['envelope']} {each['say']}" for each in CASES])
def test_case(case: dict[str, Any]) -> None:
    data = made(case)
    for lang in ("nl", "en"):
        received = receive(data, "a.xml", lang)
        assert [f"{each.rule} {each.path}" for each in received.findings] == case["found"]
        assert all(each.level == 1 for each in received.findings)
        assert received.type == case.get("type", "")
        assert received.file == "a.xml"
        assert (received.message is not None) == (not case["found"])


def test_every_rule_of_envelopes_has_a_case() -> None:
    found = {text.split()[0] for case in CASES for text in case["found"]}
    ours = {name for name in rules() if name.startswith("envelope.")}
    assert ours - found == TESTED_ELSEWHERE
    assert {name for name in found if "envelope." in name} <= ours


def test_every_line_is_that_of_the_element_or_of_what_should_hold_it() -> None:
    for case in CASES:
        data = made(case)
        lines = data.decode().split("\n")
        for finding in receive(data, "a.xml").findings:
            # Loose text is told at the element that it follows.
            if finding.rule.startswith("envelope.") and finding.path and "text" not in finding.rule:
                steps = finding.path.split("/")
                line = lines[(finding.line or 0) - 1]
                assert any(f":{step}" in line for step in steps[-2:]), (case["say"], finding)


def test_the_message_and_the_envelope_come_out() -> None:
    for kind, name in (("Di01", "JW319"), ("Du01", "JW320"), ("Di01", "JW325")):
        sent = envelope(kind, name)
        received = receive(wrapped(sent), "a.xml")
        assert received.valid
        assert received.message == inside(name)
        assert received.envelope == sent
        assert received.type == name


def test_a_bare_message_is_read_as_ever() -> None:
    data = write(question())
    assert receive(data, "a.xml") == read_bytes(data, "a.xml")
    assert receive(data, "a.xml").envelope is None
    for wrong in (b"", b"<x/>", data[:-5], data.replace(b">R1<", b"><")):
        assert receive(wrong, "a.xml", "en") == read_bytes(wrong, "a.xml", "en")


def test_findings_inside_have_the_lines_of_the_file_inside() -> None:
    message = write(question()).replace(b">2</jw319:VerzoekAntwoord", b">5</jw319:VerzoekAntwoord")
    (alone,) = read_bytes(message, lang="en").findings
    received = receive(wrapped(replace(envelope("Di01"), payload=message)), "a.xml", "en")
    (found,) = received.findings
    assert found == replace(alone, path="xmlBestand/Antwoord/VerzoekAntwoord")
    line = message[: message.index(b">5<")].count(b"\n") + 1
    assert str(found).startswith(f"line {line}, xmlBestand/Antwoord/VerzoekAntwoord: ")
    assert (received.type, received.message) == ("JW319", None)


def test_level_2_inside_leaves_the_message() -> None:
    message = question()
    message.content["Antwoord"]["VerzoekAntwoord"] = "1"
    received = receive(wrapped(replace(envelope("Di01"), payload=write(message))), "a.xml")
    assert [(each.level, each.rule) for each in received.findings] == [(2, "CD085")]
    assert received.message == message


def test_all_is_told_at_once() -> None:
    message = write(question()).replace(b">R1<", b"><")
    sent = replace(envelope("Di01"), payload=message, function="JW301", function_version=(2, 2))
    found = [f"{each.rule} {each.path}" for each in receive(wrapped(sent), "a.xml").findings]
    assert found == [
        "envelope.function stuurgegevens/functie",
        "envelope.version parameters/functieVersie",
        "value.empty xmlBestand/Antwoord/ReferentieAanbieder",
    ]


def test_an_older_release_is_told_of_the_message_alone() -> None:
    message = write(question()).replace(b"ijw/3_2/jw319", b"ijw/3_1/jw319")
    sent = replace(envelope("Di01"), payload=message, function_version=(3, 1))
    found = [f"{each.rule} {each.path}" for each in receive(wrapped(sent), "a.xml").findings]
    assert found == ["message.release xmlBestand"]


SOAP = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">\n%s<s:Body>%s</s:Body>\n'
    b"</s:Envelope>"
)


@pytest.mark.parametrize("kind", ["Di01", "Du01", "Fo01"])
def test_a_soap_message_around_it_makes_no_difference(kind: str) -> None:
    sent = envelope(kind)
    bare = wrapped(sent).partition(b"?>\r\n")[2]
    for header in (b"", b"<s:Header><a:b xmlns:a='urn:a' c='d'>e</a:b></s:Header>"):
        data = SOAP % (header, bare)
        assert opened(data).envelope == sent
        around, alone = receive(data, "a.xml"), receive(wrapped(sent), "a.xml")
        assert around.message == alone.message
        assert around.envelope == alone.envelope
        assert [each.rule for each in around.findings] == [each.rule for each in alone.findings]


def test_a_soap_message_that_holds_no_envelope() -> None:
    bare = wrapped(envelope("Di01")).partition(b"?>\r\n")[2]
    fault = b"<s:Fault><faultcode>s:Client</faultcode><faultstring>Jansen</faultstring></s:Fault>"
    for body in (b"", b" text ", fault, bare + bare):
        (found,) = receive(SOAP % (b"", body), "a.xml", "en").findings
        assert found.rule == "envelope.soap"
        assert "Jansen" not in str(found)
    for body in (b"<x/>", SOAP.partition(b"?>")[2] % (b"", bare)):
        (found,) = receive(SOAP % (b"", body), "a.xml").findings
        assert found.rule == "envelope.kind"


def test_files_and_archives(tmp_path: Path) -> None:
    sent = wrapped(envelope("Di01"))
    (tmp_path / "a.xml").write_bytes(sent)
    (tmp_path / "b.xml").write_bytes(wrapped(envelope("Fo01")))
    (tmp_path / "c.xml").write_bytes(write(question()))
    with zipfile.ZipFile(tmp_path / "d.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("e.xml", SOAP % (b"", sent.partition(b"?>\r\n")[2]))
    found = {each.file.removeprefix(f"{tmp_path}/"): each for each in read(tmp_path)}
    assert [(name, each.type) for name, each in found.items()] == [
        ("a.xml", "JW319"),
        ("b.xml", ""),
        ("c.xml", "JW319"),
        ("d.zip/e.xml", "JW319"),
    ]
    assert [name for name, each in found.items() if each.message == question()] == [
        "a.xml",
        "c.xml",
        "d.zip/e.xml",
    ]
    assert [each.rule for each in found["b.xml"].findings] == ["envelope.fault"]
    assert found["a.xml"].envelope == envelope("Di01")
    assert found["c.xml"].envelope is None
    assert list(read(tmp_path, workers=2)) == list(read(tmp_path))
