"""``figures.csv``: what many runs say, in the columns of the published figures, with a band."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

import stelsel
from stelsel.twin.series.measuring import Measured
from stelsel.twin.series.spread import Offs, band, level, years_ahead
from stelsel.twin.series.table import series

SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("indicator", "breakdown")),
        *((name, pa.date32()) for name in ("period_start", "period_end")),
        ("kind", pa.string()),
        ("value", pa.float64()),
        *((name, pa.string()) for name in ("unit", "source_title", "source_ref", "note")),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ]
)
"""Columns of the published figures, then the band."""
DIGITS = 6
"""Significant digits that are written."""


def figures_table(measured: Sequence[Measured], offs: Offs | None = None) -> pa.Table:
    """Lay out what replications of one world say, one row per series and period.

    Parameters
    ----------
    measured
        What :func:`stelsel.twin.series.measure` gave, one per replication, of runs over the same
        days.
    offs
        How far the twin is off on each series; without it as the package has it.

    Returns
    -------
    pyarrow.Table
        Columns as :data:`SCHEMA`. ``value`` is the median over the replications, so that it lies
        in its band; ``low`` and ``high`` are the ends of an 80 % band that holds chance, the ranges
        of what is assumed and how far the twin is off (:func:`stelsel.twin.series.spread.band`);
        they are empty where there is only one. What is about a day after the last known one is
        multiplied by the level of its series, so that it goes on from what is published
        (:mod:`stelsel.twin.series.spread`). Of a 1 January a stock is what there is before the
        day begins, of any other day what there is when it is over. What no run could say (a part
        that is switched off) has no row.

    Examples
    --------
    >>> from datetime import date
    >>> from stelsel.twin.series import Period
    >>> from stelsel.twin.series.spread import Off
    >>> year = Period(date(2030, 1, 1), date(2030, 12, 31))
    >>> number = [one.name for one in series()].index("jb_measures_inflow|OTS")
    >>> offs = {series()[number].key: Off(figures=5, error=0.02, level=1.1, scatter=0.01)}
    >>> runs = [Measured(((number, year),), np.array([value])) for value in (90.0, 100.0, 120.0)]
    >>> row = figures_table(runs, offs).to_pylist()[0]
    >>> row["breakdown"], row["value"], row["low"] < 99, row["high"] > 128
    ('OTS', 110.0, True, True)
    """
    values = np.array([one.values for one in measured])
    known = np.flatnonzero(np.isfinite(values).all(axis=0))
    kept = values[:, known]
    rows = [measured[0].rows[n] for n in known]
    of = [series()[number] for number, _ in rows]
    ahead = [years_ahead(period) for _, period in rows]
    levels = np.array(
        [level(one, offs) if years > 0 else 1.0 for one, years in zip(of, ahead, strict=True)]
    )
    many = len(measured) > 1
    bands = (
        [band(kept[:, n], one, offs, ahead=ahead[n]) for n, one in enumerate(of)] if many else []
    )
    told = "once" if not many else f"median of {len(measured)} replications, 80 % band"
    columns = {
        "indicator": [one.indicator for one in of],
        "breakdown": [one.breakdown for one in of],
        "period_start": [period.first for _, period in rows],
        "period_end": [period.last for _, period in rows],
        "kind": [one.kind for one in of],
        "value": _rounded((levels * np.median(kept, axis=0)).tolist()),
        "unit": [one.unit for one in of],
        "source_title": ["Stelsel, the twin: simulated"] * len(rows),
        "source_ref": [f"stelsel {stelsel.__version__}"] * len(rows),
        "note": [f"simulated; {told}"] * len(rows),
        "low": _rounded([low for _, low, _ in bands]) if many else [None] * len(rows),
        "high": _rounded([high for _, _, high in bands]) if many else [None] * len(rows),
    }
    return pa.table(columns, schema=SCHEMA)


def _rounded(values: Sequence[float]) -> list[float]:
    """Round to some significant digits: more would say more than chance allows."""
    return [float(f"{value:.{DIGITS}g}") for value in values]
