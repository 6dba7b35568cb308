"""Events to marks: what messages, steps and deliveries tell of their terms."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import ibis
import pyarrow as pa
import pytest

from stelsel.deliveries.cbs import Delivery, Period
from stelsel.deliveries.cbs.events import delivery_id
from stelsel.events import SCHEMA
from stelsel.marks import SCHEMA as MARKS
from stelsel.monitor.clocks import running
from stelsel.register.marks import births_of, case_key, marks_of
from stelsel.spells import SCHEMA as SPELLS

D = date.fromisoformat


def moment(day: str) -> datetime:
    return datetime.combine(D(day), time())


def event(number: int, kind: str, about: str, known: str = "", **told: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "event": f"e{number:03d}",
        "message": f"m{number}",
        "content": "c",
        "source": "ijw",
        "kind": kind,
        "about": D(about),
        "known": D(known or about),
        "child": "a",
        "municipality": "0193",
        "provider": "99999999",
        "made_up": True,
    }
    return row | told


def marks(*events: dict[str, Any]) -> pa.Table:
    table = ibis.memtable(pa.Table.from_pylist(list(events), schema=SCHEMA))
    found = marks_of(ibis.duckdb.connect(), table)
    assert found.schema.equals(MARKS)
    return found


def told(found: pa.Table, *names: str) -> list[tuple[Any, ...]]:
    return sorted(
        (row["mark"], row["reason"], str(row["day"]), row["organisation"])
        for row in found.to_pylist()
        if not names or row["mark"] in names
    )


def states(found: pa.Table, norm: str, on: str) -> list[tuple[str, str, str | None]]:
    rows = running(SPELLS.empty_table(), D(on), found, only=[norm]).to_pylist()
    return [(row["state"], str(row["last_day"]), row["organisation"]) for row in rows]


def test_a_request_and_what_came_of_it_are_one_case() -> None:
    found = marks(
        event(1, "requested", "2024-04-02", reference="R1"),
        event(2, "answered", "2024-04-05", reference="R1", reason="2", child=None),
        event(3, "allocated", "2024-05-13", "2024-05-14", reference="R1", allocation=7,
              decided=moment("2024-05-13")),
        event(4, "requested", "2024-04-02", reference="R2"),
        event(5, "answered", "2024-04-12", reference="R2", reason="1/8", child=None),
    )  # fmt: skip
    assert told(found, "request-sent", "request-investigated") == [
        ("request-investigated", None, "2024-04-05", "0193"),
        ("request-sent", None, "2024-04-02", "99999999"),
        ("request-sent", None, "2024-04-02", "99999999"),
    ]
    assert told(found, "request-rejected", "request-allocated") == [
        ("request-allocated", None, "2024-05-14", "0193"),
        ("request-rejected", "8", "2024-04-12", "0193"),
    ]
    assert len({row["case"] for row in found.to_pylist() if "request" in row["mark"]}) == 2
    # The municipality must answer each, also where both are of one child.
    assert sorted(states(found, "ijw-request-answer", "2024-06-01")) == [
        ("met", "2024-04-09", "0193"),
        ("missed", "2024-04-09", "0193"),
    ]
    assert states(found, "ijw-investigation-answer", "2024-06-01") == [
        ("met", "2024-05-28", "0193")
    ]
    assert sorted(states(found, "ijw-residence-rejection", "2024-06-01")) == [
        ("dropped", "2024-04-16", "0193"),
        ("met", "2024-04-16", "0193"),
    ]


def test_a_start_counts_from_a_later_allocation() -> None:
    decided = moment("2024-06-10")
    found = marks(
        event(1, "allocated", "2024-06-10", "2024-06-10", allocation=7, decided=decided),
        event(2, "started", "2024-06-03", "2024-06-14", allocation=7, from_day=D("2024-06-03")),
        event(3, "started", "2024-06-03", "2024-06-14", allocation=8, from_day=D("2024-06-03")),
        event(4, "started", "2024-06-03", "2024-06-28", allocation=9, status="3",
              from_day=D("2024-06-03")),
    )  # fmt: skip
    # Of the first the term runs from the 10th, of the second from the 3rd; the third is withdrawn.
    assert states(found, "ijw-start", "2024-07-01") == [
        ("missed", "2024-06-10", "99999999"),
        ("met", "2024-06-17", "99999999"),
    ]


def test_what_was_refused_is_no_mark_but_was_returned() -> None:
    found = marks(
        event(1, "stopped", "2024-06-03", "2024-06-05", allocation=7, last_day=D("2024-06-03")),
        event(2, "returned", "2024-06-06", answers="m1", reason="0200", child=None),
        event(3, "stopped", "2024-06-03", "2024-06-20", allocation=7, last_day=D("2024-06-03")),
    )
    assert states(found, "ijw-stop", "2024-07-01") == [("missed", "2024-06-10", "99999999")]
    assert states(found, "ijw-return", "2024-06-21") == [
        ("met", "2024-06-10", "0193"),
        ("running", "2024-06-25", "0193"),
    ]


def test_who_never_answers_is_one_whose_answers_are_not_taken_in() -> None:
    sent = [event(1, "declared", "2024-05-31", "2024-06-03", claim="C1")]
    assert told(marks(*sent), "claim-sent", "message-sent") == []
    other = event(2, "declared", "2024-05-31", "2024-06-03", claim="C2")
    answer = event(3, "assessed", "2024-06-10", answers="m2", child=None)
    found = marks(*sent, other, answer)
    assert sorted(states(found, "ijw-invoice-answer", "2024-06-20")) == [
        ("met", "2024-06-17", "0193"),
        ("overdue", "2024-06-17", "0193"),
    ]


def delivered(number: int, sort: str, period: str, known: str) -> dict[str, Any]:
    which = Delivery(sort, "99999999", Period.of(period), D(known))
    about = Period.of(period).last.isoformat()
    return event(number, "delivered", about, known, source="cbs", period=period, child=None,
                 delivery=delivery_id(which), municipality="0000")  # fmt: skip


def test_who_delivered_before_must_deliver_again() -> None:
    found = marks(
        delivered(1, "cbs-youth-care", "2023-H2", "2024-01-19"),
        delivered(2, "cbs-youth-care", "2024-H1", "2024-07-25"),
        delivered(3, "cbs-protection", "2023-H2", "2024-01-26"),
        delivered(4, "cbs-protection", "2023-H2", "2024-02-09"),
    )
    assert sorted(states(found, "cbs-delivery", "2024-07-24")) == [
        ("met", "2024-01-21", "99999999"),
        ("missed", "2024-01-21", "99999999"),
        ("overdue", "2024-07-21", "99999999"),
        ("overdue", "2024-07-21", "99999999"),
    ]
    later = [state for state, _, _ in states(found, "cbs-delivery", "2024-08-01")]
    assert sorted(later) == ["met", "missed", "missed", "overdue"]


def step(number: int, name: str, day: str, known: str = "", **more: Any) -> dict[str, Any]:
    shared = {"source": "process", "step": name, "case": "p1", "provider": "GI-04", "status": "1"}
    return event(number, "step", day, known, **{**shared, **more})


def test_a_step_that_is_taken_back_is_no_mark() -> None:
    charged = step(1, "institution-charged", "2024-06-03", reference="R")
    done = step(2, "institution-first-contact", "2024-06-07")
    back = step(3, "institution-first-contact", "2024-06-07", "2024-06-20", status="3")
    found = marks(charged, done)
    assert {row["case"] for row in found.to_pylist()} == {case_key("GI-04", "p1")}
    assert states(found, "institution-contact", "2024-06-30") == [("met", "2024-06-10", "GI-04")]
    gone = marks(charged, done, back)
    assert states(gone, "institution-contact", "2024-06-30") == [("overdue", "2024-06-10", "GI-04")]


def test_two_instructions_of_one_case_are_told_apart() -> None:
    found = marks(
        step(1, "institution-instruction-disputed", "2024-06-03", reference="I1"),
        step(2, "institution-instruction-disputed", "2024-06-05", reference="I2"),
        step(3, "institution-instruction-decided", "2024-06-18", reference="I2"),
    )
    assert sorted(states(found, "instruction-decision", "2024-06-20")) == [
        ("met", "2024-06-19", "GI-04"),
        ("overdue", "2024-06-17", "GI-04"),
    ]


def test_a_step_brings_its_priority_its_last_day_and_the_child_of_its_case() -> None:
    ordered = step(1, "court-ordered-supervision", "2024-06-03", last_day=D("2024-12-02"))
    asked = step(2, "board-protection-asked", "2024-05-01", priority="crisis", reference="R")
    unnamed = step(
        3, "court-supervision-extended", "2024-11-20", last_day=D("2025-06-02"), child=None
    )
    rows = {row["mark"]: row for row in marks(ordered, asked, unnamed).to_pylist()}
    assert rows["court-ordered-supervision"]["last_day"] == D("2024-12-02")
    assert rows["board-protection-asked"]["reason"] == "crisis"
    assert rows["court-supervision-extended"]["child"] == "a"


@pytest.mark.parametrize(
    ("tellings", "month"),
    [
        ([("2010-05", "2020-01-01")], "2010-05"),
        ([("2010-05", "2020-01-01"), ("2010-06", "2020-02-01")], "2010-06"),
        ([("2010-05", "2020-01-01"), ("2011", "2020-02-01")], "2010-05"),
        ([("2011", "2020-02-01")], "2011"),
    ],
)
def test_a_birth_is_what_was_told_last_and_whole(
    tellings: list[tuple[str, str]], month: str
) -> None:
    events = [
        event(number, "requested", known, birth_month=told, reference=f"R{number}")
        for number, (told, known) in enumerate(tellings)
    ]
    table = ibis.memtable(pa.Table.from_pylist(events, schema=SCHEMA))
    found = births_of(ibis.duckdb.connect(), table).to_pylist()
    assert found == [{"child": "a", "birth_month": month}]
