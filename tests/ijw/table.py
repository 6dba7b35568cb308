"""The tables of hand-made cases in ``cases/``, and the messages they are about."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import yaml

from stelsel.ijw import Message
from stelsel.ijw.grammar import Element, message_type
from stelsel.ijw.values import reader

FOLDER = Path(__file__).parent / "cases"
TABLE = yaml.safe_load((FOLDER / "messages.yaml").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = [
    case
    for file in sorted(FOLDER.glob("*.yaml"))
    if file.name != "messages.yaml"
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))["cases"]
]
STEP = re.compile(r"([A-Za-z]+)(?:\[([0-9]+)\])?")


def full(path: str) -> str:
    """A path with its short name written out."""
    for name, place in TABLE["places"].items():
        path = path.replace(name, place)
    return path


def typed(value: Any, element: Element) -> Any:
    """A value from the table as Python has it in a message."""
    if isinstance(value, list):
        return [typed(each, element) for each in value]
    if element.group is None:
        assert element.simple is not None
        return reader(element.simple)(str(value))
    inside = {each.name: each for each in element.group.elements}
    assert set(value) <= set(inside), value
    return {name: typed(value[name], inside[name]) for name in inside if name in value}


def made(name: str, change: dict[str, Any]) -> Message:
    """The plain message of a type, changed at some paths."""
    content = copy.deepcopy(TABLE["messages"][name])
    for path, value in change.items():
        *steps, last = full(path).split("/")
        at = content
        for step in steps:
            at = _inside(at, step)
        _put(at, last, value)
    root = Element("Bericht", "", "Root", True, False, None, message_type(name).root)
    return Message(name, typed(content, root))


def _inside(at: Any, step: str) -> Any:
    """What stands at a step; a repeated group is made as a copy of the first."""
    name, number = _split(step)
    at = at[name]
    if number is None:
        return at
    while len(at) <= number:
        at.append(copy.deepcopy(at[0]))
    return at[number]


def _put(at: Any, step: str, value: Any) -> None:
    """Put a value at the last step of a path, or take away what is there."""
    name, number = _split(step)
    holder, key = (at, name) if number is None else (at[name], number)
    if value is None:
        del holder[key]
    else:
        holder[key] = value


def _split(step: str) -> tuple[str, int | None]:
    found = STEP.fullmatch(step)
    assert found is not None, step
    return found[1], int(found[2]) - 1 if found[2] else None


def tells(case: dict[str, Any]) -> set[str]:
    """The rules that a case says are broken."""
    return {found.split()[0] for found in case["found"]}
