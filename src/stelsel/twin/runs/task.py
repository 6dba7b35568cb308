"""One run of a question: which plan, where, how long, which chance; it depends on nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import stelsel
from stelsel.system.known import KNOWN_UNTIL
from stelsel.twin.chance import seed_of
from stelsel.twin.country.baseline import baseline
from stelsel.twin.first_day.from_spells import Begun
from stelsel.twin.plans.draws import drawn
from stelsel.twin.plans.fitted import fitted_file
from stelsel.twin.plans.plan import Plan, Step
from stelsel.twin.plans.plan_file import NOTHING, PlanFile
from stelsel.twin.plans.scenario import Scenario
from stelsel.twin.runs.books import books
from stelsel.twin.runs.results import Summary, summarise
from stelsel.twin.runs.run import run
from stelsel.twin.series import measure

GROWTH = "growth"
"""The family that says how fast demand grows."""


@dataclass(frozen=True, slots=True)
class Held:
    """Families of parameters that from a day on stay as they are then."""

    families: tuple[str, ...]
    day: date

    def applied(self, plan: Plan) -> Plan:
        """Give a plan in which they stay; demand that grows stops growing.

        Examples
        --------
        >>> held = Held(("capacity",), date(2022, 1, 1)).applied(baseline())
        >>> beds = held["capacity[ambulatory]"]
        >>> len(set(beds.series(date(2022, 1, 1), 400).tolist()))
        1
        """
        steps = []
        for parameter in plan:
            family = parameter.name.partition("[")[0]
            if family in self.families and (parameter.dated or parameter.steps or family == GROWTH):
                value = float(parameter.series(self.day, 1)[0])
                number = 1.0 if family == GROWTH else value
                steps.append((parameter.name, Step(self.day, "set", number)))
        return plan.changed(steps)


@dataclass(frozen=True, slots=True)
class Task:
    """One run of an ensemble."""

    region: str
    years: float
    first: date
    seed: int
    scenario: Scenario
    replication: int
    given: PlanFile = NOTHING
    figures: bool = False  # whether to say it in published figures too, and to give its books
    held: Held | None = None
    begun: Begun | None = None
    at: tuple[tuple[str, float], ...] | None = None  # where in its range each assumption is, 0 to 1

    def of_all(self) -> Task:
        """Give the first of all replications of this run."""
        return replace(self, replication=0)

    def digest(self) -> str:
        """Give a name to everything the outcome follows from, the program included."""
        return hashlib.sha256(f"{program_digest()} {self!r}".encode()).hexdigest()


def plan_of(task: Task) -> Plan:
    """Give the plan that a task runs on.

    Every assumed number, of the baseline or of the plan file, is drawn from its range; what is
    derived from it follows. So are the sizes of the scenario's effects. In replication 0 all
    is as written.
    """
    plan = given_plan(task.given)
    scenario = task.scenario
    if task.at is None:
        draws = drawn(task.seed, task.replication, plan.assumed())
        scenario = scenario.drawn(task.seed, task.replication)
    else:
        places = dict(task.at)
        draws = {
            p.name: p.low + places[p.name] * (p.high - p.low)
            for p in plan.assumed()
            if p.name in places and p.low is not None and p.high is not None
        }
        scenario = scenario.sized(places)
    if draws:
        plan = given_plan(task.given.at(draws), draws)
    if task.begun:
        plan = task.begun.fitted(plan, task.first, task.given.values())
    plan = scenario.on(plan)
    return task.held.applied(plan) if task.held else plan


def given_plan(given: PlanFile, draws: dict[str, float] | None = None) -> Plan:
    """Give the baseline plan with the values of a plan file, and with drawn assumptions.

    Examples
    --------
    >>> given_plan(NOTHING) == baseline()
    True
    """
    return given.applied(baseline((draws or {}) | given.values()))


def perform(task: Task) -> Summary:
    """Do one task; it depends on nothing else, so it may be done anywhere."""
    seed = seed_of(task.seed, task.replication)
    once = run(plan_of(task), task.region, task.years, seed, task.first, task.begun, reuse=True)
    summary = summarise(once)
    if not task.figures:
        return summary
    tables = books(once) if task.replication == 0 else {}
    return replace(summary, figures=measure(once), books=tables)


@cache
def program_digest() -> str:
    """Give the SHA-256 of version, code and tables that a run follows from.

    What another program has made is not taken for one's own.

    Examples
    --------
    >>> len(program_digest())
    64
    """
    made = hashlib.sha256(f"{stelsel.__version__} {KNOWN_UNTIL}".encode())
    if file := fitted_file():
        made.update(file.read_bytes())
    for package in ("stelsel.twin", "stelsel.system"):
        for name, content in _contents(files(package), package):
            made.update(name.encode() + b"\0" + content + b"\0")
    return made.hexdigest()


def _contents(folder: Traversable, name: str) -> list[tuple[str, bytes]]:
    found = []
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        inside = f"{name}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            found += _contents(entry, inside)
        elif entry.name.endswith((".py", ".csv", ".yaml")):
            found.append((inside, entry.read_bytes()))
    return found
