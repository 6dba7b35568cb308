"""The walk over an envelope: what stands in it, and everything that is wrong with that.

As for messages, all faults are told at once, and the verdict is that of the official schemas save
for three things: a moment must be one that exists, a file may not be too large, and an ``xsi:type``
is refused.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from stelsel.ijw.envelopes.content import decoded, moment_of
from stelsel.ijw.envelopes.grammar import ANY, CONTENT, MOMENT, Part, Type
from stelsel.ijw.findings import MOST, Breach, Path, place_details, shown
from stelsel.ijw.message import Content
from stelsel.ijw.opening import LARGEST, line_of, names_of
from stelsel.ijw.structure import HINTS
from stelsel.ijw.values import BLANKS

_CHOICE = "bericht"
"""The group that holds one element out of two."""


class Walk:
    """One walk over one envelope.

    Parameters
    ----------
    cuttings
        Long texts that were cut out before parsing, by what was put in their place.
    """

    def __init__(self, cuttings: dict[str, bytes]) -> None:
        self.cuttings = cuttings
        self.breaches: list[Breach] = []
        self.broken = False
        """Whether the envelope does not fit the grammar, so that no Envelope can be made of it."""
        self.lines: dict[str, int | None] = {}
        """Line of each element, by its path."""

    def breach(
        self, rule: str, path: Path, element: etree._Element, details: dict[str, str] | None = None
    ) -> None:
        """Note a fault for which no envelope can be made."""
        self.broken = True
        self.told(rule, path, element, details)

    def told(
        self, rule: str, path: Path, element: etree._Element, details: dict[str, str] | None = None
    ) -> None:
        """Note a fault."""
        if len(self.breaches) < MOST:
            self.breaches.append(Breach(rule, path, line_of(element), details or {}))

    def group(self, parent: etree._Element, inside: tuple[Part, ...], path: Path) -> Content:
        """Read the children of an element that holds elements."""
        content: Content = {}
        places = {part.tag: number for number, part in enumerate(inside)}
        last = -1
        self.blank(parent.text, path, parent)
        for child in parent:
            self.blank(child.tail, path, child)
            number = places.get(child.tag)
            if number is None:
                self.stranger(child, inside, path)
                continue
            part = inside[number]
            here = (*path, part.name)
            self.lines["/".join(here)] = line_of(child)
            before = place_details(inside[number - 1].name if number else "")
            if part.name in content:
                self.breach("envelope.double", here, child)
            elif number < last and path[-1:] != (_CHOICE,):
                self.breach("envelope.order", here, child, before)
            last = max(last, number)
            self.attributes(child, part, here, content)
            content[part.name] = self.value(child, part, here)
        self.complete(parent, inside, content, path)
        return content

    def complete(
        self, parent: etree._Element, inside: tuple[Part, ...], content: Content, path: Path
    ) -> None:
        """Tell of what is missing; of the two forms of a file exactly one must be there."""
        for number, part in enumerate(inside):
            if part.required and part.name not in content:
                before = place_details(inside[number - 1].name if number else "")
                self.breach("envelope.missing", (*path, part.name), parent, before)
        if path and path[-1] == _CHOICE and len(content.keys() & {p.name for p in inside}) != 1:
            self.told("envelope.choice", path, parent)

    def value(self, element: etree._Element, part: Part, path: Path) -> Any:
        """Read what an element holds."""
        if part.type is None:
            return self.group(element, part.inside, path)
        if part.type.name == ANY:
            for text in (element.text, *(child.tail for child in element)):
                self.blank(text, path, element)
            return None
        if len(element):
            self.stranger(element[0], (), path)
            return None
        text = element.text or ""
        cut = self.cuttings.get(text.strip(BLANKS))
        if part.type.name == CONTENT:
            return self.file(element, cut if cut is not None else text.encode(), path)
        if cut is not None:
            text = cut.decode("ascii")
        if not part.type.fits(text):
            self.breach("envelope.value", path, element, part.type.shape)
            return None
        return self.moment(element, text, path) if part.type.name == MOMENT else text

    def moment(self, element: etree._Element, text: str, path: Path) -> Any:
        """Read a moment."""
        moment = moment_of(text)
        if moment is None:
            self.breach("envelope.moment", path, element)
        return moment

    def file(self, element: etree._Element, text: bytes, path: Path) -> bytes | None:
        """Decode a file, unless it would be too large."""
        if len(text.translate(None, b" \t\r\n")) // 4 * 3 > LARGEST + 2:
            self.told("envelope.size", path, element, {"limit": str(LARGEST // 1024**2)})
            return None
        data = decoded(text)
        if data is None:
            self.told("envelope.encoding", path, element)
        elif len(data) > LARGEST:
            self.told("envelope.size", path, element, {"limit": str(LARGEST // 1024**2)})
            return None
        return data

    def attributes(self, element: etree._Element, part: Part, path: Path, content: Content) -> None:
        """Read the one attribute that an element may have, and tell of others."""
        wanted = part.attribute[0] if part.attribute else ""
        for name, text in element.items():
            if name == wanted and part.attribute:
                self.name(element, str(text), part.attribute, path, content)
            elif name not in HINTS:
                self.breach("envelope.attribute", path, element)
        if part.attribute and wanted not in element.attrib:
            self.breach("envelope.missing", (*path, wanted), element, place_details(""))

    def name(
        self,
        element: etree._Element,
        text: str,
        attribute: tuple[str, Type],
        path: Path,
        content: Content,
    ) -> None:
        """Read the name of a file."""
        name, of = attribute
        if of.fits(text):
            content[name] = text
        else:
            self.breach("envelope.value", (*path, name), element, of.shape)

    def stranger(self, element: etree._Element, inside: tuple[Part, ...], path: Path) -> None:
        """Tell of an element that does not belong there."""
        _, name = names_of(element)
        for part in inside:
            if part.name == name:
                details = {"allowed": part.namespace}
                self.breach("envelope.namespace", (*path, name), element, details)
                return
        details = {"allowed": ", ".join(part.name for part in inside) or "-"}
        self.breach("envelope.unknown", (*path, shown(name)), element, details)

    def blank(self, text: str | None, path: Path, element: etree._Element) -> None:
        """Tell of text where only elements may stand."""
        if text and text.strip(BLANKS):
            self.breach("envelope.text", path, element)
