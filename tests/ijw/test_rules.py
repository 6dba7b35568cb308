"""Level 2 against hand-made cases, and the rules on overlap against a slow, obviously right one."""

from __future__ import annotations

import copy
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.ijw import Message, check, read_bytes, write
from stelsel.ijw.findings import rules
from stelsel.ijw.grammar import Element, message_type
from stelsel.ijw.rules import check_rules
from stelsel.ijw.rules.registry import registered
from stelsel.ijw.values import reader

TABLE = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = TABLE["cases"]
STEP = re.compile(r"([A-Za-z]+)(?:\[([0-9]+)\])?")
OF_ELEMENTS = [rule for rule in rules().values() if rule.elements and rule.level == 2]


def full(path: str) -> str:
    """A path with its short name written out."""
    for name, place in TABLE["places"].items():
        path = path.replace(name, place)
    return path


def typed(value: Any, element: Element) -> Any:
    """A value from the table as Python has it in a message."""
    if element.group is None:
        assert element.simple is not None
        return reader(element.simple)(str(value))
    if isinstance(value, list):
        return [typed(each, element) for each in value]
    inside = {each.name: each for each in element.group.elements}
    assert set(value) <= set(inside), value
    return {name: typed(value[name], inside[name]) for name in inside if name in value}


def made(name: str, change: dict[str, Any]) -> Message:
    """The plain message of a type, changed at some paths."""
    content = copy.deepcopy(TABLE["messages"][name])
    for path, value in change.items():
        *steps, last = full(path).split("/")
        at = content
        for step in steps:
            found = STEP.fullmatch(step)
            assert found is not None, step
            at = at[found[1]]
            if found[2]:
                while len(at) < int(found[2]):
                    at.append(copy.deepcopy(at[0]))
                at = at[int(found[2]) - 1]
        if value is None:
            del at[last]
        else:
            at[last] = value
    root = Element("Bericht", "", "Root", True, False, None, message_type(name).root)
    return Message(name, typed(content, root))


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
def test_every_rule_has_cases_on_both_sides(rule: Any) -> None:
    about = [case for case in CASES if case["about"] == rule.name]
    fails = {
        case["message"] for case in about if any(f.split()[0] == rule.name for f in case["found"])
    }
    passes = [case for case in about if not any(f.split()[0] == rule.name for f in case["found"])]
    assert fails == {message for message, _ in rule.elements}
    assert passes


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


days = st.dates(date(2026, 1, 1), date(2026, 1, 8))
coded = [{"Categorie": c, "Code": c + k} for c in ("45", "46") for k in ("A", "B")]
products = st.sampled_from([{}, {"Categorie": "45"}, {"Categorie": "46"}, *coded])
reasons = st.sampled_from(["", "13", "05"])


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(products, days, st.none() | days, reasons), max_size=6))
def test_overlaps_are_those_that_comparing_every_pair_finds(lines: list[Any]) -> None:
    message = made("JW301", {})
    plain = message.content["Client"]["ToegewezenProducten"]["ToegewezenProduct"].pop()
    items = message.content["Client"]["ToegewezenProducten"]["ToegewezenProduct"]
    for number, (product, begin, end, reason) in enumerate(lines):
        item = plain | {"ToewijzingNummer": number, "Ingangsdatum": begin, "Product": product}
        item["Einddatum"] = max(begin, end) if end else None
        item["RedenWijziging"] = reason
        items.append({name: value for name, value in item.items() if value})
    found = check_rules(message.content, message_type("JW301"))
    told = {breach.path[-1] for breach in found if breach.rule == "TR302"}
    pairs = [
        (one, other)
        for one in range(len(items))
        for other in range(one + 1, len(items))
        if overlap(items[one], items[other])
    ]
    # Of each pair that overlaps, the one that begins last is told of, and nobody else.
    later = {max(pair, key=lambda place: (items[place]["Ingangsdatum"], place)) for pair in pairs}
    assert told == {f"ToegewezenProduct[{place + 1}]" for place in later}


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two allocations are of the same product and share a day, said plainly."""
    for each in (one, other):
        if each.get("RedenWijziging") == "13" and each.get("Einddatum") == each["Ingangsdatum"]:
            return False
    a, b = one.get("Product", {}), other.get("Product", {})
    if a and b:
        if "Code" in a and "Code" in b:
            if a["Code"] != b["Code"]:
                return False
        elif a["Categorie"] != b["Categorie"]:
            return False
    first = max(one["Ingangsdatum"], other["Ingangsdatum"])
    last = min(one.get("Einddatum", date.max), other.get("Einddatum", date.max))
    return bool(first <= last)
