"""Small networks with a known answer, run by the twin's own loop.

A network of one service is cut out of a real one: the same arrays, with one stream, one region and
no part switched on but waiting and staying. So a formula examines the very code that runs the
country.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from stelsel.twin.baseline import FIRST_DAY, baseline
from stelsel.twin.durations import STEPS
from stelsel.twin.layout import DRAWN, OPEN, PERSON, REGULAR, TERMS, VISIT, Network, State
from stelsel.twin.network import network
from stelsel.twin.people import places
from stelsel.twin.run import execute
from stelsel.twin.services import number

Numbers = npt.NDArray[np.float64]

REGION = "JZ15"
SERVICE = "ambulatory"
NONE = ("withdraw", "worse", "budget", "bridged", "lengthens", "limit", "back", "crisis", "complex")
"""Rules that are put out of action."""


@dataclass(frozen=True, slots=True)
class Small:
    """One service with so many places at each of its providers, and who comes.

    Parameters
    ----------
    places
        Places of each provider (at most four).
    rate
        Requests a day.
    lengths
        Quantiles of the length of a stay in days, on the grid of
        :data:`stelsel.twin.durations.STEPS`; for a stay in terms, the length of a term.
    preference
        Share of the requests that picks each provider; by places where it is not given.
    push, one_list
        The policy.
    renew
        Share of terms that is renewed at the anniversary; a stay is one of terms when given.
    withdraw
        Chance a day to withdraw while waiting.
    """

    places: tuple[int, ...]
    rate: float
    lengths: Numbers
    preference: tuple[float, ...] = ()
    push: bool = False
    one_list: bool = False
    renew: float | None = None
    withdraw: float = 0.0


def exponential(mean: float) -> Numbers:
    """Quantiles of an exponential distribution, stretched so that its mean is kept.

    Examples
    --------
    >>> values = exponential(50.0)
    >>> round(float((values[1:] + values[:-1]).mean() / 2), 9)
    50.0
    """
    grid = np.linspace(0, 1, STEPS + 1)
    grid[-1] = 1 - 0.02 / STEPS
    return _of_mean(-np.log1p(-grid), mean)


def even(low: float, high: float) -> Numbers:
    """Quantiles of a distribution that is even between two lengths."""
    return np.linspace(low, high, STEPS + 1)


def _of_mean(quantiles: Numbers, mean: float) -> Numbers:
    now = (quantiles[1:] + quantiles[:-1]).mean() / 2
    return np.asarray(quantiles * (mean / now), dtype=np.float64)


def moments(lengths: Numbers) -> tuple[float, float]:
    """Mean, and square of the coefficient of variation, of lengths in whole days.

    Between two quantiles the length is even; a length of x days becomes the whole days below or
    above it with the mean kept, which adds at most a quarter to the variance.
    """
    low, high = lengths[:-1], lengths[1:]
    mean = float(((low + high) / 2).mean())
    square = float(((low**2 + low * high + high**2) / 3).mean())
    # Rounding with the mean kept adds f(1 - f), on average a sixth where the fraction is even.
    return mean, (square - mean**2 + 1 / 6) / mean**2


@cache
def _whole(days: int) -> Network:
    return network(baseline(), places(REGION), FIRST_DAY, days)


def compiled(small: Small, days: int) -> Network:
    """Cut the network out of that of a region."""
    whole = _whole(days)
    service = number(SERVICE)
    rules = whole.rules[:1].copy()
    for name in NONE:
        rules[name][:, service] = 0
    rules["withdraw"][:, service] = small.withdraw
    rules["sent"][:, service] = rules["clocked"][:, service] = 0
    rules["stretch"][:, service] = rules["bridging"][:, service] = 1
    for name in ("moves", "seconds", "heavier"):
        rules[f"{name}_to"][:, service] = rules[name][:, service]
    rules["law"][:, service] = DRAWN if small.renew is None else TERMS
    if small.renew is not None:
        rules["term"][:, service] = small.lengths.mean()
        rules["renew"][:, service] = small.renew
        rules["lifted"][:, service] = 0
    chart = whole.station_of[:1]
    own = chart[0, 0, service, : len(small.places)]
    share = np.zeros_like(whole.share[:1])
    share[0, own] = np.array(small.places) / sum(small.places)
    list_of = whole.list_of[:1].copy()
    list_of[0, own] = own[0] if small.one_list else own
    stations = whole.stations.copy()
    stations["threshold"][own] = 0.5
    rate = np.zeros_like(whole.daily_rate)
    rate[0] = small.rate
    streams = whole.streams[:1].copy()
    streams["region"], streams["service"], streams["rate"] = 0, service, 0
    streams["cls"], streams["weight"] = REGULAR, 1.0
    reached = whole.provider_reached.copy()
    preference = small.preference or tuple(n / sum(small.places) for n in small.places)
    reached[service] = 1.0
    reached[service, : len(preference)] = np.cumsum(preference)
    reached[service, len(preference) - 1 :] = 1.0
    held = np.zeros_like(whole.places)
    held[service] = sum(small.places)
    none = np.zeros(0, np.int32)
    return whole._replace(
        station_of=chart,
        list_of=list_of,
        chart=np.zeros_like(whole.chart),
        provider_reached=reached,
        stations=stations,
        share=share,
        places=held,
        streams=streams,
        daily_rate=rate,
        epoch=np.zeros_like(whole.epoch),
        rules=rules,
        routes=whole.routes[:1],
        referrer_reached=whole.referrer_reached[:1],
        solved=np.zeros(1),
        push=np.array([int(small.push)], np.int32),
        hand_over=np.zeros(1, np.int32),
        quantiles=np.tile(small.lengths.astype(np.float32), (len(whole.quantiles), 1)),
        fall_day=none,
        fall_station=none,
        fall_kind=none,
    )


def ran(small: Small, days: int, seed: int, at_start: int = 0) -> npt.NDArray[np.void]:
    """Run a small network from empty and give its visits.

    Parameters
    ----------
    small
        The network.
    days
        How long.
    seed
        Decides every draw.
    at_start
        Visits that come on the first day, besides.
    """
    net = compiled(small, days)
    state = State(np.empty(0, VISIT), np.empty(0, PERSON))
    if at_start:
        first = net.daily_rate.copy()
        first[0, 0] = at_start
        net = net._replace(daily_rate=first)
    memory = execute(net, state, days, seed)
    return memory.visits[: int(memory.tally[0])]


def mean_wait(visits: npt.NDArray[np.void], since: int, until: int) -> float:
    """Mean wait in days of who came between two days and was served."""
    mine = visits[(visits["arrived"] >= since) & (visits["arrived"] < until)]
    served = mine["started"] != OPEN
    return float((mine["started"] - mine["arrived"])[served].mean())


def over_seeds(values: Sequence[float]) -> tuple[float, float]:
    """Mean over independent runs and its standard error."""
    array = np.asarray(values, float)
    return float(array.mean()), float(array.std(ddof=1) / np.sqrt(len(array)))
