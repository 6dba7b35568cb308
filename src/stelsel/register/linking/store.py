"""What linking keeps: entries of digests, scored pairs, and the model that scored them.

A folder with ``linking.json`` (the mark), ``entries/``, ``model-1.json`` and ``pairs-1/``: for each
time that lists were taken in a Parquet file of entries and one of pairs. Files are only added, and
whole or not at all; pairs come before the entries they belong to, so an interrupted run leaves
nothing that counts. A model that is trained anew has the next number; it counts once it is there.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import reduce
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stelsel.errors import StelselError
from stelsel.register.key import Pseudonyms
from stelsel.register.linking import hashed, pairs
from stelsel.register.linking.model import Model

MARK = "linking.json"
FORMAT = "stelsel linking"
VERSION = 1
_FORGOTTEN = "forgotten.json"


class Kept:
    """The folder; made when it is not there.

    Parameters
    ----------
    folder
        Its place.
    pseudonyms
        The keyed digest that its entries have.

    Raises
    ------
    StelselError
        When the folder holds something else, or was made with another key.
    """

    def __init__(self, folder: Path, pseudonyms: Pseudonyms) -> None:
        self.folder = folder
        mark = {"format": FORMAT, "version": VERSION, "key_check": pseudonyms.check}
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            write_whole(folder / MARK, json.dumps(mark, indent=1).encode() + b"\n")
        try:
            found = json.loads((folder / MARK).read_text("utf-8"))
        except (OSError, ValueError):
            found = None
        if found != mark:
            raise StelselError(
                "This folder holds no linked lists, or was made with another key or program.",
                where=str(folder),
                remedy="Put the key back that was made with it, or name another place.",
                what_nl="Deze map bevat geen gekoppelde lijsten, of is gemaakt met een andere "
                "sleutel of een ander programma.",
                remedy_nl="Zet de sleutel terug die erbij is gemaakt, of noem een andere plaats.",
            )

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let others wait who want to add: each must see what the one before has added."""
        with (self.folder / MARK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @property
    def model(self) -> Model | None:
        """The model that is kept; None before the first lists."""
        if not self._number:
            return None
        file = self.folder / f"model-{self._number}.json"
        model: Model = json.loads(file.read_text("utf-8"))
        return model

    def entries(self) -> pa.Table:
        """Give all entries, by their number."""
        return self._read("entries", hashed.SCHEMA).sort_by("entry")

    def pairs(self) -> pa.Table:
        """Give all pairs of kept entries, the heaviest first."""
        found = self._read(f"pairs-{self._number}", pairs.SCHEMA)
        # Pairs are kept first: those of a run that broke off have no entries.
        known = self._read("entries", hashed.SCHEMA)["entry"]
        there = [pc.is_in(found[name], value_set=known) for name in ("one", "other")]
        return pairs.in_order(found.filter(pc.and_(*there)))

    def add(self, entries: pa.Table, scored: pa.Table | None = None) -> None:
        """Keep new entries and the pairs they are in, as the model that is kept scores them.

        Parameters
        ----------
        entries
            Entries that are not there yet.
        scored
            Their pairs; None where :meth:`start` has kept those.
        """
        name = _name(entries)
        if scored is not None:
            self._keep(f"pairs-{self._number}", name, scored)
        self._keep("entries", name, entries)

    def start(self, model: Model, entries: pa.Table, scored: pa.Table) -> None:
        """Keep a model from now on, with all pairs as it scores them.

        Parameters
        ----------
        model
            The model.
        entries, scored
            All entries that are kept or will be added, and their pairs.
        """
        last, number = self._number, self._number + 1
        for left in (self.folder / f"pairs-{number}").glob("*"):
            left.unlink()  # by a run that broke off before its model counted
        self._keep(f"pairs-{number}", _name(entries), scored)
        text = json.dumps(model, indent=1) + "\n"
        write_whole(self.folder / f"model-{number}.json", text.encode())
        if last:
            shutil.rmtree(self.folder / f"pairs-{last}")
            (self.folder / f"model-{last}.json").unlink()

    @property
    def forgotten(self) -> list[str]:
        """The numbers of entries that were forgotten, and stay out when told of again."""
        file = self.folder / _FORGOTTEN
        return list(json.loads(file.read_text("utf-8"))) if file.exists() else []

    def forget(self, numbers: Collection[str]) -> None:
        """Take entries out, with the pairs they are in, and keep them out.

        If it breaks off, doing the same again does the rest.

        Parameters
        ----------
        numbers
            Numbers of entries.

        Raises
        ------
        StelselError
            When there is none with such a number, and never was one that was forgotten.
        """
        before = set(self.forgotten)
        known = before | set(self._read("entries", hashed.SCHEMA)["entry"].to_pylist())
        if set(numbers) - known:
            raise StelselError(
                f"Entries that are not here: {len(set(numbers) - known)}.",
                where=str(self.folder),
                remedy="Take their numbers from the column entry of the result.",
                what_nl=f"Inschrijvingen die hier niet zijn: {len(set(numbers) - known)}.",
                remedy_nl="Neem de nummers over uit de kolom entry van het resultaat.",
            )
        gone = sorted(before | set(numbers))
        write_whole(self.folder / _FORGOTTEN, json.dumps(gone).encode())
        for columns, files in ((("one", "other"), "pairs-*/*"), (("entry",), "entries/*")):
            for file in self.folder.glob(f"{files}.parquet"):
                table = pq.read_table(file)
                named = [pc.is_in(table[name], value_set=pa.array(gone)) for name in columns]
                left = table.filter(pc.invert(reduce(pc.or_, named)))
                if left.num_rows < table.num_rows:
                    self._keep(file.parent.name, file.name, left)

    @property
    def _number(self) -> int:
        return max((int(one.stem[6:]) for one in self.folder.glob("model-*.json")), default=0)

    def _read(self, part: str, schema: pa.Schema) -> pa.Table:
        files = sorted((self.folder / part).glob("*.parquet"))
        return pa.concat_tables(
            [schema.empty_table(), *(pq.read_table(file, schema=schema) for file in files)]
        )

    def _keep(self, part: str, name: str, table: pa.Table) -> None:
        (self.folder / part).mkdir(exist_ok=True)
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink)
        write_whole(self.folder / part / name, sink.getvalue().to_pybytes())


def write_whole(file: Path, content: bytes) -> None:
    """Write a file whole or not at all, for its owner alone."""
    made = file.with_name(f"{file.name}.{os.getpid()}.part")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as part:
        part.write(content)
        part.flush()
        os.fsync(part.fileno())
    made.replace(file)


def _name(entries: pa.Table) -> str:
    told = "\n".join(entries["entry"].to_pylist())
    return f"{hashlib.sha256(told.encode()).hexdigest()[:24]}.parquet"
