"""Who objects to the use of its data for anything but its own care.

Data may be used for statistics and research only where the person has not objected (Jeugdwet
7.3.12). ``objections.jsonl`` in the folder of the register holds the pseudonyms of who did. Their
events and spells stay, for their own care and for what the law demands; who makes an extract or a
set for research leaves them out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from pathlib import Path

from stelsel.register.access import log_access
from stelsel.register.forgotten import add_lines, read_lines
from stelsel.register.store import Events
from stelsel.system.calendar import today

FILE = "objections.jsonl"


class Objections:
    """The list of who objects.

    Parameters
    ----------
    folder
        Folder of the register.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     objections = Objections(Path(folder))
    ...     objections.add(["anna", "bert"])
    ...     objections.lift(["bert"])
    ...     objections.children()
    frozenset({'anna'})
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / FILE

    def children(self) -> frozenset[str]:
        """Give the pseudonyms of who objects now."""
        last = {line["child"]: line["objects"] for line in read_lines(self._file)}
        return frozenset(child for child, objects in last.items() if objects)

    def add(self, children: Collection[str], ground: str = "") -> None:
        """Note that children object, also in the access log.

        Parameters
        ----------
        children
            Their pseudonyms; they need not be in the register yet.
        ground
            Why, for the access log.
        """
        self._note(children, ground, objects=True)

    def lift(self, children: Collection[str], ground: str = "") -> None:
        """Note that children object no longer; parameters are those of :meth:`add`."""
        self._note(children, ground, objects=False)

    def drop(self, forgotten: Callable[[str], bool]) -> None:
        """Leave out every trace of children that were forgotten. Only under the lock."""
        lines = read_lines(self._file)
        kept = [line for line in lines if not forgotten(line["child"])]
        if len(kept) < len(lines):
            beside = self._file.with_name(f".{FILE}.part")
            beside.unlink(missing_ok=True)
            add_lines(beside, map(json.dumps, kept))
            beside.replace(self._file)

    def _note(self, children: Collection[str], ground: str, *, objects: bool) -> None:
        what = "objection" if objects else "objection lifted"
        log_access(self._folder, what, about=len(children), ground=ground)
        day = today().isoformat()
        with Events(self._folder).adding():
            lines = [
                json.dumps({"child": child, "objects": objects, "day": day})
                for child in sorted(children)
                if (child in self.children()) != objects
            ]
            if lines:
                add_lines(self._file, lines)
