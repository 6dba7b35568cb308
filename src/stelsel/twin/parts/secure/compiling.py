"""From the plan to places of secure and small-scale care, and to where the others go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stelsel.errors import StelselError
from stelsel.twin.plans.plan import Plan

Floats = npt.NDArray[np.float64]
SECURE, SMALL = "secure-care", "small-scale"


class Secure(NamedTuple):
    """What the loop reads about secure care. D days, N services to go to instead."""

    suited: Floats  # [D] share that a free small-scale place helps as well
    lapses: int  # days of waiting after which an authorisation lapses
    instead: npt.NDArray[np.int32]  # [N] services to go to then,
    reached: Floats  # [D, N] with their cumulative shares


def places_of(plan: Plan, first: date, days: int) -> tuple[Floats, Floats]:
    """Give the places of secure care and of small-scale places in the country on each day.

    Secure places are those of the plan, less what the policy closes: its path counts for
    ``secure.policy`` (none in the baseline, all with 1). Small-scale places open for a share of
    the secure places that closed since 1 January of ``secure.since``, so many days before
    each closes (``secure.lead``).

    Parameters
    ----------
    plan
        With ``capacity[secure-care]``, ``capacity[small-scale]`` and ``secure.*``.
    first, days
        First day and number of days.

    Returns
    -------
    tuple
        Places of secure care [D] and small-scale places [D], before rounding.

    Examples
    --------
    >>> from stelsel.twin import baseline
    >>> from stelsel.twin.plans.plan import Step
    >>> steps = [("secure.policy", Step(date(2022, 1, 1), "set", 1.0))]
    >>> secure, small = places_of(baseline().changed(steps), date(2030, 1, 1), 1)
    >>> bool(secure[0] < 0.2 * small[0])
    True
    """
    ahead = round(float(plan["secure.lead"].series(first, 1)[0]))
    secure = _secure(plan, first, days + ahead)
    since = date(round(plan.value("secure.since")), 1, 1)
    before = _secure(plan, since, 1)[0]
    closed = np.maximum(before - secure[ahead : ahead + days], 0.0)
    closed[: max(0, (since - first).days)] = 0.0
    replaced = plan["secure.replaces"].series(first, days) * closed
    return secure[:days], plan[f"capacity[{SMALL}]"].series(first, days) + replaced


def _secure(plan: Plan, first: date, days: int) -> Floats:
    """Secure places of the plan on each day, the policy counted for as far as it is followed."""
    path = plan["secure.path"].series(first, days)
    followed = plan["secure.policy"].series(first, days)
    found: Floats = plan[f"capacity[{SECURE}]"].series(first, days) * (1 - followed * (1 - path))
    return found


def compiled_secure(plan: Plan, services: Sequence[str], first: date, days: int) -> Secure:
    """Compile where a child goes who has no secure place.

    Parameters
    ----------
    plan
        With ``secure.suited``, ``secure.lapses`` and ``secure.instead[x]``.
    services
        Slugs of the services, in the order in which the loop numbers them.
    first, days
        First day and length of the run.

    Raises
    ------
    StelselError
        When the shares of where to go do not add up to one on the first day.

    Examples
    --------
    >>> from stelsel.twin import baseline
    >>> names = ["ambulatory", "family-home", "residential", "small-scale"]
    >>> secure = compiled_secure(baseline(), names, date(2021, 1, 1), 2)
    >>> secure.lapses, secure.reached[0].round(2).tolist()
    (91, [0.4, 0.7, 0.75, 1.0])
    """
    shares = plan.family("secure.instead")
    every = [plan[f"secure.instead[{slug}]"].series(first, days) for slug in shares]
    daily = np.stack(every, axis=1)  # a day a row, in memory too: off and on compile alike
    total = daily.sum(axis=1, keepdims=True)
    if total.min() <= 0:
        raise StelselError(
            "A child without a secure place would go nowhere.",
            where="secure.instead",
            remedy="Give at least one service a share above zero.",
            what_nl="Een kind zonder gesloten plek zou nergens heen gaan.",
            remedy_nl="Geef ten minste één dienst een aandeel boven nul.",
        )
    return Secure(
        suited=plan["secure.suited"].series(first, days),
        lapses=round(plan.value("secure.lapses")),
        instead=np.array([list(services).index(slug) for slug in shares], np.int32),
        reached=np.cumsum(daily / total, axis=1),
    )


def closing(plan: Plan, first: date, last: date) -> list[tuple[date, float, float]]:
    """Give the places on 1 January of each year: day, secure, small-scale.

    Examples
    --------
    >>> from stelsel.twin import baseline
    >>> [day.year for day, _, _ in closing(baseline(), date(2021, 1, 1), date(2023, 1, 1))]
    [2021, 2022, 2023]
    """
    days = (last - first).days + 1
    secure, small = places_of(plan, first, days)
    on = [first + timedelta(n) for n in range(days)]
    return [
        (day, float(secure[n]), float(small[n]))
        for n, day in enumerate(on)
        if (day.month, day.day) == (1, 1)
    ]
