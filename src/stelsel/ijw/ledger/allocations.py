"""Rules of level 3 on allocations (iJw 3.2, section on allocations)."""

from __future__ import annotations

from stelsel.events import Row
from stelsel.ijw.ledger.memory import DELETED, Memory
from stelsel.ijw.ledger.registry import rule
from stelsel.ijw.ledger.told import Told


@rule("TR332", "allocated")
def _number_of_another(event: Row, _: Told, memory: Memory) -> bool:
    # The number belongs to another child, provider or product: a new product is a new number.
    known = memory.allocations.get((event["municipality"], event["allocation"]))
    if known is None:
        return False
    names = ("child", "provider", "category", "code")
    return any(known.current[name] != event[name] for name in names)


@rule("TR379", "allocated")
def _not_the_request(event: Row, _: Told, memory: Memory) -> bool:
    # A reference is wrong that is no request of this provider for this child. That it is left out
    # is wrong only on a new allocation of a product that the provider still waits for.
    if event["reference"] is not None:
        asked = memory.request(event)
        return asked is None or asked.lines[0]["child"] != event["child"]
    if (event["municipality"], event["allocation"]) in memory.allocations:
        return False
    return any(
        _honours(event, line)
        for request in memory.requests_of(event)
        if request.pending
        for line in request.lines
    )


def _honours(allocated: Row, line: Row) -> bool:
    """Whether an allocation is what a line of a request asks for."""
    if line["status"] in ("unchanged", "changed") or allocated["category"] != line["category"]:
        return False
    return bool(line["code"] in (None, allocated["code"]))


@rule("TR385", "allocated")
def _claimed_and_deleted(event: Row, _: Told, memory: Memory) -> bool:
    if event["reason"] != DELETED:
        return False
    return memory.claimed.granted_on(event["municipality"], event["allocation"])
