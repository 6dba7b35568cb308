"""Questions about episodes: sums of the tally over services and cells of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stelsel.twin.series.counting import AGES, BANDS, LASTED, WAIT_BANDS, Tally
from stelsel.twin.series.table import Series

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]
NEW, REPEAT = 0, 1
MONTH = 365.25 / 12


@dataclass(frozen=True)
class Books:
    """The tally with its cells added up from the first: a period is one less another."""

    started: Counts
    ended: Counts
    arrived: Counts
    left: Counts
    waited: Counts
    lasting: Counts
    wait_days: Numbers
    care_days: Numbers

    def plain(self, what: str, services: frozenset[int], low: Places, high: Places) -> Numbers:
        """Count without any distinction: ``started``, ``ended``, ``active`` or ``stock``."""
        chosen = sorted(services)
        begun, gone = (_over_all(array[:, chosen]) for array in (self.started, self.ended))
        if what == "started":
            return np.asarray(begun[high] - begun[low - 1])
        if what == "ended":
            return np.asarray(gone[high] - gone[low - 1])
        if what == "active":
            return np.asarray(begun[high] - gone[low - 1])
        return np.asarray(begun[high] - gone[high])


def books(tally: Tally) -> Books:
    """Add the cells up."""

    def sums(array: npt.NDArray[np.int32]) -> Counts:
        return np.cumsum(array, axis=0, dtype=np.int64)

    return Books(
        sums(tally.started),
        sums(tally.ended),
        sums(tally.arrived),
        sums(tally.left),
        sums(tally.waited),
        sums(tally.lasting),
        np.cumsum(tally.wait_days, axis=0),
        np.cumsum(tally.care_days, axis=0),
    )


def _over_all(array: Counts) -> Numbers:
    """Sum over everything but time."""
    summed: Numbers = array.reshape(len(array), -1).sum(axis=1).astype(np.float64)
    return summed


def _part(array: Counts, one: Series) -> Counts:
    """Cells by services (and referrer, where asked) of a series."""
    kept = array[:, sorted(one.services)]
    if one.referrer is not None:
        kept = kept[:, :, one.referrer : one.referrer + 1]
    return kept


def _bands(one: Series) -> slice:
    """Duration bands that a series counts; all where it does not say."""
    if one.lasting is None:
        return slice(None)
    edges = [0.0, *(edge / MONTH for edge in BANDS), float("inf")]
    low, high, _ = one.lasting
    return slice(_at(edges, low), _at(edges, high))


def _at(edges: list[float], edge: float) -> int:
    return int(np.argmin([abs(one - edge) if one != edge else 0.0 for one in edges]))


def _between(array: Counts, low: Places, high: Places) -> Numbers:
    """Sum over everything but time of what was added from a first to a last cell."""
    sums = _over_all(array)
    return np.asarray(sums[high] - sums[low - 1])


def _started(
    b: Books, one: Series, low: Places, high: Places, which: slice = slice(None)
) -> Numbers:
    part = _part(b.started, one)[:, :, :, which]
    if one.sex is not None:
        part = part[:, :, :, :, one.sex - 1 : one.sex]
    ages = [n for n, age in enumerate(AGES) if one.ages[0] <= age <= one.ages[1]]
    return _between(part[..., ages], low, high)


def _ended(b: Books, one: Series, low: Places, high: Places) -> Numbers:
    return _between(_part(b.ended, one)[:, :, :, _bands(one)], low, high)


def _there(b: Books, one: Series, begun: Places, gone: Places) -> Numbers:
    """Begun up to one cell, less ended up to another."""
    started, ended = _over_all(_part(b.started, one)), _over_all(_part(b.ended, one))
    return np.asarray(started[begun] - ended[gone])


def _active(b: Books, one: Series, low: Places, high: Places) -> Numbers:
    return _there(b, one, high, low - 1)


def _stock(b: Books, one: Series, low: Places, high: Places) -> Numbers:
    return _there(b, one, high, high)


def _waiting(b: Books, one: Series, low: Places, high: Places) -> Numbers:
    chosen = sorted(one.services)
    gone = b.left[:, chosen] + b.waited[:, chosen].sum(axis=2)
    return np.asarray(_over_all(b.arrived[:, chosen] - gone)[high])


def _longer(b: Books, one: Series, low: Places, high: Places) -> Numbers:
    """In care longer than so many months, or waiting longer than so many days."""
    edge, _, unit = one.lasting or (0.0, 0.0, "days")
    days = edge * MONTH if unit == "months" else edge
    which = int(np.argmin([abs(one - days) for one in LASTED]))
    return np.asarray(_over_all(b.lasting[:, sorted(one.services), which])[high])


def _mean(days: Numbers, number: Counts, one: Series, low: Places, high: Places) -> Numbers:
    chosen = sorted(one.services)
    summed, counted = days[:, chosen].sum(axis=1), number[:, chosen].reshape(len(days), -1)
    numbers = counted.sum(axis=1)
    many = (numbers[high] - numbers[low - 1]).astype(np.float64)
    many[many == 0] = np.nan
    return np.asarray((summed[high] - summed[low - 1]) / many, dtype=np.float64)


def _waited(b: Books, one: Series, low: Places, high: Places) -> Numbers:
    """Count who started after a wait longer than so many days."""
    edge = (one.lasting or (0.0, 0.0, ""))[0]
    since = WAIT_BANDS.index(edge) + 1
    return _between(b.waited[:, sorted(one.services), since:], low, high)


SPANS: dict[str, Callable[[Books, Series, Places, Places], Numbers]] = {
    "started": _started,
    "new": lambda b, one, low, high: _started(b, one, low, high, slice(NEW, NEW + 1)),
    "repeat": lambda b, one, low, high: _started(b, one, low, high, slice(REPEAT, REPEAT + 1)),
    "ended": _ended,
    "active": _active,
    "stock": _stock,
    "stock longer": _longer,
    "waiting": _waiting,
    "waiting longer": _longer,
    "wait": lambda b, one, low, high: _mean(b.wait_days, b.waited, one, low, high),
    "waited": _waited,
    "lasted": lambda b, one, low, high: _mean(b.care_days, b.ended, one, low, high),
    "arrived": lambda b, one, low, high: _between(b.arrived[:, sorted(one.services)], low, high),
    "left": lambda b, one, low, high: _between(b.left[:, sorted(one.services)], low, high),
}
"""How each count of episodes is worked out for all periods at once: from the books, a series and
the first and last cell of each period."""
