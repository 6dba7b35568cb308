"""Moments: what a clock can begin or stop at, beside the steps of processes.

A clock names a moment as the id of a step; as an id of ``moments.csv`` (what messages and
deliveries tell, and the birth); as ``in:STATION`` or ``out:EXIT`` (a stay begins at a station, or
ends in a way). Behind a step or a message can stand the reason or the priority that it must have:
``request-rejected:8``, ``board-protection-asked:crisis``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stelsel.system.entries import exits, stations
from stelsel.system.read import read_entries
from stelsel.system.steps import organisations, steps

BIRTH = "birth"
"""Stands in the place of a first step where the norm is an age."""
ADULT = "birth-18"
"""The eighteenth birthday."""
IN, OUT = "in", "out"
PROVIDER = "provider"
"""Tells messages; the other kinds of organisations are those that tell steps."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something a clock can begin or stop at; ``organisation`` is the kind that tells it."""

    id: str
    organisation: str
    name_nl: str
    name_en: str
    source: str


@cache
def moments() -> tuple[Moment, ...]:
    """Give the moments that are no steps, in the order of their table.

    Examples
    --------
    >>> [one.id for one in moments()][:4]
    ['birth', 'birth-18', 'in', 'out']
    """
    refers = {"organisation": [PROVIDER, *(one.id for one in organisations())]}
    columns = ["id", "organisation", "name_nl", "name_en"]
    return read_entries(
        "moments.csv", columns, lambda row: Moment(**row), key=["id"], refers=refers
    )


@cache
def _tellers() -> dict[str, str]:
    told = {one.id: one.organisation for one in moments()}
    return told | {one.id: one.organisation for one in steps()}


def is_moment(name: str) -> bool:
    """Tell whether a clock can name a moment so.

    Examples
    --------
    >>> [is_moment(name) for name in ("safety-reported", "in:care-secure-care", "in:school")]
    [True, True, False]
    """
    head, _, rest = name.partition(":")
    if head == IN and rest:
        return rest in {one.id for one in stations()}
    if head == OUT and rest:
        return rest in {one.id for one in exits()}
    return head in _tellers()


def teller(name: str) -> str:
    """Give the kind of organisation that tells a moment; empty where it is none in particular.

    Examples
    --------
    >>> teller("request-rejected:8"), teller("court-asked"), teller("birth")
    ('municipality', 'court', '')
    """
    return _tellers().get(name.partition(":")[0], "")


def of_message(name: str) -> bool:
    """Tell whether messages or deliveries tell a moment: then its case says what it answers.

    Examples
    --------
    >>> [of_message(name) for name in ("request-rejected:8", "court-asked", "in:care-ambulatory")]
    [True, False, False]
    """
    head = name.partition(":")[0]
    return head in {one.id for one in moments()} - {BIRTH, ADULT, IN, OUT}


def told(name: str, lang: str = "nl") -> str:
    """Write a moment in words.

    Examples
    --------
    >>> told("board-protection-asked:crisis", "en")
    'Protection investigation asked (crisis)'
    >>> told("in:care-secure-care", "en")
    'Beginning of a stay (Secure care)'
    """
    head, _, rest = name.partition(":")
    words = _words(lang)
    return f"{words[head]} ({words.get(rest, rest)})" if rest else words[head]


@cache
def _words(lang: str) -> dict[str, str]:
    nl = lang == "nl"
    named: dict[str, str] = {}
    for place in stations():
        named[place.id] = place.name_nl if nl else place.name_en
    for way in exits():
        named[way.id] = way.name_nl if nl else way.name_en
    for one in steps():
        named[one.id] = one.name_nl if nl else one.name_en
    for other in moments():
        named[other.id] = other.name_nl if nl else other.name_en
    return named
