"""From rows as they are computed to rows as a reader gets them: named, dated, protected, saved."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from stelsel import system
from stelsel.disclosure import PROTECTED, protect
from stelsel.disclosure.sheets import Sheet
from stelsel.errors import StelselError, refused
from stelsel.monitor.fields import BY, field
from stelsel.system.municipalities import all_municipalities
from stelsel.system.questions import Question, questions
from stelsel.system.regions import regions

Lang = Literal["nl", "en"]

UNKNOWN = {"nl": "Onbekend", "en": "Unknown"}
"""The name of a group whose code is not known."""

_NAMES: dict[str, Callable[[Lang], dict[str, str]]] = {
    "region": lambda lang: {one.code: one.name for one in regions()},
    "municipality": lambda lang: {one.code: one.name for one in all_municipalities()},
    "form": lambda lang: {one.code: _name(one, lang) for one in system.forms()},
    "referrer": lambda lang: {one.code: _name(one, lang) for one in system.referrers()},
    "priority": lambda lang: {one.id: _name(one, lang) for one in system.priorities()},
    "station": lambda lang: (
        {one.id: _name(one, lang) for one in system.stations()}
        | {one.id: _name(one, lang) for one in questions()}
    ),
}


def _name(
    one: system.Form | system.Referrer | system.Priority | system.Station | Question, lang: Lang
) -> str:
    return one.name_nl if lang == "nl" else one.name_en


def for_readers(
    rows: pa.Table,
    *,
    known_on: date | None,
    made_up: bool,
    internal: bool = False,
    lang: Lang = "nl",
    subject: str = "waiting",
    before: Sequence[Sheet] = (),
) -> pa.Table:
    """Give the rows as they may leave: named, dated, small numbers hidden.

    Parameters
    ----------
    rows
        What :func:`stelsel.monitor.waiting` gives.
    known_on
        The day whose knowledge the rows come from; None for all that is known now.
    made_up, internal
        Whether the children are made up, and whether the rows stay with someone who may see exact
        numbers; see :func:`stelsel.disclosure.protect`.
    lang
        Language of the names.
    subject, before
        What they are about, and what left before; see :func:`stelsel.disclosure.protect`.

    Returns
    -------
    pa.Table
        The rows with ``form_name`` and the like, ``known_on``, ``made_up`` and ``protected``.

    Raises
    ------
    StelselError
        When a column of the rows does not say its role.

    Examples
    --------
    >>> from stelsel import spells
    >>> from stelsel.monitor import waiting
    >>> rows = waiting(spells.SCHEMA.empty_table(), date(2026, 6, 30), by=["form"])
    >>> for_readers(rows, known_on=None, made_up=True).column_names[:4]
    ['form', 'form_name', 'as_of', 'known_on']
    """
    rows = named_rows(rows, known_on=known_on, made_up=made_up, lang=lang)
    return protect(rows, made_up=made_up, internal=internal, subject=subject, before=before)


def named_rows(rows: pa.Table, *, known_on: date | None, made_up: bool, lang: Lang) -> pa.Table:
    """Put the names beside the codes, and ``known_on`` and ``made_up``; not yet protected.

    Examples
    --------
    >>> from stelsel import spells
    >>> from stelsel.monitor import waiting
    >>> rows = waiting(spells.SCHEMA.empty_table(), date(2026, 6, 30), by=["form"])
    >>> named_rows(rows, known_on=None, made_up=True, lang="nl").column_names[:2]
    ['form', 'form_name']
    """
    for code, names in _NAMES.items():
        if code in rows.column_names:
            words = names(lang)
            found = [
                UNKNOWN[lang] if value is None else words.get(value)
                for value in rows[code].to_pylist()
            ]
            rows = _after(rows, code, f"{code}_name", found)
    rows = _after(rows, "as_of", "known_on", [known_on] * rows.num_rows)
    return rows.append_column(field("made_up").arrow(), _column("made_up", [made_up] * len(rows)))


def _after(rows: pa.Table, before: str, name: str, values: list[Any]) -> pa.Table:
    place = rows.column_names.index(before) + 1
    return rows.add_column(place, field(name).arrow(), _column(name, values))


def _column(name: str, values: list[Any]) -> pa.Array:
    return pa.array(values, field(name).arrow().type)


def write_tables(rows: pa.Table, folder: Path, name: str) -> tuple[Path, ...]:
    """Save rows as CSV and Parquet, with a file beside them that says what every field is.

    Parameters
    ----------
    rows
        What :func:`for_readers` gives.
    folder
        Where to; made if it is not there.
    name
        Name of the files, such as ``waiting``.

    Returns
    -------
    tuple of Path
        ``name.csv`` (UTF-8, comma, point as decimal sign, empty where there is no value, names of
        hidden fields with a space between them), ``name.parquet`` and ``name.schema.json`` (in the
        manner of Table Schema of Frictionless Data: name, type, unit, labels, definitions and
        source of every field).

    Raises
    ------
    StelselError
        When the rows have not been through disclosure control, or the folder cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from stelsel import spells
    >>> from stelsel.monitor import waiting
    >>> rows = waiting(spells.SCHEMA.empty_table(), date(2026, 6, 30), by=[])
    >>> with TemporaryDirectory() as folder:
    ...     files = write_tables(for_readers(rows, known_on=None, made_up=True), Path(folder), "w")
    ...     [file.name for file in files]
    ['w.csv', 'w.parquet', 'w.schema.json']
    """
    passed(rows, name)
    files = tuple(folder / f"{name}{ending}" for ending in (".csv", ".parquet", ".schema.json"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_csv(rows, files[0])
        pq.write_table(rows, files[1])
        files[2].write_text(
            json.dumps(table_schema(rows, name), ensure_ascii=False, indent=1) + "\n",
            encoding="utf-8",
        )
    except OSError as error:
        raise unwritable(error, folder) from error
    return files


def passed(rows: pa.Table, what: str) -> None:
    """Refuse rows that have not been through disclosure control.

    Raises
    ------
    StelselError
        When they have not.

    Examples
    --------
    >>> passed(protect(pa.table({}), made_up=True), "waiting")
    """
    if PROTECTED not in rows.column_names:
        raise StelselError(
            "The table has not been through disclosure control.",
            where=what,
            remedy="Give what stelsel.monitor.for_readers gives.",
            what_nl="De tabel is niet door de openbaarmakingscontrole gegaan.",
            remedy_nl="Geef wat stelsel.monitor.for_readers geeft.",
        )


def write_csv(rows: pa.Table, file: Path) -> None:
    """Write rows as CSV: UTF-8, a cell empty where there is no value, lists with spaces."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(rows.column_names)
        writer.writerows(map(_cell, row.values()) for row in rows.to_pylist())


def unwritable(error: OSError, where: Path) -> StelselError:
    """Give the error of tables that cannot be written there."""
    return StelselError(
        f"The tables cannot be written: {refused(error)}.",
        where=str(where),
        what_nl=f"De tabellen kunnen niet worden geschreven: {refused(error, 'nl')}.",
    )


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return " ".join(map(str, value))
    return value


def table_schema(rows: pa.Table, name: str) -> Mapping[str, Any]:
    """Describe the CSV of a table: what every field is, which fields name a row.

    Examples
    --------
    >>> table_schema(pa.table({}), "waiting")["missingValues"]
    ['']
    """
    words = {"date32[day]": "date", "bool": "boolean", "int64": "integer", "double": "number"}
    described = []
    for column in rows.schema:
        one = field(column.name)
        described.append(
            {
                "name": one.name,
                "type": words.get(str(column.type), "string"),
                "unit": one.unit,
                "unit_nl": one.unit_nl,
                "title": one.label_nl,
                "title_en": one.label_en,
                "description": one.definition_nl,
                "description_en": one.definition_en,
                "source": one.source,
            }
        )
    return {
        "name": name,
        "fields": described,
        "primaryKey": [column for column in rows.column_names if column in BY],
        "missingValues": [""],
    }
