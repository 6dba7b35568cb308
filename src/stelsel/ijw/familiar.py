"""Messages written just like one that was read before: read without parsing them again.

A system writes its messages always in the same way, so the same sequence of tags comes by
thousands of times. If all the tags of a file are, letter for letter, those of a message whose
structure was right, then the structure of this file is right too, and it is well-formed, as long as

- between its tags there is text only: ``<`` and ``>`` take turns, no character is forbidden, and
  of all references only the five that XML always knows;
- what stands between elements is white space, and the values fit their datatypes.

That is quick to see. Whatever does not pass, and whatever is not familiar, goes the ordinary way:
this way only ever says yes. What is kept of a message is its tags, which hold no data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from stelsel.ijw.grammar import Group, MessageType
from stelsel.ijw.message import Content
from stelsel.ijw.values import Reader, reader

MOST_KEPT: Final = 2_000
"""Most sequences of tags that are kept; then all are forgotten."""
LARGEST: Final = 64 * 1024
"""Larger files are parsed: they are too rare, and their tags too much to keep."""
PATIENCE: Final = 500
"""After so many more misses than hits, one file in :data:`SELDOM` is still looked at."""
SELDOM: Final = 10

# What these bytes leave: angle brackets, control characters that XML forbids, and the first byte of
# U+F000 to U+FFFF, where it forbids two more.
_TEXT: Final = bytes(
    byte for byte in range(256) if byte not in b"<>\xef" and (byte >= 0x20 or byte in b"\t\n\r")
)
_OTHER_REFERENCE: Final = re.compile("&(?!(?:amp|lt|gt|quot|apos);)")
_REFERENCES: Final = (
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", '"'),
    ("&apos;", "'"),
    ("&amp;", "&"),
)

Tags = tuple[str, ...]
Pick = Callable[[Sequence[str]], tuple[str, ...]]


@dataclass(slots=True)
class _Form:
    """How to read messages with a certain sequence of tags.

    ``values`` and ``blanks`` take the texts after each tag and give those that are values and those
    that must be white space. A step is one element: number of the group that holds it, its name and
    what it is.
    """

    message: MessageType
    values: Pick
    readers: tuple[Reader, ...]
    blanks: Pick
    steps: tuple[tuple[int, str, int], ...]


_VALUE, _GROUP, _FIRST, _NEXT = range(4)
_forms: dict[Tags, _Form | None] = {}


@dataclass(slots=True)
class _Worth:
    """Whether looking pays: traffic in which no two messages are alike had better be parsed."""

    balance: int = PATIENCE
    turn: int = 0

    def look(self) -> bool:
        self.turn += 1
        return self.balance > 0 or self.turn % SELDOM == 0

    def tell(self, hit: bool) -> None:
        self.balance = min(PATIENCE, self.balance + 1) if hit else max(0, self.balance - 1)


_worth = _Worth()


def reset() -> None:
    """Forget all that was kept, and look at every file again."""
    _forms.clear()
    _worth.balance, _worth.turn = PATIENCE, 0


def split(data: bytes) -> tuple[Tags, list[str]] | None:
    """Split a file in its tags and the texts after them, if it is plain enough for that.

    Parameters
    ----------
    data
        The bytes of the file.

    Returns
    -------
    tags and texts, or None
        What stands between ``<`` and ``>``, and what follows each; None if the file is not of use
        here.

    Examples
    --------
    >>> split(b"<a><b>1</b></a>")
    (('a', 'b', '/b', '/a'), ['', '1', '', ''])
    >>> split(b"<a><b>1 > 0</b></a>") is None
    True
    """
    if len(data) > LARGEST or not _worth.look():
        return None
    brackets = data.translate(None, _TEXT)
    if not brackets or brackets != b"<>" * (len(brackets) // 2):
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    parts = text.replace(">", "<").split("<")
    return None if parts[0] else (tuple(parts[1::2]), parts[2::2])


def recall(tags: Tags, texts: list[str]) -> tuple[MessageType, Content] | None:
    """Read a message if its tags are familiar and nothing is wrong with its structure.

    Parameters
    ----------
    tags, texts
        As :func:`split` gave them.

    Returns
    -------
    message type and content, or None
        None if the ordinary way must be gone.
    """
    form = _forms.get(tags)
    _worth.tell(form is not None)
    if form is None:
        return None
    blank = "".join(form.blanks(texts))
    if blank and not (blank.isspace() and blank.isascii()):
        return None
    found = form.values(texts)
    together = "".join(found)
    if "\r" in together:
        return None  # a line end in a value, which XML has as a line feed
    if "&" in together:
        resolved = _resolved(found)
        if resolved is None:
            return None
        found = resolved
    values = [read(text) for read, text in zip(form.readers, found, strict=True)]
    return None if None in values else (form.message, _content(form, values))


def _resolved(texts: tuple[str, ...]) -> tuple[str, ...] | None:
    """Resolve the references that XML always knows; None if there are others."""
    if any(_OTHER_REFERENCE.search(text) for text in texts):
        return None
    for reference, character in _REFERENCES:
        texts = tuple(text.replace(reference, character) for text in texts)
    return texts


def _content(form: _Form, values: list[Any]) -> Content:
    """Put values where they belong."""
    groups: list[Content] = [{}]
    value = iter(values).__next__
    for holder, name, kind in form.steps:
        if kind == _VALUE:
            groups[holder][name] = value()
            continue
        group: Content = {}
        groups.append(group)
        if kind == _GROUP:
            groups[holder][name] = group
        elif kind == _FIRST:
            groups[holder][name] = [group]
        else:
            groups[holder][name].append(group)
    return groups[0]


def remember(tags: Tags, message: MessageType) -> None:
    """Keep the tags of a message whose structure is right, so that its like is read quickly.

    A sequence that is seen for the first time is only noted: it may be the last time too.

    Parameters
    ----------
    tags
        As :func:`split` gave them.
    message
        The type of the message.
    """
    noted = tags in _forms
    if len(_forms) >= MOST_KEPT:
        _forms.clear()
    _forms[tags] = _form(tags, message) if noted else None


def _form(tags: Tags, message: MessageType) -> _Form | None:
    """Follow the tags through the grammar and note what each element is."""
    values: list[int] = []
    readers: list[Reader] = []
    steps: list[tuple[int, str, int]] = []
    inside: list[tuple[int, Group]] = []
    groups = 0
    start = 1 if tags[0].startswith("?") else 0
    for place, tag in enumerate(tags[start:], start):
        if tag.startswith(("!", "?")) or tag.endswith("/"):
            return None
        if tag.startswith("/"):
            if not (values and values[-1] == place - 1):
                inside.pop()
            continue
        if not inside:
            inside.append((0, message.root))
            continue
        holder, group = inside[-1]
        name = tag.split(maxsplit=1)[0].rpartition(":")[2]
        element = next(each for each in group.elements if each.name == name)
        if element.group is not None:
            kind = _GROUP if not element.many else _FIRST
            if kind == _FIRST and (holder, name, _FIRST) in steps:
                kind = _NEXT
            groups += 1
            inside.append((groups, element.group))
            steps.append((holder, name, kind))
        elif element.simple is None or element.many:
            return None
        else:
            values.append(place)
            readers.append(reader(element.simple))
            steps.append((holder, name, _VALUE))
    blanks = [place for place in range(len(tags)) if place not in set(values)]
    return _Form(message, _pick(values), tuple(readers), _pick(blanks), tuple(steps))


def _pick(places: list[int]) -> Pick:
    # Every message has several values and several blanks, so this always gives a tuple.
    return itemgetter(*places)
