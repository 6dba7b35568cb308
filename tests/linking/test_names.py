"""Names: what is taken for the same, by a table of cases; the digests of it, by likeness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stelsel.register.linking.hashed import SCHEMA, Entry, hashed
from stelsel.register.linking.names import (
    first_name_words,
    pairs_of_letters,
    sound,
    surname_words,
)
from tests.linking.conftest import KEY

CASES: dict[str, list[tuple[str, str]]] = yaml.safe_load(
    (Path(__file__).parent / "names.yaml").read_text("utf-8")
)
DAY = date(2026, 3, 31)


def row(first: str = "", last: str = "", born: date | None = None) -> dict[str, Any]:
    return hashed(Entry("98070201", "02", DAY, DAY, first, last, born), KEY)


def cases(name: str) -> list[Any]:
    return [pytest.param(*pair, id=" / ".join(pair)) for pair in CASES[name]]


@pytest.mark.parametrize(("one", "other"), cases("same_surname"))
def test_same_surname(one: str, other: str) -> None:
    assert surname_words(one) == surname_words(other)
    assert row(last=one) == row(last=other)


@pytest.mark.parametrize(("one", "other"), cases("other_surname"))
def test_other_surname(one: str, other: str) -> None:
    assert row(last=one)["surname"] != row(last=other)["surname"]


@pytest.mark.parametrize(("one", "other"), cases("same_sound"))
def test_same_sound(one: str, other: str) -> None:
    assert row(last=one)["surname_sound"] == row(last=other)["surname_sound"]


@pytest.mark.parametrize(("one", "other"), cases("other_sound"))
def test_other_sound(one: str, other: str) -> None:
    assert row(last=one)["surname_sound"] != row(last=other)["surname_sound"]


NAME = st.text(alphabet="abcdeijklmnorstyàëïç -'.", max_size=20)


@given(NAME, NAME)
def test_likeness_of_digests_is_likeness_of_names(one: str, other: str) -> None:
    """Digests share as many as the pairs of letters do, so nothing is lost or gained."""
    plain = [
        set(pairs_of_letters(words)) if (words := surname_words(n)) else set() for n in (one, other)
    ]
    kept = [set(row(last=n)["surname_grams"] or []) for n in (one, other)]
    assert [len(some) for some in kept] == [len(some) for some in plain]
    assert len(kept[0] & kept[1]) == len(plain[0] & plain[1])


@given(NAME, NAME, st.dates(date(2000, 1, 1), DAY))
def test_a_digest_holds_no_word_of_the_name(first: str, last: str, born: date) -> None:
    made = row(first, last, born)
    assert set(made) | {"entry", "list", "row"} == set(SCHEMA.names)
    kept = list(written([*made.values()][5:]))
    assert not any(born.isoformat() in text for text in kept)
    # Words that say something are held in digests and in nothing else: hexadecimal, so a word of
    # the letters a to f may stand in one by chance.
    assert all(set(text) <= set("0123456789abcdef") for text in kept)
    for word in first_name_words(first) + surname_words(last):
        assert set(word) <= set("abcdef") or not any(word in text for text in kept)


def written(values: Iterable[object]) -> Iterator[str]:
    """Every text among the values and in the lists among them."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from written(value)
        else:
            assert value is None or isinstance(value, bool | int), value


def test_day_and_month_exchanged_can_be_seen() -> None:
    one, other = (row(born=day) for day in (date(2012, 5, 6), date(2012, 6, 5)))
    assert one["birth_month"] == other["birth_day"]
    assert one["birth_day"] == other["birth_month"]
    assert one["birth_year"] == other["birth_year"]
    assert one["birth"] != other["birth"]


def test_a_sound_has_no_vowel_twice() -> None:
    assert sound(["jaap"]) == sound(["jap"])
