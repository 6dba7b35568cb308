"""How a register is doing: how much is in it, from where, and what asks for care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis
from ibis import _

from stelsel.register import quarantine
from stelsel.register.forgetting import unfinished
from stelsel.register.forgotten import Forgotten
from stelsel.register.objections import Objections
from stelsel.register.retention import expired
from stelsel.register.store import FOLDER, Events
from stelsel.register.tidying import current_files, leftovers
from stelsel.system.calendar import today


@dataclass(frozen=True, slots=True)
class Status:
    """How a register is doing.

    Parameters
    ----------
    events, messages, children
        How many there are.
    first_day, last_day
        First and last day that an event is about; None in an empty register.
    last_known
        Day on which the last event became known.
    sources
        Number of events by source.
    made_up
        Whether all children are made up.
    version
        Number of commits.
    files
        Files that hold the events.
    bytes
        Bytes of those files.
    bytes_old
        Bytes of files of older versions, and of what was left over.
    set_aside
        Files in the quarantine.
    forgotten
        Children that were forgotten on request and are kept out.
    objections
        Children that object to use for anything but their own care.
    expired
        Children whose file may go (Jeugdwet 7.3.8).
    leftovers
        Files that a stopped process left; ``compact`` removes them.
    unfinished
        Whether a forgetting broke off; ``compact`` does the rest.
    """

    events: int
    messages: int
    children: int
    first_day: date | None
    last_day: date | None
    last_known: date | None
    sources: dict[str, int]
    made_up: bool
    version: int
    files: int
    bytes: int
    bytes_old: int
    set_aside: int
    forgotten: int
    objections: int
    expired: int
    leftovers: int
    unfinished: bool


def status(folder: Path, on: date | None = None) -> Status:
    """Look how a register is doing.

    Parameters
    ----------
    folder
        Folder of the register.
    on
        The day on which is looked whose time is over; without it today.
    """
    store = Events(folder)
    with store.adding():
        left = len(leftovers(folder))
        files = current_files(folder)
        version = store.version
    con = ibis.duckdb.connect()
    events = store.read(con)
    sums = con.to_pyarrow(
        events.aggregate(
            events=_.count(),
            messages=_.message.nunique(),
            children=_.child.nunique(),
            first_day=_.about.min(),
            last_day=_.about.max(),
            last_known=_.known.max(),
            made_up=_.made_up.all(where=_.child.notnull()),
        )
    ).to_pylist()[0]
    sources = con.to_pyarrow(events.group_by("source").agg(n=_.count()).order_by("source"))
    over = con.to_pyarrow(expired(events, on or today()).count()).as_py()
    con.disconnect()
    sums["made_up"] = bool(sums["made_up"])
    place = folder / FOLDER
    sizes = {file.name: file.stat().st_size for file in place.iterdir() if file.is_file()}
    size = sum(sizes.get(name, 0) for name in files)
    set_aside = (folder / quarantine.FOLDER).glob("*.json")
    return Status(
        **sums,
        sources={row["source"]: row["n"] for row in sources.to_pylist()},
        version=version,
        files=len(files),
        bytes=size,
        bytes_old=sum(sizes.values()) - size,
        set_aside=sum(1 for _one in set_aside),
        forgotten=len(Forgotten(folder)),
        objections=len(Objections(folder).children()),
        expired=int(over),
        leftovers=left,
        unfinished=unfinished(folder),
    )
