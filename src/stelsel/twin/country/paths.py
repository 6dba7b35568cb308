"""From yearly books to what a plan holds: how fast stays end, and how it all goes on after 2021.

The lengths of stays of a service have one distribution; in calendar time its clock runs faster or
slower (its *pace*, per half-year), so that as many stays end in each half-year as the books say.
After the last book who starts goes on by the damped trend (:mod:`stelsel.twin.country.trend`) and
the pace stays at a mean in which the last year weighs most, both with the usual rhythm of the
halves of a year; who runs then follows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stelsel.twin.country.ledger import FIRST_YEAR, HALVES, LAST_YEAR, Ledger
from stelsel.twin.country.trend import Rule, ahead
from stelsel.twin.world.durations import STEPS, Duration

Numbers = npt.NDArray[np.float64]

UNTIL = 2031
"""Last year of the anchors; what comes after stays as it is then."""
ALL_HALVES = 2 * (UNTIL - FIRST_YEAR + 1)
USUAL = 2017
"""First year of what is usual: before it the books rest on few figures."""
DAYS = np.array([181.0, 184.0] * (ALL_HALVES // 2))
"""Days of each half-year; a leap day more does not matter here."""
GROWN_UP = 0.045
"""Share of the children under supervision that turns 18 in a year: an own choice, ages unknown."""
SLOWEST, FASTEST = 0.2, 3.0


@dataclass(frozen=True, slots=True)
class Path:
    """A service from 2015 to ``UNTIL``, per half-year.

    ``running`` [ALL_HALVES + 1] at the start of each half-year and at the end; ``started``,
    ``ended``, ``pace`` [ALL_HALVES]; ``length`` is the distribution of stays in clock days.
    """

    running: Numbers
    started: Numbers
    ended: Numbers
    pace: Numbers
    length: Duration


class _Ends:
    """Ends by a clock: of who runs at the start and of who starts in each half-year."""

    def __init__(self, length: Duration, stock: float) -> None:
        self.length, self.stock = length, stock
        edges = length.quantiles
        reached = np.linspace(0.0, 1.0, STEPS + 1)
        steps = (reached[1:] + reached[:-1]) / 2 * np.diff(edges)
        self.area = np.concatenate([[0.0], np.cumsum(steps)])  # of the distribution function

    def below(self, low: Numbers, high: Numbers) -> Numbers:
        """Give the share ended of who started evenly between two clock times ago."""
        edges, area = self.length.quantiles, self.area
        beyond = [np.maximum(x - edges[-1], 0.0) for x in (low, high)]
        sums = [
            np.interp(x, edges, area) + more for x, more in zip((low, high), beyond, strict=True)
        ]
        return np.asarray((sums[1] - sums[0]) / np.maximum(high - low, 1e-9), np.float64)

    def by(self, clock: Numbers, started: Numbers) -> float:
        """Count who has ended by the last of the clock times [n + 1] at the edges of halves."""
        passed = clock[-1] - clock
        ended = self.stock * float(self.length.gone_within(passed[:1])[0])
        return ended + float((started * self.below(passed[1:], passed[:-1])).sum())


def paced(length: Duration, stock: float, started: Numbers, ended: Numbers) -> Numbers:
    """Find the pace of each half-year with which as many end as the books say.

    Parameters
    ----------
    length
        Distribution of stays in clock days.
    stock
        Running at the start, found in a steady state.
    started, ended
        Per half-year.

    Examples
    --------
    >>> shape = Duration.from_function(-200 * np.log(1 - np.linspace(0, 0.9999, STEPS + 1)))
    >>> even = np.full(4, 900.0)
    >>> bool(np.allclose(paced(shape, 1000, even, even), 1.0, atol=0.05))
    True
    """
    ends = _Ends(length, stock)
    clock, wanted = np.zeros(1), 0.0
    for half in range(len(started)):
        wanted += ended[half]
        low, high = SLOWEST, FASTEST
        for _ in range(22):
            speed = (low + high) / 2
            tried = np.append(clock, clock[-1] + speed * DAYS[half])
            if ends.by(tried, started[: half + 1]) < wanted:
                low = speed
            else:
                high = speed
        clock = np.append(clock, clock[-1] + (low + high) / 2 * DAYS[half])
    return np.asarray(np.diff(clock) / DAYS[: len(started)], np.float64)


def usual_mean(shape: Duration, book: Ledger, most: float) -> tuple[Duration, Numbers]:
    """Stretch a shape to the mean at which the usual pace is one; give it and the paces."""
    mean = 365.25 * float(book.running.mean()) / float(book.started.sum()) * HALVES / 2
    length = shape.with_mean(min(mean, 0.9 * most), most)
    pace = paced(length, book.stock, book.started, book.ended)
    usual = float(_yearly(pace)[USUAL - FIRST_YEAR :].mean())
    if length.quantiles[-1] / usual <= most:
        return length.with_mean(length.mean / usual), pace / usual  # only the unit of time changes
    length = shape.with_mean(min(length.mean / usual, 0.95 * most), most)
    return length, paced(length, book.stock, book.started, book.ended)


def path(book: Ledger, length: Duration, pace: Numbers, rule: Rule) -> Path:
    """Work out the path of a service: who starts goes on by the rule, the stock follows.

    Parameters
    ----------
    book
        Its books.
    length, pace
        Lengths of stays, and their pace in each half-year of the books (:func:`usual_mean`).
    rule
        How it goes on.
    """
    paces = np.concatenate([pace, _on(pace, rule)])
    years = book.started.reshape(-1, 2).sum(axis=1)
    share = float((book.started[::2] / years)[USUAL - FIRST_YEAR :].mean())
    more = ahead(years.tolist(), UNTIL - LAST_YEAR, rule)
    started = np.concatenate([book.started, np.outer(more, [share, 1 - share]).ravel()])
    counter = _Ends(length, book.stock)
    clock = np.concatenate([[0.0], np.cumsum(paces * DAYS)])
    by = [counter.by(clock[: half + 2], started[: half + 1]) for half in range(ALL_HALVES)]
    ended = np.diff(np.concatenate([[0.0], by]))
    ended[:HALVES] = book.ended
    running = book.stock + np.concatenate([[0.0], np.cumsum(started - ended)])
    return Path(running, started, ended, paces, length)


def _yearly(pace: Numbers) -> Numbers:
    return np.asarray((pace * DAYS[: len(pace)]).reshape(-1, 2).sum(axis=1) / 365, np.float64)


def level(years: Numbers, rule: Rule) -> float:
    """Give the level at which something without a trend goes on: the last year weighs most.

    Examples
    --------
    >>> round(level(np.array([1.0, 2.0]), Rule(damping=0.3, memory=0.75)), 6)
    1.8
    """
    weights = (1 - rule.memory) ** np.arange(len(years))[::-1]
    return float((weights * years).sum() / weights.sum())


def _on(pace: Numbers, rule: Rule) -> Numbers:
    """Go on with a pace: at the mean of the years, the last weighing most; its halves as usual."""
    years = _yearly(pace)
    first = float((pace[::2] / years)[USUAL - FIRST_YEAR :].mean())
    second = (365 - 181 * first) / 184
    return np.tile(level(years, rule) * np.array([first, second]), UNTIL - LAST_YEAR)


def terms(book: Ledger, rule: Rule) -> tuple[Path, Numbers]:
    """Work out the path of a measure in terms of a year: give it and the share renewed a year.

    Who runs on 1 January has one anniversary in the year: who is not renewed then ends. The rest
    ends by growing up (:data:`GROWN_UP`) whatever is decided.

    Examples
    --------
    >>> from stelsel.twin.country.ledger import ledgers
    >>> from stelsel.twin.country.trend import rule_of
    >>> _, renewed = terms(ledgers()["supervision"], rule_of("supervision"))
    >>> bool(((renewed > 0.5) & (renewed < 0.7)).all())
    True
    """
    ended = book.ended.reshape(-1, 2).sum(axis=1)
    there = book.running[:-1:2]
    kept = 1 - (ended / there - GROWN_UP) / (1 - GROWN_UP)
    renewed = np.concatenate([kept, np.full(UNTIL - LAST_YEAR, level(kept, rule))])
    years = book.started.reshape(-1, 2).sum(axis=1)
    share = float((book.started[::2] / years)[USUAL - FIRST_YEAR :].mean())
    more = ahead(years.tolist(), UNTIL - LAST_YEAR, rule)
    started = np.concatenate([book.started, np.outer(more, [share, 1 - share]).ravel()])
    ends = np.zeros(ALL_HALVES)
    ends[:HALVES] = book.ended
    running = np.full(ALL_HALVES + 1, book.stock)
    running[: HALVES + 1] = book.running
    for half in range(HALVES, ALL_HALVES):
        year = half // 2
        gone = 1 - renewed[year] * (1 - GROWN_UP)
        ends[half] = running[2 * year] * gone * (DAYS[half] / 365)
        running[half + 1] = running[half] + started[half] - ends[half]
    nothing = np.ones(ALL_HALVES)
    exponential = Duration.from_function(-np.log(1 - np.linspace(0, 0.9995, STEPS + 1)))
    return Path(running, started, ends, nothing, exponential.with_mean(365.25)), renewed
