"""The pseudonymised extract of allocations that article 8f of the Regeling Jeugdwet describes."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pyarrow as pa

from stelsel.deliveries.periods import Period
from stelsel.errors import StelselError, refused
from stelsel.tables import packaged, read_table

PURPOSE = "nza-extract"
"""What the pseudonyms are made for; see :mod:`stelsel.register.purposes`."""
_TYPES = {"text": pa.string(), "day": pa.date32(), "eurocents": pa.int64(), "number": pa.int64()}


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the extract.

    Parameters
    ----------
    name
        Name of the column.
    article
        Where the law names it; empty for what this project adds.
    type
        ``text``, ``day``, ``eurocents`` or ``number``.
    name_nl, name_en
        What people call it.
    source
        Where it comes from.
    """

    name: str
    article: str
    type: str
    name_nl: str
    name_en: str
    source: str


@dataclass(frozen=True, slots=True)
class Term:
    """How long somebody keeps the extract.

    Parameters
    ----------
    keeper
        Who keeps it.
    years
        How many years.
    from_nl, from_en
        From when.
    article
        Where the law says so.
    source
        Where it comes from.
    """

    keeper: str
    years: int
    from_nl: str
    from_en: str
    article: str
    source: str


@cache
def fields() -> tuple[Field, ...]:
    """Give the columns of the extract.

    Examples
    --------
    >>> [field.name for field in fields() if field.article == "8f(1)(b) 8"]
    ['started']
    """
    names = ["name", "article", "type", "name_nl", "name_en"]
    rows = read_table(packaged(__package__, "extract.csv"), names, key=["name"])
    return tuple(Field(**row) for row in rows)


@cache
def terms() -> tuple[Term, ...]:
    """Give how long the extract is kept, and by whom.

    Examples
    --------
    >>> [term.years for term in terms()]
    [4, 10]
    """
    names = ["keeper", "years", "from_nl", "from_en", "article"]
    rows = read_table(packaged(__package__, "terms.csv"), names, key=["keeper"])
    return tuple(Term(**row | {"years": int(row["years"])}) for row in rows)  # type: ignore[arg-type]


def extract_schema() -> pa.Schema:
    """Give the columns of the extract with their types.

    Examples
    --------
    >>> extract_schema().field("started").type
    DataType(date32[day])
    """
    return pa.schema([(field.name, _TYPES[field.type]) for field in fields()])


def extract(
    allocations: pa.Table,
    pseudonym: Callable[[str], str],
    objections: Collection[str] = frozenset(),
) -> pa.Table:
    """Give the extract of a table of allocations.

    Parameters
    ----------
    allocations
        A row an allocation, with the columns of :func:`fields`; ``child`` is the pseudonym of the
        register.
    pseudonym
        Makes another pseudonym of a pseudonym, for this purpose alone.
    objections
        Pseudonyms of the register of children who object; their rows are left out.

    Returns
    -------
    pa.Table
        Columns of :func:`extract_schema`, in the order of the new pseudonyms, which tells nothing.

    Raises
    ------
    StelselError
        When a column is missing.

    Examples
    --------
    >>> one = {"provider": "00000001", "child": "a", "municipality": "0193", "birth_year": "2010",
    ...        "referrer": None, "form": "02", "measure": None, "allocated": date(2024, 7, 1),
    ...        "intended_start": None, "started": None, "ended": None, "reason": None,
    ...        "amount": None, "volume": None, "unit": None}
    >>> told = pa.Table.from_pylist([one, one | {"child": "b"}], schema=extract_schema())
    >>> extract(told, str.upper, {"b"})["child"].to_pylist()
    ['A']
    """
    missing = [name for name in extract_schema().names if name not in allocations.column_names]
    if missing:
        raise StelselError(
            f"Columns are missing: {', '.join(missing)}.",
            where="allocations",
            what_nl=f"Er ontbreken kolommen: {', '.join(missing)}.",
        )
    wanted = allocations.select(extract_schema().names)
    rows = [row for row in wanted.to_pylist() if row["child"] not in objections]
    new = {child: pseudonym(child) for child in {row["child"] for row in rows}}
    again = [row | {"child": new[row["child"]]} for row in rows]
    again.sort(
        key=lambda row: tuple("" if cell is None else str(cell) for cell in _child_first(row))
    )
    return pa.Table.from_pylist(again, schema=extract_schema())


def _child_first(row: dict[str, object]) -> tuple[object, ...]:
    return (row["child"], *row.values())


def write_extract(
    table: pa.Table, path: str | os.PathLike[str], period: Period, day: date, lang: str = "nl"
) -> None:
    """Write the extract as CSV in UTF-8, under a heading that says what it is and who keeps it.

    The lines of the heading begin with ``#``; then come the names of the columns and the rows.

    Parameters
    ----------
    table
        What :func:`extract` gives.
    path
        The file; it becomes readable by its owner alone.
    period
        What it is about.
    day
        The day on which it is made.
    lang
        Language of the heading, ``nl`` or ``en``.

    Raises
    ------
    StelselError
        When the file cannot be written.
    """
    file = Path(path)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as opened:
            opened.writelines(f"# {line}\n" for line in heading(period, day, lang))
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(table.column_names)
            writer.writerows(row.values() for row in table.to_pylist())
    except OSError as error:
        raise StelselError(
            f"The extract cannot be written: {refused(error)}.",
            where=str(file),
            remedy="Name a file in a folder in which you may write.",
            what_nl=f"Het uittreksel kan niet worden geschreven: {refused(error, 'nl')}.",
            remedy_nl="Noem een bestand in een map waarin u mag schrijven.",
        ) from error


def heading(period: Period, day: date, lang: str = "nl") -> list[str]:
    """Give the lines that say what an extract is: purpose, period, day, terms, and what it is not.

    Examples
    --------
    >>> from stelsel.deliveries.statements import period
    >>> heading(period("2024-Q3"), date(2024, 11, 1), "en")[1]
    'period: 2024-Q3 (2024-07-01 to 2024-09-30); made on: 2024-11-01'
    """
    if lang == "en":
        kept = [
            f"retention: {term.keeper} {term.years} years {term.from_en} ({term.article})"
            for term in terms()
        ]
        return [
            "purpose: research of the system by the health authority (Regeling Jeugdwet art. 8f)",
            f"period: {period} ({period.first} to {period.last}); made on: {day}",
            *kept,
            "pseudonyms of this purpose alone; who objects to the use of its data is left out",
        ]
    kept = [
        f"bewaartermijn: {term.keeper} {term.years} jaar {term.from_nl} ({term.article})"
        for term in terms()
    ]
    return [
        "doel: stelselonderzoek door de zorgautoriteit (Regeling Jeugdwet art. 8f)",
        f"periode: {period} ({period.first} tot en met {period.last}); gemaakt op: {day}",
        *kept,
        "pseudoniemen voor dit doel alleen; wie bezwaar maakt tegen het gebruik is weggelaten",
    ]
