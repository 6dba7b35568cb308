"""Books of the years 2015 to 2021 for every counted service: one set near all published counts.

CBS publishes stocks, starts, ends and "active at any time" in tables of different dates, methods
and degrees of finality, so they do not add up. The twin needs one set of books per service: who
ran on 1 January 2015, who started and ended in each half-year since. It takes the set that lies
nearest to all published counts at once (least squares, each count weighted by its own uncertainty;
Stone, Champernowne and Meade, "The precision of national income estimates", 1942), held smooth
where nothing is published.

The series of 2015-2020 and of 2021 on come from other methods and more providers. There is one
reality: a count of another method is what the books say times a *measurement factor*
(:func:`counted`), never a jump in demand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from stelsel.errors import StelselError
from stelsel.system.figures import FIT_UNTIL, KNOWN_UNTIL, find, statuses
from stelsel.tables import packaged, read_table
from stelsel.twin.country.balance import ended_by_duration

Numbers = npt.NDArray[np.float64]

FIRST_YEAR, LAST_YEAR = 2015, KNOWN_UNTIL.year
HALVES = 2 * (LAST_YEAR - FIRST_YEAR + 1)
"""Half-years of the books: January to June of 2015 is number 0."""
SUREST = 0.0025
"""How sure the number that ended in 2021 is: a full count, alone in saying how many ended in the
second half. Less sure, it is outweighed by what is held smooth: four percent fewer in the books."""
SMOOTH = 0.05
"""How far the starts and the ends of a year may lie from the line through the years around it."""
ENDING = 0.1
"""How far the share of a year's episodes that ends in it may lie from its usual share."""
RHYTHM = 0.05
"""How far the share of the first half of a year may lie from its usual share."""


@dataclass(frozen=True, slots=True)
class Count:
    """One published count: which measure, of which services together, and how sure it is.

    ``value`` is as published; the books times ``factor`` say the same.
    """

    measure: str
    services: tuple[str, ...]
    first: date
    last: date
    value: float
    factor: float
    uncertainty: float
    indicator: str
    breakdown: str
    source: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Books of one service: running on 1 January 2015, started and ended per half-year."""

    stock: float
    started: Numbers
    ended: Numbers

    @property
    def running(self) -> Numbers:
        """Running at the start of each half-year and at the end of the last [HALVES + 1]."""
        return self.stock + np.concatenate([[0.0], np.cumsum(self.started - self.ended)])

    def at(self, day: date) -> float:
        """Give who runs on 1 January, or at the end of the last day of a half-year."""
        return float(self.running[_boundary(day)])

    def of_year(self, year: int) -> tuple[float, float]:
        """Give how many started and ended in a year."""
        n = 2 * (year - FIRST_YEAR)
        return float(self.started[n : n + 2].sum()), float(self.ended[n : n + 2].sum())

    def measure(self, name: str, first: date, last: date) -> float:
        """Value of a measure over a period: stock, started, ended or active."""
        halves = _halves(first, last)
        if name == "stock":
            return self.at(last)
        started = float(self.started[halves].sum())
        if name == "started":
            return started
        if name == "ended":
            return float(self.ended[halves].sum())
        return float(self.running[halves.start]) + started


def _boundary(day: date) -> int:
    n = 2 * (day.year - FIRST_YEAR)
    if (day.month, day.day) == (1, 1):
        return n
    return n + (1 if day.month <= 6 else 2)


def _halves(first: date, last: date) -> slice:
    begin = first if first.month == 1 else date(first.year, 6, 30)
    return slice(_boundary(begin), _boundary(last))


@cache
def counted() -> dict[str, float]:
    """Give the measurement factors: what a published count is, as a share of the books.

    Examples
    --------
    >>> 0.95 < counted()["half-year"] < 0.98
    True
    """
    rows = read_table(
        packaged("stelsel.twin", "counted.csv"), ("name", "value", "uncertainty"), key=("name",)
    )
    return {row["name"]: float(row["value"]) for row in rows}


def surest() -> dict[tuple[str, str, date, date], float]:
    """Give the surest figure of the country for each fact that is known, all at once.

    Like :func:`stelsel.system.figures.best`, which looks for one at a time.

    Examples
    --------
    >>> surest()["jeugdhulp_trajecten_active", "total", date(2019, 1, 1), date(2019, 12, 31)]
    592860.0
    """
    return _surest(KNOWN_UNTIL)


def structure() -> dict[tuple[str, str, date, date], float]:
    """Give the same up to 2021, also in a hindcast.

    Only for what is published of one year alone and taken for all: shares of referrers and lengths
    of help in 2021, the Board of 2019.
    """
    return _surest(FIT_UNTIL)


@cache
def _surest(until: date) -> dict[tuple[str, str, date, date], float]:
    found: dict[tuple[str, str, date, date], tuple[tuple[int, bool], float]] = {}
    for row in find(level="country", until=until).to_pylist():
        fact = row["indicator"], row["breakdown"], row["period_start"], row["period_end"]
        order = statuses()[row["status"]].order, not row["source_title"].startswith("CBS")
        if fact not in found or order < found[fact][0]:
            found[fact] = order, row["value"]
    return {fact: value for fact, (_, value) in found.items()}


@cache
def observed(until: date = KNOWN_UNTIL) -> tuple[Count, ...]:
    """Give the published counts that the books are made of, none about a day after 2021.

    Parameters
    ----------
    until
        Last day that they may be about: in a hindcast later than what is known, to lay beside it.

    Shares are turned into counts (share times the total they are a share of); their rounding
    adds to their uncertainty.

    Raises
    ------
    StelselError
        When a row is about a later day.

    Examples
    --------
    >>> len(observed()) > 200, max(count.last for count in observed()) <= FIT_UNTIL
    (True, True)
    """
    columns = ("measure", "services", "indicator", "breakdown", "period_start", "period_end")
    rows = read_table(
        packaged("stelsel.twin", "observed.csv"), (*columns, "share_of", "counted", "uncertainty")
    )
    found = []
    for row in rows:
        first, last = date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])
        if last > FIT_UNTIL:
            raise StelselError(
                "A parameter may not rest on a later year.",
                where=str(row),
                what_nl="Een parameter mag niet op een later jaar rusten.",
            )
        if last > until:
            continue
        value = _surest(until)[row["indicator"], row["breakdown"], first, last]
        spread = float(row["uncertainty"]) * value
        if row["share_of"]:
            indicator, breakdown = row["share_of"].split("|")
            value *= (total := _surest(until)[indicator, breakdown, first, last]) / 100
            rounding = 0.0005 / np.sqrt(3) * total  # shares are printed to a tenth of a percent
            spread = float(np.hypot(float(row["uncertainty"]) * value, rounding))
        factor = counted()[row["counted"]] if row["counted"] else 1.0
        services = tuple(row["services"].split(";"))
        found.append(
            Count(
                row["measure"],
                services,
                first,
                last,
                value,
                factor,
                spread,
                row["indicator"],
                row["breakdown"],
                row["source"],
            )
        )
    if until < FIT_UNTIL:
        return tuple(found)
    ended = sum(ended_by_duration().values())
    year = date(2021, 1, 1), date(2021, 12, 31)
    of_bands = "jeugdhulp_trajecten_ended_by_referrer_and_duration"
    found.append(
        Count("ended", CARE, *year, ended, 1.0, SUREST * ended, of_bands, "all", "CBS 85096NED")
    )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Guess:
    """What is held of a service before any count: how many run, and start in a half-year.

    ``spread`` is how sure that is, as a share.
    """

    stock: float
    started: float
    spread: float


@cache
def guesses() -> dict[str, Guess]:
    """Give the first guess of every service of the books."""
    rows = read_table(
        packaged("stelsel.twin", "guesses.csv"),
        ("service", "stock", "started", "spread"),
        key=("service",),
    )
    return {
        row["service"]: Guess(float(row["stock"]), float(row["started"]) / 2, float(row["spread"]))
        for row in rows
    }


def ledgers(stocks: Mapping[str, float] | None = None) -> dict[str, Ledger]:
    """Balance the books of all services.

    Parameters
    ----------
    stocks
        Other first guesses of who runs, by service: an assumption drawn anew.

    Examples
    --------
    >>> books = ledgers()
    >>> 280_000 < sum(books[s].of_year(2021)[0] for s in CARE) < 295_000
    True
    """
    return _balanced(tuple(sorted((stocks or {}).items())))


CARE = (
    "local-team",
    "ambulatory",
    "day-help",
    "network-help",
    "foster-care",
    "family-home",
    "secure-care",
    "residential",
)


WIDTH = 1 + 2 * HALVES
"""Unknowns of a service: its stock, then its starts, then its ends."""


@cache
def _balanced(stocks: tuple[tuple[str, float], ...]) -> dict[str, Ledger]:
    solved = _system(stocks).solve()
    return {
        service: Ledger(
            float(solved[at]),
            solved[at + 1 : at + 1 + HALVES],
            solved[at + 1 + HALVES : at + WIDTH],
        )
        for service, at in _places().items()
    }


@cache
def errors() -> dict[str, Ledger]:
    """Give the standard errors of the books: how sure each number in them is.

    They follow from the uncertainties of the counts and of what is held smooth (the inverse of the
    normal equations).

    Examples
    --------
    >>> sure = errors()["supervision"].started[8] / ledgers()["supervision"].started[8]
    >>> bool(0.001 < sure < 0.03)
    True
    """
    spread = _system(()).errors()
    return {
        service: Ledger(
            float(spread[at]),
            spread[at + 1 : at + 1 + HALVES],
            spread[at + 1 + HALVES : at + WIDTH],
        )
        for service, at in _places().items()
    }


@cache
def total_errors() -> dict[str, tuple[float, float]]:
    """Give the standard errors of all who started and of all who ended over the years.

    Years that are unsure one by one may be sure together: what is one year's is not another's.

    Examples
    --------
    >>> alone = errors()["ambulatory"].started.sum()
    >>> bool(total_errors()["ambulatory"][0] < alone)
    True
    """
    covariance = _system(()).covariance()
    found = {}
    for service, at in _places().items():
        flows = [slice(at + 1, at + 1 + HALVES), slice(at + 1 + HALVES, at + WIDTH)]
        started, ended = (float(np.sqrt(covariance[flow, flow].sum())) for flow in flows)
        found[service] = started, ended
    return found


def _places() -> dict[str, int]:
    """Where the unknowns of each service begin."""
    return {service: n * WIDTH for n, service in enumerate(guesses())}


def _system(stocks: tuple[tuple[str, float], ...]) -> _System:
    given = dict(stocks)
    place = _places()
    system = _System(len(place) * WIDTH)
    for count in observed():
        system.weigh(
            {
                place[s] + n: k * count.factor
                for s in count.services
                for n, k in _terms(count.measure, count.first, count.last).items()
            },
            count.value,
            count.uncertainty,
        )
    for service, guess in guesses().items():
        _hold(system, place[service], guess, given.get(service, guess.stock))
    return system


def _terms(measure: str, first: date, last: date) -> dict[int, float]:
    """Say which unknowns of a service a measure is made of: 0 the stock, then starts, then ends."""
    halves = _halves(first, last)
    now = range(halves.start, halves.stop)
    if measure == "started":
        return {1 + n: 1.0 for n in now}
    if measure == "ended":
        return {1 + HALVES + n: 1.0 for n in now}
    until = _boundary(last) if measure == "stock" else halves.start
    terms = {0: 1.0}
    for n in range(until):
        terms |= {1 + n: 1.0, 1 + HALVES + n: -1.0}
    if measure == "active":
        terms |= {1 + n: 1.0 for n in now}
    return terms


def _hold(system: _System, at: int, guess: Guess, stock: float) -> None:
    """Hold the books of a service near its guess, its years in line and its halves in rhythm."""
    flow = guess.started
    system.weigh({at: 1.0}, stock, guess.spread * stock)
    # As large a share of who is there in a year ends in it as the guess says, more or less.
    share = guess.started / (guess.stock / 2 + guess.started)
    for n in range(0, HALVES, 2):
        ends = {at + 1 + HALVES + n: 1.0, at + 2 + HALVES + n: 1.0}
        there = {at: 1.0, at + 1 + n: 1.0, at + 2 + n: 1.0}
        for m in range(n):
            there |= {at + 1 + m: 1.0, at + 1 + HALVES + m: -1.0}
        system.weigh(ends | {k: -share * v for k, v in there.items()}, 0.0, ENDING * 2 * flow)
    for base in (at + 1, at + 1 + HALVES):
        for n in range(0, HALVES, 2):
            system.weigh({base + n: 1.0, base + n + 1: 1.0}, 2 * flow, 4 * guess.spread * flow)
            # 181 of 365 days; the rhythm within a year itself is left to what is published.
            system.weigh({base + n: 184 / 365, base + n + 1: -181 / 365}, 0.0, RHYTHM * flow)
        for n in range(0, HALVES - 4, 2):
            line = {n: 1.0, n + 1: 1.0, n + 2: -2.0, n + 3: -2.0, n + 4: 1.0, n + 5: 1.0}
            system.weigh({base + k: w for k, w in line.items()}, 0.0, SMOOTH * 2 * 2 * flow)
        for n in range(0, HALVES - 2, 2):  # the same rhythm as a year later
            system.weigh(
                {base + n: 1.0, base + n + 1: -1.0, base + n + 2: -1.0, base + n + 3: 1.0},
                0.0,
                RHYTHM * flow,
            )


class _System:
    """Weighted equations, solved in one step."""

    def __init__(self, unknowns: int) -> None:
        self.unknowns = unknowns
        self.rows: list[Numbers] = []
        self.values: list[float] = []

    def weigh(self, terms: Mapping[int, float], value: float, spread: float) -> None:
        """Add an equation: terms are value, give or take spread."""
        row = np.zeros(self.unknowns)
        for column, number in terms.items():
            row[column] += number / spread
        self.rows.append(row)
        self.values.append(value / spread)

    def solve(self) -> Numbers:
        """Solve the normal equations; every unknown is held by at least its guess."""
        a, b = np.array(self.rows), np.array(self.values)
        return np.asarray(np.linalg.solve(a.T @ a, a.T @ b), dtype=np.float64)

    def errors(self) -> Numbers:
        """Give the standard error of every unknown."""
        return np.asarray(np.sqrt(np.diag(self.covariance())), dtype=np.float64)

    def covariance(self) -> Numbers:
        """Give how the errors of the unknowns go together."""
        a = np.array(self.rows)
        return np.asarray(np.linalg.inv(a.T @ a), dtype=np.float64)
