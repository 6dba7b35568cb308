"""The claim of a story: a month of its help, and sometimes that of other children."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

from stelsel.ijw.example.care import DAILY, EUROS, MONTHLY, WEEKLY, Care
from stelsel.ijw.example.story import Story, story
from stelsel.ijw.message import Content

DEBIT, CREDIT = "D", "C"
DAY: Final = timedelta(days=1)
_PARTS: Final = 6
"""A total or a budget is claimed in at least so many parts."""
_OTHERS: Final = (0, 0, 1, 2)
"""How many other children are in a claim."""


def claim(about: Story, chance: Random) -> tuple[date, Content]:
    """Give the day and content of a JW323: what was delivered in the month in which help began.

    Where a claim holds other children, of one of them a line of an earlier month may be credited
    and claimed anew.
    """
    month = month_of(about.start)
    numbers = (f"{about.mark}-{number:03}" for number in range(1_000))
    lines = [_line(care, month, next(numbers), chance) for care in about.cares]
    by_child = {about.child.full["Bsn"]: lines}
    for _ in range(chance.choice(_OTHERS)):
        other = story(chance.randrange(10**6))
        if other.child.full["Bsn"] not in by_child:
            lines = list(_other_lines(other.wanted, month, numbers, chance))
            by_child[other.child.full["Bsn"]] = lines
    total = sum(_signed(line["IngediendBedrag"]) for lines in by_child.values() for line in lines)
    told = month[1] + timedelta(days=chance.randint(1, 14))
    return told, {
        "Declaratie": {
            "DeclaratieNummer": f"D{about.mark}",
            "DeclaratiePeriode": {"Begindatum": month[0], "Einddatum": month[1]},
            "DeclaratieDagtekening": told,
            "TotaalIngediendBedrag": {
                "TotaalBedrag": abs(total),
                "DebetCredit": CREDIT if total < 0 else DEBIT,
            },
            "Clienten": {
                "Client": [
                    {"Bsn": number, "Prestaties": {"Prestatie": lines}}
                    for number, lines in by_child.items()
                ]
            },
        }
    }


def month_of(day: date) -> tuple[date, date]:
    """Give the first and last day of the month of a day.

    Examples
    --------
    >>> [str(day) for day in month_of(date(2024, 2, 10))]
    ['2024-02-01', '2024-02-29']
    """
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def _line(care: Care, month: tuple[date, date], reference: str, chance: Random) -> Content:
    """Give what was delivered of an allocation in a month that it touches."""
    begin, end = max(month[0], care.first), min(month[1], care.last or month[1])
    volume = _delivered(care, (end - begin).days + 1, chance)
    if care.unit == EUROS:
        tariff, amount = {}, volume
    else:
        tariff, amount = {"ProductTarief": care.tariff}, volume * care.tariff
    return {
        "ProductReferentie": {"ReferentieNummer": reference},
        "ToewijzingNummer": care.number,
        "ProductCategorie": care.category,
        "ProductCode": care.code,
        "ProductPeriode": {"Begindatum": begin, "Einddatum": end},
        "GeleverdVolume": volume,
        "Eenheid": care.unit,
        **tariff,
        "IngediendBedrag": {"Bedrag": amount, "DebetCredit": DEBIT},
    }


def _delivered(care: Care, days: int, chance: Random) -> int:
    """Give a volume that fits in what is allocated for so many days."""
    if care.budget is not None:
        return int(care.budget / _PARTS * chance.uniform(0.5, 1))
    most = {
        DAILY: care.volume * days,
        WEEKLY: care.volume * (days // 7),
        MONTHLY: care.volume,
    }.get(care.frequency, care.volume // _PARTS)
    return max(1, int(most * chance.uniform(0.6, 1)))


def _other_lines(
    care: Care, month: tuple[date, date], numbers: Iterator[str], chance: Random
) -> Iterator[Content]:
    """Give what was delivered to another child, whose help began some months ago."""
    before = month_of(month[0] - DAY)
    care = replace(care, first=month_of(before[0] - DAY)[0], last=None)
    if chance.random() < 0.5:
        number = next(numbers)
        wrong = _line(care, before, f"{number}-X", chance)
        amount = wrong["IngediendBedrag"] | {"DebetCredit": CREDIT}
        taken_back = {"ReferentieNummer": number, "VorigReferentieNummer": f"{number}-X"}
        yield wrong | {"ProductReferentie": taken_back, "IngediendBedrag": amount}
        if chance.random() < 0.8:
            yield _line(care, before, next(numbers), chance)
    yield _line(care, month, next(numbers), chance)


def _signed(amount: Content) -> int:
    value: int = amount["Bedrag"]
    return -value if amount["DebetCredit"] == CREDIT else value
