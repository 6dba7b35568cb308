"""One run of the twin: a plan, a place, a number of years, a seed; out come spells."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stelsel import spells as spell
from stelsel.errors import Fault, StelselError
from stelsel.system import forms, priorities, referrers
from stelsel.twin.baseline import FIRST_DAY, TEAM, baseline
from stelsel.twin.chance import Purpose, uniforms
from stelsel.twin.kernel import simulate
from stelsel.twin.layout import OPEN, Network, space
from stelsel.twin.network import network, provider_shares
from stelsel.twin.people import COUNTRY, Drawn, Places, draw, places
from stelsel.twin.plan import Plan
from stelsel.twin.start import start

Floats = npt.NDArray[np.float64]

MOST_YEARS = 50
FIRST_START, LAST_START = 2000, 2100
"""Years in which a run may begin; beyond them a plan made of 2021 says nothing."""
PLANNED, MOVED_ON = "planned", "change-request"
PEOPLE = pa.schema(
    [
        pa.field("child", pa.string(), nullable=False),
        pa.field("birth", pa.date32(), nullable=False),
        pa.field("sex", pa.string(), nullable=False),
        pa.field("municipality", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True)
class Run:
    """What one run gave.

    ``visits`` has a row per wait-and-care (:data:`stelsel.twin.layout.VISIT`); ``counts``
    [week, region x form, class, measure] are the weekly numbers, measures in the order of
    :data:`stelsel.twin.layout.MEASURES`.
    """

    plan: Plan
    where: Places
    first: date
    days: int
    seed: int
    visits: npt.NDArray[np.void]
    counts: npt.NDArray[np.int32]

    @property
    def last(self) -> date:
        """Last day of the run."""
        return self.first + timedelta(self.days - 1)

    @cached_property
    def _firsts(self) -> npt.NDArray[np.int_]:
        """The first visit of each person."""
        return np.unique(self.visits["person"], return_index=True)[1]

    @cached_property
    def _children(self) -> Drawn:
        """One made-up child per person, with its age at its first request."""
        v, firsts = self.visits, self._firsts
        came = v["arrived"][firsts].astype(float)
        day = self._epoch_day + np.maximum(came, 0)
        elapsed = np.maximum(-came, 0)
        return draw(
            self.where, v["key"][firsts], v["region"][firsts].astype(np.int64), day, elapsed
        )

    @property
    def _epoch_day(self) -> int:
        return (self.first - date(1970, 1, 1)).days

    def people(self) -> pa.Table:
        """Give the made-up children: child, birth (date), sex (1 or 2), municipality."""
        drawn = self._children
        return pa.table(
            {
                "child": pa.array(_names(self.visits["key"][self._firsts])),
                "birth": pa.array(drawn.birth, pa.int32()).cast(pa.date32()),
                "sex": pa.array(drawn.sex),
                "municipality": pa.array(drawn.municipality),
            },
            schema=PEOPLE,
        )

    def spells(self) -> pa.Table:
        """Give every wait and every care as spells (:data:`stelsel.spells.SCHEMA`).

        A wait that was served ends on the day care starts; both spells share an episode.
        """
        v = self.visits
        waits = np.arange(len(v))
        cares = np.flatnonzero(v["started"] != OPEN)
        return pa.concat_tables([self._table(waits, care=False), self._table(cares, care=True)])

    def _table(self, rows: npt.NDArray[np.int_], *, care: bool) -> pa.Table:
        v = self.visits
        slugs, codes = ([getattr(f, n) for f in forms()] for n in ("slug", "code"))
        kind = spell.CARE if care else spell.WAIT
        begin = (v["started"] if care else v["arrived"])[rows]
        served = v["started"][rows] != OPEN
        finish = (
            v["ended"][rows] if care else np.where(served, v["started"][rows], v["ended"][rows])
        )
        gone = finish != OPEN
        if care:
            exits = self._care_exits(rows)
        else:
            exits = np.where(served, "served", "withdrawn").astype(object)
        region = np.array(self.where.regions)[v["region"][rows]]
        sent = np.array([r.code for r in referrers()])[v["referrer"][rows]]
        team = slugs.index(TEAM)
        sent = np.where(v["form"][rows] == team, "06", sent)  # freely accessible: no referrer
        known = np.where(gone, finish, begin)
        zero = self._epoch_day
        return pa.table(
            {
                "child": pa.array(_names(v["key"][rows])),
                "episode": pa.array(_names(v["key"][rows], v["leg"][rows])),
                "station": pa.array(np.array([kind + slug for slug in slugs])[v["form"][rows]]),
                "form": pa.array(np.array(codes)[v["form"][rows]]),
                "start": _days(begin + zero),
                "end": _days(np.where(gone, finish, 0) + zero, ~gone),
                "exit": pa.array(exits, pa.string(), mask=~gone),
                "region": pa.array(region),
                "municipality": pa.array(self._children.municipality[v["person"][rows]]),
                "provider": pa.array(self._providers(rows)),
                "referrer": pa.array(sent),
                "priority": pa.array(np.array([p.id for p in priorities()])[v["cls"][rows]]),
                "known": _days(known + zero),
                "source": pa.array(np.full(len(rows), "twin")),
            },
            schema=spell.SCHEMA,
        )

    def _care_exits(self, rows: npt.NDArray[np.int_]) -> npt.NDArray[np.object_]:
        """How care ended: moved on to another form, or a drawn reason."""
        v = self.visits
        shares = self.plan.family("exit")
        reached = np.cumsum(list(shares.values()))
        names = np.array([*shares, PLANNED], dtype=object)
        chance = uniforms(v["key"][rows], Purpose.EXIT, v["leg"][rows].astype(np.int64))
        exits = names[np.searchsorted(reached, chance)]
        exits[v["next_form"][rows] >= 0] = MOVED_ON
        return np.asarray(exits, dtype=object)

    def _providers(self, rows: npt.NDArray[np.int_]) -> npt.NDArray[np.str_]:
        """Made-up AGB codes: 98, region, form, number of the provider."""
        v = self.visits
        numbers = range(1, provider_shares().shape[1] + 1)
        every = np.array(
            [
                [[f"98{r[2:]}{f.code}{n:02d}" for n in numbers] for f in forms()]
                for r in self.where.regions
            ]
        )
        return np.asarray(every[v["region"][rows], v["form"][rows], v["provider"][rows]])


def run(
    plan: Plan | None = None,
    region: str = COUNTRY,
    years: float = 1,
    seed: int = 2021,
    first: date = FIRST_DAY,
) -> Run:
    """Run the twin once.

    Parameters
    ----------
    plan
        The plan; without one the baseline.
    region
        A youth region such as ``JZ07``, or ``all`` for the country.
    years
        How long, in years of 365.25 days rounded to whole days; whole years end on 31 December.
    seed
        Decides every draw: the same seed gives the same run, to the last digit.
    first
        First day.

    Raises
    ------
    StelselError
        When the region does not exist, or years, seed or first day cannot be (:func:`fits`).

    Examples
    --------
    >>> small = run(region="JZ15", years=0.1)
    >>> small.spells().num_rows > 100
    True
    """
    if faults := fits(years, seed, first):
        raise StelselError(faults)
    plan = plan or baseline()
    where = places(region)
    days = length(first, years)
    net = network(plan, where, first, days)
    state = start(plan, where, net, first, seed)
    visits, counts = execute(net, state, days, seed)
    return Run(plan, where, first, days, seed, visits, counts)


def fits(years: float, seed: int = 2021, first: date = FIRST_DAY) -> list[Fault]:
    """Say what is wrong with years, seed and first day of a run; nothing when it can be run.

    Examples
    --------
    >>> [fault.where for fault in fits(0, -1, date(1999, 12, 31))]
    ['years', 'seed', 'start']
    """
    faults = []
    if not 0 < years <= MOST_YEARS:
        faults.append(
            Fault(
                f"The number of years must be above 0 and at most {MOST_YEARS}.",
                "years",
                remedy="Try 3.",
                what_nl=f"Het aantal jaren moet boven 0 en ten hoogste {MOST_YEARS} zijn.",
                remedy_nl="Probeer 3.",
            )
        )
    if not 0 <= seed < 2**63:
        faults.append(
            Fault(
                "The seed must be 0 or more, and below 2 to the power 63.",
                "seed",
                remedy="Try 2021.",
                what_nl="Het toevalsgetal moet 0 of meer zijn, en onder 2 tot de macht 63.",
                remedy_nl="Probeer 2021.",
            )
        )
    if not FIRST_START <= first.year <= LAST_START:
        faults.append(
            Fault(
                f"A run must begin in {FIRST_START} to {LAST_START}.",
                "start",
                remedy=f"The figures are of 2021; try {FIRST_DAY}.",
                what_nl=f"Een run moet beginnen in {FIRST_START} tot en met {LAST_START}.",
                remedy_nl=f"De cijfers zijn van 2021; probeer {FIRST_DAY}.",
            )
        )
    return faults


def length(first: date, years: float) -> int:
    """Count the days of a run; whole years end the day before the same date.

    From 29 February they end on 28 February.

    Examples
    --------
    >>> length(date(2021, 1, 1), 4), length(date(2021, 1, 1), 0.5)
    (1461, 183)
    """
    if float(years).is_integer():
        year = first.year + int(years)
        leap_day = (first.month, first.day) == (2, 29) and not isleap(year)
        after = date(year, 3, 1) if leap_day else first.replace(year=year)
        return (after - first).days
    return max(1, round(years * 365.25))


def execute(
    net: Network, state: npt.NDArray[np.void], days: int, seed: int
) -> tuple[npt.NDArray[np.void], npt.NDArray[np.int32]]:
    """Run the compiled loop, with more memory until it fits: the visits and the weekly counts."""
    expected = float((net.stream_rate[:, None] * net.daily_rate[net.stream_form]).sum())
    number = int(len(state) + 1.4 * expected + 6 * np.sqrt(expected) + 5000)
    while True:
        memory = space(net, days, number)
        made = simulate(net, state, np.uint64(seed), days, memory)
        if made <= number:
            return memory.visits[:made], memory.lists.counts
        number = int(number * 1.6)


def _names(keys: npt.NDArray[np.uint64], legs: npt.NDArray[Any] | None = None) -> list[str]:
    """Spell keys out as text, with the number of the episode behind it."""
    if legs is None:
        return [f"{key:016x}" for key in keys.tolist()]
    return [f"{k:016x}-{leg}" for k, leg in zip(keys.tolist(), legs.tolist(), strict=True)]


def _days(days: npt.NDArray[Any], missing: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    return pa.array(days.astype(np.int32), pa.int32(), mask=missing).cast(pa.date32())
