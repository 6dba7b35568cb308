"""From spells to the steps that would have told them: organisations of made-up regions.

The steps of the map (``stelsel.system.steps``) say which begins a station and which ends one, and
how. So nothing here knows of a station: a stay is begun by the step that begins it, unless the one
that ended the stay before it did, and is ended by the step that tells how it ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from stelsel.deliveries.process import StepRow
from stelsel.system.calendar import add_working_days
from stelsel.system.read import holds
from stelsel.system.steps import Step, steps

TOLD_AFTER = 2
"""Working days between a step and its recording: an own choice."""
TERM = timedelta(days=364)
"""Last day of what is ordered, from its first: an own choice."""
Row = Mapping[str, Any]


def told_by_steps(station: str) -> bool:
    """Say whether there is a step that begins a station and needs no other stay before it.

    Examples
    --------
    >>> told_by_steps("list-board-protection"), told_by_steps("access-municipality")
    (True, False)
    """
    return any(station in (one.begins, *one.ends) for one in steps())


def steps_of(
    spells: Iterable[Row], people: Mapping[str, Row], region: str, others: Iterable[Row] = ()
) -> list[StepRow]:
    """Give the steps that would have told some spells.

    Parameters
    ----------
    spells
        Rows of :data:`stelsel.spells.SCHEMA`, of stations that steps tell. What precedes the first
        ``-`` of an episode names the case.
    people
        By child: ``number``, ``birth`` (date) and ``sex``.
    region
        By which the organisations are told apart.
    others
        Spells that others tell: a step that ends one here may begin one of these.

    Examples
    --------
    >>> spell = {"child": "a", "episode": "a-0", "station": "court-request",
    ...     "start": date(2020, 1, 6), "end": date(2020, 2, 3), "exit": "refused",
    ...     "municipality": "0193"}
    >>> child = {"number": "999900006", "birth": date(2014, 5, 1), "sex": "1"}
    >>> [row.step for row in steps_of([spell], {"a": child}, "JZ15")]
    ['court-asked', 'court-refused']
    """
    cases: dict[tuple[str, str], list[Row]] = {}
    for spell in spells:
        organisation = _teller(spell["station"])
        case = spell["episode"].partition("-")[0]
        cases.setdefault((organisation, case), []).append(spell)
    elsewhere: dict[tuple[str, date], set[str]] = {}
    for spell in others:
        elsewhere.setdefault((spell["child"], spell["start"]), set()).add(spell["station"])
    rows: list[StepRow] = []
    for (organisation, case), mine in cases.items():
        mine.sort(key=lambda one: (one["start"], one["episode"], one["end"] or date.max))
        child = people[mine[0]["child"]]
        told = _case(mine, elsewhere)
        for step, day, reason in told:
            if not holds(step.valid_from, step.valid_to, day):
                continue  # nobody told it yet
            fields = set(step.fields)
            rows.append(
                StepRow(
                    case=case,
                    step=step.id,
                    day=day,
                    told=add_working_days(day, TOLD_AFTER),
                    organisation=f"{organisation[:14]}-{region}",
                    municipality=mine[0]["municipality"],
                    child_bsn=child["number"],
                    birth_month=f"{child['birth']:%Y-%m}",
                    sex=child["sex"],
                    priority=mine[0]["priority"] if "priority" in fields else "",
                    reason=reason if "reason" in fields else "",
                    reference=case[:8] if "reference" in fields else "",
                    last_day=day + TERM if "last_day" in fields else None,
                )
            )
    return rows


def _case(
    mine: Sequence[Row], elsewhere: Mapping[tuple[str, date], set[str]]
) -> list[tuple[Step, date, str]]:
    """Give step, day and reason of all that is told of a case, in order of time."""
    told: list[tuple[Step, date, str]] = []
    begun: set[tuple[str, date]] = set()
    for n, spell in enumerate(mine):
        station, start = spell["station"], spell["start"]
        if (station, start) not in begun:
            told.append((_beginning(station), start, ""))
        if spell["end"] is None:
            continue
        follows = {one["station"] for one in mine[n + 1 :] if one["start"] == spell["end"]}
        follows |= elsewhere.get((spell["child"], spell["end"]), set())
        step = _ending(station, spell["exit"], frozenset(follows))
        if step.begins:
            begun.add((step.begins, spell["end"]))
        told.append((step, spell["end"], spell["exit"]))
    return told


@cache
def _teller(station: str) -> str:
    """Give the kind of organisation that tells of a station."""
    return next(one.organisation for one in steps() if station in (one.begins, *one.ends))


@cache
def _beginning(station: str) -> Step:
    """Give the step that begins a station: one that ends nothing, where there is one."""
    return min((one for one in steps() if one.begins == station), key=lambda one: len(one.ends))


@cache
def _ending(station: str, how: str, follows: frozenset[str]) -> Step:
    """Give the step that ends a stay so; what it begins follows, else it begins nothing."""
    ending = [one for one in steps() if station in one.ends]

    def off(one: Step) -> tuple[bool, bool]:
        begins_wrong = bool(one.begins) and one.begins not in follows
        tells = one.exit == how or how in one.reasons
        return begins_wrong, not tells

    return min(ending, key=off)
