"""The door out: what is hidden, what must go with it, and what never passes."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.disclosure import declare, limits, protect
from stelsel.disclosure.protect import lines
from stelsel.errors import StelselError

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text())


def key(name: str) -> pa.Field:
    return declare(pa.field(name, pa.string()), "key")


def count(name: str, *parts: str) -> pa.Field:
    return declare(pa.field(name, pa.int64()), "count", parts=parts)


def estimate(name: str, behind: str) -> pa.Field:
    return declare(pa.field(name, pa.float64()), "estimate", behind=behind)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_it_leaves_as_by_hand(case: dict[str, Any]) -> None:
    schema = pa.schema([key("form"), count("waiting")])
    names = [str(number) for number in range(len(case["real"]))]
    rows = pa.table({"form": names, "waiting": case["real"]}, schema=schema)
    shown = protect(rows, made_up=False)["waiting"].to_pylist()
    assert ["." if number is None else number for number in shown] == case["shown"]


cells = st.one_of(st.integers(0, 12), st.integers(0, 400))


@st.composite
def two_way(draw: st.DrawFn) -> pa.Table:
    """Give a table by region and form, with a sum, an estimate and here and there a missing row."""
    regions = [f"JZ{number:02d}" for number in range(draw(st.integers(1, 5)))]
    forms = [f"{number:02d}" for number in range(draw(st.integers(1, 5)))]
    pairs = [(r, f) for r in regions for f in forms if draw(st.integers(0, 9)) > 0]
    completed = [draw(cells) for _ in pairs]
    withdrawn = [draw(cells) for _ in pairs]
    schema = pa.schema(
        [
            key("region"),
            key("form"),
            count("completed"),
            count("withdrawn"),
            count("outflow", "completed", "withdrawn"),
            estimate("median", "completed"),
        ]
    )
    columns = {
        "region": [region for region, _ in pairs],
        "form": [form for _, form in pairs],
        "completed": completed,
        "withdrawn": withdrawn,
        "outflow": [one + other for one, other in zip(completed, withdrawn, strict=True)],
        "median": [draw(st.none() | st.just(31.5)) for _ in pairs],
    }
    return pa.table(columns, schema=schema)


@settings(max_examples=60, deadline=None)
@given(two_way())
def test_no_hidden_number_stands_alone(real: pa.Table) -> None:
    shown = protect(real, made_up=False)
    within = limits()
    keys = {name: real[name].to_pylist() for name in ("region", "form")}
    for name in ("completed", "withdrawn", "outflow"):
        true, seen = real[name].to_pylist(), shown[name].to_pylist()
        for number, other in zip(true, seen, strict=True):
            assert other is None or number >= within.least_count
            assert other is None or (other % within.multiple == 0 and abs(other - number) <= 2)
        for line in lines(keys, ["region"]) + lines(keys, ["form"]) + lines(keys, keys):
            gone = [true[row] for row in line if seen[row] is None]
            if gone and len(gone) < len(line):
                assert len(gone) >= within.least_hidden_cells
                assert sum(gone) >= within.least_hidden_together
    for row in shown.to_pylist():
        hidden = [row[name] is None for name in ("completed", "withdrawn", "outflow")]
        assert hidden[2] == (hidden[0] or hidden[1])


def test_of_one_row_no_small_number_is_the_only_one_that_fits() -> None:
    """Try every pair up to 24, as a reader who knows the rules may."""
    schema = pa.schema(
        [count("completed"), count("withdrawn"), count("outflow", "completed", "withdrawn")]
    )
    fitting: dict[tuple[int | None, ...], list[tuple[int, int]]] = defaultdict(list)
    for completed, withdrawn in product(range(25), repeat=2):
        rows = pa.table([[completed], [withdrawn], [completed + withdrawn]], schema=schema)
        (shown,) = protect(rows, made_up=False).to_pylist()
        fitting[tuple(shown[name] for name in schema.names)].append((completed, withdrawn))
    for pairs in fitting.values():
        for numbers in zip(*pairs, strict=True):
            assert len(set(numbers)) > 1 or numbers[0] >= limits().least_count


def test_what_is_alone_along_every_key_is_not_the_total_of_the_table_less_the_rest() -> None:
    schema = pa.schema([key("region"), key("form"), count("waiting")])
    rows = pa.table([["A", "B", "C"], ["02", "03", "11"], [4, 63, 22]], schema=schema)
    assert protect(rows, made_up=False)["waiting"].to_pylist() == [None, 65, None]


def test_many_entries_of_few_children_are_hidden() -> None:
    entries = declare(pa.field("waiting", pa.int64()), "count", behind="children")
    schema = pa.schema([entries, count("children"), estimate("median", "children")])
    rows = pa.table([[27], [9], [31.5]], schema=schema)
    assert protect(rows, made_up=False)["protected"].to_pylist() == [schema.names]


def test_a_stock_has_no_total_over_months_and_a_flow_has() -> None:
    month = declare(pa.field("month", pa.string()), "key", over_time=True)
    flow = declare(pa.field("inflow", pa.int64()), "count", over_time=True)
    schema = pa.schema([key("form"), month, count("waiting"), flow])
    numbers = [4, 63, 22]
    months = ["2026-01", "2026-02", "2026-03"]
    rows = pa.table([list("abc"), months, numbers, numbers], schema=schema)
    shown = protect(rows, made_up=False)
    assert shown["waiting"].to_pylist() == [None, 65, 20]
    assert shown["inflow"].to_pylist() == [None, 65, None]


@settings(max_examples=30, deadline=None)
@given(two_way())
def test_each_row_says_what_was_hidden_in_it_and_estimates_rest_on_enough(real: pa.Table) -> None:
    for before, after in zip(
        real.to_pylist(), protect(real, made_up=False).to_pylist(), strict=True
    ):
        gone = [name for name in before if before[name] is not None and after[name] is None]
        assert set(gone) <= set(after["protected"])
        assert all(after[name] is None for name in after["protected"])
        assert ("median" in after["protected"]) == (before["completed"] < 10)


@settings(max_examples=50, deadline=None)
@given(two_way(), st.sampled_from([{"made_up": True}, {"made_up": False, "internal": True}]))
def test_made_up_and_internal_numbers_stay_exact(real: pa.Table, how: dict[str, bool]) -> None:
    out = protect(real, **how)  # type: ignore[arg-type]
    assert out.drop_columns(["protected"]).equals(real)
    assert all(names == [] for names in out["protected"].to_pylist())


def test_what_is_hidden_depends_on_the_numbers_and_not_on_the_order_of_rows() -> None:
    schema = pa.schema([key("form"), count("waiting")])
    rows = pa.table({"form": list("abcd"), "waiting": [4, 63, 22, 48]}, schema=schema)
    turned = rows.take([3, 2, 1, 0])
    assert protect(turned, made_up=False).take([3, 2, 1, 0]).equals(protect(rows, made_up=False))


def test_a_column_that_nobody_declared_does_not_leave_and_all_faults_are_told() -> None:
    schema = pa.schema(
        [key("form"), pa.field("pseudonym", pa.string()), estimate("median", "completed")]
    )
    rows = pa.table({"form": ["02"], "pseudonym": ["x"], "median": [1.0]}, schema=schema)
    for made_up in (True, False):
        with pytest.raises(StelselError) as caught:
            protect(rows, made_up=made_up)
        assert [fault.where for fault in caught.value.faults] == ["pseudonym", "median"]


def test_an_estimate_that_does_not_say_what_is_behind_it_does_not_leave() -> None:
    field = declare(pa.field("median", pa.float64()), "estimate")
    with pytest.raises(StelselError, match="count behind"):
        protect(pa.table({"median": [1.0]}, schema=pa.schema([field])), made_up=False)


def test_nothing_goes_through_the_door_twice() -> None:
    rows = protect(pa.table({"form": ["02"]}, schema=pa.schema([key("form")])), made_up=False)
    with pytest.raises(StelselError, match="before"):
        protect(rows, made_up=False)


def test_that_there_is_no_estimate_does_not_tell_that_nobody_waits() -> None:
    schema = pa.schema([key("form"), count("waiting"), estimate("median", "waiting")])
    rows = pa.table({"form": ["a", "b"], "waiting": [0, 3], "median": [None, 8.0]}, schema=schema)
    assert protect(rows, made_up=False)["protected"].to_pylist() == [["waiting", "median"]] * 2


def test_stocks_do_not_add_up_over_months_but_flows_do() -> None:
    schema = pa.schema(
        [
            declare(pa.field("month", pa.string()), "key", over_time=True),
            count("waiting"),
            declare(pa.field("inflow", pa.int64()), "count", over_time=True),
        ]
    )
    numbers = [4, 20, 30]
    rows = pa.table(
        {"month": ["2026-01", "2026-02", "2026-03"], "waiting": numbers, "inflow": numbers},
        schema=schema,
    )
    out = protect(rows, made_up=False)
    assert out["waiting"].to_pylist() == [None, 20, 30]
    assert out["inflow"].to_pylist() == [None, None, 30]
