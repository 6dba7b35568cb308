"""Lay a run of the country over 2015 to 2021 beside every published count its books rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from stelsel.twin.country.ledger import FIRST_YEAR, LAST_YEAR, Count, Ledger, observed
from stelsel.twin.plans.plan import Plan
from stelsel.twin.runs.run import run
from stelsel.twin.runs.told import told
from stelsel.twin.services import services


@dataclass(frozen=True, slots=True)
class Beside:
    """A published count and what the twin gave for it (mean over seeds)."""

    count: Count
    twin: float

    @property
    def error(self) -> float:
        """Difference as a share of the published count."""
        return self.twin / self.count.value - 1


def against_published(seeds: Sequence[int] = (2021,)) -> list[Beside]:
    """Run the country over 2015 to 2021 on the baseline plan; compare with what is published.

    Where a count is of another method than the books, the twin's is multiplied by the same
    measurement factor (:func:`stelsel.twin.country.ledger.counted`).

    Parameters
    ----------
    seeds
        One run each; the mean is compared.

    Examples
    --------
    >>> rows = against_published()
    >>> large = [row for row in rows if row.count.value >= 1000]
    >>> near = [row for row in large if abs(row.error) < 0.05]
    >>> len(rows) > 250, len(near) > 0.9 * len(large)
    (True, True)
    """
    return beside(None, seeds)


def beside(plan: Plan | None, seeds: Sequence[int] = (2021,)) -> list[Beside]:
    """Do the same with another plan (``None`` for the baseline)."""
    books = [_books(plan, seed) for seed in seeds]

    def said(count: Count, book: dict[str, Ledger]) -> float:
        return sum(book[s].measure(count.measure, count.first, count.last) for s in count.services)

    return [
        Beside(count, count.factor * float(np.mean([said(count, book) for book in books])))
        for count in observed()
    ]


def _books(plan: Plan | None, seed: int) -> dict[str, Ledger]:
    """Give the books that one run made, by service."""
    first = date(FIRST_YEAR, 1, 1)
    said = told(run(plan, years=LAST_YEAR - FIRST_YEAR + 1, seed=seed, first=first))
    return {
        service.slug: Ledger(float(said.running[k, 0]), said.started[k], said.ended[k])
        for k, service in enumerate(services())
    }
