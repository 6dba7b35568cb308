"""What the measures of the fast engine look at: the spells of several indicators in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from stelsel.monitor.indicators.definition import Indicator, Measure, Selection
from stelsel.monitor.looking import in_periods

SHARED: Mapping[Measure, tuple[str, ...]] = {
    "beside": ("least",),
    "again": ("gap", "years"),
    "no-return": ("gap",),
    "follow": ("days", "other"),
}
"""What indicators must have in common, beside their measure, to be worked out together."""
CARRIED = ("moment", "per_moment", "norm", "days")
"""What may differ among them, and goes along with each row."""


class Looked:
    """What a measure looks at: indicators, the spells known, the periods, the keys.

    Parameters
    ----------
    indicators
        Those that are worked out together; ``one`` is the first, for what they share.
    known
        The spells as known, with what is grouped by under the names of ``groups``: per indicator a
        column of the spells for each.
    periods, as_of
        What is asked.
    groups
        Per name of a key, per indicator the column of the spells it is.
    """

    def __init__(
        self,
        indicators: Sequence[Indicator],
        known: ir.Table,
        periods: ir.Table,
        as_of: date,
        groups: Mapping[str, Sequence[str]],
    ) -> None:
        self.indicators, self.one = indicators, indicators[0]
        self.known, self.periods, self.as_of, self.groups = known, periods, as_of, groups
        self.keys = ["indicator", *groups, "period_end"]
        self.by_child = [one.id for one in indicators if one.counts == "children"]

    def chosen(self, which: str = "of") -> ir.Table:
        """Give the spells of a selection of each indicator, each under the indicator's name."""
        selections = {one.id: self._selection(one, which) for one in self.indicators}
        pairs = [
            (one, station)
            for one in self.indicators
            for station in dict.fromkeys(selections[one.id].stations)
        ]
        columns = {"indicator": [one.id for one, _ in pairs], "wanted": [name for _, name in pairs]}
        columns |= {name: [getattr(one, name) for one, _ in pairs] for name in CARRIED}
        wanted = ibis.memtable(pa.table(columns))
        rows = self.known.join(wanted, self.known.station == wanted.wanted).drop("wanted")
        rows = rows.mutate(
            **{
                name: self._group(rows, dict(zip(self.indicators, columns, strict=True)))
                for name, columns in self.groups.items()
            }
        )
        narrow = [
            (rows.indicator != name) | among(rows, selection, stations=False)
            for name, selection in selections.items()
            if len(selection.columns()) > 1
        ]
        return rows.filter(*narrow) if narrow else rows

    def _selection(self, one: Indicator, which: str) -> Selection:
        """Give a selection of an indicator; where it has none of that name it is its first."""
        found: Selection | None = getattr(one, which)
        return found or one.of

    @staticmethod
    def _group(rows: ir.Table, columns: Mapping[Indicator, str]) -> ir.StringValue:
        names = {
            name: [one.id for one, own in columns.items() if own == name]
            for name in columns.values()
        }
        if len(names) == 1:
            return rows[next(iter(names))]
        return ibis.cases(*((rows.indicator.isin(ids), rows[name]) for name, ids in names.items()))

    def seen(self, rows: ir.Table) -> ir.Table:
        """Give a row per spell and period in which it was there on some day, began or ended."""
        return in_periods(rows, self.periods)

    def at(self, moment: str = "moment", which: str = "of") -> ir.Table:
        """Give a row per spell and period that has the moment of its indicator in it.

        ``moment`` names a moment, or the key of the definition that says which.
        """
        seen = self.seen(self.chosen(which))
        tests = {"there": ~seen.ends, "begun": seen.begins, "ended": seen.ends}
        if moment in tests:
            return seen.filter(tests[moment])
        asked = {getattr(one, moment) for one in self.indicators}
        if len(asked) == 1:
            [only] = asked
            return seen.filter(tests[only]) if only in tests else seen
        other = [seen[moment] == "during"] if "during" in asked else []
        fits = [(seen[moment] == name) & test for name, test in tests.items() if name in asked]
        return seen.filter(reduce(or_, [*fits, *other]))

    def belongs(self, rows: ir.Table, which: str) -> ir.BooleanValue:
        """Tell of each row whether it belongs to a selection of its indicator."""
        return self.each(rows, lambda one: among(rows, self._selection(one, which)))

    def each(self, rows: ir.Table, test: Callable[[Indicator], ir.BooleanValue]) -> ir.BooleanValue:
        """Tell of each row whether it passes the test of its indicator."""
        if len(self.indicators) == 1:
            return test(self.one)
        return reduce(or_, [(rows.indicator == one.id) & test(one) for one in self.indicators])


def among(rows: ir.Table, selection: Selection, stations: bool = True) -> ir.BooleanValue:
    """Tell of each row whether it belongs to a selection; an unknown value belongs to none."""
    tests = [
        rows[name].isin(values)
        for name, values in selection.columns().items()
        if stations or name != "station"
    ]
    return reduce(and_, tests).fill_null(False)
