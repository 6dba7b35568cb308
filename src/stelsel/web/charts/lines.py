"""Lines over time, with a band where a number is simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from stelsel.web.charts.svg import Hatch
from stelsel.web.charts.theme import HALO, Canvas, Data, draw, instant, time_axis
from stelsel.web.words import Language


@dataclass(frozen=True, slots=True)
class Point:
    """A number on a day; None where it is not shown, and the line breaks."""

    day: date
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of points in one colour.

    Parameters
    ----------
    points
        The points, in order of time.
    colour
        Colour of the line and of its band.
    end
        What is written at the last point that is shown.
    simulated
        Whether the band is hatched, because the numbers are simulated.
    """

    points: Sequence[Point]
    colour: str
    end: str = ""
    simulated: bool = False


def lines(
    series: Sequence[Line],
    *,
    lang: Language,
    name: str,
    text: str,
    width: int,
    height: int,
) -> str:
    """Draw lines over time from zero up, with the band of the points that have one.

    Parameters
    ----------
    series
        The lines; the last one lies on top.
    lang
        Language of the numbers.
    name, text, width, height
        See :func:`~stelsel.web.charts.theme.draw`.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    days = [point.day for line in series for point in line.points]
    x = time_axis(min(days), max(days))
    values = [
        bound
        for line in series
        for point in line.points
        for bound in (point.low, point.value, point.high)
        if bound is not None
    ]
    y = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[min([0.0, *values]), max([4.0, *values])], nice=4),
        axis=alt.Axis(tickCount=4, format=",d"),
    )
    canvas = Canvas()
    hatches: list[Hatch] = []
    for number, line in enumerate(series):
        if any(point.low is not None for point in line.points):
            hatch = Hatch(f"h{number}", line.colour, rising=number % 2 == 1)
            if line.simulated:
                hatches.append(hatch)
            band = canvas.on(_rows(line.points)).encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
            canvas.add(
                band.mark_area(color=hatch.fill)
                if line.simulated
                else band.mark_area(color=line.colour, opacity=0.18)
            )
    for line in series:
        rows = _rows(line.points)
        canvas.add(canvas.on(rows).mark_line(color=line.colour).encode(x=x, y=y))
        gaps = any(point.value is None for point in line.points)
        last = [row for row in rows if row["value"] is not None][-1:]
        if gaps or line.end:
            dots = canvas.on(rows if gaps else last)
            canvas.add(
                dots.mark_point(filled=True, opacity=1, size=40, color=line.colour).encode(x=x, y=y)
            )
        if line.end:
            end = canvas.on(last).encode(x=x, y=y, text=alt.value(line.end))
            place: dict[str, Any] = {"align": "right", "dy": -12, "dx": 2, "fontWeight": 600}
            canvas.add(end.mark_text(**place, **HALO), end.mark_text(**place))
    return draw(
        canvas,
        width=width,
        height=height,
        lang=lang,
        name=name,
        text=text,
        hatches=hatches,
    )


def _rows(points: Sequence[Point]) -> Data:
    return [
        {"day": instant(point.day), "value": point.value, "low": point.low, "high": point.high}
        for point in points
    ]
