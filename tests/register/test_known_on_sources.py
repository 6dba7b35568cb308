"""The register as it stood, for every source and for all of them together.

Files of messages, deliveries of policy information and tables of steps go in in any order, in
several ingests. What was known on a past day is what an honest register has that got only what had
been told by then; its files are drawn anew, for steps can be told row by row or all at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel.deliveries.cbs import (
    Delivery,
    Period,
    Protection,
    Record,
    YouthCare,
    layout_of,
    written,
)
from stelsel.deliveries.process import StepRow
from stelsel.deliveries.process import write as write_steps
from stelsel.ijw import Message, write
from stelsel.register import Register
from tests.ijw_events import messages as by_hand
from tests.register.test_known_on import dated
from tests.register.test_register import story

DAY = timedelta(days=1)
CHILDREN = [by_hand.NUMBER, "999900018"]
INSTITUTIONS = ["00000001", "00000002"]
WENT = date(2024, 4, 30)
IDS = ("event", "message", "content")
"""Columns that tell in which file a step stood, which may differ."""


@dataclass(frozen=True)
class Told:
    """What is told at once: a message, a delivery, or one row of a table of steps."""

    known: date
    what: Message | tuple[Delivery, tuple[Record, ...]] | StepRow


# --- what may be told ----------------------------------------------------------------------------


def messages() -> list[Told]:
    """Care that is asked for, allocated, begun, mended and ended, and returns that refuse some."""
    sent = story()
    late = timedelta(days=20)
    back = [by_hand.returned(dated(one) + late, one, "9326") for one in (sent[2], sent[4])]
    return [Told(dated(one), one) for one in (*sent, *back)]


@st.composite
def deliveries(draw: st.DrawFn) -> Told:
    """A delivery in time, on a day with others, of a period delivered before, or far too late."""
    sort = draw(st.sampled_from(["cbs-youth-care", "cbs-protection"]))
    period = Period.of(draw(st.sampled_from(["2024-H1", "2024-H1", "2024-H2"])))
    day = period.last + draw(st.sampled_from([9, 20, 150, 150, 400])) * DAY
    at = draw(st.sampled_from([time.min, time.min, time(9), time(17, 30)]))
    delivery = Delivery(sort, draw(st.sampled_from(INSTITUTIONS)), period, day, at)
    records = {}
    for _ in range(draw(st.integers(0, 2))):
        number = draw(st.sampled_from(CHILDREN))
        person: dict[str, Any] = {
            "number": number, "birth": "2012-03-09", "sex": "M", "place": "0193",
        }  # fmt: skip
        start = draw(st.sampled_from([date(2023, 11, 1), date(2024, 3, 4)]))
        record: Record
        if sort == "cbs-protection":
            days: dict[str, Any] = draw(st.sampled_from([
                {"start": start}, {"start": start, "transferred": WENT}, {"received": WENT + DAY},
            ]))  # fmt: skip
            record = Protection(**person, measure="11", **days)
        else:
            more: dict[str, Any] = {"referrer": "02", "crisis": "02"}
            record = YouthCare(**person, **more, form="02", start=start)
        end = draw(st.sampled_from([None, None, date(2024, 6, 28)]))
        if end is not None and end >= period.first:
            reason = "04" if sort == "cbs-protection" else "01"
            record = replace(record, end=min(end, period.last), reason=reason)
        if record.first is not None and record.first <= period.last:
            records[number, record.first] = record
    return Told(day, (delivery, tuple(records.values())))


LIST = [
    *("institution-listed", "institution-weighed", "institution-worker-assigned"),
    *("institution-off-list", "board-protection-asked", "board-protection-started"),
]


@st.composite
def steps(draw: st.DrawFn) -> Told:
    """A row: few cases, days and steps, so that the same one is told again or taken back."""
    name = draw(st.sampled_from(LIST))
    day = date(2024, 1, 8) + draw(st.sampled_from([0, 0, 30, 90])) * DAY
    told = day + draw(st.sampled_from([0, 5, 120, 240])) * DAY
    place = draw(st.integers(0, 1))
    weighs = name in {"institution-listed", "institution-weighed"}
    row = StepRow(
        *(f"case{place}", name, day, told, "GI-01", draw(st.sampled_from(["0193", "0150"]))),
        child_bsn=CHILDREN[place],
        priority=draw(st.sampled_from(["regular", "crisis"])) if weighs else "",
        reason="paper-check" if name == "institution-off-list" else "",
        withdraws=draw(st.sampled_from([False, False, True])),
    )
    return Told(told, row)


# --- taking it in --------------------------------------------------------------------------------


def files_of(told: Sequence[Told], folder: Path, together: bool) -> None:
    """Write what is told as files, whose names are in its order; steps alone or together."""
    sheets: list[list[StepRow]] = []
    for number, one in enumerate(told):
        if isinstance(one.what, StepRow):
            row = one.what
            # One file does not tell the same step twice.
            if not together or not sheets or row.same in {other.same for other in sheets[-1]}:
                sheets.append([])
            sheets[-1].append(row)
        elif isinstance(one.what, Message):
            (folder / f"{number:03}.xml").write_bytes(write(one.what))
        else:
            delivery, records = one.what
            data = written(records, delivery, layout_of("csv"))
            (folder / f"{number:03}.csv").write_bytes(data)
    for number, sheet in enumerate(sheets):
        write_steps(sheet, folder / f"steps-{number:03}.csv")


def taken_in(folder: Path, told: Sequence[Told], cuts: Sequence[int], together: bool) -> Register:
    """A register that took it in, in this order, in so many ingests."""
    register = Register.create(folder / "register")
    ends = sorted({0, len(told), *(min(cut, len(told)) for cut in cuts)})
    for first, last in pairwise(ends):
        part = folder / f"{first:03}"
        part.mkdir()
        files_of(told[first:last], part, together)
        assert register.ingest(part).set_aside == 0
    return register


def all_it_says(register: Register, known_on: date | None) -> tuple[Any, ...]:
    """Facts and spells; a step told again in another file is the same fact."""
    facts = []
    for event in register.events(known_on).to_pylist():
        ids = dict.fromkeys(IDS) if event["source"] == "process" else {}
        facts.append(str(event | ids))
    return sorted(set(facts)), register.spells(known_on).to_pylist()


SOURCES: dict[str, list[st.SearchStrategy[Told]]] = {
    "cbs": [deliveries()],
    "process": [steps()],
    "all": [st.sampled_from(messages()), deliveries(), steps()],
}


@pytest.mark.parametrize("source", SOURCES)
def test_a_past_day_gives_what_an_honest_register_had(
    source: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STELSEL_KEY_FILE", str(tmp_path / "key"))  # one, so that both compare
    seen = {"spells": 0, "later": 0}
    told_once = st.one_of(*SOURCES[source])

    @settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(told_once, min_size=12, max_size=24),
        st.randoms(use_true_random=False),
        st.lists(st.integers(0, 24), max_size=2),
        st.booleans(),
        st.data(),
    )
    def holds(
        told: list[Told], shuffler: Any, cuts: list[int], together: bool, data: st.DataObject
    ) -> None:
        days = sorted({one.known for one in told})
        day = data.draw(st.sampled_from(days[len(days) // 3 :]))
        with TemporaryDirectory() as place:
            whole = taken_in(Path(place) / "whole", told, cuts, together)
            then = [one for one in told if one.known <= day]
            shuffler.shuffle(then)
            honest = taken_in(Path(place) / "honest", then, cuts[:1], not together)
            expected = all_it_says(honest, None)
            assert all_it_says(whole, day) == expected
            seen["spells"] += len(expected[1])
            seen["later"] += len(told) - len(then)

    holds()
    assert min(seen.values()) > 0, "the test looked at nothing"
