"""From counts as they may leave to what can be said of their trends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from itertools import groupby
from typing import Any

from stelsel.monitor.supervision.counting import Group
from stelsel.monitor.supervision.overlap import Matrix
from stelsel.monitor.supervision.trend import (
    Trend,
    Verdict,
    benjamini_hochberg,
    trend,
    verdict,
)


def judge(
    rows: Sequence[Mapping[str, Any]], overlaps: Mapping[Group, Matrix]
) -> list[dict[str, Any]]:
    """Test the trend of each count of each region, on the numbers as they are shown.

    Parameters
    ----------
    rows
        The counts as :func:`stelsel.disclosure.protect` gives them, so that a trend tells no more
        than they do.
    overlaps
        What :func:`stelsel.monitor.supervision.counting.watch` gives beside them.

    Returns
    -------
    list
        A row a count and region: those of :class:`stelsel.monitor.supervision.trend.Trend`,
        ``q_fall`` and ``q_rise`` (false-discovery rates over the regions of the count) and
        ``verdict``. Where a number is hidden all is None and the verdict ``hidden``.

    Examples
    --------
    >>> from datetime import date
    >>> days = [date(2024, month, 1) for month in (1, 4, 7, 10)]
    >>> rows = [{"count": "help", "region": "JZ07", "region_name": "IJsselland", "moment": day,
    ...          "children": number, "protected": []}
    ...         for day, number in zip(days, (400, 350, 300, 250))]
    >>> found, = judge(rows, {})
    >>> found["verdict"], round(found["q_fall"], 3)
    ('falls', 0.042)
    """
    found = [
        _tested(group, list(of_group), overlaps)
        for group, of_group in groupby(rows, lambda row: (row["count"], row["region"]))
    ]
    for _, of_count in groupby(found, lambda row: row["count"]):
        told = [row for row in of_count if row["verdict"] != "hidden"]
        for chance, rate in (("p_fall", "q_fall"), ("p_rise", "q_rise")):
            rates = benjamini_hochberg([row[chance] for row in told])
            for row, number in zip(told, rates, strict=True):
                row[rate] = number
        for row in told:
            one = Trend(**{each.name: row[each.name] for each in fields(Trend)})
            row["verdict"] = verdict(one, row["q_fall"], row["q_rise"])
    return found


def _tested(
    group: Group, rows: Sequence[Mapping[str, Any]], overlaps: Mapping[Group, Matrix]
) -> dict[str, Any]:
    """Test one group; its verdict waits for the others."""
    about = {"count": group[0], "region": group[1], "region_name": rows[0].get("region_name")}
    span = {"first_moment": rows[0]["moment"], "last_moment": rows[-1]["moment"]}
    hidden: Verdict = "hidden"
    if any(row["children"] is None for row in rows):
        nothing: dict[str, Any] = {each.name: None for each in fields(Trend)}
        rates = {"q_fall": None, "q_rise": None, "verdict": hidden}
        return about | span | nothing | {"moments": len(rows)} | rates
    days, values = [row["moment"] for row in rows], [row["children"] for row in rows]
    one = trend(days, values, overlaps.get(group))
    return about | span | asdict(one) | {"q_fall": None, "q_rise": None, "verdict": None}
