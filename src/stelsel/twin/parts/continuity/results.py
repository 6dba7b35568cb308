"""What became of the children whose provider fell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stelsel.twin.parts.continuity.compiling import FALLS, Falls

SCHEMA = pa.schema(
    [
        pa.field("day", pa.date32(), nullable=False),
        pa.field("region", pa.string(), nullable=False),
        pa.field("service", pa.string(), nullable=False),
        pa.field("provider", pa.int32(), nullable=False),
        pa.field("children", pa.int32(), nullable=False),
        pa.field("at_once", pa.int32(), nullable=False),
        pa.field("after_waiting", pa.int32(), nullable=False),
        pa.field("mean_wait", pa.float64()),
        pa.field("still_waiting", pa.int32(), nullable=False),
        pa.field("left", pa.int32(), nullable=False),
    ]
)
"""One row per provider that fell: the children it had, how many had another place at once, had
one after waiting (with the mean of these waits in days), still wait, or left without one."""


def after_falls(
    visits: npt.NDArray[np.void],
    falls: Falls,
    names: Sequence[tuple[str, str, int]],
    fell: int,
    first: date,
    never: int,
) -> pa.Table:
    """Follow the children of each provider that fell to their next place.

    A child whose provider falls ends its visit that day, and a next visit with the same key
    arrives that day.

    Parameters
    ----------
    visits
        With ``key``, ``leg``, ``station``, ``arrived``, ``started``, ``ended``, ``exit``.
    falls
        The compiled falls.
    names
        Region, service and number of the provider of every station.
    fell
        Value of ``exit`` that says that the provider fell.
    first
        First day of the run.
    never
        What ``started`` and ``ended`` hold where there is no such day.

    Examples
    --------
    >>> none = Falls(*(np.zeros(0, np.int32) for _ in range(3)), np.zeros(0))
    >>> kind = [(name, "i4") for name in ("key", "leg", "station", "arrived", "started", "ended")]
    >>> visits = np.zeros(0, [*kind, ("exit", "i1")])
    >>> after_falls(visits, none, [], 1, date(2021, 1, 1), 2**31 - 1).num_rows
    0
    """
    rows = []
    ended = visits["exit"] == fell
    for day, station, kind in zip(falls.day, falls.station, falls.kind, strict=True):
        if kind != FALLS:
            continue
        had = visits[ended & (visits["ended"] == day) & (visits["station"] == station)]
        came = visits[visits["arrived"] == day]
        came = came[np.isin(came["key"], had["key"])]
        legs = dict(zip(had["key"].tolist(), had["leg"].tolist(), strict=True))
        follows = [legs[key] < leg for key, leg in zip(came["key"], came["leg"], strict=True)]
        after = came[np.array(follows, dtype=bool)]
        served = after["started"] != never
        waits = after["started"][served] - day
        later = waits[waits > 0]
        region, service, provider = names[station]
        rows.append(
            {
                "day": first + timedelta(int(day)),
                "region": region,
                "service": service,
                "provider": provider,
                "children": len(had),
                "at_once": int((waits == 0).sum()),
                "after_waiting": len(later),
                "mean_wait": float(later.mean()) if len(later) else None,
                "still_waiting": int((~served & (after["ended"] == never)).sum()),
                "left": int((~served & (after["ended"] != never)).sum()),
            }
        )
    return pa.Table.from_pylist(rows, schema=SCHEMA)
