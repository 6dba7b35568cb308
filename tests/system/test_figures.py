"""The published figures: nothing lost, nothing mixed up, nothing later than the fit may see."""

from __future__ import annotations

import csv
import time
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stelsel.errors import StelselError
from stelsel.system import figure_tables
from stelsel.system import population as population_module
from stelsel.system.figures import (
    FIT_UNTIL,
    SCHEMA,
    best,
    caveats,
    figures,
    find,
    fitting,
    indicators,
    population,
    statuses,
    transitions,
)
from stelsel.system.regions import municipalities, regions

CASES = Path(__file__).parent / "cases"
LEVELS = {
    "": "country",
    "gemeente": "municipality",
    "provincie": "province",
    "jeugdregio": "youth region",
    "landsdeel": "country part",
    "corop": "corop",
    "size class": "size class",
}


@cache
def rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = figures().to_pylist()
    return found


def cases(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def shared_rows(shared: Path, *names: str) -> list[dict[str, str]]:
    found = []
    for name in names:
        with (shared / "figures" / name).open(encoding="utf-8") as lines:
            found += list(csv.DictReader(lines))
    return found


@pytest.mark.shared
def test_no_figure_is_lost_or_changed(shared: Path) -> None:
    given_rows = shared_rows(shared, "national.csv", "regional.csv")
    expected = Counter(
        (
            row["indicator"],
            row["breakdown"],
            LEVELS[row.get("region_level") or ""],
            (row.get("region_code") or "").removeprefix("GM") or None,
            date.fromisoformat(row["period_start"]),
            date.fromisoformat(row["period_end"]),
            row["kind"],
            float(row["value"]),
            row["unit"],
            row["source_title"],
        )
        for row in given_rows
    )
    found = Counter(
        (
            *(row["indicator"], row["breakdown"], row["level"]),
            None if row["level"] == "country" else row["region_code"],
            *(row["period_start"], row["period_end"], row["kind"], row["value"], row["unit"]),
            row["source_title"],
        )
        for row in rows()
    )
    assert found == expected


@pytest.mark.shared
def test_no_transition_is_lost_or_changed(shared: Path) -> None:
    expected = Counter(
        (row["from_state"], row["to_state"], float(row["value"]) if row["value"] else None)
        for row in shared_rows(shared, "transitions.csv")
    )
    found = transitions().to_pylist()
    assert Counter((row["from_state"], row["to_state"], row["value"]) for row in found) == expected
    assert all((row["value"] is None) == (row["kind"] == "qualitative") for row in found)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("note", "status"),
    [
        ("voorlopig", "provisional"),
        ("nader voorlopig", "revised-provisional"),
        ("definitive", "definitive"),
        ("prose", "prose"),
        ("prose; voorlopig", "prose"),
        ("", "unstated"),
        ("UN estimate; not a CBS figure", "estimate"),
        ("Kernprognose 2021", "estimate"),
    ],
)
def test_the_status_is_what_the_note_said(shared: Path, note: str, status: str) -> None:
    def fact(row: dict[str, Any]) -> tuple[object, ...]:
        return (
            *(row["indicator"], row["breakdown"], float(row["value"]), row["unit"]),
            *(str(row["period_start"]), str(row["period_end"]), row["source_title"]),
        )

    noted = {fact(row) for row in shared_rows(shared, "national.csv") if row["note"] == note}
    found = [row["status"] for row in rows() if row["level"] == "country" and fact(row) in noted]
    assert len(noted) > 0
    assert set(found) == {status}


@pytest.mark.shared
def test_no_note_was_taken_over(shared: Path, texts: dict[str, str]) -> None:
    """Sentences from the facts folder may not be in the project."""
    ours = [text for name, text in texts.items() if name.startswith("src/stelsel/system/data/")]
    notes = {
        row["note"]
        for row in shared_rows(shared, "national.csv", "regional.csv", "transitions.csv")
        if len(row["note"]) > 25
    }
    assert len(notes) > 50
    assert [note for note in notes for text in ours if note in text] == []


def test_every_figure_has_its_source_and_its_place() -> None:
    for row in rows():
        assert row["source_title"]
        assert row["source_ref"]
        assert row["region_name"]
        assert row["status"] in statuses()
        assert set(row["caveats"]) <= set(caveats())
        assert (row["region_code"] is not None) == (
            row["level"] in {"country", "youth region", "municipality"}
        )


def test_regions_of_the_figures_are_on_the_map() -> None:
    found = {
        level: {row["region_code"] for row in rows() if row["level"] == level}
        for level in ("country", "youth region", "municipality")
    }
    assert found["country"] == {"NL"}
    assert found["youth region"] <= {one.code for one in regions()}
    assert found["municipality"] == {one.code for one in municipalities()}


def test_every_caveat_and_status_is_used() -> None:
    used = {
        name
        for table in (figures(), transitions())
        for row in table["caveats"].to_pylist()
        for name in row
    }
    assert used == set(caveats())
    assert set(figures()["status"].to_pylist()) == set(statuses())


def test_a_series_does_not_cross_its_break() -> None:
    for row in rows():
        if row["series"] == "2015-2020":
            assert date(2015, 1, 1) <= row["period_start"] <= row["period_end"] < date(2021, 1, 1)
        elif row["series"] == "2021-":
            assert row["period_start"] >= date(2021, 1, 1)
        else:
            assert row["series"] is None


def test_a_stock_of_more_than_a_day_says_so() -> None:
    for row in rows():
        if row["kind"] == "stock" and row["period_start"] != row["period_end"]:
            assert set(row["caveats"]) & {"day-not-stated", "november-count"}


def test_what_is_said_to_be_of_1_july_in_thousands_is() -> None:
    said = [
        row for row in rows() if any("1 July" in caveats()[one].name_en for one in row["caveats"])
    ]
    assert said
    for row in said:
        assert (row["period_start"].month, row["period_start"].day) == (7, 1)
        assert row["value"] % 1000 == 0


def test_fitting_sees_nothing_after_2021() -> None:
    seen = fitting().to_pylist()
    expected = [row for row in rows() if row["period_end"] <= date(2021, 12, 31)]
    assert FIT_UNTIL.isoformat() == "2021-12-31"
    assert seen == expected
    assert max(row["period_end"] for row in seen) == FIT_UNTIL
    assert any(row["period_end"] > FIT_UNTIL for row in rows()), "there is something to hide"


names = st.none() | st.sampled_from(indicators())
places = st.none() | st.sampled_from(["NL", "Nederland", "JZ13", "0193", "Zwolle", "Flevoland"])
levels = st.none() | st.sampled_from(sorted(set(LEVELS.values())))
years = st.none() | st.integers(min_value=2001, max_value=2030)
untils = st.none() | st.dates(min_value=date(2003, 1, 1), max_value=date(2031, 1, 1))


@given(
    indicator=names,
    year=years,
    level=levels,
    region=places,
    until=untils,
)
def test_find_is_as_a_slow_filter_says(
    *,
    indicator: str | None,
    year: int | None,
    level: str | None,
    region: str | None,
    until: date | None,
) -> None:
    expected = [
        row
        for row in rows()
        if (indicator is None or row["indicator"] == indicator)
        and (year is None or year == row["period_start"].year == row["period_end"].year)
        and (level is None or row["level"] == level)
        and (region is None or region in (row["region_code"], row["region_name"]))
        and (until is None or row["period_end"] <= until)
    ]
    found = find(indicator, year=year, level=level, region=region, until=until)
    assert found.to_pylist() == expected
    assert found.schema.equals(SCHEMA)


@given(st.sampled_from(rows()))
def test_best_is_the_surest_there_is(row: dict[str, Any]) -> None:
    place = None if row["level"] == "country" else row["region_code"] or row["region_name"]
    fact = ("indicator", "breakdown", "period_start", "period_end", "level")
    found = best(*(row[name] for name in fact), region=place)
    same = [
        one
        for one in rows()
        if all(one[name] == row[name] for name in fact) and one["region_name"] == row["region_name"]
    ]
    assert found.status == min((one["status"] for one in same), key=list(statuses()).index)
    assert (found.value, found.source_title) in {(o["value"], o["source_title"]) for o in same}


@pytest.mark.parametrize("case", cases("figures.csv"), ids=lambda case: case["why"])
def test_hand_made_figures(case: dict[str, str]) -> None:
    found = best(
        case["indicator"],
        case["breakdown"],
        date.fromisoformat(case["period_start"]),
        date.fromisoformat(case["period_end"]),
        case["level"],
        region=case["region"] or None,
    )
    assert (found.value, found.status) == (float(case["value"]), case["status"])


YEAR = (date(2021, 1, 1), date(2021, 12, 31))


@pytest.mark.parametrize(
    ("ask", "what", "remedy"),
    [
        (lambda: find("jeugdhulp_trajecten_stok"), "no indicator", "jeugdhulp_trajecten_stock"),
        (lambda: find("births", "girls"), "no breakdown 'girls'", "Known: "),
        (lambda: find("youth_with_jr", level="contry"), "no level", "country"),
        (lambda: find(region="Zwole"), "no region", "Zwolle"),
        (lambda: best("youth_with_jr", "total", *YEAR), "no breakdown", "at any time in period"),
        (
            lambda: best("jeugdhulp_trajecten_stock", "total", *YEAR),
            "no figure",
            "2021-06-30 to 2021-06-30",
        ),
        (
            lambda: best("population", "0-4", YEAR[0], YEAR[0], "municipality"),
            "342 areas",
            "Name one",
        ),
        (lambda: population("JZ40"), "no youth region", "JZ4"),
        (lambda: population("NL", date(2020, 1, 1)), "no day with counts", "2021-01-01"),
    ],
)
def test_a_wrong_question_is_answered_with_the_right_one(ask: Any, what: str, remedy: str) -> None:
    with pytest.raises(StelselError) as caught:
        ask()
    (fault,) = caught.value.faults
    assert what in fault.what
    assert remedy in fault.remedy


def test_a_place_without_figures_is_no_mistake() -> None:
    assert find("youth_with_jr", region="JZ07").num_rows == 0


@pytest.mark.parametrize("year", [0, 2050, 99999])
def test_a_year_without_figures_is_no_mistake(year: int) -> None:
    assert find("births", year=year).num_rows == 0


def test_the_parts_of_the_population_make_the_whole() -> None:
    total: Counter[str] = Counter()
    for area in regions():
        of_region: Counter[str] = Counter()
        for one in municipalities(region=area.code):
            of_region.update(population(one.code))
        assert population(area.code) == of_region
        total.update(of_region)
    assert population() == total
    assert list(population()) == ["0-4", "5-9", "10-14", "15-19", "20-24"]


def test_the_population_is_nearly_the_national_count() -> None:
    """Postcodes that lie in no municipality of 2023 are lost: less than a thousandth."""
    for ages, persons in population().items():
        day = date(2021, 1, 1)
        national = best("population", ages, day, day).value
        assert 0 <= national - persons < national / 1000
    cbs = best("population", "0-24", day, day).value
    assert round(100 * (1 - sum(population().values()) / cbs), 2) == 0.05


def test_loading_is_quick() -> None:
    pa.array([1])  # the first array of a process loads what Arrow itself needs
    spent = []
    for _ in range(5):
        figure_tables.figures.cache_clear()
        population_module.counts.cache_clear()
        start = time.process_time()
        figures()
        spent.append(timedelta(seconds=time.process_time() - start))
    assert min(spent) < timedelta(milliseconds=100)
