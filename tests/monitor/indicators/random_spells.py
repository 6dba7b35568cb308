"""Random tables of spells, rich in what makes counting hard: for both engines, and for Spark.

A region stands for a table of its own: children do not cross it, so that one question asks of many
tables at once. Days tie, spells last no day, end before they begin, lie open, and repeat; a child
has spells at several stations, providers and municipalities; some facts are known late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pyarrow as pa

from stelsel import spells as spell
from stelsel import system
from stelsel.monitor.indicators import Indicator
from stelsel.system.questions import answers, questions

DAY = date(2024, 2, 26)
"""Three days before a 29 February."""
REGIONS = [f"JZ{number:02d}" for number in range(1, 43)]
STATIONS = [station.id for station in system.stations()]
EXITS = {
    station.id: [one.id for one in system.exits(station.kind)] or ["ended"]
    for station in system.stations()
}
EXITS |= {
    asked.id: [one.id for one in answers() if one.scale == asked.scale] for asked in questions()
}
FORMS = [one.code for one in system.forms()]
BYS: Sequence[tuple[str, ...]] = (
    ("region",),
    ("region", "month"),
    ("region", "form"),
    ("region", "station", "month"),
    ("month", "region", "exit"),
    ("provider", "region"),
    ("region", "municipality", "referrer", "priority"),
)
"""Ways to group, all with the region in it, so that regions stay tables of their own."""


def table(chance: Random, indicators: Iterable[Indicator], regions: int, most: int) -> pa.Table:
    """Give up to so many spells in each of so many regions, most at stations of the indicators."""
    parts = [part for one in indicators for part in (one.of, one.part, one.per) if part]
    near = [name for part in parts for name in part.stations]
    wanted = {
        name: [value for part in parts for value in part.columns().get(name, ())]
        for name in ("form", "exit", "referrer", "priority")
    }
    rows = []
    for region in REGIONS[:regions]:
        for _ in range(chance.randint(0, most)):
            station = chance.choice(near if chance.random() < 0.85 else STATIONS)
            rows.append(_row(chance, region, station, wanted))
            if chance.random() < 0.1:
                rows.append(rows[-1])
    chance.shuffle(rows)
    return pa.Table.from_pylist(rows, schema=spell.SCHEMA)


def _row(chance: Random, region: str, station: str, wanted: dict[str, list[str]]) -> dict[str, Any]:
    start = DAY + timedelta(days=chance.randint(0, 40) * chance.choice([1, 1, 9]))
    shortest = -5 if station.startswith("wait-") else 0
    length = chance.choice(
        [None, 0, chance.randint(shortest, 30), chance.randint(60, 120), 7 * chance.randint(1, 12)]
    )
    exits = [*EXITS[station], *(name for name in wanted["exit"] if name in EXITS[station])]
    end = None if length is None else start + timedelta(days=length)
    return {
        "child": region + chance.choice("abcde"),
        "episode": "e",
        "station": station,
        "form": chance.choice([*FORMS, *wanted["form"], None]),
        "start": start,
        "end": end,
        "exit": None if length is None else chance.choice(exits),
        "region": region,
        "municipality": chance.choice(["0193", "0180", None]),
        "provider": chance.choice(["99999999", "98070201", "98070202", None]),
        "referrer": chance.choice(["01", "02", *wanted["referrer"], None]),
        "priority": chance.choice(["crisis", "protection", "complex", *wanted["priority"], None]),
        "known": max(start, end or start) + timedelta(days=chance.choice([0, 3, 60])),
        "source": "twin",
    }
