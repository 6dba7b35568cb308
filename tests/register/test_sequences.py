"""Whole sequences of messages through the register: the same end in every order of arrival."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel.ijw import Message, write
from stelsel.register import Register
from tests.ijw_ledger.telling import Line, messages_of
from tests.ijw_ledger.test_stories import expected

SEQUENCES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "sequences.yaml").read_text(encoding="utf-8")
)
OWN = "00000001"
"""The provider of a sequence in which there are claims; the others get one each."""


def provider(place: int) -> str:
    return (
        OWN if any(one["send"] == "claim" for one in SEQUENCES[place]["told"]) else f"{place:07}9"
    )


def moved(line: Line, place: int) -> Line:
    """A line of a sequence, with a provider and numbers of allocations that are its own."""
    if provider(place) == OWN:
        return line
    first = (place + 1) * 100
    items = [
        item | {"number": first + item.get("number", line.get("number", 1))}
        for item in line.get("items", [{}])
    ]
    return line | {"provider": provider(place), "items": items}


def all_messages() -> Iterator[tuple[str, Message, Line]]:
    """Every message of every sequence, with a name and its line."""
    for place, sequence in enumerate(SEQUENCES):
        lines = [moved(line, place) for line in sequence["told"]]
        messages = messages_of(lines)
        for number, (message, line) in enumerate(zip(messages, sequence["told"], strict=True)):
            yield f"{place:02}-{number:02}", message, line


def shown(rows: list[dict[str, Any]], place: int) -> list[str]:
    """The spells of one sequence as the table has them."""
    names = ("station", "start", "end", "exit")
    own = [row for row in rows if row["provider"] == provider(place)]
    return sorted(" ".join(str(row[name] or "-") for name in names) for row in own)


def test_sequences_end_the_same_in_every_order_of_arrival(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STELSEL_KEY_FILE", str(tmp_path / "key"))  # one, so that ends compare
    messages = list(all_messages())
    ends = []

    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    @given(st.permutations(messages), st.sets(st.integers(1, len(messages)), max_size=5))
    def holds(order: list[tuple[str, Message, Line]], cuts: set[int]) -> None:
        with TemporaryDirectory() as folder:
            register = Register.create(Path(folder) / "register")
            inbox = Path(folder) / "inbox"
            edges = sorted({0, len(order), *cuts})
            for first, last in pairwise(edges):
                part = inbox / f"{first:03}"
                part.mkdir(parents=True)
                for number, (name, message, _) in enumerate(order[first:last]):
                    # Files are read by their names, so in this order.
                    (part / f"{number:03}.{name}.xml").write_bytes(write(message))
                outcome = register.ingest(part)
                assert (outcome.new, outcome.set_aside) == (last - first, 0)
            found = {Path(each.file).suffixes[0][1:]: each for each in register.check(inbox)}
            for name, _, line in messages:
                told = sorted(f"{each.rule} {each.path}" for each in found[name].findings)
                assert told == expected(line), line
            spells = register.spells().to_pylist()
            for place, sequence in enumerate(SEQUENCES):
                assert shown(spells, place) == sorted(sequence["spells"]), sequence["sequence"]
            ends.append((register.verdicts().to_pylist(), spells))

    holds()
    assert all(end == ends[0] for end in ends)
    refused = [row["rules"] for row in ends[0][0] if row["refused"]]
    assert len(refused) == sum(
        "breaks" in line for _, _, line in messages if line["send"] != "claim"
    )
