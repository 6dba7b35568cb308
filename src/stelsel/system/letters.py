"""The letters to parliament that announce measures, by their key."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stelsel.system.read import read_entries


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: its key, such as ``L25``, and what it is called in a sentence."""

    key: str
    name_nl: str
    name_en: str
    source: str


@cache
def letters() -> dict[str, Letter]:
    """Give the letters by key, in order of date.

    Examples
    --------
    >>> letters()["L25"].name_en
    'the progress letter on the Reform Agenda of June 2025'
    """
    columns = ("key", "name_nl", "name_en")
    made = read_entries("letters.csv", columns, lambda row: Letter(**row), key=("key",))
    return {letter.key: letter for letter in made}
