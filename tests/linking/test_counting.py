"""The cleaned counts: by hand, and the interval against the exact chance of each number."""

from __future__ import annotations

from datetime import date, timedelta
from math import prod
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from stelsel.register.linking import clusters, link
from stelsel.register.linking.counting import counts
from stelsel.register.linking.hashed import SCHEMA
from stelsel.register.linking.pairs import SCHEMA as PAIRS
from tests.linking.conftest import KEY
from tests.linking.people import Written, write

DAY = date(2026, 3, 31)


def entry(name: str, provider: str = "98070201", form: str = "02", **other: Any) -> dict[str, Any]:
    return {
        "entry": name,
        "list": "a.csv",
        "row": 2,
        "provider": provider,
        "form": form,
        "reported_on": DAY,
        "on_list": DAY,
        **other,
    }


def counted(rows: list[dict[str, Any]], links: dict[str, float]) -> list[dict[str, Any]]:
    """Count entries, where ``links`` gives the probability of each pair of letters."""
    parted = {(two[0], two[1]): p for two, p in links.items()}
    levels = dict.fromkeys(PAIRS.names[4:], 0)
    pairs = [
        {"one": a, "other": b, "weight": 0.0, "probability": p} | levels
        for (a, b), p in parted.items()
    ]
    entries = pa.Table.from_pylist(rows, SCHEMA)
    holds = [(a, b) for (a, b), p in parted.items() if p >= 0.8]
    group = clusters(entries["entry"].to_pylist(), holds, 0.5)
    told: list[dict[str, Any]] = counts(
        entries, pa.Table.from_pylist(pairs, PAIRS), group, 180
    ).to_pylist()
    return told


def test_a_child_counts_once_a_list_and_once_over_all() -> None:
    old = DAY - timedelta(181)
    rows = [
        entry("a", on_list=old),
        entry("b"),
        entry("c", form="03"),
        entry("d", provider="98070202", on_list=DAY - timedelta(180)),
        entry("e"),
    ]
    sure = {"ab": 1.0, "ac": 1.0, "ad": 1.0, "bc": 1.0, "bd": 1.0, "cd": 1.0}
    found = [tuple(row.values()) for row in counted(rows, sure)]
    assert found == [
        ("98070201", "02", 3, 2, 2, 2, 1),
        ("98070201", "03", 1, 1, 1, 1, 0),
        ("98070202", "02", 1, 1, 1, 1, 0),
        (None, None, 5, 2, 2, 2, 1),
    ]


def test_only_the_latest_list_of_a_provider_counts() -> None:
    before = DAY - timedelta(90)
    rows = [
        entry("a", reported_on=before, on_list=before),
        entry("b"),
        entry("c", provider="98070202", reported_on=before, on_list=before),
    ]
    assert [row["entries"] for row in counted(rows, {})] == [1, 1, 2]
    assert counted([], {}) == []


def test_the_interval_holds_the_exact_chances() -> None:
    """Thirty pairs, each doubtful by itself: the number of doubles is Poisson-binomial."""
    names = [chr(33 + n) for n in range(60)]
    chances = {
        one + other: 0.5 + n / 100
        for n, (one, other) in enumerate(zip(names[::2], names[1::2], strict=True))
    }
    exact = [1.0]
    for p in chances.values():
        exact = [
            with_it * p + without * (1 - p)
            for with_it, without in zip([0.0, *exact], [*exact, 0.0], strict=True)
        ]
    assert abs(sum(exact) - 1) < 1e-9
    assert abs(exact[30] - prod(chances.values())) < 1e-12
    total = counted([entry(name) for name in names], chances)[-1]
    low, high = total["children_low"], total["children_high"]
    # Children: sixty less the doubles. Bounds leave 2.5 % out either side, in 400 draws.
    below, above = sum(exact[60 - low + 1 :]), sum(exact[: 60 - high])
    assert 0.005 < below < 0.06
    # Links under the threshold do not hold, so what is told may lie above what is likely.
    assert above < 0.06
    assert high == max(total["children"], high)


def test_a_sure_link_has_no_interval() -> None:
    rows = [entry(name) for name in "abc"]
    (only, _) = counted(rows, {"ab": 1.0})
    assert (only["children"], only["children_low"], only["children_high"]) == (2, 2, 2)


@pytest.mark.parametrize("days", [30, 100])
def test_older_entries_are_to_be_asked_again(tmp_path: Path, days: int) -> None:
    born = [date(2010 + n, 1 + n, 3 + n) for n in range(10)]
    entries = [
        Written(n, "98070201", "02", DAY, DAY - timedelta(20 * n), "Noor", f"Beek{n}", day, "v", "")
        for n, day in enumerate(born)
    ]
    found = link([write(tmp_path / "a.csv", entries)], tmp_path / "k", KEY, ask_again_days=days)
    asked = {row["row"] - 2 for row in found.entries.to_pylist() if row["ask_again"]}
    assert asked == {n for n in range(10) if 20 * n > days}
    assert [row["ask_again"] for row in found.counts.to_pylist()] == [len(asked)] * 2
