"""The interval of a share that is worked out anew from the rounded counts that are shown.

What is shown is further from the truth than what was counted: by rounding, and by chance as it was.
Both go into the interval, as a design effect in Wilson's. The design effect of the exact share
(spells of one child that are alike) is told in quarters only, so that it says nothing of a child.
"""

from __future__ import annotations

from math import sqrt

from stelsel.monitor.survival import Z95

STEP = 5
"""What counts are rounded to."""
_ROUNDING = (STEP**2 - 1) / 12
"""Variance of what rounding adds to a count: as likely as not any whole number up to the half."""
_HALVINGS = 60


def interval(
    above: int, below: int, exact: tuple[float, float, float] | None = None
) -> tuple[float, float]:
    """Give the 95 % interval of a share of rounded counts.

    Parameters
    ----------
    above, below
        The rounded counts; ``below`` is more than 0.
    exact
        The share that was counted, and its interval, all between 0 and 1: for its design effect.

    Returns
    -------
    tuple
        Low and high, between 0 and 1.

    Examples
    --------
    Twenty out of forty, exactly counted, have 35 to 65 %; as rounded counts a little more.

    >>> [round(bound, 3) for bound in interval(20, 40)]
    [0.336, 0.664]
    """
    share = above / below
    # Away from 0 and 1, where one more or one fewer is all the difference.
    near = (above + 2) / (below + 4)
    rounding = _ROUNDING * (1 + near**2) / (below * near * (1 - near))
    number = below / (_effect(below, *exact) + rounding if exact else 1 + rounding)
    return wilson(share, number)


def wilson(share: float, number: float) -> tuple[float, float]:
    """Give Wilson's 95 % interval of a share that rests on so many pieces of evidence.

    Examples
    --------
    >>> [round(bound, 4) for bound in wilson(0.0, 10)]
    [0.0, 0.2775]
    """
    z2 = Z95**2
    middle = (share + z2 / (2 * number)) / (1 + z2 / number)
    spread = share * (1 - share) / number + z2 / (4 * number**2)
    width = Z95 / (1 + z2 / number) * sqrt(spread)
    return max(middle - width, 0.0), min(middle + width, 1.0)


def _effect(below: int, share: float, low: float, high: float) -> float:
    """Give the design effect behind an exact interval, in quarters: how wide it is says it."""
    few, many = 1.0, 2.0 * below
    for _ in range(_HALVINGS):
        middle = (few + many) / 2
        found = wilson(share, middle)
        few, many = (middle, many) if found[1] - found[0] > high - low else (few, middle)
    return max(1.0, round(4 * below / many) / 4)
