"""Episodes of children: what belongs together of their spells, over providers and municipalities.

The column ``episode`` of a spell bundles what one source can tell: a wait and the care after it,
pauses, renewals, a measure that went to another institution. A child is more than that: it has help
of several providers at once, goes from one to the next, and moves. Here everything of a child that
overlaps or follows soon enough is one episode.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _

from stelsel import spells as spell
from stelsel.errors import StelselError, did_you_mean
from stelsel.system import stations

GAP: Final = 14
"""Days between two spells that still make one episode: own choice, that of a renewal."""

EPISODES: Final = pa.schema(
    [
        pa.field("child", pa.string(), nullable=False),
        pa.field("episode", pa.string(), nullable=False),
        pa.field("start", pa.date32(), nullable=False),
        pa.field("end", pa.date32()),
        pa.field("spells", pa.int64(), nullable=False),
        pa.field("concurrent", pa.int64(), nullable=False),
        pa.field("stations", pa.list_(pa.string()), nullable=False),
        pa.field("providers", pa.list_(pa.string()), nullable=False),
        pa.field("municipalities", pa.list_(pa.string()), nullable=False),
    ],
    metadata={"schema": "stelsel episodes 1"},
)
"""Columns of a table of episodes.

==============  =========================================================================
child           pseudonym
episode         that of its first spell
start, end      first day, and first day no longer there; null while any of it goes on
spells          how many
concurrent      at most so many on one day; 0 where none covers a day
stations        where, in the order of their names
providers       whose, likewise; empty where none is known
municipalities  which were responsible, likewise
==============  =========================================================================
"""
_NONE = ibis.literal([], type="array<string>")
_FAR = date(9999, 1, 1)
"""Stands for the end of what has not ended."""


def episodes(spells: pa.Table, gap: int = GAP, kinds: Sequence[str] = ("care",)) -> pa.Table:
    """Bundle the spells of each child into episodes.

    Spells with the same ``episode`` are one, however long a pause between them. What overlaps, or
    begins no more than ``gap`` days after the rest has ended, is one too, whoever gives it and
    whichever municipality is responsible.

    Parameters
    ----------
    spells
        Columns of :data:`stelsel.spells.SCHEMA`, of any source.
    gap
        Days without a spell that do not part two episodes; 0 where what adjoins is one and a day
        between makes two, as CBS counts repeated use.
    kinds
        Kinds of stations (:func:`stelsel.system.stations`) that count: ``care`` for help,
        ``supervision`` and ``guardianship`` for measures.

    Returns
    -------
    pa.Table
        Columns of :data:`EPISODES`, ordered by child and start.

    Raises
    ------
    StelselError
        When the table is no table of spells, a kind does not exist, or the gap is below zero.

    Examples
    --------
    >>> one = {"child": "a", "episode": "a1", "station": "care-ambulatory", "form": "02",
    ...        "start": date(2026, 3, 1), "end": date(2026, 3, 31), "exit": "planned",
    ...        "provider": "98070201", "municipality": "0193",
    ...        "known": date(2026, 4, 1), "source": "ijw"}
    >>> other = one | {"episode": "a2", "start": date(2026, 4, 9), "end": None, "exit": None,
    ...                "provider": "98070202", "municipality": "0150"}
    >>> table = pa.Table.from_pylist([one, other], schema=spell.SCHEMA)
    >>> [(row["providers"], row["end"]) for row in episodes(table).to_pylist()]
    [(['98070201', '98070202'], None)]
    >>> episodes(table, gap=7).num_rows
    2
    """
    _refuse(gap, kinds)
    places = [one.id for one in stations() if one.kind in kinds]
    told = ibis.memtable(spell.check(spells)).filter(_.station.isin(places))
    there = told.mutate(last=ibis.greatest(_.end.coalesce(ibis.literal(_FAR)), _.start))
    con = ibis.duckdb.connect()
    bundled = con.create_table("bundled", _bundled(there, gap), temp=True)
    found = con.to_pyarrow(_summed(bundled).order_by("child", "start", "episode"))
    con.disconnect()
    return found.select(EPISODES.names).cast(EPISODES)


def _refuse(gap: int, kinds: Sequence[str]) -> None:
    known = sorted({one.kind for one in stations()})
    if gap < 0:
        raise StelselError(
            f"A gap of {gap} days does not exist.",
            where="gap",
            remedy="Give 0 or more days.",
            what_nl=f"Een tussentijd van {gap} dagen bestaat niet.",
            remedy_nl="Geef 0 of meer dagen.",
        )
    for kind in kinds:
        if kind not in known:
            raise StelselError(
                f"There is no kind of station {kind}.",
                where="kinds",
                remedy=did_you_mean(kind, known),
                what_nl=f"Er is geen soort plek {kind}.",
                remedy_nl=did_you_mean(kind, known, "nl"),
            )


def _bundled(there: ir.Table, gap: int) -> ir.Table:
    """Add the number of its episode, among those of its child, to each spell."""
    parts = there.group_by("child", "episode").agg(begun=_.start.min(), over=_.last.max())
    in_order = {"group_by": "child", "order_by": ["begun", "episode"]}
    before = ibis.window(**in_order, preceding=(None, 1))
    apart = parts.mutate(reach=_.over.max().over(before)).mutate(
        opens=(_.reach.isnull() | (_.begun > _.reach + ibis.interval(days=gap))).cast("int64")
    )
    numbered = apart.mutate(number=_.opens.sum().over(ibis.cumulative_window(**in_order)))
    return there.inner_join(
        numbered.select("child", "episode", "number", "begun"), ["child", "episode"]
    )


def _summed(bundled: ir.Table) -> ir.Table:
    """Give one row an episode."""
    covering = bundled.filter(_.last > _.start)
    moves = ibis.union(
        covering.select("child", "number", day=_.start, change=ibis.literal(1, "int64")),
        covering.select("child", "number", day=_.last, change=ibis.literal(-1, "int64")),
    )
    # What ends on a day is no longer there when another begins on it.
    by_day = moves.group_by("child", "number", "day").agg(change=_.change.sum())
    so_far = ibis.cumulative_window(group_by=["child", "number"], order_by="day")
    most = (
        by_day.mutate(at_once=_.change.sum().over(so_far))
        .group_by("child", "number")
        .agg(most=_.at_once.max())
    )
    whole = bundled.group_by("child", "number").agg(
        episode=_.episode.argmin(_.begun.cast("string").concat(_.episode)),
        start=_.start.min(),
        end=_.last.max().nullif(_FAR),
        spells=_.count(),
        stations=_.station.collect(distinct=True).sort(),
        providers=_.provider.collect(distinct=True).sort(),
        municipalities=_.municipality.collect(distinct=True).sort(),
    )
    return whole.left_join(most, ["child", "number"]).mutate(
        concurrent=_.most.fill_null(0),
        # Where none is known nothing was collected.
        providers=_.providers.fill_null(_NONE),
        municipalities=_.municipalities.fill_null(_NONE),
    )
