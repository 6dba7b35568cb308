"""Staff in the loop, week by week: who leaves, is hired, begins and learns; places follow."""

from __future__ import annotations

from typing import Any

import numpy as np

from stelsel.twin.compiled import compiled
from stelsel.twin.parts.staff.layout import (
    FULL,
    HIRED,
    ILL,
    LEFT,
    LOAD,
    NEW,
    POSTS,
    RATIO,
    VACANT,
)

HALF = 0.5
MOST_LOAD = 10.0
"""Beyond this many times the cases a worker is meant to have, load counts as this."""
MOST_ILL = 0.9


@compiled  # type: ignore[untyped-decorator]
def staff_week(
    crew: Any, staff: Any, day: Any, row: Any, in_care: Any, waiting: Any, planned: Any
) -> None:
    """Move the staff of a station on by a week; :func:`staffed_places` then follow from it.

    Posts are those of the plan, and more while more children wait than the plan means.

    Parameters
    ----------
    crew, staff
        Memory and compiled plan.
    day
        Today.
    row
        Number of the staffed station.
    in_care, waiting
        Children of the station today.
    planned
        Places of the station by the plan, scenario included.
    """
    x = staff.service[row]
    week = day // 7
    base = planned / staff.steps[day, x]
    strength = crew.full[row] + HALF * crew.new[row]
    able = strength * (1.0 - crew.ill[row]) * staff.hours[week, x] / staff.balance[x, 3]
    load = 1.0
    if base > 0.0 and able > 0.0:
        work = in_care + staff.waiting[week, x] * waiting
        meant = base * (1.0 + staff.waiting[week, x] * staff.usual[x])
        load = min(work / (meant * able * staff.group[week, x]), MOST_LOAD)
    leaving = 1.0 - np.exp(-staff.leave[week, x] * load ** staff.load[week, x])
    left = leaving * (crew.full[row] + crew.new[row])
    funded = staff.posts[week, x]
    if base > 0.0:
        beyond = waiting / base - staff.usual[x]
        funded *= max(1.0 + staff.follow[week, x] * beyond, 0.0)
    vacant = max(funded - crew.full[row] - crew.new[row] - crew.hired[row], 0.0)
    hires = min(vacant, vacant * staff.hire[week, x] + staff.former[week, x])
    begin = crew.hired[row] * staff.start[week, x]
    trained = crew.new[row] * staff.trained[week, x]
    crew.full[row] += trained - leaving * crew.full[row]
    crew.new[row] += begin - trained - leaving * crew.new[row]
    crew.hired[row] += hires - begin
    crew.ill[row] = min(staff.ill[week, x] * load ** staff.ill_load[week, x], MOST_ILL)
    strength = crew.full[row] + HALF * crew.new[row]
    able = strength * (1.0 - crew.ill[row]) * staff.hours[week, x] / staff.balance[x, 3]
    cases = staff.caseload[week, x] * staff.group[week, x]
    crew.ratio[row] = able * cases
    posts = base / (staff.cases[x] * staff.balance[x, 3])
    employed = crew.full[row] + crew.new[row]
    counts = crew.counts[week, row]
    counts[POSTS] = posts * funded
    counts[FULL] = posts * crew.full[row]
    counts[NEW] = posts * crew.new[row]
    counts[HIRED] = posts * crew.hired[row]
    counts[VACANT] = posts * max(funded - employed - crew.hired[row], 0.0)
    counts[ILL] = posts * employed * crew.ill[row]
    counts[LEFT] = posts * left
    counts[LOAD] = load
    counts[RATIO] = crew.ratio[row]


@compiled  # type: ignore[untyped-decorator]
def staffed_places(crew: Any, staff: Any, day: Any, row: Any, planned: Any) -> Any:
    """Places that a station has today, given those of the plan with its scenario."""
    return planned * crew.ratio[row] / staff.steps[day, staff.service[row]]
