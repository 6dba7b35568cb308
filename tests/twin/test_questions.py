"""Questions, against cases whose answer is known: queueing formulas, made-up games, two folders."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from itertools import permutations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.errors import StelselError
from stelsel.twin import baseline, ensemble, load
from stelsel.twin.examination.formulas import erlang_c
from stelsel.twin.plans.scenario import BASELINE, Scenario
from stelsel.twin.questions import (
    Asking,
    between_worlds,
    between_years,
    quantity,
    seek,
    sensitivity,
    shapley,
    target,
)
from stelsel.twin.questions.comparing import carried_by, compare
from stelsel.twin.questions.explaining import UNDER_WAY, cause_of
from stelsel.twin.questions.seeking import bisect
from stelsel.twin.questions.sensing import assumptions
from stelsel.twin.runs.output import compare_table, write
from stelsel.twin.runs.results import summarise
from stelsel.twin.runs.run import run
from stelsel.twin.runs.task import Held, Task, plan_of
from tests.twin.networks import execute, exponential, network

Numbers = npt.NDArray[np.float64]
SMALL = Asking("JZ15", 1, 2, seed=7)


# What a question is about


def test_a_quantity_is_that_of_the_summary() -> None:
    once = run(region="JZ15", years=2)
    summary = summarise(once)
    v = once.visits[(once.visits["service"] == 1) & (once.visits["started"] < once.days)]
    late = v[v["started"] >= 365]
    waits = (late["started"] - late["arrived"]).astype(float)
    assert quantity("wait[ambulatory]").of(summary) == pytest.approx(waits.mean())
    assert quantity("started[ambulatory]").of(summary) == len(late)
    early = v[(v["started"] >= 0) & (v["started"] < 365)]
    assert quantity("started[ambulatory]").of(summary, 2021) == len(early)
    ranked = np.sort(waits)
    assert quantity("wait[ambulatory] p80").of(summary) == ranked[-(-len(ranked) * 8 // 10) - 1]
    with pytest.raises(StelselError, match="no year 2030"):
        quantity("waiting[all]").of(summary, 2030)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("wait[ambulant] mean <= 5 days", "ambulant is not known"),
        ("weight[ambulatory] <= 5 days", "weight is not known"),
        ("wait[ambulatory] p81 <= 5 days", "has no p81"),
        ("waiting[ambulatory] p80 <= 5", "has no p80"),
        ("wait[ambulatory] p80", "with a limit"),
        ("wait ambulatory < 5", "with a limit"),
        ("", "with a limit"),
    ],
)
def test_what_is_no_target_is_refused(text: str, what: str) -> None:
    with pytest.raises(StelselError, match=what):
        target(text)


# How much does it take


@pytest.mark.parametrize(("use", "least"), [(0.95, 22), (0.98, 25)])
def test_seeking_places_finds_what_erlang_c_says(use: float, least: int) -> None:
    """M/M/c: a mean wait that ``least`` places give by the formula, and one fewer do not."""
    places, mean, days = 20, 50.0, 60_000
    load_ = use * places
    enough, too_few = (erlang_c(c, load_ / c, mean) for c in (least, least - 1))
    limit = float(np.sqrt(enough * too_few))

    def measure(pairs: Sequence[tuple[int, float]]) -> list[float]:
        return [waited(round(factor * places), r) for r, factor in pairs]

    def waited(servers: int, seed: int) -> float:
        net = network(
            days,
            places=[servers],
            rate=[load_ / mean],
            quantiles=exponential(mean)[None, :],
            classes=1,
            draw_class=False,
            leaves=np.zeros(1),
            solved=np.zeros(1),
        )
        visits, _ = execute(net, days, seed)
        begun = visits[(visits["started"] < days) & (visits["arrived"] > days // 10)]
        return float((begun["started"] - begun["arrived"]).mean())

    found = bisect(measure, target(f"wait[all] mean <= {limit} days"), 0.5, 3, 2, 0.01)
    assert [round(factor * places) for factor in found] == [least, least]


def test_bisection_tells_what_is_met_and_what_is_out_of_reach() -> None:
    want = target("wait[all] mean <= 10 days")
    waits = [lambda f: 5 / f, lambda f: 50 / f, lambda f: 20 / f, lambda f: 4 * f * f + 8]

    def measure(pairs: Sequence[tuple[int, float]]) -> list[float]:
        return [waits[r](factor) for r, factor in pairs]

    met, out, up, down = bisect(measure, want, 0.5, 3, 4, 1e-6)
    assert met == 1
    assert np.isnan(out)
    assert up == pytest.approx(2, abs=1e-5)
    assert down == pytest.approx(np.sqrt(0.5), abs=1e-5)
    at_least = target("started[all] >= 100 episodes")
    (found,) = bisect(lambda pairs: [80 * f for _, f in pairs], at_least, 0.5, 3, 1, 1e-6)
    assert found == pytest.approx(1.25, abs=1e-5)


def test_with_what_was_found_the_target_is_met_and_with_less_it_is_not() -> None:
    want = target("waiting[ambulatory] <= 60 children")
    found = seek(want, ["capacity[ambulatory]"], SMALL)
    assert found.reached == 2
    assert all(want.met(value) for value in found.then)
    assert not any(want.met(value) for value in found.now)
    assert found.levers == {
        "capacity[ambulatory]": baseline()["capacity[ambulatory]"].series(date(2021, 1, 1), 1)[0]
    }
    low, high = found.band
    assert low is not None
    assert high is not None
    assert low <= found.factor <= high


def test_what_cannot_be_sought_is_refused() -> None:
    want = target("waiting[day-help] <= 60 children")
    with pytest.raises(StelselError, match="no parameter capacity"):
        seek(want, ["capacity[moon]"], SMALL)
    with pytest.raises(StelselError, match="Cannot be changed"):
        seek(want, ["wait[day-help]"], SMALL)
    with pytest.raises(StelselError, match="both sides of 1"):
        seek(want, ["capacity[day-help]"], SMALL, 1.2, 2)


# Why did it change


def slow_shapley(worth: dict[frozenset[str], float], causes: Sequence[str]) -> dict[str, float]:
    """Average over every order in which the causes may come."""
    orders = list(permutations(causes))
    found = dict.fromkeys(causes, 0.0)
    for order in orders:
        there: frozenset[str] = frozenset()
        for cause in order:
            found[cause] += (worth[there | {cause}] - worth[there]) / len(orders)
            there = there | {cause}
    return found


def test_shares_of_an_additive_case_are_its_terms() -> None:
    terms = {"demand": 12.0, "capacity": -5.0, "duration": 3.0, "priority": 0.0}
    found = shapley(lambda some: np.array([sum(terms[c] for c in some), 7.0]), list(terms))
    for cause, term in terms.items():
        assert found[cause].tolist() == pytest.approx([term, 0])


def test_shares_are_the_mean_over_all_orders_and_sum_to_the_whole() -> None:
    chance = np.random.default_rng(3)
    causes = ["a", "b", "c", "d"]
    worth: dict[frozenset[str], float] = {}
    for order in permutations(causes):
        for n in range(len(causes) + 1):
            worth.setdefault(frozenset(order[:n]), float(chance.normal()))
    found = shapley(lambda some: np.array([worth[some]]), causes)
    slow = slow_shapley(worth, causes)
    assert {c: v[0] for c, v in found.items()} == pytest.approx(slow)
    whole = worth[frozenset(causes)] - worth[frozenset()]
    assert sum(v[0] for v in found.values()) == pytest.approx(whole)


def test_a_change_of_one_cause_is_all_of_it() -> None:
    why = between_worlds(quantity("waiting[ambulatory]"), SMALL, load("M18@2021-02-01"))
    assert list(why.parts) == ["duration"]
    assert why.parts["duration"].tolist() == pytest.approx((why.after - why.before).tolist())
    assert (why.after < why.before).all()
    same = between_worlds(quantity("waiting[ambulatory]"), SMALL, BASELINE)
    assert same.parts == {}
    assert (same.after == same.before).all()


def test_shares_of_two_worlds_are_those_of_runs_in_every_order() -> None:
    """Two causes at once, against four runs of one's own."""
    one, other = load("M18@2021-02-01"), load("M16@2021-02-01")
    asked = quantity("waiting[ambulatory]")
    demand = [c for c in other.changes if cause_of(c.parameter) == "demand"]
    both = Scenario("both", "", "", changes=(*one.changes, *demand))
    why = between_worlds(asked, SMALL, both)
    worlds = {
        frozenset[str](): BASELINE,
        frozenset({"duration"}): one,
        frozenset({"demand"}): Scenario("demand", "", "", changes=tuple(demand)),
        frozenset({"duration", "demand"}): both,
    }
    for r in range(2):
        worth = {
            some: asked.of(SMALL.done([SMALL.task(r, world)])[0]) for some, world in worlds.items()
        }
        slow = slow_shapley(worth, ["demand", "duration"])
        assert {c: v[r] for c, v in why.parts.items()} == pytest.approx(slow)


def test_shares_of_two_years_sum_to_the_whole() -> None:
    asking = Asking("JZ15", 2, 2, seed=7)
    why = between_years(quantity("wait[residential] mean"), asking, 2021, 2022)
    assert UNDER_WAY in why.parts
    whole = why.after - why.before
    assert sum(why.parts.values()).tolist() == pytest.approx(whole.tolist())  # type: ignore[union-attr]
    with pytest.raises(StelselError, match="do not follow"):
        between_years(quantity("waiting[all]"), asking, 2022, 2021)


def test_what_is_held_stays_as_it_was() -> None:
    turn = date(2022, 1, 1)
    task = Task("JZ15", 3, date(2021, 1, 1), 7, load("M07"), 0, held=Held(("capacity",), turn))
    held, free = plan_of(task), plan_of(Task("JZ15", 3, date(2021, 1, 1), 7, load("M07"), 0))
    for plan, moves in ((held, False), (free, True)):
        beds = plan["capacity[residential]"].series(turn, 600)
        assert (np.ptp(beds) > 0) == moves
    before = held["capacity[residential]"].series(date(2021, 1, 1), 365)
    assert (before == free["capacity[residential]"].series(date(2021, 1, 1), 365)).all()


# Which assumption matters most


def test_sobol_indices_of_a_known_function() -> None:
    """Ishigami's function, whose indices are known in closed form."""
    pytest.importorskip("SALib", reason="the extra sensitivity is not installed")
    from stelsel.twin.questions.sensing import _salib

    sample, analyse = _salib("sobol")
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}
    places = sample(problem, 2048, 1)
    x = (2 * places - 1) * np.pi
    values = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = {row["assumption"]: row for row in analyse(problem, places, values, 1)}
    known = {"a": (0.3139, 0.5576), "b": (0.4424, 0.4424), "c": (0.0, 0.2437)}
    for name, (alone, together) in known.items():
        assert found[name]["alone"] == pytest.approx(alone, abs=0.03)
        assert found[name]["together"] == pytest.approx(together, abs=0.03)


def test_an_assumption_that_is_only_about_elsewhere_matters_least() -> None:
    pytest.importorskip("SALib", reason="the extra sensitivity is not installed")
    chosen = ["wait[day-help]", "price"]
    found = sensitivity(quantity("waiting[day-help]"), SMALL, "morris", 2, chosen)
    effects = {row["assumption"]: row["effect"] for row in found.rows}
    assert found.rows[0]["assumption"] == "wait[day-help]"
    assert {value for name, value in effects.items() if name.startswith("price")} == {0.0}
    # With a scenario: what it adds, and the size of its effect is an assumption too.
    asking = Asking("JZ15", 1, 1, seed=7, scenario=load("M18@2021-02-01"))
    chosen = ["M18: shorter", "price[local-team]"]
    found = sensitivity(quantity("waiting[ambulatory]"), asking, "morris", 2, chosen)
    assert found.rows[0]["assumption"] == "M18: shorter"
    assert found.rows[0]["effect"] > 0
    assert found.rows[1]["effect"] == 0


def test_what_is_assumed_after_a_run_is_not_moved() -> None:
    names = assumptions(Asking("JZ15", 1))
    assert not any(name.startswith("shock[") and "2030" in name for name in names)
    with pytest.raises(StelselError, match="No assumption is called moon"):
        assumptions(Asking("JZ15", 1), ["moon"])


# Two folders


def folders(tmp_path: Path, replications: int = 3) -> tuple[Path, Path]:
    shorter = load("M18@2021-02-01")
    first, second = tmp_path / "first", tmp_path / "second"
    write(ensemble([], "JZ15", 1, replications, 7), first)
    write(ensemble([shorter], "JZ15", 1, replications, 7), second)
    return first, second


def test_two_folders_differ_as_the_runs_do(tmp_path: Path) -> None:
    first, second = folders(tmp_path)
    rows = compare(first, second)
    within = compare(second, second)
    assert [row["difference"] for row in rows] == [row["difference"] for row in within]
    table = compare_table(ensemble([load("M18@2021-02-01")], "JZ15", 1, 3, 7)).to_pylist()
    mine = {
        (r["service"], r["measure"], r["period_start"], r["period_end"]): r["difference"]
        for r in rows
    }
    for row in table:
        key = row["service"], row["measure"], row["period_start"], row["period_end"]
        assert mine[key] == row["difference"]
    assert {row["first"] for row in rows} == {"baseline"}
    assert {row["second"] for row in rows} == {"M18@2021-02-01"}
    same = compare(first, first)
    assert {row["difference"] for row in same} <= {0.0, None}


def test_folders_that_are_not_of_the_same_chance_are_refused(tmp_path: Path) -> None:
    first, _ = folders(tmp_path, 1)
    write(ensemble([], "JZ15", 0.5, 1, 8), tmp_path / "other")
    with pytest.raises(StelselError) as error:
        compare(first, tmp_path / "other")
    assert [fault.what.split()[4] for fault in error.value.faults] == ["end:", "seed:"]
    with pytest.raises(StelselError, match="no folder of runs"):
        compare(first, tmp_path / "nowhere")
    for file in (first / "runs").rglob("*.parquet"):
        file.write_bytes(b"cut off")
    with pytest.raises(StelselError, match="no folder of runs"):
        compare(first, first)


def test_what_carries_a_band_is_named_only_when_it_stands_out() -> None:
    chance = np.random.default_rng(5)
    draws = {f"a{n}": chance.random(40) for n in range(100)}
    named = sum(carried_by(chance.random(40), draws)[0] is not None for _ in range(200))
    assert named <= 25  # one in twenty by chance
    values: Numbers = np.exp(draws["a7"]) + 0.05 * chance.random(40)
    assert carried_by(values, draws)[0] == "a7"
    assert carried_by(np.zeros(40), draws) == (None, None)


# The commands


def test_the_commands_answer(tmp_path: Path) -> None:
    runner = CliRunner()
    common = ["--region", "JZ15", "--years", "1", "--seed", "7", "--json"]
    many = [*common, "--replications", "2"]

    def told(*words: str) -> object:
        result = runner.invoke(app, list(words))
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    lever = ["--by", "capacity[ambulatory]"]
    answer = told("seek", "--target", "waiting[ambulatory] <= 60 children", *lever, *many)
    assert isinstance(answer, dict)
    assert answer["reached"] == 2
    assert answer["levers"][0]["needed"] > answer["levers"][0]["now"]
    answer = told("explain-change", "--of", "waiting[all]", "--to", "M18@2021-02-01", *many)
    assert isinstance(answer, dict)
    assert [row["cause"] for row in answer["causes"]] == ["duration"]
    assert sum(row["value"] for row in answer["causes"]) == pytest.approx(answer["change"])
    pytest.importorskip("SALib", reason="the extra sensitivity is not installed")
    chosen = ["--parameter", "wait[day-help]", "--rounds", "2"]
    answer = told("sensitivity", "--of", "waiting[day-help]", *chosen, *common)
    assert isinstance(answer, dict)
    assert answer["runs"] == 4
    first, second = folders(tmp_path)
    rows = told("compare", str(first), str(second), "--json")
    assert rows == json.loads(json.dumps(compare(first, second), default=date.isoformat))


@pytest.mark.parametrize(
    "words",
    [
        ["seek", "--by", "capacity[day-help]"],
        ["explain-change", "--of", "waiting[all]"],
        ["explain-change", "--of", "waiting[all]", "--between", "soon"],
    ],
)
def test_commands_that_lack_something_are_refused(words: list[str]) -> None:
    result = CliRunner().invoke(app, [*words, "--region", "JZ15"])
    assert isinstance(result.exception, StelselError)
