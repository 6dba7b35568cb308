"""``stelsel fit``: refuses what it may not use, and writes what it found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.errors import StelselError


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--until", "2022"], "up to 2021"),
        (["--lang", "de"], "de"),
        (["--register", "x", "--region", "JZ07", "--from", "soon", "--to", "later"], "soon"),
        (["--register", "x", "--region", "JZ99", "--from", "2022-01-01", "--to", "2022-12-31"], ""),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, arguments: list[str], what: str) -> None:
    file = tmp_path / "out.csv"
    result = CliRunner().invoke(app, ["fit", "--out", str(file), *arguments])
    assert isinstance(result.exception, StelselError)
    assert what in str(result.exception)
    assert not file.exists()


def test_one_round_writes_factors_and_a_report(tmp_path: Path) -> None:
    file = tmp_path / "fitted.csv"
    arguments = ["fit", "--out", str(file), "--rounds", "1", "--json"]
    told = json.loads(CliRunner().invoke(app, arguments).output)
    assert told["counts"] > 250
    assert file.read_text().startswith("name,since,factor,uncertainty,source")
    moved = {line.partition(",")[0] for line in file.read_text().splitlines()}
    assert "demand[probation-voluntary]" in moved
    assert not [name for name in moved if "criem" in name]  # so few keep their closed form
    report = Path(told["report"]).read_text().splitlines()
    assert len(report) == told["counts"] + 1
    assert report[0].startswith("indicator,breakdown,period_start")
