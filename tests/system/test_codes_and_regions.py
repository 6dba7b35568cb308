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
from stelsel.system.regions import (
    memberships,
    municipalities,
    municipality,
    region,
    region_of,
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


@pytest.mark.parametrize("on", [None, date(2015, 1, 1), date(2023, 1, 1), date(2026, 11, 21)])
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
    """The lists of 2023 and 2026 do not say since when; no row pretends to know."""
    assert all(one.valid_from is None and one.valid_to is None for one in memberships())


@pytest.mark.parametrize("unknown", ["9999", "193", "", "JZ07"])
def test_an_unknown_municipality_has_no_region(unknown: str) -> None:
    assert region_of(unknown, date(2026, 1, 1)) is None


def test_an_unknown_region_is_refused() -> None:
    for ask in (lambda: region("JZ40"), lambda: municipalities(region="JZ40")):
        with pytest.raises(StelselError, match="no youth region 'JZ40'"):
            ask()
