"""Policy information to spells: the database steps against a slow oracle and told stories."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel import events as event_table
from stelsel import spells as spell_table
from stelsel.deliveries.cbs import Period
from stelsel.deliveries.cbs.days import record_days, spell_days
from stelsel.deliveries.cbs.events import delivery_id
from stelsel.deliveries.cbs.records import Delivery
from stelsel.deliveries.cbs.tables import stations_of
from stelsel.register import stays
from tests.register.stays_oracle import STATIONS, Event, Row, oracle

COMPARED = (
    *("child", "episode", "station", "start", "end", "exit", "known", "referrer", "priority"),
    *("municipality", "region", "provider"),
)
DAY = timedelta(days=1)
PERIODS = {
    "cbs-youth-care": ["2023-H2", "2024-H1", "2024-H2"],
    "cbs-protection": ["2023-H2", "2024-H1", "2024-H2"],
    "cbs-placement": ["2024-H1", "2024-H2"],
    "cbs-probation": ["2024-Q1", "2024-Q2", "2024-Q3"],
}


def run(events: list[Event], care: list[Row] = ()) -> list[Row]:  # type: ignore[assignment]
    """The spells of deliveries, without those that messages tell of too.

    Of a message: station, start, end and provider.
    """
    con = ibis.duckdb.connect()
    told = ibis.memtable(pa.Table.from_pylist(events, schema=event_table.SCHEMA))
    shared = {"child": "a", "episode": "e", "known": date(2024, 1, 1), "source": "ijw"}
    rows = [
        shared
        | {"station": name, "start": start, "end": end, "exit": end and "planned"}
        | {"provider": provider}
        for name, start, end, provider in care
    ]
    messages = ibis.memtable(pa.Table.from_pylist(rows, schema=spell_table.SCHEMA))
    found = stays.without_doubles(stays.spells(con, told), messages, of_one_provider=True)
    table = spell_table.check(con.to_pyarrow(found))
    assert set(table["source"].to_pylist()) <= {"cbs"}
    return [tuple(row[name] for name in COMPARED) for row in table.to_pylist()]


def with_numbered_episodes(rows: list[Row]) -> list[Row]:
    """Name each episode after its rows, so that only what is bundled together is compared."""
    members: dict[Any, list[Row]] = {}
    for row in rows:
        members.setdefault(row[1], []).append((row[0], *row[2:]))
    names = {key: str(sorted(found, key=str)) for key, found in members.items()}
    return sorted(((row[0], names[row[1]], *row[2:]) for row in rows), key=str)


def delivery(sort: str, provider: str, period: str, day: date, records: list[Event]) -> list[Event]:
    """The events of a delivery, with an id as the reader of deliveries gives it."""
    name = delivery_id(Delivery(sort, provider, Period.of(period), day))
    shared: Event = dict.fromkeys(event_table.SCHEMA.names) | {
        "message": f"{name} {day}",
        "content": "c",
        "source": "cbs",
        "about": day,
        "known": day,
        "provider": provider,
        "municipality": "0000",
        "delivery": name,
        "period": period,
        "made_up": True,
    }
    whole = shared | {"kind": "delivered", "event": f"{name} {day} 0"}
    told = [
        shared
        | {
            "kind": "stayed",
            "event": f"{name} {day} {number}",
            "about": record["received"] or record["from_day"],
        }
        for number, record in enumerate(records, start=1)
    ]
    return [whole, *(one | record for one, record in zip(told, records, strict=True))]


def record(
    name: str, start: date | None, end: date | None, reason: str | None, **told: Any
) -> Event:
    row: Event = {"station": name, "from_day": start, "last_day": end, "reason": reason}
    row |= {"received": None, "transferred": None}
    return row | {"child": "a", "municipality": "0193"} | told


# --- told stories --------------------------------------------------------------------------------

STORIES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "stays_stories.yaml").read_text("utf-8")
)


def day_of(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


def told_in(story: dict[str, Any]) -> list[Event]:
    found = []
    for one in story["deliveries"]:
        ((head, lines),) = one.items()
        sort, period, day, *deliverer = head.split()
        records = []
        for line in lines:
            name, start, end, reason, *more = line.split()
            told = dict(part.split("=") for part in more)
            days: dict[str, Any] = {
                word: date.fromisoformat(told.pop(word))
                for word in ("received", "transferred")
                if word in told
            }
            why = None if reason == "-" else reason
            records.append(record(name, day_of(start), day_of(end), why, **days, **told))
        found += delivery(
            sort,
            deliverer[0] if deliverer else "00000001",
            period,
            date.fromisoformat(day),
            records,
        )
    on = story.get("known_on")
    return [one for one in found if on is None or one["known"] <= on]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["story"])
def test_stories(story: dict[str, Any]) -> None:
    lines = [line.split() for line in story.get("messages", [])]
    care = [
        (name, day_of(start), day_of(end), provider[0] if provider else None)
        for name, start, end, *provider in lines
    ]
    found = run(told_in(story), care)
    wanted = sorted((line.split() for line in story["spells"]), key=lambda line: line[1::-1])
    rows = [
        ["-" if cell is None else str(cell) for cell in row[2:10]]
        for row in sorted(found, key=lambda row: (row[3], row[2]))
    ]
    assert [row[: len(line)] for row, line in zip(rows, wanted, strict=True)] == wanted
    assert len({row[1] for row in found}) == story.get("episodes", len(found))


@pytest.mark.parametrize("sort", [*PERIODS])
def test_every_code_has_spells_at_its_station(sort: str) -> None:
    period = PERIODS[sort][-1]
    first = Period.of(period).first
    places = [place.id for place in stations_of(sort).values()]
    told = [record(name, first, None, None) for name in places]
    found = run(delivery(sort, "00000001", period, Period.of(period).last + DAY, told))
    assert sorted(row[2] for row in found) == sorted(places)


@given(st.sampled_from([*STATIONS]), st.dates(date(2015, 1, 1)), st.none() | st.integers(0, 999))
def test_days_of_records_and_of_spells_are_the_reverse_of_each_other(
    name: str, first: date, length: int | None
) -> None:
    last = None if length is None or date.max - first < length * DAY else first + length * DAY
    last = None if last == date.max else last
    start, end = spell_days(name, first, last)
    assert record_days(name, start, end) == (first, last)
    if last is not None and end is not None and name.startswith("care-"):
        # Days of help, or nights: both as many as from the first up to and including the last day.
        assert (end - start).days == (last - first).days + 1


# --- any history, in any order, as known on any day ----------------------------------------------

MEASURES = {"cbs-protection", "cbs-probation"}
WENT = date(2024, 4, 30)
TRANSFERS: list[dict[str, date]] = [
    *({}, {"transferred": WENT}, {"transferred": WENT}, {"received": WENT + DAY}),
    {"received": WENT + DAY, "transferred": date(2024, 5, 31)},
    {"received": date(2024, 6, 1), "transferred": WENT},
]
STARTS = [date(2023, 11, 1), date(2024, 2, 1), date(2024, 3, 10)]


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Few deliverers, periods, children and days, so that records meet often."""
    found: list[Event] = []
    seen = set()
    # Half of the histories are of measures alone, so that some went over and came.
    sorts = draw(st.sampled_from([[*PERIODS, "cbs-youth-care"], ["cbs-protection"]]))
    children = ["a", "b", None] if len(sorts) > 1 else ["a"]
    for _ in range(draw(st.integers(0, 9))):
        sort = draw(st.sampled_from(sorts))
        provider = draw(st.sampled_from(["00000001", "00000001", "00000002", "00000003"]))
        period = draw(st.sampled_from(PERIODS[sort]))
        day = Period.of(period).last + draw(st.sampled_from([9, 20, 160, 300, 400])) * DAY
        if (sort, provider, period, day) in seen:
            continue
        seen.add((sort, provider, period, day))
        names = [name for name, (of, _, _) in STATIONS.items() if of == sort]
        records = {}
        for _ in range(draw(st.integers(0, 4))):
            name = draw(st.sampled_from(names))
            child = draw(st.sampled_from(children))
            start = draw(st.sampled_from(STARTS))
            days = draw(st.sampled_from(TRANSFERS)) if sort in MEASURES else {}
            length = draw(st.sampled_from([None, None, 0, 30, 200]))
            records[name, child, days.get("received") or start] = record(
                name,
                start if "received" not in days or draw(st.booleans()) else None,
                None if length is None else start + length * DAY,
                draw(st.sampled_from([None, "01", "05", "42"])),
                child=child,
                municipality=draw(st.sampled_from(["0193", "0193", "0150", "0000"])),
                **days,
                referrer=draw(st.sampled_from([None, "02"])),
                priority=draw(st.sampled_from([None, "crisis"])),
            )
        found += delivery(sort, provider, period, day, [*records.values()])
    return found


NAMES = {
    delivery_id(Delivery(sort, provider, Period.of(period), date.min)): sort
    for sort, periods in PERIODS.items()
    for provider in ("00000001", "00000002", "00000003")
    for period in periods
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), st.none() | st.dates(date(2024, 1, 1), date(2025, 12, 31)), st.randoms())
def test_stays_agree_with_the_oracle(
    events: list[Event], known_on: date | None, shuffler: Any
) -> None:
    """Whatever was delivered, in whatever order it arrived, on whatever day one asks."""
    known = [one for one in events if known_on is None or one["known"] <= known_on]
    expected = with_numbered_episodes(oracle(known, NAMES))
    shuffler.shuffle(known)
    assert with_numbered_episodes(run(known)) == expected
