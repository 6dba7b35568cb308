"""What boarding costs per child as fewer children come."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def per_head(
    children: npt.ArrayLike, places: npt.ArrayLike, price: float, standing: float
) -> Floats:
    """Give the cost of a child a day.

    A place costs its standing part whether it is used or not, and a child its own part: ``price
    + standing x places / children``. It rises without end as a house empties.

    Parameters
    ----------
    children
        Children there.
    places
        Places kept open.
    price, standing
        ``price[boarding]`` and ``standing[boarding]``, euros a day.

    Returns
    -------
    numpy.ndarray
        Euros a child a day; infinite where nobody is there and places are open.

    Examples
    --------
    >>> per_head([780, 510, 255], [780, 650, 650], 30.0, 45.0).round(1)
    array([ 75. ,  87.4, 144.7])
    """
    heads = np.asarray(children, dtype=np.float64)
    kept = np.asarray(places, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(kept > 0, kept / heads, 0.0)
    return np.asarray(price + standing * share, dtype=np.float64)
