"""The protection chain: at rest when demand is, one trend after 2021, who had a measure before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest

from stelsel.twin.country.baseline import closed_form
from stelsel.twin.country.chain import MEASURES
from stelsel.twin.country.ledger import CARE, FIRST_YEAR, LAST_YEAR, surest
from stelsel.twin.country.nation import BOARD, COURT, SAFETY, before_measures, nation, yearly
from stelsel.twin.fitting.chain import repeats
from stelsel.twin.layout import BACK, INFLOW, OPEN, WAITING
from stelsel.twin.plans.plan import Plan
from stelsel.twin.runs.run import Run, run
from stelsel.twin.series import Period, measure
from stelsel.twin.services import number, services
from stelsel.twin.world.demand import coming_back

CHAIN = (SAFETY, "vt-investigation", BOARD, "board-probation")
"""Guidance is not of it: how many measures run moves for years after demand came to rest."""
CONSTANT = date(2019, 7, 1)


def constant() -> Plan:
    """The country as it was half-way 2019, for ever, and without care beside the chain."""
    plan = closed_form()
    made = []
    for parameter in plan.parameters.values():
        value = float(parameter.series(CONSTANT, 1)[0])
        if parameter.name in [f"demand[{form}]" for form in CARE]:
            value = 0.0
        made.append(
            replace(
                parameter, value=value, kind="derived", low=None, high=None, since=None, dated=()
            )
        )
    return Plan.of(made)


@cache
def decade() -> Run:
    return run(constant(), years=10, first=date(2019, 1, 1))


def weekly(one: Run, slug: str, what: int) -> np.ndarray:
    """Weekly numbers of a service in the country."""
    counts = one.counts.sum(axis=2).astype(float)
    counts = counts.reshape(len(counts), -1, len(services()), counts.shape[-1])
    found: np.ndarray = counts[:, :, number(slug), what].sum(axis=1)
    return found


@pytest.mark.parametrize("slug", CHAIN)
def test_a_list_is_as_long_in_year_ten_as_in_year_three(slug: str) -> None:
    """When as many ask each year: within what chance does to a list.

    A list that is worked off in a year varies by about the root of a year's requests, and somewhat
    more since staff comes late; so a difference of five of these roots is none by chance.
    """
    waiting = weekly(decade(), slug, WAITING)
    third, tenth = waiting[2 * 52 : 3 * 52].mean(), waiting[9 * 52 :].mean()
    flow = weekly(decade(), slug, INFLOW)[2 * 52 :].mean() * 52
    assert abs(tenth - third) < 5 * np.sqrt(flow)


@pytest.mark.parametrize("slug", CHAIN)
def test_the_wait_is_about_what_the_plan_means(slug: str) -> None:
    """Little's law: list over flow, in the last seven of ten years."""
    waiting, flow = (weekly(decade(), slug, what)[3 * 52 :].mean() for what in (WAITING, INFLOW))
    meant = constant().value(f"wait[{slug}]")
    assert 7 * waiting / flow == pytest.approx(meant, rel=0.35)


def test_the_chain_has_one_trend_after_2021() -> None:
    """Investigations and requests rise or fall as orders do, from where they were in 2021."""
    orders = yearly(nation().paths["supervision"].started)
    last = LAST_YEAR - FIRST_YEAR
    for service in (BOARD, COURT):
        flow = yearly(before_measures()[service].started)
        ratio = flow[last:] / orders[last:]
        assert np.allclose(ratio[1:], ratio[1])
        assert ratio[1] == pytest.approx(ratio[0], rel=0.02)  # no step at the turn of the year


def test_requests_are_published_shares_of_investigations() -> None:
    for year in (2019, 2020, 2021):
        days = date(year, 1, 1), date(year, 12, 31)
        asked, done = (
            surest()[name, "total", *days]
            for name in ("rvdk_measures_requested", "rvdk_protection_investigations")
        )
        share = closed_form()[f"transfer[{BOARD}>{COURT}]"].series(date(year, 7, 1), 1)[0]
        assert share == pytest.approx(asked / done)


@cache
def region() -> Run:
    return run(closed_form(), region="JZ07", years=5, first=date(2015, 1, 1))


def test_measures_of_who_had_one_before_are_counted_as_the_figures_count_them() -> None:
    """The corrector of the fit, the series and plain Python say the same."""
    one = region()
    v = one.visits
    mine: dict[int, list[tuple[int, int]]] = {}
    for visit in v[np.isin(v["service"], [number(slug) for slug in MEASURES])]:
        if visit["started"] != OPEN:
            stay = int(visit["started"]), int(visit["ended"])
            mine.setdefault(int(visit["person"]), []).append(stay)
    first, last = ((date(2018, m, d) - one.first).days for m, d in ((1, 1), (12, 31)))
    plain = 0
    for stays in mine.values():
        for started, _ in stays:
            before = [ended for begun, ended in stays if begun < started]
            if before and first <= started <= last:
                plain += started - 5 * 365 <= max(before) < started
    assert plain > 5
    assert repeats(one, first, last) == plain
    year = Period(date(2018, 1, 1), date(2018, 12, 31))
    assert measure(one).value("jb_trajecten_started|herhaald beroep", year, "flow") == plain


def test_nobody_comes_back_to_a_measure_after_growing_up() -> None:
    v = region().visits
    back = (v["flags"] & BACK) != 0
    chosen = v[back & (v["service"] == number("supervision")) & (v["started"] != OPEN)]
    assert len(chosen) > 20
    birth = region().persons["birth"][chosen["person"]]
    assert ((chosen["started"] - birth) / 365.25).max() <= 18.01


def test_who_left_a_measure_before_the_run_comes_back_in_it() -> None:
    """In a state that stays as it is: those who leave a year times the share that comes back."""
    plan = constant()
    supervision = services()[number("supervision")]
    rate = coming_back(plan, supervision, CONSTANT, 5 * 365)
    there = plan.value("stock[supervision]")
    leave = there * (1 - plan.value("renew[supervision]")) / plan.value("term[supervision]")
    leave *= 1 - plan.value("transfer[supervision>guardianship]")
    # On the first day all who come back are of before the run; after five years nobody is.
    assert rate[0] == pytest.approx(leave * plan.value("return[supervision]"), rel=0.01)
    assert rate[-1] < 0.01 * rate[0]
    off = Plan.of(
        replace(p, value=0.0, low=None, high=None) if p.name == "on[returning]" else p
        for p in plan.parameters.values()
    )
    assert not coming_back(off, supervision, CONSTANT, 10).any()
