"""The examination in history: 2022 and 2023, which nothing was fitted on.

For every line of published figures with enough values up to 2021 and at least one of 2022 or 2023,
the twin's forecast stands beside simple ones made from the same published values. Compared is the
mean absolute error over the years examined; the 80 % bands are counted too. In a hindcast
(:mod:`stelsel.twin.examination.hindcast`) it is the same of earlier years.

The twin's forecast goes on from the published figures of the years that are known: what the run
says is multiplied by the level of the series (:mod:`stelsel.twin.series.spread`), as the run itself
was off on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stelsel.twin.examination.fit import fit_table, offs_of, values_of
from stelsel.twin.examination.forecasts import FORECASTS
from stelsel.twin.examination.lines import Line, Point, lines
from stelsel.twin.series import Measured
from stelsel.twin.series.spread import band, drift_needed, years_ahead

ENOUGH = 3
"""Published values up to 2021 that a line needs: fewer make no straight line worth the name."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """One figure of 2022 or 2023, what the twin said (with its band) and what the others said.

    ``needed`` is the drift a year with which the band would just have held the figure.
    """

    point: Point
    twin: float
    low: float
    high: float
    needed: float
    others: dict[str, float]

    @property
    def held(self) -> bool:
        """Whether the published figure lies in the twin's band, to the source's rounding."""
        half = self.point.of.rounding / 2
        return bool(self.low - half <= self.point.value <= self.high + half)


@dataclass(frozen=True, slots=True)
class Examined:
    """One line, with a forecast for each figure of the years examined."""

    line: Line
    forecasts: tuple[Forecast, ...]

    def error(self, who: str = "twin") -> float:
        """Mean absolute error, as a share of the mean published value of the years examined."""
        size = np.mean([abs(one.point.value) for one in self.forecasts])
        errors = [abs(_said(one, who) - one.point.value) for one in self.forecasts]
        return float(np.mean(errors) / size)

    def beats(self, who: str) -> bool:
        """Whether the twin's error is smaller."""
        return self.error() < self.error(who)


def _said(one: Forecast, who: str) -> float:
    return one.twin if who == "twin" else one.others[who]


@dataclass(frozen=True, slots=True)
class History:
    """The outcome: lines that were examined, and those with too few values, apart."""

    examined: tuple[Examined, ...]
    too_few: tuple[Line, ...]
    not_said: tuple[Line, ...]

    def beaten(self, who: str) -> float:
        """Share of the lines on which the twin's error is smaller than that of a forecast."""
        return float(np.mean([one.beats(who) for one in self.examined]))

    @property
    def coverage(self) -> float:
        """Share of the figures that lie in the twin's 80 % band."""
        held = [one.held for line in self.examined for one in line.forecasts]
        return float(np.mean(held))


def history(measured: Sequence[Measured]) -> History:
    """Examine the twin on the two years after the last known one.

    Parameters
    ----------
    measured
        Replications of the country, from 2015 to the last year examined; the first is the plan as
        it is.
    """
    values = values_of(measured)
    offs = offs_of(fit_table(measured))
    examined, too_few, not_said = [], [], []
    for line in lines():
        if not line.later:
            continue
        if len(line.known) < ENOUGH:
            too_few.append(line)
            continue
        years = [point.period.last.year for point in line.known]
        known = [point.value for point in line.known]
        forecasts = []
        for point in line.later:
            here = values.get((line.series, point.period))
            if here is None or not np.isfinite(here).all():
                break
            here = point.counted * here
            ahead = years_ahead(point.period)
            middle, low, high = band(here, point.of, offs, ahead=ahead)
            needed = drift_needed(point.value, here, point.of, offs, ahead=ahead)
            until = point.period.last.year
            others = {name: make(years, known, until) for name, make in FORECASTS.items()}
            forecasts.append(Forecast(point, middle, low, high, needed, others))
        if len(forecasts) == len(line.later):
            examined.append(Examined(line, tuple(forecasts)))
        else:
            not_said.append(line)
    return History(tuple(examined), tuple(too_few), tuple(not_said))
