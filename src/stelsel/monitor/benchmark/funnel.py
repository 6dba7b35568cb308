"""Funnel limits that allow for areas differing by more than chance.

D.J. Spiegelhalter, "Funnel plots for comparing institutional performance" and "Handling
over-dispersion of performance indicators" (Statistics in Medicine 24, 2005; Quality and Safety in
Health Care 14, 2005). On the scale of the root of the ratio of counted to expected, chance alone
has the spread 1 / (2 root expected) whatever the ratio. Areas always differ by more than that: by
things no table knows. So the limits are those of chance *and* of a spread between areas, tau, that
is estimated from the z-scores of all areas, the outermost drawn in (winsorised) so that the very
areas that stand out do not widen the funnel until they are inside.

Two things are added to the paper, as without them too many areas fall outside. Drawing the
outermost in makes the mean square of z-scores of pure chance less than 1 (0.68 at ten percent on
each side); it is divided by that number, which is known. And tau is found so that the squares are
right with the spread in them, as small and large areas are drawn in otherwise without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Literal

_NORMAL = NormalDist()
LEVELS = {"95": _NORMAL.inv_cdf(0.975), "998": _NORMAL.inv_cdf(0.999)}
"""Standard deviations of the limits within which 95 % and 99.8 % of areas lie."""
_HALVINGS = 60
Place = Literal["inside", "above 95", "below 95", "above 998", "below 998"]


@dataclass(frozen=True, slots=True)
class Funnel:
    """What the funnel is made of.

    Parameters
    ----------
    areas
        From how many areas.
    phi
        How many times the squared distance of an area is what chance alone would make it.
    tau
        The spread between areas, on the scale of the root of the ratio; 0 where chance explains it.
    """

    areas: int
    phi: float
    tau: float


def z_score(counted: float, expected: float) -> float:
    """Give how many standard deviations of chance a count lies from what is expected.

    Examples
    --------
    >>> z_score(121, 100)
    2.0
    """
    return 2 * (sqrt(counted) - sqrt(expected))


def funnel(counted: Sequence[float], expected: Sequence[float], winsor: float = 0.1) -> Funnel:
    """Estimate the spread between areas.

    Parameters
    ----------
    counted, expected
        Per area; nothing expected is not allowed.
    winsor
        Share of the areas on each side that is drawn in to the ones next to them.

    Returns
    -------
    Funnel
        phi is the mean of the squares of the winsorised z-scores, over that of pure chance. tau is
        the spread with which the squares of the winsorised distances, each over its own variance
        of chance and spread together, are what they should be: (n - 1) / n on average (R.C. Paule
        and J. Mandel, Journal of Research of the NBS 87, 1982).

    Raises
    ------
    ValueError
        When there is no area, or nothing is expected in one.

    Examples
    --------
    >>> found = funnel([90, 105, 100, 98, 108], [100] * 5)
    >>> round(found.phi, 2), found.tau
    (0.39, 0.0)
    >>> found = funnel([60, 150, 80, 120, 100, 70, 140, 95, 130, 65], [100] * 10)
    >>> round(found.phi, 1), round(found.tau, 2)
    (12.3, 0.18)
    """
    if not counted or min(expected) <= 0:
        raise ValueError("areas are needed, with something expected in each")
    n = len(counted)
    apart = [sqrt(one / other) - 1 for one, other in zip(counted, expected, strict=True)]
    chance = [1 / (4 * number) for number in expected]

    def mean_square(tau2: float) -> float:
        scores = [y / sqrt(s2 + tau2) for y, s2 in zip(apart, chance, strict=True)]
        return _winsorised_square(scores, winsor)

    phi, wanted = mean_square(0.0), (n - 1) / n
    low, high = 0.0, max(y * y for y in apart) / of_chance(winsor) + 1e-9
    if phi <= wanted:
        return Funnel(n, phi, 0.0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if mean_square(middle) > wanted else (low, middle)
    return Funnel(n, phi, sqrt(high))


def _winsorised_square(scores: Sequence[float], winsor: float) -> float:
    """Give the mean square of scores with the outermost drawn in, over that of pure chance."""
    aside = int(winsor * len(scores))
    order = sorted(scores)
    drawn = [min(max(z, order[aside]), order[-1 - aside]) for z in order]
    return sum(z * z for z in drawn) / len(drawn) / of_chance(aside / len(scores))


def of_chance(share: float) -> float:
    """Give the mean square of a standard normal number, winsorised by a share on each side.

    With the quantile q and density f there: (1 - 2 share) - 2 q f + 2 share q squared.

    Examples
    --------
    >>> of_chance(0.0), round(of_chance(0.1), 4)
    (1.0, 0.6787)
    """
    if not share:
        return 1.0
    q = _NORMAL.inv_cdf(1 - share)
    return (1 - 2 * share) - 2 * q * _NORMAL.pdf(q) + 2 * share * q * q


def limits(expected: float, of: Funnel, level: str) -> tuple[float, float]:
    """Give the limits of the ratio for an area in which so much is expected.

    Parameters
    ----------
    expected
        What is expected.
    of
        The funnel.
    level
        ``95`` or ``998``: within them lie 95 % or 99.8 % of areas that differ as the others do.

    Examples
    --------
    >>> low, high = limits(100, Funnel(20, 1.0, 0.0), "95")
    >>> round(low, 3), round(high, 3)
    (0.814, 1.206)
    >>> wider = limits(100, Funnel(20, 4.0, 0.1), "95")
    >>> wider[0] < low and high < wider[1]
    True
    """
    reach = LEVELS[level] * sqrt(1 / (4 * expected) + of.tau**2)
    return max(1 - reach, 0.0) ** 2, (1 + reach) ** 2


def place(counted: float, expected: float, of: Funnel) -> Place:
    """Say where an area lies in the funnel.

    Examples
    --------
    >>> place(100, 100, Funnel(20, 1.0, 0.0)), place(150, 100, Funnel(20, 1.0, 0.0))
    ('inside', 'above 998')
    """
    value = counted / expected
    low, high = limits(expected, of, "998")
    if value > high:
        return "above 998"
    if value < low:
        return "below 998"
    low, high = limits(expected, of, "95")
    return "above 95" if value > high else "below 95" if value < low else "inside"
