"""A delivery to CBS that goes into the register and is derived from it again is the same."""

from __future__ import annotations

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
    Record,
    events_of,
    mirror_of,
    of_spells,
    people_of,
    written,
)
from stelsel.deliveries.cbs.layouts import shipped
from stelsel.deliveries.cbs.tables import sort_of
from stelsel.events import columns
from stelsel.register import stays
from tests.deliveries.cbs.made import NUMBERS

DAY = timedelta(days=1)
# What records hold beside child and days: by sort and code, always and when it has ended.
KINDS: dict[str, dict[str, tuple[dict[str, str], dict[str, str]]]] = {
    "cbs-youth-care": {
        "02": ({"referrer": "02", "crisis": "02"}, {"reason": "01"}),
        "14": ({"referrer": "02", "crisis": "01"}, {"reason": "03"}),
    },
    "cbs-protection": {"11": ({}, {"reason": "04"}), "21": ({}, {"reason": "14"})},
    "cbs-placement": {"72": ({}, {}), "71": ({}, {})},
    "cbs-probation": {"41": ({"intervention": "02"}, {"risk": "42", "onward": "51"})},
}


@st.composite
def records(draw: st.DrawFn, delivery: Delivery) -> list[Record]:
    """Right records of a delivery, each of another child."""
    found = []
    first, last = delivery.period.first, delivery.period.last
    for number in NUMBERS[: draw(st.integers(0, 4))]:
        code = draw(st.sampled_from([*KINDS[delivery.sort]]))
        always, ended = KINDS[delivery.sort][code]
        start = draw(st.dates(date(2022, 1, 1), last))
        end = draw(st.none() | st.dates(max(start, first), last))
        told: dict[str, Any] = {sort_of(delivery.sort).code_field: code, **always}
        told |= {"start": start, "end": end, **(ended if end else {})}
        shared: dict[str, Any] = {"number": number, "birth": "2012-05", "sex": "V", "place": "0193"}
        found.append(CLASSES[delivery.sort](**shared, **told))
    return found


def days_of(record: Record, delivery: Delivery) -> tuple[Any, ...]:
    code = getattr(record, sort_of(delivery.sort).code_field)
    reason = getattr(record, "reason", None)
    return (record.number, code, record.start, record.end, reason, record.place, record.sex)


@pytest.mark.parametrize("sort", [*KINDS])
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_days_codes_and_reasons_come_back(sort: str, data: st.DataObject) -> None:
    period = Period.of("2024-Q3" if sort == "cbs-probation" else "2024-H2")
    delivery = Delivery(sort, "00000001", period, period.last + 9 * DAY)
    made = data.draw(records(delivery))
    report = mirror_of(written(made, delivery, shipped("csv")))
    assert report.valid
    table = columns(events_of(report, pseudonym=str))
    con = ibis.duckdb.connect()
    spells = con.to_pyarrow(stays.spells(con, ibis.memtable(table)))
    derived = of_spells(spells, people_of(table, NUMBERS), delivery)
    expected = sorted((days_of(one, delivery) for one in made), key=str)
    assert sorted((days_of(one, delivery) for one in derived), key=str) == expected
