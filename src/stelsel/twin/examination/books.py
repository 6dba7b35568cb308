"""Exact books: every person somewhere once per chain, and in less out is the change in stock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stelsel.twin.layout import BACK, OPEN
from stelsel.twin.runs.run import Run
from stelsel.twin.services import number


@dataclass(frozen=True, slots=True)
class BooksOf:
    """What the books of a run say.

    ``cells`` counts the pairs of a week and a region-service-class whose change in stock was
    compared, ``open`` those that did not close; ``order`` visits that start before they arrive or
    end before they start; ``chains`` who moved on and did not arrive next on that day, or is in two
    places of one chain at a time; ``off`` weeks whose last day does not hold all who came less all
    who went.
    """

    cells: int
    open: int
    order: int
    chains: int
    off: int

    @property
    def close(self) -> bool:
        """Whether nothing at all is off."""
        return self.open == self.order == self.chains == self.off == 0


def books_of(run: Run) -> BooksOf:
    """Check the books of a run, from the visits and from the weekly counts, which are kept apart.

    Every visit waits from its arrival, then stays, then is gone: on every day the number in each
    state follows from the days before. The weekly counts of the loop must say the same.
    """
    visits, counts = run.visits, run.counts
    arrived, started, ended = (visits[name].astype(np.int64) for name in _DAYS)
    served = started != OPEN
    order = int((served & (started < arrived)).sum())
    order += int((served & (ended < started)).sum() + (~served & (ended < arrived)).sum())
    weeks, cells, classes, _ = counts.shape
    cell = visits["region"].astype(np.int64) * (cells // len(run.where.regions))
    cell = (cell + visits["service"]) * classes + visits["cls"]
    open_cells = 0
    inside = {"waiting": np.zeros(cells * classes), "in care": np.zeros(cells * classes)}
    inside["waiting"] += _number(
        cell, (arrived < 0) & (started >= 0) & (ended >= 0), cells * classes
    )
    inside["in care"] += _number(cell, served & (started < 0) & (ended >= 0), cells * classes)
    for week in range(weeks):
        came, began, finished, left, waiting, stays = counts[week].reshape(-1, 6).T
        inside["waiting"] = inside["waiting"] + came - began - left
        inside["in care"] = inside["in care"] + began - finished
        open_cells += int((inside["waiting"] != waiting).sum() + (inside["in care"] != stays).sum())
    off = _days_off(run, arrived, started, ended, served)
    return BooksOf(2 * weeks * cells * classes, open_cells, order, _chains(run), off)


_DAYS = ("arrived", "started", "ended")


def _number(cell: np.ndarray, chosen: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(cell[chosen], minlength=size).astype(np.float64)


def _chains(run: Run) -> int:
    """Count breaks in chains: a chain is the visits of one key, one after the other."""
    visits = run.visits
    order = np.lexsort((visits["leg"], visits["key"]))
    one, two = visits[order[:-1]], visits[order[1:]]
    same = one["key"] == two["key"]
    back = (two["flags"] & BACK) != 0
    # Who was to go to secure care may be given a small-scale place in its stead.
    instead = (one["next"] == number("secure-care")) & (two["service"] == number("small-scale"))
    there = (two["service"] == one["next"]) | instead
    follows = (two["arrived"] == one["ended"]) & there
    later = two["arrived"] >= one["ended"]
    wrong = same & ((two["leg"] != one["leg"] + 1) | ~np.where(back, later, follows))
    moved = (one["next"] >= 0) & (one["ended"] != OPEN) & ~same
    return int(wrong.sum() + moved.sum())


def _days_off(
    run: Run, arrived: np.ndarray, started: np.ndarray, ended: np.ndarray, served: np.ndarray
) -> int:
    """Count the weeks at whose end waiting plus in care is not what had come less what had gone.

    What had come and gone is counted from the visits; who waits and who is in care from the loop.
    """
    days = run.days

    def up_to(when: np.ndarray) -> np.ndarray:
        inside = when[when < days]
        return np.cumsum(np.bincount(np.maximum(inside, 0), minlength=days)[:days])

    come, gone = up_to(arrived), up_to(np.where(ended == OPEN, days, ended))
    weekly = run.counts.sum(axis=(1, 2))
    last = np.minimum(7 * np.arange(len(weekly)) + 6, days - 1)
    return int((come[last] - gone[last] != weekly[:, 4] + weekly[:, 5]).sum())
