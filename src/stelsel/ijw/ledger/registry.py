"""The rules of level 3 by the kind of event that they look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stelsel.events import Row
from stelsel.ijw.ledger.memory import Memory
from stelsel.ijw.ledger.told import Told

TellRule = Callable[[Row, Told, Memory], bool]
"""(event, the message that told it, what holds so far) -> broken?"""

RULES: Final[dict[str, list[tuple[str, TellRule]]]] = {}
"""By kind of event: number and function of every rule, in the order in which they were written."""


def rule(number: str, *kinds: str) -> Callable[[TellRule], TellRule]:
    """Register a rule under its number, for events of some kinds."""

    def register(function: TellRule) -> TellRule:
        for kind in kinds:
            RULES.setdefault(kind, []).append((number, function))
        return function

    return register
