"""A delivery from spells: what is in it, and that reading it gives the spells back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel.deliveries.cbs import (
    UNKNOWN,
    Delivery,
    Period,
    Probation,
    YouthCare,
    layout_of,
    of_spells,
    people_of,
    read,
    read_keys,
    with_numbers,
    written,
)
from stelsel.deliveries.cbs.days import spell_days
from stelsel.deliveries.cbs.deriving import PEOPLE
from stelsel.deliveries.cbs.tables import sorts, stations_of
from stelsel.errors import StelselError
from stelsel.events import SCHEMA as EVENTS
from stelsel.spells import SCHEMA as SPELLS
from stelsel.system.entries import exits
from tests.deliveries.cbs.made import NUMBERS

CARE = Delivery("cbs-youth-care", "00000001", Period.of("2024-H1"), date(2024, 7, 9))
CHILDREN = [hashlib.sha256(bytes([number])).hexdigest()[:32] for number in range(3)]


def spell(station: str, start: date, end: date | None, **told: Any) -> dict[str, Any]:
    usual = {
        "child": CHILDREN[0], "episode": "e", "station": station, "start": start, "end": end,
        "exit": "planned" if end else None, "municipality": "0363", "provider": "00000001",
        "referrer": "02", "priority": "regular", "known": date(2024, 1, 1), "source": "ijw",
    }  # fmt: skip
    return dict.fromkeys(SPELLS.names) | usual | told


def table(rows: Sequence[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), SPELLS)


PEOPLE_TABLE = pa.Table.from_pylist(
    [{"child": child, "birth_month": "2010-05", "sex": "2"} for child in CHILDREN], PEOPLE
)


def test_started_ended_and_running_spells_of_this_deliverer_are_in_it() -> None:
    spells = [
        spell("care-ambulatory", date(2023, 5, 1), None),
        spell("care-day-help", date(2024, 6, 30), None),
        spell("care-network-help", date(2023, 5, 1), date(2024, 1, 2)),
        # The first day no longer there is the first of the period: it ended the day before.
        spell("care-local-team", date(2023, 5, 1), date(2024, 1, 1)),
        spell("care-foster-care", date(2024, 7, 1), None),
        spell("care-family-home", date(2024, 1, 10), date(2024, 3, 5)),
        spell("care-residential", date(2024, 1, 1), None, provider="00000002"),
        spell("wait-ambulatory", date(2024, 1, 1), None),
    ]
    found = of_spells(table(spells), PEOPLE_TABLE, CARE)
    days = {one.form: (one.start, one.end) for one in found if isinstance(one, YouthCare)}
    assert days == {
        "02": (date(2023, 5, 1), None),
        "03": (date(2024, 6, 30), None),
        "04": (date(2023, 5, 1), date(2024, 1, 1)),
        "12": (date(2024, 1, 11), date(2024, 3, 5)),
    }
    (one,) = {(one.number, one.birth, one.sex, one.place) for one in found}
    assert one == (CHILDREN[0], "2010-05", "V", "0363")


def test_what_ends_after_the_period_has_no_end_or_reason_yet() -> None:
    (one,) = of_spells(
        table([spell("care-ambulatory", date(2024, 5, 1), date(2024, 8, 1))]), PEOPLE_TABLE, CARE
    )
    assert (one.end, getattr(one, "reason", "")) == (None, None)


@pytest.mark.parametrize(
    ("told", "referrer", "crisis"),
    [
        ({"referrer": "05", "priority": "crisis"}, "05", "01"),
        ({"referrer": None, "priority": "complex"}, None, "02"),
        ({"priority": None}, "02", None),
        ({"station": "care-local-team", "referrer": "01"}, "06", "02"),
    ],
)
def test_referrer_and_crisis(told: dict[str, Any], referrer: str, crisis: str) -> None:
    row = spell("care-ambulatory", date(2024, 5, 1), None) | told
    (one,) = of_spells(table([row]), PEOPLE_TABLE, CARE)
    assert isinstance(one, YouthCare)
    assert (one.referrer, one.crisis) == (referrer, crisis)


@pytest.mark.parametrize(
    ("year", "exit_id", "told"),
    [
        (2024, "risk-higher", (None, "43")),
        (2024, "planned", (None, None)),
        (2020, "planned", ("21", None)),
        (2020, "risk-higher", (None, None)),
    ],
)
def test_reasons_of_probation_by_year(
    year: int, exit_id: str, told: tuple[str | None, str | None]
) -> None:
    row = spell("probation-supervision", date(year, 1, 5), date(year, 4, 9), exit=exit_id)
    delivery = Delivery("cbs-probation", "00000001", Period.of(f"{year}-Q2"), date(year, 7, 9))
    (one,) = of_spells(table([row]), PEOPLE_TABLE, delivery)
    assert isinstance(one, Probation)
    assert (one.reason, one.risk) == told
    assert (one.start, one.end) == (date(year, 1, 5), date(year, 4, 9))


def test_youth_care_is_merged() -> None:
    spells = [
        spell("care-foster-care", date(2024, 1, 1), None),
        spell("care-ambulatory", date(2024, 2, 1), date(2024, 3, 1)),
        spell("care-ambulatory", date(2024, 2, 1), None, child=CHILDREN[1]),
        spell("care-ambulatory", date(2024, 3, 1), None, child=CHILDREN[1]),
    ]
    found = of_spells(table(spells), PEOPLE_TABLE, CARE)
    assert [one.number for one in found] == sorted(CHILDREN[:2])


# --- there and back ------------------------------------------------------------------------------

PLACES = [(sort, station) for sort in sorts() for station in stations_of(sort).values()]


@st.composite
def stays(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """Spells of one sort, a child at each station at most once, so that nothing is merged."""
    sort = draw(st.sampled_from([*sorts()]))
    rows = []
    for number, station in enumerate(stations_of(sort).values()):
        if not draw(st.booleans()):
            continue
        start = date(2024, 1, 1) + timedelta(days=draw(st.integers(-300, 200)))
        length = draw(st.none() | st.integers(2, 300))
        end = None if length is None else start + timedelta(days=length)
        ways = [one.id for one in exits(station.kind) if one.cbs_code]
        how = draw(st.sampled_from(ways)) if end and ways else ("ended" if end else None)
        child = hashlib.sha256(bytes([number])).hexdigest()[:32]
        rows.append(spell(station.id, start, end, child=child, exit=how,
                          referrer="06", priority="crisis"))  # fmt: skip
    return sort, rows


@given(made=stays())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture,
                                                 HealthCheck.too_slow])  # fmt: skip
def test_what_is_delivered_and_taken_in_again_are_the_same_spells(
    tmp_path: Path, made: tuple[str, list[dict[str, Any]]]
) -> None:
    sort, rows = made
    period = Period.of("2024-Q2" if sort == "cbs-probation" else "2024-H1")
    delivery = Delivery(sort, "00000001", period, period.last + timedelta(days=9))
    people = [{"child": row["child"], "birth_month": "2010-05", "sex": "1"} for row in rows]
    records = of_spells(table(rows), pa.Table.from_pylist(people, PEOPLE), delivery)
    file = tmp_path / "delivery.csv"
    file.write_bytes(written(records, delivery, layout_of("pseudonymised")))
    found = read(file, str)
    assert found.findings == ()
    back = {
        (
            one["child"],
            one["station"],
            *spell_days(one["station"], one["from_day"], one["last_day"]),
        )
        for one in found.events[1:]
    }
    expected = set()
    for row in rows:
        first, last = row["start"], row["end"]
        # In the words of the protocol: days of help, days after nights, or days of a measure.
        shift = timedelta(days=int(row["station"] in STAYS))
        ended = last - timedelta(days=int(row["station"].startswith("care") and not shift)) if (
            last
        ) else None  # fmt: skip
        if first + shift <= period.last and (ended is None or ended >= period.first):
            still = ended is None or ended > period.last
            expected.add((row["child"], row["station"], first, None if still else last))
    assert back == expected


STAYS = {f"care-{form}" for form in ("foster-care", "family-home", "secure-care", "residential")}


# --- people and numbers --------------------------------------------------------------------------


def test_of_a_child_the_last_that_is_known_counts() -> None:
    rows = [
        {"child": "a", "known": date(2024, 2, 1), "birth_month": "2010-05", "sex": "0"},
        {"child": "a", "known": date(2024, 1, 1), "birth_month": "2010", "sex": "2"},
        {"child": "a", "known": date(2024, 3, 1), "birth_month": None, "sex": "2"},
        {"child": "b", "known": date(2024, 3, 1), "birth_month": "2001-01", "sex": "1"},
    ]
    table_ = pa.Table.from_pylist([dict.fromkeys(EVENTS.names) | row for row in rows])
    events = pa.table({name: table_[name] for name in ("child", "known", "birth_month", "sex")})
    assert people_of(events, ["a"]).to_pylist() == [
        {"child": "a", "birth_month": "2010-05", "sex": "2"}
    ]


def test_a_table_of_numbers(tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    file.write_text(f"child;number;birth;place\n{CHILDREN[0]};{NUMBERS[0]};20100517;1234AB\n")
    spells = [spell("care-ambulatory", date(2024, 5, 1), None, child=child)
              for child in CHILDREN[:2]]  # fmt: skip
    records = with_numbers(of_spells(table(spells), PEOPLE_TABLE, CARE), read_keys(file))
    found = {(one.number, one.birth, one.place) for one in records}
    assert found == {(NUMBERS[0], "2010-05-17", "1234AB"), (UNKNOWN, "2010-05", "0363")}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("child;number\n", "exactly the columns"),
        ("child,number,birth,place\na,999900007,20100517,1234AB\n", "line 2"),
        (f"child,number,birth,place\na,{NUMBERS[0]},2010-05,1234AB\n", "line 2"),
        (f"child,number,birth,place\na,{NUMBERS[0]},20100517\n", "line 2"),
        (f"child,number,birth,place\na,{NUMBERS[0]},20100517,1234AB\n" * 2, "line 3"),
    ],
)
def test_a_wrong_table_of_numbers_is_refused_without_what_it_says(
    tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "numbers.csv"
    heading, *lines = dict.fromkeys(text.splitlines(), 0)
    times = text.count(heading)
    file.write_text("\n".join([heading, *lines * times]))
    with pytest.raises(StelselError, match=says) as error:
        read_keys(file)
    assert NUMBERS[0] not in str(error.value)


def test_no_table_of_numbers(tmp_path: Path) -> None:
    with pytest.raises(StelselError, match="cannot be read"):
        read_keys(tmp_path / "none.csv")
