"""Small ways to relate tables, used by the steps from events to spells."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
from ibis import _


def first_of(table: ir.Table, by: Sequence[str], order: Sequence[ir.Value]) -> ir.Table:
    """Keep of every group the row that comes first in ``order``."""
    window = ibis.window(group_by=list(by), order_by=list(order))
    return table.mutate(place=ibis.row_number().over(window)).filter(_.place == 0).drop("place")


def attach(left: ir.Table, right: ir.Table, key: Sequence[str]) -> ir.Table:
    """Add the columns of ``right`` to the rows of ``left`` that agree on ``key``, else null."""
    return left.left_join(right, list(key)).drop(*(f"{name}_right" for name in key))


def joined(first: str, *parts: ir.StringValue) -> ir.StringValue:
    """Join texts with a slash, an empty one for null, into a label that tells groups apart."""
    whole = ibis.literal(first)
    for part in parts:
        whole = whole.concat("/", part.fill_null(""))
    return whole


def after(day: ir.DateValue) -> ir.DateValue:
    """Give the day after: an end is the first day no longer there."""
    return (day + ibis.interval(days=1)).cast("date")


def latest(*days: ir.DateValue) -> ir.DateValue:
    """Give the latest of some days; those that are null do not count."""
    return ibis.greatest(*(day.fill_null(ibis.date(1, 1, 1)) for day in days))
