"""The command ``template``, as a user types it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def stelsel(*words: str | Path, lang: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "STELSEL_LANG"}
    return subprocess.run(
        [sys.executable, "-m", "stelsel", *map(str, words)],
        env=environment | ({} if lang is None else {"STELSEL_LANG": lang}),
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    ("lang", "said", "title"),
    [
        (None, "Sjabloon gemaakt", "# Sjabloon voor stappen van: Regionaal expertteam"),
        ("en", "Template made", "# Template for steps of: Regional expert team"),
    ],
)
def test_a_template_is_made(tmp_path: Path, lang: str | None, said: str, title: str) -> None:
    done = stelsel("template", "expert-team", "--out", tmp_path / "t.csv", lang=lang)
    assert (done.returncode, done.stdout) == (0, "")
    assert said in done.stderr
    assert (tmp_path / "t.csv").read_text("utf-8-sig").startswith(title)


def test_what_cannot_be_made_is_told(tmp_path: Path) -> None:
    done = stelsel("template", "expertteam", "--out", tmp_path / "t.csv")
    assert done.returncode == 2
    assert "Er is geen organisatie 'expertteam'. Bedoelt u expert-team" in done.stderr
    done = stelsel("template", "court", "--out", tmp_path / "geen" / "t.csv")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "geen").exists()
