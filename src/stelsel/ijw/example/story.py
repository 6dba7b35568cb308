"""The story that all examples of one seed tell parts of: one child, one provider, one municipality.

So examples of one seed go together: the start in the JW305 is that of an allocation in the JW301.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from random import Random
from typing import Final

from stelsel.ijw.example.care import Care, cares
from stelsel.ijw.message import Content
from stelsel.ijw.traffic.people import LAST_NAMES, Child, made_up_child
from stelsel.system.calendar import add_working_days
from stelsel.system.numbers import made_up_numbers
from stelsel.system.regions import municipalities

BEGIN, SPAN = date(2023, 5, 1), 400
"""First day on which a story can begin, and how many days there are: all after iJw 3.2 began."""
LONGER, SHORTER, DELETED = "04", "05", "13"
"""JZ002: reassessed and lengthened, or shortened; as if it had never been."""
_PEOPLE: Final = 9_000
"""So many made-up numbers are used for children."""
_OLDEST: Final = 17 * 365
_PREFIXES: Final = ("de", "van", "van der", "el")


@dataclass(frozen=True, slots=True)
class Story:
    """Who and what the examples of one seed are about.

    Parameters
    ----------
    mark
        Eight digits of the seed, with which numbers and references begin.
    municipality, provider
        CBS code and made-up AGB code.
    child
        What messages say of the child.
    requested
        Whether the help was asked for by the provider, and not by the municipality's own access.
    asked, decided
        Day of the request and of the decision.
    cares
        The help that is allocated.
    earlier
        Help that was allocated before and is changed by the same decision; mostly none.
    wanted
        Help that is not allocated (yet).
    start, stop
        First and last day of delivery of all the help.
    """

    mark: str
    municipality: str
    provider: str
    child: Child
    requested: bool
    asked: date
    decided: date
    cares: tuple[Care, ...]
    earlier: Care | None
    wanted: Care
    start: date
    stop: date


@cache
def _numbers() -> list[str]:
    return made_up_numbers(_PEOPLE)


@lru_cache(maxsize=16)
def story(seed: int) -> Story:
    """Make up a story.

    Parameters
    ----------
    seed
        The same seed gives the same story.

    Examples
    --------
    >>> one, same = story(1), story(1)
    >>> one == same, one.cares[0].first >= one.decided >= one.asked
    (True, True)
    """
    chance = Random(f"story {seed}")  # a text gives the same draws on every machine
    asked = add_working_days(BEGIN + timedelta(days=chance.randrange(SPAN)), 1)
    decided = add_working_days(asked, chance.randint(1, 5))
    count = chance.choices((1, 2, 3), (60, 30, 10))[0]
    number = chance.randrange(10_000, 99_999_000)
    mark = f"{seed % 10**8:08}"
    given = list(cares(chance, count, decided, number, f"R{mark}"))
    allocated = tuple(given[:count])
    # A generic product is the same as any other: beside it there can be none (TR302).
    changes = all(care.named for care in allocated) and chance.random() < 0.2
    start = max(care.first for care in allocated) + timedelta(days=chance.randint(0, 30))
    ends = [care.last for care in allocated if care.last is not None]
    latest = min([*ends, start + timedelta(days=180)])
    return Story(
        mark=mark,
        municipality=chance.choice(municipalities(on=asked)).code,
        provider=f"99{chance.randrange(1_000_000):06}",
        child=_child(chance, asked),
        requested=chance.random() < 0.6,
        asked=asked,
        decided=decided,
        cares=allocated,
        earlier=_earlier(given[count + 1], decided, chance) if changes else None,
        wanted=given[count],
        start=start,
        stop=start + timedelta(days=chance.randint(28, (latest - start).days)),
    )


def _earlier(care: Care, decided: date, chance: Random) -> Care:
    """Give older help that is made to last longer or shorter, or is deleted (OP033x1)."""
    first = decided - timedelta(days=chance.randint(100, 300))
    last = decided + timedelta(days=chance.randint(14, 365))
    reason = chance.choice((LONGER, SHORTER, DELETED))
    return replace(care, first=first, last=first if reason == DELETED else last, reason=reason)


def _child(chance: Random, on: date) -> Child:
    birth = on - timedelta(days=chance.randint(30, _OLDEST))
    number = chance.choice(_numbers())
    child = made_up_child(
        name=number,
        rank=0,
        number=number,
        birth=birth,
        sex=chance.choices(("1", "2", "0"), (49, 49, 2))[0],
        seed=chance.randrange(1_000_000),
    )
    known = _known(chance, birth)
    first = child.short["Naam"]["Voornamen"]
    name: Content = {"Geslachtsnaam": dict(child.short["Naam"]["Geslachtsnaam"])}
    if chance.random() < 0.3:
        name["Geslachtsnaam"]["Voorvoegsel"] = chance.choice(_PREFIXES)
    if chance.random() < 0.8:
        name["Voornamen"] = first
    if chance.random() < 0.4:
        name["Voorletters"] = first[0]
    partner: Content = {}
    if chance.random() < 0.02:
        partner = {"Partnernaam": {"Achternaam": chance.choice(LAST_NAMES)}}
    full_name = name | partner | {"NaamGebruik": "4" if partner else "1"}
    return Child(
        child.name,
        child.rank,
        child.full | {"Geboortedatum": known, "Naam": full_name},
        child.short | {"Geboortedatum": known, "Naam": name},
    )


def _known(chance: Random, birth: date) -> Content:
    """Give the date of birth, of some children only as far as it is known (CS139)."""
    how = chance.choices(("", "1", "2", "3"), (96, 2, 1, 1))[0]
    day = {
        "": birth,
        "1": birth.replace(day=1),
        "2": birth.replace(month=1, day=1),
        "3": date(1900, 1, 1),
    }[how]
    return {"Datum": day} | ({"DatumGebruik": how} if how else {})
