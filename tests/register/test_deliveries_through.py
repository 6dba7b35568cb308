"""A delivery to CBS that goes into the register and is derived from it again is the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel.deliveries.cbs import (
    CLASSES,
    Delivery,
    Period,
    Protection,
    Record,
    events_of,
    mirror_of,
    of_spells,
    people_of,
    written,
)
from stelsel.deliveries.cbs.layouts import shipped
from stelsel.deliveries.cbs.records import Measure
from stelsel.deliveries.cbs.tables import sort_of
from stelsel.events import columns
from stelsel.register import stays
from tests.deliveries.cbs.made import NUMBERS

DAY = timedelta(days=1)
# What records hold beside child and days: by sort, year and code, always and when it has ended.
KINDS: dict[tuple[str, int], dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    ("cbs-youth-care", 2024): {
        "02": ({"referrer": "02", "crisis": "02"}, {"reason": "01", "satisfaction": 8,
               "further_help": "04", "informant": "01", "satisfaction_2": 6,
               "further_help_2": "03", "informant_2": "02"}),
        "14": ({"referrer": "02", "crisis": "01"}, {"reason": "03"}),
    },
    ("cbs-youth-care", 2017): {"11": ({"referrer": "04", "perspective": "03"}, {"reason": "01"})},
    ("cbs-protection", 2024): {"11": ({}, {"reason": "04"}), "21": ({}, {"reason": "14"})},
    ("cbs-protection", 2017): {"12": ({"first_contact": date(2017, 8, 9)}, {"reason": "07"})},
    ("cbs-placement", 2024): {"72": ({}, {}), "71": ({}, {})},
    ("cbs-probation", 2024): {"41": ({"intervention": "02"}, {"risk": "42", "onward": "51"})},
    ("cbs-probation", 2017): {"50": ({"intervention": "01"}, {"reason": "22"})},
}  # fmt: skip


@st.composite
def records(draw: st.DrawFn, delivery: Delivery) -> list[Record]:
    """Right records of a delivery, each of another child."""
    found = []
    first, last = delivery.period.first, delivery.period.last
    kinds = KINDS[delivery.sort, delivery.period.year]
    for number in NUMBERS[: draw(st.integers(0, 4))]:
        code = draw(st.sampled_from([*kinds]))
        always, ended = kinds[code]
        start = draw(st.dates(first - 900 * DAY, last))
        end = draw(st.none() | st.dates(max(start, first), last))
        told: dict[str, Any] = {sort_of(delivery.sort).code_field: code, **always}
        told |= {"start": start, "end": end, **(ended if end else {})}
        if issubclass(CLASSES[delivery.sort], Measure):
            told |= draw(transfers(start, end, delivery))
        shared: dict[str, Any] = {"number": number, "birth": "2012-05", "sex": "V", "place": "0193"}
        found.append(CLASSES[delivery.sort](**shared, **told))
    return found


@st.composite
def transfers(draw: st.DrawFn, start: date, end: date | None, delivery: Delivery) -> dict[str, Any]:
    """It may have come from another institution, and gone to another one in the period."""
    last = end or delivery.period.last
    told: dict[str, Any] = {}
    if draw(st.booleans()):
        told["received"] = draw(st.dates(start, last))
        # Only the first institution has to tell the day of the court.
        told |= draw(st.sampled_from([{}, {"start": None}]))
    if end is None and draw(st.booleans()):
        day = max(told.get("received") or start, delivery.period.first)
        told["transferred"] = draw(st.dates(day, last))
    return told


@pytest.mark.parametrize(("sort", "year"), KINDS)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_all_that_a_delivery_told_comes_back(sort: str, year: int, data: st.DataObject) -> None:
    period = Period.of(f"{year}-Q3" if sort == "cbs-probation" else f"{year}-H2")
    delivery = Delivery(sort, "00000001", period, period.last + 9 * DAY)
    made = data.draw(records(delivery))
    report = mirror_of(written(made, delivery, shipped("csv")))
    assert report.valid
    table = columns(events_of(report, pseudonym=str))
    con = ibis.duckdb.connect()
    spells = con.to_pyarrow(stays.spells(con, ibis.memtable(table)))
    derived = of_spells(spells, people_of(table, NUMBERS), delivery, table)
    assert sorted(derived, key=repr) == sorted(made, key=repr)
    # And so a file that is written, read and written again is the same file.
    assert written(sorted(derived, key=repr), delivery, shipped("csv")) == written(
        sorted(made, key=repr), delivery, shipped("csv")
    )


def told_by(provider: str, day: date, *records: Record) -> tuple[Delivery, bytes]:
    period = Period.ended_before(day, 2)
    delivery = Delivery("cbs-protection", provider, period, day)
    return delivery, written([*records], delivery, shipped("csv"))


def test_a_measure_that_went_over_is_one_chain_and_is_delivered_by_both() -> None:
    child: dict[str, Any] = {"number": NUMBERS[0], "birth": "2012-05", "sex": "V", "place": "0193"}
    asked = Protection(**child, measure="11", start=date(2023, 9, 4), transferred=date(2024, 3, 31))
    taken_over = Protection(**child, measure="11", received=date(2024, 4, 1))
    ended = replace(taken_over, end=date(2024, 9, 4), reason="04")
    files = [
        told_by("00000001", date(2024, 7, 9), asked),
        told_by("00000002", date(2024, 7, 10), taken_over),
        told_by("00000001", date(2025, 1, 9)),
        told_by("00000002", date(2025, 1, 10), ended),
    ]
    reports = [mirror_of(data) for _, data in files]
    assert [report.breaches for report in reports] == [()] * 4
    table = columns(event for report in reports for event in events_of(report, pseudonym=str))
    con = ibis.duckdb.connect()
    spells = con.to_pyarrow(stays.spells(con, ibis.memtable(table)))
    rows = sorted(spells.to_pylist(), key=lambda row: row["start"])
    assert [(row["provider"], row["start"], row["end"], row["exit"]) for row in rows] == [
        ("00000001", date(2023, 9, 4), date(2024, 4, 1), "transferred"),
        ("00000002", date(2024, 4, 1), date(2024, 9, 4), "planned"),
    ]
    assert len({row["episode"] for row in rows}) == 1
    people = people_of(table, NUMBERS)
    for (delivery, _), meant in zip(files, ([asked], [taken_over], [], [ended]), strict=True):
        assert of_spells(spells, people, delivery, table) == meant
        # Also without what was told: the spells of both are enough.
        assert of_spells(spells, people, delivery) == meant
    # In the books of each institution it came and went.
    assert [report.counts.to_pylist() for report in reports] == [
        [{"code": "11", "begin": 1, "started": 0, "ended": 1, "end": 0, "running": 0}],
        [{"code": "11", "begin": 0, "started": 1, "ended": 0, "end": 1, "running": 0}],
        [],
        [{"code": "11", "begin": 1, "started": 0, "ended": 1, "end": 0, "running": 0}],
    ]
