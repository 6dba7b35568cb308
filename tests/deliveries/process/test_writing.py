"""What is written is read back as it was, in every kind of file; templates can be filled in."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel.deliveries.process import StepRow, read, read_rows, template, write
from stelsel.deliveries.process.rows import NAMES, day_of
from stelsel.deliveries.process.tables import columns, headings
from stelsel.errors import StelselError
from stelsel.system import priorities, station
from stelsel.system.steps import organisations, step, steps

SUFFIXES = [".csv", ".xlsx", ".parquet"]
TODAY = date(2026, 1, 1)
# What people type, and what spreadsheets like to change: signs, zeros, quotes, formulas.
texts = st.text(st.sampled_from("aé0;,\"'=+-# |/"), min_size=1, max_size=8).map(str.strip)
keys = texts.filter(lambda text: text and not text.startswith("#"))


@st.composite
def step_rows(draw: st.DrawFn, number: int = 0) -> StepRow:
    """A right row of any step, in a case of its own."""
    which = draw(st.sampled_from(steps()))
    of_child = (
        station([*filter(None, [which.begins]), *which.ends, *which.at][0]).subject == "child"
    )
    day = draw(st.dates(which.valid_from or date(2015, 1, 1), TODAY - timedelta(9)))

    def asked(name: str, values: st.SearchStrategy[Any], empty: Any = "") -> Any:
        needed = name in which.fields or (name in which.may and draw(st.booleans()))
        return draw(values) if needed else empty

    named = draw(st.sampled_from(["999900006", ""])) if of_child else ""
    return StepRow(
        case=f"{draw(keys)}{number}",
        step=which.id,
        day=day,
        told=day + draw(st.integers(0, 9)) * timedelta(1),
        organisation=draw(st.sampled_from(["VT-01", "00000001"])),
        municipality=draw(st.sampled_from(["0193", "0150"])),
        child_bsn=named,
        child=(draw(keys) if not named else "") if of_child else "",
        birth_month=draw(st.sampled_from(["", "2012", "2012-05"])) if of_child else "",
        sex=draw(st.sampled_from(["", "0", "1", "2"])) if of_child else "",
        priority=asked("priority", st.sampled_from([one.id for one in priorities()])),
        reason=asked("reason", st.sampled_from(which.reasons or ("",))),
        reference=asked("reference", keys),
        last_day=asked("last_day", st.dates(day, date(2030, 1, 1)), None),
        withdraws=draw(st.booleans()),
    )


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data(), lang=st.sampled_from(["nl", "en"]))
def test_what_is_written_is_read_back(suffix: str, data: Any, lang: Any, tmp_path: Path) -> None:
    count = data.draw(st.integers(1, 4))
    rows = tuple(data.draw(step_rows(number)) for number in range(count))
    file = tmp_path / f"steps{suffix}"
    write(rows, file, lang)
    assert read_rows(file, "en", TODAY) == (rows, ())
    # The same rows are the same events in whatever kind of file.
    write(rows, tmp_path / "other.csv")
    assert read(file, str.upper).events == read(tmp_path / "other.csv", str.upper).events


def test_what_could_not_be_read_back_is_not_written(tmp_path: Path) -> None:
    day = date(2024, 3, 1)
    for case in ("#1", " A1", "A\n1", "A" * 101):
        row = StepRow(case, "safety-reported", day, day, "VT-01", "0193", child="k")
        with pytest.raises(StelselError, match="case"):
            write([row], tmp_path / "steps.csv")
    with pytest.raises(StelselError, match="not written"):
        write([], tmp_path / "steps.ods")


@given(st.dates())
def test_a_day_is_read_as_both_ways_write_it(day: date) -> None:
    dutch = f"{day.day}-{day.month}-{day.year:04d}"
    assert day_of(day.isoformat()) == day_of(dutch) == day_of(dutch.replace("-", "/")) == day


def test_the_table_of_columns_is_that_of_the_rows() -> None:
    assert tuple(column.name for column in columns()) == NAMES
    # No heading in one language names another column in the other.
    assert len(headings()) == len({*NAMES, *(column.heading_nl for column in columns())})
    assert all(headings()[column.heading_nl] == column.name for column in columns())


# --- templates -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("organisation", [one.id for one in organisations()])
def test_a_template_tells_every_step_and_its_example_is_right(
    organisation: str, lang: Any, tmp_path: Path
) -> None:
    template(organisation, tmp_path / "template.csv", lang)
    lines = (tmp_path / "template.csv").read_text("utf-8-sig").splitlines()
    rows = [*csv.reader(lines)]
    explained = "\n".join(row[0] for row in rows[:-2])
    for one in steps(organisation):
        assert f"# {one.id} | {one.name_nl if lang == 'nl' else one.name_en}" in explained
        assert all(reason in explained for reason in one.reasons)
    # As it is, it has no rows; with the mark of the remark taken off, its example is a right one.
    assert [one.rule for one in read_rows(tmp_path / "template.csv", lang)[1]] == ["process.empty"]
    out = io.StringIO()
    csv.writer(out).writerows([rows[-2], [rows[-1][0].removeprefix("# "), *rows[-1][1:]]])
    (row,), found = read_rows(out.getvalue().encode(), lang, date(2026, 4, 1))
    assert found == ()
    assert step(row.step).organisation == organisation


def test_a_template_has_only_the_columns_that_its_steps_can_fill(tmp_path: Path) -> None:
    def heads(organisation: str) -> list[str]:
        template(organisation, tmp_path / "t.csv", "en")
        lines = (tmp_path / "t.csv").read_text("utf-8-sig").splitlines()
        return next(line for line in lines if not line.strip('"').startswith("#")).split(",")

    assert "child_bsn" not in heads("foster-care")
    assert "reference" in heads("foster-care")
    assert "last_day" in heads("court")
    assert "last_day" not in heads("veilig-thuis")


def test_a_template_as_a_workbook_has_its_explanation_on_a_second_sheet(tmp_path: Path) -> None:
    import openpyxl

    template("certified-institution", tmp_path / "t.xlsx", "nl")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["stelsel", "uitleg"]
    assert book["stelsel"]["A1"].value == "dossier"
    # Cells are text, so that zeros stay.
    assert book["stelsel"]["A2"].number_format == "@"
    explained = [cell.value for cell in book["uitleg"]["A"]]
    assert "institution-listed" in explained


def test_an_unknown_organisation_or_kind_of_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(StelselError, match="Did you mean veilig-thuis"):
        template("veilig-huis", tmp_path / "t.csv")
    with pytest.raises(StelselError, match=r"\.csv or \.xlsx"):
        template("court", tmp_path / "t.parquet")
