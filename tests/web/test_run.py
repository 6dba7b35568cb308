"""A run folder is read, or refused with all that is wrong with it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import lxml.html
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stelsel.errors import StelselError
from stelsel.web.page import render
from stelsel.web.report import Report
from stelsel.web.run import FILES, read_run
from stelsel.web.sections import whatif
from stelsel.web.texts import Texts


def parse(page: str) -> Any:
    """Read HTML as a browser would."""
    return lxml.html.document_fromstring(page)


@pytest.fixture
def folder(run_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run_folder, tmp_path / "run"))


def test_a_run_is_read(folder: Path) -> None:
    run = read_run(folder)
    assert run.baseline.name == "baseline"
    assert [one.name for one in run.alternatives] == ["more-ambulatory", "stronger-teams"]
    assert (run.start, run.end, run.replications) == (date(2025, 1, 1), date(2027, 12, 31), 20)
    assert run.alternatives[0].changes[0].text["en"].startswith("Ten percent")
    assert {one.kind for one in run.plan} == {"measured", "derived", "assumed"}


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(StelselError, match=r"does not exist.*stelsel simulate --out"):
        read_run(tmp_path / "nothing")


@pytest.mark.parametrize("missing", [FILES[:1], FILES[1:3], FILES])
def test_every_missing_file_is_named(folder: Path, missing: tuple[str, ...]) -> None:
    for name in missing:
        (folder / name).unlink()
    with pytest.raises(StelselError) as caught:
        read_run(folder)
    assert [fault.what.partition(" ")[0] for fault in caught.value.faults] == list(missing)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "JSONDecodeError"),
        ("[]", "TypeError"),
        ("{}", "KeyError"),
        (None, "no scenario"),
    ],
)
def test_a_manifest_that_is_none(folder: Path, text: str | None, fault: str) -> None:
    file = folder / "manifest.json"
    if text is None:
        text = json.dumps(json.loads(file.read_text()) | {"scenarios": []})
    file.write_text(text)
    with pytest.raises(StelselError, match=rf"not that of a run.*{fault}"):
        read_run(folder)


def test_faults_of_several_files_come_together(folder: Path) -> None:
    (folder / "weekly.parquet").write_bytes(b"not Parquet")
    compare = pq.read_table(folder / "compare.parquet").drop_columns(["low", "unit"])
    pq.write_table(compare, folder / "compare.parquet")
    plan = (folder / "plan.csv").read_text().replace("assumed", "guessed", 1)
    (folder / "plan.csv").write_text(plan.replace("0.33", "a third"))
    with pytest.raises(StelselError) as caught:
        read_run(folder)
    said = [fault.what for fault in caught.value.faults]
    assert said == [
        "The file is no Parquet file.",
        "Column unit is missing.",
        "Column low is missing.",
        "The kind is not known.",
        "Since is no date, or value, low or high is no number.",
    ]


def test_one_replication_has_no_bands_and_says_so(
    folder: Path, reports: Callable[..., Report]
) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"replications": 1}))
    for name in ("weekly", "compare"):
        table = pq.read_table(folder / f"{name}.parquet")
        for column in ("low", "high"):
            place = table.column_names.index(column)
            empty = pa.nulls(table.num_rows, pa.float64())
            table = table.set_column(place, column, empty)
        pq.write_table(table, folder / f"{name}.parquet")
    document = parse(render(reports(run=folder, sizes={"02": 200})))
    said = " ".join(document.text_content().split())
    assert "er is maar één keer gesimuleerd" in said
    assert "geen duidelijk verschil" in said
    assert "kinderen minder dan zonder" not in said


def test_a_clear_effect_and_an_unclear_one_are_told_apart(
    folder: Path, reports: Callable[..., Report]
) -> None:
    rows = pq.read_table(folder / "compare.parquet").to_pylist()
    for row in rows:
        if row["form"] == "all" and row["measure"] == "waiting":
            low = -90.0 if row["scenario"] == "more-ambulatory" else -30.0
            row |= {"difference": -60.0, "low": low, "high": -30.0 if low == -90 else 5.0}
    schema = pq.read_table(folder / "compare.parquet").schema
    pq.write_table(pa.Table.from_pylist(rows, schema), folder / "compare.parquet")
    document = parse(render(reports(run=folder, sizes={"02": 200})))
    one, two = (
        " ".join(card.text_content().split())
        for card in document.xpath("//div[@lang='nl']//article")
    )
    assert "60 kinderen minder dan zonder die maatregel (80 %" in one
    assert "30 tot 90 minder)" in one
    assert "geen duidelijk verschil in het aantal wachtende kinderen: −60" in two
    assert "−30 tot +5" in two


def test_a_run_about_another_region_is_warned_of(
    folder: Path, reports: Callable[..., Report]
) -> None:
    t = Texts("nl")
    told = [
        whatif.build(reports(run=folder, regions=regions), t)
        for regions in ({"JZ07": "IJsselland"}, {"JZ01": "Groningen"})
    ]
    same, other = (one.warnings for one in told if one)
    assert same == []
    assert other == [
        "Let op: de lijsten hierboven gaan over Groningen, de simulatie over IJsselland."
    ]


def test_assumptions_come_widest_first(folder: Path, reports: Callable[..., Report]) -> None:
    document = parse(render(reports(run=folder, sizes={"02": 200})))
    (table,) = document.xpath("//div[@lang='en']//section[@class='sources']/div//table")
    shown = [row[0].text for row in table.xpath("./tbody/tr")]
    widths = {one.name: one.width for one in read_run(folder).plan if one.kind == "assumed"}
    assert [name.lower() for name in shown] == sorted(widths, key=lambda name: -widths[name])
