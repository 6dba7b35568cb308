"""Messages in zip archives, read one by one and never written to disk.

An archive is refused unread if its directory is larger than any honest one, if what it says to
inflate to is too much, or if it is no zip at all; a member if its name points elsewhere, if it is
an archive itself, if it is encrypted or packed in an unusual way, if it says to inflate to too
much, or if what comes out is not what it says.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from stelsel.ijw.findings import Breach
from stelsel.ijw.opening import LARGEST, too_large

MOST_MEMBERS: Final = 250_000
"""Most members of one archive."""
LARGEST_DIRECTORY: Final = 48 * 1024 * 1024
"""Most bytes for the list of members: some 190 a member at :data:`MOST_MEMBERS`."""
LARGEST_INFLATED: Final = 4 * 1024**3
"""Most bytes that all members together may inflate to."""
HIGHEST_RATIO: Final = 200
"""How many times its packed size a member larger than :data:`FREE` may inflate to."""
FREE: Final = 1024 * 1024
MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06")
"""How a zip archive begins."""

_END = struct.Struct("<4s4H2LH")
_END_64_LOCATOR = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LONGEST_COMMENT = 0xFFFF

Part = tuple[str, bytes | Breach]
"""Name of a member ("" for the archive itself), with its bytes or why it was not read."""


def members(path: Path) -> Iterator[Part]:
    """Yield the messages in an archive, in the order of their names.

    Parameters
    ----------
    path
        The archive.

    Yields
    ------
    Part
        For each member that is a message (``.xml``) its name and bytes, or the reason why it was
        not read; or for the archive as a whole, with an empty name, the reason why it was not.
    """
    with path.open("rb") as file:
        too_many = _directory_too_large(file)
        if too_many is not None:
            yield "", too_many
            return
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError):
            yield "", Breach("zip.damaged")
            return
        infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
        if sum(info.file_size for info in infos) > LARGEST_INFLATED:
            yield "", Breach("zip.limits")
            return
        found = False
        for info in sorted(infos, key=lambda info: info.filename):
            if info.filename.lower().endswith((".xml", ".zip")):
                found = True
                yield info.filename, _member(archive, info)
        if not found:
            yield "", Breach("zip.empty")


def _member(  # noqa: PLR0911 (one return per reason not to read it)
    archive: zipfile.ZipFile, info: zipfile.ZipInfo
) -> bytes | Breach:
    """Read one member, or say why not."""
    if _points_elsewhere(info.filename):
        return Breach("zip.name")
    if info.filename.lower().endswith(".zip"):
        return Breach("zip.nested")
    if info.flag_bits & 0x1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return Breach("zip.method")
    if info.file_size > LARGEST:
        return too_large()
    if info.file_size > max(FREE, HIGHEST_RATIO * info.compress_size):
        return Breach("zip.limits")
    try:
        with archive.open(info) as file:
            # Never more comes out than it says, and asking for more would have it inflated first.
            return file.read(info.file_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        return Breach("zip.damaged")


def _points_elsewhere(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or not parts[0] or ":" in parts[0]


def _directory_too_large(file: BinaryIO) -> Breach | None:
    """Look at the end of an archive for the size of its directory, before it is read into memory.

    The record at the end has the number of members and the bytes of the directory; large archives
    have them in a second, wider record just before it.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _LONGEST_COMMENT - _END.size))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        return Breach("zip.damaged")
    _, _, _, _, members_, directory, _, _ = _END.unpack_from(tail, at)
    locator = max(0, size - len(tail)) + at - _END_64_LOCATOR.size
    if locator >= 0:
        file.seek(locator)
        signature, _, place, _ = _END_64_LOCATOR.unpack(file.read(_END_64_LOCATOR.size))
        if signature == b"PK\x06\x07":
            file.seek(min(place, size))
            record = file.read(_END_64.size)
            if len(record) < _END_64.size or not record.startswith(b"PK\x06\x06"):
                return Breach("zip.damaged")
            members_, directory = _END_64.unpack(record)[7:9]
    file.seek(0)
    if members_ > MOST_MEMBERS or directory > LARGEST_DIRECTORY:
        return Breach("zip.limits")
    return None
