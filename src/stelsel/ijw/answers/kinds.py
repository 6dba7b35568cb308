"""Which message answers which, and the return codes that every answer uses; from our tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stelsel.ijw.grammar import Group, message_type
from stelsel.tables import packaged, read_table

PACKAGE = "stelsel.ijw.answers"
CODES = "RetourCodes"
"""The group of return codes that a class of an answer ends with."""


@dataclass(frozen=True, slots=True)
class Codes:
    """The return codes that do not belong to one rule.

    Parameters
    ----------
    technical
        The message breaks a rule of level 2.
    fine
        Nothing is wrong with this class.
    unassessed
        This class was not looked at.
    granted
        The claim is granted as a whole.
    """

    technical: str
    fine: str
    unassessed: str
    granted: str


@cache
def _answers() -> dict[str, tuple[str, str]]:
    columns = ["message", "answer", "kind"]
    rows = read_table(packaged(PACKAGE, "answers.csv"), columns, key=("message",))
    return {row["message"]: (row["answer"], row["kind"]) for row in rows}


@cache
def codes() -> Codes:
    """Give the return codes that do not belong to one rule.

    Examples
    --------
    >>> codes().fine, codes().unassessed
    ('0200', '0233')
    """
    rows = read_table(packaged(PACKAGE, "codes.csv"), ["meaning", "code"], key=("meaning",))
    return Codes(**{row["meaning"]: row["code"] for row in rows})


def answer_type(type: str) -> str | None:  # noqa: A002 (the word of Message)
    """Give the type of message that answers a type, or None if that one is not answered.

    Examples
    --------
    >>> answer_type("JW305"), answer_type("JW323"), answer_type("JW306")
    ('JW306', 'JW325', None)
    """
    found = _answers().get(type)
    return found[0] if found else None


def answered_type(type: str) -> str | None:  # noqa: A002 (the word of Message)
    """Give the type of message that a type answers, or None if it answers none.

    Examples
    --------
    >>> answered_type("JW306"), answered_type("JW325"), answered_type("JW305")
    ('JW305', 'JW323', None)
    """
    for message, (answer, _) in _answers().items():
        if answer == type:
            return message
    return None


def is_return(type: str) -> bool:  # noqa: A002 (the word of Message)
    """Tell whether a type of message is a return: it repeats the header of what it answers.

    Examples
    --------
    >>> is_return("JW306"), is_return("JW325"), is_return("JW305")
    (True, False, False)
    """
    return (type, "return") in _answers().values()


@cache
def classes(answer: str) -> frozenset[str]:
    """Give the names of the classes of an answer: the groups that carry return codes.

    Parameters
    ----------
    answer
        Type of the answer.

    Examples
    --------
    >>> sorted(classes("JW306"))
    ['Client', 'Header', 'StartProduct']
    """

    def inside(group: Group) -> set[str]:
        found = set()
        for element in group.elements:
            if element.group is not None:
                own = any(each.name == CODES for each in element.group.elements)
                found |= inside(element.group) | ({element.name} if own else set())
        return found

    return frozenset(inside(message_type(answer).root))
