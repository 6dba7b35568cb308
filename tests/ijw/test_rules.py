"""Level 2 against hand-made cases."""

from __future__ import annotations

import re
from typing import Any

import pytest

from stelsel.ijw import check, read_bytes, write
from stelsel.ijw.findings import Rule, rules
from stelsel.ijw.rules.registry import registered
from tests.ijw.table import CASES, full, made, tells

OF_ELEMENTS = [rule for rule in rules().values() if rule.elements and rule.level == 2]
CANNOT_FAIL = {("TR101", "JW317", "Client")}
"""A request holds one child, so it has no second one to be the same."""


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case['about']} {case['message']} {case['say']}" for case in CASES]
)
def test_case(case: dict[str, Any]) -> None:
    message = made(case["message"], case.get("change", {}))
    expected = sorted(full(found) for found in case["found"])
    for _ in range(3):  # parsed, noted, familiar
        received = read_bytes(write(message))
        assert received.message == message
        assert sorted(f"{each.rule} {each.path}" for each in received.findings) == expected
        assert all((each.level, each.return_code) == (2, "0001") for each in received.findings)
    assert sorted(f"{each.rule} {each.path}" for each in check(message)) == expected


def test_every_rule_has_a_function_and_every_function_a_rule() -> None:
    assert registered() == {rule.name for rule in OF_ELEMENTS}


@pytest.mark.parametrize("rule", OF_ELEMENTS, ids=lambda rule: rule.name)
def test_every_rule_has_cases_on_both_sides_for_every_element(rule: Rule) -> None:
    about = [case for case in CASES if rule.name in case["about"].split()]
    fails = {
        (case["message"], re.sub(r"\[[0-9]+\]", "", full(found.split()[1])))
        for case in about
        for found in case["found"]
        if found.split()[0] == rule.name
    }
    for message, path in rule.elements:
        place = "/".join(path)
        if (rule.name, message, place) not in CANNOT_FAIL:
            assert any(m == message and f"/{p}".endswith(f"/{place}") for m, p in fails), (
                message,
                place,
            )
    passes = {case["message"] for case in about if rule.name not in tells(case)}
    assert passes == {message for message, _ in rule.elements}


def test_every_case_is_there_once_and_about_rules_of_its_message() -> None:
    said = [(case["message"], case["about"], case["say"]) for case in CASES]
    assert len(said) == len(set(said))
    for case in CASES:
        for name in case["about"].split():
            assert case["message"] in {message for message, _ in rules()[name].elements}, case


def test_every_line_number_is_that_of_the_element_or_of_what_should_hold_it() -> None:
    change = {
        "$gevraagd[2]/ReferentieAanbieder": "R2",
        "$gevraagd[2]/ToewijzingEinddatum": None,
        "Client/Bsn": "000000000",
    }
    data = write(made("JW315", change))
    lines = data.decode().split("\r\n")
    shown = {each.rule: lines[(each.line or 0) - 1].strip() for each in read_bytes(data).findings}
    assert shown == {
        "bsn.zero": "<jw315:Bsn>000000000</jw315:Bsn>",
        "TR386": "<jw315:AangevraagdProduct>",
        "CD076": "<jw315:AangevraagdProduct>",
    }
    places = [
        number for number, line in enumerate(lines, 1) if "<jw315:AangevraagdProduct>" in line
    ]
    assert {each.line for each in read_bytes(data).findings if each.rule != "bsn.zero"} == {
        places[1]
    }
