"""The table of events on disk: a Delta table that is only ever added to, one commit at a time."""

from __future__ import annotations

import fcntl
import glob
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from deltalake import DeltaTable, WriterProperties, write_deltalake
from ibis import _
from ibis.backends import BaseBackend

from stelsel.errors import StelselError
from stelsel.events import SCHEMA

FOLDER = "events"
_UNUSABLE = "%[]^|\\"
"""Characters in a path that the library of the table cannot handle."""
_WRITING = WriterProperties(compression="ZSTD")


def refuse_unusable(folder: Path) -> None:
    """Say so when a path has characters with which no table can be kept there.

    Raises
    ------
    StelselError
        When it has.

    Examples
    --------
    >>> refuse_unusable(Path("data of the region/register"))
    """
    path = str(folder.resolve())
    if any(one in _UNUSABLE or ord(one) < ord(" ") for one in path):
        listed = " ".join(_UNUSABLE)
        raise StelselError(
            "The path of the folder has a character with which no register can be kept.",
            where=path,
            rule=f"a path without {listed} and without tabs and line breaks",
            remedy="Name another folder, or rename this one.",
            what_nl="Het pad van de map heeft een teken waarmee geen register kan worden bewaard.",
            rule_nl=f"een pad zonder {listed} en zonder tabs en regeleinden",
            remedy_nl="Noem een andere map, of geef deze een andere naam.",
        )


class Events:
    """The events of a register.

    Parameters
    ----------
    folder
        Folder of the register.
    """

    def __init__(self, folder: Path) -> None:
        self._table = str(folder / FOLDER)
        self._lock = folder / ".lock"

    def create(self) -> None:
        """Make the empty table."""
        DeltaTable.create(self._table, SCHEMA)

    @property
    def version(self) -> int:
        """Number of the last commit."""
        return DeltaTable(self._table).version()

    def read(self, con: BaseBackend) -> ir.Table:
        """Give all events to an engine, as a table with the columns of the schema.

        The engine reads the Parquet files that the last commit names, because an extension that
        reads Delta tables cannot be counted on to be there.
        """
        addresses = DeltaTable(self._table).file_uris()
        if not addresses:
            return ibis.memtable(SCHEMA.empty_table())
        # Addresses have their special characters encoded; the engine takes patterns of paths, and
        # a folder named a=b for a column.
        files = [glob.escape(unquote(address)) for address in addresses]
        found = con.read_parquet(files, table_name="events", hive_partitioning=False)
        return found.select(*SCHEMA.names)

    @contextmanager
    def adding(self) -> Iterator[None]:
        """Keep other processes from adding between looking what is known and adding to it."""
        with self._lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def contents(self, messages: pa.Array) -> dict[str, str]:
        """Give the digest of the content of those messages that are known already.

        Parameters
        ----------
        messages
            Ids of messages.
        """
        con = ibis.duckdb.connect()
        asked = ibis.memtable(pa.table({"message": messages}))
        found = self.read(con).semi_join(asked, "message").select("message", "content").distinct()
        known = con.to_pyarrow(found)
        con.disconnect()
        return dict(zip(known["message"].to_pylist(), known["content"].to_pylist(), strict=True))

    def append(self, events: pa.Table) -> None:
        """Add events in one commit: all of them or, when it fails, none."""
        write_deltalake(self._table, events, mode="append", writer_properties=_WRITING)


def known_by(events: ir.Table, day: object | None) -> ir.Table:
    """Keep what was known on a day; without a day all."""
    return events if day is None else events.filter(_.known <= day)
