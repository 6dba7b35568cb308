"""Taking messages in: read, tell new from known, add what is new, set aside what is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from stelsel.events import Event, columns
from stelsel.ijw import Finding, Received, read
from stelsel.ijw.events import events_of
from stelsel.ijw.findings import Breach, findings
from stelsel.register.key import Pseudonyms
from stelsel.register.quarantine import Quarantine
from stelsel.register.store import Events
from stelsel.system.calendar import today

BATCH = 50_000
"""Messages that are added in one commit; bounds the memory that an ingest takes."""
_STEP = 100
_ROWS = 5_000

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
    >>> Outcome(read=3, new=1, known=1, set_aside=1).new
    1
    """

    read: int = 0
    new: int = 0
    known: int = 0
    set_aside: int = 0


SAME_NUMBER = Breach("TR056", ("Header", "BerichtIdentificatie", "Identificatie"))
"""A message has the number of another one of its sender and type."""
IN_THE_FUTURE = Breach("TR135", ("Header", "BerichtIdentificatie", "Dagtekening"))
"""A message is dated after today: taken in, it would be known before it was told."""


class _Batch:
    """Messages that wait to be added: where each came from, by id and content; and their events.

    Events are put into columns a few thousand at a time: as rows they take ten times the memory.
    """

    def __init__(self) -> None:
        self.messages: dict[tuple[str, str], tuple[str, str]] = {}
        self._rows: list[Event] = []
        self._parts: list[pa.Table] = []

    def add(self, events: list[Event], file: str, message_type: str) -> bool:
        """Let a message wait; False if it does already."""
        key = (events[0]["message"], events[0]["content"])
        if key in self.messages:
            return False
        self.messages[key] = (file, message_type)
        self._rows += events
        if len(self._rows) >= _ROWS:
            self._put_in_columns()
        return True

    def events(self, messages: set[str], but: set[str]) -> pa.Table:
        """Give the events of some messages, but not those with some contents."""
        self._put_in_columns()
        found = pa.concat_tables(self._parts)
        found = found.filter(pc.is_in(found["message"], pa.array(messages, pa.string())))
        if but:
            others = pc.is_in(found["content"], pa.array(but, pa.string()))
            found = found.filter(pc.invert(others))
        return found

    def _put_in_columns(self) -> None:
        self._parts.append(columns(self._rows))
        self._rows = []


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
        self._counts = {"new": 0, "known": 0, "set_aside": 0}

    def run(self, paths: Paths, progress: Progress | None = None) -> Outcome:
        """Take in every message under the paths.

        Events are added in commits of whole messages. If it breaks off, what was committed stays
        and the rest can be taken in by doing the same again.

        Raises
        ------
        StelselError
            When a path does not exist or holds no messages.
        """
        batch = _Batch()
        seen = 0
        for received in read(paths, self._lang):
            self._look_at(received, batch)
            seen += 1
            if progress is not None and seen % _STEP == 0:
                progress(_STEP)
            if len(batch.messages) == BATCH:
                self._add(batch)
                batch = _Batch()
        self._add(batch)
        if progress is not None:
            progress(seen % _STEP)
        return Outcome(seen, **self._counts)

    def _look_at(self, received: Received, batch: _Batch) -> None:
        """Put a message into the batch, or aside."""
        if received.message is None or not received.valid:
            self._set_aside(received.file, received.type, received.findings)
            return
        events = events_of(received.message, self._pseudonyms)
        if events[0]["known"] > self._today:
            self._refuse(received.file, received.type, IN_THE_FUTURE)
            return
        if not batch.add(events, received.file, received.type):
            self._counts["known"] += 1

    def _add(self, batch: _Batch) -> None:
        """Add what is new of a batch in one commit; with nothing new there is no commit.

        Of several messages with one id the one that is known holds, else the one read first.
        """
        if not batch.messages:
            return
        new: set[str] = set()
        others: dict[str, tuple[str, str]] = {}
        with self._store.adding():
            names = {name for name, _ in batch.messages}
            holds = self._store.contents(pa.array(names, pa.string()))
            for (name, content), came in batch.messages.items():
                if name not in holds:
                    holds[name] = content
                    new.add(name)
                elif holds[name] == content:
                    self._counts["known"] += 1
                else:
                    others[content] = came
            if new:
                self._store.append(batch.events(new, but=set(others)))
        self._counts["new"] += len(new)
        for file, message_type in others.values():
            self._refuse(file, message_type, SAME_NUMBER)

    def _refuse(self, file: str, message_type: str, breach: Breach) -> None:
        """Set aside a message that is right in itself."""
        self._set_aside(file, message_type, findings([breach], message_type, self._lang))

    def _set_aside(self, file: str, message_type: str, found: tuple[Finding, ...]) -> None:
        self._quarantine.set_aside(file, message_type, found)
        self._counts["set_aside"] += 1
