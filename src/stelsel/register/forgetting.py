"""Forgetting children: on request (Jeugdwet 7.3.9), or because their time is over (7.3.8).

What goes is every event of the child, and what tells of nothing else: an answer to a request of
the child, a return on a message about it, a step of its case. What tells of other children stays:
of a claim only the lines of the child go. Older versions go with it, at once, and so does the log
in which they were named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis import _
from ibis.backends import BaseBackend

from stelsel.errors import Fault, StelselError
from stelsel.register.access import log_access
from stelsel.register.forgotten import Forgotten
from stelsel.register.key import Pseudonyms
from stelsel.register.objections import Objections
from stelsel.register.searching import Search, search
from stelsel.register.store import Events
from stelsel.register.tidying import as_column, purge, rewrite, rows_of

PENDING = ".forgetting"
"""Is there as long as a forgetting is not finished."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What a forgetting came to.

    Parameters
    ----------
    children
        How many children that were in the register were taken out.
    events
        How many events went.
    quarantine
        What was found in the quarantine.
    """

    children: int
    events: int
    quarantine: Search


def forget(
    folder: Path,
    pseudonyms: Pseudonyms,
    children: Collection[str] = (),
    *,
    ground: str = "",
    keep_out: bool = True,
) -> Forgetting:
    """Take children out of a register.

    If it breaks off, doing the same again, or doing it for nobody, does the rest.

    Parameters
    ----------
    folder
        Folder of the register.
    pseudonyms
        The key of the register.
    children
        Pseudonyms; they need not be in the register. Who was forgotten before and is found again,
        after a copy was put back, is taken out with them.
    ground
        Why, for the access log.
    keep_out
        Whether they stay out when they are told of again. For who is removed because time is over
        they do not: a new file may begin.
    """
    forgotten = Forgotten(folder, pseudonyms)
    store = Events(folder)
    with store.adding():
        forgotten.read()
        log_access(folder, "forget", about=len(children), ground=ground)
        if keep_out:
            # First of all: from here on nobody can take them in again.
            forgotten.add(children)
        gone = _take_out(folder, store, forgotten, frozenset() if keep_out else children)
        Objections(folder).drop(lambda child: child in forgotten)
        found = search(folder, pseudonyms, lambda child: child in forgotten)
    return Forgetting(*gone, found)


def unfinished(folder: Path) -> bool:
    """Tell whether a forgetting broke off before the old files were removed."""
    return (folder / PENDING).exists()


def refuse_unknown(folder: Path, children: Collection[str]) -> None:
    """Say so when pseudonyms are of no child in the register: one may have been mistyped.

    Raises
    ------
    StelselError
        When there are such; it tells which, by their place.
    """
    con = ibis.duckdb.connect()
    asked = as_column(list(children), "child")
    found = rows_of(con, Events(folder).read(con).semi_join(asked, "child"), "child")
    con.disconnect()
    faults = [
        Fault(
            "No child in the register has this pseudonym.",
            f"--pseudonym {number}",
            remedy="Copy it whole, or give the BSN in a file: that also keeps out who is not here.",
            what_nl="Geen jeugdige in het register heeft dit pseudoniem.",
            remedy_nl="Neem het in zijn geheel over, of geef het BSN in een bestand: dat houdt ook "
            "weg wie er niet in staat.",
        )
        for number, child in enumerate(children, start=1)
        if child not in found
    ]
    if faults:
        raise StelselError(faults)


def _take_out(
    folder: Path, store: Events, forgotten: Forgotten, also: Collection[str]
) -> tuple[int, int]:
    """Take out who is on the list, and some others; give how many children and events went."""
    con = ibis.duckdb.connect()
    events = store.read(con)
    here = rows_of(con, events.filter(_.child.notnull()), "child")
    children = [child for child in here if child in forgotten or child in also]
    gone = 0
    if children or unfinished(folder):
        (folder / PENDING).touch(0o600)
    if children:
        belonging = con.create_table("gone", belongs_to(con, events, children), temp=True)
        ids = con.to_pyarrow(belonging)["event"].combine_chunks()
        gone = len(ids)
        rest = events.anti_join(belonging, "event")
        lost = events.semi_join(belonging, "event")
        whole = lost.anti_join(rest, "message")
        named = whole.filter(_.child.notnull())
        thinned = rows_of(con, lost.semi_join(rest, "message"), "message")
        # Kept out by themselves are messages that name the child; these name none.
        answers = rows_of(con, whole.anti_join(named, "message"), "message")
        forgotten.add(messages=[] if also else answers, thinned=thinned)
        rewrite(folder, ids)
    con.disconnect()
    if unfinished(folder):
        purge(folder)
        (folder / PENDING).unlink()
    return len(children), gone


def belongs_to(con: BaseBackend, events: ir.Table, children: Iterable[str]) -> ir.Table:
    """Give the ids of the events that tell of nothing but some children.

    Parameters
    ----------
    con
        The engine that has the events; gets some temporary tables.
    events
        All events of the register.
    children
        Pseudonyms.

    Returns
    -------
    ir.Table
        One column ``event``: the events that name one of the children, and those that name no
        child and lie in a message, answer a request, belong to a case or answer a message of
        these children only.
    """
    who = con.create_table("who", as_column(list(children), "child"), temp=True)
    own = events.semi_join(who, "child")
    others = events.filter(_.child.notnull()).anti_join(who, "child")
    nameless = events.filter(_.child.isnull())

    def only(*key: str) -> ir.Table:
        """Give the values that the children have and nobody else."""
        mine = own.filter(own[key[-1]].notnull()).select(*key).distinct()
        return mine.anti_join(others, key)

    request = ("municipality", "provider", "reference")
    parts = [
        own,
        nameless.semi_join(only("message"), "message"),
        nameless.filter(_.kind == "answered").semi_join(only(*request), request),
        nameless.semi_join(only("provider", "case"), ("provider", "case")),
    ]
    gone = con.create_table("named", _ids(*parts), temp=True)
    whole = (events.semi_join(gone, "event").select("message").distinct()).anti_join(
        events.anti_join(gone, "event"), "message"
    )
    answers = nameless.semi_join(whole.select(answers=_.message), "answers")
    return _ids(events.semi_join(gone, "event"), answers)


def _ids(*parts: ir.Table) -> ir.Table:
    return ibis.union(*(part.select("event") for part in parts), distinct=True)
