"""Read the tables of facts that ship with the package, and check them while reading.

Everything of the outside world (stations, norms, codes, regions, figures) lives in CSV files with
a source column. A table with a missing column, an empty source or a doubled key is refused whole,
with all its faults.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from stelsel.errors import Fault, StelselError


def packaged(package: str, name: str) -> Traversable:
    """Give the file ``name`` in the ``data`` folder of ``package``.

    Examples
    --------
    >>> packaged("stelsel.system", "forms.csv").is_file()
    True
    """
    return files(package) / "data" / name


def read_table(
    file: Traversable | Path,
    columns: Sequence[str],
    *,
    key: Sequence[str] = (),
    sourced: bool = True,
) -> list[dict[str, str]]:
    """Read a CSV file of facts into rows of text, checked.

    Parameters
    ----------
    file
        The CSV file, UTF-8, with a header.
    columns
        The columns it must have, in any order; others are refused, so that a misspelt column
        is found and not ignored.
    key
        Columns that together name a row: no two rows may agree on all of them.
    sourced
        Whether the table has a column ``source`` that no row may leave empty.

    Raises
    ------
    StelselError
        With every fault of the table, by line.
    """
    wanted = [*columns, "source"] if sourced and "source" not in columns else list(columns)
    faults: list[Fault] = []
    with file.open("r", encoding="utf-8") as lines:
        reader = csv.DictReader(lines)
        found = list(reader.fieldnames or [])
        if set(found) != set(wanted):
            missing = ", ".join(sorted(set(wanted) - set(found)))
            extra = ", ".join(sorted(set(found) - set(wanted)))
            raise StelselError(
                f"The columns are not those expected: missing {missing or 'none'}; "
                f"not known {extra or 'none'}.",
                where=str(file.name),
                remedy=f"The table has exactly: {', '.join(wanted)}.",
                what_nl="De kolommen zijn niet de verwachte: ontbrekend "
                f"{missing or 'geen'}; onbekend {extra or 'geen'}.",
                remedy_nl=f"De tabel heeft precies: {', '.join(wanted)}.",
            )
        rows = list(reader)
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows, start=2):
        where, where_nl = f"{file.name}, line {number}", f"{file.name}, regel {number}"
        if None in row or None in row.values():
            faults.append(
                Fault(
                    "The line has too many or too few columns.",
                    where,
                    what_nl="De regel heeft te veel of te weinig kolommen.",
                    where_nl=where_nl,
                )
            )
            continue
        if sourced and not row["source"].strip():
            faults.append(
                Fault(
                    "The source is empty.",
                    where,
                    remedy="Name where it comes from.",
                    what_nl="De bron is leeg.",
                    where_nl=where_nl,
                    remedy_nl="Noem waar het vandaan komt.",
                )
            )
        if key:
            this = tuple(row[column] for column in key)
            if this in seen:
                faults.append(
                    Fault(
                        f"Doubles line {seen[this]} on {', '.join(key)}.",
                        where,
                        what_nl=f"Is gelijk aan regel {seen[this]} op {', '.join(key)}.",
                        where_nl=where_nl,
                    )
                )
            seen[this] = number
    if faults:
        raise StelselError(faults)
    return rows


def to_date(text: str) -> date | None:
    """Turn ``2022-01-01`` into a date and empty text into None.

    Examples
    --------
    >>> to_date("2022-01-01"), to_date("")
    (datetime.date(2022, 1, 1), None)
    """
    return date.fromisoformat(text) if text else None


def valid_on(rows: Sequence[dict[str, str]], day: date) -> Iterator[dict[str, str]]:
    """Yield the rows that hold on a day, by ``valid_from`` and ``valid_to`` (both inclusive)."""
    for row in rows:
        first, last = to_date(row["valid_from"]), to_date(row["valid_to"])
        if (first is None or first <= day) and (last is None or day <= last):
            yield row
