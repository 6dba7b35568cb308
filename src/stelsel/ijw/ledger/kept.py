"""Keeping values in a way that can be taken back."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

Key = tuple[Hashable, ...]
_MISSING: Final = object()


class Kept:
    """A log of what was kept, so that all of it since the last :meth:`stand` can be taken back.

    What is kept must be immutable: it is replaced, never changed.

    Examples
    --------
    >>> kept, requests = Kept(), {}
    >>> kept.put(requests, ("R1",), "asked")
    >>> kept.stand()
    >>> kept.put(requests, ("R1",), "answered")
    >>> kept.undo()
    >>> requests
    {('R1',): 'asked'}
    """

    def __init__(self) -> None:
        self._changes: list[tuple[dict[Any, Any], Key, Any]] = []

    def put(self, where: dict[Key, Any], key: Key, value: Any) -> None:
        """Keep a value under a key."""
        self._changes.append((where, key, where.get(key, _MISSING)))
        where[key] = value

    def add(self, where: dict[Key, tuple[Any, ...]], key: Key, value: Any) -> None:
        """Add a value to the few that are kept under a key, once."""
        values = where.get(key, ())
        if value not in values:
            self.put(where, key, (*values, value))

    def stand(self) -> None:
        """Let all changes stand."""
        self._changes.clear()

    def undo(self) -> None:
        """Take back all changes since they were last let stand."""
        while self._changes:
            where, key, before = self._changes.pop()
            if before is _MISSING:
                del where[key]
            else:
                where[key] = before
