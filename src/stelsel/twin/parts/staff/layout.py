"""Memory of staff: who works for each staffed station, and weekly books."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

POSTS, FULL, NEW, HIRED, VACANT, ILL, LEFT, LOAD, RATIO = range(9)
MEASURES = ("posts", "full", "new", "hired", "vacant", "ill", "left", "load", "ratio")
"""Weekly measures of a station: posts funded; workers at full and at half strength; hired and not
yet there; posts without anyone; workers who are ill; who left in the week; load, 1 for as many
cases a worker as the plan means; and places over those of
the plan without a scenario."""
WORKERS = 7
"""The first so many measures count people, the others are pure numbers."""


class Staff(NamedTuple):
    """What the plan says of staff, ready for the loop.

    W weeks, D days, X staffed services, S staffed stations. Chances are for a week; ``steps`` are
    the places under a scenario over those without one, which staff follows with a delay.
    """

    service: Ints  # [S] row of the service of a station
    leave: Floats  # [W, X] rate to leave at load 1
    load: Floats  # [W, X] elasticity of leaving
    hire: Floats  # [W, X] share of vacancies filled
    start: Floats  # [W, X] share of the hired that begins
    trained: Floats  # [W, X] share of the new that gets to full strength
    ill: Floats  # [W, X] share ill at load 1
    ill_load: Floats  # [W, X] elasticity of illness
    caseload: Floats  # [W, X] cases a post over those on the first day without a scenario
    group: Floats  # [W, X] children helped together, the same way
    hours: Floats  # [W, X] working time left by paperwork, the same way
    posts: Floats  # [W, X] posts over those that go with the places without a scenario
    steps: Floats  # [D, X] places under the scenario over those without
    former: Floats  # [W, X] former staff that comes back, as share of posts
    waiting: Floats  # [W, X] work of a waiting child, in cases
    usual: Floats  # [X] children waiting for a place that the plan means
    follow: Floats  # [W, X] posts funded for a child who waits beyond that, over a place
    cases: Floats  # [X] cases a post on the first day without a scenario
    balance: Floats  # [X, 4] full, new, hired and strength of a post in equilibrium at load 1


class Crew(NamedTuple):
    """Memory of a run. Workers are counted per post that goes with the places of the plan."""

    full: Floats  # [S]
    new: Floats  # [S]
    hired: Floats  # [S]
    ill: Floats  # [S] share
    ratio: Floats  # [S] places over those of the plan without a scenario
    counts: npt.NDArray[np.float32]  # [W, S, 9] MEASURES


def crew(staff: Staff) -> Crew:
    """Set memory aside, with every station in equilibrium at load 1."""
    weeks, stations = len(staff.leave), len(staff.service)
    balance = staff.balance[staff.service]
    return Crew(
        full=balance[:, 0].copy(),
        new=balance[:, 1].copy(),
        hired=balance[:, 2].copy(),
        ill=staff.ill[0, staff.service],
        ratio=np.ones(stations),
        counts=np.zeros((weeks, stations, len(MEASURES)), np.float32),
    )
