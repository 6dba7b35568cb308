"""What is kept of claims against a plain list of all that was told, also after it is taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stelsel.ijw.ledger.claimed import Claimed
from stelsel.ijw.ledger.kept import Kept
from stelsel.ijw.ledger.told import Told
from stelsel.ijw.tellers import Event

TOWN, PROVIDERS = "0193", ("00000001", "00000002")
REFERENCES = ("P1", "P2", "P3", "P4")
ALLOCATIONS = (1, 2)


@dataclass
class Listed:
    """The slow twin: everything that was told, in a list; every question goes through all of it."""

    told: list[Event] = field(default_factory=list)

    def counts(self, line: Event) -> bool:
        answers = [
            each
            for each in self.told
            if each["kind"] == "assessed" and each["answers"] == line["message"]
        ]
        if not answers:
            return True
        return not answers[0]["reason"] and not self.refused(line, answers[0])

    def refused(self, line: Event, answer: Event) -> bool:
        return any(
            each["kind"] == "line-rejected"
            and each["message"] == answer["message"]
            and (each["reference"], each["previous"]) == (line["reference"], line["previous"])
            for each in self.told
        )

    def lines(self) -> list[Event]:
        return [each for each in self.told if each["kind"] == "claimed" and self.counts(each)]

    def taken_back(self, provider: str, reference: str) -> bool:
        return (provider, reference) in [(one["provider"], one["previous"]) for one in self.lines()]

    def debits_on(self, allocation: int) -> list[Event]:
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


def seen(kept: Claimed | Listed) -> Any:
    """All that can be asked, as something to compare."""
    if isinstance(kept, Listed):
        debits = {number: kept.debits_on(number) for number in ALLOCATIONS}
        granted = {number: kept.granted_on(number) for number in ALLOCATIONS}
    else:
        debits = {number: list(kept.debits_on(TOWN, number)) for number in ALLOCATIONS}
        granted = {number: kept.granted_on(TOWN, number) for number in ALLOCATIONS}
    back = {(one, two): kept.taken_back(one, two) for one in PROVIDERS for two in REFERENCES}
    names = {key: sorted(line["event"] for line in lines) for key, lines in debits.items()}
    return names, granted, back


# Steps: a claim with lines, or an answer to one; and whether it stands or is taken back.
LINE = st.tuples(
    st.sampled_from(REFERENCES), st.none() | st.sampled_from(REFERENCES), st.sampled_from([1, 2])
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


def events_of(step: Any, number: int, claims: list[Told]) -> tuple[Event, ...]:
    """The events of a step; of an answer to a claim that was never made, none."""
    shared = {"municipality": TOWN, "child": "a", "message": f"m{number}"}
    if step[0] == "claim":
        _, provider, lines = step
        shared |= {"provider": provider}
        whole = {"kind": "declared", "claim": f"F{number}", "last_day": date(2024, 1, 31)}
        keys = {(reference, previous): on for reference, previous, on in lines}
        rows = [
            {"kind": "claimed", "reference": reference, "previous": previous, "allocation": on}
            for (reference, previous), on in keys.items()
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
