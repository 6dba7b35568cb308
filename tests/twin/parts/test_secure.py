"""Secure care: places that close, small-scale places that replace them, who goes where."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from stelsel.errors import StelselError
from stelsel.twin.chance import Purpose, children, uniforms
from stelsel.twin.parts.secure import compiled_secure, places_of
from stelsel.twin.parts.secure.compiling import closing
from stelsel.twin.parts.secure.loop import instead, suited
from stelsel.twin.plans.parameters import of_parts
from stelsel.twin.plans.plan import Parameter, Plan, Step

FIRST = date(2021, 1, 1)
SERVICES = ("ambulatory", "family-home", "residential", "small-scale")


def plan(places: Parameter | None = None, /, **values: float) -> Plan:
    known = [p for p in of_parts().values() if p.name.startswith("secure.")]
    other = {f"secure.{name}": value for name, value in values.items()}
    kept = [
        replace(p, value=other[p.name], low=other[p.name], high=other[p.name])
        if p.name in other
        else p
        for p in known
    ]
    usual = Parameter("capacity[secure-care]", 1000, "places", "derived", "example")
    small = Parameter("capacity[small-scale]", 10, "places", "derived", "example")
    return Plan.of([*kept, places or usual, small])


def test_without_the_policy_places_are_those_of_the_plan() -> None:
    falling = Parameter(
        "capacity[secure-care]",
        1200,
        "places",
        "derived",
        "example",
        since=date(2019, 1, 1),
        dated=((date(2023, 1, 1), 400),),
    )
    seen = plan(falling, replaces=0.25, lead=0)
    secure, small = places_of(seen, FIRST, 1000)
    assert (secure == falling.series(FIRST, 1000)).all()
    assert small == pytest.approx(10 + 0.25 * (1200 - secure))
    assert (np.diff(small) >= 0).all()


def test_the_policy_closes_nearly_all_by_2030() -> None:
    step = Step(date(2022, 1, 1), "set", 1.0)
    rows = closing(plan().changed([("secure.policy", step)]), date(2021, 1, 1), date(2031, 1, 1))
    by_year = {day.year: (secure, small) for day, secure, small in rows}
    assert by_year[2022][0] == 1000
    assert by_year[2025][0] == pytest.approx(530)
    assert by_year[2030][0] == pytest.approx(50)
    assert by_year[2031] == pytest.approx((50, 10 + 0.5 * 950))


def test_half_of_the_policy_closes_half_as_many() -> None:
    closed = []
    for followed in (0.5, 1.0):
        step = Step(date(2022, 1, 1), "set", followed)
        secure, _ = places_of(plan().changed([("secure.policy", step)]), date(2027, 1, 1), 1)
        closed.append(1000 - secure[0])
    assert closed[0] == pytest.approx(closed[1] / 2)


def test_small_scale_places_open_before_the_secure_place_closes() -> None:
    step = Step(date(2022, 1, 1), "set", 1.0)
    late, early = (
        places_of(plan(lead=lead).changed([("secure.policy", step)]), FIRST, 2000)[1]
        for lead in (0, 200)
    )
    assert early[:1800] == pytest.approx(late[200:2000])


def test_who_goes_where_follows_the_shares_and_is_paired() -> None:
    secure = compiled_secure(plan(suited=0.3), SERVICES, FIRST, 10)
    keys = children(3, np.arange(4000))
    went = np.array([instead(key, 0, 5, secure) for key in keys])
    known = plan().family("secure.instead")
    for k, slug in enumerate(SERVICES):
        share = (went == k).mean()
        assert abs(share - known[slug]) < 5 * np.sqrt(0.25 / len(keys))
    helped = [suited(key, 0, 5, secure) for key in keys]
    assert helped == (uniforms(keys, Purpose.SUITED) < 0.3).tolist()
    more = compiled_secure(plan(suited=0.5), SERVICES, FIRST, 10)
    assert all(suited(key, 0, 5, more) for key, was in zip(keys, helped, strict=True) if was)


def test_a_child_must_go_somewhere() -> None:
    nowhere = {f"instead[{slug}]": 0.0 for slug in SERVICES}
    with pytest.raises(StelselError) as caught:
        compiled_secure(plan(**nowhere), SERVICES, FIRST, 10)
    assert caught.value.faults[0].where == "secure.instead"
