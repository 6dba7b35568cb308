"""Durations of care: from the published bands to draws.

A distribution is a table of quantiles on an even grid: drawing is one look-up, its mean is exact,
and any shape fits. The published bands (ended episodes by duration, CBS 85096NED) give the shape;
stock over flow gives the mean of each form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stelsel.errors import StelselError

Numbers = npt.NDArray[np.float64]
STEPS = 1024
"""Steps of the quantile grid."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A distribution of days as quantiles at 0, 1/1024, ..., 1; straight lines between them.

    Examples
    --------
    >>> three = Duration.from_bands([0, 90, 180], [1, 1]).with_mean(60)
    >>> round(three.mean, 6)
    60.0
    """

    quantiles: Numbers

    @classmethod
    def from_bands(cls, edges: Sequence[float], counts: Sequence[float]) -> Duration:
        """Spread counts evenly within their bands.

        Parameters
        ----------
        edges
            Edges of the bands in days, one more than there are counts, rising.
        counts
            How many ended in each band.

        Raises
        ------
        StelselError
            When the edges do not rise or the counts do not fit them.
        """
        low, high = np.asarray(edges[:-1], float), np.asarray(edges[1:], float)
        weights = np.asarray(counts, float)
        if len(edges) != len(counts) + 1 or (high <= low).any() or (weights < 0).any():
            raise StelselError(
                "Duration bands need rising edges, one more than their counts.",
                what_nl="Duurklassen hebben oplopende grenzen nodig, één meer dan hun aantallen.",
            )
        reached = np.concatenate([[0.0], np.cumsum(weights) / weights.sum()])
        grid = np.linspace(0.0, 1.0, STEPS + 1)
        return cls(np.interp(grid, reached, np.asarray(edges, float)))

    @classmethod
    def from_function(cls, inverse: npt.ArrayLike) -> Duration:
        """Take the inverse distribution function's values at the grid points as they are."""
        return cls(np.asarray(inverse, float))

    @property
    def mean(self) -> float:
        """Mean in days, exact for straight lines between the quantiles."""
        return float((self.quantiles[1:] + self.quantiles[:-1]).sum() / (2 * STEPS))

    def with_mean(self, days: float, most: float = np.inf) -> Duration:
        """Give the same shape stretched to another mean, with no length above ``most``.

        What would be longer ends there (a child grows up), and the rest is stretched a little
        more, so that the mean is kept.

        Raises
        ------
        StelselError
            When no stretch can bring the mean there.

        Examples
        --------
        >>> short = Duration.from_bands([0, 100, 1000], [1, 1]).with_mean(400, most=800)
        >>> round(short.mean, 3), float(short.quantiles.max())
        (400.0, 800.0)
        """
        stretched = Duration(self.quantiles * (days / self.mean))
        if stretched.quantiles[-1] <= most:
            return stretched
        low, high = 0.0, 1e6 / self.mean
        for _ in range(100):
            middle = (low + high) / 2
            stretched = Duration(np.minimum(self.quantiles * middle, most))
            low, high = (middle, high) if stretched.mean < days else (low, middle)
        if abs(stretched.mean - days) > 1e-6 * days:
            raise StelselError(
                f"A mean of {days:g} days is too long for at most {most:g} days.",
                what_nl=f"Gemiddeld {days:g} dagen is te lang voor ten hoogste {most:g} dagen.",
            )
        return stretched

    def at(self, chance: Numbers) -> Numbers:
        """Days at a chance between 0 and 1: the inverse distribution function."""
        return np.interp(chance, np.linspace(0.0, 1.0, STEPS + 1), self.quantiles)

    def below(self, days: Numbers) -> Numbers:
        """Chance of ending within so many days: the distribution function."""
        return np.interp(days, self.quantiles, np.linspace(0.0, 1.0, STEPS + 1))

    def still_to_go(self, chance: Numbers) -> Numbers:
        """Days still to go of one found running in a steady state, at a chance.

        The density of what remains is (1 - F(x)) / mean (renewal theory, e.g. Cox, "Renewal
        theory", 1962, section 5.4).
        """
        return np.interp(chance, self._gone(), self.quantiles)

    def gone_within(self, days: Numbers) -> Numbers:
        """Share of those found running in a steady state that has ended within so many days."""
        return np.interp(days, self.quantiles, self._gone())

    def _gone(self) -> Numbers:
        """Chance that one found running has ended by each quantile."""
        alive = 1.0 - np.linspace(0.0, 1.0, STEPS + 1)
        steps = (alive[1:] + alive[:-1]) / 2 * np.diff(self.quantiles)
        area = np.concatenate([[0.0], np.cumsum(steps)])
        return np.asarray(area / area[-1], dtype=np.float64)

    def whole_given(self, remaining: Numbers, chance: Numbers) -> Numbers:
        """Whole length of one with so much remaining: a draw from the lengths beyond it."""
        reached = self.below(remaining)
        return np.maximum(self.at(reached + chance * (1.0 - reached)), remaining)


def fit_year(
    shape: Duration,
    stock: float,
    started: tuple[float, float],
    ended: tuple[float, float],
    most: float = np.inf,
) -> tuple[float, float]:
    """Find the mean and the rhythm with which a year's ends come out in each half.

    Of those running at the start, ``gone_within`` has ended after so many clock days; of those who
    start evenly over a half-year, the mean of ``below`` over the clock days they have had. The
    mean length sets how many end in the year, the speed of the clock in the first half how many
    of them then (in the second half it runs at two less that speed, so that its mean is one).

    Parameters
    ----------
    shape
        Distribution to stretch.
    stock
        Running on the first day.
    started, ended
        In the first and the second half of the year.
    most
        Longest possible length in days.

    Returns
    -------
    tuple
        Mean length in days and speed of the clock in the first half.

    Examples
    --------
    >>> shape = Duration.from_function(-200 * np.log(1 - np.linspace(0, 0.9999, STEPS + 1)))
    >>> mean, speed = fit_year(shape, 1000, (900, 900), (900, 900))
    >>> 195 < mean < 210, 0.99 < speed < 1.01
    (True, True)
    """
    halves = np.array([181.0, 184.0])
    share = (np.arange(200) + 0.5) / 200
    mean, speed = 365 * stock / max(sum(started), 1.0), 1.0
    for _ in range(500):
        lengths = shape.with_mean(mean, most)
        first, second = speed * halves[0], (2 - speed) * halves[1]
        of_stock = stock * lengths.gone_within(np.array([first, first + second]))
        early = started[0] * lengths.below(first * share).mean()
        early_year = started[0] * lengths.below(first * share + second).mean()
        late = started[1] * lengths.below(second * share).mean()
        in_first = of_stock[0] + early
        in_year = of_stock[1] + early_year + late
        mean *= (in_year / sum(ended)) ** 0.8
        speed = float(np.clip(speed * (ended[0] / in_first) ** 0.8, 0.2, 1.8))
        if abs(in_year / sum(ended) - 1) + abs(in_first / ended[0] - 1) < 1e-4:
            break
    return float(mean), speed
