"""How many codes carry how little care: against told stories and a slow, plain oracle."""

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

from stelsel.disclosure import protect
from stelsel.errors import StelselError
from stelsel.events import SCHEMA
from stelsel.ijw.outside import Outside
from stelsel.register import Register
from stelsel.register.own_forms import with_own_forms
from stelsel.register.product_codes import CodeUse, code_use, largest, smallest
from stelsel.register.steps import spells_of
from stelsel.system.codes import product
from stelsel.system.own_codes import COLUMNS, OwnCode, OwnCodes, read_own_codes
from tests.ijw_events import messages as by_hand
from tests.register.oracle import Event, lines_of
from tests.register.test_register import put
from tests.register.test_spells_of_events import event, histories

STORIES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "code_stories.yaml").read_text("utf-8")
)
DAY = timedelta(days=1)


def table_of(events: list[Event]) -> Any:
    return ibis.memtable(pa.Table.from_pylist(events, schema=SCHEMA))


def used(events: list[Event], own: OwnCodes) -> CodeUse:
    return code_use(ibis.duckdb.connect(), table_of(events), own)


def own_of(story: dict[str, Any], folder: Path) -> OwnCodes:
    lines = [COLUMNS, *([*map(str, row), "contract"] for row in story.get("own", []))]
    file = folder / "own.csv"
    file.write_text("\n".join(",".join(line) for line in lines), encoding="utf-8")
    return read_own_codes(file)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["story"])
def test_stories(story: dict[str, Any], tmp_path: Path) -> None:
    events = [event(number, **dict(one)) for number, one in enumerate(story["events"])]
    own = own_of(story, tmp_path)
    use = used(events, own)
    names = ("municipality", "category", "code", "kind", "form")
    counts = ("allocations", "children", "care_days")
    found = [
        " ".join("-" if row[name] is None else str(row[name]) for name in (*names, *counts))
        for row in use.codes.to_pylist()
    ]
    assert sorted(found) == sorted(story["codes"])
    total = use.total.to_pylist()[0]
    assert {name: total[name] for name in story["total"]} == story["total"]
    if "stations" in story:
        spells = spells_of(ibis.duckdb.connect(), with_own_forms(table_of(events), own))
        assert sorted(spells["station"].to_pylist()) == story["stations"]


# --- any history ---------------------------------------------------------------------------------

OWN = {"45A02": "EIGEN", "42A01": "TAXI"}
"""Codes of the histories that are made codes of a municipality's own here."""
days = st.integers(0, 60).map(lambda number: date(2024, 1, 1) + number * DAY)
own_rows = st.lists(
    st.builds(
        OwnCode,
        municipality=st.sampled_from(["", "0193", "0150"]),
        category=st.sampled_from(["45", "42"]),
        code=st.sampled_from(["EIGEN", "TAXI"]),
        national_code=st.just(""),
        form=st.sampled_from([None, "03", "14"]),
        valid_from=st.none() | days,
        valid_to=st.none() | days,
        source=st.just("x"),
    ),
    max_size=4,
    # Of one municipality and code there is one row: two of them may not hold on one day.
    unique_by=lambda row: (row.municipality, row.category, row.code),
).map(OwnCodes)


def with_own_codes(events: list[Event]) -> list[Event]:
    return [one | {"code": OWN.get(one["code"], one["code"])} for one in events]


def forms_by_hand(events: list[Event], own: OwnCodes) -> list[Event]:
    """Give every event the form of its own code, one at a time."""
    found = []
    for one in events:
        row = own.find(
            one["municipality"],
            one["category"] or "",
            one["code"] or "",
            one["from_day"] or one["about"],
        )
        found.append(one | ({} if row is None else {"form": row.form}))
    return found


def oracle(events: list[Event], own: OwnCodes) -> tuple[list[Any], dict[str, Any]]:
    """Walk through the lines; write down every use of a code, and add up in the end."""
    refused = {one["answers"] for one in events if one["kind"] == "returned" and one["reason"]}
    events = [one for one in forms_by_hand(events, own) if one["message"] not in refused]
    horizon = max((one["about"] for one in events), default=date.min)
    uses = []
    for line in lines_of([dict(one) for one in events]):
        town, _, child, category, code = line.product
        if line.label[0] == "A" and line.begin is not None:
            assert line.intended is not None
            uses.append((town, category, code, child, line.intended, 1, 0))
        for delivery in line.deliveries:
            end = min(delivery.end or date.max, horizon + DAY)
            length = max((end - delivery.start).days, 0)
            town, _, child, category, code = delivery.product
            uses.append((town, category, code, child, delivery.start, 0, length))
    codes = []
    for name in {use[:3] for use in uses}:
        mine = [use for use in uses if use[:3] == name]
        town, category, code = name
        if code is None:
            kind = "none"
        elif product(code) is not None:
            kind = "national"
        else:
            rows = [own.find(town, category, code, use[4]) for use in mine]
            kind = "unmapped" if None in rows else "mapped"
        codes.append(
            (
                *name,
                kind,
                sum(use[5] for use in mine),
                len({use[3] for use in mine}),
                sum(use[6] for use in mine),
            )
        )
    coded = [one for one in codes if one[3] != "none"]
    care: dict[Any, int] = {}
    kinds = {}
    for one in coded:
        label = one[1:3] if one[3] == "national" else one[:3]
        care[label] = care.get(label, 0) + one[6]
        kinds[label] = one[3]
    total = {
        "codes": len(care),
        **{kind: [*kinds.values()].count(kind) for kind in ("national", "mapped", "unmapped")},
        "allocations": sum(one[4] for one in coded),
        "children": len({use[3] for use in uses if use[2] is not None}),
        "care_days": sum(one[6] for one in coded),
        "care_days_without_code": sum(one[6] for one in codes if one[3] == "none"),
    }
    return codes, total


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), own_rows, st.randoms())
def test_codes_agree_with_the_oracle(told: list[Event], own: OwnCodes, shuffler: Any) -> None:
    events = with_own_codes(told)
    codes, total = oracle(events, own)
    shuffler.shuffle(events)
    use = used(events, own)
    names = ("municipality", "category", "code", "kind", "allocations", "children", "care_days")
    found = [tuple(row[name] for name in names) for row in use.codes.to_pylist()]
    assert sorted(found, key=str) == sorted(codes, key=str)
    assert {name: use.total.to_pylist()[0][name] for name in total} == total
    for row in use.towns.to_pylist():
        # A return tells of the message that it answers, whatever municipality stands in it.
        here = [
            one
            for one in events
            if one["municipality"] == row["municipality"] or one["kind"] == "returned"
        ]
        # The last day is that of all; care of one municipality alone may seem shorter.
        alone = oracle(here, own)[1]
        same = {name: value for name, value in alone.items() if not name.startswith("care")}
        assert {name: row[name] for name in same} == same


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), own_rows)
def test_forms_of_own_codes_are_those_found_one_at_a_time(told: list[Event], own: OwnCodes) -> None:
    events = with_own_codes(told)
    table = with_own_forms(table_of(events), own)
    assert table.columns == tuple(SCHEMA.names)
    found = {row["event"]: row for row in table.to_pyarrow().cast(SCHEMA).to_pylist()}
    assert found == {one["event"]: one for one in forms_by_hand(events, own)}


@given(st.lists(st.integers(0, 50), max_size=12), st.integers(1, 100))
def test_cumulative_shares(amounts: list[int], percent: int) -> None:
    whole = sum(amounts)
    few, many = smallest(amounts, percent), largest(amounts, percent)
    if not whole:
        assert (few, many) == (None, None)
        return
    assert few is not None
    assert many is not None
    up, down = sorted(amounts), sorted(amounts, reverse=True)
    fits = [size for size in range(len(up) + 1) if sum(up[:size]) * 100 <= whole * percent]
    assert few == max(fits)
    reaches = [size for size in range(len(down) + 1) if sum(down[:size]) * 100 >= whole * percent]
    assert many == min(reaches)


# --- in a register -------------------------------------------------------------------------------


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    monkeypatch.delenv("STELSEL_KEY_FILE", raising=False)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    own = {"Categorie": "45", "Code": "THUIS"}
    put(inbox, by_hand.allocated(date(2024, 2, 5), Product=own))
    made = Register.create(tmp_path / "register")
    assert made.ingest(inbox).new == 1
    return made


def write_own(folder: Path, *rows: str) -> Path:
    file = folder / "given.csv"
    file.write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8")
    return file


def test_a_kept_table_changes_the_spells_from_then_on(register: Register, tmp_path: Path) -> None:
    assert register.own_codes.rows == ()
    assert register.spells()["form"].to_pylist() == ["02"]
    assert register.code_use().total["unmapped"].to_pylist() == [1]
    table = write_own(tmp_path, "0193,45,THUIS,,network-help,,,contract")
    assert len(register.keep_own_codes(table).rows) == 1
    table.unlink()
    again = Register.open(register.folder)
    assert again.spells()["station"].to_pylist() == ["wait-network-help"]
    assert again.code_use().total["mapped"].to_pylist() == [1]
    # What was told stays as it was told.
    assert again.events()["form"].to_pylist() == ["02"]


def test_messages_are_checked_by_the_kept_table(register: Register, tmp_path: Path) -> None:
    other = {"Categorie": "45", "Code": "ELDER"}
    folder = tmp_path / "new"
    folder.mkdir()
    put(folder, by_hand.allocated(date(2024, 2, 6), number=2, who=by_hand.child(), Product=other))

    def found(outside: Outside | None) -> list[str]:
        (received,) = register.check(folder, outside)
        return [one.rule for one in received.findings]

    assert found(None) == []
    register.keep_own_codes(write_own(tmp_path, "0193,45,THUIS,,network-help,,,contract"))
    assert found(None) == found(Outside(date(2024, 2, 7))) == ["TR381"]
    brought = read_own_codes(write_own(tmp_path, "0193,45,ELDER,,network-help,,,contract"))
    assert found(Outside(date(2024, 2, 7), own_codes=brought)) == []


def test_a_wrong_table_leaves_the_last_one(register: Register, tmp_path: Path) -> None:
    register.keep_own_codes(write_own(tmp_path, "0193,45,THUIS,,network-help,,,contract"))
    with pytest.raises(StelselError, match="no care form"):
        register.keep_own_codes(write_own(tmp_path, "0193,45,THUIS,,nonsense,,,contract"))
    assert register.spells()["form"].to_pylist() == ["04"]
    assert sorted(path.name for path in register.folder.glob("own-codes*")) == ["own-codes.csv"]


def test_what_leaves_is_protected(register: Register) -> None:
    use = register.code_use()
    for part in (use.total, use.towns, use.codes):
        row = protect(part, made_up=False).to_pylist()[0]
        hidden = {"allocations", "children", "care_days"}
        assert hidden <= set(row["protected"])
        assert all(row[name] is None for name in hidden)
    assert protect(use.codes, made_up=False)["code"].to_pylist() == ["THUIS"]
