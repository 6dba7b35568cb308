"""A message as what it told, and the order in which messages are judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from stelsel.events import Row

TYPES: Final = {
    "requested": "JW315",
    "change-requested": "JW317",
    "answered": "JW319",
    "allocated": "JW301",
    "started": "JW305",
    "stopped": "JW307",
    "declared": "JW323",
    "assessed": "JW325",
}
"""The type of message behind the first event that it tells."""
_RANK: Final = {"JW315": 0, "JW317": 0, "JW319": 1, "JW301": 2, "JW305": 3, "JW307": 3}
_LAST: Final = 4


@dataclass(frozen=True, slots=True)
class Told:
    """One message, as the events that it told.

    Parameters
    ----------
    id
        Id of the message: digest of sender, type and identification.
    content
        Digest of its content.
    events
        What it told, in the order of the message; at least one.
    held
        Whether the register holds it, rather than that it is looked at for the first time.
    """

    id: str
    content: str
    events: tuple[Row, ...]
    held: bool = True

    @property
    def kind(self) -> str:
        """Kind of its first event, by which its type is known."""
        kind: str = self.events[0]["kind"]
        return kind

    def order(self) -> tuple[Any, ...]:
        """Give its place among all messages.

        Messages may arrive in any order (iJw 3.2, OP080), so the order is that of the sender: by
        date; within a day as the process goes, what is asked before what is answered; starts and
        stops by the day they are about.
        """
        first = self.events[0]
        rank = _RANK.get(TYPES[self.kind], _LAST)
        about = (first["about"], first["from_day"] or first["about"], self.kind)
        return (first["known"], rank, *about, not self.held, self.id, self.content)


def messages(events: Iterable[Row], held: bool = True) -> Iterator[Told]:
    """Put events together that one message told.

    Parameters
    ----------
    events
        Events in the order of their message and of their place in it.
    held
        Whether the register holds them.

    Examples
    --------
    >>> one = {"message": "m", "content": "c", "kind": "answered"}
    >>> [(told.id, len(told.events)) for told in messages([one, one])]
    [('m', 2)]
    """
    for (name, content), rows in groupby(events, itemgetter("message", "content")):
        yield Told(name, content, tuple(rows), held)
