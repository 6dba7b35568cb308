"""Made-up deliveries for the tests, drawn from the tables: any field, any code, any year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from stelsel.deliveries.cbs import CLASSES, UNBORN, UNKNOWN, Delivery, Period, Record, sorts
from stelsel.deliveries.cbs.tables import Field, codes, fields
from tests.conftest import made_up_bsns

NUMBERS = [number for number, _ in zip(made_up_bsns(), range(6), strict=False)]
PLACES = ["1234AB", "9999ZZ", "0363", "0599"]
DAY = timedelta(days=1)


@st.composite
def deliveries(draw: st.DrawFn, sort: str | None = None) -> Delivery:
    name = sort or draw(st.sampled_from([*sorts()]))
    parts = sorts()[name].periods
    years = range(2021 if name == "cbs-placement" else 2015, 2031)
    period = Period(parts, draw(st.sampled_from(years)), draw(st.integers(1, parts)))
    return Delivery(name, draw(st.from_regex(r"[0-9]{8}", fullmatch=True)), period,
                    draw(st.dates(period.last, period.last + 400 * DAY)))  # fmt: skip


def births(keyed: bool) -> st.SearchStrategy[str]:
    whole = st.dates(date(1995, 1, 1), date(2030, 1, 1)).map(date.isoformat)
    return st.one_of(whole, whole.map(lambda day: day[:7]), whole.map(lambda day: day[:4]),
                     st.just("unborn"))  # fmt: skip


@st.composite
def right_values(draw: st.DrawFn, field: Field, period: Period) -> Any:
    """A value that a field may have in a period; none only where that is allowed."""
    if not (field.holds(period.first) or field.holds(period.last)):
        return None
    held = [one.code for one in codes().get(field.list, {}).values()
            if one.holds(period.first) or one.holds(period.last)]  # fmt: skip
    kinds: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
        "number": lambda: st.sampled_from([*NUMBERS, UNKNOWN, UNBORN]),
        "birth": lambda: births(keyed=False),
        "place": lambda: st.sampled_from(PLACES),
        "day": lambda: st.dates(date(2010, 1, 1), date(2031, 1, 1)),
        "code": lambda: st.sampled_from(held),
        "grade": lambda: st.integers(1, 10),
    }
    if field.type == "code" and not held:
        return None
    value = kinds[field.type]()
    return draw(value if field.needed else st.none() | value)


@st.composite
def readable(draw: st.DrawFn, delivery: Delivery) -> Record:
    """A record of which each field by itself is right."""
    known = fields(delivery.sort)
    values = {name: draw(right_values(field, delivery.period)) for name, field in known.items()}
    return CLASSES[delivery.sort](**values)


@st.composite
def files(draw: st.DrawFn, sort: str | None = None) -> tuple[Delivery, list[Record]]:
    delivery = draw(deliveries(sort))
    return delivery, draw(st.lists(readable(delivery), max_size=2))
