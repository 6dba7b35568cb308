"""Ingest and spells beside reading and checking alone: the same archives, in the same process.

Seconds are processor time of all threads, so that other work on the machine counts for little. Each
round is a process of its own, so that the most memory it held is that of the ingest.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from stelsel.ijw.traffic import messages_of, write_traffic
from stelsel.twin import run

REGION = "JZ07"
YEARS = 3
ROUNDS = 3

_ROUND = """
import json, resource, sys, time
from stelsel.ijw import read
from stelsel.register import Register

def timed(work):
    began = time.process_time()
    made = work()
    return made, time.process_time() - began

def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

place, archives = sys.argv[1], json.load(sys.stdin)
read_, reading = timed(lambda: sum(each.valid for each in read(archives)))
register = Register.create(place)
told, ingest = timed(lambda: register.ingest(archives))
assert told.new == read_, told
ingest_mib = most()
spells, last = timed(lambda: register.spells().num_rows)
print(json.dumps({
    "messages": read_, "spells": spells, "read_s": reading, "ingest_s": ingest, "spells_s": last,
    "ratio": reading / (ingest + last), "ingest_mib": ingest_mib, "spells_mib": most(),
}))
"""


def measure() -> dict[str, Any]:
    """Time all archives of a made-up region; then half of them, for the memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        truth = run(region=REGION, years=YEARS)
        told = messages_of(truth.spells(), truth.people(), seed=truth.seed, until=truth.last)
        write_traffic(told, folder / "messages")
        archives = sorted(map(str, folder.rglob("*.zip")))
        rounds = [_round(folder / f"all-{number}", archives) for number in range(ROUNDS)]
        half = _round(folder / "half", archives[::2])
    middle = {field: median(each[field] for each in rounds) for field in rounds[0]}
    return {
        "messages": middle["messages"],
        "spells": middle["spells"],
        **{field: round(middle[field], 2) for field in ("read_s", "ingest_s", "spells_s", "ratio")},
        "ingest_mib": round(middle["ingest_mib"]),
        "spells_mib": round(middle["spells_mib"]),
        "half_messages": half["messages"],
        "half_ingest_mib": round(half["ingest_mib"]),
        "half_spells_mib": round(half["spells_mib"]),
    }


def _round(place: Path, archives: Sequence[str]) -> dict[str, float]:
    """Read some archives, take them in and work out the spells, in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", _ROUND, str(place)],
        check=True,
        input=json.dumps(archives),
        stdout=subprocess.PIPE,
        text=True,
    )
    measured: dict[str, float] = json.loads(done.stdout)
    return measured
