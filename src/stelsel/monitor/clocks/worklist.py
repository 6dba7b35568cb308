"""Worklists: which case is due or overdue on a day, at which desk, by which rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stelsel.errors import StelselError, did_you_mean
from stelsel.monitor.clocks.rows import PRESSING
from stelsel.monitor.clocks.sequences import desk
from stelsel.system import Clock, clock, clocks, norm, organisations, station

WORKLIST = pa.schema(
    [
        *((name, pa.string()) for name in ("state", "case", "desk", "desk_name", "organisation")),
        *((name, pa.string()) for name in ("municipality", "norm", "rule", "term", "kind")),
        ("start", pa.date32()),
        ("last_day", pa.date32()),
        ("days_left", pa.int64()),
        *((name, pa.string()) for name in ("note", "source")),
    ]
)
"""Columns of a worklist.

============  ==========================================================================
state         ``due`` or ``overdue``
case          pseudonym of the case, of an age that of the child; never a name or number
desk          kind of organisation that must act, ``desk_name`` its name
organisation  its code; null where it has told nothing of this case
municipality  responsible municipality
norm          id of the norm, ``rule`` its name, ``term`` its term in words
kind          ``law``, ``agreement`` or ``own-choice``
start         the day from which the term is counted
last_day      the last day; ``days_left`` until then, below zero when over
note, source  what to mind; where the norm comes from
============  ==========================================================================
"""
_UNITS = {
    "nl": {
        "days": ("dag", "dagen"),
        "working_days": ("werkdag", "werkdagen"),
        "weeks": ("week", "weken"),
        "months": ("maand", "maanden"),
        "years": ("jaar", "jaar"),
        "hours": ("uur", "uur"),
    },
    "en": {
        "days": ("day", "days"),
        "working_days": ("working day", "working days"),
        "weeks": ("week", "weeks"),
        "months": ("month", "months"),
        "years": ("year", "years"),
        "hours": ("hour", "hours"),
    },
}
_DESKS = {
    "provider": {"nl": "Aanbieder", "en": "Provider"},
    "municipality": {"nl": "Gemeente", "en": "Municipality"},
    "": {"nl": "Ontvanger van het bericht", "en": "Receiver of the message"},
}


def chosen(name: str) -> tuple[Clock, ...]:
    """Give the clocks that a norm or a system of the letters names; all that run for no name.

    Raises
    ------
    StelselError
        When nothing has that name, or when its clock cannot run: it says what is missing.

    Examples
    --------
    >>> [one.norm for one in chosen("Y08")]
    ['board-start', 'board-update', 'board-mayor', 'board-urgent']
    """
    every = tuple(one for one in clocks() if one.runs)
    if not name:
        return every
    of_system = tuple(one for one in every if name in one.systems)
    if of_system:
        return of_system
    known = [one.norm for one in clocks()]
    if name not in known:
        raise StelselError(
            f"There is no norm {name}.",
            remedy=did_you_mean(name, known),
            what_nl=f"Er is geen norm {name}.",
            remedy_nl=did_you_mean(name, known, "nl"),
        )
    one = clock(name)
    if not one.runs:
        raise StelselError(
            f"The norm {name} has no clock that can run.",
            rule=one.missing_en,
            remedy="Choose another norm; those that run stand in the reference page of the clocks.",
            what_nl=f"De norm {name} heeft geen klok die kan lopen.",
            rule_nl=one.missing_nl,
            remedy_nl="Kies een andere norm; welke lopen staat in de lijst van klokken.",
        )
    return (one,)


def desk_of(one: Clock) -> str:
    """Give the kind of organisation that must act, or empty where it is who got a message.

    Examples
    --------
    >>> desk_of(clock("foster-age")), desk_of(clock("ijw-request-answer"))
    ('provider', 'municipality')
    """
    return desk(one) or (station(one.at[0]).owner if one.at else "")


def desk_name(kind: str, lang: str = "nl") -> str:
    """Name a kind of organisation.

    Examples
    --------
    >>> desk_name("certified-institution"), desk_name("provider", "en")
    ('Gecertificeerde instelling', 'Provider')
    """
    named = {one.id: one.name_nl if lang == "nl" else one.name_en for one in organisations()}
    return _DESKS[kind][lang] if kind in _DESKS else named[kind]


def term_words(one: Clock, lang: str = "nl") -> str:
    """Tell a term in words.

    Examples
    --------
    >>> term_words(clock("board-start"), "en"), term_words(clock("supervision-notice"))
    ('10 days', 'ten minste 2 maanden')
    """
    held = norm(one.norm)
    number, unit = held.limit, held.unit
    if unit == "months" and number > 24 and number % 12 == 6:
        return f"{number // 12}{',' if lang == 'nl' else '.'}5 {_UNITS[lang]['years'][1]}"
    words = f"{number} {_UNITS[lang][unit][number != 1]}"
    least = {"nl": "ten minste", "en": "at least"}[lang]
    return f"{least} {words}" if one.sense == "at-least" else words


def worklist(
    runs: pa.Table, on: date, lang: str = "nl", states: Sequence[str] = PRESSING
) -> pa.Table:
    """Give what must be done: what can still be kept first, then what is over.

    Parameters
    ----------
    runs
        What :func:`stelsel.monitor.clocks.running` gives.
    on
        The day for which they were worked out.
    lang
        Language of names and notes.
    states
        Which states to list.

    Returns
    -------
    pa.Table
        Columns of :data:`WORKLIST`: the due by their last day, then the overdue, the latest first.
        Rows about single cases: they stay inside.

    Examples
    --------
    >>> from stelsel.monitor.clocks import RUNS
    >>> worklist(RUNS.empty_table(), date(2026, 1, 1)).num_rows
    0
    """
    wanted = runs.filter(pc.is_in(runs["state"], pa.array(list(states), pa.string())))
    nl = lang == "nl"
    about: dict[str, dict[str, Any]] = {}
    for name in set(wanted["norm"].to_pylist()):
        one, held = clock(name), norm(name)
        about[name] = {
            "desk": desk_of(one),
            "desk_name": desk_name(desk_of(one), lang),
            "rule": held.name_nl if nl else held.name_en,
            "term": term_words(one, lang),
            "kind": held.kind,
            "note": one.note_nl if nl else one.note_en,
            "source": one.source,
        }
    rows = [
        {**row, **about[row["norm"]], "days_left": (row["last_day"] - on).days}
        for row in wanted.to_pylist()
    ]
    rows.sort(
        key=lambda row: (row["days_left"] < 0, abs(row["days_left"]), row["norm"], row["case"])
    )
    return pa.Table.from_pylist(rows, schema=WORKLIST)


def by_norm(rows: pa.Table) -> list[dict[str, Any]]:
    """Count a worklist by norm: due, overdue and the first last day, the most overdue first.

    Examples
    --------
    >>> by_norm(WORKLIST.empty_table())
    []
    """
    found: dict[str, dict[str, Any]] = {}
    for row in rows.to_pylist():
        one = found.setdefault(
            row["norm"],
            {name: row[name] for name in ("norm", "rule", "term", "kind", "desk_name")}
            | {"overdue": 0, "due": 0, "first": row["last_day"]},
        )
        one[row["state"]] += 1
    return sorted(found.values(), key=lambda one: (-one["overdue"], -one["due"], one["norm"]))
