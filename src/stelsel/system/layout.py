"""Where everything of the map is drawn: stops, lines, tracks and zones, each from its table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from stelsel.errors import Fault, StelselError
from stelsel.system.entries import stations
from stelsel.system.read import parts, read_entries, yes_or_no

Point = tuple[int, int]
_POINT = re.compile(r"(\d+),(\d+)")
_STOP = re.compile(r"([a-z0-9-]+)(?:@(\d+))?")
STYLES = ("solid", "dashed", "dotted")
SIDES = ("left", "right", "none")


@dataclass(frozen=True, slots=True)
class Stop:
    """A station on the drawing.

    ``x`` and ``y`` in units of the drawing; ``to_x`` where its mark reaches to, so that it lies on
    several lines at once, else ``x``; ``side`` on which its label stands, ``none`` where another
    stop of the row has it.
    """

    station: str
    x: int
    y: int
    to_x: int
    side: str
    label_nl: str
    label_en: str
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the drawing; ``number`` is its name where colours are not seen, or empty."""

    id: str
    number: str
    colour: str
    style: str
    name_nl: str
    name_en: str
    source: str


@dataclass(frozen=True, slots=True)
class Track:
    """A stretch of a line, along ``points``; ``stops`` are the stations on it, in their order."""

    line: str
    points: tuple[Point, ...]
    stops: tuple[str, ...]
    one_way: bool
    source: str


@dataclass(frozen=True, slots=True)
class Zone:
    """A field behind the stops of one phase; its heading begins at ``text_x``."""

    id: str
    lines: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int
    text_x: int
    name_nl: str
    name_en: str
    source: str


@cache
def stops() -> dict[str, Stop]:
    """Give the stops by the id of their station.

    Raises
    ------
    StelselError
        With every fault of the table; also when a station is not drawn.

    Examples
    --------
    >>> stops()["court-request"].label_nl
    'Verzoek bij de rechter'
    """
    columns = ["station", "x", "y", "to_x", "side", "label_nl", "label_en"]

    def make(row: dict[str, str]) -> Stop:
        x, y = int(row["x"]), int(row["y"])
        to_x = int(row["to_x"] or x)
        return Stop(**row | {"x": x, "y": y, "to_x": to_x})  # type: ignore[arg-type]

    known = [one.id for one in stations()]
    refers = {"station": known, "side": SIDES}
    found = {
        one.station: one
        for one in read_entries("map_stops.csv", columns, make, key=["station"], refers=refers)
    }
    faults = [
        Fault(
            f"Station {name} is not drawn.",
            "map_stops.csv",
            remedy="Add a row with its place.",
            what_nl=f"Halte {name} is niet getekend.",
            remedy_nl="Voeg een regel toe met haar plaats.",
        )
        for name in known
        if name not in found
    ]
    if faults:
        raise StelselError(faults)
    return found


@cache
def lines() -> dict[str, Line]:
    """Give the lines by their id, in the order of the legend.

    Examples
    --------
    >>> lines()["help"].name_nl
    'Jeugdhulp'
    """
    columns = ["id", "number", "colour", "style", "name_nl", "name_en"]
    refers = {"style": STYLES}
    found = read_entries(
        "map_lines.csv", columns, lambda row: Line(**row), key=["id"], refers=refers
    )
    return {one.id: one for one in found}


@cache
def tracks() -> tuple[Track, ...]:
    """Give the tracks, in the order in which they are drawn.

    A path is told by stations and points ``x,y``, with a space between two; ``station@x`` is a
    station whose mark reaches that far, at that place of it. Every piece of a path runs level,
    upright or at 45 degrees.

    Raises
    ------
    StelselError
        With every fault of the table.

    Examples
    --------
    >>> tracks()[0].stops[:2]
    ('access-municipality', 'access-none')
    """
    refers = {"line": list(lines())}
    return read_entries(
        "map_tracks.csv",
        ["line", "path", "one_way"],
        lambda row: Track(
            row["line"],
            tuple(_points(row["path"])),
            tuple(one.split("@")[0] for one in row["path"].split() if "," not in one),
            yes_or_no(row["one_way"]),
            row["source"],
        ),
        refers=refers,
    )


def _points(path: str) -> Iterator[Point]:
    """Give the corners and stops of a path.

    Raises
    ------
    ValueError
        Where it names no stop, or a piece of it runs askew.
    """
    last: Point | None = None
    for name in path.split():
        if found := _POINT.fullmatch(name):
            point = int(found[1]), int(found[2])
        elif (found := _STOP.fullmatch(name)) and found[1] in stops():
            stop = stops()[found[1]]
            point = int(found[2] or stop.x), stop.y
            if not min(stop.x, stop.to_x) <= point[0] <= max(stop.x, stop.to_x):
                raise ValueError(f"the mark of {found[1]} does not reach to {point[0]}")
        else:
            raise ValueError(f"{name!r} is no stop and no point")
        if last:
            across, down = abs(point[0] - last[0]), abs(point[1] - last[1])
            if across and down and across != down:
                raise ValueError(f"the piece to {name!r} runs askew")
        yield point
        last = point


@cache
def zones() -> tuple[Zone, ...]:
    """Give the zones.

    Examples
    --------
    >>> [one.id for one in zones()][:2]
    ['access', 'care']
    """
    numbers = ["x", "y", "width", "height", "text_x"]

    def make(row: dict[str, str]) -> Zone:
        places = {name: int(row[name]) for name in numbers}
        return Zone(**row | places | {"lines": parts(row["lines"])})  # type: ignore[arg-type]

    columns = ["id", "lines", *numbers, "name_nl", "name_en"]
    refers = {"lines": list(lines())}
    return read_entries("map_zones.csv", columns, make, key=["id"], refers=refers)
