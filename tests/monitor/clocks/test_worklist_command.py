"""``stelsel worklist``: what stands in it, who may see it, and what the log says of the look."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import deltalake
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.deliveries.process import StepRow, write
from stelsel.errors import StelselError
from stelsel.monitor.clocks.indicators import of_clocks
from stelsel.register import Register
from tests.register.logged import looks

CHILDREN = ("999900006", "999900018")


def stelsel(*words: object) -> Any:
    return CliRunner().invoke(app, ["worklist", *map(str, words)], env={"STELSEL_LANG": None})


def step(case: str, name: str, day: str, child: str, told: str = "", **more: Any) -> StepRow:
    when = date.fromisoformat(day)
    known = date.fromisoformat(told) if told else when
    return StepRow(
        case, name, when, known, "GI-04", "0193", child_bsn=child, birth_month="2009-05", **more
    )


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two children charged on Friday 21 November 2025; the first was spoken to, told late."""
    monkeypatch.delenv("STELSEL_KEY_FILE", raising=False)
    one, other = CHILDREN
    rows = [
        step("A1", "institution-charged", "2025-11-21", one, reference="R1"),
        step("A1", "institution-first-contact", "2025-11-27", one, told="2025-12-08"),
        step("A2", "institution-charged", "2025-11-21", other, reference="R2"),
        step("A2", "institution-listed", "2025-11-24", other, priority="regular"),
    ]
    write(rows, tmp_path / "steps.csv")
    made = Register.create(tmp_path / "register")
    assert made.ingest([tmp_path / "steps.csv"]).set_aside == 0
    return made.folder


def rows_of(*words: object) -> list[dict[str, Any]]:
    done = stelsel(*words, "--format", "json")
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_who_was_not_spoken_to_is_overdue_under_a_key(register: Path) -> None:
    [row] = rows_of("institution-contact", "--register", register, "--on", "2025-12-01")
    assert (row["state"], row["last_day"], row["days_left"]) == ("overdue", "2025-11-28", -3)
    assert (row["desk"], row["organisation"], row["kind"]) == (
        "certified-institution",
        "GI-04",
        "law",
    )
    assert [row["case"]] == Register.open(register).case_keys("GI-04", ["A2"])


def test_what_was_known_then_holds_then(register: Path) -> None:
    on = ("--register", register, "--on", "2025-12-01")
    then = rows_of("institution-contact", *on, "--known-on", "2025-12-01")
    keys = Register.open(register).case_keys("GI-04", ["A1", "A2"])
    assert sorted(row["case"] for row in then) == sorted(keys)


def test_a_desk_sees_its_own(register: Path) -> None:
    on = ("--register", register, "--on", "2025-12-01")
    assert rows_of("Y10", *on, "--organisation", "GI-05") == []
    norms = {row["norm"] for row in rows_of("Y10", *on, "--organisation", "GI-04")}
    assert norms == {"institution-contact", "institution-worker", "intake-list-priority"}


def test_csv_and_the_screen_tell_the_rule_and_its_source(register: Path) -> None:
    on = ("--register", register, "--on", "2025-12-01")
    done = stelsel("institution-contact", *on, "--format", "csv")
    [row] = csv.DictReader(StringIO(done.stdout))
    assert row["source"] == "Besluit Jeugdwet art. 4.2.1-4.2.3"
    screen = stelsel(*on)
    assert screen.exit_code == 0
    assert "te laat" in screen.stdout
    assert "5 werkdagen" in screen.stdout
    assert "overdue" in stelsel(*on, "--lang", "en").stdout


def test_no_worklist_names_a_child(register: Path) -> None:
    for form in ("table", "csv", "json"):
        told = stelsel("--register", register, "--on", "2025-12-01", "--format", form).output
        assert not any(child in told for child in CHILDREN)


def test_real_children_are_for_internal_use_and_logged(register: Path) -> None:
    place = register / "events"
    events = deltalake.DeltaTable(place).to_pyarrow_table()
    spot = events.schema.get_field_index("made_up")
    real = events.set_column(spot, events.schema.field("made_up"), pa.array([False] * len(events)))
    deltalake.write_deltalake(place, real, mode="overwrite")
    asked = ("institution-contact", "--register", register, "--on", "2025-12-01")
    refused = stelsel(*asked, "--format", "csv")
    assert isinstance(refused.exception, StelselError)
    assert refused.stdout == ""
    assert looks(register) == []
    assert stelsel(*asked, "--internal", "--ground", "weekly planning").exit_code == 0
    [look] = looks(register)
    assert (look["what"], look["about"], look["ground"]) == ("worklist", 1, "weekly planning")
    assert look["asked"]["norm"] == "institution-contact"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["board-begin"], "Er is geen norm board-begin"),
        (["treeknorm-intake"], "De dag van aanmelding"),
        (["--format", "xml"], "xml bestaat niet"),
        (["--on", "2026-02-30"], "2026-02-30 is geen datum"),
    ],
)
def test_what_cannot_be_asked_is_told(register: Path, words: list[str], told: str) -> None:
    done = stelsel(*words, "--register", register)
    assert isinstance(done.exception, StelselError)
    assert told in done.exception.faults[0].told("nl")


def test_what_can_still_be_kept_comes_first(register: Path) -> None:
    rows = rows_of("Y10", "--register", register, "--on", "2025-12-01")
    days = [row["days_left"] for row in rows]
    due = [number for number in days if number >= 0]
    assert days == sorted(due) + sorted((n for n in days if n < 0), reverse=True)
    assert due
    assert len(due) < len(days)


def test_the_indicators_count_what_the_worklist_shows(register: Path) -> None:
    words = ["indicators", "run", "kept-institution-contact", "late-institution-contact"]
    more = ["--register", str(register), "--as-of", "2025-12-01", "--format", "json"]
    done = CliRunner().invoke(app, [*words, *more], env={"STELSEL_LANG": None})
    assert done.exit_code == 0, done.output
    kept, late = json.loads(done.stdout)
    assert [kept["rows"][0][name] for name in ("numerator", "denominator")] == [1, 2]
    assert late["rows"][0]["value"] == 1


def test_terms_stands_for_the_indicators_of_all_clocks(register: Path) -> None:
    more = ["--register", str(register), "--as-of", "2025-12-01", "--format", "json"]
    done = CliRunner().invoke(app, ["indicators", "run", "terms", *more])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [one["indicator"] for one in told] == [one.id for one in of_clocks()]
    counted = {one["indicator"] for one in told if one["rows"]}
    assert {"kept-institution-contact", "late-institution-worker"} <= counted
