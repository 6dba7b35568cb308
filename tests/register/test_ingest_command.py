"""The command ``stelsel ingest`` as a user types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stelsel.ijw import write
from stelsel.register import Register
from tests.register.test_register import SPELLS, put, shown, story


def begin(*words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "stelsel", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={k: v for k, v in os.environ.items() if k != "STELSEL_KEY_FILE"},
    )


def stelsel(*words: object) -> subprocess.CompletedProcess[str]:
    started = begin(*words)
    out, errors = started.communicate()
    return subprocess.CompletedProcess(started.args, started.returncode, out, errors)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    place = tmp_path / "inbox"
    place.mkdir()
    return put(place, *story())


def test_a_new_folder_becomes_a_register(inbox: Path, tmp_path: Path) -> None:
    done = stelsel("ingest", inbox, "--register", tmp_path / "register", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (
        0,
        {"read": 5, "new": 5, "known": 0, "set_aside": 0},
    )
    assert shown(Register.open(tmp_path / "register").spells()) == SPELLS
    again = stelsel("ingest", inbox, "--register", tmp_path / "register", "--json")
    assert json.loads(again.stdout) == {"read": 5, "new": 0, "known": 5, "set_aside": 0}


def test_set_aside_ends_with_one(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "register").mkdir()  # empty: may become a register
    (inbox / "bad.xml").write_bytes(write(story()[0]).replace(b"999900006", b"999900007"))
    done = stelsel("ingest", inbox, "--register", tmp_path / "register")
    assert done.returncode == 1
    assert [line.split() for line in done.stdout.splitlines() if "6" in line][-1][1::2] == [
        *("6", "5", "0", "1")
    ]
    assert "quarantine" in done.stderr


@pytest.mark.parametrize("place", ["inbox", "inbox/000.xml"])
def test_a_folder_of_something_else_is_left_alone(inbox: Path, tmp_path: Path, place: str) -> None:
    before = sorted(path.name for path in inbox.iterdir())
    done = stelsel("ingest", inbox, "--register", tmp_path / place)
    assert done.returncode == 2
    assert "register" in done.stderr
    assert done.stdout == ""
    assert sorted(path.name for path in inbox.iterdir()) == before


def test_two_at_once_add_everything_once(inbox: Path, tmp_path: Path) -> None:
    register = Register.create(tmp_path / "register")
    both = [begin("ingest", inbox, "--register", register.folder, "--json") for _ in range(2)]
    outcomes = [json.loads(one.communicate()[0]) for one in both]
    assert [one["read"] for one in outcomes] == [5, 5]
    assert sorted(one["new"] for one in outcomes) == [0, 5]
    assert register.events().num_rows == 6
    assert register.version == 1
