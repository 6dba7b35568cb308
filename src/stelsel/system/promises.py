"""What the letters to parliament promise: measures with their status, by whom told and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, get_args

from stelsel.system.letters import letters
from stelsel.system.read import parts, read_entries
from stelsel.tables import to_date

Status = Literal["announced", "running", "in-force", "done", "not-reached"]
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Promise:
    """A measure that was announced.

    Parameters
    ----------
    id
        Its name, such as ``M20``; a scenario that tries it out names it as its ``measure``.
    letters
        Keys of the letters that announce it.
    status
        One of :data:`STATUSES`, as told on ``told_on`` by ``source``.
    told_on
        The day of what is told; the first of the month or year where no day is known.
    planned_end
        When it is to be done; None where no day is named.
    """

    id: str
    letters: tuple[str, ...]
    status: Status
    told_on: date
    planned_end: date | None
    name_nl: str
    name_en: str
    note_nl: str
    note_en: str
    source: str

    def late(self, on: date) -> bool:
        """Tell whether its planned end has passed while it is not done.

        Examples
        --------
        >>> [one.id for one in promises() if one.late(date(2021, 6, 30))]
        ['M11']
        """
        over = self.planned_end is not None and self.planned_end < on
        return over and self.status not in ("done", "in-force")


@cache
def promises() -> tuple[Promise, ...]:
    """Give the promises, in the order of their names.

    Examples
    --------
    >>> promises()[19].id, promises()[19].planned_end
    ('M20', datetime.date(2030, 12, 31))
    """
    columns = [
        *("id", "letters", "status", "told_on", "planned_end", "name_nl", "name_en"),
        *("note_nl", "note_en"),
    ]

    def make(row: dict[str, str]) -> Promise:
        days: dict[str, Any] = {name: to_date(row[name]) for name in ("told_on", "planned_end")}
        told = parts(row["letters"])
        unknown = [key for key in told if key not in letters()]
        if unknown or row["status"] not in STATUSES or days["told_on"] is None:
            raise ValueError("a letter, the status or the day is not known")
        return Promise(**row | days | {"letters": told})

    return read_entries("promises.csv", columns, make, key=["id"])
