"""The access log: the questions of NEN 7513, and who may be found in it."""

from __future__ import annotations

import json
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from stelsel.errors import StelselError
from stelsel.register.access import ALL, entries, log_access, verify


@pytest.fixture(autouse=True)
def _someone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STELSEL_GROUND", "STELSEL_ON_BEHALF_OF"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOGNAME", "beleid")


def test_a_line_answers_every_question(tmp_path: Path) -> None:
    log_access(tmp_path, "waiting", asked={"by": [], "as_of": date(2026, 1, 1)})
    [line] = [json.loads(text) for text in (tmp_path / "access.jsonl").read_text().splitlines()]
    assert datetime.fromisoformat(line.pop("time")).tzinfo == UTC
    assert line == {
        "who": "beleid",
        "on_behalf_of": "beleid",
        "what": "waiting",
        "about": ALL,
        "ground": "",
        "asked": {"by": [], "as_of": "2026-01-01"},
        "before": "0" * 64,
    }
    assert stat.S_IMODE((tmp_path / "access.jsonl").stat().st_mode) == 0o600


def test_ground_and_who_answers_for_it_come_from_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STELSEL_GROUND", "onderzoek 7")
    monkeypatch.setenv("STELSEL_ON_BEHALF_OF", "hoofd")
    log_access(tmp_path, "waiting")
    log_access(tmp_path, "waiting", ground="verzoek 8")
    first, second = entries(tmp_path)
    assert (first["ground"], first["on_behalf_of"]) == ("onderzoek 7", "hoofd")
    assert second["ground"] == "verzoek 8"


def test_lines_are_found_by_day_by_user_and_by_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_access(tmp_path, "one", about="0" * 32)
    log_access(tmp_path, "two", about=4)
    monkeypatch.setenv("LOGNAME", "ander")
    log_access(tmp_path, "three")
    today = datetime.now(UTC).date()

    def found(**asked: object) -> list[str]:
        return [line["what"] for line in entries(tmp_path, **asked)]  # type: ignore[arg-type]

    assert found() == ["one", "two", "three"]
    assert found(day=today) == ["one", "two", "three"]
    assert found(day=today - timedelta(3)) == []
    assert found(who="ander") == ["three"]
    assert found(about="0" * 32) == ["one", "three"]
    assert verify(tmp_path).faults == ()


def test_what_cannot_be_logged_may_not_be_done(tmp_path: Path) -> None:
    with pytest.raises(StelselError, match="log cannot be written"):
        log_access(tmp_path / "nowhere", "waiting")
