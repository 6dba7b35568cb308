"""How many children wait, by provider and form: without doubles, with what linking may have wrong.

A link is not sure; each has a probability. So the lists are cleaned many times: every time each
doubtful link is drawn by its probability and the groups are made anew. The interval holds the
middle 95 % of the counts. It is about linking alone, as far as the model weighs well: not about
lists that are missing or children who are on none.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pyarrow as pa

from stelsel.disclosure import declare
from stelsel.register.linking.choices import choices
from stelsel.register.linking.clusters import Link, clusters

COUNTS = pa.schema(
    [
        declare(pa.field("provider", pa.string()), "key"),
        declare(pa.field("form", pa.string()), "key"),
        declare(pa.field("entries", pa.int64()), "count"),
        declare(pa.field("children", pa.int64()), "count"),
        declare(pa.field("children_low", pa.int64()), "count", behind="children"),
        declare(pa.field("children_high", pa.int64()), "count", behind="children"),
        declare(pa.field("ask_again", pa.int64()), "count"),
    ]
)
"""Columns of the counts, one row a provider and form. The bounds are counts of children too, and
are rounded as such: exact bounds would give a rounded count away.

=================  ==========================================================================
entries            on the provider's latest list
children           of these, each child once
children_low/high  the middle 95 % of what linking by chance would count
ask_again          children whose entry is older than the limit
=================  ==========================================================================
"""

_SURE = 1e-6
"""A link less doubtful than this is not drawn: it would change one count in a million."""


def latest(entries: pa.Table) -> list[dict[str, Any]]:
    """Give the entries on the latest list of each provider, without their digests."""
    columns = ["entry", "provider", "form", "reported_on", "on_list", "list", "row"]
    rows: list[dict[str, Any]] = entries.select(columns).to_pylist()
    last: dict[str, date] = {}
    for row in rows:
        last[row["provider"]] = max(row["reported_on"], last.get(row["provider"], date.min))
    return [row for row in rows if row["reported_on"] == last[row["provider"]]]


def is_old(row: Mapping[str, Any], ask_again_days: int) -> bool:
    """Whether an entry stands on its list so long that it is to be asked again.

    Examples
    --------
    >>> is_old({"reported_on": date(2026, 7, 1), "on_list": date(2026, 1, 1)}, 180)
    True
    """
    age: timedelta = row["reported_on"] - row["on_list"]
    return age.days > ask_again_days


def counts(
    entries: pa.Table, pairs: pa.Table, group: Mapping[str, str], ask_again_days: int
) -> pa.Table:
    """Count the children on the latest lists, by provider and form.

    Parameters
    ----------
    entries, pairs
        What is kept: all entries, and the pairs of them, the heaviest first.
    group
        What :func:`stelsel.register.linking.clusters.clusters` gives for the links that hold.
    ask_again_days
        Days after which an entry is to be asked again.

    Returns
    -------
    pa.Table
        Columns of :data:`COUNTS`. A child is counted once for each provider and form that it waits
        for; the last row, with null for both, counts each child once over all.
    """
    rows = latest(entries)
    places: dict[tuple[str | None, str | None], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        places[row["provider"], row["form"]].append(row)
    told: list[tuple[tuple[str | None, str | None], list[dict[str, Any]]]] = sorted(
        places.items(), key=lambda one: str(one[0])
    )
    told.append(((None, None), rows))
    drawn = [[] for _ in told]  # type: list[list[int]]
    for other in _draws(group, pairs):
        for place, (_, members) in enumerate(told):
            drawn[place].append(_children(members, other))
    table = []
    for ((provider, form), members), numbers in zip(told, drawn, strict=True):
        low, high = _middle(numbers) if numbers else (0, 0)
        old = [row for row in members if is_old(row, ask_again_days)]
        table.append(
            {
                "provider": provider,
                "form": form,
                "entries": len(members),
                "children": (found := _children(members, group)),
                "children_low": min(low, found),
                "children_high": max(high, found),
                "ask_again": _children(old, group),
            }
        )
    return pa.Table.from_pylist(table if rows else [], COUNTS)


def _children(rows: Iterable[Mapping[str, Any]], group: Mapping[str, str]) -> int:
    return len({group[row["entry"]] for row in rows})


def _middle(numbers: Sequence[int]) -> tuple[int, int]:
    """Give the bounds that leave at most 2.5 % of the numbers out on either side.

    >>> _middle(range(1, 401))
    (11, 390)
    """
    ordered = sorted(numbers)
    out = math.floor(0.025 * len(ordered))
    return ordered[out], ordered[-1 - out]


def _draws(group: Mapping[str, str], pairs: pa.Table) -> Iterable[Mapping[str, str]]:
    """Give the groups anew for each draw of the doubtful links.

    Only entries that a doubtful link can touch, over any links, are grouped anew.
    """
    told = list(
        zip(*(pairs[name].to_pylist() for name in ("one", "other", "probability")), strict=True)
    )
    doubtful = [(one, other) for one, other, p in told if 1 - p > _SURE and p > _SURE]
    touched = _reached(doubtful, [(one, other) for one, other, _ in told])
    local = [(one, other, p) for one, other, p in told if one in touched]
    members = sorted(touched)
    chance = Random(choices().seed)
    for _ in range(choices().draws):
        links = [(one, other) for one, other, p in local if p >= 1 - _SURE or chance.random() < p]
        yield {**group, **clusters(members, links, choices().least_share)}


def _reached(starts: Iterable[Link], links: Iterable[Link]) -> set[str]:
    near: dict[str, list[str]] = defaultdict(list)
    for one, other in links:
        near[one].append(other)
        near[other].append(one)
    found = {entry for link in starts for entry in link}
    todo = list(found)
    while todo:
        for other in near[todo.pop()]:
            if other not in found:
                found.add(other)
                todo.append(other)
    return found
