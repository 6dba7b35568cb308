"""``stelsel spells``: which rows go into the file, and who may have them."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path
from typing import Any

import deltalake
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from stelsel import spells as spell_table
from stelsel.cli import app
from stelsel.errors import StelselError
from stelsel.register import Register
from tests.register.logged import looks
from tests.register.test_register import put, story


def stelsel(*words: object) -> Any:
    return CliRunner().invoke(app, ["spells", *map(str, words)], env={"STELSEL_LANG": None})


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A request, its allocation, care that began on 1 March and ended on 28 June."""
    monkeypatch.delenv("STELSEL_KEY_FILE", raising=False)
    (tmp_path / "inbox").mkdir()
    made = Register.create(tmp_path / "register")
    assert made.ingest(put(tmp_path / "inbox", *story())).set_aside == 0
    return made.folder


def rows_of(file: Path) -> list[tuple[str, str, str]]:
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as lines:
            return [(row["station"], row["start"], row["end"]) for row in csv.DictReader(lines)]
    rows = pq.read_table(file).to_pylist()
    return [(row["station"], str(row["start"]), str(row["end"] or "")) for row in rows]


WAIT = ("wait-ambulatory", "2024-02-01", "2024-03-01")
CARE = ("care-ambulatory", "2024-03-01", "2024-06-29")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], [WAIT, CARE]),
        (["--station", "care-ambulatory"], [CARE]),
        (["--station", "care-ambulatory", "--station", "wait-ambulatory"], [WAIT, CARE]),
        (["--station", "care-residential"], []),
        (["--as-of", "2024-01-31"], []),
        (["--as-of", "2024-02-29"], [WAIT]),
        (["--as-of", "2024-03-01"], [CARE]),
        (["--as-of", "2024-06-28"], [CARE]),
        (["--as-of", "2024-06-29"], []),
        # On that day the start had been told with a wrong first day, and no stop yet.
        (
            ["--known-on", "2024-03-07", "--station", "care-ambulatory"],
            [("care-ambulatory", "2024-03-04", "")],
        ),
    ],
)
def test_the_file_holds_what_was_asked(
    register: Path, tmp_path: Path, options: list[str], expected: list[Any]
) -> None:
    out = tmp_path / ("spells.csv" if len(options) % 4 else "spells.parquet")
    done = stelsel("--register", register, "--out", out, *options)
    assert done.exit_code == 0, done.output
    assert sorted(rows_of(out)) == sorted(expected)
    assert list(out.parent.glob(".*part")) == []


def test_parquet_gives_the_same_table_back_as_the_register(register: Path, tmp_path: Path) -> None:
    out = tmp_path / "spells.parquet"
    assert stelsel("--register", register, "--out", out).exit_code == 0
    assert spell_table.check(pq.read_table(out)).equals(Register.open(register).spells())


def test_json_tells_how_many_there_are(register: Path, tmp_path: Path) -> None:
    done = stelsel("--register", register, "--out", tmp_path / "a.csv", "--json")
    told = json.loads(done.stdout)
    assert (told["rows"], told["children"], told["made_up"]) == (2, 1, True)
    assert told["stations"]["care-ambulatory"] == {"rows": 1, "children": 1}
    assert looks(register) == []


def test_real_children_are_for_internal_use_and_logged(register: Path, tmp_path: Path) -> None:
    place = register / "events"
    events = deltalake.DeltaTable(place).to_pyarrow_table()
    spot = events.schema.get_field_index("made_up")
    real = events.set_column(spot, events.schema.field("made_up"), pa.array([False] * len(events)))
    deltalake.write_deltalake(place, real, mode="overwrite")
    out = tmp_path / "a.parquet"
    refused = stelsel("--register", register, "--out", out)
    assert isinstance(refused.exception, StelselError)
    assert not out.exists()
    done = stelsel("--register", register, "--out", out, "--internal", "--as-of", "2024-03-01")
    assert done.exit_code == 0
    assert "INTERN" in done.stderr
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    (logged,) = looks(register)
    assert (logged["what"], logged["asked"]["as_of"]) == ("spells", "2024-03-01")
    assert logged["about"] == 1
    assert logged["asked"]["rows"] == 1


def test_every_wrong_option_is_told_at_once(register: Path, tmp_path: Path) -> None:
    done = stelsel(
        *("--register", register, "--out", tmp_path / "a.txt", "--as-of", "31-12-2024"),
        *("--station", "care-ambulatry", "--lang", "fr"),
    )
    assert isinstance(done.exception, StelselError)
    told = [fault.told("nl") for fault in done.exception.faults]
    assert [text.split(":")[0] for text in told] == ["--station", "--out", "--as-of", "--lang"]
    assert "Bedoelt u care-ambulatory" in told[0]


def test_a_file_that_cannot_be_written_is_told(register: Path, tmp_path: Path) -> None:
    done = stelsel("--register", register, "--out", tmp_path / "no such" / "a.csv")
    assert isinstance(done.exception, StelselError)
    assert "bestaat niet" in done.exception.faults[0].told("nl")
