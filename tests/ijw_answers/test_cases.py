"""The answers of the table of cases: which codes on which classes, and what is granted."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from stelsel.ijw import Finding, check, read_bytes, write
from stelsel.ijw.answers import answer, answered_type, verdict
from stelsel.ijw.grammar import message_type, message_types
from tests.ijw_answers.plain import ASKING, TABLE, full, plain

DAY = date(2026, 11, 21)
CASES: list[dict[str, Any]] = TABLE["cases"]


def found(text: str) -> Finding:
    """A finding as the table names it."""
    level, rule, code, path = text.split(" ")
    return Finding(
        int(level), rule, None if code == "-" else code, full(path.strip('"')), None, "?", "?"
    )


@pytest.mark.parametrize("name", [*ASKING, "JW323"])
def test_the_plain_messages_are_right(name: str) -> None:
    assert check(plain(name)) == ()


@pytest.mark.parametrize("case", CASES, ids=[f"{each['message']} {each['say']}" for each in CASES])
def test_case(case: dict[str, Any]) -> None:
    message = plain(case["message"])
    before = copy.deepcopy(message)
    given = answer(message, [found(text) for text in case["found"]], DAY)
    assert message == before
    if case["answer"] is None:
        assert given is None
        return
    assert given is not None
    assert given.type == case["answer"]
    assert check(given) == ()
    assert read_bytes(write(given)).message == given
    expected = {full(path): tuple(codes) for path, codes in case["codes"].items()}
    told = verdict(given)
    assert told.codes == expected
    assert told.lines == {line: tuple(codes) for line, codes in case.get("lines", {}).items()}
    fine = {code for codes in expected.values() for code in codes} <= {"0200", "8001"}
    assert told.accepted == fine
    if "granted" in case:
        amount, side = case["granted"].split()
        total = given.content["DeclaratieAntwoord"]["TotaalToegekendBedrag"]
        assert (total["TotaalBedrag"], total["DebetCredit"]) == (int(amount), side)
    else:
        assert "DeclaratieAntwoord" not in given.content


def test_every_message_that_is_answered_has_cases() -> None:
    answered = {case["message"] for case in CASES if case["answer"]}
    assert answered == {each for name in message_types() if (each := answered_type(name))}


@pytest.mark.parametrize("name", ASKING)
def test_the_header_of_a_return(name: str) -> None:
    message = plain(name)
    given = answer(message, [], DAY, identification="X1", xsd_version="1.2.3")
    assert given is not None
    header = dict(given.content["Header"])
    versions = {"BasisschemaXsdVersie": "1.2.3", "BerichtXsdVersie": "1.2.3"}
    assert header.pop("IdentificatieRetour") == "X1"
    assert header.pop("DagtekeningRetour") == DAY
    assert header.pop("XsdVersieRetour") == versions
    assert header.pop("BerichtCode") == message_type(given.type).code
    # All else is that of the message: sender and receiver too, though the return goes back.
    assert header == {
        key: value for key, value in message.content["Header"].items() if key != "BerichtCode"
    }


def test_the_header_of_the_answer_to_a_claim() -> None:
    given = answer(plain("JW323"), [], DAY, identification="X1", xsd_version="1.2.3")
    assert given is not None
    assert given.content["Header"] == {
        "BerichtCode": "491",
        "BerichtVersie": 3,
        "BerichtSubversie": 2,
        "Afzender": "0193",
        "Ontvanger": "12345678",
        "BerichtIdentificatie": {"Identificatie": "X1", "Dagtekening": DAY},
        "XsdVersie": {"BasisschemaXsdVersie": "1.2.3", "BerichtXsdVersie": "1.2.3"},
        "DeclaratieIdentificatie": {"Identificatie": "T7", "Dagtekening": date(2026, 6, 3)},
        "XsdVersieDeclaratie": {"BasisschemaXsdVersie": "1.0.1", "BerichtXsdVersie": "1.0.2"},
        "RetourCodes": {"RetourCode": ["0200"]},
    }


def test_lines_that_are_refused_are_copied_unchanged() -> None:
    message = plain("JW323")
    case = next(case for case in CASES if case["say"].startswith("only the credit line"))
    given = answer(message, [found(text) for text in case["found"]], DAY)
    assert given is not None
    listed = copy.deepcopy(given.content["DeclaratieAntwoord"]["Clienten"]["Client"])
    clients = message.content["Declaratie"]["Clienten"]["Client"]
    for client, refused, line in zip(clients, listed, (0, 0), strict=True):
        del refused["RetourCodes"]
        del refused["Prestaties"]["Prestatie"][0]["RetourCodes"]
        lines = [client["Prestaties"]["Prestatie"][line]]
        assert refused == client | {"Prestaties": {"Prestatie": lines}}


def number(given: Any) -> str:
    """The number that an answer has."""
    header = given.content["Header"]
    made: str = header.get("IdentificatieRetour") or header["BerichtIdentificatie"]["Identificatie"]
    return made


@pytest.mark.parametrize("name", [*ASKING, "JW323"])
def test_numbers_are_the_same_for_the_same_and_different_for_others(name: str) -> None:
    message = plain(name)
    double = found("3 TR056 9056 Header/BerichtIdentificatie/Identificatie")
    given = number(answer(message, [], DAY))
    assert number(answer(plain(name), [], date(2026, 11, 22))) == given
    # Another message under the same number is refused, and that answer has a number of its own.
    others = {number(answer(message, [double], DAY))}
    for place, value in [("Identificatie", "T9"), ("Dagtekening", date(2026, 6, 4))]:
        other = plain(name)
        other.content["Header"]["BerichtIdentificatie"][place] = value
        others.add(number(answer(other, [], DAY)))
    for place in ("Afzender", "Ontvanger"):
        other = plain(name)
        other.content["Header"][place] = other.content["Header"][place][:-1] + "9"
        others.add(number(answer(other, [], DAY)))
    assert len(others) == 5
    assert given not in others


def test_two_thousand_messages_get_two_thousand_numbers() -> None:
    message = plain("JW319")
    seen = set()
    for place in range(2000):
        message.content["Header"]["BerichtIdentificatie"]["Identificatie"] = str(place)
        seen.add(number(answer(message, [], DAY)))
    assert len(seen) == 2000
    assert all(len(each) == 12 for each in seen)
