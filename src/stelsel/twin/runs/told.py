"""What a run says of every service, half-year by half-year: the books that it made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from stelsel.twin.layout import ENDED, IN_CARE, INFLOW, STARTED, WAITING
from stelsel.twin.runs.run import Run
from stelsel.twin.services import services

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Told:
    """What a run says of every service, per half-year: flows [K, H], stocks [K, H + 1]."""

    inflow: Numbers
    started: Numbers
    ended: Numbers
    running: Numbers
    waiting: Numbers


def told(one: Run) -> Told:
    """Read the weekly counts of a run at the edges of its half-years.

    Who runs changes by who starts and who ends, from the first day on.

    Examples
    --------
    >>> from stelsel.twin.runs.run import run
    >>> said = told(run(None, "JZ07", years=1, seed=1, first=date(2015, 1, 1)))
    >>> change = np.diff(said.running, axis=1)
    >>> bool(np.allclose(change, said.started - said.ended))
    True
    """
    weekly = one.counts.sum(axis=2).astype(float)
    regions = len(one.where.regions)
    weekly = weekly.reshape(len(weekly), regions, len(services()), -1).sum(axis=1)
    ends = np.minimum((np.arange(len(weekly)) + 1) * 7, one.days)
    years = one.days // 365
    edges = [
        (date(one.first.year + n // 2, 1 if n % 2 == 0 else 7, 1) - one.first).days
        for n in range(2 * years + 1)
    ]
    days = np.concatenate([[0], ends])

    def flow(measure: int) -> Numbers:
        passed = np.vstack([np.zeros(len(services())), np.cumsum(weekly[:, :, measure], axis=0)])
        at = np.array([np.interp(edges, days, passed[:, k]) for k in range(len(services()))])
        return np.asarray(np.diff(at, axis=1), np.float64)

    def stock(measure: int) -> Numbers:
        found = [np.interp(edges, ends, weekly[:, k, measure]) for k in range(len(services()))]
        return np.array(found)

    running = stock(IN_CARE)
    # The first weekly count is of the end of week one: its flows come after the first day.
    running[:, 0] -= weekly[0, :, STARTED] - weekly[0, :, ENDED]
    return Told(flow(INFLOW), flow(STARTED), flow(ENDED), running, stock(WAITING))
