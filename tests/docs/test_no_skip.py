"""Where a browser and Java are promised, their tests fail if they skip (tests/conftest.py)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pytest

@pytest.mark.browser
def test_marked():
    pytest.skip("nothing to look with")

@pytest.fixture
def window():
    pytest.skip("no Chromium here")

def test_by_reason(window):
    pass

def test_spark():
    pytest.skip("Java is not here, which Spark needs")

@pytest.mark.shared
def test_other():
    pytest.skip("the facts folder ../shared is not here")

@pytest.mark.browser
@pytest.mark.xfail
def test_known_fault():
    assert False
"""
WHOLE_FILE = """
import pytest

pytest.skip("chromedriver is missing", allow_module_level=True)
"""


# What has to go red, and nothing else, when a browser is promised.
RED = {
    ("FAILED", "test_some.py::test_marked"),
    ("ERROR", "test_some.py::test_by_reason"),
    ("FAILED", "test_some.py::test_spark"),
    ("ERROR", "test_whole_file.py"),
}


@pytest.mark.parametrize(("promised", "red"), [("", set()), ("1", RED)])
def test_skips_of_browser_tests(
    tmp_path: Path, project: Path, promised: str, red: set[tuple[str, str]]
) -> None:
    shutil.copy(project / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_some.py").write_text(TESTS)
    (tmp_path / "test_whole_file.py").write_text(WHOLE_FILE)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    browser: b\n    shared: s\n")
    options = ["-p", "no:cacheprovider", "-q", "-rfE", "--continue-on-collection-errors"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=tmp_path,
        env={**os.environ, "STELSEL_NO_SKIP": promised, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split() for line in run.stdout.splitlines()]
    found = {(words[0], words[1]) for words in lines if words and words[0] in {"FAILED", "ERROR"}}
    assert found == red, run.stdout
    assert "skipped" in run.stdout.splitlines()[-1]  # the test without a browser may still skip
