"""The published figures: one queryable table, each row with its source and status.

Columns of :func:`figures`

==============  ==========================================================================
indicator       what is counted, such as ``jeugdhulp_trajecten_started``
breakdown       which part of it, such as ``total`` or ``pleegzorg``; may be empty
level           ``country``, ``country part``, ``province``, ``corop``, ``youth region``,
                ``municipality`` or ``size class``
region_code     ``NL``, ``JZ07``, ``0193``; null where the source gives none
region_name     name of the area
period_start    first day the figure is about
period_end      last day; the same as the first for a stock
kind            ``stock``, ``flow`` (events in a period, or children with help at any time in
                it), ``rate``, ``duration`` or ``money``
value, unit     the number and what it counts
status          id in ``figure_statuses.csv``
series          ``2015-2020`` or ``2021-``: the CBS series it belongs to, not to be joined; null
                for figures of no such series
caveats         ids in ``figure_caveats.csv``
source_title    where it was published
source_ref      address of the publication
==============  ==========================================================================

Nothing is fitted on figures about days after :data:`FIT_UNTIL`: later years are the examination.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from stelsel.errors import StelselError
from stelsel.system.figure_tables import (
    SCHEMA,
    Caveat,
    Status,
    caveats,
    figures,
    statuses,
    transitions,
)
from stelsel.system.known import FIT_UNTIL, KNOWN_UNTIL
from stelsel.system.population import population
from stelsel.system.read import unknown
from stelsel.system.regions import municipalities, regions

__all__ = [
    "FIT_UNTIL",
    "KNOWN_UNTIL",
    "SCHEMA",
    "Caveat",
    "Figure",
    "Status",
    "best",
    "caveats",
    "figures",
    "find",
    "fitting",
    "indicators",
    "population",
    "statuses",
    "transitions",
]


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure; the fields are the columns of :func:`figures`."""

    indicator: str
    breakdown: str
    level: str
    region_code: str | None
    region_name: str
    period_start: date
    period_end: date
    kind: str
    value: float
    unit: str
    status: str
    series: str | None
    caveats: tuple[str, ...]
    source_title: str
    source_ref: str


@cache
def _known(column: str) -> tuple[str, ...]:
    return tuple(sorted(name for name in pc.unique(figures()[column]).to_pylist() if name))


def indicators() -> tuple[str, ...]:
    """Give the names of the indicators, in alphabetical order.

    Examples
    --------
    >>> "youth_with_jeugdhulp" in indicators()
    True
    """
    return _known("indicator")


def _want(table: pa.Table, column: str, name: str, what_nl: str) -> pa.Table:
    known = set(pc.unique(table[column]).to_pylist())
    if name not in known:
        raise unknown(name, sorted(one for one in known if one), column, what_nl)
    return table.filter(pc.equal(table[column], name))


def find(
    indicator: str | None = None,
    breakdown: str | None = None,
    year: int | None = None,
    level: str | None = None,
    region: str | None = None,
    *,
    until: date | None = None,
) -> pa.Table:
    """Give the figures that meet every condition, with the columns of :func:`figures`.

    Parameters
    ----------
    indicator, breakdown, level
        Exactly this one; a breakdown is looked for within the indicator.
    year
        The period lies wholly within this year.
    region
        Code or name of an area: ``NL``, ``JZ07``, ``0193``, ``Zwolle``.
    until
        The period ends on this day or before.

    Raises
    ------
    StelselError
        When the indicator, breakdown, level or region does not exist, with the nearest names.
        Conditions that no figure meets together give an empty table.

    Examples
    --------
    >>> rows = find("jeugdhulp_trajecten_started", "total", year=2021, level="country")
    >>> rows.select(["period_start", "value", "unit", "status"]).to_pylist()[0]["unit"]
    'trajecten'
    """
    table = figures()
    if indicator is not None:
        table = _want(table, "indicator", indicator, "indicator")
    if breakdown is not None:
        table = _want(table, "breakdown", breakdown, "onderdeel")
    if level is not None:
        if level not in _known("level"):
            _want(figures(), "level", level, "niveau")
        table = table.filter(pc.equal(table["level"], level))
    if region is not None:
        table = table.filter(_is_region(table, region))
    if year is not None:
        years = [pc.year(table[name]) for name in ("period_start", "period_end")]
        table = table.filter(pc.and_(*(pc.equal(one, year) for one in years)))
    if until is not None:
        table = table.filter(pc.less_equal(table["period_end"], pa.scalar(until, pa.date32())))
    return table


def _is_region(table: pa.Table, region: str) -> pa.ChunkedArray:
    # A region without a figure is not a mistake: the map knows more areas than the figures do.
    known = {*_known("region_code"), *_known("region_name")}
    known |= {name for one in regions() for name in (one.code, one.name)}
    known |= {name for one in municipalities() for name in (one.code, one.name)}
    if region not in known:
        raise unknown(region, sorted(known), "region", "gebied")
    code = pc.fill_null(pc.equal(table["region_code"], region), False)
    return pc.or_(code, pc.equal(table["region_name"], region))


def best(
    indicator: str,
    breakdown: str,
    period_start: date,
    period_end: date,
    level: str = "country",
    *,
    region: str | None = None,
) -> Figure:
    """Give the surest figure for one fact.

    Of several figures the surest status is taken (see :func:`statuses`), then one that CBS
    published itself, then the first of the table.

    Parameters
    ----------
    indicator, breakdown
        What is counted.
    period_start, period_end
        Exactly this period; the same day twice for a stock.
    level, region
        Where; a region is needed for every level but ``country``.

    Raises
    ------
    StelselError
        When a name does not exist, or when there is no figure for this period and place; the
        remedy then names the periods there are.

    Examples
    --------
    >>> whole_year = date(2021, 1, 1), date(2021, 12, 31)
    >>> best("jeugdhulp_trajecten_started_by_referrer", "Huisarts", *whole_year).status
    'provisional'
    """
    found = find(indicator, breakdown, level=level, region=region)
    rows = [
        Figure(**row | {"caveats": tuple(row["caveats"])})
        for row in found.to_pylist()
        if (row["period_start"], row["period_end"]) == (period_start, period_end)
    ]
    if not rows:
        periods = sorted(
            set(
                zip(found["period_start"].to_pylist(), found["period_end"].to_pylist(), strict=True)
            )
        )
        raise StelselError(
            f"There is no figure {indicator} ({breakdown}) of {level} {region or ''} for "
            f"{period_start} to {period_end}.",
            where="figures",
            remedy="There is: " + (", ".join(f"{a} to {b}" for a, b in periods) or "none") + ".",
            what_nl=f"Er is geen cijfer {indicator} ({breakdown}) van {level} {region or ''} over "
            f"{period_start} tot en met {period_end}.",
            where_nl="cijfers",
            remedy_nl="Wel: "
            + (", ".join(f"{a} tot en met {b}" for a, b in periods) or "niets")
            + ".",
        )
    areas = {(row.region_code, row.region_name) for row in rows}
    if len(areas) > 1:
        raise StelselError(
            f"{len(areas)} areas of level {level} have this figure.",
            where="region",
            remedy="Name one of them.",
            what_nl=f"{len(areas)} gebieden van niveau {level} hebben dit cijfer.",
            where_nl="gebied",
            remedy_nl="Noem er één van.",
        )
    return min(
        rows, key=lambda row: (statuses()[row.status].order, not row.source_title.startswith("CBS"))
    )


def fitting() -> pa.Table:
    """Give the figures that may be used for fitting: about days up to :data:`FIT_UNTIL`.

    Examples
    --------
    >>> max(fitting()["period_end"].to_pylist()) <= FIT_UNTIL
    True
    """
    return find(until=FIT_UNTIL)
