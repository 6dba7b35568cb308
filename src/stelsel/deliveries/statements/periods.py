"""The period of a statement: a quarter, or a year for the budget."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from stelsel.errors import StelselError

_QUARTER = re.compile(r"(2\d{3})-Q([1-4])")
_YEAR = re.compile(r"2\d{3}")


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter or a year, with its first and last day.

    Parameters
    ----------
    name
        ``2024-Q3`` or ``2024``.
    rhythm
        ``quarter`` or ``year``.
    first, last
        Both days are in it.
    """

    name: str
    rhythm: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def period_of(name: str) -> Period | None:
    """Give the period that a name stands for; None where it stands for none.

    Examples
    --------
    >>> period_of("2024-Q3").last, period_of("2024-Q3").days
    (datetime.date(2024, 9, 30), 92)
    >>> period_of("2024").rhythm, period_of("2024-Q5")
    ('year', None)
    """
    if _YEAR.fullmatch(name):
        return Period(name, "year", date(int(name), 1, 1), date(int(name), 12, 31))
    found = _QUARTER.fullmatch(name)
    if found is None:
        return None
    year, quarter = int(found[1]), int(found[2])
    after = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return Period(name, "quarter", date(year, quarter * 3 - 2, 1), after - timedelta(days=1))


def period(name: str) -> Period:
    """Give the period that a name stands for.

    Raises
    ------
    StelselError
        When it stands for none.

    Examples
    --------
    >>> period("2026-Q1").first
    datetime.date(2026, 1, 1)
    """
    found = period_of(name)
    if found is None:
        raise StelselError(
            f"{name} is no quarter and no year.",
            where="period",
            remedy="Write a quarter as 2026-Q1, or a year as 2026.",
            what_nl=f"{name} is geen kwartaal en geen jaar.",
            remedy_nl="Schrijf een kwartaal als 2026-Q1, of een jaar als 2026.",
        )
    return found
