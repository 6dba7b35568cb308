"""What all tests share: the facts folder, made-up people, and no quiet skips on a build server."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Times depend on the machine and say nothing of right or wrong. A build server draws the same cases
# every time, so that a red build can be run again; elsewhere every run looks at new ones.
settings.register_profile("here", deadline=None)
settings.register_profile("build", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("build" if os.environ.get("CI") else "here")

# Who works with English on the screen tests what users meet at first: Dutch.
os.environ.pop("STELSEL_LANG", None)
# A width from outside would be that of every screen, also where a test asks for another.
os.environ.pop("COLUMNS", None)

ROOT = Path(__file__).resolve().parents[1]
# By itself tests/conftest.py may be copied elsewhere (tests/docs does so); then this is not there.
SHARED = ROOT.parent / "shared"
PROMISED = ("chrom", "selenium", "java")


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of facts that may not be shipped: schemas and published example messages."""
    if not SHARED.is_dir():
        pytest.skip("the facts folder ../shared is not here")
    return SHARED


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """Every text file that is or would be in the repository: path from the root, content.

    What git ignores is left out; what is new and not yet added is in it, so that a fault is found
    before it is committed.
    """
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so what is in the repository cannot be told")
    listing = subprocess.run(
        # The checkout may belong to another user, as in a container; reading it is harmless.
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    found = {}
    for name in filter(None, listing.stdout.decode().split("\0")):
        path = ROOT / name
        content = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" not in content:
            found[name] = content.decode("utf-8")
    return found


def passes_elfproef(number: str) -> bool:
    """Whether nine digits have the check digit of a BSN (weights 9 to 2, then minus 1, by 11).

    >>> passes_elfproef("999900006"), passes_elfproef("999900007")
    (True, False)
    """
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(d) * w for d, w in zip(number, weights, strict=True)) % 11 == 0


def made_up_bsns() -> Iterator[str]:
    """Yield every made-up BSN once: 9999xxxxx first, then 9998xxxxx and so on down to 9990xxxxx.

    >>> from itertools import islice
    >>> list(islice(made_up_bsns(), 2))
    ['999900006', '999900018']
    """
    for block in range(9999, 9989, -1):
        for tail in range(100_000):
            number = f"{block}{tail:05d}"
            if passes_elfproef(number):
                yield number


@pytest.fixture(scope="session")
def is_bsn() -> Callable[[str], bool]:
    """The check digit of a BSN, written without the project's own code."""
    return passes_elfproef


@pytest.fixture
def new_bsn() -> Callable[[], str]:
    """A function that gives another made-up BSN at each call."""
    numbers = made_up_bsns()
    return lambda: next(numbers)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a test of a browser or Spark into a failure where they were promised.

    A missing browser or Java must not look like a passing test. ``.ci/run`` installs both and sets
    ``STELSEL_NO_SKIP``; on a desk without them the test skips with its reason.
    """
    report = yield
    if os.environ.get("STELSEL_NO_SKIP") and report.skipped and not hasattr(report, "wasxfail"):
        reason = _reason(report)
        if item.get_closest_marker("browser") or any(word in reason.lower() for word in PROMISED):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was skipped, and may not be here: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that skips itself while it is being collected."""
    report = yield
    if os.environ.get("STELSEL_NO_SKIP") and report.skipped:
        reason = _reason(report)
        if any(word in reason.lower() for word in PROMISED):
            report.outcome = "failed"
            report.longrepr = f"{collector.nodeid} was skipped, and may not be here: {reason}"
    return report
