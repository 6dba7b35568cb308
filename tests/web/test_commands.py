"""The commands ``report`` and ``serve``, as typed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def start(*words: str | Path, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "stelsel", *map(str, words)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "COLUMNS": "500"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What runs in the background of a shell has Ctrl-C switched off, and hands that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def run(*words: str | Path, folder: Path) -> tuple[int, str, str]:
    with start(*words, folder=folder) as process:
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err


@pytest.mark.parametrize("command", ["report", "serve"])
def test_what_is_no_register(tmp_path: Path, command: str) -> None:
    more = ["--out", "page.html"] if command == "report" else ["--port", "0"]
    code, out, err = run(command, "--register", "nothing", *more, folder=tmp_path)
    assert (code, out) == (2, "")
    assert "nothing" in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_wrong_options_are_named_together(tmp_path: Path) -> None:
    code, _, err = run(
        *("report", "--register", "x", "--out", "y", "--as-of", "30-6-2026", "--lang", "fr"),
        folder=tmp_path,
    )
    assert code == 2
    assert "30-6-2026 is geen datum" in err
    assert "geen taal fr" in err


def test_serve_without_a_demo_says_what_is_missing(tmp_path: Path) -> None:
    code, _, err = run("serve", folder=tmp_path)
    assert code == 2
    assert "demo/register" in err


def test_a_page_is_written_and_shown(register: Path, run_folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "deep" / "page.html"
    code, out, err = run(
        *("report", "--register", register, "--run", run_folder, "--out", page, "--lang", "en"),
        folder=tmp_path,
    )
    assert (code, out.strip()) == (0, str(page)), err
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert '<html lang="en">' in text

    with start("serve", "--register", register, "--port", "0", folder=tmp_path) as process:
        assert process.stdout
        said = process.stdout.readline()
        url = next(word for word in said.split() if word.startswith("http://127.0.0.1:"))
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert "Wachten op jeugdhulp" in answer.read().decode()
        port = url.rsplit(":", 1)[1].strip("/")
        taken = run("serve", "--register", register, "--port", port, folder=tmp_path)
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=20)
        finally:
            process.kill()  # so that a fault does not wait for ever
    assert taken[0] == 2
    assert f"Poort {port} is bezet" in taken[2]
    assert (process.returncode, out, err.strip()) == (0, "", "")


def test_a_page_that_cannot_be_written(register: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, _, err = run(
        *("report", "--register", register, "--out", tmp_path / "file" / "page.html"),
        *("--as-of", "2023-02-01"),
        folder=tmp_path,
    )
    assert code == 2
    assert "kan niet worden geschreven" in err
