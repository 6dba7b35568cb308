"""The modules of :mod:`stelsel.ijw.records`, as text: types for what messages hold."""

from __future__ import annotations

import re
from typing import Final

from stelsel.ijw.grammar import Element, Group, MessageType, SimpleType, message_types, simple_types
from stelsel.ijw.reference.forms import fixed, form, listed
from stelsel.ijw.showing.words import element_names, label, name_of

LINE: Final = 100
"""Longest line of code."""
_MADE: Final = "Made from the tables by ``make reference``: change those, not this."
_PYTHON: Final = {"string": "str", "integer": "int", "date": "date", "time": "time"}
_SHARED: Final = ("CDT_", "LDT_")


def message_module(kind: MessageType) -> str:
    """Give the module of a message type: a class for each group and one for the whole.

    Examples
    --------
    >>> from stelsel.ijw.grammar import message_type
    >>> text = message_module(message_type("JW319"))
    >>> "    VerzoekAntwoord: codes.VerzoekAntwoord" in text, "class JW319(TypedDict)" in text
    (True, True)
    """
    groups = [group for group in _inside_out(kind.root) if not _is_shared(group)]
    text = "\n\n\n".join(_class(group, kind) for group in groups)
    return _module(f"The content of a {kind.name} ({kind.name_nl}), as types.", text)


def shared_module() -> str:
    """Give the module of the groups that several messages have.

    Examples
    --------
    >>> "class Product(TypedDict)" in shared_module()
    True
    """
    groups = [group for kind in message_types().values() for group in _inside_out(kind.root)]
    named = {group.name: group for group in groups if _is_shared(group)}
    text = "\n\n\n".join(_class(group, None) for group in named.values())
    return _module("Groups of elements that several messages have, as types.", text)


def codes_module() -> str:
    """Give the module of the short lists of codes.

    Examples
    --------
    >>> 'Geslacht = Literal["0", "1", "2"]' in codes_module()
    True
    """
    codes = [_codes(simple) for simple in simple_types().values() if listed(simple)]
    return _module("Codes of the short lists, as types.", "\n\n".join(codes))


def _module(purpose: str, text: str) -> str:
    """Put the head of a module above its text."""
    days = [name for name in ("date", "time") if re.search(rf"[:\[] ?{name}\b(?!:)", text)]
    typing = [name for name in ("Literal", "NotRequired", "TypedDict") if name in text]
    own = [name for name in ("codes", "shared") if f"{name}." in text]
    head = [f'"""{purpose}', "", _MADE, '"""', ""]
    head += [f"from datetime import {', '.join(days)}"] if days else []
    head += [f"from typing import {', '.join(typing)}"]
    head += ["", f"from stelsel.ijw.records import {', '.join(own)}"] if own else []
    is_class = text.startswith("class")
    return "\n".join([*head, "", *([""] if is_class else []), text, ""])


def _inside_out(group: Group) -> list[Group]:
    """Give a group after all groups inside it, each name once."""
    found: dict[str, Group] = {}
    for element in group.elements:
        if element.group is not None:
            found |= {each.name: each for each in _inside_out(element.group)}
    return [*found.values(), group]


def _is_shared(group: Group) -> bool:
    return group.name.startswith(_SHARED)


def _codes(simple: SimpleType) -> str:
    """Give a name for the codes of a list, with what they stand for."""
    name = simple.name.removeprefix("LDT_")
    codes = [f'"{code}"' for code in listed(simple)]
    line = f"{name} = Literal[{', '.join(codes)}]"
    if len(line) > LINE:
        line = "\n".join([f"{name} = Literal[", *(f"    {code}," for code in codes), "]"])
    told = [f"{code}: {label(simple.code_list, code, 'nl')}." for code in listed(simple)]
    return "\n".join([line, f'"""{simple.code_list}.', "", *told, '"""'])


def _class(group: Group, kind: MessageType | None) -> str:
    """Give the class of a group."""
    if kind is not None and group is kind.root:
        name, meaning = kind.name, f"What stands inside Bericht of a {kind.name}"
    else:
        name = group.name.removeprefix("CDT_")
        # Some shared groups have a name that no element has.
        meaning = name_of(name, "nl") if name in element_names() else name
    lines = [f"class {name}(TypedDict):", f'    """{meaning}."""', ""]
    for element in group.elements:
        lines += _field(element, inside_shared=kind is None)
    return "\n".join(lines)


def _field(element: Element, *, inside_shared: bool) -> list[str]:
    kind = _type(element, inside_shared=inside_shared)
    if element.many:
        kind = f"list[{kind}]"
    if not element.required:
        kind = f"NotRequired[{kind}]"
    line = f"    {element.name}: {kind}"
    if element.simple is None:
        return [line]
    return [line, f'    """{name_of(element.name, "nl")}: {form(element.simple)}."""']


def _type(element: Element, *, inside_shared: bool) -> str:
    shared = "" if inside_shared else "shared."
    if element.group is not None:
        name = element.group.name.removeprefix("CDT_")
        return f"{shared}{name}" if _is_shared(element.group) else name
    if element.simple is None or listed(element.simple):
        return f"codes.{element.type_name.removeprefix('LDT_')}"
    value = fixed(element.simple)
    if value:
        return f"Literal[{value}]" if element.simple.base == "integer" else f'Literal["{value}"]'
    return _PYTHON[element.simple.base]
