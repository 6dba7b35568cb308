"""Make the published counts of one year agree with each other.

CBS publishes stocks, starts, ends and "active at any time" of 2021 in tables of different dates,
so they do not add up exactly: on 1 January 2021 the half-year table has 326,570 episodes running,
the year table (active less started) 337,675. The twin needs one set of books. It takes the set
that lies nearest to all published counts at once: least squares, each count weighted by its own
uncertainty, solved in one step (the way national accounts are balanced; Stone, Champernowne and
Meade, "The precision of national income estimates", 1942).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from stelsel.errors import StelselError
from stelsel.system import forms
from stelsel.system.figures import FIT_UNTIL, best
from stelsel.tables import packaged, read_table

UNKNOWNS = ("stock", "started_first", "ended_first", "started_second", "ended_second")
MEASURES: dict[str, tuple[int, int, int, int, int]] = {
    "stock_start": (1, 0, 0, 0, 0),
    "stock_middle": (1, 1, -1, 0, 0),
    "started_first": (0, 1, 0, 0, 0),
    "ended_first": (0, 0, 1, 0, 0),
    "active_first": (1, 1, 0, 0, 0),
    "started_year": (0, 1, 0, 1, 0),
    "ended_year": (0, 0, 1, 0, 1),
    "active_year": (1, 1, 0, 1, 0),
}
"""What each published count is made of, in terms of the unknowns of a form."""


@dataclass(frozen=True, slots=True)
class Published:
    """One published count: which measure, of which forms together, and how sure it is."""

    measure: str
    forms: tuple[str, ...]
    value: float
    uncertainty: float
    source: str


@dataclass(frozen=True, slots=True)
class Books:
    """Episodes of a form over 2021: running at the start, started and ended in each half."""

    stock: float
    started_first: float
    ended_first: float
    started_second: float
    ended_second: float

    @property
    def middle(self) -> float:
        """Running on 30 June."""
        return self.stock + self.started_first - self.ended_first

    @property
    def last(self) -> float:
        """Running on 31 December."""
        return self.middle + self.started_second - self.ended_second

    @property
    def started(self) -> float:
        """Started in the year."""
        return self.started_first + self.started_second

    @property
    def ended(self) -> float:
        """Ended in the year."""
        return self.ended_first + self.ended_second

    def measure(self, name: str) -> float:
        """Value of one of :data:`MEASURES`."""
        values = (getattr(self, unknown) for unknown in UNKNOWNS)
        return float(sum(k * v for k, v in zip(MEASURES[name], values, strict=True)))


@cache
def published() -> tuple[Published, ...]:
    """Give the published counts of 2021 that the books are balanced on.

    Shares are turned into counts (share times the total they are a share of); their rounding adds
    to their uncertainty. The number ended in the year is the sum over the duration bands.

    Examples
    --------
    >>> next(p.value for p in published() if p.measure == "stock_start" and len(p.forms) == 8)
    326570.0
    """
    file = packaged("stelsel.twin", "published.csv")
    columns = ("measure", "forms", "indicator", "breakdown", "period_start", "period_end")
    found = []
    for row in read_table(file, (*columns, "share_of", "uncertainty")):
        start, end = date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])
        if end > FIT_UNTIL:
            raise StelselError(
                "A parameter may not rest on a later year.",
                where=str(row),
                what_nl="Een parameter mag niet op een later jaar rusten.",
            )
        value = best(row["indicator"], row["breakdown"], start, end).value
        spread = float(row["uncertainty"]) * value
        if row["share_of"]:
            indicator, breakdown = row["share_of"].split("|")
            total = best(indicator, breakdown, start, end).value
            value *= total / 100
            rounding = 0.0005 / np.sqrt(3) * total  # shares are printed to a tenth of a percent
            spread = float(np.hypot(float(row["uncertainty"]) * value, rounding))
        found.append(
            Published(row["measure"], tuple(row["forms"].split(";")), value, spread, row["source"])
        )
    ended = sum(ended_by_duration().values())
    every = tuple(form.code for form in forms())
    found.append(Published("ended_year", every, ended, 0.01 * ended, "CBS 85096NED, all bands"))
    return tuple(found)


@cache
def ended_by_duration() -> dict[str, float]:
    """Give the episodes that ended in 2021 by published duration band.

    Examples
    --------
    >>> ended_by_duration()["0-3 months"]
    47200.0
    """
    indicator = "jeugdhulp_trajecten_ended_by_referrer_and_duration"
    return {
        band: best(
            indicator, f"Totaal verwijzer / {band}", date(2021, 1, 1), date(2021, 12, 31)
        ).value
        for band in BANDS
    }


BANDS = {
    "0-3 months": 91.3125,
    "3-6 months": 182.625,
    "6-12 months": 365.25,
    "1-2 years": 730.5,
    "2-3 years": 1095.75,
    "3-4 years": 1461.0,
    "4 years or longer": float("nan"),
}
"""The bands that CBS publishes with their upper edge in days (a year of 365.25 days)."""


def balance(splits: Mapping[str, float]) -> dict[str, Books]:
    """Balance the books of 2021.

    Parameters
    ----------
    splits
        Episodes running on 1 January 2021 by code of form, for forms of which no stock is
        published; taken with an uncertainty of a tenth.

    Returns
    -------
    dict
        Books by code of form.
    """
    codes = [form.code for form in forms()]
    place = {code: len(UNKNOWNS) * n for n, code in enumerate(codes)}
    rows, values = [], []

    def weigh(terms: Mapping[int, float], value: float, spread: float) -> None:
        row = np.zeros(len(UNKNOWNS) * len(codes))
        for column, number in terms.items():
            row[column] += number / spread
        rows.append(row)
        values.append(value / spread)

    for count in published():
        terms = {
            place[code] + n: float(number)
            for code in count.forms
            for n, number in enumerate(MEASURES[count.measure])
        }
        weigh(terms, count.value, count.uncertainty)
    for code, stock in splits.items():
        weigh({place[code]: 1.0}, stock, 0.1 * stock)
        # Nothing is published on their middle of the year: it is held near the start.
        weigh({place[code] + 1: 1.0, place[code] + 2: -1.0}, 0.0, 0.05 * stock)
    # What nothing published decides is held near the whole: as many end as start (within a
    # twentieth), and halves of the year weigh as they do over all forms (within a tenth).
    totals = {p.measure: p.value for p in published() if len(p.forms) == len(codes)}
    starts_early = totals["started_first"] / totals["started_year"]
    ends_early = totals["ended_first"] / totals["ended_year"]
    for count in published():
        if count.measure == "started_year" and len(count.forms) == 1:
            n, size = place[count.forms[0]], count.value
            weigh({n + 1: 1, n + 3: 1, n + 2: -1, n + 4: -1}, 0.0, 0.05 * size)
            weigh({n + 1: 1}, starts_early * size, 0.1 * size)
            weigh({n + 2: 1}, ends_early * size, 0.1 * size)
    solution = np.linalg.lstsq(np.array(rows), np.array(values), rcond=None)[0]
    return {
        code: Books(*map(float, solution[place[code] : place[code] + len(UNKNOWNS)]))
        for code in codes
    }
