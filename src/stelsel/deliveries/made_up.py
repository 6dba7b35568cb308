"""Made-up steps of processes: chance walks over the map, to try everything on.

No rate in it is measured. Each case begins with a step that begins a station and goes on with steps
that the map allows from there, so that with enough cases every station that steps can reach is
reached. What the walk did is given beside the rows that tell of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from stelsel.deliveries.process import StepRow
from stelsel.deliveries.process.checks import subject
from stelsel.system.calendar import add_working_days
from stelsel.system.entries import priorities
from stelsel.system.read import holds
from stelsel.system.steps import Step, organisations, steps

MOST_STEPS: Final = 14
"""A case has no more steps than this."""
GAP: Final = 21
"""Days between two steps of a case on average: an own choice."""
TERM: Final = timedelta(days=180)
"""How long what has a last day is ordered for: an own choice."""


@dataclass(frozen=True, slots=True)
class Child:
    """A made-up child as an organisation names it.

    Parameters
    ----------
    number
        Citizen service number in the range for made-up people.
    birth_month
        ``2012-05``.
    sex
        ``1`` or ``2``.
    municipality
        Code.
    """

    number: str
    birth_month: str
    sex: str
    municipality: str


@dataclass(frozen=True, slots=True)
class Stay:
    """What the walk did: a case was at a station from a day until a day, or still is."""

    organisation: str
    case: str
    station: str
    start: date
    end: date | None
    exit: str | None


@dataclass(slots=True)
class _Case:
    kind: str
    name: str
    organisation: str
    child: Child
    day: date
    open: dict[tuple[str, str], date] = field(default_factory=dict)
    rows: list[StepRow] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)


def made_up_steps(
    children: Sequence[Child], begin: date, end: date, cases: int, seed: int
) -> tuple[list[StepRow], list[Stay]]:
    """Make up cases of every kind of organisation that tells steps.

    Parameters
    ----------
    children
        Whom they are about; a case of a family or a provider takes only the municipality.
    begin, end
        First and last day on which a step can happen.
    cases
        How many of each kind of organisation.
    seed
        Decides every chance.

    Returns
    -------
    rows, stays
        What the organisations tell, and what it means by the map.

    Examples
    --------
    >>> child = Child("999900006", "2012-03", "2", "0193")
    >>> rows, stays = made_up_steps([child], date(2023, 1, 1), date(2023, 12, 31), 2, seed=1)
    >>> len(rows) > len(stays) > 0
    True
    """
    chance = Random(seed)
    rows: list[StepRow] = []
    stays: list[Stay] = []
    for organisation in organisations():
        own = [one for one in steps() if one.organisation == organisation.id]
        for number in range(cases):
            child = children[chance.randrange(len(children))]
            first = begin + timedelta(days=chance.randrange((end - begin).days + 1))
            name = f"{organisation.id}-{number + 1}"
            case = _Case(organisation.id, name, f"{organisation.id}-01"[:20], child, first)
            _walk(case, own, end, chance)
            rows += case.rows
            stays += case.stays
            stays += [
                Stay(case.organisation, name, station, start, None, None)
                for (station, _), start in case.open.items()
            ]
    return rows, stays


def _walk(case: _Case, own: Sequence[Step], end: date, chance: Random) -> None:
    """Take steps until nothing is open, the days are over or it has been enough."""
    while len(case.rows) < MOST_STEPS and case.day <= end:
        step = _next(case, own, chance)
        if step is None:
            return
        _take(case, step, chance)
        if not case.open:
            return
        case.day += timedelta(days=1 + int(chance.expovariate(1 / GAP)))


def _next(case: _Case, own: Sequence[Step], chance: Random) -> Step | None:
    """Choose a step that the map allows where the case is now."""
    at = {station for station, _ in case.open}
    own = [step for step in own if holds(step.valid_from, step.valid_to, case.day)]
    if not at:
        allowed = [step for step in own if step.begins and not step.ends and not step.exit]
        allowed = [step for step in allowed if "reference" not in step.fields] or allowed
    else:
        allowed = [
            step
            for step in own
            if at.intersection(step.ends)
            or at.intersection(step.at)
            or (step.begins and not step.ends and "reference" in step.fields)
        ]
    return chance.choice(allowed) if allowed else None


def _take(case: _Case, step: Step, chance: Random) -> None:
    """Let a step happen: tell its row, and move the case."""
    reference = ""
    if "reference" in step.fields:
        held = [name for station, name in case.open if station in step.ends and name]
        reference = chance.choice(held) if held else f"K{len(case.rows) + 1}"
    reason = chance.choice(step.reasons) if step.reasons else ""
    case.rows.append(_row(case, step, reference, reason, chance))
    for station, name in list(case.open):
        if station in step.ends and (not reference or name == reference):
            start = case.open.pop((station, name))
            how = step.exit or reason
            case.stays.append(Stay(case.organisation, case.name, station, start, case.day, how))
    if step.begins and (step.begins, reference) not in case.open:
        case.open[step.begins, reference] = case.day


def _row(case: _Case, step: Step, reference: str, reason: str, chance: Random) -> StepRow:
    child = case.child
    of_child = subject(step) == "child"
    priority = chance.choice(priorities()).id if "priority" in step.fields else ""
    return StepRow(
        case=case.name,
        step=step.id,
        day=case.day,
        told=add_working_days(case.day, chance.randrange(4)),
        organisation=case.organisation,
        municipality=child.municipality,
        child_bsn=child.number if of_child else "",
        birth_month=child.birth_month if of_child else "",
        sex=child.sex if of_child else "",
        priority=priority,
        reason=reason,
        reference=reference,
        last_day=case.day + TERM if "last_day" in step.fields else None,
    )
