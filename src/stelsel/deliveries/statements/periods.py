"""The period of a statement: a quarter, or a year for the budget."""

from __future__ import annotations

from stelsel.deliveries.periods import Period
from stelsel.errors import StelselError


def period_of(name: str) -> Period | None:
    """Give the period that a name stands for; None where it stands for none of a statement.

    Examples
    --------
    >>> period_of("2024-Q3").last, period_of("2024-Q3").days
    (datetime.date(2024, 9, 30), 92)
    >>> period_of("2024").rhythm, period_of("2024-Q5"), period_of("2024-H1")
    ('year', None, None)
    """
    try:
        found = Period.of(name)
    except ValueError:
        return None
    # The regulation (art. 8g) is of this century, and knows no half years.
    return found if found.rhythm in {"quarter", "year"} and found.year >= 2000 else None


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
