"""What clocks run between, from what a register knows: marks, those that spells imply, births.

A spell that no step told of (policy information, messages, the twin) has a first and a last day
all the same: they stand for the steps of the map that begin and end its station.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from functools import cache

import pyarrow as pa

from stelsel.system import Clock, steps


@cache
def beginnings() -> Mapping[str, str]:
    """Give by station the step that begins it, where there is one only.

    Examples
    --------
    >>> beginnings()["list-board-protection"], "family-screening" in beginnings()
    ('board-protection-asked', False)
    """
    found: dict[str, list[str]] = {}
    for step in steps():
        if step.begins:
            found.setdefault(step.begins, []).append(step.id)
    return {station: names[0] for station, names in found.items() if len(names) == 1}


@cache
def endings() -> Mapping[tuple[str, str], str]:
    """Give by station and exit the first step of the map that ends it so.

    Examples
    --------
    >>> endings()["list-board-protection", "started"], endings()["measure-supervision", "planned"]
    ('board-protection-started', 'court-supervision-ended')
    """
    found: dict[tuple[str, str], str] = {}
    for step in steps():
        for station in step.ends:
            for way in (step.exit,) if step.exit else step.reasons:
                found.setdefault((station, way), step.id)
    return found


def tellable(clock: Clock) -> bool:
    """Tell whether spells alone tell a clock: all it stops at begins or ends a stay.

    Examples
    --------
    >>> from stelsel.system import clock
    >>> [tellable(clock(name)) for name in ("board-start", "supervision-term", "ijw-start")]
    [True, False, False]
    """
    known = {one.id: one for one in steps()}
    moved = [known.get(name) for name in (*clock.since, *clock.to_steps)]
    if any(one is None or not (one.begins or one.ends) for one in moved):
        return False
    return any(known[name].begins in beginnings() for name in clock.from_steps if name in known)


def birthday(month: str) -> date:
    """Give the last day on which a child can have been born, of a month or a year that is told.

    So that nobody is too late before it is sure.

    Examples
    --------
    >>> birthday("2008-02"), birthday("2010")
    (datetime.date(2008, 2, 29), datetime.date(2010, 12, 31))
    """
    year, _, rest = month.partition("-")
    number = int(rest or 12)
    return date(int(year), number, monthrange(int(year), number)[1])


def births_table(births: pa.Table) -> pa.Table:
    """Give births with the day that counts: columns ``child`` and ``born``."""
    days = [birthday(month) for month in births["birth_month"].to_pylist()]
    return pa.table(
        {
            "child": births["child"].cast(pa.string()),
            "born": pa.array(days, pa.date32()),
        }
    )


@cache
def implying() -> pa.Table:
    """Give what a spell implies: ``station``, ``exit`` (null at its start), ``mark``, ``place``."""
    order = {step.id: number for number, step in enumerate(steps())}
    moves = [(place, None, name) for place, name in beginnings().items()]
    every = [*moves, *((place, way, name) for (place, way), name in endings().items())]
    return pa.table(
        {
            "station": pa.array([place for place, _, _ in every], pa.string()),
            "exit": pa.array([way for _, way, _ in every], pa.string()),
            "mark": pa.array([name for _, _, name in every], pa.string()),
            "place": pa.array([order[name] for _, _, name in every], pa.int64()),
        }
    )
