"""Everything that the letters ask to watch is watched, on a register and on a run of the twin.

The register is filled by the twin with files of every sort; nothing is told to the monitor but
spells.
"""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from stelsel.cli.indicator_table import DAYS
from stelsel.errors import StelselError
from stelsel.monitor.indicators import Indicator, known, named, oracle, work_out
from stelsel.monitor.indicators.definition import Reads
from stelsel.monitor.indicators.watching import (
    PLACES,
    Place,
    counted_in,
    page,
    watches,
    why_absent,
)
from stelsel.monitor.simulated_posts import posts_of
from stelsel.register.recovery.filled import Filled, fill
from stelsel.twin.runs.books import books
from tests.monitor.filled import stelsel

ELSEWHERE = {
    ("Y23", "register"): "stelsel codes",
    ("Y23", "run"): "the twin has no product codes",
    ("Y30", "register"): "stelsel promises: a list, no count of spells",
    ("Y30", "run"): "stelsel promises: a list, no count of spells",
}
"""What no indicator shows there, and why or what does."""


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    with pytest.MonkeyPatch.context() as patch:
        place = tmp_path_factory.mktemp("region")
        patch.setenv("STELSEL_KEY_FILE", str(place / "key"))
        return fill(place)


@pytest.fixture(scope="module")
def where(region: Filled) -> dict[Place, frozenset[str]]:
    tables: dict[Place, dict[Reads, pa.Table]] = {
        "register": {"spells": region.register.spells(), "answers": region.register.answers()},
        "run": {
            "spells": pa.concat_tables(
                [region.truth.spells(), posts_of(books(region.truth)["staff"])]
            )
        },
    }
    return {place: counted_in(known(), tables[place], region.truth.last, DAYS) for place in PLACES}


@pytest.fixture(scope="module")
def run_folder(region: Filled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as ``stelsel simulate --spells`` leaves it, as far as indicators look."""
    folder = tmp_path_factory.mktemp("run")
    pq.write_table(region.truth.spells(), folder / "spells.parquet")
    pq.write_table(books(region.truth)["staff"], folder / "staff.parquet")
    told = {"end": region.truth.last.isoformat(), "seed": 7, "replications": 1}
    (folder / "manifest.json").write_text(json.dumps({**told, "register_sha256": None}))
    return folder


def test_the_page_is_what_is_found(project: Path, where: dict[Place, frozenset[str]]) -> None:
    kept = (project / "docs" / "reference" / "watches.md").read_text("utf-8")
    assert kept == page(known(), where), "run make reference"


def test_every_watch_has_an_indicator_that_counts_in_both(
    where: dict[Place, frozenset[str]],
) -> None:
    missing = {
        (watch.system, place)
        for watch in watches()
        for place in PLACES
        if not any(watch.system in one.systems and one.id in where[place] for one in known())
    }
    assert missing == set(ELSEWHERE)


def test_what_is_watched_is_told_by_the_letters(project: Path) -> None:
    every = {name for one in known() for name in one.systems}
    assert every <= {watch.system for watch in watches()}


def test_what_counts_nothing_says_why(where: dict[Place, frozenset[str]]) -> None:
    silent = [
        (one.id, place)
        for one in known()
        for place in PLACES
        if one.id not in where[place] and not why_absent(one, place)
    ]
    assert silent == []


def test_a_run_is_looked_into_as_a_register_is(run_folder: Path, region: Filled) -> None:
    done = stelsel("indicators", "run", "children-in-care", "--run", run_folder, "--format", "json")
    assert done.returncode == 0, done.stderr
    [told] = json.loads(done.stdout)
    own = work_out(named("children-in-care"), region.truth.spells(), region.truth.last)
    assert [row["value"] for row in told["rows"]] == own["value"].to_pylist()
    assert all(row["made_up"] for row in told["rows"])
    assert not (run_folder / "releases.jsonl").exists()
    shown = stelsel("indicators", "run", "children-in-care", "--run", run_folder).stdout
    assert "simulatie" in shown
    assert "plan.csv" in shown.replace("\n", " ")


def test_a_run_that_began_with_real_children_is_protected(run_folder: Path, tmp_path: Path) -> None:
    told = json.loads((run_folder / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps({**told, "register_sha256": "ab"}))
    (tmp_path / "spells.parquet").symlink_to(run_folder / "spells.parquet")
    done = stelsel("indicators", "run", "children-in-care", "--run", tmp_path, "--format", "json")
    [shown] = json.loads(done.stdout)
    values = [row["value"] for row in shown["rows"]]
    assert all(value is None or value % 5 == 0 for value in values)
    assert (tmp_path / "releases.jsonl").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "--register, --run"),
        (["--run", "nowhere"], "geen map van een simulatie"),
        (["--run", "RUN", "--register", "RUN"], "--register, --run"),
        (["--run", "RUN", "--known-on", "2022-01-01"], "niet stukje bij beetje"),
        (["--run", "RUN", "--by", "provider"], "wordt niet per provider verteld"),
        (["--run", "RUN", "--format", "xlsx"], "--out"),
    ],
)
def test_what_cannot_be_is_refused(words: list[str], told: str, run_folder: Path) -> None:
    words = [str(run_folder) if word == "RUN" else word for word in words]
    done = stelsel("indicators", "run", "secure-children", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_a_run_without_spells_says_how_to_get_them(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"end": "2021-12-31", "seed": 1, "replications": 1}')
    done = stelsel("indicators", "run", "care-begun", "--run", tmp_path)
    assert "--spells" in done.stderr


def test_a_workbook_holds_what_the_csv_holds(run_folder: Path, tmp_path: Path) -> None:
    asked = ("indicators", "run", "care-begun", "wait-length", "--run", run_folder)
    for form in ("csv", "xlsx"):
        assert stelsel(*asked, "--format", form, "--out", tmp_path).returncode == 0
    book = load_workbook(tmp_path / "indicators.xlsx")
    assert book.sheetnames == ["Uitleg", "care-begun", "wait-length"]
    about = [[cell.value for cell in row] for row in book["Uitleg"].iter_rows()]
    assert about[1][:2] == ["care-begun", named("care-begun").name_nl]
    for name in ("care-begun", "wait-length"):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            table = list(csv.reader(lines))
        sheet = [[told(cell.value) for cell in row] for row in book[name].iter_rows()]
        assert len(sheet) == len(table) > 1
        assert [list(map(as_number, row)) for row in sheet] == [
            list(map(as_number, row)) for row in table
        ]


def told(value: Any) -> str:
    """A cell as the CSV writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value.date().isoformat() if hasattr(value, "date") else str(value)


def as_number(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


@pytest.mark.parametrize("one", [one for one in known() if one.breaks], ids=lambda one: one.id)
def test_a_break_is_never_pooled_over(one: Indicator, region: Filled) -> None:
    [day] = [each.day for each in one.breaks]
    as_of = date(day.year, 12, 31)
    spells = region.truth.spells()
    found = work_out(one, spells, as_of, [], 730)
    exact = ["period_start", "period_end", "numerator", "denominator", "children"]
    assert found.select(exact).equals(oracle.work_out(one, spells, as_of, [], 730).select(exact))
    for row in found.to_pylist():
        assert (row["period_start"] < day) == (row["period_end"] < day)


def test_a_level_that_is_not_told_is_refused_in_python_too() -> None:
    nothing = pa.table({}, schema=None)
    with pytest.raises(StelselError, match="not told by municipality"):
        work_out(named("secure-length"), nothing, date(2026, 1, 1), ["municipality"])
