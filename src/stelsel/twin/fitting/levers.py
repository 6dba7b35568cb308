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
        chance = 1 / (1 + np.maximum(seen, 1.0) / FEW)
        sure = 1 / (1 + self.turn * chance)
        eased = np.clip(by, 0.5, 2.0) ** (EASED * sure)
        self.factors[name] = np.clip(old * eased, 1 / MOST, MOST)


def of_years(plan: Plan, name: str, years: int) -> Numbers:
    """Value of a parameter in the middle of each year."""
    days = [date(FIRST_YEAR + n, 7, 1) for n in range(years)]
    return np.array([float(plan[name].series(day, 1)[0]) for day in days])
