"""Old results that the twin must bring out again: queues two by two, and spill-over.

*Two by two* (Giesen, Ketter and Zuidwijk 2009): the child's side picks a provider, or the list
sends; each provider keeps a queue, or there is one. Their agent-based model of one Dutch region
found that sending from one central queue suits the sector best. Here four providers of unequal
size are picked alike, and run under each of the four policies on the same chance.

*Spill-over* (Pierotti and others 2024): more capacity in light services moves demand on to heavier
ones. Here the local team gets more places; what then comes to heavier forms is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stelsel.twin.country.baseline import FIRST_DAY, baseline
from stelsel.twin.examination.small import Small, exponential, mean_wait, ran
from stelsel.twin.plans.plan import Step
from stelsel.twin.runs.run import Run, run
from stelsel.twin.series.table import groups

SEEDS = (1, 2, 3, 4)
DAYS = 8000
WARM = 1000
"""Days before and after which no wait is counted: the lists begin empty."""
PLACES = (20, 15, 10, 5)
"""Places of four providers; the child's side picks each as often, whatever its size."""
LOAD = 0.93
MEAN = 50.0


@dataclass(frozen=True, slots=True)
class Policy:
    """One of the four ways to hand out care."""

    push: bool
    one_list: bool

    @property
    def name(self) -> str:
        """Say it in words."""
        who = "push" if self.push else "pull"
        return f"{who}, {'one queue' if self.one_list else 'a queue per provider'}"


POLICIES = tuple(Policy(push, one) for push in (False, True) for one in (False, True))


@dataclass(frozen=True, slots=True)
class Waits:
    """Mean wait in days under a policy, per seed."""

    policy: Policy
    days: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean over the seeds."""
        return float(np.mean(self.days))


def two_by_two(seeds: Sequence[int] = SEEDS, days: int = DAYS) -> tuple[Waits, ...]:
    """Run four providers under the four policies, on the same children.

    Parameters
    ----------
    seeds
        One run of each policy per seed.
    days
        How long; the first and last ``WARM`` days are not counted.

    Examples
    --------
    >>> best, *_, worst = sorted(two_by_two(seeds=(1,), days=4000), key=lambda one: one.mean)
    >>> best.policy.one_list, worst.policy.name
    (True, 'pull, a queue per provider')
    """
    found = []
    for policy in POLICIES:
        small = Small(
            PLACES,
            LOAD * sum(PLACES) / MEAN,
            exponential(MEAN),
            preference=(1 / len(PLACES),) * len(PLACES),
            push=policy.push,
            one_list=policy.one_list,
        )
        runs = [ran(small, days, seed) for seed in seeds]
        found.append(Waits(policy, tuple(mean_wait(one, WARM, days - WARM) for one in runs)))
    return tuple(found)


def published_order(waits: Sequence[Waits]) -> bool:
    """Say whether sending from one central queue waits no longer than any other policy.

    With one queue the list and the child's side come to the same: whoever is first takes the first
    free place anywhere. It must then be shorter than both policies with a queue per provider.
    """
    by_policy = {one.policy: one.mean for one in waits}
    best = by_policy.pop(Policy(push=True, one_list=True))
    apart = [mean for policy, mean in by_policy.items() if not policy.one_list]
    return best <= min(by_policy.values()) and best < min(apart)


YEARS = 4.0
REGION = "JZ07"
LIGHT = ("local-team", "ambulatory")
MORE = 1.1
"""Factor on the places for light care: local team and ambulatory help."""


@dataclass(frozen=True, slots=True)
class Spill:
    """What comes with more places for light care over what came before, per seed.

    ``light`` is light care that began, ``heavier`` what arrives at all other forms.
    """

    light: tuple[float, ...]
    heavier: tuple[float, ...]


def spill_over(
    seeds: Sequence[int] = SEEDS, years: float = YEARS, region: str = REGION, more: float = MORE
) -> Spill:
    """Give light care more places and compare what comes to heavier forms, on the same chance.

    Parameters
    ----------
    seeds
        One pair of runs per seed.
    years, region
        As in :func:`stelsel.twin.runs.run.run`.
    more
        Factor on the places for help without stay, from the first day.

    Examples
    --------
    >>> spill = spill_over(seeds=(1,), years=1.5)
    >>> spill.light[0] > 1
    True
    """
    usual = baseline()
    places = [(f"capacity[{form}]", Step(FIRST_DAY, "multiply", more)) for form in LIGHT]
    larger = usual.changed(places)
    light, heavier = [], []
    own = groups()["local-team"] | groups()["ambulatory"]
    others = groups()["help"] - own
    for seed in seeds:
        pair = [run(plan, region, years, seed) for plan in (usual, larger)]
        begun = [_number(done, own, "started") for done in pair]
        light.append(begun[1] / begun[0])
        come = [_number(done, others, "arrived") for done in pair]
        heavier.append(come[1] / come[0])
    return Spill(tuple(light), tuple(heavier))


def _number(done: Run, services: frozenset[int], what: str) -> int:
    """Count what happened to some services within a run."""
    visits = done.visits
    days = visits[what]
    mine = np.isin(visits["service"], sorted(services))
    return int((mine & (days >= 0) & (days < done.days)).sum())
