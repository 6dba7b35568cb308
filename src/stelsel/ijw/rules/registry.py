"""The register of rules, and the plan by which they are checked in one pass over a message."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache

from stelsel.ijw.findings import MOST, Breach, Path, rules
from stelsel.ijw.grammar import Group, MessageType
from stelsel.ijw.message import Content

ElementRule = Callable[[Content, str, Content, Content], bool]
"""(group that holds the element, name of the element, class around it, header) -> broken?"""
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
class _Class:
    """A class in one place of a message, with its rules and the classes inside it."""

    name: str
    many: bool
    element_rules: list[tuple[str, ElementRule, Path]] = field(default_factory=list)
    class_rules: list[tuple[str, ClassRule, Path]] = field(default_factory=list)
    inside: list[_Class] = field(default_factory=list)


@cache
def _plan(message: MessageType) -> list[_Class]:
    bound = [
        (rule.name, path)
        for rule in rules().values()
        for about, path in rule.elements
        if about == message.name
    ]
    return _classes(message.root, bound)


def _classes(group: Group, bound: list[tuple[str, Path]]) -> list[_Class]:
    found = []
    for element in group.elements:
        if element.group is None:
            continue
        this = _Class(element.name, element.many, inside=_classes(element.group, bound))
        for number, path in bound:
            if path[0] != element.name:
                continue
            if number in _CLASS_RULES:
                this.class_rules.append((number, _CLASS_RULES[number], path[1:]))
            else:
                this.element_rules.append((number, _ELEMENT_RULES[number], path[1:]))
        if this.element_rules or this.class_rules or this.inside:
            found.append(this)
    return found


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
    holder: Content, plan: list[_Class], path: Path, header: Content, breaches: list[Breach]
) -> None:
    for this in plan:
        value = holder.get(this.name)
        if value is None or len(breaches) > MOST:
            continue
        items: list[Content] = value if this.many else [value]
        for place, item in enumerate(items):
            here = (*path, f"{this.name}[{place + 1}]" if this.many else this.name)
            for number, rule, inside in this.element_rules:
                group: Content | None = item
                for step in inside[:-1]:
                    group = group.get(step) if group is not None else None
                if group is not None and rule(group, inside[-1] if inside else "", item, header):
                    breaches.append(Breach(number, here + inside))
            if this.inside:
                _check(item, this.inside, here, header, breaches)
        for number, class_rule_, inside in this.class_rules:
            for place, details in class_rule_(items, this.name):
                step = f"{this.name}[{place + 1}]" if this.many else this.name
                breaches.append(Breach(number, (*path, step, *inside), None, details))
