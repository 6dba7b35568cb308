"""Tables of own product codes: what they mean, and that all that is wrong is told at once."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stelsel.errors import StelselError
from stelsel.system.own_codes import COLUMNS, OwnCode, OwnCodes, read_own_codes

TABLE = yaml.safe_load((Path(__file__).parent / "cases" / "own_codes.yaml").read_text("utf-8"))


def written(folder: Path, rows: list[list[Any]], mark: str = ",", encoding: str = "utf-8") -> Path:
    file = folder / "own.csv"
    with file.open("w", encoding=encoding, newline="") as lines:
        csv.writer(lines, delimiter=mark).writerows([TABLE["columns"], *rows])
    return file


def told(fault: Any) -> str:
    line = fault.where.rpartition(" ")[2]
    return f"{line}: {fault.what}"


def test_the_columns_are_those_documented() -> None:
    assert tuple(TABLE["columns"]) == COLUMNS


@pytest.mark.parametrize("mark", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("case", TABLE["lookups"], ids=lambda case: "-".join(map(str, case)))
def test_what_a_code_means(tmp_path: Path, case: list[Any], mark: str, encoding: str) -> None:
    own = read_own_codes(written(tmp_path, TABLE["right"], mark, encoding))
    town, category, code, day, slug, mapped = case
    found = own.form_of(town, category, code, day)
    assert (found.slug if found else "") == slug
    assert (own.find(town, category, code, day) is not None) == (mapped == "mapped")


@pytest.mark.parametrize("case", TABLE["wrong"], ids=lambda case: str(case["say"]))
def test_what_is_wrong_is_told_at_once(tmp_path: Path, case: dict[str, Any]) -> None:
    with pytest.raises(StelselError) as caught:
        read_own_codes(written(tmp_path, case["rows"]))
    found = [told(fault) for fault in caught.value.faults]
    assert sorted(found) == sorted(case["faults"])
    assert [line[0] for line in found] == sorted(line[0] for line in found)
    for fault in caught.value.faults:
        assert fault.what_nl
        assert fault.where_nl.startswith("own.csv, regel ")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"code,source\nA,b\n", "The columns are not those expected: missing category, form,"),
        (b"", "The columns are not those expected"),
        ("gemeente\n".encode("utf-16"), "The table is not in UTF-8."),
        (b"\xe9", "The table is not in UTF-8."),
        ((",".join(COLUMNS) + "\n" + "x" * 200_000).encode(), "The table is no CSV."),
    ],
)
def test_what_is_no_such_table_is_refused(tmp_path: Path, content: bytes, what: str) -> None:
    file = tmp_path / "own.csv"
    file.write_bytes(content)
    with pytest.raises(StelselError) as caught:
        read_own_codes(file)
    (fault,) = caught.value.faults
    assert what in fault.what
    assert fault.what_nl


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(StelselError, match="The table cannot be read: No such file"):
        read_own_codes("nowhere/own.csv")


def test_a_table_of_a_municipality_speaks_for_no_other(tmp_path: Path) -> None:
    everywhere = read_own_codes(written(tmp_path, TABLE["right"]))
    assert everywhere.knows("0150")
    here = read_own_codes(written(tmp_path, TABLE["right"][:4]))
    assert (here.knows("0193"), here.knows("0150")) == (True, False)


days = st.dates(date(2026, 1, 1), date(2026, 1, 9))
codes = st.builds(
    OwnCode,
    municipality=st.sampled_from(["", "0193", "0150"]),
    category=st.sampled_from(["45", "50"]),
    code=st.sampled_from(["A", "B"]),
    national_code=st.just(""),
    form=st.sampled_from([None, "02", "14"]),
    valid_from=st.none() | days,
    valid_to=st.none() | days,
    source=st.just("x"),
)


@given(st.lists(codes, max_size=8), days)
def test_a_lookup_is_a_search_through_all_rows(rows: list[OwnCode], day: date) -> None:
    own = OwnCodes(rows)
    for town in ("0193", "0150", "0363"):
        for code in ("A", "B"):
            fit = [
                row
                for place in (town, "")
                for row in rows
                if (row.municipality, row.category, row.code) == (place, "45", code)
                and (row.valid_from is None or row.valid_from <= day)
                and (row.valid_to is None or day <= row.valid_to)
            ]
            found = own.find(town, "45", code, day)
            assert found == (fit[0] if fit else None)
            meant = own.form_of(town, "45", code, day)
            if fit:
                assert (meant.code if meant else None) == fit[0].form
            else:
                assert meant is not None
                assert meant.slug == "ambulatory"
