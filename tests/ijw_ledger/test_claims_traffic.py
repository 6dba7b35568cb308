"""Claims of one child as real messages: the whole course, and random traffic against an oracle."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.ijw import Message, check
from stelsel.ijw.ledger import Verdict, judge
from tests.ijw_events import messages as by_hand
from tests.ijw_ledger.telling import told

DAY = timedelta(days=1)
FIRST = date(2024, 1, 1)


def judged(*messages: Message) -> list[Verdict]:
    """The verdicts on messages, in the order in which they are given; they arrive in another."""
    pairs = [told(message)[0] for message in messages]
    arrived = list(pairs)
    Random(len(arrived)).shuffle(arrived)
    found = judge(arrived)
    return [found[one.id, one.content] for one in pairs]


def rules_of(verdict: Verdict) -> list[str]:
    return [flaw.rule for flaw in verdict.flaws]


# --- the whole course ----------------------------------------------------------------------------

ALLOCATED = by_hand.allocated(date(2024, 1, 2), Ingangsdatum=FIRST, name="T1")
CLAIM = by_hand.claimed(
    date(2024, 3, 4),
    by_hand.line("P1", (2024, 1)),
    by_hand.line("P2", (2024, 2)),
    month=(2024, 2),
    claim="F1",
    name="C1",
)
CREDIT = by_hand.claimed(
    date(2024, 4, 4),
    by_hand.line("P3", (2024, 1), takes_back="P1"),
    by_hand.line("P4", (2024, 1), volume=3),
    month=(2024, 3),
    claim="F2",
    name="C2",
)
DELETED = by_hand.allocated(
    date(2024, 5, 1), Ingangsdatum=FIRST, Einddatum=FIRST, RedenWijziging="13", name="T2"
)


def test_claimed_answered_credited_and_claimed_anew() -> None:
    granted = by_hand.assessed(date(2024, 3, 11), CLAIM, {"P2": "9321"}, name="A1")
    again = by_hand.assessed(date(2024, 4, 11), CREDIT, name="A2")
    verdicts = judged(ALLOCATED, CLAIM, granted, CREDIT, again, DELETED)
    assert [rules_of(verdict) for verdict in verdicts] == [[], [], [], [], [], ["TR385"]]
    assert [verdict.refused for verdict in verdicts] == [False] * 5 + [True]
    assert [verdict.answer for verdict in verdicts] == [None, "", None, "", None, None]
    assert [verdict.in_part for verdict in verdicts] == [False, True, False, True, False, False]


def test_without_the_answer_the_credit_has_nothing_to_take_back() -> None:
    verdicts = judged(ALLOCATED, CLAIM, CREDIT, DELETED)
    assert [rules_of(verdict) for verdict in verdicts] == [[], [], ["TR323", "TR389"], []]
    assert not verdicts[2].refused
    assert [flaw.place for flaw in verdicts[2].flaws] == [1, 2]


def test_a_claim_refused_as_a_whole_was_never_sent() -> None:
    granted = by_hand.assessed(date(2024, 3, 11), CLAIM, name="A1")
    body = granted.content["DeclaratieAntwoord"]
    nothing = {"TotaalToegekendBedrag": {"TotaalBedrag": 0, "DebetCredit": "D"}}
    wrong = {"RetourCodes": {"RetourCode": ["9333"]}}
    refused = Message("JW325", granted.content | {"DeclaratieAntwoord": body | nothing | wrong})
    assert check(refused) == ()
    sent_again = by_hand.claimed(
        date(2024, 3, 12),
        by_hand.line("P1", (2024, 1)),
        by_hand.line("P2", (2024, 2)),
        month=(2024, 2),
        claim="F1",
        name="C3",
    )
    verdicts = judged(ALLOCATED, CLAIM, refused, sent_again)
    assert [rules_of(verdict) for verdict in verdicts] == [[], [], [], []]
    assert [verdict.refused for verdict in verdicts] == [False, True, False, False]


def test_what_is_wrong_with_the_claim_refuses_it_whole_and_its_lines_do_not_count() -> None:
    twice = by_hand.claimed(
        date(2024, 3, 5), by_hand.line("P8", (2024, 3)), month=(2024, 2), claim="F1", name="C4"
    )
    assert check(twice) != ()  # the line is later than the month of the claim: level 2
    twice = by_hand.claimed(
        date(2024, 4, 1), by_hand.line("P8", (2024, 3)), month=(2024, 3), claim="F1", name="C4"
    )
    once = by_hand.claimed(
        date(2024, 4, 2), by_hand.line("P9", (2024, 3)), month=(2024, 3), claim="F5", name="C5"
    )
    verdicts = judged(ALLOCATED, CLAIM, twice, once)
    assert [rules_of(verdict) for verdict in verdicts] == [[], [], ["TR333"], []]
    assert [verdict.refused for verdict in verdicts] == [False, False, True, False]


def test_a_claim_may_come_before_its_allocation_on_the_same_day() -> None:
    late = by_hand.allocated(date(2024, 3, 4), Ingangsdatum=FIRST, name="T1")
    assert [rules_of(verdict) for verdict in judged(CLAIM, late)] == [[], []]


def test_many_lines_on_one_allocation_cost_no_more_than_their_number() -> None:
    """Counted in calls of functions, so that it is the same on every machine."""
    allocated = by_hand.allocated(
        date(2024, 1, 2),
        Ingangsdatum=FIRST,
        Einddatum=date(2024, 12, 31),
        Product={"Categorie": "45"},
        Budget=90_000_000,
        name="T1",
    )
    (row,) = allocated.content["Client"]["ToegewezenProducten"]["ToegewezenProduct"]
    del row["Omvang"]
    assert calls(allocated, 400) < 3 * calls(allocated, 200)


def calls(allocated: Message, lines: int) -> int:
    """How many calls it takes to judge a claim of so many lines."""
    rows = [
        by_hand.line(f"P{number}", (2024, 1), ProductCode=f"{number:05d}")
        for number in range(lines)
    ]
    claim = by_hand.claimed(date(2024, 2, 5), *rows, month=(2024, 1), name="C1")
    arrived = [told(message)[0] for message in (allocated, claim)]
    counted = Counter[str]()
    before = sys.getprofile()
    sys.setprofile(lambda _, event, __: counted.update([event]))
    try:
        found = judge(arrived)
    finally:
        sys.setprofile(before)
    assert all(verdict.flaws == () for verdict in found.values())
    return counted["call"]


# --- random traffic against an oracle ------------------------------------------------------------
#
# One line a claim, one message a day, ten hours in all: simple enough to judge by going through
# everything that came before.

HOURS = 10
WHICH = st.integers(0, 3)
"""Which of the claims before it a step is about: 0 the last one."""
DEBIT = st.tuples(st.just("debit"), st.sampled_from([1, 2]), st.sampled_from([2, 4, 6, 11]))
CREDIT_OF = st.tuples(st.just("credit"), WHICH, st.sampled_from([0, 0, 0, 1]))
AGAIN = st.tuples(st.just("again"), WHICH)
ANSWER = st.tuples(st.just("answer"), WHICH, st.sampled_from([True, True, False]))
GRANTED = st.tuples(DEBIT, st.just(("answer", 0, True)))
CREDITED = st.tuples(DEBIT, st.just(("answer", 0, True)), st.just(("credit", 0, 0)))
ONE = st.tuples(DEBIT | CREDIT_OF | ANSWER | AGAIN)
STEPS = st.lists(ONE | GRANTED | CREDITED, min_size=1, max_size=9).map(
    lambda parts: [step for part in parts for step in part]
)
Step = tuple[Any, ...]


@dataclass
class Row:
    """A line of a claim, as the oracle sees it."""

    reference: str
    back: str | None
    month: int
    volume: int
    broken: set[str] = field(default_factory=set)
    granted_on: int | None = None
    refused_on: int | None = None

    def counts(self, day: int) -> bool:
        """Whether it holds on a day: not broken, unless an answer says so, and not refused yet."""
        if self.granted_on is None and self.refused_on is None:
            return not self.broken
        return self.refused_on is None or self.refused_on > day


def rows_of(steps: list[Step]) -> tuple[dict[int, Row], dict[int, tuple[int, bool]]]:
    """The claims, one line each, and the answers (to the claim of which day, granted), by day."""
    rows: dict[int, Row] = {}
    answers: dict[int, tuple[int, bool]] = {}
    for day, (kind, *more) in enumerate(steps):
        before = list(rows)[::-1]
        about = before[more[0]] if kind != "debit" and more[0] < len(before) else None
        if kind == "debit":
            rows[day] = Row(f"P{day}", None, *more)
        elif about is None:
            continue
        elif kind == "answer":
            answers[day] = about, more[1]
        elif kind == "credit":
            one = rows[about]
            rows[day] = Row(f"P{day}", one.reference, one.month, one.volume + more[1])
        else:
            rows[day] = Row(rows[about].reference, None, 3, 1)
    return rows, answers


def oracle(steps: list[Step]) -> list[set[str]]:
    """What every claim breaks, by going through all that was sent before it."""
    rows, answers = rows_of(steps)
    for day, (about, granted) in answers.items():
        row = rows[about]
        if row.granted_on is None and row.refused_on is None:  # the first answer counts
            row.granted_on, row.refused_on = (day, None) if granted else (None, day)
    for day, row in rows.items():
        before = [one for other, one in rows.items() if other < day]
        holding = [one for one in before if one.counts(day)]
        if row.reference in {one.reference for one in before}:
            row.broken.add("TR314")
        row.broken |= of_a_credit(row, holding, day) if row.back else of_a_debit(row, holding)
    return [row.broken for row in rows.values()]


def of_a_debit(row: Row, holding: list[Row]) -> set[str]:
    taken = {one.back for one in holding}
    debits = [one for one in holding if one.back is None and one.reference not in taken]
    broken = {"TR389"} if row.month in {one.month for one in debits} else set()
    if row.volume > HOURS:
        broken.add("TR321")
    if row.volume + sum(one.volume for one in debits) > HOURS:
        broken.add("TR322")
    return broken


def of_a_credit(row: Row, holding: list[Row], day: int) -> set[str]:
    broken = {"TR390"} if row.back in {one.back for one in holding} else set()
    granted = [
        (one.reference, one.month, one.volume)
        for one in holding
        if one.back is None and one.granted_on is not None and one.granted_on < day
    ]
    return broken if (row.back, row.month, row.volume) in granted else broken | {"TR323"}


def traffic(steps: list[Step]) -> tuple[list[Message], list[Message]]:
    """All messages of the steps, and the claims among them, in their order."""
    in_all = {"Volume": HOURS, "Eenheid": "04", "Frequentie": "6"}
    sent = [by_hand.allocated(FIRST, Omvang=in_all, name="T1")]
    rows, answers = rows_of(steps)
    claims: dict[int, Message] = {}
    for day in range(len(steps)):
        on = date(2024, 4, 1) + day * DAY
        if day in rows:
            row = rows[day]
            line = by_hand.line(
                row.reference, (2024, row.month), takes_back=row.back, volume=row.volume
            )
            names = {"claim": f"F{day}", "name": f"C{day}"}
            claims[day] = by_hand.claimed(on, line, month=(2024, 3), **names)
            sent.append(claims[day])
        elif day in answers:
            about, granted = answers[day]
            refused = {} if granted else {rows[about].reference: "8187"}
            sent.append(by_hand.assessed(on, claims[about], refused, name=f"A{day}"))
    for message in sent:
        assert check(message) == ()
    return sent, list(claims.values())


@settings(max_examples=200)
@given(STEPS, st.randoms(use_true_random=False))
def test_random_traffic_is_judged_as_the_oracle_does(steps: list[Step], random: Random) -> None:
    sent, claims = traffic(steps)
    arrived = [told(message)[0] for message in sent]
    random.shuffle(arrived)
    found = judge(arrived)
    verdicts = [found[told(claim)[0].id, told(claim)[0].content] for claim in claims]
    assert [set(rules_of(verdict)) for verdict in verdicts] == oracle(steps)
