"""Made-up publications of many shapes, with their truth: levels, forms, months, rates, releases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from stelsel.disclosure.hiding import Hidden, hide
from stelsel.disclosure.limits import Limits, limits
from stelsel.disclosure.protect import rounded
from stelsel.disclosure.reader import Place
from stelsel.disclosure.sheets import Sheet
from stelsel.disclosure.structure import Count, Dimension, Structure

FORM = Dimension("form", {"03": "day", "04": "day", "11": "stay", "12": "stay", "13": "stay"})
FORMS = ("02", "03", "04", "11", "12", "13")


@dataclass(frozen=True)
class World:
    """The truth behind the publications: how many per municipality, form and month."""

    towns: dict[str, str]
    forms: tuple[str, ...]
    months: tuple[str, ...]
    begun: dict[tuple[str, str, str], int]
    ended: dict[tuple[str, str, str], int]
    before: dict[tuple[str, str], int]
    planned: dict[tuple[str, str, str], int]

    @property
    def place(self) -> Dimension:
        """Where towns lie."""
        return Dimension("place", self.towns)


def draw(random: np.random.Generator) -> World:
    """Draw a world; small numbers are common, as in real tables."""
    regions = [f"R{number}" for number in range(int(random.integers(1, 4)))]
    towns = {
        f"{region}T{number}": region
        for region in regions
        for number in range(int(random.integers(1, 4)))
    }
    forms = tuple(FORMS[: int(random.integers(2, len(FORMS) + 1))])
    months = tuple(f"2026-{number:02d}" for number in range(1, int(random.integers(2, 5))))
    scale = float(random.choice([4.0, 15.0, 60.0]))

    def some() -> int:
        return int(random.poisson(scale * random.gamma(0.7, 1.5)))

    begun = {(t, f, m): some() for t in towns for f in forms for m in months}
    planned = {key: int(random.binomial(n, random.beta(2, 2))) for key, n in begun.items()}
    before = {(t, f): 3 * some() for t in towns for f in forms}
    ended: dict[tuple[str, str, str], int] = {}
    for (t, f), first in before.items():
        there = first
        for m in months:
            there += begun[t, f, m]
            ended[t, f, m] = int(random.binomial(there, 0.25))
            there -= ended[t, f, m]
    return World(towns, forms, months, begun, ended, before, planned)


def by(world: World, levels: Sequence[str], release: int = 0, subject: str = "begun") -> Sheet:
    """Give what began by some of town, region, form, group, month; with how many as planned."""
    sums: dict[tuple[str, ...], list[int]] = {}
    for key, number in world.begun.items():
        town, form, month = key
        codes = {
            "town": town,
            "region": world.towns[town],
            "form": form,
            "group": FORM.parents.get(form, form),
            "month": month,
        }
        cell = sums.setdefault(tuple(codes[level] for level in levels), [0, 0])
        cell[0] += number
        cell[1] += world.planned[key]
    columns: dict[str, list[Any]] = {
        level: [key[place] for key in sums] for place, level in enumerate(levels)
    }
    dated = "month" in levels
    columns["from"] = columns["month"] if dated else [world.months[0]] * len(sums)
    columns["to"] = columns["month"] if dated else [world.months[-1]] * len(sums)
    columns["begun"] = [cell[0] for cell in sums.values()]
    columns["planned"] = [cell[1] for cell in sums.values()]
    place = world.place
    dimensions = {"town": place, "region": place, "form": FORM, "group": Dimension("form")}
    said = Structure(
        subject,
        {level: dimensions[level] for level in levels if level != "month"},
        {"begun": Count("begun", over_time=True), "planned": Count("planned", over_time=True)},
        start="from",
        end="to",
        sums={"begun": ("planned", "unplanned")},
        multiple=5,
        least=10,
    )
    return Sheet(said, columns, release=release)


def flows(world: World, release: int = 0) -> Sheet:
    """Give by form and month what was there at its end, what began and what ended."""
    columns: dict[str, list[Any]] = {name: [] for name in ("form", "month", "in", "out", "there")}
    for form in world.forms:
        there = sum(n for (_, f), n in world.before.items() if f == form)
        for month in world.months:
            here = [(t, form, month) for t in world.towns]
            came, went = (sum(of[key] for key in here) for of in (world.begun, world.ended))
            there += came - went
            for name, value in zip(columns, (form, month, came, went, there), strict=True):
                columns[name].append(value)
    said = Structure(
        "flows",
        {"form": FORM},
        {
            "in": Count("begun", over_time=True),
            "out": Count("ended", over_time=True),
            "there": Count("there", stock=True),
        },
        start="month",
        end="month",
        balances=(("there", "in", "out"),),
        multiple=5,
        least=10,
    )
    return Sheet(said, columns, release=release)


def children(world: World, random: np.random.Generator, release: int = 0) -> list[Sheet]:
    """Give children by form and all together, where one child may have several forms."""
    most = 1 + sum(world.before.values())
    who = {
        form: set(
            random.integers(0, most, sum(n for (_, f), n in world.before.items() if f == form))
        )
        for form in world.forms
    }
    said = Structure(
        "children",
        {"form": FORM},
        {"children": Count("children", adds=False, stock=True)},
        start="day",
        end="day",
        multiple=5,
        least=10,
    )
    day: list[object] = [date(2026, 1, 31)]
    each: dict[str, list[object]] = {
        "form": list(who),
        "children": [len(one) for one in who.values()],
        "day": day * len(who),
    }
    whole: dict[str, list[object]] = {
        "form": [""],
        "children": [len(set().union(*who.values()))],
        "day": day,
    }
    return [Sheet(said, each, release=release), Sheet(said, whole, release=release)]


LEVELS = (
    ("town",),
    ("region",),
    ("form",),
    ("group",),
    ("month",),
    (),
    ("region", "form"),
    ("town", "form"),
    ("form", "month"),
    ("town", "month"),
    ("region", "group"),
)


def publication(random: np.random.Generator, world: World, release: int = 0) -> list[Sheet]:
    """Draw the tables of one publication."""
    chosen = random.choice(len(LEVELS), size=int(random.integers(1, 4)), replace=False)
    sheets = [by(world, LEVELS[number], release) for number in chosen]
    if random.random() < 0.3:
        sheets.append(flows(world, release))
    if random.random() < 0.2:
        sheets += children(world, random, release)
    return sheets


def later(random: np.random.Generator, world: World) -> World:
    """Give the world as it is known at the next release: a month more, some numbers revised."""
    begun, planned, ended = dict(world.begun), dict(world.planned), dict(world.ended)
    for key in begun:
        if random.random() < 0.1:
            planned[key] += int(random.integers(0, 3))
            begun[key] += int(random.integers(2, 6))
    month = f"2026-{len(world.months) + 1:02d}"
    for (town, form, first), number in world.begun.items():
        if first == world.months[0]:
            begun[town, form, month] = int(random.poisson(number))
            planned[town, form, month] = int(random.binomial(begun[town, form, month], 0.5))
            ended[town, form, month] = min(world.before[town, form], int(random.poisson(2)))
    months = (*world.months, month)
    return World(world.towns, world.forms, months, begun, ended, world.before, planned)


def as_shown(sheets: Sequence[Sheet], hidden: Hidden | frozenset[Place]) -> list[Sheet]:
    """Give the tables as they are published: hidden where hidden, rounded elsewhere."""
    places = hidden.places if isinstance(hidden, Hidden) else hidden
    shown = []
    for number, sheet in enumerate(sheets):
        gone = {(column, row) for place, column, row in places if place == number}
        columns = dict(sheet.columns)
        for column in sheet.structure.counts:
            columns[column] = [
                None if (column, row) in gone else rounded(int(str(value)), limits())
                for row, value in enumerate(columns[column])
            ]
        shown.append(Sheet(sheet.structure, columns, gone, sheet.release))
    return shown


def small(sheets: Sequence[Sheet], within: Limits) -> set[Place]:
    """Name every number under the least count."""
    return {
        (number, column, row)
        for number, sheet in enumerate(sheets)
        for column in sheet.structure.counts
        for row, value in enumerate(sheet.columns[column])
        if int(str(value)) < within.least_count
    }


def released(sheets: Sequence[Sheet], before: Sequence[Sheet] = ()) -> tuple[Hidden, list[Sheet]]:
    """Protect tables, and give them as they are published."""
    found = hide(sheets, small(sheets, limits()), limits(), before)
    return found, as_shown(sheets, found)
