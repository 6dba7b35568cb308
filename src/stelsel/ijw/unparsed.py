"""Messages read without an XML parser, as nearly all of them can be, in half the time.

Nearly all traffic is plain: start tags, values, end tags, and white space between elements. Such a
file is cut at every ``</``; a piece then has a name from an end tag, the start tags up to the next
value, and that value::

    jw305:Bsn> <jw305:Geboortedatum> <ijw:Datum>2010-05-01
    ------------------ head ------------------- - value --

The grammar is a machine. A state is an element whose end tag comes next; a head leads from there to
another state, or nowhere. A system writes its messages always in the same way, so the heads of a
state are few: what a head means is worked out once and kept. A head holds tags and white space, and
no data.

This way only ever says yes. Whatever is not plain (a comment, a section, an attribute below the
root, a reference other than the five that XML always knows, a character that XML forbids), and
whatever is wrong, goes the ordinary way, which alone says what and where. How a file begins, up to
and with the start tag of the root, is judged by the parser itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from typing import Any, Final

from stelsel.ijw.findings import Breach
from stelsel.ijw.grammar import BASE_NAMESPACE, Element, Group, MessageType, SimpleType
from stelsel.ijw.message import Content
from stelsel.ijw.opening import identify, only_known_names, parse, too_much
from stelsel.ijw.structure import HINTS, root_of
from stelsel.ijw.values import BLANKS, Reader, Remembering, reader

MOST_KEPT: Final = 20_000
"""Most heads and states that are kept; then all are forgotten."""
LONGEST_KEPT: Final = 1_000
"""Longest head that is kept, in characters."""
PART: Final = 100_000
"""A large file is cut in parts of about so many characters first, so that few pieces are held."""
LONGEST_PART: Final = 2_000_000
"""Longest part, in characters: of longer texts the parser says whether they are too long."""

# What these bytes leave: angle brackets, control characters that XML forbids, and the first byte of
# U+F000 to U+FFFF, where it forbids two more.
_TEXT: Final = bytes(
    byte for byte in range(256) if byte not in b"<>\xef" and (byte >= 0x20 or byte in b"\t\n\r")
)
_BEGINNING: Final = re.compile(
    r"((?:<\?xml[ \t\r\n][^<>]*\?>[ \t\r\n]*)?<[^<>!?/][^<>]*)(>.*)", re.DOTALL
)
_OTHER_REFERENCE: Final = re.compile("&(?!(?:amp|lt|gt|quot|apos);)")
_REFERENCES: Final = (
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", '"'),
    ("&apos;", "'"),
    ("&amp;", "&"),
)
_UNDECLARED: Final = "<"
"""Prefix of a namespace that a file does not declare: no tag begins with it."""

_Step = tuple[tuple[tuple[str, bool], ...], str, bool, Reader, "_Heads"]
"""What a head means: the groups it opens (name, repeated?), then the element that has the value
(name, empty if another end tag comes; repeated?), how that is read, and where that leads."""


class _Odd(Exception):  # noqa: N818 (it sends a file the ordinary way and is no error)
    """Raised for whatever is not plain or not right."""


class _Heads(dict[str, _Step]):
    """The heads that may come at some place in a file, as far as they were seen; here none."""

    __slots__ = ()
    message: MessageType | None = None

    def __missing__(self, head: str) -> _Step:
        raise _Odd


class _Done(_Heads):
    """What comes after a whole message of some type: nothing."""

    __slots__ = ("message",)

    def __init__(self, message: MessageType) -> None:
        super().__init__()
        self.message = message


class _State(_Heads):
    """An element whose end tag comes next.

    ``number`` is its place in the group around it, which is the state ``up``; ``inside`` are the
    states of the elements that it holds itself.
    """

    __slots__ = ("element", "end", "inside", "number", "prefixes", "up")

    def __init__(
        self, element: Element, number: int, up: _State | _Done, prefixes: dict[str, str]
    ) -> None:
        super().__init__()
        self.element = element
        self.end = prefixes.get(element.namespace, _UNDECLARED) + element.name
        self.number = number
        self.up = up
        self.prefixes = prefixes
        self.inside: dict[int, _State] = {}

    def __missing__(self, head: str) -> _Step:
        end, tags = _tags(head)
        if end != self.end:
            raise _Odd
        if not tags:
            step = self.last()
        elif isinstance(self.up, _State):
            step = self.up.opened(tags, self)
        else:
            raise _Odd  # an element after the root
        if _kept.room(head):
            self[head] = step
        return step

    def last(self) -> _Step:
        """Give the step to the end tag of the group around, if no required element is left out."""
        if isinstance(self.up, _State) and self.up.requires(self.number + 1, None):
            raise _Odd
        return (), "", False, _read_blank, self.up

    def opened(self, tags: list[str], after: _State | None) -> _Step:
        """Give the step by start tags in this group; ``after`` is the element before them."""
        groups: list[tuple[str, bool]] = []
        holder = self
        for tag in tags:
            state = holder.child(tag, after)
            groups.append((state.element.name, state.element.many))
            holder, after = state, None
        name, many = groups.pop()
        if holder.element.simple is None:
            raise _Odd  # a group without elements
        return tuple(groups), name, many, _reader(holder.element.simple), holder

    def child(self, tag: str, after: _State | None) -> _State:
        """Give the state of an element in this group, if it may stand right after another."""
        number = _places(self.element.group).get(tag.rpartition(":")[2], -1)
        last = -1 if after is None else after.number
        again = after is not None and after.element.many and number == last
        if not again and (number <= last or self.requires(last + 1, number)):
            raise _Odd
        state = self.inside.get(number)
        if state is None:
            element = _elements(self.element.group)[number]
            state = self.inside[number] = _State(element, number, self, self.prefixes)
            _kept.count += 1
        if state.end != tag:
            raise _Odd
        return state

    def requires(self, first: int, end: int | None) -> bool:
        """Tell whether any element of this group, from one place up to another, is required."""
        return any(element.required for element in _elements(self.element.group)[first:end])


class _Beginnings(_Heads):
    """How files begin: declaration, root, and the start tags up to the first value.

    Learning how a system writes takes longer than parsing one file. So the first file that begins
    in a new way is parsed, and the way is learned from the second.
    """

    __slots__ = ("noted",)

    def __init__(self) -> None:
        super().__init__()
        self.noted: set[int] = set()

    def __missing__(self, head: str) -> _Step:
        if hash(head) not in self.noted:
            if _kept.room(head):
                _kept.beginnings.noted.add(hash(head))  # the head itself may hold anything at all
            raise _Odd
        found = _BEGINNING.fullmatch(head)
        if found is None:
            raise _Odd
        _, tags = _tags(found[2])
        if not tags:
            raise _Odd
        step = _root_state(found[1]).opened(tags, None)
        if _kept.room(head):
            self[head] = step
        return step


class _Kept:
    """What is kept of the files that were read."""

    def __init__(self) -> None:
        self.beginnings = _Beginnings()
        self.roots: dict[tuple[str, ...], _State] = {}
        self.count = 0

    def room(self, head: str) -> bool:
        """Tell whether a head is to be kept; when there is no more room, all are forgotten."""
        if self.count >= MOST_KEPT:
            forget()
        self.count += 1
        return len(head) <= LONGEST_KEPT


_kept = _Kept()


def forget() -> None:
    """Forget all that is kept; what comes next is read as by a new process."""
    _kept.beginnings, _kept.roots, _kept.count = _Beginnings(), {}, 0


def _root_state(beginning: str) -> _State:
    """Give the state of the root of a file, from all of its start tag but the last bracket."""
    alone = f"{beginning}/>".encode()
    root, breaches = parse(alone)
    if root is None or breaches or any(name not in HINTS for name in root.attrib):
        raise _Odd
    _, message = identify(root)
    if isinstance(message, Breach):
        raise _Odd
    only_known_names(alone)
    prefixes: dict[str, str] = {}
    for prefix, namespace in root.nsmap.items():
        if namespace in (message.namespace, BASE_NAMESPACE):
            if namespace in prefixes:
                raise _Odd
            prefixes[namespace] = f"{prefix}:" if prefix else ""
    key = (message.name, prefixes[message.namespace], prefixes.get(BASE_NAMESPACE, _UNDECLARED))
    if key not in _kept.roots:
        _kept.roots[key] = _State(root_of(message), 0, _Done(message), prefixes)
        _kept.count += 1
    return _kept.roots[key]


def _tags(head: str) -> tuple[str, list[str]]:
    """Cut a head in the name of its end tag and its start tags, with white space between."""
    end, *rest = head.replace(">", "<").split("<")
    if any(blank.strip(BLANKS) for blank in rest[::2]):
        raise _Odd
    return end, rest[1::2]


def _elements(group: Group | None) -> tuple[Element, ...]:
    return group.elements if group else ()


@cache
def _places(group: Group | None) -> dict[str, int]:
    return {element.name: number for number, element in enumerate(_elements(group))}


def _blank(text: str | None) -> bool | None:
    """Read what stands between two end tags: nothing but white space."""
    return True if not text or not text.strip(BLANKS) else None


_read_blank: Final = Remembering(_blank).__getitem__


@cache
def _reader(simple: SimpleType | None) -> Reader:
    """Give the reader of a datatype, for text just as it stands in the file."""
    if simple is None:
        return _read_blank
    read = reader(simple)
    if simple.base != "string" or simple.codes:
        return read  # numbers, days and codes come out the same, or are left to the parser

    def read_raw(text: str | None) -> Any:
        if text and ("&" in text or "\r" in text):
            text = _resolved(text)
        return read(text)

    if simple.form == "filled line" and simple.personal:
        high = simple.max_length or 0

        def read_line(text: str | None) -> Any:
            # Printable text has no line end, and of all blanks only the space.
            if (
                text
                and len(text) <= high
                and text.isprintable()
                and "&" not in text
                and not text.isspace()
            ):
                return text
            return read_raw(text)

        return read_line
    short = simple.max_length is None or simple.max_length <= 8
    return Remembering(read_raw).__getitem__ if short and not simple.personal else read_raw


def _resolved(text: str) -> str | None:
    """Do what a parser does with line ends and references, or give None if there is more to do."""
    text = text.replace("\r\n", "\n")
    if "\r" in text or _OTHER_REFERENCE.search(text):
        return None
    for reference, character in _REFERENCES:
        text = text.replace(reference, character)
    return text


def read(data: bytes) -> tuple[MessageType, Content] | None:
    """Read a message if it is written plainly and nothing is wrong with its structure.

    Parameters
    ----------
    data
        The bytes of the file.

    Returns
    -------
    message type and content, or None
        None if the ordinary way must be gone.

    Examples
    --------
    >>> read(b"<a><b>1</b></a>") is None
    True
    """
    brackets = data.translate(None, _TEXT)
    if brackets != b"<>" * (len(brackets) // 2) or too_much(data):
        return None
    try:
        return _walk(_pieces(data.decode("utf-8")))
    except (UnicodeDecodeError, _Odd):
        return None


def _pieces(text: str) -> Iterable[str]:
    return text.split("</") if len(text) <= PART else chain.from_iterable(_parts(text))


def _parts(text: str) -> Iterator[list[str]]:
    begin = 0
    while begin < len(text):
        end = text.find("</", begin + PART)
        if end < 0:
            end = len(text)
        if end - begin > LONGEST_PART:
            raise _Odd
        yield text[begin:end].split("</")
        begin = end + 2


def _walk(pieces: Iterable[str]) -> tuple[MessageType, Content] | None:
    """Follow the pieces of a file through the grammar, and put the values where they belong."""
    content: Content = {}
    group = content
    around = [content, content]  # one for the end of the root, one for the end of the file
    heads: _Heads = _kept.beginnings
    for piece in pieces:
        head, _, text = piece.rpartition(">")
        groups, name, many, read_value, heads = heads[head]
        value = read_value(text)
        if value is None:
            return None
        if groups:
            for inner, repeated in groups:
                around.append(group)
                made: Content = {}
                if repeated:
                    group.setdefault(inner, []).append(made)
                else:
                    group[inner] = made
                group = made
        if not name:
            group = around.pop()
        elif many:
            group.setdefault(name, []).append(value)
        else:
            group[name] = value
    return None if heads.message is None else (heads.message, content)
