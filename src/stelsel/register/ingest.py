"""Taking in what arrives: read, tell new from known, add what is new, set aside what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from stelsel.deliveries import Finding, statements
from stelsel.errors import StelselError
from stelsel.events import Row, columns
from stelsel.ijw import read
from stelsel.ijw.events import events_of
from stelsel.ijw.findings import Breach, findings
from stelsel.register.arrivals import (
    Paths,
    apart,
    is_statement,
    messages_of,
    statement_finding,
    take,
)
from stelsel.register.forgotten import Forgotten
from stelsel.register.key import Pseudonyms
from stelsel.register.quarantine import Quarantine, Wrong
from stelsel.register.statements import keep_statement
from stelsel.register.store import Events
from stelsel.system.calendar import today

BATCH = 50_000
"""Messages that are added in one commit; bounds the memory that an ingest takes."""
BATCH_EVENTS = 100_000
"""Events that are enough for one commit: a claim of one message may have thousands of lines."""
_STEP = 100
_ROWS = 1_000

Progress = Callable[[int], None]
"""Is told how many messages more have been looked at."""
_Told = tuple[list[Row], str, str]
"""The events of a message or of part of a file, the file, and what sort it is."""


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

    Events are put into columns a thousand at a time: as rows they take ten times the memory.
    """

    def __init__(self) -> None:
        self.messages: dict[tuple[str, str], tuple[str, str]] = {}
        self._rows: list[Row] = []
        self._parts: list[pa.Table] = []
        self._events = 0

    @property
    def full(self) -> bool:
        """Whether there is enough for a commit."""
        return len(self.messages) >= BATCH or self._events >= BATCH_EVENTS

    def add(self, events: list[Row], file: str, message_type: str) -> bool:
        """Let a message wait; False if it does already."""
        key = (events[0]["message"], events[0]["content"])
        if key in self.messages:
            return False
        self.messages[key] = (file, message_type)
        self._rows += events
        self._events += len(events)
        if len(self._rows) >= _ROWS:
            self._put_in_columns()
        return True

    def events(self, messages: set[str], but: set[str]) -> pa.Table:
        """Give the events of some messages, but not those with some contents."""
        self._put_in_columns()
        found = pa.concat_tables(self._parts).combine_chunks()
        if len(messages) == len(self.messages):
            return found  # of every message once
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
    folder
        Folder of the register.
    pseudonyms
        Makes pseudonyms.
    lang
        Language of the reasons, ``nl`` or ``en``.
    """

    def __init__(self, folder: Path, pseudonyms: Pseudonyms, lang: str = "nl") -> None:
        self._folder = folder
        self._store = Events(folder)
        self._quarantine = Quarantine(folder)
        self._pseudonyms = pseudonyms
        self._forgotten = Forgotten(folder, pseudonyms)
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
        messages, others = apart(paths)
        batch = _Batch()
        seen = 0
        for events, file, sort in chain(self._of_messages(messages), self._of_others(others)):
            seen += 1
            if progress is not None and seen % _STEP == 0:
                progress(_STEP)
            if events and not batch.add(events, file, sort):
                self._counts["known"] += 1
            if batch.full:
                self._add(batch)
                batch = _Batch()
        self._add(batch)
        if progress is not None:
            progress(seen % _STEP)
        return Outcome(seen, **self._counts)

    def _of_messages(self, paths: list[str]) -> Iterator[_Told]:
        """Give what each message tells; nothing of one that is set aside."""
        for received in read(paths, self._lang) if paths else ():
            events: list[Row] = []
            if received.message is None or not received.valid:
                self._set_aside(received.file, received.type, received.findings)
            else:
                events += events_of(received.message, self._pseudonyms)
                if events[0]["known"] > self._today:
                    self._refuse(received.file, received.type, IN_THE_FUTURE)
                    events = []
            yield events, received.file, received.type

    def _of_others(self, files: list[Path]) -> Iterator[_Told]:
        """Give what each file of another sort tells; nothing of one that is set aside."""
        for file in files:
            if is_statement(file):
                self._keep_statement(file)
                yield [], str(file), statements.KIND
                continue
            taken = take(file, self._pseudonyms, self._lang)
            if taken.findings:
                self._set_aside(taken.file, taken.kind, taken.findings)
                yield [], taken.file, taken.kind
            for events in messages_of(taken):
                yield events, taken.file, taken.kind

    def _keep_statement(self, file: Path) -> None:
        """Keep a quarterly statement, which tells of a provider and of no child."""
        found = statements.read_statement(file, self._lang)
        wrong: Sequence[Finding] = found.findings
        if found.statement is not None:
            try:
                new = keep_statement(self._folder, found.statement)
            except StelselError as error:
                # Right in itself, and yet not beside the statements that are kept.
                wrong = [statement_finding(fault, self._lang) for fault in error.faults]
            else:
                self._counts["new" if new else "known"] += 1
                return
        self._set_aside(str(file), statements.KIND, wrong)

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
                told = self._forgotten.rest(batch.events(new, but=set(others)))
                still = set(told["message"].unique().to_pylist())
                self._counts["known"] += len(new - still)
                new &= still
            if new:
                self._store.append(told)
        self._counts["new"] += len(new)
        for file, message_type in others.values():
            self._refuse(file, message_type, SAME_NUMBER)

    def _refuse(self, file: str, message_type: str, breach: Breach) -> None:
        """Set aside a message that is right in itself."""
        self._set_aside(file, message_type, findings([breach], message_type, self._lang))

    def _set_aside(self, file: str, message_type: str, found: Sequence[Wrong]) -> None:
        self._quarantine.set_aside(file, message_type, found)
        self._counts["set_aside"] += 1
