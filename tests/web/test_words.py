"""Numbers and dates as they stand on the page."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stelsel.web.words import LANGUAGES, Language, day, number, signed, span

languages = st.sampled_from(LANGUAGES)


def read_back(text: str, lang: Language) -> float:
    thousands, decimal = (".", ",") if lang == "nl" else (",", ".")
    return float(text.replace(thousands, "").replace(decimal, ".").replace("−", "-").lstrip("+"))


@given(st.integers(-(10**9), 10**9), languages)
def test_a_whole_number_can_be_read_back(value: int, lang: Language) -> None:
    assert read_back(number(value, lang), lang) == value


@given(st.floats(-1e6, 1e6), st.integers(0, 4), languages)
def test_a_number_is_off_by_its_rounding_at_most(
    value: float, decimals: int, lang: Language
) -> None:
    assert abs(read_back(number(value, lang, decimals), lang) - value) <= 0.501 * 10**-decimals


@given(st.floats(-1e6, 1e6), st.integers(0, 3), languages)
def test_a_sign_says_which_way(value: float, decimals: int, lang: Language) -> None:
    text = signed(value, lang, decimals)
    shown = read_back(text, lang)
    assert text[0] == ("+" if shown > 0 else "−" if shown < 0 else "0")


@pytest.mark.parametrize(
    ("low", "high", "nl", "en"),
    [
        (3, 1234, "3 tot 1.234", "3 to 1,234"),
        (3, None, "3 of meer", "3 or more"),
        (None, 8, "8 of minder", "8 or less"),
        (None, None, "–", "–"),
        (-5, 8, "−5 tot 8", "−5 to 8"),
    ],
)
def test_intervals(low: float | None, high: float | None, nl: str, en: str) -> None:
    assert span(low, high, "nl") == nl
    assert span(low, high, "en") == en


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), languages)
def test_a_date_names_its_day_and_year(value: date, lang: Language) -> None:
    first, _, last = day(value, lang).split("\N{NO-BREAK SPACE}")
    assert (int(first), int(last)) == (value.day, value.year)
