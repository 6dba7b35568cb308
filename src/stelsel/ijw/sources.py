"""Where messages come from: files, folders and archives, one message at a time."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from stelsel.errors import Fault, StelselError
from stelsel.ijw.archives import MAGIC, members
from stelsel.ijw.findings import Breach, checked_language, faults, findings
from stelsel.ijw.message import Received
from stelsel.ijw.opening import LARGEST, too_large
from stelsel.ijw.reading import read_bytes

_READ: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
"""How a file is opened: as bytes on every system, and without waiting for the writer of a pipe."""
SUFFIXES: Final = (".xml", ".zip")
"""What is read in a folder; a file that is named itself is read whatever its suffix."""


def read(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], lang: str = "nl"
) -> Iterator[Received]:
    """Read and check every message in files, folders and zip archives.

    Parameters
    ----------
    paths
        One path or several. A folder is read with all its folders, in the order of the names:
        files ending in ``.xml`` and ``.zip``. Links to folders are not followed.
    lang
        Language of the findings, ``nl`` or ``en``.

    Returns
    -------
    iterator of Received
        One per message, as it is asked for: only one message is in memory at a time. A member of
        an archive is called ``archive.zip/member.xml``.

    Raises
    ------
    StelselError
        At once, with every path that does not exist or is a folder without messages.

    Examples
    --------
    >>> read("no-such-folder")
    Traceback (most recent call last):
    ...
    stelsel.errors.StelselError: no-such-folder: The path does not exist. ...
    """
    checked_language(lang)
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    places = [os.fspath(path) for path in paths]
    wrong = [fault for place in places if (fault := _fault(place)) is not None]
    if wrong:
        raise StelselError(wrong)
    return (
        received for place in places for file in _files(place) for received in _read(file, lang)
    )


def _fault(path: str) -> Fault | None:
    if not os.path.exists(path):  # noqa: PTH110 (as below)
        return _as_fault("path.missing", path)
    if os.path.isdir(path) and next(_files(path), None) is None:  # noqa: PTH112 (as below)
        return _as_fault("path.empty", path)
    return None


def _as_fault(rule: str, path: str) -> Fault:
    (fault,) = faults([Breach(rule)], "")
    return replace(fault, where=shown_path(path), rule="")


def _files(path: str) -> Iterator[str]:
    if not os.path.isdir(path):  # noqa: PTH112 (pathlib costs as much as checking a message)
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES):
                yield f"{folder}{os.sep}{name}"


def _read(path: str, lang: str) -> Iterator[Received]:
    """Read one file, which may be an archive."""
    name = shown_path(path)
    try:
        data = _bytes_of(path)
        if data is None:
            for member, part in members(Path(path)):
                inside = f"{name}/{printable(member)}" if member else name
                yield (
                    Received(inside, None, findings([part], "", lang))
                    if isinstance(part, Breach)
                    else read_bytes(part, inside, lang)
                )
            return
    except OSError:
        data = Breach("file.open")
    if isinstance(data, Breach):
        yield Received(name, None, findings([data], "", lang))
    else:
        yield read_bytes(data, name, lang)


def _bytes_of(path: str) -> bytes | Breach | None:
    """Give the bytes of a file, why it is not read, or None for an archive."""
    # Opening with the plain calls of the system takes a third of the time that open() takes.
    file = os.open(path, _READ)
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            return Breach("file.open")  # a pipe or device might never end
        if status.st_size > LARGEST:
            return None if os.read(file, 4) in MAGIC else too_large()
        data = os.read(file, status.st_size + 1)
    finally:
        os.close(file)
    if len(data) != status.st_size:
        return Breach("file.open")  # it grows or shrinks while it is read
    return None if data.startswith(MAGIC) or path.lower().endswith(".zip") else data


def shown_path(path: str) -> str:
    """Give a path as text that can be printed, with slashes.

    Examples
    --------
    >>> shown_path(f"a{os.sep}b.xml")
    'a/b.xml'
    """
    return printable(path.replace(os.sep, "/"))


def printable(name: str) -> str:
    r"""Replace what cannot be printed in a name: control characters and broken encodings.

    Examples
    --------
    >>> printable("a\x1b[31m.xml")
    'a\\x1b[31m.xml'
    """
    return name if name.isprintable() else ascii(name)[1:-1]
