"""What is counted, through the door: totals by area, and how use differs by age.

Everything that is told of an area is worked out anew from these, so that it tells no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa

from stelsel.disclosure import declare
from stelsel.monitor.benchmark.comparing import Pattern
from stelsel.monitor.benchmark.counting import Counted
from stelsel.monitor.benchmark.standard import name_of

Door = Callable[[pa.Table], pa.Table]
"""What protects a table before it leaves."""
_CHILDREN = declare(pa.field("children", pa.int64()), "count", once=True)


def totals_leaving(totals: Mapping[str, int], codes: Sequence[str], door: Door) -> pa.Table:
    """Give the children of each area as they may leave.

    Parameters
    ----------
    totals
        The children by area.
    codes
        The areas that are told.
    door
        Protects a table: :func:`stelsel.disclosure.protect` with what it needs to know.

    Returns
    -------
    pa.Table
        Columns ``area``, ``children`` and ``protected``.

    Examples
    --------
    >>> from functools import partial
    >>> from stelsel.disclosure import protect
    >>> left = totals_leaving({"0193": 41}, ["0193"], partial(protect, made_up=False))
    >>> left["children"].to_pylist()
    [40]
    """
    area = declare(pa.field("area", pa.string()), "key")
    rows = [{"area": code, "children": totals.get(code, 0)} for code in codes]
    table = pa.Table.from_pylist(rows, schema=pa.schema([area, _CHILDREN]))
    return door(table)


def pattern_leaving(
    counted: Counted,
    codes: Sequence[str],
    living: Mapping[str, Mapping[str, int]],
    door: Door,
) -> tuple[Pattern | None, pa.Table]:
    """Give how use differs by age over areas together, as it may leave.

    Ages of which too few children are counted are taken together with those beside them.

    Parameters
    ----------
    counted
        What is counted.
    codes
        The areas.
    living
        Their young people by age band.
    door
        Protects a table: :func:`stelsel.disclosure.protect` with what it needs to know.

    Returns
    -------
    Pattern or None
        None where even all ages together are too few.
    pa.Table
        What leaves: columns ``ages``, ``children`` and ``protected``.

    Examples
    --------
    >>> from functools import partial
    >>> from stelsel.disclosure import protect
    >>> found = Counted({"0193": {"0-4": 3, "5-9": 41, "10-14": 62}})
    >>> towns = {"0193": {"0-4": 900, "5-9": 1000, "10-14": 1100}}
    >>> pattern, _ = pattern_leaving(found, ["0193"], towns, partial(protect, made_up=False))
    >>> pattern.groups, list(pattern.by_ages.values())
    ((('0-4', '5-9'), ('10-14',)), [45, 0, 60])
    """
    bands = list(next(iter(living.values())))
    groups: list[tuple[str, ...]] = [(band,) for band in bands]
    while True:
        sums = [
            sum(counted.cells.get(code, {}).get(band, 0) for code in codes for band in group)
            for group in groups
        ]
        table = _by_ages(groups, sums)
        left = door(table)
        shown = left["children"].to_pylist()
        if None not in shown or len(groups) == 1:
            break
        groups = _joined(groups, sums, shown.index(None))
    if None in shown:
        return None, left
    # What is counted in a group stands at its first band; only sums of groups are ever used.
    by_ages = dict.fromkeys(bands, 0) | {
        group[0]: number for group, number in zip(groups, shown, strict=True)
    }
    together = {band: sum(living[code][band] for code in codes) for band in bands}
    return Pattern(tuple(groups), by_ages, together), left


def _by_ages(groups: Sequence[tuple[str, ...]], sums: Sequence[int]) -> pa.Table:
    ages = declare(pa.field("ages", pa.string()), "key")
    rows = [
        {"ages": name_of(group), "children": number}
        for group, number in zip(groups, sums, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema([ages, _CHILDREN]))


def _joined(
    groups: Sequence[tuple[str, ...]], sums: Sequence[int], place: int
) -> list[tuple[str, ...]]:
    """Take a group together with the smaller of those beside it."""
    beside = [at for at in (place - 1, place + 1) if 0 <= at < len(groups)]
    first = min(place, min(beside, key=lambda at: sums[at]))
    return [*groups[:first], groups[first] + groups[first + 1], *groups[first + 2 :]]
