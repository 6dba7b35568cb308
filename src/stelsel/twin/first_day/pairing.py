"""Who on the first day is one child: help in two forms at once, help beside a measure.

The stays of the first day are drawn per service. Those that came beside another (``second`` in
the plan) belong to the same child, as long as the other still runs: stays of both services are
joined, as many as a steady state has, the younger stay to an older one of the same region.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stelsel.twin.chance import Purpose, uniforms
from stelsel.twin.first_day.steady import Flow
from stelsel.twin.layout import OPEN, Network

Column = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]


def join(net: Network, flow: Sequence[Flow], rows: list[dict[str, Column]]) -> None:
    """Join stays of one child, in place: ``mate`` of the later stay is the earlier one.

    Parameters
    ----------
    net
        The network of the run: its routes of the first epoch say who gets what beside what.
    flow
        The steady state of every service.
    rows
        Columns of the stays and waits of the first day, a group per service.
    """
    offset = np.cumsum([0, *(len(row["key"]) for row in rows)])
    groups = {
        int(row["service"][0]): n
        for n, row in enumerate(rows)
        if len(row["key"]) and (row["started"] != OPEN).all()
    }
    owner: dict[int, npt.NDArray[np.bool_]] = {}
    for k, n in groups.items():
        owner[k] = np.asarray(rows[n]["mate"]) >= 0  # taken: has a mate already
    for a, n in groups.items():
        rule = net.rules[0, a]
        for route in net.routes[0, rule["seconds"] : rule["seconds_to"]]:
            b = int(route["service"])
            if route["linked"] or b not in groups:
                continue
            m = groups[b]
            comes = flow[a].stock / max(flow[a].mean, 1e-9) * float(route["reached"])
            starts = flow[b].stock / max(flow[b].mean, 1e-9)
            beside = min(comes / max(starts, 1e-9), 1.0)
            beside *= flow[a].mean / max(flow[a].mean + flow[b].mean, 1e-9)
            _join(rows[n], rows[m], int(offset[n]), beside, owner[b], same=a == b)


def _join(
    first: dict[str, Column],
    second: dict[str, Column],
    offset: int,
    share: float,
    taken: npt.NDArray[np.bool_],
    *,
    same: bool,
) -> None:
    """Join a share of the stays of a service to stays of another, region by region."""
    chance = uniforms(second["key"], Purpose.SECOND, 254)
    chosen = np.flatnonzero((chance < share) & ~taken)
    # One that is the later of a pair has its child from there: it can be nobody's earlier one,
    # or a chain of stays could close on itself.
    free = np.asarray(first["mate"]) < 0
    if same:
        free &= uniforms(first["key"], Purpose.SECOND, 253) < 0.5
        chosen = chosen[~free[chosen]]
    for region in np.unique(np.asarray(second["region"])[chosen]):
        mine = chosen[np.asarray(second["region"])[chosen] == region]
        theirs = np.flatnonzero(free & (np.asarray(first["region"]) == region))
        if not len(theirs):
            continue
        order = np.argsort(uniforms(np.asarray(first["key"])[theirs], Purpose.SECOND, 252))
        theirs = theirs[order][: len(mine)]
        mine = mine[: len(theirs)]
        theirs = theirs[np.argsort(np.asarray(first["started"])[theirs], kind="stable")]
        mine = mine[np.argsort(np.asarray(second["started"])[mine], kind="stable")]
        fits = np.asarray(first["arrived"])[theirs] <= np.asarray(second["arrived"])[mine]
        second["mate"][mine[fits]] = offset + theirs[fits]
        taken[mine[fits]] = True
