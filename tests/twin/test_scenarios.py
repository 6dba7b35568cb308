"""The library of scenarios: one or more for each measure, each fits the plan and does something."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.errors import StelselError
from stelsel.system.letters import letters
from stelsel.twin import baseline, ensemble, load, run
from stelsel.twin.layout import IN_CARE
from stelsel.twin.plans.library import shipped
from stelsel.twin.plans.measures import pages
from stelsel.twin.plans.plan_file import NOTHING
from stelsel.twin.plans.scenario import BASELINE, FOLLOWED, Scenario, composed
from stelsel.twin.runs.run import Run
from stelsel.twin.runs.task import Task, perform, plan_of
from stelsel.twin.services import number
from stelsel.twin.world.network import network
from stelsel.twin.world.people import places

jsonschema = pytest.importorskip("jsonschema")

MEASURES = [f"M{number:02d}" for number in range(1, 26)]
READY = sorted(shipped())


def test_every_measure_has_a_scenario_of_its_name() -> None:
    every = {name: load(name) for name in shipped()}
    assert set(MEASURES) <= set(every)
    for name, scenario in every.items():
        assert scenario.name == name
        assert set(scenario.letter.split(", ")) <= set(letters())
        if re.match(r"M\d\d", name):
            assert scenario.measure == name[:3]
            assert all(scenario.shows)
            assert all(scenario.cannot)
        for change in scenario.changes:
            assert change.source_nl != change.source_en
            assert change.text_nl != change.text_en
            if re.match(r"M\d\d", name) and change.kind == "assumed" and change.step.how != "set":
                assert change.low is not None, f"{name}: {change.parameter} has no range"


@cache
def usual(first: date) -> Run:
    return run(baseline(), "JZ07", 2.5, 7, first)


def same(name: str) -> bool:
    """Whether a region runs in a scenario as it does in the baseline; until it begins it must."""
    scenario = load(name)
    days = [change.step.since for change in scenario.changes] + [f.day for f in scenario.falls]
    first = date(min(days).year, 1, 1)
    a, b = usual(first), run(scenario.on(baseline()), "JZ07", 2.5, 7, first)
    books = [(a.counts, b.counts), (a.homes.counts, b.homes.counts), (a.crew.counts, b.crew.counts)]
    quiet = (min(days) - first).days // 7
    assert all(np.array_equal(x[:quiet], y[:quiet]) for x, y in books)
    return all(np.array_equal(x, y) for x, y in books)


@pytest.mark.parametrize("name", READY)
def test_each_fits_the_plan_and_changes_only_what_it_names(name: str) -> None:
    plan = baseline()
    scenario = load(name)
    after = scenario.applied(plan)
    changed = {p.name for p in plan if after[p.name] != p}
    assert changed == {change.parameter for change in scenario.changes}
    assert after.falls == scenario.falls
    assert {name.partition("[")[0] for name in changed} <= set(FOLLOWED)


@pytest.mark.parametrize("name", shipped())
def test_each_file_fits_the_schema(name: str) -> None:
    content = yaml.load(shipped()[name].read_text("utf-8"), _Days)
    jsonschema.validate(content, schema("scenario"))


class _Days(yaml.SafeLoader):
    """Leaves days as text, as JSON has them."""


_Days.yaml_implicit_resolvers = {
    key: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for key, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def schema(group: str) -> dict[str, object]:
    result = CliRunner().invoke(app, [group, "schema"])
    assert result.exit_code == 0
    made = json.loads(result.output)
    assert isinstance(made, dict)
    return made


@pytest.mark.parametrize("group", ["plan", "scenario"])
def test_the_schemas_in_the_documents_are_those_of_the_commands(group: str, project: Path) -> None:
    written = (project / f"docs/reference/{group}-schema.json").read_text("utf-8")
    assert json.loads(written) == schema(group)


def test_scenarios_compose() -> None:
    both = load("more-ambulatory-places+stronger-local-teams")
    one, other = load("more-ambulatory-places"), load("stronger-local-teams")
    assert both.changes == one.changes + other.changes
    plan = baseline()
    assert both.applied(plan) == other.applied(one.applied(plan))
    assert composed([one]) is one
    assert both.measure == "M07+M15"


def test_a_scenario_can_be_moved_in_time() -> None:
    usual = load("more-ambulatory-places")
    moved = load("more-ambulatory-places@2026-01-01")
    (old,), (new,) = usual.changes, moved.changes
    assert (new.step.since, new.step.fully_by) == (date(2026, 1, 1), date(2026, 12, 31))
    assert new.step.number == old.step.number
    with pytest.raises(StelselError, match="is no date"):
        load("more-ambulatory-places@spring")


def test_an_effect_is_drawn_in_its_range_and_alike_alone_and_in_company() -> None:
    alone, together = load("M18"), load("M16+M18")

    def sizes(scenario: Scenario, replication: int) -> list[float]:
        drawn = scenario.drawn(7, replication)
        return [c.step.number for c in drawn.changes if c.origin == "M18"]

    assert sizes(alone, 0) == [0.9] * 3
    for replication in range(1, 30):
        size = sizes(alone, replication)
        assert size == sizes(together, replication)
        assert len(set(size)) == 1  # one effect: alike for every form
        assert 0.8 <= size[0] <= 1.0
    assert len({sizes(alone, n)[0] for n in range(1, 30)}) == 29


def test_a_replication_runs_on_the_size_that_it_drew() -> None:
    scenario = load("M18")
    task = Task("JZ15", 1, date(2021, 1, 1), 7, scenario, 3, NOTHING)
    plan = plan_of(task)
    drawn = scenario.drawn(7, 3).changes[0]
    later = plan["duration[ambulatory]"].series(date(2022, 6, 1), 1)[0]
    before = plan["duration[ambulatory]"].series(date(2021, 6, 1), 1)[0]
    assert later / before == pytest.approx(drawn.step.number)


NOTHING_TO_SEE = {"M14"}
"""Changes nothing by itself, and says so."""


@pytest.mark.parametrize("name", [n for n in READY if n not in NOTHING_TO_SEE])
def test_each_does_something_in_a_small_region(name: str) -> None:
    """In the years after it begins; until then it is the baseline."""
    assert not same(name)


def test_supervision_alone_changes_nothing() -> None:
    a, b = (perform(Task("JZ15", 1, date(2021, 1, 1), 7, w, 0)) for w in (BASELINE, load("M14")))
    assert np.array_equal(a.values, b.values, equal_nan=True)
    assert load("M14").target


def test_shorter_help_shortens_the_wait() -> None:
    result = ensemble([load("M18")], "JZ15", 3, 1)
    rows = result.summaries[0][0].rows
    place = next(
        n
        for n, (form, name, period) in enumerate(rows)
        if (form, name, period.first, period.last)
        == ("02", "wait_days", date(2023, 1, 1), date(2023, 12, 31))
    )
    assert result.values(1)[0, place] < result.values(0)[0, place]


def test_the_commands_list_and_show() -> None:
    runner = CliRunner()
    listed = json.loads(runner.invoke(app, ["scenario", "list", "--json"]).output)
    assert [row["name"] for row in listed] == list(shipped())
    shown = json.loads(runner.invoke(app, ["scenario", "show", "M18", "--json"]).output)
    assert shown["changes"][0]["multiply"] == 0.9
    assert shown["cannot_nl"]
    text = " ".join(runner.invoke(app, ["scenario", "show", "M18"]).output.split())
    assert "maal 0.9 vanaf 2022-01-01" in text
    assert "Kan niet laten zien" in text


def test_the_pages_of_the_measures_are_those_of_the_scenarios(project: Path) -> None:
    folder = project / "docs" / "explanation" / "measures"
    written = {file.name: file.read_text("utf-8") for file in folder.iterdir()}
    assert written == pages(), "make them anew with: make reference"
    assert {f"{measure}.md" for measure in MEASURES} <= set(written)


def test_only_the_service_of_a_provider_that_falls_gains_or_loses_places() -> None:
    plan = load("provider-falls").on(baseline())
    net = network(plan, places("JZ07"), date(2022, 1, 1), 400)
    assert len(net.falls.day) == 2
    fallen = number("residential")
    assert set(net.stations["service"][net.falls.station].tolist()) == {fallen}
    a, b = (run(p, "JZ07", 1, 7, date(2022, 1, 1)) for p in (baseline(), plan))
    k = number("local-team")
    weeks = [r.counts.sum(axis=2).reshape(len(r.counts), -1, 6)[:, k] for r in (a, b)]
    assert (weeks[1][-1, IN_CARE] - weeks[0][-1, IN_CARE]) <= 5  # no places out of nothing


def test_closing_secure_places_opens_small_scale_ones() -> None:
    closing = load("M20").on(baseline())
    a, b = (run(plan, "JZ07", 6, 7, date(2022, 1, 1)) for plan in (baseline(), closing))

    def begun(once: Run, slug: str) -> int:
        v = once.visits
        return int(((v["service"] == number(slug)) & (v["started"] < once.days)).sum())

    assert begun(b, "small-scale") > begun(a, "small-scale")
    assert begun(b, "secure-care") < begun(a, "secure-care")
