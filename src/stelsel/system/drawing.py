"""Draw the map of the system like a metro map, as SVG, from its tables.

The drawing is made for a sheet of paper and for a telephone: narrow and tall, letters of one size,
lines that are told apart by number as well as by colour. The same tables give the same drawing to
the last byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal
from xml.etree import ElementTree as ET

from stelsel.system.clocks import clocks
from stelsel.system.entries import norm, station, stations
from stelsel.system.layout import Stop, lines, stops, tracks, zones
from stelsel.system.shapes import (
    FIELD,
    INK,
    LETTERS,
    PAPER,
    SOFT,
    THICK,
    arrow,
    badge,
    box,
    path,
    stroke,
    text,
)

Language = Literal["nl", "en"]

WIDTH = 780
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
SMALL = 14.5
"""Height of the letters of a term, in units of the drawing."""
PITCH = 20
"""From one line of a label to the next."""
_RADIUS = 8
_FOOT = 30
_NEAR = 40
"""How far beside a stop a line that passes still pushes the words away."""
_WAITING = ("wait", "list")
"""Kinds of stations where one waits; their marks are hollow."""

_WORDS = {
    "title": ("Kaart van het jeugdstelsel", "Map of the youth-care system"),
    "under": (
        "Waar een kind, gezin, aanbieder of functie kan zijn, en hoe lang hooguit",
        "Where a child, family, provider or post can be, and for how long at most",
    ),
    "source": (
        "Bron: de tabellen van Stelsel, waarin elke halte en elke term haar bron heeft.",
        "Source: the tables of Stelsel, where every station and every term has its source.",
    ),
    "caveat": (
        "Let op: de tekst van een deel van de wetten was alleen van 2015 voorhanden.",
        "Mind: of some laws only the text of 2015 was at hand.",
    ),
    "desc": (
        "Metrokaart met {count} haltes op {lines} lijnen.",
        "Metro map with {count} stations on {lines} lines.",
    ),
    "each": ("per keer", "each time"),
    "law": ("wet", "law"),
    "agreement": ("afspraak", "agreed"),
    "own-choice": ("eigen keuze", "own choice"),
    "wait": ("Hier wordt gewacht", "Waiting"),
    "stay": ("Hulp, onderzoek of maatregel loopt", "Care, investigation or measure runs"),
    "both": ("Halte van meer lijnen", "Station of several lines"),
    "other": ("Gezin, aanbieder of functie", "Family, provider or post"),
}
_UNITS = {
    "hours": ("uur", "hours"),
    "days": ("dagen", "days"),
    "working_days": ("werkdagen", "working days"),
    "weeks": ("weken", "weeks"),
    "months": ("maanden", "months"),
    "years": ("jaar", "years"),
}


def draw(lang: Language = "nl") -> str:
    """Draw the map.

    Parameters
    ----------
    lang
        Language of everything that is read on it.

    Returns
    -------
    str
        A whole SVG file, with a title and a description for who does not see it.

    Examples
    --------
    >>> draw("en").startswith("<svg")
    True
    """
    foot = max(zone.y + zone.height for zone in zones()) + _FOOT
    legend = ET.Element("g")
    height = _legend(legend, foot, lang)
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {height}",
            "role": "img",
            "aria-labelledby": "map-title map-description",
            "font-family": FONT,
            "font-size": str(LETTERS),
            "fill": INK,
            "lang": lang,
        },
    )
    ET.SubElement(root, "title", id="map-title").text = _word("title", lang)
    ET.SubElement(root, "desc", id="map-description").text = describe(lang)
    box(root, 0, 0, WIDTH, height, fill=PAPER)
    text(root, 24, 56, _word("title", lang), size=32, weight="600")
    text(root, 24, 90, _word("under", lang), fill=SOFT, size=16)
    _zones(root, lang)
    _tracks(root)
    for stop in stops().values():
        _mark(root, stop)
    for stop in stops().values():
        _label(root, stop, lang)
    root.append(legend)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def describe(lang: Language = "nl") -> str:
    """Say in words what is on the map: every line with its stations, by their full names.

    Examples
    --------
    >>> describe("en").split(". ")[8]
    'Line 8, Continuity of providers: Provider: worrying signal (steps 1-2); ...'
    """
    told = [
        _word("desc", lang).format(
            count=len(stations()), lines=sum(bool(one.number) for one in lines().values())
        )
    ]
    word = "Lijn" if lang == "nl" else "Line"
    for line in lines().values():
        if line.number:
            on = dict.fromkeys(
                s for track in tracks() if track.line == line.id for s in track.stops
            )
            names = "; ".join(_name(station(one), lang) for one in on)
            told.append(f"{word} {line.number}, {_name(line, lang)}: {names}.")
    return " ".join(told)


def term(name: str, lang: Language = "nl") -> str:
    """Tell the term that runs at a station, or nothing where none is measured there.

    Examples
    --------
    >>> term("list-board-protection", "en"), term("measure-guardianship", "en")
    ('10 days (agreed)', '')
    """
    limit = station(name).norm
    running = [clock for clock in clocks() if (clock.station, clock.norm) == (name, limit)]
    if not running:
        return ""
    one = norm(limit)
    each = f" {_word('each', lang)}" if running[0].repeats else ""
    return f"{one.limit} {_pick(_UNITS[one.unit], lang)}{each} ({_word(one.kind, lang)})"


def _zones(root: ET.Element, lang: Language) -> None:
    for zone in zones():
        box(root, zone.x, zone.y, zone.width, zone.height, fill=FIELD, rx="14")
        x = zone.text_x
        for name in zone.lines:
            badge(root, lines()[name], x, zone.y + 24)
            x += 26
        text(root, x + 6, zone.y + 30, _name(zone, lang), fill=SOFT, size=17, weight="600")


def _tracks(root: ET.Element) -> None:
    """Draw what lies under first: links, then each line with a white edge where it crosses."""
    order = sorted(tracks(), key=lambda track: lines()[track.line].style != "dotted")
    for track in order:
        line = lines()[track.line]
        shape = {"d": path(track.points), "fill": "none", "stroke-linejoin": "round"}
        if line.style != "dotted":
            edge = {"stroke": PAPER, "stroke-width": str(THICK[line.style] + 4)}
            ET.SubElement(root, "path", shape | edge)
        ET.SubElement(root, "path", shape | stroke(line))
        if track.one_way and line.style != "dashed":
            arrow(root, track.points, line)


def _mark(root: ET.Element, stop: Stop) -> None:
    """Draw the mark of a station: round for a child, square for another; hollow where one waits."""
    one = station(stop.station)
    colour = _colour(stop.station)
    wide = stop.to_x != stop.x
    look = {"fill": colour, "stroke": PAPER}
    if wide:
        look = {"fill": PAPER, "stroke": INK}
    elif one.kind in _WAITING:
        look = {"fill": PAPER, "stroke": colour}
    first, last = sorted((stop.x, stop.to_x))
    radius = _RADIUS + 2 if wide else _RADIUS
    corner = radius if one.subject == "child" else 2
    width, height = last - first + 2 * radius, 2 * radius
    group = ET.SubElement(root, "g", id=f"map-{stop.station}")
    look |= {"rx": str(corner), "stroke_width": "3"}
    box(group, first - radius, stop.y - radius, width, height, **look)


def _colour(name: str) -> str:
    """Give the colour of the first line, in the order of the legend, that a station is on."""
    on = {track.line for track in tracks() if name in track.stops and lines()[track.line].number}
    return next((line.colour for line in lines().values() if line.id in on), SOFT)


def _label(root: ET.Element, stop: Stop, lang: Language) -> None:
    for place in label_places(stop, lang):
        x, y, words, size = place
        anchor = "end" if stop.side == "left" else "start"
        fill = INK if size == LETTERS else SOFT
        text(root, x, y, words, anchor=anchor, size=size, fill=fill, halo=True)


def label_places(stop: Stop, lang: Language) -> Iterator[tuple[int, float, str, float]]:
    """Give what is written at a stop: per line its x, its baseline y, the words, their height.

    Words to the left of a stop end at x, words to the right begin there.

    Examples
    --------
    >>> [one[2] for one in label_places(stops()["list-board-protection"], "en")]
    ['Waits for the board', '10 days (agreed)']
    """
    words = stop.label_nl if lang == "nl" else stop.label_en
    if stop.side == "none":
        return
    x = _beside(stop)
    told: list[tuple[str, float]] = [(one, LETTERS) for one in words.split("|")]
    if extra := term(stop.station, lang):
        told.append((extra, SMALL))
    first = stop.y + 6 - (len(told) - 1) * PITCH / 2
    for number, (one, size) in enumerate(told):
        yield x, first + number * (PITCH - (LETTERS - size) / 2), one, size


def _beside(stop: Stop) -> int:
    """Give where its words begin or end: clear of every upright piece that passes near."""
    way = 1 if stop.side == "right" else -1
    x = max(stop.x * way, stop.to_x * way)
    for track in tracks():
        for (x1, y1), (x2, y2) in pairwise(track.points):
            passes = x1 == x2 and min(y1, y2) <= stop.y <= max(y1, y2)
            if passes and x < x1 * way < x + _NEAR:
                x = x1 * way
    return way * (x + _RADIUS + 10)


def _legend(root: ET.Element, top: int, lang: Language) -> int:
    """Draw the legend from ``top`` and give where it ends."""
    row, column = 32, (24, WIDTH // 2 + 24)
    every = list(lines().values())
    half = (len(every) + 1) // 2
    for number, line in enumerate(every):
        x, y = column[number // half], top + row * (number % half)
        ET.SubElement(root, "path", {"d": f"M{x + 36} {y}h40", "fill": "none"} | stroke(line))
        if line.number:
            badge(root, line, x, y)
        text(root, x + 92, y + 6, _name(line, lang), size=16)
    top += row * half + 14
    marks = [
        ("wait", {"fill": PAPER, "stroke": SOFT}, _RADIUS, 0),
        ("stay", {"fill": SOFT, "stroke": PAPER}, _RADIUS, 0),
        ("both", {"fill": PAPER, "stroke": INK}, _RADIUS, 24),
        ("other", {"fill": SOFT, "stroke": PAPER}, 2, 0),
    ]
    for number, (what, look, corner, longer) in enumerate(marks):
        x, y = column[number // 2], top + row * (number % 2)
        start, size = x + 56 - _RADIUS - longer / 2, 2 * _RADIUS
        size_x = size + longer
        box(root, start, y - _RADIUS, size_x, size, rx=str(corner), stroke_width="3", **look)
        text(root, x + 92, y + 6, _word(what, lang), size=16)
    top += 2 * row + 12
    for number, what in enumerate(("source", "caveat")):
        text(root, column[0], top + number * PITCH, _word(what, lang), fill=SOFT, size=SMALL)
    return top + PITCH + 20


def _name(one: object, lang: Language) -> str:
    return str(getattr(one, f"name_{lang}"))


def _word(name: str, lang: Language) -> str:
    return _pick(_WORDS[name], lang)


def _pick(both: tuple[str, str], lang: Language) -> str:
    return both[lang == "en"]
