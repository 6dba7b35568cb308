"""Posts of a run of the twin as spells: the twin counts staff by week and follows no one.

Of each station of staff (``staff.parquet``) as many posts are vacant, filled or held by someone ill
as the week counts, and as many workers leave. Who comes first goes first: numbers of posts and of
leavers are those of the run, how long one post was vacant or one worker ill is not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stelsel import spells as spell

VACANT, FILLED, ILL = "workforce-vacant", "workforce-filled", "workforce-ill"
NEEDED = ("week", "service", "region", "full", "new", "vacant", "ill", "left")
"""Columns of ``staff.parquet`` that are read; workers are those at full and at half strength."""
GOLDEN = 0.6180339887498949
"""Fractions of posts are rounded at thresholds this far apart (mod 1): evenly spread, so that the
rounding of many stations adds up to nothing."""

Numbers = npt.NDArray[np.int64]
Open = deque[tuple[str, date]]


def posts_of(staff: pa.Table) -> pa.Table:
    """Give the posts of all stations of staff as spells (:data:`stelsel.spells.SCHEMA`).

    Parameters
    ----------
    staff
        Weekly books of staff of one scenario, with the columns :data:`NEEDED`; a week has the day
        it begins on, and its rows are in the same order as those of the other weeks.

    Examples
    --------
    >>> one = {"service": "supervision-worker", "region": "JZ07", "new": 0.0}
    >>> weeks = pa.Table.from_pylist([
    ...     one | {"week": date(2021, 1, 1), "full": 2.0, "vacant": 0.0, "ill": 0.0, "left": 0.0},
    ...     one | {"week": date(2021, 1, 8), "full": 1.0, "vacant": 1.0, "ill": 0.0, "left": 1.0}])
    >>> [(s["station"], str(s["start"]), s["exit"]) for s in posts_of(weeks).to_pylist()]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('workforce-filled', '2021-01-01', 'left'), ('workforce-vacant', '2021-01-08', None),
     ('workforce-filled', '2021-01-01', None)]
    """
    by_week: dict[date, list[dict[str, Any]]] = {}
    for row in staff.select(NEEDED).to_pylist():
        by_week.setdefault(row["week"], []).append(row)
    rows: list[dict[str, Any]] = []
    # Providers of one service in a region have rows alike: every week has them in the same order.
    for number, weeks in enumerate(zip(*(by_week[day] for day in sorted(by_week)), strict=True)):
        service, region = weeks[0]["service"], weeks[0]["region"]
        of_region = region if region.startswith("JZ") else None
        found = _Station(f"{service}-{region}-{number}", of_region)
        found.run(weeks, (number * GOLDEN) % 1.0)
        rows.extend(found.rows())
    return pa.Table.from_pylist(rows, spell.SCHEMA)


@dataclass
class _Station:
    """The posts of one station, week after week."""

    name: str
    region: str | None
    open: dict[str, Open] = field(
        default_factory=lambda: {VACANT: deque(), FILLED: deque(), ILL: deque()}
    )
    done: list[dict[str, Any]] = field(default_factory=list)
    made: int = 0

    def run(self, weeks: Sequence[dict[str, Any]], threshold: float) -> None:
        """Let the posts follow the counts of the weeks."""

        def whole(values: list[float]) -> Numbers:
            return np.floor(np.array(values, np.float64) + threshold + 1e-6).astype(np.int64)

        workers = whole([row["full"] + row["new"] for row in weeks])
        vacant = whole([row["vacant"] for row in weeks])
        ill = np.minimum(whole([row["ill"] for row in weeks]), workers)
        left = np.diff(whole(np.cumsum([row["left"] for row in weeks]).tolist()), prepend=0)
        for n, row in enumerate(weeks):
            day = row["week"]
            held = len(self.open[FILLED]) + len(self.open[ILL])
            leave = min(int(left[n]), held) if n else 0
            come = int(workers[n]) - held + leave
            for _ in range(leave):
                self._ends(FILLED if self.open[FILLED] else ILL, "left", day)
            for _ in range(-come):  # posts that are no longer there
                self._ends(FILLED if self.open[FILLED] else ILL, "cancelled", day)
            self._vacancies(int(vacant[n]), leave, day)
            for _ in range(come):
                self._begins(FILLED, day)
            for _ in range(int(ill[n]) - len(self.open[ILL])):
                self._begins(ILL, day, self._ends(FILLED, "ill", day))
            for _ in range(len(self.open[ILL]) - int(ill[n])):
                self._begins(FILLED, day, self._ends(ILL, "recovered", day))

    def _vacancies(self, wanted: int, opened: int, day: date) -> None:
        """Let the oldest be filled, one more for each that opened, and open what is wanted."""
        vacant = self.open[VACANT]
        for _ in range(min(len(vacant) + opened - wanted, len(vacant))):
            self._ends(VACANT, "filled", day)
        while len(vacant) < wanted:
            self._begins(VACANT, day)

    def _begins(self, station: str, day: date, post: str = "") -> None:
        self.made += not post
        self.open[station].append((post or f"{self.name}-{self.made}", day))

    def _ends(self, station: str, how: str, day: date) -> str:
        post, start = self.open[station].popleft()
        if start < day:  # what began today was not there
            self.done.append(self._row(post, station, start, day, how))
        return post

    def _row(
        self, post: str, station: str, start: date, end: date | None, how: str | None
    ) -> dict[str, Any]:
        return {
            "child": post,
            "episode": post,
            "station": station,
            "start": start,
            "end": end,
            "exit": how,
            "region": self.region,
            "known": end or start,
            "source": "twin",
        }

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give what has ended, then what has not."""
        yield from self.done
        for station in (VACANT, FILLED, ILL):
            for post, start in self.open[station]:
                yield self._row(post, station, start, None, None)
