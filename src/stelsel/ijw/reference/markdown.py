"""Small pieces of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from textwrap import fill
from typing import Final

WIDTH: Final = 118
"""Most characters of a line of prose."""


def anchor(heading: str) -> str:
    """Give the name by which a heading can be linked to, as the usual forges make it.

    Examples
    --------
    >>> anchor("WJ756 Eenheid"), anchor("structure.missing")
    ('wj756-eenheid', 'structuremissing')
    """
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    r"""Give the lines of a table.

    Examples
    --------
    >>> table(("a", "b"), [("1", "x|y")])
    ['| a | b |', '|---|---|', '| 1 | x\\|y |']
    """
    return [
        _row(columns),
        "|" + "---|" * len(columns),
        *(_row([cell.replace("|", "\\|") for cell in row]) for row in rows),
    ]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def made_note(tables: str) -> str:
    """Say that a page is made from tables and must not be edited.

    Examples
    --------
    >>> made_note("rules.csv")
    '*Made by `make reference` from rules.csv in `src/stelsel/ijw/data/`: change the table.*'
    """
    last = "tables" if "," in tables else "table"
    return (
        f"*Made by `make reference` from {tables} in `src/stelsel/ijw/data/`: change the {last}.*"
    )


def wrapped(text: str) -> str:
    """Break a paragraph into lines that are not too long to read in a text editor.

    Examples
    --------
    >>> len(wrapped("word " * 50).splitlines())
    3
    """
    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
