"""The register of rules, and the plan by which they are checked in one pass over a message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from stelsel.ijw.findings import MOST, Breach, Path, rules
from stelsel.ijw.grammar import Group, MessageType
from stelsel.ijw.message import Content

LEVEL: Final = 2
"""The level of the rules that are checked here: inside one message."""

ElementRule = Callable[[Content, str, Content, Content], bool]
"""(group that holds the element, name of the element, group around that, header) -> broken?

For a rule of a class as a whole the name is empty, and the first group is the class itself.
"""
ClassRule = Callable[[list[Content], str], Iterable[tuple[int, dict[str, str]]]]
"""(occurrences of the class, its name) -> which break the rule (from 0), with details."""

MessageRule = Callable[[list[Content], Content], Iterable[tuple[int, dict[str, str]]]]
"""(occurrences of the class anywhere, content of the message) -> which break it, with details."""

_ELEMENT_RULES: dict[str, ElementRule] = {}
_CLASS_RULES: dict[str, ClassRule] = {}
_MESSAGE_RULES: dict[str, MessageRule] = {}


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


def message_rule(*numbers: str) -> Callable[[MessageRule], MessageRule]:
    """Register a rule of a message under its number, or numbers if they say the same."""

    def register(function: MessageRule) -> MessageRule:
        _MESSAGE_RULES.update(dict.fromkeys(numbers, function))
        return function

    return register


def registered() -> frozenset[str]:
    """Give the numbers of all rules that have a function.

    Examples
    --------
    >>> "CS002" in registered()
    True
    """
    return frozenset(_ELEMENT_RULES) | frozenset(_CLASS_RULES) | frozenset(_MESSAGE_RULES)


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


Route = tuple[tuple[str, bool], ...]
"""From the root to a class: names, and whether each is repeated."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the rules of a message type are checked."""

    stops: tuple[_Stop, ...]
    everywhere: tuple[tuple[Route, tuple[tuple[MessageRule, Path, str], ...]], ...]
    """Where a class stands, and its rules: function, what follows in the path, number."""


@cache
def _plan(message: MessageType) -> _Plan:
    """Lay out where to stop, from the elements that the rules name.

    A rule names its element from the class down: ``Contact/Adres/Postcode``. The group that holds
    the element is where it is checked, in every place of the message where the class occurs.
    """
    bound = [
        (rule.name, path)
        for rule in rules().values()
        for about, path in rule.elements
        if about == message.name and rule.level == LEVEL
    ]
    everywhere: dict[Route, list[tuple[MessageRule, Path, str]]] = {}
    for number, path in bound:
        if number in _MESSAGE_RULES:
            (route,) = _routes(message.root, path[0])
            everywhere.setdefault(route, []).append((_MESSAGE_RULES[number], path[1:], number))
    bound = [(number, path) for number, path in bound if number not in _MESSAGE_RULES]
    return _Plan(
        _stops(message.root, bound, []),
        tuple((route, tuple(bindings)) for route, bindings in everywhere.items()),
    )


def _routes(group: Group, name: str) -> Iterator[Route]:
    """Give the ways from a group to a class."""
    for element in group.elements:
        if element.group is None:
            continue
        step = ((element.name, element.many),)
        if element.name == name:
            yield step
        for rest in _routes(element.group, name):
            yield step + rest


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
        What breaks a rule, by place in the message; then what only the whole of it shows. Without
        line numbers.
    """
    breaches: list[Breach] = []
    plan = _plan(message)
    _check(content, plan.stops, (), content["Header"], breaches)
    for route, bindings in plan.everywhere:
        found = list(_occurrences(content, route, ()))
        items = [item for _, item in found]
        for rule, rest, number in bindings:
            for place, details in rule(items, content):
                breaches.append(Breach(number, (*found[place][0], *rest), None, details))
    return breaches


def _occurrences(group: Content, route: Route, path: Path) -> Iterator[tuple[Path, Content]]:
    """Give every occurrence of a class and where it stands."""
    (name, many), rest = route[0], route[1:]
    found = group.get(name)
    if found is None:
        return
    for place, item in enumerate(found if many else [found]):
        here = (*path, _step(name, many, place))
        if rest:
            yield from _occurrences(item, rest, here)
        else:
            yield here, item


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
                    here = _step(stop.name, stop.many, place)
                    inside = (element,) if element else ()
                    breaches.append(Breach(number, (*path, here, *inside)))
            if stop.inside:
                here = _step(stop.name, stop.many, place)
                _check(group, stop.inside, (*path, here), header, breaches)
            if len(breaches) > MOST:
                return
        for class_check, rest, number in stop.class_rules:
            for place, details in class_check(items, stop.name):
                here = _step(stop.name, stop.many, place)
                breaches.append(Breach(number, (*path, here, *rest), None, details))


def _step(name: str, many: bool, place: int) -> str:
    return f"{name}[{place + 1}]" if many else name
