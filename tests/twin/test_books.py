"""The books of a run agree with its summary and with each other."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.twin import Ensemble, baseline, ensemble, load, run
from stelsel.twin.layout import PROVIDER_FELL
from stelsel.twin.parts.staff import staffed
from stelsel.twin.plans.plan import Parameter
from stelsel.twin.plans.plan_file import PlanFile
from stelsel.twin.runs.books import BOOKS, books
from stelsel.twin.runs.output import RUNS, write
from stelsel.twin.runs.results import summarise, summary_names
from stelsel.twin.services import services

FALLS = "provider-falls@2021-02-01"


def test_cost_is_the_same_in_money_budget_and_summary() -> None:
    once = run(region="JZ15", years=1.5)
    tables = books(once)
    name = dict(zip((s.slug for s in services()), summary_names(), strict=False))
    told = {
        (service, period.first.year): value
        for (service, measure, period), value in zip(
            summarise(once).rows, summarise(once).values, strict=True
        )
        if measure == "cost"
    }
    by_year: dict[int, float] = {}
    for row in tables["money"].to_pylist():
        assert told[name[row["service"]], row["year"]] == pytest.approx(row["cost"])
        by_year[row["year"]] = by_year.get(row["year"], 0.0) + row["cost"]
    assert set(by_year) == {2021, 2022}
    for row in tables["budget"].to_pylist():
        assert row["cost"] == pytest.approx(by_year[row["year"]])
    weeks = -(-once.days // 7)
    assert tables["families"].num_rows == weeks
    assert set(tables["staff"]["service"].to_pylist()) <= set(staffed(once.plan))
    assert tables["staff"].num_rows % weeks == 0


def test_a_part_that_is_off_has_no_books() -> None:
    off = [Parameter(f"on[{x}]", 0, "factor", "derived", "test") for x in ("foster", "staff")]
    plan = PlanFile("off", tuple(off)).applied(baseline())
    tables = books(run(plan, "JZ15", 0.2))
    assert sorted(tables) == ["budget", "money"]


def fallen(keep: Path | None = None) -> Ensemble:
    return ensemble([load(FALLS)], "JZ07", 0.4, 2, keep=keep, figures=True)


def test_the_books_are_written_for_each_scenario_and_read_back_where_they_were_kept(
    tmp_path: Path,
) -> None:
    result = fallen(tmp_path / RUNS)
    write(result, tmp_path)
    tables = {name: pq.read_table(tmp_path / f"{name}.parquet") for name in BOOKS}
    for name in set(BOOKS) - {"falls"}:
        assert set(tables[name]["scenario"].to_pylist()) == {"baseline", FALLS}
    alone = books(run(load(FALLS).on(baseline()), "JZ07", 0.4))
    for name, table in tables.items():
        mine = table.filter(pc.equal(table["scenario"], FALLS)).drop_columns("scenario")
        assert mine.to_pylist() == alone[name].to_pylist()
    before = {file: file.read_bytes() for file in (tmp_path / RUNS).rglob("*.parquet")}
    write(fallen(tmp_path / RUNS), tmp_path)  # nothing is done twice
    assert before == {file: file.read_bytes() for file in (tmp_path / RUNS).rglob("*.parquet")}
    for name, table in tables.items():
        assert pq.read_table(tmp_path / f"{name}.parquet") == table
    lost = next(file for file in before if file.name == "0000.falls.parquet")
    lost.unlink()
    fallen(tmp_path / RUNS)  # but what is not there any more is
    assert lost.read_bytes() == before[lost]
    write(ensemble(region="JZ15", years=0.1, figures=True), tmp_path)
    assert not (tmp_path / "falls.parquet").exists()  # of another run


def test_of_the_children_of_a_provider_that_fell_each_is_somewhere() -> None:
    once = run(load(FALLS).on(baseline()), "JZ07", 0.4)
    (row,) = books(once)["falls"].to_pylist()
    assert (row["region"], row["service"], row["provider"]) == ("JZ07", "residential", 1)
    assert row["children"] == int((once.visits["exit"] == PROVIDER_FELL).sum()) > 50
    went = ("at_once", "after_waiting", "still_waiting", "left")
    assert sum(row[name] for name in went) == row["children"]
    asked = ["simulate", "--region", "JZ07", "--years", "0.4", "--scenario", FALLS, "--json"]
    told = json.loads(CliRunner().invoke(app, asked).stdout)
    (fall,) = (one for one in told if one["measure"] == "after_fall")
    assert fall["value"] == row["children"]
    assert fall["period_start"] == "2021-02-01"
    assert {name: fall[name] for name in went} == {name: row[name] for name in went}
