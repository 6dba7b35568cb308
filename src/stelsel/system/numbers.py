"""Citizen service numbers: their check digit, and those that are nobody's.

Tests and made-up traffic use numbers from the range 9990xxxxx to 9999xxxxx with a right check
digit (docs/decisions). The range 9999xxxxx comes first; more than its 9,091 numbers go on
downward.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from operator import mul

from stelsel.errors import StelselError

PREFIX = "999"
"""The first three digits of every made-up number."""
WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2)
"""Weights of the first eight digits in the eleven test (CS002); that of the last is -1."""
BLOCKS = range(9999, 9989, -1)
"""First four digits, in the order in which numbers are handed out."""


def passes_eleven_test(number: str) -> bool:
    """Tell whether nine digits are a citizen service number by their check digit (iJw 3.2, CS002).

    The digits, weighted 9, 8, ..., 2 and -1, add up to a multiple of eleven.

    Examples
    --------
    >>> passes_eleven_test("999990019"), passes_eleven_test("999990018")
    (True, False)
    """
    a, b, c, d, e, f, g, h, i = map(int, number)
    return (9 * a + 8 * b + 7 * c + 6 * d + 5 * e + 4 * f + 3 * g + 2 * h - i) % 11 == 0


def is_made_up(number: str) -> bool:
    """Tell whether a citizen service number lies in the range for made-up people.

    Examples
    --------
    >>> is_made_up("999900006"), is_made_up("123456789")
    (True, False)
    """
    return number.startswith(PREFIX)


def made_up_numbers(count: int) -> list[str]:
    """Give the first ``count`` made-up numbers, always the same.

    Parameters
    ----------
    count
        How many people; there are numbers for 90,909.

    Raises
    ------
    StelselError
        When there are not so many.

    Examples
    --------
    >>> made_up_numbers(2)
    ['999900006', '999900018']
    """
    found = list(islice(_made_up_numbers(), max(0, count)))
    if len(found) < count:
        raise StelselError(
            f"There are {count} people and made-up numbers for only {len(found)}.",
            rule="made-up people have numbers from 999000000 to 999999999",
            remedy="Make the traffic of fewer people: one region, or a shorter period.",
            what_nl=f"Er zijn {count} jeugdigen en maar {len(found)} verzonnen nummers.",
            rule_nl="verzonnen jeugdigen hebben nummers van 999000000 tot en met 999999999",
            remedy_nl="Maak berichten over minder jeugdigen: één regio, of een kortere periode.",
        )
    return found


def _made_up_numbers() -> Iterator[str]:
    """Yield every made-up number: the first eight digits leave one last digit, or none."""
    for block in BLOCKS:
        for first in range(block * 10_000, (block + 1) * 10_000):
            last = sum(map(mul, WEIGHTS, map(int, str(first)))) % 11
            if last < 10:
                yield f"{first}{last}"
