"""Plain words: there is one for every name and code, and values are said as the cases have it."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stelsel.ijw.grammar import Element, Group, message_types, simple_types
from stelsel.ijw.showing.plain import lines_of
from stelsel.ijw.showing.words import day, label, money, name_of, number, period, volume
from stelsel.tables import packaged, read_table
from tests.ijw_people.walking import elements

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
COUNTRIES = "COD032"


def every_element() -> list[Element]:
    return [each for kind in message_types().values() for each in elements(kind.root)]


def test_every_element_has_a_name_in_both_languages_and_no_name_is_left_over() -> None:
    rows = read_table(packaged("stelsel.ijw", "words.csv"), ["element", "name_nl", "name_en"])
    assert [row["element"] for row in rows] == sorted({each.name for each in every_element()})
    for row in rows:
        for lang in ("nl", "en"):
            told = name_of(row["element"], lang)
            assert told == told.strip() != ""
            assert told[0].isupper()


def test_every_code_has_a_label_in_both_languages_save_countries() -> None:
    lists = {simple.code_list: simple.codes for simple in simple_types().values()}
    del lists[""]
    assert len(lists) > 20
    for name, codes in lists.items():
        told = [[label(name, code, lang) for code in codes] for lang in ("nl", "en")]
        if name == COUNTRIES:
            assert {*told[0], *told[1]} == {""}
        else:
            assert all(text and not text.endswith(".") for texts in told for text in texts), name
            assert all(len(set(texts)) == len(codes) for texts in told), name


def test_every_unit_and_frequency_can_be_said() -> None:
    units, often = simple_types()["LDT_Eenheid"].codes, simple_types()["LDT_Frequentie"].codes
    for lang in ("nl", "en"):
        said = {volume(2, unit, each, lang) for unit in units for each in often}
        assert len(said) == len(units) * len(often)
        assert all(volume(1, unit, "", lang) != volume(2, unit, "", lang) for unit in units)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['type']} {case['nl']!r}"[:60])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_value_is_said_as_the_case_has_it(case: dict[str, Any], lang: str) -> None:
    element = next(each for each in every_element() if each.type_name == case["type"])
    value = case["value"]
    if case["type"] == "LDT_Tijd":
        value = time.fromisoformat(value)
    content = {element.name: [value] if element.many else value}
    (line,) = lines_of(content, Group("", (element,)), lang, personal=True)
    assert (line.heading, line.value) == (name_of(element.name, lang), case[lang])


@given(st.integers(0, 999_999_999_999))
def test_amounts_and_numbers_lose_no_cent(cents: int) -> None:
    dutch, english = money(cents, "nl"), money(cents, "en")
    assert int("".join(mark for mark in dutch if mark.isdigit())) == cents
    assert dutch.removeprefix("€\u00a0").translate(str.maketrans(",.", ".,")) == english[1:]
    assert english[-3] == "."
    assert (
        number(cents, "en").replace(",", "") == number(cents, "nl").replace(".", "") == str(cents)
    )


@given(st.dates(), st.dates())
def test_days_and_periods_can_be_read_back(one: date, other: date) -> None:
    first, last = sorted((one, other))
    for lang, until in (("nl", " t/m "), ("en", " to ")):
        told = period(first, last, lang)
        begin, end = told.split(until)
        assert end == day(last, lang)
        # Of two days in one month the first is told by its number alone.
        assert begin == day(first, lang) or begin == str(first.day)
        assert begin.isdigit() == (first.strftime("%Y-%m") == last.strftime("%Y-%m"))
        assert (day(first, lang) == day(last, lang)) == (first == last)
