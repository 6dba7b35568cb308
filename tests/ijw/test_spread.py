"""Reading in several processes: the same results in the same order, in bounded memory, no hang."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from stelsel.errors import StelselError
from stelsel.ijw import Message, Received, header, read, sources, spread, write
from stelsel.ijw.sources import without_content


def answer(number: str, verdict: str = "2") -> bytes:
    """A small message; right if the verdict is 2."""
    content = {
        "Header": header("JW319", "0193", "12345678", number, date(2026, 4, 10)),
        "Antwoord": {"ReferentieAanbieder": "R1", "VerzoekAntwoord": "2"},
    }
    data = write(Message("JW319", content))
    return data.replace(b"Antwoord>2<", b"Antwoord>" + verdict.encode() + b"<")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files right and wrong, archives, and a file that is an archive and is not called so."""
    made = tmp_path_factory.mktemp("many")
    for number in range(700):
        (made / f"{number:03}.xml").write_bytes(answer(f"A{number}", "125"[number % 3]))
    (made / "100.xml").write_bytes(b"<x/>")
    (made / "200.xml").write_bytes(answer("L") + b" " * 2_000_000)
    (made / "300.xml").write_bytes(b" " * 30_000_000)
    (made / "400x.xml").symlink_to(made / "nothing")
    for name in ("150.zip", "450x.xml"):
        with zipfile.ZipFile(made / name, "w") as archive:
            for number in range(250):
                archive.writestr(f"{number:03}.xml", answer(f"M{number}", "25"[number % 2]))
            archive.writestr("../x.xml", b"")
    (made / "500.zip").write_bytes(b"PK\x03\x04")
    return made


@pytest.mark.parametrize("workers", [2, 3])
def test_results_are_the_same_in_the_same_order(folder: Path, workers: int) -> None:
    alone = list(read(folder, lang="en"))
    assert len(alone) > 1_200
    assert any(each.findings for each in alone)
    assert list(read(folder, lang="en", workers=workers)) == alone


@pytest.fixture(params=["copies-if-safe", "new"])
def beginning(request: pytest.FixtureRequest) -> Iterator[None]:
    """Both ways in which processes begin: with another thread there are no copies."""
    over = threading.Event()
    if request.param == "new":
        threading.Thread(target=over.wait, daemon=True).start()
    yield
    over.set()


NAMING = """
import os

def name_of(received):
    return f"{received.file} {os.getpid()}"
"""


@pytest.mark.usefixtures("beginning")
def test_something_is_done_where_it_is_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A new process imports what it does, and `tests` may be there a module of someone else.
    (tmp_path / "naming_of_received.py").write_text(NAMING)
    monkeypatch.syspath_prepend(tmp_path)
    name_of = importlib.import_module("naming_of_received").name_of
    alone = list(read(folder))
    bare = [Received(each.file, None, each.findings, each.type) for each in alone]
    assert list(read(folder, workers=2, then=without_content)) == bare
    assert list(read(folder, then=without_content)) == bare
    told = [each.rsplit(" ", 1) for each in read(folder, workers=2, then=name_of)]
    assert [name for name, _ in told] == [each.file for each in alone]
    elsewhere = {number for _, number in told} - {str(os.getpid())}
    assert 1 <= len(elsewhere) <= 2


def test_files_without_end_are_not_all_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = 0

    def files() -> Iterator[str]:
        nonlocal taken
        for number in range(1_000_000):
            taken += 1
            yield f"/nowhere/{number}.xml"

    monkeypatch.setattr(sources, "_files", lambda _: files())
    monkeypatch.setattr(sources, "_fault", lambda _: None)
    reading = read("x", workers=2)
    for _ in range(1_000):
        assert [finding.rule for finding in next(reading).findings] == ["file.open"]
    assert taken <= 1_000 + 2 * (spread.AHEAD + 1) * sources.MOST_IN_PART
    reading.close()  # type: ignore[attr-defined]


def test_large_files_are_given_out_one_by_one(tmp_path: Path) -> None:
    pace = sources._Pace()
    pace.tell(10, 10 * 2_000)
    assert pace.files == sources.MOST_IN_PART
    pace.tell(1, sources.LARGEST_PART * 3)
    assert pace.files == 1
    pace.tell(4, sources.LARGEST_PART)
    assert pace.files == 4
    large = answer("L") + b" " * (sources.LARGEST_PART // 2)
    names = []
    for number in range(9):
        names.append(str(tmp_path / f"{number}.xml"))
        Path(names[-1]).write_bytes(large)
    done, size = sources._work(list(names), "nl", without_content)
    # What would be too much is left to whoever asked, so that a part has a bound.
    assert [(kind, len(some)) for kind, some in done] == [(sources._FIELDS, 2), (sources._LEFT, 7)]
    assert size == 2 * len(large)
    assert [each.valid for each in read(tmp_path, workers=2)] == [True] * 9


@pytest.mark.usefixtures("beginning")
def test_a_process_that_dies_is_told_at_once() -> None:
    began = time.perf_counter()
    with pytest.raises(StelselError) as caught:
        list(spread.spread(range(1, 101), os._exit, 2))
    assert time.perf_counter() - began < 30
    (fault,) = caught.value.faults
    assert "memory" in fault.remedy
    assert "geheugen" in fault.remedy_nl


@pytest.mark.usefixtures("beginning")
def test_what_the_work_raises_is_raised_in_its_turn() -> None:
    working = spread.spread(range(7, -3, -1), spread.checked_workers, 2)
    assert [next(working) for _ in range(7)] == list(range(7, 0, -1))
    with pytest.raises(StelselError, match="at least 1 process"):
        next(working)


@pytest.mark.parametrize("workers", [0, -1])
def test_there_is_at_least_one_process(tmp_path: Path, workers: int) -> None:
    with pytest.raises(StelselError) as caught:
        read(tmp_path, workers=workers)
    assert caught.value.faults[0].what_nl


ALONE = """
import sys, threading
from stelsel.ijw import read
{before}
if __name__ == "__main__":
    print(len(list(read(sys.argv[1], workers=2))))
"""


@pytest.mark.parametrize(
    "before",
    ["", "import time; threading.Thread(target=time.sleep, args=(3,), daemon=True).start()"],
)
def test_processes_begin_with_and_without_other_threads(
    tmp_path: Path, folder: Path, before: str
) -> None:
    # With another thread a copy of the process is not safe, and a new one begins.
    script = tmp_path / "script.py"
    script.write_text(ALONE.format(before=before))
    done = subprocess.run(
        [sys.executable, script, folder], capture_output=True, text=True, timeout=60, check=True
    )
    assert int(done.stdout) == len(list(read(folder)))


def test_what_checks_at_the_prompt_begins_with_one_thread() -> None:
    # Libraries with threads of their own would make every process begin anew, which takes long.
    code = (
        "import os, sys, stelsel.cli, stelsel.cli.check, stelsel.ijw.sources;"
        "print(*{'numpy', 'pyarrow', 'duckdb'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


AGAIN = """
import multiprocessing, sys
from stelsel.ijw import read, spread
ways = set()
def noted(way):
    ways.add(way)
    return multiprocessing.get_context(way)
spread.get_context = noted
if __name__ == "__main__":
    for _ in range(5):
        list(read([sys.argv[1]] * 3, workers=2))
    print(*ways)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="copies are made on Linux only")
def test_processes_are_copies_time_after_time(tmp_path: Path, folder: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(AGAIN)
    done = subprocess.run(
        [sys.executable, script, folder / "000.xml"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ["fork"]
