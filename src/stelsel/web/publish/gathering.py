"""What is published: every indicator as a whole, by its groups and by month, through the door."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stelsel.disclosure import earlier, log_release
from stelsel.disclosure.memory import described
from stelsel.monitor.clocks.indicators import norms_of, with_terms
from stelsel.monitor.indicators import Indicator, all_together, known, ready, work_out_all
from stelsel.register import Register
from stelsel.system.regions import regions
from stelsel.web.words import Language

Progress = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Published:
    """One table: an indicator by some groups, as it leaves.

    Parameters
    ----------
    indicator
        What it is of.
    by
        What its rows are about; none for the whole.
    rows
        The rows after disclosure control.
    """

    indicator: Indicator
    by: tuple[str, ...]
    rows: pa.Table

    @property
    def name(self) -> str:
        """Name of its file, and what it is called in the release log."""
        return f"{self.indicator.id}--{'-'.join(self.by) or 'total'}"


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything that is published together.

    Parameters
    ----------
    regions
        Names of the youth regions that the numbers are about, by code.
    as_of, start
        The last and the first day that they are about.
    known_on
        Day on which the last fact became known.
    made_up
        Whether the children are made up.
    tables
        The tables, by indicator in the order of the definitions.
    empty
        The indicators of which the register knows nothing.
    cost
        How many numbers were ``told``, ``hidden``, and would have been by a ``simple`` rule;
        empty where nothing is hidden.
    """

    regions: Mapping[str, str]
    as_of: date
    start: date
    known_on: date
    made_up: bool
    tables: Sequence[Published]
    empty: Sequence[Indicator]
    cost: Mapping[str, int]


def groupings(indicator: Indicator, several: bool) -> list[tuple[str, ...]]:
    """Give by what an indicator is published: as a whole, by its groups, by month.

    Examples
    --------
    >>> from stelsel.monitor.indicators import named
    >>> groupings(named("waiting-children"), several=True)
    [(), ('form',), ('region',), ('month',)]
    """
    found: list[tuple[str, ...]] = [(), indicator.by]
    if several and "region" in indicator.levels:
        found.append(("region",))
    if indicator.measure in ("count", "share"):
        found.append(("month",))
    # A provider or a worker is no group of children; it is told to its own region, not to all.
    return [by for by in dict.fromkeys(found) if "provider" not in by]


def gather(
    folder: Path,
    *,
    as_of: date | None = None,
    days: int = 365,
    lang: Language = "nl",
    say: Progress | None = None,
) -> Publication:
    """Work out what is published, let it out through disclosure control and log it.

    Parameters
    ----------
    folder
        Folder of a register.
    as_of
        The last day; without it the last day that the register knows of.
    days
        Length of the period.
    lang
        Language of names.
    say
        Is told how far it is.

    Raises
    ------
    StelselError
        When the register is not one or empty, or its log cannot be written.
    """
    tell = say or (lambda what, done, total: None)
    register = Register.open(folder)
    spells, made_up = register.spells(), register.made_up
    day = as_of or register.last_day
    codes = sorted(pc.unique(spells["region"].drop_null()).to_pylist())
    every = known()
    read = {
        "spells": with_terms(
            spells, day, norms_of(every), register.marks(None), register.births(None)
        ),
        "answers": register.answers(),
    }

    def worked_out(chosen: Sequence[Indicator], by: tuple[str, ...]) -> dict[str, pa.Table]:
        """Give the rows of indicators, each over what it reads."""
        found: dict[str, pa.Table] = {}
        for reads, rows in read.items():
            own = [one for one in chosen if one.reads == reads]
            found |= work_out_all(own, rows, day, by, days) if own else {}
        return found

    tables: dict[str, tuple[Indicator, pa.Table]] = {}
    asked: dict[str, tuple[str, ...]] = {}
    whole = worked_out(every, ())
    there = [
        one
        for one in every
        if any(row["numerator"] or row["denominator"] for row in whole[one.id].to_pylist())
    ]
    empty = [one for one in every if one not in there]
    several = len(codes) > 1
    groups = {
        name: sorted(pc.unique(spells[name].drop_null()).to_pylist())
        for name in ("form", "referrer", "priority", "region")
    }
    wanted = {one.id: groupings(one, several) for one in there}
    kinds = list(dict.fromkeys(by for each in wanted.values() for by in each))
    found: dict[tuple[str, tuple[str, ...]], pa.Table] = {}
    for number, by in enumerate(kinds):
        tell("work", number, len(kinds))
        chosen = [one for one in there if by in wanted[one.id]]
        rows = worked_out(chosen, by) if by else whole
        found |= {(one.id, by): rows[one.id] for one in chosen}
    tell("work", len(kinds), len(kinds))
    for one in there:
        for by in wanted[one.id]:
            name = f"{one.id}--{'-'.join(by) or 'total'}"
            asked[name] = by
            table = ready(
                one,
                found[one.id, by],
                known_on=None,
                made_up=made_up,
                exact=made_up,
                lang=lang,
                groups=groups,
            )
            tables[name] = (one, table)
    before = (
        [] if made_up else earlier(folder, [(name, table) for name, (_, table) in tables.items()])
    )
    leave = all_together(
        tables,
        made_up=made_up,
        before=before,
        done=lambda done, total: tell("protect", done, total),
    )
    for name, rows in leave.items():
        said: Mapping[str, Any] = {
            "as_of": day,
            "known_on": None,
            "by": list(asked[name]),
            "days": days,
            "published": True,
        }
        log_release(folder, name, rows, asked=said, made_up=made_up)
    names = {one.code: one.name for one in regions()}
    published = [Published(tables[name][0], asked[name], rows) for name, rows in leave.items()]
    first = min(
        (row for one in published for row in one.rows["period_start"].to_pylist()), default=day
    )
    return Publication(
        regions={code: names.get(code, code) for code in codes},
        as_of=day,
        start=first,
        known_on=pc.max(spells["known"]).as_py() or day,
        made_up=made_up,
        tables=published,
        empty=empty,
        cost=described(published[0].rows) if published else {},
    )
