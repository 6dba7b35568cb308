"""``stelsel validate``: what it prints and writes, with published values for runs of minutes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.twin.examination import validate
from stelsel.twin.examination.check import PARTS, Check
from stelsel.twin.examination.page import HEADINGS
from tests.twin.examination.test_forecasts import like_published


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A twin that is two percent above what was published, in place of runs of the country."""

    def examined(*_: Any, **__: Any) -> validate.Examination:
        others = [
            Check(part, "moet zo", "must be so", "is zo", "is so", {0: True, 1: False}.get(n))
            for n, part in enumerate(PARTS)
        ]
        return validate.put_together(others, like_published(1.02, 0.01, 9), like_published(1.02))

    monkeypatch.setattr(validate, "examine", examined)


def run(*words: str) -> str:
    done = CliRunner().invoke(app, ["validate", *words], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return done.stdout


def test_it_prints_dutch_and_english() -> None:
    dutch, english = run(), run("--lang", "en")
    assert "Is de tweeling te vertrouwen?" in dutch
    for word in ("moet zo", "goed", "niet goed", "niet gedaan", "andere programma's"):
        assert word in dutch
    for word in ("must be so", "passed", "failed", "not done", "peers"):
        assert word in english


def test_json_holds_checks_fit_and_history() -> None:
    told = json.loads(run("--json"))
    assert set(told) == {"checks", "fit", "history"}
    assert {"passed", "failed", "not done"} == {check["outcome"] for check in told["checks"]}
    assert all(row["within_5_percent"] for row in told["fit"] if row["published"] > 1000)


def test_the_page_is_written(tmp_path: Path) -> None:
    file = tmp_path / "new" / "page.md"
    errors = tmp_path / "errors.csv"
    run("--write", str(file), "--errors", str(errors))
    assert errors.read_text("utf-8").startswith('"indicator","breakdown","kind","unit","figures"')
    written = file.read_text("utf-8")
    assert [line for line in written.splitlines() if line.startswith("#")] == list(HEADINGS)


def test_a_language_that_is_not_there_is_refused() -> None:
    done = CliRunner().invoke(app, ["validate", "--lang", "fr"])
    assert done.exit_code != 0
