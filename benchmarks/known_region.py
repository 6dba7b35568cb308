"""A made-up region of which the truth is known, many times over: what intervals are held against.

Children come by chance, day after day, at a rate that never changes. Each has one to three
episodes: a wait, which ends because care starts, because the child withdraws or because it gets
worse; care where care started; some time; the next episode. The rate has been the same for longer
than a career can last, so what begins and ends in any period follows the law of the region exactly,
and the truth of every indicator is a sum over that law. Nothing of it comes out of an estimate.

What makes it hard, as in a real region: waits that are still open, waits that began before the
period, many ends on one day, and children with several episodes that are alike (a child keeps its
own luck in waiting and its own referrer in some of them).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from stelsel import spells as spell

AS_OF = date(2025, 12, 31)
PERIOD = 365
YEARS_BACK = 2
"""How far back before the period an earlier spell counts, where that is asked."""
EPISODES = np.array([0.60, 0.25, 0.15])
"""How likely a child has one, two, three episodes."""
REFERRERS = {"01": 0.35, "02": 0.45, "03": 0.20}
PLANNED = 0.7
BESIDE = 0.3
"""How likely care at home goes with day help on the same days."""
CAUSES = ("served", "withdrawn", "worse")
LONGEST_WAIT, LONGEST_CARE, LONGEST_GAP = 250, 300, 150

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Days = np.ndarray[Any, np.dtype[np.int64]]


def lognormal(longest: int, median: float, spread: float) -> Numbers:
    """Give the chance of each number of days from 0 up to the longest, in whole days."""
    edges = np.arange(longest + 1) + 1.0
    scaled = (np.log(edges) - np.log(median)) / spread
    # The logistic curve: near enough to a bell on the log scale, and written out in one line.
    upto = 1 / (1 + np.exp(-1.702 * scaled))
    upto = np.append(upto[:-1], 1.0)
    return np.diff(upto, prepend=0.0)


@dataclass(frozen=True)
class Law:
    """How long things last in the region."""

    served: Numbers
    withdrawn: Numbers
    worse: Numbers
    care: Numbers
    gap: Numbers

    @cached_property
    def still(self) -> Numbers:
        """Share of waits not yet ended in any way before each day."""
        kept = [1 - np.cumsum(one) for one in (self.served, self.withdrawn, self.worse)]
        return np.append(1.0, np.prod(kept, axis=0)[:-1])

    def ended(self, cause: str) -> Numbers:
        """Give the share of waits that end on each day in one way.

        On a day on which two would come, being served goes first, then withdrawing.
        """
        served, withdrawn, worse = self.served, self.withdrawn, self.worse
        before = [1 - np.cumsum(one) + one for one in (served, withdrawn, worse)]
        after = [1 - np.cumsum(one) for one in (served, withdrawn, worse)]
        shares = {
            "served": served * before[1] * before[2],
            "withdrawn": withdrawn * after[0] * before[2],
            "worse": worse * after[0] * after[1],
        }
        return np.asarray(shares[cause])

    def back_within(self) -> Numbers:
        """Give the share of ended waits after which the child waits again within so many days."""
        served = self.ended("served").sum()
        with_care = np.convolve(self.care, self.gap)
        pause = served * with_care
        pause[: len(self.gap)] += (1 - served) * self.gap
        return np.asarray(again_share() * np.cumsum(pause))


def law() -> Law:
    """Give the law of the region: half are helped within two months, some wait most of a year."""
    days = np.arange(LONGEST_WAIT + 1)
    leaving = 0.002 * np.exp(-0.002 * days)
    worse = 0.001 * np.exp(-0.001 * days)
    gap = lognormal(LONGEST_GAP, 45, 0.7)
    gap = np.append(0.0, gap[1:] / gap[1:].sum())
    return Law(
        served=lognormal(LONGEST_WAIT, 55, 0.8),
        withdrawn=leaving,
        worse=worse,
        care=lognormal(LONGEST_CARE, 110, 0.6),
        gap=gap,
    )


def again_share() -> float:
    """Give the share of waits that have an earlier one of the same child, or a later one."""
    number = float((EPISODES * (np.arange(len(EPISODES)) + 1)).sum())
    return 1 - 1 / number


def regions(number: int, waits_a_year: float, alike: float, seed: int) -> pa.Table:
    """Give the spells of so many regions of one law.

    Parameters
    ----------
    number
        How many regions: ``0``, ``1`` and so on.
    waits_a_year
        How many waits begin in a year, on average, in each.
    alike
        The share of episodes that follow the child's own luck and its own referrer.
    seed
        Of the chance.
    """
    chance = np.random.default_rng(seed)
    rules = law()
    longest = LONGEST_WAIT + LONGEST_CARE + LONGEST_GAP
    window = PERIOD + len(EPISODES) * longest
    episodes = float((EPISODES * (np.arange(len(EPISODES)) + 1)).sum())
    rate = waits_a_year / 365 / episodes
    each = chance.poisson(rate * window, number)
    children = int(each.sum())
    region = np.repeat(np.arange(number), each)
    start = chance.integers(-window + 1, 1, children)
    last = chance.choice(len(EPISODES), children, p=EPISODES)
    luck, stays = chance.random(children), chance.random(children)
    referrer = _drawn(np.array(list(REFERRERS.values())), chance.random(children))
    made = []
    for episode in range(len(EPISODES)):
        own = chance.random(children) < alike
        served = _drawn(rules.served, np.where(own, luck, chance.random(children)))
        withdrawn = _drawn(rules.withdrawn, chance.random(children))
        worse = _drawn(rules.worse, chance.random(children))
        wait = np.minimum(np.minimum(served, withdrawn), worse)
        cause = np.select([wait == served, wait == withdrawn], [0, 1], 2)
        care = _drawn(rules.care, np.where(own, stays, chance.random(children)))
        fresh = _drawn(np.array(list(REFERRERS.values())), chance.random(children))
        sent = np.where(own, referrer, fresh)
        there = last >= episode
        made.append(_spells(chance, region, there, start, wait, cause, care, sent))
        start = start + wait + np.where(cause == 0, care, 0)
        start = start + _drawn(rules.gap, chance.random(children))
    return pa.concat_tables(made)


def _drawn(shares: Numbers, luck: Numbers) -> Days:
    """Give the days that so much luck leads to; beyond all there are where it never comes."""
    upto = np.cumsum(shares)
    if upto[-1] > 1 - 1e-9:
        upto[-1] = 1.0
    return np.searchsorted(upto, luck, side="right")


def _spells(
    chance: np.random.Generator,
    region: Days,
    there: np.ndarray[Any, np.dtype[np.bool_]],
    start: Days,
    wait: Days,
    cause: Days,
    care: Days,
    sent: Days,
) -> pa.Table:
    """Give the spells of one episode of each child that has it."""
    child = np.arange(len(region))
    helped = there & (cause == 0)
    beside = helped & (chance.random(len(region)) < BESIDE)
    ways = np.where(chance.random(len(region)) < PLANNED, "planned", "client-stopped")
    begun, over = start + wait, start + wait + care
    parts = (
        ("wait-ambulatory", there, start, begun, np.array(CAUSES)[cause]),
        ("care-ambulatory", helped, begun, over, ways),
        ("care-day-help", beside, begun, over, ways),
    )
    referrers = np.array(list(REFERRERS))[sent]
    made = []
    for station, whose, first, last, how in parts:
        seen = whose & (first <= 0) & (last > -PERIOD - 366 * YEARS_BACK)
        number = int(seen.sum())
        made.append(
            {
                "child": pa.array(child[seen]).cast(pa.string()),
                "episode": pa.array(child[seen]).cast(pa.string()),
                "station": pa.repeat(station, number),
                "form": pa.repeat("02", number),
                "start": _dates(first[seen]),
                "end": _dates(last[seen]),
                "exit": pa.array(how[seen]),
                "region": pa.array(region[seen]).cast(pa.string()),
                "municipality": pa.repeat("0193", number),
                "provider": pa.repeat("99999999", number),
                "referrer": pa.array(referrers[seen]),
                "priority": pa.repeat("regular", number),
                "known": _dates(last[seen]),
                "source": pa.repeat("twin", number),
            }
        )
    return pa.concat_tables([pa.table(one, schema=spell.SCHEMA) for one in made])


def _dates(days: Days) -> pa.Array:
    """Give dates, counted from the day of looking."""
    return pa.array(days + (AS_OF - date(1970, 1, 1)).days, pa.int32()).cast(pa.date32())
