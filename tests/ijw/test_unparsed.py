"""The way without a parser says the same as the ordinary way, and keeps no data."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel.ijw import Message, header, read_bytes, unparsed, write
from stelsel.ijw.grammar import BASE_NAMESPACE, message_types
from stelsel.ijw.reading import parsed
from tests.ijw.makers import TEXTS, message_contents, spoil

NAMES = sorted(message_types())
PIECES = [
    *("<", ">", "&", "&amp;", "&lt;", "&#65;", "&x;", "<!-- x -->", "<![CDATA[x]]>", "<?x y?>"),
    *("</", "/>", "]]>", "\r", "\r\n", "\n", " ", "\u00a0", "\x00", "\x1f", "\ufffe", "\ufeff"),
    *('"', "'", "=", "x", "<x/>", "<x>1</x>", "\x85", "\u2028", "\x0b", "\x0c", "\x1c", "\uf8ff"),
    *(' xmlns="urn:x"', ' xmlns:ijw="urn:x"', ' a="1"', ' xml:space="preserve"', "ijw:", "/"),
    *(f' xmlns="{BASE_NAMESPACE}"', "\ud800", "<x>", "</x>", "&#13;", "&amp;#13;", ":", "\x7f"),
]
DECLARATIONS = [
    *('<?xml version="1.0" encoding="UTF-8"?>\r\n', "<?xml version='1.0'?>", ""),
    *('<?xml version="1.0" encoding="utf-8" standalone="yes" ?>\n\n', '<?xml version="1.0"?>\t'),
]
SLOW = list(HealthCheck)


def same(data: bytes) -> bool:
    """Whether both ways say the same of a file, also of the order of things in it."""
    quick, ordinary = read_bytes(data), parsed(data)
    return quick == ordinary and repr(quick) == repr(ordinary)


def quick(data: bytes) -> Any:
    """The content of a message as read without a parser; None if it is not read so."""
    unparsed.read(data)  # the first time that a file begins so, that is only noted
    known = unparsed.read(data)
    return None if known is None else known[1]


def answer(reference: str = "R1", beginning: str = "") -> bytes:
    """A small valid message, as another writer may begin it."""
    content = {
        "Header": header("JW319", "0193", "12345678", "A1", date(2026, 4, 10)),
        "Antwoord": {"ReferentieAanbieder": "R1", "VerzoekAntwoord": "2"},
    }
    data = write(Message("JW319", content)).replace(b">R1<", f">{reference}<".encode())
    return beginning.encode() + data[data.index(b"<jw319:Header>") :] if beginning else data


def rewritten(data: bytes, name: str, draw: Any) -> bytes:
    """The same message as another system may write it."""
    text = data.decode()
    text = draw(st.sampled_from(DECLARATIONS)) + text[text.index("<jw") :]
    own, base = draw(
        st.sampled_from(
            [
                (name.lower(), "ijw"),
                ("", "b"),
                ("a", ""),
                ("ijw", name),
                ("é", "_.-"),
                ("ns0", "xml1"),
            ]
        )
    )
    for old, prefix in ((name.lower(), own), ("ijw", base)):
        colon = f"\x00{prefix}:" if prefix else "\x00"
        text = text.replace(f"<{old}:", f"<{colon}").replace(f"</{old}:", f"</{colon}")
        text = text.replace(f'xmlns:{old}="', f'xmlns{":" if prefix else ""}\x01{prefix}="')
    text = text.replace("\x00", "").replace("\x01", "")
    blank = draw(st.sampled_from(["\r\n", "\n", "", " ", "\t\n\r\n "]))
    return re.sub(r">\r\n *<", f">{blank}<", text).encode()


@pytest.fixture(autouse=True)
def _new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unparsed, "_kept", unparsed._Kept())


@settings(max_examples=300, suppress_health_check=SLOW)
@given(st.sampled_from(NAMES), st.data())
def test_a_message_is_read_the_same_however_it_is_written(name: str, data: st.DataObject) -> None:
    message = Message(name, data.draw(message_contents(name)))
    made = write(message)
    for file in (made, rewritten(made, name, data.draw)):
        assert same(file)
        # These alone are left to the parser: other references, and what XML forbids beyond U+F000.
        assert quick(file) == message.content or b"&#" in file or b"\xef" in file


@settings(max_examples=300, suppress_health_check=SLOW)
@given(st.sampled_from(NAMES), st.data())
def test_a_change_anywhere_is_seen_just_as_by_parsing(name: str, data: st.DataObject) -> None:
    text = write(Message(name, data.draw(message_contents(name)))).decode()
    if data.draw(st.booleans()):
        text = rewritten(text.encode(), name, data.draw).decode()
    for _ in range(data.draw(st.integers(1, 2))):
        at = data.draw(st.integers(0, len(text)))
        length = data.draw(st.sampled_from([0, 0, 1, 2, 5]))
        piece = data.draw(st.sampled_from(PIECES) | st.sampled_from(TEXTS))
        text = text[:at] + piece + text[at + length :]
    assert same(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=300, suppress_health_check=SLOW)
@given(st.sampled_from(NAMES), st.data())
def test_a_spoiled_message_is_judged_just_as_by_parsing(name: str, data: st.DataObject) -> None:
    assert same(spoil(write(Message(name, data.draw(message_contents(name)))), data.draw))


@settings(max_examples=300, suppress_health_check=SLOW)
@given(st.sampled_from(NAMES), st.data())
def test_tags_in_another_order_are_judged_just_as_by_parsing(
    name: str, data: st.DataObject
) -> None:
    text = write(Message(name, data.draw(message_contents(name)))).decode()
    lines = text.split("\r\n")
    for _ in range(data.draw(st.integers(1, 3))):
        at, to = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        move = data.draw(st.sampled_from(["move", "copy", "drop"]))
        line = lines[at] if move == "copy" else lines.pop(at)
        if move != "drop":
            lines.insert(to, line)
    assert same("\r\n".join(lines).encode())


@pytest.mark.parametrize(
    "text",
    [
        *("R2", "R&amp;D", "&lt;R&gt;", " R", "é", "&apos;&quot;", "&amp;lt;", "&amp;amp;"),
        *("\u0085", "\u00a0R", "\u2028", "\u7fff", "😀", "=", "a:b", "xmlns", "R/", "\x7f"),
    ],
)
def test_any_value_is_read_without_parsing(text: str) -> None:
    data = answer(text)
    assert quick(data) == parsed(data).message.content  # type: ignore[union-attr]
    assert same(data)


@pytest.mark.parametrize(
    "text",
    [
        *("&#82;", "&#x52;", "a&b", "R\r", "R\r\n", "", " ", "x" * 37, "&amp", "&AMP;", "&nbsp;"),
        *("\ufffe", "\uffff", "\ufeff", "\x00", "\x0b", "\x1c", "\x1f", "]]>", ">", "<", "<b/>"),
        *("<!-- -->R", "<![CDATA[R]]>", "<?a b?>R", "&amp;#82", "R\n"),
    ],
)
def test_what_is_odd_is_left_to_the_ordinary_way(text: str) -> None:
    data = answer(text)
    assert same(data)
    if text != "&amp;#82":
        assert quick(data) is None


OWN = 'xmlns:jw319="http://www.istandaarden.nl/ijw/3_2/jw319/schema"'
BASE = f'xmlns:ijw="{BASE_NAMESPACE}"'
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


@pytest.mark.parametrize(
    ("beginning", "plain"),
    [
        (f"<jw319:Bericht {OWN} {BASE}>", True),
        (f"<jw319:Bericht  {BASE}\n{OWN} >", True),
        (f"<jw319:Bericht {OWN} {BASE} {XSI}>", True),
        (f'<jw319:Bericht {OWN} {BASE} {XSI} xsi:schemaLocation="a b">', True),
        (f"<jw319:Bericht {OWN} {BASE} xmlns=''>", True),
        (f"<jw319:Bericht {OWN} {BASE} xmlns='urn:x'>", True),
        (f"<?xml version='1.0' ?>\n<jw319:Bericht {OWN} {BASE}>", True),
        (f"<?xml version='1.1'?><jw319:Bericht {OWN} {BASE}>", True),
        (f"<?xml version='1.0' encoding='utf8'?><jw319:Bericht {OWN} {BASE}>", True),
        (f"<?xml version='1.0' encoding='latin1'?><jw319:Bericht {OWN} {BASE}>", False),
        (f"<?xml encoding='UTF-8'?><jw319:Bericht {OWN} {BASE}>", False),
        (f"<?xml version='2.0'?><jw319:Bericht {OWN} {BASE}>", None),
        (f"<?xml version='1.0' standalone='x'?><jw319:Bericht {OWN} {BASE}>", False),
        (f"<?xml?><jw319:Bericht {OWN} {BASE}>", False),
        (f"<?xml version='1.0'><jw319:Bericht {OWN} {BASE}>", False),
        (f"<?xml version='1.0'?>x<jw319:Bericht {OWN} {BASE}>", False),
        (f"<?xml version='1.0'?><?xml version='1.0'?><jw319:Bericht {OWN} {BASE}>", False),
        (f"<?XML version='1.0'?><jw319:Bericht {OWN} {BASE}>", False),
        (f"<?xml-stylesheet a='b'?><jw319:Bericht {OWN} {BASE}>", False),
        (f" <?xml version='1.0'?><jw319:Bericht {OWN} {BASE}>", False),
        (f"\ufeff<jw319:Bericht {OWN} {BASE}>", False),
        (f"<!-- x --><jw319:Bericht {OWN} {BASE}>", False),
        (f"<!DOCTYPE x><jw319:Bericht {OWN} {BASE}>", False),
        (f"<?a b?><jw319:Bericht {OWN} {BASE}>", False),
        (f"x<jw319:Bericht {OWN} {BASE}>", False),
        (f"<jw319:Bericht {OWN} {BASE} a='1'>", False),
        (f"<jw319:Bericht {OWN} {BASE} xml:space='preserve'>", False),
        (f"<jw319:Bericht {OWN} {BASE} {XSI} xsi:type='jw319:Root'>", False),
        (f"<jw319:Bericht {OWN} {BASE} {XSI} xsi:nil='false'>", False),
        (f"<jw319:Bericht {OWN} {BASE} {OWN}>", False),
        (f"<jw319:Bericht {OWN} {BASE} {OWN.replace(':jw319', ':a')}>", False),
        (f"<jw319:Bericht {OWN} {BASE} {BASE.replace(':ijw', '')}>", False),
        (f"<jw319:Bericht {OWN}>", False),
        (f"<jw319:Bericht {BASE}>", False),
        (f"<Bericht {OWN} {BASE}>", False),
        (f"<a:Bericht {OWN} {BASE}>", False),
        (f"<jw319:Brief {OWN} {BASE}>", False),
        (f"<jw319:Bericht {OWN}{BASE}>", False),
        (f"<jw319:Bericht{OWN} {BASE}>", False),
        (f"<jw319:Bericht {OWN.replace(chr(34), '')} {BASE}>", False),
        (f"<jw319:Bericht {OWN} {BASE} xmlns:xml='urn:x'>", False),
        (f"<jw319:Bericht {OWN} {BASE} xmlns:xmlns='urn:x'>", False),
        (f"<jw319:Bericht {OWN} {BASE} xmlns:a=''>", False),
        (f"<jw319:Bericht {OWN} {BASE} xmlns:a='&amp;'>", None),
        (f"<jw319:Bericht {OWN} {BASE} xmlns:a='&x;'>", False),
        (f"<jw319:Bericht {OWN.replace('319/', '323/')} {BASE}>", False),
        (f"<jw319:Bericht {OWN.replace('3_2', '3_1')} {BASE}>", False),
        (f"<jw319:Bericht {OWN} {BASE}/>", False),
        (f"<jw319:Bericht {OWN} {BASE}></jw319:Bericht>", False),
        (f"<jw319:Bericht {OWN} {BASE}>x", False),
        (f"<jw319:Bericht {OWN} {BASE}><jw319:Bericht>", False),
        (f"< jw319:Bericht {OWN} {BASE}>", False),
        (f"<jw319:Bericht {OWN} {BASE} xmlns:a='>'>", False),
        (f"<jw319:Bericht\u00a0{OWN} {BASE}>", False),
        ("<>", False),
        ("<?xml ?>", False),
    ],
)
def test_beginnings(beginning: str, plain: bool | None) -> None:
    data = answer(beginning=beginning)
    for _ in range(2):
        assert same(data)
        assert plain is None or (quick(data) is not None) == plain


@pytest.mark.parametrize(
    "end",
    [
        *(
            "",
            "</jw319:Bericht",
            "</jw319:Bericht>x",
            "</jw319:Bericht><a/>",
            "</jw319:Bericht>\x00",
        ),
        *("</jw319:Bericht></jw319:Bericht>", "</jw319:Bericht><!-- x -->", "</jw319:Bericht >"),
        *("</Bericht>", "</jw319:bericht>", "</ jw319:Bericht>", "</>", "</jw319:Bericht></>"),
        *("</jw319:Bericht>\r\n\t ", "</jw319:Bericht>\u00a0", "</jw319:Bericht>\x0c", "<", ">"),
        *("</jw319:Bericht><jw319:Header>", "</jw319:Bericht>&amp;", "</jw319:Bericht>&"),
    ],
)
def test_ends(end: str) -> None:
    data = answer().replace(b"</jw319:Bericht>\r\n", end.encode())
    assert same(data)
    assert (quick(data) is not None) == (end == "</jw319:Bericht>\r\n\t ")


def claim(clients: int, prestations: int = 2) -> dict[str, Any]:
    """A claim of any size."""
    period = {"Begindatum": date(2026, 3, 1), "Einddatum": date(2026, 3, 31)}
    amount = {"Bedrag": 100, "DebetCredit": "D"}
    return {
        "Header": header("JW323", "12345678", "0193", "A1", date(2026, 4, 10)),
        "Declaratie": {
            "DeclaratieNummer": "D1",
            "DeclaratiePeriode": period,
            "DeclaratieDagtekening": date(2026, 4, 9),
            "TotaalIngediendBedrag": {
                "TotaalBedrag": 100 * clients * prestations,
                "DebetCredit": "D",
            },
            "Clienten": {
                "Client": [
                    {
                        "Bsn": "999990019",
                        "Prestaties": {
                            "Prestatie": [
                                {
                                    "ProductReferentie": {"ReferentieNummer": f"{client}.{number}"},
                                    "ToewijzingNummer": client,
                                    "ProductCategorie": "45",
                                    "ProductCode": "45A01",
                                    "ProductPeriode": period,
                                    "GeleverdVolume": 1,
                                    "Eenheid": "04",
                                    "ProductTarief": 100,
                                    "IngediendBedrag": amount,
                                }
                                for number in range(prestations)
                            ]
                        },
                    }
                    for client in range(clients)
                ]
            },
        },
    }


def test_a_large_file_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    content = claim(400)
    data = write(Message("JW323", content))
    assert len(data) > 4 * unparsed.PART
    for part in (unparsed.PART, 1, 7, 1000, len(data) - 3, len(data) - 2, len(data)):
        monkeypatch.setattr(unparsed, "PART", part)
        assert quick(data) == content
        assert quick(data + b"</x>") is None
        assert quick(data[:-5]) is None


def test_a_text_that_may_be_too_long_is_left_to_the_parser() -> None:
    data = write(Message("JW315", request("x" * unparsed.LONGEST_PART)))
    assert quick(data) is None
    assert same(data)
    assert read_bytes(data).message is not None
    data = write(Message("JW315", request("x" * 11_000_000)))
    assert [each.rule for each in read_bytes(data).findings] == ["xml.limits"]
    data = write(Message("JW315", request("=" * 1_100_000)))
    assert [each.rule for each in read_bytes(data).findings] == ["xml.limits"]


def request(remark: str) -> dict[str, Any]:
    """A request with a remark of any length."""
    return {
        "Header": header("JW315", "12345678", "0193", "A1", date(2026, 4, 10)),
        "Client": {
            "Bsn": "999990019",
            "Geboortedatum": {"Datum": date(2015, 4, 1)},
            "Geslacht": "2",
            "Naam": {"Geslachtsnaam": {"Achternaam": "Voorbeeld"}},
            "Commentaar": remark,
            "AangevraagdeProducten": {
                "AangevraagdProduct": [
                    {
                        "ReferentieAanbieder": "R1",
                        "Product": {"Categorie": "45"},
                        "ToewijzingIngangsdatum": date(2026, 4, 1),
                        "Verwijzer": {"Type": "01"},
                    }
                ]
            },
        },
    }


def test_a_group_may_not_be_empty() -> None:
    data = answer().replace(
        b"</jw319:Antwoord>",
        b"<jw319:Woonplaatsbeginsel></jw319:Woonplaatsbeginsel></jw319:Antwoord>",
    )
    assert quick(data) is None
    assert same(data)


# ---- what is kept


def test_a_way_of_writing_is_learned_from_the_second_file() -> None:
    assert unparsed.read(answer("R1")) is None
    assert unparsed.read(answer("R2")) is not None
    assert unparsed.read(answer("R3").replace(b"\r\n", b"\n")) is None
    unparsed.forget()
    assert unparsed.read(answer("R4")) is None


def kept() -> str:
    """All that is kept, as text."""
    told = list(unparsed._kept.beginnings)
    states: list[unparsed._State] = list(unparsed._kept.roots.values())
    while states:
        state = states.pop()
        told += state
        states += state.inside.values()
    return " ".join(told)


def test_what_is_kept_holds_no_data() -> None:
    data = write(Message("JW315", request("Geheim")))
    assert quick(data) is not None
    assert "AangevraagdProduct" in kept()
    for word in ("Geheim", "999990019", "2015-04-01", "Voorbeeld"):
        assert word.encode() in data
        assert word not in kept()


def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unparsed, "MOST_KEPT", 100)
    seen = set()
    for number in range(200):
        data = answer().replace(b"ijw:", b"p%d:" % number).replace(b":ijw", b":p%d" % number)
        assert quick(data) is not None
        seen.add(unparsed._kept.count)
        assert unparsed._kept.count <= 100 + 20
        assert len(kept().split()) <= 1000
    for number in range(200):
        data = answer().replace(b"\r\n", b" " * number + b"\n")
        assert quick(data) is not None
        assert len(unparsed._kept.beginnings) <= 100
        assert len(unparsed._kept.beginnings.noted) <= 100
    assert len(seen) > 5


def test_long_white_space_is_read_and_not_kept() -> None:
    begin, mark, rest = answer().partition(b"</jw319:BerichtCode>")
    data = begin + mark + rest.replace(b"\r\n", b" " * 100_000)
    assert quick(data) == quick(answer())
    everywhere = answer().replace(b"\r\n", b" " * 100_000)
    assert quick(everywhere) is None
    assert same(everywhere)
    assert len(kept()) < 30 * unparsed.LONGEST_KEPT
    assert same(data)


def test_text_in_another_place_does_not_pass_for_white_space() -> None:
    whole = answer()
    assert quick(whole) is not None
    for at in [place.start() for place in re.finditer(rb"\r\n", whole)]:
        for odd in (b"x", b"&#32;", b"\xc2\xa0", b"&amp;", b"\x0c"):
            assert quick(whole[:at] + odd + whole[at:]) is None
            assert same(whole[:at] + odd + whole[at:])
