"""What foster care gives: its weekly books as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stelsel.twin.parts.foster.layout import MEASURES

COLUMNS = ("week", "region", *MEASURES, "families")


def families(
    counts: npt.NDArray[np.int32], codes: Sequence[str], first: date, siblings: float
) -> pa.Table:
    """Give the weekly books of foster families.

    Parameters
    ----------
    counts
        Weekly counts [week, region, measure] (:data:`stelsel.twin.parts.foster.layout.MEASURES`).
    codes
        Youth regions of the run.
    first
        First day of the run.
    siblings
        Children in one network family (``foster.siblings``): the loop has a family for each
        child, a factsheet counts one for all children of a family.

    Returns
    -------
    pyarrow.Table
        One row per week and region: the week's first day, the measures, and ``families``, all
        foster families in the way the factsheets count them.

    Examples
    --------
    >>> counts = np.zeros((1, 1, len(MEASURES)), np.int32)
    >>> counts[0, 0, MEASURES.index("recruited")] = 100
    >>> counts[0, 0, MEASURES.index("network")] = 152
    >>> families(counts, ["JZ07"], date(2021, 1, 1), 1.52).column("families").to_pylist()
    [200.0]
    """
    weeks = counts.shape[0]
    days = [first + timedelta(7 * week) for week in range(weeks)]
    columns: dict[str, pa.Array] = {
        "week": pa.array([day for day in days for _ in codes], pa.date32()),
        "region": pa.array(list(codes) * weeks),
    }
    for k, name in enumerate(MEASURES):
        columns[name] = pa.array(counts[:, :, k].ravel())
    recruited = counts[:, :, MEASURES.index("recruited")]
    network = counts[:, :, MEASURES.index("network")]
    columns["families"] = pa.array((recruited + network / siblings).ravel())
    return pa.table(columns)
