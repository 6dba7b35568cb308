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

from stelsel.twin.country.baseline import FIRST_DAY, baseline
from stelsel.twin.layout import (
    DRAWN,
    LINK,
    MADE,
    OPEN,
    REGULAR,
    TERMS,
    VISIT,
    Network,
    Records,
    State,
)
from stelsel.twin.parts.off import no_falls, no_families, no_secure, no_staff
from stelsel.twin.runs.run import execute
from stelsel.twin.services import number
from stelsel.twin.world.durations import STEPS
from stelsel.twin.world.network import network
from stelsel.twin.world.people import places

Numbers = npt.NDArray[np.float64]

REGION = "JZ15"
SERVICE = "ambulatory"
NONE = (
    *("measure", "sent", "guarded", "clocked", "foster", "crisis", "complex", "withdraw"),
    *("worse", "budget", "bridged", "lengthens", "limit", "back", "broken"),
    *("lives", "guards", "known_measure", "known_help", "youngest"),
)
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
        :data:`stelsel.twin.world.durations.STEPS`; for a stay in terms, the length of a term.
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


def quiet(days: int, chosen: Sequence[int]) -> Network:
    """Cut a network out of that of a region in which some services wait and stay, and no more.

    Nobody comes and nobody moves on; every stay has a drawn length in even clock days. Each service
    has one provider with all places, and its own list.
    """
    whole = _whole(days)
    services = list(chosen)
    rules = whole.rules[:1].copy()
    for name in NONE:
        rules[name][:, services] = 0
    rules["stretch"][:, services] = rules["bridging"][:, services] = 1
    for name in ("moves", "seconds", "heavier"):
        rules[f"{name}_to"][:, services] = rules[name][:, services]
    rules["foster"] = 0
    rules["law"][:, services], rules["capped"][:, services] = DRAWN, 1
    chart = whole.station_of[:1]
    own = chart[0, 0, services, 0]
    share = np.zeros_like(whole.share[:1])
    share[0, own] = 1.0
    list_of = whole.list_of[:1].copy()
    list_of[0, own] = own
    stations = whole.stations.copy()
    stations["threshold"] = 0.5
    stations["staffed"] = -1
    reached = whole.provider_reached.copy()
    reached[services] = 1.0
    return whole._replace(
        station_of=chart,
        list_of=list_of,
        chart=np.zeros_like(whole.chart),
        provider_reached=reached,
        stations=stations,
        share=share,
        places=np.zeros_like(whole.places),
        streams=whole.streams[:0].copy(),
        daily_rate=np.zeros_like(whole.daily_rate),
        epoch=np.zeros_like(whole.epoch),
        rules=rules,
        routes=whole.routes[:1],
        referrer_reached=whole.referrer_reached[:1],
        solved=np.zeros(1),
        push=np.zeros(1, np.int32),
        known_sent=np.zeros(1),
        hand_over=np.zeros(1, np.int32),
        small_scale=-1,
        secure_care=-1,
        falls=no_falls(),
        foster=no_families(),
        staff=no_staff(),
        secure=no_secure(),
    )


def streams_of(net: Network, services: Sequence[int], classes: Sequence[int]) -> Records:
    """Give a stream of requests for each pair of a service and a class, in that order."""
    made = np.zeros(len(services) * len(classes), net.streams.dtype)
    made["service"] = np.repeat(services, len(classes))
    made["cls"] = np.tile(classes, len(services))
    made["rate"] = made["service"]
    made["number"] = np.arange(len(made))
    made["weight"] = 1.0
    return made


def compiled(small: Small, days: int) -> Network:
    """Compile a small network."""
    service = number(SERVICE)
    net = quiet(days, [service])
    rules = net.rules.copy()
    rules["withdraw"][:, service] = small.withdraw
    if small.renew is not None:
        rules["law"][:, service] = TERMS
        rules["term"][:, service] = small.lengths.mean()
        rules["renew"][:, service] = small.renew
        rules["lifted"][:, service] = 0
    providers = len(small.places)
    own = net.station_of[0, 0, service, :providers]
    share, list_of = net.share.copy(), net.list_of.copy()
    share[0, own] = np.array(small.places) / sum(small.places)
    list_of[0, own] = own[0] if small.one_list else own
    rate, held = net.daily_rate.copy(), net.places.copy()
    rate[service], held[service] = small.rate, sum(small.places)
    reached = net.provider_reached.copy()
    preference = small.preference or tuple(n / sum(small.places) for n in small.places)
    reached[service, :providers] = np.cumsum(preference)
    reached[service, providers - 1 :] = 1.0
    return net._replace(
        list_of=list_of,
        provider_reached=reached,
        share=share,
        places=held,
        streams=streams_of(net, [service], [REGULAR]),
        daily_rate=rate,
        rules=rules,
        push=np.array([int(small.push)], np.int32),
        quantiles=np.tile(small.lengths.astype(np.float32), (len(net.quantiles), 1)),
    )


def ran(small: Small, days: int, seed: int, closed: int = 0) -> Records:
    """Run a small network from empty and give its visits.

    Parameters
    ----------
    small
        The network.
    days
        How long.
    seed
        Decides every draw.
    closed
        Days before there are any places, so that a list builds up.
    """
    net = compiled(small, days)
    net.places[number(SERVICE), :closed] = 0
    return visits_of(net, days, seed)


def visits_of(net: Network, days: int, seed: int) -> Records:
    """Run a network from empty and give its visits."""
    memory = execute(net, State(np.empty(0, VISIT), np.empty(0, LINK), 0), days, seed)
    made: Records = memory.visits[: int(memory.tally[MADE])]
    return made


def mean_wait(visits: Records, since: int, until: int) -> float:
    """Mean wait in days of who came between two days and was served."""
    mine = visits[(visits["arrived"] >= since) & (visits["arrived"] < until)]
    served = mine["started"] != OPEN
    return float((mine["started"] - mine["arrived"])[served].mean())


def over_seeds(values: Sequence[float]) -> tuple[float, float]:
    """Mean over independent runs and its standard error."""
    array = np.asarray(values, float)
    return float(array.mean()), float(array.std(ddof=1) / np.sqrt(len(array)))
