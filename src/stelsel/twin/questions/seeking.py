"""How much does it take? The least change of a lever with which a target is met, by bisection.

Each replication is a world of its own, with its own draw of what nobody knows. In each the lever is
moved until the target is just met, on the same chance every time. So there is an answer per world,
and their band says how sure the answer is: with the high end the target is met in nine of ten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from stelsel.errors import StelselError
from stelsel.twin.plans.plan import Step
from stelsel.twin.plans.scenario import Change, Scenario, composed
from stelsel.twin.questions.asking import Asking, band, need
from stelsel.twin.questions.quantity import Target
from stelsel.twin.runs.task import Task, plan_of

Numbers = npt.NDArray[np.float64]
Measure = Callable[[Sequence[tuple[int, float]]], Sequence[float]]
"""Gives the quantity for pairs of replication and factor."""

TOLERANCE = 0.005
"""A factor is sought to half a percent of itself as it is now."""


@dataclass(frozen=True)
class Sought:
    """What it takes: a factor per replication, not a number where the target is out of reach.

    ``now`` and ``then`` are the quantity as things are and at the answer, per replication;
    ``levers`` the values as the plan has them on the day from which they move.
    """

    target: Target
    levers: dict[str, float]
    factors: Numbers
    now: Numbers
    then: Numbers

    @property
    def reached(self) -> int:
        """In how many replications the target can be met."""
        return int(np.isfinite(self.factors).sum())

    @property
    def factor(self) -> float:
        """Median factor of those in which it can be met."""
        return float(np.median(self.factors[np.isfinite(self.factors)])) if self.reached else np.nan

    @property
    def band(self) -> tuple[float | None, float | None]:
        """80 % band of the factor."""
        return band(self.factors)


def bisect(
    measure: Measure,
    target: Target,
    low: float,
    high: float,
    replications: int,
    tolerance: float = TOLERANCE,
) -> Numbers:
    """Seek in every replication the factor nearest to 1 with which a target is met.

    Parameters
    ----------
    measure
        Gives the quantity for pairs of replication and factor, many at once.
    target
        What it should be.
    low, high
        Between which factors to seek: upwards where the target is met at ``high``, else downwards
        where it is met at ``low``. The answer is 1 where it is met as things are, and not a number
        where it is met at neither end.
    replications
        How many.
    tolerance
        How near.

    Examples
    --------
    >>> from stelsel.twin.questions.quantity import target
    >>> want = target("wait[ambulatory] mean <= 10 days")
    >>> found = bisect(lambda pairs: [20 / factor for _, factor in pairs], want, 0.5, 4, 1)
    >>> bool(2 <= found[0] < 2.01)
    True
    """
    every = range(replications)
    ends = list(measure([(r, factor) for factor in (low, high, 1.0) for r in every]))
    at_low, at_high, now = (
        np.array([target.met(value) for value in ends[n * replications : (n + 1) * replications]])
        for n in range(3)
    )
    answer = np.where(now, 1.0, np.nan)
    todo = [r for r in every if not now[r] and (at_low[r] or at_high[r])]
    misses = dict.fromkeys(todo, 1.0)
    meets = {r: high if at_high[r] else low for r in todo}
    while todo := [r for r in todo if abs(meets[r] - misses[r]) > tolerance]:
        middle = {r: (meets[r] + misses[r]) / 2 for r in todo}
        for r, value in zip(todo, measure(list(middle.items())), strict=True):
            (meets if target.met(value) else misses)[r] = middle[r]
    for r, factor in meets.items():
        answer[r] = factor
    return answer


def seek(
    target: Target,
    levers: Sequence[str],
    asking: Asking,
    low: float = 0.5,
    high: float = 3.0,
    since: date | None = None,
    year: int | None = None,
) -> Sought:
    """Seek how much levers must be moved, all by one factor, for a target to be met.

    Parameters
    ----------
    target
        What is wanted, of the last year of the runs or of ``year``.
    levers
        Parameters that are multiplied, such as ``capacity[ambulatory]``.
    asking
        Place, period, chance and world.
    low, high
        Between which factors to seek.
    since
        From when the levers are moved; the first day if left out.

    Raises
    ------
    StelselError
        When a lever does not exist or cannot be moved while the model runs, or numbers make no
        sense.

    Examples
    --------
    >>> from stelsel.twin.questions.quantity import target
    >>> want = target("waiting[ambulatory] <= 60 children")
    >>> found = seek(want, ["capacity[ambulatory]"], Asking("JZ15", 1, 1))
    >>> found.factor > 1
    True
    """
    if not 0 <= low < 1 < high or not levers:
        raise StelselError(
            "Seeking needs a lever, and ends on both sides of 1.",
            where="seek",
            remedy="Give --by PARAMETER, --low below 1 and --high above 1.",
            what_nl="Zoeken vraagt een knop, en grenzen aan weerszijden van 1.",
            remedy_nl="Geef --by PARAMETER, --low onder 1 en --high boven 1.",
        )
    need(levers, asking)
    begin = since or asking.first
    replace(asking, scenario=_moved(asking.scenario, levers, high, begin)).check()

    def measure(pairs: Sequence[tuple[int, float]]) -> list[float]:
        tasks = [_task(asking, r, levers, factor, begin) for r, factor in pairs]
        return [target.quantity.of(summary, year) for summary in asking.done(tasks)]

    every = range(asking.replications)
    factors = bisect(measure, target, low, high, asking.replications)
    now = np.array(measure([(r, 1.0) for r in every]))
    known = [r for r in every if np.isfinite(factors[r])]
    then = np.full(len(now), np.nan)
    then[known] = measure([(r, float(factors[r])) for r in known])
    plan = plan_of(asking.task(0))
    values = {name: float(plan[name].series(begin, 1)[0]) for name in levers}
    return Sought(target, values, factors, now, then)


def _task(
    asking: Asking, replication: int, levers: Sequence[str], factor: float, since: date
) -> Task:
    world = _moved(asking.scenario, levers, factor, since)
    return asking.task(replication, asking.scenario if factor == 1.0 else world)


def _moved(world: Scenario, levers: Sequence[str], factor: float, since: date) -> Scenario:
    """Give a world in which levers are multiplied."""
    changes = tuple(
        Change(name, Step(since, "multiply", factor), "derived", "", "", "", "") for name in levers
    )
    return composed([world, Scenario(f"{factor:.6g}", "", "", changes=changes)])
