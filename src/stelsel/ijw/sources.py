"""Where messages come from: files, folders and archives, one message at a time."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from functools import partial
from itertools import starmap
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, TypeVar, overload

from stelsel.errors import Fault, StelselError
from stelsel.ijw.archives import MAGIC, members
from stelsel.ijw.envelopes import LARGEST_ENVELOPE, receive
from stelsel.ijw.envelopes.opening import HEAD, begins
from stelsel.ijw.findings import Breach, checked_language, faults, findings
from stelsel.ijw.message import Received
from stelsel.ijw.opening import LARGEST, too_large
from stelsel.ijw.spread import checked_workers, spread

_READ: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
"""How a file is opened: as bytes on every system, and without waiting for the writer of a pipe."""
SUFFIXES: Final = (".xml", ".zip")
"""What is read in a folder; a file that is named itself is read whatever its suffix."""
FIRST_PART: Final = 10
"""How many files a process is given at first."""
MOST_IN_PART: Final = 200
"""Most files that a process is given at a time."""
LARGEST_PART: Final = 1024 * 1024
"""So many bytes of messages are enough for a process at a time."""


def unchanged(received: Received) -> Received:
    """Give back what was read.

    Examples
    --------
    >>> unchanged(Received("a.xml", None, ())).file
    'a.xml'
    """
    return received


Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
Made = TypeVar("Made")

_Member = tuple[str, bytes | Breach]
"""What a file or member is called, and its bytes or why they are not read."""
_Unit = str | _Member
"""A path, or a member of an archive that was opened here."""
_Packed = list[tuple[int, list[Any]]]
"""What one process sends to another: in order, several of one kind at a time."""
_LEFT, _FIELDS, _MADE = range(3)
"""Paths that were left to the process that asked; the fields of a Received; anything else."""
_fields: Final = attrgetter(*(field.name for field in fields(Received)))


@overload
def read(paths: Paths, lang: str = "nl", workers: int = 1) -> Iterator[Received]: ...


@overload
def read(
    paths: Paths, lang: str = "nl", workers: int = 1, *, then: Callable[[Received], Made]
) -> Iterator[Made]: ...


def read(
    paths: Paths, lang: str = "nl", workers: int = 1, *, then: Callable[[Received], Any] = unchanged
) -> Iterator[Any]:
    """Read and check every message in files, folders and zip archives.

    Parameters
    ----------
    paths
        One path or several. A folder is read with all its folders, in the order of the names:
        files ending in ``.xml`` and ``.zip``. Links to folders are not followed.
    lang
        Language of the findings, ``nl`` or ``en``.
    workers
        How many processes read and check. The results are the same, in the same order.
    then
        What is done with each result where it is read, so with several processes in each of them:
        what is not needed had better not be sent from one to another, which costs as much as
        checking. It is a function of a module, or a partial of one; :func:`without_content` is one.

    Returns
    -------
    iterator of Received
        One per message, as it is asked for: only one message is in memory at a time, or a few
        hundred with several processes. A member of an archive is called ``archive.zip/member.xml``.
        With ``then``, what that makes of them.

    Raises
    ------
    StelselError
        At once, with every path that does not exist or is a folder without messages. Later, if a
        process ends before its work is done.

    Examples
    --------
    >>> read("no-such-folder")
    Traceback (most recent call last):
    ...
    stelsel.errors.StelselError: no-such-folder: The path does not exist. ...
    """
    checked_language(lang)
    checked_workers(workers)
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    places = [os.fspath(path) for path in paths]
    wrong = [fault for place in places if (fault := _fault(place)) is not None]
    if wrong:
        raise StelselError(wrong)
    files = (file for place in places for file in _files(place))
    if workers > 1:
        return _read_by(workers, files, lang, then)
    return (then(_received(each, lang)) for file in files for each in _opened(file))


def without_content(received: Received) -> Received:
    """Keep only what is told of a file, for those who need no more (see :func:`read`).

    The message goes, and the envelope if it came in one.

    Examples
    --------
    >>> from stelsel.ijw import Message
    >>> without_content(Received("a.xml", Message("JW319", {"Header": {}}), (), "JW319"))
    Received(file='a.xml', message=None, findings=(), type='JW319')
    """
    return Received(received.file, None, received.findings, received.type)


# ---- in several processes


class _Pace:
    """How many files a process is given at a time; fewer where they are large."""

    def __init__(self) -> None:
        self.files = FIRST_PART

    def tell(self, files: int, size: int) -> None:
        """Learn from a part how large files are."""
        self.files = min(MOST_IN_PART, max(1, LARGEST_PART * files // max(1, size)))


def _read_by(
    workers: int, files: Iterable[str], lang: str, then: Callable[[Received], Any]
) -> Iterator[Any]:
    """Read files in several processes; here what they leave."""
    pace = _Pace()
    work = partial(_work, lang=lang, then=then)
    for results, size in spread(_parts(files, pace), work, workers):
        pace.tell(sum(len(some) for _, some in results), size)
        for kind, some in results:
            if kind == _FIELDS:
                yield from starmap(Received, some)
            elif kind == _MADE:
                yield from some
            else:
                here = (member for path in some for member in _opened(path))
                yield from (then(_received(member, lang)) for member in here)


def _parts(files: Iterable[str], pace: _Pace) -> Iterator[list[_Unit]]:
    """Put files, and members of archives, together in parts that are worth sending."""
    part: list[_Unit] = []
    size = 0
    for file in files:
        units: Iterable[_Unit] = _opened(file) if file.lower().endswith(".zip") else (file,)
        for unit in units:
            part.append(unit)
            size += 0 if isinstance(unit, str) else _size(unit)
            if len(part) >= pace.files or size >= LARGEST_PART:
                yield part
                part, size = [], 0
    if part:
        yield part


def _size(member: _Member) -> int:
    return 0 if isinstance(member[1], Breach) else len(member[1])


def _work(part: list[_Unit], lang: str, then: Callable[[Received], Any]) -> tuple[_Packed, int]:
    """Read one part, in a process of its own; give what was made of it, and its size in bytes.

    Archives that do not look like one are left, and what would make the part too large.
    """
    done: _Packed = []
    kind = -1
    size = 0
    for unit in part:
        member = unit if not isinstance(unit, str) else None
        if isinstance(unit, str) and size < LARGEST_PART:
            member = _opened_file(unit)
        if member is None:
            now, result = _LEFT, unit
        else:
            size += _size(member)
            now, result = _packed(then(_received(member, lang)))
        if now != kind:
            done.append((now, []))
            kind = now
        done[-1][1].append(result)
    return done, size


def _packed(made: Any) -> tuple[int, Any]:
    """Take a Received apart: its fields are sent and put together in a third of the time."""
    if type(made) is not Received:
        return _MADE, made
    return _FIELDS, _fields(made)


# ---- files and archives


def _fault(path: str) -> Fault | None:
    if not os.path.exists(path):  # noqa: PTH110 (as below)
        return _as_fault("path.missing", path)
    if os.path.isdir(path) and not _holds_messages(path):  # noqa: PTH112 (as below)
        return _as_fault("path.empty", path)
    return None


def _as_fault(rule: str, path: str) -> Fault:
    (fault,) = faults([Breach(rule)], "")
    return replace(fault, where=shown_path(path), rule="")


def _holds_messages(folder: str) -> bool:
    """Tell whether there is anything to read in a folder, without listing all of it."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir():
                    if not entry.is_symlink() and _holds_messages(entry.path):
                        return True
                elif entry.name.lower().endswith(SUFFIXES):
                    return True
    except OSError:
        return False  # it may not be opened: then there is nothing to be read in it
    return False


def _files(path: str) -> Iterator[str]:
    if not os.path.isdir(path):  # noqa: PTH112 (pathlib costs as much as checking a message)
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        begin = f"{folder}{os.sep}"
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES):
                yield begin + name


def _opened(path: str) -> Iterator[_Member]:
    """Open one file, which may be an archive."""
    member = _opened_file(path)
    if member is not None:
        yield member
        return
    name = shown_path(path)
    try:
        for inside, part in members(Path(path)):
            yield f"{name}/{printable(inside)}" if inside else name, part
    except OSError:
        yield name, Breach("file.open")


def _opened_file(path: str) -> _Member | None:
    """Open one file; None if it is an archive."""
    try:
        data = _bytes_of(path)
    except OSError:
        data = Breach("file.open")
    return None if data is None else (shown_path(path), data)


def _received(member: _Member, lang: str) -> Received:
    """Read one message, if its bytes could be read."""
    name, data = member
    if isinstance(data, Breach):
        return Received(name, None, findings([data], "", lang))
    return receive(data, name, lang)


def _bytes_of(path: str) -> bytes | Breach | None:
    """Give the bytes of a file, why it is not read, or None for an archive."""
    # Opening with the plain calls of the system takes a third of the time that open() takes.
    file = os.open(path, _READ)
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            return Breach("file.open")  # a pipe or device might never end
        head = b""
        if status.st_size > LARGEST:
            head = os.read(file, HEAD)
            if head.startswith(MAGIC):
                return None
            if status.st_size > LARGEST_ENVELOPE or not begins(head):
                return too_large()
        data = head + os.read(file, status.st_size + 1 - len(head))
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
