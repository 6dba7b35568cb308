"""Children who move on from one foster family to another as planned, and how long they are there.

A family that takes a child in a crisis, or for as long as it is looked where it can grow up, is not
the family where it stays. Nothing is allocated here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stelsel.twin.chance import Purpose, mix, uniform
from stelsel.twin.compiled import compiled, inner
from stelsel.twin.parts.foster.layout import LASTED, LONGER, NETWORK
from stelsel.twin.parts.foster.loop import day_of

P_MOVES = int(Purpose.MOVES)
SPANS = len(LASTED)
YEAR, TWO_YEARS = LASTED
EVER = 2**31 - 1


@inner  # type: ignore[untyped-decorator]
def moves(homes: Any, family: Any, who: Any, day: Any, foster: Any) -> Any:
    """Day on which a child who comes to a family today moves on; past the run when it does not.

    Not from a family in its own network, and not before it has been there ``settled`` days.
    """
    days = foster.moving.shape[0] - 1
    if homes.records[family].kind == NETWORK or day + foster.settled >= days:
        return days
    chance = uniform(mix(who ^ mix(homes.records[family].key)), P_MOVES, 0)
    since = day + foster.settled
    return day_of(foster.moving, foster.moving[since] - np.log(chance), since)


@inner  # type: ignore[untyped-decorator]
def there_since(homes: Any, family: Any, who: Any, started: Any, foster: Any) -> Any:
    """Day on which a child in foster care on the first day came to the family where it is."""
    pace = foster.moving[1]
    if homes.records[family].kind == NETWORK or pace <= 0.0:
        return started
    chance = uniform(mix(who ^ mix(homes.records[family].key)), P_MOVES, 1)
    return max(started, -1 - foster.settled - int(-np.log(chance) / pace))


@compiled  # type: ignore[untyped-decorator]
def stayed(homes: Any, region: Any, since: Any, end: Any) -> None:
    """Count a placement with a family among those that lasted longer than a year, and than two.

    From the day on which it has there is one more, from its end (``EVER``: not within the run) one
    less; :func:`add_up` makes stocks of it.
    """
    for n in range(SPANS):
        longer = max(since + (YEAR if n == 0 else TWO_YEARS) + 1, 0)
        if longer < end and longer // 7 < homes.counts.shape[0]:
            homes.counts[longer // 7, region, LONGER + n] += 1
            if end != EVER:
                homes.counts[end // 7, region, LONGER + n] -= 1


@compiled  # type: ignore[untyped-decorator]
def add_up(homes: Any) -> None:
    """Add up what :func:`stayed` counted: at the end of each week so many are there longer."""
    for week in range(1, homes.counts.shape[0]):
        for region in range(homes.counts.shape[1]):
            for n in range(LONGER, LONGER + SPANS):
                homes.counts[week, region, n] += homes.counts[week - 1, region, n]
