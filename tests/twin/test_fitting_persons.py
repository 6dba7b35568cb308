"""What the fit counts of children who have more at once, and which way it moves it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from stelsel.twin.country.baseline import closed_form
from stelsel.twin.fitting.levers import Levers
from stelsel.twin.fitting.persons import BESIDE, FREE, STAY, Had, fit_persons
from stelsel.twin.layout import OPEN
from stelsel.twin.runs.run import Run, run
from stelsel.twin.series import Period, measure
from stelsel.twin.services import number

HELP = (*STAY, *FREE)
YEAR = 2016


@pytest.fixture(scope="module")
def region() -> Run:
    return run(closed_form(), region="JZ07", years=3, first=date(2015, 1, 1))


def test_children_with_help_are_counted_as_the_figures_count_them(region: Run) -> None:
    """The corrector of the fit, the series and plain Python say the same."""
    services = {number(slug) for slug in HELP}
    low, high = ((date(YEAR + n, 1, 1) - region.first).days for n in (0, 1))
    children = {
        int(visit["person"])
        for visit in region.visits
        if visit["service"] in services and visit["started"] != OPEN
        if visit["started"] < high and visit["ended"] >= low
    }
    had = Had(region)
    assert set(np.flatnonzero(had.who(HELP, YEAR))) == children
    year = Period(date(YEAR, 1, 1), date(YEAR, 12, 31))
    told = measure(region).value("youth_with_jeugdhulp|total", year, "flow")
    # Who leaves on the first day was there on it for the corrector, not for the figure.
    assert told == pytest.approx(len(children), rel=0.01)


def test_nothing_is_wanted_where_the_children_are_as_many_as_published(region: Run) -> None:
    had = Had(region)
    children = int(had.who(HELP, YEAR).sum())
    assert had.more(HELP, YEAR, children) == pytest.approx(1)
    assert had.more(HELP, YEAR, 1.05 * children) < 1 < had.more(HELP, YEAR, 0.95 * children)


def test_too_few_children_make_less_help_come_beside_help(region: Run) -> None:
    """A region has fewer children than the country: all that may be moved goes down, no further."""
    plan, levers = closed_form(), Levers()
    for _ in range(20):
        fit_persons(plan, levers, region)
    moved = [name for name in BESIDE if name in levers.factors]
    assert len(moved) > 5
    for name in moved:
        one = plan[name]
        assert one.low is not None
        assert one.value * levers.factors[name][0] == pytest.approx(one.low)
