"""Fit a plan to the register of a region: estimates in closed form, each with a standard error.

What is estimated, from spells within a window of days, service by service and always by the names
of the plan:

* requests a year from outside, who sends them and what the local team solves (:mod:`.asked`);
* who comes back after leaving (:mod:`.asked`);
* who withdraws, takes a budget or gets worse while waiting (:mod:`.waited`);
* how long stays last, and which share of terms is renewed (:mod:`.lengths`);
* who moves on, what runs beside it, for which reason help ends (:mod:`.moved`).

The values are those of the country that would give this region: a plan keeps national numbers.
What files cannot say keeps the value of the plan: see :func:`unseen`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pyarrow as pa

from stelsel.errors import StelselError
from stelsel.tables import packaged, read_table
from stelsel.twin.fitting.asked import Asked
from stelsel.twin.fitting.estimate import Estimate, within
from stelsel.twin.fitting.happened import Happened, Window
from stelsel.twin.fitting.held import fit_places
from stelsel.twin.fitting.lengths import Group, fit_lengths, stretched
from stelsel.twin.fitting.moved import fit_moves
from stelsel.twin.fitting.visits import Visits
from stelsel.twin.fitting.waited import fit_waits
from stelsel.twin.plans.plan import Plan
from stelsel.twin.world.people import places

__all__ = ["Estimate", "Group", "fit_region", "stretched", "unseen", "within"]


STEPS = 9
"""Steps of an estimate that are told of: three to work out what happened, six to count it."""


def unseen(lang: str = "en") -> dict[str, str]:
    """Say which families of parameters files do not tell, and why: they keep the plan's value.

    Examples
    --------
    >>> unseen()["access.delay"]
    'no file tells of the access of the municipality'
    """
    rows = read_table(packaged(__package__, "unseen.csv"), ("family", "why_nl", "why_en"))
    return {row["family"]: row[f"why_{lang}"] for row in rows}


def fit_region(
    table: pa.Table,
    region: str,
    first: date,
    last: date,
    plan: Plan,
    births: Mapping[str, date] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Estimate, ...]:
    """Estimate the parameters of a region from its spells.

    Parameters
    ----------
    table
        Spells (:data:`stelsel.spells.SCHEMA`).
    region
        The youth region.
    first, last
        The window: what happened outside it is not used, but for how long care had run, whether a
        child was known before, and who left and came back.
    plan
        The plan that the values are to replace: it gives the shapes and what is not estimated.
    births
        First day of the month in which a child was born, by child, where it is known. Who ends care
        in the month of a birthday at which it may end does not tell how long care lasts.
    progress
        Called with the number of steps done and to do.

    Raises
    ------
    StelselError
        When the table holds nothing of the region in the window.
    """
    done = 0

    def told(*estimates: Estimate) -> tuple[Estimate, ...]:
        nonlocal done
        done += 1
        if progress:
            progress(done, STEPS)
        return estimates

    visits = Visits(table, region, last, births)
    told()
    if not len(visits):
        raise StelselError(
            f"There are no spells of region {region} before {last}.",
            where="register",
            what_nl=f"Er zijn geen verblijven van regio {region} vóór {last}.",
        )
    window = Window.of(first, last, plan)
    happened = Happened(visits, plan)
    told()
    asked = Asked(visits, happened, window)
    told()
    back = asked.found_back
    returned = {
        name.partition("[")[2].rstrip("]"): parameter.value
        for name, parameter in plan.parameters.items()
        if name.startswith("return[")
    }
    returned |= {one.name.partition("[")[2].rstrip("]"): one.value for one in back}
    weight = float(places(region).weight[0])
    return (
        *told(*asked.estimates(weight, returned)),
        *told(*back),
        *told(*fit_waits(visits, happened, window)),
        *told(*fit_lengths(visits, happened, window)),
        *told(*fit_moves(visits, happened, window)),
        *told(*fit_places(visits, window, weight)),
    )
