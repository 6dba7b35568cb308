"""Cost against visits, from one region to the country: ten years, one replication each.

Seconds are processor time of one process; the least of the rounds counts, since what else the
machine does only makes it slower. Where cost grows in proportion to visits, microseconds a visit
stay the same.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from stelsel.twin import baseline, run
from stelsel.twin.country.baseline import FIRST_DAY
from stelsel.twin.first_day.start import start
from stelsel.twin.layout import MADE
from stelsel.twin.runs.run import execute, length
from stelsel.twin.world.network import network
from stelsel.twin.world.people import COUNTRY, Places, places

REGIONS = (1, 4, 12, 42)
YEARS = 10
ROUNDS = 2
SEED = 2021


def measure() -> dict[str, Any]:
    """Time the twin on ever more regions."""
    run(region="JZ15", years=0.05)  # compile
    result = {}
    for number in REGIONS:
        found = [_timed(_first(number)) for _ in range(ROUNDS)]
        seconds, visits = min(found)
        result[f"regions_{number}"] = {
            "visits": visits,
            "processor_s": round(seconds, 2),
            "microseconds_a_visit": round(1e6 * seconds / visits, 3),
        }
    one, every = (result[f"regions_{n}"]["microseconds_a_visit"] for n in (1, REGIONS[-1]))
    return result | {"country_against_one_region": round(every / one, 2)}


def _first(number: int) -> Places:
    """Give the first so many regions of the country."""
    where = places(COUNTRY)
    return replace(
        where,
        **{
            name: getattr(where, name)[:number]
            for name in (
                "regions",
                "weight",
                "municipalities",
                "reached",
                "ages_reached",
                "youths",
            )
        },
    )


def _timed(where: Places) -> tuple[float, int]:
    """Give processor seconds and visits of a replication."""
    days = length(FIRST_DAY, YEARS)
    began = time.process_time()
    net = network(baseline(), where, FIRST_DAY, days)
    state = start(baseline(), where, net, FIRST_DAY, SEED)
    memory = execute(net, state, days, SEED)
    return time.process_time() - began, int(memory.tally[MADE])
