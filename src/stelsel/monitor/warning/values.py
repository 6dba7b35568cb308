"""From statements of providers to the numbers that are watched, quarter by quarter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pyarrow as pa

from stelsel.deliveries.statements import Period, Statement
from stelsel.disclosure import declare
from stelsel.monitor.warning.definitions import BEHIND, PEOPLE, Watch, watches

Numbers = Mapping[Period, float | None]
"""A number by quarter; None where it is not known or may not leave."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider told, quarter by quarter.

    Parameters
    ----------
    code
        AGB code.
    items
        Per quarter the sum of each item over forms, measures and regions.
    known
        Per quarter the day on which its latest statement was made.
    """

    code: str
    items: dict[Period, dict[str, float]] = field(default_factory=dict)
    known: dict[Period, date] = field(default_factory=dict)

    @property
    def last(self) -> Period | None:
        """The last quarter that was told of."""
        return max(self.items, default=None)

    def numbers(self, watch: Watch) -> dict[Period, float | None]:
        """Give a number that is watched, for each quarter that was told of."""
        return {quarter: _number(watch, told) for quarter, told in sorted(self.items.items())}


def _number(watch: Watch, told: Mapping[str, float]) -> float | None:
    above = _sum(watch.upper, told)
    if above is None or not watch.lower:
        return above
    below = _sum(watch.lower, told)
    return above / below if below else None


def _sum(items: Iterable[str], told: Mapping[str, float]) -> float | None:
    """Add items up; of several that not all need be told at least one is."""
    there = [told[item] for item in items if item in told]
    needed = [item for item in items if item not in PEOPLE]
    if not there or any(item not in told for item in needed):
        return None
    return sum(there)


def told_by(statements: Iterable[Statement], until: date) -> dict[str, Provider]:
    """Put the statements of quarters together, by provider.

    Parameters
    ----------
    statements
        The latest of each provider and period.
    until
        The day of looking: quarters that end after it are left out, and what was told later.

    Returns
    -------
    dict
        By AGB code, in order.

    Examples
    --------
    >>> from stelsel.deliveries.statements import Line
    >>> one = Statement("00000001", "2024-Q3", (
    ...     Line("dated", value="2024-10-15", source="provider"),
    ...     Line("result", value=Decimal(-5), unit="eur", source="provider"),
    ...     Line("revenue", value=Decimal(100), unit="eur", source="provider")))
    >>> found = told_by([one], date(2024, 12, 31))["00000001"]
    >>> str(found.last), found.items[found.last]["result"]
    ('2024-Q3', -5.0)
    """
    found: dict[str, Provider] = {}
    for one in statements:
        made = one.dated
        if one.days.rhythm != "quarter" or one.days.last > until or made is None or made > until:
            continue
        provider = found.setdefault(one.provider, Provider(one.provider))
        provider.known[one.days] = made
        items = provider.items.setdefault(one.days, {})
        for line in one.lines:
            if isinstance(line.value, Decimal):
                items[line.item] = items.get(line.item, 0.0) + float(line.value)
            elif line.value in ("yes", "no"):
                items[line.item] = float(line.value == "yes")
    return dict(sorted(found.items()))


def leaving(
    providers: Mapping[str, Provider], door: Callable[[pa.Table], pa.Table]
) -> dict[str, Provider]:
    """Put in place of counts of children what may leave of them.

    Parameters
    ----------
    providers
        What they told.
    door
        Protects a table: :func:`stelsel.disclosure.protect` with what it needs to know.

    Returns
    -------
    dict
        The same, with counts of children rounded or gone, and what rests on them gone with them.

    Examples
    --------
    >>> from functools import partial
    >>> from stelsel.disclosure import protect
    >>> quarter = Period.of("2024-Q3")
    >>> one = Provider("00000001", {quarter: {"waiting-form": 4.0, "in-care": 63.0}})
    >>> leaving({"00000001": one}, partial(protect, made_up=False))["00000001"].items[quarter]
    {'in-care': 65.0}
    """
    cells = [(code, quarter) for code, one in providers.items() for quarter in sorted(one.items)]
    key = declare(pa.field("provider", pa.string()), "key")
    time = declare(pa.field("quarter", pa.date32()), "key", over_time=True)
    counts = [
        declare(pa.field(item, pa.int64()), "count", stock=True, once=True) for item in PEOPLE
    ]
    others = [
        declare(pa.field(item, pa.float64()), "estimate", behind=count)
        for item, count in BEHIND.items()
    ]
    rows = [
        {
            "provider": code,
            "quarter": quarter.last,
            **{item: _whole(providers[code].items[quarter].get(item)) for item in PEOPLE},
            **{item: providers[code].items[quarter].get(item) for item in BEHIND},
        }
        for code, quarter in cells
    ]
    table = pa.Table.from_pylist(rows, schema=pa.schema([key, time, *counts, *others]))
    found = {code: Provider(code, {}, one.known) for code, one in providers.items()}
    guarded = (*PEOPLE, *BEHIND)
    for (code, quarter), row in zip(cells, door(table).to_pylist(), strict=True):
        told = providers[code].items[quarter]
        kept = {item: value for item, value in told.items() if item not in guarded}
        kept |= {item: float(row[item]) for item in guarded if row[item] is not None}
        found[code].items[quarter] = kept
    return found


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def watched(provider: Provider) -> dict[str, dict[Period, float | None]]:
    """Give every number that is watched of a provider, by id."""
    return {one.id: provider.numbers(one) for one in watches()}
