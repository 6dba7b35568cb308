"""Periods of deliveries: years, half years and quarters, and which of them is processed when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

TERM = timedelta(weeks=3)
"""After the end of a period there are three weeks to deliver to CBS (protocol v7, par. 7.3-7.6)."""
_TEXT = re.compile(r"([12][0-9]{3})(?:-(H[12]|Q[1-4]))?")
_LETTERS = {1: "", 2: "H", 4: "Q"}
_RHYTHMS = {1: "year", 2: "half-year", 4: "quarter"}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A year, a half year or a quarter.

    Parameters
    ----------
    parts
        How many there are in a year: 1, 2 or 4.
    year
        The year.
    part
        Which of them, from 1.

    Examples
    --------
    >>> period = Period.of("2024-Q3")
    >>> period.first.isoformat(), period.last.isoformat(), period.days, str(period.previous)
    ('2024-07-01', '2024-09-30', 92, '2024-Q2')
    >>> str(Period.of("2024").next), Period.of("2024").rhythm
    ('2025', 'year')
    """

    parts: int
    year: int
    part: int

    @classmethod
    def of(cls, text: str) -> Period:
        """Read ``2024``, ``2024-H1`` or ``2024-Q3``.

        Raises
        ------
        ValueError
            When the text is no period.
        """
        found = _TEXT.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no period")
        year, part = int(found[1]), found[2]
        if part is None:
            return cls(1, year, 1)
        return cls(2 if part[0] == "H" else 4, year, int(part[1]))

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
        letter = _LETTERS[self.parts]
        return f"{self.year}-{letter}{self.part}" if letter else str(self.year)

    @property
    def rhythm(self) -> str:
        """How often there is one: ``year``, ``half-year`` or ``quarter``."""
        return _RHYTHMS[self.parts]

    @property
    def first(self) -> date:
        """First day."""
        return date(self.year, (self.part - 1) * 12 // self.parts + 1, 1)

    @property
    def last(self) -> date:
        """Last day."""
        return self.next.first - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

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
        """Last day on which it may be delivered to CBS."""
        return self.last + TERM

    def processed_on(self, day: date) -> bool:
        """Whether CBS still processes a delivery about this period on a day.

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
