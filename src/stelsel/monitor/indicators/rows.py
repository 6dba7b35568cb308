"""The rows that every indicator gives: the same columns, whatever its measure."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from stelsel.disclosure import declare
from stelsel.monitor.fields import field

VALUES = ("value", "low", "high")
NUMBERS = (*VALUES, "numerator", "denominator", "children")


def schema(by: Sequence[str]) -> pa.Schema:
    """Give the columns of the rows of an indicator, with their roles.

    =====================  ===================================================================
    the columns of ``by``  the group, with ``month`` where it is asked for
    part                   which number of the indicator: ``median`` and ``p80`` of a length, a
                           way of ending; empty where it gives one number
    as_of, period_start,   the day of looking, and the days that the row is about
    period_end
    value, low, high       the number in the unit of the indicator, and its 95 % interval; null
                           where it cannot be told
    numerator              spells or children that count; of a length those that ended
    denominator            of how many; of a length those that were looked at; null for a count
    children               how many children are behind the denominator
    =====================  ===================================================================

    Examples
    --------
    >>> schema(["region"]).names
    ['region', 'part', 'as_of', 'period_start', 'period_end', 'value', 'low', 'high', 'numerator', \
'denominator', 'children']
    """
    keys = [field(name).arrow() if name not in ("station", "exit") else _key(name) for name in by]
    counts = [
        declare(pa.field(name, pa.int64()), "count", behind=behind)
        for name, behind in (
            ("numerator", "children"),
            ("denominator", "children"),
            ("children", ""),
        )
    ]
    estimates = [
        declare(pa.field(name, pa.float64()), "estimate", behind="denominator") for name in VALUES
    ]
    days = [field(name).arrow() for name in ("as_of", "period_start", "period_end")]
    return pa.schema([*keys, _key("part"), *days, *estimates, *counts])


def _key(name: str) -> pa.Field:
    return declare(pa.field(name, pa.string()), "key")
