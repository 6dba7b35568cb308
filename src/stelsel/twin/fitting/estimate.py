"""What an estimate is, and the few ways in which its standard error is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from stelsel.twin.plans.plan import Parameter, Plan

Numbers = npt.NDArray[np.float64]

LEAST = 10
"""A number that rests on fewer events is not fitted: the plan's own stays."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A fitted parameter: its value, standard error, and how many events it rests on."""

    name: str
    value: float
    error: float
    seen: int
    unit: str

    def parameter(self, source: str) -> Parameter:
        """Give it as a parameter of a plan."""
        return Parameter(self.name, self.value, self.unit, "derived", source)


def share(name: str, count: float, of: float) -> Estimate:
    """Estimate a share, with the error of a binomial draw.

    Examples
    --------
    >>> one = share("transfer[a>b]", 20, 100)
    >>> one.value, round(one.error, 3)
    (0.2, 0.04)
    """
    value = float(count) / max(float(of), 1.0)
    error = float(np.sqrt(max(value * (1 - value), 0.25 / max(of, 1.0)) / max(of, 1.0)))
    return Estimate(name, value, error, int(count), "share")


def carried(of: Callable[[Numbers], Numbers], counts: Numbers) -> tuple[Numbers, Numbers]:
    """Give values worked out of counts, and their standard errors.

    Each count is a Poisson draw of its own, so to first order the variance of a value is the sum
    over counts of the count times the square of what one more changes (the delta method).

    Parameters
    ----------
    of
        Gives the values for counts.
    counts
        How many were seen of each sort.

    Examples
    --------
    >>> values, errors = carried(lambda n: np.array([n.sum()]), np.array([60.0, 40.0]))
    >>> values.tolist(), errors.round(6).tolist()
    ([100.0], [10.0])
    """
    values = of(counts)
    variance = np.zeros_like(values)
    for n, count in enumerate(counts.tolist()):
        if count <= 0:
            continue
        step = max(0.01 * count, 0.01)
        up, down = counts.copy(), counts.copy()
        up[n] += step
        down[n] -= step
        variance += count * ((of(up) - of(down)) / (2 * step)) ** 2
    return values, np.sqrt(variance)


def truth(plan: Plan, name: str, first: date, last: date) -> float:
    """Give the mean value of a parameter of a plan over a window; none where it has none."""
    if name not in plan.parameters:
        return 0.0
    return float(plan[name].series(first, (last - first).days + 1).mean())


def off(estimates: Sequence[Estimate], plan: Plan, first: date, last: date) -> Numbers:
    """Say how many standard errors each estimate is from the mean value of a plan in a window."""
    return np.array(
        [(one.value - truth(plan, one.name, first, last)) / one.error for one in estimates]
    )


def within(
    estimates: Sequence[Estimate], plan: Plan, first: date, last: date, errors: float = 2.0
) -> list[bool]:
    """Say of each estimate whether the plan's mean value lies within so many standard errors."""
    return [bool(abs(z) <= errors) for z in off(estimates, plan, first, last)]
