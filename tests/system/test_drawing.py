"""The drawing of the map: whole, readable, the same each time, and true to the tables."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

from stelsel import system
from stelsel.system.drawing import WIDTH, Language, describe, draw, term
from stelsel.system.layout import Line, Track, lines, stops, tracks, zones
from stelsel.system.shapes import brightness

LANGUAGES: tuple[Language, ...] = ("nl", "en")
SVG = "{http://www.w3.org/2000/svg}"
IMAGES = Path(__file__).parents[2] / "docs" / "images"
# Okabe & Ito (2008), with the two greys that stand for no category.
COLOURS = {
    *("#0072B2", "#D55E00", "#CC79A7", "#009E73", "#56B4E9", "#E69F00"),
    *("#1A1A1A", "#767676"),
}
# Widths of letters in shares of their height, those of a wide typeface (DejaVu Sans), rounded up.
NARROW, SPACE, WIDE, CAPITAL, OTHER = 0.42, 0.33, 1.0, 0.79, 0.65


class Box(NamedTuple):
    """Where something stands: from left to right, from top to bottom."""

    name: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def width(words: str, size: float) -> float:
    def letter(one: str) -> float:
        if one == " ":
            return SPACE
        if one in "fijlrtI.,:;'()-":
            return NARROW
        if one in "mwMW@":
            return WIDE
        return CAPITAL if one.isupper() else OTHER

    return size * sum(map(letter, words))


def words(lang: Language) -> list[Box]:
    """Every piece of text of the drawing as a box."""
    found = []
    for one in ET.fromstring(draw(lang)).iter(f"{SVG}text"):
        size = float(one.attrib["font-size"])
        x, y, long = float(one.attrib["x"]), float(one.attrib["y"]), width(one.text or "", size)
        x -= {"start": 0.0, "middle": long / 2, "end": long}[one.get("text-anchor", "start")]
        found.append(Box(one.text or "", x, y - 0.74 * size, x + long, y + 0.22 * size))
    return found


def pieces(track: Track) -> list[Box]:
    """Every piece of a track as a box as thick as its line; a slanting one as steps of 2 units."""
    half = 4
    found = []
    for (x1, y1), (x2, y2) in pairwise(track.points):
        steps = abs(x2 - x1) // 2 if x1 != x2 and y1 != y2 else 1
        for step in range(steps):
            xs = [x1 + (x2 - x1) * at / steps for at in (step, step + 1)]
            ys = [y1 + (y2 - y1) * at / steps for at in (step, step + 1)]
            at = (min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half)
            found.append(Box(track.line, *at))
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_station_is_drawn_once_inside_the_sheet(lang: Language) -> None:
    root = ET.fromstring(draw(lang))
    found = [one.attrib["id"] for one in root.iter(f"{SVG}g") if "id" in one.attrib]
    assert sorted(found) == sorted(f"map-{one.id}" for one in system.stations())
    _, _, wide, high = map(float, root.attrib["viewBox"].split())
    assert wide == WIDTH
    for box in words(lang):
        assert 0 <= box.left < box.right <= wide, box
        assert 0 <= box.top < box.bottom <= high, box


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_words_stand_over_words(lang: Language) -> None:
    found = words(lang)
    assert len(found) > len(system.stations())
    assert [(a.name, b.name) for a, b in combinations(found, 2) if a.meets(b)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_words_stand_over_a_line(lang: Language) -> None:
    laid = [piece for track in tracks() for piece in pieces(track)]
    assert [(a.name, b.name) for a in words(lang) for b in laid if a.meets(b)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_stop_has_its_label(lang: Language) -> None:
    """A wait stands in the row of its care, whose label it shares; all others have their own."""
    root = ET.fromstring(draw(lang))
    shown = {one.text for one in root.iter(f"{SVG}text")}
    for stop in stops().values():
        label = stop.label_nl if lang == "nl" else stop.label_en
        assert (stop.side == "none") == (system.station(stop.station).kind == "wait")
        assert stop.side == "none" or set(label.split("|")) <= shown
        if stop.side == "none":
            care = stops()[stop.station.replace("wait-", "care-")]
            assert (care.y, care.side) == (stop.y, "left")


def test_lines_meet_where_a_mark_is_wide() -> None:
    """A mark that reaches over several lines is a place where one changes: two lines stop there."""
    for stop in stops().values():
        on = {t.line for t in tracks() if stop.station in t.stops and t.line != "link"}
        assert len(on) > 1 or stop.to_x == stop.x, stop


def test_marks_lie_apart_and_in_a_zone() -> None:
    boxes = [
        Box(s.station, min(s.x, s.to_x) - 10, s.y - 10, max(s.x, s.to_x) + 10, s.y + 10)
        for s in stops().values()
    ]
    assert [(a.name, b.name) for a, b in combinations(boxes, 2) if a.meets(b)] == []
    fields = [Box(z.id, z.x, z.y, z.x + z.width, z.y + z.height) for z in zones()]
    assert [(a.name, b.name) for a, b in combinations(fields, 2) if a.meets(b)] == []
    for box in boxes:
        inside = [f for f in fields if f.left <= box.left and box.right <= f.right]
        assert any(f.top <= box.top and box.bottom <= f.bottom for f in inside), box


def test_every_stop_lies_on_a_line() -> None:
    laid = [piece for track in tracks() if track.line != "link" for piece in pieces(track)]
    for stop in stops().values():
        for x in {stop.x, stop.to_x}:
            at = Box(stop.station, x - 1, stop.y - 1, x + 1, stop.y + 1)
            assert any(at.meets(piece) for piece in laid), stop


def test_a_step_never_leaves_the_line() -> None:
    """What a step takes off one station and puts at the next goes along a line that is drawn."""
    along = {name: set[str]() for name in lines()}
    for track in tracks():
        along[track.line] |= set(track.stops)
    for step in system.steps():
        for end in step.ends if step.begins else ():
            assert any({end, step.begins} <= names for names in along.values()), (step.id, end)


def test_lines_are_told_apart_without_colour_too() -> None:
    shown = [line for line in lines().values() if line.number]
    assert [line.number for line in shown] == [str(n) for n in range(1, len(shown) + 1)]
    assert {line.colour for line in lines().values()} <= COLOURS
    looks = [(line.colour, line.style) for line in shown]
    assert len(set(looks)) == len(looks)


@pytest.mark.parametrize("line", lines().values(), ids=lambda line: line.id)
def test_the_number_of_a_line_is_read_on_its_colour(line: Line) -> None:
    """Contrast of at least 4.5 to 1, as WCAG 2.1 asks."""
    root = ET.fromstring(draw())
    inks = {one.attrib["fill"] for one in root.iter(f"{SVG}text") if one.text == line.number}
    for ink in inks if line.number else ():
        light, dark = sorted((brightness(ink), brightness(line.colour)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_does_not_see_it_is_told_every_station(lang: Language) -> None:
    root = ET.fromstring(draw(lang))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text
    assert description is not None
    assert description.text == describe(lang)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], description.attrib["id"]]
    for one in system.stations():
        assert (one.name_nl if lang == "nl" else one.name_en) in describe(lang)


def test_a_term_is_that_of_the_norm() -> None:
    assert term("list-board-protection") == "10 dagen (afspraak)"
    assert term("measure-supervision", "en") == "12 months each time (law)"
    assert term("measure-guardianship") == "", "it has no term in law"
    assert term("wait-ambulatory") == "", "its norm holds for a part of it only"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_picture_in_the_documents_is_this_drawing(lang: Language) -> None:
    kept = (IMAGES / f"map-{lang}.svg").read_text("utf-8")
    assert kept == draw(lang), "make it anew with `make map`"


def run(*given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stelsel", "map", *given],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def test_the_command_draws_it(tmp_path: Path) -> None:
    assert run().stdout == draw("nl")
    out = tmp_path / "new" / "map.svg"
    result = run("--lang", "en", "--out", str(out))
    assert (result.returncode, result.stdout.strip()) == (0, str(out))
    assert out.read_text("utf-8") == draw("en")


def test_the_command_refuses_what_it_cannot_do(tmp_path: Path) -> None:
    assert run("--lang", "fr").returncode == 2
    (tmp_path / "file").write_text("", "utf-8")
    refused = run("--out", str(tmp_path / "file" / "map.svg"))
    assert refused.returncode == 2
    assert "De kaart kan niet worden geschreven" in refused.stderr
