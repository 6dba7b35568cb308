"""Envelopes of every kind, and ways to spoil them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from stelsel.ijw import Message, header
from stelsel.ijw.envelopes import Envelope, Failure, Party
from stelsel.ijw.envelopes.grammar import Part, kinds

STUF, GGK = "http://www.egem.nl/StUF/StUF0301", "http://www.stufstandaarden.nl/koppelvlak/ggk0210"
REFERENCE = "9c0f7b90-5c69-41e5-a837-0800200c9a66"
OTHER = "b6e9f182-bc44-4f27-9863-9a5ccc1e1cf0"
NOON = datetime(2026, 11, 21, 12)  # noqa: DTZ001 (Dutch time)
US, THEM = Party("0193", "Voorbeeld"), Party("12345678", "GGk")


def question() -> Message:
    """A small valid message."""
    content = {
        "Header": header("JW319", "0193", "12345678", "A1", date(2026, 4, 10)),
        "Antwoord": {"ReferentieAanbieder": "R1", "VerzoekAntwoord": "2"},
    }
    return Message("JW319", content)


CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff"
) | st.sampled_from("\t\n\r &<>\"'é😀")


def texts(low: int, high: int) -> st.SearchStrategy[str]:
    """Texts of any characters."""
    return st.text(CHARACTERS, min_size=low, max_size=high)


UUIDS = st.uuids(version=4).map(str)
MOMENTS = st.datetimes().map(lambda m: m.replace(microsecond=m.microsecond // 1000 * 1000))
VERSIONS = st.tuples(st.integers(0, 9999), st.integers(0, 9999))
PARTIES = st.builds(
    Party, texts(0, 20), texts(3, 50), st.none() | texts(0, 50), st.none() | texts(0, 100)
)
FILE_NAMES = st.from_regex(r"[A-Za-z0-9\-._]{4,20}", fullmatch=True)
ENVELOPES = {
    "Di01": st.builds(
        Envelope,
        kind=st.just("Di01"),
        sender=PARTIES,
        receiver=PARTIES,
        reference=UUIDS,
        moment=MOMENTS,
        function=texts(0, 30),
        application_version=VERSIONS,
        function_version=VERSIONS,
        payload=st.binary(max_size=200),
        file_name=st.none() | FILE_NAMES,
    ),
    "Du01": st.builds(
        Envelope,
        kind=st.just("Du01"),
        sender=PARTIES,
        receiver=PARTIES,
        reference=UUIDS,
        moment=MOMENTS,
        cross_reference=UUIDS,
        function=texts(0, 30),
        application_version=VERSIONS,
        function_version=VERSIONS,
        payload=st.binary(max_size=200),
        file_name=st.none() | FILE_NAMES,
    ),
    "Fo01": st.builds(
        Envelope,
        kind=st.just("Fo01"),
        sender=PARTIES | st.builds(Party, st.none(), texts(3, 50)),
        receiver=PARTIES,
        reference=texts(0, 40),
        moment=MOMENTS,
        cross_reference=texts(0, 40),
        failure=st.builds(
            Failure,
            texts(0, 7),
            st.sampled_from(["client", "server"]),
            texts(0, 200),
            st.none() | texts(0, 1000),
        ),
    ),
}

# ---- spoiling

TEXTS = [
    *("", " ", "\t", "x", "0", "Di01", "Du01", "Fo01", "Di02", "di01", " Di01", "client", "server"),
    *("x" * length for length in (2, 3, 7, 8, 30, 31, 40, 41, 50, 51, 100, 101, 200, 201)),
    *("x" * 1000, "x" * 1001, "é" * 50, "😀" * 51, "a\nb", "0003", "003", "00003", "٠٠٠٣", "0003 "),
    *(REFERENCE, REFERENCE.upper(), str(uuid.uuid1()), REFERENCE.replace("-4", "-5"), f" {OTHER}"),
    *("2016042", "20160421", "201604211325", "20160421132514", "20160421132514123", "9" * 18),
    *(
        "AAAA",
        "A A\nA A",
        "AAA",
        "AA=A",
        "AAA=",
        "AA==",
        "AB==",
        "AAB=",
        "=",
        "====",
        "AAAA=",
        "A-_A",
    ),
    *("AAAAAA==AAAA", "SGFsbG8=", "SGFsbG8= ", "\u00a0", "SGFs\u00a0bG8="),
]
NAMES = [
    "x.csv",
    "abc",
    "abcd",
    "a b.xml",
    "../../a.xml",
    "x" * 255,
    "x" * 256,
    "é.xml",
    "",
    "a/bcd",
]
ATTRIBUTES = [
    ("a", "1"),
    ("{http://www.w3.org/XML/1998/namespace}lang", "nl"),
    ("{http://www.w3.org/2001/XMLSchema-instance}nil", "true"),
    ("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "urn:a b.xsd"),
    ("{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation", "b.xsd"),
    (f"{{{STUF}}}noValue", "geenWaarde"),
    (f"{{{GGK}}}bestandsnaam", "abcd"),
    *(("bestandsnaam", name) for name in NAMES),
]
Draw = Callable[[st.SearchStrategy[Any]], Any]


def names() -> list[str]:
    """Every element name in any envelope."""

    def inside(part: Part) -> set[str]:
        return {part.name}.union(*(inside(each) for each in part.inside))

    return sorted({"Onbekend"}.union(*(inside(part) for part in kinds().values())))


def _text(element: Any, draw: Draw) -> None:
    element.text = draw(st.sampled_from(TEXTS))


def _tail(element: Any, draw: Draw) -> None:
    if element.getparent() is not None:
        element.tail = draw(st.sampled_from(["", " \n", "x", "\u00a0"]))


def _remove(element: Any, draw: Draw) -> None:
    if element.getparent() is not None:
        element.getparent().remove(element)


def _double(element: Any, draw: Draw) -> None:
    if element.getparent() is not None:
        element.addnext(etree.fromstring(etree.tostring(element, with_tail=False)))


def _swap(element: Any, draw: Draw) -> None:
    after = element.getnext()
    if after is not None:
        element.addprevious(after)


def _rename(element: Any, draw: Draw) -> None:
    if element.getparent() is not None:
        element.tag = etree.QName(etree.QName(element).namespace, draw(st.sampled_from(names())))


def _renamespace(element: Any, draw: Draw) -> None:
    name = etree.QName(element).localname
    namespace = draw(st.sampled_from(["", STUF, GGK, "urn:other"]))
    if element.getparent() is not None:
        element.tag = etree.QName(namespace, name) if namespace else name


def _attribute(element: Any, draw: Draw) -> None:
    name, value = draw(st.sampled_from(ATTRIBUTES))
    element.set(name, value)


def _comment(element: Any, draw: Draw) -> None:
    made: Any = etree.Comment("x")
    made.tail, element.text = element.text, None
    element.insert(0, made)


def _child(element: Any, draw: Draw) -> None:
    namespace = draw(st.sampled_from([STUF, GGK]))
    etree.SubElement(element, etree.QName(namespace, draw(st.sampled_from(names())))).text = "AAAA"


def _empty(element: Any, draw: Draw) -> None:
    for child in list(element):
        element.remove(child)
    element.text = draw(st.sampled_from(["", " ", None]))


def _file(element: Any, draw: Draw) -> None:
    """Put another file in a place for files."""
    for each in element.getroottree().iter(f"{{{GGK}}}bericht"):
        made = etree.SubElement(
            each, f"{{{GGK}}}{draw(st.sampled_from(['xmlBestand', 'tekstBestand']))}"
        )
        made.text = draw(st.sampled_from(TEXTS))
        if draw(st.booleans()):
            made.set("bestandsnaam", draw(st.sampled_from(NAMES)))


SPOILERS = (
    *(_text, _text, _text, _tail, _remove, _double, _swap, _rename, _renamespace, _attribute),
    *(_comment, _child, _empty, _file),
)


def spoil(data: bytes, draw: Draw) -> bytes:
    """Change an envelope in one, two or three ways that may or may not make it wrong."""
    root = etree.fromstring(data)
    for number in draw(st.lists(st.integers(0, len(SPOILERS) - 1), min_size=1, max_size=3)):
        elements = [each for each in root.iter() if isinstance(each.tag, str)]
        SPOILERS[number](elements[draw(st.integers(0, len(elements) - 1))], draw)
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made
