"""Every value in the content of a message, with where it stands; written without the code shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stelsel.ijw.grammar import Element, Group

Place = tuple[Element, ...]
"""The elements from the outermost down to one value."""


def leaves(content: Any, group: Group, around: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value with the elements around it, itself last; nothing inside what is None."""
    if content is None:
        return
    for element in group.elements:
        if element.name not in content:
            continue
        found = content[element.name]
        for value in found if element.many else [found]:
            place = (*around, element)
            if element.group is not None:
                yield from leaves(value, element.group, place)
            else:
                yield place, value


def is_of_a_person(place: Place) -> bool:
    """Whether a value says something of a person: by its datatype, or as a date of birth."""
    *around, element = place
    assert element.simple is not None
    names = {each.name for each in around} - {"RetourCodes"}
    if element.name == "RetourCode":
        return False
    return element.simple.personal or bool(names & {"Geboortedatum", "Contact", "Relatie"})


def elements(group: Group) -> Iterator[Element]:
    """Every element below a group."""
    for element in group.elements:
        yield element
        if element.group is not None:
            yield from elements(element.group)
