"""What is counted, who is alike, what leaves: each against an obvious way of doing it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel import spells as spell
from stelsel.disclosure import protect
from stelsel.errors import StelselError
from stelsel.monitor.benchmark import (
    Counted,
    area,
    areas,
    compare,
    count,
    like,
    pattern_leaving,
    read_figures,
    read_living,
    read_traits,
    totals_leaving,
    young_people,
)
from stelsel.monitor.benchmark.counting import band_of
from stelsel.monitor.indicators import Indicator, named, work_out

BANDS = ["0-4", "5-9", "10-14", "15-19", "20-24"]
AS_OF = date(2024, 12, 31)
# One of each moment, and one that picks a way of ending.
INDICATORS = ("waiting-children", "care-used", "care-begun", "care-ended", "served")


def of_children(name: str) -> Indicator:
    """Give an indicator, made to count children."""
    if name != "served":
        return replace(named(name), counts="children")
    ended = named("waits-ended")
    return replace(ended, counts="children", of=replace(ended.of, exits=("served",)))


def random_spells(seed: int) -> pa.Table:
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(400):
        start = date(2023, 1, 1) + timedelta(days=int(rng.integers(0, 900)))
        end = start + timedelta(days=int(rng.integers(-10, 500))) if rng.random() < 0.7 else None
        rows.append(
            {
                "child": f"c{rng.integers(0, 150)}",
                "episode": "e",
                "station": str(
                    rng.choice(["wait-ambulatory", "care-ambulatory", "care-residential"])
                ),
                "start": start,
                "end": end,
                "exit": None if end is None else "served",
                "municipality": str(rng.choice(["0193", "0150", "0363"])),
                "known": start,
                "source": "twin",
            }
        )
    return pa.Table.from_pylist(rows, schema=spell.SCHEMA)


@pytest.mark.parametrize("name", INDICATORS)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_totals_are_those_of_the_indicator(name: str, seed: int) -> None:
    table, one = random_spells(seed), of_children(name)
    found = count(one, table, {}, BANDS, "municipality", AS_OF, 200)
    rows = work_out(one, table, AS_OF, ["municipality"], 200).to_pylist()
    assert found.totals == {row["municipality"]: row["numerator"] for row in rows}


def test_a_region_counts_a_child_of_two_of_its_municipalities_once() -> None:
    rows = [
        {**row, "child": "one"}
        for row in random_spells(1).to_pylist()
        if row["municipality"] != "0363"
    ]
    table = pa.Table.from_pylist(rows, schema=spell.SCHEMA)
    found = count(named("care-used"), table, {}, BANDS, "region", AS_OF, 900)
    assert found.totals == {"JZ07": 1}


def test_a_dissolved_municipality_goes_on_in_its_successor_and_a_stranger_is_counted() -> None:
    base = random_spells(1).to_pylist()[0] | {
        "station": "wait-ambulatory",
        "start": date(2024, 1, 1),
        "end": None,
        "exit": None,
    }
    rows = [
        base | {"child": child, "municipality": code}
        for child, code in (("a", "0457"), ("b", "9999"), ("c", None))
    ]
    table = pa.Table.from_pylist(rows, schema=spell.SCHEMA)
    found = count(named("waiting-children"), table, {}, BANDS, "municipality", AS_OF)
    assert (found.totals, found.without_area) == ({"0363": 1}, 2)  # Weesp went to Amsterdam


@given(st.integers(0, 30), st.integers(1, 12), st.integers(0, 364))
def test_a_child_grows_a_year_older_on_its_birthday(years: int, month: int, days: int) -> None:
    born = date(1999, month, 1)  # a register knows the month
    birthday = born.replace(year=1999 + years)
    bands = [band for band in BANDS if years in range(*_ends(band))]
    assert band_of(born, birthday + timedelta(days=days), BANDS) == (bands[0] if bands else "")
    if years:
        bands = [band for band in BANDS if years - 1 in range(*_ends(band))]
        assert band_of(born, birthday - timedelta(days=1), BANDS) == (bands[0] if bands else "")


def _ends(band: str) -> tuple[int, int]:
    low, _, high = band.partition("-")
    return int(low), int(high) + 1


@pytest.mark.parametrize("name", ["care-running", "board-wait"])
def test_only_counts_of_children_can_be_compared(name: str) -> None:
    with pytest.raises(StelselError, match="does not count children"):
        count(named(name), spell.SCHEMA.empty_table(), {}, BANDS, "region", AS_OF)


def test_alike_are_those_of_the_same_size_and_ages() -> None:
    codes = [one.code for one in areas("municipality")]
    found = like(area("Zwolle"), codes, 20)
    assert len(found) == 20
    assert list(found.values()) == sorted(found.values())
    young = {code: sum(ages.values()) for code, ages in young_people(codes).items()}
    near = [young[code] / young["0193"] for code in found]
    assert 0.3 < min(near) < max(near) < 3
    everyone = like(area("Zwolle"), codes, 999)
    assert len(everyone) == len(codes) - 1
    assert everyone["0363"] > max(found.values())  # Amsterdam is not like Zwolle
    assert like(area("Amsterdam"), ["0193"], 1)["0193"] == pytest.approx(everyone["0363"])


def test_a_table_of_ones_own_changes_who_is_alike(tmp_path: Path) -> None:
    codes = [one.code for one in areas("municipality")]
    plain = like(area("Zwolle"), codes, 10)
    first = next(iter(plain))
    file = tmp_path / "like.csv"
    lines = [
        f"{code};{5 if code == first else 2};{'' if code == '0363' else 100000};CBS 2024"
        for code in codes
    ]
    file.write_text("municipality;urbanity;inhabitants;source\n" + "\n".join(lines))
    found = like(area("Zwolle"), codes, 10, read_traits(file))
    assert first not in found


def test_all_that_is_wrong_with_a_table_of_ones_own_is_told(tmp_path: Path) -> None:
    file = tmp_path / "like.csv"
    file.write_text(
        "municipality,urbanity,inhabitants,source\n"
        "0193,1,130000,x\n0193,1,130000,x\n0150,6,100,x\n0166,2,-5,x\n9999,2,5,\n"
    )
    with pytest.raises(StelselError) as caught:
        read_traits(file)
    assert [fault.where for fault in caught.value.faults] == [
        f"like.csv, line {line}" for line in (3, 4, 5, 6, 6)
    ]


CELLS = st.dictionaries(st.sampled_from(BANDS), st.integers(0, 60), min_size=1, max_size=len(BANDS))


@settings(max_examples=60)
@given(st.lists(CELLS, min_size=1, max_size=4))
def test_ages_that_leave_are_rounded_and_none_is_small(cells: list[dict[str, int]]) -> None:
    codes = [one.code for one in areas("municipality")][: len(cells)]
    counted = Counted(dict(zip(codes, cells, strict=True)))
    living = young_people(codes)
    pattern, left = pattern_leaving(counted, codes, living, partial(protect, made_up=False))
    total = sum(sum(one.values()) for one in cells)
    if pattern is None:
        assert total < 10
        return
    assert [band for group in pattern.groups for band in group] == BANDS
    shown = left["children"].to_pylist()
    assert all(number >= 10 and number % 5 == 0 for number in shown)
    assert sum(pattern.by_ages.values()) == sum(shown)
    exact, _ = pattern_leaving(counted, codes, living, partial(protect, made_up=True))
    assert exact is not None
    assert sum(exact.by_ages.values()) == total


def test_what_is_hidden_has_no_ratio_and_rows_are_not_ranked() -> None:
    codes = ["0193", "0150", "0166", "0177"]
    totals = {"0193": 40, "0150": 4, "0166": 90, "0177": 60}
    left = totals_leaving(totals, codes, partial(protect, made_up=False))
    shown = dict(zip(left["area"].to_pylist(), left["children"].to_pylist(), strict=True))
    assert shown["0150"] is None
    found = compare(
        area("Zwolle"), {"0166": 0.1, "0150": 0.2, "0177": 0.3}, shown, young_people(codes), None
    )
    assert [row["area"] for row in found.rows] == ["0193", "0150", "0166", "0177"]
    hidden = found.rows[1]
    assert hidden["counted"] is hidden["ratio"] is hidden["rate_low"] is hidden["place"] is None
    told = [row for row in found.rows if row["counted"] is not None]
    assert sum(row["expected"] for row in told) == pytest.approx(
        sum(row["counted"] for row in told)
    )
    assert (found.of, found.standardised) == (None, False)


HEAD = "indicator,municipality,period_start,period_end,ages,children,source\n"


def test_figures_are_read_and_a_region_needs_all_its_municipalities(tmp_path: Path) -> None:
    file = tmp_path / "cbs.csv"
    lines = [
        f"hulp,{one.code},2021-01-01,2021-12-31,,100,85098NED" for one in areas("municipality")
    ]
    file.write_text(HEAD + "\n".join(line for line in lines if "0193" not in line))
    (found,) = read_figures(file, BANDS)
    regions = found.by_area("region")
    assert len(regions) == 41
    assert "JZ07" not in regions
    assert sum(regions.values()) == 100 * (342 - 11)
    assert len(found.by_area("municipality")) == 341


def test_all_that_is_wrong_with_figures_is_told(tmp_path: Path) -> None:
    file = tmp_path / "cbs.csv"
    file.write_text(
        HEAD + "hulp,0193,2021-01-01,2021-12-31,,100,x\n"
        "hulp,0193,2021-01-01,2021-12-31,,90,x\n"
        "hulp,0150,2021-12-31,2021-01-01,,90,x\n"
        "hulp,0166,2021-01-01,2021-12-31,0-4,90,x\n"
        "hulp,NL,2021-01-01,2021-12-31,0-3,90,x\n"
        "hulp,0177,2021-01-01,2021-12-31,,1.5,x\n"
    )
    with pytest.raises(StelselError) as caught:
        read_figures(file, BANDS)
    assert [fault.where[-6:] for fault in caught.value.faults] == [
        f"line {line}" for line in range(3, 8)
    ]
    file.write_text(HEAD)
    with pytest.raises(StelselError, match="no figures"):
        read_figures(file, BANDS)


LIVING = "municipality;ages;day;persons;source\n"


def test_young_people_of_ones_own_have_their_own_ages_and_day(tmp_path: Path) -> None:
    file = tmp_path / "living.csv"
    file.write_text(
        LIVING
        + "".join(
            f"{code};{ages};2024-01-01;{number};CBS\n"
            for code in ("0193", "0394")
            for ages, number in (("4-11", 80), ("0-3", 40), ("12-17", 60))
        )
    )
    found = read_living(file)
    assert (found.day, found.bands) == (date(2024, 1, 1), ["0-3", "4-11", "12-17"])
    assert found.of("0193", "municipality") == {"0-3": 40, "4-11": 80, "12-17": 60}
    assert found.of("JZ15", "region") == found.of("0394", "municipality")
    assert found.of("JZ07", "region") is found.of("0150", "municipality") is None
    assert found.together() == {"0-3": 80, "4-11": 160, "12-17": 120}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("0193;0-3;2024-01-01;x;CBS", ["ages is no band of ages, or persons no whole number."]),
        ("0193;3-0;2024-01-01;5;CBS", ["ages is no band of ages, or persons no whole number."]),
        ("9999;0-3;2024-01-01;5;CBS", ["municipality is none of now, or has this band already."]),
        ("0193;0-3;1 mei;5;", ["The source is empty.", "day is no date."]),
        (
            "0193;0-3;2024-01-01;5;CBS\n0193;5-9;2024-01-02;5;CBS\n0150;0-3;2024-01-01;5;CBS",
            [
                "0150 has other ages than the first municipality.",
                "The ages do not follow on one another.",
                "The file is about 2 days and not about one.",
            ],
        ),
    ],
)
def test_all_that_is_wrong_with_young_people_is_told(
    rows: str, told: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "living.csv"
    file.write_text(LIVING + rows + "\n")
    with pytest.raises(StelselError) as caught:
        read_living(file)
    assert [fault.what for fault in caught.value.faults] == told
