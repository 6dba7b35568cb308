"""One simple story as messages, ways to change them, and the return codes that they get."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from stelsel.ijw import Message, check
from stelsel.ijw.events import told_by
from stelsel.ijw.example import example
from stelsel.ijw.example.story import story
from stelsel.ijw.findings import rules
from stelsel.ijw.ledger import Told, judge
from stelsel.ijw.message import Content
from stelsel.system.calendar import add_working_days


def codes(*messages: Message) -> set[str]:
    """The return codes that messages get, judged by itself and, if right, beside the others."""
    found = {finding.return_code or "" for each in messages for finding in check(each)}
    told = []
    for each in messages:
        if check(each):
            continue
        events = tuple(event for _, event in told_by(each, str))
        told.append(Told(events[0]["message"], events[0]["content"], events, held=False))
    for verdict in judge(told).values():
        found |= {rules()[flaw.rule].return_code or "" for flaw in verdict.flaws}
    return found


def fitting(seed: int, cares: int) -> bool:
    """Whether a story is of simple help: asked for, with a code, an end and no other child."""
    one = story(seed)
    claim = example("JW323", seed).content["Declaratie"]["Clienten"]["Client"]
    return (
        (len(one.cares), one.requested, one.earlier, len(claim)) == (cares, True, None, 1)
        and all(care.named == "code" and care.last and care.frequency == "4" for care in one.cares)
        and "Product" in str(example("JW305", seed).content)
        and len(starts(example("JW305", seed))) == cares
        and (one.cares[0].last or date.min) - one.stop > timedelta(days=60)
    )


def starts(message: Message) -> list[Content]:
    rows: list[Content] = message.content["Client"]["StartProducten"]["StartProduct"]
    return rows


def stops(message: Message) -> list[Content]:
    rows: list[Content] = message.content["Client"]["StopProducten"]["StopProduct"]
    return rows


def given(message: Message) -> list[Content]:
    rows: list[Content] = message.content["Client"]["ToegewezenProducten"]["ToegewezenProduct"]
    return rows


SEED = next(seed for seed in range(100_000) if fitting(seed, 1))
TWO = next(seed for seed in range(100_000) if fitting(seed, 2))
ASKED, ALLOCATED, STARTED, STOPPED, CLAIMED = (
    example(name, SEED) for name in ("JW315", "JW301", "JW305", "JW307", "JW323")
)


def another(message: Message, days: int, change: Callable[[Content], object]) -> Message:
    """Another message some days later, with something changed in its content."""
    content = deepcopy(message.content)
    head = content["Header"]["BerichtIdentificatie"]
    head["Identificatie"] = f"X{days}"
    head["Dagtekening"] += timedelta(days=days)
    change(content)
    return Message(message.type, content)


def nothing(_: Any) -> None:
    """Change nothing."""


def reply(value: str, days: int, reason: str = "", **more: Any) -> Message:
    """A JW319 on the request, some working days after it."""
    head = deepcopy(ALLOCATED.content["Header"])
    asked = ASKED.content["Header"]["BerichtIdentificatie"]["Dagtekening"]
    head["BerichtCode"] = "488"
    head["BerichtIdentificatie"] = {
        "Identificatie": f"A{days}",
        "Dagtekening": add_working_days(asked, days),
    }
    (product,) = ASKED.content["Client"]["AangevraagdeProducten"]["AangevraagdProduct"]
    body: Content = {
        "ReferentieAanbieder": product["ReferentieAanbieder"],
        "VerzoekAntwoord": value,
    }
    if reason:
        body["RedenAfwijzingVerzoek"] = reason
    return Message("JW319", {"Header": head, "Antwoord": body | more})


def ended(reason: str, days: int, last: int = 0) -> Message:
    """The end of the care, with a reason, some days later."""

    def change(content: Content) -> None:
        (row,) = content["Client"]["StopProducten"]["StopProduct"]
        row["RedenBeeindiging"] = reason
        row["Einddatum"] += timedelta(days=last)

    return another(STOPPED, days, change)


def begun(days: int, shift: int) -> Message:
    """Another start, some days later, of care that begins so many days later."""

    def change(content: Content) -> None:
        (row,) = content["Client"]["StartProducten"]["StartProduct"]
        row["Begindatum"] += timedelta(days=shift)

    return another(STARTED, days, change)
