"""Which product an episode of made-up traffic is about, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from stelsel.errors import StelselError
from stelsel.ijw.message import Content
from stelsel.ijw.traffic.chance import Chance, Draw
from stelsel.system import forms
from stelsel.system.codes import products

PER_FORM = 12
"""At most so many different codes a form; enough that a child's episodes need never share one."""
APART = timedelta(days=60)
"""Episodes with the same code lie at least this far apart: they could pass for one renewed."""
PIECES, HOURS, DAYS = "82", "04", "14"
WEEKLY, MONTHLY, TOTAL = "2", "4", "6"

Extent = tuple[str, date, date]
"""Product code, first and last day of an episode."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """A product with its volume.

    Parameters
    ----------
    product, volume
        The groups ``Product`` and ``Omvang`` of a message.
    has_term
        Whether the allocation needs a last day (CD076: with a volume a week).
    """

    product: Content
    volume: Content
    has_term: bool


@cache
def codes_of(form: str) -> tuple[tuple[str, str, str], ...]:
    """Give category, code and variant of the products that traffic of a form uses.

    Parameters
    ----------
    form
        CBS code of a care form.

    Raises
    ------
    StelselError
        When no national product has this form.

    Examples
    --------
    >>> codes_of("03")[0]
    ('41', '41A01', 'output')
    """
    fitting = [p for p in products() if p.cbs_form == form and p.variant and not p.generic]
    if not fitting:
        raise StelselError(
            f"No product belongs to the care form {form!r}.",
            where="form",
            remedy=f"Known: {', '.join(one.code for one in forms())}.",
            what_nl=f"Bij hulpvorm {form!r} hoort geen product.",
            remedy_nl=f"Bekend: {', '.join(one.code for one in forms())}.",
        )
    # Spread over the list, so that both variants and all categories occur.
    step = max(1, len(fitting) // PER_FORM)
    return tuple((p.category, p.code, p.variant) for p in fitting[::step][:PER_FORM])


def assign(form: str, first: date, last: date, others: list[Extent], chance: Chance) -> Assigned:
    """Choose a product that no other episode of the child at this provider has about that time.

    Parameters
    ----------
    form
        CBS code of the care form.
    first, last
        First and last day of the episode, wait and care together.
    others
        The other episodes of the child at this provider; the chosen one is added.
    chance
        The draws of the episode.

    Examples
    --------
    >>> one = assign("14", date(2024, 1, 1), date(2024, 6, 1), [], Chance(1, "a"))
    >>> sorted(one.product), sorted(one.volume)
    (['Categorie', 'Code'], ['Eenheid', 'Frequentie', 'Volume'])
    """
    codes = codes_of(form)
    begin = chance.whole(Draw.PRODUCT, 0, len(codes) - 1)
    taken = {code for code, start, end in others if start <= last + APART and first <= end + APART}
    in_turn = codes[begin:] + codes[:begin]
    category, code, variant = next((c for c in in_turn if c[1] not in taken), in_turn[0])
    others.append((code, first, last))
    volume, has_term = _volume(form, variant, chance)
    return Assigned({"Categorie": category, "Code": code}, volume, has_term)


def _volume(form: str, variant: str, chance: Chance) -> tuple[Content, bool]:
    """Give a volume that fits the rules (CS338, CD041, CD076), and whether it needs a last day."""
    if variant == "output":
        return {"Volume": 1, "Eenheid": PIECES, "Frequentie": TOTAL}, False
    weekly = chance.unit(Draw.FREQUENCY) < 0.5
    frequency = WEEKLY if weekly else MONTHLY
    if _with_stay(form):
        return {"Volume": 7 if weekly else 30, "Eenheid": DAYS, "Frequentie": frequency}, weekly
    hours = chance.whole(Draw.VOLUME, 1, 6) * (1 if weekly else 4)
    return {"Volume": hours, "Eenheid": HOURS, "Frequentie": frequency}, weekly


@cache
def _with_stay(form: str) -> bool:
    return any(one.with_stay for one in forms() if one.code == form)
