"""How wide the interval of a mean is: with few marks their spread is a guess too.

"Student", "The probable error of a mean", Biometrika 6 (1908) 1-25.
"""

from __future__ import annotations

from functools import cache

from scipy.special import stdtrit

MOST = 400
"""From so many degrees of freedom on it hardly changes (1.966, against 1.960 for endless many)."""


@cache
def t95(freedom: int) -> float:
    """Give the half width of a 95 % interval, in standard errors of the mean.

    ``freedom`` is one less than the number of marks, and at least 1.

    Examples
    --------
    >>> round(t95(1), 2), round(t95(10), 3), t95(1000) == t95(MOST)
    (12.71, 2.228, True)
    """
    return float(stdtrit(min(freedom, MOST), 0.975))
