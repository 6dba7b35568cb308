"""Many runs: replications of the baseline and of scenarios on the same chance.

Replication 0 runs on the plan as it is. In every further one each assumed parameter is drawn from
its range (a triangle with its top at the assumed value) and what is derived from it follows, so
that the band holds what nobody knows besides chance. A scenario runs on the same draws as the
baseline, replication by replication: differences are paired.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stelsel.errors import Fault, StelselError
from stelsel.twin.country.baseline import FIRST_DAY
from stelsel.twin.first_day.from_spells import Begun
from stelsel.twin.plans.plan_file import NOTHING, PlanFile
from stelsel.twin.plans.scenario import BASELINE, Scenario
from stelsel.twin.runs.pool import performed
from stelsel.twin.runs.results import Summary
from stelsel.twin.runs.run import fits, length
from stelsel.twin.runs.task import Task, given_plan
from stelsel.twin.world.people import COUNTRY, places

Numbers = npt.NDArray[np.float64]

BAND = (0.1, 0.9)
"""Quantiles of an 80 % band."""


@dataclass(frozen=True)
class Ensemble:
    """All runs of a question: ``summaries[scenario][replication]``, the baseline first."""

    region: str
    first: date
    days: int
    years: float
    seed: int
    scenarios: tuple[Scenario, ...]
    summaries: tuple[tuple[Summary, ...], ...]
    given: PlanFile = NOTHING
    figures: bool = False
    begun: Begun | None = None

    def task(self, scenario: int, replication: int = 0) -> Task:
        """Give the task of a replication of a scenario."""
        world = self.scenarios[scenario]
        place = self.region, self.years, self.first, self.seed
        return Task(*place, world, replication, self.given, self.figures, begun=self.begun)

    @property
    def replications(self) -> int:
        """Number of replications of each scenario."""
        return len(self.summaries[0])

    def values(self, scenario: int) -> Numbers:
        """Values [replication, row] of a scenario."""
        return np.array([summary.values for summary in self.summaries[scenario]])

    def weekly(self, scenario: int) -> Numbers:
        """Weekly values [replication, week, form, measure] of a scenario."""
        return np.array([summary.weekly for summary in self.summaries[scenario]])


def ensemble(
    scenarios: Sequence[Scenario] = (),
    region: str = COUNTRY,
    years: float = 1,
    replications: int = 1,
    seed: int = 2021,
    first: date = FIRST_DAY,
    workers: int | str = 1,
    progress: Callable[[int, int], None] | None = None,
    given: PlanFile | None = None,
    keep: Path | None = None,
    figures: bool = False,
    begun: Begun | None = None,
) -> Ensemble:
    """Run the baseline and the scenarios, each ``replications`` times.

    Parameters
    ----------
    scenarios
        Differences from the baseline, which always runs too.
    region, years, seed, first
        As in :func:`stelsel.twin.runs.run.run`.
    replications
        Runs of each. One gives no band.
    workers
        Processes, or ``dask://host:port``. The result is the same whatever they are.
    progress
        Called with the number done and the number to do.
    given
        Values that take the place of those of the baseline plan.
    keep
        Folder in which each run is kept as it is done; what is there is not done again.
    figures
        Whether to say each run in the terms of the published figures too, and to give the books
        (:mod:`stelsel.twin.runs.books`) of replication 0.
    begun
        Who is where on the first day, from a register.

    Raises
    ------
    StelselError
        When a scenario does not fit the plan or a number makes no sense.

    Examples
    --------
    >>> ensemble(region="JZ15", years=0.1).replications
    1
    """
    check(region, years, replications, seed, first, workers)
    every = (BASELINE, *scenarios)
    names = [scenario.name for scenario in every]
    if len(set(names)) < len(names):
        raise StelselError(
            "Two scenarios have the same name.",
            where=", ".join(names),
            what_nl="Twee scenario's hebben dezelfde naam.",
        )
    given = given or NOTHING
    for scenario in scenarios:
        scenario.applied(given_plan(given))  # say what is wrong before the work begins
    tasks = [
        Task(region, years, first, seed, scenario, replication, given, figures, begun=begun)
        for scenario, replication in product(every, range(replications))
    ]
    done = performed(tasks, workers, keep, progress)
    rows = [tuple(done[n : n + replications]) for n in range(0, len(done), replications)]
    days = length(first, years)
    return Ensemble(region, first, days, years, seed, every, tuple(rows), given, figures, begun)


def check(
    region: str,
    years: float,
    replications: int,
    seed: int = 2021,
    first: date = FIRST_DAY,
    workers: int | str = 1,
) -> None:
    """Refuse what cannot be run, before any work: the arguments of :func:`ensemble`.

    Raises
    ------
    StelselError
        With every number that makes no sense, else when the region does not exist.
    """
    faults = fits(years, seed, first)
    if replications < 1 or (isinstance(workers, int) and workers < 1):
        faults.append(
            Fault(
                "Replications and workers must be at least 1.",
                "simulate",
                what_nl="Herhalingen en processen moeten ten minste 1 zijn.",
            )
        )
    if faults:
        raise StelselError(faults)
    places(region)
