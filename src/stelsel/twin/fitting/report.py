"""What a fit of the country says of itself: how sure each lever is, and how near it came."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from stelsel.twin.country.against import Beside
from stelsel.twin.country.ledger import errors, ledgers
from stelsel.twin.fitting.levers import Levers
from stelsel.twin.plans.plan import Plan

HEADS = (
    *("indicator", "breakdown", "period_start", "period_end", "measure", "services"),
    *("published", "counted", "model", "error"),
)


def sureness(plan: Plan, levers: Levers) -> dict[str, float]:
    """Give the standard error of each lever, as a share of its value.

    Each lever is moved by one number of the books (requests by starts, pace by ends), so to first
    order its error is the error of that number over what the lever moves of it: of ``started``
    only the part that came from outside.

    Parameters
    ----------
    plan
        The baseline in closed form.
    levers
        What the fit found.
    """
    found = {}
    for name, factors in levers.factors.items():
        kind, _, service = name.rstrip("]").partition("[")
        if service not in ledgers():
            continue
        book, spread = ledgers()[service], errors()[service]
        if kind in ("pace", "renew"):
            found[name] = float(np.mean(spread.ended / book.ended))
        elif kind == "demand":
            years = len(book.started) // 2
            days = [day for day, _ in plan[name].dated][: years - 1]
            outside = np.array([plan[name].value, *(v for _, v in plan[name].dated)])[:years]
            outside = outside * factors[: len(days) + 1]
            error = np.sqrt((spread.started.reshape(-1, 2) ** 2).sum(axis=1))
            found[name] = float(np.mean(error / np.maximum(outside, 1.0)))
        elif kind == "stock":
            found[name] = spread.stock / book.stock
    return found


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
