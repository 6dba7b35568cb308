"""Rules of level 3 on claims (iJw 3.2, section on claims)."""

from __future__ import annotations

from stelsel.ijw.ledger.memory import Memory
from stelsel.ijw.ledger.registry import rule
from stelsel.ijw.ledger.told import Told
from stelsel.ijw.tellers import Event


@rule("TR333", "declared")
def _number_used(event: Event, _: Told, memory: Memory) -> bool:
    return memory.claimed.number_used(event["provider"], event["claim"])
