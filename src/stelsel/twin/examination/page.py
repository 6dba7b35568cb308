"""The page ``docs/reference/validation.md``: the examination in words and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from stelsel.twin.examination.check import PARTS
from stelsel.twin.examination.fit import FittedSeries, by_series
from stelsel.twin.examination.forecasts import FORECASTS
from stelsel.twin.examination.history import ENOUGH, Examined
from stelsel.twin.examination.lines import Line
from stelsel.twin.examination.validate import SEEDS, Examination
from stelsel.twin.series import Period, Series, cannot, series

HEADINGS = (
    "# Validation",
    "## The examination",
    "## 2022 and 2023, which nothing was fitted on",
    "## Published figures up to 2021",
    "## Published figures that the twin does not make",
)
COMMAND = "stelsel validate --write docs/reference/validation.md"


def page(one: Examination) -> str:
    """Write the page.

    Parameters
    ----------
    one
        An examination, as :func:`stelsel.twin.examination.validate.examine` gives it.
    """
    parts = (
        _opening(one),
        _checks(one),
        _history(one),
        _fit(one),
        _not_made(),
    )
    written = zip(HEADINGS, parts, strict=True)
    return "\n".join(f"{heading}\n\n{text}" for heading, text in written)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""Write a Markdown table; the cells may hold a bar.

    Examples
    --------
    >>> print(table(["a"], [["1|2"]]))
    | a |
    |---|
    | 1\|2 |
    <BLANKLINE>
    """
    lines = [heads, ["---"] * len(heads)]
    written = ["| " + " | ".join(lines[0]) + " |", "|" + "|".join(lines[1]) + "|"]
    written += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(written) + "\n"


def _opening(one: Examination) -> str:
    return (
        f"Made by `{COMMAND}`; do not edit. The country is run from 2015 to 2023 with "
        f"{one.replications} replications, in each of which what nobody knows is drawn from its "
        "range. Nothing is fitted on figures about days after 2021.\n"
    )


def _checks(one: Examination) -> str:
    order = sorted(one.checks, key=lambda check: PARTS.index(check.part))
    rows = [[c.part, c.asked_en, c.found_en, c.outcome] for c in order]
    return table(["part", "must hold", "found", "outcome"], rows)


def _history(one: Examination) -> str:
    past = one.history
    rows = [_examined(line) for line in past.examined]
    beaten = "; ".join(f"{name}: {100 * past.beaten(name):.0f} %" for name in FORECASTS)
    text = (
        "A line is a published series in one shape: years, first halves, a day of the year. "
        f"Examined are lines with at least {ENOUGH} values up to 2021. The error is the mean "
        "absolute error over 2022 and 2023 as a share of the published values; the simple "
        "forecasts are made from the same published values up to 2021 "
        "(`stelsel.twin.examination.forecasts`).\n\n"
        f"The twin's error is the smaller on this share of the lines: {beaten}. Its 80 % band "
        f"holds {100 * past.coverage:.0f} % of the figures.\n\n"
    )
    heads = ["series", "shape", "values", "twin", *FORECASTS, "in band"]
    text += table(heads, rows)
    text += "\nToo few values up to 2021 to be examined, or no value of the twin:\n\n"
    few = [*past.too_few, *past.not_said]
    shapes = groupby(sorted(few, key=_series_name), key=_series_name)
    return text + table(
        ["series", "shapes (values up to 2021)"],
        [[name, ", ".join(f"{x.shape} ({len(x.known)})" for x in of)] for name, of in shapes],
    )


def _series_name(line: Line) -> str:
    return _name(line.of)


def _examined(line: Examined) -> list[str]:
    errors = {who: line.error(who) for who in ("twin", *FORECASTS)}
    best = min(errors.values())
    told = [f"**{e:.3f}**" if e == best else f"{e:.3f}" for e in errors.values()]
    held = sum(one.held for one in line.forecasts)
    return [
        _name(line.line.of),
        line.line.shape,
        str(len(line.line.known)),
        *told,
        f"{held} of {len(line.forecasts)}",
    ]


def _fit(one: Examination) -> str:
    lines = by_series(one.fit)
    near = sum(line.near for line in lines)
    text = (
        f"Every figure is here: {len(one.fit)} of {len(lines)} series, of which {near} lie "
        f"within 5 % on average. The twin's value is the middle of {len(SEEDS)} runs of the plan "
        "as it is, each with a chance of its own, rounded as the source rounds and counted as the "
        "publication counted. Series are in order of their error, the worst first.\n\n"
    )
    rows = [
        [_name(line.figures[0].point.of), _percent(line.error), "; ".join(_told(line))]
        for line in sorted(lines, key=lambda x: -np.nan_to_num(x.error, nan=np.inf))
    ]
    return text + table(["series", "error", "period: published, twin"], rows)


def _told(line: FittedSeries) -> Iterator[str]:
    for one in line.figures:
        twin = "none" if not np.isfinite(one.twin) else f"{one.twin:,.6g}"
        yield f"{period_name(one.point.period)}: {one.point.value:,.6g}, {twin}"


def period_name(period: Period) -> str:
    """Name a period shortly.

    Examples
    --------
    >>> from datetime import date
    >>> period_name(Period(date(2021, 1, 1), date(2021, 6, 30)))
    '2021 h1'
    """
    if period.is_day:
        return period.first.isoformat()
    if period.shape == "year":
        return str(period.first.year)
    if period.shape == "half":
        return f"{period.first.year} h{1 if period.first.month == 1 else 2}"
    return f"{period.first} to {period.last}"


def _percent(error: float) -> str:
    return f"{100 * error:.1f} %" if np.isfinite(error) else "no value"


def _name(one: Series) -> str:
    same = [other for other in series() if other.name == one.name]
    name = f"{one.indicator}: {one.breakdown}" if one.breakdown else one.indicator
    return name if len(same) == 1 else f"{name} ({one.unit})"


def _not_made() -> str:
    text = "Each with the reason, from `series/data/cannot.csv`.\n\n"
    reasons: dict[str, list[str]] = {}
    for one in cannot():
        name = f"{one.indicator}: {one.breakdown}" if one.breakdown else one.indicator
        reasons.setdefault(one.reason, []).append(name)
    rows = [[reason, "; ".join(names)] for reason, names in reasons.items()]
    return text + table(["reason", "series"], rows)
