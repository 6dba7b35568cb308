"""Writing: the form the standard asks for, and refusal with every fault at once."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from stelsel.errors import StelselError
from stelsel.ijw import Message, check, header, read_bytes, write


def start(**client: Any) -> Message:
    """A start message, with some of what it says of the client replaced."""
    content = {
        "Header": header("JW305", "12345678", "0193", "A1", date(2026, 4, 10)),
        "Client": {
            "Bsn": "999990019",
            "Geboortedatum": {"Datum": date(2014, 5, 6)},
            "Geslacht": "2",
            "Naam": {"Geslachtsnaam": {"Achternaam": "Voorbeeld & Zn"}},
            "StartProducten": {
                "StartProduct": [
                    {
                        "ToewijzingNummer": 7,
                        "Begindatum": date(2026, 4, 8),
                        "StatusAanlevering": "1",
                    }
                ]
            },
        }
        | client,
    }
    return Message("JW305", content)


def test_the_file_is_as_the_standard_wants_it() -> None:
    data = write(start())
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\r\n<jw305:Bericht ')
    assert data.endswith(b"</jw305:Bericht>\r\n")
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
    assert b'xmlns:jw305="http://www.istandaarden.nl/ijw/3_2/jw305/schema"' in data
    assert b'xmlns:ijw="http://www.istandaarden.nl/ijw/3_2/basisschema/schema"' in data
    assert b"<ijw:Achternaam>Voorbeeld &amp; Zn</ijw:Achternaam>" in data
    assert b"<ijw:BerichtXsdVersie>1.0.0</ijw:BerichtXsdVersie>" in data


def test_the_order_of_keys_does_not_matter() -> None:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: turned(each) for name, each in reversed(list(value.items()))}
        return [turned(each) for each in value] if isinstance(value, list) else value

    message = start()
    assert write(Message("JW305", turned(message.content))) == write(message)


def test_every_fault_is_told_at_once() -> None:
    message = start(
        Bsn=999990019,
        Geslacht="M",
        Geboortedatum={"Datum": "2014-05-06"},
        Naam={"Geslachtsnaam": {"Achternaam": "x\x07", "Tussenvoegsel": "de"}},
        StartProducten={"StartProduct": [{"Begindatum": date(2026, 4, 8)}, "x"]},
        Leeftijd=12,
    )
    del message.content["Header"]["Afzender"]
    with pytest.raises(StelselError) as caught:
        write(message)
    assert {(fault.rule, fault.where.removeprefix("JW305, ")) for fault in caught.value.faults} == {
        ("structure.missing", "Header/Afzender"),
        ("value.type", "Client/Bsn"),
        ("value.type", "Client/Geboortedatum/Datum"),
        ("value.code", "Client/Geslacht"),
        ("value.character", "Client/Naam/Geslachtsnaam/Achternaam"),
        ("structure.unknown", "Client/Naam/Geslachtsnaam/Tussenvoegsel"),
        ("structure.missing", "Client/StartProducten/StartProduct[1]/StatusAanlevering"),
        ("value.type", "Client/StartProducten/StartProduct[2]"),
        ("structure.unknown", "Client/Leeftijd"),
    }
    assert all(fault.remedy for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"StartProducten": {"StartProduct": []}}, "structure.empty"),
        ({"StartProducten": {"StartProduct": {}}}, "value.type"),
        ({"Geslacht": None}, "value.type"),
        ({"Naam": []}, "value.type"),
    ],
)
def test_what_does_not_fit_is_not_written(change: dict[str, Any], rule: str) -> None:
    message = start(**change)
    with pytest.raises(StelselError) as caught:
        write(message)
    assert [fault.rule for fault in caught.value.faults] == [rule]
    assert [finding.rule for finding in check(message)] == [rule]


def test_a_group_without_content_is_not_written() -> None:
    message = start()
    message.content["Client"]["Naam"]["Geslachtsnaam"] = {}
    with pytest.raises(StelselError, match=r"Achternaam is missing.*as the first element"):
        write(message)


def test_writing_changes_nothing_in_the_message() -> None:
    message = start()
    before = copy.deepcopy(message)
    write(message)
    assert message == before


@pytest.mark.parametrize("text", ["a\r\nb", "a\nb", "a\rb", "a\tb", "]]>", "<&>\"'", " é😀 "])
def test_text_comes_back_as_it_went(text: str) -> None:
    content = {
        "Header": header("JW315", "12345678", "0193", "A1", date(2026, 4, 10)),
        "Client": {**start().content["Client"], "Commentaar": text},
    }
    del content["Client"]["StartProducten"]
    content["Client"]["AangevraagdeProducten"] = {
        "AangevraagdProduct": [
            {
                "ReferentieAanbieder": "R",
                "ToewijzingIngangsdatum": date(2026, 5, 1),
                "Verwijzer": {"Type": "08"},
            }
        ]
    }
    message = Message("JW315", content)
    for _ in range(3):
        assert read_bytes(write(message)).message == message


@pytest.mark.parametrize("name", ["JW303", "JW304", "305", ""])
def test_only_messages_of_the_standard_are_written(name: str) -> None:
    for use in (write, check):
        with pytest.raises(StelselError, match="is not a message that is read"):
            use(Message(name, {}))
