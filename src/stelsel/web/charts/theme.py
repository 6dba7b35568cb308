"""How every chart looks: colours, type, axes, and the hatching of what is simulated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal

import altair as alt
import vl_convert

from stelsel.web.charts.svg import Hatch, stand_alone
from stelsel.web.words import Language

# Okabe & Ito (2008), "Color Universal Design": told apart by the colour-blind.
BLUE = "#0072B2"
VERMILION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
ORANGE = "#E69F00"

ACCENT = BLUE
INK = "#1a1a1a"
SOFT = "#555555"
RULE = "#d9d9d9"
BASELINE = "#4d4d4d"
SCENARIOS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE)
"""Colours of the scenarios, in their order; the baseline is dark grey."""

HALO: dict[str, Any] = {"stroke": "#ffffff", "strokeWidth": 4}
"""White under letters, which keeps them readable where a line runs behind them."""

WIDE = 720
"""Width in pixels of a chart that has the page to itself, from the breakpoint of page.css up."""
NARROW = 328
"""Width in pixels of the same chart on a narrow screen: 360 less the margins."""
SMALL = 300
"""Width in pixels of one of many small charts of the same kind."""

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_LOCALE: dict[Language, Literal["nl-NL", "en-GB"]] = {"nl": "nl-NL", "en": "en-GB"}
_AXIS = {
    "domain": False,
    "ticks": False,
    "gridColor": "#e8e8e8",
    "labelColor": SOFT,
    "labelFontSize": 12,
    "labelPadding": 6,
    "labelLimit": 400,
    "titleColor": SOFT,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "titlePadding": 8,
}
_CONFIG: dict[str, Any] = {
    "background": None,
    "font": FONT,
    "padding": 2,
    "view": {"stroke": None},
    "axis": _AXIS,
    "text": {"fontSize": 12, "color": INK},
    "line": {"strokeWidth": 2, "strokeJoin": "round"},
}


Data = list[dict[str, Any]]
"""Rows for a layer of a chart."""


class Canvas:
    """Layers of a chart with their rows.

    The rows are kept apart from the chart until it is drawn: Altair checks every value of a chart
    against the schema of Vega-Lite, which for rows of numbers costs much and finds nothing.

    Examples
    --------
    >>> canvas = Canvas()
    >>> layer = canvas.on([{"a": 1}]).mark_point()
    >>> canvas.add(layer)
    >>> len(canvas.layers), canvas.rows
    (1, {'rows-0': [{'a': 1}]})
    """

    def __init__(self) -> None:
        self.layers: list[alt.Chart] = []
        self.rows: dict[str, Data] = {}

    def on(self, rows: Data) -> alt.Chart:
        """Give an empty chart on these rows, to mark and then to add."""
        name = f"rows-{len(self.rows)}"
        self.rows[name] = rows
        return alt.Chart(alt.NamedData(name=name))

    def add(self, *layers: alt.Chart) -> None:
        """Lay these on top of what is there."""
        self.layers.extend(layers)


def draw(
    canvas: Canvas,
    *,
    width: int,
    height: int,
    lang: Language,
    name: str,
    text: str,
    hatches: Sequence[Hatch] = (),
) -> str:
    """Draw a chart as an SVG element to set into the page.

    Parameters
    ----------
    canvas
        The layers and their rows.
    width, height
        Size of the whole drawing in pixels at which its letters have their own size.
    lang
        Language of the numbers on the axes.
    name
        Name of the drawing, alone on the page; ids inside it start with it.
    text
        The text alternative: what the drawing shows, for who does not see it.
    hatches
        The hatchings that the chart fills with.

    Returns
    -------
    str
        An ``<svg>`` element with ``role="img"``.
    """
    chart = alt.layer(*canvas.layers).properties(
        width=width, height=height, autosize=alt.AutoSizeParams(type="fit", contains="padding")
    )
    spec = chart.to_dict() | {"datasets": canvas.rows}
    svg = vl_convert.vegalite_to_svg(
        spec,
        config={**spec.pop("config", {}), **_CONFIG},
        allowed_base_urls=[],
        format_locale=_LOCALE[lang],
        time_format_locale=_LOCALE[lang],
    )
    return stand_alone(svg, name=name, text=text, hatches=hatches)


def instant(day: date) -> float:
    """Give the day as Vega wants an instant: milliseconds since 1970 in UTC.

    Examples
    --------
    >>> instant(date(1970, 1, 2))
    86400000.0
    """
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000


def time_axis(first: date, last: date) -> alt.X:
    """Give the axis of time: one mark a year, or one a quarter where there is less than two years.

    Parameters
    ----------
    first, last
        First and last day that is drawn.
    """
    first = first.replace(day=1)
    first = first.replace(day=1)
    years = [date(year, 1, 1) for year in range(first.year, last.year + 2)]
    # A mark at the very end has no room for its label.
    end = last - (last - first) / 12
    values = [day for day in years if first <= day <= end]
    form = "%Y"
    if len(values) < 2:
        quarters = [
            date(year, month, 1)
            for year in range(first.year, last.year + 1)
            for month in (1, 4, 7, 10)
        ]
        values = [day for day in quarters if first <= day <= end]
        form = "%b %Y"
    return alt.X(
        "day:T",
        title=None,
        scale=alt.Scale(type="utc", domain=[instant(first), instant(last)], nice=False),
        axis=alt.Axis(
            values=[instant(day) for day in values],
            format=form,
            formatType="time",
            labelAlign="left",
            labelPadding=8,
            labelFlush=False,
            labelBound=False,
            labelOverlap=True,
        ),
    )
