"""Changes to a file that keep most of it as a message or an archive is."""

from __future__ import annotations

import base64
import binascii
import io
import re
import warnings
import zipfile
from collections.abc import Callable
from random import Random

from fuzz.checks import SECRETS
from stelsel.ijw.grammar import Group, message_types

Parts = list[str]
_PARTS = re.compile(r"<[^<>]*>|[^<>]+|[<>]")
_NAME = re.compile(r"(</?)([^\s<>/:]*:)?([^\s<>/]*)")

TEXTS = (
    *("", " ", "\n", "x", "0", "1", "00", "+3", "-1", " 7 ", "999999999", "9" * 30, "0" * 40 + "7"),
    *("2026-02-28", "2026-02-29", "1900-01-01", " 2026-04-01\n", "2026-04-01Z", "12026-04-01"),
    *("0000-01-01", "-0004-02-29", "24:00:00", "23:59:60", "12:34:56.123456789", "12:34:56+01:00"),
    *(
        "01",
        "02",
        "04",
        "13",
        "14",
        "20",
        "45",
        "45A01",
        "NL",
        "D",
        "C",
        "0200",
        "S300",
        "000000000",
    ),
    *("é" * 200, "é" * 201, "😀" * 8, "a b", "a\nb", "a\rb", "a\r\nb", "&amp;", "&lt;", "&#65;"),
    *("&x;", "&#0;", "&#x110000;", "\x85", "\u2028", "\ufffe", "\ufeff", "\x00", "\x0b", "]]>"),
    *("<![CDATA[x]]>", "<!-- x -->", "<?x y?>", "&#13;", "1.0.0", "1.0", "12345678", "0193"),
    *SECRETS,
)
ATTRIBUTES = (
    *(' a="1"', " a='1' a='2'", ' xmlns="urn:x"', ' xmlns:ijw="urn:x"', ' xml:space="preserve"'),
    *(' xmlns:jw305=""', ' xml:lang="nl"', " a", ' xsi:nil="true"', ' a="<"', ' a="&x;"', " "),
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="ijw:LDT_Datum"',
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"',
    ' xmlns="http://www.istandaarden.nl/ijw/3_2/basisschema/schema"',
    f' a="{SECRETS[1]}"',
)
BEGINNINGS = (
    *("", '<?xml version="1.0"?>', "<?xml version='1.1' encoding='utf-8'?>", "\ufeff", " "),
    *('<?xml version="1.0" encoding="ISO-8859-1"?>', "<!DOCTYPE x [<!ENTITY x 'y'>]>", "<?a b?>"),
    *("<!-- x -->", '<?xml version="1.0" standalone="no"?>\n', "<?xml version='1.0'?><?x?>"),
)
MANY = (2, 3, 20, 400)
"""How often an element is repeated."""
MOST_PARTS = 20_000
"""Most tags and texts; the fuzzer cuts off what is too long."""


def _names() -> tuple[str, ...]:
    def inside(group: Group) -> set[str]:
        found = {element.name for element in group.elements}
        return found.union(*(inside(each.group) for each in group.elements if each.group))

    known = set[str]().union(*(inside(kind.root) for kind in message_types().values()))
    return tuple(sorted(known | {"Bericht", "Onbekend", "bsn", SECRETS[1]}))


NAMES = _names()


def message(data: bytes, chance: Random, others: list[bytes]) -> bytes:
    """Change a message in one or several ways.

    Parameters
    ----------
    data
        A file, which may be no message at all any more.
    chance
        Where choices come from.
    others
        Messages of which elements may be taken.
    """
    parts: Parts = _PARTS.findall(data.decode("utf-8", "surrogateescape"))
    for _ in range(chance.choice((1, 1, 1, 1, 2, 4))):
        way = chance.choice(_WAYS)
        if parts:
            way(parts, chance, chance.choice(others))
    return "".join(parts).encode("utf-8", "surrogateescape")


def _place(parts: Parts, chance: Random) -> int:
    """Any place, if possible that of a start tag."""
    places = [
        number
        for number, part in enumerate(parts)
        if part.startswith("<") and not part.startswith(("</", "<?", "<!"))
    ]
    return chance.choice(places or range(len(parts)))


def _span(parts: Parts, chance: Random, begin: int = -1) -> tuple[int, int]:
    """Begin and end of an element, or of any, as far as the tags are in order."""
    begin = _place(parts, chance) if begin < 0 else begin
    depth = 0
    for end in range(begin, min(len(parts), begin + 5_000)):
        if parts[end].startswith("</"):
            depth -= 1
        elif parts[end].startswith("<") and not parts[end].startswith(("<?", "<!")):
            depth += 1
        if depth <= 0:
            return begin, end + 1
    return begin, begin + 1


def _value(parts: Parts, chance: Random, _: bytes) -> None:
    ends = [number for number, part in enumerate(parts) if part.startswith("</") and number]
    if ends:
        at = chance.choice(ends) - 1
        text = chance.choice(TEXTS)
        if parts[at].startswith("<"):
            parts.insert(at + 1, text)
        else:
            parts[at] = text


def _text(parts: Parts, chance: Random, _: bytes) -> None:
    parts.insert(chance.randrange(len(parts) + 1), chance.choice(TEXTS))


def _digit(parts: Parts, chance: Random, _: bytes) -> None:
    at = chance.randrange(len(parts))
    if parts[at].strip():
        cut = chance.randrange(len(parts[at]))
        parts[at] = parts[at][:cut] + chance.choice("0123456789-:.x \n&;") + parts[at][cut + 1 :]


def _drop(parts: Parts, chance: Random, _: bytes) -> None:
    begin, end = _span(parts, chance)
    del parts[begin:end]


def _drop_one(parts: Parts, chance: Random, _: bytes) -> None:
    del parts[chance.randrange(len(parts))]


def _double(parts: Parts, chance: Random, _: bytes) -> None:
    begin, end = _span(parts, chance)
    times = chance.choice(MANY)
    if len(parts) + (end - begin) * times < MOST_PARTS:
        parts[end:end] = parts[begin:end] * times


def _move(parts: Parts, chance: Random, _: bytes) -> None:
    begin, end = _span(parts, chance)
    moved = parts[begin:end]
    del parts[begin:end]
    at = chance.randrange(len(parts) + 1)
    parts[at:at] = moved


def _rename(parts: Parts, chance: Random, _: bytes) -> None:
    begin, end = _span(parts, chance)
    name = chance.choice(NAMES)
    for at in (begin, end - 1) if chance.random() < 0.8 else (begin,):
        parts[at] = _NAME.sub(rf"\1\2{name}", parts[at], count=1)


def _prefix(parts: Parts, chance: Random, _: bytes) -> None:
    begin, end = _span(parts, chance)
    prefix = chance.choice(("", "ijw:", "jw305:", "x:", ":", "xml:", "xmlns:"))
    for at in (begin, end - 1):
        parts[at] = _NAME.sub(rf"\1{prefix}\3", parts[at], count=1)


def _attribute(parts: Parts, chance: Random, _: bytes) -> None:
    at = _place(parts, chance)
    parts[at] = parts[at][:-1] + chance.choice(ATTRIBUTES) + parts[at][-1:]


def _beginning(parts: Parts, chance: Random, _: bytes) -> None:
    while parts and not (parts[0].startswith("<") and ":" in parts[0]):
        del parts[0]
    parts.insert(0, chance.choice(BEGINNINGS))


def _type(parts: Parts, chance: Random, _: bytes) -> None:
    new = chance.choice(tuple(message_types())).lower()
    kind = chance.choice((f"{new}/schema", f"{new}/x", "jw399/schema", "basisschema/schema"))
    for at, part in enumerate(parts[:6]):
        parts[at] = re.sub(r"jw\d+/schema", kind, part)


def _blank(parts: Parts, chance: Random, _: bytes) -> None:
    blank = chance.choice(("", "\n", " ", "\r\n", "\r", "\t", "\u00a0", "\n" * 70_000))
    if len(blank) < 3 and chance.random() < 0.5:
        parts[:] = [part if part.strip() else blank for part in parts]
    else:
        parts.insert(chance.randrange(len(parts) + 1), blank)


def _cut(parts: Parts, chance: Random, _: bytes) -> None:
    del parts[chance.randrange(len(parts)) :]


def _swap(parts: Parts, chance: Random, _: bytes) -> None:
    one, other = (chance.randrange(len(parts)) for _ in range(2))
    parts[one], parts[other] = parts[other], parts[one]


def _foreign(parts: Parts, chance: Random, other: bytes) -> None:
    """Put an element of another message anywhere."""
    others: Parts = _PARTS.findall(other.decode())
    begin, end = _span(others, chance)
    at = chance.randrange(len(parts) + 1)
    parts[at:at] = others[begin:end]


def _same(parts: Parts, chance: Random, other: bytes) -> None:
    """Put an element of another message in the place of one of the same name."""
    others: Parts = _PARTS.findall(other.decode())
    for _ in range(20):
        first, last = _span(others, chance)
        places = [at for at, part in enumerate(parts) if part == others[first]]
        if places:
            begin, end = _span(parts, chance, chance.choice(places))
            parts[begin:end] = others[first:last]
            return


_WAYS: tuple[Callable[[Parts, Random, bytes], None], ...] = (
    *((_same,) * 14 + (_value,) * 8 + (_digit,) * 4 + (_drop,) * 4 + (_double,) * 4 + (_move,) * 3),
    *((_foreign,) * 4 + (_rename,) * 2 + (_blank,) * 2),
    *(_prefix, _attribute, _beginning, _type, _text, _drop_one, _cut, _swap),
)
"""Ways to change a message; those that leave it well-formed are tried most."""
_BASE64 = re.compile(rb">([A-Za-z0-9+/=\s]{40,})<")


def envelope(data: bytes, chance: Random, others: list[bytes]) -> bytes:
    """Change an envelope, or the message inside."""
    found = _BASE64.search(data)
    if found is None or chance.random() < 0.5:
        return message(data, chance, others)
    try:
        inside = base64.b64decode(found[1])
    except binascii.Error:
        inside = chance.choice(others)
    changed = base64.b64encode(message(inside, chance, others))
    return data[: found.start(1)] + changed + data[found.end(1) :]


MEMBERS = (
    "a.xml",
    "b.XML",
    "../a.xml",
    "/a.xml",
    "c:a.xml",
    "a.zip",
    "a/",
    "x.txt",
    "",
    "\x1b.xml",
)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def archive(data: bytes, chance: Random, others: list[bytes]) -> bytes:
    """Change an archive as an archive: its members, their names, or the bytes as they stand."""
    members: list[tuple[str, bytes, int]] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            for info in opened.infolist()[:50]:
                if info.file_size < 1_000_000:
                    members.append((info.filename, opened.read(info), info.compress_type))
    except Exception:  # whatever a damaged archive raises
        members.append(("a.xml", chance.choice(others), zipfile.ZIP_STORED))
    for _ in range(chance.choice((1, 2, 3))):
        at = chance.randrange(len(members) + 1)
        new = chance.choice(others)
        inside = message(new, chance, others) if chance.random() < 0.5 else data[:50_000]
        members.insert(at, (chance.choice(MEMBERS), inside, chance.choice(METHODS)))
        if chance.random() < 0.5:
            del members[chance.randrange(len(members))]
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w") as written:
        warnings.simplefilter("ignore")  # names that occur twice
        for name, content, method in members:
            written.writestr(zipfile.ZipInfo(name or "x"), content, method)
    result = bytearray(made.getvalue())
    for _ in range(chance.choice((0, 0, 1, 4))):
        # Most of what an archive says of itself stands at its end.
        at = max(0, len(result) - 1 - int(chance.expovariate(1 / 60)))
        result[at] = chance.choice((0, 1, 0x7F, 0xFF, result[at] ^ (1 << chance.randrange(8))))
    return bytes(result)
