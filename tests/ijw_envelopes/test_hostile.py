"""Envelopes made to harm, or merely odd: refused with a reason, quickly and in little memory."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import time
import zipfile
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.errors import StelselError
from stelsel.ijw import Message, opening, read, write
from stelsel.ijw.envelopes import (
    LARGEST_ENVELOPE,
    Envelope,
    Failure,
    Party,
    enclosed,
    opened,
    receive,
    wrapped,
)
from stelsel.ijw.envelopes.opening import LONG
from tests.ijw_envelopes.makers import (
    ENVELOPES,
    GGK,
    NOON,
    OTHER,
    REFERENCE,
    THEM,
    US,
    question,
    spoil,
)

PLAIN = enclosed(question(), US, THEM, REFERENCE, NOON)
GOOD = wrapped(PLAIN)
START = GOOD.index(b"<GGK:")
DECLARATION, BODY = GOOD[:START], GOOD[START:]
FILE = b64encode(PLAIN.payload or b"")
TEXT = GOOD.decode()
FRAME_END = b"</GGK:xmlBestand>"


def found(data: bytes) -> list[str]:
    """What is found in a file, as rule and place."""
    received = receive(data, "a.xml")
    assert received.message is None or received.valid
    return [f"{each.rule} {each.path}".strip() for each in received.findings]


def test_prefixes_that_were_never_declared() -> None:
    silent = b"<?xmlM?>"
    assert found(b"<a:Di01></a:Di01>" + silent) == ["message.foreign"]
    inside = TEXT.replace("</GGK:stuurgegevens>", "<z:x></z:x></GGK:stuurgegevens>", 1).encode()
    assert found(inside) == ["xml.malformed"]
    assert [each.split()[0] for each in found(inside + silent)] == ["envelope.unknown"]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"<!DOCTYPE x [<!ENTITY a 'ha'>]>" + BODY.replace(b">JW319<", b">&a;<"), "xml.doctype"),
        (b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'>" + BODY, "xml.doctype"),
        (b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + BODY, "xml.doctype"),
        (BODY.replace(b">JW319<", b">&e;<"), "xml.malformed"),
        (BODY.replace(FILE, b"&e;"), "xml.malformed"),
        (TEXT.encode("utf-16"), "file.encoding"),
        (GOOD.replace(b"UTF-8", b"ISO-8859-1"), "file.encoding"),
        (GOOD.replace(b">Voorbeeld<", b">\xe9\xe9\xe9<"), "file.encoding"),
        (GOOD[:-5], "xml.malformed"),
        (GOOD + b"<x/>", "xml.malformed"),
        (GOOD.replace(b">Voorbeeld<", b">Voor\x00beeld<"), "xml.malformed"),
        (GOOD.replace(b">Voorbeeld<", b">" + b"<a>" * 300 + b"</a>" * 300 + b"<"), "xml.limits"),
        (GOOD.replace(b">Voorbeeld<", b">" + b"<b/>" * 4_000_000 + b"<"), "xml.limits"),
        (GOOD.replace(FILE, b"-" * 11_000_000), "xml.limits"),
        (GOOD.replace(FILE, b"A-" * 14_000_000), "file.size"),
        (GOOD.replace(FILE, b" " * LARGEST_ENVELOPE), "file.size"),
        (GOOD.replace(b" xmlns", b" a='" + b"x" * 11_000_000 + b"' xmlns", 1), "xml.limits"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused_unread_with_one_reason(data: bytes, rule: str) -> None:
    began = time.perf_counter()
    assert found(data) == [rule]
    assert opened(data).envelope is None
    assert time.perf_counter() - began < 10


def zipped() -> bytes:
    """A zip archive in memory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.xml", write(question()))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("payload", "rule"),
    [
        (b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>", "xml.doctype"),
        (b"<a>" * 300 + b"</a>" * 300, "xml.limits"),
        (b"<a>" + b"<b/>" * 4_000_000 + b"</a>", "xml.limits"),
        (GOOD, "message.envelope"),
        (b"<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'/>", "message.foreign"),
        (zipped(), "xml.malformed"),
        (bytes(1000), "file.encoding"),
        (b"\xef\xbb\xbf" + write(question()), "file.bom"),
        (write(question()).decode().encode("utf-16"), "file.encoding"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_file_inside_is_guarded_as_any_file(payload: bytes, rule: str) -> None:
    assert found(wrapped(replace(PLAIN, payload=payload))) == [f"{rule} xmlBestand"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (BODY, []),
        (GOOD.replace(b"\r\n", b"\n"), []),
        (GOOD.replace(b"\r\n", b""), []),
        (GOOD.replace(b"GGK:", b"").replace(b"xmlns:GGK", b"xmlns"), []),
        (GOOD.replace(b"<GGK:stuur", b"<!-- >AAAA< --><?x y?><GGK:stuur"), []),
        (GOOD.replace(FILE, b"<![CDATA[" + FILE + b"]]>"), []),
        (GOOD.replace(FILE, b"&#65;" + FILE), ["envelope.encoding parameters/bericht/xmlBestand"]),
        (GOOD.replace(FILE, FILE[:40] + b"<!-- x -->" + FILE[40:]), []),
        (b"\xef\xbb\xbf" + GOOD, ["file.bom"]),
        (GOOD.replace(b"<GGK:stuur", b" " * 200_000 + b"<GGK:stuur"), []),
        (GOOD.replace(b"<GGK:stuur", b"A" * 200_000 + b"<GGK:stuur"), ["envelope.text"]),
        (GOOD.replace(b">JW319<", b">" + b"A" * 200_000 + b"<"),
         ["envelope.value stuurgegevens/functie"]),
        (GOOD.replace(b">JW319<", b">" + b" " * 200_000 + b"<"),
         ["envelope.value stuurgegevens/functie"]),
        (GOOD.replace(b"<GGK:stuur", b"<!-->" + b"A" * 200_000 + b"<--><GGK:stuur"), []),
        (GOOD.replace(FILE, b"<![CDATA[>" + b"A" * 200_000 + b"<]]>"),
         ["envelope.encoding parameters/bericht/xmlBestand"]),
        (GOOD.replace(b">JW319<", b"><![CDATA[>" + b"A" * 200_000 + b"<]]><"),
         ["envelope.value stuurgegevens/functie"]),
        (GOOD.replace(FILE, FILE[:-4] + b"=" * 200_000),
         ["envelope.encoding parameters/bericht/xmlBestand"]),
        (GOOD.replace(FILE, FILE + b" " * 200_000), []),
        (GOOD.replace(FILE, FILE + b"\x0b" * 60_000), ["xml.malformed"]),
    ],
)  # fmt: skip
def test_odd_ways_to_write_an_envelope(data: bytes, expected: list[str]) -> None:
    assert found(data) == expected


@settings(max_examples=30, deadline=None)
@given(st.integers(LONG // 4 * 3 - 9, LONG // 4 * 3 + 9), st.sampled_from([0, 64, 76]))
def test_whether_a_file_is_cut_out_makes_no_difference(length: int, width: int) -> None:
    payload = bytes(index % 251 for index in range(length))
    text = b64encode(payload)
    lines = [text[at : at + width] for at in range(0, len(text), width)] if width else [text]
    data = GOOD.replace(FILE, b"\r\n".join(lines))
    envelope = opened(data).envelope
    assert envelope is not None
    assert envelope.payload == payload


def test_lines_after_a_long_file_keep_their_numbers() -> None:
    text = b"\r\n".join([b"A" * 76] * 5_000)
    data = GOOD.replace(FILE, text).replace(b"</GGK:parameters>", b"<GGK:x/></GGK:parameters>")
    (finding,) = opened(data).findings
    assert finding.path == "parameters/x"
    assert finding.line == data[: data.index(b"<GGK:x/>")].count(b"\n") + 1


def test_the_largest_file_and_one_byte_more(tmp_path: Path) -> None:
    message = question()
    text = write(message)
    filler = opening.LARGEST - len(text)
    # Whether so much white space is right is for who reads the file inside.
    whole = text.replace(b"<jw319:Antwoord>", b" " * filler + b"<jw319:Antwoord>")
    assert len(whole) == opening.LARGEST
    data = wrapped(replace(PLAIN, payload=whole))
    assert opening.LARGEST < len(data) < LARGEST_ENVELOPE
    (tmp_path / "a.xml").write_bytes(data)
    (received,) = read(tmp_path)
    assert received.envelope is not None
    assert received.envelope.payload == whole
    assert "envelope.size" not in [each.rule for each in received.findings]
    larger = data.replace(b64encode(whole), b64encode(whole + b" "))
    (finding,) = receive(larger, "a.xml", "en").findings
    assert (finding.rule, finding.path) == ("envelope.size", "parameters/bericht/xmlBestand")
    assert "25 MB" in finding.message
    with pytest.raises(StelselError, match=r"envelope\.size") as caught:
        wrapped(replace(PLAIN, payload=whole + b" "))
    assert "25 MB" in caught.value.faults[0].what_nl


def test_a_large_file_that_is_no_envelope_is_refused_as_ever(tmp_path: Path) -> None:
    for data in (b"<a>" + b" " * opening.LARGEST, GGK.encode() + b" " * LARGEST_ENVELOPE):
        (tmp_path / "a.xml").write_bytes(data)
        (received,) = read(tmp_path)
        assert [each.rule for each in received.findings] == ["file.size"]


RUN = """
import resource, sys
from stelsel.ijw import read
list(read(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
rules = [each.rule for received in read(sys.argv[2]) for each in received.findings]
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, *rules)
"""


def too_long(path: Path) -> None:
    """An envelope that goes on and on."""
    with path.open("wb") as file:
        file.write(GOOD)
        file.truncate(4 * 1024**3)


def full(path: Path) -> None:
    """An envelope with as much inside as there may be, and nothing of it right."""
    path.write_bytes(wrapped(replace(PLAIN, payload=b"<" * opening.LARGEST)))


def padded(path: Path) -> None:
    """Thirty megabytes of the sign that ends base64."""
    path.write_bytes(GOOD.replace(FILE, b"=" * 30_000_000))


def tags(path: Path) -> None:
    """Twenty megabytes of elements that do not belong there."""
    path.write_bytes(GOOD.replace(b"<GGK:stuur", b"<x/>" * 2_400_000 + b"<GGK:stuur"))


@pytest.mark.parametrize(
    ("make", "rule", "megabytes"),
    [
        (too_long, "file.size", 5),
        (full, "xml.limits", 200),
        (padded, "envelope.encoding", 200),
        (tags, "xml.limits", 900),
    ],
)
def test_read_quickly_and_in_bounded_memory(
    tmp_path: Path, make: object, rule: str, megabytes: int
) -> None:
    good, file = tmp_path / "good.xml", tmp_path / "file.xml"
    good.write_bytes(GOOD)
    make(file)  # type: ignore[operator]
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", RUN, good, file],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31)),
    )
    assert time.perf_counter() - began < 30
    kilobytes, *rules = done.stdout.split()
    assert rules[0] == rule
    assert int(kilobytes) < megabytes * 1024


NAME, NUMBER = "Geheimenaam", "999912341"
SECRETS = (NAME, NUMBER)


def planted(envelope: Envelope) -> Envelope:
    """The same envelope, with a secret in every text that may hold one."""
    party = Party(NAME, NAME, NUMBER, NAME)
    failure = envelope.failure and Failure(
        NUMBER[:7], "client", f"{NAME} {NUMBER}", f"{NUMBER} {NAME}"
    )
    reference = NAME if failure else envelope.reference
    return replace(
        envelope,
        sender=party,
        receiver=party,
        reference=reference,
        cross_reference=envelope.cross_reference and reference,
        function=envelope.function and NAME,
        payload=envelope.payload and f"<x>{NAME}{NUMBER}</x>".encode(),
        file_name=envelope.file_name and f"{NAME}{NUMBER}",
        failure=failure,
    )


@pytest.mark.parametrize("kind", ENVELOPES)
def test_findings_hold_no_secret(kind: str) -> None:
    @settings(max_examples=150, deadline=None)
    @given(ENVELOPES[kind], st.data())
    def holds(envelope: Envelope, data: st.DataObject) -> None:
        written = wrapped(planted(replace(envelope, reference=OTHER)))
        if data.draw(st.booleans()):
            written = spoil(written, data.draw)
        if data.draw(st.booleans()):
            written = written[: data.draw(st.integers(0, len(written)))]
        for lang in ("nl", "en"):
            received = receive(written, "a.xml", lang)
            told = " ".join(f"{each} {each.path}" for each in received.findings)
            assert [secret for secret in (*SECRETS, NUMBER[:7]) if secret in told] == []
            assert NUMBER not in repr(received.envelope and received.envelope.failure)

    holds()


def test_the_code_of_an_error_message_is_told_if_it_is_one() -> None:
    for code, told in (("StUF055", "StUF055"), ("IB210", "IB210"), ("BRS01", "BRS01"),
                       (NUMBER[:7], "?"), ("Jansen", "?"), ("", "?")):  # fmt: skip
        failure = Failure(code, "client", NAME, NUMBER)
        sent = Envelope("Fo01", US, THEM, OTHER, NOON, cross_reference=OTHER, failure=failure)
        (finding,) = receive(wrapped(sent), lang="en").findings
        assert f"with code {told};" in finding.message


def test_errors_of_writing_hold_no_secret() -> None:
    for wrong in (
        replace(PLAIN, kind=NAME),
        replace(PLAIN, function=NAME * 10),
        replace(PLAIN, sender=Party(NAME * 100, "x", NUMBER * 20, NAME)),
        replace(PLAIN, file_name=f"../{NAME}"),
        replace(PLAIN, reference=NUMBER),
        replace(PLAIN, function=f"{NAME}\x00"),
    ):
        with pytest.raises(StelselError) as caught:
            wrapped(wrong)
        for fault in caught.value.faults:
            told = fault.told("nl") + fault.told("en")
            assert [secret for secret in SECRETS if secret in told] == []
            assert fault.what_nl


def test_a_message_that_is_too_large_is_not_put_in_an_envelope() -> None:
    message = question()
    message.content["Antwoord"]["ReferentieAanbieder"] = "R" * 36
    assert wrapped(enclosed(message, US, THEM, REFERENCE, NOON))
    with pytest.raises(StelselError, match="JW319, Antwoord/ReferentieAanbieder"):
        enclosed(
            Message("JW319", {**message.content, "Antwoord": {"ReferentieAanbieder": "R" * 37}}),
            US, THEM, REFERENCE, NOON,
        )  # fmt: skip
