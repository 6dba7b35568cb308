"""What a run costs, per year, region and service, and how that stands to the budget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stelsel.twin.parts.money.volume import Volume, volume
from stelsel.twin.plans.plan import Parameter, Plan
from stelsel.twin.plans.switches import on
from stelsel.twin.services import services as every_service

if TYPE_CHECKING:
    from stelsel.twin.runs.run import Run

Floats = npt.NDArray[np.float64]

EPISODE = "euro an episode"
"""Unit of what is paid once, when care begins; everything else is paid by the day."""
COLUMNS = ("year", "region", "service", "days", "episodes", "cost", "contribution")
BUDGET_COLUMNS = ("year", "region", "cost", "contribution", "budget", "over")


def costs_of(run: Run) -> tuple[pa.Table, pa.Table]:
    """Give what a run cost, and that beside the budget (:func:`costs`, :func:`against_budget`).

    Examples
    --------
    >>> from stelsel.twin.runs.run import run
    >>> spent, beside = costs_of(run(region="JZ15", years=0.2))
    >>> bool(pc.sum(spent.column("cost")).as_py() > 0), beside.num_rows
    (True, 1)
    """
    slugs = [service.slug for service in every_service()]
    codes, weight = run.where.regions, run.where.weight
    delivered = volume(run.visits, run.first, run.days, len(codes), len(slugs))
    spent = costs(delivered, run.plan, codes, weight, slugs, run.first, run.days)
    return spent, against_budget(spent, run.plan, codes, weight, run.first, run.days)


def costs(
    delivered: Volume,
    plan: Plan,
    codes: Sequence[str],
    weight: Floats,
    services: Sequence[str],
    first: date,
    days: int,
) -> pa.Table:
    """Give what care costs, in euros of each year.

    Days (or episodes) times price times wage index, both as their mean over the days of the year
    that lie in the run. A service with ``standing[x]`` costs that too, for every place of the plan
    on every day, a region by its share. What families pay themselves stands apart.

    Parameters
    ----------
    delivered
        Days and episodes (:func:`stelsel.twin.parts.money.volume`).
    plan
        With ``price[x]``, ``wage_index``, ``contribution[x]``, ``standing[x]``, ``capacity[x]``.
        A service without a price costs nothing.
    codes, weight
        Youth regions of the run, and the share of each in the country.
    services
        Slugs of the services, as the loop numbers them.
    first, days
        First day and length of the run.

    Returns
    -------
    pyarrow.Table
        One row per year, region and service that has a price; none when the part is off.
    """
    priced = [k for k, slug in enumerate(services) if f"price[{slug}]" in plan.parameters]
    runs = on(plan, "money", first, days)
    if not runs.any():
        priced = []
    year_of = np.array([(first + timedelta(n)).year for n in range(days)]) - delivered.years[0]
    length = np.bincount(year_of, minlength=len(delivered.years)).astype(np.float64)

    def yearly(line: Floats) -> Floats:
        """Mean over the days of each year."""
        return np.bincount(year_of, line, minlength=len(length)) / length

    index = yearly(plan["wage_index"].series(first, days))
    shape = (len(length), len(codes), len(priced))
    cost, paid = np.zeros(shape), np.zeros(shape)
    for n, k in enumerate(priced):
        slug = services[k]
        price = plan[f"price[{slug}]"]
        rate = yearly(price.series(first, days) * runs) * index
        cost[:, :, n] = rate[:, None] * _amount(delivered, price, k)
        standing = plan.parameters.get(f"standing[{slug}]")
        if standing is not None:
            places = plan[f"capacity[{slug}]"].series(first, days)
            kept = yearly(places * standing.series(first, days) * runs) * index * length
            cost[:, :, n] += kept[:, None] * weight[None, :]
        own = plan.parameters.get(f"contribution[{slug}]")
        if own is not None:
            asked = yearly(own.series(first, days) * runs)
            paid[:, :, n] = asked[:, None] * _amount(delivered, own, k)
    years, regions, names = np.meshgrid(
        delivered.years, codes, np.array([services[k] for k in priced], str), indexing="ij"
    )
    return pa.table(
        {
            "year": pa.array(years.ravel(), pa.int32()),
            "region": pa.array(regions.ravel()),
            "service": pa.array(names.ravel()),
            "days": pa.array(delivered.days[:, :, priced].ravel()),
            "episodes": pa.array(delivered.episodes[:, :, priced].ravel()),
            "cost": pa.array(cost.ravel()),
            "contribution": pa.array(paid.ravel()),
        }
    )


def _amount(delivered: Volume, price: Parameter, k: int) -> npt.NDArray[np.int64]:
    """Days or episodes of a service, by what its price is for."""
    counted = delivered.episodes if price.unit == EPISODE else delivered.days
    return counted[:, :, k]


def against_budget(
    spent: pa.Table, plan: Plan, codes: Sequence[str], weight: Floats, first: date, days: int
) -> pa.Table:
    """Give cost beside budget, per year and region.

    The budget of the country is shared out by the regions' share of demand; of a year that lies
    only partly in the run the same part counts.

    Parameters
    ----------
    spent
        What :func:`costs` gives.
    plan
        With ``money.budget``.
    codes, weight
        Youth regions of the run, and the share of each in the country.
    first, days
        First day and length of the run.

    Returns
    -------
    pyarrow.Table
        Columns :data:`BUDGET_COLUMNS`; ``over`` is cost less contribution less budget.

    Examples
    --------
    >>> from stelsel.twin import baseline
    >>> spent = pa.table({"year": [2019], "region": ["JZ07"], "cost": [9e7], "contribution": [0.0]})
    >>> where = ["JZ07"], np.array([0.02])
    >>> table = against_budget(spent, baseline(), *where, date(2019, 1, 1), 365)
    >>> round(table.column("over")[0].as_py() / 1e6, 1)
    5.6
    """
    by_year = spent.group_by(["year", "region"]).aggregate(
        [("cost", "sum"), ("contribution", "sum")]
    )
    budget = {}
    shares = dict(zip(codes, weight, strict=True))
    for year in sorted(set(by_year.column("year").to_pylist())):
        begin, end = date(year, 1, 1), date(year + 1, 1, 1)
        inside = min(end, first + timedelta(days)) - max(begin, first)
        whole = plan["money.budget"].series(date(year, 7, 1), 1)[0]
        budget[year] = float(whole) * inside.days / (end - begin).days
    rows = by_year.select(["year", "region"]).to_pylist()
    given = pa.array([budget[row["year"]] * shares[row["region"]] for row in rows])
    cost, own = by_year.column("cost_sum"), by_year.column("contribution_sum")
    table = pa.table(
        {
            "year": by_year.column("year"),
            "region": by_year.column("region"),
            "cost": cost,
            "contribution": own,
            "budget": given,
            "over": pc.subtract(pc.subtract(cost, own), given),
        }
    )
    return table.sort_by([("year", "ascending"), ("region", "ascending")])
