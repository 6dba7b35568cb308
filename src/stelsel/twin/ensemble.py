"""Many runs: replications of the baseline and of scenarios on the same chance.

Replication 0 runs on the plan as it is. In every further one each assumed parameter is drawn from
its range (a triangle with its top at the assumed value) and what is derived from it follows, so
that the band holds what nobody knows besides chance. A scenario runs on the same draws as the
baseline, replication by replication: differences are paired.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import product
from multiprocessing import get_context

import numpy as np
import numpy.typing as npt

from stelsel.errors import Fault, StelselError
from stelsel.twin.baseline import FIRST_DAY, assumptions, baseline
from stelsel.twin.chance import Purpose, children, seed_of, uniforms
from stelsel.twin.people import COUNTRY, places
from stelsel.twin.plan import Plan
from stelsel.twin.results import Summary, summarise
from stelsel.twin.run import fits, length, run
from stelsel.twin.scenario import BASELINE, Scenario

Numbers = npt.NDArray[np.float64]

BAND = (0.1, 0.9)
"""Quantiles of an 80 % band."""


@dataclass(frozen=True, slots=True)
class Task:
    """One run of an ensemble."""

    region: str
    years: float
    first: date
    seed: int
    scenario: Scenario
    replication: int


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


def drawn(seed: int, replication: int) -> dict[str, float]:
    """Draw every assumed parameter for a replication; none for replication 0.

    Examples
    --------
    >>> drawn(2021, 0)
    {}
    >>> 41 <= drawn(2021, 1)["wait[ambulatory]"] <= 110
    True
    """
    if replication == 0:
        return {}
    values = {}
    for name, parameter in assumptions().items():
        key = children(seed_of(seed, replication), [zlib.crc32(name.encode())])
        chance = float(uniforms(key, Purpose.ASSUMPTION)[0])
        low, top, high = parameter.low, parameter.value, parameter.high
        values[name] = _triangle(chance, float(low or 0), top, float(high or 0))
    return values


def _triangle(chance: float, low: float, top: float, high: float) -> float:
    """Value at a chance under a triangle from low over top to high."""
    if high <= low:
        return top
    turn = (top - low) / (high - low)
    if chance < turn:
        return low + float(np.sqrt(chance * (high - low) * (top - low)))
    return high - float(np.sqrt((1 - chance) * (high - low) * (high - top)))


def plan_of(task: Task) -> Plan:
    """Give the plan that a task runs on."""
    return task.scenario.on(baseline(drawn(task.seed, task.replication)))


def perform(task: Task) -> Summary:
    """Do one task; it depends on nothing else, so it may be done anywhere."""
    seed = seed_of(task.seed, task.replication)
    return summarise(run(plan_of(task), task.region, task.years, seed, task.first))


def ensemble(
    scenarios: Sequence[Scenario] = (),
    region: str = COUNTRY,
    years: float = 1,
    replications: int = 1,
    seed: int = 2021,
    first: date = FIRST_DAY,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Ensemble:
    """Run the baseline and the scenarios, each ``replications`` times.

    Parameters
    ----------
    scenarios
        Differences from the baseline, which always runs too.
    region, years, seed, first
        As in :func:`stelsel.twin.run.run`.
    replications
        Runs of each. One gives no band.
    workers
        Processes. The result is the same whatever the number.
    progress
        Called with the number done and the number to do.

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
    for scenario in scenarios:
        scenario.applied(baseline())  # say what is wrong before the work begins
    tasks = [
        Task(region, years, first, seed, scenario, replication)
        for scenario, replication in product(every, range(replications))
    ]
    done: list[Summary] = []
    for summary in _performed(tasks, workers):
        done.append(summary)
        if progress:
            progress(len(done), len(tasks))
    rows = [tuple(done[n : n + replications]) for n in range(0, len(done), replications)]
    days = length(first, years)
    return Ensemble(region, first, days, years, seed, every, tuple(rows))


def check(
    region: str,
    years: float,
    replications: int,
    seed: int = 2021,
    first: date = FIRST_DAY,
    workers: int = 1,
) -> None:
    """Refuse what cannot be run, before any work: the arguments of :func:`ensemble`.

    Raises
    ------
    StelselError
        With every number that makes no sense, else when the region does not exist.
    """
    faults = fits(years, seed, first)
    if replications < 1 or workers < 1:
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


def _performed(tasks: Sequence[Task], workers: int) -> Iterable[Summary]:
    if workers == 1 or len(tasks) == 1:
        yield from map(perform, tasks)
        return
    # A fresh interpreter per worker: forking one that runs threads (Arrow, DuckDB) is not safe.
    with ProcessPoolExecutor(min(workers, len(tasks)), mp_context=get_context("spawn")) as pool:
        yield from pool.map(perform, tasks)
