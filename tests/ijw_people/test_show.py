"""A message in readable form: nothing is lost, nothing personal shows, findings stand in place."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel.errors import StelselError
from stelsel.ijw import Message, read_bytes, write
from stelsel.ijw.envelopes import Envelope, Party, enclosed, receive, reply, wrapped
from stelsel.ijw.example import example
from stelsel.ijw.grammar import message_types
from stelsel.ijw.showing.plain import Line
from stelsel.ijw.showing.show import Shown, show
from tests.ijw.makers import message_contents, spoil
from tests.ijw_people.walking import is_of_a_person, leaves

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
NAMES = st.sampled_from(list(message_types()))
LANGUAGES = st.sampled_from(["nl", "en"])
PERIODS = ("CDT_GeslotenPeriode", "CDT_OpenPeriode")


def shown(data: bytes, lang: str = "nl", *, personal: bool = False) -> Shown:
    """A file with these bytes, shown."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "a.xml"
        file.write_bytes(data)
        return show(file, lang, personal=personal)


def all_lines(one: Shown) -> tuple[Line, ...]:
    return (*one.head, *one.lines)


def text_of(lines: Iterable[Line]) -> str:
    return "\n".join(f"{line.heading} {line.value}" for line in lines)


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(NAMES, st.data(), LANGUAGES)
def test_every_code_number_and_text_of_a_message_is_told(
    name: str, data: st.DataObject, lang: str
) -> None:
    content = data.draw(message_contents(name))
    one = shown(write(Message(name, content)), lang, personal=True)
    told = text_of(all_lines(one))
    for place, value in leaves(content, message_types()[name].root):
        *around, element = place
        simple = element.simple
        assert simple is not None
        in_period = any(each.type_name in PERIODS for each in around)
        if element.name in ("BerichtCode", "BerichtVersie", "BerichtSubversie") or in_period:
            continue
        if isinstance(value, date):
            birth = around and around[-1].type_name == "CDT_Geboortedatum"
            assert birth or f"{value.day} " in told
            assert str(value.year) in told or birth
        elif simple.codes:
            # The unit and frequency of a volume are told in words alone.
            assert value in told or element.name in ("Eenheid", "Frequentie", "DatumGebruik")
        elif isinstance(value, int):
            digits = str(value).zfill(3 if simple.name in MONEY else 1)
            assert digits in "".join(mark for mark in told if mark not in ".,")
        elif isinstance(value, str):
            assert all(part in told for part in value.split("\n") if part.isprintable())


MONEY = ("LDT_Bedrag", "LDT_TotaalBedrag", "LDT_Budget")


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(NAMES, st.data())
def test_what_is_of_a_person_is_hidden_unless_asked_for(name: str, data: st.DataObject) -> None:
    content = data.draw(message_contents(name))
    root = message_types()[name].root
    planted = 0
    for place, _ in leaves(content, root):
        planted += is_of_a_person(place)
    marked = _marked(content, root)
    file = write(Message(name, marked))
    closed, opened = shown(file), shown(file, personal=True)
    assert closed.hides == bool(planted)
    assert not opened.hides
    for secret in (SECRET, "999912341", "19 juli 2013", "date(2013, 7", "54.321", "54321"):
        assert secret not in text_of(all_lines(closed))
        assert secret not in str(closed.content)
    if any(place[-1].name == "Bsn" for place, _ in leaves(content, root)):
        assert "999912341" in text_of(all_lines(opened))
    # What is not of a person is the same in both.
    for place, value in leaves(closed.content, root):
        assert (value is None) <= is_of_a_person(place)
    kept = [value for place, value in leaves(marked, root) if not is_of_a_person(place)]
    left = [value for place, value in leaves(closed.content, root) if not is_of_a_person(place)]
    assert left == kept
    assert opened.content == marked


SECRET = "Geheimenaam"


def _marked(content: Any, group: Any) -> Any:
    """The content with a secret in every value of a person that can hold one."""
    made = {}
    for element in group.elements:
        if element.name not in content:
            continue
        values = content[element.name] if element.many else [content[element.name]]
        if element.group is not None:
            values = [_marked(value, element.group) for value in values]
            if element.name == "Geboortedatum":
                values = [{"Datum": date(2013, 7, 19)} for _ in values]
        elif element.name == "Bsn":
            values = ["999912341"]
        elif element.name == "Huisnummer":
            values = [54_321]
        elif element.simple.personal and not element.simple.codes and not element.simple.pattern:
            values = [SECRET[: element.simple.max_length or 99] for _ in values]
        elif element.simple.base == "date":
            values = [date(2026, 3, 4) for _ in values]
        elif element.simple.base == "integer" and not element.simple.pattern:
            values = [7 for _ in values]
        made[element.name] = values if element.many else values[0]
    return made


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(NAMES, st.integers(0, 200), st.data(), LANGUAGES, st.booleans())
def test_a_spoilt_message_is_shown_as_far_as_it_goes_with_every_finding_once(
    name: str, seed: int, data: st.DataObject, lang: str, personal: bool
) -> None:
    file = spoil(write(example(name, seed)), data.draw)
    one = shown(file, lang, personal=personal)
    received = read_bytes(file, lang=lang)
    assert one.findings == received.findings
    beside = [finding for line in all_lines(one) for finding in line.findings]
    assert sorted(map(str, (*beside, *one.elsewhere))) == sorted(map(str, one.findings))
    for line in all_lines(one):
        for finding in line.findings:
            assert f"{finding.path}/".startswith(line.path.split("[")[0])
    if received.valid:
        assert one.elsewhere == ()
    if one.content is None:
        assert not received.type or received.message is None


def test_a_finding_stands_at_its_element(tmp_path: Path) -> None:
    message = example("JW307", 1)
    stopped = message.content["Client"]["StopProducten"]["StopProduct"]
    stopped[0]["Einddatum"] = date(2000, 1, 1)
    (tmp_path / "a.xml").write_bytes(write(message))
    one = show(tmp_path / "a.xml", "en")
    (line,) = (line for line in one.lines if line.findings)
    assert (line.heading, line.value) == ("Last day", "1 January 2000")
    assert [finding.rule for finding in line.findings] == ["TR018"]


def test_a_return_is_told_in_the_direction_in_which_it_travels(tmp_path: Path) -> None:
    told = {}
    for name in ("JW305", "JW306"):
        (tmp_path / f"{name}.xml").write_bytes(write(example(name, 3)))
        told[name] = [line.value for line in show(tmp_path / f"{name}.xml").head[:2]]
    assert told["JW305"][0].startswith("aanbieder 99")
    assert told["JW306"] == told["JW305"][::-1]


def test_a_member_of_an_archive_can_be_named(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for name in ("JW301", "JW305"):
            made.writestr(f"in/{name}.xml", write(example(name)))
    assert show(f"{archive}/in/JW305.xml").type == "JW305"
    with pytest.raises(StelselError, match=r"several messages.*a.zip/in/JW301.xml") as several:
        show(archive)
    assert "meer dan één bericht" in several.value.faults[0].told("nl")
    with pytest.raises(StelselError, match=r"no such message.*a.zip/in/JW301.xml") as missing:
        show(archive / "in" / "JW3.xml")
    assert "bevat dit bericht niet" in missing.value.faults[0].told("nl")


def test_an_archive_with_one_message_is_that_message_also_when_it_is_wrong(tmp_path: Path) -> None:
    wrong = write(example("JW305")).replace(b"StatusAanlevering>1<", b"StatusAanlevering>7<")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr("a.xml", wrong)
    one = show(tmp_path / "a.zip")
    assert one.file.endswith("a.zip/a.xml")
    unread = [line for line in one.lines if line.value == "(niet te lezen)"]
    assert [line.heading for line in unread] == ["Status van de aanlevering"] * len(unread) != []
    assert [finding.rule for line in unread for finding in line.findings][:1] == ["value.code"]


def in_envelope(message: Message) -> Envelope:
    """The envelope that a provider sends a message in."""
    head = message.content["Header"]
    parties = Party(head["Afzender"], "Voorbeeld"), Party(head["Ontvanger"], "GGk")
    number, moment = (
        "9c0f7b90-5c69-41e5-a837-0800200c9a66",
        datetime.fromisoformat("2026-03-04T09:30"),
    )
    return enclosed(message, *parties, number, moment)


def test_an_envelope_is_told_before_the_message_in_it() -> None:
    message = example("JW305", 2)
    bare, one = shown(write(message)), shown(wrapped(in_envelope(message)))
    assert [(line.heading, line.value) for line in one.envelope][::3] == [
        ("Envelop", "Di01 bericht"),
        ("Verzonden", "4 maart 2026 09:30:00"),
    ]
    town = message.content["Header"]["Ontvanger"]
    assert one.envelope[1].value == f"{message.content['Header']['Afzender']}, Voorbeeld"
    assert one.envelope[2].value.startswith(f"{town} ")
    assert (one.title, one.head, one.lines) == (bare.title, bare.head, bare.lines)
    assert (bare.envelope, one.findings) == ((), ())


def test_what_is_wrong_in_an_envelope_stands_at_its_element() -> None:
    message = example("JW305", 2)
    wrong = write(message).replace(b"StatusAanlevering>1<", b"StatusAanlevering>7<", 1)
    one = shown(wrapped(replace(in_envelope(message), payload=wrong)))
    (line,) = (line for line in one.lines if line.findings)
    assert (line.heading, line.value) == ("Status van de aanlevering", "(niet te lezen)")
    assert line.findings[0].path.startswith("xmlBestand/Client/")
    assert one.elsewhere == ()


def test_of_an_error_message_the_words_are_hidden() -> None:
    envelope = replace(in_envelope(example("JW305", 2)), payload=b"<Bericht/>")
    found = receive(wrapped(envelope)).findings
    number, moment = (
        "b6e9f182-bc44-4f27-9863-9a5ccc1e1cf0",
        datetime.fromisoformat("2026-03-05T14:00"),
    )
    error = reply(envelope, found, moment, number)
    one, opened = shown(error, "en"), shown(error, "en", personal=True)
    assert (one.title, one.type, one.content) == ("Fo01 error message", "", None)
    assert [finding.rule for finding in one.elsewhere] == ["envelope.fault"]
    *same, words = one.envelope
    assert (words.heading, words.value) == ("Explanation", "(hidden)")
    assert one.hides
    assert opened.envelope[:-1] == tuple(same)
    assert "message.foreign" in opened.envelope[-1].value
    assert not opened.hides
    assert "message.foreign" not in str(one)


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    for path, dutch in ((tmp_path, "Dit is een map."), (tmp_path / "b.xml", "Dit bestaat niet.")):
        with pytest.raises(StelselError) as error:
            show(path)
        told = error.value.faults[0].told("nl")
        assert dutch in told
        assert "archief.zip/bericht.xml" in told


def test_what_is_no_message_has_findings_only(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    for data, kind in ((b"<Bericht/>", "message.foreign"), (b"", "file.empty")):
        file.write_bytes(data)
        one = show(file)
        assert (one.title, one.type, one.content) == ("Bericht: niet te lezen", "", None)
        assert (one.lines, one.head) == ((), ())
        assert [finding.rule for finding in one.elsewhere] == [kind]
    os.mkfifo(tmp_path / "pipe")
    assert [finding.rule for finding in show(tmp_path / "pipe").findings] == ["file.open"]
