"""Choose the rule of the trend on figures up to 2021: forecasts of years that were then known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stelsel.system.figures import find
from stelsel.tables import packaged, read_table
from stelsel.twin.country.ledger import FIRST_YEAR, LAST_YEAR, surest
from stelsel.twin.country.trend import Rule, ahead

LEAST = 3
"""A forecast is made from at least so many yearly values."""
HORIZON = 2
GRID = tuple(n / 10 for n in range(11))
POLLUTED = {("foster_placements_new", 2015), ("jeugdhulp_trajecten_started", 2018)}
"""Years in which the way of registering made a series jump (caveats of the figures)."""
SHRUNK = 0.5
"""Weight of a family's own scatter against that of all series: each has few forecasts."""


@dataclass(frozen=True, slots=True)
class Series:
    """A yearly published series: counts of whole years, or stocks at the end of a year."""

    indicator: str
    breakdown: str
    values: dict[int, float]


def yearly() -> list[Series]:
    """Give every yearly series of counts of the country up to 2021 with four values or more.

    Examples
    --------
    >>> len(yearly()) > 30
    True
    """
    counts = {
        (row["indicator"], row["breakdown"], row["period_start"], row["period_end"])
        for row in find(level="country").to_pylist()
        if row["kind"] in ("flow", "stock")
    }
    found: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for (indicator, breakdown, first, last), value in surest().items():
        if (indicator, breakdown, first, last) not in counts or value <= 0:
            continue
        whole = (first.year, first.month, first.day) == (last.year, 1, 1)
        ends = (last.month, last.day) == (12, 31)
        if not ends or not (whole or first == last) or first.year < FIRST_YEAR:
            continue
        if indicator in ("births", "population") or (indicator, last.year) in POLLUTED:
            continue
        found[indicator, breakdown][last.year] = value
    return [
        Series(indicator, breakdown, dict(sorted(values.items())))
        for (indicator, breakdown), values in sorted(found.items())
        if len(values) > LEAST
    ]


def misses(series: Series, rule: Rule, horizon: int = HORIZON) -> Iterator[tuple[int, float]]:
    """Forecast a series from every year it could be and say how far each forecast was off.

    Yields
    ------
    tuple
        Years ahead, and published over forecast on a logarithmic scale.
    """
    for origin in range(FIRST_YEAR + LEAST - 1, LAST_YEAR):
        known = [series.values.get(year) for year in range(FIRST_YEAR, origin + 1)]
        last = known[::-1]
        run = last[: last.index(None)] if None in last else last
        values = [value for value in reversed(run) if value is not None]
        if len(values) < LEAST:
            continue
        forecast = ahead(values, horizon, rule)
        for h in range(1, horizon + 1):
            if (came := series.values.get(origin + h)) is not None:
                yield h, float(np.log(came / forecast[h - 1]))


def choose() -> Rule:
    """Choose the rule with the least mean miss over all series, origins and years ahead.

    Examples
    --------
    >>> from stelsel.twin.country.trend import chosen
    >>> choose() == chosen()[0]
    True
    """
    every = yearly()

    def missed(rule: Rule) -> float:
        return float(np.mean([abs(miss) for one in every for _, miss in misses(one, rule)]))

    return min((Rule(d, m) for d in GRID[:-1] for m in GRID[1:]), key=missed)


def families() -> dict[str, tuple[str, ...]]:
    """Give the indicators that tell how a family of services scatters."""
    rows = read_table(
        packaged("stelsel.twin", "families.csv"),
        ("family", "services", "indicators"),
        key=("family",),
    )
    return {row["family"]: tuple(row["indicators"].split()) for row in rows}


def scatter(rule: Rule) -> dict[str, float]:
    """Give by family how far a forecast of one year was off: the root mean square, as a share.

    Half of it is the family's own, half that of all series (of variances).
    """
    every = yearly()

    def of(chosen: list[Series]) -> list[float]:
        return [miss for one in chosen for h, miss in misses(one, rule) if h == 1]

    # A few series change definition within the years: a mean of squares would be theirs alone.
    def spread(values: list[float]) -> float:
        return float(np.quantile(np.abs(values), 0.8) / 1.2816)

    whole = spread(of(every))
    result = {}
    for family, indicators in families().items():
        own = of([s for s in every if any(_named(s, name) for name in indicators)])
        mine = spread(own) if own else whole
        result[family] = float(np.sqrt(SHRUNK * mine**2 + (1 - SHRUNK) * whole**2))
    return result


def _named(series: Series, name: str) -> bool:
    indicator, _, part = name.partition("|")
    return series.indicator == indicator and (
        not part or part.replace("_", " ") in series.breakdown
    )
