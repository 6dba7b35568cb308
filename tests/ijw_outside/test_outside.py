"""Level 4 against hand-made cases, and the arithmetic of amounts against fractions."""

from __future__ import annotations

import copy
import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stelsel.ijw import Message, check
from stelsel.ijw.findings import findings, rules
from stelsel.ijw.grammar import Element, message_type
from stelsel.ijw.outside import Outside, check_outside
from stelsel.ijw.tariffs import COLUMNS as TARIFF_COLUMNS
from stelsel.ijw.tariffs import Tariffs, read_tariffs
from stelsel.ijw.values import reader
from stelsel.system.own_codes import COLUMNS as CODE_COLUMNS
from stelsel.system.own_codes import OwnCodes, read_own_codes

TABLE = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = TABLE["cases"]
STEP = re.compile(r"([A-Za-z]+)(?:\[([0-9]+)\])?")
RULES = ("TR135", "TR378", "TR381", "TR346", "TR418")


def full(path: str) -> str:
    """A path with its short names written out."""
    for name, place in TABLE["places"].items():
        path = path.replace(name, place)
    return path


def typed(value: Any, element: Element) -> Any:
    """A value from the table as Python has it in a message."""
    if element.group is None:
        assert element.simple is not None
        if isinstance(value, list):
            return [typed(each, element) for each in value]
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


def written(folder: Path, columns: tuple[str, ...], rows: list[list[str]]) -> Path:
    """A table of the cases as the file that a user would give."""
    lines = [columns, *([*map(str, row), "contract"] for row in rows)]
    file = folder / "table.csv"
    file.write_text("\n".join(",".join(line) for line in lines) + "\n", encoding="utf-8")
    return file


def tariffs_of(case: dict[str, Any], folder: Path) -> Tariffs | None:
    name = case.get("tariffs")
    return read_tariffs(written(folder, TARIFF_COLUMNS, TABLE["tariffs"][name])) if name else None


def codes_of(case: dict[str, Any], folder: Path) -> OwnCodes | None:
    name = case.get("codes")
    return read_own_codes(written(folder, CODE_COLUMNS, TABLE["codes"][name])) if name else None


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case['about']} {case['message']} {case['say']}" for case in CASES]
)
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    message = made(case["message"], case.get("change", {}))
    assert check(message) == ()
    outside = Outside(
        case.get("today", TABLE["today"]), tariffs_of(case, tmp_path), codes_of(case, tmp_path)
    )
    found = findings(check_outside(message, outside), message.type, "nl")
    assert sorted(f"{one.rule} {one.path}" for one in found) == sorted(map(full, case["found"]))
    for one in found:
        assert one.level == (3 if one.rule == "TR418" else 4)
        assert one.return_code in {"8848", "S300", "S329", "9346", "0611"}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_cases_on_both_sides_in_every_message(rule: str) -> None:
    about = [case for case in CASES if case["about"] == rule]
    fails = {
        (case["message"], re.sub(r"\[\d+\]", "", full(found).split()[1]))
        for case in about
        for found in case["found"]
        if found.split()[0] == rule
    }
    bound = {
        (message, element) for message, path in rules()[rule].elements for element in [path[-1]]
    }
    assert {(message, path.split("/")[-1]) for message, path in fails} == bound
    assert len({path for _, path in fails}) >= len({path for _, path in rules()[rule].elements})
    assert {case["message"] for case in about if case["found"]} == {name for name, _ in bound}
    assert any(not case["found"] for case in about)


@pytest.mark.parametrize("name", sorted(TABLE["messages"]))
def test_a_plain_message_is_right(name: str) -> None:
    assert check_outside(made(name, {}), Outside(TABLE["today"])) == []


@given(st.integers(0, 99_999_999), st.integers(0, 99_999_999))
def test_minutes_by_the_hour_are_rounded_to_the_nearest_cent(minutes: int, tariff: int) -> None:
    """A half cent goes up: the nearest cent is the least that is at most half a cent away."""
    exact = Fraction(tariff * minutes, 60)
    nearest = exact.numerator // exact.denominator
    if exact - nearest >= Fraction(1, 2):
        nearest += 1
    accepted = {nearest, tariff * minutes}
    for amount in {nearest - 1, nearest, nearest + 1, tariff * minutes, tariff * minutes + 1}:
        message = made("JW323", {})
        line = message.content["Declaratie"]["Clienten"]["Client"][0]["Prestaties"]["Prestatie"][0]
        line |= {
            "Eenheid": "01",
            "GeleverdVolume": minutes,
            "ProductTarief": tariff,
            "IngediendBedrag": {"Bedrag": amount, "DebetCredit": "D"},
        }
        found = check_outside(message, Outside(date(2026, 11, 2)))
        assert [one.rule for one in found] == ([] if amount in accepted else ["TR346"])


def test_a_return_is_not_checked() -> None:
    """It repeats the header of another message, which was checked by whom it was sent to."""
    content = made("JW305", {"Header/Ontvanger": "9999"}).content
    assert check_outside(Message("JW306", content), Outside(date(2020, 1, 1))) == []
