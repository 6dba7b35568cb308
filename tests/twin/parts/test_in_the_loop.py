"""Families and staff in a run: books, places, switches, levers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pytest

from stelsel.twin import baseline
from stelsel.twin.layout import BACK, BROKE_DOWN, OPEN, SECOND
from stelsel.twin.parts.foster.layout import MEASURES
from stelsel.twin.parts.staff.layout import MEASURES as STAFF_MEASURES
from stelsel.twin.plans.plan import Parameter, Plan, Step
from stelsel.twin.runs.run import Run, run
from stelsel.twin.services import number, services

FIRST = date(2019, 1, 1)
FOSTER = number("foster-care")


def switched_off(plan: Plan, *parts: str) -> Plan:
    names = [f"on[{part}]" for part in parts]
    off = {name: Parameter(name, 0.0, "switch", "derived", "example") for name in names}
    return Plan(dict(plan.parameters) | off)


def changed(changes: Mapping[str, Step]) -> Run:
    return run(baseline().changed(changes.items()), "JZ07", 3, first=FIRST)


@pytest.fixture(scope="module")
def seen() -> Run:
    return run(region="JZ07", years=3, first=FIRST)


@pytest.fixture(scope="module")
def alone() -> Run:
    """A world in which families and staff have no part."""
    return run(switched_off(baseline(), "foster", "staff"), "JZ07", 3, first=FIRST)


def of(found: Run, service: int) -> npt.NDArray[np.int32]:
    """Weekly counts of a service [week, measure]."""
    shape = (len(found.counts), -1, len(services()), *found.counts.shape[2:])
    counts: npt.NDArray[np.int32] = found.counts.reshape(shape)[:, :, service].sum(axis=(1, 2))
    return counts


def books(found: Run) -> dict[str, npt.NDArray[np.int32]]:
    counts = found.homes.counts.sum(axis=1)
    return {name: counts[:, k] for k, name in enumerate(MEASURES)}


def test_every_child_in_foster_care_has_a_family_every_week(seen: Run) -> None:
    week = books(seen)
    assert (of(seen, FOSTER)[:, 5] == week["filled"] + week["network"]).all()
    visits = seen.visits[seen.visits["service"] == FOSTER]
    placed = visits[visits["started"] != OPEN]
    assert (placed["links"] >= 0).all()
    ended = (visits["exit"] == BROKE_DOWN).sum()
    assert ended < 0.5 * week["broke"].sum()  # mostly there is another family


def test_no_family_has_more_children_than_places(seen: Run) -> None:
    visits = seen.visits[(seen.visits["service"] == FOSTER) & (seen.visits["started"] != OPEN)]
    homes = seen.homes.records
    there = visits[visits["ended"] == OPEN]
    families, children = np.unique(seen.links["family"][there["links"]], return_counts=True)
    assert (children == homes["filled"][families]).all()
    assert (children <= homes["places"][families]).all()
    assert len(families) > 400
    week = books(seen)
    new = week["found"].sum() + week["matched"].sum() - week["moved"].sum()
    assert 0.35 < week["found"].sum() / new < 0.55  # changes of family not counted
    assert week["moved"].sum() > 0.75 * new  # who comes to a recruited family mostly moves on


def test_the_region_has_its_share_of_what_is_published(seen: Run) -> None:
    """Waiting, breakdowns and new recruited families of the country, by the region's weight."""
    week, share = books(seen), float(seen.where.weight[0])
    waiting = of(seen, FOSTER)[52:, 4].mean()
    assert waiting == pytest.approx(873 * share, rel=0.35)
    assert week["broke"].sum() / 3 == pytest.approx(590 * share, rel=0.5)
    assert week["approved"].sum() / 3 == pytest.approx(1212 * share, rel=0.35)


def test_without_families_and_staff_others_come_as_they_did(seen: Run, alone: Run) -> None:
    """Paired: what children ask from outside does not know of families or staff."""
    keys = []
    for found in (seen, alone):
        visits = found.visits[(found.visits["leg"] == 0) & (found.visits["arrived"] >= 0)]
        first = visits[visits["flags"] & (BACK | SECOND) == 0]
        keys.append({(int(v["key"]), int(v["arrived"])) for v in first})
    assert keys[0] == keys[1]
    day_help = number("day-help")
    # Later it has who left a family that broke down, and what runs beside that.
    assert of(seen, day_help)[:2].tolist() == of(alone, day_help)[:2].tolist()
    came = []
    for found in (seen, alone):
        v = found.visits[found.visits["service"] == day_help]
        soon = (v["arrived"] >= 0) & (v["arrived"] < 8 * 7) & (v["flags"] & (BACK | SECOND) == 0)
        came.append({(int(one["key"]), int(one["arrived"])) for one in v[soon]})
    assert len(came[0]) > 20
    assert came[0] == came[1]
    assert len(alone.homes.counts) == 0 or alone.homes.counts.sum() == 0


def test_staff_of_the_baseline_stays_as_it_is(seen: Run) -> None:
    ratio = seen.crew.counts[:, :, STAFF_MEASURES.index("ratio")]
    staffed = [k for k in range(ratio.shape[1]) if seen.crew.counts[0, k, 0] > 0]  # with posts
    assert ratio[:, staffed].mean() == pytest.approx(1, abs=0.02)


def test_more_places_come_only_as_fast_as_people(alone: Run) -> None:
    """M07: a fifth more ambulatory places is there after a year, not after a week."""
    step = Step(date(2019, 7, 1), "multiply", 1.2)
    ambulatory = number("ambulatory")
    with_staff = of(changed({"capacity[ambulatory]": step}), ambulatory)[:, 5]
    plan = switched_off(baseline().changed([("capacity[ambulatory]", step)]), "staff")
    at_once = of(run(plan, "JZ07", 3, first=FIRST), ambulatory)[:, 5]
    before = of(alone, ambulatory)[:, 5]
    week = 30  # a month after
    assert at_once[week] > 1.05 * before[week]
    assert with_staff[week] - before[week] < 0.5 * (at_once[week] - before[week])
    assert with_staff[-1] - before[-1] > 0.7 * (at_once[-1] - before[-1])


def test_campaigns_and_support_do_what_they_should(seen: Run) -> None:
    """M04 and M05: more families ask, and fewer placements break down; before it all is equal."""
    since = date(2019, 9, 30)
    world = changed(
        {
            "foster.asked": Step(since, "multiply", 1.5),
            "foster.support": Step(since, "multiply", 0.4),
        }
    )
    week = (since - FIRST).days // 7
    now, then = books(seen), books(world)
    for name in MEASURES:
        assert (now[name][:week] == then[name][:week]).all()
    assert then["approved"][week:].sum() > 1.2 * now["approved"][week:].sum()
    assert then["broke"][week:].sum() < 0.7 * now["broke"][week:].sum()
