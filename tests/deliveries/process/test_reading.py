"""Files of steps: what is wrong is found, all of it, in its place, and no more."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.deliveries.process import read, read_rows, recognise
from stelsel.deliveries.process.tables import columns

TODAY = date(2024, 6, 1)
HEADS = [column.name for column in columns()]
RIGHT = {
    "case": "A1",
    "step": "safety-reported",
    "day": "2024-03-01",
    "told": "2024-03-15",
    "organisation": "VT-01",
    "municipality": "0193",
    "child_bsn": "999900006",
}
HERE = Path(__file__).parent
FAULTS = [*csv.DictReader((HERE / "findings.csv").read_text("utf-8").splitlines())]


def told(*rows: dict[str, str], heads: list[str] | None = None) -> bytes:
    """A file with these rows, in CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, heads or HEADS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def rules(content: bytes) -> list[tuple[str, int | None, str]]:
    rows, found = read_rows(content, "en", TODAY)
    assert bool(rows) != bool(found)
    return [(one.rule, one.line, one.column) for one in found]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["story"])
def test_what_is_wrong_is_found(fault: dict[str, str]) -> None:
    """The second row differs in one cell from a right one."""
    second = RIGHT | {"day": "2024-03-12"}
    if fault["column"]:
        second[fault["column"]] = fault["value"]
    wanted = [(fault["rule"], int(fault["at"]), fault["where"])] if fault["rule"] else []
    assert rules(told(RIGHT, second)) == wanted


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_taken() -> None:
    first = RIGHT | {"day": "gisteren", "municipality": "Zwolle", "child_bsn": "1"}
    second = RIGHT | {"step": "court-supervision-ended", "told": "2024-02-01"}
    assert rules(told(first, RIGHT, second)) == [
        ("process.date", 2, "day"),
        ("process.municipality", 2, "municipality"),
        ("process.bsn", 2, "child_bsn"),
        ("process.told-before", 4, "told"),
        ("process.missing", 4, "reason"),
    ]


def test_a_step_says_what_it_needs() -> None:
    ended = RIGHT | {"step": "court-supervision-ended", "reason": "planned"}
    ordered = RIGHT | {"step": "court-ordered-supervision", "last_day": "2025-03-01"}
    assert rules(told(ended, ordered)) == []
    assert rules(told(ended | {"reason": "moe"})) == [("process.value", 2, "reason")]
    assert rules(told(ordered | {"last_day": ""})) == [("process.missing", 2, "last_day")]
    assert rules(told(ordered | {"last_day": "2024-02-28"})) == [("process.term", 2, "last_day")]


def test_a_family_has_no_child_but_in_the_reference() -> None:
    family = RIGHT | {"step": "family-matched", "child_bsn": "", "reference": "999900006"}
    assert rules(told(family)) == []
    assert rules(told(family | {"child_bsn": "999900006", "sex": "v"})) == [
        ("process.not-here", 2, "child_bsn"),
        ("process.not-here", 2, "sex"),
    ]
    assert rules(told(family | {"reference": ""})) == [("process.missing", 2, "reference")]


def test_the_same_row_may_be_taken_back_but_not_twice() -> None:
    back = RIGHT | {"told": "2024-03-20", "withdraws": "yes"}
    again = RIGHT | {"told": "2024-03-25"}
    assert rules(told(RIGHT, back, again)) == []
    assert rules(told(RIGHT, back, back)) == [("process.doubled", 4, "")]


def test_two_children_in_one_case_are_told_apart_by_organisation() -> None:
    other = RIGHT | {"child_bsn": "999900018"}
    assert rules(told(RIGHT, other | {"case": "A2"}, other | {"organisation": "VT-02"})) == []
    assert rules(told(RIGHT, other)) == [("process.two-children", 3, "child_bsn")]


def test_the_heading_is_checked() -> None:
    heads = ["case", "step", "day", "told", "organisation", "gemeente"]
    row = {name: RIGHT.get(name, "0193") for name in heads}
    assert rules(told(row, heads=heads)) == [("process.child-missing", 2, "child_bsn")]
    assert rules(told(row, heads=[*heads, "municipality"])) == [
        ("process.column-twice", 1, "municipality")
    ]
    assert rules(told(row, heads=[*heads, "naam van het kind"])) == [
        ("process.column-unknown", 1, "")
    ]
    del row["told"]
    assert rules(told(row, heads=[name for name in heads if name != "told"])) == [
        ("process.column-missing", None, "told")
    ]
    assert rules(told()) == [("process.empty", None, "")]
    assert rules(told(RIGHT) + b"a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,too much\n") == [
        ("process.cells", 3, "")
    ]


def test_findings_are_told_in_dutch_with_the_headings_of_the_template() -> None:
    _, (found,) = read_rows(told(RIGHT | {"municipality": "193"}), "nl", TODAY)
    assert str(found).startswith("line 2, gemeente: Er is geen gemeente met deze code.")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"PK\x03\x04 no zip",
        b"PAR1 no table",
        b"\x00" * 99,
    ],
)
def test_what_is_no_table_is_told_and_nothing_breaks(content: bytes) -> None:
    rows, found = read_rows(content, "en", TODAY)
    assert rows == ()
    assert found
    assert not recognise(content, "some.csv")


def test_a_quote_that_is_not_closed_is_told() -> None:
    content = told(RIGHT) + b'A2,"safety-reported,2024-03-01\n'
    assert rules(content) == [("process.unreadable", None, "")]


def test_a_file_too_large_to_unpack_is_refused_unread(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(3):
            packed.writestr(f"xl/{number}.xml", b"\0" * 80 * 1024**2)
    assert (tmp_path / "bomb.xlsx").stat().st_size < 1024**2
    rows, (found,) = read_rows(tmp_path / "bomb.xlsx", "en", TODAY)
    assert (rows, found.rule) == ((), "process.too-large")


def test_a_file_of_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stelsel.deliveries.process.sheets.MOST_ROWS", 3)
    rows = [RIGHT | {"case": f"A{number}"} for number in range(4)]
    assert rules(told(*rows[:2])) == []
    assert rules(told(*rows)) == [("process.too-large", None, "")]


CELLS = st.sampled_from(
    [
        "",
        "A1",
        "safety-reported",
        "family-matched",
        "2024-03-01",
        "0193",
        "x",
        "#",
        "ja",
        "999900006",
    ]
)


@settings(max_examples=60)
@given(st.binary(max_size=60) | st.binary(max_size=60).map(b"PK".__add__))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    assert read_rows(content, "nl", TODAY)[0] == ()
    recognise(content, "x")


@settings(max_examples=60)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(HEADS, CELLS)), max_size=4))
def test_every_finding_has_a_place_in_the_file(rows: list[dict[str, str]]) -> None:
    for lang in ("nl", "en"):
        read_, found = read_rows(told(*rows), lang, TODAY)
        assert bool(read_) != bool(found)
        assert all(one.message and one.remedy and "{" not in str(one) for one in found)
        assert all(one.line is None or 2 <= one.line <= len(rows) + 1 for one in found)


def test_the_examples_of_the_documentation_are_right(project: Path) -> None:
    page = (project / "docs/how-to/deliver-process-events.md").read_text("utf-8")
    blocks = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        assert read_rows(block.encode(), "nl", TODAY)[1] == ()


def test_days_and_numbers_of_a_spreadsheet_are_read_as_they_look(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([*RIGHT, None])
    sheet.append(
        [*(RIGHT | {"day": date(2024, 3, 1), "case": 17, "child_bsn": 999900006}).values()]
    )
    sheet.append([])
    book.save(tmp_path / "steps.xlsx")
    (row,), found = read_rows(tmp_path / "steps.xlsx", "en", TODAY)
    assert found == ()
    assert (row.day, row.case, row.child_bsn) == (date(2024, 3, 1), "17", "999900006")


def test_days_of_a_parquet_file_may_be_days(tmp_path: Path) -> None:
    columns_ = {name: [cell] for name, cell in RIGHT.items()}
    days = {"day": pa.array([date(2024, 3, 1)]), "told": pa.array([date(2024, 3, 15)])}
    pq.write_table(pa.table(columns_ | days), tmp_path / "steps.parquet")
    (row,), found = read_rows(tmp_path / "steps.parquet", "en", TODAY)
    assert (found, row.told) == ((), date(2024, 3, 15))
    assert recognise(
        (tmp_path / "steps.parquet").read_bytes()[:100], str(tmp_path / "steps.parquet")
    )


def test_a_file_of_another_sort_is_not_recognised() -> None:
    assert recognise(b"\xef\xbb\xbf# Sjabloon\r\ndossier;stap;dag\r\n1;2", "x.csv")
    assert recognise(b"case,step,day", "x.csv")
    for head in (b"<?xml version='1.0'?>", b"bsn;geboortedatum;geslacht", b"JH2024", b"{}"):
        assert not recognise(head, "x.csv")


def test_nothing_that_names_a_child_goes_through_the_door(
    tmp_path: Path, new_bsn: Callable[[], str]
) -> None:
    secret = [new_bsn(), "key-of-a-child", "case-of-a-child", "ref-of-a-child", "999900018"]
    row = RIGHT | {"child_bsn": secret[0], "child": secret[1], "case": secret[2]}
    family = RIGHT | {"step": "family-matched", "child_bsn": "", "reference": secret[4]}
    file = tmp_path / "steps.csv"
    file.write_bytes(told(row | {"reference": secret[3]}, family | {"case": "F1"}))
    taken = read(file, lambda text: f"{hash(('key', text)):x}", "en")
    assert taken.valid
    assert len(taken.events) == 2
    assert not any(word in repr(taken.events) for word in secret)
    # Wrong rows tell where, never what.
    file.write_bytes(told(*[row | dict.fromkeys(HEADS, f"{word} x") for word in secret]))
    taken = read(file, str, "en")
    assert not taken.valid
    assert taken.events == ()
    assert not any(word in repr(taken.findings) for word in secret)


def test_a_child_meets_itself_over_sources_and_only_there(tmp_path: Path) -> None:
    """By its number everywhere; by a key, and a case by its number, only at one organisation."""
    file = tmp_path / "steps.csv"
    key = RIGHT | {"child_bsn": "", "child": "k1", "case": "A2"}
    away = {"organisation": "VT-02"}
    match = {"step": "family-matched", "child_bsn": "", "reference": "999900006"}
    file.write_bytes(told(RIGHT, key, key | away, RIGHT | away, RIGHT | match | {"case": "F1"}))
    events = read(file, lambda text: f"<{text}>").events
    children = [event["child"] for event in events]
    assert children[0] == children[3] == events[4]["reference"] == "<999900006>"
    assert children[1] != children[2]
    assert children[4] is None
    assert len({event["case"] for event in events}) == 5
