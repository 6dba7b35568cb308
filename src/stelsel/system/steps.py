"""Steps: what happens in a process that has no national message, as an organisation tells it.

A step puts someone at a station, takes someone off it, or only marks that something was done
there: a contact, a check, an extension. The clocks of the norms run from step to step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from stelsel.errors import Fault, StelselError
from stelsel.system.entries import exits, station, stations
from stelsel.system.read import holds, look_up, parts, period, read_entries

FIELDS = ("priority", "reason", "reference", "last_day")
"""Further columns that a step can need: the class of the list, how it ended, to whom or what it
refers, and the day until which something was ordered."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A kind of organisation that tells steps."""

    id: str
    name_nl: str
    name_en: str
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens to one case on one day.

    ``organisation`` is the kind that tells it; ``begins`` the station where a stay begins on that
    day, or empty; ``ends`` the stations where a stay ends, if one is open; ``exit`` the way in
    which it ends. Where ``ends`` holds stations and ``exit`` is empty, the column ``reason`` tells
    the way. ``at`` are the stations that a mark belongs to: nothing begins or ends there.
    ``fields`` are the columns of :data:`FIELDS` that must be filled, ``may`` those that can be.
    """

    id: str
    organisation: str
    begins: str
    ends: tuple[str, ...]
    exit: str
    at: tuple[str, ...]
    fields: tuple[str, ...]
    may: tuple[str, ...]
    name_nl: str
    name_en: str
    valid_from: date | None
    valid_to: date | None
    source: str

    @property
    def reasons(self) -> tuple[str, ...]:
        """The exits that its column ``reason`` may hold; empty where it has no such column.

        Examples
        --------
        >>> step("safety-judged").reasons[:3]
        ('confirmed', 'not-confirmed', 'refuted')
        """
        if "reason" not in self.fields:
            return ()
        return tuple(one.id for one in exits(station(self.ends[0]).kind))


@cache
def organisations() -> tuple[Organisation, ...]:
    """Give the kinds of organisations that tell steps.

    Examples
    --------
    >>> [one.id for one in organisations()][:3]
    ['veilig-thuis', 'municipality', 'safety-team']
    """
    columns = ["id", "name_nl", "name_en"]
    return read_entries("organisations.csv", columns, lambda row: Organisation(**row), key=["id"])


@cache
def _all_steps() -> tuple[Step, ...]:
    columns = [
        *("id", "organisation", "begins", "ends", "exit", "at", "fields", "may"),
        *("name_nl", "name_en", "valid_from", "valid_to"),
    ]

    def make(row: dict[str, str]) -> Step:
        several = {name: parts(row[name]) for name in ("ends", "at", "fields", "may")}
        return Step(**row | several | period(row))  # type: ignore[arg-type]

    known = [one.id for one in stations()]
    refers = {
        "organisation": [one.id for one in organisations()],
        "begins": known,
        "ends": known,
        "at": known,
        "fields": FIELDS,
        "may": FIELDS,
    }
    found = read_entries("steps.csv", columns, make, key=["id"], refers=refers)
    if faults := [fault for step in found for fault in _faults(step)]:
        raise StelselError(faults)
    return found


def _faults(step: Step) -> Iterator[Fault]:
    """Find what no single column shows: that what a step ends has an end, and only one."""
    where, where_nl = f"steps.csv, step {step.id}", f"steps.csv, stap {step.id}"
    kinds = sorted({station(name).kind for name in step.ends})
    for kind in kinds:
        if step.exit and step.exit not in {one.id for one in exits(kind)}:
            yield Fault(
                f"Its exit {step.exit!r} does not end a stay of kind {kind!r}.",
                where,
                remedy="Name an exit of exits.csv of that kind.",
                what_nl=f"De afloop {step.exit!r} beëindigt geen verblijf van soort {kind!r}.",
                where_nl=where_nl,
                remedy_nl="Noem een afloop uit exits.csv van die soort.",
            )
    told = "reason" in step.fields
    if told != bool(step.ends and not step.exit) or (told and len(kinds) > 1):
        yield Fault(
            "It must tell how it ends a stay in one way: by its exit, or by its reason "
            "at stations of one kind.",
            where,
            remedy="Fill the exit, or put reason among its fields.",
            what_nl="De stap moet op één manier zeggen hoe een verblijf eindigt: met de afloop, "
            "of met de reden bij haltes van één soort.",
            where_nl=where_nl,
            remedy_nl="Vul de afloop in, of zet reason bij de velden.",
        )
    if not (step.begins or step.ends or step.at):
        yield Fault(
            "It begins, ends and marks nothing.",
            where,
            remedy="Name a station.",
            what_nl="De stap begint, beëindigt en markeert niets.",
            where_nl=where_nl,
            remedy_nl="Noem een halte.",
        )


def steps(organisation: str | None = None, on: date | None = None) -> tuple[Step, ...]:
    """Give the steps, in the order of their table.

    Parameters
    ----------
    organisation
        Only those that this kind of organisation tells.
    on
        Only those that could happen on this day.

    Examples
    --------
    >>> [one.id for one in steps("complaints")]
    ['complaint-received', 'complaint-settled', 'counsellor-contact']
    """
    return tuple(
        step
        for step in _all_steps()
        if (organisation is None or step.organisation == organisation)
        and (on is None or holds(step.valid_from, step.valid_to, on))
    )


@cache
def _steps() -> dict[str, Step]:
    return {step.id: step for step in _all_steps()}


def step(name: str) -> Step:
    """Give a step by its id.

    Raises
    ------
    StelselError
        When there is no such step.

    Examples
    --------
    >>> one = step("board-protection-started")
    >>> one.begins, one.ends, one.exit
    ('investigation-board-protection', ('list-board-protection',), 'started')
    """
    return look_up(_steps(), name, "step", "stap")
