"""Make of Vega's SVG an element that stands by itself in a page with others.

Names inside get the name of the drawing, so that no two drawings share an id; the inner roles
make place for one text alternative; hatchings are defined; addresses of namespaces and needless
digits go.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

_LONG = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_DIGITS = ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height")


@dataclass(frozen=True, slots=True)
class Hatch:
    """Slanting lines in one colour, that say: simulated.

    Parameters
    ----------
    name
        Name of the hatching in its drawing.
    colour
        Colour of the lines.
    rising
        Whether the lines rise to the right, else they fall: so that two bands that overlap are
        told apart without colour.
    """

    name: str
    colour: str
    rising: bool = True

    @property
    def fill(self) -> str:
        """What a mark is filled with.

        Examples
        --------
        >>> Hatch("baseline", "#4d4d4d").fill
        'url(#baseline)'
        """
        return f"url(#{self.name})"

    def pattern(self) -> etree._Element:
        """Give the element that defines the hatching."""
        pattern = etree.Element(
            "pattern",
            id=self.name,
            patternUnits="userSpaceOnUse",
            width="5",
            height="5",
            patternTransform=f"rotate({45 if self.rising else -45})",
        )
        ground = {"width": "5", "height": "5", "fill": self.colour, "fill-opacity": "0.08"}
        etree.SubElement(pattern, "rect", ground)
        line = {"x1": "0", "x2": "0", "y1": "0", "y2": "5", "stroke": self.colour}
        etree.SubElement(pattern, "line", line | {"stroke-width": "1.6", "stroke-opacity": "0.40"})
        return pattern


def stand_alone(svg: str, *, name: str, text: str, hatches: Sequence[Hatch] = ()) -> str:
    """Turn a whole SVG file into an element of the page.

    Parameters
    ----------
    svg
        SVG as Vega writes it.
    name
        Name of the drawing, alone on the page.
    text
        Its text alternative.
    hatches
        Hatchings to define in it.

    Examples
    --------
    >>> stand_alone(
    ...     '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9">'
    ...     '<path d="M0.123456,0" clip-path="url(#c)" aria-label="x"/></svg>',
    ...     name="a", text="A line",
    ... )
    '<svg viewBox="0 0 9 9" role="img" aria-label="A line"><path d="M0.12,0" .../></svg>'
    """
    root = etree.fromstring(
        svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    )
    bare = etree.Element("svg", viewBox=root.get("viewBox") or "", role="img")
    bare.set("aria-label", text)
    if hatches:
        definitions = etree.SubElement(bare, "defs")
        definitions.extend(hatch.pattern() for hatch in hatches)
    for child in root:
        bare.append(_without_namespace(child))
    for element in bare.iter(etree.Element):
        _tidy(element, name)
    return etree.tostring(bare, encoding="unicode")


def _without_namespace(element: etree._Element) -> etree._Element:
    bare = etree.Element(etree.QName(element).localname)
    bare.text = element.text
    for key, value in element.attrib.items():
        local = etree.QName(key).localname
        if local.startswith("aria-") or local in ("role", "pointer-events", "class"):
            continue
        bare.set(local, value)
    for child in element:
        if isinstance(child.tag, str):
            bare.append(_without_namespace(child))
    return bare


def _tidy(element: etree._Element, name: str) -> None:
    for key, value in [(str(key), str(value)) for key, value in element.attrib.items()]:
        if key == "id":
            element.set(key, f"{name}-{value}")
        elif "url(#" in value:
            element.set(key, _REFERENCE.sub(rf"url(#{name}-\1)", value))
        elif key in _DIGITS:
            element.set(key, _LONG.sub(lambda match: f"{float(match[0]):.2f}", value))
