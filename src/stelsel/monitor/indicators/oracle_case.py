"""What the slow engine looks at: one group of spells in one period."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from stelsel.monitor.indicators.definition import Indicator, Moment, Selection
from stelsel.monitor.oracle import Row, out_of
from stelsel.monitor.question import Period


class Case:
    """One group in one period: its chosen spells, all of its spells, and everybody's."""

    def __init__(
        self,
        indicator: Indicator,
        chosen: list[Row],
        group: list[Row],
        everybody: list[Row],
        all_chosen: list[Row],
        period: Period,
        as_of: date,
    ) -> None:
        self.indicator, self.period, self.as_of = indicator, period, as_of
        self.chosen, self.group, self.everybody = chosen, group, everybody
        self.all_chosen = all_chosen

    def at(self, moment: Moment, rows: Iterable[Row] | None = None) -> list[Row]:
        """Give the spells that have the moment in the period."""
        first, last = self.period.first, self.period.last
        tests: dict[Moment, Callable[[Row], bool]] = {
            "there": lambda row: row["start"] <= last < out_of(row),
            "begun": lambda row: first <= row["start"] <= last,
            "ended": lambda row: first <= out_of(row) <= last,
            "during": lambda row: row["start"] <= last and out_of(row) >= first,
        }
        return [row for row in (self.chosen if rows is None else rows) if tests[moment](row)]

    def count(self, rows: Iterable[Row]) -> int:
        """Count spells or children."""
        if self.indicator.counts == "children":
            return children_of(rows)
        return len(list(rows))


def key_of(row: Row, columns: Sequence[str]) -> tuple[Any, ...]:
    """Give what a spell is grouped by."""
    return tuple(row[name] for name in columns)


def among(row: Row, selection: Selection) -> bool:
    """Tell whether a spell belongs to a selection."""
    return all(row[name] in values for name, values in selection.columns().items())


def children_of(rows: Iterable[Row]) -> int:
    """Count different children."""
    return len({row["child"] for row in rows})
