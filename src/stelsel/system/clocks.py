"""Clocks: from which step to which step, and at which station, the term of a norm runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from stelsel.errors import Fault, StelselError
from stelsel.system.entries import norms, stations
from stelsel.system.read import parts, read_entries, yes_or_no
from stelsel.system.steps import steps

BIRTH = "birth"
"""Stands in the place of a first step where the norm is an age."""
SENSES = ("at-most", "at-least")


@dataclass(frozen=True, slots=True)
class Clock:
    """What the term of a norm is measured between.

    It runs in one case from any of ``from_steps`` (or from the birth) to the first of ``to_steps``
    that follows; where there are none, from the first day or to the last day of the stay at
    ``station``. A clock that ``repeats`` begins again at each of its last steps, as long as the
    stay lasts. ``sense`` says whether the term is the most (``at-most``) or the least
    (``at-least``) that may lie between; ``share`` is the share of cases for which the parties
    want it kept, None where it holds for all. ``station`` is where it is shown, or empty.
    """

    norm: str
    station: str
    from_steps: tuple[str, ...]
    to_steps: tuple[str, ...]
    sense: str
    repeats: bool
    share: float | None
    source: str


@cache
def clocks() -> tuple[Clock, ...]:
    """Give the clocks, in the order of their table.

    Raises
    ------
    StelselError
        With every fault of the table.

    Examples
    --------
    >>> one = clocks()[0]
    >>> one.norm, one.from_steps, one.to_steps, one.share
    ('veilig-thuis-safety', ('safety-reported',), ('safety-assessed',), 0.9)
    """
    columns = ["norm", "station", "from_steps", "to_steps", "sense", "repeats", "share"]

    def make(row: dict[str, str]) -> Clock:
        return Clock(
            row["norm"],
            row["station"],
            parts(row["from_steps"]),
            parts(row["to_steps"]),
            row["sense"],
            yes_or_no(row["repeats"]),
            float(row["share"]) if row["share"] else None,
            row["source"],
        )

    known = [one.id for one in steps()]
    refers = {
        "norm": [one.id for one in norms()],
        "station": [one.id for one in stations()],
        "from_steps": [BIRTH, *known],
        "to_steps": known,
        "sense": SENSES,
    }
    found = read_entries("clocks.csv", columns, make, key=["norm", "station"], refers=refers)
    if faults := [fault for clock in found for fault in _faults(clock)]:
        raise StelselError(faults)
    return found


def _faults(clock: Clock) -> Iterator[Fault]:
    where, where_nl = f"clocks.csv, norm {clock.norm}", f"clocks.csv, norm {clock.norm}"
    if not clock.station and not (clock.from_steps and clock.to_steps):
        yield Fault(
            "It has no first or no last day.",
            where,
            remedy="Name the steps, or the station.",
            what_nl="De klok heeft geen begin of geen einde.",
            where_nl=where_nl,
            remedy_nl="Noem de stappen, of de halte.",
        )
    if clock.share is not None and not 0 < clock.share <= 1:
        yield Fault(
            f"Its share {clock.share:g} is not between 0 and 1.",
            where,
            what_nl=f"Het deel {clock.share:g} ligt niet tussen 0 en 1.",
            where_nl=where_nl,
        )
