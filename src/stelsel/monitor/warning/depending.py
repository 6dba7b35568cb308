"""Who depends on a provider, and who else offers the same in the same region."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stelsel import spells as spell
from stelsel.disclosure import declare
from stelsel.monitor.fields import field
from stelsel.monitor.waits import waiting

DAYS = 365
"""Days over which waiting times are estimated: those that :func:`waiting` takes by itself."""


def depend(spells: pa.Table, provider: str, as_of: date) -> pa.Table:
    """Count who is in the care of a provider, and who waits for it, by form and region.

    Parameters
    ----------
    spells
        Columns of :data:`stelsel.spells.SCHEMA`.
    provider
        AGB code.
    as_of
        The day of looking.

    Returns
    -------
    pa.Table
        Columns ``form``, ``region``, ``as_of``; ``here``, children in the care of this provider;
        ``others``, further children in care of that form in that region; ``children``, both
        together; ``waiting_here``, children on its list. A row for each form and region in which
        anybody is in its care or on its list. Children in care stand for places: how many places
        there are is told by nobody.

    Raises
    ------
    StelselError
        When ``spells`` is no table of spells.

    Examples
    --------
    >>> one = {"child": "a", "episode": "a1", "station": "care-ambulatory", "form": "02",
    ...        "start": date(2026, 3, 1), "region": "JZ07", "provider": "00000001",
    ...        "known": date(2026, 4, 1), "source": "ijw"}
    >>> other = {**one, "child": "b", "provider": "00000002"}
    >>> table = pa.Table.from_pylist([one, other], schema=spell.SCHEMA)
    >>> found = depend(table, "00000001", date(2026, 6, 30))
    >>> found.select(["here", "others", "children", "waiting_here"]).to_pylist()
    [{'here': 1, 'others': 1, 'children': 2, 'waiting_here': 0}]
    """
    here: dict[tuple[str | None, str | None], set[str]] = {}
    every: dict[tuple[str | None, str | None], set[str]] = {}
    lists: dict[tuple[str | None, str | None], set[str]] = {}
    for row in _there(spells, as_of):
        group = (row["form"], row["region"])
        if row["station"].startswith(spell.CARE):
            every.setdefault(group, set()).add(row["child"])
            if row["provider"] == provider:
                here.setdefault(group, set()).add(row["child"])
        elif row["provider"] == provider:
            lists.setdefault(group, set()).add(row["child"])
    rows = []
    for group in sorted(here.keys() | lists.keys(), key=str):
        mine, all_ = here.get(group, set()), every.get(group, set())
        rows.append(
            {
                "form": group[0],
                "region": group[1],
                "as_of": as_of,
                "here": len(mine),
                "others": len(all_ - mine),
                "children": len(all_),
                "waiting_here": len(lists.get(group, set())),
            }
        )
    fields = [
        field("form").arrow(),
        field("region").arrow(),
        field("as_of").arrow(),
        declare(pa.field("here", pa.int64()), "count", stock=True, once=True),
        declare(pa.field("others", pa.int64()), "count", stock=True, once=True),
        declare(
            pa.field("children", pa.int64()),
            "count",
            parts=("here", "others"),
            stock=True,
            once=True,
        ),
        declare(pa.field("waiting_here", pa.int64()), "count", stock=True, once=True),
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def towns(spells: pa.Table, provider: str, as_of: date) -> pa.Table:
    """Count the children in care of a provider, or on its list, by responsible municipality.

    Examples
    --------
    >>> one = {"child": "a", "episode": "a1", "station": "care-ambulatory", "form": "02",
    ...        "start": date(2026, 3, 1), "municipality": "0193", "provider": "00000001",
    ...        "known": date(2026, 4, 1), "source": "ijw"}
    >>> table = pa.Table.from_pylist([one], schema=spell.SCHEMA)
    >>> towns(table, "00000001", date(2026, 6, 30)).to_pylist()[0]["children"]
    1
    """
    found: dict[str | None, set[str]] = {}
    for row in _there(spells, as_of):
        if row["provider"] == provider:
            found.setdefault(row["municipality"], set()).add(row["child"])
    rows = [
        {"municipality": code, "as_of": as_of, "children": len(found[code])}
        for code in sorted(found, key=str)
    ]
    fields = [
        field("municipality").arrow(),
        field("as_of").arrow(),
        declare(pa.field("children", pa.int64()), "count", stock=True, once=True),
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def alternatives(
    spells: pa.Table, groups: Iterable[tuple[str | None, str | None]], as_of: date
) -> pa.Table:
    """Tell who offers a form in a region, who waits there, and for how long.

    Parameters
    ----------
    spells
        Columns of :data:`stelsel.spells.SCHEMA`.
    groups
        The forms and regions, such as those of :func:`depend`.
    as_of
        The day of looking.

    Returns
    -------
    pa.Table
        What :func:`stelsel.monitor.waiting` gives by form, region and provider, of these forms
        and regions: all providers in it, so that what is hidden of one is not found from the rest.
    """
    wanted = set(groups)
    rows = waiting(spells, as_of, ["form", "region", "provider"], DAYS)
    pairs = zip(rows["form"].to_pylist(), rows["region"].to_pylist(), strict=True)
    return rows.filter(pa.array([pair in wanted for pair in pairs], pa.bool_()))


def providers(spells: pa.Table, as_of: date) -> pa.Table:
    """Tell of every provider who is in its care and on its list; see :func:`alternatives`."""
    return waiting(spells, as_of, ["provider"], DAYS)


def _there(spells: pa.Table, as_of: date) -> list[dict[str, Any]]:
    """Give who is in care or on a list at the end of a day."""
    table = spell.check(spells)
    day = pa.scalar(as_of, pa.date32())
    # What ends before it begins leaves on the day on which it began.
    out = pc.max_element_wise(table["end"], table["start"])
    there = pc.and_(
        pc.less_equal(table["start"], day), pc.or_(pc.is_null(table["end"]), pc.greater(out, day))
    )
    kinds = pc.or_(
        pc.starts_with(table["station"], spell.CARE), pc.starts_with(table["station"], spell.WAIT)
    )
    columns = ["child", "station", "form", "region", "municipality", "provider"]
    rows: list[dict[str, Any]] = table.filter(pc.and_(there, kinds)).select(columns).to_pylist()
    return rows
