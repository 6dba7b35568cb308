"""How many children of each area and age an indicator counts, from spells and births."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from stelsel import spells as spell
from stelsel.errors import Fault, StelselError
from stelsel.monitor.benchmark.areas import Level, area_of
from stelsel.monitor.indicators import Indicator
from stelsel.system.municipalities import successor

UNKNOWN = ""
"""The age band of a child whose month of birth nobody told, or who is older than all bands."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted.

    Parameters
    ----------
    cells
        Per area the children by age band, those of unknown age under :data:`UNKNOWN`.
    without_area
        Children whose municipality is not known, or is none of now.
    """

    cells: dict[str, dict[str, int]] = field(default_factory=dict)
    without_area: int = 0

    @property
    def totals(self) -> dict[str, int]:
        """The children of each area, of every age."""
        return {area: sum(ages.values()) for area, ages in self.cells.items()}


def refuse_uncountable(indicator: Indicator) -> None:
    """Refuse an indicator that does not count children.

    Raises
    ------
    StelselError
        When it does not.
    """
    if (indicator.measure, indicator.counts) != ("count", "children"):
        raise StelselError(
            Fault(
                f"{indicator.id} does not count children, so it has no rate to compare.",
                "--indicator",
                remedy="Choose one that does, such as care-used or waiting-children.",
                what_nl=f"{indicator.id} telt geen jeugdigen, en heeft dus geen cijfer per "
                "jongere om te vergelijken.",
                remedy_nl="Kies een die dat wel doet, zoals care-used of waiting-children.",
            )
        )


def count(
    indicator: Indicator,
    spells: pa.Table,
    births: Mapping[str, date],
    bands: list[str],
    level: Level,
    as_of: date,
    days: int = 365,
) -> Counted:
    """Count the children of an indicator by area and age.

    Parameters
    ----------
    indicator
        One that counts children.
    spells
        Columns of :data:`stelsel.spells.SCHEMA`.
    births
        First day of the month of birth, by child.
    bands
        Age bands such as ``5-9``; ages are those of the last day.
    level
        Count by municipality (those dissolved go on in their successors) or by youth region.
    as_of
        The day of looking, last day of the period.
    days
        Length of the period, for indicators of a period.

    Returns
    -------
    Counted
        A child counts once in each area that it has a spell of.

    Raises
    ------
    StelselError
        When the indicator counts something else.

    Examples
    --------
    >>> from stelsel.monitor.indicators import named
    >>> one = {"child": "a", "episode": "a1", "station": "wait-ambulatory", "form": "02",
    ...        "start": date(2026, 3, 1), "municipality": "0193", "known": date(2026, 4, 1),
    ...        "source": "twin"}
    >>> table = pa.Table.from_pylist([one, one], schema=spell.SCHEMA)
    >>> found = count(named("waiting-children"), table, {"a": date(2016, 5, 1)}, ["5-9", "10-14"],
    ...               "municipality", date(2026, 4, 30))
    >>> found.cells
    {'0193': {'5-9': 1}}
    """
    refuse_uncountable(indicator)
    chosen = _at(indicator, spell.check(spells), as_of, days)
    codes = {code: _now(code, level) for code in pc.unique(chosen["municipality"]).to_pylist()}
    children: dict[str, set[str]] = defaultdict(set)
    nowhere: set[str] = set()
    pairs = zip(chosen["municipality"].to_pylist(), chosen["child"].to_pylist(), strict=True)
    for municipality, child in pairs:
        area = codes[municipality]
        (nowhere if area is None else children[area]).add(child)
    found = Counted(without_area=len(nowhere))
    for area, members in sorted(children.items()):
        cells = found.cells.setdefault(area, {})
        for child in members:
            band = band_of(births.get(child), as_of, bands)
            cells[band] = cells.get(band, 0) + 1
    return found


def _at(indicator: Indicator, table: pa.Table, as_of: date, days: int) -> pa.Table:
    """Give the spells of an indicator that have its moment; see its definition."""
    for name, values in indicator.of.columns().items():
        table = table.filter(pc.is_in(table[name], pa.array(values)))
    first = pa.scalar(as_of - timedelta(days=days - 1), pa.date32())
    last = pa.scalar(as_of, pa.date32())
    # What ends before it begins leaves on the day on which it began; what ends later is open.
    out = pc.max_element_wise(table["end"], table["start"])
    over = pc.and_(pc.is_valid(table["end"]), pc.less_equal(out, last))
    before = pc.and_(over, pc.less(out, first))
    seen = pc.and_(pc.less_equal(table["start"], last), pc.invert(before))
    moments = {
        "there": pc.invert(over),
        "begun": pc.greater_equal(table["start"], first),
        "ended": over,
        "during": seen,
    }
    wanted = pc.and_(seen, moments[indicator.moment])
    # How a spell will end is not known on the day of looking.
    return table.filter(pc.and_(wanted, over) if indicator.of.exits else wanted)


def _now(code: str | None, level: Level) -> str | None:
    now = None if code is None else successor(code)
    return None if now is None else area_of(now, level)


def band_of(born: date | None, on: date, bands: list[str]) -> str:
    """Give the age band of a child on a day.

    Examples
    --------
    >>> band_of(date(2016, 5, 1), date(2026, 4, 30), ["5-9", "10-14"])
    '5-9'
    >>> band_of(date(2016, 5, 1), date(2026, 5, 1), ["5-9", "10-14"]), band_of(None, date.max, [])
    ('10-14', '')
    """
    if born is None:
        return UNKNOWN
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    for band in bands:
        low, _, high = band.partition("-")
        if int(low) <= age <= int(high):
            return band
    return UNKNOWN
