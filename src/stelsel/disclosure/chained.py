"""A log of JSON lines that is only ever added to, each line chained to the one before it.

Every line holds in ``before`` the SHA-256 of the bytes of the line before it, so that a line that
was changed, taken out, put in or moved shows. A small file beside the log holds how many lines
there are and the digest of the last, so that lines cut off at the end show too. Whoever may write
both files can still make a new chain from any line on: note the digest that :func:`verify` gives
somewhere else now and then, and compare it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from stelsel.errors import Fault, StelselError, refused

FIRST = "0" * 64
"""What stands in ``before`` of the first line."""
_BLOCK = 4096


def add(file: Path, line: Mapping[str, Any]) -> None:
    """Add one line, with the moment and the digest of the line before it.

    Safe with several processes, and whole: a line is written in one go, under a lock.

    Parameters
    ----------
    file
        The log; made, for its owner only, if it is not there.
    line
        What to write down. Days become ISO text.

    Raises
    ------
    StelselError
        When the log cannot be written: then what should have been logged may not be done.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     log = Path(folder) / "log.jsonl"
    ...     add(log, {"what": "one"})
    ...     add(log, {"what": "two"})
    ...     [line["what"] for line in lines(log)], verify(log).faults
    (['one', 'two'], ())
    """
    stamped = {"time": datetime.now(UTC).isoformat(timespec="seconds"), **line}
    try:
        with _locked(file) as handle:
            last = _last_line(handle)
            whole = not last or last.endswith(b"\n")
            stamped["before"] = _digest(last.rstrip(b"\n")) if last else FIRST
            text = json.dumps(stamped, default=_iso, ensure_ascii=False).encode()
            # A line that broke off stays as it is, and shows; the new one begins on its own line.
            os.write(handle, (b"" if whole else b"\n") + text + b"\n")
            os.fsync(handle)
            _put_head(file, os.fstat(handle).st_size, _digest(text))
    except OSError as error:
        raise unwritable(file, error) from error


def unwritable(file: Path, error: OSError) -> StelselError:
    """Give the error of a log, or of what is kept beside it, that cannot be written."""
    return StelselError(
        f"The log cannot be written: {refused(error)}.",
        where=file.name,
        rule="Every release and every look at exact numbers is logged.",
        remedy="Make the folder of the register writable.",
        what_nl=f"Het logboek kan niet worden geschreven: {refused(error, 'nl')}.",
        rule_nl="Elk vrijgeven en elke blik op precieze aantallen komt in het logboek.",
        remedy_nl="Zorg dat u in de map van het register mag schrijven.",
    )


def lines(file: Path) -> Iterator[dict[str, Any]]:
    """Give the lines of a log, oldest first; what cannot be read is left to :func:`verify`."""
    if not file.exists():
        return
    for raw in file.read_bytes().splitlines():
        line = _read(raw)
        if line is not None:
            yield line


class Verified:
    """What a look at the chain came to.

    Parameters
    ----------
    count
        How many lines there are.
    last
        Digest of the last line, to note elsewhere; of no lines :data:`FIRST`.
    faults
        Where the chain is broken.
    """

    def __init__(self, count: int, last: str, faults: tuple[Fault, ...]) -> None:
        self.count = count
        self.last = last
        self.faults = faults


def verify(file: Path) -> Verified:
    """Look whether any line was changed, taken out, put in or moved.

    Parameters
    ----------
    file
        The log; one that is not there, and has no head, has no lines and no faults.
    """
    faults: list[Fault] = []
    before, count, size, ends = FIRST, 0, 0, {0: FIRST}
    data, head = _both(file)
    for raw in data.split(b"\n")[: None if data and not data.endswith(b"\n") else -1]:
        count += 1
        size += len(raw) + 1
        line = _read(raw)
        if line is None:
            faults.append(_unreadable(file, count))
        elif line.get("before") != before:
            faults.append(_broken(file, count))
        before = _digest(raw)
        ends[size] = before
    if head is None and count:
        faults.append(_no_head(file))
    # One line may lie after the head: a process was stopped between writing the two.
    late = [size for size in ends if head is not None and size > head[0]]
    if head is not None and (ends.get(head[0]) != head[1] or len(late) > 1):
        faults.append(_cut(file))
    return Verified(count, before, tuple(faults))


def copy(file: Path, to: Path) -> None:
    """Copy a log and its head into a folder, as they are at one moment; none if there is none."""
    data, head = _both(file)
    if head is not None:
        place = to / file.name
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
        _put_head(place, *head)


@contextmanager
def _locked(file: Path) -> Iterator[int]:
    """Open a log to add to, alone."""
    handle = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _last_line(handle: int) -> bytes:
    """Read the last line, from the end backward; a log may be long."""
    at = os.fstat(handle).st_size
    tail = b""
    while at and b"\n" not in tail[:-1]:
        size = min(_BLOCK, at)
        at -= size
        tail = os.pread(handle, size, at) + tail
    return tail[tail.rfind(b"\n", 0, -1) + 1 :]


def _both(file: Path) -> tuple[bytes, tuple[int, str] | None]:
    """Read a log and its head while nobody adds to it."""
    try:
        with file.open("rb") as opened:
            fcntl.flock(opened, fcntl.LOCK_SH)
            return opened.read(), _head(file)
    except FileNotFoundError:
        return b"", _head(file)


def _head_of(file: Path) -> Path:
    return file.with_name(f".{file.name}.head")


def _put_head(file: Path, size: int, digest: str) -> None:
    place = _head_of(file)
    beside = place.with_name(f"{place.name}.part")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(f"{size} {digest}\n")
    beside.replace(place)


def _head(file: Path) -> tuple[int, str] | None:
    try:
        size, digest = _head_of(file).read_text("ascii").split()
        return int(size), digest
    except (OSError, ValueError):
        return None


def _read(raw: bytes) -> dict[str, Any] | None:
    try:
        line = json.loads(raw)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


_LOOK = "Compare it with a copy, and find out who could write it."
_LOOK_NL = "Vergelijk het met een kopie en zoek uit wie erin kon schrijven."
_RULE = "Every line of a log holds the digest of the line before it."
_RULE_NL = "Elke regel van een logboek bevat het kenmerk van de regel ervoor."


def _unreadable(file: Path, number: int) -> Fault:
    return Fault(
        "This line of the log cannot be read.",
        f"{file.name}, line {number}",
        remedy=_LOOK,
        what_nl="Deze regel van het logboek is niet te lezen.",
        where_nl=f"{file.name}, regel {number}",
        remedy_nl=_LOOK_NL,
    )


def _broken(file: Path, number: int) -> Fault:
    return Fault(
        "The chain of the log is broken: a line before this one was changed, taken out or put in.",
        f"{file.name}, line {number}",
        rule=_RULE,
        remedy=_LOOK,
        what_nl="De keten van het logboek is gebroken: een regel hiervoor is veranderd, "
        "weggehaald of ingevoegd.",
        where_nl=f"{file.name}, regel {number}",
        rule_nl=_RULE_NL,
        remedy_nl=_LOOK_NL,
    )


def _no_head(file: Path) -> Fault:
    return Fault(
        "The end of the log cannot be told: the file with its head is gone or cannot be read.",
        file.name,
        remedy=_LOOK,
        what_nl="Het einde van het logboek is niet vast te stellen: het bestand met de kop is weg "
        "of onleesbaar.",
        remedy_nl=_LOOK_NL,
    )


def _cut(file: Path) -> Fault:
    return Fault(
        "The last lines of the log are not those that were written last.",
        file.name,
        remedy=_LOOK,
        what_nl="De laatste regels van het logboek zijn niet die het laatst zijn geschreven.",
        remedy_nl=_LOOK_NL,
    )
