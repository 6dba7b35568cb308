"""Files of the format: tell one from others, read it, write it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Final

from stelsel.deliveries.process.checks import check
from stelsel.deliveries.process.rows import NAMES, StepRow, cells_of
from stelsel.deliveries.process.sheets import (
    LARGEST,
    MOST_ROWS,
    UnreadableError,
    kind_of,
    read_sheet,
    write_sheet,
)
from stelsel.deliveries.process.tables import Lang, columns, finding, headings
from stelsel.deliveries.process.telling import events_of
from stelsel.deliveries.taken import Finding, Taken
from stelsel.errors import StelselError, refused
from stelsel.system.calendar import today

KIND: Final = "process"
"""What sort of file this is."""
ENOUGH: Final = ("case", "step")
"""Columns by which a heading is known as one of this format."""


def recognise(head: bytes, name: str) -> bool:
    """Tell whether a file holds steps of a process, by its heading in Dutch or English.

    Parameters
    ----------
    head
        The first bytes of the file, or all of them.
    name
        Its path. The heading of a workbook or a Parquet file does not stand in the first bytes, so
        it is looked for in the file itself; without one ``head`` must be all of it.

    Examples
    --------
    >>> recognise(b"dossier;stap;dag;bekend", "a.csv"), recognise(b"<?xml version=", "a.xml")
    (True, False)
    """
    packed = kind_of(head) != "csv"
    place = Path(name)
    try:
        sheet = read_sheet(place if packed and place.is_file() else _whole_lines(head, packed))
    except (UnreadableError, OSError):
        return False
    named = {headings().get(one.lower()) for one in sheet.headings}
    return named.issuperset(ENOUGH)


def _whole_lines(head: bytes, packed: bool) -> bytes:
    """Leave out the line in which the first bytes of a text break off."""
    if packed:
        return head
    lines = head.splitlines(keepends=True)
    return b"".join(lines[:-1] if len(lines) > 1 else lines)


def read_rows(
    path: str | os.PathLike[str] | bytes, lang: Lang = "nl", on: date | None = None
) -> tuple[tuple[StepRow, ...], tuple[Finding, ...]]:
    """Read the rows of a file and all that is wrong with it.

    Parameters
    ----------
    path
        The file, or what is in it.
    lang
        Language of the findings, ``nl`` or ``en``.
    on
        The day of reading, after which nothing can have happened; today.

    Returns
    -------
    rows, findings
        No rows where there are findings.

    Raises
    ------
    StelselError
        When the file cannot be opened.

    Examples
    --------
    >>> rows, findings = read_rows(b"not a table", "en")
    >>> rows, findings[0].rule
    ((), 'process.column-unknown')
    """
    try:
        sheet = read_sheet(path if isinstance(path, bytes) else Path(path))
    except UnreadableError as wrong:
        slots = {"kind": "CSV, XLSX, Parquet", "limit": LARGEST // 1024**2, "rows": MOST_ROWS}
        return (), (finding(wrong.rule, None, "", lang, **slots),)
    except OSError as error:
        assert not isinstance(path, bytes)
        raise StelselError(
            f"The file cannot be read: {refused(error)}.",
            where=Path(path).name,
            remedy="Name a file that you may read.",
            what_nl=f"Het bestand is niet te lezen: {refused(error, 'nl')}.",
            remedy_nl="Noem een bestand dat u mag lezen.",
        ) from error
    found = check(sheet, lang, on or today())
    rows = () if found.findings else tuple(row for _, row in found.rows)
    return rows, tuple(found.findings)


def read(
    path: str | os.PathLike[str],
    pseudonym: Callable[[str], str],
    lang: Lang = "nl",
    content: bytes | None = None,
) -> Taken:
    """Read a file as events; one in which something is wrong gives none.

    Parameters
    ----------
    path
        The file.
    pseudonym
        Turns a text into a keyed digest of it.
    lang
        Language of the findings, ``nl`` or ``en``.
    content
        What is in it, where it is no file of its own but a member of an archive.

    Raises
    ------
    StelselError
        When the file cannot be opened.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> day = date(2024, 3, 1)
    >>> row = StepRow("A1", "safety-reported", day, day, "VT-01", "0193", child="k1")
    >>> with TemporaryDirectory() as folder:
    ...     write([row], Path(folder) / "steps.csv")
    ...     taken = read(Path(folder) / "steps.csv", str.upper)
    >>> taken.kind, taken.valid, taken.events[0]["step"]
    ('process', True, 'safety-reported')
    """
    rows, findings = read_rows(path if content is None else content, lang)
    return Taken(str(path), KIND, tuple(events_of(rows, pseudonym)), findings)


def write(rows: Iterable[StepRow], path: str | os.PathLike[str], lang: Lang = "nl") -> None:
    """Write rows as a file; reading it gives them back.

    Parameters
    ----------
    rows
        The rows.
    path
        The file; its name ends in ``.csv``, ``.xlsx`` or ``.parquet``.
    lang
        Language of the heading and the values, ``nl`` or ``en``.

    Raises
    ------
    StelselError
        When the name ends in something else, or a text could not be read back.
    """
    known = {column.name: column.heading(lang) for column in columns()}
    heads = [known[name] for name in NAMES]
    write_sheet(Path(path), heads, [cells_of(row, lang) for row in rows])
