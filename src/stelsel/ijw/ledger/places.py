"""Where in a message a rule of level 3 is broken: from the event back to the element."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from stelsel.ijw.findings import Breach, Path, rules
from stelsel.ijw.ledger.judging import Flaw


def breaches(flaws: Iterable[Flaw], message_type: str, paths: Sequence[Path]) -> list[Breach]:
    """Give what a message breaks, each rule once an element.

    Parameters
    ----------
    flaws
        What was found of its events.
    message_type
        Its type, such as ``"JW305"``.
    paths
        The path of what told each of its events.

    Examples
    --------
    >>> start = ("Client", "StartProducten", "StartProduct[2]")
    >>> [breach.path[-1] for breach in breaches([Flaw("TR063", 0)], "JW305", [start])]
    ['StatusAanlevering']
    """
    found = [Breach(flaw.rule, _path(flaw, message_type, paths[flaw.place])) for flaw in flaws]
    return list({(breach.rule, breach.path): breach for breach in found}.values())


def _path(flaw: Flaw, message_type: str, told_at: Path) -> Path:
    """Give the element that the rule is about, in or around the one that told the event."""
    bound = [path for message, path in rules()[flaw.rule].elements if message == message_type]
    if bound[0][0] == "Header":
        return bound[0]
    # A rule about several elements is told of the class that holds them.
    shared = takewhile(lambda steps: len(set(steps)) == 1, zip(*bound, strict=False))
    first, *rest = (steps[0] for steps in shared)
    names = [step.partition("[")[0] for step in told_at]
    around = told_at[: names.index(first) + 1] if first in names else (first,)
    return (*around, *rest)
