"""The slow twin of :mod:`stelsel.monitor.competing`: how spells end, day by day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stelsel.monitor.survival import Z95


@dataclass(frozen=True, slots=True)
class Ending:
    """A spell as the estimate sees it: at risk on the ages ``first`` to ``last``, both included.

    ``first`` is None for a spell that is seen from its beginning; ``cause`` None where it is open.
    """

    first: int | None
    last: int
    cause: str | None


@dataclass(frozen=True, slots=True)
class Share:
    """The share that ended in one way by a day, and its 95 % bounds; None where not known."""

    cause: str
    events: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class _Day:
    """A day with ends: the share there before it, how many at risk, and how they end."""

    day: int
    before: float
    at_risk: int
    own: dict[str, int]


def aalen_johansen(seen: Sequence[Ending], day: int) -> list[Share]:
    """Give per way of ending the share that has ended so by a day.

    Examples
    --------
    >>> [(one.cause, one.share) for one in aalen_johansen(
    ...     [Ending(None, 2, "served"), Ending(None, 3, "withdrawn"), Ending(None, 5, None),
    ...      Ending(None, 5, None)], 5)]
    [('served', 0.25), ('withdrawn', 0.25)]
    """
    path = [one for one in _path(seen) if one.day <= day]
    reached = any(last >= day or gone for last, gone in _reach(seen))
    made = []
    for cause in sorted({one.cause for one in seen if one.cause is not None}):
        events = sum(one.cause == cause and one.last <= day for one in seen)
        share = sum(one.before * one.own.get(cause, 0) / one.at_risk for one in path)
        bounds: tuple[float | None, float | None] = None, None
        if reached and 0 < share < 1 - 1e-12:
            log = math.log(share)
            width = Z95 * math.sqrt(max(_variance(path, cause, share), 0.0)) / (share * -log)
            bounds = math.exp(log * math.exp(width)), math.exp(log * math.exp(-width))
        made.append(Share(cause, events, share if reached else None, *bounds))
    return made


def _at_risk(seen: Sequence[Ending], day: int) -> int:
    return sum((one.first is None or one.first <= day) and day <= one.last for one in seen)


def _days(seen: Sequence[Ending]) -> list[int]:
    """Give the days, in order, up to which the curve is known."""
    if all(one.first is not None for one in seen):
        return []
    known = []
    lasts = [one.last for one in seen]
    for day in range(min(lasts), max(lasts) + 1):
        events = sum(one.cause is not None and one.last == day for one in seen)
        at_risk = _at_risk(seen, day)
        if not at_risk or (events == at_risk and any(last > day for last in lasts)):
            break
        known.append(day)
    return known


def _reach(seen: Sequence[Ending]) -> list[tuple[int, bool]]:
    """Give the days on which somebody was seen, and whether all of them ended on it."""
    latest = max((one.last for one in seen), default=0)
    made = []
    for day in _days(seen):
        events = sum(one.cause is not None and one.last == day for one in seen)
        made.append((day, events == _at_risk(seen, day) and day == latest))
    return made


def _path(seen: Sequence[Ending]) -> list[_Day]:
    """Walk the days with ends."""
    there, made = 1.0, []
    for day in _days(seen):
        own: dict[str, int] = {}
        for one in seen:
            if one.cause is not None and one.last == day:
                own[one.cause] = own.get(one.cause, 0) + 1
        if own:
            at_risk = _at_risk(seen, day)
            made.append(_Day(day, there, at_risk, own))
            there *= 1 - sum(own.values()) / at_risk
    return made


def _variance(path: Sequence[_Day], cause: str, share: float) -> float:
    """Give the variance of a share that ended in one way (Marubini and Valsecchi, 1995)."""
    total, so_far = 0.0, 0.0
    for one in path:
        n, every, mine = one.at_risk, sum(one.own.values()), one.own.get(cause, 0)
        so_far += one.before * mine / n
        left = share - so_far
        total += left**2 * every / (n * (n - every)) if n > every else 0.0
        total += one.before**2 * (n - mine) * mine / n**3
        total -= 2 * left * one.before * mine / n**2
    return total
