"""Where linking keeps what it learned, by which key, and where its results go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from stelsel.errors import StelselError, refused
from stelsel.register.key import Pseudonyms, key_file, make_key
from stelsel.register.linking.linked import Linked
from stelsel.register.linking.store import write_whole
from stelsel.register.register import Register

FOLDER = "linking"
"""Folder of linking in a register."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the entries are kept and by which key; the register, if there is one."""

    folder: Path
    pseudonyms: Pseudonyms
    register: Register | None


def linking_place(out: Path, register: Path | None) -> Place:
    """Give the place of linking: in the register, else in a folder beside the result.

    Parameters
    ----------
    out
        File of the result: without a register ``NAME-linking`` beside it is the folder, with a
        key of its own outside it, as a register has.
    register
        Folder of the register.

    Raises
    ------
    StelselError
        When the register cannot be opened, or the key is not there or not right.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     place = linking_place(Path(folder) / "linked.csv", None)
    ...     place.folder.name, [one.name for one in Path(folder).iterdir()]
    ('linked-linking', ['linked-linking.key'])
    """
    if register is None:
        folder = out.with_name(f"{out.stem}-{FOLDER}")
        return Place(folder, make_key(key_file(folder)), None)
    kept = Register.open(register)
    return Place(register / FOLDER, kept._pseudonyms(), kept)


def write_linked(found: Linked, counts: pa.Table, out: Path, *, entries: bool) -> list[Path]:
    """Write the counts, and where that is allowed the entries and the matches.

    Parameters
    ----------
    found
        What linking gave.
    counts
        Its counts, as they may leave (:func:`stelsel.disclosure.protect`).
    out
        File of the entries, ``.csv`` or ``.parquet``; the others are ``NAME-matches`` and
        ``NAME-counts``.
    entries
        Whether entries and matches are written too: rows about one child each, for internal use.

    Returns
    -------
    list of Path
        The files; their owner alone can read them.

    Raises
    ------
    StelselError
        When one cannot be written.
    """
    tables = {"": found.entries, "-matches": found.matches} if entries else {}
    tables["-counts"] = counts
    files = []
    for part, table in tables.items():
        file = out.with_name(f"{out.stem}{part}{out.suffix}")
        try:
            sink = pa.BufferOutputStream()
            if out.suffix == ".parquet":
                pq.write_table(table, sink)
            else:
                pyarrow.csv.write_csv(_flat(table), sink)
            write_whole(file, sink.getvalue().to_pybytes())
        except OSError as error:
            raise StelselError(
                f"The result cannot be written: {refused(error)}.",
                where=str(file),
                what_nl=f"Het resultaat is niet te schrijven: {refused(error, 'nl')}.",
            ) from None
        files.append(file)
    return files


def _flat(table: pa.Table) -> pa.Table:
    """Write lists as text with a space between, for CSV has none."""
    for place, field in enumerate(table.schema):
        if pa.types.is_list(field.type):
            texts = [" ".join(values) for values in table[field.name].to_pylist()]
            table = table.set_column(place, field.name, pa.array(texts, pa.string()))
    return table
