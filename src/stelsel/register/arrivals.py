"""What arrives: messages, and files of other sorts, told apart by their content."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from stelsel.deliveries import SUFFIXES, Finding, Taken, cbs, process, statements
from stelsel.deliveries.mirrors import CBS, MirrorReport, mirror_report, unknown_report
from stelsel.errors import Fault, refused
from stelsel.events import Row
from stelsel.ijw.sources import SUFFIXES as MESSAGES

UNKNOWN: Final = "file.unknown"
UNREADABLE: Final = "file.open"
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
_SHUT: Final = {
    "nl": ("Het bestand is niet te lezen: {why}.", "Noem een bestand dat u mag lezen."),
    "en": ("The file cannot be read: {why}.", "Name a file that you may read."),
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
    try:
        with file.open("rb") as opened:
            if opened.read(_HEAD).lstrip().startswith(_MARKUP):
                return False
        return file.suffix.lower() in SUFFIXES or _recognised(file) is not None
    except OSError:
        return file.suffix.lower() in SUFFIXES


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
    sort = _sort_of(file, lang)
    if isinstance(sort, Finding):
        return Taken(str(file), "", (), (sort,))
    if sort == process.KIND:
        return process.read(file, pseudonym, "en" if lang == "en" else "nl")
    return cbs.read(file, pseudonym, lang)


def look(file: Path, lang: str) -> MirrorReport:
    """Make the mirror report of a file of another sort than a message; takes nothing in.

    Parameters
    ----------
    file
        The file.
    lang
        Language of the report.

    Examples
    --------
    >>> look(Path("no-such-file.csv"), "en").findings[0].rule
    'file.open'
    """
    sort = _sort_of(file, lang)
    if isinstance(sort, Finding):
        return unknown_report(file, sort, lang)
    return mirror_report(file, sort, lang)


def is_statement(file: Path) -> bool:
    """Tell whether a file holds a quarterly statement."""
    return _sort_of(file, "en") == statements.KIND


def _sort_of(file: Path, lang: str) -> str | Finding:
    """Give what sort of file it is, or why that cannot be told."""
    try:
        return _recognised(file) or Finding(UNKNOWN, None, "", *_WORDS[lang])
    except OSError as error:
        what, remedy = _SHUT[lang]
        return Finding(
            UNREADABLE,
            None,
            "",
            what.format(why=refused(error, "nl" if lang == "nl" else "en")),
            remedy,
        )


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
    (CBS, cbs.recognise),
    (process.KIND, process.recognise),
    (statements.KIND, statements.recognise),
)
