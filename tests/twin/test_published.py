"""The books of 2015-2021 and the country run over those years, against every published count."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pyarrow.compute as pc
import pytest

from stelsel.system.figures import FIT_UNTIL, figures
from stelsel.twin.country.against import Beside, against_published
from stelsel.twin.country.baseline import baseline
from stelsel.twin.country.ledger import Count, ledgers, observed

NEAR = 0.05
IN_TEN = 9


@cache
def simulated() -> list[Beside]:
    return against_published(seeds=(7,))


def named(count: Count) -> str:
    return f"{count.measure} {'+'.join(count.services)} {count.first}"


def test_the_books_are_near_the_published_counts() -> None:
    """Nine in ten within five percent, none off by more than an eighth."""
    books = ledgers()
    errors = [
        count.factor
        * sum(books[s].measure(count.measure, count.first, count.last) for s in count.services)
        / count.value
        - 1
        for count in observed()
    ]
    assert np.mean(np.abs(errors) < NEAR) > IN_TEN / 10
    far = [named(c) for c, e in zip(observed(), errors, strict=True) if abs(e) > 1 / 8]
    assert not [name for name in far if "2018" not in name]  # starts of 2018: registration


def test_the_country_run_over_the_years_gives_what_is_published() -> None:
    """Nine in ten of the counts of some size within five percent."""
    large = [row for row in simulated() if row.count.value >= 1000]
    near = [row for row in large if abs(row.error) < NEAR]
    assert len(near) >= IN_TEN / 10 * len(large)


def test_nothing_after_2021_is_fitted_on() -> None:
    """Every figure of the table that a parameter names, by its text, ends by 2021."""
    assert date(2021, 12, 31) == FIT_UNTIL
    table = figures()
    late = table.filter(pc.greater(table["period_end"], FIT_UNTIL))
    values = set(late["value"].to_pylist())
    early = set(table.filter(pc.less_equal(table["period_end"], FIT_UNTIL))["value"].to_pylist())
    only_late = values - early
    used = {count.value for count in observed()}
    assert not used & only_late
    assert {p.kind for p in baseline()} == {"measured", "derived", "assumed"}


@pytest.mark.parametrize("service", list(ledgers()))
def test_stocks_and_flows_of_the_books_add_up(service: str) -> None:
    book = ledgers()[service]
    assert book.running[-1] == pytest.approx(book.stock + (book.started - book.ended).sum())
    assert min(book.running) > 0
    assert min(book.started) > 0
    assert min(book.ended) > 0
