"""The register of rules, and the plan by which they are checked in one pass over a message."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache

from stelsel.ijw.findings import MOST, Breach, Path, rules
from stelsel.ijw.grammar import Group, MessageType
from stelsel.ijw.message import Content

ElementRule = Callable[[Content, str, Content, Content], bool]
"""(group that holds the element, name of the element, group around that, header) -> broken?

For a rule of a class as a whole the name is empty, and the first group is the class itself.
"""
ClassRule = Callable[[list[Content], str], Iterable[tuple[int, dict[str, str]]]]
"""(occurrences of the class, its name) -> which break the rule (from 0), with details."""

_ELEMENT_RULES: dict[str, ElementRule] = {}
_CLASS_RULES: dict[str, ClassRule] = {}


def element_rule(*numbers: str) -> Callable[[ElementRule], ElementRule]:
    """Register a rule of one element under its number, or numbers if they say the same."""

    def register(function: ElementRule) -> ElementRule:
        _ELEMENT_RULES.update(dict.fromkeys(numbers, function))
        return function

    return register


def class_rule(*numbers: str) -> Callable[[ClassRule], ClassRule]:
    """Register a rule of a class under its number, or numbers if they say the same."""

    def register(function: ClassRule) -> ClassRule:
        _CLASS_RULES.update(dict.fromkeys(numbers, function))
        return function

    return register


def registered() -> frozenset[str]:
    """Give the numbers of all rules that have a function.

    Examples
    --------
    >>> "CS002" in registered()
    True
    """
    return frozenset(_ELEMENT_RULES) | frozenset(_CLASS_RULES)


@dataclass(slots=True)
class _Stop:
    """A group where rules are to be checked, or that holds such groups."""

    name: str
    many: bool
    element_rules: list[tuple[ElementRule, str, str]] = field(default_factory=list)
    """Function, name of the element in this group (or empty), number of the rule."""
    class_rules: list[tuple[ClassRule, Path, str]] = field(default_factory=list)
    """Function, what follows in the path after the class, number of the rule."""
    inside: tuple[_Stop, ...] = ()


@cache
def _plan(message: MessageType) -> tuple[_Stop, ...]:
    """Lay out where to stop, from the elements that the rules name.

    A rule names its element from the class down: ``Contact/Adres/Postcode``. The group that holds
    the element is where it is checked, in every place of the message where the class occurs.
    """
    bound = [
        (rule.name, path)
        for rule in rules().values()
        for about, path in rule.elements
        if about == message.name
    ]
    return _stops(message.root, bound, [])


def _stops(
    group: Group, bound: list[tuple[str, Path]], open_paths: list[tuple[str, Path]]
) -> tuple[_Stop, ...]:
    """Lay out the stops inside a group; ``open_paths`` are rules whose class is around it."""
    stops = []
    for element in group.elements:
        if element.group is None:
            continue
        stop = _Stop(element.name, element.many)
        deeper = []
        for number, path in bound + open_paths:
            if path[0] != element.name:
                continue
            rest = path[1:]
            if number in _CLASS_RULES:
                stop.class_rules.append((_CLASS_RULES[number], rest, number))
            elif len(rest) <= 1:
                stop.element_rules.append((_ELEMENT_RULES[number], "".join(rest), number))
            else:
                deeper.append((number, rest))
        stop.inside = _stops(element.group, bound, deeper)
        if stop.element_rules or stop.class_rules or stop.inside:
            stops.append(stop)
    return tuple(stops)


def check_rules(content: Content, message: MessageType) -> list[Breach]:
    """Check the rules of level 2.

    Parameters
    ----------
    content
        Content of a message whose structure is right.
    message
        Its type.

    Returns
    -------
    list of Breach
        What breaks a rule, by place in the message; without line numbers.
    """
    breaches: list[Breach] = []
    _check(content, _plan(message), (), content["Header"], breaches)
    return breaches


def _check(
    around: Content, stops: tuple[_Stop, ...], path: Path, header: Content, breaches: list[Breach]
) -> None:
    for stop in stops:
        found = around.get(stop.name)
        if found is None:
            continue
        items: list[Content] = found if stop.many else [found]
        for place, group in enumerate(items):
            for rule, element, number in stop.element_rules:
                if rule(group, element, around, header):
                    here = _step(stop, place)
                    inside = (element,) if element else ()
                    breaches.append(Breach(number, (*path, here, *inside)))
            if stop.inside:
                _check(group, stop.inside, (*path, _step(stop, place)), header, breaches)
            if len(breaches) > MOST:
                return
        for class_check, rest, number in stop.class_rules:
            for place, details in class_check(items, stop.name):
                here = _step(stop, place)
                breaches.append(Breach(number, (*path, here, *rest), None, details))


def _step(stop: _Stop, place: int) -> str:
    return f"{stop.name}[{place + 1}]" if stop.many else stop.name
