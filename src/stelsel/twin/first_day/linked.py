"""Who has a service beside another on the first day: a worker and orders beside a measure."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from stelsel.twin.chance import Purpose, children, uniforms
from stelsel.twin.kernel.staying import SECOND_KEYS
from stelsel.twin.layout import (
    BY_PLAN,
    DRAWN,
    NOT_RENEWED,
    OPEN,
    REGULAR,
    TERMS,
    Network,
)
from stelsel.twin.plans.plan import Plan
from stelsel.twin.services import services
from stelsel.twin.world.durations import STEPS

Column = npt.NDArray[Any]


def bind(
    plan: Plan,
    net: Network,
    held: npt.NDArray[np.int64],
    first: date,
    rows: list[dict[str, Column]],
) -> list[dict[str, Column]]:
    """Draw the linked services beside the stays of the first day, and link both.

    Each began with its stay and has lasted as its own law says, so who still has it follows. Of
    a service with places, who came first has them, and the others wait.
    """
    made: list[dict[str, Column]] = []
    offset = np.cumsum([0, *(len(row["key"]) for row in rows)])
    total = int(offset[-1])
    free = held.copy()
    for k in range(len(services())):
        rule = net.rules[0, k]
        for route in net.routes[0, rule["seconds"] : rule["seconds_to"]]:
            if not route["linked"]:
                continue
            for n, row in enumerate(rows):
                if int(row["service"][0] if len(row["key"]) else -1) != k:
                    continue
                more = _beside(net, row, int(offset[n]), total, route, free)
                if len(np.asarray(more["key"])):
                    made.append(more)
                    total += len(np.asarray(more["key"]))
    return made


def _beside(
    net: Network,
    row: dict[str, Column],
    offset: int,
    total: int,
    route: np.void,
    free: npt.NDArray[np.int64],
) -> dict[str, Column]:
    to = int(route["service"])
    rule = net.rules[0, to]
    keys = children(row["key"], SECOND_KEYS + to)
    begun = row["started"].astype(np.int64)
    chosen = (begun != OPEN) & (uniforms(keys, Purpose.SECOND) < route["reached"])
    due = np.full(len(keys), int(OPEN))
    terms = np.zeros(len(keys), np.int64)
    why = np.full(len(keys), BY_PLAN)
    if rule["law"] == DRAWN:
        place = uniforms(keys, Purpose.DURATION) * STEPS
        length = np.interp(place, np.arange(STEPS + 1), net.quantiles[net.length_of[to, 0]])
        due = begun + np.floor(length + uniforms(keys, Purpose.ROUNDING)).astype(np.int64)
    elif rule["law"] == TERMS:
        elapsed = -begun
        terms = np.floor(elapsed / rule["term"]).astype(np.int64) + 1
        kept = uniforms(keys, Purpose.RENEW) < rule["renew"] ** (terms - 1)
        chosen &= kept
        due = begun + np.floor(terms * rule["term"] + 0.5).astype(np.int64)
        why = np.full(len(keys), NOT_RENEWED)
    chosen &= due >= 0
    rest = np.flatnonzero(chosen)
    rest = rest[np.argsort(begun[rest], kind="stable")]
    started = begun[rest].copy()
    station = net.station_of[0][row["region"][rest], to, 0]
    if rule["capped"]:
        for one in np.unique(station):
            mine = np.flatnonzero(station == one)
            started[mine[int(free[one]) :]] = OPEN
            free[one] = max(int(free[one]) - len(mine), 0)
    waits = started == OPEN
    nothing = np.full(len(rest), -1)
    bound = row["bound"]
    beside = bound[rest].copy()
    numbers = total + np.arange(len(rest))
    bound[rest] = numbers
    return {
        "key": keys[rest],
        "region": row["region"][rest],
        "station": station,
        "service": np.full(len(rest), to),
        "cls": np.full(len(rest), REGULAR),
        "arrived": begun[rest],
        "started": started,
        "due": np.where(waits, OPEN, np.minimum(due[rest], OPEN)),
        "terms": np.where(waits, 0, terms[rest]),
        "birth": row["birth"][rest],
        "referrer": nothing,
        "ended": np.full(len(rest), OPEN),
        "flags": np.where(waits, 0, why[rest] << 4),
        "wants": nothing,
        "mate": offset + rest,
        "bound": nothing.copy(),
        "beside": beside,
    }
