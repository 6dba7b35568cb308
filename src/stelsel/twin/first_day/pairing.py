"""Who on the first day is one child: help in two forms at once, help beside a measure.

The stays and waits of the first day are drawn per service. A share of them is of a child that has
another service too: as many as a steady state has of those that came beside another (``second``
in the plan), and of what goes with a measure as many as the plan says (``beside``). Each is given
to a child of its own region and about its age.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stelsel.twin.chance import Purpose, uniforms
from stelsel.twin.first_day.order import in_order
from stelsel.twin.first_day.steady import Flow
from stelsel.twin.layout import BY_PLAN, OPEN, WIDTH, Network
from stelsel.twin.services import services
from stelsel.twin.world.rules import Values

Column = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]

APART = 1 << 32
"""Further than any two births, so that regions stay apart in one order."""
STILL_THERE = 0.85
"""Of who waits for help beside other help so many still have the other: own choice."""


def join(
    net: Network, flow: Sequence[Flow], rows: list[dict[str, Column]], value: Values
) -> list[tuple[Ints, Ints]]:
    """Say which stays and waits are of one child.

    Where the older of two gives the younger, ``mate`` of the younger is set, in place.

    Parameters
    ----------
    net
        The network of the run: its routes of the first epoch say who gets what beside what.
    flow
        The steady state of every service.
    rows
        Columns of the stays and waits of the first day, a group per service and kind.
    value
        Values of the plan on the first day.

    Returns
    -------
    list
        Pairs of numbers of rows, counted through all groups.
    """
    offset = np.cumsum([0, *(len(row["key"]) for row in rows)])
    there: dict[int, list[int]] = {}
    for n, row in enumerate(rows):
        if len(row["key"]):
            there.setdefault(int(row["service"][0]), []).append(n)
    sorted_ = Sorted()
    found = []
    for a, b, share in _shares(net, flow, value):
        first = [n for n in there.get(a, []) if _runs(rows[n])]
        for n in there.get(b, []):
            if not first:
                continue
            part = share if _runs(rows[n]) else _of_list(net, flow, a, b)
            mine, theirs = _matched(rows[first[0]], rows[n], part, a, sorted_)
            _give(rows[first[0]], rows[n], mine, theirs, int(offset[first[0]]))
            _lengthen(rows[n], mine, float(net.longer[a, b]), float(net.rules[0, b]["limit"]))
            found.append((offset[n] + mine, offset[first[0]] + theirs))
    return found


class Sorted:
    """The order of groups by region and birth, worked out once for each."""

    def __init__(self) -> None:
        self._made: dict[int, Ints] = {}

    def of(self, row: dict[str, Column]) -> Ints:
        """Give the rows of a group in order."""
        if id(row) not in self._made:
            self._made[id(row)] = in_order(row["birth"], row["region"])
        return self._made[id(row)]


def one_child(pairs: list[tuple[Column, Column]], number: int) -> Ints:
    """Give for each of ``number`` rows the lowest row of the same child.

    Examples
    --------
    >>> one_child([(np.array([3, 1]), np.array([1, 2]))], 5).tolist()
    [0, 1, 1, 1, 4]
    """
    left = np.concatenate([np.empty(0, np.int64), *(one for one, _ in pairs)])
    right = np.concatenate([np.empty(0, np.int64), *(other for _, other in pairs)])
    lowest = np.arange(number)
    while True:
        before = lowest.copy()
        least = np.minimum(lowest[left], lowest[right])
        np.minimum.at(lowest, left, least)
        np.minimum.at(lowest, right, least)
        lowest = lowest[lowest]
        if (lowest == before).all():
            return lowest


def _shares(net: Network, flow: Sequence[Flow], value: Values) -> Iterator[tuple[int, int, float]]:
    """Give pairs of services, and the share of who has the second that has the first too."""
    every = services()
    for a, first in enumerate(every):
        for b, second in enumerate(every):
            name = f"beside[{first.slug}>{second.slug}]"
            if name in value.plan.parameters:
                yield a, b, value(name) * value.runs(first) * value.runs(second)
        rule = net.rules[0, a]
        if rule["measure"]:
            continue
        for route in net.routes[0, rule["seconds"] : rule["seconds_to"]]:
            b = int(route["service"])
            if not route["linked"]:
                lasts = flow[a].mean / max(flow[a].mean + flow[b].mean, 1e-9)
                more = value("beside.help", 1.0)
                share = _came(flow, a, b, float(route["reached"])) * lasts * more
                yield a, b, min(share, STILL_THERE)


def _came(flow: Sequence[Flow], a: int, b: int, reached: float) -> float:
    """Share of those who get a service that gets it beside another."""
    comes = flow[a].stock / max(flow[a].mean, 1e-9) * reached
    return float(min(comes / max(flow[b].stock / max(flow[b].mean, 1e-9), 1e-9), 1.0))


def _of_list(net: Network, flow: Sequence[Flow], a: int, b: int) -> float:
    """Share of who waits for a service that has another, beside which it comes."""
    rule = net.rules[0, a]
    for route in net.routes[0, rule["seconds"] : rule["seconds_to"]]:
        if route["service"] == b:
            return _came(flow, a, b, float(route["reached"])) * STILL_THERE
    return 0.0


def _runs(row: dict[str, Column]) -> bool:
    """Whether a group is of stays, not of waits."""
    return bool((row["started"] != OPEN).all())


def _matched(
    first: dict[str, Column], second: dict[str, Column], share: float, a: int, sorted_: Sorted
) -> tuple[Ints, Ints]:
    """Choose a share of a group, and for each of them a child of another group of about its age.

    Nobody is chosen for more than one; within a group the later ones are of the earlier.
    """
    chosen = uniforms(second["key"], Purpose.SECOND, 200 + a) < share
    others = sorted_.of(first)
    if first is second:
        half = uniforms(second["key"], Purpose.SECOND, 253) < 1 / 2
        chosen = half & (uniforms(second["key"], Purpose.SECOND, 254) < 2 * share)
        others = others[~half[others]]
    here = sorted_.of(second)
    here = here[chosen[here]]
    # Each region apart, in order of birth: others from ``begin`` to ``end``, and ``step`` of here.
    theirs, mine = first["region"][others], second["region"][here]
    begin, end = np.searchsorted(theirs, mine), np.searchsorted(theirs, mine, "right")
    step = np.arange(len(here)) - np.searchsorted(mine, mine)
    fits = step < end - begin
    here, mine, begin, end, step = (each[fits] for each in (here, mine, begin, end, step))
    births = first["birth"][others]
    born = second["birth"][here]
    at = np.searchsorted(theirs * APART + births, mine * APART + born)
    at = np.maximum.accumulate(at - step + mine * APART) + step - mine * APART  # no two at one
    number = np.searchsorted(mine, mine, "right") - np.searchsorted(mine, mine)
    at = np.minimum(at, end - number + step)
    near = np.abs(births[at] - born) < WIDTH
    return here[near], others[at[near]]


def _lengthen(second: dict[str, Column], mine: Ints, longer: float, limit: float) -> None:
    """Let a stay that came beside another go on for longer, until the age limit at most."""
    due = second["due"][mine].astype(np.int64)
    until = np.minimum(due * longer, OPEN - 1.0)
    if limit > 0:
        until = np.minimum(until, second["birth"][mine] + limit)
    by_plan = (due != OPEN) & (second["flags"][mine] >> 4 == BY_PLAN)
    second["due"][mine] = np.where(by_plan, np.maximum(np.floor(until), due), due)


def _give(
    first: dict[str, Column], second: dict[str, Column], mine: Ints, theirs: Ints, offset: int
) -> None:
    """Say of the younger stays that they came beside the older, where nothing did yet."""
    came = np.asarray(first["arrived"])[theirs] <= np.asarray(second["arrived"])[mine]
    came &= second["mate"][mine] < 0
    second["mate"][mine[came]] = offset + theirs[came]
