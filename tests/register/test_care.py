"""Care of a register: its status, whether it is sound, merging, and copies."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import deltalake
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stelsel.errors import StelselError
from stelsel.events import SCHEMA
from stelsel.register import Register
from stelsel.register.access import log_access
from stelsel.register.care import compact, copy
from stelsel.register.status import status
from stelsel.register.store import Events
from tests.ijw_events import messages as by_hand
from tests.register.test_privacy import ANNA, BERT, of_anna, of_bert, told, traces
from tests.register.test_register import put, story

AGES = timedelta(0)


@pytest.fixture(autouse=True)
def _no_key_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STELSEL_KEY_FILE", raising=False)
    monkeypatch.setenv("LOGNAME", "beheer")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with messages, and a register with a file a message."""
    place = tmp_path_factory.mktemp("made")
    (place / "inbox").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("STELSEL_KEY_FILE", raising=False)
        register = Register.create(place / "register")
        for number, message in enumerate([*of_anna(), *of_bert()]):
            register.ingest(put(place / "inbox", message, prefix=f"{number}") / f"{number}000.xml")
    return place


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    place = tmp_path / "inbox"
    place.mkdir(exist_ok=True)
    return place


@pytest.fixture
def register(tmp_path: Path, made: Path) -> Register:
    """A register of one's own, with the messages that are in it beside it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Register.open(tmp_path / "register")


def data_files(register: Register) -> list[Path]:
    return sorted((register.folder / "events").glob("*.parquet"))


# --- status --------------------------------------------------------------------------------------


def test_status_counts_what_is_there(register: Register, inbox: Path) -> None:
    (inbox / "bad.xml").write_text("<no message/>")
    register.ingest(inbox / "bad.xml")
    found = status(register.folder, date(2026, 1, 1))
    assert (found.events, found.messages, found.children) == (9, 8, 2)
    assert (found.first_day, found.last_day) == (date(2024, 2, 1), date(2024, 6, 28))
    assert found.last_known == date(2024, 7, 1)
    assert (found.sources, found.made_up) == ({"ijw": 9}, True)
    assert (found.version, found.files, found.set_aside) == (8, 8, 1)
    assert found.bytes == sum(file.stat().st_size for file in data_files(register))
    assert (found.bytes_old, found.leftovers, found.expired) == (0, 0, 0)
    assert not found.unfinished


def test_status_of_an_empty_register(tmp_path: Path) -> None:
    found = status(Register.create(tmp_path / "register").folder)
    assert (found.events, found.children, found.last_day, found.sources) == (0, 0, None, {})
    assert found.made_up == Register.open(tmp_path / "register").made_up


# --- sound or not --------------------------------------------------------------------------------


def remove_a_file(register: Register) -> None:
    data_files(register)[0].unlink()


def tear_a_file(register: Register) -> None:
    file = data_files(register)[0]
    file.write_bytes(file.read_bytes()[:-40])


def swap_a_file(register: Register) -> None:
    file = data_files(register)[0]
    rows = pq.read_table(file)
    pq.write_table(pa.concat_tables([rows, rows]), file)


def spoil_a_file(register: Register) -> None:
    """Change bytes in the middle: its foot can be read, and its columns cannot."""
    file = data_files(register)[0]
    data = bytearray(file.read_bytes())
    data[4:400] = bytes(396)
    file.write_bytes(data)


def tear_the_log(register: Register) -> None:
    (register.folder / "events" / "_delta_log" / "00000000000000000002.json").write_text("{")


def again(register: Register, **other: object) -> None:
    """Add the first event of the register again, with something else."""
    row = register.events().to_pylist()[0] | other
    Events(register.folder).append(pa.Table.from_pylist([row], schema=SCHEMA))


def drop_an_event(register: Register) -> None:
    events = register.events()
    (two,) = [row for row in events.to_pylist() if row["event"].endswith("/1")]
    for file in data_files(register):
        rows = pq.read_table(file)
        if two["event"] in rows["event"].to_pylist():
            place = str(register.folder / "events")
            rest = [row for row in events.to_pylist() if row["event"] != f"{two['message']}/0"]
            deltalake.write_deltalake(
                place, pa.Table.from_pylist(rest, schema=SCHEMA), mode="overwrite"
            )


def other_key(register: Register) -> None:
    key = register.folder.with_name("register.key")
    key.write_text("0" * 64)


def no_key(register: Register) -> None:
    register.folder.with_name("register.key").unlink()


def open_key(register: Register) -> None:
    register.folder.with_name("register.key").chmod(0o644)


def open_quarantine(register: Register) -> None:
    (register.folder / "quarantine").chmod(0o755)


def change_the_log(register: Register) -> None:
    for what in ("one", "two", "three"):
        log_access(register.folder, what)
    file = register.folder / "access.jsonl"
    file.write_text(file.read_text().replace("two", "ten"))


def bring_back(register: Register) -> None:
    """Put the events of a child back that was forgotten, as an old copy would."""
    events = register.events()
    register.forget(register.pseudonyms_of([ANNA]))
    deltalake.write_deltalake(str(register.folder / "events"), events, mode="overwrite")


def break_a_list(register: Register) -> None:
    register.forget(register.pseudonyms_of([ANNA]))
    with (register.folder / "forgotten.jsonl").open("a") as file:
        file.write('{"chi')


FAULTS: dict[str, tuple[Callable[[Register], None], str]] = {
    "a file is gone": (remove_a_file, "A file with events is gone"),
    "a file is torn": (tear_a_file, "A file with events is damaged"),
    "a file is spoilt": (spoil_a_file, "A file with events is damaged"),
    "a file has other rows": (swap_a_file, "A file with events is damaged"),
    "the log of the table is torn": (tear_the_log, "The log of the table of events"),
    "an event twice": (again, "1 events are there more than once"),
    "two contents": (
        lambda register: again(register, event="x/9", content="0" * 32),
        "1 messages have events of more than one content",
    ),
    "an event lost": (drop_an_event, "Events are missing from 1 messages"),
    "a number for a child": (
        lambda register: again(register, event="x/9", message="x", child=BERT),
        "1 events name a child by something else",
    ),
    "another key": (other_key, "not the key of the register"),
    "no key": (no_key, "key of the register is missing"),
    "an open key": (open_key, "read by others"),
    "an open quarantine": (open_quarantine, "Others than the owner have rights"),
    "a changed log": (change_the_log, "chain of the log is broken"),
    "a forgotten child back": (bring_back, "1 children are there that were forgotten"),
    "a torn list": (break_a_list, "This line cannot be read"),
}


def test_a_register_that_is_used_is_sound(register: Register, inbox: Path) -> None:
    assert register.faults() == []
    log_access(register.folder, "waiting")
    compact(register.folder)
    register.forget(register.pseudonyms_of([ANNA]))
    register.ingest(inbox)
    assert register.faults() == []
    assert Register.create(register.folder.with_name("empty")).faults() == []


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_not_sound_is_told(register: Register, name: str) -> None:
    harm, expected = FAULTS[name]
    harm(register)
    assert any(expected in fault.what for fault in register.faults()), register.faults()


def test_all_faults_are_told_at_once(register: Register) -> None:
    for harm in (remove_a_file, other_key, open_quarantine, change_the_log):
        harm(register)
    assert len(register.faults()) == 4


# --- merging -------------------------------------------------------------------------------------


def test_merging_changes_files_and_nothing_else(register: Register, inbox: Path) -> None:
    before, spells = register.events(), register.spells()
    assert len(data_files(register)) == 8
    done = compact(register.folder, AGES)
    assert (done.files_fewer, done.old_removed) == (7, 8)
    assert len(data_files(register)) == 1
    assert register.events().equals(before)
    assert register.spells().equals(spells)
    assert register.faults() == []
    assert register.ingest(inbox).known == 8


def test_old_versions_stay_for_who_is_reading_them(register: Register) -> None:
    before = register.version
    assert compact(register.folder).old_removed == 0
    assert len(data_files(register)) == 9
    then = deltalake.DeltaTable(str(register.folder / "events"), version=before)
    assert len(then.file_uris()) == 8
    assert status(register.folder).bytes_old > 0


def test_with_nothing_to_do_nothing_is_written(register: Register) -> None:
    compact(register.folder, AGES)
    names = {path: path.stat().st_mtime_ns for path in register.folder.rglob("*")}
    compact(register.folder, AGES)
    now = {path: path.stat().st_mtime_ns for path in register.folder.rglob("*")}
    assert {path for path in names | now if names.get(path) != now.get(path)} <= {
        register.folder / ".lock"
    }


def test_what_a_stopped_process_left_is_harmless_and_goes(register: Register) -> None:
    before = told(register)
    left = [
        register.folder / "events" / "part-00000-of-nobody.zstd.parquet",
        register.folder / "events" / "_delta_log" / "_commit_of_nobody.json.tmp",
        register.folder / "quarantine" / ".999999999.part",
    ]
    for file in left:
        file.write_bytes(b"half")
    being_written = register.folder / "quarantine" / f".{os.getpid()}.part"
    being_written.write_bytes(b"half")
    assert status(register.folder).leftovers == 2
    assert register.faults() == []
    assert told(register) == before
    assert compact(register.folder).leftovers_removed == 3
    assert [file for file in left if file.exists()] == []
    assert being_written.exists()
    assert told(register) == before


# --- copies --------------------------------------------------------------------------------------


def test_a_copy_is_the_register_as_it_was(register: Register, tmp_path: Path, inbox: Path) -> None:
    compact(register.folder)  # so that there are files of older versions
    before = told(register)
    assert copy(register.folder, tmp_path / "copy") == register.version
    register.ingest(put(inbox, by_hand.answered(date(2024, 5, 1), VerzoekAntwoord="2")))
    with pytest.raises(StelselError, match="key of the register is missing"):
        Register.open(tmp_path / "copy").ingest(inbox)
    shutil.copy(tmp_path / "register.key", tmp_path / "copy.key")
    restored = Register.open(tmp_path / "copy")
    assert told(restored) == before
    assert restored.faults() == []
    assert len(data_files(restored)) == 1
    restored.ingest(inbox)
    assert told(restored) == told(register)


@pytest.mark.parametrize("place", ["register", "register/inside", "inbox"])
def test_a_copy_does_not_go_over_or_into_something(
    register: Register, tmp_path: Path, place: str
) -> None:
    with pytest.raises(StelselError, match="a folder of its own"):
        copy(register.folder, tmp_path / place)


TAKE_IN = """
import sys
from stelsel.register import Register, ingest
ingest.BATCH = 3
Register.open(sys.argv[1]).ingest(sys.argv[2])
"""


def test_copies_made_while_messages_come_in_are_sound(tmp_path: Path, inbox: Path) -> None:
    register = Register.create(tmp_path / "register")
    for number in range(240):
        message = by_hand.started(date(2024, 3, 8), (date(2024, 3, 8), "1"), name=f"N{number}")
        put(inbox, message, prefix=f"{number:03d}")
    worker = subprocess.Popen([sys.executable, "-c", TAKE_IN, str(register.folder), str(inbox)])
    copies, sizes = 0, set()
    while worker.poll() is None:
        place = tmp_path / f"copy{copies}"
        version = copy(register.folder, place)
        shutil.copy(tmp_path / "register.key", tmp_path / f"copy{copies}.key")
        made = Register.open(place)
        assert made.faults() == []
        assert made.events().num_rows == 3 * version
        sizes.add(version)
        copies += 1
    assert worker.returncode == 0
    assert len(sizes) > 2  # some were made in the middle


def test_who_was_forgotten_after_a_copy_goes_again_after_putting_it_back(
    register: Register, tmp_path: Path
) -> None:
    copy(register.folder, tmp_path / "copy")
    shutil.copy(tmp_path / "register.key", tmp_path / "copy.key")
    anna = register.pseudonyms_of([ANNA])
    register.forget(anna)
    shutil.copy(register.folder / "forgotten.jsonl", tmp_path / "copy" / "forgotten.jsonl")
    restored = Register.open(tmp_path / "copy")
    assert any("that were forgotten" in fault.what for fault in restored.faults())
    restored.forget([])
    assert list(traces(restored.folder, anna[0])) == []
    assert told(restored) == told(register)


# --- the commands --------------------------------------------------------------------------------


def stelsel(*words: object, **more: object) -> subprocess.CompletedProcess[str]:
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [sys.executable, "-m", "stelsel", "register", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env={k: v for k, v in os.environ.items() if k != "STELSEL_KEY_FILE"},
        **more,  # type: ignore[call-overload]
    )
    return done


def test_the_commands_from_making_to_forgetting(tmp_path: Path, inbox: Path) -> None:
    place = tmp_path / "register"
    assert stelsel("init", "--register", place).returncode == 0
    register = Register.open(place)
    register.ingest(put(inbox, *story()))
    register.ingest(put(inbox, *of_bert(), prefix="c"))
    found = json.loads(stelsel("status", "--register", place, "--json").stdout)
    assert (found["children"], found["events"], found["sources"]) == (2, 8, {"ijw": 8})
    assert "Jeugdigen" in stelsel("status", "--register", place).stdout
    assert stelsel("compact", "--register", place).returncode == 0
    assert stelsel("copy", "--register", place, "--to", tmp_path / "copy").returncode == 0

    (bert,) = register.pseudonyms_of([BERT])
    noted = stelsel("forget", "--register", place, "--objection", "--pseudonym", bert)
    assert noted.returncode == 0, noted.stderr
    assert register.objections == {bert}
    stelsel("forget", "--register", place, "--objection", "--lift", "--pseudonym", bert)
    assert register.objections == frozenset()

    done = stelsel(
        *("forget", "--register", place, "--bsn-from", "-", "--ground", "verzoek 12"),
        input=f"{ANNA}\n\n",
    )
    assert done.returncode == 0, done.stderr
    assert "1 jeugdigen en 6 feiten" in done.stderr
    assert set(register.events()["child"].to_pylist()) == {bert}
    assert stelsel("forget", "--register", place, "--expired").returncode == 0

    lines = json.loads(stelsel("log", "--register", place, "--json").stdout)
    log = [line for line in lines if not line["what"].startswith("ingest")]
    assert 0 < len(log) < len(lines)
    assert [line["what"] for line in log] == [
        *("compact", "copy", "objection", "objection lifted", "forget", "forget")
    ]
    assert (log[4]["ground"], log[4]["who"], log[4]["about"]) == ("verzoek 12", "beheer", 1)
    assert json.loads(stelsel("log", "--register", place, "--json", "--who", "x").stdout) == []
    assert "beheer" in stelsel("log", "--register", place).stdout
    whole = stelsel("log", "--register", place, "--verify")
    assert (whole.returncode, f"{len(lines)} regels" in whole.stderr) == (0, True)
    assert stelsel("check", "--register", place).returncode == 0


def test_check_tells_all_and_ends_with_one(register: Register) -> None:
    remove_a_file(register)
    change_the_log(register)
    done = stelsel("check", "--register", register.folder)
    assert done.returncode == 1
    assert done.stderr.count("Fout ") == 2
    assert stelsel("log", "--register", register.folder, "--verify").returncode == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "Er staat niet bij over wie"),
        (("--expired", "--pseudonym", "0" * 32), "Er staat niet bij over wie"),
        (("--expired", "--objection"), "Er staat niet bij over wie"),
        (("--lift", "--pseudonym", "0" * 32), "Er valt niets in te trekken"),
        (("--pseudonym", "0" * 32), "Geen jeugdige in het register"),
        (("--pseudonym", ANNA), "Dit is geen pseudoniem"),
        (("--bsn-from", "{wrong}"), "regel 2: Op deze regel"),
        (("--bsn-from", "{empty}"), "Er staat geen nummer in"),
        (("--bsn-from", "{gone}"), "niet te lezen: dit bestaat niet"),
    ],
)
def test_a_wrong_question_forgets_nobody(
    register: Register, tmp_path: Path, words: tuple[str, ...], expected: str
) -> None:
    files = {name: tmp_path / f"{name}.txt" for name in ("wrong", "empty", "gone")}
    files["wrong"].write_text(f"{ANNA}\n{BERT[:-1]}9\n")
    files["empty"].write_text("\n")
    before = told(register)
    done = stelsel("forget", "--register", register.folder, *[w.format(**files) for w in words])
    assert done.returncode == 2
    assert expected in done.stderr
    for number in (ANNA, BERT[:-1] + "9"):
        assert number not in done.stderr
    assert told(register) == before
