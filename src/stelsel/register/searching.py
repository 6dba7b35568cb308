"""Looking for children in what was set aside: numbers in files that could not be taken in.

Every nine digits in a row that pass the eleven test are turned into a pseudonym and asked for. So a
child is found by its pseudonym too, and no number has to be told. What cannot be looked through,
such as a damaged archive, archives with messages of others, and linked waiting lists, are named to
be looked at by a person.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stelsel.register.key import Pseudonyms
from stelsel.register.quarantine import FOLDER, LARGEST_MEMBER
from stelsel.system.numbers import passes_eleven_test

_RUN = re.compile(rb"\d{8,}")
LISTS = "linking"
"""Folder of waiting lists that were linked."""
_DOCUMENTS = {".xlsx"}
"""Archives that are one document."""
_PACKED = {b"PAR1", b"PK\3\4"}
"""How files begin in which digits do not show: Parquet, and archives that cannot be opened."""
_BAD = (OSError, KeyError, RuntimeError, NotImplementedError, ValueError, zlib.error)


@dataclass(frozen=True, slots=True)
class Search:
    """What was found.

    Parameters
    ----------
    removed
        Names of files that told of a child and were removed, with their reasons.
    to_look_at
        Names of files in which a child was found among others, or that cannot be looked through;
        and the folder of waiting lists, which hold no numbers.
    """

    removed: tuple[str, ...] = ()
    to_look_at: tuple[str, ...] = ()


def search(folder: Path, pseudonyms: Pseudonyms, wanted: Callable[[str], bool]) -> Search:
    """Remove from the quarantine what tells of a child, and name what has to be looked at.

    Parameters
    ----------
    folder
        Folder of the register.
    pseudonyms
        Its key.
    wanted
        Tells of a pseudonym whether it is looked for.
    """
    asked: dict[bytes, bool] = {}

    def is_wanted(number: bytes) -> bool:
        if number not in asked:
            text = number.decode("ascii")
            asked[number] = passes_eleven_test(text) and wanted(pseudonyms(text))
        return asked[number]

    removed, to_look_at = [], []
    if (folder / LISTS).exists():
        # Waiting lists without numbers: which entry is whose is a matter of likelihood.
        to_look_at.append(LISTS)
    for file in sorted((folder / FOLDER).iterdir()):
        if file.suffix == ".json" or file.name.startswith("."):
            continue
        archive = zipfile.is_zipfile(file)
        tells = _archive_tells(file, is_wanted) if archive else _file_tells(file, is_wanted)
        if tells and (not archive or file.suffix in _DOCUMENTS):
            _remove(file)
            removed.append(file.name)
        elif tells is not False:
            to_look_at.append(file.name)
    return Search(tuple(removed), tuple(to_look_at))


def numbers_in(data: bytes) -> Iterator[bytes]:
    """Give every nine digits in a row, and eight as a number whose zero fell off.

    Examples
    --------
    >>> list(numbers_in(b"<Bsn>999900006</Bsn> 12345678"))
    [b'999900006', b'012345678']
    >>> list(numbers_in("999900006".encode("utf-16")))
    [b'999900006']
    """
    for run in _RUN.findall(data.replace(b"\0", b"")):
        if len(run) == 8:
            yield b"0" + run
        for at in range(len(run) - 8):
            yield run[at : at + 9]


def _file_tells(file: Path, is_wanted: Callable[[bytes], bool]) -> bool | None:
    """Tell whether a file holds a number that is looked for; None where it cannot be read."""
    data = file.read_bytes()
    return None if data[:4] in _PACKED else any(map(is_wanted, numbers_in(data)))


def _archive_tells(file: Path, is_wanted: Callable[[bytes], bool]) -> bool | None:
    """Tell the same of all members of an archive."""
    told: bool | None = False
    try:
        with zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                data = archive.read(member) if member.file_size <= LARGEST_MEMBER else b"PK\3\4"
                if any(map(is_wanted, numbers_in(data))):
                    return True
                if data[:4] in _PACKED:
                    told = None
    except (*_BAD, zipfile.BadZipFile):
        return None
    return told


def _remove(file: Path) -> None:
    """Remove a file and the reasons beside it."""
    for reasons in file.parent.glob(f"{file.stem}.*json"):
        reasons.unlink()
    file.unlink()
