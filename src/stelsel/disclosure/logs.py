"""The log of what left: ``releases.jsonl``, in the folder of the register.

It holds no personal data of children: a line says which question was asked and how much was
hidden, not what the answer was. A digest of the answer lets one prove later that a published table
is the one that left. Its lines are chained (:mod:`stelsel.disclosure.chained`). Who looked is in
the access log of the register.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from stelsel.disclosure import chained, memory
from stelsel.disclosure.protect import PROTECTED
from stelsel.errors import StelselError

RELEASES = "releases.jsonl"


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
    mark = digest(rows)
    if not (made_up or internal):
        memory.keep(folder, what, rows, mark)
    chained.add(
        folder / RELEASES,
        {
            "what": what,
            "asked": asked,
            "rows": rows.num_rows,
            "made_up": made_up,
            "internal": internal,
            "digest": mark,
            **memory.described(rows),
            "hidden": sum(map(len, rows[PROTECTED].to_pylist())),
        },
    )


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


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
