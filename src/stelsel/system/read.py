"""Turn checked rows of text into entries of the map, and look them up by name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import TypeVar

from stelsel.errors import Fault, StelselError, did_you_mean
from stelsel.tables import packaged, read_table, to_date

Entry = TypeVar("Entry")


def read_entries(
    file: str,
    columns: Sequence[str],
    make: Callable[[dict[str, str]], Entry],
    *,
    key: Sequence[str] = (),
    refers: Mapping[str, Collection[str]] | None = None,
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
    refers
        For a column, the names it may refer to: one in a cell, several with ``;`` between them,
        or none.

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
        where, where_nl = f"{file}, line {line}", f"{file}, regel {line}"
        for column, known in (refers or {}).items():
            faults += [
                Fault(
                    f"{column} refers to {name!r}, which does not exist.",
                    where,
                    remedy=did_you_mean(name, known),
                    what_nl=f"{column} verwijst naar {name!r}, dat niet bestaat.",
                    where_nl=where_nl,
                    remedy_nl=did_you_mean(name, known, "nl"),
                )
                for name in parts(row[column])
                if name not in known
            ]
        try:
            entries.append(make(row))
        except ValueError as error:
            faults.append(
                Fault(
                    f"A value cannot be read: {error}.",
                    where,
                    what_nl=f"Een waarde is niet te lezen: {error}.",
                    where_nl=where_nl,
                )
            )
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


def period(row: Mapping[str, str]) -> dict[str, date | None]:
    """Read the days from and until which a row holds, both inclusive, None unbounded.

    Raises
    ------
    ValueError
        When a day cannot be read or the last is before the first.

    Examples
    --------
    >>> period({"valid_from": "2015-01-01", "valid_to": ""})
    {'valid_from': datetime.date(2015, 1, 1), 'valid_to': None}
    """
    first, last = to_date(row["valid_from"]), to_date(row["valid_to"])
    if first and last and last < first:
        raise ValueError(f"valid_to {last} is before valid_from {first}")
    return {"valid_from": first, "valid_to": last}


def holds(first: date | None, last: date | None, on: date | None) -> bool:
    """Tell whether a period holds on a day; without a day, whether it has no end.

    Parameters
    ----------
    first, last
        Its first and last day, None unbounded.
    on
        The day.

    Examples
    --------
    >>> holds(None, date(2018, 12, 31), date(2018, 12, 31)), holds(None, date(2018, 12, 31), None)
    (True, False)
    """
    if on is None:
        return last is None
    return (first is None or first <= on) and (last is None or on <= last)


def look_up(entries: Mapping[str, Entry], name: str, what: str, what_nl: str) -> Entry:
    """Give the entry with this name, or say which names there are.

    Parameters
    ----------
    entries
        Entries by name.
    name
        The name that is asked for.
    what, what_nl
        What it should be the name of, in English and in Dutch.

    Raises
    ------
    StelselError
        When there is no such entry; the remedy names the nearest ones.

    Examples
    --------
    >>> look_up({"a": 1}, "a", "letter", "brief")
    1
    """
    if name in entries:
        return entries[name]
    raise unknown(name, entries, what, what_nl)


def unknown(name: str, names: Collection[str], what: str, what_nl: str) -> StelselError:
    """Make the error of a name that does not exist; its remedy names the nearest ones.

    Examples
    --------
    >>> error = unknown("ambulatry", ["ambulatory"], "care form", "hulpvorm")
    >>> error.faults[0].told("nl")
    "hulpvorm: Er is geen hulpvorm 'ambulatry'. Bedoelt u ambulatory?"
    """
    return StelselError(
        f"There is no {what} {name!r}.",
        where=what,
        remedy=did_you_mean(name, names),
        what_nl=f"Er is geen {what_nl} {name!r}.",
        where_nl=what_nl,
        remedy_nl=did_you_mean(name, names, "nl"),
    )
