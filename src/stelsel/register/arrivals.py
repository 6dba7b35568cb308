"""What arrives: messages, and files of other sorts, told apart by their content."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from stelsel.deliveries import Finding, Taken, cbs, process, statements
from stelsel.errors import Fault
from stelsel.events import Row
from stelsel.ijw.sources import SUFFIXES as MESSAGES

SUFFIXES: Final = (".csv", ".txt", ".dat", ".asc", ".xlsx", ".parquet")
"""What is looked at in a folder beside messages; a file that is named itself always is."""
UNKNOWN: Final = "file.unknown"
_HEAD: Final = 64 * 1024
_PACKED: Final = (b"PK", b"PAR1")
"""How a workbook and a Parquet file begin: of those the heading does not stand in front."""
_MARKUP: Final = (b"<", b"\xef\xbb\xbf<")

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]

_WORDS: Final = {
    "nl": (
        "Dit bestand is geen bericht, aanlevering, processtap of kwartaalopgave.",
        "Maak het met `stelsel template` of `stelsel deliver`, of controleer de kopregel.",
    ),
    "en": (
        "This file is no message, delivery, table of steps or quarterly statement.",
        "Make it by `stelsel template` or `stelsel deliver`, or check its heading.",
    ),
}


def apart(paths: Paths) -> tuple[list[str], list[Path]]:
    """Tell messages from files of other sorts.

    Parameters
    ----------
    paths
        Files, folders and archives. A folder is looked through with all its folders.

    Returns
    -------
    messages, others
        Paths for :func:`stelsel.ijw.read`, in which a folder stands for the messages in it, and
        files of other sorts. What does not exist counts as a message, whose reader says so.

    Examples
    --------
    >>> apart("no-such-file.csv")
    (['no-such-file.csv'], [])
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    messages: list[str] = []
    others: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside, beside = _in_folder(path)
            others += beside
            if inside or not beside:
                messages.append(str(path))
        elif _is_other(path):
            others.append(path)
        else:
            messages.append(str(path))
    return messages, others


def _in_folder(folder: Path) -> tuple[bool, list[Path]]:
    """Tell whether a folder holds messages, and give its files of other sorts."""
    inside, beside = False, []
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            low = name.lower()
            inside |= low.endswith(MESSAGES)
            if low.endswith(SUFFIXES):
                beside.append(Path(place, name))
    return inside, beside


def _is_other(file: Path) -> bool:
    """Tell whether a file that was named itself is of another sort than a message."""
    if not file.is_file() or file.suffix.lower() in MESSAGES:
        return False
    return file.suffix.lower() in SUFFIXES or _recognised(file) is not None


def take(file: Path, pseudonym: Callable[[str], str], lang: str) -> Taken:
    """Read a file of another sort than a message.

    Parameters
    ----------
    file
        The file.
    pseudonym
        Makes the pseudonyms of the register.
    lang
        Language of the findings.

    Returns
    -------
    Taken
        Its events; of a quarterly statement none, for that is kept by itself.
    """
    sort = _recognised(file)
    if sort is None:
        return Taken(str(file), "", (), (Finding(UNKNOWN, None, "", *_WORDS[lang]),))
    if sort == process.KIND:
        return process.read(file, pseudonym, "en" if lang == "en" else "nl")
    return cbs.read(file, pseudonym, lang)


def is_statement(file: Path) -> bool:
    """Tell whether a file holds a quarterly statement."""
    return _recognised(file) == statements.KIND


def statement_finding(fault: Fault, lang: str) -> Finding:
    """Say why a statement cannot be kept beside those that are there."""
    told = (fault.what_nl, fault.remedy_nl) if lang == "nl" else (fault.what, fault.remedy)
    return Finding("statement.kept", None, "", *told)


def _recognised(file: Path) -> str | None:
    """Give what sort of file it is, by its content; None where it is none that is known."""
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
        if head.startswith(_PACKED):
            head += opened.read()
    if head.startswith(_MARKUP):
        return None
    for sort, recognise in _RECOGNISERS:
        if recognise(head, str(file)):
            return sort
    return None


def messages_of(taken: Taken) -> Iterator[list[Row]]:
    """Give the events of a file by what they were told in, each of which is new or known.

    Examples
    --------
    >>> one = {"message": "m", "content": "c"}
    >>> [len(events) for events in messages_of(Taken("a.csv", "process", (one, one), ()))]
    [2]
    """
    held: dict[tuple[str, str], list[Row]] = {}
    for event in taken.events:
        held.setdefault((event["message"], event["content"]), []).append(event)
    yield from held.values()


_RECOGNISERS: Final = (
    ("cbs", cbs.recognise),
    (process.KIND, process.recognise),
    (statements.KIND, statements.recognise),
)
