"""The quality of a register: against told cases and a slow, plain oracle."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel.events import SCHEMA
from stelsel.register.checking import verdicts
from stelsel.register.quality import LATENESS, Quality, as_it_may_leave, quality
from stelsel.register.quality_measures import measures
from stelsel.register.revisions import REVISIONS
from stelsel.register.steps import spells_of
from stelsel.system import norm
from stelsel.system.own_codes import OwnCode, OwnCodes
from tests.register import quality_oracle as plain
from tests.register.oracle import Event, oracle
from tests.register.test_revisions import months_longer
from tests.register.test_spells_of_events import event, histories

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "quality_cases.yaml").read_text("utf-8")
)


def table_of(events: list[Event]) -> Any:
    return ibis.memtable(pa.Table.from_pylist(events, schema=SCHEMA))


def judged(events: list[Event]) -> pa.Table:
    """The verdicts, of events that are each a message of its own."""
    return verdicts(table_of(events))


def both(events: list[Event]) -> tuple[Quality, list[plain.Case]]:
    """The quality of events, and the cases that the oracle sees in them."""
    con = ibis.duckdb.connect()
    spells = spells_of(ibis.duckdb.connect(), table_of(events))
    told = judged(events)
    found = quality(con, table_of(events), OwnCodes([]), spells, told, REVISIONS.empty_table())
    return found, plain.all_cases(events, spells.to_pylist(), told.to_pylist())


def one_message_each(events: list[Event]) -> list[Event]:
    """Give each event a message of its own; a return answers the event that its number names."""
    mine = []
    for place, one in enumerate(events):
        answers = one["answers"] and f"m{int(one['answers'][1:]) % 41}"
        mine.append(one | {"message": f"m{place}", "event": f"m{place}/0", "answers": answers})
    return mine


# --- told cases ----------------------------------------------------------------------------------


def told_in(case: dict[str, Any]) -> list[Event]:
    """The events of a case, each a message of its own."""
    told = [event(number, **dict(one)) for number, one in enumerate(case["events"])]
    return [one | {"message": one["event"], "event": f"{one['event']}/0"} for one in told]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_told_cases(case: dict[str, Any]) -> None:
    """The oracle sees in a case what a reader sees in it."""
    told = told_in(case)
    names = ("child", "episode", "station", "start", "end", "exit")
    spells = [
        dict(zip(names, row, strict=False)) | {"provider": "00000001"} for row in oracle(told)
    ]
    cases = plain.all_cases(told, spells, judged(told).to_pylist())
    found = plain.counted(cases, 0)
    shown = {
        measure: "{0} of {2}".format(*found.get((measure,), (0, 0, 0, 0)))
        for measure in case["counts"]
    }
    assert shown == case["counts"]
    for measure, party in case.get("parties", {}).items():
        assert {one[1] for one in cases if one[0] == measure and one[3]} == {party}


def test_the_measures_see_in_all_cases_together_what_the_oracle_sees() -> None:
    together = [one for place, case in enumerate(CASES) for one in of_its_own(place, told_in(case))]
    found = agree(together)
    assert all(row["found"] for row in found.measures.to_pylist())


def test_every_measure_has_a_case() -> None:
    told = {
        measure for case in CASES for measure, count in case["counts"].items() if count[0] > "0"
    }
    assert told == {one.id for one in measures()}


# --- any history ---------------------------------------------------------------------------------


@settings(max_examples=3, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(histories(), st.sampled_from([1, 3, 9])), min_size=3, max_size=8))
def test_measures_are_those_of_the_oracle(drawn: list[tuple[list[Event], int]]) -> None:
    """Several histories at once, each with people of its own: the steps are slow to set up."""
    together = []
    for place, (history, step) in enumerate(drawn):
        together += of_its_own(place, months_longer(one_message_each(history), step))
    agree(together)


def of_its_own(place: int, events: list[Event]) -> list[Event]:
    """Events with a child, a provider and messages that no other history has."""
    found = []
    for one in events:
        own = {name: one[name] and f"{place}-{one[name]}" for name in ("child", "answers")}
        own |= {name: f"{place}-{one[name]}" for name in ("message", "event")}
        found.append(one | own | {"provider": f"{place:04}{one['provider'][4:]}"})
    return found


def agree(events: list[Event]) -> Quality:
    """Compare every table with what the oracle sees."""
    found, cases = both(events)
    names = ("found", "children", "looked_at", "children_looked_at")
    rows = {row["measure"]: tuple(row[n] for n in names) for row in found.measures.to_pylist()}
    expected = {one.id: (0, 0, 0, 0) for one in measures()}
    expected |= {name: counts for (name,), counts in plain.counted(cases, 0).items()}
    assert rows == expected
    parties = {
        (row["measure"], row["party"]): tuple(row[n] for n in names)
        for row in found.parties.to_pylist()
    }
    by_party = plain.counted(cases, 0, 1)
    assert parties == {name: counts for name, counts in by_party.items() if counts[0]}
    silent = {row["provider"]: row["silent_months"] for row in found.silences.to_pylist()}
    assert silent == plain.silent_months(events)
    check_lateness(found, events)
    return found


def check_lateness(found: Quality, events: list[Event]) -> None:
    days = list(plain.days_late(events))
    for table, places in (
        (found.lateness, (0,)),
        (found.lateness_providers, (0, 1)),
        (found.lateness_months, (0, 2)),
    ):
        groups: dict[Any, list[Any]] = defaultdict(list)
        for fact in days:
            groups[tuple(fact[place] for place in places)].append(fact)
        expected = {
            name: (
                *(len(those), len({fact[3] for fact in those})),
                *(plain.at(share, [fact[4] for fact in those]) for share in (0.5, 0.9)),
            )
            for name, those in groups.items()
        }
        rows = {tuple(row.values())[: len(places)]: row for row in table.to_pylist()}
        assert rows.keys() == expected.keys()
        for name, row in rows.items():
            numbers = tuple(row[field] for field in LATENESS.names[1:])
            assert numbers == pytest.approx(expected[name]), name


# --- the table, and what leaves ------------------------------------------------------------------


def test_the_norms_of_the_measures_are_five_working_days() -> None:
    """The oracle counts with five; the measures with the norms of the map."""
    named = {one.norm for one in measures() if one.norm}
    assert {(norm(name).limit, norm(name).unit) for name in named} == {(5, "working_days")}
    assert norm("ijw-investigation-answer").limit == 8


def test_small_numbers_of_real_children_do_not_leave() -> None:
    told = [
        event(number, kind="started", day=date(2024, 1, 2), allocation=number, child=f"c{number}")
        | {"message": f"m{number}", "event": f"m{number}/0"}
        for number in range(12)
    ] + [
        event(20, kind="allocated", day=date(2024, 1, 2), allocation=number, child=f"c{number}")
        | {"message": f"a{number}", "event": f"a{number}/0"}
        for number in range(9)
    ]
    found, _ = both(told)
    row = rows_of(found.measures)["starts-without-allocation"]
    assert (row["found"], row["looked_at"], row["percent"]) == (3, 12, 25.0)
    hidden = rows_of(found.measures, made_up=False)["starts-without-allocation"]
    assert (hidden["found"], hidden["looked_at"], hidden["percent"]) == (None, 10, None)
    assert hidden["protected"] == ["found", "children"]
    inside = as_it_may_leave(found.measures, made_up=False, internal=True)
    assert inside.equals(as_it_may_leave(found.measures, made_up=True))


def test_a_code_that_the_table_explains_is_mapped_on_its_days() -> None:
    row = OwnCode("0193", "45", "45ZZ9", "", "02", date(2024, 1, 1), date(2024, 1, 31), "contract")
    told = [
        event(number, kind="allocated", day=day, allocation=number, product="45ZZ9")
        | {"message": f"m{number}", "event": f"m{number}/0"}
        for number, day in enumerate([date(2024, 1, 8), date(2024, 2, 8)])
    ]
    spells = spells_of(ibis.duckdb.connect(), table_of(told))
    own, none = OwnCodes([row]), REVISIONS.empty_table()
    found = quality(ibis.duckdb.connect(), table_of(told), own, spells, judged(told), none)
    unmapped = rows_of(found.measures)["unmapped-codes"]
    assert (unmapped["found"], unmapped["looked_at"]) == (1, 2)


def rows_of(table: pa.Table, made_up: bool = True) -> dict[str, Any]:
    return {row["measure"]: row for row in as_it_may_leave(table, made_up=made_up).to_pylist()}
