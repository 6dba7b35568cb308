"""How many product codes are used, for how much care (Y23).

A *use* of a code is an allocation that is not deleted, or a delivery of care. Days of care are
counted per delivery, from its first day until it ended or the last day that anything is known
about, that day included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends import BaseBackend

from stelsel.disclosure import declare
from stelsel.register.own_forms import meanings, with_own_forms
from stelsel.register.relate import attach
from stelsel.register.steps import current_allocations, deliveries, not_refused, with_labels
from stelsel.system.codes import product
from stelsel.system.own_codes import OwnCodes

LITTLE: Final = 1
"""Percent of the care that "so many codes together carry at most". Own choice."""
MOST: Final = 80
"""Percent of the care that "the largest codes together carry". Own choice."""

KINDS: Final = ("national", "mapped", "unmapped", "none")
"""What a code is: of the national list; own and mapped, or not, on each day of use; no code."""


def _count(name: str, behind: str = "") -> pa.Field:
    return declare(pa.field(name, pa.int64()), "count", behind=behind)


def _estimate(name: str) -> pa.Field:
    return declare(pa.field(name, pa.int64()), "estimate", behind="children")


def _label(name: str, kind: pa.DataType) -> pa.Field:
    return declare(pa.field(name, kind), "label")


_TOWN: Final = declare(pa.field("municipality", pa.string()), "key")
_USE: Final = (
    _count("allocations", "children"),
    _count("children"),
    _count("care_days", "children"),
)
CODES: Final = pa.schema(
    [
        _TOWN,
        declare(pa.field("category", pa.string()), "key"),
        declare(pa.field("code", pa.string()), "key"),
        _label("kind", pa.string()),
        _label("form", pa.string()),
        *_USE,
    ]
)
"""Columns of a table of codes, one row a code of a municipality.

============  ===============================================================================
municipality  four digits
category      product category (list JZ020); null where none was told
code          product code; null where none was told
kind          one of :data:`KINDS`
form          CBS care form that the code is counted under, at its latest use; null for none
allocations   allocations under the code that are not deleted
children      children with an allocation or care under the code
care_days     days of care under the code
============  ===============================================================================
"""
TOTAL: Final = pa.schema(
    [
        _label("first_day", pa.date32()),
        _label("last_day", pa.date32()),
        *(_label(name, pa.int64()) for name in ("codes", "national", "mapped", "unmapped")),
        *_USE,
        _count("care_days_without_code", "children"),
        _estimate(f"codes_with_{LITTLE}_percent"),
        _estimate(f"codes_with_{MOST}_percent"),
    ]
)
"""Columns of a table of sums; one by municipality has ``municipality`` before them.

======================  =====================================================================
first_day, last_day     first and last day that anything in the register is about
codes                   product codes in use; a national code counts once, an own code once
                        for each municipality that uses it
national                of these: of the national list
mapped                  of these: own codes with a row in the table of own codes, each use
unmapped                of these: other own codes
allocations             allocations that are not deleted, with a code
children                children with an allocation or care, with a code
care_days               days of care under a code
care_days_without_code  days of care of which no code was told
codes_with_1_percent    as many of the smallest codes as together carry at most 1 percent of
                        the care days; null without care
codes_with_80_percent   as few of the largest codes as together carry at least 80 percent
======================  =====================================================================
"""


@dataclass(frozen=True, slots=True)
class CodeUse:
    """The use of product codes in a register.

    Parameters
    ----------
    codes
        One row a code of a municipality (:data:`CODES`), those with most care first.
    towns
        One row a municipality (:data:`TOTAL`, after ``municipality``).
    total
        One row for all (:data:`TOTAL`).
    """

    codes: pa.Table
    towns: pa.Table
    total: pa.Table


def code_use(con: BaseBackend, events: ir.Table, own: OwnCodes) -> CodeUse:
    """Count which product codes are used, for how many children and how much care.

    Parameters
    ----------
    con
        A fresh connection of Ibis to the engine that does the work.
    events
        Table with the columns of :data:`stelsel.events.SCHEMA`, in any order of rows. What is
        known later has to be filtered out before.
    own
        What own codes stand for.

    Returns
    -------
    CodeUse
        Exact numbers; what leaves goes through :func:`stelsel.disclosure.protect` first.

    Examples
    --------
    >>> from stelsel.events import SCHEMA
    >>> use = code_use(ibis.duckdb.connect(), ibis.memtable(SCHEMA.empty_table()), OwnCodes([]))
    >>> use.total["codes"].to_pylist(), use.codes.num_rows
    ([0], 0)
    """
    uses = con.create_table("uses", _uses(con, events, own), temp=True)
    days = con.to_pyarrow(events.aggregate(first=_.about.min(), last=_.about.max())).to_pylist()
    period = days[0]["first"], days[0]["last"]
    coded = uses.filter(_.code.notnull())
    rows = [row | {"kind": _kind(row)} for row in con.to_pyarrow(_by_code(uses)).to_pylist()]
    everywhere = con.to_pyarrow(coded.aggregate(children=_.child.nunique())).to_pylist()[0]
    by_town = coded.group_by("municipality").agg(children=_.child.nunique())
    children = {row["municipality"]: row["children"] for row in con.to_pyarrow(by_town).to_pylist()}
    towns = [
        {
            "municipality": town,
            **_sums([row for row in rows if row["municipality"] == town], period),
            "children": children.get(town, 0),
        }
        for town in sorted({row["municipality"] for row in rows})
    ]
    rows.sort(key=lambda row: (-row["care_days"], -row["allocations"], *map(str, _name(row))))
    return CodeUse(
        pa.Table.from_pylist(rows, schema=CODES),
        pa.Table.from_pylist(towns, schema=pa.schema([_TOWN, *TOTAL])),
        pa.Table.from_pylist([_sums(rows, period) | everywhere], schema=TOTAL),
    )


# --- in the database -----------------------------------------------------------------------------


def _uses(con: BaseBackend, events: ir.Table, own: OwnCodes) -> ir.Table:
    """Give one row a use: an allocation, or a delivery of care with its days."""

    def keep(name: str, step: ir.Table) -> ir.Table:
        return con.create_table(name, step, temp=True)

    told = keep("told", with_labels(not_refused(with_own_forms(events, own))))
    allocations = keep("allocations", current_allocations(told))
    care = keep("care", deliveries(told, allocations))
    names = told.filter(_.kind == "started").select("product", "category", "code").distinct()
    horizon = told.aggregate(horizon=_.about.max())
    until = ibis.least(_.end.fill_null(_.after), _.after)
    delivered = (
        attach(care, names, ["product"])
        .cross_join(horizon.select(after=(_.horizon + ibis.interval(days=1)).cast("date")))
        .mutate(day=_.start, days=ibis.greatest(until.delta(_.start, unit="day"), 0))
        .mutate(allocation=ibis.literal(0))
    )
    allocated = allocations.filter(~_.deleted).mutate(
        day=_.from_day.coalesce(_.about), days=ibis.literal(0), allocation=ibis.literal(1)
    )
    shared = ("municipality", "category", "code", "child", "form", "day")
    both = ibis.union(
        *(
            one.select(*shared, days=_.days.cast("int64"), allocation=_.allocation.cast("int64"))
            for one in (allocated, delivered)
        )
    )
    uses = keep("numbered", both.mutate(use=ibis.row_number()))
    return uses.left_join(meanings(uses, own, "use"), "use").select(*uses.columns, "mapped")


def _by_code(uses: ir.Table) -> ir.Table:
    return uses.group_by("municipality", "category", "code").agg(
        form=_.form.argmax(_.day.cast("string") + _.form.fill_null("")),
        mapped=_.mapped.fill_null(False).all(),
        allocations=_.allocation.sum(),
        children=_.child.nunique(),
        care_days=_.days.sum(),
    )


# --- of the counts -------------------------------------------------------------------------------

_Row = dict[str, Any]


def _kind(row: _Row) -> str:
    if row["code"] is None:
        return "none"
    if product(row["code"]) is not None:
        return "national"
    return "mapped" if row["mapped"] else "unmapped"


def _name(row: _Row) -> tuple[str, ...]:
    """Give what tells codes apart: an own code belongs to the municipality that uses it."""
    names = (row["category"] or "", row["code"] or "")
    return names if row["kind"] == "national" else (row["municipality"], *names)


def _sums(rows: Sequence[_Row], period: tuple[date | None, date | None]) -> _Row:
    """Add up the codes of a municipality, or of all; the children have to be counted apart."""
    care: dict[tuple[str, ...], int] = {}
    kinds: dict[tuple[str, ...], str] = {}
    for row in rows:
        if row["kind"] != "none":
            care[_name(row)] = care.get(_name(row), 0) + row["care_days"]
            kinds[_name(row)] = row["kind"]
    found = list(kinds.values())
    coded = [row for row in rows if row["kind"] != "none"]
    return {
        "first_day": period[0],
        "last_day": period[1],
        "codes": len(found),
        **{kind: found.count(kind) for kind in KINDS[:3]},
        "allocations": sum(row["allocations"] for row in coded),
        "care_days": sum(care.values()),
        "care_days_without_code": sum(row["care_days"] for row in rows if row["kind"] == "none"),
        f"codes_with_{LITTLE}_percent": smallest(care.values(), LITTLE),
        f"codes_with_{MOST}_percent": largest(care.values(), MOST),
    }


def smallest(amounts: Iterable[int], percent: int) -> int | None:
    """Give as many of the smallest amounts as together are at most a percentage of the whole.

    None where the whole is nothing.

    Examples
    --------
    >>> smallest([1, 0, 99, 100], percent=1), smallest([], percent=1)
    (2, None)
    """
    ordered = sorted(amounts)
    return _reached(ordered, lambda part, whole: part * 100 <= whole * percent)


def largest(amounts: Iterable[int], percent: int) -> int | None:
    """Give as few of the largest amounts as together are at least a percentage of the whole.

    None where the whole is nothing.

    Examples
    --------
    >>> largest([50, 30, 15, 5], percent=80), largest([0], percent=80)
    (2, None)
    """
    ordered = sorted(amounts, reverse=True)
    short = _reached(ordered, lambda part, whole: part * 100 < whole * percent)
    return None if short is None else short + 1


def _reached(ordered: Sequence[int], holds: Callable[[int, int], bool]) -> int | None:
    """Give how many of the first amounts, added up, still hold; None where all are nothing."""
    whole = sum(ordered)
    if not whole:
        return None
    return sum(holds(part, whole) for part in accumulate(ordered))
