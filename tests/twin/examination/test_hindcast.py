"""Hindcasts: nothing later is known in them, and they are told as they are."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow.csv import write_csv
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.errors import StelselError
from stelsel.system.known import FIT_UNTIL, known_until
from stelsel.tables import read_table
from stelsel.twin.examination import hindcast
from stelsel.twin.examination.drift import chosen, drift_table
from stelsel.twin.examination.forecasts import FORECASTS
from stelsel.twin.examination.hindcast import Figure, Hindcast
from stelsel.twin.examination.hindcast_page import page
from stelsel.twin.fitting.earlier import ORIGINS, said
from stelsel.twin.series import series, spread
from stelsel.twin.series.spread import Off, drift_families, drift_needed
from stelsel.twin.series.spread import drifts as drifts_now

ASKED = """
import json
from datetime import date
from stelsel.system.known import KNOWN_UNTIL
from stelsel.twin.country.baseline import closed_form
from stelsel.twin.country.ledger import observed, surest
from stelsel.twin.examination.lines import lines
from stelsel.twin.plans.fitted import factors
later = [str(p.period.last) for line in lines() for p in line.later]
print(json.dumps({
    "known": str(KNOWN_UNTIL),
    "counts": str(max(count.last for count in observed())),
    "facts": str(max(last for _, _, _, last in surest())),
    "lines": str(max(p.period.last for line in lines() for p in line.known)),
    "later": [min(later), max(later)],
    "fitted": len(factors()),
    "beds": float(closed_form()["capacity[ambulatory]"].series(date(2021, 1, 1), 1)[0]),
}))
"""


@pytest.fixture
def asked(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "asked_of_a_year.py").write_text(ASKED, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    return "asked_of_a_year"


def test_no_table_knows_a_later_figure_and_none_after_2021_is_looked_at(asked: str) -> None:
    told = {year: said(year, asked) for year in (2019, 2020)}
    for year, one in told.items():
        end = f"{year}-12-31"
        assert one["known"] == one["counts"] == one["facts"] == one["lines"] == end
        assert one["later"][0] > end
        assert one["later"][1] <= str(FIT_UNTIL)
        assert one["fitted"] == 0
    # The dip of 2020 is not in what 2019 says of 2021.
    assert told[2019]["beds"] != pytest.approx(told[2020]["beds"], rel=0.01)


def test_a_year_that_is_not_there_is_refused() -> None:
    for year in (2017, 2022, 2023):
        with pytest.raises(StelselError, match="cannot be taken as known"):
            known_until(str(year))
    assert FIT_UNTIL.year not in ORIGINS
    done = CliRunner().invoke(app, ["validate", "--origin", "2021"])
    assert done.exit_code != 0


def test_a_process_that_fails_says_so(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "breaks_off.py").write_text("raise SystemExit('no room')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    with pytest.raises(StelselError, match="no room"):
        said(2020, "breaks_off")


def made(published: float, twin: float, other: float, year: int = 2020) -> Figure:
    held = abs(twin - published) <= 10
    others = dict.fromkeys(FORECASTS, other)
    band = twin - 10, twin + 10, held
    return Figure("a|b", "year", year, published, twin, *band, 0.0, "help", others)


def test_shares_are_counted_over_series_and_figures() -> None:
    others = dict.fromkeys(FORECASTS, 55.0)
    far = Figure("c|d", "year", 2020, 50.0, 90.0, 80.0, 100.0, False, 0.4, "secure", others)
    one = Hindcast(2019, 2, (made(100, 105, 120), made(100, 130, 140, 2021), far))
    assert one.errors()["a|b", "year"] == pytest.approx((5 + 30) / 2 / 100)
    assert one.errors("last value")["c|d", "year"] == pytest.approx(0.1)
    assert one.beaten("last value") == 0.5
    assert one.coverage == pytest.approx(1 / 3)
    assert one.held(1) == (1, 2)
    assert one.held(2) == (0, 1)


def test_it_is_told_on_screen_as_json_and_on_a_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    one = Hindcast(2019, 2, (made(100, 105, 120), made(100, 130, 140, 2021)))
    monkeypatch.setattr(hindcast, "hindcast", lambda *_: one)
    run = CliRunner()
    words = ["validate", "--origin", "2019"]
    done = run.invoke(app, words, env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    assert "100 %" in done.stdout
    assert "50 %" in done.stdout
    told = json.loads(run.invoke(app, [*words, "--json"]).stdout)
    assert told[0]["figures"][1]["year"] == 2021
    file = tmp_path / "page.md"
    run.invoke(app, [*words, "--write", str(file)])
    assert "| a: b | year | 2021 | 100 | 130 | 120 | 140 |" in file.read_text("utf-8")


def test_the_page_names_every_figure() -> None:
    figures = tuple(made(float(n), float(n), 1.0, 2020) for n in np.arange(1, 6))
    assert page([Hindcast(2019, 3, figures)]).count("| a: b |") == 5


def needing(needed: float, family: str) -> Figure:
    return replace(made(100.0, 100.0, 100.0), needed=needed, family=family)


def test_a_family_drifts_so_far_that_its_bands_hold_four_in_five() -> None:
    """By hand: a family with many figures goes by its own, one without by all figures."""
    figures = [needing(n / 1000, "secure") for n in range(1000)]
    drifts = chosen([Hindcast(2019, 2, tuple(figures))])
    assert drifts["secure"] == pytest.approx(0.8, abs=0.002)
    mixed = chosen([Hindcast(2019, 2, (*figures, *(needing(0.0, "help") for _ in range(4000))))])
    assert mixed["secure"] == pytest.approx(0.8, abs=0.02)
    assert mixed["help"] == 0.0
    assert mixed["foster"] == pytest.approx(0.0), "of all figures four in five need none"
    assert set(mixed) == set(drifts_now())


def test_a_table_of_drifts_is_written_as_it_is_read(tmp_path: Any) -> None:
    file = tmp_path / "drift.csv"
    write_csv(drift_table([Hindcast(2019, 2, (needing(0.04, "help"),))]), file)
    rows = read_table(file, ("family", "indicators", "drift"), key=("family",))
    assert {row["family"]: tuple(row["indicators"].split()) for row in rows} == drift_families()
    assert {float(row["drift"]) for row in rows} == {0.04}


@given(st.floats(0.5, 2.0), st.sampled_from([0.5, 1.0, 2.0]), st.integers(0, 400))
def test_the_drift_that_is_needed_puts_the_figure_on_the_end_of_the_band(
    ratio: float, ahead: float, number: int
) -> None:
    one = series()[number]
    values, offs = np.array([950.0, 1000.0, 1030.0]), {one.key: Off(4, 0.1, 1.0, 0.01)}
    needed = drift_needed(1000 * ratio, values, one, offs, ahead=ahead)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spread, "drifts", lambda: {spread.family_of(one): needed})
        patch.setattr(spread, "MOST", 10.0)
        _, low, high = spread.band(values, one, offs, ahead=ahead)
    half = one.rounding / 2 + 1e-6
    assert low - half <= 1000 * ratio <= high + half
    if needed > 0:
        end = low if ratio < 1 else high
        assert abs(1000 * ratio - end) == pytest.approx(one.rounding / 2, abs=1e-3)
