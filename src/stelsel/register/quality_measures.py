"""The measures of quality: name, question, unit, direction, norm and remedy of each, as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from stelsel.errors import Fault, StelselError, did_you_mean
from stelsel.system import norms
from stelsel.tables import packaged, read_table

SUBJECTS: Final = ("completeness", "orphans", "lateness", "plausibility", "refusals")
"""What measures are about, in the order in which they are shown."""
PARTIES: Final = ("provider", "municipality", "sender")
"""By whom a measure is told apart: who can mend it."""
_COLUMNS: Final = (
    *("id", "subject", "party", "unit_nl", "unit_en", "direction", "norm", "name_nl", "name_en"),
    *("question_nl", "question_en", "remedy_nl", "remedy_en"),
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of the quality of a register.

    Parameters
    ----------
    id
        Name in tables and JSON; stable.
    subject
        One of :data:`SUBJECTS`.
    party
        One of :data:`PARTIES`: who is asked to mend it.
    unit_nl, unit_en
        What is counted.
    direction
        ``lower``: the lower the better; ``higher``.
    norm
        Id of the norm behind it, or empty.
    name_nl, name_en, question_nl, question_en, remedy_nl, remedy_en
        Its name, the question that it answers, and what to do about it.
    source
        Where the definition comes from.
    """

    id: str
    subject: str
    party: str
    unit_nl: str
    unit_en: str
    direction: str
    norm: str
    name_nl: str
    name_en: str
    question_nl: str
    question_en: str
    remedy_nl: str
    remedy_en: str
    source: str


@cache
def measures() -> tuple[Measure, ...]:
    """Give the measures, in the order in which they are shown.

    Raises
    ------
    StelselError
        With every cell of the table that names something that does not exist.

    Examples
    --------
    >>> measures()[0].id, measures()[0].norm
    ('allocations-without-start', 'ijw-start')
    """
    file = packaged("stelsel.register", "quality_measures.csv")
    rows = read_table(file, _COLUMNS, key=["id"])
    known = {
        "subject": SUBJECTS,
        "party": PARTIES,
        "direction": ("lower", "higher"),
        "norm": ("", *(norm.id for norm in norms())),
    }
    faults = [
        Fault(
            f"{column} names {row[column]!r}, which does not exist.",
            f"{file.name}, line {line}",
            remedy=did_you_mean(row[column], names),
            what_nl=f"{column} noemt {row[column]!r}, dat niet bestaat.",
            where_nl=f"{file.name}, regel {line}",
            remedy_nl=did_you_mean(row[column], names, "nl"),
        )
        for line, row in enumerate(rows, start=2)
        for column, names in known.items()
        if row[column] not in names
    ]
    if faults:
        raise StelselError(faults)
    return tuple(Measure(**row) for row in rows)
