"""Strategies that make messages of any type from the grammar, and ways to spoil them.

A made message is right at level 1 by construction: each value is drawn in the form its datatype
asks for. Whether that holds is not for this module to say but for the official schemas.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from stelsel.ijw.grammar import Group, MessageType, SimpleType, message_types

# All characters that XML allows, but no line ends; those are added where a datatype has them.
CHARACTERS = st.characters(
    codec="utf-8",
    exclude_categories=("Cs", "Cc", "Cn"),
    exclude_characters="\ufffe\uffff",
) | st.sampled_from("\t &<>\"'éÀ😀\u00a0\u2028")


@cache
def values(simple: SimpleType) -> st.SearchStrategy[Any]:
    """Values that fit a datatype."""
    if simple.base == "string" and not simple.codes:
        return texts(simple)
    if simple.codes:
        return st.sampled_from(simple.codes)
    if simple.base == "integer":
        fixed, low, high = simple.pattern, simple.low or 0, simple.high or 0
        return st.just(int(fixed)) if fixed else st.integers(low, high)
    return {"date": st.dates(), "time": st.times()}[simple.base]


def texts(simple: SimpleType) -> st.SearchStrategy[str]:
    """Texts that fit a datatype without a code list."""
    longest = simple.max_length or 60
    if simple.pattern:
        return st.from_regex(simple.pattern, fullmatch=True).filter(
            lambda text: 0 < len(text) <= longest
        )
    if not simple.form:
        return st.text(CHARACTERS, min_size=1, max_size=longest)
    characters = CHARACTERS if simple.form == "filled line" else CHARACTERS | st.just("\n")
    return st.text(characters, min_size=1, max_size=longest).filter(
        lambda text: text.strip(" \t\n")
    )


@cache
def contents(group: Group) -> st.SearchStrategy[dict[str, Any]]:
    """What a group can hold; never nothing at all."""
    required: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for element in group.elements:
        inside: st.SearchStrategy[Any] = st.nothing()
        if element.simple is not None:
            inside = values(element.simple)
        elif element.group is not None:
            inside = contents(element.group)
        if element.many:
            inside = st.lists(inside, min_size=1, max_size=3)
        (required if element.required else optional)[element.name] = inside
    made = st.fixed_dictionaries(required, optional=optional)
    order = [element.name for element in group.elements]
    return made.filter(bool).map(
        lambda content: {name: content[name] for name in order if name in content}
    )


def message_contents(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Contents of messages of a type, right at level 1."""
    return contents(message_types()[name].root)


# ---- spoiling

TEXTS = [
    *("x", "", " ", "\t", "\n", "0", "00", "1", "3", "03", "+3", "-1", "-0", "+5", " 7 ", "\n7\t"),
    *("5.0", "1e3", "999999999", "1000000000", "0" * 50 + "7", "9" * 30, "１", "\u00a07", "1_0"),
    *("2026-02-28", "2026-02-29", "2024-02-29", "2027-06-31", "2026-4-1", "20260401"),
    *(" 2026-04-01\n", "2026-04-01Z", "2026-04-01+01:00", "12026-04-01", "-0004-02-29"),
    *("0000-01-01", "0001-01-01", "02026-04-01", "26-04-01", "2026-W01-1", "9" * 25 + "-01-01"),
    *("12:34:56", " 12:34:56 ", "24:00:00", "24:00:01", "24:00:00.0", "23:59:60", "12:34"),
    *("12:34:56.123456789", "12:34:56.", "12:34:56Z", "12:34:56+01:00", "1:02:03"),
    *("01", "04", "45", "NL", "D", "AB", "ab", "é", "😀" * 8, "À", "ỳ", "Ỵ", "a b", "a\nb", "a\rb"),
    *("é" * 200, "é" * 201, "x" * 64, "x" * 65, "12345678", "123456789", "1.0.0", "01.0.0", "1.0"),
    *("\u2028", "\u0085x", "x\ufffd"),
]
BETWEEN = ["x", "", " \n", "\u00a0", "\t0"]
ATTRIBUTES = [
    ("a", "1"),
    ("{http://www.w3.org/XML/1998/namespace}lang", "nl"),
    ("{http://www.w3.org/2001/XMLSchema-instance}nil", "true"),
    ("{http://www.w3.org/2001/XMLSchema-instance}nil", "false"),
    ("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "urn:a b.xsd"),
    ("{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation", "b.xsd"),
    ("{http://www.w3.org/2001/XMLSchema-instance}type", "ijw:LDT_Datum"),
    ("{http://www.w3.org/2001/XMLSchema-instance}type", "ijw:LDT_Geslacht"),
    ("{http://www.w3.org/2001/XMLSchema-instance}type", "ijw:CDT_Product"),
    ("{http://www.w3.org/2001/XMLSchema-instance}type", "none:LDT_Datum"),
]
NAMESPACES = [
    "",
    "urn:other",
    "http://www.istandaarden.nl/ijw/3_2/basisschema/schema",
    "http://www.istandaarden.nl/ijw/3_1/jw305/schema",
    *(kind.namespace for kind in message_types().values()),
]
Draw = Callable[[st.SearchStrategy[Any]], Any]


@cache
def names() -> list[str]:
    """Every element name in any message, and some that are in none."""

    def inside(group: Group) -> set[str]:
        found = {element.name for element in group.elements}
        return found.union(*(inside(each.group) for each in group.elements if each.group))

    known = set().union(*(inside(kind.root) for kind in message_types().values()))
    return sorted(known | {"Onbekend", "bsn"})


def _text(root: etree._Element, draw: Draw) -> None:
    """Put another value in place of one, or text between elements."""
    element = _any(root, draw)
    element.text = draw(st.sampled_from(TEXTS if not len(element) else BETWEEN))


def _value(root: etree._Element, draw: Draw) -> None:
    """Change a value a little, so that it only just fits or only just does not."""
    leaves = [each for each in root.iter() if isinstance(each.tag, str) and not len(each)]
    leaf = leaves[draw(st.integers(0, len(leaves) - 1))]
    text = leaf.text or ""
    place = draw(st.integers(0, len(text)))
    more = draw(st.sampled_from(["", "0", "9", "-", " ", "\n", ".", "Z", "a", "é", text]))
    leaf.text = text[:place] + more + text[place + draw(st.integers(0, 1)) :]


def _tail(root: etree._Element, draw: Draw) -> None:
    _any(root, draw, below=True).tail = draw(st.sampled_from(BETWEEN))


def _remove(root: etree._Element, draw: Draw) -> None:
    element = _any(root, draw, below=True)
    element.getparent().remove(element)


def _double(root: etree._Element, draw: Draw) -> None:
    element = _any(root, draw, below=True)
    element.addnext(_copy(element))


def _move(root: etree._Element, draw: Draw) -> None:
    element, other = _any(root, draw, below=True), _any(root, draw, below=True)
    if other not in list(element.iter()):
        other.addprevious(element)


def _swap(root: etree._Element, draw: Draw) -> None:
    element = _any(root, draw, below=True)
    after = element.getnext()
    if after is not None:
        element.addprevious(after)


def _rename(root: etree._Element, draw: Draw) -> None:
    element = _any(root, draw)
    namespace = etree.QName(element).namespace
    element.tag = etree.QName(namespace, draw(st.sampled_from(names())))


def _renamespace(root: etree._Element, draw: Draw) -> None:
    element = _any(root, draw)
    namespace = draw(st.sampled_from(NAMESPACES))
    name = etree.QName(element).localname
    element.tag = etree.QName(namespace, name) if namespace else name


def _attribute(root: etree._Element, draw: Draw) -> None:
    name, value = draw(st.sampled_from(ATTRIBUTES))
    _any(root, draw).set(name, value)


def _own_type(root: etree._Element, draw: Draw) -> None:
    element = _any(root, draw)
    prefix = {uri: prefix for prefix, uri in root.nsmap.items()}.get(etree.QName(element).namespace)
    name = draw(st.sampled_from([etree.QName(element).localname, "Root"]))
    element.set("{http://www.w3.org/2001/XMLSchema-instance}type", f"{prefix}:{name}")


def _comment(root: etree._Element, draw: Draw) -> None:
    element = _any(root, draw)
    made: Any = etree.Comment("x")
    if draw(st.booleans()):
        made = etree.ProcessingInstruction("x", "y")
    text = element.text or ""
    cut = draw(st.integers(0, len(text)))
    element.text, made.tail = text[:cut], text[cut:]
    element.insert(0, made)


def _child(root: etree._Element, draw: Draw) -> None:
    element = _any(root, draw)
    child = etree.SubElement(element, etree.QName(etree.QName(element).namespace, "Extra"))
    child.text = draw(st.sampled_from(["", "1"]))


def _empty(root: etree._Element, draw: Draw) -> None:
    element = _any(root, draw)
    for child in list(element):
        element.remove(child)
    element.text = draw(st.sampled_from(["", " ", None]))


def _any(root: etree._Element, draw: Draw, below: bool = False) -> Any:
    """Any element of a tree; ``below`` the root only."""
    elements = [each for each in root.iter() if isinstance(each.tag, str)][below:]
    # A number is drawn and not an element: what is drawn must look the same in every run.
    return elements[draw(st.integers(0, len(elements) - 1))] if elements else root


def _copy(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element, with_tail=False))


SPOILERS = (
    *(_value, _text, _remove, _text, _value, _tail, _double, _move, _swap, _rename, _renamespace),
    *(_attribute, _own_type, _comment, _child, _empty),
)


def spoil(data: bytes, draw: Draw) -> bytes:
    """Change a message in one, two or three ways that may or may not make it wrong."""
    root = etree.fromstring(data)
    for number in draw(st.lists(st.integers(0, len(SPOILERS) - 1), min_size=1, max_size=3)):
        if len(root):
            SPOILERS[number](root, draw)
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made


def kinds() -> list[MessageType]:
    """Every message type in the tables."""
    return list(message_types().values())
