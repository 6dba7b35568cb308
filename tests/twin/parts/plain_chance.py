"""Chance in Python's whole numbers: the draws of the loop, written down a second time."""

from __future__ import annotations

MASK = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15


def mix(state: int) -> int:
    state &= MASK
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & MASK
    return state ^ (state >> 31)


def child(parent: int, number: int) -> int:
    return mix(parent + GOLDEN * (number + 1))


def uniform(key: int, purpose: int, number: int) -> float:
    drawn = mix(key + GOLDEN * (purpose * 256 + number + 1))
    return ((drawn >> 11) + 0.5) / 2.0**53
