"""What the letters ask to be watched, by which indicators that is done, and on what these run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

import pyarrow as pa

from stelsel import system
from stelsel.monitor.indicators.definition import Indicator, Reads
from stelsel.monitor.indicators.working import work_out_all
from stelsel.monitor.readers import Lang
from stelsel.tables import packaged, read_table

Place = Literal["register", "run"]
PLACES: tuple[Place, ...] = ("register", "run")


@dataclass(frozen=True, slots=True)
class Watch:
    """What of a system of the letters is to be watched.

    Parameters
    ----------
    system
        The system, such as ``Y03``.
    watch_nl, watch_en
        What is to be seen.
    commands
        Commands that show it, beside the indicators.
    source
        Which letters ask it.
    """

    system: str
    watch_nl: str
    watch_en: str
    commands: tuple[str, ...]
    source: str


@cache
def watches() -> tuple[Watch, ...]:
    """Give what is to be watched, by system.

    Examples
    --------
    >>> watches()[0].system, watches()[-1].system
    ('Y01', 'Y31')
    """
    names = ["system", "watch_nl", "watch_en", "commands"]
    rows = read_table(packaged("stelsel.monitor.indicators", "watches.csv"), names, key=["system"])
    return tuple(
        Watch(
            row["system"],
            row["watch_nl"],
            row["watch_en"],
            tuple(one.strip() for one in row["commands"].split(";") if one.strip()),
            row["source"],
        )
        for row in rows
    )


def counted_in(
    every: Sequence[Indicator], tables: Mapping[Reads, pa.Table], as_of: date, days: int
) -> frozenset[str]:
    """Tell which indicators count anything in tables of spells and of answers.

    In any month of the period.

    Examples
    --------
    >>> from stelsel import spells
    >>> from stelsel.monitor.indicators import named
    >>> nothing = {"spells": spells.SCHEMA.empty_table()}
    >>> counted_in([named("care-begun")], nothing, date(2026, 6, 30), 365)
    frozenset()
    """
    found: dict[str, pa.Table] = {}
    for reads, table in tables.items():
        own = [one for one in every if one.reads == reads]
        found |= work_out_all(own, table, as_of, ("month",), days)
    return frozenset(
        name
        for name, rows in found.items()
        if any(row["numerator"] or row["denominator"] for row in rows.to_pylist())
    )


def why_absent(one: Indicator, place: Place, lang: Lang = "en") -> str:
    """Say why an indicator counts nothing there; empty where that is chance.

    Examples
    --------
    >>> from stelsel.monitor.indicators import named
    >>> why_absent(named("complaints"), "run")
    'no source tells how many complaints there are per child'
    """
    kinds = ["answer"]
    if one.reads == "spells":
        kinds = sorted({system.station(name).kind for name in one.of.stations})
    told = {(row["at"], row["where"]): row[f"why_{lang}"] for row in _absent()}
    places = (*one.of.priorities, *one.of.exits, *one.of.stations, *kinds)
    return next((told[name, place] for name in places if (name, place) in told), "")


@cache
def _absent() -> list[dict[str, str]]:
    file = packaged("stelsel.monitor.indicators", "absent.csv")
    return read_table(file, ["at", "where", "why_nl", "why_en"], key=["at", "where"])


Where = Mapping[Place, frozenset[str]]
"""By what is run on, the ids of the indicators that count something there."""
BEFORE = """\
# What the letters ask to watch

Made by `stelsel indicators table --write docs/reference/watches.md`; do not edit.

Five public documents on the Dutch youth-care system describe systems (Y01 to Y32) and what to
watch of each. This table says by which [indicators](indicators.md) that is done, where the
definition of each comes from, and on what it runs. *Register*: on a register that a made-up region
of the twin filled, with messages, deliveries for CBS and steps of processes; what the twin does not
run through was told by made-up cases. *Run*: on the spells that the twin itself leaves
(`stelsel simulate --spells`). Both were tried to make this page: "yes" means that something was
counted. Systems without a row (Y20, Y21, Y26, Y32) are to be run or decided, not watched.
"""


def page(every: Sequence[Indicator], where: Where) -> str:
    """Write the table in Markdown."""
    lines = [BEFORE]
    for watch in watches():
        own = [one for one in every if watch.system in one.systems]
        lines += [f"## {watch.system}", "", f"{_capital(watch.watch_en)} ({watch.source}).", ""]
        if watch.commands:
            told = ", ".join(f"`{command}`" for command in watch.commands)
            lines += [f"Also: {told}.", ""]
        if own:
            lines += ["| indicator | source of the definition | register | run |"]
            lines += ["|---|---|---|---|"]
        for one in own:
            cells = [_cell(one, place, where) for place in PLACES]
            lines.append(
                f"| [{one.id}](indicators.md#{one.id}) | {one.source} | {' | '.join(cells)} |"
            )
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _cell(one: Indicator, place: Place, where: Where) -> str:
    if one.id in where[place]:
        return "yes"
    why = why_absent(one, place)
    return f"no: {why}" if why else "no: nothing of it in this region"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
