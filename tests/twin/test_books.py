"""The books of a run agree with its summary and with each other."""

from __future__ import annotations

import pytest

from stelsel.twin import baseline, run
from stelsel.twin.parts.staff import staffed
from stelsel.twin.plans.plan import Parameter
from stelsel.twin.plans.plan_file import PlanFile
from stelsel.twin.runs.books import books
from stelsel.twin.runs.results import summarise, summary_names
from stelsel.twin.services import services


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
