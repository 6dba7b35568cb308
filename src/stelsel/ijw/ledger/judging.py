"""Judging messages at level 3: against everything that was told before them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from stelsel.events import Row
from stelsel.ijw.ledger import (  # noqa: F401 (their rules)
    allocations,
    claim_answers,
    claims,
    deliveries,
    requests,
)
from stelsel.ijw.ledger.memory import WITHDRAWS, Memory
from stelsel.ijw.ledger.registry import RULES
from stelsel.ijw.ledger.told import TYPES, Told

SAME_NUMBER: Final = "TR056"
"""The rule that a sender numbers its messages of one type without doubles."""
CLAIM: Final = "declared"
"""The kind of message of which lines are refused one by one; of others it is all or nothing."""
_ANSWERS: Final = ("returned", "assessed")
_WHOLE: Final = (CLAIM, "assessed")


@dataclass(frozen=True, slots=True)
class Flaw:
    """A rule of level 3 that a message breaks.

    Parameters
    ----------
    rule
        Number of the rule.
    place
        Which of the events of the message breaks it, from 0.
    """

    rule: str
    place: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is found of a message.

    Parameters
    ----------
    flaws
        What it breaks, in the order of the message.
    answer
        What the receiver answered: None where no answer is known, else the return codes of what
        is wrong with the message as a whole, empty where it was accepted.
    in_part
        Whether it is a claim, of which lines are refused one by one.
    """

    flaws: tuple[Flaw, ...] = ()
    answer: str | None = None
    in_part: bool = False

    @property
    def refused(self) -> bool:
        """Whether the whole message counts as never sent: by its answer, else by its flaws."""
        if self.answer is not None:
            return bool(self.answer)
        return any(flaw.place == 0 or not self.in_part for flaw in self.flaws)


Judged = dict[tuple[str, str], Verdict]
"""Verdicts by id and content of the message."""


def judge(messages: Iterable[Told]) -> Judged:
    """Judge messages against each other, in the order of their senders.

    Parameters
    ----------
    messages
        What is known, in any order: the verdicts do not depend on it. Of several messages with one
        id and one content one is judged.

    Returns
    -------
    dict
        A verdict per message (returns have none). What a refused message told is not held
        against the ones after it. Where a return is known it decides, else the flaws do; of a
        claim only the lines that break a rule are refused. Messages of one day are tried again
        until no more can be accepted, since their order is not known (iJw 3.2, OP080, OP095).

    Examples
    --------
    >>> judge([])
    {}
    """
    told = {(each.id, each.content): each for each in messages}
    answers: dict[str, str] = {}
    for each in sorted(told.values(), key=lambda one: (one.events[0]["known"], one.id)):
        if each.kind in _ANSWERS:
            answers.setdefault(each.events[0]["answers"], each.events[0]["reason"] or "")
    in_order = sorted((one for one in told.values() if one.kind in TYPES), key=Told.order)
    contents: dict[str, str] = {}
    for each in in_order:
        if each.held:
            contents.setdefault(each.id, each.content)
    judging = _Judging(answers, contents)
    for _, day in groupby(in_order, lambda one: one.events[0]["known"]):
        judging.judge_day(list(day))
    return judging.verdicts


class _Judging:
    def __init__(self, answers: dict[str, str], contents: dict[str, str]) -> None:
        self.verdicts: Judged = {}
        self._answers = answers
        self._contents = contents
        self._memory = Memory()

    def judge_day(self, waiting: list[Told]) -> None:
        """Judge the messages of one day, until nothing of those left can be accepted."""
        while waiting:
            left = [told for told in waiting if not self._accept(told)]
            if len(left) == len(waiting):
                claim = next((told for told in left if told.kind == CLAIM), None)
                if claim is None:
                    return
                self._accept_lines(claim)
                left.remove(claim)
            waiting = left

    def _accept(self, told: Told) -> bool:
        """Judge one message and take in what it told, unless something is wrong with it."""
        if self._contents.setdefault(told.id, told.content) != told.content:
            flaws = [Flaw(SAME_NUMBER, 0)]
        else:
            if told.kind == CLAIM:
                self._memory.claimed.receive(told)
                self._memory.kept.stand()
            flaws = self._flaws(told)
        verdict = self._verdict(told, flaws)
        if verdict.refused or (flaws and verdict.answer is None):
            # What is found when its turn comes is what is told, unless it can be accepted later.
            self.verdicts.setdefault((told.id, told.content), verdict)
            self._memory.kept.undo()
            return False
        self.verdicts[told.id, told.content] = verdict
        if flaws:  # accepted all the same, so it holds whole
            self._memory.kept.undo()
            for event in told.events:
                self._memory.take(event)
        self._memory.kept.stand()
        return True

    def _verdict(self, told: Told, flaws: list[Flaw]) -> Verdict:
        return Verdict(tuple(flaws), self._answers.get(told.id), told.kind == CLAIM)

    def _accept_lines(self, claim: Told) -> None:
        """Take in the lines of a claim that are right, unless it is refused as a whole."""
        if not self.verdicts[claim.id, claim.content].refused:
            self.verdicts[claim.id, claim.content] = self._verdict(claim, self._flaws(claim))
            self._memory.kept.stand()

    def _flaws(self, told: Told) -> list[Flaw]:
        """Find what a message breaks; what is right is taken into the memory on the way."""
        flaws: list[Flaw] = []
        for place, event in sorted(enumerate(told.events), key=_first_what_takes_back):
            broken = [
                Flaw(number, place)
                for number, rule in RULES.get(event["kind"], ())
                if rule(event, told, self._memory)
            ]
            flaws += broken
            if not broken:
                self._memory.take(event)
        return sorted(flaws, key=lambda flaw: flaw.place)


def _first_what_takes_back(numbered: tuple[int, Row]) -> tuple[bool, bool, object]:
    """Put the claim before its lines, what is withdrawn or credited first (IV008), then by day."""
    _, event = numbered
    takes_back = event["status"] == WITHDRAWS or event["previous"] is not None
    return (event["kind"] not in _WHOLE, not takes_back, event["about"])
