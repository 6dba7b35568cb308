"""The two logs of a register: what left, and who looked at exact numbers.

Both are files of JSON lines that are only ever added to, in the folder of the register:
``releases.jsonl`` and ``access.jsonl``. Neither holds personal data of children: a line says which
question was asked and how much was hidden, not what the answer was. A digest of the answer lets
one prove later that a published table is the one that left.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from stelsel.disclosure.protect import PROTECTED
from stelsel.errors import StelselError, refused

RELEASES = "releases.jsonl"
ACCESS = "access.jsonl"


def log_release(
    folder: Path,
    what: str,
    rows: pa.Table,
    *,
    asked: Mapping[str, Any],
    made_up: bool,
    internal: bool = False,
) -> None:
    """Add one line to the release log of a register.

    Parameters
    ----------
    folder
        Folder of the register.
    what
        Which indicator left, such as ``waiting``.
    rows
        The table as it left, so after :func:`stelsel.disclosure.protect`.
    asked
        The question: dates, grouping, days. Never anything about a person.
    made_up, internal
        As given to :func:`stelsel.disclosure.protect`.

    Raises
    ------
    StelselError
        When the table did not go through disclosure control, or the log cannot be written: then
        nothing may leave.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from stelsel.disclosure import protect
    >>> out = protect(pa.table({}), made_up=True)
    >>> with TemporaryDirectory() as folder:
    ...     log_release(Path(folder), "waiting", out, asked={"by": ["form"]}, made_up=True)
    ...     line = json.loads((Path(folder) / RELEASES).read_text())
    >>> line["what"], line["asked"], line["hidden"]
    ('waiting', {'by': ['form']}, 0)
    """
    if PROTECTED not in rows.column_names:
        raise StelselError(
            "The table has not been through disclosure control.",
            where=what,
            remedy="Give what stelsel.disclosure.protect gives.",
            what_nl="De tabel is niet door de openbaarmakingscontrole gegaan.",
            remedy_nl="Geef wat stelsel.disclosure.protect geeft.",
        )
    _add(
        folder / RELEASES,
        {
            "what": what,
            "asked": asked,
            "rows": rows.num_rows,
            "hidden": sum(map(len, rows[PROTECTED].to_pylist())),
            "made_up": made_up,
            "internal": internal,
            "digest": digest(rows),
        },
    )


def log_access(folder: Path, what: str, *, asked: Mapping[str, Any]) -> None:
    """Add one line to the access log: when, who (user of the operating system) and what.

    Raises
    ------
    StelselError
        When the log cannot be written: then nothing may be shown.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     log_access(Path(folder), "waiting", asked={"as_of": date(2026, 1, 1)})
    ...     line = json.loads((Path(folder) / ACCESS).read_text())
    >>> line["what"], line["asked"]["as_of"], sorted(line)
    ('waiting', '2026-01-01', ['asked', 'time', 'what', 'who'])
    """
    _add(folder / ACCESS, {"who": _user(), "what": what, "asked": asked})


def digest(rows: pa.Table) -> str:
    """Give the SHA-256 of the rows as JSON, so independent of how they are stored.

    Examples
    --------
    >>> one, two = pa.array([1, 2]), pa.chunked_array([[1], [2]])
    >>> digest(pa.table({"a": one})) == digest(pa.table({"a": two}))
    True
    """
    text = json.dumps(rows.to_pylist(), default=_iso, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        return f"uid {os.getuid()}"


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _add(file: Path, line: Mapping[str, Any]) -> None:
    """Append one line in one write, so that two processes do not mix theirs."""
    stamped = {"time": datetime.now(UTC).isoformat(timespec="seconds"), **line}
    text = json.dumps(stamped, default=_iso, ensure_ascii=False) + "\n"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, text.encode())
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise StelselError(
            f"The log cannot be written: {refused(error)}.",
            where=file.name,
            rule="Every release and every look at exact numbers is logged.",
            remedy="Make the folder of the register writable.",
            what_nl=f"Het logboek kan niet worden geschreven: {refused(error, 'nl')}.",
            rule_nl="Elk vrijgeven en elke blik op precieze aantallen komt in het logboek.",
            remedy_nl="Zorg dat u in de map van het register mag schrijven.",
        ) from error
