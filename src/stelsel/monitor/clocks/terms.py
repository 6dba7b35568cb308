"""The constants of the rules, each with the norm whose clock watches it, or why none does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stelsel.tables import packaged, read_table


@dataclass(frozen=True, slots=True)
class Term:
    """A constant of the rules: its number, and its norm or why it is no term of a case."""

    term: str
    value: str
    norm: str
    why_nl: str
    why_en: str
    source: str


@cache
def terms() -> tuple[Term, ...]:
    """Give the constants, in the order of their table.

    Raises
    ------
    StelselError
        With every fault of the table.

    Examples
    --------
    >>> one = terms()[0]
    >>> one.term, one.value, one.norm
    ('cbs.deadline_weeks', '3', 'cbs-delivery')
    """
    columns = ("term", "value", "norm", "why_nl", "why_en")
    file = packaged("stelsel.monitor.clocks", "terms.csv")
    return tuple(Term(**row) for row in read_table(file, columns, key=("term",)))
