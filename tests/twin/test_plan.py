"""Plans and scenarios: what is impossible is refused, with all faults and a remedy."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from stelsel.errors import StelselError
from stelsel.twin.baseline import baseline
from stelsel.twin.labels import write_plan
from stelsel.twin.plan import Parameter, Plan, Step
from stelsel.twin.scenario import load, parse, shipped

BEDS = Parameter("beds", 10, "places", "assumed", "test", 8, 12)


def test_every_parameter_of_the_baseline_has_a_source_and_assumptions_a_range() -> None:
    plan = baseline()
    for parameter in plan:
        assert parameter.source
        if parameter.kind == "assumed":
            assert parameter.low is not None
            assert parameter.high is not None
            assert parameter.low <= parameter.value <= parameter.high


def test_the_baseline_balances_requests_and_starts() -> None:
    """Who reaches a list less who withdraws is who starts: inflow to outflow, per form."""
    plan = baseline()
    solved, sent = plan.value("access.solved"), plan.family("referrer")
    assert sum(sent.values()) == pytest.approx(1)
    demand = plan.family("demand")
    reached = {slug: n * (1 - sent["municipality"] * solved) for slug, n in demand.items()}
    reached["local-team"] = sum(demand.values()) * sent["municipality"] * solved
    for slug, outside in reached.items():
        ends = {other: plan.value(f"capacity[{other}]") for other in plan.family("capacity")}
        assert outside > 0, slug
        assert ends[slug] > 0


def test_all_faults_of_a_plan_at_once() -> None:
    with pytest.raises(StelselError) as error:
        Plan.of(
            [
                BEDS,
                BEDS,
                Parameter("share", 1.2, "share", "derived", "test"),
                Parameter("minus", -1, "days", "derived", "test"),
                Parameter("unsourced", 1, "days", "derived", ""),
                Parameter("loose", 1, "days", "assumed", "test"),
                Parameter("outside", 9, "days", "assumed", "test", 1, 2),
            ]
        )
    places = [fault.where for fault in error.value.faults]
    assert places == ["beds", "share", "minus", "unsourced", "loose", "outside"]


def test_steps_follow_one_another_and_compose() -> None:
    plan = Plan.of([BEDS]).changed(
        [
            ("beds", Step(date(2021, 1, 3), "multiply", 2.0)),
            ("beds", Step(date(2021, 1, 4), "add", 1.0)),
            ("beds", Step(date(2021, 1, 5), "set", 3.0)),
        ]
    )
    series = plan["beds"].series(date(2021, 1, 1), 6)
    assert series.tolist() == [10, 10, 20, 21, 3, 3]
    assert Plan.of([BEDS])["beds"].series(date(2021, 1, 1), 2).tolist() == [10, 10]


def test_a_gradual_step_grows_in_a_straight_line() -> None:
    grows = Step(date(2021, 1, 3), "multiply", 2.0, fully_by=date(2021, 1, 7))
    plan = Plan.of([BEDS]).changed([("beds", grows)])
    series = plan["beds"].series(date(2021, 1, 1), 9)
    assert series.tolist() == [10, 10, 10, 12.5, 15, 17.5, 20, 20, 20]


def test_between_anchors_runs_a_straight_line() -> None:
    beds = Parameter(
        "beds",
        0,
        "places",
        "derived",
        "test",
        since=date(2021, 1, 1),
        dated=((date(2021, 1, 11), 100.0),),
    )
    assert beds.series(date(2021, 1, 1), 12).tolist() == [*np.arange(0, 101, 10), 100]


def test_the_plan_is_written_in_full(tmp_path: Path) -> None:
    write_plan(baseline(), tmp_path / "plan.csv")
    with (tmp_path / "plan.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["parameter"] for row in rows} == set(baseline().parameters)
    for row in rows:
        for name in (
            "kind",
            "label_nl",
            "unit_nl",
            "source_nl",
            "label_en",
            "unit_en",
            "source_en",
        ):
            assert row[name], row
        assert row["label_nl"] != row["parameter"], "no label in parameters.csv"


def test_only_what_is_followed_by_the_day_may_grow() -> None:
    scenario = parse(
        {
            "name": "x",
            "title": "x",
            "changes": [
                {
                    "parameter": "wait[ambulatory]",
                    "multiply": 2,
                    "since": date(2022, 1, 1),
                    "fully_by": date(2022, 2, 1),
                    "source": "test",
                }
            ],
        },
        "x.yaml",
    )
    with pytest.raises(StelselError, match="at once only"):
        scenario.applied(baseline())


def test_shipped_scenarios_fit_the_baseline() -> None:
    for name in shipped():
        assert load(name).applied(baseline()).parameters.keys() == baseline().parameters.keys()


def test_an_unknown_parameter_is_named_with_its_neighbours() -> None:
    scenario = parse(
        {
            "name": "x",
            "title": "x",
            "changes": [
                {
                    "parameter": "capacity[ambulant]",
                    "multiply": 2,
                    "since": date(2022, 1, 1),
                    "source": "test",
                },
                {
                    "parameter": "access.solved",
                    "set": 1.4,
                    "since": date(2022, 1, 1),
                    "source": "test",
                },
            ],
        },
        "x.yaml",
    )
    with pytest.raises(StelselError) as error:
        scenario.applied(baseline())
    first, second = error.value.faults
    assert "capacity[ambulatory]" in first.remedy
    assert "1.4" in second.what


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[]", ["not a scenario"]),
        ("name: a\ntitle: b\nchange: []", ["change", "changes"]),
        ("title: b", ["name is missing"]),
        (
            "name: a\ntitle: b\nchanges:\n - parameter: x\n   multiply: 2\n   add: 1\n",
            ["exactly one", "since is not a date", "source is missing"],
        ),
        (
            "name: a\ntitle: b\nchanges:\n - parameter: x\n   set: many\n   since: 2022-01-01\n"
            "   source: s\n   kind: guessed\n",
            ["not a number", "guessed"],
        ),
        ("name: [", ["not valid YAML"]),
        (
            "name: a\ntitle: b\nchanges:\n - parameter: x\n   set: 1\n   since: 2022-01-01\n"
            "   fully_by: 2021-01-01\n   source: s\n",
            ["fully_by is not a date after since"],
        ),
    ],
)
def test_faults_of_a_scenario_file(tmp_path: Path, content: str, words: list[str]) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(StelselError) as error:
        load(file)
    for word in words:
        assert word in str(error.value)


def test_a_scenario_that_is_not_there() -> None:
    with pytest.raises(StelselError, match="more-ambulatory-places"):
        load("nowhere.yaml")
