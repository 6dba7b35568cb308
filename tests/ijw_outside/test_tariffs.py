"""Tables of contract tariffs: all that is wrong is told at once, also together with own codes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stelsel.errors import StelselError
from stelsel.ijw.outside import outside_of
from stelsel.ijw.tariffs import COLUMNS, Tariff, Tariffs, read_tariffs

RIGHT = "0193,12345678,45A48,04,9350,2026-01-01,2026-12-31,contract"


def written(folder: Path, *rows: str, name: str = "tariffs.csv") -> Path:
    file = folder / name
    file.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    return file


def test_a_right_table_is_read_as_it_stands(tmp_path: Path) -> None:
    (row,) = read_tariffs(written(tmp_path, RIGHT)).rows
    year = date(2026, 1, 1), date(2026, 12, 31)
    assert row == Tariff("0193", "12345678", "45A48", "04", 9350, *year, "contract")


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("9999,12345678,45A48,04,9350,,,x", "There is no municipality '9999'."),
        ("0193,1234567,45A48,04,9350,,,x", "The provider is no AGB code."),
        ("0193,12345678,,04,9350,,,x", "The code has 0 characters."),
        ("0193,12345678,TELANG,04,9350,,,x", "The code has 6 characters."),
        ("0193,12345678,45A48,4,9350,,,x", "There is no unit '4' that has a tariff."),
        ("0193,12345678,45A48,83,9350,,,x", "There is no unit '83' that has a tariff."),
        ('0193,12345678,45A48,04,"93,50",,,x', "The tariff is no whole number of eurocents."),
        ("0193,12345678,45A48,04,-1,,,x", "The tariff is no whole number of eurocents."),
        ("0193,12345678,45A48,04,,,,x", "The tariff is no whole number of eurocents."),
        ("0193,12345678,45A48,04,9351,2026,,x", "valid_from is no date."),
        ("0193,12345678,45A48,04,9350,2026-02-01,2026-01-01,x", "valid_to is before valid_from."),
        ("0193,12345678,45A48,04,9351,,,", "The source is empty."),
        ("0193,12345678,45A48,04,9350,2026-12-31,,x", "Says the same as line 2, on the same days."),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, row: str, what: str) -> None:
    with pytest.raises(StelselError) as caught:
        read_tariffs(written(tmp_path, RIGHT, row))
    (fault,) = caught.value.faults
    assert (fault.what, fault.where) == (what, "tariffs.csv, line 3")
    assert fault.what_nl
    assert fault.where_nl == "tariffs.csv, regel 3"


def test_the_faults_of_both_tables_are_told_at_once(tmp_path: Path) -> None:
    tariffs = written(tmp_path, "9999,x,45A48,4,x,,,")
    codes = written(tmp_path, name="codes.csv")
    with pytest.raises(StelselError) as caught:
        outside_of(date(2026, 6, 30), tariffs=tariffs, own_codes=codes)
    assert [fault.where for fault in caught.value.faults] == [
        *["tariffs.csv, line 2"] * 5,
        "codes.csv",
    ]


days = st.dates(date(2026, 1, 1), date(2026, 1, 9))
rows = st.builds(
    Tariff,
    municipality=st.sampled_from(["", "0193", "0150"]),
    provider=st.sampled_from(["", "12345678"]),
    code=st.sampled_from(["A", "B"]),
    unit=st.just("04"),
    tariff=st.integers(0, 3),
    valid_from=st.none() | days,
    valid_to=st.none() | days,
    source=st.just("x"),
).filter(lambda row: (row.valid_from or date.min) <= (row.valid_to or date.max))


@given(st.lists(rows, max_size=8), days, days)
def test_the_tariffs_of_a_period_are_those_of_any_of_its_days(
    found: list[Tariff], one: date, other: date
) -> None:
    first, last = min(one, other), max(one, other)
    every_day = [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]
    fit = [
        row
        for row in found
        if row.municipality in ("0193", "") and row.code == "A"
        if any((row.valid_from or day) <= day <= (row.valid_to or day) for day in every_day)
    ]
    given_rows = list(Tariffs(found).holding("0193", "12345678", "A", first, last))
    assert sorted(map(str, given_rows)) == sorted(map(str, fit))
