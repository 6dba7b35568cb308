"""Chance without a stream: every draw is a pure function of who, what for and how-many-eth.

A draw depends on nothing but (seed, person, purpose, number). So a scenario changes only what it
touches: the same child arrives on the same day in both worlds, has the same patience and would
stay in care as long; differences between scenarios are paired. There is no generator to share or
to keep in step, so the order of work and the number of processes do not matter.

The mixing is the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
number generators", OOPSLA 2014). The same functions exist for one value inside the compiled loop
and for whole columns outside it; a test holds them equal.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import uint64

from stelsel.twin.compiled import compiled, inner

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
TO_UNIT = 2.0**-53

Keys = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.float64]


class Purpose(IntEnum):
    """What a draw is for. Numbers never change meaning: results would change with them."""

    REFERRER = 1
    SOLVED = 2
    CRISIS = 3
    COMPLEX = 4
    PATIENCE = 5
    DURATION = 6
    ROUNDING = 7
    TRANSFER = 8
    EXIT = 9
    AGE = 10
    SEX = 12
    MUNICIPALITY = 13
    PROVIDER = 14
    ELAPSED = 15
    WAITED = 16
    REPLICATION = 17
    ASSUMPTION = 18
    NUMBER = 19
    WORSE = 20
    BUDGET = 21
    BRIDGED = 22
    HEAVIER = 23
    SECOND = 24
    RENEW = 25
    LIFTED = 26
    RETURN = 27
    BACK_AFTER = 28
    EXTENDED = 29
    BROKEN = 30
    KNOWN = 31
    PICKED = 32
    OWN_FAMILY = 40
    SEARCH = 41
    MATCH = 42
    BREAKS = 43
    ASKED = 44
    BECOMES = 45
    PIPELINE = 46
    ROOMS = 47
    STOPS = 48
    IDLE = 49
    SUITED = 50
    INSTEAD = 51
    HEIR = 52
    MOVES = 53


@compiled  # type: ignore[untyped-decorator]
def mix(value: Any) -> Any:
    """Scatter the bits of a 64-bit value (SplitMix64 finaliser)."""
    value = uint64(value)
    value = (value ^ (value >> uint64(30))) * FIRST
    value = (value ^ (value >> uint64(27))) * SECOND
    return value ^ (value >> uint64(31))


@compiled  # type: ignore[untyped-decorator]
def child(parent: Any, number: Any) -> Any:
    """Key of the ``number``-th child of a key: a stream of a seed, a day of a stream, a person."""
    return mix(parent + GOLDEN * uint64(number + 1))


@inner  # type: ignore[untyped-decorator]
def bits(key: Any, purpose: Any, number: Any) -> Any:
    """64 random bits of a key for a purpose, the ``number``-th time."""
    return mix(key + GOLDEN * uint64(purpose * 256 + number + 1))


@compiled  # type: ignore[untyped-decorator]
def uniform(key: Any, purpose: Any, number: Any) -> Any:
    """Draw a number in (0, 1): never exactly 0 or 1."""
    return (float(bits(key, purpose, number) >> uint64(11)) + 0.5) * TO_UNIT


@inner  # type: ignore[untyped-decorator]
def poisson(rate: Any, none: Any, chance: Any) -> Any:
    """Smallest n with P(N <= n) >= chance, given P(N = 0) = ``none``.

    It rises with the rate: where a scenario brings more requests, the same ones come and more.
    """
    term = none
    reached = none
    n = 0
    while reached < chance and term > 0.0:
        n += 1
        term *= rate / n
        reached += term
    return n


def _mix_column(values: Keys) -> Keys:
    values = (values ^ (values >> np.uint64(30))) * FIRST
    values = (values ^ (values >> np.uint64(27))) * SECOND
    return values ^ (values >> np.uint64(31))


def children(parent: int | Keys, numbers: npt.ArrayLike) -> Keys:
    """Keys of many children of one key, or of as many keys: the column form of :func:`child`.

    Examples
    --------
    >>> children(1, [0, 1]).shape
    (2,)
    """
    with np.errstate(over="ignore"):
        steps = GOLDEN * (np.asarray(numbers).astype(np.uint64) + np.uint64(1))
        return _mix_column(np.asarray(parent, dtype=np.uint64) + steps)


def uniforms(keys: Keys, purpose: Purpose, number: int | npt.ArrayLike = 0) -> Numbers:
    """Numbers in (0, 1) for a column of keys: the column form of :func:`uniform`.

    Parameters
    ----------
    keys
        Keys of persons, 64 bits.
    purpose
        What the draw is for.
    number
        How-many-eth draw for that purpose: one for all, or a column.

    Examples
    --------
    >>> draws = uniforms(children(7, range(1000)), Purpose.SEX)
    >>> bool(0.45 < draws.mean() < 0.55)
    True
    """
    with np.errstate(over="ignore"):
        offset = np.uint64(int(purpose) * 256 + 1) + np.asarray(number).astype(np.uint64)
        drawn = _mix_column(keys + GOLDEN * offset)
    return ((drawn >> np.uint64(11)).astype(np.float64) + 0.5) * TO_UNIT


def seed_of(seed: int, replication: int) -> int:
    """Seed of a replication: replication 0 has the seed itself, others are spread from it.

    Examples
    --------
    >>> seed_of(2021, 0), seed_of(2021, 1) == seed_of(2021, 2)
    (2021, False)
    """
    if replication == 0:
        return seed
    key = children(seed, [int(Purpose.REPLICATION)])
    return int(children(key, [replication])[0] >> np.uint64(1))
