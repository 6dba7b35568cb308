"""Lists at the door: three kinds of file, and everything that is wrong at once, without values."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stelsel.errors import StelselError
from stelsel.register.linking import headings, read_lists
from tests.linking.conftest import KEY
from tests.linking.people import COLUMNS, dirty, write

HEADING = ";".join(name for name in (*COLUMNS, "gemeente") if name != "achternaam")
WRONG = f"""{HEADING}
1234;02;2026-03-31;2026-01-01;Ann;2012-02-30;v;8011 AB;0193
98070201;09;31-03-2026;2026-04-01;Bob;2012-02-03;q;8011 A;9999
98070201;;2026-03-31;2026-01-01;Cas;2026-05-01;;0011;
98070201;02;2026-03-31;2026-01-01;Dee;2012-02-03;v;8011 AB;0193;over
"""


def told(error: pytest.ExceptionInfo[StelselError], lang: str = "en") -> list[str]:
    return [fault.told("nl" if lang == "nl" else "en") for fault in error.value.faults]


def test_all_that_is_wrong_is_told_at_once_and_nothing_of_what_stands_there(tmp_path: Path) -> None:
    wrong, other = tmp_path / "wrong.csv", tmp_path / "other.csv"
    wrong.write_text(WRONG, "utf-8")
    other.write_text("Jan;Jansen\n", "utf-8")
    with pytest.raises(StelselError) as error:
        read_lists([wrong, other, tmp_path / "absent.csv"], KEY)
    found = {(fault.where, fault.rule, fault.what.split()[0]) for fault in error.value.faults}
    assert found == {
        ("wrong.csv, row 2", "list.provider", "provider"),
        ("wrong.csv, row 2", "list.day", "birth_date"),
        ("wrong.csv, row 3", "list.form", "form"),
        ("wrong.csv, row 3", "list.order", "on_list"),
        ("wrong.csv, row 3", "list.sex", "sex"),
        ("wrong.csv, row 3", "list.postcode", "postcode"),
        ("wrong.csv, row 3", "list.municipality", "municipality"),
        ("wrong.csv, row 4", "list.empty", "form"),
        ("wrong.csv, row 4", "list.order", "birth_date"),
        ("wrong.csv, row 4", "list.postcode", "postcode"),
        ("wrong.csv, row 5", "list.length", "The"),
        ("other.csv, row 1", "list.heading", "The"),
        (str(tmp_path / "absent.csv"), "", "The"),
    }
    assert len(found) == len(error.value.faults)
    texts = " ".join(told(error) + told(error, "nl"))
    for value in ("Ann", "Bob", "8011", "2012", "9999", "Jansen", "over;", "1234;"):
        assert value not in texts
    assert "wrong.csv, rij 3: geslacht is geen bekend geslacht." in " ".join(told(error, "nl"))
    assert "dit bestaat niet" in told(error, "nl")[-1]


def test_csv_workbook_and_parquet_tell_the_same(tmp_path: Path) -> None:
    entries = dirty(60, seed=3)
    plain = write(tmp_path / "list.csv", entries)
    rows = list(csv.reader(plain.open(encoding="utf-8"), delimiter=";"))
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(COLUMNS)
    for entry in entries:
        cells: list[object] = [*entry.cells()]
        cells[2:4] = [entry.reported, entry.since]
        cells[0], cells[6] = int(entry.provider), entry.born
        sheet.append(cells)
    book.save(tmp_path / "list.xlsx")
    english = {dutch: name for name, (dutch, _) in headings().items()}
    columns = {english[name]: [row[n] for row in rows[1:]] for n, name in enumerate(rows[0])}
    days = [date.fromisoformat(text) for text in columns["on_list"]]
    pq.write_table(pa.table({**columns, "on_list": days}), tmp_path / "list.parquet")
    read = [
        read_lists([tmp_path / f"list.{kind}"], KEY).drop_columns(["list"])
        for kind in ("csv", "xlsx", "parquet")
    ]
    assert read[0].num_rows == 60
    assert read[0].equals(read[1])
    assert read[0].equals(read[2])


def test_the_same_list_twice_is_the_same_entries_and_equal_rows_are_several(tmp_path: Path) -> None:
    one = dirty(5, seed=3)[0]
    first, second = (write(tmp_path / name, [one, one]) for name in ("a.csv", "b.csv"))
    read = read_lists([first, second], KEY)
    assert read.num_rows == 2
    assert read.equals(read_lists([first], KEY))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"PK\x03\x04 no zip", b"PAR1 no parquet"])
def test_what_is_no_list_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "list"
    file.write_bytes(content)
    with pytest.raises(StelselError, match="no CSV in UTF-8, no workbook and no Parquet"):
        read_lists([file], KEY)


def test_an_empty_file_lacks_its_heading(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"")
    with pytest.raises(StelselError, match="missing provider, form, reported_on, on_list"):
        read_lists([file], KEY)
