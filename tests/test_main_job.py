"""The main job from begin to end on a small region: figures, twin, messages, register, page."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable
from lxml import etree

from stelsel.monitor import waiting
from stelsel.register import Register

REGION, YEARS = "JZ20", 2  # Eemland: seven municipalities, quick enough for a test


def stelsel(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stelsel", *words], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("main") / "demo"
    done = stelsel(
        *("demo", "--region", REGION, "--years", str(YEARS), "--replications", "3"),
        *("--out", str(folder), "--no-serve"),
    )
    assert done.returncode == 0, done.stderr
    assert "Hulpvorm" in done.stdout  # the table of waits by form
    return folder


@pytest.fixture(scope="module")
def spells(demo: Path) -> pa.Table:
    return Register.open(demo / "register").spells()


@pytest.fixture(scope="module")
def truth(demo: Path) -> pa.Table:
    return pq.read_table(demo / "run" / "spells.parquet")


def messages(demo: Path) -> Iterator[tuple[str, bytes]]:
    for archive in sorted((demo / "messages").rglob("*.zip")):
        with zipfile.ZipFile(archive) as opened:
            for name in opened.namelist():
                yield name, opened.read(name)


def test_everything_is_there(demo: Path) -> None:
    for name in (
        *("register/events", "indicators/waiting.csv", "indicators/waiting.parquet"),
        *("run/manifest.json", "run/compare.csv", "report.html"),
    ):
        assert (demo / name).exists(), name
    assert len(list((demo / "messages").rglob("*.zip"))) > 12


@pytest.mark.shared
def test_every_message_written_passes_the_official_schemas(demo: Path, shared: Path) -> None:
    schemas: dict[str, etree.XMLSchema] = {}
    seen: dict[str, int] = {}
    for name, content in messages(demo):
        kind = name.rsplit("/", 1)[-1][:5].lower()
        if kind not in schemas:
            schemas[kind] = etree.XMLSchema(etree.parse(shared / "ijw" / "xsd" / f"{kind}.xsd"))
        schemas[kind].assertValid(etree.fromstring(content))
        seen[kind] = seen.get(kind, 0) + 1
    assert set(seen) == {"jw301", "jw305", "jw307", "jw315", "jw319"}
    assert min(seen.values()) > 100


def test_taking_the_messages_in_again_changes_nothing(demo: Path) -> None:
    register = Register.open(demo / "register")
    version = DeltaTable(demo / "register" / "events").version()
    rows = register.events().num_rows
    again = register.ingest([demo / "messages"])
    assert (again.new, again.set_aside) == (0, 0)
    assert again.known == again.read == sum(1 for _ in messages(demo))
    assert DeltaTable(demo / "register" / "events").version() == version
    assert Register.open(demo / "register").events().num_rows == rows


DAYS = [date(2021, 1, 1) + timedelta(61 * n) for n in range(12)] + [date(2022, 12, 31)]


@pytest.mark.parametrize("day", DAYS, ids=date.isoformat)
def test_the_monitor_finds_what_the_twin_knows(
    day: date, spells: pa.Table, truth: pa.Table
) -> None:
    """From the messages alone: the number waiting exactly, the median within its interval."""
    found = {row["form"]: row for row in waiting(spells, day).to_pylist()}
    known = {row["form"]: row for row in waiting(truth, day).to_pylist()}
    assert found.keys() == known.keys()
    for form, row in known.items():
        assert found[form]["waiting"] == row["waiting"], form
        assert found[form]["in_care"] == row["in_care"], form
        median, low, high = (
            row["median_days"],
            found[form]["median_low"],
            found[form]["median_high"],
        )
        if median is not None:
            assert low is None or low <= median, form
            assert high is None or median <= high, form


def test_the_median_holds_against_waits_that_ran_to_their_end(
    spells: pa.Table, truth: pa.Table
) -> None:
    """Waits that began in 2021 have nearly all ended by the end of 2022: their plain median."""
    end = date(2021, 12, 31)
    found = {row["form"]: row for row in waiting(spells, end).to_pylist()}
    for form, row in found.items():
        waits = sorted(
            (wait["end"] - wait["start"]).days
            for wait in truth.to_pylist()
            if wait["station"].startswith("wait-")
            and wait["form"] == form
            and date(2021, 1, 1) <= wait["start"] <= end
            and wait["exit"] == "served"
        )
        if len(waits) < 200:
            continue
        plain = waits[len(waits) // 2]
        # Those who withdrew would have waited longer, so the plain median of the served lies low.
        assert row["median_low"] * 0.8 - 5 <= plain <= row["median_high"] * 1.2 + 5, form


def test_the_page_holds_no_child(demo: Path, truth: pa.Table) -> None:
    page = (demo / "report.html").read_text(encoding="utf-8")
    assert "<svg" in page
    for child in truth["child"].slice(0, 200).to_pylist():
        assert child not in page


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    done = stelsel("demo", "--region", REGION, "--out", str(tmp_path), "--no-serve")
    assert done.returncode == 2
    assert "thesis.txt" in done.stderr
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "mine"
