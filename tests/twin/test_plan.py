"""Plans and scenarios: what is impossible is refused, with all faults and a remedy."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stelsel.errors import StelselError
from stelsel.system.figures import best
from stelsel.twin import ensemble, run
from stelsel.twin.country.baseline import assumptions, baseline, closed_form
from stelsel.twin.country.ledger import CARE, ledgers
from stelsel.twin.country.nation import before_measures, inside, lost, nation
from stelsel.twin.plans.labels import write_plan
from stelsel.twin.plans.library import load
from stelsel.twin.plans.plan import Parameter, Plan, Step
from stelsel.twin.plans.scenario import FOLLOWED, Scenario
from stelsel.twin.plans.scenario_file import parse
from stelsel.twin.plans.switches import WHOLE
from stelsel.twin.runs.results import summarise
from stelsel.twin.world.network import grown, network
from stelsel.twin.world.people import places

BEDS = Parameter("beds", 10, "places", "assumed", "test", 8, 12)


def test_every_parameter_of_the_baseline_has_a_source_and_assumptions_a_range() -> None:
    plan = baseline()
    for parameter in plan:
        assert parameter.source
        if parameter.kind == "assumed":
            assert parameter.low is not None
            assert parameter.high is not None
            assert parameter.low <= parameter.value <= parameter.high


def test_the_closed_form_balances_requests_and_starts() -> None:
    """Who reaches a list less who leaves it is who starts: inflow to outflow, per form and year."""
    plan, paths = closed_form(), nation().paths
    given = {p.name: p.value for p in plan}
    sent = plan.family("referrer")
    assert sum(sent.values()) == pytest.approx(1)
    asked, by_team = {}, 0.0
    solved = plan["access.solved"].series(date(2019, 7, 1), 1)[0] * sent["municipality"]
    for slug in CARE:
        if slug == "local-team":
            continue
        whole = plan[f"demand[{slug}]"].series(date(2019, 1, 1), 365).mean()
        asked[slug] = whole * (1 - solved)
        by_team += whole * solved
    asked["local-team"] = by_team
    for slug, outside in asked.items():
        within = inside(slug, {**paths, **before_measures()}, given).reshape(-1, 2).sum(axis=1)[4]
        starts = paths[slug].started.reshape(-1, 2).sum(axis=1)[4]
        reached = (outside + within) * (1 - lost(slug, given))
        assert reached == pytest.approx(starts, rel=0.1), slug


def test_the_wait_for_a_foster_family_follows_from_who_waits() -> None:
    """Little's law: 873 children waited at the end of 2021; so many join the list in a day."""
    last = date(2021, 12, 31)
    waiting = best("foster_children_waiting", "waiting for foster family", last, last).value
    started = ledgers()["foster-care"].of_year(2021)[0]
    plan = baseline()
    a_day = started / (1 - plan.value("withdrawn[foster-care]")) / 365
    assert plan.value("wait[foster-care]") == pytest.approx(waiting / a_day, rel=0.1)


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
                    "parameter": "withdrawn[ambulatory]",
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


def changes(*items: dict[str, Any]) -> Scenario:
    common = {"since": date(2021, 6, 1), "source": "test"}
    listed = [common | item for item in items]
    return parse({"name": "x", "title": "x", "changes": listed}, "x.yaml")


@pytest.mark.parametrize(
    "content",
    [
        "multiply: .nan\n   since: 2022-01-01",
        "multiply: .inf\n   since: 2022-01-01",
        f"multiply: 1{'0' * 400}\n   since: 2022-01-01",
        "multiply: 2\n   since: 2022-02-30",
        "multiply: 2\n   since: 2022-01-01 10:00:00",
        "multiply: 2\n   since: 2022-01-01\n   fully_by: 2022-02-01 10:00:00",
        "[" * 20_000,
    ],
    ids=["nan", "inf", "huge", "no day", "moment", "until a moment", "deep"],
)
def test_odd_values_of_a_scenario_file_are_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "scenario.yaml"
    start = "name: a\ntitle: b\nchanges:\n - parameter: capacity[ambulatory]\n   source: s\n   "
    file.write_text(start + content + "\n", encoding="utf-8")
    with pytest.raises(StelselError):
        load(file)


def test_a_name_too_long_for_a_file_is_refused() -> None:
    with pytest.raises(StelselError, match="Is neither"):
        load("x" * 300)


@pytest.mark.parametrize(
    "name",
    ["exit[client-stopped]", "wait[ambulatory]", "duration.longest", "pace[day-help]"],
)
def test_what_a_change_would_not_reach_is_refused(name: str) -> None:
    with pytest.raises(StelselError, match="Cannot be changed"):
        changes({"parameter": name, "multiply": 1.01}).applied(baseline())


def arrays(net: object) -> list[np.ndarray[Any, Any]]:
    """All arrays of a network, those of its parts too."""
    if isinstance(net, tuple):
        return [array for part in net for array in arrays(part)]
    return [np.asarray(net)]


def test_what_a_scenario_may_change_the_twin_follows() -> None:
    """Each family, changed, gives other arrays to the kernel, or another cost."""
    first, where, plan = date(2021, 1, 1), places("JZ15"), baseline()
    before = arrays(network(plan, where, first, 200))
    once = run(plan, "JZ15", 200 / 365.25, first=first)
    spent = summarise(once).values
    large = {"age.limit": 400, "term": 400, "policy.hand_over": 400, "foster.choice": 9}
    exact = {"policy.one_list": 1, "policy.push": 1, "on": 0}
    for family in FOLLOWED:
        found = False
        for name in (p.name for p in plan if p.name.split("[")[0] == family):
            if name in {f"on[{part}]" for part in WHOLE}:
                continue  # not during a run: tests/twin/test_switches.py
            size = {**large, **exact}.get(family, 0.37)
            after = changes({"parameter": name, "set": size}).on(plan)
            other = arrays(network(after, where, first, 200))
            pairs = zip(before, other, strict=True)
            found = not all(a.shape == b.shape and (a == b).all() for a, b in pairs)
            if not found:
                paid = summarise(replace(once, plan=after)).values
                found = not np.array_equal(paid, spent, equal_nan=True)
            if found:
                break
        assert found, family


def test_a_referrer_that_sends_more_leaves_the_others_in_proportion() -> None:
    more = {"parameter": "referrer[municipality]", "multiply": 1.25, "since": date(2020, 1, 1)}
    plan, where, first = baseline(), places("JZ15"), date(2021, 1, 1)
    a, b = (
        np.diff(network(p, where, first, 10).referrer_reached[0], prepend=0.0)
        for p in (plan, changes(more).applied(plan))
    )
    assert b.sum() == pytest.approx(1)
    assert b[0] / b[1] == pytest.approx(1.25 * a[0] / a[1])
    assert (b[2:] / b[1]).tolist() == pytest.approx((a[2:] / a[1]).tolist())


@pytest.mark.parametrize(
    "items",
    [
        ({"add": 0.4, "parameter": "access.solved"}, {"add": 0.4, "parameter": "access.solved"}),
        ({"set": 1e9, "parameter": "growth"}, {"multiply": 2, "parameter": "growth"}),
    ],
)
def test_changes_that_together_go_too_far_are_refused(items: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(StelselError, match="Would become"):
        changes(*items).applied(baseline())


def test_growth_is_compounded_day_by_day_from_the_year_it_was_counted() -> None:
    first, step = date(2021, 1, 1), date(2023, 1, 1)
    plan = changes({"parameter": "growth", "set": 1.1, "since": step}).applied(
        baseline({"growth": 1.02})
    )
    series = grown(plan, first, 2000)
    turn = (step - first).days
    assert series[0] == 1
    assert series[turn] == pytest.approx(1.02 ** (turn / 365.25))  # no jump on the day itself
    assert series[turn + 365] == pytest.approx(series[turn] * 1.1 ** (365 / 365.25))
    for later in (date(2022, 3, 1), date(2024, 7, 1)):  # a run that begins later sees the same
        ahead = (later - first).days
        assert grown(plan, later, 300) == pytest.approx(series[ahead : ahead + 300])
    early = grown(baseline({"growth": 1.02}), date(2020, 1, 1), 400)
    assert early[0] == pytest.approx(1.02 ** (-366 / 365.25))
    assert early[366] == pytest.approx(1)


def test_a_change_is_checked_on_later_anchors_too() -> None:
    """Places of a form that shrinks: what can be taken away in January cannot a year later."""
    plan = baseline()
    falling = next(
        p
        for p in plan
        if p.dated and p.dated[-1][1] < p.value - 2 and p.name != "capacity[foster-care]"
    )
    less = -(falling.value + falling.dated[-1][1]) / 2
    with pytest.raises(StelselError, match="Would become"):
        changes({"parameter": falling.name, "add": less}).applied(plan)


def test_a_change_that_fits_the_plan_runs_on_every_draw() -> None:
    most = assumptions()["complex[secure-care]"].high or 0.0
    scenario = changes({"parameter": "complex[secure-care]", "multiply": 1.5})
    plan = scenario.on(baseline({"complex[secure-care]": most}))
    assert most * 1.5 > 1
    assert plan["complex[secure-care]"].series(date(2021, 6, 1), 1)[0] == 1
    draws = ensemble([scenario], "JZ15", 0.05, 12)
    assert draws.replications == 12


def test_a_scenario_that_is_not_there() -> None:
    with pytest.raises(StelselError, match="more-ambulatory-places"):
        load("nowhere.yaml")
