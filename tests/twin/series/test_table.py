"""The tables of series: every published national figure is made, or it is said why not."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow.compute as pc
import pytest

from stelsel.errors import StelselError
from stelsel.system.figures import find
from stelsel.twin.series import Measured, Period, cannot, figures_table, series, table
from stelsel.twin.series.measuring import periods_of, published_periods
from stelsel.twin.series.population import by_age
from stelsel.twin.series.spread import Off


def published() -> set[tuple[str, str, str, str]]:
    rows = find(level="country").to_pylist()
    return {
        (row["indicator"], row["breakdown"], row["kind"], row["unit"])
        for row in rows
        if row["period_end"] >= date(2015, 1, 1)
    }


def test_every_national_series_since_2015_is_in_one_of_the_two_tables() -> None:
    made = [one.key for one in series()]
    not_made = [one.key for one in cannot()]
    assert len(made) + len(not_made) == len(set(made) | set(not_made))
    assert set(made) | set(not_made) == published()


def test_every_series_is_published_for_some_period() -> None:
    assert all(published_periods())


def test_a_series_is_measured_in_every_period_it_is_published_for() -> None:
    for number, _ in enumerate(series()):
        assert set(published_periods()[number]) <= set(periods_of(number, range(2015, 2024)))


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("count", "begun"),
        ("services", "help nothing"),
        ("referrer", "neighbour"),
        ("ages", "young"),
        ("lasting", "3 weeks"),
        ("per", "stock nothing"),
        ("like", "no|series"),
        ("how", "promille"),
        ("factor", "large"),
    ],
)
def test_a_cell_that_cannot_be_read_is_told(
    column: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = dict.fromkeys(table.COLUMNS, "") | {
        "indicator": "a",
        "breakdown": "b",
        "kind": "flow",
        "unit": "persons",
        "count": "started",
        "services": "help",
        "source": "test",
        column: word,
    }
    monkeypatch.setattr(table, "read_table", lambda *_, **__: [row])
    table.groups()
    with pytest.raises(StelselError, match=column):
        table.series.__wrapped__()


def test_population_is_near_what_cbs_counts() -> None:
    rows = find("population", "0-17", level="country").to_pylist()
    cbs = {r["period_start"].year: r["value"] for r in rows if r["period_start"] != r["period_end"]}
    for year in range(2015, 2019):
        assert by_age(year)[:18].sum() == pytest.approx(cbs[year], rel=0.02)


def test_a_cohort_ages_and_nobody_is_lost_after_the_last_count() -> None:
    for ahead in (1, 5, 12):
        np.testing.assert_allclose(by_age(2021 + ahead)[ahead:], by_age(2021)[: 25 - ahead])


def test_the_table_of_figures_has_the_published_columns_and_a_band() -> None:
    year, day = (
        Period(date(2030, 1, 1), date(2030, 12, 31)),
        Period(date(2030, 1, 1), date(2030, 1, 1)),
    )
    rows = ((0, year), (1, year), (2, day))
    runs = [Measured(rows, np.array([n, 10.0 * n, np.nan])) for n in range(1, 12)]
    higher = Off(figures=5, error=0.3, level=1.1, scatter=0.0)
    made = figures_table(runs, {series()[1].key: higher})
    assert made.column_names == [
        *("indicator", "breakdown", "period_start", "period_end", "kind", "value", "unit"),
        *("source_title", "source_ref", "note", "low", "high"),
    ]
    assert made.num_rows == 2, "what no run can say is left out"
    assert made["value"].to_pylist() == [6.0, 66.0], "the second goes on from its level"
    assert all(low <= tenth for low, tenth in zip(made["low"].to_pylist(), [2, 22], strict=True))
    assert all(high >= last for high, last in zip(made["high"].to_pylist(), [10, 110], strict=True))
    alone = figures_table(runs[:1])
    assert pc.all(pc.is_null(alone["low"])).as_py()
