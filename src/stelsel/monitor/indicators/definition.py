"""What an indicator is: whom it counts, when, against what, and what to mind.

A *selection* picks spells. An indicator takes a *moment* of them (there on the last day of the
period, begun in it, ended in it, there on any day of it) and a *measure*:

=========  ========================================================================================
count      how many spells of the selection, or how many children
share      of those how many also belong to ``part``, in percent; Wilson's 95 % interval, in which
           spells of one child count for less where they are alike
ratio      how many for each one of another selection, at its own moment
length     how long a spell lasts: median and 80th percentile by Kaplan-Meier, open spells and late
           entry counted, those that end otherwise than by ``exits`` censored
ends       how spells end within ``days`` of their beginning: each way of ending by Aalen-Johansen
lasted     how long those that are there have been there so far: the median
within     of spells that reached an end or their term in the period, the share that took no longer
           than ``norm``; those still running within their term are not counted
beside     of the children there, the share with ``least`` or more spells of the selection at once
again      of spells begun in the period, the share whose child had an earlier spell of ``part``
           (or of the selection itself) that ended at least ``gap`` days before and less than
           ``years`` years before the period
no-return  of spells ended in the period, the share whose child began no new spell of the selection
           at least ``gap`` days after, up to the end of the next half-year
follow     of spells ended in the period, the share whose child began a spell of ``part`` (or of the
           selection) from that day to ``days`` days after; with ``other`` at another station
days       how many days of the period the spells of the selection were there, all together
mark       of spells ended with a mark: the mean with its 95 % interval, and the median
=========  ========================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

Measure = Literal[
    "count",
    "share",
    "ratio",
    "length",
    "ends",
    "lasted",
    "within",
    "beside",
    "again",
    "no-return",
    "follow",
    "mark",
    "days",
]
Moment = Literal["there", "begun", "ended", "during"]
Direction = Literal["lower", "higher", "none"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
MOMENTS: tuple[Moment, ...] = get_args(Moment)
Reads = Literal["spells", "answers"]
READS: tuple[Reads, ...] = get_args(Reads)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
LEVELS = ("country", "region", "municipality", "provider")
"""Levels of detail, the country being the total."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which spells: at these stations, and of these forms, ways of ending and so on.

    An empty tuple leaves all in. ``exits`` picks spells that ended so; an open spell has none.

    Examples
    --------
    >>> Selection(stations=("wait-ambulatory",), priorities=("crisis",)).forms
    ()
    """

    stations: tuple[str, ...]
    forms: tuple[str, ...] = ()
    exits: tuple[str, ...] = ()
    referrers: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()

    def columns(self) -> dict[str, tuple[str, ...]]:
        """Give the values asked for, by column of a spell; columns with none are left out.

        Examples
        --------
        >>> Selection(("care-foster-care",), exits=("planned",)).columns()
        {'station': ('care-foster-care',), 'exit': ('planned',)}
        """
        found = {
            "station": self.stations,
            "form": self.forms,
            "exit": self.exits,
            "referrer": self.referrers,
            "priority": self.priorities,
        }
        return {name: values for name, values in found.items() if values}


@dataclass(frozen=True, slots=True)
class Break:
    """A day at which what is counted changed, so that before and after do not compare."""

    day: date
    why_nl: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator; see the module for the measures.

    Parameters
    ----------
    id
        Stable name.
    name_nl, name_en, question_nl, question_en
        Its name, and the question it answers.
    systems
        The systems of the letters it watches, such as ``Y03``.
    measure, moment
        How it counts; see the module. ``moment`` means nothing to the measures that have their own.
    of, part, per
        The selections: whom it is about; which of them (share, again), or beside what (ratio).
    per_moment
        Moment of ``per``.
    counts
        ``spells`` or ``children``: what a count, share or ratio counts.
    by
        What it is grouped by unless asked otherwise.
    direction
        Whether ``lower`` or ``higher`` is better, or ``none``.
    norm
        Id of a norm in ``system/data/norms.csv``, or empty.
    exits
        Of a length: the ways of ending that count as its end; empty for all.
    days, years, gap, least, other
        Lengths and conditions that the measures name.
    sensitive
        Whether the groups say something that hurts if all or none of a group belong to it.
    levels
        Groups it may be told for: ``country`` (the total), ``region``, ``municipality``,
        ``provider``; another one is refused, whoever asks.
    source
        Where the definition comes from, or that it is an own choice.
    caveats_nl, caveats_en
        What to mind.
    reads
        What it is worked out over: spells, or ``answers`` of children and parents, which have the
        columns of spells.
    companions
        Indicators that are always told beside it, such as the response beside answers.
    breaks
        Days over which it may not be pooled: a period with one in it is told in two.
    """

    id: str
    name_nl: str
    name_en: str
    question_nl: str
    question_en: str
    systems: tuple[str, ...]
    measure: Measure
    of: Selection
    source: str
    moment: Moment = "there"
    part: Selection | None = None
    per: Selection | None = None
    per_moment: Moment = "there"
    counts: Literal["spells", "children"] = "spells"
    by: tuple[str, ...] = ()
    direction: Direction = "none"
    norm: str = ""
    exits: tuple[str, ...] = ()
    days: int = 365
    years: int = 5
    gap: int = 1
    least: int = 2
    other: bool = False
    sensitive: bool = False
    levels: tuple[str, ...] = LEVELS
    caveats_nl: tuple[str, ...] = ()
    caveats_en: tuple[str, ...] = ()
    reads: Reads = "spells"
    companions: tuple[str, ...] = ()
    breaks: tuple[Break, ...] = field(default=())

    @property
    def unit(self) -> str:
        """What its value is in: spells or children, percent, days, a mark, or a number for each.

        Examples
        --------
        >>> from stelsel.monitor.indicators import named
        >>> named("waiting-children").unit
        'children'
        """
        if self.measure in ("length", "lasted", "days"):
            return "days"
        if self.measure == "count":
            return self.counts
        if self.measure == "mark":
            return "mark"
        return "ratio" if self.measure == "ratio" else "percent"
