"""What staff gives: its weekly books as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stelsel.twin.parts.staff.layout import MEASURES

COLUMNS = ("week", "service", "region", *MEASURES)


def workforce(
    counts: npt.NDArray[np.float32], stations: Sequence[tuple[str, str]], first: date
) -> pa.Table:
    """Give the weekly books of staff.

    Parameters
    ----------
    counts
        Weekly numbers [week, staffed station, measure]
        (:data:`stelsel.twin.parts.staff.layout.MEASURES`).
    stations
        Service and region (or larger area) of each staffed station.
    first
        First day of the run.

    Returns
    -------
    pyarrow.Table
        One row per week and station; workers in full-time posts.

    Examples
    --------
    >>> counts = np.ones((2, 1, len(MEASURES)), np.float32)
    >>> table = workforce(counts, [("guidance", "north")], date(2021, 1, 1))
    >>> table.num_rows, table.column_names == list(COLUMNS)
    (2, True)
    """
    weeks = counts.shape[0]
    days = [first + timedelta(7 * week) for week in range(weeks)]
    columns: dict[str, pa.Array] = {
        "week": pa.array([day for day in days for _ in stations], pa.date32()),
        "service": pa.array([service for service, _ in stations] * weeks),
        "region": pa.array([region for _, region in stations] * weeks),
    }
    for k, name in enumerate(MEASURES):
        columns[name] = pa.array(counts[:, :, k].ravel())
    return pa.table(columns)


def shares(counts: npt.NDArray[np.float32]) -> dict[str, float]:
    """Give vacancies, leaving and illness in the way they are published, over all of ``counts``.

    ``shortage`` counts posts where nobody works yet, ``turnover`` is a year's leavers over the
    workers, ``sickness`` the share of workers who are ill.

    Examples
    --------
    >>> counts = np.zeros((52, 1, len(MEASURES)), np.float32)
    >>> counts[:, 0, :7] = [100, 72, 8, 5, 15, 5.6, 0.32]
    >>> {name: round(share, 3) for name, share in shares(counts).items()}
    {'shortage': 0.2, 'turnover': 0.209, 'sickness': 0.07}
    """
    mean = counts.astype(np.float64).sum(axis=1).mean(axis=0)
    posts, full, new, _, _, ill, left = mean[:7]
    workers = full + new
    return {
        "shortage": float(1 - workers / posts),
        "turnover": float(left / workers * 365.25 / 7),
        "sickness": float(ill / workers),
    }
