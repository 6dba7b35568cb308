"""The command ``indicators``, run as a user runs it, on a register of real and of made-up children.

The events are put into the register as a reader of messages would give them; "real" is only the
mark on them, the children are as made up as any.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stelsel import spells
from stelsel.errors import StelselError
from stelsel.events import SCHEMA
from stelsel.monitor import FIELDS, for_readers, units, waiting, write_tables
from stelsel.register import Register
from stelsel.register.store import Events

LAST_DAY = date(2026, 6, 30)


def events(made_up: bool) -> pa.Table:
    """Give 60 waits for ambulatory help (45 end, after 1 to 45 days) and 5 for foster care."""
    rows: list[dict[str, Any]] = []

    def tell(kind: str, child: int, day: date, form: str, **other: Any) -> None:
        rows.append(
            {
                "event": f"m{len(rows)}/1",
                "message": f"m{len(rows)}",
                "content": "c",
                "source": "ijw",
                "kind": kind,
                "about": day,
                "known": day,
                "child": f"c{child}",
                "municipality": "0193",
                "provider": "99999999",
                "allocation": child,
                "category": {"02": "45", "11": "44"}[form],
                "code": {"02": "45A01", "11": "44A02"}[form],
                "form": form,
                "from_day": day,
                "made_up": made_up,
                **other,
            }
        )

    for child in range(64):
        day = date(2026, 3, 1) + timedelta(days=child % 7)
        form = "02" if child < 60 else "11"
        tell("allocated", child, day, form, decided=datetime.combine(day, time()))
        if child < 45:
            tell("started", child, day + timedelta(days=child + 1), form, status="1")
    tell("allocated", 64, LAST_DAY, "11", decided=datetime.combine(LAST_DAY, time()))
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """A register for each answer to whether its children are made up."""
    found = {}
    for made_up in (True, False):
        folder = tmp_path_factory.mktemp("registers") / "register"
        Register.create(folder)
        Events(folder).append(events(made_up))
        found[made_up] = folder
    return found


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stelsel", "indicators", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def rows(*words: str | Path) -> list[dict[str, Any]]:
    result = run("waiting", *words, "--json")
    assert result.returncode == 0, result.stderr
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_rows_have_the_documented_fields_and_the_numbers_of_the_monitor(
    registers: dict[bool, Path],
) -> None:
    found = rows("--register", registers[True])
    kept = Register.open(registers[True]).spells()
    for row, own in zip(found, waiting(kept, LAST_DAY).to_pylist(), strict=True):
        told = {name: value.isoformat() for name, value in own.items() if isinstance(value, date)}
        assert {name: row[name] for name in own} == own | told
        known = {field.name for field in FIELDS}
        assert set(row) - known == {"units"}
        assert row["units"] == units()
        assert (row["made_up"], row["protected"], row["known_on"]) == (True, [], None)
    assert [(row["form"], row["form_name"]) for row in found] == [
        ("02", "Ambulant op locatie"),
        ("11", "Pleegzorg"),
    ]
    assert list(found[0])[:4] == ["form", "form_name", "as_of", "known_on"]


def test_names_come_in_english_at_a_switch(registers: dict[bool, Path]) -> None:
    found = rows("--register", registers[True], "--lang", "en", "--by", "region,form")
    assert (found[0]["region_name"], found[1]["form_name"]) == ("IJsselland", "Foster care")


def test_small_numbers_of_real_children_are_hidden_and_the_release_is_logged(
    registers: dict[bool, Path],
) -> None:
    before = log(registers[False] / "releases.jsonl")
    ambulatory, foster = rows("--register", registers[False])
    assert ambulatory["completed"] is None  # alone it would give away the 0 of foster care
    assert foster["completed"] is foster["waiting"] is foster["median_days"] is None
    assert {"completed", "waiting", "median_days"} <= set(foster["protected"])
    assert ambulatory["inflow"] is None
    [total] = rows("--register", registers[False], "--by", "total")
    assert (total["waiting"], total["completed"], total["inflow"]) == (20, 45, 65)
    lines = log(registers[False] / "releases.jsonl")[len(before) :]
    assert [line["asked"]["by"] for line in lines] == [["form"], []]
    assert lines[0]["hidden"] == len(ambulatory["protected"]) + len(foster["protected"])


def test_exact_numbers_of_real_children_need_the_switch_and_leave_a_trace(
    registers: dict[bool, Path],
) -> None:
    _, foster = rows("--register", registers[False], "--internal", "--as-of", "2026-06-29")
    assert (foster["waiting"], foster["completed"], foster["protected"]) == (4, 0, [])
    [line] = log(registers[False] / "access.jsonl")
    assert line["what"] == "waiting"
    assert line["who"]
    assert line["asked"]["as_of"] == "2026-06-29"


def test_known_on_looks_back(registers: dict[bool, Path]) -> None:
    ambulatory = rows("--register", registers[True], "--known-on", "2026-03-31")[0]
    assert (ambulatory["as_of"], ambulatory["known_on"]) == ("2026-03-31", "2026-03-31")
    then = Register.open(registers[True]).spells(known_on=date(2026, 3, 31))
    own = waiting(then, date(2026, 3, 31)).to_pylist()[0]
    assert ambulatory["completed"] == own["completed"] < 45


def test_files_hold_the_same_as_the_rows_and_say_what_every_field_is(
    registers: dict[bool, Path], tmp_path: Path
) -> None:
    found = rows("--register", registers[False], "--by", "form,month", "--out", tmp_path)
    parquet = pq.read_table(tmp_path / "waiting.parquet").to_pylist()
    with (tmp_path / "waiting.csv").open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    assert len(parquet) == len(table) == len(found)
    for row, kept, cells in zip(found, parquet, table, strict=True):
        del row["units"]
        assert list(row) == list(kept) == list(cells)
        for name, value in row.items():
            at_rest = kept[name].isoformat() if isinstance(kept[name], date) else kept[name]
            assert at_rest == value
            text = " ".join(value) if isinstance(value, list) else str(value)
            assert cells[name] == {"None": "", "False": "false"}.get(text, text)
    described = json.loads((tmp_path / "waiting.schema.json").read_text(encoding="utf-8"))
    assert [field["name"] for field in described["fields"]] == list(found[0])
    assert described["primaryKey"] == ["form", "month"]
    assert all(field["unit_nl"] and field["description"] for field in described["fields"])


def test_nothing_unprotected_is_saved(tmp_path: Path) -> None:
    found = waiting(spells.SCHEMA.empty_table(), LAST_DAY, [])
    with pytest.raises(StelselError, match="disclosure control"):
        write_tables(found, tmp_path, "waiting")
    assert not list(tmp_path.iterdir())
    write_tables(for_readers(found, known_on=None, made_up=False), tmp_path, "waiting")
    assert len(list(tmp_path.iterdir())) == 3


def test_the_screen_shows_both_tables_in_dutch_with_source_and_caveat(
    registers: dict[bool, Path],
) -> None:
    shown = run("waiting", "--register", registers[True]).stdout
    for words in ("Wie er wacht", "Wat er in en uit ging", "Ambulant op", "Bron: register"):
        assert words in shown
    assert "Verzonnen jeugdigen" in shown
    real = run("waiting", "--register", registers[False]).stdout
    assert "afgerond op 5" in real
    assert "Verzonnen" not in real


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "wachten"], ["Er is geen indicator wachten."]),
        (
            ["waiting", "--as-of", "2026-06-31", "--known-on", "gisteren"],
            ["--as-of: 2026-06-31 is geen datum", "--known-on: gisteren is geen datum"],
        ),
        (["waiting", "--by", "vorm,region"], ["vorm", "Bedoelt u form?"]),
        (["waiting", "--days", "0"], ["days"]),
        (["waiting", "--lang", "fr"], ["--lang"]),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    registers: dict[bool, Path], words: list[str], told: list[str]
) -> None:
    result = run(*words, "--register", registers[True])
    assert result.returncode == 2
    assert result.stdout == ""
    assert all(text in result.stderr for text in told)
    assert "Traceback" not in result.stderr


def test_a_folder_that_is_no_register_is_a_fault(tmp_path: Path) -> None:
    result = run("waiting", "--register", tmp_path)
    assert result.returncode == 2
    assert "geen register" in result.stderr


def log(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_indicators_are_listed_and_shown_with_their_source() -> None:
    listed = json.loads(run("list", "--json").stdout)
    assert len(listed) >= 60
    assert all(one["id"] and one["name_nl"] and one["systems"] and one["source"] for one in listed)
    shown = json.loads(run("show", "wait-length", "--json").stdout)
    assert shown == next(one for one in listed if one["id"] == "wait-length")
    assert "Hoe lang wachten jeugdigen" in run("show", "wait-length").stdout


def test_indicators_run_on_a_register_and_unknown_ones_are_told_at_once(
    registers: dict[bool, Path], tmp_path: Path
) -> None:
    at = ("--register", registers[True])
    told = json.loads(run("run", "waiting-entries", "wait-length", *at, "--format", "json").stdout)
    kept = waiting(Register.open(registers[True]).spells(), LAST_DAY).to_pylist()
    assert [row["numerator"] for row in told[0]["rows"]] == [row["waiting"] for row in kept]
    medians = [row["value"] for row in told[1]["rows"] if row["part"] == "median"]
    assert medians == [row["median_days"] for row in kept]
    result = run("run", "waiting-entires", "wait-lenght", *at, "--format", "pdf")
    assert result.returncode == 2
    result = run("run", "waiting-entires", "wait-lenght", *at)
    assert result.returncode == 2
    assert "waiting-entries" in result.stderr
    assert "wait-length" in result.stderr
    out = tmp_path / "out"
    assert run("run", "wait-length", *at, "--format", "csv", "--out", out).returncode == 0
    assert (out / "wait-length.csv").read_text("utf-8").startswith("indicator,form,form_name,part")


def test_of_real_children_an_indicator_hides_small_numbers(registers: dict[bool, Path]) -> None:
    at = ("--register", registers[False], "--format", "json")
    first = run("run", "waiting-entries", *at)
    assert first.returncode == 0, first.stderr
    [told] = json.loads(first.stdout)
    for row in told["rows"]:
        assert row["value"] is None or (row["value"] >= 10 and row["value"] % 5 == 0)
    assert any("value" in row["protected"] for row in told["rows"])
    [exact] = json.loads(run("run", "waiting-entries", *at, "--internal").stdout)
    assert all(row["value"] is not None for row in exact["rows"])
    assert log(registers[False] / "releases.jsonl")[-1]["what"] == "waiting-entries"
