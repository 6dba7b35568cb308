"""Every published figure up to 2021 that the twin makes, with what the twin gives for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from stelsel.twin.examination.lines import Point, points
from stelsel.twin.series import Measured, Period
from stelsel.twin.series.spread import Off, Offs, level_of
from stelsel.twin.series.table import KEY

NEAR = 0.05
"""Within this share of the published value the twin is said to give it."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """One published figure and the twin's value of it, rounded as the source rounds."""

    point: Point
    twin: float

    @property
    def error(self) -> float:
        """Difference as a share of the published value; not a number where the twin has none."""
        if not np.isfinite(self.twin):
            return float("nan")
        if self.point.value == 0:
            return 0.0 if self.twin == 0 else float("inf")
        return self.twin / self.point.value - 1

    @property
    def near(self) -> bool:
        """Whether the twin lies within :data:`NEAR`."""
        return bool(abs(self.error) <= NEAR + 1e-9)


@dataclass(frozen=True, slots=True)
class FittedSeries:
    """The figures of one series: near when on average they lie within :data:`NEAR`."""

    figures: tuple[Fitted, ...]

    @property
    def error(self) -> float:
        """Mean absolute error as a share; not a number where the twin has no value."""
        return float(np.mean([abs(one.error) for one in self.figures]))

    @property
    def near(self) -> bool:
        """Whether the mean absolute error is within :data:`NEAR`."""
        return bool(self.error <= NEAR + 1e-9)


def values_of(measured: Sequence[Measured]) -> Mapping[tuple[int, Period], np.ndarray]:
    """Give the values of every series and period over replications."""
    table = np.array([one.values for one in measured])
    return {row: table[:, n] for n, row in enumerate(measured[0].rows)}


def fit_table(measured: Sequence[Measured]) -> tuple[Fitted, ...]:
    """Lay every published figure up to 2021 beside the middle of some runs; none hidden.

    Figures about days before the run begins are left out: no run can give them.

    Parameters
    ----------
    measured
        Runs of the country: one, or several that differ in chance, or in what nobody knows too.
    """
    values = values_of(measured)
    begin = min(period.first for _, period in measured[0].rows)
    found = []
    for point in points():
        if not point.fitted or point.period.first < begin:
            continue
        here = values.get((point.series, point.period))
        twin = float("nan") if here is None else float(np.median(here))
        if np.isfinite(twin):
            twin = point.rounded(point.counted * twin)
        found.append(Fitted(point, twin))
    return tuple(found)


def by_series(table: Sequence[Fitted]) -> tuple[FittedSeries, ...]:
    """Gather the figures by series."""
    found: dict[int, list[Fitted]] = {}
    for one in table:
        found.setdefault(one.point.series, []).append(one)
    return tuple(FittedSeries(tuple(of)) for of in found.values())


def errors_table(offs: Offs) -> pa.Table:
    """Give how far the twin is off on each series: the columns of ``series/data/errors.csv``."""
    source = "stelsel validate --errors: root mean square up to 2021; level and scatter about it"
    rows = [
        {
            **dict(zip(KEY, key, strict=True)),
            "figures": off.figures,
            "error": round(off.error, 4),
            "level": round(off.level, 4),
            "scatter": round(off.scatter, 4),
            "source": source,
        }
        for key, off in offs.items()
    ]
    return pa.Table.from_pylist(rows)


def offs_of(table: Sequence[Fitted]) -> Offs:
    """Work out how far the twin is off on each series of which it has every value."""
    found = {}
    for line in by_series(table):
        off = np.array([one.error for one in line.figures])
        if not np.isfinite(off).all():
            continue
        years = [one.point.period.last.year for one in line.figures]
        ratios = [1 / (1 + error) if error > -1 else 0.0 for error in off]
        error = float(np.sqrt((off**2).mean()))
        found[line.figures[0].point.of.key] = Off(len(off), error, *level_of(years, ratios))
    return found
