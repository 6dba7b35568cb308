"""From a message to the bytes of a file, as the standard wants them.

UTF-8 without byte order mark, CRLF at the ends of lines, the usual prefixes. What does not fit the
grammar is not written. One walk over the content checks and writes; the parts of the text that are
the same in every message are made once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from stelsel.errors import StelselError
from stelsel.ijw.findings import Breach, Path, faults, place_details, shown
from stelsel.ijw.grammar import (
    BASE_NAMESPACE,
    ROOT,
    Element,
    Group,
    MessageType,
    SimpleType,
    message_type,
)
from stelsel.ijw.message import Content, Message
from stelsel.ijw.values import NEW_LINE, shower, text_faults, text_of

INDENT = "  "
_KINDS = {
    "string": {"kind_nl": "tekst (str)", "kind_en": "text (str)"},
    "integer": {"kind_nl": "een geheel getal (int)", "kind_en": "a whole number (int)"},
    "date": {"kind_nl": "een dag (date)", "kind_en": "a day (date)"},
    "time": {"kind_nl": "een tijd zonder zone (time)", "kind_en": "a time without zone (time)"},
    "group": {"kind_nl": "een groep (dict)", "kind_en": "a group (dict)"},
    "many": {"kind_nl": "een lijst (list)", "kind_en": "a list (list)"},
}


def write(message: Message) -> bytes:
    """Write a message as the bytes of a file.

    Parameters
    ----------
    message
        The message. The order of the keys of its dicts does not matter.

    Returns
    -------
    bytes
        The file: UTF-8, no byte order mark, CRLF line ends.

    Raises
    ------
    StelselError
        With all faults, if the content does not fit the grammar of the message type.

    Examples
    --------
    >>> write(Message("JW319", {"Header": {}}))
    Traceback (most recent call last):
    ...
    stelsel.errors.StelselError: JW319, Header/BerichtCode: BerichtCode is missing. ...
    """
    text, breaches = text_of_content(message.content, message_type(message.type))
    if breaches:
        raise StelselError(faults(breaches, message.type))
    return text.encode("utf-8")


def header(
    type: str,  # noqa: A002 (the word of Message)
    sender: str,
    receiver: str,
    identification: str,
    day: date,
    xsd_version: str = "1.0.0",
) -> Content:
    """Give the header of a message.

    Parameters
    ----------
    type
        Name of the message type.
    sender, receiver
        CBS code of the municipality (four digits) or AGB code of the provider (eight), by the type.
    identification
        Number of the message, unique for its sender and type; at most 12 characters.
    day
        Day of the message (``Dagtekening``).
    xsd_version
        Version of the schemas, given for both; the examples of the standard say 1.0.0.

    Raises
    ------
    StelselError
        If the message type is not known.

    Examples
    --------
    >>> header("JW305", "12345678", "0193", "A1", date(2026, 11, 21))["BerichtCode"]
    '438'
    """
    return {
        "BerichtCode": message_type(type).code,
        "BerichtVersie": 3,
        "BerichtSubversie": 2,
        "Afzender": sender,
        "Ontvanger": receiver,
        "BerichtIdentificatie": {"Identificatie": identification, "Dagtekening": day},
        "XsdVersie": {"BasisschemaXsdVersie": xsd_version, "BerichtXsdVersie": xsd_version},
    }


def text_of_content(content: Content, kind: MessageType) -> tuple[str, list[Breach]]:
    """Give the text of a message, and how its content breaks the grammar.

    Parameters
    ----------
    content
        What stands inside ``Bericht``.
    kind
        The type of the message.

    Returns
    -------
    text, breaches
        The text, of use only if there are no breaches.
    """
    own, base = f'xmlns:{kind.prefix}="{kind.namespace}"', f'xmlns:ijw="{BASE_NAMESPACE}"'
    walk = _Walk()
    walk.parts += ['<?xml version="1.0" encoding="UTF-8"?>', NEW_LINE]
    walk.parts += [f"<{kind.prefix}:{ROOT} {own} {base}>", NEW_LINE]
    walk.group(content, _plan(kind.root, kind.prefix, 1), ())
    walk.parts += [f"</{kind.prefix}:{ROOT}>", NEW_LINE]
    return "".join(walk.parts), walk.breaches


@dataclass(slots=True)
class _Place:
    """An element in a group, with the text around its value."""

    name: str
    begin: str
    end: str
    show: Callable[[Any], str | None] | None
    inner: tuple[_Place, ...]
    element: Element


@cache
def _plan(group: Group, prefix: str, depth: int) -> tuple[_Place, ...]:
    places = []
    for element in group.elements:
        tag = f"{'ijw' if element.namespace == BASE_NAMESPACE else prefix}:{element.name}"
        margin = INDENT * depth
        holds = element.group is not None
        places.append(
            _Place(
                element.name,
                f"{margin}<{tag}>{NEW_LINE if holds else ''}",
                f"{margin if holds else ''}</{tag}>{NEW_LINE}",
                shower(element.simple) if element.simple else None,
                _plan(element.group, prefix, depth + 1) if element.group else (),
                element,
            )
        )
    return tuple(places)


class _Walk:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.breaches: list[Breach] = []

    def group(self, content: Any, plan: tuple[_Place, ...], path: Path) -> None:
        """Write what a group holds, in the order of the schema."""
        if not isinstance(content, dict):
            self.breaches.append(Breach("value.type", path, None, _KINDS["group"]))
            return
        written = 0
        parts = self.parts
        for place in plan:
            value = content.get(place.name)
            if value is None and place.name not in content:
                if place.element.required:
                    self.missing(plan, place, path)
                continue
            written += 1
            if place.element.many:
                self.many(value, place, path)
            elif place.show is None:
                parts.append(place.begin)
                self.group(value, place.inner, (*path, place.name))
                parts.append(place.end)
            else:
                text = place.show(value)
                if text is None:
                    self.unfit(value, place, (*path, place.name))
                else:
                    parts += (place.begin, text, place.end)
        if written < len(content):
            self.unknown(content, plan, path)
        if not content and not any(place.element.required for place in plan):
            self.breaches.append(Breach("structure.empty", path))

    def many(self, values: Any, place: _Place, path: Path) -> None:
        """Write every occurrence of an element that may be repeated."""
        if not isinstance(values, list):
            self.breaches.append(Breach("value.type", (*path, place.name), None, _KINDS["many"]))
            return
        if not values:
            self.breaches.append(Breach("structure.empty", (*path, place.name)))
        for number, value in enumerate(values, start=1):
            here = (*path, f"{place.name}[{number}]")
            self.parts.append(place.begin)
            if place.show is None:
                self.group(value, place.inner, here)
            else:
                text = place.show(value)
                if text is None:
                    self.unfit(value, place, here)
                self.parts.append(text or "")
            self.parts.append(place.end)

    def missing(self, plan: tuple[_Place, ...], place: _Place, path: Path) -> None:
        before = plan[plan.index(place) - 1].name if place is not plan[0] else ""
        self.breaches.append(
            Breach("structure.missing", (*path, place.name), None, place_details(before))
        )

    def unknown(self, content: Content, plan: tuple[_Place, ...], path: Path) -> None:
        known = [place.name for place in plan]
        for name in content:
            if name not in known:
                details = {"allowed": ", ".join(known)}
                self.breaches.append(
                    Breach("structure.unknown", (*path, shown(str(name))), None, details)
                )

    def unfit(self, value: Any, place: _Place, path: Path) -> None:
        simple: SimpleType = place.element.simple  # type: ignore[assignment]
        text = text_of(simple, value)
        if text is None:
            found: list[tuple[str, dict[str, str]]] = [("value.type", _KINDS[simple.base])]
        else:
            found = text_faults(simple, text) or [("value.character", {})]
        self.breaches += (Breach(rule, path, None, details) for rule, details in found)
