"""Small networks for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stelsel.twin.durations import STEPS
from stelsel.twin.kernel import simulate
from stelsel.twin.layout import VISIT, Network, space

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
    regions: int = 1,
    draw_class: bool = True,
    clock: Floats | None = None,
    **other: Any,
) -> Network:
    """A network of ``len(places)`` forms in each of ``regions`` regions."""
    forms = len(places)
    if moves is None:
        moves = np.zeros((forms, forms))
    streams = regions * forms
    base = Network(
        station_of=np.arange(streams, dtype=np.int32).reshape(regions, forms, 1),
        provider_reached=np.ones((forms, 1)),
        capacity=np.tile(np.array(places, np.int32), (days, regions)),
        stream_region=np.repeat(np.arange(regions, dtype=np.int32), forms),
        stream_form=np.tile(np.arange(forms, dtype=np.int32), regions),
        stream_class=np.full(streams, -1 if draw_class else classes - 1, np.int32),
        stream_rate=np.ones(streams),
        daily_rate=np.repeat(np.array(rate, float)[:, None], days, axis=1),
        epoch=np.zeros(days, np.int32),
        referrer_reached=np.array([[0.4, 0.7, 1.0]]),
        protected=np.array([0, 0, 1], np.int32),
        municipality=0,
        team=0,
        solved=np.array([0.3]),
        crisis=np.full((1, forms), 0.1),
        complex=np.full((1, forms), 0.3),
        hazard=np.full((1, forms), hazard),
        gives_up=np.array(([0.0] + [1.0] * (classes - 1))[:classes]),
        quantiles=quantiles,
        stretch=np.ones((1, forms)),
        clock=clock if clock is not None else np.tile(np.arange(days + 1.0), (forms, 1)),
        moves_reached=np.cumsum(np.asarray(moves, float), axis=1)[None],
    )
    return base._replace(**other)


def nobody() -> npt.NDArray[np.void]:
    return np.empty(0, VISIT)


def execute(
    net: Network,
    days: int,
    seed: int,
    state: npt.NDArray[np.void] | None = None,
    room: int = 2_000_000,
) -> tuple[npt.NDArray[np.void], npt.NDArray[np.int32]]:
    memory = space(net, days, room)
    made = simulate(net, nobody() if state is None else state, np.uint64(seed), days, memory)
    assert made <= room
    return memory.visits[:made], memory.lists.counts
