"""The rules on overlap against a slow, obviously right one: compare every pair."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.ijw.grammar import message_type
from stelsel.ijw.rules import check_rules
from tests.ijw.table import full, made

days = st.dates(date(2026, 1, 1), date(2026, 1, 8))
coded = [{"Categorie": c, "Code": c + k} for c in ("45", "46") for k in ("A", "B")]
products = st.sampled_from([{}, {"Categorie": "45"}, {"Categorie": "46"}, *coded])
reasons = st.sampled_from(["", "13", "01", "05"])


@pytest.mark.parametrize(
    ("rule", "message", "place", "begins", "ends"),
    [
        ("TR302", "JW301", "$toegewezen", "Ingangsdatum", "Einddatum"),
        ("TR386", "JW315", "$gevraagd", "ToewijzingIngangsdatum", "ToewijzingEinddatum"),
        ("TR410", "JW317", "$nieuw", "GewensteIngangsdatum", "Einddatum"),
    ],
)
def test_overlaps_are_those_that_comparing_every_pair_finds(
    rule: str, message: str, place: str, begins: str, ends: str
) -> None:
    @settings(max_examples=300, deadline=None)
    @given(st.lists(st.tuples(products, days, st.none() | days, reasons), max_size=6))
    def holds(lines: list[Any]) -> None:
        plain = made(message, {})
        items: Any = plain.content
        *steps, name = full(place).split("/")
        for step in steps:
            items = items[step]
        items = items[name]
        first = items.pop()
        compared = []
        for number, (product, begin, end, reason) in enumerate(lines):
            last = max(begin, end) if end else None
            item = first | {"Product": product, begins: begin, ends: last}
            deletable = rule == "TR302"
            if deletable:
                item["RedenWijziging"] = reason
            items.append({key: value for key, value in item.items() if value})
            compared.append((product, begin, last, deletable and reason in ("13", "01"), number))
        found = check_rules(plain.content, message_type(message))
        told = {breach.path[-1] for breach in found if breach.rule == rule}
        pairs = [
            (one, other)
            for one in compared
            for other in compared[one[-1] + 1 :]
            if overlap(one, other)
        ]
        # Of each pair that overlaps, the one that begins last is told of, and nobody else.
        later = {max(pair, key=lambda each: (each[1], each[-1]))[-1] for pair in pairs}
        assert told == {f"{name}[{number + 1}]" for number in later}

    holds()


def overlap(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether two lines are of the same product and share a day, said plainly."""
    for _, begin, end, deleted, _ in (one, other):
        if deleted and begin == end:
            return False
    a, b = one[0], other[0]
    if a and b:
        if "Code" in a and "Code" in b:
            if a["Code"] != b["Code"]:
                return False
        elif a["Categorie"] != b["Categorie"]:
            return False
    last = min(one[2] or date.max, other[2] or date.max)
    return bool(max(one[1], other[1]) <= last)
