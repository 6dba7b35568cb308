"""What is had from a file of a delivery: events, or everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

SUFFIXES: Final = (".csv", ".txt", ".dat", ".asc", ".xlsx", ".parquet")
"""What is looked at in a folder beside messages; a file that is named itself always is."""
Event = dict[str, Any]
"""A row of :data:`stelsel.events.SCHEMA`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a file; never holds what it says of a child.

    Parameters
    ----------
    rule
        Name of the rule, such as ``"cbs.date"``.
    line
        Line or row in the file, from 1 with its heading; None for the file as a whole.
    column
        Name of the column or field; empty for a row or file as a whole.
    message, remedy
        What is wrong and what to do, in the language asked for.

    Examples
    --------
    >>> print(Finding("cbs.date", 7, "begin", "This is no day.", "Write it as yyyymmdd."))
    line 7, begin: This is no day. [cbs.date] Write it as yyyymmdd.
    """

    rule: str
    line: int | None
    column: str
    message: str
    remedy: str

    def __str__(self) -> str:
        places = [f"line {self.line}" if self.line is not None else "", self.column]
        where = ", ".join(place for place in places if place)
        return f"{where}{': ' if where else ''}{self.message} [{self.rule}] {self.remedy}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file.

    Parameters
    ----------
    file
        Path of the file.
    kind
        What sort of file it is, such as ``"cbs-youth-care"``.
    events
        What it tells; none if something is wrong with it: a file is taken in whole or not at all.
    findings
        All that is wrong with it.

    Examples
    --------
    >>> Taken("a.csv", "process", (), ()).valid
    True
    """

    file: str
    kind: str
    events: tuple[Event, ...]
    findings: tuple[Finding, ...]

    @property
    def valid(self) -> bool:
        """Whether nothing was found."""
        return not self.findings
