"""What late arrivals changed: counts of a half-year as first known, and as known later.

First counts are always too low: what happened late in a half-year is told after it. A *triangle*
shows by how much. Of each half-year it has what was known some weeks after its end, some weeks
after the end of each later half-year, and on the last day that anything became known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends import BaseBackend

from stelsel import system
from stelsel.disclosure import declare
from stelsel.register.relate import after

WEEKS: Final = 3
"""Weeks after the end of a half-year that its first count is taken.

The term of the half-yearly delivery (CBS, Informatieprotocol Beleidsinformatie Jeugd v7, par. 7.3).
For messages no source names one; the same is taken.
"""
HALVES: Final = 6
"""So many half-years are looked at, the latest. Own choice: each takes working out all spells."""
COUNTS: Final = ("started", "ended", "there")
"""Spells that started or ended in the half-year, or were there on its last day."""

REVISIONS: Final = pa.schema(
    [
        declare(pa.field("source", pa.string()), "key"),
        declare(pa.field("kind", pa.string()), "key"),
        declare(pa.field("count", pa.string()), "key"),
        declare(pa.field("period", pa.string()), "key", over_time=True),
        declare(pa.field("known_on", pa.date32()), "key", over_time=True),
        declare(pa.field("spells", pa.int64()), "count", behind="children"),
        declare(pa.field("children", pa.int64()), "count"),
    ]
)
"""Columns of a triangle.

========  =====================================================================================
source    where the spells were told: ``ijw``, ``cbs``, ``process``
kind      kind of their stations: ``wait``, ``care``, ``supervision``, ...
count     one of :data:`COUNTS`: ``there`` of ``care`` is who is in care, of ``wait`` who waits
period    the half-year, such as ``2024-H1``
known_on  day whose knowledge it is counted with
spells    how many
children  of so many children
========  =====================================================================================
"""


@dataclass(frozen=True, slots=True)
class HalfYear:
    """Half a calendar year.

    Examples
    --------
    >>> half = HalfYear.of(date(2024, 8, 1))
    >>> half.name, half.first.isoformat(), half.last.isoformat()
    ('2024-H2', '2024-07-01', '2024-12-31')
    >>> half.before().name
    '2024-H1'
    """

    first: date
    last: date

    @classmethod
    def of(cls, day: date) -> HalfYear:
        """Give the half-year that a day is in."""
        if day.month <= 6:
            return cls(date(day.year, 1, 1), date(day.year, 6, 30))
        return cls(date(day.year, 7, 1), date(day.year, 12, 31))

    @property
    def name(self) -> str:
        """Its name, as in deliveries."""
        return f"{self.first.year}-H{1 if self.first.month == 1 else 2}"

    def before(self) -> HalfYear:
        """Give the half-year before."""
        return HalfYear.of(self.first - timedelta(days=1))


def looked_at(first: date, last: date, weeks: int, halves: int) -> list[HalfYear]:
    """Give the half-years that can be followed, oldest first.

    Parameters
    ----------
    first, last
        First and last day that anything became known.
    weeks
        Weeks after its end that a half-year is first counted; one not yet counted is left out.
    halves
        The latest so many.

    Examples
    --------
    >>> found = looked_at(date(2023, 3, 1), date(2024, 7, 20), weeks=3, halves=6)
    >>> [half.name for half in found]
    ['2023-H1', '2023-H2']
    """
    found: list[HalfYear] = []
    half = HalfYear.of(last)
    while half.last >= first and len(found) < halves:
        if half.last + timedelta(weeks=weeks) <= last:
            found.append(half)
        half = half.before()
    return found[::-1]


def revisions(
    spells_on: Callable[[date], pa.Table],
    first: date,
    last: date,
    *,
    weeks: int = WEEKS,
    halves: int = HALVES,
) -> pa.Table:
    """Count the spells of each half-year as first known, and as known later.

    Parameters
    ----------
    spells_on
        Gives the spells as known on a day (:data:`stelsel.spells.SCHEMA`).
    first, last
        First and last day that anything became known.
    weeks
        Weeks after the end of a half-year that its first count is taken.
    halves
        The latest so many half-years.

    Returns
    -------
    pa.Table
        Columns of :data:`REVISIONS`, in their order. A spell ended in a half-year when its last
        day lies in it; it is there on a day that it covers. What was seen on one day and not on
        another counts zero there. Exact numbers; what leaves goes through
        :func:`stelsel.disclosure.protect` first.

    Examples
    --------
    >>> from stelsel.spells import SCHEMA
    >>> revisions(lambda day: SCHEMA.empty_table(), date(2024, 1, 1), date(2025, 1, 1)).num_rows
    0
    """
    followed = looked_at(first, last, weeks, halves)
    starts = {half: half.last + timedelta(weeks=weeks) for half in followed}
    rows: dict[tuple[Any, ...], dict[str, int]] = {}
    days = sorted({*starts.values(), last} if followed else ())
    for day in days:
        known = [half for half in followed if starts[half] <= day]
        for row in _counted(ibis.duckdb.connect(), spells_on(day), known):
            key = tuple(row[name] for name in ("source", "kind", "counted", "period"))
            rows[*key, day] = {"spells": row["spells"], "children": row["children"]}
    groups = {key[:3] for key in rows}
    filled = [
        dict(zip(REVISIONS.names[:5], (*group, half.name, day), strict=True))
        | rows.get((*group, half.name, day), {"spells": 0, "children": 0})
        for group in sorted(groups)
        for half in followed
        for day in days
        if starts[half] <= day
    ]
    return pa.Table.from_pylist(filled, schema=REVISIONS)


def _counted(con: BaseBackend, spells: pa.Table, halves: list[HalfYear]) -> list[dict[str, Any]]:
    """Count the spells of one day of looking, by source, kind of station, sort and half-year."""
    rows = [{"period": half.name, "opens": half.first, "closes": half.last} for half in halves]
    kinds = [{"station": one.id, "kind": one.kind} for one in system.stations()]
    stays = ibis.memtable(spells).inner_join(ibis.memtable(pa.Table.from_pylist(kinds)), "station")
    both = stays.cross_join(ibis.memtable(pa.Table.from_pylist(rows)))
    last_day = (_.end - ibis.interval(days=1)).cast("date")
    wanted = {
        "started": (_.start >= _.opens) & (_.start <= _.closes),
        "ended": (last_day >= _.opens) & (last_day <= _.closes),
        "there": (_.start <= _.closes) & (_.end.isnull() | (_.end >= after(_.closes))),
    }
    counted: list[ir.Table] = [
        both.filter(wanted[name])
        .group_by("source", "kind", "period")
        .agg(spells=_.count(), children=_.child.nunique())
        .mutate(counted=ibis.literal(name))
        for name in COUNTS
    ]
    found: list[dict[str, Any]] = con.to_pyarrow(ibis.union(*counted)).to_pylist()
    con.disconnect()
    return found
