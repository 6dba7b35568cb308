"""Entries beside waits: told with a probability, and linked only where one wait stands out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from stelsel.register.linking.hashed import SCHEMA, Entry, hashed
from stelsel.register.linking.with_register import beside
from tests.linking.conftest import KEY

DAY = date(2026, 3, 31)
SINCE = date(2025, 10, 1)


def entries_of(*born: date, sex: str | None = None) -> pa.Table:
    rows = [
        hashed(Entry("98070201", "02", DAY, SINCE, "Noor", "Beek", day, sex), KEY)
        | {"entry": f"e{number}", "list": "a.csv", "row": number}
        for number, day in enumerate(born)
    ]
    return pa.Table.from_pylist(rows, SCHEMA)


def waits_for(*born: date, start: date = SINCE, sex: str | None = None) -> pa.Table:
    """Waits of children born in the months of these days; digests as those of entries."""
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(entries_of(*born, sex=sex).to_pylist()):
        names = ("provider", "form", "municipality", "birth_year", "birth_month", "sex")
        rows.append(
            {"wait": number, "child": f"c{number}", "start": start, **{n: row[n] for n in names}}
        )
    fields = {"wait": pa.int64(), "child": pa.string(), "start": pa.date32()}
    return pa.Table.from_pylist(
        rows, pa.schema([*fields.items(), *((name, pa.string()) for name in names)])
    )


def months(number: int) -> list[date]:
    return [date(2006 + place // 12, 1 + place % 12, 15) for place in range(number)]


def test_the_only_wait_that_fits_is_linked() -> None:
    waits = waits_for(*months(40))
    (row,) = beside(entries_of(months(40)[7].replace(day=3)), waits).to_pylist()
    assert (row["register"], row["register_child"]) == ("linked", "c7")
    assert 0.8 <= row["register_probability"] < 1


def test_two_waits_that_fit_equally_well_get_less_than_half_each_and_neither_is_linked() -> None:
    born = months(40)
    (row,) = beside(entries_of(born[7]), waits_for(*born, born[7])).to_pylist()
    assert (row["register"], row["register_child"]) == ("doubtful", None)
    assert 0.4 < row["register_probability"] < 0.5


def test_sex_tells_twins_apart_as_far_as_it_goes() -> None:
    born = months(40)
    girls, boy = waits_for(*born, sex="2"), waits_for(born[7], sex="1")
    boy = boy.set_column(1, "child", pa.array(["boy"]))
    waits = pa.concat_tables([girls, boy])
    (row,) = beside(entries_of(born[7], sex="1"), waits).to_pylist()
    assert row["register_child"] == "boy"


def test_another_provider_or_form_never_fits() -> None:
    waits = waits_for(*months(40))
    for column, other in (("provider", "98070299"), ("form", "03")):
        place = waits.column_names.index(column)
        moved = waits.set_column(place, column, pa.array([other] * waits.num_rows))
        (row,) = beside(entries_of(months(40)[7]), moved).to_pylist()
        assert (row["register"], row["register_probability"]) == ("none", 0)


def test_the_nearer_the_day_the_likelier() -> None:
    born = months(40)
    found = [
        beside(
            entries_of(born[7]),
            pa.concat_tables(
                [
                    waits_for(born[7], start=SINCE + timedelta(days)),
                    waits_for(*born[8:], start=SINCE - timedelta(300)),
                ]
            ),
        )["register_probability"][0].as_py()
        for days in (0, 20, 80, 200)
    ]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[-1]


def test_no_entry_and_no_wait_is_no_link() -> None:
    assert beside(entries_of(), waits_for(*months(3))).num_rows == 0
    (row,) = beside(entries_of(months(1)[0]), waits_for(*months(3)).slice(0, 0)).to_pylist()
    assert row["register"] == "none"
