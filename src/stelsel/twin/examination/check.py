"""One check of the examination: what was asked, what came out, whether it passed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PARTS = ("books", "formulas", "peers", "recovery", "history", "old results")
"""Parts of the examination, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check.

    Parameters
    ----------
    part
        One of :data:`PARTS`.
    asked_nl, asked_en
        What must hold.
    found_nl, found_en
        What was found, with its numbers.
    passed
        Whether it holds; None when it could not be done.
    """

    part: str
    asked_nl: str
    asked_en: str
    found_nl: str
    found_en: str
    passed: bool | None

    @property
    def outcome(self) -> Literal["passed", "failed", "not done"]:
        """The outcome in a word.

        Examples
        --------
        >>> Check("books", "", "", "", "", None).outcome
        'not done'
        """
        if self.passed is None:
            return "not done"
        return "passed" if self.passed else "failed"


def number(value: float, digits: int = 1) -> tuple[str, str]:
    """Write a number in Dutch and in English.

    Examples
    --------
    >>> number(1234.56), number(0.5, 2)
    (('1.234,6', '1,234.6'), ('0,50', '0.50'))
    """
    english = f"{value:,.{digits}f}"
    return english.translate(str.maketrans(",.", ".,")), english


def percent(share: float, digits: int = 0) -> tuple[str, str]:
    """Write a share as a percentage in Dutch and in English.

    Examples
    --------
    >>> percent(0.731)
    ('73 %', '73 %')
    """
    dutch, english = number(100 * share, digits)
    return f"{dutch} %", f"{english} %"
