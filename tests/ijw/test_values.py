"""Values: forms are read as XML Schema has it; what is taken and what is explained agree."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stelsel.ijw.findings import rules
from stelsel.ijw.grammar import Group, SimpleType, message_types, simple_types
from stelsel.ijw.values import reader, shower, text_faults, text_of
from tests.ijw.makers import TEXTS, values

TYPES = list(simple_types().values())


def narrowed(group: Group) -> list[SimpleType]:
    """Every datatype that an element narrows."""
    found = [each.simple for each in group.elements if each.simple and not each.simple.name]
    return found + [each for e in group.elements if e.group for each in narrowed(e.group)]


ALL = TYPES + [each for kind in message_types().values() for each in narrowed(kind.root)]


@given(
    st.sampled_from(ALL),
    st.sampled_from(TEXTS) | st.text(max_size=12) | st.from_regex(r"[0-9:.+-]{0,12}"),
)
def test_a_text_is_read_just_when_nothing_is_wrong_with_it(simple: SimpleType, text: str) -> None:
    faults = text_faults(simple, text)
    assert (reader(simple)(text) is None) == bool(faults)
    assert all(rule in rules() for rule, _ in faults)


def test_no_text_is_no_value() -> None:
    assert all(reader(simple)(None) is None for simple in ALL)


@given(st.data(), st.sampled_from(TYPES))
def test_what_is_shown_is_read_back(data: st.DataObject, simple: SimpleType) -> None:
    value = data.draw(values(simple))
    text = text_of(simple, value)
    assert text is not None
    assert reader(simple)(text) == value
    assert shower(simple)(value) is not None


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("LDT_Datum", " 2024-02-29\n", date(2024, 2, 29)),
        ("LDT_Datum", "2023-02-29", None),
        ("LDT_Datum", "1900-02-29", None),
        ("LDT_Datum", "2000-02-29", date(2000, 2, 29)),
        ("LDT_Datum", "2026-04-01+00:00", None),
        ("LDT_Tijd", "24:00:00", time(0)),
        ("LDT_Tijd", "23:59:59.25", time(23, 59, 59, 250_000)),
        ("LDT_Tijd", "23:59:59.1234567", time(23, 59, 59, 123_456)),
        ("LDT_Tijd", "09:30", None),
        ("LDT_Volume", " +007", 7),
        ("LDT_Volume", "-0", 0),
        ("LDT_Volume", "1.0", None),
        ("LDT_Volume", "100000000", None),
        ("LDT_Volume", "0" * 5000 + "12", 12),
        ("LDT_Volume", "9" * 5000, None),
        ("LDT_Frequentie", " 1", None),
        ("LDT_Frequentie", "3", None),
        ("LDT_Voorletters", "Ünal", "Ünal"),
        ("LDT_Voorletters", "A.B.", None),
        ("LDT_Naam", " \t", None),
        ("LDT_Naam", "\u00a0", "\u00a0"),
        ("LDT_Commentaar", "\n x \n", "\n x \n"),
        ("LDT_ReferentieNummer", "  ", "  "),
    ],
)
def test_forms(name: str, text: str, value: object) -> None:
    assert reader(simple_types()[name])(text) == value


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("LDT_Datum", "2027-06-31", "value.date"),
        ("LDT_Datum", "12026-04-01", "value.calendar"),
        ("LDT_Datum", "-0044-03-15", "value.calendar"),
        ("LDT_Datum", "", "value.empty"),
        ("LDT_Tijd", "25:00:00", "value.time"),
        ("LDT_Volume", "1,5", "value.integer"),
        ("LDT_Volume", "-5", "value.range"),
        ("LDT_Frequentie", "3", "value.code"),
        ("LDT_Frequentie", "  ", "value.blank"),
        ("LDT_Naam", "a\nb", "value.line"),
        ("LDT_Straatnaam", "x" * 25, "value.length"),
        ("LDT_BurgerServicenummer", "12345678", "value.pattern"),
    ],
)
def test_why_a_text_does_not_fit(name: str, text: str, rule: str) -> None:
    assert [found for found, _ in text_faults(simple_types()[name], text)] == [rule]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LDT_Volume", True),
        ("LDT_Volume", 2.0),
        ("LDT_Volume", "2"),
        ("LDT_Datum", datetime(2026, 4, 1, tzinfo=UTC)),
        ("LDT_Datum", "2026-04-01"),
        ("LDT_Tijd", time(9, tzinfo=UTC)),
        ("LDT_Naam", b"x"),
        ("LDT_Naam", None),
        ("LDT_Frequentie", ["1"]),
        ("LDT_Naam", "x\x07"),
        ("LDT_Naam", "x\ud800"),
        ("LDT_Naam", "x\uffff"),
    ],
)
def test_values_of_the_wrong_kind_are_not_written(name: str, value: object) -> None:
    assert shower(simple_types()[name])(value) is None
