"""The register as it stood: asking for a past day gives what an honest replay up to it gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel.ijw import Message, write
from stelsel.register import Register
from tests.ijw_events import messages as by_hand
from tests.register.test_sequences import all_messages

RETURNED = {"JW301", "JW305", "JW307", "JW315", "JW317", "JW319"}
"""The messages that a return is sent on; a claim gets an assessment."""
DAY = timedelta(days=1)


def dated(message: Message) -> date:
    """The date that its sender put on it: from that day on it is known."""
    header = message.content["Header"]
    # A return repeats the identification of what it is about, and has a date of its own.
    day: date = header.get("DagtekeningRetour") or header["BerichtIdentificatie"]["Dagtekening"]
    return day


def pool() -> list[Message]:
    """Every message of every sequence, and for each two returns of later days: taken, refused."""
    told = [message for _, message, _ in all_messages()]
    answers = [
        by_hand.returned(dated(message) + (3 + number % 40) * DAY, message, code)
        for number, message in enumerate(told)
        if message.type in RETURNED
        for code in (None, "9326")
    ]
    return told + answers


POOL = pool()
DAYS = sorted({dated(message) for message in POOL})


def taken_in(folder: Path, messages: Sequence[Message], cuts: Iterable[int]) -> Register:
    """A register that took messages in, in this order, in so many ingests."""
    register = Register.create(folder / "register")
    for first, last in pairwise(sorted({0, len(messages), *cuts})):
        part = folder / f"{first:03}"
        part.mkdir()
        for number, message in enumerate(messages[first:last]):
            # Files are read by their names, so in this order.
            (part / f"{number:03}.xml").write_bytes(write(message))
        outcome = register.ingest(part)
        assert (outcome.new, outcome.set_aside) == (last - first, 0)
    return register


def all_it_says(register: Register, known_on: date | None) -> tuple[Any, ...]:
    return (
        register.events(known_on).to_pylist(),
        register.verdicts(known_on).to_pylist(),
        register.spells(known_on).to_pylist(),
    )


def test_a_past_day_gives_what_a_replay_up_to_it_gives(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STELSEL_KEY_FILE", str(tmp_path / "key"))  # one, so that both compare
    seen = {"spells": 0, "refused": 0, "later": 0}

    @settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.sets(st.integers(0, len(POOL) - 1), min_size=30, max_size=120),
        st.randoms(use_true_random=False),
        st.lists(st.sampled_from(DAYS), min_size=1, max_size=2),
        st.lists(st.sets(st.integers(0, 120), max_size=3), min_size=3, max_size=3),
    )
    def holds(chosen: set[int], shuffler: Any, asked: list[date], cuts: list[set[int]]) -> None:
        order = [POOL[place] for place in sorted(chosen)]
        shuffler.shuffle(order)
        with TemporaryDirectory() as place:
            whole = taken_in(Path(place) / "whole", order, within(cuts[0], order))
            for number, day in enumerate(asked):
                then = [message for message in order if dated(message) <= day]
                shuffler.shuffle(then)
                folder = Path(place) / f"replay{number}"
                replay = taken_in(folder, then, within(cuts[number + 1], then))
                expected = all_it_says(replay, None)
                assert all_it_says(whole, day) == expected
                seen["spells"] += len(expected[2])
                seen["refused"] += sum(verdict["refused"] for verdict in expected[1])
                seen["later"] += len(order) - len(then)

    holds()
    assert min(seen.values()) > 0, "the test looked at nothing"


def within(cuts: Iterable[int], messages: Sequence[Message]) -> set[int]:
    """The cuts that lie inside a list of messages."""
    return {cut for cut in cuts if cut < len(messages)}
