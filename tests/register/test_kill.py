"""Two processes take messages in at once and are killed at any moment: nothing is lost or doubled.

Six kills in the suite. For the whole: ``STELSEL_KILLS=300 STELSEL_KILL_MESSAGES=20000``, with
``-s`` to see the rounds go by.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest

from stelsel.ijw import Message, write
from stelsel.register import Register
from stelsel.register.care import compact
from stelsel.register.status import status
from tests.conftest import made_up_bsns
from tests.ijw_events import messages as by_hand

KILLS = int(os.environ.get("STELSEL_KILLS", "6"))
MESSAGES = int(os.environ.get("STELSEL_KILL_MESSAGES", "400"))
COMMITS = 20
"""About so many commits an ingest: killed in one, between two, before the first and in the last."""
WORKER = """
import sys
from stelsel.register import Register, ingest
ingest.BATCH = int(sys.argv[1])
register = Register.open(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
register.ingest(sys.argv[3:])
"""


def traffic(count: int) -> Iterator[Message]:
    """Of each child a request, an allocation, a start and a stop; every hundredth is wrong."""
    first = date(2024, 1, 1)
    for number, bsn in enumerate(islice(made_up_bsns(), count // 4 + 1)):
        day = first + timedelta(number % 365)
        name = f"{number:06d}"
        for message in (
            by_hand.requested(day, ReferentieAanbieder=f"V{name}", name=f"A{name}"),
            by_hand.allocated(day, ToewijzingNummer=number + 1, name=f"B{name}"),
            by_hand.started(day, (day, "1"), name=f"C{name}"),
            by_hand.stopped(day, day, (day, "31", "1"), name=f"D{name}"),
        ):
            message.content["Client"]["Bsn"] = bsn
            yield message


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kills")


@pytest.fixture(scope="module")
def inbox(place: Path) -> Path:
    """The messages, in archives of some dozens."""
    folder = place / "inbox"
    folder.mkdir()
    messages = [write(each) for each in islice(traffic(MESSAGES), MESSAGES)]
    messages[::100] = [data.replace(b"Geslacht>2<", b"Geslacht>7<") for data in messages[::100]]
    size = max(1, MESSAGES // 10)
    for at in range(0, MESSAGES, size):
        with zipfile.ZipFile(folder / f"{at:06d}.zip", "w") as archive:
            for number, data in enumerate(messages[at : at + size], start=at):
                archive.writestr(f"{number:06d}.xml", data)
    return folder


@pytest.fixture(scope="module", autouse=True)
def _own_key(place: Path) -> Iterator[None]:
    """One key for all registers, so that their events can be compared."""
    before = os.environ.get("STELSEL_KEY_FILE")
    os.environ["STELSEL_KEY_FILE"] = str(place / "one.key")
    yield
    os.environ.pop("STELSEL_KEY_FILE")
    if before is not None:
        os.environ["STELSEL_KEY_FILE"] = before


def begin(register: Register, inbox: Path, batch: int) -> subprocess.Popen[str]:
    """Begin a process that takes messages in once it is told to go."""
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(batch), str(register.folder), str(inbox)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def go(workers: list[subprocess.Popen[str]]) -> None:
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n", worker.communicate()[1]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("\n")
        worker.stdin.flush()


def end(worker: subprocess.Popen[str]) -> int:
    _, errors = worker.communicate(timeout=1200)
    assert worker.returncode in (0, -signal.SIGKILL), errors
    return worker.returncode


def rows(register: Register) -> pa.Table:
    return register.events().sort_by("event")


def aside(register: Register) -> dict[str, bytes]:
    """What is in the quarantine, but for what was being written when a process was killed."""
    return {
        file.name: file.read_bytes()
        for file in (register.folder / "quarantine").iterdir()
        if file.suffix != ".part"
    }


@pytest.mark.slow
def test_killed_at_any_moment_and_done_again_it_is_as_if_undisturbed(
    place: Path, inbox: Path
) -> None:
    batch = max(1, MESSAGES // COMMITS)
    calm = Register.create(place / "calm")
    workers = [begin(calm, inbox, batch) for _ in range(2)]
    go(workers)
    began = time.monotonic()
    assert [end(worker) for worker in workers] == [0, 0]
    lasts = time.monotonic() - began
    expected, expected_aside = rows(calm), aside(calm)
    assert expected.num_rows == MESSAGES - len(range(0, MESSAGES, 100))
    assert len(expected_aside) == 2 * len(range(0, MESSAGES, 100))

    draw = Random(os.environ.get("STELSEL_KILL_SEED", "20261122"))
    killed, left_over = 0, 0
    for round_ in range(KILLS):
        register = Register.create(place / "register")
        workers = [begin(register, inbox, batch) for _ in range(2)]
        go(workers)
        time.sleep(draw.uniform(0, lasts))
        # Now both, now one while the other goes on.
        for worker in workers[: draw.choice((1, 2))]:
            worker.kill()
        killed += [end(worker) for worker in workers].count(-signal.SIGKILL)
        assert register.faults() == []
        before = register.version, register.events().num_rows
        left = status(register.folder).leftovers
        left_over += left
        outcome = register.ingest(inbox)
        assert rows(register).equals(expected)
        assert aside(register) == expected_aside
        assert outcome.new == expected.num_rows - before[1]
        assert outcome.read == MESSAGES
        compact(register.folder)
        assert rows(register).equals(expected)
        assert register.faults() == []
        assert status(register.folder).leftovers == 0
        shutil.rmtree(register.folder)
        sys.stderr.write(
            f"round {round_ + 1}: stopped at version {before[0]} with {before[1]} events, "
            f"{left} left over: as undisturbed\n"
        )
    # A test in which nobody is killed in time would prove nothing.
    assert killed >= KILLS // 3
