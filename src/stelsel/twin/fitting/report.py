"""What a fit of the country says of itself: how sure each lever is, and how near it came."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stelsel.twin.country.against import Beside
from stelsel.twin.country.ledger import FIRST_YEAR, LAST_YEAR, ledgers, total_errors
from stelsel.twin.country.ledger import errors as ledger_errors
from stelsel.twin.fitting.country import changed
from stelsel.twin.fitting.levers import Levers, of_years
from stelsel.twin.plans.plan import Plan
from stelsel.twin.runs.run import run
from stelsel.twin.runs.told import Told, told
from stelsel.twin.services import services

Numbers = npt.NDArray[np.float64]

TEAM = "local-team"
HEADS = (
    *("indicator", "breakdown", "period_start", "period_end", "measure", "services"),
    *("published", "counted", "model", "error"),
)


SEEDS = (1, 2, 3)
"""Seeds with which the country is run again, to see what chance does to what moves a lever."""
FLOWS = ("started", "ended")
ROUNDED = 2.5
"""Published counts are rounded to five."""


def sureness(plan: Plan, levers: Levers, seeds: Sequence[int] = SEEDS) -> dict[str, float]:
    """Give the standard error of each lever, as a share of its value: of all its years together.

    Each lever is moved by one count (requests and routes from the court by starts, pace and
    renewals by ends, what the local team solves by its starts), so to first order its error is the
    error of that count over what the lever moves of it. The count is unsure twice: the books are,
    as their figures are; and the run that the lever was fitted on is one of many, how different the
    country run with other seeds shows. Places of the chain follow from what comes to them: chance
    alone. Shares of referrers and bands of lengths are as unsure as counts of so many.

    Parameters
    ----------
    plan
        The baseline in closed form.
    levers
        What the fit found.
    seeds
        Of the runs that show chance, at least two.
    """
    years = LAST_YEAR - FIRST_YEAR + 1
    now = changed(plan, levers)
    first = date(FIRST_YEAR, 1, 1)
    runs = [told(run(now, years=years, seed=seed, first=first)) for seed in seeds]
    number = {service.slug: k for k, service in enumerate(services())}
    sure = {slug: _sure(slug, runs, number[slug]) for slug in ledgers()}
    found = {}
    for name, factors in levers.factors.items():
        kind, _, inside = name.rstrip("]").partition("[")
        to = TEAM if name == "access.solved" else inside.rpartition(">")[2]
        if kind in ("pace", "renew") and inside in sure:
            found[name] = sure[inside][1] / float(ledgers()[inside].ended.sum())
        elif kind in ("transfer", "access.solved") and to in sure:
            found[name] = sure[to][0] / float(ledgers()[to].started.sum())
        elif kind == "demand" and inside in sure:
            outside = of_years(plan, name, years) * factors[:years]
            found[name] = sure[inside][0] / max(float(outside.sum()), 1.0)
        elif kind == "stock" and inside in sure:
            found[name] = ledger_errors()[inside].stock / ledgers()[inside].stock
        elif kind in ("capacity", "demand"):
            comes = np.sum([one.inflow[number[inside]] for one in runs], axis=1)
            found[name] = float(np.std(comes, ddof=1) / max(np.mean(comes), 1.0))
        elif kind in ("referrer", "duration.band"):
            whole = float(runs[0].started.sum()) / years if kind == "referrer" else 1.0
            count = max(plan.value(name) * whole, 1.0)
            found[name] = float(np.sqrt(count) + ROUNDED) / count
    return found


def _sure(slug: str, runs: Sequence[Told], k: int) -> tuple[float, float]:
    """Error of all who start and of all who end: of the books and of chance, as squares add up."""
    chance = (np.sum([getattr(one, flow)[k] for one in runs], axis=1) for flow in FLOWS)
    started, ended = (
        float(np.hypot(books, np.std(totals, ddof=1)))
        for books, totals in zip(total_errors()[slug], chance, strict=True)
    )
    return started, ended


def write_report(rows: list[Beside], file: Path) -> None:
    """Write every published count beside the model's, the worst first."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(HEADS)
        for row in sorted(rows, key=lambda row: -abs(row.error)):
            count = row.count
            table.writerow(
                [
                    count.indicator,
                    count.breakdown,
                    count.first.isoformat(),
                    count.last.isoformat(),
                    count.measure,
                    " ".join(count.services),
                    f"{count.value:.6g}",
                    f"{count.factor:.4g}",
                    f"{row.twin:.6g}",
                    f"{row.error:+.4f}",
                ]
            )
