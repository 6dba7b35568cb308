"""What messages hold, in plain words: names of elements, labels of codes, days, amounts, volumes.

The words stand in ``data/words.csv`` (elements), ``data/codelists.csv`` (codes) and
``data/volumes.csv`` (units and frequencies as they are said after a number).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

from stelsel.ijw.findings import LANGUAGES
from stelsel.ijw.grammar import PACKAGE
from stelsel.tables import packaged, read_table

MONTHS: Final = {
    "nl": (
        *("januari", "februari", "maart", "april", "mei", "juni"),
        *("juli", "augustus", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
"""Names of the months, by language."""
_MARKS: Final = {"nl": str.maketrans(",.", ".,"), "en": str.maketrans("", "")}

Texts = dict[str, str]


@cache
def _elements() -> dict[str, Texts]:
    rows = read_table(
        packaged(PACKAGE, "words.csv"), ["element", "name_nl", "name_en"], key=("element",)
    )
    return {row["element"]: {lang: row[f"name_{lang}"] for lang in LANGUAGES} for row in rows}


def element_names() -> frozenset[str]:
    """Give the names of all elements that have plain words.

    Examples
    --------
    >>> "Bsn" in element_names(), "TotaalBedragMetDC" in element_names()
    (True, False)
    """
    return frozenset(_elements())


def name_of(element: str, lang: str) -> str:
    """Give the name of an element in plain words.

    Parameters
    ----------
    element
        Name in the standard.
    lang
        ``nl`` or ``en``.

    Examples
    --------
    >>> name_of("RedenBeeindiging", "nl"), name_of("RedenBeeindiging", "en")
    ('Reden van beëindiging', 'Reason of ending')
    """
    return _elements()[element][lang]


@cache
def _codes() -> dict[tuple[str, str], Texts]:
    rows = read_table(
        packaged(PACKAGE, "codelists.csv"),
        ["list", "code", "name_nl", "name_en"],
        key=("list", "code"),
    )
    return {
        (row["list"], row["code"]): {lang: row[f"name_{lang}"] for lang in LANGUAGES}
        for row in rows
    }


def label(code_list: str, code: str, lang: str) -> str:
    """Give what a code stands for; empty where the list has no words for it (countries).

    Parameters
    ----------
    code_list
        Number of the code list.
    code
        A code in it.
    lang
        ``nl`` for the words of the standard, ``en`` for ours.

    Examples
    --------
    >>> label("JZ588", "31", "nl"), label("WJ001", "9326", "en")
    ('Levering is volgens plan beëindigd', 'Current delivery has not ended yet')
    """
    return _codes()[code_list, code][lang]


@cache
def _volumes() -> dict[tuple[str, str], Texts]:
    columns = ["list", "code", "one_nl", "many_nl", "one_en", "many_en"]
    rows = read_table(packaged(PACKAGE, "volumes.csv"), columns, key=("list", "code"))
    return {(row["list"], row["code"]): row for row in rows}


def volume(count: int, unit: str, frequency: str, lang: str) -> str:
    """Give a volume as it is said.

    Parameters
    ----------
    count
        How many; eurocents where the unit is an amount of money.
    unit, frequency
        Codes of WJ756 and WMO757; the frequency may be empty.
    lang
        ``nl`` or ``en``.

    Examples
    --------
    >>> volume(4, "04", "2", "nl"), volume(90, "01", "6", "en")
    ('4 uur per week', '90 minutes in all')
    >>> volume(250_000, "83", "4", "en")
    '€2,500.00 per month'
    """
    said = _volumes()["WJ756", unit][f"{'one' if count == 1 else 'many'}_{lang}"]
    amount = f"{number(count, lang)} {said}" if said else money(count, lang)
    often = _volumes()["WMO757", frequency][f"one_{lang}"] if frequency else ""
    return f"{amount} {often}".rstrip()


def number(count: int, lang: str) -> str:
    """Give a whole number with marks between the thousands.

    Examples
    --------
    >>> number(12345, "nl"), number(12345, "en")
    ('12.345', '12,345')
    """
    return f"{count:,}".translate(_MARKS[lang])


def money(cents: int, lang: str) -> str:
    r"""Give an amount of eurocents in euros.

    Examples
    --------
    >>> money(123450, "nl"), money(123405, "en")
    ('€\xa01.234,50', '€1,234.05')
    """
    # A blank that may not be broken: the sign stays with its number on a narrow screen.
    sign = {"nl": "€\u00a0", "en": "€"}[lang]
    return sign + f"{cents // 100:,}.{cents % 100:02}".translate(_MARKS[lang])


def day(value: date, lang: str) -> str:
    """Give a day as it is said.

    Examples
    --------
    >>> day(date(2026, 3, 4), "nl"), day(date(2026, 3, 4), "en")
    ('4 maart 2026', '4 March 2026')
    """
    return f"{value.day} {MONTHS[lang][value.month - 1]} {value.year}"


def period(first: date | None, last: date | None, lang: str) -> str:
    """Give a period of days, both included; None is an open side.

    Examples
    --------
    >>> period(date(2026, 3, 1), date(2026, 3, 31), "nl")
    '1 t/m 31 maart 2026'
    >>> period(date(2026, 3, 1), None, "en"), period(None, date(2026, 3, 1), "nl")
    ('from 1 March 2026', 't/m 1 maart 2026')
    """
    until, since = {"nl": ("t/m", "vanaf"), "en": ("to", "from")}[lang]
    if first is None:
        return f"{until} {day(last, lang)}" if last is not None else ""
    if last is None:
        return f"{since} {day(first, lang)}"
    same = (first.year, first.month) == (last.year, last.month)
    return f"{first.day if same else day(first, lang)} {until} {day(last, lang)}"
