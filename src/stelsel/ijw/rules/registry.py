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


_Trail = tuple["_Trail", _Stop, int] | None
"""Where a group stands, as the stops on the way; put in words only if something is wrong there."""


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
        line numbers; at most :data:`~stelsel.ijw.findings.MOST`, and then the last says so.
    """
    breaches: list[Breach] = []
    plan = _plan(message)
    _check(content, plan.stops, None, content["Header"], breaches)
    for route, bindings in plan.everywhere:
        items = _everywhere(content, route)
        paths: list[Path] = []
        for rule, rest, number in bindings:
            for place, details in rule(items, content):
                paths = paths or list(_paths(content, route, ()))
                breaches.append(Breach(number, (*paths[place], *rest), None, details))
    if len(breaches) > MOST:
        told = MOST - 1
        return [*breaches[:told], Breach("message.more", details={"limit": str(told)})]
    return breaches


def _everywhere(content: Content, route: Route) -> list[Content]:
    """Give every occurrence of a class, in order."""
    found = [content]
    for name, many in route:
        if many:
            found = [item for group in found for item in group.get(name, ())]
        else:
            found = [group[name] for group in found if name in group]
    return found


def _paths(group: Content, route: Route, path: Path) -> Iterator[Path]:
    """Give where each occurrence of a class stands, in the same order."""
    if not route:
        yield path
        return
    (name, many), rest = route[0], route[1:]
    if name in group:
        for place, item in enumerate(group[name] if many else [group[name]]):
            yield from _paths(item, rest, (*path, _step(name, many, place)))


def _check(
    around: Content,
    stops: tuple[_Stop, ...],
    trail: _Trail,
    header: Content,
    breaches: list[Breach],
) -> None:
    for stop in stops:
        found = around.get(stop.name)
        if found is None:
            continue
        items: list[Content] = found if stop.many else [found]
        element_rules, inside = stop.element_rules, stop.inside
        for place, group in enumerate(items):
            for rule, element, number in element_rules:
                if rule(group, element, around, header):
                    path = _path((trail, stop, place))
                    breaches.append(Breach(number, (*path, element) if element else path))
            if inside:
                _check(group, inside, (trail, stop, place), header, breaches)
            if len(breaches) > MOST:
                return
        for class_check, rest, number in stop.class_rules:
            for place, details in class_check(items, stop.name):
                path = _path((trail, stop, place))
                breaches.append(Breach(number, (*path, *rest), None, details))


def _path(trail: _Trail) -> Path:
    """Put a trail in words."""
    if trail is None:
        return ()
    before, stop, place = trail
    return (*_path(before), _step(stop.name, stop.many, place))


def _step(name: str, many: bool, place: int) -> str:
    return f"{name}[{place + 1}]" if many else name
