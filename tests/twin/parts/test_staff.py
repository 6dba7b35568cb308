"""Staff: equilibrium and tipping point by formula, the vicious circle, levers, plain Python."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.errors import StelselError
from stelsel.twin.parts.staff import (
    Staff,
    compiled_staff,
    crew,
    equilibrium,
    shares,
    tipping_load,
    workforce,
)
from stelsel.twin.parts.staff.layout import MEASURES
from stelsel.twin.parts.staff.loop import staff_week
from stelsel.twin.plans.parameters import of_parts
from stelsel.twin.plans.plan import Parameter, Plan, Step

FIRST = date(2018, 1, 1)
WEEKS = 312
PLACES = 1000.0


def plan(service: str = "guidance", **values: float) -> Plan:
    """The staff values of one service, with others in their place, and its places."""
    known = [p for p in of_parts().values() if p.name.startswith("staff.")]
    wanted = [p for p in known if p.name.endswith(f"[{service}]")]
    other = {f"staff.{name}[{service}]": value for name, value in values.items()}
    places = Parameter(f"capacity[{service}]", PLACES, "places", "derived", "example")
    return Plan.of(
        [
            *(
                replace(p, value=other[p.name], low=other[p.name], high=other[p.name])
                if p.name in other
                else p
                for p in wanted
            ),
            places,
        ]
    )


def compiled(seen: Plan, service: str = "guidance", stations: int = 1) -> Staff:
    return compiled_staff(seen, [service] * stations, FIRST, 7 * WEEKS)


def run(staff: Staff, in_care: float | None = None, steps: float = 1.0) -> np.ndarray:
    """Weekly books while so many children are in care; without a number as many as places."""
    memory = crew(staff)
    cases = PLACES if in_care is None else in_care
    for week in range(WEEKS):
        planned = PLACES * steps if week >= 52 else PLACES
        staff_week(memory, staff, 7 * week, 0, cases, 0.0, planned)
        ratio = memory.ratio[0] / staff.steps[7 * week, 0]
        if in_care is None:
            cases = planned * ratio
    found: np.ndarray = memory.counts[:, 0, :].astype(np.float64)
    return found


def measure(books: np.ndarray, name: str) -> np.ndarray:
    found: np.ndarray = books[:, MEASURES.index(name)]
    return found


def test_at_load_one_nothing_changes() -> None:
    books = run(compiled(plan(waiting=0)))
    assert np.allclose(books, books[0], rtol=1e-5)
    assert measure(books, "ratio") == pytest.approx(1, abs=1e-5)
    assert measure(books, "load") == pytest.approx(1, abs=1e-5)


def test_certified_institutions_have_the_shortage_that_the_inspections_found() -> None:
    """20 % leave a year, 20 % short, 7 % ill (November 2019)."""
    found = shares(run(compiled(plan(waiting=0)))[:, None, :].astype(np.float32))
    assert found["shortage"] == pytest.approx(0.20, abs=0.005)
    assert found["turnover"] == pytest.approx(0.20, abs=0.005)
    assert found["sickness"] == pytest.approx(0.07, abs=0.001)


@given(
    leave=st.floats(1e-4, 0.2),
    hire=st.floats(0.01, 1),
    start=st.floats(0.01, 1),
    trained=st.floats(0.01, 1),
)
def test_the_equilibrium_is_where_a_plain_loop_ends(
    leave: float, hire: float, start: float, trained: float
) -> None:
    full, new, hired = equilibrium(leave, hire, start, trained)
    vacant = 1 - full - new - hired
    assert min(full, new, hired, vacant) > 0
    assert vacant * hire == pytest.approx(hired * start)
    assert hired * start == pytest.approx((full + new) * leave)
    assert new * trained == pytest.approx(full * leave)


def plain_week(
    staff: Staff, week: int, full: float, new: float, hired: float, ill: float, work: float
) -> tuple[float, float, float, float, float]:
    """One station of one service, a week on, in plain Python."""

    def able(full: float, new: float, ill: float) -> float:
        return float((full + new / 2) * (1 - ill) * staff.hours[week, 0] / staff.balance[0, 3])

    load = min(10.0, work / (PLACES * able(full, new, ill)))
    stays = math.exp(-staff.leave[week, 0] * load ** staff.load[week, 0])
    vacant = max(0.0, staff.posts[week, 0] - full - new - hired)
    hires = min(vacant, vacant * staff.hire[week, 0] + staff.former[week, 0])
    begin, trained = hired * staff.start[week, 0], new * staff.trained[week, 0]
    full, new, hired = full * stays + trained, new * stays + begin - trained, hired + hires - begin
    ill = min(0.9, staff.ill[week, 0] * load ** staff.ill_load[week, 0])
    return full, new, hired, ill, able(full, new, ill) * staff.caseload[week, 0]


@settings(max_examples=30, deadline=None)
@given(
    load=st.floats(0, 3),
    ill_load=st.floats(0, 2),
    paperwork=st.floats(0.1, 0.6),
    work=st.floats(200, 1800),
    returns=st.floats(0, 0.2),
)
def test_the_loop_does_what_plain_python_does(
    load: float, ill_load: float, paperwork: float, work: float, returns: float
) -> None:
    base = plan(load=load, ill_load=ill_load, waiting=0)
    steps = [
        ("staff.paperwork[guidance]", Step(date(2018, 6, 1), "set", paperwork)),
        ("staff.return[guidance]", Step(date(2019, 1, 1), "set", returns)),
        ("staff.caseload[guidance]", Step(date(2019, 6, 1), "multiply", 0.8)),
    ]
    staff = compiled_staff(base.changed(steps), ["guidance"], FIRST, 7 * 104)
    memory = crew(staff)
    full, new, hired, _ = staff.balance[0]
    ill = staff.ill[0, 0]
    for week in range(104):
        full, new, hired, ill, ratio = plain_week(staff, week, full, new, hired, ill, work)
        staff_week(memory, staff, 7 * week, 0, work, 0.0, PLACES)
        assert memory.ratio[0] == pytest.approx(ratio)
    assert memory.full[0] == pytest.approx(full)


@pytest.mark.parametrize("elasticity", [1.5, 2.0, 3.0])
def test_beyond_the_tipping_load_staff_runs_away_and_before_it_not(elasticity: float) -> None:
    """Cases that cannot be refused: up to the formula's load staff finds a new rest."""
    seen = plan(load=elasticity, ill_load=0, waiting=0, train=0.01)
    staff = compiled_staff(seen, ["guidance"], FIRST, 7 * 2500)
    full, new, _, _ = staff.balance[0]
    tip = tipping_load(1 - full - new, elasticity)
    assert 1 < tip < 2
    left = []
    for cases in (0.97 * tip, 1.03 * tip):
        memory = crew(staff)
        for week in range(2500):
            staff_week(memory, staff, 7 * week, 0, cases * PLACES, 0.0, PLACES)
        left.append((memory.full[0] + memory.new[0]) / (full + new))
    # Up to the tipping load strength rests above the turning point of the formula.
    k = (1 - full - new) / (full + new)
    turn = (k * (elasticity - 1)) ** (1 / elasticity) * tip
    assert left[0] > 0.9 * turn
    assert left[1] < 0.5 * turn


def crowded(**values: float) -> tuple[float, float]:
    """Places and list after six years in which a tenth more come than leave full places."""
    staff = compiled(plan("guidance", waiting=0.3, **values))
    memory = crew(staff)
    in_care, waiting = PLACES, 0.0
    for week in range(WEEKS):
        staff_week(memory, staff, 7 * week, 0, in_care, waiting, PLACES)
        waiting += 1.1 * PLACES / 52
        in_care -= in_care / 52
        enter = max(0.0, min(waiting, PLACES * memory.ratio[0] - in_care))
        waiting, in_care = waiting - enter, in_care + enter
    return float(memory.ratio[0]), waiting


def test_a_queue_that_asks_work_makes_the_circle_turn() -> None:
    """Load makes staff leave, places close, the queue grows, which makes load."""
    calm = crowded(load=0, ill_load=0, follow=0)
    turning = crowded(load=1.5, ill_load=0.75, follow=0)
    assert turning[0] < 0.9 * calm[0]
    assert turning[1] > 1.5 * calm[1]


def test_money_that_follows_the_list_stops_the_circle() -> None:
    """Posts grow with who waits too long: places meet what is asked, and the list rests."""
    alone = crowded(load=1.5, ill_load=0.75, follow=0)
    followed = crowded(load=1.5, ill_load=0.75, follow=1)
    assert followed[0] == pytest.approx(1.1, abs=0.02)
    assert followed[1] < 0.2 * alone[1]
    assert followed[1] > 0.05 * PLACES  # a lasting shortage leaves a lasting list


@pytest.mark.parametrize(("beyond", "more"), [(0.0, 1.0), (0.3, 1.15), (-0.2, 0.9)])
def test_posts_follow_who_waits_beyond_what_the_plan_means(beyond: float, more: float) -> None:
    """Per place a fifth of a child may wait; half of the rest is funded within a year."""
    meant = Parameter("list[guidance]", 0.2 * PLACES, "children", "derived", "example")
    known = plan(follow=0.5)
    staff = compiled(Plan.of([*known, meant]))
    memory = crew(staff)
    staff_week(memory, staff, 0, 0, PLACES, (0.2 + beyond) * PLACES, PLACES)
    usual = PLACES / (17 * staff.balance[0, 3])
    assert memory.counts[0, 0, MEASURES.index("posts")] == pytest.approx(more * usual, rel=1e-5)


def test_a_place_of_a_short_stay_helps_more_children_a_year() -> None:
    """So as many posts are funded for a list as help it within a year: stay over a year."""
    month = Parameter("duration[vt-investigation]", 30.4375, "days", "derived", "example")
    seen = plan("vt-investigation", follow=1)
    staff = compiled(Plan.of([*seen, month]), "vt-investigation")
    assert staff.follow[0, 0] == pytest.approx(1 / 12)


def rest(service: str, edge: dict[str, float]) -> float:
    """How much longer than in year five the list is in year twenty, when all is as planned."""
    known = of_parts()
    stay = known["access.delay" if service == "triage" else f"duration[{service}]"].value
    wait = known[f"wait[{service}]"].value if f"wait[{service}]" in known else 0.0
    more = [
        Parameter(f"duration[{service}]", stay, "days", "derived", "example"),
        Parameter("access.delay", stay, "days", "derived", "example"),
        Parameter(f"wait[{service}]", wait, "days", "derived", "example"),
    ]
    staff = compiled_staff(Plan.of([*plan(service, **edge), *more]), [service], FIRST, 7 * 1100)
    memory = crew(staff)
    flow = PLACES / stay  # a day: as many come as the places can help
    in_care, waiting, lists = PLACES, flow * wait, []
    for week in range(1096):
        staff_week(memory, staff, 7 * week, 0, in_care, waiting, PLACES)
        if week == 52:
            waiting += 10 * flow  # the requests of ten days at once, by chance
        for _ in range(7):
            waiting += flow
            in_care -= in_care / stay
            enter = max(0.0, min(waiting, PLACES * memory.ratio[0] - in_care))
            waiting, in_care = waiting - enter, in_care + enter
        lists.append(waiting / flow)
    return float(np.mean(lists[1044:]) - np.mean(lists[208:260]))


@pytest.mark.parametrize(
    "service",
    ["triage", "vt-assessment", "vt-investigation", "board-protection", "board-probation"],
)
def test_a_list_does_not_run_away_anywhere_in_the_ranges(service: str) -> None:
    """At the plan's values, and where leaving, illness, work and money are all at their worst."""
    known = of_parts()
    high = {
        name: float(known[f"staff.{name}[{service}]"].high or 0)
        for name in ("leave", "load", "ill", "ill_load", "waiting", "delay", "train")
    }
    low = {name: float(known[f"staff.{name}[{service}]"].low or 0) for name in ("hire", "follow")}
    for edge in ({}, {**high, **low}):
        assert rest(service, edge) < 1.0  # day


def test_money_becomes_places_with_a_delay() -> None:
    """M07: a fifth more places by plan is a fifth more posts, and these fill only in time."""
    step = Step(date(2019, 1, 1), "multiply", 1.2)
    seen = plan(service="ambulatory", waiting=0, load=0, ill_load=0)
    staff = compiled_staff(
        seen.changed([("capacity[ambulatory]", step)]), ["ambulatory"], FIRST, 7 * WEEKS
    )
    books = run(staff, steps=1.2)
    places = measure(books, "ratio")
    assert places[52] == pytest.approx(1, abs=0.01)
    assert 1.02 < places[52 + 13] < 1.15
    assert places[-1] == pytest.approx(1.2, abs=0.001)
    posts = measure(books, "posts")
    assert posts[60] == pytest.approx(1.2 * posts[0])


@pytest.mark.parametrize(
    ("lever", "how", "number", "more_places"),
    [
        ("caseload", "multiply", 0.8, False),  # M09
        ("paperwork", "multiply", 0.8, True),  # M22
        ("return", "set", 0.05, True),  # M25
        ("group", "multiply", 1.1, True),  # M19
        ("leave", "multiply", 0.8, True),  # keep staff
        ("posts", "multiply", 1.1, True),  # M07
    ],
)
def test_levers_move_places_as_they_should(
    lever: str, how: str, number: float, more_places: bool
) -> None:
    step = Step(date(2020, 1, 6), how, number)  # type: ignore[arg-type]
    base = plan(waiting=0)
    with_it = run(compiled(base.changed([(f"staff.{lever}[guidance]", step)])), in_care=PLACES)
    without = run(compiled(base), in_care=PLACES)
    week = (step.since - FIRST).days // 7
    assert (with_it[:week] == without[:week]).all()
    difference = measure(with_it, "ratio")[-1] - measure(without, "ratio")[-1]
    assert (difference > 0.005) == more_places
    assert abs(difference) > 0.005


def test_a_lower_caseload_keeps_staff() -> None:
    """M09: fewer cases a worker is fewer places at once, and fewer who leave."""
    step = Step(date(2018, 2, 5), "multiply", 0.8)
    books = run(compiled(plan(waiting=0).changed([("staff.caseload[guidance]", step)])))
    ratio, load = measure(books, "ratio"), measure(books, "load")
    assert ratio[6] == pytest.approx(0.8, abs=0.02)
    assert ratio[-1] > ratio[6] + 0.01
    assert load[-1] < 0.9
    assert measure(books, "full")[-1] > measure(books, "full")[0]


def test_the_table_has_a_row_a_week_and_station() -> None:
    staff = compiled(plan(), stations=2)
    memory = crew(staff)
    for week in range(3):
        for row in range(2):
            staff_week(memory, staff, 7 * week, row, PLACES, 0.0, PLACES)
    table = workforce(memory.counts[:3], [("guidance", "north"), ("guidance", "east")], FIRST)
    assert table.num_rows == 6
    posts = table.column("posts").to_pylist()
    assert posts[0] * 17 * staff.balance[0, 3] == pytest.approx(PLACES, rel=1e-5)


def test_staff_that_is_never_replaced_is_refused() -> None:
    with pytest.raises(StelselError) as caught:
        compiled(plan(hire=0, train=0))
    assert [f.where for f in caught.value.faults] == [
        "staff.hire[guidance]",
        "staff.train[guidance]",
    ]
