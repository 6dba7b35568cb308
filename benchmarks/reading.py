"""Reading and checking at levels 1 and 2 against lxml: parsing plus the schema, the same files.

Seconds are processor time of one thread, so that other work on the machine counts for little. Only
what two processes bring is told by the clock: the machine should do nothing else then.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from lxml import etree

from stelsel.ijw import read, read_bytes, unparsed, write
from stelsel.ijw.example import example
from stelsel.ijw.grammar import message_types

SCHEMAS = Path(__file__).resolve().parents[2] / "shared" / "ijw" / "xsd"
"""The official schemas, which may not be shipped."""
EACH = 150
"""Messages of a type."""
ROUNDS = 7
MANY = 2_000
"""Messages of a type for two processes."""

_TAG = re.compile(rb"<[^>]*>")
_SPREAD = """
import sys, time
from stelsel.ijw import read
from stelsel.ijw.sources import without_content
next(read(sys.argv[1]))
began = time.perf_counter()
reading = read(sys.argv[1], workers=int(sys.argv[2]), then=without_content)
count = sum(each.valid for each in reading)
print(count, time.perf_counter() - began)
"""


def measure() -> dict[str, Any]:
    """Time every type of message, as seen before and as never seen; then two processes."""
    if not SCHEMAS.is_dir():
        return {"skipped": "the schemas of ../shared/ijw/xsd are not here"}
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in message_types():
            result[name] = _of_type(name, Path(folder) / name)
        for kind in ("seen", "new_shape", "new_writer"):
            result[f"lowest_{kind}"] = min(each[kind] for each in list(result.values())[:14])
    return result | _two_processes()


def _of_type(name: str, folder: Path) -> dict[str, float]:
    """Give speed against that of lxml: as seen before, in new shapes, and of new writers."""
    folder.mkdir()
    made = [write(example(name, seed)) for seed in range(EACH)]
    shapes = {tuple(_TAG.findall(data)): data for data in made}
    first = shapes.pop(tuple(_TAG.findall(made[0])))

    def anew() -> None:
        unparsed.forget()
        for _ in range(2):  # how a system writes is learned from its second file
            read_bytes(first)

    plain = _written(folder / "plain", made)
    new_shapes = _written(folder / "shapes", shapes.values())
    new_writers = _written(folder / "writers", map(_rewritten, made, range(EACH)))
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / f"{name.lower()}.xsd")))

    def theirs(folder: Path) -> None:
        for file in sorted(folder.iterdir()):
            assert schema.validate(etree.parse(str(file)))

    return {
        "files_per_s": round(len(made) / _seconds(lambda: ours(plain))),
        "seen": _ratio(lambda: ours(plain), lambda: theirs(plain)),
        "new_shape": _ratio(lambda: ours(new_shapes), lambda: theirs(new_shapes), anew),
        "new_writer": _ratio(
            lambda: ours(new_writers), lambda: theirs(new_writers), unparsed.forget
        ),
        "shapes": len(shapes),
    }


def ours(folder: Path) -> None:
    """Read and check a folder."""
    for received in read(folder):
        assert received.valid


def _written(folder: Path, files: Any) -> Path:
    folder.mkdir()
    for number, data in enumerate(files):
        (folder / f"{number:05}.xml").write_bytes(data)
    return folder


def _rewritten(data: bytes, number: int) -> bytes:
    """Give the same message with prefixes that no other file has."""
    return re.sub(rb"(?<=[</:])(jw\d+|ijw)(?=[:=])", rb"\1_%d" % number, data)


def _seconds(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _ratio(
    mine: Callable[[], None], theirs: Callable[[], None], before: Callable[[], None] | None = None
) -> float:
    """Give how many times the speed of theirs mine has: median of rounds in turn."""
    mine()
    theirs()
    ratios = []
    for _ in range(ROUNDS):
        if before:
            before()
        seconds = _seconds(mine)
        ratios.append(_seconds(theirs) / seconds)
    return round(median(ratios), 2)


def _two_processes() -> dict[str, float]:
    """Give how much quicker two processes are than one, with all that beginning and ending takes.

    The quickest of the rounds count: what else the machine does only makes it slower.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, data in enumerate(_many()):
            (folder / f"{number:06}.xml").write_bytes(data)
        one, two = (min(_by(workers, folder) for _ in range(ROUNDS)) for workers in (1, 2))
    return {"one_process_s": round(one, 2), "two_processes": round(one / two, 2)}


def _many() -> Iterator[bytes]:
    for type_name in message_types():
        made = [write(example(type_name, seed)) for seed in range(EACH)]
        for number in range(MANY):
            yield made[number % EACH]


def _by(workers: int, folder: Path) -> float:
    """Give the seconds of reading a folder by so many processes."""
    done = subprocess.run(
        [sys.executable, "-c", _SPREAD, folder, str(workers)],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout.split()[1])
