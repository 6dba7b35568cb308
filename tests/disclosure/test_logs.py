"""The log of releases, and the chain that it has in common with the access log."""

from __future__ import annotations

import hashlib
import json
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel.disclosure import chained, declare, log_release, protect
from stelsel.errors import StelselError


def rows(waiting: int) -> pa.Table:
    schema = pa.schema(
        [
            declare(pa.field("form", pa.string()), "key"),
            declare(pa.field("waiting", pa.int64()), "count"),
        ]
    )
    return pa.table({"form": ["02"], "waiting": [waiting]}, schema=schema)


def read(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_each_release_adds_a_line_with_the_question_and_not_the_answer(tmp_path: Path) -> None:
    asked = {"as_of": date(2026, 6, 30), "by": ["form"]}
    for waiting in (7, 7, 123_456_790):
        out = protect(rows(waiting), made_up=False)
        log_release(tmp_path, "waiting", out, asked=asked, made_up=False)
    first, again, other = read(tmp_path / "releases.jsonl")
    assert first["asked"] == {"as_of": "2026-06-30", "by": ["form"]}
    assert (first["rows"], first["hidden"], other["hidden"]) == (1, 1, 0)
    assert first["digest"] == again["digest"] != other["digest"]
    assert "123456790" not in (tmp_path / "releases.jsonl").read_text()


def test_nothing_unprotected_is_logged_as_released(tmp_path: Path) -> None:
    with pytest.raises(StelselError, match="disclosure control"):
        log_release(tmp_path, "waiting", rows(50), asked={}, made_up=False)
    assert not (tmp_path / "releases.jsonl").exists()


def test_a_log_that_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    out = protect(rows(50), made_up=False)
    with pytest.raises(StelselError, match="log cannot be written"):
        log_release(tmp_path / "nowhere", "waiting", out, asked={}, made_up=False)


# --- the chain -----------------------------------------------------------------------------------

Change = Callable[[list[bytes]], list[bytes]]
CHANGES: dict[str, tuple[Change, int]] = {
    # What is done to the six lines, and the line at which the chain breaks (0: its end).
    "a line changed": (lambda all_: [*all_[:2], all_[2].replace(b"three", b"tree"), *all_[3:]], 4),
    "a line taken out": (lambda all_: all_[:2] + all_[3:], 3),
    "the first taken out": (lambda all_: all_[1:], 1),
    "the last taken out": (lambda all_: all_[:-1], 0),
    "the last changed": (lambda all_: [*all_[:-1], all_[-1].replace(b"six", b"sax")], 0),
    "a line put in": (lambda all_: [*all_[:2], all_[1], *all_[2:]], 3),
    "two swapped": (lambda all_: [all_[1], all_[0], *all_[2:]], 1),
    "a line of nonsense": (lambda all_: [*all_[:3], b"{", *all_[3:]], 4),
    "two put at the end": (lambda all_: [*all_, all_[-1], all_[-1]], 7),
    "all taken out": (lambda all_: [], 0),
}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "log.jsonl"
    for word in ("one", "two", "three", "four", "five", "six"):
        chained.add(file, {"what": word})
    return file


def test_a_whole_chain_has_no_faults(log: Path) -> None:
    found = chained.verify(log)
    assert (found.count, found.faults) == (6, ())
    assert found.last == hashlib.sha256(log.read_bytes().splitlines()[-1]).hexdigest()


def test_no_log_is_a_whole_log(tmp_path: Path) -> None:
    assert chained.verify(tmp_path / "log.jsonl").faults == ()


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_done_to_a_log_shows(log: Path, name: str) -> None:
    change, line = CHANGES[name]
    log.write_bytes(b"".join(each + b"\n" for each in change(log.read_bytes().splitlines())))
    first = chained.verify(log).faults[0]
    assert first.where == (f"log.jsonl, line {line}" if line else "log.jsonl")


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_byte_of_a_log_can_be_changed(log: Path, data: st.DataObject) -> None:
    whole = log.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[at]))
    log.write_bytes(whole[:at] + bytes([other]) + whole[at + 1 :])
    try:
        assert chained.verify(log).faults
    finally:
        log.write_bytes(whole)


def test_without_its_head_the_end_cannot_be_told(log: Path) -> None:
    (log.parent / ".log.jsonl.head").unlink()
    (fault,) = chained.verify(log).faults
    assert "end of the log cannot be told" in fault.what


def test_a_stop_between_the_line_and_its_head_is_no_fault(log: Path) -> None:
    head = log.parent / ".log.jsonl.head"
    before = head.read_bytes()
    chained.add(log, {"what": "seven"})
    head.write_bytes(before)
    assert chained.verify(log).faults == ()
    chained.add(log, {"what": "eight"})
    assert (chained.verify(log).count, chained.verify(log).faults) == (8, ())


def test_a_line_that_broke_off_shows_and_the_next_begins_on_its_own(log: Path) -> None:
    log.write_bytes(log.read_bytes() + b'{"what": "sev')
    chained.add(log, {"what": "eight"})
    assert [line["what"] for line in chained.lines(log)][-2:] == ["six", "eight"]
    (fault,) = chained.verify(log).faults
    assert fault.where == "log.jsonl, line 7"


def test_lines_longer_than_a_block_are_chained_too(tmp_path: Path) -> None:
    for length in (1, 4095, 4096, 9000, 20_000, 3):
        chained.add(tmp_path / "log.jsonl", {"long": "é" * length})
    assert chained.verify(tmp_path / "log.jsonl").faults == ()


def test_only_its_owner_reads_a_log(log: Path) -> None:
    assert {stat.S_IMODE(file.stat().st_mode) for file in log.parent.iterdir()} == {0o600}


ADD = """
import sys
from pathlib import Path
from stelsel.disclosure import chained
for number in range(100):
    chained.add(Path(sys.argv[1]), {"number": number, "long": "x" * 2000})
"""


def test_lines_of_two_processes_do_not_mix(log: Path) -> None:
    workers = [subprocess.Popen([sys.executable, "-c", ADD, str(log)]) for _ in range(2)]
    while any(worker.poll() is None for worker in workers):
        assert chained.verify(log).faults == ()  # also while they write
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert (chained.verify(log).count, chained.verify(log).faults) == (206, ())
