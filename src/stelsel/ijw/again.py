"""Looking again at files that were read before, for the lines at which something stands in them.

What is wrong beside other messages is found when the file itself is no longer at hand. It is found
seldom, so the file is then read once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from stelsel.ijw.archives import members
from stelsel.ijw.findings import Breach
from stelsel.ijw.lines import lines_of
from stelsel.ijw.message import Received
from stelsel.ijw.opening import parse
from stelsel.ijw.sources import printable

Wrong = tuple[Received, list[Breach]]


def with_lines_again(wrong: Iterable[Wrong]) -> dict[str, list[Breach]]:
    """Add to breaches the lines at which their places stand.

    Parameters
    ----------
    wrong
        Messages that were read, each with what is wrong with it, without lines.

    Returns
    -------
    dict
        By name of the file what is wrong with it, with lines where the file is still there. The
        line in a message that came in an envelope is that within the message.

    Examples
    --------
    >>> with_lines_again([])
    {}
    """
    found = {received.file: breaches for received, breaches in wrong}
    on_disk: dict[Path, set[str]] = {}
    for received, breaches in wrong:
        if received.envelope is not None:
            found[received.file] = _lines(breaches, received.envelope.payload)
            continue
        path = Path(received.file)
        file = next((place for place in (path, *path.parents) if place.is_file()), None)
        if file is not None:
            on_disk.setdefault(file, set()).add(received.file)
    for file, names in on_disk.items():
        for name, data in _contents(file, names):
            if name in found and name in names:
                found[name] = _lines(found[name], data)
    return found


def _contents(file: Path, names: set[str]) -> Iterator[tuple[str, bytes]]:
    """Give the bytes of a file, or of the members of an archive."""
    try:
        if names == {str(file)}:
            yield str(file), file.read_bytes()
            return
        for inside, data in members(file):
            if isinstance(data, bytes):
                yield f"{file}/{printable(inside)}", data
    except OSError:
        return


def _lines(breaches: list[Breach], data: bytes | None) -> list[Breach]:
    root = None if data is None else parse(data)[0]
    return breaches if root is None else lines_of(breaches, root)
