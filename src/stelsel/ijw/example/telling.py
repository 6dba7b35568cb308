"""The messages of a story, save claims and answers: allocation, start, stop, requests, reply."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from random import Random
from typing import Final

from stelsel.ijw.example.care import TOTAL, Care
from stelsel.ijw.example.person import contact_details, more_of_child
from stelsel.ijw.example.story import Story
from stelsel.ijw.grammar import simple_types
from stelsel.ijw.message import Content
from stelsel.ijw.traffic.messages import NAMED_REFERRERS, REFERRER_CODES
from stelsel.system.calendar import add_working_days
from stelsel.system.regions import municipalities

Told = tuple[date, Content]
"""Day of the message, and what it holds beside the header."""
_COMMENTS: Final = (
    "Graag contact opnemen met de aanbieder over de start.",
    "Afgestemd met het lokale team.",
    "Vervolg op eerdere hulp.",
)
_ENDED: Final = ("31", "31", "31", "32", "33", "34", "35", "36", "38", "39")
_PAUSED: Final = "20"
_RESIDENCE: Final = "8"
"""WJ759: another municipality is responsible."""


def allocation(story: Story, chance: Random) -> Told:
    """Give a JW301: all the help of the story, and sometimes older help that is changed."""
    sent = add_working_days(story.decided, chance.randint(0, 1))
    rows = [_allocated(care, story, chance) for care in story.cares]
    if story.earlier is not None:
        rows.append(_allocated(story.earlier, story, chance))
    child = story.child.full | more_of_child(chance) | contact_details(story.child, chance)
    if chance.random() < 0.15:
        child["Commentaar"] = chance.choice(_COMMENTS)
    return sent, {"Client": child | {"ToegewezenProducten": {"ToegewezenProduct": rows}}}


def _allocated(care: Care, story: Story, chance: Random) -> Content:
    asked = story.requested and not care.reason
    reference = {"ReferentieAanbieder": care.reference} if asked else {}
    reason = {"RedenWijziging": care.reason} if care.reason else {}
    comment = {"Commentaar": chance.choice(_COMMENTS)} if chance.random() < 0.1 else {}
    return {
        "ToewijzingNummer": care.number,
        **reference,
        **care.product,
        "Toewijzingsdatum": story.decided,
        "Toewijzingstijd": time(chance.randint(8, 17), chance.randint(0, 59)),
        "Ingangsdatum": care.first,
        **care.end("Einddatum"),
        **reason,
        **care.extent,
        **comment,
    }


def _delivered(care: Care) -> Content:
    return {
        "ToewijzingNummer": care.number,
        **care.product,
        "ToewijzingIngangsdatum": care.first,
    }


def start(story: Story, chance: Random) -> Told:
    """Give a JW305: help that has begun; sometimes also block-funded help, without allocation."""
    rows = [
        {**_delivered(care), "Begindatum": story.start, "StatusAanlevering": "1"}
        for care in story.cares
    ]
    if chance.random() < 0.1:
        product = {"Product": {"Categorie": story.wanted.category, "Code": story.wanted.code}}
        rows.append({**product, "Begindatum": story.start, "StatusAanlevering": "1"})
    told = add_working_days(story.start, chance.randint(1, 5))
    return told, {"Client": story.child.short | {"StartProducten": {"StartProduct": rows}}}


def stop(story: Story, chance: Random) -> Told:
    """Give a JW307: help that has ended, for good or for a time."""
    reason = _PAUSED if chance.random() < 0.2 else chance.choice(_ENDED)
    rows = [
        {
            **_delivered(care),
            "Begindatum": story.start,
            "RedenBeeindiging": reason,
            "Einddatum": story.stop,
            "StatusAanlevering": "1",
        }
        for care in story.cares
    ]
    told = add_working_days(story.stop, chance.randint(1, 5))
    return told, {"Client": story.child.short | {"StopProducten": {"StopProduct": rows}}}


def asked_for(story: Story) -> tuple[Care, ...]:
    """Give what the provider asks for: the help of the story, or else help beside it.

    Examples
    --------
    >>> from stelsel.ijw.example.story import story
    >>> [asked_for(story(seed)) == story(seed).cares for seed in (0, 1)] == [
    ...     story(seed).requested for seed in (0, 1)]
    True
    """
    return story.cares if story.requested else (story.wanted,)


def request(story: Story, chance: Random) -> Told:
    """Give a JW315: help asked for on a referral, or on a decision."""
    rows = [_asked(care, chance) for care in asked_for(story)]
    about: Content = dict(story.child.short)
    if chance.random() < 0.5:
        about["GezagsdragerBekend"] = chance.choice(("1", "1", "2"))
    if chance.random() < 0.2:
        about["Commentaar"] = chance.choice(_COMMENTS)
    return story.asked, {"Client": about | {"AangevraagdeProducten": {"AangevraagdProduct": rows}}}


def _asked(care: Care, chance: Random) -> Content:
    row: Content = {"ReferentieAanbieder": care.reference}
    if chance.random() < 0.15:
        row |= {
            "BeschikkingNummer": chance.randrange(1_000, 9_999_999),
            "BeschikkingIngangsdatum": care.first,
        }
    row |= care.product
    row |= {"ToewijzingIngangsdatum": care.first, **care.end("ToewijzingEinddatum"), **care.extent}
    row |= {"Verwijzer": _referrer(chance)}
    if chance.random() < 0.6:
        row["Raamcontract"] = chance.choice(("1", "1", "1", "2"))
    if chance.random() < 0.1:
        row["Commentaar"] = chance.choice(_COMMENTS)
    return row


def _referrer(chance: Random) -> Content:
    """Give who referred the child: by code or by name where there is one (CD066 to CD068)."""
    kind = chance.choice(simple_types()["LDT_TypeVerwijzer"].codes)
    if kind in REFERRER_CODES and chance.random() < 0.5:
        return {"Type": kind, "ZorgverlenerCode": REFERRER_CODES[kind]}
    return (
        {"Type": kind, "Naam": NAMED_REFERRERS[kind]} if kind in NAMED_REFERRERS else {"Type": kind}
    )


def change(story: Story, chance: Random) -> Told:
    """Give a JW317: the whole package as it should become."""
    told = add_working_days(story.start, chance.randint(6, 14))
    wanted = told + timedelta(days=chance.randint(7, 28))
    generic = not all(care.named for care in story.cares)
    # Whatever is beside a generic product is the same product (TR361): there it is changed itself.
    has_new = not generic and chance.random() < 0.5
    few = chance.randint(0 if has_new else 1, len(story.cares))
    changed, kept = story.cares[:few], [*story.cares[few:], *_still(story.earlier, told)]
    request: Content = {
        "ReferentieAanbieder": f"{story.cares[0].reference}-W",
        "RedenVerzoek": chance.choice(("1", "2")),
    }
    if kept:
        rows = [{"ToewijzingNummer": care.number} for care in kept]
        request["OngewijzigdeProducten"] = {"OngewijzigdProduct": rows}
    if changed:
        rows = [_changed(care, wanted, chance) for care in changed]
        request["TeWijzigenProducten"] = {"TeWijzigenProduct": rows}
    if has_new:
        rows = [_new(story.wanted, wanted)]
        request["NieuweProducten"] = {"NieuwProduct": rows}
    return told, {"Client": {"Bsn": story.child.full["Bsn"], "Verzoek": request}}


def _still(care: Care | None, day: date) -> list[Care]:
    """Give help as a list if it is still allocated on a day."""
    return [] if care is None or care.last is None or care.last < day else [care]


def _changed(care: Care, wanted: date, chance: Random) -> Content:
    """Ask for more of what is allocated; a total or budget changes from its begin (TR373)."""
    total = care.budget is not None or (care.named == "code" and care.frequency == TOTAL)
    first = care.first if total else wanted
    row: Content = {"ToewijzingNummer": care.number, "GewensteIngangsdatum": first}
    if care.last is not None:
        row["Einddatum"] = max(care.last, wanted) + timedelta(days=chance.choice((0, 91, 182)))
    if care.budget is not None:
        row["Budget"] = care.budget + chance.randint(5, 100) * 10_000
    elif care.named == "code":
        row |= care.omvang(care.volume + chance.randint(1, 4))
    return row


def _new(care: Care, wanted: date) -> Content:
    end = {} if care.last is None else {"Einddatum": wanted + (care.last - care.first)}
    return {**care.product, "GewensteIngangsdatum": wanted, **end, **care.extent}


def reply(story: Story, chance: Random) -> Told:
    """Give a JW319: a request is rejected, or under investigation.

    A request that was granted in the story was not rejected; it may have been investigated first.
    """
    told = add_working_days(story.asked, 1)
    answer: Content = {"ReferentieAanbieder": asked_for(story)[0].reference}
    if story.requested or chance.random() < 0.3:
        return told, {"Antwoord": answer | {"VerzoekAntwoord": "2"}}
    reason = chance.choice(simple_types()["LDT_RedenAfwijzingVerzoek"].codes)
    answer |= {"VerzoekAntwoord": "1", "RedenAfwijzingVerzoek": reason}
    if reason == _RESIDENCE:
        others = [town.code for town in municipalities(on=told) if town.code != story.municipality]
        answer["Woonplaatsbeginsel"] = {"Gemeente": chance.choice(others)}
    return told, {"Antwoord": answer}


TELLERS: Final[dict[str, Callable[[Story, Random], Told]]] = {
    "JW301": allocation,
    "JW305": start,
    "JW307": stop,
    "JW315": request,
    "JW317": change,
    "JW319": reply,
}
"""What tells each part of a story."""
