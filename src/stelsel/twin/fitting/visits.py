"""Visits of a region as its files tell them: a wait, the stay after it, and what brought it.

The estimators of :mod:`stelsel.twin.fitting.region` read nothing else. A register says less than a
run: nobody tells of the access of the municipality, most waits and stays have no class, and that
care ended by age or that a child got worse while waiting has no code of its own. What can be seen
by what happened on the same day is seen so: a child who leaves a list and joins another got worse.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stelsel.system import referrers, station
from stelsel.twin.services import services

Days = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

STILL = np.iinfo(np.int64).max
NOBODY = -1
"""Referrer of whom none is told: sent by the municipality, or come freely."""
FAR = 10_000_000
"""More than any day, by which a child and a day make one number."""


class Visits:
    """Visits of one region up to a day, as columns, in the order of child and first day.

    ``child`` numbers the children and ``service`` the services; ``begun`` is the first day that
    anything tells of, ``started`` the first of the stay and ``ended`` the last of all that is told
    (``STILL`` while it is not); ``left`` is how a wait ended unserved, ``exit`` how a stay ended.
    ``served`` says whether there was a stay, ``waits`` whether a wait is told. ``born`` is the
    first day of the month of birth, or ``STILL``.
    """

    def __init__(
        self,
        table: pa.Table,
        region: str,
        last: date,
        births: Mapping[str, date] | None = None,
    ) -> None:
        self.last = last.toordinal()
        seen = pc.is_in(table["station"], pa.array(list(_stations())))
        table = table.filter(pc.and_kleene(pc.equal(table["region"], region), seen))
        start, end = _days(table["start"]), _days(table["end"])
        known = start <= self.last
        table, start, end = table.filter(pa.array(known)), start[known], end[known]
        end = np.where(end > self.last, STILL, end)
        encoded = table["child"].combine_chunks().dictionary_encode()
        names = encoded.dictionary.to_pylist()
        child = np.asarray(encoded.indices, np.int64)
        which = _stations()
        place = [which[name] for name in table["station"].to_pylist()]
        service = np.array([k for k, _ in place], np.int64)
        stays = np.array([stay for _, stay in place], np.bool_)
        exits, sent = _texts(table["exit"]), _referrers(table["referrer"])
        priority, provider = _texts(table["priority"]), _texts(table["provider"])
        episode = table["episode"].to_pylist()
        # A stay belongs to the wait of its episode that ended on the day it began.
        waiting = {
            (child[n], episode[n], service[n], end[n]): n for n in np.flatnonzero(~stays).tolist()
        }
        wait_of = np.full(len(start), -1, np.int64)
        for n in np.flatnonzero(stays).tolist():
            wait_of[n] = waiting.pop((child[n], episode[n], service[n], start[n]), -1)
        taken = np.zeros(len(start), np.bool_)
        taken[wait_of[wait_of >= 0]] = True
        rows = np.flatnonzero(stays | ~taken)
        of = np.where(wait_of[rows] >= 0, wait_of[rows], rows)
        begun = np.minimum(start[of], start[rows])
        order = np.lexsort((begun, child[rows]))
        rows, of, begun = rows[order], of[order], begun[order]
        self.child, self.service, self.begun = child[rows], service[rows], begun
        self.served = stays[rows]
        self.waits = (of != rows) | ~self.served
        self.started = np.where(self.served, start[rows], STILL)
        self.ended = end[rows]
        self.left = np.where(self.served, "", exits[rows])
        self.exit = np.where(self.served, exits[rows], "")
        self.referrer = np.where(sent[rows] >= 0, sent[rows], sent[of])
        self.priority = np.where(priority[rows] != "", priority[rows], priority[of])
        self.provider = provider[rows]
        month = births or {}
        days = [month[name].toordinal() if name in month else STILL for name in names]
        self.born = np.array(days, np.int64)[self.child] if names else np.zeros(0, np.int64)

    def __len__(self) -> int:
        return len(self.child)

    def of(self, slug: str) -> Days:
        """Give the rows of a service."""
        return np.flatnonzero(self.service == numbers()[slug])

    def began_on(self, child: Days, day: Days, service: int) -> npt.NDArray[np.int64]:
        """Count the visits of each child at a service that began on each day."""
        mine = self.service == service
        keys = np.sort(self.child[mine] * FAR + self.begun[mine])
        wanted = child * FAR + np.minimum(day, FAR - 1)
        return np.searchsorted(keys, wanted, "right") - np.searchsorted(keys, wanted, "left")


@cache
def numbers() -> dict[str, int]:
    """Give the number of each service by its slug."""
    return {service.slug: k for k, service in enumerate(services())}


@cache
def _stations() -> dict[str, tuple[int, bool]]:
    """Give service and whether it is the stay, by station; of services that share one the first.

    Stations of no service are those of others, and those of the access, whom no file tells.
    """
    found: dict[str, tuple[int, bool]] = {}
    for k, service in enumerate(services()):
        if service.stay and station(service.stay).kind != "access":
            found.setdefault(service.stay, (k, True))
        if service.wait:
            found.setdefault(service.wait, (k, False))
    return found


def _referrers(column: pa.ChunkedArray) -> Days:
    """Give the number of who sent each; nobody where it is not told or there was none."""
    number = {r.code: n for n, r in enumerate(referrers())}
    quiet = {r.code for r in referrers() if r.slug in ("municipality", "none")}
    told = (NOBODY if code in quiet else number.get(code, NOBODY) for code in column.to_pylist())
    return np.fromiter(told, np.int64, len(column))


def _days(column: pa.ChunkedArray) -> Days:
    """Days as ordinals; one that is missing lies far ahead."""
    whole = column.combine_chunks().cast(pa.int32()).cast(pa.int64())
    shifted = np.asarray(pc.fill_null(whole, -1)) + date(1970, 1, 1).toordinal()
    return np.where(np.asarray(pc.is_null(whole)), STILL, shifted)


def _texts(column: pa.ChunkedArray) -> Texts:
    return np.asarray(pc.fill_null(column, "").to_pylist(), dtype=object)
