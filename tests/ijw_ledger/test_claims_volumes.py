"""How much may be claimed: worked examples, and an oracle that goes day by day."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stelsel.ijw.ledger.volumes import counted, most, most_in_all, sundays, units, weeks

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "claims_volumes.yaml").read_text(encoding="utf-8")
)
UNITS = {
    "hours": ("04", 1),
    "days and nights": ("14", 1),
    "half days": ("16", 1),
    "pieces of output": ("82", 1),
    "euros": ("83", 100),
    "pieces of effort": ("84", 1),
}
FREQUENCIES = {"a day": "1", "a week": "2", "a month": "4", "in all": "6"}
Allocation = dict[str, Any]
Period = tuple[date, date]


def allocation_of(text: str) -> Allocation:
    """An allocation as the table writes it."""
    words = re.fullmatch(r"(\d+) (.+) (a \w+|in all), (\S+) - (\S+)", text)
    assert words is not None, text
    volume, unit, frequency, first, last = words.groups()
    code, factor = UNITS[unit]
    return {
        "volume": int(volume) * factor,
        "unit": code,
        "frequency": FREQUENCIES[frequency],
        "from_day": date.fromisoformat(first),
        "last_day": None if last == "open" else date.fromisoformat(last),
    }


def month_of(allocation: Allocation, year: int, month: int) -> Period:
    """What of a calendar month lies within an allocation."""
    last = date(year, month, monthrange(year, month)[1])
    return (
        max(date(year, month, 1), allocation["from_day"]),
        min(last, allocation["last_day"] or last),
    )


def months(allocation: Allocation) -> Iterator[Period]:
    """Every calendar month of an allocation with an end, as far as it lies within."""
    first, last = allocation["from_day"], allocation["last_day"]
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield month_of(allocation, number // 12, number % 12 + 1)


def as_written(volume: int, unit: str) -> float:
    """A counted volume in the unit in which the table writes it."""
    return volume / {"04": 60, "83": 100}.get(unit, 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_worked_examples(case: dict[str, Any]) -> None:
    allocation = allocation_of(case["allocated"])
    for month, expected in case["months"].items():
        year, of = (int(part) for part in month.split("-"))
        found = most(allocation, *month_of(allocation, year, of))
        assert as_written(found, allocation["unit"]) == expected, month
    total = most_in_all(allocation)
    if case["in_all"] == "no total":
        assert total is None
    else:
        assert total is not None
        assert as_written(total, allocation["unit"]) == case["in_all"]


# --- day by day ----------------------------------------------------------------------------------


def days(begin: date, end: date) -> list[date]:
    return [begin + timedelta(days=day) for day in range((end - begin).days + 1)]


def times(allocation: Allocation, begin: date, end: date) -> int:
    """How often a volume counts in a period: every day or week is looked at."""
    frequency, first, last = (allocation[name] for name in ("frequency", "from_day", "last_day"))
    period = days(begin, end)
    if frequency == "1":
        return len(period)
    if frequency == "4":
        return len({(day.year, day.month) for day in period})
    if frequency == "6":
        return 1
    if allocation["unit"] not in ("82", "83"):
        return len({day.isocalendar()[:2] for day in period})
    # Every week of the allocation counts on one day: its Sunday; the last week, if it is broken,
    # on the last Sunday before it, or on the first day if there is none.
    own = days(first, last)
    count_on = [day for day in own if day.strftime("%A") == "Sunday"]
    if last.strftime("%A") != "Sunday":
        count_on.append(count_on[-1] if count_on else first)
    return sum(begin <= day <= end for day in count_on)


UNIT = st.sampled_from(["01", "04", "14", "16", "82", "83", "84"])
DAYS = st.dates(date(2019, 1, 1), date(2031, 12, 31))


@st.composite
def allocations(draw: st.DrawFn) -> Allocation:
    first = draw(DAYS)
    return {
        "volume": draw(st.integers(0, 40)),
        "unit": draw(UNIT),
        "frequency": draw(st.sampled_from("1246")),
        "from_day": first,
        "last_day": first + timedelta(days=draw(st.integers(0, 40) | st.integers(0, 800))),
    }


@given(allocations())
def test_every_month_against_the_days_one_by_one(allocation: Allocation) -> None:
    volume = counted(allocation["volume"], allocation["unit"])
    for begin, end in months(allocation):
        assert most(allocation, begin, end) == volume * times(allocation, begin, end)


@given(allocations())
def test_the_total_is_that_of_all_days(allocation: Allocation) -> None:
    volume = counted(allocation["volume"], allocation["unit"])
    whole = allocation["from_day"], allocation["last_day"]
    assert most_in_all(allocation) == volume * times(allocation, *whole)


@given(allocations())
def test_the_months_of_output_and_of_days_add_up_to_the_total(allocation: Allocation) -> None:
    together = sum(most(allocation, *month) for month in months(allocation))
    total = most_in_all(allocation)
    assert total is not None
    assert together >= total
    if allocation["frequency"] == "1" or (
        allocation["frequency"] == "2" and allocation["unit"] in ("82", "83")
    ):
        assert together == total


@given(allocations(), UNIT)
def test_a_total_by_the_week_is_the_same_for_effort_and_output(
    allocation: Allocation, unit: str
) -> None:
    by_week = allocation | {"frequency": "2"}
    total = most_in_all(by_week | {"unit": unit})
    assert total is not None
    assert total * counted(1, by_week["unit"]) == (most_in_all(by_week) or 0) * counted(1, unit)


@given(DAYS, st.integers(0, 60))
def test_weeks_and_sundays(begin: date, longer: int) -> None:
    period = days(begin, begin + timedelta(days=longer))
    assert weeks(period[0], period[-1]) == len({day.isocalendar()[:2] for day in period})
    assert sundays(period[0], period[-1]) == sum(day.isoweekday() == 7 for day in period)


@given(UNIT, UNIT, st.integers(0, 1000), st.integers(0, 1000))
def test_what_fits_is_counted_alike(unit: str, allocated: str, one: int, other: int) -> None:
    """Volumes that may be compared keep their order; an hour is sixty minutes."""
    if unit not in units(allocated):
        assert unit != allocated
        return
    real = {"01": 1, "04": 60}
    expected = one * real.get(unit, 1) > other * real.get(allocated, 1)
    assert (counted(one, unit) > counted(other, allocated)) == expected
