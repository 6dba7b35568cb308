"""Memory of foster care: families as records, who is free, and weekly books."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

NETWORK, RECRUITED = range(2)
"""Kinds of families: found for one child in its own network, or recruited for any."""
COMING, READY, CLOSING, GONE = range(4)
"""States: being screened; takes children; keeps who is there and takes no others; stopped."""

HOME = np.dtype(
    [
        ("key", np.uint64),  # every draw about the family follows from it
        ("before", np.int32),  # links among the free families of its region
        ("after", np.int32),
        ("since", np.int32),  # day of approval, counted from the first day of the run
        ("region", np.int16),
        ("stays", np.int16),  # children who were there and left
        ("kind", np.int8),
        ("state", np.int8),
        ("places", np.int8),
        ("filled", np.int8),
        ("free", np.int8),  # 1: among the free families
    ],
    align=True,
)
"""One row a family, in order of becoming known."""

FLOWS = 8
ASKED, APPROVED, FOUND, STOPPED, ENDED, BROKE, MATCHED, MOVED = range(FLOWS)
STOCKS = 6
SCREENED, RECRUITS, KIN, PLACES, FILLED, EMPTY = range(FLOWS, FLOWS + STOCKS)
LONGER = FLOWS + STOCKS
LASTED = (365, 730)
"""Children are also counted who are with their present family longer than so many days."""
MEASURES = (
    "asked",
    "approved",
    "found",
    "stopped",
    "ended",
    "broke",
    "matched",
    "moved",
    "screened",
    "recruited",
    "network",
    "places",
    "filled",
    "empty",
    "year",
    "two years",
)
"""Weekly measures. Flows: families that asked, were approved, were found in a network; recruited
families that stopped, network families that ended; breakdowns; children matched with a
recruited family, and those of them who came from another family. Stocks on the week's last day:
being screened, recruited families, network families, places of recruited families that take or
have children, places filled, families without a child, children with their present family
longer than a year and longer than two.
"""


class Foster(NamedTuple):
    """What the plan says of foster care, ready for the loop.

    D days, R regions, W weeks. Arrays by week begin ``ahead`` weeks before the first day: who
    asked then may be approved in the run.
    """

    network: Floats  # [D] share for whom a family is found in the own network
    search: Floats  # [D] mean days of searching
    choice: Ints  # [D] free families that are compared
    leave: Floats  # [D] share that stops after a stay
    leave_after: Floats  # [D] the same after a breakdown
    broken: Floats  # [D + 1] breakdowns a placement of mean quality had by the start of a day
    moving: Floats  # [D + 1] planned moves a placement had by the start of a day
    kin: float  # factor on breakdowns in a network family
    settled: int  # days in which a child is not moved on
    places: Floats  # [D] mean places of a recruited family
    quality: float  # effect of the quality of a match
    empty: float  # share of recruited families without a child on the first day
    asked: Floats  # [ahead + W] families that ask, a week, in the country
    becomes: Floats  # [ahead + W] share of them that becomes a foster family
    pipeline: Floats  # [ahead + W] mean days from asking to approval
    idle: Floats  # [W] chance a week that a family without a child stops
    weight: Floats  # [R] share of the country
    number: Ints  # [R] number of the region in the country: keys follow from it
    ahead: int


class Homes(NamedTuple):
    """Memory of a run: families, free ones per region in order of getting free, books."""

    records: npt.NDArray[np.void]  # HOME
    tally: npt.NDArray[np.int64]  # [1] families made; more than fit means: set more aside
    head: Ints  # [R] first free family of a region, -1 for none
    tail: Ints  # [R]
    coming: Ints  # [W] first family to be approved in a week, linked by ``after``
    stock: Ints  # [R, 6] the first six stocks of MEASURES
    counts: Ints  # [W, R, 16] MEASURES


def homes(foster: Foster, days: int, in_care: int, placements: float) -> Homes:
    """Set memory aside for the families of a run.

    Parameters
    ----------
    foster
        The compiled plan.
    days
        Days of the run.
    in_care
        Children in foster care or waiting for it on the first day.
    placements
        How many children are expected to ask for foster care during the run.
    """
    regions, weeks = len(foster.weight), -(-days // 7)
    recruited = float((foster.asked * foster.becomes).sum() * foster.weight.sum())
    room = int(1.2 * in_care + 1.5 * placements + 1.2 * recruited) + 1000
    return Homes(
        records=np.zeros(room, HOME),
        tally=np.zeros(1, np.int64),
        head=np.full(regions, -1, np.int32),
        tail=np.full(regions, -1, np.int32),
        coming=np.full(weeks, -1, np.int32),
        stock=np.zeros((regions, STOCKS), np.int32),
        counts=np.zeros((weeks, regions, len(MEASURES)), np.int32),
    )
