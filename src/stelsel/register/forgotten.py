"""Who was forgotten: their marks, so that they do not come back.

``forgotten.jsonl`` in the folder of the register holds, for every child that was forgotten, a
*mark*: a keyed digest of its pseudonym. With the key one can ask whether a child is among them;
without it the list tells nothing, and the pseudonym itself is nowhere. It also holds the ids of the
messages that lost events, so that their gaps are no fault.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stelsel.register.key import Pseudonyms

FILE = "forgotten.jsonl"


class Forgotten:
    """The list of who was forgotten.

    Parameters
    ----------
    folder
        Folder of the register.
    pseudonyms
        The key; without it the list can be counted, but no child can be looked up.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     gone = Forgotten(Path(folder), Pseudonyms(b"k" * 32))
    ...     gone.add(children=["anna"])
    ...     again = Forgotten(Path(folder), Pseudonyms(b"k" * 32))
    >>> "anna" in again, "bert" in again, len(again)
    (True, False, 1)
    """

    def __init__(self, folder: Path, pseudonyms: Pseudonyms | None = None) -> None:
        self._file = folder / FILE
        self._pseudonyms = pseudonyms
        self._known: dict[str, bool] = {}
        self.read()

    def read(self) -> None:
        """Read the list again: another process may have added to it."""
        self.marks: set[str] = set()
        self.messages: set[str] = set()
        """Messages that went whole, with nothing of a child in them: answers to one."""
        self.thinned: set[str] = set()
        """Messages of which a part went."""
        self._known.clear()
        for line in read_lines(self._file):
            self.marks.update(filter(None, [line.get("child")]))
            self.messages.update(filter(None, [line.get("message")]))
            self.thinned.update(filter(None, [line.get("thinned")]))

    def __len__(self) -> int:
        return len(self.marks)

    def __contains__(self, child: object) -> bool:
        if not self.marks or not isinstance(child, str) or self._pseudonyms is None:
            return False
        if child not in self._known:
            self._known[child] = self.mark(child) in self.marks
        return self._known[child]

    def mark(self, child: str) -> str:
        """Give the mark of a child.

        Parameters
        ----------
        child
            Its pseudonym.

        Raises
        ------
        ValueError
            When there is no key.
        """
        if self._pseudonyms is None:
            raise ValueError("a mark needs the key")
        return self._pseudonyms(f"forgotten {child}")

    def add(
        self,
        children: Iterable[str] = (),
        messages: Iterable[str] = (),
        thinned: Iterable[str] = (),
    ) -> None:
        """Add children (pseudonyms) and messages (ids) to the list, those that are not on it."""
        marks = {self.mark(child) for child in children}
        found = {
            "child": marks - self.marks,
            "message": set(messages) - self.messages,
            "thinned": set(thinned) - self.thinned,
        }
        lines = [json.dumps({kind: one}) for kind, all_ in found.items() for one in sorted(all_)]
        if lines:
            add_lines(self._file, lines)
            self.read()

    def rest(self, events: pa.Table) -> pa.Table:
        """Leave out of new messages what they tell of children that were forgotten.

        Only under the lock of the register, so that nobody is forgotten between asking and adding.

        Parameters
        ----------
        events
            The events of whole messages, with the columns of events.

        Returns
        -------
        pa.Table
            The others; a message that tells of no other child is left out whole.
        """
        self.read()
        if not self.marks and not self.messages:
            return events
        gone = [child for child in events["child"].unique().to_pylist() if child in self]
        of_gone = pc.is_in(events["child"], pa.array(gone, pa.string()))
        touched = _messages(events.filter(of_gone))
        others = pc.and_(pc.is_valid(events["child"]), pc.invert(of_gone))
        thinned = touched & _messages(events.filter(others))
        whole = (touched - thinned) | self.messages
        self.add(thinned=thinned)
        out = pc.or_(of_gone, pc.is_in(events["message"], pa.array(whole, pa.string())))
        return events.filter(pc.invert(out))


def _messages(events: pa.Table) -> set[str]:
    return set(events["message"].unique().to_pylist())


def add_lines(file: Path, lines: Iterable[str]) -> None:
    """Add lines to a file that only its owner may read, on the disk when this returns."""
    handle = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(handle).st_size
        whole = not size or os.pread(handle, 1, size - 1) == b"\n"
        text = "".join(f"{line}\n" for line in lines)
        os.write(handle, (text if whole else f"\n{text}").encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def read_lines(file: Path) -> list[dict[str, Any]]:
    """Give the lines of a file of JSON lines; of a file that is not there none.

    A line that broke off is left out: what it stood for was not done yet either.
    """
    lines = []
    for text in file.read_text("utf-8").splitlines() if file.exists() else []:
        try:
            lines.append(json.loads(text))
        except ValueError:
            continue
    return lines
