"""Files, folders and archives: what is read, in which order, under which name, and what is not."""

from __future__ import annotations

import os
import zipfile
from datetime import date
from pathlib import Path

import pytest

from stelsel.errors import StelselError
from stelsel.ijw import Message, archives, header, read, write


def answer(number: str) -> bytes:
    """A small valid message."""
    content = {
        "Header": header("JW319", "0193", "12345678", number, date(2026, 4, 10)),
        "Antwoord": {"ReferentieAanbieder": "R1", "VerzoekAntwoord": "2"},
    }
    return write(Message("JW319", content))


def seen(path: Path | list[Path]) -> list[tuple[str, list[str]]]:
    """What was read: the name of each file and the rules it breaks."""
    return [(each.file, [finding.rule for finding in each.findings]) for each in read(path)]


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    for name in ("b/c/2.xml", "b/1.XML", "a.xml", "z.xml"):
        (tmp_path / name).write_bytes(answer("A1"))
    (tmp_path / "readme.txt").write_text("no message")
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    names = [f"{tmp_path}/{name}" for name in ("a.xml", "z.xml", "b/1.XML", "b/c/2.xml")]
    assert seen(tmp_path) == [(name, []) for name in names]


def test_a_folder_without_messages_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "readme.txt").write_text("no message")
    (tmp_path / "a" / "c.xml").symlink_to(tmp_path)
    with pytest.raises(StelselError, match="holds no messages"):
        read(tmp_path)
    (tmp_path / "a" / "b" / "c.xml").write_bytes(answer("A1"))
    assert seen(tmp_path) == [(f"{tmp_path}/a/b/c.xml", [])]


def test_an_archive_is_read_member_by_member(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.xml", answer("A2"))
        archive.writestr("sub/", "")
        archive.writestr("sub/a.xml", answer("A1"))
        archive.writestr("a.XML", b"<x/>")
        archive.writestr("readme.txt", "no message")
    assert seen(tmp_path) == [
        (f"{file}/a.XML", ["message.foreign"]),
        (f"{file}/b.xml", []),
        (f"{file}/sub/a.xml", []),
    ]


def test_a_named_file_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "message").write_bytes(answer("A1"))
    with zipfile.ZipFile(tmp_path / "archive", "w") as archive:
        archive.writestr("a.xml", answer("A1"))
    (tmp_path / "text.zip").write_text("no archive")
    paths = [tmp_path / name for name in ("message", "archive", "text.zip")]
    assert seen(paths) == [
        (f"{tmp_path}/message", []),
        (f"{tmp_path}/archive/a.xml", []),
        (f"{tmp_path}/text.zip", ["zip.damaged"]),
    ]


@pytest.mark.parametrize(
    "name",
    ["../a.xml", "a/../../b.xml", "/etc/a.xml", "..\\a.xml", "C:\\a.xml", "C:a.xml", "\\a.xml"],
)
def test_names_that_point_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, answer("A1"))
        archive.writestr("good..xml", answer("A2"))
    found = dict(seen(file))
    assert found.pop(f"{file}/good..xml") == []
    assert list(found.values()) == [["zip.name"]]


def test_what_an_archive_may_not_hold(tmp_path: Path) -> None:
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.xml", answer("A1"))
    outer = tmp_path / "outer.zip"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(inner, "inner.zip")
        archive.writestr("lzma.xml", answer("A1"), zipfile.ZIP_LZMA)
        archive.writestr("bzip.xml", answer("A1"), zipfile.ZIP_BZIP2)
    assert seen(outer) == [
        (f"{outer}/bzip.xml", ["zip.method"]),
        (f"{outer}/inner.zip", ["zip.nested"]),
        (f"{outer}/lzma.xml", ["zip.method"]),
    ]


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.xml", answer("A1"))
    data = bytearray(file.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1  # the flag that says so
    file.write_bytes(data)
    assert seen(file) == [(f"{file}/a.xml", ["zip.method"])]


def test_damage_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.xml", answer("A1"))
    whole = file.read_bytes()
    at = whole.index(b"<jw319:Header>")
    file.write_bytes(whole[:at] + b"X" + whole[at + 1 :])
    assert seen(file) == [(f"{file}/a.xml", ["zip.damaged"])]
    for length in (4, 30, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        assert seen(file) == [(f"{file}", ["zip.damaged"])]


def test_every_byte_of_an_archive_may_be_wrong(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", answer("A1"))
    whole = file.read_bytes()
    for at in range(len(whole)):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        for received in read(file):
            assert received.valid or received.message is None


def test_an_archive_without_messages(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "no message")
    assert seen(file) == [(f"{file}", ["zip.empty"])]


@pytest.mark.parametrize(("name", "limit"), [("MOST_MEMBERS", 3), ("LARGEST_INFLATED", 3000)])
def test_an_archive_beyond_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: int
) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}.xml", answer("A1"))
    assert len(seen(file)) == 4
    monkeypatch.setattr(archives, name, limit)
    assert seen(file) == [(f"{file}", ["zip.limits"])]


def test_the_wide_form_of_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Archives with 65,536 members or more have their numbers in a second record.
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.xml", answer("A1"))
        monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)
    assert b"PK\x06\x06" in file.read_bytes()
    assert [rules for _, rules in seen(file)] == [[], [], []]
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    assert seen(file) == [(f"{file}", ["zip.limits"])]


def test_paths_that_are_not_there_are_told_at_once_and_together(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.xml").write_bytes(answer("A1"))
    with pytest.raises(StelselError) as caught:
        read([tmp_path / "a.xml", tmp_path / "nothing", tmp_path / "empty"])
    assert [(fault.where, fault.what, fault.what_nl) for fault in caught.value.faults] == [
        (f"{tmp_path}/nothing", "The path does not exist.", "Dit pad bestaat niet."),
        (f"{tmp_path}/empty", "The folder holds no messages.", "In deze map staan geen berichten."),
    ]


def test_files_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_bytes(answer("A1"))
    reading = read([tmp_path / "a.xml", tmp_path / "b.xml"])
    assert next(reading).valid
    (tmp_path / "b.xml").unlink()
    assert [finding.rule for finding in next(reading).findings] == ["file.open"]


def test_names_that_cannot_be_printed(tmp_path: Path) -> None:
    for name in (b"\xff.xml", b"\x1b[2J.xml"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(answer("A1"))
    names = [name for name, _ in seen(tmp_path)]
    assert names == [f"{tmp_path}/\\x1b[2J.xml", f"{tmp_path}/\\udcff.xml"]
    assert all(name.isprintable() for name in names)


def test_the_language_must_be_known(tmp_path: Path) -> None:
    with pytest.raises(StelselError, match="nl, en"):
        read(tmp_path, lang="fr")
