"""What late arrivals changed: against a told case and against counting by hand at every look."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel.deliveries.cbs import Delivery, Period, YouthCare
from stelsel.deliveries.cbs import write as write_delivery
from stelsel.deliveries.process import StepRow
from stelsel.deliveries.process import write as write_steps
from stelsel.events import SCHEMA
from stelsel.register import Register
from stelsel.register.revisions import HalfYear, looked_at, revisions
from stelsel.register.steps import spells_of
from stelsel.system import station
from tests.ijw_events import messages as by_hand
from tests.register.test_register import put
from tests.register.test_spells_of_events import as_known, histories

DAY = timedelta(days=1)
Cell = tuple[str, str, str, str, date, int, int]


def by_counting(spells: list[dict[str, Any]], half: HalfYear, day: date) -> list[Cell]:
    """The slow way: look at every spell for every count."""
    found = []
    for source, kind in sorted({(s["source"], station(s["station"]).kind) for s in spells}):
        mine = [s for s in spells if (s["source"], station(s["station"]).kind) == (source, kind)]
        started = [s for s in mine if half.first <= s["start"] <= half.last]
        ended = [s for s in mine if s["end"] and half.first <= s["end"] - DAY <= half.last]
        there = [
            s for s in mine if s["start"] <= half.last and not (s["end"] and s["end"] <= half.last)
        ]
        for count, those in (("started", started), ("ended", ended), ("there", there)):
            children = {s["child"] for s in those}
            found.append((source, kind, count, half.name, day, len(those), len(children)))
    return found


def cells(table: pa.Table) -> list[Cell]:
    """The cells that are not zero."""
    return sorted(tuple(row.values()) for row in table.to_pylist() if row["spells"])


def months_longer(events: list[dict[str, Any]], step: int) -> list[dict[str, Any]]:
    """The days of a history, which lie close together, spread over some years."""
    start = date(2022, 1, 1)
    days = ("about", "known", "from_day", "last_day")
    return [
        event
        | {name: start + (event[name] - date(2024, 1, 1)) * step for name in days if event[name]}
        for event in events
    ]


@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), st.sampled_from([1, 8, 20]), st.sampled_from([0, 3, 10]), st.integers(1, 4))
def test_a_triangle_is_what_counting_at_every_look_gives(
    events: list[dict[str, Any]], step: int, weeks: int, halves: int
) -> None:
    told = months_longer(events, step)
    if not told:
        return
    first, last = min(e["known"] for e in told), max(e["known"] for e in told)

    def spells_on(day: date) -> pa.Table:
        known = pa.Table.from_pylist(as_known(told, day), schema=SCHEMA)
        return spells_of(ibis.duckdb.connect(), ibis.memtable(known))

    found = revisions(spells_on, first, last, weeks=weeks, halves=halves)
    every = [HalfYear.of(date(year, month, 1)) for year in range(2021, 2027) for month in (1, 7)]
    counted = [h for h in every if first <= h.last and h.last + weeks * 7 * DAY <= last][-halves:]
    looks = sorted({*(h.last + weeks * 7 * DAY for h in counted), last}) if counted else []
    expected = [
        cell
        for day in looks
        for half in counted
        if half.last + weeks * 7 * DAY <= day
        for cell in by_counting(spells_on(day).to_pylist(), half, day)
        if cell[5]
    ]
    assert cells(found) == sorted(expected)
    shape = {(row["period"], row["known_on"]) for row in found.to_pylist()}
    whole = {(h.name, d) for d in looks for h in counted if h.last + weeks * 7 * DAY <= d}
    assert shape in (whole, set())


@pytest.mark.parametrize(
    ("first", "last", "halves", "expected"),
    [
        ("2024-01-10", "2024-07-20", 6, []),
        ("2024-01-10", "2024-07-21", 6, ["2024-H1"]),
        ("2024-06-30", "2025-07-21", 6, ["2024-H1", "2024-H2", "2025-H1"]),
        ("2024-07-01", "2025-07-21", 6, ["2024-H2", "2025-H1"]),
        ("2020-01-01", "2025-07-21", 2, ["2024-H2", "2025-H1"]),
    ],
)
def test_which_half_years_are_followed(
    first: str, last: str, halves: int, expected: list[str]
) -> None:
    found = looked_at(date.fromisoformat(first), date.fromisoformat(last), 3, halves)
    assert [half.name for half in found] == expected


def test_a_start_told_late_raises_the_count_of_its_half_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STELSEL_KEY_FILE", raising=False)
    told = [
        by_hand.allocated(date(2024, 2, 5), number=1),
        by_hand.allocated(date(2024, 2, 5), number=2, Product=by_hand.product("45A05")),
        by_hand.started(date(2024, 3, 4), (date(2024, 3, 4), "1"), number=1),
        # It began in June; the message is of September.
        by_hand.message(
            "JW305",
            date(2024, 9, 2),
            by_hand.about(
                None,
                "StartProducten",
                "StartProduct",
                [
                    {
                        "ToewijzingNummer": 2,
                        "Product": by_hand.product("45A05"),
                        "Begindatum": date(2024, 6, 3),
                        "StatusAanlevering": "1",
                    }
                ],
            ),
        ),
        by_hand.stopped(date(2025, 2, 3), date(2024, 3, 4), (date(2025, 1, 31), "31", "1")),
    ]
    (tmp_path / "inbox").mkdir()
    register = Register.create(tmp_path / "register")
    assert register.ingest(put(tmp_path / "inbox", *told)).set_aside == 0
    found = {
        (row["kind"], row["count"], row["period"], row["known_on"].isoformat()): row["spells"]
        for row in register.revisions().to_pylist()
    }
    first, second, now = "2024-07-21", "2025-01-21", "2025-02-03"
    assert [found["care", "started", "2024-H1", day] for day in (first, second, now)] == [1, 2, 2]
    assert [found["wait", "there", "2024-H1", day] for day in (first, second, now)] == [1, 0, 0]
    assert [found["care", "there", "2024-H2", day] for day in (second, now)] == [2, 2]
    assert ("care", "there", "2024-H2", first) not in found


def record(number: str, first: date, **told: Any) -> YouthCare:
    person: dict[str, Any] = {"number": number, "birth": "2012-03-09", "sex": "M", "place": "0193"}
    return YouthCare(**person, referrer="02", crisis="02", form="14", start=first, **told)


def test_each_source_has_revisions_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A correction of a delivery and a step told late raise the counts of their own source."""
    monkeypatch.delenv("STELSEL_KEY_FILE", raising=False)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    period, one, other = Period.of("2024-H1"), "999900006", "999900018"
    first = record(one, date(2024, 3, 4))
    both = [first, record(other, date(2024, 5, 6))]
    told = [
        (date(2024, 7, 10), period, [first]),
        (date(2024, 8, 20), period, both),
        (date(2025, 1, 15), period.next, [record(one, date(2024, 3, 4), end=date(2024, 9, 30)),
                                          both[1]]),
    ]  # fmt: skip
    for number, (day, about, records) in enumerate(told):
        delivery = Delivery("cbs-youth-care", "00000001", about, day)
        write_delivery(records, delivery, "csv", inbox / f"{number}.csv")
    rows = [
        StepRow(case, "court-asked", day, known, "COURT-01", "0193", child_bsn=number)
        for case, day, known, number in (
            ("A1", date(2024, 5, 1), date(2024, 5, 2), one),
            ("A2", date(2024, 6, 3), date(2024, 11, 4), other),
        )
    ]
    write_steps(rows, inbox / "steps.csv")
    put(inbox, by_hand.allocated(date(2024, 2, 5)))
    register = Register.create(tmp_path / "register")
    assert register.ingest(inbox).set_aside == 0
    found = register.revisions()
    started = {
        (row["source"], row["kind"], row["known_on"].isoformat()): row["spells"]
        for row in found.to_pylist()
        if (row["count"], row["period"]) == ("started", "2024-H1")
    }
    assert started == {
        ("cbs", "care", "2024-07-21"): 1,
        ("cbs", "care", "2025-01-15"): 2,
        ("ijw", "wait", "2024-07-21"): 1,
        ("ijw", "wait", "2025-01-15"): 1,
        ("process", "court", "2024-07-21"): 1,
        ("process", "court", "2025-01-15"): 2,
    }
    half = HalfYear.of(date(2024, 1, 1))
    expected = [
        cell
        for day in (date(2024, 7, 21), date(2025, 1, 15))
        for cell in by_counting(register.spells(day).to_pylist(), half, day)
        if cell[5]
    ]
    assert cells(found) == sorted(expected)


def test_an_empty_register_has_no_revisions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STELSEL_KEY_FILE", raising=False)
    assert Register.create(tmp_path / "register").revisions().num_rows == 0
