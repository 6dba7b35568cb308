"""One region, ten years, a hundred replications on two workers, as ``stelsel simulate`` does it.

Seconds by the clock are what a user waits, processes begun and compiled code read included;
processor seconds are those of both workers, and tell more on a machine that does other work too.
"""

from __future__ import annotations

import resource
import time
from typing import Any

from stelsel.twin.runs.ensemble import ensemble

REGION = "JZ07"
"""A region of middle size."""
YEARS = 10
REPLICATIONS = 100
WORKERS = 2


def measure() -> dict[str, Any]:
    """Run the ensemble without published figures, then a tenth of it with them."""
    ensemble(region=REGION, years=0.1)  # compile
    seconds, busy = _timed(REPLICATIONS, figures=False)
    with_figures, busy_with = _timed(REPLICATIONS // 10, figures=True)
    return {
        "region": REGION,
        "replications": REPLICATIONS,
        "workers": WORKERS,
        "seconds": round(seconds, 2),
        "processor_s": round(busy, 2),
        "replications_with_figures": REPLICATIONS // 10,
        "seconds_with_figures": round(with_figures, 2),
        "processor_with_figures_s": round(busy_with, 2),
    }


def _timed(replications: int, figures: bool) -> tuple[float, float]:
    began, busy = time.perf_counter(), _busy()
    ensemble(
        region=REGION,
        years=YEARS,
        replications=replications,
        workers=WORKERS,
        figures=figures,
    )
    return time.perf_counter() - began, _busy() - busy


def _busy() -> float:
    """Processor seconds of this process and of the workers that have ended."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(one) for one in who]
    return sum(one.ru_utime + one.ru_stime for one in used)
