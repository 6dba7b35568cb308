"""How numbers, dates and lists are written in Dutch and in English.

Every number on the page goes through here, so that a number looks the same wherever it stands.
``None`` is a number that is not shown (protected, or not to be determined) and becomes a dash.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

Language = Literal["nl", "en"]
"""Dutch, or English."""
LANGUAGES: tuple[Language, ...] = ("nl", "en")
"""The languages of the page, the first one being the default."""

HIDDEN = "–"
"""What stands where a number is not shown."""
MINUS = "−"
NBSP = "\N{NO-BREAK SPACE}"

_MONTHS: dict[Language, tuple[str, ...]] = {
    "nl": (
        *("januari", "februari", "maart", "april", "mei", "juni", "juli"),
        *("augustus", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
}


def number(value: float | None, lang: Language, decimals: int = 0) -> str:
    """Write a number with the thousands and decimal marks of the language.

    Examples
    --------
    >>> number(12345.6, "nl"), number(12345.6, "en", 1), number(-3, "nl"), number(None, "nl")
    ('12.346', '12,345.6', '−3', '–')
    """
    if value is None:
        return HIDDEN
    text = f"{abs(value):,.{decimals}f}"
    if lang == "nl":
        text = text.translate(str.maketrans(",.", ".,"))
    zero = not text.strip("0.,")
    return f"{MINUS}{text}" if value < 0 and not zero else text


def signed(value: float | None, lang: Language, decimals: int = 0) -> str:
    """Write a difference, with its sign; a difference that rounds to nothing has none.

    Examples
    --------
    >>> signed(12, "nl"), signed(-1200, "nl"), signed(0.2, "nl"), signed(None, "nl")
    ('+12', '−1.200', '0', '–')
    """
    text = number(value, lang, decimals)
    plain = value is None or text.startswith(MINUS) or not text.strip("0.,")
    return text if plain else f"+{text}"


def day(value: date, lang: Language) -> str:
    """Write a date in full, on one line.

    Examples
    --------
    >>> day(date(2023, 12, 31), "nl").split(), day(date(2023, 5, 1), "en").split()
    (['31', 'december', '2023'], ['1', 'May', '2023'])
    """
    return f"{value.day}{NBSP}{_MONTHS[lang][value.month - 1]}{NBSP}{value.year}"


def month(value: date, lang: Language) -> str:
    """Write the month of a date, with its year, on one line.

    Examples
    --------
    >>> month(date(2023, 5, 1), "nl").split(), month(date(2023, 5, 1), "en").split()
    (['mei', '2023'], ['May', '2023'])
    """
    return f"{_MONTHS[lang][value.month - 1]}{NBSP}{value.year}"


def span(
    low: float | None,
    high: float | None,
    lang: Language,
    *,
    signs: bool = False,
    decimals: int = 0,
) -> str:
    """Write an interval or band; a side without a bound is said in words.

    Parameters
    ----------
    low, high
        The bounds, None where there is none.
    lang
        The language.
    signs
        Whether the bounds are differences, which carry their sign.
    decimals
        Decimals of each bound.

    Examples
    --------
    >>> span(58, 64, "nl"), span(58, None, "nl"), span(58, None, "en"), span(None, None, "nl")
    ('58 tot 64', '58 of meer', '58 or more', '–')
    >>> span(-30, -12, "en", signs=True)
    '−30 to −12'
    """
    write = signed if signs else number
    if low is None and high is None:
        return HIDDEN
    if high is None:
        return f"{write(low, lang, decimals)} {'of meer' if lang == 'nl' else 'or more'}"
    if low is None:
        return f"{write(high, lang, decimals)} {'of minder' if lang == 'nl' else 'or less'}"
    between = "tot" if lang == "nl" else "to"
    return f"{write(low, lang, decimals)} {between} {write(high, lang, decimals)}"


def listed(items: Sequence[str], lang: Language) -> str:
    """Join words to a list in a sentence.

    Examples
    --------
    >>> listed(["a", "b", "c"], "nl"), listed(["a", "b"], "en"), listed(["a"], "nl")
    ('a, b en c', 'a and b', 'a')
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {'en' if lang == 'nl' else 'and'} {items[-1]}"


def capital(text: str) -> str:
    """Begin a sentence or a heading with a capital; a Dutch ij rises as one letter.

    Examples
    --------
    >>> capital("pleegzorg"), capital("ijs"), capital("")
    ('Pleegzorg', 'IJs', '')
    """
    if text.startswith("ij"):
        return f"IJ{text[2:]}"
    return text[:1].upper() + text[1:]
