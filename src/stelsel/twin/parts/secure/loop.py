"""Secure care in the loop: who is helped as well elsewhere, and where the others go."""

from __future__ import annotations

from typing import Any

from stelsel.twin.chance import Purpose, uniform
from stelsel.twin.compiled import compiled

P_SUITED = int(Purpose.SUITED)
P_INSTEAD = int(Purpose.INSTEAD)


@compiled  # type: ignore[untyped-decorator]
def suited(who: Any, leg: Any, day: Any, secure: Any) -> Any:
    """Tell whether a small-scale place, when one is free, helps this child as well."""
    return uniform(who, P_SUITED, leg) < secure.suited[max(day, 0)]


@compiled  # type: ignore[untyped-decorator]
def instead(who: Any, leg: Any, day: Any, secure: Any) -> Any:
    """Service to which a child goes whose authorisation lapsed today."""
    chance = uniform(who, P_INSTEAD, leg)
    n = 0
    while n < secure.instead.shape[0] - 1 and secure.reached[day, n] <= chance:
        n += 1
    return secure.instead[n]
