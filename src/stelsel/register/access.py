"""The access log of a register: who did what, when, about whom and on what ground.

``access.jsonl`` in the folder of the register answers, a line an event, what NEN 7513 asks of the
log of a file about a patient: which event, on what date and time, about which client, by which
user, and on behalf of which responsible user; and the ground beside them. Its lines are chained,
so that what was changed or taken out shows. It tells of no child more than a pseudonym, and of one
that was forgotten not even that.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from stelsel.disclosure import chained

FILE = "access.jsonl"
GROUND = "STELSEL_GROUND"
"""Environment variable with the ground for what is done, such as the number of a request."""
RESPONSIBLE = "STELSEL_ON_BEHALF_OF"
"""Environment variable that names on whose behalf the user works; without it for itself."""
ALL: Final = "all"
"""What stands in ``about`` where a thing was done with all children."""

About = int | str
"""Whom it was about: a number of children, a pseudonym, or all."""


def log_access(
    folder: Path,
    what: str,
    *,
    about: About = ALL,
    ground: str = "",
    asked: Mapping[str, Any] | None = None,
) -> None:
    """Add one line to the access log.

    Parameters
    ----------
    folder
        Folder of the register.
    what
        What was done: ``waiting`` (looked at exact numbers of it), ``forget``, ``compact``.
    about
        Whom it was about: :data:`ALL`, a number of children, or a pseudonym.
    ground
        On what ground; without it what ``STELSEL_GROUND`` says, else it stays empty.
    asked
        More about the question; never a number, name or address of a person.

    Raises
    ------
    StelselError
        When the log cannot be written: then nothing may be shown or done.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     log_access(Path(folder), "waiting", ground="R 12", asked={"as_of": date(2026, 1, 1)})
    ...     [line] = entries(Path(folder))
    >>> line["what"], line["about"], line["ground"], line["asked"]
    ('waiting', 'all', 'R 12', {'as_of': '2026-01-01'})
    """
    who = _user()
    line = {
        "who": who,
        "on_behalf_of": os.environ.get(RESPONSIBLE) or who,
        "what": what,
        "about": about,
        "ground": ground or os.environ.get(GROUND, ""),
        "asked": asked or {},
    }
    chained.add(folder / FILE, line)


def entries(
    folder: Path, day: date | None = None, who: str = "", about: str = ""
) -> list[dict[str, Any]]:
    """Give the lines of the access log, oldest first.

    Parameters
    ----------
    folder
        Folder of the register.
    day
        Only of this day (UTC).
    who
        Only of this user, or on behalf of this one.
    about
        Only about this pseudonym, beside what was done with all children.
    """
    return [
        line
        for line in chained.lines(folder / FILE)
        if (day is None or str(line.get("time", ""))[:10] == day.isoformat())
        and (not who or who in (line.get("who"), line.get("on_behalf_of")))
        and (not about or line.get("about") in (about, ALL))
    ]


def verify(folder: Path) -> chained.Verified:
    """Look whether the chain of the access log is whole; see :func:`stelsel.disclosure.chained`."""
    return chained.verify(folder / FILE)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        return f"uid {os.getuid()}"
