"""One run of the twin: a plan, a place, a number of years, a seed; out come spells."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stelsel.errors import Fault, StelselError
from stelsel.twin.chance import Purpose, uniforms
from stelsel.twin.country.baseline import FIRST_DAY, baseline
from stelsel.twin.first_day.from_spells import Begun
from stelsel.twin.first_day.start import start
from stelsel.twin.kernel import simulate
from stelsel.twin.layout import LINKS, MADE, PERSON, Network, Space, State, space
from stelsel.twin.parts.foster.layout import Homes
from stelsel.twin.parts.staff.layout import Crew
from stelsel.twin.plans.plan import Plan
from stelsel.twin.runs.telling import as_days, names, spells_of
from stelsel.twin.world.network import network
from stelsel.twin.world.people import COUNTRY, Drawn, Places, draw, places

Floats = npt.NDArray[np.float64]

MOST_YEARS = 50
FIRST_START, LAST_START = 2000, 2100
"""Years in which a run may begin; beyond them a plan made of 2021 says nothing."""
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

    ``visits`` has a row per wait-and-stay (:data:`stelsel.twin.layout.VISIT`) and ``links`` what
    runs beside what (:data:`stelsel.twin.layout.LINK`); ``counts`` [week, region x service,
    class, measure] are the weekly numbers, measures in the order of
    :data:`stelsel.twin.layout.MEASURES`; ``stations`` say of which provider each is. ``homes`` and
    ``crew`` are the families and the staff, ``net`` what the loop read.
    """

    plan: Plan
    where: Places
    first: date
    days: int
    seed: int
    visits: npt.NDArray[np.void]
    links: npt.NDArray[np.void]
    counts: npt.NDArray[np.int32]
    net: Network
    homes: Homes
    crew: Crew

    @property
    def last(self) -> date:
        """Last day of the run."""
        return self.first + timedelta(self.days - 1)

    @property
    def zero(self) -> int:
        """First day of the run, in days since 1970."""
        return (self.first - date(1970, 1, 1)).days

    @cached_property
    def persons(self) -> npt.NDArray[np.void]:
        """Every child who came (:data:`stelsel.twin.layout.PERSON`), by its number."""
        v = self.visits
        first = np.empty(int(v["person"].max(initial=-1)) + 1, np.int64)
        first[v["person"][::-1]] = np.arange(len(v))[::-1]
        found = np.zeros(len(first), PERSON)
        for name in ("key", "birth", "region"):
            found[name] = v[name][first]
        found["first"] = first
        male = uniforms(found["key"], Purpose.SEX) < self.where.male
        found["sex"] = np.where(male, 1, 2)
        return found

    @cached_property
    def drawn(self) -> Drawn:
        """What is made up of each child besides its record."""
        return draw(self.where, self.persons["key"], self.persons["region"].astype(np.int64))

    def people(self) -> pa.Table:
        """Give the made-up children: child, birth (date), sex (1 or 2), municipality."""
        return pa.table(
            {
                "child": pa.array(names(self.persons["key"])),
                "birth": as_days(self.persons["birth"] + self.zero),
                "sex": pa.array(np.array(["", "1", "2"])[self.persons["sex"]]),
                "municipality": pa.array(self.drawn.municipality),
            },
            schema=PEOPLE,
        )

    def spells(self) -> pa.Table:
        """Give every wait and every stay as spells (:mod:`stelsel.twin.runs.telling`)."""
        return spells_of(self)


def run(
    plan: Plan | None = None,
    region: str = COUNTRY,
    years: float = 1,
    seed: int = 2021,
    first: date = FIRST_DAY,
    begun: Begun | None = None,
    reuse: bool = False,
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
    begun
        Who is where on the first day, from a register; drawn from the plan if left out.
    reuse
        Whether to use the memory of an earlier such run again, if nobody holds that run any more:
        quicker, for many runs one after another. The process keeps the memory.

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
    state = (begun.state if begun else start)(plan, where, net, first, seed)
    memory = execute(net, state, days, seed, reuse)
    visits = memory.visits[: memory.tally[MADE]]
    links = memory.links[: memory.tally[LINKS]]
    made = visits, links, memory.counts, net, memory.homes, memory.crew
    return Run(plan, where, first, days, seed, *made)


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


def execute(net: Network, state: State, days: int, seed: int, reuse: bool = False) -> Space:
    """Run the compiled loop, with more memory until it fits, and give its memory."""
    streams = net.streams
    rate = np.zeros(len(net.daily_rate))
    np.add.at(rate, streams["rate"], streams["weight"])
    expected = float((rate[:, None] * net.daily_rate).sum())
    number = int(len(state.visits) + 2.5 * expected + 6 * np.sqrt(expected) + 5000)
    while True:
        memory = space(net, days, number, reuse)
        made = simulate(net, state, np.uint64(seed), days, memory)
        if made <= number:
            return memory
        number = int(number * 1.6)
