"""What left before: every protected table, kept beside the release log.

A later table may give away what an earlier one hid. So each table that leaves is kept as it left
(in ``releases/`` in the folder of the register, by its digest), and the next one goes through the
door with those before it in the attacker's hands. Only what anyone could read is in them.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stelsel.disclosure import chained
from stelsel.disclosure.roled import sheet_of, structure_of
from stelsel.disclosure.sheets import Sheet

FOLDER = "releases"
LOG = "releases.jsonl"
_SUBJECT = b"subject"


def keep(folder: Path, subject: str, rows: pa.Table, digest: str) -> None:
    """Keep a table as it left.

    Parameters
    ----------
    folder
        Folder of the register.
    subject
        What the table is about.
    rows
        The table, after :func:`stelsel.disclosure.protect`.
    digest
        What it is known by in the release log.

    Raises
    ------
    StelselError
        When it cannot be kept: then it may not leave.
    """
    try:
        _keep(folder / FOLDER, subject, rows, digest)
    except OSError as error:
        raise chained.unwritable(folder / LOG, error) from error


def _keep(place: Path, subject: str, rows: pa.Table, digest: str) -> None:
    place.mkdir(mode=0o700, exist_ok=True)
    file = place / f"{digest}.parquet"
    if not file.exists():
        beside = file.with_suffix(f".{os.getpid()}.part")
        metadata = {**(rows.schema.metadata or {}), _SUBJECT: subject.encode()}
        pq.write_table(rows.replace_schema_metadata(metadata), beside)
        beside.replace(file)


def earlier(folder: Path, tables: Collection[tuple[str, pa.Table]]) -> list[Sheet]:
    """Give what left before and counts something that these tables count, the oldest first.

    Parameters
    ----------
    folder
        Folder of the register.
    tables
        What is to leave now: what each is about, and the table with its roles.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from stelsel.disclosure import declare, log_release, protect
    >>> schema = pa.schema([
    ...     declare(pa.field("form", pa.string()), "key"),
    ...     declare(pa.field("waiting", pa.int64()), "count"),
    ... ])
    >>> rows = pa.table({"form": ["02", "03", "11"], "waiting": [40, 63, 22]}, schema=schema)
    >>> with TemporaryDirectory() as register:
    ...     out = protect(rows, made_up=False)
    ...     log_release(Path(register), "waiting", out, asked={}, made_up=False)
    ...     [sheet.columns["waiting"] for sheet in earlier(Path(register), [("waiting", rows)])]
    [[40, 65, 20]]
    """
    wanted = {
        said.named(column)
        for subject, rows in tables
        for said in (structure_of(rows, subject),)
        for column in said.counts
    }
    found: list[Sheet] = []
    seen: set[str] = set()
    for line in chained.lines(folder / LOG):
        digest = str(line.get("digest", ""))
        file = folder / FOLDER / f"{digest}.parquet"
        if digest in seen or not file.is_file():
            continue
        seen.add(digest)
        schema = pq.read_schema(file)
        subject = (schema.metadata or {}).get(_SUBJECT, b"").decode()
        said = structure_of(schema.empty_table(), subject)
        if wanted & {said.named(column) for column in said.counts}:
            found.append(sheet_of(pq.read_table(file), subject, release=len(found)))
    return found


def described(rows: pa.Table) -> dict[str, int]:
    """Give what protection cost, where the table says so.

    Examples
    --------
    >>> described(pa.table({}))
    {}
    """
    said = rows.schema.metadata or {}
    names = ("told", "hidden", "simple", "left")
    return {name: int(said[name.encode()]) for name in names if name.encode() in said}
