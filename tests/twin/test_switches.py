"""Each switch changes what it should and nothing else: the same children, on the same days."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
import pytest
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.errors import StelselError
from stelsel.twin import Run, baseline, run
from stelsel.twin.layout import (
    AGED_OUT,
    BACK,
    BRIDGED,
    BROKE_DOWN,
    BUDGET,
    CRISIS,
    LAPSED,
    OPEN,
    PROTECTION,
    PROVIDER_FELL,
    SECOND,
    WITHDREW,
    WORSE,
)
from stelsel.twin.parts.foster.layout import MEASURES as FOSTER_MEASURES
from stelsel.twin.parts.money.results import costs_of
from stelsel.twin.parts.staff.layout import MEASURES as STAFF_MEASURES
from stelsel.twin.plans.plan import Fall, Plan, Step
from stelsel.twin.plans.switches import PARTS, WHOLE
from stelsel.twin.runs.results import summarise
from stelsel.twin.services import number, services

REGION, YEARS = "JZ07", 1.5
OWN = {"returning", "access"}
"""Without these other children come: who would come back, and all who would be at the access."""
STEP = date(2021, 7, 1)
"""The day on which a provider falls, and on which lists are joined, in the worlds with these."""
SLUGS = [service.slug for service in services()]
CARE = np.array([service.part == "care" for service in services()])
ROWS = (
    *("access", "worsening", "bridging", "budgets", "ageing", "policy", "returning", "second"),
    *("protection", "probation", "foster", "secure", "staff", "continuity", "money", "boarding"),
)
SAME = ("key", "leg", "person", "arrived", "started", "ended", "exit", "cls", "next", "station")


def conditioned(part: str) -> Plan:
    """The baseline, with what a part needs to have something to do."""
    if part == "continuity":
        return baseline().changed([], [Fall(REGION, "residential", 1, STEP, "falls")])
    if part == "policy":
        values = {"policy.one_list": 1.0, "policy.push": 1.0, "policy.hand_over": 28.0}
        return baseline().changed((name, Step(STEP, "set", x)) for name, x in values.items())
    return baseline()


@cache
def with_(part: str) -> Run:
    """The world with all parts, and with what this part needs; most share one."""
    if part and conditioned(part) == baseline():
        return with_("")
    return run(conditioned(part), REGION, YEARS)


@cache
def without(part: str) -> Run:
    plan = conditioned(part)
    name = f"on[{part}]"
    off = replace(plan[name], value=0.0)
    return run(replace(plan, parameters={**plan.parameters, name: off}), REGION, YEARS)


def came(run_: Run, *slugs: str) -> npt.NDArray[np.void]:
    """Who came during the run, of some services or of all care."""
    v = run_.visits[run_.visits["arrived"] >= 0]
    wanted = [number(slug) for slug in slugs] or np.flatnonzero(CARE)
    return np.asarray(v[np.isin(v["service"], wanted)])


def test_every_part_of_the_table_has_a_switch_and_is_on_in_the_baseline() -> None:
    assert sorted(PARTS) == sorted(ROWS)
    shown = CliRunner().invoke(app, ["plan", "show", "--json"])
    rows = {row["parameter"]: row for row in json.loads(shown.stdout)}
    for part in ROWS:
        row = rows[f"on[{part}]"]
        assert (row["value"], row["since"]) == (1.0, None), part
        for day in (date(2015, 1, 1), date(2021, 1, 1), date(2030, 12, 31)):
            assert baseline()[f"on[{part}]"].series(day, 1)[0] == 1, part


def has(run_: Run, part: str) -> bool:
    """Whether a run shows what a part does."""
    v = run_.visits
    exits = {"worsening": WORSE, "budgets": BUDGET, "ageing": AGED_OUT}
    exits["continuity"] = PROVIDER_FELL
    if part in exits:
        return bool((v["exit"] == exits[part]).any())
    if part in ("protection", "probation", "boarding"):
        return bool(len(came(run_, *(s.slug for s in services() if s.part == part))))
    found: dict[str, Callable[[], object]] = {
        "access": lambda: len(came(run_, "triage")),
        "bridging": (v["flags"] & BRIDGED).any,
        "returning": (v["flags"] & BACK).any,
        "second": lambda: _beside_care(run_),
        "foster": lambda: run_.homes.counts.any() or (v["exit"] == BROKE_DOWN).any(),
        "secure": lambda: len(came(run_, "small-scale")) or (v["exit"] == LAPSED).any(),
        "staff": lambda: len(run_.net.staff.service),
        "policy": lambda: run_.net.push.any() or run_.net.hand_over.any(),
        "money": lambda: costs_of(run_)[0].num_rows,
    }
    return bool(found[part]())


def _beside_care(run_: Run) -> bool:
    """Whether a service of care began beside another of care during the run."""
    v = run_.visits
    second = v[(v["flags"] & SECOND > 0) & (v["arrived"] >= 0) & (v["links"] >= 0)]
    mates = run_.links["mate"][second["links"]]
    return bool((CARE[second["service"]] & CARE[v["service"][mates]]).any())


def asked(run_: Run) -> dict[int, tuple[int, int, int]]:
    """Requests from outside by key: day, birth and what the child came for."""
    v = run_.visits
    first = (v["leg"] == 0) & (v["flags"] & (BACK | SECOND) == 0) & (v["arrived"] >= 0)
    w = v[first]
    wants = np.where(w["wants"] >= 0, w["wants"], w["service"])
    # Who asks for secure care may find a small-scale place free: that is no other request.
    wants = np.where(wants == number("small-scale"), number("secure-care"), wants)
    rows = zip(w["key"], w["arrived"], w["birth"], wants, strict=True)
    return {int(key): (int(day), int(birth), int(what)) for key, day, birth, what in rows}


@pytest.mark.parametrize("part", ROWS)
def test_a_switch_takes_its_part_out_and_leaves_who_comes_alone(part: str) -> None:
    on, off = with_(part), without(part)
    assert has(on, part)
    assert not has(off, part)
    before, after = asked(on), asked(off)
    numbers = {number(service.slug) for service in services() if service.part == part}
    same = before.keys() & after.keys()
    if part not in OWN:  # all come as before, but for what the part itself asks
        assert {k for k in before.keys() - same if before[k][2] not in numbers} == set()
        assert after.keys() <= before.keys()
    for key in same:
        assert before[key][:2] == after[key][:2]
    if part != "access":
        assert all(before[key][2] == after[key][2] for key in same)


def touched(part: str, net_run: Run) -> set[int]:
    """Services of which a part moves visits by itself."""
    rules = net_run.net.rules
    own = {number(service.slug) for service in services() if service.part == part}
    found: dict[str, set[int]] = {
        **{p: set(np.flatnonzero(CARE)) for p in ("worsening", "bridging", "budgets", "policy")},
        **{p: set(np.flatnonzero(CARE)) for p in ("access", "second")},
        "returning": set(np.flatnonzero((rules["back"] > 0).any(axis=0))),
        "ageing": set(np.flatnonzero((rules["limit"] > 0).any(axis=0))),
        "foster": {number("foster-care")},
        "secure": {number("secure-care"), number("small-scale")},
        "staff": set(net_run.net.stations["service"][net_run.net.stations["staffed"] >= 0]),
        "continuity": {number("residential")},
        "money": set(),
    }
    return {int(k) for k in found.get(part, set()) | own}


def reached(part: str, net_run: Run) -> set[int]:
    """Services that a part can reach: those it touches, and where their children go from there.

    By a move, a second service beside it or getting worse; whoever leaves care for good may come
    back, by the access; who finds no secure place goes elsewhere.
    """
    net = net_run.net
    edges: dict[int, set[int]] = {k: set() for k in range(len(SLUGS))}
    for rules, routes in zip(net.rules, net.routes, strict=True):
        for k, rule in enumerate(rules):
            for kind in ("moves", "seconds", "heavier"):
                edges[k] |= set(routes["service"][rule[kind] : rule[f"{kind}_to"]].tolist())
            if rule["back"] > 0:
                edges[k] |= {k, number("triage")}
    edges[number("secure-care")] |= {*net.secure.instead.tolist(), number("small-scale")}
    edges[number("triage")] |= {int(k) for k in np.flatnonzero(CARE)}
    found, fresh = set(), touched(part, net_run)
    while fresh:
        found |= fresh
        fresh = {to for k in fresh for to in edges[k]} - found
    return found


def rows(run_: Run, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.void]:
    """Visits by child, without the number they happen to have."""
    columns = [*SAME[:2], "service", *SAME[3:]]
    return np.asarray(np.sort(run_.visits[chosen][columns], order=["key", "leg"]))


@pytest.mark.parametrize("part", ROWS)
def test_what_a_part_cannot_reach_is_the_same_child_by_child_to_the_day(part: str) -> None:
    on, off = with_(part), without(part)
    beyond = sorted(set(range(len(SLUGS))) - reached(part, on))
    assert number("boarding") in beyond or part == "boarding"
    a, b = (rows(one, np.isin(one.visits["service"], beyond)) for one in (on, off))
    assert len(a)
    assert (a == b).all()


def until(one: Run, day: int) -> npt.NDArray[np.void]:
    """All that was seen before a day; what came later counts as not yet."""
    seen = rows(one, one.visits["arrived"] < day)
    for name in ("started", "ended"):
        seen[name] = np.where(seen[name] < day, seen[name], OPEN)
    late = seen["ended"] == OPEN
    for name in ("exit", "next"):
        seen[name][late] = 0
    seen["station"][late & (seen["started"] == OPEN)] = 0
    return np.asarray(seen)


@pytest.mark.parametrize("part", sorted(set(ROWS) - {*WHOLE, "money"}))
def test_a_part_that_is_switched_off_halfway_was_there_until_that_day(part: str) -> None:
    """Before the day all is the same, child by child; after it there is a difference."""
    on = with_(part)
    plan = conditioned(part).changed([(f"on[{part}]", Step(STEP, "set", 0.0))])
    halfway = run(plan, REGION, YEARS)
    day = (STEP - on.first).days
    assert (until(on, day) == until(halfway, day)).all()
    a, b = (rows(one, one.visits["arrived"] < on.days) for one in (on, halfway))
    assert len(a) != len(b) or (a != b).any()


def test_before_a_provider_falls_every_day_is_the_same() -> None:
    day = (STEP - with_("").first).days
    assert (until(with_("continuity"), day) == until(without("continuity"), day)).all()


def served(run_: Run, *slugs: str) -> npt.NDArray[np.void]:
    v = came(run_, *slugs)
    return np.asarray(v[v["started"] != OPEN])


def until_care(run_: Run) -> float:
    """Mean days from a request to the list of care, of who asks a form of care from outside."""
    v = came(run_)
    first = {int(key): (day, 0) for key, (day, _, what) in asked(run_).items() if CARE[what]}
    listed = [int(x["arrived"]) - first[int(x["key"])][0] for x in v if int(x["key"]) in first]
    return float(np.mean(listed))


def share_unserved(run_: Run) -> float:
    """Share of who came that gave up waiting or got worse."""
    v = came(run_)
    return float(np.isin(v["exit"], (WITHDREW, WORSE)).mean())


def adults(run_: Run) -> float:
    """How many of 19 and over are in care on the last day."""
    v = run_.visits[CARE[run_.visits["service"]] & (run_.visits["ended"] == OPEN)]
    v = v[v["started"] != OPEN]
    return float((run_.days - v["birth"] > 19 * 365.25).sum())


def long_wait(run_: Run) -> float:
    """Wait for care that one in twenty exceeds, of who came after the day of the step and began."""
    v = served(run_)
    v = v[v["arrived"] >= (STEP - run_.first).days]
    return float(np.percentile(v["started"] - v["arrived"], 95))


def broken(run_: Run) -> float:
    """Placements in families that broke down."""
    counts = run_.homes.counts
    return float(counts[:, :, FOSTER_MEASURES.index("broke")].sum()) if counts.size else 0.0


def uneven(run_: Run) -> float:
    """How far places of staffed services depart from those of the plan."""
    if not run_.crew.counts.size:
        return 0.0
    return float(np.ptp(run_.crew.counts[:, :, STAFF_MEASURES.index("ratio")]))


@pytest.mark.parametrize(
    ("part", "what", "direction"),
    [
        ("access", until_care, "falls"),
        ("worsening", lambda one: (came(one, "residential")["cls"] == CRISIS).sum(), "falls"),
        ("bridging", share_unserved, "rises"),
        ("budgets", lambda one: (came(one)["exit"] == WITHDREW).sum(), "rises"),
        ("ageing", adults, "rises"),
        ("policy", long_wait, "rises"),
        ("returning", lambda one: len(came(one)), "falls"),
        ("second", lambda one: len(came(one)), "falls"),
        ("protection", lambda one: (came(one)["cls"] == PROTECTION).sum(), "falls"),
        ("probation", lambda one: len(came(one, "ambulatory")), "falls"),
        ("foster", broken, "falls"),
        ("secure", lambda one: len(came(one, "secure-care")), "rises"),
        ("staff", uneven, "falls"),
        ("continuity", lambda one: len(came(one, "residential")), "falls"),
        ("money", lambda one: pc.sum(costs_of(one)[0]["cost"]).as_py() or 0.0, "falls"),
        ("boarding", lambda one: len(came(one, "boarding")), "falls"),
    ],
)
def test_without_a_part_what_it_does_falls_or_rises(
    part: str, what: Callable[[Run], float], direction: str
) -> None:
    on, off = float(what(with_(part))), float(what(without(part)))
    assert (off < on) if direction == "falls" else (off > on)


def test_without_money_nothing_is_said_of_cost_and_nobody_moves() -> None:
    on, off = with_("money"), without("money")
    assert (on.visits == off.visits).all()
    kept, gone = summarise(on), summarise(off)
    assert kept.rows == gone.rows
    money = np.array([name in ("cost", "contribution") for _, name, _ in kept.rows])
    assert np.isnan(gone.values[money]).all()
    assert (kept.values[money] > 0).any()
    np.testing.assert_array_equal(kept.values[~money], gone.values[~money])


def test_money_that_is_switched_off_halfway_costs_the_days_until_then() -> None:
    one = with_("")
    half = one.plan.changed([("on[money]", Step(STEP, "set", 0.0))])
    cost = [
        pc.sum(spent.filter(pc.equal(spent["year"], 2021))["cost"]).as_py()
        for spent in (costs_of(one)[0], costs_of(replace(one, plan=half))[0])
    ]
    assert cost[1] / cost[0] == pytest.approx(181 / 365, abs=0.01)


def test_policy_without_a_rule_of_its_own_and_continuity_without_a_fall_do_nothing() -> None:
    """In the baseline nobody is sent, nobody is handed over and no provider falls."""
    plan = baseline()
    names = ("on[policy]", "on[continuity]")
    off = {name: replace(plan[name], value=0.0) for name in names}
    idle = run(replace(plan, parameters={**plan.parameters, **off}), REGION, YEARS)
    assert (with_("").visits == idle.visits).all()


@pytest.mark.parametrize("part", WHOLE)
def test_what_runs_the_whole_time_is_not_switched_halfway(part: str) -> None:
    plan = conditioned(part).changed([(f"on[{part}]", Step(STEP, "set", 0.0))])
    with pytest.raises(StelselError, match="first day to the last"):
        run(plan, REGION, 1)
    assert run(plan, REGION, 0.2).days  # the day lies beyond this run


def test_every_child_is_in_one_place_of_each_chain() -> None:
    """Visits of one key follow each other: at most one of them runs on any day."""
    v = with_("").visits
    order = np.lexsort((v["leg"], v["key"]))
    w = v[order]
    after = w["key"][1:] == w["key"][:-1]
    assert after.any()
    assert (w["ended"][:-1][after] != OPEN).all()
    assert (w["arrived"][1:][after] >= w["ended"][:-1][after]).all()
