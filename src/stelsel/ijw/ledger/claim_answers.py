"""Rules of level 3 on the answers to claims (iJw 3.2, section on answers to claims).

Where the claim itself is not known (TR337), nothing of the answer is compared with it.
"""

from __future__ import annotations

from typing import Final

from stelsel.events import Row
from stelsel.ijw.ledger.memory import Memory
from stelsel.ijw.ledger.registry import rule
from stelsel.ijw.ledger.told import Told


@rule("TR337", "assessed")
def _unknown_claim(event: Row, _: Told, memory: Memory) -> bool:
    return memory.claimed.claim(event) is None


@rule("TR371", "assessed")
def _other_schemas(event: Row, _: Told, memory: Memory) -> bool:
    claim = memory.claimed.claim(event)
    return claim is not None and bool(event["schemas"] != claim.whole["schemas"])


@rule("TR376", "assessed")
def _other_number(event: Row, _: Told, memory: Memory) -> bool:
    """Another number than the claim has; an answer that is a header only has none."""
    claim = memory.claimed.claim(event)
    return claim is not None and event["claim"] not in (None, claim.whole["claim"])


@rule("TR366", "line-rejected")
def _unknown_line(event: Row, _: Told, memory: Memory) -> bool:
    """No such line is in the claim; that it is of the same child is an own reading."""
    claim = memory.claimed.claim(event)
    return claim is not None and claim.line(event) is None


_COPIED: Final = (
    *("allocation", "category", "code", "from_day", "last_day"),
    *("volume", "unit", "tariff", "amount"),
)


@rule("TR367", "line-rejected")
def _other_value(event: Row, _: Told, memory: Memory) -> bool:
    claim = memory.claimed.claim(event)
    line = None if claim is None else claim.line(event)
    return line is not None and any(event[name] != line[name] for name in _COPIED)
