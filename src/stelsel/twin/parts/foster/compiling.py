"""From the plan to what the loop reads about foster care."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from stelsel.errors import Fault, StelselError
from stelsel.system.regions import regions
from stelsel.twin.parts.foster.layout import Floats, Foster
from stelsel.twin.plans.plan import Plan

YEAR = 365.25
MOST_PLACES = 4.0
SPREAD = 1.5
"""The longest way through the pipeline over the mean one; the shortest is one half of it."""


def compiled_foster(
    plan: Plan, codes: Sequence[str], weight: Floats, first: date, days: int
) -> Foster:
    """Compile the plan values of foster care.

    Parameters
    ----------
    plan
        With the parameters ``foster.*``.
    codes
        Youth regions of the run, such as ``JZ07``.
    weight
        Share of each region in the country [R].
    first, days
        First day and length of the run.

    Raises
    ------
    StelselError
        When a mean number of places lies below one or above four, or a mean length of the
        pipeline is not above zero.

    Examples
    --------
    >>> from stelsel.twin import baseline
    >>> foster = compiled_foster(baseline(), ["JZ07"], np.array([0.03]), date(2021, 1, 1), 14)
    >>> foster.network[0], round(float(foster.asked[-1])), foster.ahead
    (np.float64(0.49), 159, 58)
    """
    line = {
        name: plan[f"foster.{name}"].series(first, days)
        for name in ("network", "search", "choice", "leave", "leave_after", "places")
    }
    faults = []
    if line["places"].min() < 1 or line["places"].max() > MOST_PLACES:
        faults.append(
            Fault(
                "A family would have less than one place or more than four.",
                "foster.places",
                what_nl="Een gezin zou minder dan één plek of meer dan vier hebben.",
            )
        )
    if plan["foster.pipeline"].series(first, days).min() <= 0:
        faults.append(
            Fault(
                "Families would be approved before they ask.",
                "foster.pipeline",
                remedy="Give a number of days above zero.",
                what_nl="Gezinnen zouden worden goedgekeurd voordat zij vragen.",
                remedy_nl="Geef een aantal dagen boven nul.",
            )
        )
    if faults:
        raise StelselError(faults)
    weeks = -(-days // 7)
    longest = SPREAD * float(plan["foster.pipeline"].series(first, 1)[0])
    ahead = int(longest // 7) + 1

    def weekly(name: str, before: int) -> Floats:
        values = plan[f"foster.{name}"].series(first - timedelta(7 * before), 7 * (before + weeks))
        return values[::7].copy()

    hazard = plan["foster.breakdown"].series(first, days)
    hazard = hazard * plan["foster.support"].series(first, days) / YEAR
    numbers = {region.code: number for number, region in enumerate(regions())}
    return Foster(
        network=line["network"],
        search=line["search"],
        choice=np.maximum(1, np.rint(line["choice"])).astype(np.int32),
        leave=line["leave"],
        leave_after=line["leave_after"],
        broken=np.concatenate([[0.0], np.cumsum(hazard)]),
        moving=np.concatenate([[0.0], np.cumsum(plan["foster.move"].series(first, days) / YEAR)]),
        kin=max(float(plan.value("foster.kin")), 1e-9),
        settled=round(plan.value("foster.settled")),
        places=line["places"],
        quality=float(plan["foster.quality"].series(first, 1)[0]),
        empty=float(plan["foster.empty"].series(first, 1)[0]),
        asked=weekly("asked", ahead) * 7 / YEAR,
        becomes=weekly("becomes", ahead),
        pipeline=weekly("pipeline", ahead),
        idle=1 - np.exp(-weekly("idle", 0) * 7 / YEAR),
        weight=np.asarray(weight, dtype=np.float64),
        number=np.array([numbers[code] for code in codes], np.int32),
        ahead=ahead,
    )


def mean_breakdown(quality: float, choice: int) -> float:
    """Breakdown over that at mean quality, for who is given the best of ``choice`` families.

    A match is good to a degree that is even between 0 and 1, so the best of n has density
    n q^(n - 1). The integral is done by the midpoint rule.

    Examples
    --------
    >>> round(mean_breakdown(1.5, 1), 3), round(mean_breakdown(1.5, 3), 3)
    (1.096, 0.719)
    >>> mean_breakdown(0.0, 3)
    1.0
    """
    q = (np.arange(10_000) + 0.5) / 10_000
    density: npt.NDArray[np.float64] = choice * q ** (choice - 1)
    return float(round((density * np.exp(-quality * (q - 0.5))).mean(), 6))
