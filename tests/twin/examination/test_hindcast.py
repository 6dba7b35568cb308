"""Hindcasts: nothing later is known in them, and they are told as they are."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.errors import StelselError
from stelsel.system.known import FIT_UNTIL, known_until
from stelsel.twin.examination import hindcast
from stelsel.twin.examination.forecasts import FORECASTS
from stelsel.twin.examination.hindcast import Figure, Hindcast
from stelsel.twin.examination.hindcast_page import page
from stelsel.twin.fitting.earlier import ORIGINS, said

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
    return Figure("a|b", "year", year, published, twin, twin - 10, twin + 10, held, others)


def test_shares_are_counted_over_series_and_figures() -> None:
    far = Figure(
        "c|d", "year", 2020, 50.0, 90.0, 80.0, 100.0, False, dict.fromkeys(FORECASTS, 55.0)
    )
    one = Hindcast(2019, 2, (made(100, 105, 120), made(100, 130, 140, 2021), far))
    assert one.errors()["a|b", "year"] == pytest.approx((5 + 30) / 2 / 100)
    assert one.errors("last value")["c|d", "year"] == pytest.approx(0.1)
    assert one.beaten("last value") == 0.5
    assert one.coverage == pytest.approx(1 / 3)


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
