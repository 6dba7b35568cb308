"""What nobody knows, drawn: a number from its range, the same in every world of a replication.

A range is taken as a triangle with its top at the assumed value. The draw follows from seed,
replication and a name alone, so that worlds that share an assumption share its draw.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from stelsel.twin.chance import Purpose, children, seed_of, uniforms
from stelsel.twin.plans.plan import Parameter


def chance_of(seed: int, replication: int, name: str) -> float:
    """Give the chance in (0, 1) of a name in a replication.

    Examples
    --------
    >>> chance_of(2021, 1, "growth") == chance_of(2021, 1, "growth")
    True
    """
    return _chances(seed, replication, [name])[0]


def _chances(seed: int, replication: int, names: list[str]) -> list[float]:
    numbers = np.array([zlib.crc32(name.encode()) for name in names], np.int64)
    keys = children(seed_of(seed, replication), numbers)
    found: list[float] = uniforms(keys, Purpose.ASSUMPTION).tolist()
    return found


def triangle(chance: float, low: float, top: float, high: float) -> float:
    """Value at a chance under a triangle from low over top to high.

    Examples
    --------
    >>> triangle(0.5, 0.0, 1.0, 2.0), triangle(0.3, 4.0, 4.0, 4.0)
    (1.0, 4.0)
    """
    if high <= low:
        return top
    turn = (top - low) / (high - low)
    if chance < turn:
        return low + float(np.sqrt(chance * (high - low) * (top - low)))
    return high - float(np.sqrt((1 - chance) * (high - low) * (high - top)))


def drawn(seed: int, replication: int, assumed: Iterable[Parameter]) -> dict[str, float]:
    """Draw every assumed parameter for a replication, by name; none for replication 0.

    Examples
    --------
    >>> beds = Parameter("beds", 10, "places", "assumed", "example", 8, 12)
    >>> drawn(2021, 0, [beds])
    {}
    >>> 8 <= drawn(2021, 1, [beds])["beds"] <= 12
    True
    """
    if replication == 0:
        return {}
    values = {}
    ranged = [(p, p.low, p.high) for p in assumed if p.low is not None and p.high is not None]
    chances = _chances(seed, replication, [parameter.name for parameter, _, _ in ranged])
    for (parameter, low, high), chance in zip(ranged, chances, strict=True):
        values[parameter.name] = triangle(chance, low, parameter.value, high)
    return values


def at(parameter: Parameter, value: float) -> Parameter:
    """Give a parameter with another value; later anchors move in proportion.

    Examples
    --------
    >>> beds = Parameter("beds", 10, "places", "assumed", "example", 8, 12)
    >>> at(beds, 11.0).value
    11.0
    """
    if not parameter.dated:
        return replace(parameter, value=value)
    ratio = value / parameter.value if parameter.value else 1.0
    dated = tuple((day, number * ratio) for day, number in parameter.dated)
    return replace(parameter, value=value, dated=dated)
