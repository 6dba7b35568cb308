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
    crew: Any, staff: Any, week: Any, row: Any, in_care: Any, waiting: Any, planned: Any
) -> Any:
    """Move the staff of a station on by a week; give its places over those of the plan.

    Parameters
    ----------
    crew, staff
        Memory and compiled plan.
    week
        Number of the week.
    row
        Number of the staffed station.
    in_care, waiting
        Children of the station today.
    planned
        Places of the station by the plan, scenario included.

    The number returned also stands in ``crew.ratio``; every day until the next week the station
    has ``planned`` of that day times this number of places.
    """
    x = staff.service[row]
    base = planned / staff.steps[week, x]
    strength = crew.full[row] + HALF * crew.new[row]
    able = strength * (1.0 - crew.ill[row]) * staff.hours[week, x] / staff.balance[x, 3]
    load = 1.0
    if base > 0.0 and able > 0.0:
        work = in_care + staff.waiting[week, x] * waiting
        meant = base * (1.0 + staff.waiting[week, x] * staff.usual[x])
        load = min(work / (meant * able * staff.group[week, x]), MOST_LOAD)
    leaving = 1.0 - np.exp(-staff.leave[week, x] * load ** staff.load[week, x])
    left = leaving * (crew.full[row] + crew.new[row])
    vacant = max(staff.posts[week, x] - crew.full[row] - crew.new[row] - crew.hired[row], 0.0)
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
    crew.ratio[row] = able * cases / staff.steps[week, x]
    posts = base / (staff.cases[x] * staff.balance[x, 3])
    employed = crew.full[row] + crew.new[row]
    counts = crew.counts[week, row]
    counts[POSTS] = posts * staff.posts[week, x]
    counts[FULL] = posts * crew.full[row]
    counts[NEW] = posts * crew.new[row]
    counts[HIRED] = posts * crew.hired[row]
    counts[VACANT] = posts * max(staff.posts[week, x] - employed - crew.hired[row], 0.0)
    counts[ILL] = posts * employed * crew.ill[row]
    counts[LEFT] = posts * left
    counts[LOAD] = load
    counts[RATIO] = crew.ratio[row]
    return crew.ratio[row]
