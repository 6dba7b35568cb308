"""The register on disk: what goes in, what stays out, what changes and what does not."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import deltalake
import pyarrow.parquet as pq
import pytest

from stelsel.errors import StelselError
from stelsel.ijw import Message, read, write
from stelsel.register import Outcome, Register, ingest, store
from tests.ijw_events import messages as by_hand

DAY = date(2024, 3, 8)
BEGIN, END = date(2024, 3, 1), date(2024, 6, 28)


@pytest.fixture(autouse=True)
def _no_key_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STELSEL_KEY_FILE", raising=False)


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register.create(tmp_path / "register")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    place = tmp_path / "inbox"
    place.mkdir()
    return place


def put(inbox: Path, *messages: Message, prefix: str = "") -> Path:
    for number, message in enumerate(messages):
        (inbox / f"{prefix}{number:03d}.xml").write_bytes(write(message))
    return inbox


def story() -> list[Message]:
    """A request, its allocation, a start that is mended, a stop."""
    return [
        by_hand.requested(date(2024, 2, 1), name="A"),
        by_hand.allocated(date(2024, 2, 5), ReferentieAanbieder="V1", name="B"),
        by_hand.started(date(2024, 3, 5), (date(2024, 3, 4), "1"), name="C"),
        by_hand.started(DAY, (date(2024, 3, 4), "3"), (BEGIN, "1"), name="D"),
        by_hand.stopped(date(2024, 7, 1), BEGIN, (END, "31", "1"), name="E"),
    ]


def shown(spells: Any) -> list[str]:
    names = ("station", "start", "end", "exit")
    return [" ".join(str(row[name] or "-") for name in names) for row in spells.to_pylist()]


SPELLS = [
    "wait-ambulatory 2024-02-01 2024-03-01 served",
    "care-ambulatory 2024-03-01 2024-06-29 planned",
]


def state(register: Register) -> dict[str, bytes]:
    """Every file of the register but the lock and the access log, whole."""
    return {
        path.relative_to(register.folder).as_posix(): path.read_bytes()
        for path in register.folder.rglob("*")
        if path.is_file() and path.name not in {".lock", "access.jsonl", ".access.jsonl.head"}
    }


# --- taking in -----------------------------------------------------------------------------------


def test_a_story_goes_in_and_comes_out(register: Register, inbox: Path) -> None:
    assert register.ingest(put(inbox, *story())) == Outcome(read=5, new=5)
    assert shown(register.spells()) == SPELLS
    assert register.last_day == END
    assert register.version == 1
    assert register.events().num_rows == 6
    assert register.made_up


def test_the_same_again_changes_nothing(register: Register, inbox: Path) -> None:
    register.ingest(put(inbox, *story()))
    before = state(register)
    assert register.ingest(inbox) == Outcome(read=5, known=5)
    assert Register.open(register.folder).ingest([inbox, inbox]) == Outcome(read=10, known=10)
    assert state(register) == before


def test_twice_in_one_go_is_once(register: Register, inbox: Path) -> None:
    put(inbox, *story())
    put(inbox, *story(), prefix="again")
    assert register.ingest(inbox) == Outcome(read=10, new=5, known=5)


def test_other_bytes_with_the_same_content_are_the_same_message(
    register: Register, inbox: Path
) -> None:
    register.ingest(put(inbox, *story()))
    data = (inbox / "000.xml").read_bytes()
    (inbox / "000.xml").write_bytes(data.replace(b"\r\n", b"\n"))
    assert register.ingest(inbox / "000.xml") == Outcome(read=1, known=1)


@pytest.mark.parametrize("together", [True, False])
def test_a_number_used_for_another_message_is_set_aside(
    register: Register, inbox: Path, together: bool
) -> None:
    put(inbox, by_hand.started(DAY, (BEGIN, "1"), name="A"))
    if not together:
        register.ingest(inbox)
    put(inbox, by_hand.started(DAY, (DAY, "1"), name="A"), prefix="other")
    expected = Outcome(read=2, new=1, set_aside=1) if together else Outcome(2, 0, 1, 1)
    assert register.ingest(inbox) == expected
    (reasons,) = register.folder.glob("quarantine/*.json")
    (finding,) = json.loads(reasons.read_text("utf-8"))["findings"]
    assert (finding["rule"], finding["return_code"], finding["level"]) == ("TR056", "9056", 3)
    assert register.events()["about"].to_pylist() == [BEGIN]
    # The number belongs to a sender and a type; elsewhere it is free.
    put(inbox, by_hand.stopped(DAY, BEGIN, (DAY, "31", "1"), name="A"), prefix="stop")
    assert register.ingest(inbox / "stop000.xml") == Outcome(read=1, new=1)


def test_the_known_message_stays_known_when_another_with_its_number_is_read_first(
    register: Register, inbox: Path
) -> None:
    put(inbox, by_hand.started(DAY, (BEGIN, "1"), name="A"), prefix="z")
    assert register.ingest(inbox) == Outcome(read=1, new=1)
    put(inbox, by_hand.started(DAY, (DAY, "1"), name="A"), prefix="a")
    assert register.ingest(inbox) == Outcome(read=2, known=1, set_aside=1)
    (reasons,) = register.folder.glob("quarantine/*.json")
    assert json.loads(reasons.read_text("utf-8"))["file"] == "a000.xml"


def test_the_order_of_arrival_does_not_matter(tmp_path: Path, inbox: Path) -> None:
    put(inbox, *story())
    files = sorted(inbox.iterdir())
    found = []
    for number in range(4):
        Random(number).shuffle(files)
        register = Register.create(tmp_path / f"register{number}")
        for file in files if number % 2 else [files]:
            register.ingest(file)
        assert Register.open(register.folder).last_day == END
        found.append(shown(register.spells()))
    assert found == [SPELLS] * 4


def test_known_on(register: Register, inbox: Path) -> None:
    """The register as it stood: before the mistake was mended, the mistake stands."""
    register.ingest(put(inbox, *story()))
    assert shown(register.spells(known_on=date(2024, 1, 31))) == []
    waits = ["wait-ambulatory 2024-02-01 - -"]
    assert shown(register.spells(known_on=date(2024, 3, 4))) == waits
    wrong = [
        "wait-ambulatory 2024-02-01 2024-03-04 served",
        "care-ambulatory 2024-03-04 - -",
    ]
    assert shown(register.spells(known_on=date(2024, 3, 7))) == wrong
    assert register.events(known_on=date(2024, 3, 7)).num_rows == 3
    assert shown(register.spells(known_on=date(2024, 7, 1))) == SPELLS


def test_a_gap_can_be_chosen(register: Register, inbox: Path) -> None:
    again = by_hand.allocated(date(2024, 7, 20), number=2)
    restarted = by_hand.started(date(2024, 8, 5), (date(2024, 8, 1), "1"), number=2)
    register.ingest(put(inbox, *story(), again, restarted))
    waits = {gap: shown(register.spells(gap=gap)).count(SPELLS[0]) for gap in (14, 60)}
    rows = {gap: register.spells(gap=gap).num_rows for gap in (14, 60)}
    assert waits == {14: 1, 60: 1}
    assert rows == {14: 4, 60: 3}


def test_one_child_of_another_range_and_the_register_is_not_made_up(
    register: Register, inbox: Path, is_bsn: Callable[[str], bool]
) -> None:
    register.ingest(put(inbox, *story()))
    assert register.made_up
    outside = next(str(n) for n in range(100_000_000, 100_000_020) if is_bsn(str(n)))
    put(inbox, by_hand.requested(DAY, who=by_hand.child(outside)), prefix="other")
    assert register.ingest(inbox) == Outcome(read=6, new=1, known=5)
    assert not register.made_up


def test_an_empty_register(register: Register) -> None:
    assert register.spells().num_rows == register.events().num_rows == 0
    assert not register.made_up
    with pytest.raises(StelselError, match="is empty"):
        _ = register.last_day


def test_progress_is_told(register: Register, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "_STEP", 2)
    steps: list[int] = []
    register.ingest(put(inbox, *story()), progress=steps.append)
    assert steps == [2, 2, 1]


# --- setting aside -------------------------------------------------------------------------------


def test_what_is_wrong_is_kept_with_its_reasons(register: Register, inbox: Path) -> None:
    good = put(inbox, *story())
    bad = write(by_hand.requested(DAY)).replace(b"999900006", b"999900007")
    (inbox / "bad.xml").write_bytes(bad)
    (inbox / "no.xml").write_bytes(b"<no>")
    assert register.ingest(good) == Outcome(read=7, new=5, set_aside=2)
    folder = register.folder / "quarantine"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    kept = {path.read_bytes() for path in folder.glob("*.xml")}
    assert kept == {bad, b"<no>"}
    told = [json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")]
    rules = {one["file"]: [f["rule"] for f in one["findings"]] for one in told}
    assert rules == {"bad.xml": ["CS002"], "no.xml": ["xml.malformed"]}
    assert {path.stem for path in folder.glob("*.xml")} == {
        path.stem for path in folder.glob("*.json")
    }
    before = state(register)
    (inbox / "bad.xml").rename(inbox / "bad again.xml")
    assert register.ingest(inbox) == Outcome(read=7, known=5, set_aside=2)
    assert state(register) == before


def test_reasons_in_english(register: Register, inbox: Path) -> None:
    (inbox / "no.xml").write_bytes(b"<no>")
    register.ingest(inbox, lang="en")
    (reasons,) = register.folder.glob("quarantine/*.json")
    (finding,) = json.loads(reasons.read_text("utf-8"))["findings"]
    (expected,) = next(read(inbox, lang="en")).findings
    assert finding == asdict(expected)


def archive(place: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in members.items():
            opened.writestr(name, data)
    return place


def test_a_bad_member_of_an_archive_is_kept_alone(register: Register, inbox: Path) -> None:
    good = {f"{n}.xml": write(message) for n, message in enumerate(story())}
    place = archive(inbox / "all.zip", {**good, "deep/bad.xml": b"<bad/>"})
    assert register.ingest(place) == Outcome(read=6, new=5, set_aside=1)
    (kept,) = register.folder.glob("quarantine/*.xml")
    assert kept.read_bytes() == b"<bad/>"


def test_a_bomb_and_a_broken_archive_are_kept_packed(register: Register, inbox: Path) -> None:
    bomb = archive(inbox / "bomb.zip", {"bomb.xml": b" " * 30_000_000, "x.xml": b"<x/>"})
    broken = inbox / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 and no more")
    assert register.ingest([bomb, broken]) == Outcome(read=3, set_aside=3)
    kept = {path.read_bytes() for path in register.folder.glob("quarantine/*.zip")}
    assert kept == {bomb.read_bytes(), broken.read_bytes()}
    told = [
        json.loads(path.read_text("utf-8"))["file"]
        for path in register.folder.glob("quarantine/*.json")
    ]
    assert sorted(told) == ["bomb.xml", "broken.zip", "x.xml"]


# --- nothing half-written ------------------------------------------------------------------------


class Crash(BaseException):
    """What no one catches."""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_leaves_the_store_whole(
    register: Register, inbox: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    register.ingest(put(inbox, story()[0]))
    real = deltalake.write_deltalake

    def crashing(*arguments: Any, **more: Any) -> None:
        if moment == "after":
            real(*arguments, **more)
        raise Crash

    with monkeypatch.context() as broken:
        broken.setattr(store, "write_deltalake", crashing)
        with pytest.raises(Crash):
            register.ingest(put(inbox, *story()))
    opened = Register.open(register.folder)
    assert opened.events().num_rows == (1 if moment == "before" else 6)
    again = opened.ingest(inbox)
    assert again == (Outcome(5, 4, 1) if moment == "before" else Outcome(5, 0, 5))
    assert shown(opened.spells()) == SPELLS


def test_a_crash_between_batches_keeps_whole_messages(
    register: Register, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "BATCH", 2)
    real, commits = deltalake.write_deltalake, iter([False, True])

    def crashing(*arguments: Any, **more: Any) -> None:
        if next(commits):
            raise Crash
        real(*arguments, **more)

    with monkeypatch.context() as broken:
        broken.setattr(store, "write_deltalake", crashing)
        with pytest.raises(Crash):
            register.ingest(put(inbox, *story()))
    assert register.ingest(inbox) == Outcome(read=5, new=3, known=2)
    assert register.version == 3
    assert register.ingest(inbox) == Outcome(read=5, known=5)
    assert shown(register.spells()) == SPELLS


# --- privacy -------------------------------------------------------------------------------------


def test_nothing_of_a_person_is_at_rest(register: Register, inbox: Path) -> None:
    """Not in the table, not in its log, not in the name of a file, not in the key."""
    # A provider may use the number of the child as its reference.
    asked = by_hand.requested(DAY, ReferentieAanbieder=by_hand.NUMBER, name="F")
    register.ingest(put(inbox, *story(), asked))
    secrets = (by_hand.NUMBER, by_hand.NAME, by_hand.STREET, by_hand.BIRTH.isoformat())
    table = deltalake.DeltaTable(str(register.folder / "events"))
    whole = str([pq.read_table(file).to_pylist() for file in table.file_uris()])
    texts = [whole, *map(str, state(register)), Path(f"{register.folder}.key").read_text("ascii")]
    texts += [data.decode("latin-1") for data in state(register).values()]
    assert "2012-03" in whole
    assert [s for s in secrets if any(s in text for text in texts)] == []


def test_another_register_has_other_pseudonyms(tmp_path: Path, inbox: Path) -> None:
    put(inbox, *story())
    found = []
    for name in ("a", "b"):
        register = Register.create(tmp_path / name)
        register.ingest(inbox)
        found.append(set(register.events()["child"].to_pylist()))
    assert len(found[0]) == len(found[1]) == 1
    assert found[0] != found[1]


def test_the_key_is_beside_the_folder_and_its_owners_alone(register: Register) -> None:
    key = Path(f"{register.folder}.key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(bytes.fromhex(key.read_text("ascii").strip())) == 32


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_key_that_others_can_touch_is_refused(register: Register, inbox: Path, mode: int) -> None:
    Path(f"{register.folder}.key").chmod(mode)
    put(inbox, *story())
    for attempt in (lambda: register.ingest(inbox), lambda: Register.open(register.folder)):
        with pytest.raises(StelselError, match=r"chmod 600 register\.key"):
            attempt()
    assert register.version == 0


def test_without_its_key_it_can_be_read_and_not_added_to(register: Register, inbox: Path) -> None:
    register.ingest(put(inbox, *story()))
    Path(f"{register.folder}.key").unlink()
    opened = Register.open(register.folder)
    assert shown(opened.spells()) == SPELLS
    with pytest.raises(StelselError, match=r"missing.*Put the key back"):
        opened.ingest(inbox)
    assert not Path(f"{register.folder}.key").exists()


@pytest.mark.parametrize(
    ("text", "fault"),
    [("00" * 32, "not the key of the register"), ("00", "no key"), ("secret", "no key")],
)
def test_a_wrong_key_is_refused(register: Register, inbox: Path, text: str, fault: str) -> None:
    Path(f"{register.folder}.key").write_text(text, "ascii")
    with pytest.raises(StelselError, match=fault):
        register.ingest(put(inbox, *story()))
    assert register.version == 0


def test_a_key_elsewhere(tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "safe" / "one.key"
    monkeypatch.setenv("STELSEL_KEY_FILE", str(place))
    one, other = Register.create(tmp_path / "one"), Register.create(tmp_path / "other")
    assert not (tmp_path / "one.key").exists()
    for register in (one, other):
        register.ingest(put(inbox, *story()))
    assert one.events().equals(other.events())


def test_a_key_inside_the_register_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STELSEL_KEY_FILE", str(tmp_path / "register" / "my.key"))
    with pytest.raises(StelselError, match="inside the register"):
        Register.create(tmp_path / "register")
    assert not (tmp_path / "register").exists()


# --- folders that are no register ----------------------------------------------------------------


def strange_folders(place: Path) -> Iterator[Path]:
    yield place / "nothing"
    (place / "empty").mkdir()
    yield place / "empty"
    (place / "file").write_text("x")
    yield place / "file"
    marks = {
        "json": "{",
        "list": "[]",
        "other": '{"format": "x", "version": 1}',
        "no version": '{"format": "stelsel register", "key_check": "x"}',
    }
    for name, text in marks.items():
        (place / name / "events").mkdir(parents=True)
        (place / name / "register.json").write_text(text)
        yield place / name


def test_what_is_no_register_is_not_opened(tmp_path: Path) -> None:
    for folder in strange_folders(tmp_path):
        with pytest.raises(StelselError, match=r"(not a|no) register.*register\.json, events/"):
            Register.open(folder)


def test_another_version_is_not_opened(register: Register) -> None:
    mark = register.folder / "register.json"
    mark.write_text(json.dumps(json.loads(mark.read_text()) | {"version": 2}))
    with pytest.raises(StelselError, match="version 2, which is not known"):
        Register.open(register.folder)


def test_what_is_there_is_not_written_over(register: Register, tmp_path: Path) -> None:
    before = state(register)
    (tmp_path / "file").write_text("x")
    for place in (register.folder, tmp_path, tmp_path / "file"):
        with pytest.raises(StelselError, match="something here already"):
            Register.create(place)
    assert state(register) == before
    assert os.listdir(tmp_path) != []  # noqa: PTH208


@pytest.mark.parametrize("name", ["Jeugd & Gezin", "é*?{a,b}~#'", "form=02"])
def test_a_folder_may_have_almost_any_name(tmp_path: Path, inbox: Path, name: str) -> None:
    put(inbox, *story())
    register = Register.create(tmp_path / name / "register")
    assert register.ingest(inbox) == Outcome(read=5, new=5)
    assert register.ingest(inbox) == Outcome(read=5, known=5)
    assert shown(Register.open(register.folder).spells()) == SPELLS
    assert register.events()["form"].to_pylist() == ["02"] * register.events().num_rows


@pytest.mark.parametrize("name", ["a[1]", "a%20b", "a^b", "a|b", "a\\b", "a\tb"])
def test_a_name_that_the_store_cannot_handle_is_refused(tmp_path: Path, name: str) -> None:
    place = tmp_path / name / "register"
    for call in (Register.create, Register.open):
        with pytest.raises(StelselError, match="has a character"):
            call(place)
    assert not place.parent.exists()


def test_a_path_that_does_not_exist(register: Register, tmp_path: Path) -> None:
    with pytest.raises(StelselError, match="does not exist"):
        register.ingest(tmp_path / "nowhere", lang="en")
