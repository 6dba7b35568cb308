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
from stelsel.ijw.grammar import BASE_NAMESPACE, Element, Group, MessageType, SimpleType
from stelsel.ijw.message import Content
from stelsel.ijw.opening import line_of
from stelsel.ijw.values import BEYOND, BLANKS, Reader, reader, text_faults

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_HINTS = (f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation")
"""Attributes that XML Schema allows anywhere; what they point at is never fetched."""
_TYPE = f"{{{XSI}}}type"


@dataclass(slots=True)
class _Place:
    """An element in a group, in the form that the walk reads quickest."""

    number: int
    bit: int
    name: str
    read: Reader | None
    inner: _Plan | None
    many: bool
    element: Element


@dataclass(slots=True)
class _Plan:
    """A group, in the form that the walk reads quickest."""

    group: Group
    places: dict[Any, _Place]
    required: int

    def before(self, place: _Place) -> str:
        """Give the name of the element that the schema has before this one, or empty."""
        return self.group.elements[place.number - 1].name if place.number else ""


class _Enough(Exception):  # noqa: N818 (it ends the walk and is no error)
    """Raised when so many faults are found that going on helps nobody."""


@cache
def _plan(group: Group) -> _Plan:
    places = {
        element.tag: _Place(
            number,
            1 << number,
            element.name,
            reader(element.simple) if element.simple else None,
            _plan(element.group) if element.group else None,
            element.many,
            element,
        )
        for number, element in enumerate(group.elements)
    }
    required = sum(place.bit for place in places.values() if place.element.required)
    return _Plan(group, places, required)


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
        walk.check_attributes(root, "Root", message.namespace, ())
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

    def group(  # noqa: PLR0912 (kept in one function for speed)
        self, parent: etree._Element, plan: _Plan, path: Path
    ) -> Content:
        """Read the children of an element that holds elements."""
        content: Content = {}
        places = plan.places
        seen = 0
        last = -1
        text = parent.text
        if text is not None and text.strip(BLANKS):
            self.breach("structure.text", path, parent)
        for child in parent:
            place = places.get(child.tag)
            if place is None:
                place = self.misnamed(child, plan, path)
                if place is None:
                    continue
            number = place.number
            name = place.name
            if number > last:
                last = number
            elif number != last or not place.many:
                self.misplaced(child, place, plan, seen, path)
            seen |= place.bit
            if place.many:
                values = content.setdefault(name, [])
                here = f"{name}[{len(values) + 1}]"
                values.append(self.value(child, place, (*path, here)))
            elif place.inner is not None:
                content[name] = self.value(child, place, (*path, name))
            else:
                # A single value, by far the most common case.
                value = place.read(child.text)  # type: ignore[misc]
                if value is None or value is BEYOND or len(child):
                    self.unfit(child, place.element, (*path, name), value)
                content[name] = value
                if self.attributes:
                    self.check_attributes(
                        child, place.element.type_name, place.element.namespace, (*path, name)
                    )
            tail = child.tail
            if tail is not None and tail.strip(BLANKS):
                self.breach("structure.text", path, child)
        if seen & plan.required != plan.required:
            self.missing(parent, plan, seen, path)
        if not seen and not plan.required:
            self.breach("structure.empty", path, parent)
        return content

    def value(self, child: etree._Element, place: _Place, path: Path) -> Any:
        """Read a group, or a value that may be repeated."""
        if self.attributes:
            kind = place.element.type_name
            self.check_attributes(child, kind, place.element.namespace, path)
        if place.inner is not None:
            return self.group(child, place.inner, path)
        value = place.read(child.text)  # type: ignore[misc]
        if value is None or value is BEYOND or len(child):
            self.unfit(child, place.element, path, value)
        return value

    def unfit(self, child: etree._Element, element: Element, path: Path, value: object) -> None:
        if len(child):
            self.breach("structure.nested", path, child)
        elif value is BEYOND:
            self.breach("value.calendar", path, child)
        else:
            simple: SimpleType = element.simple  # type: ignore[assignment]
            for rule, details in text_faults(simple, child.text or ""):
                self.breach(rule, path, child, details)

    def misnamed(self, child: etree._Element, plan: _Plan, path: Path) -> _Place | None:
        """Tell of an element that is not in the group; give its place if only the namespace is."""
        name = etree.QName(child).localname
        for place in plan.places.values():
            if place.name == name:
                details = {"allowed": place.element.namespace}
                self.breach("structure.namespace", (*path, name), child, details)
                return place
        allowed = ", ".join(place.name for place in plan.places.values())
        self.breach("structure.unknown", (*path, shown(name)), child, {"allowed": allowed})
        tail = child.tail
        if tail is not None and tail.strip(BLANKS):
            self.breach("structure.text", path, child)
        return None

    def misplaced(
        self, child: etree._Element, place: _Place, plan: _Plan, seen: int, path: Path
    ) -> None:
        # A repeated element that is not beside its fellows stands in the wrong place.
        double = seen & place.bit and not place.many
        rule = "structure.double" if double else "structure.order"
        self.breach(rule, (*path, place.name), child, place_details(plan.before(place)))

    def missing(self, parent: etree._Element, plan: _Plan, seen: int, path: Path) -> None:
        for place in plan.places.values():
            if place.element.required and not seen & place.bit:
                details = place_details(plan.before(place))
                self.breach("structure.missing", (*path, place.name), parent, details)

    def check_attributes(
        self, element: etree._Element, kind: str, namespace: str, path: Path
    ) -> None:
        """Tell of attributes; the schemas have none, XML Schema itself allows a few."""
        for name, text in element.items():
            if name in _HINTS:
                continue
            if name == _TYPE and kind:
                shared = kind.startswith(("CDT_", "LDT_"))
                wanted = (BASE_NAMESPACE if shared else namespace, kind)
                if _resolved(element, str(text)) == wanted:
                    continue
            self.breach("structure.attribute", path, element)


def _resolved(element: etree._Element, name: str) -> tuple[str | None, str]:
    """Give namespace and local name of a name with a prefix."""
    prefix, colon, local = name.rpartition(":")
    return element.nsmap.get(prefix if colon else None), local
