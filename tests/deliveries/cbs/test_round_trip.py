"""What is written is read again, and written the same; in each layout, whatever it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stelsel.deliveries.cbs import (
    Delivery,
    Layout,
    Period,
    Placement,
    Record,
    YouthCare,
    layout_of,
    mirror_of,
    recognise,
    write,
    written,
)
from stelsel.deliveries.cbs.cells import file_of
from stelsel.deliveries.cbs.layouts import NAMES, shipped
from stelsel.deliveries.cbs.reading import contents_of, recognised
from stelsel.deliveries.cbs.tables import fields, sorts
from stelsel.errors import StelselError
from tests.deliveries.cbs.made import NUMBERS, deliveries, files, readable

DELIVERY = Delivery("cbs-placement", "00000001", Period.of("2024-H1"), date(2024, 7, 9))
ORDER = Placement(
    number=NUMBERS[0], birth="2010-05", sex="V", place="1234AB", order="72", start=date(2024, 2, 1)
)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "pseudonymised"])
@given(made=files())
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=25)
def test_write_read_write_is_the_identity(name: str, made: tuple[Delivery, list[Record]]) -> None:
    delivery, records = made
    first = written(records, delivery, shipped(name))
    contents = contents_of(first)
    assert contents.breaches == ()
    assert contents.delivery == delivery
    read = [record for _, record in contents.records]
    assert read == records
    assert written(read, delivery, shipped(name)) == first


@given(made=files(), keys=st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=15)
def test_the_layout_with_pseudonyms_too(
    made: tuple[Delivery, list[Record]], keys: st.DataObject
) -> None:
    delivery, records = made
    digits = st.text("0123456789abcdef", min_size=32, max_size=32)
    keyed = [replace(record, number=keys.draw(digits)) for record in records]
    first = written(keyed, delivery, shipped("pseudonymised"))
    contents = contents_of(first)
    assert contents.keyed
    assert [record for _, record in contents.records] == keyed
    assert contents.breaches == ()


@given(made=files("cbs-youth-care"), order=st.permutations([*fields("cbs-youth-care")]))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=15)
def test_a_layout_of_ones_own_in_any_order(
    made: tuple[Delivery, list[Record]], order: list[str]
) -> None:
    delivery, records = made
    usual = shipped("fixed").records["cbs-youth-care"]
    widths = {"cbs-youth-care": {name: usual[name] + 1 for name in order}}
    own = Layout("own", "fixed", "", False, {}, widths, ";", "ascii", False)
    first = written(records, delivery, own)
    contents = contents_of(first, own, delivery)
    assert contents.breaches == ()
    assert [record for _, record in contents.records] == records
    # Another order of fields is another file, told apart by its layout alone.
    assert recognised(first[:200]) is None


@given(delivery=deliveries(), data=st.data())
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
def test_all_formats_say_the_same(delivery: Delivery, data: st.DataObject) -> None:
    records = data.draw(st.lists(readable(delivery), max_size=2))
    reports = [
        mirror_of(written(records, delivery, shipped(name))) for name in ("fixed", "csv", "xlsx")
    ]
    assert len({tuple(record for _, record in report.records) for report in reports}) == 1
    assert len({tuple(sorted(one.rule for one in report.breaches)) for report in reports}) == 1


def test_every_shipped_layout_holds_every_field() -> None:
    for name in NAMES:
        assert {sort: set(part) for sort, part in shipped(name).records.items()} == {
            sort: set(fields(sort)) for sort in sorts()
        }


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_recognised_by_its_content(name: str) -> None:
    data = written([], DELIVERY, shipped(name))
    assert recognise(data, "other.dat")
    assert recognise(data[:200], f"cbs.{shipped(name).format}")


def test_another_spreadsheet_is_not_recognised_whatever_its_name() -> None:
    other = file_of([["case", "step"], ["1", "report"]], shipped("xlsx"))
    assert not recognise(other, "cbs.xlsx")
    # Of a part of a spreadsheet the name has to tell.
    assert recognise(other[:200], "in/cbs.xlsx")
    assert not recognise(other[:200], "cbs/steps.xlsx")


@given(st.binary(max_size=300))
@settings(max_examples=25)
def test_other_files_are_not_recognised_and_never_break_the_reader(data: bytes) -> None:
    if recognised(data) is None and not data.startswith(b"PK"):
        assert not recognise(data, "cbs.csv")
    for name in NAMES:
        report = mirror_of(data, shipped(name))
        assert not report.valid
        assert report.findings("nl")


@given(made=files(), data=st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=25)
def test_a_damaged_file_never_breaks_the_reader(
    made: tuple[Delivery, list[Record]], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(["fixed", "csv", "xlsx"]))
    file = bytearray(written(made[1], made[0], shipped(name)))
    for _ in range(data.draw(st.integers(1, 4))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    report = mirror_of(bytes(file), shipped(name))
    assert report.findings("en") or report.valid


def test_excel_may_have_made_numbers_and_days_of_cells(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["BELEIDSINFORMATIE JEUGD", "MU", "00000001", "2024-H1", 20240709])
    sheet.append([field.cbs.upper() for field in fields("cbs-placement").values()])
    sheet.append(
        [0, 0, "O", 363, 72, datetime(2024, 2, 1, tzinfo=UTC).replace(tzinfo=None), 20240301.0]
    )
    book.save(tmp_path / "cbs.xlsx")
    contents = contents_of((tmp_path / "cbs.xlsx").read_bytes())
    # A birth of one zero is no birth, and is said to be none; the rest is mended.
    assert [(one.rule, one.column) for one in contents.breaches] == [("cbs.birth", "geboortedatum")]


def test_columns_may_stand_in_any_order_and_those_not_needed_may_lack() -> None:
    text = (
        "BELEIDSINFORMATIE JEUGD;MU;00000001;2024-H1;20240709\n"
        "postcode;datum aanvang;type machtiging;burgerservicenummer;geslacht;geboortedatum\n"
        f"1234 AB;20240201;72;{NUMBERS[0]};V;20100500\n"
    )
    contents = contents_of(text.encode())
    assert contents.breaches == ()
    assert [record for _, record in contents.records] == [ORDER]


def test_a_layout_that_has_no_place_is_refused(tmp_path: Path) -> None:
    narrow = dict.fromkeys(["number", "birth", "sex", "place", "order", "start"], 0)
    layout = Layout("own", "csv", "X", False, {}, {"cbs-placement": narrow}, ";", "utf-8", False)
    ended = replace(ORDER, end=date(2024, 3, 1))
    with pytest.raises(StelselError, match="no place") as error:
        write([ORDER, ended], DELIVERY, layout, tmp_path / "out.csv")
    assert [fault.where for fault in error.value.faults] == ["record 2"]
    assert not (tmp_path / "out.csv").exists()


def test_a_layout_from_a_file(tmp_path: Path) -> None:
    own = {
        "name": "own",
        "format": "csv",
        "title": "OWN",
        "children": "number",
        "separator": ",",
        "heading": [],
        "names": False,
        "records": {"cbs-placement": ["order", *list(fields("cbs-placement"))[:4], "start"]},
    }
    file = tmp_path / "own.yaml"
    file.write_text(yaml.safe_dump(own, sort_keys=False), "utf-8")
    layout = layout_of(file)
    data = written([ORDER], DELIVERY, layout)
    assert data == f"72,{NUMBERS[0]},20100500,V,1234AB,20240201\r\n".encode()
    assert mirror_of(data, layout, DELIVERY).records == ((1, ORDER),)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": "pdf"}, "format is one of"),
        ({"children": "names"}, "children is number or pseudonym"),
        ({"records": {"cbs-youth": []}}, "There is no sort cbs-youth"),
        ({"records": {"cbs-placement": ["order", "colour"]}}, "unknown fields: colour"),
        ({"records": {"cbs-placement": ["order"]}}, "lacks birth, number, place, sex, start"),
        ({"heading": ["title"]}, "heading lacks"),
        ({"separator": ";;"}, "separator is one character"),
        ({"extra": 1}, "A layout has exactly"),
    ],
)
def test_a_wrong_layout_is_refused_with_all_that_is_wrong(
    tmp_path: Path, change: dict[str, object], says: str
) -> None:
    right = yaml.safe_load(
        "name: x\nformat: csv\ntitle: X\nchildren: number\nheading: []\nrecords: {}\n"
    )
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(right | change), "utf-8")
    with pytest.raises(StelselError, match=says):
        layout_of(tmp_path / "own.yaml")


def test_there_is_no_such_layout() -> None:
    with pytest.raises(StelselError, match=r"There is no layout fxied\. Did you mean fixed"):
        layout_of("fxied")


def test_one_more_day_is_another_file() -> None:
    later = replace(DELIVERY, day=DELIVERY.day + timedelta(days=1))
    made = {written([ORDER], one, shipped("xlsx")) for one in (DELIVERY, DELIVERY, later)}
    assert len(made) == 2


def test_records_of_youth_care_have_the_fields_of_the_protocol_only() -> None:
    assert set(fields("cbs-youth-care")) == set(YouthCare.__dataclass_fields__)
