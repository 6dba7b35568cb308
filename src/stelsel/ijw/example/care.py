"""What help an example is about: a product, how much of it, from when to when, at what price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Final

from stelsel.ijw.message import Content
from stelsel.system.codes import Product, products
from stelsel.system.entries import forms

MINUTES, HOURS, DAYS, HALF_DAYS, PIECES, EUROS, VISITS = "01", "04", "14", "16", "82", "83", "84"
"""Units (WJ756)."""
DAILY, WEEKLY, MONTHLY, TOTAL = "1", "2", "4", "6"
"""Frequencies (WMO757)."""
_PRICES: Final = {
    MINUTES: (110, 190),
    HOURS: (6_500, 11_500),
    DAYS: (18_000, 42_000),
    HALF_DAYS: (6_000, 11_000),
    PIECES: (90_000, 450_000),
    VISITS: (6_000, 20_000),
}
"""Own choice: lowest and highest tariff of a unit, in eurocents."""
_TRANSPORT, _RIDES = "42", (1_500, 9_000)
"""Category of transport, and its tariffs."""
_VOLUMES: Final = {
    (MINUTES, DAILY): (15, 60),
    (MINUTES, WEEKLY): (60, 360),
    (MINUTES, MONTHLY): (240, 1_440),
    (MINUTES, TOTAL): (1_200, 9_000),
    (HOURS, DAILY): (1, 3),
    (HOURS, WEEKLY): (1, 8),
    (HOURS, MONTHLY): (4, 30),
    (HOURS, TOTAL): (20, 180),
    (DAYS, WEEKLY): (2, 7),
    (DAYS, MONTHLY): (8, 31),
    (DAYS, TOTAL): (60, 365),
    (HALF_DAYS, WEEKLY): (2, 9),
    (HALF_DAYS, MONTHLY): (8, 36),
    (HALF_DAYS, TOTAL): (40, 200),
    (PIECES, MONTHLY): (1, 2),
    (PIECES, TOTAL): (1, 3),
    (VISITS, WEEKLY): (1, 3),
    (VISITS, MONTHLY): (2, 12),
    (VISITS, TOTAL): (6, 60),
}
"""Own choice: smallest and largest volume by unit and frequency."""
_DAY_HELP: Final = "03"
"""Care form that is counted in half days."""


@dataclass(frozen=True, slots=True)
class Care:
    """Help as it is asked for, allocated, delivered and claimed.

    Parameters
    ----------
    category, code
        Of the product that is delivered, from the national list.
    named
        How much of the product the allocation names: ``code`` (specific), ``category``
        (aspecific) or nothing (generic).
    unit, frequency, volume
        How much, for a specific product; the unit is that of the claim in any case.
    budget
        The most it may cost, in eurocents, or None.
    tariff
        Price of a unit in eurocents.
    first, last
        First and last day of the allocation; None if it has no last day.
    number, reference
        Number of the allocation, and the provider's reference of the request.
    reason
        Why the allocation was changed (JZ002); empty for a new one.
    """

    category: str
    code: str
    named: str
    unit: str
    frequency: str
    volume: int
    budget: int | None
    tariff: int
    first: date
    last: date | None
    number: int
    reference: str
    reason: str = ""

    @property
    def product(self) -> Content:
        """The element ``Product``, in a group of its own; nothing for a generic product."""
        if not self.named:
            return {}
        code = {"Code": self.code} if self.named == "code" else {}
        return {"Product": {"Categorie": self.category, **code}}

    @property
    def extent(self) -> Content:
        """The element ``Omvang`` or ``Budget``, in a group of its own; or neither."""
        if self.budget is not None:
            return {"Budget": self.budget}
        return self.omvang(self.volume) if self.named == "code" else {}

    def omvang(self, volume: int) -> Content:
        """Give the element ``Omvang`` with another volume."""
        how = {"Eenheid": self.unit, "Frequentie": self.frequency}
        return {"Omvang": {"Volume": volume, **how}}

    def end(self, name: str) -> Content:
        """Give the last day under a name, or nothing."""
        return {} if self.last is None else {name: self.last}


@cache
def _by_category() -> dict[str, tuple[Product, ...]]:
    found: dict[str, list[Product]] = {}
    for one in products():
        if one.variant and not one.generic:
            found.setdefault(one.category, []).append(one)
    return {category: tuple(ones) for category, ones in found.items()}


@cache
def _with_stay() -> frozenset[str]:
    return frozenset(form.code for form in forms() if form.with_stay)


def cares(chance: Random, count: int, decided: date, number: int, mark: str) -> Iterator[Care]:
    """Make up some help for one child by one provider, each of another category.

    Two products of one category might be the same product, and a generic one is the same as any:
    no two that overlap may be (TR302). So only help that is alone may be generic.

    Parameters
    ----------
    chance
        Decides all.
    count
        How much of it is allocated now; two more come last, for what is not or was earlier.
    decided
        Day of the decision; help begins then or somewhat later.
    number
        Number of the first allocation.
    mark
        With what references begin.
    """
    categories = chance.sample(sorted(_by_category()), count + 2)
    for place, category in enumerate(categories):
        product = chance.choice(_by_category()[category])
        unit, frequency = _measure(product, chance)
        generic = 8 if count == 1 and place == 0 else 0
        named = chance.choices(("code", "category", ""), (80, 15, generic))[0]
        has_budget = not named or (named == "category" and chance.random() < 0.7)
        first = decided + timedelta(days=chance.randint(0, 21))
        needs_end = has_budget or (named == "code" and frequency == WEEKLY)
        length = chance.choice((120, 182, 365))
        has_end = needs_end or chance.random() < 0.6
        yield Care(
            category=category,
            code=product.code,
            named=named,
            unit=EUROS if has_budget else unit,
            frequency=frequency,
            volume=chance.randint(*_VOLUMES[unit, frequency]),
            budget=chance.randint(20, 250) * 10_000 if has_budget else None,
            tariff=chance.randint(*(_RIDES if category == _TRANSPORT else _PRICES[unit])),
            first=first,
            last=first + timedelta(days=length - 1) if has_end else None,
            number=number + place,
            reference=f"{mark}-{place + 1}",
        )


def _measure(product: Product, chance: Random) -> tuple[str, str]:
    """Give the unit and frequency that go with a product."""
    if product.variant == "output":
        unit = PIECES
    elif product.cbs_form in _with_stay():
        unit = DAYS
    elif product.cbs_form == _DAY_HELP:
        unit = HALF_DAYS
    else:
        unit = chance.choices((HOURS, MINUTES, VISITS), (70, 20, 10))[0]
    return chance.choice([pair for pair in _VOLUMES if pair[0] == unit])
