"""The logs of releases and of looks at exact numbers."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from stelsel.disclosure import declare, log_access, log_release, protect
from stelsel.errors import StelselError


def rows(waiting: int) -> pa.Table:
    schema = pa.schema(
        [
            declare(pa.field("form", pa.string()), "key"),
            declare(pa.field("waiting", pa.int64()), "count"),
        ]
    )
    return pa.table({"form": ["02"], "waiting": [waiting]}, schema=schema)


def read(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_each_release_adds_a_line_with_the_question_and_not_the_answer(tmp_path: Path) -> None:
    asked = {"as_of": date(2026, 6, 30), "by": ["form"]}
    for waiting in (7, 7, 123_456_790):
        out = protect(rows(waiting), made_up=False)
        log_release(tmp_path, "waiting", out, asked=asked, made_up=False)
    first, again, other = read(tmp_path / "releases.jsonl")
    assert first["asked"] == {"as_of": "2026-06-30", "by": ["form"]}
    assert (first["rows"], first["hidden"], other["hidden"]) == (1, 1, 0)
    assert first["digest"] == again["digest"] != other["digest"]
    assert "123456790" not in (tmp_path / "releases.jsonl").read_text()


def test_a_look_at_exact_numbers_says_who(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "beleid")
    log_access(tmp_path, "waiting", asked={"by": []})
    [line] = read(tmp_path / "access.jsonl")
    assert (line["who"], line["what"], line["asked"]) == ("beleid", "waiting", {"by": []})
    assert str(line["time"]).endswith("+00:00")


def test_nothing_unprotected_is_logged_as_released(tmp_path: Path) -> None:
    with pytest.raises(StelselError, match="disclosure control"):
        log_release(tmp_path, "waiting", rows(50), asked={}, made_up=False)
    assert not (tmp_path / "releases.jsonl").exists()


def test_a_log_that_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(StelselError, match="log cannot be written"):
        log_access(tmp_path / "nowhere", "waiting", asked={})


LOOK = """
import sys
from pathlib import Path
from stelsel.disclosure import log_access
for number in range(100):
    log_access(Path(sys.argv[1]), "waiting", asked={"number": number, "long": "x" * 2000})
"""


def test_lines_of_two_processes_do_not_mix(tmp_path: Path) -> None:
    workers = [subprocess.Popen([sys.executable, "-c", LOOK, str(tmp_path)]) for _ in range(2)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert len(read(tmp_path / "access.jsonl")) == 200
