"""Products lead to forms, municipalities to regions."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stelsel.errors import StelselError
from stelsel.system.codes import categories, category, form_of, product, products
from stelsel.system.municipalities import (
    all_municipalities,
    began,
    exists,
    successions,
    successor,
    successors,
)
from stelsel.system.regions import (
    memberships,
    municipalities,
    municipality,
    region,
    region_of,
    region_periods,
    regions,
)

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("case", cases("forms_of_products.csv"), ids=lambda case: case["why"])
def test_hand_made_forms(case: dict[str, str]) -> None:
    found = form_of(case["category"], case["code"] or None)
    assert (found.slug if found else "") == case["form"]


def test_protection_and_probation_are_no_care_forms() -> None:
    """Their CBS codes reuse numbers of care forms: 11 is a supervision order there."""
    for one in products():
        if one.category in {"47", "48", "49"}:
            assert form_of(one.category, one.code) is None
            assert not one.cbs_form
        else:
            assert not one.cbs_measure


def test_the_form_of_a_category_is_that_of_most_of_its_codes() -> None:
    for one in categories():
        counts = Counter(
            product.cbs_form
            for product in products()
            if product.category == one.category and product.cbs_form
        )
        if one.basis == "most":
            assert counts[one.form] > sum(counts.values()) / 2
        elif one.basis == "":
            assert one.form == ""
            assert all(count <= sum(counts.values()) / 2 for count in counts.values())
        else:
            assert one.basis in {"list", "alike"}
            assert one.form
            assert not counts


@given(st.text(max_size=6), st.none() | st.text(max_size=6))
def test_any_code_gives_a_form_or_none(any_category: str, any_code: str | None) -> None:
    found = form_of(any_category, any_code)
    listed = any_code and product(any_code)
    if not listed and category(any_category) is None:
        assert found is None


def test_there_are_42_regions() -> None:
    codes = [one.code for one in regions()]
    assert codes == [f"JZ{number:02}" for number in range(1, 44) if number != 40]
    assert len({one.name for one in regions()}) == 42


def test_every_municipality_is_in_one_region() -> None:
    members = [one.code for area in regions() for one in municipalities(region=area.code)]
    assert sorted(members) == [one.code for one in municipalities()]
    assert len(members) == len(set(members)) == 342


@pytest.mark.parametrize(
    "on", [None, *(date(year, 1, 1) for year in range(2015, 2027)), date(2026, 11, 21)]
)
def test_membership_can_be_asked_both_ways(on: date | None) -> None:
    for area in regions(on):
        for one in municipalities(area.code, on):
            assert region_of(one.code, on) == area.code


@pytest.mark.shared
def test_membership_is_that_of_2023_and_of_2026(shared: Path) -> None:
    with (shared / "figures" / "regions.csv").open(encoding="utf-8") as lines:
        of_2023 = {row["municipality_code"][2:]: row["code"] for row in csv.DictReader(lines)}
    with (shared / "figures" / "municipalities_2026.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    of_2026 = {row["municipality_code"]: row["region_code"] for row in rows}
    for known, day in ((of_2023, date(2023, 7, 1)), (of_2026, date(2026, 7, 1))):
        assert {one.code: region_of(one.code, day) for one in municipalities(on=day)} == known
    for row in rows:
        found = municipality(row["municipality_code"])
        assert (found.name, found.province) == (row["municipality_name"], row["province"])


def test_nothing_is_claimed_about_the_first_day() -> None:
    """The lists do not say since when; no row pretends to know."""
    assert all(one.valid_from is None for one in memberships())
    for one in memberships():
        assert one.valid_to == municipality(one.municipality).valid_to


@pytest.mark.parametrize(
    "case", cases("counts_of_municipalities.csv"), ids=lambda case: case["day"]
)
def test_there_are_as_many_municipalities_as_was_published(case: dict[str, str]) -> None:
    day = date.fromisoformat(case["day"])
    found = municipalities(on=day)
    assert len(found) == len({one.code for one in found}) == int(case["count"])
    assert [one for one in all_municipalities() if exists(one.code, day)] == list(found)


@pytest.mark.parametrize("case", cases("mergers.csv"), ids=lambda case: case["why"])
def test_hand_made_mergers(case: dict[str, str]) -> None:
    code, day = case["code"], date.fromisoformat(case["day"]) if case["day"] else None
    assert exists(code, day) == (case["exists"] == "yes")
    assert (successor(code, day) or "") == case["goes_on_as"]
    assert (region_of(code, day) or "") == case["region"]
    if day is not None:
        assert began(code, day) == (case["code_allowed"] == "yes")


def test_nobody_is_lost_in_a_merger() -> None:
    """Whoever is dissolved goes on, in the same province but for Leerdam and Zederik."""
    moved = set()
    for one in all_municipalities():
        assert (one.valid_to is None) == (successors(one.code) == ())
        now = successor(one.code)
        assert now is not None
        assert exists(now)
        if municipality(now).province != one.province:
            moved.add(one.name)
    assert moved == {"Leerdam", "Zederik"}
    begun = {one.code for one in all_municipalities() if (one.valid_from or date.min).year > 2014}
    # Nissewaard and Krimpenerwaard were made on 1 January 2015, of what the table does not know.
    assert begun - {one.successor for one in successions()} == {"1930", "1931"}


def test_the_region_of_every_code_is_found_for_every_day() -> None:
    days = [date(year, month, 1) for year in range(2014, 2028) for month in (1, 4, 12)]
    for one in all_municipalities():
        periods = [each for each in region_periods() if each.municipality == one.code]
        for day in days:
            found = [
                each.region
                for each in periods
                if (each.valid_from or date.min) <= day <= (each.valid_to or date.max)
            ]
            expected = region_of(one.code, day)
            assert found == ([] if expected is None else [expected])


@pytest.mark.parametrize("unknown", ["9999", "193", "", "JZ07"])
def test_an_unknown_municipality_has_no_region(unknown: str) -> None:
    assert region_of(unknown, date(2026, 1, 1)) is None


def test_an_unknown_region_is_refused() -> None:
    for ask in (lambda: region("JZ40"), lambda: municipalities(region="JZ40")):
        with pytest.raises(StelselError, match="no youth region 'JZ40'"):
            ask()
