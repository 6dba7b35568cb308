"""The mirror report: every rule has a case, books balance, and no child is in it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel.deliveries.cbs import (
    UNKNOWN,
    Delivery,
    Period,
    Record,
    layout_of,
    mirror_of,
    text_of,
    written,
)
from stelsel.deliveries.cbs.findings import rules
from stelsel.deliveries.cbs.layouts import shipped
from stelsel.deliveries.cbs.mirror import counts_of
from stelsel.deliveries.cbs.records import Placement
from stelsel.deliveries.cbs.tables import codes, fields, sort_of, sorts, stations_of
from stelsel.errors import StelselError
from tests.deliveries.cbs.made import DAY, NUMBERS, deliveries, files, readable

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "finding_cases.yaml").read_text("utf-8")
)
RIGHT = {
    "number": NUMBERS[0], "birth": "20100517", "sex": "V", "place": "1234AB",
    "start": "20240201", "referrer": "02", "form": "02", "crisis": "02", "measure": "11",
    "order": "72", "probation": "41",
}  # fmt: skip
HEADINGS = {
    "cbs-youth-care": "JH;00000001;2024-H1;20240709",
    "cbs-protection": "JB;00000001;2024-H1;20240709",
    "cbs-placement": "MU;00000001;2024-H1;20240709",
    "cbs-probation": "JR;00000001;2024-Q2;20240709",
}


def file_of(sort: str, *lines: dict[str, str], heading: str = "") -> bytes:
    """A file as CSV, of lines as they stand in it."""
    rows = [f"BELEIDSINFORMATIE JEUGD;{heading or HEADINGS[sort]}"]
    rows.append(";".join(field.cbs for field in fields(sort).values()))
    rows += [";".join(line.get(name, "") for name in fields(sort)) for line in lines]
    return "\n".join(rows).encode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['sort']} {case['change']}")
def test_what_is_found_in_a_record(case: dict[str, Any]) -> None:
    report = mirror_of(file_of(case["sort"], RIGHT | case["change"]))
    names = {field.cbs: name for name, field in fields(case["sort"]).items()}
    assert [f"{one.rule} {names[one.column]}" for one in report.breaches] == case["found"]
    assert all(one.line == 3 for one in report.breaches)
    stops = any(rules()[text.split()[0]].level == "wrong" for text in case["found"])
    assert report.valid is not stops
    assert len(report.records) == (0 if stops else 1)


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("JH;00000001;2024-H1;20240709", []),
        ("JX;00000001;2024-H1;20240709", ["cbs.sort"]),
        ("JH;0000001;2024-H1;20240709", ["cbs.deliverer"]),
        ("JH;00000001;2024-Q1;20240709", ["cbs.period"]),
        ("JH;00000001;2024-H3;20240732", ["cbs.period", "cbs.day"]),
        ("JH;00000001;2024-H1", ["cbs.heading"]),
        ("JH;00000001;2024-H1;20240630", ["cbs.early"]),
        ("JH;00000001;2024-H1;20240721", []),
        ("JH;00000001;2024-H1;20240722", ["cbs.late"]),
        ("JH;00000001;2024-H1;20250701", ["cbs.too-old"]),
        ("JR;00000001;2024-Q1;20240930", ["cbs.late"]),
        ("JR;00000001;2024-Q1;20241001", ["cbs.too-old"]),
    ],
)
def test_what_is_found_in_a_heading(heading: str, found: list[str]) -> None:
    sort = "cbs-probation" if heading.startswith("JR") else "cbs-youth-care"
    report = mirror_of(file_of(sort, heading=heading))
    assert [one.rule for one in report.breaches] == found


def test_columns_and_lengths() -> None:
    whole = file_of("cbs-placement", RIGHT).decode()
    assert [
        one.rule for one in mirror_of(whole.replace("geslacht", "kleur").encode()).breaches
    ] == [
        "cbs.column",
        "cbs.columns",
    ]
    assert [one.rule for one in mirror_of((whole + ";;;x").encode()).breaches] == ["cbs.length"]
    assert [one.rule for one in mirror_of(b"\xff\xfe", shipped("csv")).breaches] == [
        "cbs.unreadable"
    ]
    delivery = Delivery("cbs-placement", "00000001", Period.of("2024-H1"), date(2024, 7, 9))
    fixed = written([], delivery, shipped("fixed")) + b"short\r\n"
    assert [one.rule for one in mirror_of(fixed).breaches] == ["cbs.length"]


def test_merging_is_told_and_every_rule_has_a_case() -> None:
    stay = RIGHT | {"form": "11"}
    lines = [
        RIGHT,
        RIGHT,
        RIGHT | {"start": "20240301"},
        *(RIGHT | {"number": NUMBERS[1]} | {"form": form} for form in ("11", "02")),
        RIGHT | {"number": NUMBERS[2], "end": "20240301", "reason": "01"},
        RIGHT | {"number": NUMBERS[2], "start": "20240302", "place": "0363"},
        stay | {"number": NUMBERS[3]},
    ]
    report = mirror_of(file_of("cbs-youth-care", *lines))
    found = [(one.rule, one.line) for one in report.findings("nl")]
    assert found == [("cbs.doubled", 4), ("cbs.overlap", 5), ("cbs.module", 7), ("cbs.moved", 9)]
    assert [line for line, _ in report.records] == [3, 6, 8, 9, 10]
    elsewhere = {
        *("cbs.heading", "cbs.sort", "cbs.deliverer", "cbs.period", "cbs.early", "cbs.late"),
        *("cbs.too-old", "cbs.column", "cbs.columns", "cbs.length", "cbs.unreadable"),
        *("cbs.pseudonym", "cbs.code-period"),
        *(rule for rule, _ in found),
    }
    tried = {text.split()[0] for case in CASES for text in case["found"]}
    assert tried | elsewhere == set(rules())


def test_codes_hold_in_their_years_and_pseudonyms_are_pseudonyms() -> None:
    orders = file_of("cbs-placement", RIGHT | {"start": "20200201"},
                     heading="MU;00000001;2020-H1;20200709")  # fmt: skip
    assert [one.rule for one in mirror_of(orders).breaches] == ["cbs.code-period"]
    keyed = file_of("cbs-placement", RIGHT).replace(
        b"BELEIDSINFORMATIE JEUGD", b"PSEUDONIEMEN BELEIDSINFORMATIE JEUGD"
    )
    assert [one.rule for one in mirror_of(keyed).breaches] == ["cbs.pseudonym"]


@pytest.mark.parametrize(("year", "unknown"), [(2015, "000000000"), (2016, "999999999")])
def test_in_2015_the_numbers_for_unknown_and_unborn_meant_each_other(
    year: int, unknown: str
) -> None:
    line = RIGHT | {"number": unknown, "start": f"{year}0201", "crisis": "", "perspective": "03"}
    heading = f"JH;00000001;{year}-H1;{year}0709"
    report = mirror_of(file_of("cbs-youth-care", line, heading=heading))
    assert report.breaches == ()
    ((_, record),) = report.records
    assert record.number == UNKNOWN
    assert report.delivery is not None
    assert unknown.encode() in written([record], report.delivery, shipped("csv"))


# --- counts --------------------------------------------------------------------------------------


def days_of(record: Record) -> tuple[date | None, date | None]:
    """First and last day at the deliverer; a measure may come from and go to another one."""
    first = getattr(record, "received", None) or record.start
    went = getattr(record, "transferred", None)
    lasts = [record.end, went if went and first and went >= first else None]
    return first, min((day for day in lasts if day), default=None)


@given(made=files())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_books_balance_and_follow_from_days(made: tuple[Delivery, list[Record]]) -> None:
    delivery, records = made
    rows = counts_of(records, delivery).to_pylist()
    period, code = delivery.period, sort_of(delivery.sort).code_field

    def there(record: Record, day: date) -> bool:
        """Whether a record is in the stock at the end of a day: then it ends later."""
        first, last = days_of(record)
        return first is not None and first <= day and (last is None or last > day)

    for row in rows:
        assert row["begin"] + row["started"] - row["ended"] == row["end"]
        right = []
        for one in records:
            first, last = days_of(one)
            if getattr(one, code) == row["code"] and first and (last is None or first <= last):
                right.append(one)
        if len(right) == sum(getattr(one, code) == row["code"] for one in records):
            assert row["begin"] == sum(there(one, period.first - DAY) for one in right)
            assert row["end"] == sum(there(one, period.last) for one in right)


def test_what_ends_on_the_last_day_is_not_in_the_stock() -> None:
    delivery = Delivery("cbs-placement", "00000001", Period.of("2024-H1"), date(2024, 7, 9))
    ends = [date(2024, 6, 29), date(2024, 6, 30), date(2024, 7, 1), None]
    orders = [Placement(order="72", start=date(2023, 5, 1), end=end) for end in ends]
    (row,) = counts_of(orders, delivery).to_pylist()
    assert row == {"code": "72", "begin": 4, "started": 0, "ended": 2, "end": 2, "running": 2}


@given(made=files("cbs-youth-care"))
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_the_stock_of_a_period_is_that_with_which_the_next_begins(
    made: tuple[Delivery, list[Record]],
) -> None:
    delivery, records = made
    after = Delivery(delivery.sort, delivery.deliverer, delivery.period.next, delivery.day)
    right = [one for one in records if one.end is None or one.start <= one.end]  # type: ignore[operator]
    end = {row["code"]: row["end"] for row in counts_of(right, delivery).to_pylist()}
    begin = {row["code"]: row["begin"] for row in counts_of(right, after).to_pylist()}
    assert +Counter(end) == +Counter(begin)


# --- texts ---------------------------------------------------------------------------------------


@given(delivery=deliveries(), data=st.data())
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_no_number_birth_or_postcode_is_in_report_or_findings(
    delivery: Delivery, data: st.DataObject
) -> None:
    records = data.draw(st.lists(readable(delivery), min_size=1, max_size=2))
    file = written(records, delivery, layout_of("csv")).replace(b"V;", b"Q;")
    report = mirror_of(file)
    texts = "".join(text_of(report, lang) for lang in ("nl", "en"))
    texts += str(report.breaches)
    for record in records:
        assert str(record.place) not in texts
        assert record.number in {"999999999", "000000000"} or str(record.number) not in texts
        assert str(record.birth).replace("-", "") not in texts or len(str(record.birth)) < 7


def test_the_report_is_told_in_both_languages_and_no_other() -> None:
    report = mirror_of(file_of("cbs-placement", RIGHT | {"sex": "X"}))
    assert "regel 3, geslacht: Deze code staat niet in de lijst. Kies uit V, M, O." in text_of(
        report
    )
    assert "line 3, geslacht: This code is not in the list." in text_of(report, "en")
    with pytest.raises(StelselError, match="Findings cannot be told in 'fr'"):
        report.findings("fr")


def test_texts_differ_by_language_and_need_only_what_is_given() -> None:
    for rule in rules().values():
        assert rule.level in {"wrong", "odd"}
        assert rule.texts["nl"] != rule.texts["en"]
        assert rule.remedies["nl"] != rule.remedies["en"]


# --- tables --------------------------------------------------------------------------------------


def test_the_map_has_a_station_for_each_code_and_a_code_for_each_station() -> None:
    for sort in sorts().values():
        known = codes()[fields(sort.sort)[sort.code_field].list]
        assert set(stations_of(sort.sort)) == set(known)


def test_reasons_are_those_of_the_exits_of_the_map() -> None:
    from stelsel.system.entries import exits

    pairs = {"cbs-youth-care": ["care-reason"], "cbs-protection": ["measure-reason"],
             "cbs-probation": ["probation-reason", "risk"]}  # fmt: skip
    for sort, lists in pairs.items():
        known = {one.cbs_code for kind in sort_of(sort).station_kinds for one in exits(kind)}
        assert known - {""} == {code for name in lists for code in codes()[name]}


def test_referrers_and_forms_are_those_of_the_map() -> None:
    from stelsel.system.entries import forms, referrers

    assert set(codes()["referrer"]) == {one.code for one in referrers()}
    assert set(codes()["form"]) == {one.code for one in forms()}


def test_periods_follow_each_other_without_a_day_between() -> None:
    for parts in (2, 4):
        period = Period(parts, 2015, 1)
        for _ in range(50):
            assert period.next.first == period.last + timedelta(days=1)
            assert period.next.previous == Period.of(str(period)) == period
            assert period.deadline == period.last + timedelta(days=21)
            period = period.next
