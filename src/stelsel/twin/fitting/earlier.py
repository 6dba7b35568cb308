"""Ask what would have been said in an earlier year: in a process in which no later figure is known.

What rests on figures stops at one day for a whole process (:mod:`stelsel.system.known`), so that no
module can know more than another. A hindcast therefore runs in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from stelsel.errors import StelselError
from stelsel.system.known import FIRST_ORIGIN, FIT_UNTIL, SETTING, known_until

ORIGINS = tuple(range(FIRST_ORIGIN, FIT_UNTIL.year))
"""Years from which something that is known by now can be forecast."""


def said(year: int, module: str, *words: str) -> Any:
    """Run a module as if the last figure were of the end of a year; give the JSON that it prints.

    Parameters
    ----------
    year
        One of :data:`ORIGINS`.
    module
        Name of the module, run as by ``python -m``.
    words
        Its arguments.

    Raises
    ------
    StelselError
        When the year is none of them, or the process fails; with what it said last.
    """
    known_until(str(year))
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        env=os.environ | {SETTING: str(year)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise StelselError(
            f"The hindcast of {year} broke off: {last}.",
            where=module,
            what_nl=f"De terugblik vanuit {year} brak af: {last}.",
        )
    return json.loads(done.stdout)
