"""When the children of a register were born, as far as anybody told: the month."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

BIRTHS = ("child", "known", "birth_month")


def births_of(events: pa.Table) -> dict[str, date]:
    """Give the first day of the month in which each child was born, as it was told last.

    Parameters
    ----------
    events
        Columns ``child``, ``known`` and ``birth_month`` of :data:`stelsel.events.SCHEMA`. Of whom
        only the year is told the month is not known.

    Examples
    --------
    >>> told = {"child": ["a", "a", "b"], "known": [date(2020, 1, 1), date(2020, 2, 1), None],
    ...         "birth_month": ["2010-04", "2010-05", "2011"]}
    >>> births_of(pa.table(told))
    {'a': datetime.date(2010, 5, 1)}
    """
    rows = events.select(BIRTHS)
    whole = pc.fill_null(pc.equal(pc.utf8_length(rows["birth_month"]), len("2010-05")), False)
    rows = rows.filter(pc.and_(whole, pc.is_valid(rows["child"]))).sort_by("known")
    pairs = zip(rows["child"].to_pylist(), rows["birth_month"].to_pylist(), strict=True)
    return {child: date(int(month[:4]), int(month[5:]), 1) for child, month in pairs}
