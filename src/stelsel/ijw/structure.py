"""Level 1: whether a message has the structure of its schema, and what it then says.

One walk over the tree does both. A group is a sequence in which every name has one place, so one
number (the place reached) tells whether the next element stands right. The walk goes on after a
fault: all faults of a message are found at once. The verdict is the same as that of the official
schemas; tests compare the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree

from stelsel.ijw.findings import MOST, Breach, Path, place_details, shown
from stelsel.ijw.grammar import BASE_NAMESPACE, ROOT, Element, Group, MessageType
from stelsel.ijw.message import Content
from stelsel.ijw.opening import line_of, names_of
from stelsel.ijw.values import BLANKS, Reader, reader, text_faults

XSI = "http://www.w3.org/2001/XMLSchema-instance"
HINTS = (f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation")
"""Attributes that XML Schema allows anywhere; what they point at is never fetched."""
_TYPE = f"{{{XSI}}}type"


_Place = tuple[int, int, str, Reader, "_Plan | None", bool, Element]
"""Number, bit, name, how a value is read, what a group holds, whether it repeats, the element."""


@dataclass(slots=True)
class _Plan:
    """A group, in the form that the walk reads quickest."""

    elements: tuple[Element, ...]
    places: dict[Any, _Place]
    required: int

    def before(self, number: int) -> str:
        """Give the name of the element that the schema has before a place, or empty."""
        return self.elements[number - 1].name if number else ""


class _Enough(Exception):  # noqa: N818 (it ends the walk and is no error)
    """Raised when so many faults are found that going on helps nobody."""


def _no_value(_: str | None) -> None:
    """Stand in for the reader of a value where there is a group."""


def root_of(message: MessageType) -> Element:
    """Give the element ``Bericht`` of a message type.

    Examples
    --------
    >>> from stelsel.ijw.grammar import message_type
    >>> [element.name for element in root_of(message_type("JW319")).group.elements]
    ['Header', 'Antwoord']
    """
    return Element(ROOT, message.namespace, "Root", True, False, None, message.root)


@cache
def _plan(group: Group) -> _Plan:
    places: dict[Any, _Place] = {
        element.tag: (
            number,
            1 << number,
            element.name,
            reader(element.simple) if element.simple else _no_value,
            _plan(element.group) if element.group else None,
            element.many,
            element,
        )
        for number, element in enumerate(group.elements)
    }
    required = sum(1 << n for n, element in enumerate(group.elements) if element.required)
    return _Plan(group.elements, places, required)


def content_of(
    root: etree._Element, message: MessageType, attributes: bool
) -> tuple[Content, list[Breach]]:
    """Read and check the structure of a message.

    Parameters
    ----------
    root
        The element ``Bericht``, parsed without comments and processing instructions.
    message
        Its message type.
    attributes
        Whether elements may have attributes; a caller that knows that there are none below the
        root saves the time of looking.

    Returns
    -------
    content, breaches
        What it says, of use only if there are no breaches of level 1; and every breach, at level 1
        and, for dates outside the calendar and groups without content, at level 2.
    """
    walk = _Walk(attributes)
    content: Content = {}
    try:
        walk.check_attributes(root, root_of(message), ())
        content = walk.group(root, _plan(message.root), ())
    except _Enough:
        walk.breaches.append(Breach("file.more", details={"limit": str(MOST)}))
    return content, walk.breaches


class _Walk:
    def __init__(self, attributes: bool) -> None:
        self.attributes = attributes
        self.breaches: list[Breach] = []

    def breach(
        self, rule: str, path: Path, element: etree._Element, details: dict[str, str] | None = None
    ) -> None:
        if len(self.breaches) >= MOST:
            raise _Enough
        self.breaches.append(Breach(rule, path, line_of(element), details or {}))

    def group(  # noqa: PLR0912 (one function, for speed)
        self, parent: etree._Element, plan: _Plan, path: Path
    ) -> Content:
        """Read the children of an element that holds elements."""
        content: Content = {}
        places = plan.places
        attributes = self.attributes
        seen = 0
        last = -1
        text = parent.text
        if text is not None and text.strip(BLANKS):
            self.breach("structure.text", path, parent)
        for child in parent:
            tail = child.tail
            if tail is not None and not (tail.isspace() and tail.isascii()):
                self.breach("structure.text", path, child)
            try:
                place = places[child.tag]
            except KeyError:
                other = self.misnamed(child, plan, path)
                if other is None:
                    continue
                place = other
            number, bit, name, read, inner, many, element = place
            if number > last:
                last = number
            elif number != last or not many:
                self.misplaced(child, place, plan, seen, path)
            seen |= bit
            step = name
            if many:
                values = content.setdefault(name, [])
                step = f"{name}[{len(values) + 1}]"
            if attributes:
                self.check_attributes(child, element, (*path, step))
            if inner is not None:
                value = self.group(child, inner, (*path, step))
            else:
                value = read(child.text)
                if value is None or len(child):
                    self.unfit(child, element, (*path, step))
            if many:
                values.append(value)
            else:
                content[name] = value
        if seen & plan.required != plan.required:
            self.missing(parent, plan, seen, path)
        if not seen and not plan.required:
            self.breach("structure.empty", path, parent)
        return content

    def unfit(self, child: etree._Element, element: Element, path: Path) -> None:
        """Tell why a value does not fit."""
        if len(child):
            self.breach("structure.nested", path, child)
        elif element.simple is not None:
            for rule, details in text_faults(element.simple, child.text or ""):
                self.breach(rule, path, child, details)

    def misnamed(self, child: etree._Element, plan: _Plan, path: Path) -> _Place | None:
        """Tell of an element that is not in the group; give its place if only the namespace is."""
        _, name = names_of(child)
        for place in plan.places.values():
            if place[2] == name:
                details = {"allowed": place[6].namespace}
                self.breach("structure.namespace", (*path, name), child, details)
                return place
        details = {"allowed": ", ".join(element.name for element in plan.elements)}
        self.breach("structure.unknown", (*path, shown(name)), child, details)
        return None

    def misplaced(
        self, child: etree._Element, place: _Place, plan: _Plan, seen: int, path: Path
    ) -> None:
        """Tell of an element that stands too late in its group, or stands there twice."""
        number, bit, name, _, _, many, _ = place
        # A repeated element that is not beside its fellows stands in the wrong place.
        rule = "structure.double" if seen & bit and not many else "structure.order"
        self.breach(rule, (*path, name), child, place_details(plan.before(number)))

    def missing(self, parent: etree._Element, plan: _Plan, seen: int, path: Path) -> None:
        """Tell of every required element that is not there."""
        for number, element in enumerate(plan.elements):
            if element.required and not seen & 1 << number:
                details = place_details(plan.before(number))
                self.breach("structure.missing", (*path, element.name), parent, details)

    def check_attributes(self, child: etree._Element, element: Element, path: Path) -> None:
        """Tell of attributes; the schemas have none, XML Schema itself allows a few."""
        for name, text in child.items():
            if name in HINTS:
                continue
            kind = element.type_name
            if name == _TYPE and kind:
                shared = kind.startswith(("CDT_", "LDT_"))
                wanted = (BASE_NAMESPACE if shared else element.namespace, kind)
                if _resolved(child, str(text)) == wanted:
                    continue
            self.breach("structure.attribute", path, child)


def _resolved(element: etree._Element, name: str) -> tuple[str | None, str]:
    """Give namespace and local name of a name with a prefix."""
    prefix, colon, local = name.rpartition(":")
    return element.nsmap.get(prefix if colon else None), local
