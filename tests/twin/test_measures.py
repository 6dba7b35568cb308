"""What each scenario of a measure moves, and which way: ``measures.csv``, for anyone to dispute."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from stelsel.twin import baseline, load, run
from stelsel.twin.layout import MEASURES
from stelsel.twin.parts.foster.layout import MEASURES as FAMILIES
from stelsel.twin.plans.library import shipped
from stelsel.twin.runs.books import books
from stelsel.twin.runs.run import Run
from stelsel.twin.services import number, services

REGION, FIRST, YEARS = "JZ07", date(2022, 1, 1), 3
ROWS = list(csv.DictReader((Path(__file__).parent / "measures.csv").open(encoding="utf-8")))
NOTHING_TO_SEE = {"M14"}
"""Changes nothing by itself, and says so."""


@cache
def world(name: str) -> tuple[Run, dict[str, pa.Table]]:
    plan = load(name).on(baseline()) if name else baseline()
    once = run(plan, REGION, YEARS, 7, FIRST)
    return once, books(once)


def total(name: str, row: dict[str, str]) -> float:
    """Sum over the weeks (or years) of the run of what a row is about; of waits nine in ten."""
    once, tables = world(name)
    if row["book"] == "waits":
        v = once.visits[
            (once.visits["service"] == number(row["of"])) & (once.visits["started"] > 0)
        ]
        v = v[v["started"] < once.days]
        return float(np.quantile(v["started"] - v["arrived"], 0.9))
    if row["book"] == "services":
        counts = once.counts.sum(axis=2).reshape(len(once.counts), len(services()), -1)
        return float(counts[:, number(row["of"]), MEASURES.index(row["measure"])].sum())
    table = tables[row["book"]]
    if row["of"] != "all":
        column = "region" if row["book"] == "families" else "service"
        table = table.filter(pc.equal(table[column], row["of"]))
    return float(pc.sum(table[row["measure"]]).as_py())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['scenario']}-{row['measure']}")
def test_a_measure_moves_what_it_is_about_the_way_it_should(row: dict[str, str]) -> None:
    before, after = total("", row), total(row["scenario"], row)
    assert after < before if row["way"] == "falls" else after > before


def test_fewer_families_stop_when_they_are_kept() -> None:
    """M24: some eight of 117 in a run, and as many either way by chance; so over twelve runs."""
    stopped, plan = FAMILIES.index("stopped"), baseline()
    before, after = (
        sum(
            int(run(p, REGION, YEARS, seed, FIRST).homes.counts[:, :, stopped].sum())
            for seed in range(12)
        )
        for p in (plan, load("M24").on(plan))
    )
    assert 0.84 * before < after < 0.99 * before


def test_every_scenario_says_what_it_moves() -> None:
    assert {row["scenario"] for row in ROWS} | NOTHING_TO_SEE == set(shipped())


def test_a_small_effect_is_small_in_all_that_it_changes() -> None:
    """M07: the places that come for once are those that go; M16: who stays away is light."""
    money, scope = load("M07"), load("M16")
    for replication in range(1, 40):
        first, *_, last = (c.step.number for c in money.drawn(5, replication).changes)
        assert first * last == pytest.approx(1, abs=0.003)
        fewer, *_, complexer = (c.step.number for c in scope.drawn(5, replication).changes)
        low, high = (0.93 - 0.85) / 0.14, (complexer - 1.01) / 0.14
        assert ((fewer < 0.93) == (complexer > 1.07)) or abs(low - high) < 1
    small, large = (scope.sized({"M16: scope": place}).changes for place in (1.0, 0.0))
    numbers = np.array([[c.step.number for c in one] for one in (small, large)])
    assert (numbers[:, 0] == [0.99, 0.85]).all()
    assert (numbers[:, -1] == [1.01, 1.15]).all()
