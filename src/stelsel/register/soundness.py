"""Whether a register is sound: everything there, nothing double, nothing open to others."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError
from ibis import _
from ibis.backends import BaseBackend

from stelsel.disclosure import chained
from stelsel.disclosure.logs import RELEASES
from stelsel.errors import Fault, StelselError
from stelsel.events import SCHEMA
from stelsel.register import access, forgotten, objections, quarantine
from stelsel.register.forgetting import unfinished
from stelsel.register.key import Pseudonyms, key_file, read_key
from stelsel.register.store import FOLDER, Events
from stelsel.register.tidying import as_column, current_files, rows_of

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_PSEUDONYM = "^[0-9a-f]{32}$"
_RESTORE = "Put back a copy (docs/how-to/look-after-a-register.md) and take in what came after it."
_RESTORE_NL = (
    "Zet een kopie terug (docs/how-to/look-after-a-register.md) en neem op wat er daarna kwam."
)
_COMPACT = "Do `stelsel register compact`; it does the rest."
_COMPACT_NL = "Doe `stelsel register compact`; dat doet de rest."


def faults_of(folder: Path, key_check: str) -> list[Fault]:
    """Look whether a register is sound, and tell all that is not.

    Parameters
    ----------
    folder
        Folder of the register.
    key_check
        By which its key is recognised.

    Returns
    -------
    list of Fault
        None for a sound register: every file that the table names is there and readable, with the
        columns of events; no event is there twice; a message has one content and its events are
        numbered without gaps; nobody is named but by pseudonym; the key is there, is the right
        one and open to its owner only, as are the logs and the quarantine; the chains of the logs
        are whole; nobody who was forgotten is there, and no forgetting broke off.
    """
    faults, pseudonyms = _key_faults(folder, key_check)
    with Events(folder).adding():  # nobody takes files away meanwhile
        broken = list(_file_faults(folder))
        faults += broken
        if not broken:
            faults += _event_faults(folder, pseudonyms)
    for log in (access.FILE, RELEASES):
        faults += chained.verify(folder / log).faults
    faults += _list_faults(folder)
    faults += _open_to_others(folder)
    return faults


def _key_faults(folder: Path, key_check: str) -> tuple[list[Fault], Pseudonyms | None]:
    try:
        pseudonyms = read_key(key_file(folder))
    except StelselError as error:
        return list(error.faults), None
    if pseudonyms.check == key_check:
        return [], pseudonyms
    fault = Fault(
        "This key is not the key of the register.",
        str(key_file(folder)),
        remedy="Put the key back that was made with the register.",
        what_nl="Deze sleutel is niet die van het register.",
        remedy_nl="Zet de sleutel terug die met het register is gemaakt.",
    )
    return [fault], None


def _file_faults(folder: Path) -> Iterator[Fault]:
    """Look at the log of the table, and at each file that it names."""
    try:
        table = DeltaTable(str(folder / FOLDER))
        counts = pa.table(table.get_add_actions(flatten=True))
        expected = dict(
            zip(counts["path"].to_pylist(), counts["num_records"].to_pylist(), strict=True)
        )
        names = current_files(folder)
    except (DeltaError, OSError):
        yield Fault(
            "The log of the table of events cannot be read.",
            f"{FOLDER}/_delta_log",
            remedy=_RESTORE,
            what_nl="Het logboek van de tabel met feiten is niet te lezen.",
            remedy_nl=_RESTORE_NL,
        )
        return
    for name in names:
        place, where = folder / FOLDER / name, f"{FOLDER}/{name}"
        if not place.exists():
            yield Fault(
                "A file with events is gone.",
                where,
                remedy=_RESTORE,
                what_nl="Een bestand met feiten is weg.",
                remedy_nl=_RESTORE_NL,
            )
            continue
        rows = _rows_in(place)
        if rows is None or expected.get(name) not in (None, rows):
            yield Fault(
                "A file with events is damaged.",
                where,
                remedy=_RESTORE,
                what_nl="Een bestand met feiten is beschadigd.",
                remedy_nl=_RESTORE_NL,
            )


def _rows_in(place: Path) -> int | None:
    """Read a file of events whole, part by part; give its rows, None where it cannot be read."""
    try:
        with pq.ParquetFile(place) as file:
            if file.schema_arrow.names != SCHEMA.names:
                return None
            rows: int = sum(batch.num_rows for batch in file.iter_batches())
            return rows
    except (pa.ArrowException, OSError):
        return None


def _event_faults(folder: Path, pseudonyms: Pseudonyms | None) -> list[Fault]:
    """Look at the events themselves; tell how many are wrong, not which children."""
    con = ibis.duckdb.connect()
    gone = forgotten.Forgotten(folder, pseudonyms)
    try:
        events = Events(folder).read(con)
        found = [
            (
                _doubles(con, events),
                "{n} events are there more than once.",
                "{n} feiten staan er meer dan eens.",
                _RESTORE,
                _RESTORE_NL,
            ),
            (
                _count(con, _varying(events)),
                "{n} messages have events of more than one content or date.",
                "{n} berichten hebben feiten met meer dan één inhoud of datum.",
                _RESTORE,
                _RESTORE_NL,
            ),
            (
                _count(con, _gaps(events, gone.thinned)),
                "Events are missing from {n} messages.",
                "In {n} berichten ontbreken feiten.",
                _RESTORE,
                _RESTORE_NL,
            ),
            (
                _count(con, events.filter(~_.child.re_search(_PSEUDONYM))),
                "{n} events name a child by something else than a pseudonym.",
                "{n} feiten noemen een jeugdige anders dan met een pseudoniem.",
                _RESTORE,
                _RESTORE_NL,
            ),
            (
                _count_forgotten(con, events, gone),
                "{n} children are there that were forgotten.",
                "Er staan {n} jeugdigen in die vergeten waren.",
                _COMPACT,
                _COMPACT_NL,
            ),
        ]
    except duckdb.Error:  # each file can be read, and yet not all of them as one table
        unread = ("The events cannot be read.", "De feiten zijn niet te lezen.")
        found = [(1, *unread, _RESTORE, _RESTORE_NL)]
    finally:
        con.disconnect()
    return [
        Fault(
            what.format(n=number),
            FOLDER,
            remedy=remedy,
            what_nl=what_nl.format(n=number),
            remedy_nl=remedy_nl,
        )
        for number, what, what_nl, remedy, remedy_nl in found
        if number
    ]


def _count(con: BaseBackend, table: ir.Table) -> int:
    return int(con.to_pyarrow(table.count()).as_py())


def _doubles(con: BaseBackend, events: ir.Table) -> int:
    return _count(con, events.group_by("event").agg(n=_.count()).filter(_.n > 1))


def _varying(events: ir.Table) -> ir.Table:
    """Give the messages whose events do not agree on what they share.

    The steps of a file became known on days of their own; a message of the traffic on one.
    """
    days = _.known.nunique(where=_.source == "ijw")
    counted = events.group_by("message").agg(
        contents=_.content.nunique(), sources=_.source.nunique(), days=days
    )
    return counted.filter((_.contents > 1) | (_.sources > 1) | (_.days > 1))


def _gaps(events: ir.Table, thinned: set[str]) -> ir.Table:
    """Give the iJw messages whose events are not numbered 0, 1, 2 and so on.

    Those of which a part was forgotten have gaps by right.
    """
    place = _.event.split("/")[1].try_cast("int64")
    messages = events.filter(_.source == "ijw").mutate(place=place)
    counted = messages.group_by("message").agg(
        n=_.place.nunique(),
        last=_.place.max(),
        misplaced=(_.event.split("/")[0] != _.message).any(),
    )
    wrong = counted.filter((_.n != _.last + 1).fill_null(True) | _.misplaced)
    return wrong.anti_join(as_column(sorted(thinned), "message"), "message")


def _count_forgotten(con: BaseBackend, events: ir.Table, gone: forgotten.Forgotten) -> int:
    if not gone.marks:
        return 0
    return sum(child in gone for child in rows_of(con, events, "child"))


def _list_faults(folder: Path) -> Iterator[Fault]:
    """Look at the lists beside the table."""
    for name in (forgotten.FILE, objections.FILE):
        file = folder / name
        for number, text in enumerate(_lines(file), start=1):
            try:
                json.loads(text)
            except ValueError:
                yield Fault(
                    "This line cannot be read; what it was to tell was not done.",
                    f"{name}, line {number}",
                    remedy="Do again what was being done, and take the line out.",
                    what_nl="Deze regel is niet te lezen; wat hij moest vertellen is niet gedaan.",
                    where_nl=f"{name}, regel {number}",
                    remedy_nl="Doe opnieuw wat er werd gedaan en haal de regel weg.",
                )
    if unfinished(folder):
        yield Fault(
            "A forgetting broke off; old files may still hold who was forgotten.",
            FOLDER,
            remedy=_COMPACT,
            what_nl="Een vergeten brak af; oude bestanden kunnen nog bevatten wie is vergeten.",
            remedy_nl=_COMPACT_NL,
        )


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8", errors="replace").splitlines() if file.exists() else []


def _open_to_others(folder: Path) -> Iterator[Fault]:
    """Find what should be the owner's alone and is not."""
    closed = (quarantine.FOLDER, access.FILE, RELEASES, forgotten.FILE, objections.FILE)
    for name in closed:
        place = folder / name
        if place.exists() and place.stat().st_mode & _OTHERS:
            mode = "700" if place.is_dir() else "600"
            yield Fault(
                "Others than the owner have rights to this.",
                name,
                remedy=f"Take them away: chmod {mode} {name}",
                what_nl="Anderen dan de eigenaar hebben hier rechten op.",
                remedy_nl=f"Neem ze weg: chmod {mode} {name}",
            )
