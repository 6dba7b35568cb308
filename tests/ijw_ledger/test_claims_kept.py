"""What is kept of claims against a plain list of all that was told, also after it is taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.events import Row
from stelsel.ijw.ledger.claimed import Claimed
from stelsel.ijw.ledger.kept import Kept
from stelsel.ijw.ledger.told import Told

TOWN, PROVIDERS = "0193", ("00000001", "00000002")
REFERENCES = ("P1", "P2", "P3", "P4")
ALLOCATIONS = (1, 2)
UNITS = ("01", "04")
MEASURES = list(product(ALLOCATIONS, UNITS))
NAMES = list(product(PROVIDERS, REFERENCES))
SAME = {"municipality": TOWN, "child": "a", "category": "45", "code": "45A04"}
MONTHS = (
    {"from_day": date(2024, 1, 1), "last_day": date(2024, 1, 31)},
    {"from_day": date(2024, 2, 1), "last_day": date(2024, 2, 29)},
)
DELIVERIES: list[Row] = [
    SAME | {"allocation": on, "provider": provider} | month
    for on, provider, month in product(ALLOCATIONS, PROVIDERS, MONTHS)
]


@dataclass
class Listed:
    """The slow twin: everything that was told, in a list; every question goes through all of it."""

    told: list[Row] = field(default_factory=list)

    def counts(self, line: Row) -> bool:
        answers = [
            each
            for each in self.told
            if each["kind"] == "assessed" and each["answers"] == line["message"]
        ]
        if not answers:
            return True
        return not answers[0]["reason"] and not self.refused(line, answers[0])

    def refused(self, line: Row, answer: Row) -> bool:
        return any(
            each["kind"] == "line-rejected"
            and each["message"] == answer["message"]
            and (each["reference"], each["previous"]) == (line["reference"], line["previous"])
            for each in self.told
        )

    def lines(self) -> list[Row]:
        return [each for each in self.told if each["kind"] == "claimed" and self.counts(each)]

    def taken_back(self, provider: str, reference: str) -> bool:
        return (provider, reference) in [(one["provider"], one["previous"]) for one in self.lines()]

    def debits_on(self, allocation: int) -> list[Row]:
        return [
            line
            for line in self.lines()
            if line["allocation"] == allocation
            and line["previous"] is None
            and not self.taken_back(line["provider"], line["reference"])
        ]

    def granted_on(self, allocation: int) -> bool:
        answered = {each["answers"] for each in self.told if each["kind"] == "assessed"}
        return any(line["message"] in answered for line in self.debits_on(allocation))


def seen(kept: Claimed | Listed) -> dict[str, Any]:
    """All that can be asked, as something to compare."""
    if isinstance(kept, Claimed):
        return {
            "volume": {(on, unit): kept.volume_on(TOWN, on, unit) for on, unit in MEASURES},
            "amount": {on: kept.amount_on(TOWN, on) for on in ALLOCATIONS},
            "granted": {on: kept.granted_on(TOWN, on) for on in ALLOCATIONS},
            "claimed": [kept.delivery_claimed(each) for each in DELIVERIES],
            "back": [kept.taken_back(*name) for name in NAMES],
            "named": [sorted(one.event["event"] for one in kept.named(*name)) for name in NAMES],
        }
    debits = {on: kept.debits_on(on) for on in ALLOCATIONS}
    return {
        "volume": {
            (on, unit): sum(line["volume"] for line in debits[on] if line["unit"] == unit)
            for on, unit in MEASURES
        },
        "amount": {on: sum(line["amount"] for line in lines) for on, lines in debits.items()},
        "granted": {on: kept.granted_on(on) for on in ALLOCATIONS},
        "claimed": [
            any(
                all(line[name] == value for name, value in each.items())
                for line in debits[each["allocation"]]
            )
            for each in DELIVERIES
        ],
        "back": [kept.taken_back(*name) for name in NAMES],
        "named": [
            sorted(
                one["event"] for one in kept.lines() if (one["provider"], one["reference"]) == name
            )
            for name in NAMES
        ],
    }


# Steps: a claim with lines, or an answer to one; and whether it stands or is taken back.
LINE = st.tuples(
    st.sampled_from(REFERENCES),
    st.none() | st.sampled_from(REFERENCES),
    st.sampled_from(ALLOCATIONS),
    st.sampled_from(UNITS),
    st.sampled_from(MONTHS),
    st.integers(0, 3),
)
CLAIM = st.tuples(
    st.just("claim"), st.sampled_from(PROVIDERS), st.lists(LINE, min_size=1, max_size=3)
)
ANSWER = st.tuples(
    st.just("answer"),
    st.integers(0, 5),
    st.sampled_from([None, "9333"]),
    st.sets(st.integers(0, 2)),
)
STEPS = st.lists(st.tuples(CLAIM | ANSWER, st.booleans()), max_size=14)


def events_of(step: Any, number: int, claims: list[Told]) -> tuple[Row, ...]:
    """The events of a step; of an answer to a claim that was never made, none."""
    shared = {"municipality": TOWN, "child": "a", "message": f"m{number}"}
    if step[0] == "claim":
        _, provider, lines = step
        shared |= {"provider": provider}
        whole = {"kind": "declared", "claim": f"F{number}", "last_day": date(2024, 1, 31)}
        keys = {tuple(one[:2]): one for one in lines}
        rows = [
            SAME
            | {"kind": "claimed", "reference": reference, "previous": previous, "allocation": on}
            | {"unit": unit, "volume": volume, "amount": 100 * volume}
            | month
            for reference, previous, on, unit, month, volume in keys.values()
        ]
        return tuple(
            shared | row | {"event": f"m{number}/{place}"}
            for place, row in enumerate([whole, *rows])
        )
    _, which, reason, refused = step
    if which >= len(claims):
        return ()
    about = claims[which]
    shared |= {"answers": about.id, "reason": reason}
    rejected = [
        shared
        | {"kind": "line-rejected"}
        | {name: line[name] for name in ("reference", "previous")}
        for place, line in enumerate(about.events[1:])
        if place in refused and not reason
    ]
    return (shared | {"kind": "assessed"}, *rejected)


@settings(max_examples=300)
@given(STEPS)
def test_what_is_kept_is_what_the_whole_list_says(steps: list[Any]) -> None:
    kept = Kept()
    claimed, listed = Claimed(kept), Listed()
    claims: list[Told] = []
    for number, (step, stands) in enumerate(steps):
        events = events_of(step, number, claims)
        if step[0] == "claim":
            claims.append(Told(f"m{number}", "c", events))
            claimed.receive(claims[-1])
            kept.stand()
        before = seen(claimed)
        for event in events:
            claimed.take(event)
        if stands:
            kept.stand()
            listed.told += events
        else:
            kept.undo()
            assert seen(claimed) == before
        assert seen(claimed) == seen(listed)


def test_a_claim_is_received_even_where_nothing_of_it_is_taken() -> None:
    claimed = Claimed(Kept())
    whole = {"municipality": TOWN, "provider": PROVIDERS[0], "kind": "declared"}
    claimed.receive(Told("m1", "c", (whole,)))
    found = claimed.claim({"answers": "m1", "municipality": TOWN})
    assert found is not None
    assert found.whole == whole
    assert claimed.claim({"answers": "m1", "municipality": "0150"}) is None
    assert claimed.claim({"answers": "m2", "municipality": TOWN}) is None
