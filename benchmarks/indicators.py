"""All indicators at once: a region's year of about a million events, and fifty times as many.

The twin makes the spells of a region, which are repeated with other children until there are as
many events as asked: every beginning and every ending of a spell is one. They stand in Parquet
files. Each run is a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stelsel.monitor.engines import on_duckdb
from stelsel.monitor.indicators import known, work_out_all
from stelsel.twin import run

REGION = "JZ07"
YEARS = 3
"""The last year is asked about; what is older stands among the spells as in a real register."""
AS_OF = date(2023, 12, 31)
SIZES = {"region_year": 1_000_000, "fifty": 50_000_000}
LIMIT_SECONDS = 10.0
LIMIT_MIB = 4096.0
THREADS = 2


def measure() -> dict[str, Any]:
    """Work out all indicators over both."""
    found: dict[str, Any] = {}
    base = run(region=REGION, years=YEARS).spells()
    for name, events in SIZES.items():
        with tempfile.TemporaryDirectory() as folder:
            written = spread(base, events, Path(folder))
            found[name] = {"events": written} | _apart(folder)
    year, fifty = found["region_year"], found["fifty"]
    return found | {
        "seconds_against_limit": round(year["seconds"] / LIMIT_SECONDS, 2),
        "processor_against_limit": round(year["processor_s"] / LIMIT_SECONDS, 2),
        "memory_against_limit": round(fifty["peak_mib"] / LIMIT_MIB, 2),
    }


def spread(base: pa.Table, events: int, folder: Path) -> int:
    """Write spells down again and again, with other children, until there are so many events."""
    each = 2 * base.num_rows - base["end"].null_count
    times = -(-events // each)
    for number in range(times):
        child = pc.binary_join_element_wise(base["child"], pa.scalar(str(number)), "-")
        spells = base.set_column(0, base.schema.field("child"), child)
        pq.write_table(spells, folder / f"{number:05}.parquet")
    return int(times * each)


def work(folder: Path) -> dict[str, float]:
    """Work all indicators out over the files of a folder, in this process."""
    indicators = known()
    began, busy = time.perf_counter(), time.process_time()
    with on_duckdb(folder, threads=THREADS) as spells:
        rows = work_out_all(indicators, spells, AS_OF)
    return {
        "indicators": len(indicators),
        "rows": sum(table.num_rows for table in rows.values()),
        "seconds": round(time.perf_counter() - began, 2),
        "processor_s": round(time.process_time() - busy, 2),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _apart(folder: str) -> dict[str, float]:
    """Do the work in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.indicators", folder],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    print(json.dumps(work(Path(sys.argv[1]))))
