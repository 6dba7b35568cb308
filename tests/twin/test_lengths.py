"""How long help lasts by form and sender, and who sends: against what they were made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from stelsel.system import referrers
from stelsel.twin.country.balance import BANDS
from stelsel.twin.country.baseline import TEAM, closed_form
from stelsel.twin.fitting.senders import LOOK_BACK, help_of
from stelsel.twin.layout import OPEN
from stelsel.twin.plans.plan import Parameter, Plan
from stelsel.twin.runs.run import run
from stelsel.twin.services import number
from stelsel.twin.world.lengths import BANDS_OF, duration_of, laws
from stelsel.twin.world.rules import NOBODY
from stelsel.twin.world.senders import INSTITUTION, sent

SENDERS = [one.slug for one in referrers()]


def steady() -> Plan:
    """The closed form, when nothing had changed for years: clocks even, as many asked before."""
    plan = closed_form()
    made = []
    for one in plan:
        known = one
        if one.dated:
            value = float(plan[one.name].series(BANDS_OF, 1)[0])
            if one.name.startswith("pace["):
                value = 1.0
            known = replace(one, value=value, kind="derived", since=None, dated=())
        made.append(known)
    return Plan.of(made)


def test_both_the_bands_of_senders_and_the_means_of_forms_come_out() -> None:
    plan = steady()
    found = laws(plan)
    came = sent(plan, BANDS_OF)[:, :-1]
    team = np.where(np.array(SENDERS) == NOBODY, came[number(TEAM)].sum(), 0.0)
    weight = {s: team if s == TEAM else came[number(s)] for s in found}
    edges = np.array(list(BANDS.values())[:-1])
    for n, sender in enumerate(SENDERS):
        wanted = np.array([plan.value(f"duration.band[{sender},{band}]") for band in BANDS])
        got = np.zeros(len(BANDS))
        for form, of in found.items():
            below = np.concatenate([[0.0], of[n].below(edges), [1.0]])
            got += weight[form][n] * np.diff(below)
        shares, made = wanted / wanted.sum(), got / got.sum()
        assert np.abs(made - shares).max() < 0.003, sender  # the grid of quantiles has steps
    for form, of in found.items():
        if not weight[form].sum():
            continue
        mean = np.average([law.mean for law in of], weights=weight[form])
        assert abs(mean / plan.value(f"duration[{form}]") - 1) < 1e-6
        assert abs(duration_of(plan, form).mean / mean - 1) < 2e-3


def test_more_long_help_of_one_sender_leaves_less_to_others() -> None:
    plan = steady()
    name = "duration.band[gp,4 years or longer]"
    more = dict(plan.parameters) | {
        name: Parameter(name, 3 * plan.value(name), "episodes", "measured", "example")
    }
    gp = SENDERS.index("gp")
    plain, longer = (laws(p)["ambulatory"] for p in (plan, Plan.of(more.values())))
    assert longer[gp].below(np.array([1461.0])) < plain[gp].below(np.array([1461.0]))
    # The mean of the form stays, so help that others send for is shorter.
    town = SENDERS.index("municipality")
    assert longer[town].mean < plain[town].mean


def test_an_institution_that_sends_less_of_who_comes_by_a_measure_sends_less() -> None:
    plan = steady()
    name = "institution.sends[ambulatory]"
    less = dict(plan.parameters) | {name: Parameter(name, 0.5, "share", "derived", "example")}
    own = SENDERS.index(INSTITUTION)
    all_of, half = (sent(p, BANDS_OF) for p in (plan, Plan.of(less.values())))
    assert half[number("ambulatory"), own] < 0.85 * all_of[number("ambulatory"), own]
    assert np.allclose(half.sum(axis=1), all_of.sum(axis=1))  # as many come, sent by others


def test_repeats_are_those_whose_help_had_ended_before() -> None:
    one = run(years=3, seed=3, region="JZ32", first=date(2019, 1, 1))
    seen = help_of(one)
    visits = one.visits
    mine = [v for v in visits if v["service"] < number("triage") and v["started"] != OPEN]
    by_child: dict[int, list[tuple[int, int]]] = {}
    for v in mine:
        by_child.setdefault(int(v["person"]), []).append((int(v["started"]), int(v["ended"])))
    again = 0
    for stays in by_child.values():
        for started, _ in stays:
            before = [ended for begun, ended in stays if begun < started]
            again += bool(before) and started - LOOK_BACK <= max(before) < started
    assert len(seen.again) == len(mine)
    assert 0 < again == int(seen.again.sum())
