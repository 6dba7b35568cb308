"""The examination of the twin in earlier years: what it would have said, had it been made then.

As if the last figure were of an earlier year, the books are made, the levers fitted, the trend
carried on and the country run with what nobody knows drawn; what it says of the two years after is
laid beside what came, as far as 2021. From these hindcasts the rules of the trend and the width of
the bands are chosen, never from 2022 and 2023.

What an earlier year could not know and still is taken: how the sources count (the measurement
factors of ``data/counted.csv`` and mean ratios of series), shares of referrers and lengths of help,
which are published of 2021 alone, and the rules of the trend themselves, which are chosen by these
very hindcasts. Their shares are therefore a little flattering.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from stelsel.twin.country.baseline import closed_form
from stelsel.twin.country.ledger import FIRST_YEAR, LAST_YEAR
from stelsel.twin.examination.forecasts import FORECASTS
from stelsel.twin.examination.history import History, history
from stelsel.twin.examination.lines import EXAMINED
from stelsel.twin.fitting.country import anchored, fit_country
from stelsel.twin.fitting.earlier import said
from stelsel.twin.fitting.report import sureness
from stelsel.twin.fitting.written import write_factors
from stelsel.twin.plans.fitted import SETTING
from stelsel.twin.runs.ensemble import ensemble
from stelsel.twin.series.spread import family_of

ROUNDS = 8
"""Runs of the country in the fit of a hindcast."""
REPLICATIONS = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure, what the twin would have said of it, and what the simple forecasts.

    ``needed`` is the drift a year of its family with which the band would just have held it.
    """

    series: str
    shape: str
    year: int
    published: float
    twin: float
    low: float
    high: float
    held: bool
    needed: float
    family: str
    others: dict[str, float]


@dataclass(frozen=True, slots=True)
class Hindcast:
    """What came out of one year looked from."""

    origin: int
    replications: int
    figures: tuple[Figure, ...]

    def errors(self, who: str = "twin") -> dict[tuple[str, str], float]:
        """Mean absolute error by series and shape, as a share of the mean published value."""
        found = {}
        for line in {(one.series, one.shape): None for one in self.figures}:
            of = [one for one in self.figures if (one.series, one.shape) == line]
            told = [one.twin if who == "twin" else one.others[who] for one in of]
            off = [abs(value - one.published) for value, one in zip(told, of, strict=True)]
            found[line] = float(np.mean(off) / np.mean([abs(one.published) for one in of]))
        return found

    def beaten(self, who: str) -> float:
        """Share of the series on which the twin's error is smaller than that of a forecast."""
        twin, other = self.errors(), self.errors(who)
        return float(np.mean([twin[line] < other[line] for line in twin]))

    @property
    def coverage(self) -> float:
        """Share of the figures within the twin's 80 % band."""
        return float(np.mean([one.held for one in self.figures]))

    def held(self, ahead: int) -> tuple[int, int]:
        """Give how many figures so many years ahead the band held, and of how many."""
        of = [one.held for one in self.figures if one.year - self.origin == ahead]
        return sum(of), len(of)


def hindcast(origin: int, replications: int = REPLICATIONS, rounds: int = ROUNDS) -> Hindcast:
    """Look ahead from an earlier year, in a process that knows no later figure; a few minutes.

    Parameters
    ----------
    origin
        The year, one of :data:`stelsel.twin.fitting.earlier.ORIGINS`.
    replications
        Runs of the country after the fit; the first is the plan as it is.
    rounds
        Runs of the country in the fit.
    """
    found = said(origin, __name__, str(replications), str(rounds))
    return Hindcast(origin, replications, tuple(Figure(**one) for one in found))


def here(
    replications: int, rounds: int, after: Callable[[int, int, float], None] | None = None
) -> History:
    """Fit, run and examine in this process, on what it knows.

    Parameters
    ----------
    replications, rounds
        As in :func:`hindcast`.
    after
        Called after each round of the fit, as by
        :func:`stelsel.twin.fitting.country.fit_country`.
    """
    plan = closed_form()
    levers = fit_country(plan, rounds, after)
    with TemporaryDirectory() as folder:
        file = Path(folder, "fitted.csv")
        write_factors(
            anchored(levers), sureness(plan, levers), file, f"stelsel validate --origin {LAST_YEAR}"
        )
        os.environ[SETTING] = str(file)
        try:
            many = ensemble(
                years=EXAMINED[-1] - FIRST_YEAR + 1,
                replications=replications,
                first=date(FIRST_YEAR, 1, 1),
                figures=True,
            )
        finally:
            del os.environ[SETTING]
    return history([one.figures for one in many.summaries[0] if one.figures])


def figures_of(past: History) -> list[dict[str, object]]:
    """Lay the figures of a history out as rows, with the fields of :class:`Figure`."""
    return [
        {
            "series": line.line.of.name,
            "shape": line.line.shape,
            "year": one.point.period.last.year,
            "published": one.point.value,
            "twin": one.twin,
            "low": one.low,
            "high": one.high,
            "held": one.held,
            "needed": one.needed,
            "family": family_of(one.point.of),
            "others": {name: one.others[name] for name in FORECASTS},
        }
        for line in past.examined
        for one in line.forecasts
    ]


def main(words: Sequence[str]) -> None:
    """Print the figures of a hindcast of the year that this process knows up to, as JSON."""
    replications, rounds = (int(word) for word in words)
    print(json.dumps(figures_of(here(replications, rounds))))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
