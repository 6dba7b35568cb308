"""Taking messages in: read, tell new from known, add what is new, set aside what is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

import pyarrow as pa

from stelsel.events import SCHEMA
from stelsel.ijw import Finding, Received, read
from stelsel.ijw.events import Event, events_of
from stelsel.ijw.findings import Breach, findings
from stelsel.register.key import Pseudonyms
from stelsel.register.quarantine import Quarantine
from stelsel.register.store import Events
from stelsel.system.calendar import today

BATCH = 50_000
"""Messages that are added in one commit; bounds the memory that an ingest takes."""
_STEP = 100

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
Progress = Callable[[int], None]
"""Is told how many messages more have been looked at."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an ingest came to, in messages: ``read`` is the sum of the others.

    Parameters
    ----------
    read
        Files or members of archives that were looked at.
    new
        Added to the register.
    known
        In the register already, or twice in this ingest: the same sender, type, identification
        and content. They change nothing.
    set_aside
        Put into the quarantine with their reasons.

    Examples
    --------
    >>> Outcome(1, 1, 0, 0) + Outcome(2, 0, 1, 1)
    Outcome(read=3, new=1, known=1, set_aside=1)
    """

    read: int = 0
    new: int = 0
    known: int = 0
    set_aside: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            self.read + other.read,
            self.new + other.new,
            self.known + other.known,
            self.set_aside + other.set_aside,
        )


SAME_NUMBER = Breach("TR056", ("Header", "BerichtIdentificatie", "Identificatie"))
"""A message has the number of another one of its sender and type."""
IN_THE_FUTURE = Breach("TR135", ("Header", "BerichtIdentificatie", "Dagtekening"))
"""A message is dated after today: taken in, it would be known before it was told."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A message that waits to be added: its events, and where it came from."""

    events: list[Event]
    file: str
    type: str


_Batch = dict[tuple[str, str], _Waiting]
"""Messages that wait to be added, by id and content, in the order in which they were read."""


class Ingest:
    """One taking in of messages.

    Parameters
    ----------
    store
        Where events go.
    quarantine
        Where files go that cannot be taken in.
    pseudonyms
        Makes pseudonyms.
    lang
        Language of the reasons, ``nl`` or ``en``.
    """

    def __init__(
        self, store: Events, quarantine: Quarantine, pseudonyms: Pseudonyms, lang: str = "nl"
    ) -> None:
        self._store = store
        self._quarantine = quarantine
        self._pseudonyms = pseudonyms
        self._lang = lang
        self._today = today()

    def run(self, paths: Paths, progress: Progress | None = None) -> Outcome:
        """Take in every message under the paths.

        Events are added in commits of whole messages. If it breaks off, what was committed stays
        and the rest can be taken in by doing the same again.

        Raises
        ------
        StelselError
            When a path does not exist or holds no messages.
        """
        batch: _Batch = {}
        outcome, seen = Outcome(), 0
        for received in read(paths, self._lang):
            outcome += self._look_at(received, batch)
            seen += 1
            if progress is not None and seen % _STEP == 0:
                progress(_STEP)
            if len(batch) == BATCH:
                outcome += self._add(batch)
                batch = {}
        outcome += self._add(batch)
        if progress is not None:
            progress(seen % _STEP)
        return outcome

    def _look_at(self, received: Received, batch: _Batch) -> Outcome:
        """Put a message into the batch, or aside."""
        if received.message is None or not received.valid:
            return self._set_aside(received.file, received.type, received.findings)
        events = events_of(received.message, self._pseudonyms)
        if events[0]["known"] > self._today:
            return self._refuse(received.file, received.type, IN_THE_FUTURE)
        key = (events[0]["message"], events[0]["content"])
        if key in batch:
            return Outcome(read=1, known=1)
        batch[key] = _Waiting(events, received.file, received.type)
        return Outcome(read=1)

    def _add(self, batch: _Batch) -> Outcome:
        """Add what is new of a batch in one commit; with nothing new there is no commit.

        Of several messages with one id the one that is known holds, else the one read first.
        """
        if not batch:
            return Outcome()
        new, outcome, others = [], Outcome(), []
        with self._store.adding():
            holds = self._store.contents(pa.array({name for name, _ in batch}, pa.string()))
            for (name, content), waiting in batch.items():
                if name not in holds:
                    holds[name] = content
                    new.append(waiting.events)
                elif holds[name] == content:
                    outcome += Outcome(known=1)
                else:
                    others.append(waiting)
            if new:
                self._store.append(columns(chain.from_iterable(new)))
        for other in others:
            # It was counted as read when it was looked at.
            outcome += self._refuse(other.file, other.type, SAME_NUMBER) + Outcome(read=-1)
        return outcome + Outcome(new=len(new))

    def _refuse(self, file: str, message_type: str, breach: Breach) -> Outcome:
        """Set aside a message that is right in itself."""
        return self._set_aside(file, message_type, findings([breach], message_type, self._lang))

    def _set_aside(self, file: str, message_type: str, found: tuple[Finding, ...]) -> Outcome:
        self._quarantine.set_aside(file, message_type, found)
        return Outcome(read=1, set_aside=1)


def columns(events: Iterable[Event]) -> pa.Table:
    """Put rows of events into columns.

    Examples
    --------
    >>> columns([]).schema.equals(SCHEMA)
    True
    """
    rows = list(events)
    arrays = [pa.array([row[field.name] for row in rows], field.type) for field in SCHEMA]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)
