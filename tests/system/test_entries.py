"""Forms, stations, norms, referrers, exits and priorities say what the sources say."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stelsel import system
from stelsel.errors import StelselError
from stelsel.system.codes import categories, products
from stelsel.system.figures import figures

# The protocol of CBS, paragraph 3.3: code, with stay.
CBS_FORMS = {
    "01": False,
    "02": False,
    "03": False,
    "04": False,
    "11": True,
    "12": True,
    "13": True,
    "14": True,
}
# The terms of the message standard in working days.
IJW_WORKING_DAYS = {
    "ijw-return": 3,
    "ijw-invoice-answer": 10,
    "ijw-request": 5,
    "ijw-request-certified-institution": 5,
    "ijw-request-answer": 5,
    "ijw-change-answer": 5,
    "ijw-start": 5,
    "ijw-stop": 5,
}
WAIT_EXITS = """served withdrawn rejected lapsed moved died other-provider other-domain worse
aged-out personal-budget"""
CARE_EXITS = """planned agreed-early client-stopped provider-stopped external died municipality
change-request other-provider other-domain paused aged-out unknown"""


def test_forms_are_those_of_cbs() -> None:
    assert {form.code: form.with_stay for form in system.forms()} == CBS_FORMS
    assert [form.order for form in system.forms()] == list(range(1, 9))


@pytest.mark.parametrize("form", system.forms(), ids=lambda form: form.slug)
def test_a_form_is_found_by_code_and_by_slug(form: system.Form) -> None:
    assert system.form(form.code) is form
    assert system.form(form.slug) is form


@pytest.mark.parametrize("form", system.forms(), ids=lambda form: form.slug)
def test_every_form_has_its_list_and_its_care(form: system.Form) -> None:
    wait, care = system.station(f"wait-{form.slug}"), system.station(f"care-{form.slug}")
    assert (wait.kind, care.kind) == ("wait", "care")
    for station in (wait, care):
        assert (station.form, station.cbs_code) == (form.slug, form.code)
        assert (station.scale, station.ijw_categories) == (form.scale, wait.ijw_categories)


def test_the_figures_know_every_form() -> None:
    breakdowns = set(figures()["breakdown"].to_pylist())
    assert {form.figures_name for form in system.forms()} <= breakdowns


def test_the_figures_know_every_referrer() -> None:
    breakdowns = set(figures()["breakdown"].to_pylist())
    assert {one.figures_name for one in system.referrers()} <= breakdowns


def test_every_referrer_has_an_access_station() -> None:
    codes = [station.cbs_code for station in system.stations(kind="access")]
    assert sorted(codes) == [referrer.code for referrer in system.referrers()]
    assert [referrer.code for referrer in system.referrers()] == sorted(codes)
    assert "07" not in codes, "code 07 is not used"


@pytest.mark.parametrize("form", system.forms(), ids=lambda form: form.slug)
def test_categories_of_a_station_follow_from_the_products(form: system.Form) -> None:
    """The categories that lead to a station are derived; the table holds the outcome."""
    by_product = {one.category for one in products() if one.cbs_form == form.code}
    by_category = {one.category for one in categories() if one.form == form.code}
    station = system.station(f"care-{form.slug}")
    assert set(station.ijw_categories) == by_product | by_category


def test_stations_of_a_day() -> None:
    """The law began in 2015; a station without a first day is taken to be of all times."""
    dated = {one.id for one in system.stations() if one.valid_from}
    assert dated.isdisjoint(one.id for one in system.stations(on=date(2014, 12, 31)))
    new = {one.id for one in system.stations()} - {
        one.id for one in system.stations(on=date(2022, 12, 31))
    }
    assert new == {"investigation-safety-team"}, "test sites since January 2023"


def test_terms_of_the_message_standard() -> None:
    found = {
        norm.id: norm.limit
        for norm in system.norms()
        if norm.id.startswith("ijw-") and norm.unit == "working_days"
    }
    assert found == IJW_WORKING_DAYS


def test_norms_can_be_compared() -> None:
    units = {norm.unit for norm in system.norms()}
    assert units <= {"hours", "days", "working_days", "weeks", "months", "years"}
    assert {norm.kind for norm in system.norms()} == {"law", "agreement", "own-choice"}
    assert all(norm.limit > 0 and norm.applies_to for norm in system.norms())
    for norm in system.norms():
        assert norm.valid_to is None or norm.valid_from is None or norm.valid_from <= norm.valid_to


def test_the_parts_of_the_treeknorm_make_the_whole() -> None:
    parts = [system.norm(f"treeknorm-{part}") for part in ("intake", "treatment", "total")]
    assert {norm.unit for norm in parts} == {"weeks"}
    assert parts[0].limit + parts[1].limit == parts[2].limit == 14


def test_exits_are_those_agreed() -> None:
    assert [one.id for one in system.exits("wait")] == WAIT_EXITS.split()
    assert [one.id for one in system.exits("care")] == CARE_EXITS.split()
    assert {one.kind for one in system.exits()} <= {one.kind for one in system.stations()}


def test_a_code_means_one_exit() -> None:
    codes = Counter((one.kind, code) for one in system.exits() for code in one.ijw_codes)
    assert max(codes.values()) == 1


@pytest.mark.parametrize(
    ("cbs", "ijw"), [("01", "31"), ("02", "34"), ("03", "32"), ("04", "33"), ("05", "35")]
)
def test_cbs_and_the_messages_name_the_same_end(cbs: str, ijw: str) -> None:
    """The five reasons of CBS, paragraph 3.7, and the codes of JZ588 they stand for."""
    found = system.exit_of("care", f"JZ588/{ijw}")
    assert found is not None
    assert found.cbs_code == cbs


@pytest.mark.shared
def test_every_stop_code_ends_care(shared: Path) -> None:
    lists = json.loads((shared / "ijw" / "codelists.json").read_text("utf-8"))["codelijsten"]
    for code in lists["LDT_RedenBeeindiging"]["codes"]:
        assert system.exit_of("care", f"JZ588/{code}") is not None, code
    known = {
        f"{name}/{code}" for one in lists.values() for name in one["id"] for code in one["codes"]
    }
    used = {code for one in system.exits() for code in one.ijw_codes}
    assert used <= known


@pytest.mark.shared
def test_referrers_and_categories_are_the_code_lists(shared: Path) -> None:
    lists = json.loads((shared / "ijw" / "codelists.json").read_text("utf-8"))["codelijsten"]
    codes = [referrer.code for referrer in system.referrers()]
    assert codes == sorted(lists["LDT_TypeVerwijzer"]["codes"])
    found = {one.category: one.name_nl for one in categories()}
    assert found == lists["LDT_ProductCategorie"]["codes"]


@pytest.mark.shared
def test_products_are_the_national_list(shared: Path) -> None:
    with (shared / "ijw" / "product_codes_jz21.csv").open(encoding="utf-8") as lines:
        listed = {row["code"]: row for row in csv.DictReader(lines)}
    assert {one.code for one in products()} == set(listed)
    for one in products():
        row = listed[one.code]
        assert one.generic == (row["category"] == "")
        assert one.category == (row["category"] or one.code[:2])
        assert one.description == row["description"]
        assert (one.cbs_form or one.cbs_measure) == row["cbs_form"]


def test_priorities_are_in_order() -> None:
    assert [one.order for one in system.priorities()] == [1, 2, 3, 4]
    assert system.priority("crisis") is system.priorities()[0]


@pytest.mark.parametrize(
    ("look", "name", "near"),
    [
        (system.form, "ambulatry", "ambulatory"),
        (system.station, "wait-foster", "wait-foster-care"),
        (system.norm, "ijw-starts", "ijw-start"),
        (system.referrer, "07", "08"),
        (system.priority, "crises", "crisis"),
    ],
)
def test_a_wrong_name_is_told_with_the_right_one(look, name: str, near: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StelselError) as caught:
        look(name)
    (fault,) = caught.value.faults
    assert name in fault.what
    assert near in fault.remedy


def test_everything_shown_has_a_name_in_both_languages() -> None:
    shown: list[Any] = [
        *system.forms(),
        *system.stations(),
        *system.norms(),
        *system.referrers(),
        *system.exits(),
        *system.priorities(),
    ]
    assert all(one.name_nl and one.name_en and one.source for one in shown)
