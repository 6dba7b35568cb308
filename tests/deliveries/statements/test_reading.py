"""Statements read and written: hand-made cases, spreadsheets, and write-read as the identity."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from stelsel.deliveries.statements import (
    COLUMNS,
    Item,
    Line,
    Statement,
    items,
    measures,
    read_statement,
    recognise,
    units,
    write_statement,
)
from stelsel.deliveries.statements.words import RULES
from stelsel.system import forms

TOLD = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text("utf-8"))
ITEM_COLUMNS = ("item", "form", "measure", "region", "value", "unit", "source")


def rows_of(case: dict[str, Any]) -> list[dict[str, str]]:
    """The rows of a case, as the head of cases.yaml tells."""
    head = {
        "provider": case.get("provider", "00000001"),
        "period": case.get("period", "2024-Q3"),
    }
    rows = []
    for cells in TOLD["right"] + case.get("add", []):
        row = head | dict(zip(ITEM_COLUMNS, cells, strict=True))
        if row["item"] not in case.get("without", []):
            rows.append(row | case.get("change", {}).get(row["item"], {}))
    return rows


def write_csv(rows: list[dict[str, str]], file: Path, mark: str = ",") -> Path:
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, COLUMNS, delimiter=mark)
        writer.writeheader()
        writer.writerows(rows)
    return file


@pytest.mark.parametrize("case", TOLD["cases"], ids=lambda case: case["case"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_case(case: dict[str, Any], lang: str, tmp_path: Path) -> None:
    reading = read_statement(write_csv(rows_of(case), tmp_path / "a.csv", ";"), lang)
    found = [
        f"{one.line or '-'} {one.column or '-'} {one.rule.removeprefix('statement.')}"
        for one in reading.findings
    ]
    assert found == case["found"]
    assert reading.valid == (not found)
    for one in reading.findings:
        rule = RULES[one.rule.removeprefix("statement.")]
        told = (rule.what_nl, rule.remedy_nl) if lang == "nl" else (rule.what_en, rule.remedy_en)
        # Up to what is filled in.
        assert one.message.startswith(told[0].partition("{")[0])
        assert one.remedy.startswith(told[1].partition("{")[0])
        assert "{" not in str(one)


def test_a_spreadsheet_reads_as_the_same(tmp_path: Path) -> None:
    """Numbers, days and truths of a spreadsheet are what they would be as text."""
    rows = rows_of({})
    book = Workbook()
    book.active.append(COLUMNS)
    for row in rows:
        cells: list[Any] = [row[name] or None for name in COLUMNS]
        if row["unit"]:
            cells[6] = float(row["value"])
        if row["item"] == "risk":
            cells[6] = False
        book.active.append(cells)
    book.save(tmp_path / "a.xlsx")
    of_sheet = read_statement(tmp_path / "a.xlsx")
    of_csv = read_statement(write_csv(rows, tmp_path / "a.csv"))
    assert of_sheet.findings == ()
    assert of_sheet.statement == of_csv.statement is not None


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "columns"),
        (b"\xff\xfe\x00", "unreadable"),
        (b"PK\x03\x04 and no more", "unreadable"),
        (b"bsn,begin,end\n1,2,3\n", "columns"),
        (",".join(COLUMNS).encode(), "empty"),
        (",".join(COLUMNS).encode() + b"\na,b\n", "length"),
        (b'"' + b"x" * 200_000, "unreadable"),
        (b"x" * 20_000_001, "too-large"),
    ],
)
def test_what_is_no_statement(content: bytes, rule: str, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    reading = read_statement(file)
    assert reading.statement is None
    assert f"statement.{rule}" in [one.rule for one in reading.findings]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (found,) = read_statement(tmp_path / "a.csv").findings
    assert found.rule == "statement.unreadable"


def test_no_finding_repeats_what_the_file_says(tmp_path: Path) -> None:
    """A file may hold what it should not, such as a number of a child."""
    secret = "999900006"
    rows = [dict.fromkeys(COLUMNS, secret) for _ in range(2)]
    for cells in ({}, {"item": "wait-form"}, {"item": "claimed-volume"}, {"item": "name"}):
        told = [row | cells for row in rows]
        reading = read_statement(write_csv(told, tmp_path / "a.csv"))
        assert reading.findings
        assert secret not in str([(one.rule, str(one)) for one in reading.findings])


def test_a_file_that_was_written_is_recognised(tmp_path: Path) -> None:
    file = write_csv(rows_of({}), tmp_path / "a.csv", ";")
    assert recognise(file.read_bytes()[:200], "a.csv")
    assert not recognise(b"<Bericht/>", "a.xml")
    assert not recognise(b"child,form,region", "a.csv")


# --- write-read is the identity ------------------------------------------------------------------

NUMBERS = st.decimals(-(10**11), 10**11, places=2)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=20).map(
    lambda tail: f"A{tail}"
)
VALUES: dict[str, st.SearchStrategy[Decimal | str]] = {
    "day": st.dates().map(lambda day: day.isoformat()),
    "text": TEXTS | TEXTS.map(lambda text: f'{text} ";,{text}'),
    "kvk": st.from_regex(r"[0-9]{8}", fullmatch=True),
    "kvk-name": TEXTS.map(lambda text: f"12345678 {text}"),
    "yes-no": st.sampled_from(["yes", "no"]),
    "money": NUMBERS,
    "ratio": NUMBERS,
    "volume": NUMBERS,
    "count": st.integers(0, 10**11).map(Decimal),
    "days": st.decimals(0, 10**6, places=2),
}
FORMS = [form.code for form in forms()]
REGIONS = ["JZ01", "JZ07", "JZ42"]


@st.composite
def a_line(draw: st.DrawFn, item: Item) -> Line:
    by_form = item.what == "form" or (item.what == "either" and draw(st.booleans()))
    by_measure = item.what in {"measure", "either"} and not by_form
    value = draw(VALUES[item.kind])
    if isinstance(value, Decimal):
        value = Decimal(format(value, "f")).normalize() + 0 if value else Decimal(0)
        value = Decimal(format(value, "f"))
    is_open = draw(st.booleans()) and item.id != "dated"
    return Line(
        item.id,
        draw(st.sampled_from(FORMS)) if by_form else None,
        draw(st.sampled_from(sorted(measures()))) if by_measure else None,
        draw(st.sampled_from(REGIONS)) if item.region else None,
        None if is_open else value,
        draw(st.sampled_from(sorted(units()))) if item.unit == "volume" else item.unit,
        "open" if is_open else draw(st.sampled_from(["register", "provider"])),
    )


@st.composite
def a_statement(draw: st.DrawFn) -> Statement:
    rhythm = draw(st.sampled_from(["quarter", "year"]))
    chosen = [item for item in items() if item.belongs_to(rhythm) and item.id != "dated"]
    told = draw(st.lists(st.sampled_from(chosen).flatmap(a_line), min_size=1, max_size=12))
    by_key = {line.key: line for line in told}
    day = Line("dated", value="2031-01-05", source="provider")
    period = "2030-Q4" if rhythm == "quarter" else "2030"
    return Statement("01234567", period, (*by_key.values(), day))


@settings(max_examples=40)
@given(a_statement(), st.sampled_from([".csv", ".xlsx"]), st.randoms(use_true_random=False))
def test_write_read_is_the_identity(told: Statement, ending: str, shuffled: Any) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"a{ending}"
        write_statement(told, file)
        reading = read_statement(file, whole=False)
        assert reading.findings == ()
        assert reading.statement == told
        again = Path(folder) / f"b{ending}"
        assert reading.statement is not None
        write_statement(reading.statement, again)
        assert read_statement(again, whole=False).statement == told
        if ending == ".csv":
            assert again.read_bytes() == file.read_bytes()
            # The order of the lines in a file says nothing.
            heading, *lines = file.read_text("utf-8").splitlines()
            shuffled.shuffle(lines)
            file.write_text("\n".join([heading, *lines]), "utf-8")
            assert read_statement(file, whole=False).statement == told


def test_every_item_is_sourced_and_every_number_has_its_unit() -> None:
    for item in items():
        assert item.source
        assert bool(item.unit) == item.is_number, item.id
        assert bool(item.article) == (item.asked == "law"), item.id


def test_every_number_of_the_article_has_an_item() -> None:
    """8g(2)(a) has 6 numbers and 8g(2)(b) 16, in the text in force on 1 January 2026."""
    named = {item.article for item in items() if item.article}
    expected = {f"8g(2)(a) {number}" for number in range(1, 7)}
    expected |= {f"8g(2)(b) {number}" for number in range(1, 17)}
    assert named == expected
