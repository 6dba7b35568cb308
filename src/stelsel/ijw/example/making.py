"""From a type and a seed to a message: a part of a story, or the answer to one."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from stelsel.ijw.answers import answer, answered_type
from stelsel.ijw.answers.kinds import classes
from stelsel.ijw.example.claim import claim
from stelsel.ijw.example.story import story
from stelsel.ijw.example.telling import TELLERS
from stelsel.ijw.findings import Rule, rules
from stelsel.ijw.grammar import Group, message_type
from stelsel.ijw.message import Content, Finding, Message
from stelsel.ijw.writing import header
from stelsel.system.calendar import add_working_days

HEADER: Final = "Header"
ACCEPTED, TECHNICAL, AT_HEADER, INSIDE = "accepted", "technical", "header", "inside"
"""How a message can be received: nothing wrong; a rule inside it; its header; a class of it."""
_OUTCOMES: Final = {ACCEPTED: 40, TECHNICAL: 15, AT_HEADER: 10, INSIDE: 35}
"""Own choice: how often each outcome is in the examples, in percent."""
_UNSEEN: Final = frozenset(
    (
        *("TR019", "TR056", "TR074", "TR304", "TR314", "TR318", "TR326", "TR332", "TR333"),
        *("TR338", "TR339", "TR340", "TR347", "TR349", "TR350", "TR351", "TR355", "TR359"),
        *("TR365", "TR374", "TR379", "TR382", "TR384", "TR414", "TR415", "TR418"),
    )
)
"""Rules that any message may break without a sign of it in the message itself."""


def example(type: str, seed: int = 0) -> Message:  # noqa: A002 (the word of Message)
    """Give a made-up message that is right by itself: nothing is found at levels 1 and 2.

    Parameters
    ----------
    type
        Name of the message type, any of the fourteen.
    seed
        Decides all: the same seed gives the same message. Messages of one seed tell one story, of
        one child, provider and municipality: what is asked for in the JW315 is allocated in the
        JW301, begins in the JW305, ends in the JW307 and is claimed in the JW323. A return and a
        JW325 answer the message of the same seed; some accept it and some refuse it, whole or in
        part.

    Returns
    -------
    Message
        Plausible but nobody's: numbers from the made-up range, invented names and provider; an
        existing municipality and codes from the national list.

    Raises
    ------
    StelselError
        If there is no such message type.

    Examples
    --------
    >>> from stelsel.ijw import check
    >>> message = example("JW317", seed=4)
    >>> message.type, check(message), message == example("JW317", seed=4)
    ('JW317', (), True)
    """
    name = message_type(type).name
    told = answered_type(name)
    chance = Random(f"{name} {seed}")  # a text gives the same draws on every machine
    if told is None:
        return _told(name, seed, chance)
    about = example(told, seed)
    found = list(_found(about, name, chance))
    day = about.content[HEADER]["BerichtIdentificatie"]["Dagtekening"]
    made = answer(about, found, add_working_days(day, chance.randint(1, 3)))
    if made is None:  # every type that answers another is made for it
        raise AssertionError(name)
    return made


def _told(name: str, seed: int, chance: Random) -> Message:
    about = story(seed)
    day, body = claim(about, chance) if name == "JW323" else TELLERS[name](about, chance)
    ends = (about.municipality, about.provider)
    if message_type(name).sender == "provider":
        ends = ends[::-1]
    top = header(name, *ends, f"{about.mark}{name[2:]}", day)
    return Message(name, _in_order({HEADER: top, **body}, message_type(name).root))


def _in_order(content: Content, group: Group) -> Content:
    """Give the content of a group in the order of the schema."""
    ordered: Content = {}
    for element in group.elements:
        if element.name in content:
            value = content[element.name]
            if element.group is not None and element.many:
                value = [_in_order(item, element.group) for item in value]
            elif element.group is not None:
                value = _in_order(value, element.group)
            ordered[element.name] = value
    return ordered


def _found(about: Message, reply: str, chance: Random) -> Iterator[Finding]:
    """Make up what the receiver found in a message."""
    outcome = chance.choices(list(_OUTCOMES), list(_OUTCOMES.values()))[0]
    if outcome == ACCEPTED:
        return
    if outcome == TECHNICAL:
        yield Finding(2, "TR101", "0001", "", None, "", "")
        return
    known = classes(reply)
    fitting = [
        (rule, place)
        for rule, path in _refusing(about.type)
        if (path[0] == HEADER) == (outcome == AT_HEADER) and path[0] in known
        for place in _places(about.content, path[0])
    ]
    for rule, place in chance.sample(fitting, min(len(fitting), chance.choice((1, 1, 2)))):
        yield Finding(rule.level, rule.name, rule.return_code, place, None, "", "")


def _refusing(name: str) -> Iterator[tuple[Rule, tuple[str, ...]]]:
    """Give rules by which a receiver refuses a message for what it received earlier."""
    for rule in rules().values():
        if rule.name in _UNSEEN:
            yield from ((rule, path) for about, path in rule.elements if about == name)


def _places(content: Content, wanted: str, path: str = "") -> Iterator[str]:
    """Give the path of every occurrence of a class in a message."""
    for name, value in content.items():
        many = isinstance(value, list)
        for number, inside in enumerate(value if many else [value], start=1):
            if isinstance(inside, dict):
                here = f"{path}{name}[{number}]" if many else f"{path}{name}"
                if name == wanted:
                    yield here
                yield from _places(inside, wanted, f"{here}/")
