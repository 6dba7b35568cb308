"""What is drawn stands where its number says, and what is simulated is hatched."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from stelsel.web.charts.intervals import Dot, intervals
from stelsel.web.charts.lines import Line, Point, lines
from stelsel.web.charts.theme import ACCENT, BASELINE, NARROW, SCENARIOS, SMALL, VERMILION, WIDE

MOVE = re.compile(r"translate\(([-\d.]+),([-\d.]+)\)")


def places(svg: str, colour: str) -> list[tuple[float, float]]:
    """Where the dots of a colour stand, in the order of the drawing."""
    found = []
    for element in ET.fromstring(svg).iter("path"):
        if element.get("fill") == colour and "A" in (element.get("d") or ""):
            match = MOVE.search(element.get("transform") or "")
            assert match
            found.append((float(match[1]), float(match[2])))
    return found


def dots(values: list[float], *, series: int = 0, wide: float = 3) -> list[Dot]:
    return [
        Dot(f"form {place}", series, value, value - wide, value + wide, f"{value:.0f}")
        for place, value in enumerate(values)
    ]


def draw_dots(chosen: list[Dot], **more: bool) -> str:
    return intervals(
        chosen,
        colours=(ACCENT, VERMILION),
        axis="dagen",
        lang="nl",
        name="t",
        text="what it shows",
        narrow=more.pop("narrow", False),
        **more,
    )


@pytest.mark.parametrize("narrow", [False, True])
def test_a_dot_stands_where_its_number_says(narrow: bool) -> None:
    values = [10.0, 90.0, 35.0, 62.0, 4.0]
    where = places(draw_dots(dots(values), narrow=narrow), ACCENT)
    across = np.array([x for x, _ in where])
    slope, start = np.polyfit(values, across, 1)
    assert slope > 1
    assert np.abs(across - (start + slope * np.array(values))).max() < 0.1
    down = np.array([y for _, y in where])
    assert (np.diff(down) > 20).all(), "one row under the other, in the order given"


def widths(svg: str, fill: str) -> list[float]:
    found = []
    for element in ET.fromstring(svg).iter("path"):
        if element.get("fill") == fill:
            match = re.match(r"M[-\d.]+,[-\d.]+h([\d.]+)", element.get("d") or "")
            if match:
                found.append(float(match[1]))
    return found


def test_a_wider_interval_is_a_wider_bar() -> None:
    both = [
        Dot("a", 0, 50, 40, 60, "50"),
        Dot("b", 0, 50, 30, 70, "50"),
        Dot("c", 0, 9, None, None, ""),
    ]
    one, two, none = widths(draw_dots(both), ACCENT)
    assert two == pytest.approx(2 * one, abs=0.1)
    assert none == pytest.approx(0, abs=0.1)


def test_an_interval_without_a_bound_runs_to_the_edge() -> None:
    svg = draw_dots([Dot("a", 0, 50, 40, None, "50"), Dot("b", 0, 80, 70, 90, "80")])
    open_bar, closed = widths(svg, ACCENT)
    assert open_bar > 2 * closed


def test_only_what_is_simulated_is_hatched() -> None:
    assert "pattern" not in draw_dots(dots([5, 9]))
    hatched = draw_dots(dots([5, 9]), hatched=True)
    patterns = ET.fromstring(hatched).findall("./defs/pattern")
    assert [one.get("id") for one in patterns] == ["t-h0"]
    assert 'fill="url(#t-h0)"' in hatched


def draw_lines(series: list[Line], width: int = SMALL, name: str = "t") -> str:
    return lines(series, lang="nl", name=name, text="what it shows", width=width, height=170)


def points(values: list[float | None], band: float | None = None) -> list[Point]:
    return [
        Point(
            date(2025, 1, 5) + timedelta(days=30 * place),
            value,
            None if band is None or value is None else value - band,
            None if band is None or value is None else value + band,
        )
        for place, value in enumerate(values)
    ]


def test_a_simulated_band_is_hatched_each_its_own_way() -> None:
    svg = draw_lines(
        [
            Line(points([5, 6, 7], 1), BASELINE, simulated=True),
            Line(points([5, 5, 5], 1), SCENARIOS[0], simulated=True),
        ]
    )
    patterns = ET.fromstring(svg).findall("./defs/pattern")
    assert len({one.get("patternTransform") for one in patterns}) == 2
    assert svg.count("url(#t-h") == 2


def test_an_estimated_band_is_not_hatched() -> None:
    assert "pattern" not in draw_lines([Line(points([5, 6, 7], 1), ACCENT)])


def line_of(svg: str, colour: str) -> str:
    (found,) = [
        element.get("d") or ""
        for element in ET.fromstring(svg).iter("path")
        if element.get("stroke") == colour
    ]
    return found


def test_a_line_goes_up_where_numbers_do_and_starts_at_zero() -> None:
    svg = draw_lines([Line(points([0, 10, 20, 40]), ACCENT)], WIDE)
    down = [float(y) for y in re.findall(r"[ML][-\d.]+,([-\d.]+)", line_of(svg, ACCENT))]
    steps = -np.diff(down)
    assert steps[0] > 5
    assert steps.tolist() == pytest.approx([steps[0], steps[0], 2 * steps[0]], abs=0.1)
    assert ">0<" in svg, "the axis begins at zero"


def test_a_line_breaks_where_a_number_is_not_shown() -> None:
    svg = draw_lines([Line(points([5, 6, None, 8, 9]), ACCENT)])
    assert line_of(svg, ACCENT).count("M") == 2
    assert len(places(svg, ACCENT)) == 4, "a point that stands alone is seen"


def test_nothing_but_hidden_numbers_draws_an_empty_axis() -> None:
    svg = draw_lines([Line(points([None, None, None]), ACCENT)])
    assert places(svg, ACCENT) == []


@pytest.mark.parametrize(
    ("draw", "width"),
    [
        (lambda: draw_dots(dots([5, 9])), WIDE),
        (lambda: draw_dots(dots([5, 9]), narrow=True), NARROW),
        (lambda: draw_lines([Line(points([5, 6, 7]), ACCENT)]), SMALL),
    ],
)
def test_letters_are_readable_at_the_width_they_are_made_for(
    draw: Callable[[], str], width: int
) -> None:
    root = ET.fromstring(draw())
    assert root.get("viewBox", "").startswith(f"0 0 {width} ")
    sizes = {float((text.get("font-size") or "0").removesuffix("px")) for text in root.iter("text")}
    assert min(sizes) >= 12
    assert {text.get("font-family", "").partition(",")[0] for text in root.iter("text")} == {
        "system-ui"
    }


def test_two_drawings_share_no_id() -> None:
    series = [Line(points([5, 6, 7], 1), BASELINE, simulated=True)]
    ids = [
        set(re.findall(r'id="([^"]+)"', draw_lines(series, name=name))) for name in ("one", "two")
    ]
    assert ids[0]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize(
    ("months", "wanted"),
    [(40, ["2025", "2026", "2027"]), (10, ["jan 2025", "apr 2025", "jul 2025"])],
)
def test_the_axis_names_years_or_quarters(months: int, wanted: list[str]) -> None:
    svg = draw_lines([Line(points([1.0] * months), ACCENT)], WIDE)
    found = [text.text or "" for text in ET.fromstring(svg).iter("text")]
    assert [label for label in wanted if label not in found] == []
