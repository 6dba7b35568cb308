"""Each switch changes what it should and nothing else: the same children, on the same days."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from stelsel.twin import Run, baseline, run
from stelsel.twin.layout import (
    AGED_OUT,
    BACK,
    BRIDGED,
    BROKE_DOWN,
    BUDGET,
    LAPSED,
    OPEN,
    SECOND,
    WORSE,
)
from stelsel.twin.plans.plan import Parameter, Plan
from stelsel.twin.services import number, services

REGION, YEARS = "JZ07", 1.5
OWN = {"returning", "access"}
"""Without these other children come: who would come back, and all who would be at the access."""


def switched(off: str) -> Plan:
    """The baseline with one part off."""
    plan = baseline()
    name = f"on[{off}]"
    old = plan.parameters.get(name, Parameter(name, 1, "factor", "derived", "example"))
    return replace(plan, parameters={**plan.parameters, name: replace(old, value=0.0)})


@cache
def without(part: str) -> Run:
    return run(switched(part) if part else baseline(), REGION, YEARS)


def has(run_: Run, part: str) -> bool:
    """Whether a run shows what a part does."""
    v = run_.visits
    came = v[v["arrived"] >= 0]
    of = np.array([service.part for service in services()])[came["service"]]
    leaves = {"worsening": WORSE, "budgets": BUDGET, "ageing": AGED_OUT}
    if part in leaves:
        return bool((v["exit"] == leaves[part]).any())
    if part in ("protection", "probation", "boarding"):
        return bool((of == part).any())
    care = np.array([service.part == "care" for service in services()])
    found = {
        "access": (v["service"] == number("triage")).any(),
        "bridging": (v["flags"] & BRIDGED).any(),
        "returning": (v["flags"] & BACK).any(),
        "second": _beside_care(run_, care),
        "foster": run_.homes.counts.any() or (v["exit"] == BROKE_DOWN).any(),
        "secure": (v["service"] == number("small-scale")).any() or (v["exit"] == LAPSED).any(),
        "staff": len(run_.net.staff.service) > 0,
    }
    return bool(found[part])


def _beside_care(run_: Run, care: npt.NDArray[np.bool_]) -> bool:
    """Whether a service of care began beside another of care during the run."""
    v = run_.visits
    second = v[(v["flags"] & SECOND > 0) & (v["arrived"] >= 0) & (v["links"] >= 0)]
    mates = run_.links["mate"][second["links"]]
    return bool((care[second["service"]] & care[v["service"][mates]]).any())


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


@pytest.mark.parametrize(
    "part",
    [
        *("access", "worsening", "bridging", "budgets", "ageing", "returning", "second"),
        *("protection", "probation", "boarding", "foster", "secure", "staff"),
    ],
)
def test_a_switch_takes_its_part_out_and_leaves_who_comes_alone(part: str) -> None:
    on, off = without(""), without(part)
    assert has(on, part)
    assert not has(off, part)
    before, after = asked(on), asked(off)
    gone = {service.slug for service in services() if service.part == part}
    numbers = {number(slug) for slug in gone}
    same = before.keys() & after.keys()
    if part not in OWN:  # all come as before, but for what the part itself asks
        assert {k for k in before.keys() - same if before[k][2] not in numbers} == set()
        assert after.keys() <= before.keys()
    for key in same:
        assert before[key][:2] == after[key][:2]
    if part != "access":
        assert all(before[key][2] == after[key][2] for key in same)


def test_without_a_part_its_measures_and_only_its_measures_are_gone() -> None:
    """Boarding touches no other service: with it off every other visit is the same."""
    on, off = without(""), without("boarding")
    mine = {number(s.slug) for s in services() if s.part == "boarding"}

    def others(one: Run) -> npt.NDArray[np.void]:
        v = one.visits
        return v[~np.isin(v["service"], list(mine))]

    a, b = others(on), others(off)
    assert len(a) == len(b)
    for name in ("key", "service", "arrived", "started", "ended", "exit", "cls", "next"):
        assert (a[name] == b[name]).all(), name


def test_every_child_is_in_one_place_of_each_chain() -> None:
    """Visits of one key follow each other: at most one of them runs on any day."""
    v = without("").visits
    order = np.lexsort((v["leg"], v["key"]))
    w = v[order]
    after = w["key"][1:] == w["key"][:-1]
    assert after.any()
    assert (w["ended"][:-1][after] != OPEN).all()
    assert (w["arrived"][1:][after] >= w["ended"][:-1][after]).all()
