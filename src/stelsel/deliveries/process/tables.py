"""The tables of the format: columns, the ways to write a value, and what findings say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from stelsel.deliveries.taken import Finding
from stelsel.errors import did_you_mean
from stelsel.tables import packaged, read_table

Lang = Literal["nl", "en"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the format.

    ``name`` is its heading in English, ``heading_nl`` in Dutch; both are read. ``needed`` is
    ``always``, ``child`` (with steps about a child), ``step`` (the step says) or ``no``; ``text``
    explains it and ``example`` shows it.
    """

    name: str
    heading_nl: str
    needed: str
    text_nl: str
    text_en: str
    example: str
    source: str

    def heading(self, lang: Lang) -> str:
        """Give the heading in a language.

        Examples
        --------
        >>> columns()[0].heading("nl"), columns()[0].heading("en")
        ('dossier', 'case')
        """
        return self.heading_nl if lang == "nl" else self.name


@cache
def columns() -> tuple[Column, ...]:
    """Give the columns, in the order in which they are written.

    Examples
    --------
    >>> [column.name for column in columns() if column.needed == "always"]
    ['case', 'step', 'day', 'told', 'organisation', 'municipality']
    """
    names = ["name", "heading_nl", "needed", "text_nl", "text_en", "example"]
    rows = read_table(packaged(__package__, "columns.csv"), names, key=["name"])
    return tuple(Column(**row) for row in rows)


@cache
def headings() -> dict[str, str]:
    """Give the column that each heading names, Dutch or English.

    Examples
    --------
    >>> headings()["gemeente"], headings()["municipality"]
    ('municipality', 'municipality')
    """
    dutch = {column.heading_nl: column.name for column in columns()}
    return dutch | {column.name: column.name for column in columns()}


@dataclass(frozen=True, slots=True)
class Value:
    """A way to write a value of a column; ``lang`` is empty where it holds in both languages."""

    column: str
    written: str
    means: str
    lang: str
    source: str


@cache
def values(column: str) -> tuple[Value, ...]:
    """Give the ways to write the values of a column.

    Examples
    --------
    >>> [(value.written, value.means) for value in values("sex")][:2]
    [('m', '1'), ('v', '2')]
    """
    names = ["column", "written", "means", "lang"]
    rows = read_table(packaged(__package__, "values.csv"), names, key=["column", "written"])
    return tuple(Value(**row) for row in rows if row["column"] == column)


def meaning(column: str, text: str) -> str | None:
    """Give what a written value means, None where it means nothing; capitals do not matter.

    Examples
    --------
    >>> meaning("withdraws", "Ja"), meaning("priority", "regulier"), meaning("sex", "x")
    ('yes', 'regular', None)
    """
    found = {value.written: value.means for value in values(column)}
    return found.get(text.lower())


def written(column: str, means: str, lang: Lang) -> str:
    """Give how a value is written in a language.

    Examples
    --------
    >>> written("sex", "2", "nl"), written("sex", "2", "en"), written("sex", "1", "en")
    ('v', 'f', 'm')
    """
    return next(
        value.written
        for value in values(column)
        if value.means == means and value.lang in {"", lang}
    )


def near(text: str, names: Iterable[str], lang: Lang) -> str:
    """Name the nearest known names without repeating the text, which may name a person.

    Examples
    --------
    >>> near("ja", ["yes", "no"], "en")
    'Known: yes, no.'
    """
    return did_you_mean(text, names, lang)


@cache
def _rules() -> dict[str, dict[str, str]]:
    names = ["rule", "message_nl", "message_en", "remedy_nl", "remedy_en"]
    rows = read_table(packaged(__package__, "rules.csv"), names, key=["rule"])
    return {row["rule"]: row for row in rows}


def finding(rule: str, line: int | None, column: str, lang: Lang, **slots: object) -> Finding:
    """Make a finding of the table of rules; column by its heading in the language.

    Parameters
    ----------
    rule
        Name of the rule.
    line
        Row of the file, None for the whole.
    column
        Name of a column, or empty.
    lang
        Language of the texts.
    **slots
        What is filled into them; never what a cell holds.

    Examples
    --------
    >>> print(finding("process.date", 3, "day", "en"))
    line 3, day: This is no day. [process.date] Write an existing day as 2024-03-31 or 31-3-2024.
    """
    row = _rules()[rule]
    heading = next((one.heading(lang) for one in columns() if one.name == column), column)
    return Finding(
        rule,
        line,
        heading,
        row[f"message_{lang}"].format(**slots),
        row[f"remedy_{lang}"].format(**slots),
    )
