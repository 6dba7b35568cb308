"""Rules of level 3 on requests and their answers (iJw 3.2, section on requests)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple

from stelsel.events import Row
from stelsel.ijw.ledger.memory import REJECTED, Allocation, Memory
from stelsel.ijw.ledger.registry import rule
from stelsel.ijw.ledger.told import Told
from stelsel.ijw.ledger.volumes import IN_ALL
from stelsel.ijw.rules.product import OLD_VOLUMES


@rule("TR304", "change-requested", "claimed", "line-rejected")
def _unknown_child(event: Row, _: Told, memory: Memory) -> bool:
    return (event["municipality"], event["child"]) not in memory.clients


@rule("TR347", "requested", "change-requested")
def _reference_used(event: Row, told: Told, memory: Memory) -> bool:
    known = memory.requests.get((event["provider"], event["reference"]))
    return known is not None and known.lines[0]["message"] != told.id


@rule("TR374", "requested", "change-requested")
def _still_pending(event: Row, told: Told, memory: Memory) -> bool:
    # Told once a message.
    if event is not told.events[0]:
        return False
    return any(request.pending for request in memory.requests_of(event))


# --- the wanted package (JW317) ------------------------------------------------------------------


def _current(event: Row, memory: Memory) -> Allocation | None:
    """Give the current allocation that a line of a wanted package is about."""
    found = memory.allocation(event)
    return found if found is not None and found.runs_on(event["known"]) else None


@rule("TR349", "change-requested")
def _not_listed(event: Row, told: Told, memory: Memory) -> bool:
    # Told once a message.
    if event is not told.events[0]:
        return False
    listed = {line["allocation"] for line in told.events}
    return any(
        each.runs_on(event["known"]) and each.current["allocation"] not in listed
        for each in memory.allocations_of(event)
    )


@rule("TR350", "change-requested")
def _unchanged_not_current(event: Row, _: Told, memory: Memory) -> bool:
    return event["status"] == "unchanged" and _current(event, memory) is None


@rule("TR351", "change-requested")
def _changed_not_current(event: Row, _: Told, memory: Memory) -> bool:
    return event["status"] == "changed" and _current(event, memory) is None


def _changes(event: Row, memory: Memory) -> Row | None:
    """Give the allocation that a line wants changed; None where that is not the line's fault."""
    found = _current(event, memory) if event["status"] == "changed" else None
    return None if found is None else found.current


@rule("TR357", "change-requested")
def _in_the_past(event: Row, _: Told, memory: Memory) -> bool:
    now = _changes(event, memory)
    if now is None or event["from_day"] > event["known"]:
        return False
    return bool(event["from_day"] != now["from_day"])


@rule("TR373", "change-requested")
def _total_from_another_day(event: Row, _: Told, memory: Memory) -> bool:
    # Another budget, or another volume in all, holds from the first day of the allocation.
    now = _changes(event, memory)
    if now is None or event["from_day"] == now["from_day"]:
        return False
    if event["budget"] is not None and now["budget"] is not None:
        return bool(event["budget"] != now["budget"])
    if event["frequency"] == now["frequency"] == IN_ALL:
        return bool(event["volume"] != now["volume"])
    return False


def _under_new_rules(event: Row) -> bool:
    """Whether the rules on volumes since 2021 hold for a wanted product."""
    return event["last_day"] is None or event["last_day"] > OLD_VOLUMES


@rule("TR375", "change-requested")
def _volume_on_generic(event: Row, _: Told, memory: Memory) -> bool:
    now = _changes(event, memory)
    if now is None or now["category"] is not None:
        return False
    return event["volume"] is not None and _under_new_rules(event)


@rule("TR411", "change-requested")
def _no_volume_on_specific(event: Row, _: Told, memory: Memory) -> bool:
    now = _changes(event, memory)
    return now is not None and now["code"] is not None and event["volume"] is None


@rule("TR412", "change-requested")
def _volume_on_aspecific(event: Row, _: Told, memory: Memory) -> bool:
    now = _changes(event, memory)
    if now is None or now["category"] is None or now["code"] is not None:
        return False
    return event["volume"] is not None and _under_new_rules(event)


class _Wanted(NamedTuple):
    """A product of a wanted package, with what its allocation says filled in."""

    category: str | None
    code: str | None
    begin: date
    end: date
    status: str


@rule("TR361", "change-requested")
def _overlap(event: Row, told: Told, memory: Memory) -> bool:
    # Told once a message. That two new products overlap is told inside the message (TR410).
    if event is not told.events[0]:
        return False
    package = [wanted for line in told.events for wanted in _wanted(line, memory)]
    return any(
        _same(one, other) and one.begin <= other.end and other.begin <= one.end
        for one, other in combinations(package, 2)
        if not one.status == other.status == "new"
    )


def _wanted(line: Row, memory: Memory) -> Iterator[_Wanted]:
    if line["status"] == "new":
        yield _of(line, line, "new")
        return
    found = memory.allocation(line)
    if found is not None:
        yield _of(found.current, found.current if line["status"] == "unchanged" else line, "old")


def _of(product: Row, period: Row, status: str) -> _Wanted:
    end = period["last_day"] or date.max
    return _Wanted(product["category"], product["code"], period["from_day"], end, status)


def _same(one: _Wanted, other: _Wanted) -> bool:
    """Whether two products count as the same: by code, else by category, else always (TR302)."""
    if one.category is None or other.category is None:
        return True
    if one.code is not None and other.code is not None:
        return (one.category, one.code) == (other.category, other.code)
    return one.category == other.category


# --- answers (JW319) -----------------------------------------------------------------------------


@rule("TR355", "answered")
def _nothing_asked(event: Row, _: Told, memory: Memory) -> bool:
    return memory.request(event) is None


@rule("TR359", "answered")
def _allocated_already(event: Row, _: Told, memory: Memory) -> bool:
    asked = memory.request(event)
    return asked is not None and asked.allocated


def _answers(event: Row, memory: Memory) -> tuple[str, ...]:
    asked = memory.request(event)
    return () if asked is None else asked.answers


@rule("TR360", "answered")
def _investigated_already(event: Row, _: Told, memory: Memory) -> bool:
    rejects: Any = event["reason"].startswith(REJECTED)
    return not rejects and bool(_answers(event, memory))


@rule("TR365", "answered")
def _rejected_already(event: Row, _: Told, memory: Memory) -> bool:
    return REJECTED in _answers(event, memory)
