"""Clocks: from which moment to which moment, and at which station, the term of a norm runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from stelsel.errors import Fault, StelselError
from stelsel.system.entries import norms, stations
from stelsel.system.moments import BIRTH, is_moment
from stelsel.system.read import look_up, parts, read_entries, yes_or_no

SENSES = ("at-most", "at-least", "may")
SYSTEMS = tuple(f"Y{number:02d}" for number in range(1, 33))
_MOMENTS = ("since", "from_steps", "to_steps", "else_steps")


@dataclass(frozen=True, slots=True)
class Clock:
    """What the term of a norm is measured between; see ``docs/reference/map.md``.

    It runs in one case from any of ``from_steps`` (or from the birth) to the first of ``to_steps``
    that follows; where there are none, from the first day or to the last day of the stay at
    ``station``. ``else_steps`` end it without either: the case went another way. The term is
    counted from the last of ``since`` before it where that is told, else from where it begins.
    A clock that ``repeats`` begins again at each of its last steps, as long as the stay lasts.
    ``sense`` says whether the term is the most (``at-most``) or the least (``at-least``) that may
    lie between, or a right that lapses (``may``); ``share`` is the share of cases for which the
    parties want it kept, None where it holds for all; ``ahead`` how many days before the last one
    it is due (own choice). ``station`` is where it is shown, or empty; ``at`` are the stations at
    one of which a child must be for an age to count. ``systems`` are those of the letters.
    ``missing_nl`` and ``missing_en`` tell what data it would need that no delivery has: it does
    not run; ``note_nl`` and ``note_en`` what to mind.
    """

    norm: str
    station: str
    since: tuple[str, ...]
    from_steps: tuple[str, ...]
    to_steps: tuple[str, ...]
    else_steps: tuple[str, ...]
    at: tuple[str, ...]
    sense: str
    repeats: bool
    share: float | None
    ahead: int
    systems: tuple[str, ...]
    missing_nl: str
    missing_en: str
    note_nl: str
    note_en: str
    source: str

    @property
    def runs(self) -> bool:
        """Whether there is data on which it can run.

        Examples
        --------
        >>> [clock("board-start").runs, clock("treeknorm-intake").runs]
        [True, False]
        """
        return not self.missing_en


@cache
def clocks() -> tuple[Clock, ...]:
    """Give the clocks, one a norm, in the order of their table.

    Raises
    ------
    StelselError
        With every fault of the table.

    Examples
    --------
    >>> one = clocks()[0]
    >>> one.norm, one.from_steps, one.to_steps[0], one.share
    ('veilig-thuis-safety', ('safety-reported',), 'safety-assessed', 0.9)
    """
    columns = [
        *("norm", "station", "since", "from_steps", "to_steps", "else_steps", "at", "sense"),
        *("repeats", "share", "ahead", "systems", "missing_nl", "missing_en"),
        *("note_nl", "note_en"),
    ]

    def make(row: dict[str, str]) -> Clock:
        several = {name: parts(row[name]) for name in (*_MOMENTS, "at", "systems")}
        return Clock(
            **row  # type: ignore[arg-type]
            | several
            | {
                "repeats": yes_or_no(row["repeats"]),
                "share": float(row["share"]) if row["share"] else None,
                "ahead": int(row["ahead"] or 0),
            }
        )

    places = [one.id for one in stations()]
    refers = {
        "norm": [one.id for one in norms()],
        "station": places,
        "at": places,
        "sense": SENSES,
        "systems": SYSTEMS,
    }
    found = read_entries("clocks.csv", columns, make, key=["norm"], refers=refers)
    if faults := [fault for clock in found for fault in _faults(clock)]:
        raise StelselError(faults)
    return found


def clock(norm: str) -> Clock:
    """Give the clock of a norm.

    Raises
    ------
    StelselError
        When the norm has none.

    Examples
    --------
    >>> clock("board-start").sense
    'at-most'
    """
    return look_up({one.norm: one for one in clocks()}, norm, "norm", "norm")


def _faults(clock: Clock) -> Iterator[Fault]:
    where, where_nl = f"clocks.csv, norm {clock.norm}", f"clocks.csv, norm {clock.norm}"
    for column in _MOMENTS:
        for name in getattr(clock, column):
            if not is_moment(name):
                yield Fault(
                    f"{column} refers to {name!r}, which does not exist.",
                    where,
                    remedy="Name a step, or a moment of moments.csv.",
                    what_nl=f"{column} verwijst naar {name!r}, dat niet bestaat.",
                    where_nl=where_nl,
                    remedy_nl="Noem een stap, of een moment uit moments.csv.",
                )
    of_stay = clock.station or (clock.at and clock.from_steps == (BIRTH,))
    if clock.runs and not of_stay and not (clock.from_steps and clock.to_steps):
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
    if bool(clock.missing_nl) != bool(clock.missing_en):
        yield Fault(
            "What is missing is told in one language only.",
            where,
            what_nl="Wat ontbreekt staat er in één taal.",
            where_nl=where_nl,
        )
