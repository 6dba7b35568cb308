"""What every question needs: where, how long, on which chance, and who does the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stelsel.errors import Fault, StelselError
from stelsel.twin.country.baseline import FIRST_DAY
from stelsel.twin.plans.plan_file import NOTHING, PlanFile
from stelsel.twin.plans.scenario import BASELINE, Scenario
from stelsel.twin.runs.ensemble import BAND, check
from stelsel.twin.runs.pool import performed
from stelsel.twin.runs.results import Summary
from stelsel.twin.runs.task import Held, Task, given_plan
from stelsel.twin.world.people import COUNTRY

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Asking:
    """Runs of one region, period and seed, in worlds that a question makes.

    Parameters
    ----------
    region, years, first, seed, replications
        As in :func:`stelsel.twin.runs.ensemble.ensemble`.
    scenario, given
        The world in which the question is asked; the baseline if left out.
    workers, keep, progress
        Who does the work, where runs are kept, and whom to tell how far it is.
    """

    region: str = COUNTRY
    years: float = 3
    replications: int = 10
    first: date = FIRST_DAY
    seed: int = 2021
    scenario: Scenario = BASELINE
    given: PlanFile = NOTHING
    workers: int | str = 1
    keep: Path | None = None
    progress: Callable[[int, int], None] | None = None

    def check(self) -> None:
        """Refuse what cannot be run, before any work.

        Raises
        ------
        StelselError
            As :func:`stelsel.twin.runs.ensemble.check`, and where the scenario does not fit the
            plan.
        """
        check(self.region, self.years, self.replications, self.seed, self.first, self.workers)
        self.scenario.applied(given_plan(self.given))

    def task(
        self,
        replication: int,
        scenario: Scenario | None = None,
        held: Held | None = None,
        at: tuple[tuple[str, float], ...] | None = None,
    ) -> Task:
        """Give a run in a world."""
        world = self.scenario if scenario is None else scenario
        place = self.region, self.years, self.first, self.seed
        return Task(*place, world, replication, self.given, held=held, at=at)

    def done(self, tasks: Sequence[Task]) -> list[Summary]:
        """Do runs."""
        return performed(tasks, self.workers, self.keep, self.progress)


def band(values: Numbers) -> tuple[float | None, float | None]:
    """Low and high of the 80 % band of values; none of one value or of none.

    Examples
    --------
    >>> band(np.array([1.0, 2.0, 3.0])), band(np.array([1.0]))
    ((1.2, 2.8), (None, None))
    """
    known = values[np.isfinite(values)]
    if len(known) < 2:
        return None, None
    low, high = np.quantile(known, BAND)
    return float(low), float(high)


def need(names: Sequence[str], asking: Asking) -> None:
    """Refuse parameters that the plan does not have.

    Raises
    ------
    StelselError
        With every name that it does not have.
    """
    plan = given_plan(asking.given)
    faults: list[Fault] = []
    for name in names:
        try:
            plan[name]
        except StelselError as error:
            faults.extend(error.faults)
    if faults:
        raise StelselError(faults)
