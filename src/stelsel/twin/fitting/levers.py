"""The levers of a fit: factors on parameters in closed form, moved round by round."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from stelsel.twin.country.ledger import FIRST_YEAR
from stelsel.twin.plans.plan import Plan

Numbers = npt.NDArray[np.float64]

EASED = 0.8
"""Share of a correction that is made in a round."""
MOST = 4.0
"""A factor may not leave the range from a quarter to four: stays in foster care without a measure
end much faster than the mean of all, of which those with a measure last long."""
FEW = 200.0
"""A count of so many is half chance. The rounds differ in their chance: a lever follows fewer by
the mean of the rounds, each less far than the one before, and many in every round alike."""


@dataclass
class Levers:
    """Factors by parameter: one per year or per half-year; and the number of the round."""

    factors: dict[str, Numbers] = field(default_factory=dict)
    turn: int = 0

    def of(self, name: str, number: int) -> Numbers:
        """Give the factors of a parameter, one each to begin with."""
        return self.factors.setdefault(name, np.ones(number))

    def multiply(self, name: str, by: Numbers, seen: Numbers | float = np.inf) -> None:
        """Change a lever by eased factors, within bounds; less where few children were seen."""
        old = self.of(name, len(by))
        eased = np.clip(by, 0.5, 2.0) ** (EASED * settled(seen, self.turn))
        self.factors[name] = np.clip(old * eased, 1 / MOST, MOST)


def settled(seen: Numbers | float, turn: int) -> Numbers:
    """Give the part of a correction by a count of so many that is made in a round.

    Examples
    --------
    >>> settled(np.array([np.inf, 200.0]), turn=4).round(2).tolist()
    [1.0, 0.33]
    """
    chance = 1 / (1 + np.maximum(seen, 1.0) / FEW)
    return np.asarray(1 / (1 + turn * chance))


def bounded(plan: Plan, levers: Levers, name: str, by: float) -> None:
    """Change a lever that is one for all years, within the range that was chosen for it.

    Parameters
    ----------
    plan
        The baseline in closed form; what it has no value of is left alone.
    levers
        Of the fit; changed in place.
    name
        Of the parameter.
    by
        What is wanted over what is.
    """
    one = plan.parameters.get(name)
    if one is None or one.value <= 0:
        return
    levers.multiply(name, np.array([by]))
    if one.low is not None and one.high is not None:
        within = np.array([one.low, one.high]) / one.value
        levers.factors[name] = np.clip(levers.factors[name], *within)


def of_years(plan: Plan, name: str, years: int) -> Numbers:
    """Value of a parameter in the middle of each year."""
    days = [date(FIRST_YEAR + n, 7, 1) for n in range(years)]
    return np.array([float(plan[name].series(day, 1)[0]) for day in days])
