"""``stelsel quality``: what a data steward reads, and what real children are spared."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import deltalake
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.errors import StelselError
from stelsel.register import Register
from tests.conftest import made_up_bsns
from tests.ijw_events import messages as by_hand
from tests.register.logged import looks
from tests.register.test_register import put


def stelsel(*words: object, lang: str | None = None) -> Any:
    return CliRunner().invoke(app, ["quality", *map(str, words)], env={"STELSEL_LANG": lang})


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fourteen children with an allocation; of two care began, of one in time."""
    place = tmp_path_factory.mktemp("quality")
    told = []
    for number, bsn in zip(range(1, 15), made_up_bsns(), strict=False):
        who = by_hand.child(bsn)
        told.append(by_hand.allocated(date(2024, 2, 5), number=number, who=who))
        if number < 3:
            day = date(2024, 2, 12 if number == 1 else 28)
            told.append(by_hand.started(day, (date(2024, 2, 12), "1"), who=who, number=number))
    (place / "inbox").mkdir()
    made = Register.create(place / "register")
    assert made.ingest(put(place / "inbox", *told)).set_aside == 0
    return made.folder


def test_the_screen_says_what_is_wrong_and_what_to_do(register: Path) -> None:
    done = stelsel("--register", register)
    assert (done.exit_code, done.stderr) == (0, "")
    for said in (
        "Toewijzing zonder start",
        "12 van 14 toewijzingen",
        "Wat u kunt doen",
        "Vraag de aanbieder of de hulp begonnen is.",
        "Het meest bij: 00000001 (12).",
        "1 van 2 startmeldingen",
        "Start van hulp",
        "Verzonnen jeugdigen: exacte aantallen.",
    ):
        assert said in done.stdout, said
    assert "Allocation without a start" in stelsel("--register", register, lang="en").stdout


def test_json_has_every_table_and_says_what_a_measure_is(register: Path) -> None:
    found = json.loads(stelsel("--register", register, "--json").stdout)
    rows = {row["measure"]: row for row in found["measures"]}
    row = rows["allocations-without-start"]
    assert (row["found"], row["looked_at"], row["unit"]) == (12, 14, "toewijzingen")
    assert row["norm"] == "ijw-start"
    tables = {"measures", "parties", "lateness", "lateness_providers", "lateness_months"}
    assert found.keys() == tables | {"silences", "rules", "revisions"}


def test_a_past_day_is_judged_with_what_was_known_then(register: Path) -> None:
    """The last message known then was of 12 February: no term of an allocation was past."""
    found = json.loads(stelsel("--register", register, "--json", "--known-on", "2024-02-20").stdout)
    rows = {row["measure"]: (row["found"], row["looked_at"]) for row in found["measures"]}
    assert rows["allocations-without-start"] == (0, 0)
    assert rows["late-starts"] == (0, 1)


def test_small_numbers_of_real_children_are_hidden(register: Path, tmp_path: Path) -> None:
    events = deltalake.DeltaTable(register / "events").to_pyarrow_table()
    spot = events.schema.get_field_index("made_up")
    real = events.set_column(spot, events.schema.field("made_up"), pa.array([False] * len(events)))
    before = deltalake.DeltaTable(register / "events").version()
    deltalake.write_deltalake(register / "events", real, mode="overwrite")
    try:
        found = json.loads(stelsel("--register", register, "--json").stdout)
        rows = {row["measure"]: row for row in found["measures"]}
        assert (rows["late-starts"]["found"], rows["late-starts"]["looked_at"]) == (None, None)
        without = rows["allocations-without-start"]
        assert (without["found"], without["looked_at"], without["percent"]) == (10, 15, 66.7)
        started = next(row for row in found["lateness"] if row["kind"] == "started")
        assert (started["facts"], started["median_days"]) == (None, None)
        assert looks(register) == []
        exact = stelsel("--register", register, "--internal")
        assert "INTERN" in exact.stdout
        assert "1 van 2 startmeldingen" in exact.stdout
        (line,) = looks(register)
        assert line["what"] == "quality"
        left = [json.loads(one)["what"] for one in (register / "releases.jsonl").open()]
        assert "quality, measures" in left
    finally:
        deltalake.DeltaTable(register / "events").restore(before)


def test_every_wrong_option_is_told_at_once(register: Path) -> None:
    done = stelsel("--register", register, "--known-on", "yesterday", "--lang", "fr")
    assert isinstance(done.exception, StelselError)
    assert [fault.where for fault in done.exception.faults] == ["--known-on", "--lang"]
