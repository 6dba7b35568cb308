"""Lay a run of the country over 2021 beside every published count it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from stelsel.system import forms
from stelsel.twin.balance import Books, published
from stelsel.twin.results import Period, summarise
from stelsel.twin.run import run

BEGIN = Period(date(2021, 1, 1), date(2021, 1, 1))
FIRST_HALF = Period(date(2021, 1, 1), date(2021, 6, 30))
SECOND_HALF = Period(date(2021, 7, 1), date(2021, 12, 31))
COUNTED = (
    ("in_care", BEGIN),
    ("started", FIRST_HALF),
    ("ended", FIRST_HALF),
    ("started", SECOND_HALF),
    ("ended", SECOND_HALF),
)
"""What of a summary makes the books of a form."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A published count of 2021 and what the twin gave for it (mean over seeds)."""

    measure: str
    forms: tuple[str, ...]
    published: float
    twin: float

    @property
    def error(self) -> float:
        """Difference as a share of the published count."""
        return self.twin / self.published - 1


def against_published(seeds: Sequence[int] = (2021,)) -> list[Beside]:
    """Run the country over 2021 on the baseline plan and compare with every published count.

    Parameters
    ----------
    seeds
        One run each; the mean is compared.

    Examples
    --------
    >>> rows = against_published()
    >>> len(rows) > 40, max(abs(row.error) for row in rows) < 0.03
    (True, True)
    """
    books = _mean([_books(seed) for seed in seeds])
    return [
        Beside(
            count.measure,
            count.forms,
            count.value,
            sum(books[code].measure(count.measure) for code in count.forms),
        )
        for count in published()
    ]


def _books(seed: int) -> list[list[float]]:
    """Give per form what one run did, in the order of :class:`Books`."""
    summary = summarise(run(years=1, seed=seed))
    values = dict(zip(summary.rows, summary.values, strict=True))
    return [
        [float(values[form.code, measure, period]) for measure, period in COUNTED]
        for form in forms()
    ]


def _mean(runs: Sequence[list[list[float]]]) -> dict[str, Books]:
    means = np.mean(runs, axis=0)
    return {form.code: Books(*map(float, row)) for form, row in zip(forms(), means, strict=True)}
