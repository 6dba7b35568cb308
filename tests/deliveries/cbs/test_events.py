"""From deliveries to events: what goes through, what stays behind, and which deliveries hold."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel.deliveries.cbs import (
    UNKNOWN,
    Delivery,
    Period,
    Probation,
    Protection,
    Record,
    YouthCare,
    current,
    delivery_id,
    layout_of,
    read,
    written,
)
from stelsel.deliveries.cbs.tables import sort_of, stations_of
from stelsel.events import SCHEMA
from tests.deliveries.cbs.made import NUMBERS, files

DAY = date(2024, 7, 9)
CARE = Delivery("cbs-youth-care", "00000001", Period.of("2024-H1"), DAY)


def keyed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def care(**told: Any) -> YouthCare:
    usual: dict[str, Any] = {
        "number": NUMBERS[0], "birth": "2010-05-17", "sex": "V", "place": "0363",
        "referrer": "02", "form": "02", "crisis": "01", "start": date(2024, 2, 1),
    }  # fmt: skip
    return YouthCare(**usual | told)


def taken(folder: Path, records: Sequence[Record], delivery: Delivery = CARE, **more: Any) -> Any:
    file = folder / "cbs.csv"
    file.write_bytes(written(records, delivery, layout_of("csv")))
    return read(file, keyed, **more)


def test_a_record_gives_an_event_with_its_station(tmp_path: Path) -> None:
    found = taken(tmp_path, [care(end=date(2024, 3, 1), reason="03")])
    assert (found.kind, found.valid) == ("cbs-youth-care", True)
    whole, stay = found.events
    assert {whole["kind"], stay["kind"]} == {"delivered", "stayed"}
    assert whole["delivery"] == stay["delivery"] == delivery_id(CARE)
    assert stay["message"] == whole["message"]
    assert {name: stay[name] for name in ("child", "birth_month", "sex", "municipality")} == {
        "child": keyed(NUMBERS[0]), "birth_month": "2010-05", "sex": "2", "municipality": "0363",
    }  # fmt: skip
    told = ("station", "form", "referrer", "priority", "from_day", "last_day", "reason", "period")
    assert [stay[name] for name in told] == [
        "care-ambulatory", "02", "02", "crisis", date(2024, 2, 1), date(2024, 3, 1), "03",
        "2024-H1",
    ]  # fmt: skip
    assert (stay["known"], stay["about"], stay["made_up"]) == (DAY, date(2024, 2, 1), True)


def test_the_reason_of_probation_is_the_risk_since_2021(tmp_path: Path) -> None:
    person: dict[str, Any] = {"number": NUMBERS[0], "birth": "2008", "sex": "M", "place": "0363"}
    ends: list[tuple[int, dict[str, Any]]] = [
        (2020, {"reason": "22"}),
        (2024, {"risk": "43", "onward": "52"}),
    ]
    for year, ended in ends:
        period = Period.of(f"{year}-Q2")
        record = Probation(**person, probation="50", start=date(year, 1, 5),
                           end=date(year, 4, 9), **ended)  # fmt: skip
        delivery = Delivery("cbs-probation", "00000001", period, date(year, 7, 9))
        stay = taken(tmp_path, [record], delivery).events[1]
        assert (stay["station"], stay["reason"]) == ("probation-hard-core", min(ended.values()))
        assert (stay["form"], stay["referrer"], stay["priority"]) == (None, None, None)


@given(made=files())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture,
                                                 HealthCheck.too_slow])  # fmt: skip
def test_events_fit_the_register_and_hold_no_number_or_postcode(
    tmp_path: Path, made: tuple[Delivery, list[Record]]
) -> None:
    delivery, records = made
    found = taken(tmp_path, records, delivery)
    table = pa.Table.from_pylist([dict.fromkeys(SCHEMA.names) | one for one in found.events],
                                 SCHEMA)  # fmt: skip
    table.validate(full=True)
    for field in SCHEMA:
        assert field.nullable or table[field.name].null_count == 0
    assert len(set(table["event"].to_pylist())) == table.num_rows
    known = {station.id for station in stations_of(delivery.sort).values()}
    text = str(found.events) + str(found.findings)
    for record in records:
        assert record.number in {UNKNOWN, "000000000"} or str(record.number) not in text
        assert str(record.place) not in text or len(str(record.place)) == 4
        assert len(str(record.birth)) < 10 or str(record.birth) not in text.replace(
            "datetime.date", ""
        )
    if found.valid:
        assert {one.get("station") for one in found.events} <= known | {None}
        merged = sort_of(delivery.sort).sort == "cbs-youth-care"
        assert merged or len(found.events) == len(records) + 1
    else:
        assert found.events == ()


def test_a_wrong_file_gives_findings_in_the_language_and_no_events(tmp_path: Path) -> None:
    wrong = [care(form="01"), care(number=NUMBERS[1])]
    for lang, word in (("nl", "vraagt"), ("en", "asks")):
        found = taken(tmp_path, wrong, lang=lang)
        assert found.events == ()
        (one,) = found.findings
        assert (one.line, one.column, one.rule) == (3, "verwijzer", "cbs.local-team")
        assert word in one.message


def test_what_is_odd_stops_nothing(tmp_path: Path) -> None:
    found = taken(tmp_path, [care(end=date(2024, 3, 1))])
    assert found.valid
    assert len(found.events) == 2


def test_the_same_delivery_in_another_layout_or_order_has_the_same_content(tmp_path: Path) -> None:
    records = [care(), care(number=NUMBERS[1]), care(number=NUMBERS[2], place="1234AB")]
    first = taken(tmp_path, [*records]).events
    (tmp_path / "other").write_bytes(written(records[::-1], CARE, layout_of("fixed")))
    again = read(tmp_path / "other", keyed).events
    less = taken(tmp_path, records[:2]).events
    assert first == again
    # Another delivery of the same day is no other content of the same one: both are kept.
    assert first[0]["delivery"] == less[0]["delivery"]
    assert first[0]["content"] != less[0]["content"]
    assert first[0]["message"] != less[0]["message"]


def test_of_one_day_the_time_in_the_heading_tells_the_last(tmp_path: Path) -> None:
    noon = replace(CARE, at=time(12, 0))
    evening = replace(CARE, at=time(19, 30))
    parts = [
        taken(tmp_path, [care(number=NUMBERS[place])], one).events
        for place, one in enumerate((CARE, evening, noon))
    ]
    assert [part[0]["known"] for part in parts] == [DAY] * 3
    for order in permutations(parts):
        told = [event for part in order for event in part]
        assert current(told) == list(parts[1])


def test_of_one_moment_the_same_delivery_holds_whatever_came_first(tmp_path: Path) -> None:
    one = taken(tmp_path, [care()]).events
    other = taken(tmp_path, [care(number=NUMBERS[1])]).events
    forth, back = current([*one, *other]), current([*other, *one])
    assert forth == back
    assert forth in (list(one), list(other))


def test_a_postcode_needs_a_table_to_tell_the_municipality(tmp_path: Path) -> None:
    records = [care(number=NUMBERS[number], place=place)
               for number, place in enumerate(["1234AB", "1234XX", "9999AA"])]  # fmt: skip
    nowhere = taken(tmp_path, records).events[1:]
    assert [one["municipality"] for one in nowhere] == ["0000"] * 3
    places = {"1234": "0363", "1234XX": "0394"}
    found = taken(tmp_path, records, places=places).events[1:]
    by_child = {one["child"]: one["municipality"] for one in found}
    assert [by_child[keyed(number)] for number in NUMBERS[:3]] == ["0363", "0394", "0000"]


def test_a_child_without_a_number_meets_itself_and_nobody_else(tmp_path: Path) -> None:
    nobody = care(number=UNKNOWN)
    later = Delivery(CARE.sort, CARE.deliverer, CARE.period.next, date(2025, 1, 9))
    other = Delivery(CARE.sort, "00000002", CARE.period, DAY)
    children = [taken(tmp_path, [nobody], one).events[1]["child"] for one in (CARE, later, other)]
    assert children[0] == children[1] != children[2]
    assert not taken(tmp_path, [nobody]).events[1]["made_up"]
    both = taken(tmp_path, [nobody, care(number=NUMBERS[1])]).events
    assert [one["made_up"] for one in both] == [False, True, True]


def test_pseudonyms_are_taken_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "file"
    name = keyed("someone")
    file.write_bytes(written([care(number=name)], CARE, layout_of("pseudonymised")))
    stay = read(file, keyed).events[1]
    assert (stay["child"], stay["made_up"]) == (name, False)


# --- which deliveries hold -----------------------------------------------------------------------

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "current_cases.yaml").read_text("utf-8")
)
Event = dict[str, Any]


def events_of(delivery: Delivery, names: list[str]) -> list[Event]:
    message = f"{delivery_id(delivery)}/{delivery.day}"
    shared: Event = {
        "source": "cbs", "message": message, "delivery": delivery_id(delivery),
        "period": str(delivery.period), "known": delivery.day, "provider": delivery.deliverer,
    }  # fmt: skip
    return [shared | {"kind": "delivered"}, *(shared | {"kind": "stayed", "child": name}
                                              for name in names)]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_which_deliveries_hold(case: dict[str, Any]) -> None:
    events = []
    for text in case["deliveries"]:
        heading, _, names = text.partition(":")
        deliverer, sort, period, day = heading.split()
        delivery = Delivery(sort, deliverer, Period.of(period), date.fromisoformat(day))
        events += events_of(delivery, names.split())
    kept = [f"{one['provider']} {one['period']} {one['child']}"
            for one in current(events) if one["kind"] == "stayed"]  # fmt: skip
    assert kept == case["holds"]


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    events: list[Event] = [{"source": "ijw", "kind": "allocated", "child": "z"}]
    seen = set()
    for _ in range(draw(st.integers(0, 8))):
        period = Period(2, draw(st.sampled_from([2023, 2024])), draw(st.integers(1, 2)))
        day = period.last + timedelta(days=draw(st.sampled_from([5, 30, 180, 200, 360, 380])))
        delivery = Delivery("cbs-youth-care", draw(st.sampled_from(["1", "2"])), period, day)
        if delivery not in seen:
            seen.add(delivery)
            events += events_of(delivery, draw(st.lists(st.sampled_from("abc"), max_size=3)))
    return draw(st.permutations(events))


def oracle(events: list[Event]) -> list[Event]:
    """Process the deliveries day by day, as CBS does: each replaces what it had."""
    had: dict[str, str] = {}
    for row in sorted((one for one in events if one["source"] == "cbs"),
                      key=lambda one: one["known"]):  # fmt: skip
        today = row["known"]
        ended = [Period(2, year, part) for year in range(2020, 2030) for part in (1, 2)
                 if Period(2, year, part).last < today]  # fmt: skip
        if Period.of(row["period"]) in ended[-2:]:
            had[row["delivery"]] = row["message"]
    return [one for one in events
            if one["source"] != "cbs" or had.get(one["delivery"]) == one["message"]]  # fmt: skip


@given(histories())
@settings(max_examples=150)
def test_as_who_processes_day_by_day(events: list[Event]) -> None:
    kept = current(events)
    assert kept == oracle(events)
    assert current(kept) == kept


def test_a_measure_is_not_merged(tmp_path: Path) -> None:
    person: dict[str, Any] = {"number": NUMBERS[0], "birth": "2010", "sex": "V", "place": "0363"}
    measures = [Protection(**person, measure="11", start=date(2024, 1, day))
                for day in (1, 2)]  # fmt: skip
    delivery = Delivery("cbs-protection", "00000001", Period.of("2024-H1"), DAY)
    assert len(taken(tmp_path, [*measures], delivery).events) == 3
