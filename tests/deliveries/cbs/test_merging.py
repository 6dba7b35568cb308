"""The merge rules: a case for each, a slow twin, and what must hold whatever is merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.deliveries.cbs import UNKNOWN, YouthCare, merge
from stelsel.deliveries.cbs.merging import key_of, told
from tests.deliveries.cbs.made import NUMBERS

Row = tuple[int, YouthCare]
CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "merge_cases.yaml").read_text("utf-8")
)
STAYS = {"11", "12", "13", "14"}
CHILDREN = {
    "a": YouthCare(number=NUMBERS[0], birth="2010-05", sex="V", place="0363"),
    "b": YouthCare(number=NUMBERS[1], birth="2012-01", sex="M", place="0363"),
    "x": YouthCare(number=UNKNOWN, birth="2011-02", sex="V", place="0363"),
    "y": YouthCare(number=UNKNOWN, birth="2011-03", sex="V", place="0363"),
}


def row_of(text: str) -> Row:
    line, child, form, start, end, *place = text.split()
    record = replace(
        CHILDREN[child],
        form=form,
        start=date.fromisoformat(start),
        end=None if end == "-" else date.fromisoformat(end),
    )
    return int(line), replace(record, place=place[0]) if place else record


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule'][:1]}: {case['case']}")
def test_a_case_for_each_rule(case: dict[str, Any]) -> None:
    given_rows = [row_of(text) for text in case["given"]]
    names = case.get("twins", [])
    twins = {key_of(row) for _, row in given_rows for name in names
             if row.birth == CHILDREN[name].birth}  # fmt: skip
    for rows in (given_rows, given_rows[::-1]):
        merged = merge(rows, twins)
        found = sorted((line, one.number, one.birth, one.form, one.start, one.end)
                       for line, one in merged.records)  # fmt: skip
        expected = [row_of(text) for text in case["counts"]]
        assert found == [(line, one.number, one.birth, one.form, one.start, one.end)
                         for line, one in expected]  # fmt: skip
    merges = [f"{one.line} into {one.into} {one.rule.removeprefix('cbs.')}"
              for one in merge(given_rows, twins).merges]  # fmt: skip
    assert merges == case["merged"]


def test_what_is_merged_says_the_first_and_the_last_that_was_told() -> None:
    _, first = row_of("2 a 02 2024-01-01 2024-04-01 0363")
    _, later = row_of("3 a 02 2024-02-01 2024-03-01 0599")
    first = replace(first, referrer="02", crisis="01", reason="01", satisfaction=8)
    later = replace(later, referrer="01", crisis="02", reason="03", satisfaction=2)
    ((_, one),) = merge([(3, later), (2, first)]).records
    assert (one.place, one.referrer, one.crisis) == ("0599", "02", "01")
    assert (one.end, one.reason, one.satisfaction) == (date(2024, 4, 1), "01", 8)


def test_a_next_record_in_another_place_is_told_as_odd() -> None:
    rows = [row_of("2 a 02 2024-01-01 2024-02-01 0363"), row_of("3 a 02 2024-02-02 - 0599")]
    assert [(one.rule, one.line) for one in told(merge(rows))] == [("cbs.moved", 3)]
    same = [rows[0], (3, replace(rows[1][1], place="0363"))]
    assert told(merge(same)) == []


# --- any records ---------------------------------------------------------------------------------

FIRST = date(2024, 1, 1)


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """Few children, forms and days, so that records meet often."""
    found = []
    for line in range(2, 2 + draw(st.integers(0, 7))):
        start = FIRST + timedelta(days=draw(st.integers(0, 8)))
        length = draw(st.none() | st.integers(0, 5))
        record = replace(
            CHILDREN[draw(st.sampled_from("aaabx"))],
            form=draw(st.sampled_from(["02", "04", "11", "14"])),
            start=start,
            end=None if length is None else start + timedelta(days=length),
            place=draw(st.sampled_from(["0363", "0599"])),
        )
        found.append((line, record))
    return found


def touch(one: YouthCare, other: YouthCare) -> bool:
    """Rules 1 to 4, for two records: whether they may not both be there."""
    if one.number != other.number or one.form != other.form:
        return False
    if one.number == UNKNOWN:
        return (one.sex, one.birth, one.place, one.start) == (
            other.sex,
            other.birth,
            other.place,
            other.start,
        )
    days = {FIRST + timedelta(days=number) for number in range(20)}
    return bool(covered(one, days) & covered(other, days))


def covered(one: YouthCare, days: set[date]) -> set[date]:
    assert one.start is not None
    return {day for day in days if one.start <= day and (one.end is None or day <= one.end)}


def oracle(given_rows: Sequence[Row]) -> set[tuple[Any, ...]]:
    """Put together what touches until nothing does; then leave out what lies within a stay."""
    groups = [[row] for _, row in given_rows]
    while True:
        pair = next(
            (
                (one, other)
                for one in groups
                for other in groups
                if one is not other and any(touch(a, b) for a in one for b in other)
            ),
            None,
        )
        if pair is None:
            break
        groups.remove(pair[1])
        pair[0].extend(pair[1])
    whole = []
    for group in groups:
        ends = [one.end for one in group]
        end = None if None in ends else max(end for end in ends if end)
        start = min(one.start for one in group if one.start)
        whole.append(replace(group[0], start=start, end=end))
    days = {FIRST + timedelta(days=number) for number in range(20)}
    return {
        (one.number, one.birth, one.form, one.start, one.end)
        for one in whole
        if one.number == UNKNOWN
        or one.form in STAYS
        or not any(
            other.number == one.number
            and other.form in STAYS
            and covered(one, days) <= covered(other, days)
            for other in whole
        )
    }


@given(rows())
@settings(max_examples=300)
def test_as_the_slow_twin(given_rows: list[Row]) -> None:
    merged = [one for _, one in merge(given_rows).records]
    found = {(one.number, one.birth, one.form, one.start, one.end) for one in merged}
    assert found == oracle(given_rows)


@given(rows())
@settings(max_examples=150)
def test_merging_twice_is_merging_once(given_rows: list[Row]) -> None:
    once = merge(given_rows)
    assert merge(once.records).records == once.records
    assert merge(once.records).merges == ()


@given(rows(), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_the_order_does_not_matter(given_rows: list[Row], chance: Any) -> None:
    shuffled = given_rows.copy()
    chance.shuffle(shuffled)
    assert merge(shuffled) == merge(given_rows)


@given(rows())
@settings(max_examples=150)
def test_no_line_is_lost(given_rows: list[Row]) -> None:
    merged = merge(given_rows)
    gone = [one.line for one in merged.merges]
    kept = [line for line, _ in merged.records]
    assert sorted(gone + kept) == [line for line, _ in given_rows]
