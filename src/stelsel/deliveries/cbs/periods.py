"""Periods of deliveries: half years and quarters, and which of them is processed when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

TERM = timedelta(weeks=3)
"""After the end of a period there are three weeks to deliver (protocol v7, par. 7.3-7.6)."""
_TEXT = re.compile(r"([12][0-9]{3})-(H[12]|Q[1-4])")
_LETTERS = {2: "H", 4: "Q"}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half year or a quarter.

    Parameters
    ----------
    parts
        How many there are in a year: 2 or 4.
    year
        The year.
    part
        Which of them, from 1.

    Examples
    --------
    >>> period = Period.of("2024-Q3")
    >>> period.first.isoformat(), period.last.isoformat(), str(period.previous)
    ('2024-07-01', '2024-09-30', '2024-Q2')
    """

    parts: int
    year: int
    part: int

    @classmethod
    def of(cls, text: str) -> Period:
        """Read ``2024-H1`` or ``2024-Q3``.

        Raises
        ------
        ValueError
            When the text is no period.
        """
        found = _TEXT.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no period")
        return cls(2 if found[2][0] == "H" else 4, int(found[1]), int(found[2][1]))

    @classmethod
    def ended_before(cls, day: date, parts: int) -> Period:
        """Give the last period that had ended on a day.

        Examples
        --------
        >>> str(Period.ended_before(date(2024, 7, 1), 2))
        '2024-H1'
        >>> str(Period.ended_before(date(2024, 6, 30), 2))
        '2023-H2'
        """
        return cls(parts, day.year, (day.month - 1) * parts // 12 + 1).previous

    def __str__(self) -> str:
        return f"{self.year}-{_LETTERS[self.parts]}{self.part}"

    @property
    def first(self) -> date:
        """First day."""
        return date(self.year, (self.part - 1) * 12 // self.parts + 1, 1)

    @property
    def last(self) -> date:
        """Last day."""
        return self.next.first - timedelta(days=1)

    @property
    def previous(self) -> Period:
        """The period directly before."""
        return (
            Period(self.parts, self.year, self.part - 1)
            if self.part > 1
            else Period(self.parts, self.year - 1, self.parts)
        )

    @property
    def next(self) -> Period:
        """The period directly after."""
        return (
            Period(self.parts, self.year, self.part + 1)
            if self.part < self.parts
            else Period(self.parts, self.year + 1, 1)
        )

    @property
    def deadline(self) -> date:
        """Last day on which it may be delivered."""
        return self.last + TERM

    def processed_on(self, day: date) -> bool:
        """Whether a delivery about this period is still processed on a day.

        Only the current period, which is the last that has ended, and the one directly before it
        are (protocol v7, par. 7.3-7.6); one that is delivered early is not refused here.

        Examples
        --------
        >>> Period.of("2023-H2").processed_on(date(2024, 12, 31))
        True
        >>> Period.of("2023-H2").processed_on(date(2025, 1, 1))
        False
        """
        return self >= Period.ended_before(day, self.parts).previous
