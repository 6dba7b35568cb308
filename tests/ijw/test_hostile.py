"""Files made to harm, or merely odd: refused with a reason, quickly and in little memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from stelsel.ijw import Message, header, opening, read, read_bytes, write
from stelsel.ijw.reading import parsed

CONTENT = {
    "Header": header("JW319", "0193", "12345678", "A1", date(2026, 4, 10)),
    "Antwoord": {"ReferentieAanbieder": "R1", "VerzoekAntwoord": "2"},
}
GOOD = write(Message("JW319", CONTENT))
START = GOOD.index(b"<jw319:Bericht")
DECLARATION, BODY = GOOD[:START], GOOD[START:]
TEXT = GOOD.decode()

LAUGHS = b"<!DOCTYPE x [<!ENTITY a 'ha'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(20)
)


def rules_of(data: bytes) -> list[str]:
    """The rules that a file breaks."""
    return [finding.rule for finding in read_bytes(data).findings]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (DECLARATION + LAUGHS + b"]>" + BODY.replace(b">R1<", b">&u;<"), "xml.doctype"),
        (b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'>" + BODY, "xml.doctype"),
        (b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + BODY, "xml.doctype"),
        (b"<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://[::1]/x'> %p;]>" + BODY, "xml.doctype"),
        (DECLARATION + b"<!-- <x> --><?pi <y> ?>\n<!DOCTYPE x>" + BODY, "xml.doctype"),
        (BODY.replace(b">R1<", b">&e;<"), "xml.malformed"),
        (b"<!doctype x>" + BODY, "xml.doctype"),
        (b"<a>" * 300 + b"</a>" * 300, "xml.limits"),
        (b"<a>" * 350_000, "xml.limits"),
        (b"<a>" + b"<b/>" * 4_000_000 + b"</a>", "xml.limits"),
        (b"<a " + b" ".join(b'a%d=""' % n for n in range(1_100_000)) + b"/>", "xml.limits"),
        (b"<a>" + b"x" * 11_000_000 + b"</a>", "xml.limits"),
        (b"<" + b"a" * 11_000_000 + b"/>", "xml.limits"),
        (b" " * (opening.LARGEST + 1), "file.size"),
        (b" " * 1_000_000, "file.empty"),
        (b"", "file.empty"),
        (TEXT.encode("utf-16"), "file.encoding"),
        (TEXT.encode("utf-16-le"), "file.encoding"),
        (TEXT.encode("utf-16-be"), "file.encoding"),
        (TEXT.encode("utf-32"), "file.encoding"),
        (TEXT.encode("utf-32-be"), "file.encoding"),
        (b"+ADw-Bericht/>", "file.encoding"),
        (b"+/v8-" + GOOD, "file.encoding"),
        (TEXT.encode("cp500"), "file.encoding"),
        (GOOD.replace(b"UTF-8", b"ISO-8859-1"), "file.encoding"),
        (GOOD.replace(b'"UTF-8"', b"'windows-1252'"), "file.encoding"),
        (GOOD.replace(b">R1<", b">R\xe9<"), "file.encoding"),
        (GOOD.replace(b">R1<", b">R\xed\xa0\x80<"), "file.encoding"),
        (GOOD.replace(b">R1<", b">R\x00<"), "xml.malformed"),
        (GOOD.replace(b">R1<", b">R\x08<"), "xml.malformed"),
        (GOOD.replace(b">R1<", b">R&#0;<"), "xml.malformed"),
        (GOOD + b"<x/>", "xml.malformed"),
        (GOOD[:-5], "xml.malformed"),
        (b"MZ\x90\x00", "xml.malformed"),
        (b"{}", "xml.malformed"),
        (b"<html/>", "message.foreign"),
        # An instruction of a reserved name keeps the parser silent about prefixes not declared.
        (b"<a:Bericht></a:Bericht><?xmlM?>", "message.foreign"),
        (
            GOOD.replace(b"Bericht xmlns", b"Brief xmlns").replace(b"Bericht>", b"Brief>"),
            "message.foreign",
        ),
        (GOOD.replace(b"ijw/3_2/jw319", b"ijw/3_1/jw319"), "message.release"),
        (GOOD.replace(b"ijw/3_2/jw319", b"iwmo/3_2/wmo319"), "message.release"),
        (GOOD.replace(b"ijw/3_2/jw319", b"ijw/3_2/jw399"), "message.unknown"),
        (
            b'<a:Di01 xmlns:a="http://www.stufstandaarden.nl/koppelvlak/ggk0210"/>',
            "message.envelope",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused_with_one_reason(data: bytes, rule: str) -> None:
    for _ in range(3):
        received = read_bytes(data, "a.xml")
        assert received.message is None
        assert [(finding.level, finding.rule) for finding in received.findings] == [(1, rule)]


@pytest.mark.parametrize(
    "data",
    [
        BODY,
        DECLARATION.replace(b"UTF-8", b"utf-8") + BODY,
        DECLARATION.replace(b'"', b"'") + BODY,
        DECLARATION.replace(b"?>", b' standalone="yes"?>') + BODY,
        DECLARATION + b"<!-- <!DOCTYPE x> --><?x y?>" + BODY + b"<!-- z -->",
        GOOD.replace(b">R1<", b"><![CDATA[<!DOCTYPE]]><"),
        GOOD.replace(b">R1<", b">R<!-- -->1<"),
        GOOD.replace(b">R1<", b">&#82;1<"),
        GOOD.replace(b"\r\n", b"\n"),
        GOOD.replace(b"\r\n", b""),
        GOOD.replace(b"jw319:", b"").replace(b"xmlns:jw319", b"xmlns"),
        GOOD.replace(b"ijw:", b"q:").replace(b"xmlns:ijw", b"xmlns:q"),
    ],
)
def test_odd_but_right(data: bytes) -> None:
    for _ in range(3):
        assert rules_of(data) == []


def test_a_byte_order_mark_is_told_beside_all_else() -> None:
    assert rules_of(b"\xef\xbb\xbf" + GOOD) == ["file.bom"]
    wrong = GOOD.replace(b">2</jw319:VerzoekAntwoord", b">5</jw319:VerzoekAntwoord")
    findings = read_bytes(b"\xef\xbb\xbf" + wrong).findings
    line = wrong[: wrong.index(b">5<")].count(b"\n") + 1
    assert [(each.rule, each.line) for each in findings] == [("file.bom", 1), ("value.code", line)]
    assert rules_of(b"\xef\xbb\xbf") == ["file.bom", "file.empty"]


def test_the_release_is_named() -> None:
    (finding,) = read_bytes(GOOD.replace(b"ijw/3_2/jw319", b"ijw/3_1/jw319")).findings
    assert "iJw 3.1 JW319" in finding.message
    (finding,) = read_bytes(GOOD.replace(b"ijw/3_2/jw319", b"iwmo/2_0/wmo319")).findings
    assert "iWmo 2.0 WMO319" in finding.message


def test_faults_without_end_are_cut_off() -> None:
    flood = GOOD.replace(b"</jw319:Antwoord>", b"<x/>" * 100_000 + b"</jw319:Antwoord>")
    began = time.perf_counter()
    found = rules_of(flood)
    assert time.perf_counter() - began < 5
    assert found.count("structure.unknown") == len(found) - 1 == 1000
    assert found.count("file.more") == 1


# ---- in a process of its own, with little memory and little time

# The most memory of a process itself, in kilobytes; what getrusage tells includes its parent's.
MOST = """
def most():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
"""
RUN = f"""
import sys
from stelsel.ijw import read
{MOST}
list(read(sys.argv[1]))  # imports and tables are in memory now
used = most()
found = [finding.rule for received in read(sys.argv[2]) for finding in received.findings]
print(most() - used, *found)
"""


def sparse(path: Path) -> None:
    """A file of a hundred megabytes that takes no room on the disk."""
    path.touch()
    os.truncate(path, 100_000_000)


def bomb(path: Path) -> None:
    """An archive of a few kilobytes with a member of a hundred megabytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("a.xml", bytes(100_000_000))


def small_bomb(path: Path) -> None:
    """A member that is within the limit but that no message would pack so small."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("a.xml", bytes(20_000_000))


def lying_bomb(path: Path) -> None:
    """A bomb that says it is small."""
    bomb(path)
    data = path.read_bytes()
    size = (100_000_000).to_bytes(4, "little")
    assert data.count(size) == 2
    path.write_bytes(data.replace(size, (3000).to_bytes(4, "little")))


def many(path: Path) -> None:
    """A list of members that would fill the memory, by what the end of the archive says."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.xml", GOOD)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x05\x06")
    data[at + 12 : at + 16] = (500_000_000).to_bytes(4, "little")
    path.write_bytes(data)


def deep(path: Path) -> None:
    """Four megabytes of opening tags."""
    path.write_bytes(b"<abc>" * 800_000)


@pytest.mark.parametrize(
    ("make", "rule", "megabytes"),
    [
        (sparse, "file.size", 5),
        (bomb, "file.size", 5),
        (small_bomb, "zip.limits", 5),
        (lying_bomb, "zip.damaged", 5),
        (many, "zip.limits", 5),
        (deep, "xml.limits", 40),
    ],
)
def test_refused_quickly_and_in_little_memory(
    tmp_path: Path, make: Callable[[Path], None], rule: str, megabytes: int
) -> None:
    good, file = tmp_path / "good.xml", tmp_path / "file"
    good.write_bytes(GOOD)
    make(file)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", RUN, good, file],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31)),
    )
    assert time.perf_counter() - began < 20
    kilobytes, *found = done.stdout.split()
    assert found == [rule]
    assert int(kilobytes) < megabytes * 1024


NAMES = f"""
from stelsel.ijw import opening, read_bytes
{MOST}
opening.MOST_MET = 3_000_000
def read(number):
    names = (f"<n{{number}}x{{k}}{{'a' * 60}}/>" for k in range(20_000))
    return read_bytes(("<a>" + "".join(names) + "</a>").encode()).findings[0].rule
found = {{read(number) for number in range(4)}}
used = most()
found |= {{read(number) for number in range(4, 40)}}
print(most() - used, *found)
"""


def test_names_of_ever_other_elements_do_not_fill_the_memory() -> None:
    # The parser keeps every name for as long as its thread lives: here some 55 MB.
    done = subprocess.run(
        [sys.executable, "-c", NAMES], check=True, capture_output=True, text=True, timeout=60
    )
    kilobytes, *found = done.stdout.split()
    assert found == ["message.foreign"]
    assert int(kilobytes) < 15 * 1024


def test_files_parsed_apart_are_judged_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = [
        *(GOOD, BODY, b"<a", b"", b"<x/>", GOOD[:-5], GOOD.replace(b">R1<", b">R<!-- -->1<")),
        *(GOOD.replace(b">R1<", b"> <"), GOOD.replace(b">R1<", b"><![CDATA[x]]> <"), b"<a>" * 300),
        *(GOOD.replace(b">2</jw319:V", b">5</jw319:V"), GOOD.replace(b">R1<", b">R\xe9<")),
    ]
    here = [parsed(data) for data in odd]
    monkeypatch.setattr(opening, "MOST_MET", -1)
    assert [parsed(data) for data in odd] == here


def test_right_messages_are_of_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening._met, "size", 0)
    for data in (GOOD, BODY, GOOD.replace(b">R1<", b">R<!-- -->1<")):
        for _ in range(3):
            assert read_bytes(data).valid
    assert opening._met.size == 0
    with_more = GOOD.replace(b"<jw319:Bericht", b'<jw319:Bericht xmlns:a="urn:a" xmlns:b="urn:b"')
    for data in (with_more, GOOD.replace(b">R1<", b"><?a b?>R1<"), b"<x/>"):
        before = opening._met.size
        parsed(data)
        assert opening._met.size == before + len(data)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.xml")
    (received,) = read(tmp_path)
    assert [finding.rule for finding in received.findings] == ["file.open"]


def test_a_value_of_ten_megabytes_of_blanks_is_judged_at_once() -> None:
    data = GOOD.replace(b">R1<", b">" + b" " * 9_000_000 + b"<")
    began = time.perf_counter()
    assert rules_of(data) == ["value.blank"]
    assert time.perf_counter() - began < 5
