"""The files of the table of events: which belong to it, which are left over, how they are merged.

Everything that writes here holds the lock of the register (:meth:`Events.adding`): then nobody
else is adding, and a file that the log of the table does not name is left over from a process that
was stopped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import DeltaTable, WriterProperties, write_deltalake
from ibis.backends import BaseBackend

from stelsel.events import SCHEMA
from stelsel.register.store import FOLDER

LOG = "_delta_log"
KEPT = timedelta(hours=24)
"""How long files of older versions stay, for who is still reading them."""
_LOG_FILE = re.compile(r"\d{20}\.(json|crc|checkpoint.*\.parquet)|_last_checkpoint")
_WRITING = WriterProperties(compression="ZSTD")
_AT_ONCE = 100_000


def current_files(folder: Path) -> list[str]:
    """Give the names of the files that hold the events as they are now."""
    addresses = DeltaTable(str(folder / FOLDER)).file_uris()
    return sorted(unquote(address).rpartition("/")[2] for address in addresses)


def leftovers(folder: Path) -> list[Path]:
    """Give the files that no version of the table names: what a stopped process left.

    Only under the lock; without it another process may be about to name them.
    """
    table = folder / FOLDER
    named = set(_named(table / LOG))
    data = [file for file in table.iterdir() if file.is_file() and file.name not in named]
    log = [file for file in (table / LOG).iterdir() if not _LOG_FILE.fullmatch(file.name)]
    return sorted(data + log)


def clear_leftovers(folder: Path) -> int:
    """Remove the leftovers; give how many there were. Only under the lock."""
    found = leftovers(folder)
    for file in found:
        file.unlink()
    return len(found)


def merge(folder: Path, kept: timedelta = KEPT) -> tuple[int, int]:
    """Merge small files into large ones, and remove the files of old versions.

    Only under the lock. The events stay the same, and so does what can be asked of them.

    Parameters
    ----------
    folder
        Folder of the register.
    kept
        How long files that no longer count stay; rounded down to hours.

    Returns
    -------
    tuple of int
        How many files there are fewer, and how many old ones were removed.
    """
    table = DeltaTable(str(folder / FOLDER))
    merged = table.optimize.compact(writer_properties=_WRITING)
    hours = int(kept / timedelta(hours=1))
    # Asked first: removing writes to the log of the table, also when there is nothing to remove;
    # and what was removed before is named again.
    listed = table.vacuum(retention_hours=hours, enforce_retention_duration=False)
    old = [name for name in listed if (folder / FOLDER / unquote(name)).exists()]
    if old:
        table.vacuum(retention_hours=hours, dry_run=False, enforce_retention_duration=False)
    if old or merged["numFilesRemoved"]:
        table.create_checkpoint()
    return merged["numFilesRemoved"] - merged["numFilesAdded"], len(old)


def rewrite(folder: Path, gone: pa.Array) -> None:
    """Put the events without some in place of those that are there. Only under the lock.

    All are written anew in one commit, which tells nothing of what is gone: removing rows by a
    condition would write the condition, and with it the pseudonym, in the log of the table.

    Parameters
    ----------
    folder
        Folder of the register.
    gone
        Ids of events.
    """
    place = folder / FOLDER
    names = current_files(folder)

    def kept() -> Iterator[pa.RecordBatch]:
        for name in names:
            for batch in pq.ParquetFile(place / name).iter_batches(
                batch_size=_AT_ONCE, columns=SCHEMA.names
            ):
                stays = pc.invert(pc.is_in(batch["event"], gone))
                yield from pa.Table.from_batches([batch.filter(stays)]).cast(SCHEMA).to_batches()

    reader = pa.RecordBatchReader.from_batches(SCHEMA, kept())
    write_deltalake(str(place), reader, mode="overwrite", writer_properties=_WRITING)


def purge(folder: Path) -> None:
    """Remove every trace of older versions, at once. Only under the lock.

    Their files go, and so does their part of the log, which names the least and the greatest
    pseudonym of every file. What reads an older version at this moment breaks off.
    """
    place = folder / FOLDER
    table = DeltaTable(str(place))
    version = table.version()
    table.create_checkpoint()
    current = set(current_files(folder))
    for file in place.iterdir():
        if file.is_file() and file.name not in current:
            file.unlink()
    for file in (place / LOG).iterdir():
        number = file.name.partition(".")[0]
        if number.isdigit() and int(number) < version:
            file.unlink()
    clear_leftovers(folder)


def rows_of(con: BaseBackend, table: ir.Table, column: str) -> list[str]:
    """Give the values of a column, each once."""
    found: list[str] = con.to_pyarrow(table.select(column).distinct())[column].to_pylist()
    return found


def as_column(values: object, column: str) -> ir.Table:
    """Give texts to the engine as a table of one column."""
    return ibis.memtable(pa.table({column: pa.array(values, pa.string())}))


def _named(log: Path) -> Iterator[str]:
    """Give the names of all files that the log of the table ever named, as far as it is kept."""
    for file in log.iterdir():
        if not _LOG_FILE.fullmatch(file.name):
            continue
        if file.suffix == ".json":
            for text in file.read_text("utf-8").splitlines():
                action = json.loads(text)
                for kind in ("add", "remove"):
                    if kind in action:
                        yield unquote(action[kind]["path"])
        elif file.suffix == ".parquet":
            for action in pq.read_table(file, columns=["add", "remove"]).to_pylist():
                for kind in ("add", "remove"):
                    if action[kind]:
                        yield unquote(action[kind]["path"])
