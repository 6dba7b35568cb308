"""Traffic as files: a zip archive of XML a municipality and month."""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from stelsel.errors import StelselError
from stelsel.ijw.message import Message
from stelsel.ijw.writing import write

LARGEST = 64 * 1024 * 1024
"""Bytes that are kept in memory before they are written."""
_FAST = 1


def write_traffic(messages: Iterable[Message], folder: str | os.PathLike[str]) -> dict[str, int]:
    """Write messages as ``0193/0193-2024-03.zip``: an archive a municipality and month.

    The month is that of the date of the message. An archive holds files such as
    ``JW305-98070201-0000120003.xml``: type, sender and identification. The same messages give
    the same bytes.

    Parameters
    ----------
    messages
        What to write; need not be in order.
    folder
        Where to; it may not hold archives yet, because then old and new traffic would mix.

    Returns
    -------
    dict
        Number of messages by type.

    Raises
    ------
    StelselError
        When the folder holds archives already, or a message does not fit its grammar.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place:
    ...     write_traffic([], place)
    {}
    """
    place = Path(folder)
    if next(place.rglob("*.zip"), None) is not None:
        raise StelselError(
            "The folder holds message archives already.",
            where=str(place),
            remedy="Name another folder, or remove the archives first.",
            what_nl="De map bevat al archieven met berichten.",
            remedy_nl="Noem een andere map, of haal eerst de archieven weg.",
        )
    counts: Counter[str] = Counter()
    waiting: dict[Path, list[tuple[zipfile.ZipInfo, bytes]]] = {}
    size = 0
    for message in messages:
        header = message.content["Header"]
        number, day = header["BerichtIdentificatie"].values()
        ends = (header["Afzender"], header["Ontvanger"])
        municipality = min(ends, key=len)
        name = f"{message.type}-{header['Afzender']}-{number}.xml"
        data = write(message)
        info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 12, 0, 0))
        archive = place / municipality / f"{municipality}-{day:%Y-%m}.zip"
        waiting.setdefault(archive, []).append((info, data))
        counts[message.type] += 1
        size += len(data)
        if size > LARGEST:
            _put(waiting)
            waiting, size = {}, 0
    _put(waiting)
    return dict(sorted(counts.items()))


def _put(waiting: dict[Path, list[tuple[zipfile.ZipInfo, bytes]]]) -> None:
    """Add what waits to the archives."""
    for archive, files in waiting.items():
        archive.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(archive, "a") as opened:
            for info, data in files:
                opened.writestr(info, data, zipfile.ZIP_DEFLATED, _FAST)
