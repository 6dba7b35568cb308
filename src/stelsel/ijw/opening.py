"""From the bytes of a file to the root of a tree, or to the reason why it was not read.

What could harm is refused before it is parsed: a document type (and with it entities and external
references), other encodings, more parts than a message can have. The parser itself loads nothing,
resolves nothing and bounds the depth of the tree and the length of texts and names.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Final, cast

from lxml import etree

from stelsel.ijw.findings import Breach
from stelsel.ijw.grammar import ROOT, MessageType, message_types

LARGEST: Final = 25 * 1024 * 1024
"""Largest file in bytes (OP179 of the standard: 25 MB)."""
MOST_PARTS: Final = 2_500_000
"""Most tags in a file: more than the smallest elements of the standard in 25 MB."""
MOST_ATTRIBUTES: Final = 1_000_000
"""Most equals signs, which each attribute has, in a large file."""
SMALL: Final = 1024 * 1024
"""Files up to this size cannot have so many parts that counting them is worth the time."""

MOST_MET: Final = 64 * 1024 * 1024
"""So many bytes that may hold names of any kind are parsed here, and then in threads apart."""

# Comments and instructions go: they mean nothing, and they may split a value in two.
_SAFE: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
    "encoding": "UTF-8",
}
_PARSER = etree.XMLParser(**_SAFE)
# Dropping the white space between elements makes parsing and walking quicker. It is dropped before
# any tag but an end tag; so in a value, which stands right before an end tag, nothing is lost as
# long as no comment, instruction or section splits it.
_QUICK_PARSER = etree.XMLParser(remove_blank_text=True, **_SAFE)
_BOM = b"\xef\xbb\xbf"
_DECLARATION = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
_OTHER_ENCODINGS = (
    b"\xff\xfe",
    b"\xfe\xff",
    b"\x00",
    b"<\x00",
    b"\x4c\x6f\xa7\x94",
    b"+/v",
    b"+ADw-",
)
_PROLOG = re.compile(rb"\s*+(?>(?:<\?.*?\?>|<!--.*?-->)\s*+)*+", re.DOTALL)
_NAMESPACE = re.compile(
    r"https?://www\.istandaarden\.nl/(i[a-z]{2,5})/([0-9]{1,2}_[0-9]{1,2})/([a-z]{1,6}[0-9]{0,4})/.*"
)
_ENVELOPES = ("http://www.stufstandaarden.nl/koppelvlak/ggk", "http://www.egem.nl/StUF/")


def parse(  # noqa: PLR0911 (one return per reason not to read it)
    data: bytes,
) -> tuple[etree._Element | None, list[Breach]]:
    """Parse the bytes of a file, unless they are such that they had better not be parsed.

    Parameters
    ----------
    data
        The whole file.

    Returns
    -------
    root, breaches
        The root element, or None with the reason. A root may come with breaches: a byte order
        mark is wrong, but what follows can be read.

    Examples
    --------
    >>> root, breaches = parse(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
    >>> root, breaches[0].rule
    (None, 'xml.doctype')
    """
    breaches: list[Breach] = []
    if len(data) > LARGEST:
        return None, [too_large()]
    if data.startswith(_BOM):
        breaches.append(Breach("file.bom", line=1))
        data = data[len(_BOM) :]
    if not data or data.isspace():
        return None, [*breaches, Breach("file.empty")]
    if _otherwise_encoded(data):
        return None, [*breaches, Breach("file.encoding", line=1)]
    marked = b"!" in data and b"<!" in data  # one byte is found so much quicker than two
    if marked and _has_document_type(data):
        return None, [*breaches, Breach("xml.doctype")]
    if too_much(data):
        return None, [*breaches, Breach("xml.limits")]
    quick = not marked and data.find(b"?", data.find(b"?>") + 1) < 0
    _met.size += len(data)
    try:
        if _met.size > MOST_MET:
            return _parsed_apart(data, quick), breaches
        return etree.fromstring(data, _QUICK_PARSER if quick else _PARSER), breaches
    except etree.XMLSyntaxError as error:
        return None, [*breaches, _syntax(error)]


class _Met:
    """How many bytes were parsed that may hold names of any kind.

    The parser keeps every name that it meets for as long as the thread lives, so files full of ever
    other names would fill the memory.
    """

    size = 0


_met = _Met()


def only_known_names(data: bytes) -> None:
    """Note that a file that was parsed is right, so that its names are those of the standard.

    Parameters
    ----------
    data
        The file. It is left out of account, unless it has instructions, or more namespaces than a
        message needs: those may have any name.

    Examples
    --------
    >>> only_known_names(b"")
    """
    if data.count(b"<?") < 2 and data.count(b"xmlns") < 4:
        _met.size -= len(data)


def _parsed_apart(data: bytes, quick: bool) -> etree._Element:
    """Parse in a thread with a parser of its own, that keep names no longer than the tree."""

    def work() -> etree._Element:
        return etree.fromstring(data, etree.XMLParser(remove_blank_text=quick, **_SAFE))

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def too_large() -> Breach:
    """Give the breach of a file that is larger than :data:`LARGEST`.

    Examples
    --------
    >>> too_large().details
    {'limit': '25'}
    """
    return Breach("file.size", details={"limit": str(LARGEST // 1024**2)})


def line_of(element: etree._Element) -> int | None:
    r"""Give the line of the file at which an element begins.

    Examples
    --------
    >>> root, _ = parse(b"<a>\n<b/></a>")
    >>> line_of(root[0])
    2
    """
    return cast("int | None", element.sourceline)


def names_of(element: etree._Element) -> tuple[str, str]:
    """Give the namespace and the local name of an element.

    An element whose prefix was never declared has no namespace, and the prefix in its name: the
    parser reports it and goes on, where `lxml.etree.QName` would stop.

    Examples
    --------
    >>> names_of(etree.fromstring('<a:Bericht xmlns:a="urn:x"/>'))
    ('urn:x', 'Bericht')
    """
    namespace, _, name = str(element.tag).rpartition("}")
    return namespace.removeprefix("{"), name


def _otherwise_encoded(data: bytes) -> bool:
    if data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>'):
        return False
    if data.startswith(_OTHER_ENCODINGS):
        return True
    named = _DECLARATION.match(data, 0, 1_000)
    return named is not None and named[1].upper() not in (b"UTF-8", b"UTF8")


def _has_document_type(data: bytes) -> bool:
    """Look only before the root element: elsewhere ``<!DOCTYPE`` is text, or no XML at all."""
    prolog = _PROLOG.match(data)
    return prolog is not None and data.startswith(b"<!", prolog.end())


def too_much(data: bytes) -> bool:
    """Tell whether a file is larger, or has more parts, than a message can.

    Examples
    --------
    >>> too_much(b"<a>" * 100), too_much(b"<a>" * 3_000_000)
    (False, True)
    """
    return len(data) > SMALL and (
        len(data) > LARGEST or data.count(b"<") > MOST_PARTS or data.count(b"=") > MOST_ATTRIBUTES
    )


def _syntax(error: Any) -> Breach:
    """Tell of a syntax error by its kind only: the parser's own words repeat what it read."""
    line = error.lineno or None
    if error.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        return Breach("xml.limits", line=line)
    if error.code in (etree.ErrorTypes.ERR_INVALID_ENCODING, etree.ErrorTypes.ERR_UNKNOWN_ENCODING):
        return Breach("file.encoding", line=line)
    kinds = [entry.type_name for entry in error.error_log if entry.type == error.code]
    problem = (kinds or [""])[0].removeprefix("ERR_").replace("_", " ").lower()
    return Breach("xml.malformed", line=line, details={"problem": problem or "syntax"})


@cache
def _by_root() -> dict[object, MessageType]:
    return {f"{{{each.namespace}}}{ROOT}": each for each in message_types().values()}


def identify(root: etree._Element) -> tuple[str, MessageType | Breach]:
    """Tell which message a root element begins.

    Parameters
    ----------
    root
        The root element.

    Returns
    -------
    name, outcome
        Name of the message where it can be known, and its type; or the reason why it is not read.

    Examples
    --------
    >>> root, _ = parse(b'<a:Bericht xmlns:a="http://www.istandaarden.nl/ijw/3_1/jw305/schema"/>')
    >>> name, breach = identify(root)
    >>> breach.rule, breach.details["found"]
    ('message.release', 'iJw 3.1 JW305')
    """
    found = _by_root().get(root.tag)
    if found is not None:
        return found.name, found
    return "", _stranger(root)


def _stranger(root: etree._Element) -> Breach:
    """Say what a root element is that begins no message of this release."""
    namespace, name = names_of(root)
    if namespace.startswith(_ENVELOPES):
        return Breach("message.envelope", (), line_of(root))
    parts = _NAMESPACE.fullmatch(namespace)
    if parts is None:
        found = "namespace" if name == ROOT else "root"
        return Breach("message.foreign", (), line_of(root), _FOREIGN[found])
    standard, release, message = parts.groups()
    release = release.replace("_", ".")
    spoken = f"{standard[0]}{standard[1:].capitalize()} {release} {message.upper()}"
    if (standard, release) != ("ijw", "3.2"):
        return Breach("message.release", (), line_of(root), {"found": spoken})
    if name != ROOT and message.upper() in message_types():
        return Breach("message.foreign", (), line_of(root), _FOREIGN["root"])
    return Breach("message.unknown", (), line_of(root), {"found": message.upper()})


_FOREIGN: Final = {
    "root": {
        "found_nl": "het buitenste element is niet Bericht",
        "found_en": "the outermost element is not Bericht",
    },
    "namespace": {
        "found_nl": "de namespace is niet die van een iJw-bericht",
        "found_en": "the namespace is not that of an iJw message",
    },
}
