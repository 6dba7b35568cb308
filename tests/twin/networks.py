"""Small networks for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stelsel.twin.kernel import simulate
from stelsel.twin.layout import (
    DRAWN,
    LINK,
    ROUTE,
    RULE,
    STATION,
    STREAM,
    VISIT,
    Network,
    Space,
    State,
    space,
)
from stelsel.twin.parts.off import no_falls, no_families, no_secure, no_staff
from stelsel.twin.world.durations import STEPS

Floats = npt.NDArray[np.float64]


def exponential(mean: float) -> Floats:
    """Quantiles of an exponential distribution with its mean kept."""
    grid = np.linspace(0, 1, STEPS + 1)
    grid[-1] = 1 - 0.02 / STEPS
    quantiles = -np.log1p(-grid)
    kept: Floats = quantiles * (mean / ((quantiles[1:] + quantiles[:-1]).sum() / (2 * STEPS)))
    return kept


def network(
    days: int,
    *,
    places: Sequence[int],
    rate: Sequence[float],
    quantiles: Floats,
    classes: int = 4,
    hazard: float = 0.0,
    moves: Any = None,
    seconds: Any = None,
    linked: Any = None,
    heavier: Any = None,
    regions: int = 1,
    providers: int = 1,
    draw_class: bool = True,
    clock: Floats | None = None,
    epochs: int = 1,
    rules: Mapping[str, Any] | None = None,
    **other: Any,
) -> Network:
    """A network of ``len(places)`` services in each of ``regions`` regions.

    ``moves``, ``seconds``, ``linked`` and ``heavier`` are matrices of shares from one to another;
    ``rules`` sets fields of the rules, one value for all services or one each.
    """
    services = len(places)
    table = np.zeros((epochs, services), RULE)
    for name, value in {
        "law": DRAWN,
        "capped": 1,
        "sent": 1,
        "guarded": np.arange(services) != other.get("team", 0),
        "clocked": 0 if clock is None else 1,
        "crisis": 0.1,
        "complex": 0.3,
        "withdraw": hazard,
        "bridging": 1.0,
        "stretch": 1.0,
        "sends": 0.6,
        **(rules or {}),
    }.items():
        table[name] = value
    routes: list[tuple[int, int, float]] = []
    for k in range(services):
        for kind, shares in (("moves", moves), ("seconds", seconds), ("heavier", heavier)):
            table[kind][:, k] = len(routes)
            reached = 0.0
            for to in range(services):
                share = 0.0 if shares is None else float(shares[k][to])
                if share > 0:
                    reached = share if kind == "seconds" else reached + share
                    bound = kind == "seconds" and linked is not None and bool(linked[k][to])
                    routes.append((to, int(bound), reached))
            table[f"{kind}_to"][:, k] = len(routes)
    route_table = np.zeros((epochs, max(len(routes), 1)), ROUTE)
    for n, route in enumerate(routes):
        route_table[:, n] = route
    size = regions * services * providers
    stations = np.zeros(size, STATION)
    stations["service"] = np.tile(np.repeat(np.arange(services), providers), regions)
    stations["provider"] = np.tile(np.arange(providers), regions * services)
    stations["region"] = np.repeat(np.arange(regions), services * providers)
    stations["staffed"] = -1
    streams = np.zeros(regions * services, STREAM)
    streams["region"] = np.repeat(np.arange(regions), services)
    streams["service"] = streams["rate"] = np.tile(np.arange(services), regions)
    streams["cls"] = -1 if draw_class else classes - 1
    streams["number"] = np.arange(len(streams))
    streams["weight"] = 1.0
    steps = np.linspace(0, 1, 65)
    base = Network(
        station_of=np.arange(size, dtype=np.int32).reshape(1, regions, services, providers),
        list_of=np.arange(size, dtype=np.int32)[None],
        chart=np.zeros(days, np.int32),
        provider_reached=np.tile(np.arange(1, providers + 1) / providers, (services, 1)),
        stations=stations,
        share=np.full((1, size), 1.0),
        places=np.repeat(np.array(places, float)[:, None], days, axis=1),
        streams=streams,
        daily_rate=np.repeat(np.array(rate, float)[:, None], days, axis=1),
        ages=np.array([steps * 23 * 365.25], np.float32),
        epoch=np.zeros(days, np.int32),
        rules=table,
        routes=route_table,
        referrer_reached=np.tile([0.4, 0.7, 1.0], (epochs, 1)),
        solved=np.full(epochs, 0.3),
        push=np.zeros(epochs, np.int32),
        known_sent=np.zeros(epochs),
        hand_over=np.zeros(epochs, np.int32),
        protected=np.array([0, 0, 1], np.int32),
        leaves=np.array(([0.0] + [1.0] * (classes - 1))[:classes]),
        quantiles=quantiles.astype(np.float32),
        length_of=np.tile(np.arange(services, dtype=np.int32)[:, None], 4),
        longer=np.ones((services, services)),
        turns=np.arange(days + 1, dtype=np.int32),
        turn_of=np.arange(days, dtype=np.int32),
        pace=np.ones((services, days)) if clock is None else np.diff(clock, axis=1),
        returning=np.tile([1.0, 0.4, 1.3, 0.0], (services, 1))
        ** np.arange(1, services + 1)[:, None],
        return_after=(steps * 60).astype(np.float32),
        municipality=0,
        institution=2,
        team=0,
        triage=-1,
        small_scale=-1,
        secure_care=-1,
        falls=no_falls(),
        foster=no_families(),
        staff=no_staff(),
        secure=no_secure(),
    )
    return base._replace(**other)


def nobody() -> State:
    return State(np.empty(0, VISIT), np.empty(0, LINK), 0)


def execute(
    net: Network, days: int, seed: int, state: State | None = None, room: int = 2_000_000
) -> tuple[npt.NDArray[np.void], npt.NDArray[np.int32]]:
    memory, made = ran(net, days, seed, state, room)
    return memory.visits[:made], memory.counts


def ran(
    net: Network, days: int, seed: int, state: State | None = None, room: int = 2_000_000
) -> tuple[Space, int]:
    memory = space(net, days, room)
    made = simulate(net, nobody() if state is None else state, np.uint64(seed), days, memory)
    assert made <= room
    return memory, int(made)


def mates(visits: npt.NDArray[np.void], links: npt.NDArray[np.void]) -> list[int]:
    """The visit beside which each came, or -1."""
    if not len(links):
        return [-1] * len(visits)
    found: list[int] = np.where(visits["links"] < 0, -1, links["mate"][visits["links"]]).tolist()
    return found
