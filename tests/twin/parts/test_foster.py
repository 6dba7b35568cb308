"""Foster families: the loop against plain Python, the books, chance that is paired, formulas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.errors import StelselError
from stelsel.twin.chance import children
from stelsel.twin.parts.foster import Foster, Homes, compiled_foster, families, homes
from stelsel.twin.parts.foster.compiling import mean_breakdown
from stelsel.twin.parts.foster.layout import GONE, LASTED, MEASURES, RECRUITED
from stelsel.twin.parts.foster.loop import (
    begin,
    breaks,
    given_back,
    has_own,
    match,
    own,
    quality,
    ready,
    settle,
    week_begins,
    week_ends,
)
from stelsel.twin.parts.foster.moving import EVER, add_up, stayed
from stelsel.twin.plans.parameters import of_parts
from stelsel.twin.plans.plan import Parameter, Plan, Step
from tests.twin.parts.foster_oracle import Home, Oracle

FIRST = date(2019, 3, 1)
DAYS = 3 * 364
CODES, WEIGHT = ("JZ07", "JZ15"), np.array([0.03, 0.002])


def plan(**values: float) -> Plan:
    """The plan values of foster care, with others in their place."""
    known = [p for p in of_parts().values() if p.name.startswith("foster.")]
    other = {f"foster.{name}": value for name, value in values.items()}
    return Plan.of(
        replace(p, value=other[p.name], low=other[p.name], high=other[p.name], dated=())
        if p.name in other
        else p
        for p in known
    )


def made(seen: Plan, days: int = DAYS) -> Foster:
    return compiled_foster(seen, CODES, WEIGHT, FIRST, days)


@dataclass
class Stay:
    """A child with a family: until its end, or until the placement breaks down."""

    key: int
    family: int
    until: int
    end: int
    broke: bool
    other: Home | None


class Life:
    """Children who come and go by a list of made-up lengths, over the loop's functions."""

    def __init__(self, foster: Foster, seed: int, oracle: bool = False) -> None:
        self.foster, self.seed = foster, seed
        self.oracle = Oracle(foster, seed) if oracle else None
        self.homes: Homes = homes(foster, len(foster.network), 400, 3000)
        self.there: list[Stay] = []
        self.waiting: list[tuple[int, int, int]] = []
        self.matches: dict[int, tuple[int, int]] = {}  # child: day, family key
        self.qualities: list[float] = []

    def run(self, keys: list[int], lengths: list[int], start: int, daily: int) -> None:
        """``start`` children are there on the first day; ``daily`` more come each ten days."""
        todo = list(zip(keys, lengths, range(len(keys)), strict=True))
        for key, length, j in todo[:start]:
            family = settle(self.homes, np.uint64(key), 0, j % 2, self.foster)
            other = self.oracle.settle(key, 0, j % 2) if self.oracle else None
            self._stays(0, key, length, family, other)
        begin(self.homes, np.uint64(self.seed), self.foster)
        if self.oracle:
            self.oracle.begin()
        lengths_of = {key: length for key, length, _ in todo}
        todo = todo[start:]
        for day in range(len(self.foster.network)):
            if day % 7 == 0:
                week_begins(self.homes, day // 7, np.uint64(self.seed), self.foster)
                if self.oracle:
                    self.oracle.week_begins(day // 7)
            self._leave(day)
            if day % 10 == 0:
                for key, _, j in todo[:daily]:
                    self.waiting.append((key, day, j % 2))
                todo = todo[daily:]
            still = []
            for key, since, region in self.waiting:
                urgent = key % 5 == 0
                family = self._found(np.uint64(key), since, urgent, region, day)
                other = None
                if self.oracle:
                    other = self.oracle.found(key, 0, since, urgent, region, day)
                    assert (other is None) == (family < 0)
                if family < 0:
                    still.append((key, since, region))
                else:
                    self._stays(day, key, lengths_of[key], family, other)
            self.waiting = still
            if day % 7 == 6:
                week_ends(self.homes, day // 7)

    def _found(self, key: np.uint64, since: int, urgent: bool, region: int, day: int) -> int:
        if day < ready(key, 0, since, urgent, self.foster):
            return -1
        if has_own(key, 0, since, self.foster):
            return int(own(self.homes, key, 0, region, day))
        return int(match(self.homes, key, region, day, self.foster, -1))

    def _stays(self, day: int, key: int, length: int, family: int, other: Home | None) -> None:
        self.matches[key] = (day, int(self.homes.records["key"][family]))
        worth = quality(self.homes, family, np.uint64(key))
        if self.homes.records["kind"][family] == RECRUITED:
            self.qualities.append(worth)
        broken = breaks(self.homes, family, np.uint64(key), day, self.foster)
        assert day < broken <= len(self.foster.network)
        if self.oracle and other is not None:
            assert other.key == self.homes.records["key"][family]
            assert worth == self.oracle.quality(other, key)
            assert broken == self.oracle.breaks(other, key, day)
        until, end = min(day + length, broken), day + length
        self.there.append(Stay(key, family, until, end, broken < end, other))

    def _leave(self, day: int) -> None:
        """Let go who leaves today; who breaks down goes to another family if one is free."""
        today = [stay for stay in self.there if stay.until == day]
        self.there = [stay for stay in self.there if stay.until != day]
        for stay in today:
            given_back(self.homes, stay.family, day, stay.broke, self.foster)
            if self.oracle and stay.other:
                self.oracle.given_back(stay.other, day, stay.broke)
            if not stay.broke:
                continue
            region = int(self.homes.records["region"][stay.family])
            key = np.uint64(stay.key)
            family = match(self.homes, key, region, day, self.foster, stay.family)
            other = None
            if self.oracle:
                other = self.oracle.match(stay.key, region, day, stay.other)
                assert (other is None) == (family < 0)
            if family >= 0:
                self._stays(day, stay.key, stay.end - day, int(family), other)


KEYS = [int(key) for key in children(20, np.arange(3000))]
LENGTHS = [30 + 17 * (n * n % 61) for n in range(3000)]


@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 2**62),
    places=st.floats(1, 2.5),
    choice=st.integers(1, 5),
    breakdown=st.floats(0, 2),
    search=st.floats(0, 60),
)
def test_the_loop_does_what_plain_python_does(
    seed: int, places: float, choice: int, breakdown: float, search: float
) -> None:
    values = {"places": places, "choice": choice, "breakdown": breakdown, "search": search}
    foster = made(plan(**values), 350)
    life = Life(foster, seed, oracle=True)
    life.run(KEYS[:300], LENGTHS[:300], start=120, daily=5)
    seen, oracle = life.homes, life.oracle
    assert oracle is not None
    assert seen.counts[:, :, MEASURES.index("asked")].sum() == oracle.asked
    assert seen.counts[:, :, MEASURES.index("stopped")].sum() == oracle.stopped
    gone = seen.records["state"][: seen.tally[0]] == GONE
    assert gone.sum() == sum(home.gone for home in oracle.homes)


def test_books_hold_every_week() -> None:
    life = Life(made(plan(breakdown=0.4)), 5)
    life.run(KEYS, LENGTHS, start=250, daily=9)
    counts = {name: life.homes.counts[:, :, k] for k, name in enumerate(MEASURES)}
    change = np.diff(counts["recruited"], axis=0)
    assert (change == (counts["approved"] - counts["stopped"])[1:]).all()
    change = np.diff(counts["network"], axis=0)
    assert (change == (counts["found"] - counts["ended"])[1:]).all()
    for stock in ("recruited", "network", "places", "filled", "empty", "screened"):
        assert counts[stock].min() >= 0
    assert (counts["filled"] <= counts["places"]).all()
    assert counts["broke"].sum() > 30
    last = counts["filled"][-1].sum() + counts["network"][-1].sum()
    assert last == len(life.there)


def test_who_is_free_is_linked_both_ways() -> None:
    life = Life(made(plan(places=1.8)), 6)
    life.run(KEYS, LENGTHS, start=250, daily=6)
    records = life.homes.records
    listed = []
    for region in range(2):
        chain, i = [], life.homes.head[region]
        while i >= 0:
            chain.append(int(i))
            i = records["after"][i]
        assert [records["before"][i] for i in chain] == [-1, *chain][: len(chain)]
        assert life.homes.tail[region] == (chain[-1] if chain else -1)
        listed += chain
    used = records[: life.homes.tally[0]]
    assert sorted(listed) == list(np.flatnonzero(used["free"]))
    assert (used["filled"][listed] < used["places"][listed]).all()


def test_a_campaign_brings_the_same_families_and_more() -> None:
    """Paired chance: with more requests nobody who asked is lost, nor does anyone change."""
    few, many = (made(plan(asked=asked)) for asked in (6000, 9000))
    known = []
    for foster in (few, many):
        life = Life(foster, 7)
        life.run(KEYS, LENGTHS, start=250, daily=6)
        used = life.homes.records[: life.homes.tally[0]]
        recruited = used[(used["kind"] == RECRUITED) & (used["since"] > 0)]
        known.append({(int(h["key"]), int(h["since"]), int(h["places"])) for h in recruited})
    assert known[0] < known[1]
    assert len(known[1]) == pytest.approx(1.5 * len(known[0]), rel=0.25)


def test_a_choice_makes_better_matches() -> None:
    """The best of n even draws is n / (n + 1) in the mean, where n are free."""
    for choice in (1, 2, 4):
        foster = made(plan(choice=choice, empty=0.4, places=1, search=0, asked=20000))
        life = Life(foster, 8)
        life.run(KEYS, LENGTHS, start=200, daily=4)
        later = life.qualities[150:]
        spread = np.sqrt(1 / 12 / len(later))
        assert abs(np.mean(later) - choice / (choice + 1)) < 5 * spread


def test_better_matches_break_down_less_and_as_much_as_the_formula_says() -> None:
    foster = made(plan(breakdown=0.25, quality=2.0, network=0.0), 2000)
    seen = homes(foster, 2000, 4000, 0)
    broke = []
    for key in KEYS:
        family = settle(seen, np.uint64(key), 0, 0, foster)
        broke.append(breaks(seen, family, np.uint64(key), 0, foster) < 365)
    # A mean over even qualities of 1 - exp(-hazard), for which the formula gives the hazard.
    q = (np.arange(1000) + 0.5) / 1000
    expected = (1 - np.exp(-0.25 * 365 / 365.25 * np.exp(-2.0 * (q - 0.5)))).mean()
    assert abs(np.mean(broke) - expected) < 5 * np.sqrt(expected / len(KEYS))
    assert mean_breakdown(2.0, 1) == pytest.approx(np.sinh(1.0), abs=1e-5)


def test_support_from_a_day_on_changes_nothing_before_it() -> None:
    """A lever that begins in the second year leaves the first as it was."""
    step = Step(date(2020, 3, 1), "multiply", 0.3)
    base = plan(breakdown=0.4)
    worlds = []
    for seen in (base, base.changed([("foster.support", step)])):
        life = Life(made(seen), 9)
        life.run(KEYS, LENGTHS, start=250, daily=8)
        worlds.append(life.homes.counts)
    before = (step.since - FIRST).days // 7
    assert (worlds[0][:before] == worlds[1][:before]).all()
    broke = MEASURES.index("broke")
    assert worlds[1][before:, :, broke].sum() < 0.6 * worlds[0][before:, :, broke].sum()


def test_a_region_alone_has_the_families_it_has_in_the_country() -> None:
    alone = compiled_foster(plan(), CODES[1:], WEIGHT[1:], FIRST, DAYS)
    both = made(plan())
    keys = []
    for foster in (alone, both):
        seen = homes(foster, DAYS, 100, 100)
        begin(seen, np.uint64(3), foster)
        for week in range(DAYS // 7):
            week_begins(seen, week, np.uint64(3), foster)
        used = seen.records[: seen.tally[0]]
        here = used["region"] == len(foster.weight) - 1
        keys.append(sorted(used["key"][here].tolist()))
    assert keys[0] == keys[1]
    assert len(keys[0]) > 3


def test_the_published_flow_of_families_comes_out() -> None:
    """Recruited families a year follow from requests, as the factsheets count them (47 %)."""
    foster = compiled_foster(plan(), ["JZ07"], np.array([1.0]), date(2017, 1, 1), 5 * 364)
    seen = homes(foster, 5 * 364, 0, 0)
    begin(seen, np.uint64(4), foster)
    for week in range(5 * 52):
        week_begins(seen, week, np.uint64(4), foster)
        week_ends(seen, week)
    approved = seen.counts[:, 0, MEASURES.index("approved")].reshape(5, 52).sum(axis=1)
    published = np.array([2647, 2566, 2778, 2647, 2297]) * 0.471
    assert approved == pytest.approx(published, rel=0.1)
    table = families(seen.counts, ["JZ07"], date(2017, 1, 1), 1.52)
    assert table.num_rows == 5 * 52
    weeks = table.column("week").to_pylist()
    assert all(later > earlier for earlier, later in pairwise(weeks))


def test_impossible_plans_are_refused() -> None:
    with pytest.raises(StelselError) as caught:
        made(plan(places=0.5, pipeline=0))
    assert [fault.where for fault in caught.value.faults] == ["foster.places", "foster.pipeline"]


def test_every_assumption_has_a_range_and_a_reason() -> None:
    for name, parameter in of_parts().items():
        if name.startswith("foster."):
            assert isinstance(parameter, Parameter)
            assert parameter.source_nl
            assert parameter.kind != "assumed" or parameter.low is not None


@settings(max_examples=30, deadline=None)
@given(
    spans=st.lists(
        st.tuples(st.integers(-900, 700), st.integers(1, 1200), st.booleans()), max_size=8
    )
)
def test_who_is_longer_with_a_family_is_counted_as_day_by_day(
    spans: list[tuple[int, int, bool]],
) -> None:
    """A child came on a day and left after so many days, or is there after the last day too."""
    days = 728
    seen = homes(made(plan(), days), days, 10, 10)
    ends = []
    for since, lasts, leaves in spans:
        end = since + lasts if leaves and 0 <= since + lasts < days else EVER
        ends.append((since, end))
        stayed(seen, 0, since, end)
    add_up(seen)
    for name, edge in zip(("year", "two years"), LASTED, strict=True):
        for week in range(days // 7):
            last = 7 * week + 6
            there = sum(since + edge < last < end for since, end in ends)
            assert seen.counts[week, 0, MEASURES.index(name)] == there
