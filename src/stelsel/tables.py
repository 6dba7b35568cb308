"""Read tables of facts, those that ship with the package and those that a user gives.

Everything of the outside world (stations, norms, codes, regions, figures) lives in CSV files with
a source column, checked while reading. A table with a missing column, an empty source or a doubled
key is refused whole, with all its faults.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from stelsel.errors import Fault, StelselError, refused


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


@dataclass(slots=True)
class GivenTable:
    """A table that a user gives, while it is being checked; :func:`read_given` makes one.

    Parameters
    ----------
    name
        Name of the file.
    rows
        Line in the file and cells by column, without the blanks around them.
    faults
        Line in the file and what is wrong with it, as far as is known.
    """

    name: str
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    faults: list[tuple[int, Fault]] = field(default_factory=list)

    def wrong(
        self, line: int, what: str, what_nl: str, remedy: str = "", remedy_nl: str = ""
    ) -> None:
        """Add a fault of a line, told in both languages."""
        fault = Fault(
            what,
            f"{self.name}, line {line}",
            remedy=remedy,
            what_nl=what_nl,
            where_nl=f"{self.name}, regel {line}",
            remedy_nl=remedy_nl,
        )
        self.faults.append((line, fault))

    def period(self, line: int, row: dict[str, str]) -> tuple[date | None, date | None]:
        """Read ``valid_from`` and ``valid_to`` of a line; a wrong day is a fault, and then None."""
        days: list[date | None] = []
        for column in ("valid_from", "valid_to"):
            try:
                days.append(to_date(row[column]))
            except ValueError:
                self.wrong(
                    line,
                    f"{column} is no date.",
                    f"{column} is geen datum.",
                    "Write an existing day as yyyy-mm-dd, or leave it empty.",
                    "Schrijf een bestaande dag als jjjj-mm-dd, of laat het leeg.",
                )
                days.append(None)
        first, last = days
        if first and last and last < first:
            self.wrong(line, "valid_to is before valid_from.", "valid_to ligt vóór valid_from.")
        return first, last

    def refuse(self) -> None:
        """Refuse the table if anything is wrong with it.

        Raises
        ------
        StelselError
            With every fault, in the order of the lines.
        """
        if self.faults:
            in_order = sorted(self.faults, key=lambda found: found[0])
            raise StelselError(fault for _, fault in in_order)


def read_given(file: Path, columns: Sequence[str]) -> GivenTable:
    r"""Read a table that a user gives, without judging what its cells say.

    A CSV file in UTF-8 with a header, with commas or, as spreadsheets in Dutch write it, with
    semicolons. Empty lines are skipped. An empty source and a line of another length are faults
    that the table keeps, to be told with those of its cells.

    Parameters
    ----------
    file
        The CSV file.
    columns
        The columns it must have, in any order, and no others; one of them is ``source``.

    Raises
    ------
    StelselError
        When the file cannot be read as CSV in UTF-8, or has other columns.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "own.csv"
    ...     _ = file.write_text("code;source\nA1;contract 2026\nA2;\n")
    ...     given = read_given(file, ["code", "source"])
    >>> given.rows
    [(2, {'code': 'A1', 'source': 'contract 2026'}), (3, {'code': 'A2', 'source': ''})]
    >>> [str(fault) for _, fault in given.faults]
    ['own.csv, line 3: The source is empty. Name where it comes from.']
    """
    text = _text_of(file)
    head = text.partition("\n")[0]
    mark = ";" if head.count(";") > head.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark)
    found = [name.strip() for name in reader.fieldnames or []]
    if sorted(found) != sorted(columns):
        missing = ", ".join(sorted(set(columns) - set(found)))
        extra = ", ".join(sorted(set(found) - set(columns)))
        raise StelselError(
            f"The columns are not those expected: missing {missing or 'none'}; "
            f"not known {extra or 'none'}.",
            where=file.name,
            remedy=f"The table has exactly: {', '.join(columns)}.",
            what_nl=f"De kolommen zijn niet de verwachte: ontbrekend {missing or 'geen'}; "
            f"onbekend {extra or 'geen'}.",
            remedy_nl=f"De tabel heeft precies: {', '.join(columns)}.",
        )
    reader.fieldnames = found
    given = GivenTable(file.name)
    for line, row in _rows_of(reader, file):
        cells = {name: cell.strip() for name, cell in row.items() if name and cell is not None}
        if len(cells) != len(row):
            given.wrong(
                line,
                "The line has too many or too few columns.",
                "De regel heeft te veel of te weinig kolommen.",
            )
            continue
        given.rows.append((line, cells))
        if not cells["source"]:
            given.wrong(
                line,
                "The source is empty.",
                "De bron is leeg.",
                "Name where it comes from.",
                "Noem waar het vandaan komt.",
            )
    return given


def _rows_of(
    reader: csv.DictReader[str], file: Path
) -> Iterator[tuple[int, dict[str | None, str | None]]]:
    try:
        for row in reader:
            yield reader.line_num, {**row}
    except csv.Error as error:
        raise StelselError(
            "The table is no CSV.",
            where=f"{file.name}, line {reader.line_num}",
            remedy="Save it as CSV in UTF-8.",
            what_nl="De tabel is geen CSV.",
            where_nl=f"{file.name}, regel {reader.line_num}",
            remedy_nl="Bewaar hem als CSV in UTF-8.",
        ) from error


def _text_of(file: Path) -> str:
    try:
        # Spreadsheets begin a file with a mark of the character set.
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise StelselError(
            f"The table cannot be read: {refused(error)}.",
            where=str(file),
            remedy="Name a CSV file that you may read.",
            what_nl=f"De tabel is niet te lezen: {refused(error, 'nl')}.",
            remedy_nl="Noem een CSV-bestand dat u mag lezen.",
        ) from error
    except UnicodeDecodeError as error:
        raise StelselError(
            "The table is not in UTF-8.",
            where=str(file),
            remedy="Save it as CSV in UTF-8.",
            what_nl="De tabel is niet in UTF-8.",
            remedy_nl="Bewaar hem als CSV in UTF-8.",
        ) from error
