"""The shapes that the map is drawn with: words, boxes, paths with round corners, arrows, badges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from xml.etree import ElementTree as ET

from stelsel.system.layout import Line, Point

INK, SOFT, FIELD, PAPER = "#1a1a1a", "#555555", "#f3f3f1", "#ffffff"
"""Colours of words, of what matters less, of the zones and of the ground."""
LETTERS = 18
"""Height of the letters of a label, in units of the drawing."""
DASHES = {"solid": "", "dashed": "9 5", "dotted": "0.1 8"}
THICK = {"solid": 8, "dashed": 5, "dotted": 4}
"""How each style of line is drawn."""

_BEND = 14
_ARROW = 50
"""Shortest piece of a track that has room for an arrow between the marks at its ends."""


def path(points: Sequence[Point]) -> str:
    """Write a path along points, with round corners.

    Examples
    --------
    >>> path([(0, 0), (0, 100), (100, 100)])
    'M0 0L0 86Q0 100 14 100L100 100'
    """
    told = [f"M{points[0][0]} {points[0][1]}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        into, out = _toward(corner, before), _toward(corner, after)
        told.append(f"L{into[0]:g} {into[1]:g}Q{corner[0]} {corner[1]} {out[0]:g} {out[1]:g}")
    told.append(f"L{points[-1][0]} {points[-1][1]}")
    return "".join(told)


def _toward(corner: Point, other: Point) -> tuple[float, float]:
    """Give the point a bend away from the corner, or half way where the piece is short."""
    across, down = other[0] - corner[0], other[1] - corner[1]
    share = min(_BEND / math.hypot(across, down), 0.5)
    return round(corner[0] + across * share, 1), round(corner[1] + down * share, 1)


def arrow(root: ET.Element, points: Sequence[Point], line: Line) -> None:
    """Put an arrow half way the longest piece, if there is room: white on a line, not on dots."""
    (x, y), (to_x, to_y) = max(pairwise(points), key=lambda p: math.dist(*p))
    if math.dist((x, y), (to_x, to_y)) < _ARROW:
        return
    across, down = (to_x > x) - (to_x < x), (to_y > y) - (to_y < y)
    size, middle = 4, ((x + to_x) / 2, (y + to_y) / 2)
    tip = middle[0] + across * size, middle[1] + down * size
    back = middle[0] - across * size, middle[1] - down * size
    ends = [(back[0] + t * down * size, back[1] + t * across * size) for t in (-1, 1)]
    colour = PAPER
    if line.style == "dotted":
        colour = line.colour
        place = {"cx": f"{middle[0]:g}", "cy": f"{middle[1]:g}", "r": "9"}
        ET.SubElement(root, "circle", place | {"fill": PAPER})
    told = " ".join(f"{one[0]:g},{one[1]:g}" for one in (ends[0], tip, ends[1]))
    look = {"fill": "none", "stroke": colour, "stroke-width": "2", "stroke-linejoin": "round"}
    ET.SubElement(root, "polyline", {"points": told} | look)


def stroke(line: Line) -> dict[str, str]:
    """Give how a line is stroked, on the map and in its legend."""
    look = {"stroke": line.colour, "stroke-width": str(THICK[line.style])}
    if dashes := DASHES[line.style]:
        look["stroke-dasharray"] = dashes
    if line.style != "dashed":
        look["stroke-linecap"] = "round"
    return look


def badge(root: ET.Element, line: Line, x: int, y: int) -> None:
    """Draw the number of a line on its colour, 22 units wide, to the right of ``x``."""
    box(root, x, y - 11, 22, 22, rx="5", fill=line.colour)
    # Of black and white the one with the most contrast; they have as much at 0.18.
    fill = "#000000" if brightness(line.colour) > 0.18 else PAPER
    text(root, x + 11, y + 5.5, line.number, anchor="middle", size=15, weight="600", fill=fill)


def brightness(colour: str) -> float:
    """Give the relative luminance of a colour, 0 to 1, as WCAG 2 defines it.

    Examples
    --------
    >>> brightness("#ffffff"), brightness("#000000")
    (1.0, 0.0)
    """
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def box(root: ET.Element, x: float, y: float, width: float, height: float, **look: str) -> None:
    """Draw a rectangle; ``look`` are attributes of SVG, with ``_`` for ``-``."""
    place = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{width:g}", "height": f"{height:g}"}
    named = {name.replace("_", "-"): value for name, value in look.items()}
    ET.SubElement(root, "rect", place | named)


def text(
    root: ET.Element,
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    size: float = LETTERS,
    weight: str = "",
    fill: str = INK,
    halo: bool = False,
) -> None:
    """Write words with their baseline at ``y``; a halo keeps them readable over a line."""
    look = {"x": f"{x:g}", "y": f"{y:g}", "font-size": f"{size:g}", "fill": fill}
    if anchor != "start":
        look["text-anchor"] = anchor
    if weight:
        look["font-weight"] = weight
    if halo:
        look |= {"stroke": FIELD, "stroke-width": "4", "paint-order": "stroke"}
    ET.SubElement(root, "text", look).text = words
