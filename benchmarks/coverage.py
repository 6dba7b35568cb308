"""How often the 95 % intervals of the monitor hold the truth, in regions whose law is known.

Every kind of interval that the monitor gives, over the same regions: small ones of some tens of
waits a year, ones of some hundreds, and ones in which the episodes of a child are nearly the same.
Each region is worked out as any other, and the truth is held against what comes out; also against
what leaves of it, with rounded counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks import known_region as truth
from stelsel import spells as spell
from stelsel.monitor import waiting
from stelsel.monitor.benchmark.funnel import funnel, place
from stelsel.monitor.benchmark.standard import Told, direct, ratio
from stelsel.monitor.indicators import Indicator, for_readers, named, work_out
from stelsel.monitor.indicators.definition import Selection
from stelsel.system import norm
from stelsel.system.questions import answers
from stelsel.system.regions import regions
from stelsel.system.terms import last_day

RUNS = 400
SIZES = {"small": (40, 0.5), "middle": (400, 0.5), "alike": (400, 0.9)}
"""Waits begun a year, and how many episodes of a child follow its own luck and referrer."""
SEED = 2025
WAIT = Selection(("wait-ambulatory",))
CARE = Selection(("care-ambulatory",))
BOTH_CARE = Selection(("care-ambulatory", "care-day-help"))
DAYS_OF_ENDS = 90
NORM = "treeknorm-treatment"
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Kind:
    """One interval: how it is asked for, and the truth it should hold."""

    name: str
    truth: float
    rows: Callable[[pa.Table], Rows]
    indicator: Indicator | None = None


def measure() -> dict[str, Any]:
    """Count, per kind of interval and size of region, in how many runs it holds the truth."""
    found: dict[str, Any] = {}
    for size, (waits, alike) in SIZES.items():
        spells = truth.regions(RUNS, waits, alike, SEED)
        for kind in (*kinds(), *leaving()):
            found[f"{kind.name}, {size}"] = covered(kind, spells)
    found |= {kind.name: covered(kind, spells) for kind in (*marks(), *compared())}
    return found | {"areas inside their funnel, percent": round(inside_funnel(), 1)}


def covered(kind: Kind, spells: pa.Table) -> dict[str, float]:
    """Give the share of regions whose interval holds the truth, in percent, and how wide it is."""
    rows = [row for row in kind.rows(spells) if row["low"] is not None or row["high"] is not None]
    held: list[bool] = [
        bool(
            (row["low"] is None or row["low"] <= kind.truth)
            and (row["high"] is None or kind.truth <= row["high"])
        )
        for row in rows
    ]
    wide = [row["high"] - row["low"] for row in rows if None not in (row["low"], row["high"])]
    return {
        "truth": round(kind.truth, 2),
        "runs": len(rows),
        "covered_percent": round(100 * sum(held) / len(held), 1),
        "width": round(float(np.median(wide)), 1) if wide else 0.0,
    }


def kinds() -> Iterator[Kind]:
    """Give every kind of interval of spells, with the truth by the law of the region."""
    rules = truth.law()
    upto = np.cumsum(rules.served)
    quantiles = {
        "median": int(np.argmax(upto >= 0.5 - 1e-9)),
        "p80": int(np.argmax(upto >= 0.8 - 1e-9)),
    }
    for part, day in quantiles.items():
        yield Kind(f"waiting {part}", day, _of_waiting(part))
        yield _kind("length", day, "length", WAIT, part=part, exits=("served",))
    for cause in truth.CAUSES:
        share = float(rules.ended(cause)[: DAYS_OF_ENDS + 1].sum())
        yield _kind("ends", 100 * share, "ends", WAIT, part=cause, days=DAYS_OF_ENDS)
    sent = Selection(WAIT.stations, referrers=("02",))
    gp = 100 * truth.REFERRERS["02"]
    yield _kind("share begun", gp, "share", WAIT, of_which=sent, moment="begun")
    yield _kind("share ended", gp, "share", WAIT, of_which=sent, moment="ended")
    yield _kind("share there", gp, "share", WAIT, of_which=sent, moment="there")
    ways = Selection(WAIT.stations, exits=("worse",))
    rare = 100 * float(rules.ended("worse").sum())
    yield _kind("share ended, rare", rare, "share", WAIT, of_which=ways, moment="ended")
    together = Selection(BOTH_CARE.stations)
    yield _kind("beside", 100 * truth.BESIDE, "beside", together, least=2)
    term = _term()
    met = float(rules.ended("served")[: term + 1].sum())
    missed = float(rules.still[term + 1])
    in_time = 100 * met / (met + missed)
    yield _kind("within", in_time, "within", WAIT, norm=NORM, exits=("served",))
    back = 100 * truth.again_share()
    yield _kind("again", back, "again", WAIT, years=truth.YEARS_BACK, gap=1)
    returned = rules.back_within()
    follow = 100 * float(returned[DAYS_OF_ENDS])
    yield _kind("follow", follow, "follow", WAIT, days=DAYS_OF_ENDS)
    stayed = [1 - float(returned[left]) for left in _half_years()]
    yield _kind("no-return", 100 * float(np.mean(stayed)), "no-return", WAIT, gap=1)


def _kind(
    name: str,
    told: float,
    measure: Any,
    of: Selection,
    part: str = "",
    of_which: Selection | None = None,
    **how: Any,
) -> Kind:
    """Give a kind of interval that an indicator has."""
    one = Indicator(
        id="coverage",
        name_nl="dekking",
        name_en="coverage",
        question_nl="",
        question_en="",
        systems=("Y03",),
        measure=measure,
        of=of,
        part=of_which,
        source="own choice",
        **how,
    )

    def rows(spells: pa.Table) -> Rows:
        found: Rows = work_out(one, spells, truth.AS_OF, ["region"], truth.PERIOD).to_pylist()
        return [row for row in found if row["part"] == part]

    return Kind(f"{name} {part}".strip(), told, rows, one)


def _of_waiting(part: str) -> Callable[[pa.Table], Rows]:
    def rows(spells: pa.Table) -> Rows:
        found = waiting(spells, truth.AS_OF, ["region"], truth.PERIOD).to_pylist()
        return [{"low": row[f"{part}_low"], "high": row[f"{part}_high"]} for row in found]

    return rows


def _term() -> int:
    """Give the days that the norm allows, the same for every first day."""
    first = truth.AS_OF - timedelta(days=truth.PERIOD)
    days = [first + timedelta(days=number) for number in range(truth.PERIOD)]
    found = {(last_day(norm(NORM), day) - day).days for day in days}
    assert len(found) == 1
    return found.pop()


def _half_years() -> list[int]:
    """Give the days to the end of the next half-year, of each day of the period it is over for."""
    left = []
    for number in range(truth.PERIOD):
        day = truth.AS_OF - timedelta(days=number)
        until = date(day.year, 12, 31) if day.month <= 6 else date(day.year + 1, 6, 30)
        if until <= truth.AS_OF:
            left.append((until - day).days)
    return left


def leaving() -> Iterator[Kind]:
    """Give the shares as they leave, from rounded counts, of groups of which none is too small."""
    wanted = ("share begun", "within")
    for kind in kinds():
        if kind.name in wanted:
            yield Kind(f"leaving: {kind.name}", kind.truth, _as_they_leave(kind))


def _as_they_leave(kind: Kind) -> Callable[[pa.Table], Rows]:
    """Let the rows of as many regions as there are names leave at a time."""
    assert kind.indicator is not None
    one = kind.indicator

    def rows(spells: pa.Table) -> Rows:
        found = work_out(one, spells, truth.AS_OF, ["region"], truth.PERIOD)
        names = [region.code for region in regions()]
        left: Rows = []
        for first in range(0, found.num_rows, len(names)):
            part = found.slice(first, len(names))
            region = pa.array(names[: part.num_rows])
            part = part.set_column(0, part.schema.field(0), region)
            left += for_readers(one, part, known_on=None, made_up=False).to_pylist()
        return left

    return rows


def marks() -> Iterator[Kind]:
    """Give the interval of a mean mark: of so few who answered, and of more."""
    chance = np.random.default_rng(SEED)
    one = named("outcome-usefulness")
    given = [answer.id for answer in answers() if answer.scale == "mark"]
    number = np.array([int(answer.code) for answer in answers() if answer.scale == "mark"])
    shares = np.exp(-((number - 8.0) ** 2) / 6)
    shares /= shares.sum()
    for size, many in (("small", 8), ("middle", 40)):
        exits = np.array(given)[chance.choice(len(given), RUNS * many, p=shares)]
        spells = pa.Table.from_pylist(
            [
                {
                    "child": str(n),
                    "episode": str(n),
                    "station": one.of.stations[0],
                    "start": truth.AS_OF - timedelta(days=30),
                    "end": truth.AS_OF - timedelta(days=30),
                    "exit": str(exits[n]),
                    "region": str(n // many),
                    "known": truth.AS_OF,
                    "source": "twin",
                }
                for n in range(RUNS * many)
            ],
            schema=spell.SCHEMA,
        )
        found = work_out(one, spells, truth.AS_OF, ["region"], truth.PERIOD).to_pylist()
        told = [row for row in found if row["part"] == "mean"]
        yield Kind(f"mean mark, {size}", float((shares * number).sum()), _given(told))


def compared() -> Iterator[Kind]:
    """Give the kinds of interval of the comparison of municipalities, which rests on counts.

    The areas are of 400 children that are expected, or of 40, in bands of age of which some are
    small; what is counted comes by chance at the rate of the standard, half as much again.
    """
    chance = np.random.default_rng(SEED)
    ages = {"0-4": 5000.0, "5-9": 5200.0, "10-14": 5600.0, "15-19": 5900.0}
    for size, share in (("small", 0.1), ("middle", 1.0)):
        rates = {"0-4": 0.004, "5-9": 0.015, "10-14": 0.03, "15-19": 0.024}
        living = {band: share * number for band, number in ages.items()}
        counts = {band: chance.poisson(1.5 * rates[band] * living[band], RUNS) for band in ages}
        awaited = sum(rates[band] * living[band] for band in ages)
        told = [ratio(sum(counts[band][run] for band in ages), awaited) for run in range(RUNS)]
        yield Kind(f"ratio, {size}", 1.5, _ready(told))
        standard = dict.fromkeys(ages, 1.0)
        rate = 1000 * 1.5 * sum(rates.values()) / len(rates)
        found = [
            direct({band: counts[band][run] for band in ages}, living, standard)
            for run in range(RUNS)
        ]
        yield Kind(f"rate by age, {size}", rate, _ready([one for one in found if one]))


def _ready(told: Sequence[Told]) -> Callable[[pa.Table], Rows]:
    return _given([{"low": one.low, "high": one.high} for one in told])


def _given(rows: Rows) -> Callable[[pa.Table], Rows]:
    """Give rows that are worked out already, whatever the spells."""
    return lambda _: rows


def inside_funnel() -> float:
    """Give the share of areas inside the 95 % limits of their funnel, in percent.

    Regions of 42 areas of unlike size, which differ by more than chance alone.
    """
    chance = np.random.default_rng(SEED)
    inside = []
    for _ in range(RUNS):
        awaited = chance.uniform(20, 400, 42)
        between = (1 + chance.normal(0, 0.1, 42)) ** 2
        counted = chance.poisson(awaited * between)
        # As in use: what is expected adds up to what is counted.
        awaited = awaited * counted.sum() / awaited.sum()
        of = funnel(list(counted), list(awaited))
        inside += [place(*one, of) == "inside" for one in zip(counted, awaited, strict=True)]
    return float(100 * np.mean(inside))
