"""Working days against a slow oracle that counts day by day with its own Easter."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stelsel.system.calendar import (
    add_working_days,
    closed_days,
    is_working_day,
    moved_by_law,
    working_days_between,
)

CASES = Path(__file__).parent / "cases"
DAY = timedelta(days=1)


def cases(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian method (Meeus, Astronomical Algorithms, ch. 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def slow_is_working_day(day: date) -> bool:
    sunday = easter(day.year)
    kings_day = date(day.year, 4, 27)
    if kings_day.weekday() == 6:
        kings_day -= DAY
    closed = {
        date(day.year, 1, 1),
        sunday + DAY,
        sunday + 39 * DAY,
        sunday + 50 * DAY,
        kings_day,
        date(day.year, 5, 5),
        date(day.year, 12, 25),
        date(day.year, 12, 26),
    }
    return day.weekday() not in {5, 6} and day not in closed


def slow_add(day: date, number: int) -> date:
    step = DAY if number > 0 else -DAY
    left = abs(number)
    while left:
        day += step
        left -= slow_is_working_day(day)
    return day


def slow_between(start: date, end: date) -> int:
    if end < start:
        return -slow_between(end, start)
    count = 0
    while start < end:
        start += DAY
        count += slow_is_working_day(start)
    return count


# King's Day replaced Queen's Day in 2014; the longest way back is less than three years.
days = st.dates(min_value=date(2017, 1, 1), max_value=date(2060, 12, 31))
lengths = st.integers(min_value=-600, max_value=600)


@pytest.mark.parametrize("case", cases("working_days.csv"), ids=lambda case: case["why"])
def test_hand_made_days(case: dict[str, str]) -> None:
    assert is_working_day(date.fromisoformat(case["day"])) == (case["works"] == "yes")


@pytest.mark.parametrize("case", cases("terms.csv"), ids=lambda case: case["why"])
def test_hand_made_terms(case: dict[str, str]) -> None:
    start, number = date.fromisoformat(case["start"]), int(case["working_days"])
    last = date.fromisoformat(case["last_day"])
    assert add_working_days(start, number) == last
    if number >= 0:
        assert working_days_between(start, last) == number


@given(days)
def test_a_day_is_as_the_oracle_says(day: date) -> None:
    assert is_working_day(day) == slow_is_working_day(day)


@given(days, lengths)
def test_adding_is_as_the_oracle_says(day: date, number: int) -> None:
    assert add_working_days(day, number) == slow_add(day, number)


@given(days, st.integers(min_value=-900, max_value=900))
def test_counting_is_as_the_oracle_says(start: date, length: int) -> None:
    end = start + length * DAY
    assert working_days_between(start, end) == slow_between(start, end)


@given(days, st.integers(min_value=1, max_value=600))
def test_adding_and_counting_are_each_others_inverse(day: date, number: int) -> None:
    assert working_days_between(day, add_working_days(day, number)) == number
    assert is_working_day(add_working_days(day, number))


@given(days, days, days)
def test_terms_add_up(a: date, b: date, c: date) -> None:
    assert working_days_between(a, b) + working_days_between(b, c) == working_days_between(a, c)


@pytest.mark.parametrize("year", range(2014, 2061))
def test_closed_days_of_a_year(year: int) -> None:
    # Eight in all, one less when Ascension Day is on 5 May (as in 2016).
    same_day = easter(year) + 39 * DAY == date(year, 5, 5)
    assert len(closed_days(year)) == 8 - same_day
    assert list(closed_days(year)) == sorted(set(closed_days(year)))


@given(st.dates(date(2010, 1, 1), date(2040, 1, 1)), st.integers(1, 84))
def test_a_term_of_law_ends_on_the_first_day_that_the_law_lets_it(start: date, length: int) -> None:
    """Algemene termijnenwet art. 1 and 2, day by day; Good Friday is equal to a holiday (3(2))."""

    def open_day(day: date) -> bool:
        return slow_is_working_day(day) and day != easter(day.year) - 2 * DAY

    end = last = start + length * DAY
    found = moved_by_law(start, last)
    while not open_day(end) or (
        length >= 3 and sum(open_day(start + n * DAY) for n in range(1, (end - start).days + 1)) < 2
    ):
        end += DAY
    assert found == end
