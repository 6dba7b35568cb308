"""What all of the monitor's questions do alike inside the database: who was there, when, how long.

A spell is there on ``start <= day < end``; it leaves on its end, or on its start where the end
comes before. Nothing after the day of looking is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from stelsel.monitor.question import Question


def as_known(spells: ir.Table, as_of: date) -> ir.Table:
    """Give the spells as they stood on a day: those begun by then, what ended later open.

    ``out`` is the day of leaving, null while it is open.

    Examples
    --------
    >>> day, before = date(2026, 3, 5), date(2026, 3, 1)
    >>> rows = ibis.memtable(pa.table({"start": [day], "end": [before], "exit": ["served"]}))
    >>> as_known(rows, date(2026, 3, 9)).to_pyarrow()["out"].to_pylist()
    [datetime.date(2026, 3, 5)]
    """
    kept = spells.filter(spells.start <= as_of)
    over = (kept.end <= as_of).fill_null(False)
    open_day = ibis.null("date")
    return kept.mutate(
        exit=over.ifelse(kept.exit, ibis.null("string")),
        end=over.ifelse(kept.end, open_day),
        # Only where there is an end: engines differ in what the greatest of a date and null is.
        out=over.ifelse(ibis.greatest(kept.end, kept.start), open_day),
    )


def periods_of(asked: Question) -> ir.Table:
    """Give the periods as a table, with the month where it is asked for."""
    columns = {
        "period_start": pa.array([period.first for period in asked.periods], pa.date32()),
        "period_end": pa.array([period.last for period in asked.periods], pa.date32()),
    }
    if "month" in asked.by:
        columns["month"] = pa.array([period.month for period in asked.periods], pa.string())
    return ibis.memtable(pa.table(columns))


def in_periods(spells: ir.Table, periods: ir.Table) -> ir.Table:
    """Give a row for each spell and each period in which it was there on some day.

    Takes what :func:`as_known` gives. ``begins`` and ``ends`` say whether it began or left in the
    period; what leaves after the period is open at its end.
    """
    seen = spells.join(
        periods,
        [
            spells.start <= periods.period_end,
            spells.out.isnull() | (spells.out >= periods.period_start),
        ],
    )
    return seen.mutate(
        begins=seen.start >= seen.period_start,
        ends=(seen.out <= seen.period_end).fill_null(False),
    )


def aged(seen: ir.Table) -> ir.Table:
    """Put beside each spell seen in a period from which age (``entry``) to which (``time``).

    Ages are days since the spell began. What began before the period was there on the day before
    it, so enters at the age of that day and is at risk from the next; what began in it is seen from
    its beginning, and has no entry.
    """
    last = seen.ends.ifelse(seen.end, seen.period_end)
    age_before = seen.period_start.delta(seen.start, unit="day") - 1
    return seen.mutate(
        time=last.delta(seen.start, unit="day"),
        entry=seen.begins.ifelse(ibis.null("int64"), age_before),
    )


def beside(left: ir.Table, right: ir.Table, keys: Sequence[str], how: str = "left") -> ir.Table:
    """Put the columns of ``right`` beside the rows of ``left``; an unknown key equals itself.

    Examples
    --------
    >>> left = ibis.memtable(pa.table({"form": pa.array([None], pa.string()), "waiting": [2]}))
    >>> right = ibis.memtable(pa.table({"form": pa.array([None], pa.string()), "begun": [5]}))
    >>> beside(left, right, ["form"]).to_pyarrow().to_pylist()
    [{'form': None, 'waiting': 2, 'begun': 5}]
    """
    other = right.rename({f"{name}_other": name for name in keys})
    same = [left[name].identical_to(other[f"{name}_other"]) for name in keys]
    joined = left.join(other, same, how=how) if same else left.cross_join(other)
    return joined.drop(*(f"{name}_other" for name in keys))
