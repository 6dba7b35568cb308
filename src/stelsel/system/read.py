"""Turn checked rows of text into entries of the map, and look them up by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from stelsel.errors import Fault, StelselError, did_you_mean
from stelsel.tables import packaged, read_table

Entry = TypeVar("Entry")


def read_entries(
    file: str,
    columns: Sequence[str],
    make: Callable[[dict[str, str]], Entry],
    *,
    key: Sequence[str],
) -> tuple[Entry, ...]:
    """Read the packaged table ``file`` and make one entry of every row, in the order of the file.

    Parameters
    ----------
    file
        Name of a CSV file in ``stelsel/system/data``.
    columns
        Its columns, without ``source``.
    make
        Makes an entry of a row; a ``ValueError`` of it becomes a fault with the line.
    key
        Columns that together name a row.

    Raises
    ------
    StelselError
        With every fault of the table, by line.

    Examples
    --------
    >>> read_entries("priorities.csv", ["id", "order", "name_nl", "name_en"],
    ...              lambda row: row["id"], key=["id"])
    ('crisis', 'protection', 'complex', 'regular')
    """
    entries, faults = [], []
    for line, row in enumerate(read_table(packaged(__package__, file), columns, key=key), start=2):
        try:
            entries.append(make(row))
        except ValueError as error:
            faults.append(Fault(f"A value cannot be read: {error}.", f"{file}, line {line}"))
    if faults:
        raise StelselError(faults)
    return tuple(entries)


def yes_or_no(text: str) -> bool:
    """Read ``yes`` and ``no``.

    Raises
    ------
    ValueError
        For any other text.

    Examples
    --------
    >>> yes_or_no("yes"), yes_or_no("no")
    (True, False)
    """
    if text not in {"yes", "no"}:
        raise ValueError(f"{text!r} is not yes or no")
    return text == "yes"


def parts(text: str) -> tuple[str, ...]:
    """Split a cell that holds several values.

    Examples
    --------
    >>> parts("31;45"), parts("")
    (('31', '45'), ())
    """
    return tuple(text.split(";")) if text else ()


def look_up(entries: Mapping[str, Entry], name: str, what: str) -> Entry:
    """Give the entry with this name, or say which names there are.

    Raises
    ------
    StelselError
        When there is no such entry; the remedy names the nearest ones.

    Examples
    --------
    >>> look_up({"a": 1}, "a", "letter")
    1
    """
    if name in entries:
        return entries[name]
    raise StelselError(
        f"There is no {what} {name!r}.", where=what, remedy=did_you_mean(name, entries)
    )


def check_known(names: Iterable[tuple[str, str]], known: Iterable[str], file: str) -> None:
    """Check that what a table refers to exists.

    Parameters
    ----------
    names
        Pairs of the entry that refers and the name it refers to; an empty name refers to nothing.
    known
        The names that exist.
    file
        The table that refers, for the fault.

    Raises
    ------
    StelselError
        With every name that does not exist.

    Examples
    --------
    >>> check_known([("wait-ambulatory", "ambulatory"), ("access-gp", "")], ["ambulatory"], "x.csv")
    """
    known = list(known)
    faults = [
        Fault(
            f"{who} refers to {name!r}, which does not exist.", file, "", did_you_mean(name, known)
        )
        for who, name in names
        if name and name not in known
    ]
    if faults:
        raise StelselError(faults)
