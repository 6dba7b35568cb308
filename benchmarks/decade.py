"""One replication of the national decade, all parts on: seconds, visits and memory, one process.

Compilation is done first, on a small region, and told apart.
"""

from __future__ import annotations

import resource
import time
from typing import Any

from stelsel.twin import run

REGION = "JZ15"
"""One municipality: enough to compile everything."""


def measure() -> dict[str, Any]:
    """Run the country for ten years and give seconds by the clock, visits and peak memory."""
    started = time.perf_counter()
    run(region=REGION, years=0.05)
    compiled = time.perf_counter() - started
    started, busy = time.perf_counter(), time.process_time()
    decade = run(years=10)
    return {
        "seconds": round(time.perf_counter() - started, 2),
        "processor_s": round(time.process_time() - busy, 2),
        "visits": len(decade.visits),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "compile_s": round(compiled, 2),
    }
