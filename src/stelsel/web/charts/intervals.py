"""Dots with interval bars, one row a care form: waits, and differences between scenarios."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import altair as alt

from stelsel.web.charts.svg import Hatch
from stelsel.web.charts.theme import HALO, NARROW, RULE, SOFT, WIDE, Canvas, Data, draw
from stelsel.web.words import Language

_LABEL = {True: 40, False: 26}
"""Letters on a line of a row's name: above its row on a narrow screen, else beside it."""
_SIDE = 200
"""Pixels for the names beside the drawing: room for wider letters than those measured here."""
_SHAPES = ("circle", "diamond", "square", "triangle-up", "cross")
_PER_SERIES = 26
_LINE = 15
_FOOT = 52


@dataclass(frozen=True, slots=True)
class Dot:
    """One estimate with its interval.

    Parameters
    ----------
    row
        Name of the row it stands in.
    series
        Number of the series, from 0; it chooses shape and colour.
    value
        The estimate.
    low, high
        The interval; None where it has no bound on that side, both None where there is none.
    label
        What is written beside the dot.
    """

    row: str
    series: int
    value: float
    low: float | None
    high: float | None
    label: str


def intervals(
    dots: Sequence[Dot],
    *,
    colours: Sequence[str],
    axis: str,
    lang: Language,
    name: str,
    text: str,
    narrow: bool,
    hatched: bool = False,
    zero: bool = False,
) -> str:
    """Draw dots with their intervals, one row a name, in the order in which the names come.

    Parameters
    ----------
    dots
        The estimates.
    colours
        Colour of each series.
    axis
        What is measured, with its unit.
    lang
        Language of the numbers.
    name, text
        See :func:`~stelsel.web.charts.theme.draw`.
    narrow
        Draw for a narrow screen: the names stand above their rows.
    hatched
        Hatch the intervals, because the numbers are simulated.
    zero
        Draw a line at zero, because the numbers are differences.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    rows = list(dict.fromkeys(dot.row for dot in dots))
    count = max(dot.series for dot in dots) + 1
    names = {row: textwrap.wrap(row, _LABEL[narrow]) for row in rows}
    head = 16 + _LINE * max(map(len, names.values())) if narrow else 14
    step = head + _PER_SERIES * count
    bounds = [b for dot in dots for b in (dot.low, dot.value, dot.high) if b is not None]
    least, most = min([0.0, *bounds]), max([0.0, *bounds])
    room = (most - least or 1.0) * (0.14 if narrow else 0.07)
    least, most = (least - room if least < 0 else 0.0), most + room
    hatches = [
        Hatch(f"h{series}", colours[series], rising=series % 2 == 0) for series in range(count)
    ]
    y = alt.Y(
        "row:N",
        sort=rows,
        title=None,
        scale=alt.Scale(paddingInner=0, paddingOuter=0),
        axis=None
        if narrow
        else alt.Axis(
            labelExpr=f"({json.dumps(names)})[datum.label]",
            labelLineHeight=_LINE,
            labelPadding=12,
            minExtent=_SIDE,
            maxExtent=_SIDE,
        ),
    )
    x = alt.X(
        "value:Q",
        title=axis,
        scale=alt.Scale(domain=[least, most], nice=False, zero=False),
        axis=alt.Axis(tickCount=5 if narrow else 8, format=",d", orient="bottom", labelFlush=False),
    )
    canvas = Canvas()
    between: Data = [{"row": row} for row in rows[1:]]
    canvas.add(canvas.on(between).mark_rule(color=RULE, yOffset=-step / 2).encode(y=y))
    if narrow:
        heads: Data = [{"row": row, "text": names[row]} for row in rows]
        canvas.add(
            canvas.on(heads)
            .mark_text(
                align="left",
                x=0,
                dy=-step / 2 + 16,
                fontWeight=600,
                lineHeight=_LINE,
                baseline="middle",
            )
            .encode(y=y, text="text:N")
        )
    if zero:
        canvas.add(canvas.on([{"value": 0}]).mark_rule(color=SOFT, strokeWidth=1).encode(x=x))
    for series in range(count):
        offset = head / 2 + _PER_SERIES * (series - (count - 1) / 2)
        base = canvas.on([_value(dot, least, most) for dot in dots if dot.series == series])
        base = base.encode(y=y)
        labels = base.encode(x=x, text="label:N")
        fill: dict[str, Any] = (
            {"color": hatches[series].fill, "stroke": colours[series], "strokeWidth": 0.6}
            if hatched
            else {"color": colours[series], "opacity": 0.25}
        )
        canvas.add(
            base.mark_bar(height=9, yOffset=offset, **fill).encode(
                x=alt.X("low:Q"), x2=alt.X2("high:Q")
            ),
            base.mark_point(
                filled=True,
                opacity=1,
                size=75,
                color=colours[series],
                shape=_SHAPES[series % len(_SHAPES)],
                yOffset=offset,
            ).encode(x=x),
            labels.mark_text(dy=offset - 12, **HALO),
            labels.mark_text(dy=offset - 12),
        )
    return draw(
        canvas,
        width=NARROW if narrow else WIDE,
        height=step * len(rows) + _FOOT,
        lang=lang,
        name=name,
        text=text,
        hatches=hatches if hatched else (),
    )


def _value(dot: Dot, least: float, most: float) -> dict[str, Any]:
    if dot.low is None and dot.high is None:
        return asdict(dot) | {"low": dot.value, "high": dot.value}
    return asdict(dot) | {
        "low": least if dot.low is None else dot.low,
        "high": most if dot.high is None else dot.high,
    }
