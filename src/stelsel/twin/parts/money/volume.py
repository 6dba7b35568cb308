"""Days in care and episodes begun, per year, region and service, from the visits of a run."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stelsel.twin.compiled import compiled

Ints = npt.NDArray[np.int64]


class Volume(NamedTuple):
    """What was delivered. Y years, R regions, K services."""

    years: tuple[int, ...]
    days: Ints  # [Y, R, K] days in care within the run
    episodes: Ints  # [Y, R, K] episodes begun within the run


def volume(
    visits: npt.NDArray[np.void], first: date, days: int, regions: int, services: int
) -> Volume:
    """Count days and episodes.

    A day is paid when care runs at its start: from the day care begins to the day before it ends.

    Parameters
    ----------
    visits
        With the columns ``started``, ``ended`` (days from the first; later than the run where
        there is none), ``region`` and ``service``.
    first, days
        First day and length of the run.
    regions, services
        How many there are.

    Examples
    --------
    >>> kind = [("started", "i4"), ("ended", "i4"), ("region", "i2"), ("service", "i1")]
    >>> visits = np.array([(-5, 10, 0, 0), (360, 2**31 - 1, 0, 0)], kind)
    >>> found = volume(visits, date(2021, 1, 1), 730, 1, 1)
    >>> found.days[:, 0, 0].tolist(), found.episodes[:, 0, 0].tolist()
    ([15, 365], [1, 0])
    """
    last = first + timedelta(days - 1)
    years = tuple(range(first.year, last.year + 1))
    edges = np.array([(date(year, 1, 1) - first).days for year in (*years, last.year + 1)])
    edges[0], edges[-1] = 0, days
    spent = np.zeros((len(years), regions, services), np.int64)
    begun = np.zeros_like(spent)
    columns = (visits[name] for name in ("started", "ended", "region", "service"))
    _add(*columns, edges.astype(np.int64), spent, begun)
    return Volume(years, spent, begun)


@compiled  # type: ignore[untyped-decorator]
def _add(
    started: Any, ended: Any, region: Any, service: Any, edges: Any, spent: Any, begun: Any
) -> None:
    """Walk over the visits once; ``edges`` are the first days of the years and the last's end."""
    days = edges[-1]
    for i in range(started.shape[0]):
        on = started[i]
        if on >= days:
            continue
        until = min(np.int64(ended[i]), days)
        since = max(np.int64(on), 0)
        year = 0
        while edges[year + 1] <= since:
            year += 1
        if on >= 0:
            begun[year, region[i], service[i]] += 1
        while since < until:
            end = min(until, edges[year + 1])
            spent[year, region[i], service[i]] += end - since
            since = end
            year += 1
