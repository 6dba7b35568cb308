"""Care of a register: merging its files, and making a copy of it that is whole."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import ibis

from stelsel.disclosure import chained
from stelsel.disclosure.logs import RELEASES
from stelsel.errors import StelselError
from stelsel.register import access, quarantine
from stelsel.register.access import log_access
from stelsel.register.retention import expired
from stelsel.register.store import FOLDER, Events
from stelsel.register.tidying import KEPT, LOG, clear_leftovers, current_files, merge, rows_of
from stelsel.system.calendar import today

_LOGS = (access.FILE, RELEASES)
_NOT_COPIED = (".lock", *(f".{log}.head" for log in _LOGS))
"""Beginnings of names: the lock, and the heads of logs, which are copied with their logs."""
_PART_LIVES = 3600
"""Seconds after which a file that was being written to the quarantine counts as left over."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """What compacting came to.

    Parameters
    ----------
    files_fewer
        How many files fewer hold the events.
    old_removed
        Files of older versions that were removed.
    leftovers_removed
        Files that stopped processes left and that were removed.
    """

    files_fewer: int
    old_removed: int
    leftovers_removed: int


def compact(folder: Path, kept: timedelta = KEPT) -> Compacted:
    """Merge small files, and remove old versions and what stopped processes left.

    What is in the register stays the same, row for row. It waits for who is adding, and who adds
    waits for it; who reads is not disturbed as long as its reading takes less than ``kept``.

    Parameters
    ----------
    folder
        Folder of the register.
    kept
        How long files of older versions stay.
    """
    store = Events(folder)
    with store.adding():
        left = clear_leftovers(folder)
        fewer, old = merge(folder, kept)
    parts = _old_parts(folder / quarantine.FOLDER)
    for part in parts:
        part.unlink(missing_ok=True)
    if fewer or old or left or parts:
        log_access(folder, "compact")
    return Compacted(fewer, old, left + len(parts))


def expired_children(folder: Path, on: date | None = None) -> list[str]:
    """Give the pseudonyms of the children whose file may go.

    Parameters
    ----------
    folder
        Folder of the register.
    on
        The day on which is looked; without it today.
    """
    con = ibis.duckdb.connect()
    found = rows_of(con, expired(Events(folder).read(con), on or today()), "child")
    con.disconnect()
    return found


def copy(folder: Path, to: Path) -> int:
    """Copy a register as it is at one moment, also while messages are being taken in.

    Who adds waits until the copy is made, so that it is of one version: the files that this
    version names, its log, and all that lies beside. The key is not in it.

    Parameters
    ----------
    folder
        Folder of the register.
    to
        A folder that does not exist yet.

    Returns
    -------
    int
        The version that was copied.

    Raises
    ------
    StelselError
        When there is something already, or the place lies in the register.
    """
    if to.exists() or to.resolve().is_relative_to(folder.resolve()):
        raise StelselError(
            "A copy needs a folder of its own that does not exist yet.",
            where=str(to),
            remedy="Name another folder, outside the register.",
            what_nl="Een kopie heeft een eigen map nodig die nog niet bestaat.",
            remedy_nl="Noem een andere map, buiten het register.",
        )
    store = Events(folder)
    beside = to.with_name(f".{to.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    log_access(folder, "copy")
    with store.adding():
        version = store.version
        current = set(current_files(folder))
        table = folder / FOLDER

        def not_needed(place: str, names: list[str]) -> list[str]:
            if Path(place) == table:
                return [name for name in names if name != LOG and name not in current]
            return [name for name in names if name in _LOGS or _is_not_copied(name)]

        shutil.copytree(folder, beside, ignore=not_needed)
        for log in _LOGS:
            chained.copy(folder / log, beside)
    beside.chmod(0o700)
    beside.rename(to)
    return version


def _is_not_copied(name: str) -> bool:
    return name.startswith(_NOT_COPIED) or name.endswith(".part")


def _old_parts(place: Path) -> list[Path]:
    """Give what was being written when a process stopped: its writer is gone, or it is old."""
    return [part for part in place.glob(".*.part") if not _is_written(part)]


def _is_written(part: Path) -> bool:
    try:
        if time.time() - part.stat().st_mtime > _PART_LIVES:
            return False
        os.kill(int(part.name.split(".")[1]), 0)
    except (FileNotFoundError, ProcessLookupError):
        return False
    except (PermissionError, ValueError):
        return True
    return True
