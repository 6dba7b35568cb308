"""The two counts of children who wait, per region, on the last days of quarters (or months)."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

import pyarrow as pa
import pyarrow.compute as pc

from stelsel import spells as spell
from stelsel.disclosure import declare
from stelsel.errors import Fault, StelselError
from stelsel.monitor.fields import field
from stelsel.monitor.indicators import Selection
from stelsel.monitor.supervision.overlap import Matrix, correlations
from stelsel.monitor.supervision.settings import counts, settings

EVERY = (1, 3, 6, 12)
"""Months between two moments that may be asked for."""
Group = tuple[str, str]
"""A count and a region."""

SCHEMA = pa.schema(
    [
        declare(pa.field("count", pa.string()), "key"),
        field("region").arrow(),
        declare(pa.field("moment", pa.date32()), "key", over_time=True),
        field("as_of").arrow(),
        declare(pa.field("children", pa.int64()), "count", stock=True, once=True),
    ]
)
"""Columns of the counts: which of the two, the region, the day, the day of looking, the children.

Whether another count of the day is known or not, a stock does not add up over time.
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """The counts, and what is needed to judge them.

    Parameters
    ----------
    moments
        The days on which was counted, oldest first.
    rows
        Columns of :data:`SCHEMA`, exact, ordered by count, region and moment.
    overlaps
        Per count and region how the counts of the moments go together.
    without_region
        How many spells were left out, because nobody told their region.
    """

    moments: tuple[date, ...]
    rows: pa.Table
    overlaps: Mapping[Group, Matrix]
    without_region: int


def ends_of(as_of: date, every: int, since: date, most: int) -> list[date]:
    """Give the last days of months, quarters, half-years or years up to a day, oldest first.

    Parameters
    ----------
    as_of
        The day of looking; the last moment is on it or before it.
    every
        Months between two moments, out of :data:`EVERY`.
    since
        No moment is before this day.
    most
        At most so many, the latest.

    Raises
    ------
    StelselError
        When the number of months or of moments cannot be.

    Examples
    --------
    >>> [str(day) for day in ends_of(date(2024, 8, 15), 3, date(2024, 1, 1), 12)]
    ['2024-03-31', '2024-06-30']
    """
    faults = []
    if every not in EVERY:
        faults.append(
            Fault(
                f"There are no moments every {every} months.",
                "--every",
                remedy=f"Choose {', '.join(map(str, EVERY))}.",
                what_nl=f"Er zijn geen meetmomenten om de {every} maanden.",
                remedy_nl=f"Kies {', '.join(map(str, EVERY))}.",
            )
        )
    if not 1 <= most <= 60:
        faults.append(
            Fault(
                f"{most} moments cannot be tested.",
                "--moments",
                remedy="Ask for 1 to 60.",
                what_nl=f"{most} meetmomenten zijn niet te toetsen.",
                remedy_nl="Vraag er 1 tot en met 60.",
            )
        )
    if faults:
        raise StelselError(faults)
    found: list[date] = []
    number = as_of.year * 12 + as_of.month
    while len(found) < most and number > since.year * 12:
        year, month = (number - 1) // 12, (number - 1) % 12 + 1
        day = date(year, month, monthrange(year, month)[1])
        if month % every == 0 and since <= day <= as_of:
            found.insert(0, day)
        number -= 1
    return found


def watch(
    spells: pa.Table,
    as_of: date,
    *,
    every: int = 3,
    since: date | None = None,
    most: int | None = None,
) -> Watched:
    """Count the children who wait for protection and for help, per region and moment.

    Parameters
    ----------
    spells
        Columns of :data:`stelsel.spells.SCHEMA`.
    as_of
        The day of looking.
    every
        Months between two moments.
    since
        No moment is before this day; without it half a year (see the settings) after the
        :func:`beginning` of each count.
    most
        At most so many moments, the latest; without it those of the settings.

    Returns
    -------
    Watched
        A row for each moment of each region that told anything of that count; a region that tells
        nothing of it has no row, rather than rows of nobody.

    Raises
    ------
    StelselError
        When ``every`` or ``most`` cannot be, or ``spells`` is no table of spells.

    Examples
    --------
    >>> one = {"child": "a", "episode": "a1", "station": "wait-ambulatory", "form": "02",
    ...        "start": date(2026, 3, 1), "region": "JZ07", "known": date(2026, 3, 1),
    ...        "source": "twin"}
    >>> table = pa.Table.from_pylist([one, one], schema=spell.SCHEMA)
    >>> found = watch(table, date(2026, 6, 30), since=date(2026, 1, 1))
    >>> found.rows.select(["count", "moment", "children"]).to_pylist()[0]
    {'count': 'help', 'moment': datetime.date(2026, 3, 31), 'children': 1}
    """
    table = spell.check(spells)
    wanted = settings()
    most = int(wanted["moments"].value) if most is None else most
    warm_up = timedelta(days=int(wanted["warm-up"].value))
    rows: list[dict[str, object]] = []
    overlaps: dict[Group, Matrix] = {}
    every_moment: set[date] = set()
    lost = 0
    for one in counts():
        waits = _selected(table, one.indicator.of)
        lost += waits["region"].null_count
        first = since or beginning(waits["start"].to_pylist(), as_of) + warm_up
        moments = ends_of(as_of, every, first, most)
        every_moment |= set(moments)
        for region, members in sorted(_members(waits, moments).items()):
            overlaps[one.id, region] = correlations(members)
            rows += [
                {
                    "count": one.id,
                    "region": region,
                    "moment": moment,
                    "as_of": as_of,
                    "children": len(there),
                }
                for moment, there in zip(moments, members, strict=True)
            ]
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    return Watched(tuple(sorted(every_moment)), table, overlaps, lost)


def beginning(starts: Sequence[date], as_of: date) -> date:
    """Give the first day of the quarter from which a register knows what happens.

    Of the time before its first messages it knows only the waits and care that lasted, so fewer
    waits begin in it. It counts as begun with the first quarter in which half as many (see the
    settings) began as in the middle one of the last quarters.

    Parameters
    ----------
    starts
        The days on which waits began.
    as_of
        The day of looking.

    Examples
    --------
    >>> old = [date(2015, 1, 1)]
    >>> new = [date(2024, month, day) for month in range(1, 13) for day in range(1, 11)]
    >>> beginning(old + new, date(2024, 12, 31)).isoformat()
    '2024-01-01'
    >>> beginning([], date(2024, 12, 31)).isoformat()
    '2024-10-01'
    """
    wanted = settings()
    begun = Counter(_quarter(day) for day in starts if day <= as_of)
    last = _quarter(as_of)
    recent = [begun[last - back] for back in range(int(wanted["moments"].value))]
    usual = median([number for number in recent if number] or [1])
    first = min(
        (quarter for quarter, number in begun.items() if number >= wanted["full"].value * usual),
        default=last,
    )
    return date(first // 4, first % 4 * 3 + 1, 1)


def _quarter(day: date) -> int:
    return day.year * 4 + (day.month - 1) // 3


def _selected(table: pa.Table, selection: Selection) -> pa.Table:
    """Give the spells of a selection."""
    for name, values in selection.columns().items():
        table = table.filter(pc.is_in(table[name], pa.array(values)))
    return table


def _members(waits: pa.Table, moments: Iterable[date]) -> dict[str, list[set[str]]]:
    """Give per region the children who are there at the end of each moment."""
    found: dict[str, list[set[str]]] = {
        region: [] for region in pc.unique(waits["region"]).to_pylist() if region is not None
    }
    # What ends before it begins leaves on the day on which it began.
    out = pc.max_element_wise(waits["end"], waits["start"])
    open_ = pc.is_null(waits["end"])
    for moment in moments:
        day = pa.scalar(moment, pa.date32())
        there = pc.and_(pc.less_equal(waits["start"], day), pc.or_(open_, pc.greater(out, day)))
        here = waits.filter(there).select(["region", "child"])
        children: dict[str, set[str]] = defaultdict(set)
        for region, child in zip(*(column.to_pylist() for column in here.columns), strict=True):
            children[region].add(child)
        for region, members in found.items():
            members.append(children[region])
    return found
