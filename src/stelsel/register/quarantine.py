"""Where files go that cannot be taken in: whole, with the reasons beside them.

The folder holds personal data, and only its owner may look into it. A file is named after a
digest of its bytes, so that the same bad message twice gives one file.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO

from stelsel import deliveries, ijw

FOLDER = "quarantine"
Wrong = ijw.Finding | deliveries.Finding
"""One thing that is wrong with a file, whatever sort it is."""
LARGEST_MEMBER = 25 * 1024 * 1024
"""Bytes of the largest message; a larger member of an archive is kept packed: it may be a bomb."""
_CHUNK = 1024 * 1024
_SUFFIXES = {".xml", ".zip", ".csv", ".txt", ".xlsx", ".parquet"}
# What reading a damaged, encrypted or vanished file can raise.
_UNREADABLE = (
    *(OSError, KeyError, RuntimeError, NotImplementedError, ValueError),
    *(zipfile.BadZipFile, zlib.error),
)


class Quarantine:
    """The quarantine of a register.

    Parameters
    ----------
    register
        Folder of the register.
    """

    def __init__(self, register: Path) -> None:
        self.folder = register / FOLDER

    def create(self) -> None:
        """Make the folder, for its owner only."""
        self.folder.mkdir(mode=0o700)
        self.folder.chmod(0o700)  # whatever the umask is

    def set_aside(self, file: str, message_type: str, findings: Sequence[Wrong]) -> None:
        """Copy a file into the quarantine, with a JSON file of the reasons beside it.

        A member that cannot be had out of its archive is kept as the whole archive; of a file
        that cannot be read at all only the reasons are kept.

        Parameters
        ----------
        file
            Path of the file; for a member of an archive ``archive.zip/member.xml``.
        message_type
            Name of the message as far as it is known.
        findings
            What is wrong with it.
        """
        path = Path(file)
        on_disk = next((place for place in (path, *path.parents) if place.is_file()), None)
        member = path.relative_to(on_disk).as_posix() if on_disk else "."
        name = hashlib.blake2b(file.encode(), digest_size=16).hexdigest()
        if on_disk is not None and member == ".":
            name = self._keep(on_disk, _copy_file) or name
        elif on_disk is not None:
            unpacked = self._keep(path, lambda _, to: _copy_member(on_disk, member, to))
            packed = None if unpacked else self._keep(on_disk, _copy_file)
            name = unpacked or (f"{packed}.{name}" if packed else name)
        reasons = self.folder / f"{name}.json"
        if not reasons.exists():
            told = {
                "file": path.name,
                "message": message_type,
                "findings": [asdict(finding) for finding in findings],
            }
            text = json.dumps(told, ensure_ascii=False, indent=1)
            self._put(reasons, lambda to: to.write(text.encode()))

    def _keep(self, source: Path, copy: Callable[[Path, _Digesting], None]) -> str | None:
        """Copy a source to a file named after its digest; give the digest, None if unreadable."""
        beside = self.folder / f".{os.getpid()}.part"
        try:
            with beside.open("wb") as file:
                digesting = _Digesting(file)
                copy(source, digesting)
        except _UNREADABLE:
            beside.unlink(missing_ok=True)
            return None
        digest = digesting.digest.hexdigest()
        suffix = source.suffix.lower() if source.suffix.lower() in _SUFFIXES else ".bin"
        beside.replace(self.folder / f"{digest}{suffix}")
        return digest

    def _put(self, place: Path, write: Callable[[IO[bytes]], object]) -> None:
        """Write a file in one go: whoever looks sees all of it or nothing."""
        beside = self.folder / f".{os.getpid()}.part"
        with beside.open("wb") as file:
            write(file)
        beside.replace(place)


class _Digesting:
    """A file being written, with a digest of all that went into it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.blake2b(digest_size=16)

    def copy(self, source: IO[bytes]) -> None:
        while chunk := source.read(_CHUNK):
            self.digest.update(chunk)
            self._file.write(chunk)


def _copy_file(source: Path, to: _Digesting) -> None:
    with source.open("rb") as file:
        to.copy(file)


def _copy_member(archive: Path, member: str, to: _Digesting) -> None:
    with zipfile.ZipFile(archive) as opened:
        if opened.getinfo(member).file_size > LARGEST_MEMBER:
            raise ValueError(member)
        with opened.open(member) as file:
            to.copy(file)
