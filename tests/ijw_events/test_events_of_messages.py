"""What messages tell: every kind of message against what should come out, field by field."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa
import pytest

from stelsel import events as event_table
from stelsel.errors import StelselError
from stelsel.ijw import Message, check, read
from stelsel.ijw.events import events_of, message_id
from stelsel.system.numbers import is_made_up, made_up_numbers
from tests.ijw_events import messages as by_hand

DAY = date(2024, 3, 8)
BEFORE = date(2024, 3, 4)


def pseudonym(text: str) -> str:
    """A pseudonym that shows what it was made of, by its length only."""
    return f"digest of {len(text)} characters"


SHARED = {
    "known": DAY,
    "child": pseudonym(by_hand.NUMBER),
    "birth_month": "2012-03",
    "sex": "2",
    "municipality": "0193",
    "provider": "00000001",
    "made_up": True,
}
PRODUCT = {"category": "45", "code": "45A04", "form": "02"}
VOLUME = {"volume": 4, "unit": "04", "frequency": "4"}
CLAIM = by_hand.claimed(
    DAY,
    by_hand.line("P2", (2024, 2)),
    by_hand.line("P3", (2024, 1), takes_back="P1"),
    name="C1",
    month=(2024, 2),
)
CLAIMED = (
    {"made_up": True, "child": pseudonym(by_hand.NUMBER), "known": DAY}
    | PRODUCT
    | {
        "municipality": "0193",
        "provider": "00000001",
        "claim": pseudonym("F1"),
        "allocation": 1,
        "volume": 4,
        "unit": "04",
        "tariff": 10_000,
        "amount": 40_000,
        "reference": pseudonym("P2"),
        "from_day": date(2024, 2, 1),
        "last_day": date(2024, 2, 29),
        "about": date(2024, 2, 29),
    }
)
TO_TOWN = {"municipality": "0193", "provider": "00000001", "made_up": False, "known": DAY}
TOLD: dict[str, tuple[Message, list[dict[str, Any]]]] = {
    "a request": (
        by_hand.requested(DAY, ToewijzingIngangsdatum=BEFORE, ToewijzingEinddatum=date(2024, 9, 1)),
        [
            SHARED
            | PRODUCT
            | {"kind": "requested", "about": DAY, "reference": pseudonym("V1"), "referrer": "02"}
            | {"from_day": BEFORE, "last_day": date(2024, 9, 1)}
            | VOLUME
        ],
    ),
    "an investigation": (
        by_hand.answered(DAY, VerzoekAntwoord="2"),
        [
            {
                "kind": "answered",
                "about": DAY,
                "known": DAY,
                "reference": pseudonym("V1"),
                "reason": "2",
            }
            | {"municipality": "0193", "provider": "00000001", "made_up": False}
        ],
    ),
    "a rejection for the residence": (
        by_hand.answered(
            DAY,
            VerzoekAntwoord="1",
            RedenAfwijzingVerzoek="8",
            Woonplaatsbeginsel={"Gemeente": "0150"},
        ),
        [
            {
                "kind": "answered",
                "about": DAY,
                "known": DAY,
                "reference": pseudonym("V1"),
                "reason": "1/8",
            }
            | {"municipality": "0193", "provider": "00000001", "made_up": False}
        ],
    ),
    "an allocation, decided before it was sent": (
        by_hand.allocated(
            DAY,
            number=77,
            ReferentieAanbieder="V1",
            Toewijzingsdatum=BEFORE,
            Toewijzingstijd=time(14, 5, 6, 789123),
            Ingangsdatum=date(2024, 4, 1),
            Einddatum=date(2024, 12, 31),
            RedenWijziging="04",
        ),
        [
            SHARED
            | PRODUCT
            | {"kind": "allocated", "about": BEFORE, "allocation": 77, "reference": pseudonym("V1")}
            | {"decided": datetime.combine(BEFORE, time(14, 5, 6, 789000)), "reason": "04"}
            | {"from_day": date(2024, 4, 1), "last_day": date(2024, 12, 31)}
            | VOLUME
        ],
    ),
    "a start that was wrong and is mended": (
        by_hand.started(DAY, (BEFORE, "3"), (DAY, "1"), number=77),
        [
            SHARED
            | PRODUCT
            | {"kind": "started", "about": day, "from_day": day, "allocation": 77, "status": status}
            for day, status in ((BEFORE, "3"), (DAY, "1"))
        ],
    ),
    "a stop": (
        by_hand.stopped(DAY, date(2024, 1, 2), (BEFORE, "20", "1"), number=77),
        [
            SHARED
            | PRODUCT
            | {"kind": "stopped", "about": BEFORE, "allocation": 77, "status": "1", "reason": "20"}
            | {"from_day": date(2024, 1, 2), "last_day": BEFORE}
        ],
    ),
    "a wish for another package": (
        by_hand.change_requested(
            DAY,
            unchanged=(77,),
            changed=({"ToewijzingNummer": 78, "GewensteIngangsdatum": DAY},),
            new=({"GewensteIngangsdatum": date(2024, 4, 1), "Einddatum": date(2024, 9, 1)},),
        ),
        [
            TO_TOWN
            | {"child": pseudonym(by_hand.NUMBER), "made_up": True, "about": DAY, "reason": "1"}
            | {"kind": "change-requested", "reference": pseudonym("W1")}
            | row
            for row in (
                {"status": "unchanged", "allocation": 77},
                {"status": "changed", "allocation": 78, "from_day": DAY} | VOLUME,
                {"status": "new", "from_day": date(2024, 4, 1), "last_day": date(2024, 9, 1)}
                | PRODUCT
                | VOLUME,
            )
        ],
    ),
    "a claim with a line and a credit": (
        CLAIM,
        [
            TO_TOWN
            | {"kind": "declared", "claim": pseudonym("F1"), "amount": 0, "schemas": "1.0.0/1.0.0"}
            | {"from_day": date(2024, 2, 1), "last_day": date(2024, 2, 29)}
            | {"about": date(2024, 2, 29)},
            CLAIMED | {"kind": "claimed"},
            CLAIMED
            | {"kind": "claimed", "reference": pseudonym("P3"), "previous": pseudonym("P1")}
            | {"from_day": date(2024, 1, 1), "last_day": date(2024, 1, 31), "amount": -40_000}
            | {"about": date(2024, 1, 31)},
        ],
    ),
    "a claim of which a line is refused": (
        by_hand.assessed(DAY, CLAIM, {"P2": "9321"}),
        [
            TO_TOWN
            | {"kind": "assessed", "about": DAY, "claim": pseudonym("F1"), "amount": -40_000}
            | {"answers": message_id("00000001", "JW323", "C1"), "schemas": "1.0.0/1.0.0"},
            CLAIMED
            | {"kind": "line-rejected", "reason": "9321"}
            | {"answers": message_id("00000001", "JW323", "C1")},
        ],
    ),
    "a start that was accepted": (
        by_hand.returned(DAY, by_hand.started(BEFORE, (BEFORE, "1"), name="S1")),
        [
            TO_TOWN
            | {"kind": "returned", "about": DAY}
            | {"answers": message_id("00000001", "JW305", "S1")},
        ],
    ),
    "an allocation that was refused": (
        by_hand.returned(DAY, by_hand.allocated(BEFORE, name="S1"), "9332"),
        [
            TO_TOWN
            | {"kind": "returned", "about": DAY, "reason": "9332"}
            | {"answers": message_id("0193", "JW301", "S1")},
        ],
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_a_message_tells(name: str) -> None:
    message, expected = TOLD[name]
    assert check(message) == ()
    found = events_of(message, pseudonym)
    assert {each["source"] for each in found} == {"ijw"}
    hidden = {"event", "message", "content", "source"}
    told = [{k: v for k, v in e.items() if v is not None and k not in hidden} for e in found]
    assert told == expected
    assert pa.Table.from_pylist(found, schema=event_table.SCHEMA).num_rows == len(expected)


@pytest.mark.parametrize(
    ("birth", "month"),
    [
        ({"Datum": date(2012, 3, 1), "DatumGebruik": "1"}, "2012-03"),
        ({"Datum": date(2012, 1, 1), "DatumGebruik": "2"}, "2012"),
        ({"Datum": date(1900, 1, 1), "DatumGebruik": "3"}, None),
    ],
)
def test_birth_as_far_as_known(birth: dict[str, Any], month: str | None) -> None:
    message = by_hand.requested(DAY, who=by_hand.child(birth=birth))
    assert check(message) == ()
    assert [e["birth_month"] for e in events_of(message, pseudonym)] == [month]


@pytest.mark.parametrize(
    ("what", "form"),
    [
        ({"Product": {"Categorie": "44"}, "Omvang": None}, "14"),
        ({"Product": {"Categorie": "45", "Code": "OWN1"}}, "02"),
        ({"Product": {"Categorie": "42", "Code": "42A03"}}, None),
        ({"Product": None, "Omvang": None, "Budget": 9, "Einddatum": date(2024, 9, 1)}, None),
    ],
    ids=["category alone", "own code", "transport", "generic"],
)
def test_form_of_the_product(what: dict[str, Any], form: str | None) -> None:
    message = by_hand.allocated(DAY, **what)
    row = message.content["Client"]["ToegewezenProducten"]["ToegewezenProduct"][0]
    for name in [name for name, value in row.items() if value is None]:
        del row[name]
    assert check(message) == ()
    (event,) = events_of(message, pseudonym)
    product = what["Product"] or {}
    assert (event["form"], event["category"], event["code"]) == (
        form,
        product.get("Categorie"),
        product.get("Code"),
    )


def test_ids_tell_messages_and_facts_apart() -> None:
    one = by_hand.started(DAY, (BEFORE, "3"), (DAY, "1"), name="A")
    same = by_hand.started(DAY, (BEFORE, "3"), (DAY, "1"), name="A")
    other = by_hand.started(DAY, (BEFORE, "1"), name="A")
    stop = by_hand.stopped(DAY, BEFORE, (DAY, "31", "1"), name="A")
    told = [events_of(m, digest) for m in (one, same, other, stop)]
    ids = [{e["message"] for e in events} for events in told]
    contents = [{e["content"] for e in events} for events in told]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert contents[0] == contents[1] != contents[2]
    assert len({e["event"] for e in told[0]}) == 2


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_no_person_comes_through() -> None:
    """Only the pseudonym function sees the number; nothing else of a person goes on."""
    for message, _ in TOLD.values():
        text = str(events_of(message, pseudonym))
        for secret in (by_hand.NUMBER, by_hand.NAME, by_hand.STREET, "2012, 3, 9", "2012-03-09"):
            assert secret not in text


def test_a_message_that_does_not_exist_is_named() -> None:
    with pytest.raises(StelselError, match="JW304 is not a message"):
        events_of(Message("JW304", {}), pseudonym)


@pytest.mark.shared
def test_published_examples_tell_events(shared: Any) -> None:
    valid = [r.message for r in read(shared / "ijw" / "examples") if r.valid and r.message]
    kinds = [e["kind"] for message in valid for e in events_of(message, pseudonym)]
    assert sorted(kinds) == (
        ["allocated"] * 2 + ["answered"] + ["returned"] * 2 + ["started"] * 2 + ["stopped"] * 2
    )


def test_made_up_numbers_are_valid_and_different(is_bsn: Any) -> None:
    numbers = made_up_numbers(20_000)
    assert len(set(numbers)) == 20_000
    assert all(is_bsn(number) and is_made_up(number) for number in numbers)
    assert [n[:4] for n in numbers[:9091]] == ["9999"] * 9091
    assert numbers[9091][:4] == "9998"


def test_there_are_no_more_made_up_numbers() -> None:
    assert len(made_up_numbers(90_909)) == 90_909
    with pytest.raises(StelselError, match="90910 people"):
        made_up_numbers(90_910)
