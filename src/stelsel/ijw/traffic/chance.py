"""Chance for made-up traffic: a pure function of the seed, of whose it is and what it is for."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from enum import IntEnum
from typing import TypeVar

Item = TypeVar("Item")
_STEPS = 2**16


class Draw(IntEnum):
    """What a draw is for. Numbers never change meaning: traffic would change with them."""

    FIRST_NAME = 0
    LAST_NAME = 1
    STREET = 2
    HOUSE = 3
    PRODUCT = 4
    FREQUENCY = 5
    VOLUME = 6
    REFERRER = 7
    IN_ARREARS = 8
    ARREARS_DAYS = 9
    INVESTIGATED = 10
    INVESTIGATION_DAYS = 11
    ANSWER_DAYS = 12
    DECISION_DAYS = 13
    SENDING_DAYS = 14
    REJECTION = 15
    START_DAYS = 16
    WRONG_START = 17
    WRONG_START_DAYS = 18
    START_CORRECTION_DAYS = 19
    STOP_DAYS = 20
    WRONG_STOP = 21
    WRONG_STOP_DAYS = 22
    STOP_CORRECTION_DAYS = 23


class Chance:
    """The draws of one child or one episode.

    Parameters
    ----------
    seed
        Decides every draw.
    whose
        Name of the child or episode.

    Examples
    --------
    >>> one, same, other = Chance(1, "a"), Chance(1, "a"), Chance(2, "a")
    >>> one.unit(Draw.STREET) == same.unit(Draw.STREET) != other.unit(Draw.STREET)
    True
    """

    __slots__ = ("_bytes",)

    def __init__(self, seed: int, whose: str) -> None:
        self._bytes = hashlib.blake2b(f"{seed}|{whose}".encode(), digest_size=64).digest()

    def unit(self, draw: Draw) -> float:
        """Draw a number from 0 up to, not including, 1."""
        place = 2 * draw
        return int.from_bytes(self._bytes[place : place + 2], "big") / _STEPS

    def whole(self, draw: Draw, low: int, high: int) -> int:
        """Draw a whole number from ``low`` up to and including ``high``.

        Examples
        --------
        >>> all(1 <= Chance(1, str(n)).whole(Draw.STREET, 1, 5) <= 5 for n in range(100))
        True
        """
        return low + int(self.unit(draw) * (high - low + 1))

    def one_of(self, draw: Draw, items: Sequence[Item]) -> Item:
        """Draw one of some items.

        Examples
        --------
        >>> Chance(1, "a").one_of(Draw.STREET, "x")
        'x'
        """
        return items[int(self.unit(draw) * len(items))]
