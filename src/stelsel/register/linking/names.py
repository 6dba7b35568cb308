"""Names as they are compared: without case, accents, prefixes and order; and how they sound.

What comes out of here is plain and is never kept: :mod:`stelsel.register.linking.hashed` turns it
into keyed digests at once.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise

from stelsel.tables import packaged, read_table

PACKAGE = "stelsel.register.linking"
_WHOLE_LETTERS = str.maketrans(
    {"ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "ı": "i"}
)
_SHORT = {("v", "d"), ("e", "v")}
"""Prefixes that are written as letters: van de, echtgenote van."""


@cache
def prefixes() -> frozenset[str]:
    """Give the words that stand before a surname and are left out of it."""
    rows = read_table(packaged(PACKAGE, "prefixes.csv"), ["word"], key=["word"])
    return frozenset(row["word"] for row in rows)


@cache
def _sounds() -> tuple[tuple[re.Pattern[str], str], ...]:
    columns = ["pattern", "code", "meaning"]
    rows = read_table(packaged(PACKAGE, "sounds.csv"), columns, key=["pattern"])
    return tuple((re.compile(row["pattern"]), row["code"]) for row in rows)


def words_of(name: str) -> list[str]:
    """Give the words of a name in small letters without accents, in the order written.

    Examples
    --------
    >>> words_of("Çelik-Van  der Bürg"), words_of("J.P."), words_of("D'Hondt")
    (['celik', 'van', 'der', 'burg'], ['j', 'p'], ['dhondt'])
    """
    text = name.casefold().translate(_WHOLE_LETTERS)
    parts = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    joined = re.sub(r"(?<=\w)['’`](?=\w)", "", bare)
    return re.findall(r"[a-z]+", joined)


def without_prefixes(words: list[str]) -> list[str]:
    """Leave prefixes out of the words of a name; never all of them.

    Examples
    --------
    >>> without_prefixes(["van", "der", "berg"]), without_prefixes(["de"])
    (['berg'], ['de'])
    """
    return [word for word in words if word not in prefixes()] or words


def surname_words(name: str) -> list[str]:
    """Give the words of a surname without prefixes, by the alphabet.

    Examples
    --------
    >>> surname_words("van der Berg-Jansen"), surname_words("Jansen van den Berg")
    (['berg', 'jansen'], ['berg', 'jansen'])
    >>> surname_words("De Vries"), surname_words("De"), surname_words("v.d. Berg")
    (['vries'], ['de'], ['berg'])
    """
    words = words_of(name)
    for place, pair in enumerate(pairwise(words)):
        if pair in _SHORT:
            return sorted(without_prefixes(words[:place] + words[place + 2 :] or words))
    return sorted(without_prefixes(words))


def first_name_words(name: str) -> list[str]:
    """Give the words of a first name, in order; no prefixes, for a surname may stand there.

    Examples
    --------
    >>> first_name_words("Anna Maria"), first_name_words("J.P."), first_name_words("de Vries")
    (['anna', 'maria'], ['j', 'p'], ['vries'])
    """
    return without_prefixes(words_of(name))


def sound(words: list[str]) -> str:
    """Give how a name sounds, by spelling rules for Dutch (``data/sounds.csv``).

    Examples
    --------
    >>> sound(["smit"]) == sound(["smid"]), sound(["meijer"]) == sound(["meyer"])
    (True, True)
    >>> sound(["jansen"]) == sound(["janssen"]), sound(["tim"]) == sound(["tom"])
    (True, False)
    """
    text = "".join(words)
    for pattern, code in _sounds():
        text = pattern.sub(code, text)
    return text.upper()


def pairs_of_letters(words: list[str]) -> list[str]:
    """Give the pairs of letters that follow on each other, ends included, each with its number.

    Two names are alike as far as they share these (Dice: twice what they share over what they
    have).

    Examples
    --------
    >>> pairs_of_letters(["anna"]), pairs_of_letters(["nana"])
    ([' a1', 'an1', 'nn1', 'na1', 'a 1'], [' n1', 'na1', 'an1', 'na2', 'a 1'])
    """
    text = f" {' '.join(words)} "
    seen: dict[str, int] = {}
    found = []
    for first, second in pairwise(text):
        pair = first + second
        seen[pair] = seen.get(pair, 0) + 1
        found.append(f"{pair}{seen[pair]}")
    return found
