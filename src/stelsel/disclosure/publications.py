"""Published tables on disk: read them as an attacker does, and write down what they hold.

A table is a CSV with a JSON file of the same name beside it (``waiting.csv``, ``waiting.json`` or
``waiting.schema.json``), or one JSON file with its ``rows``; under ``disclosure`` it says how its
numbers hang together (:mod:`stelsel.disclosure.structure`). A folder stands for the tables in it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stelsel.disclosure.sheets import Sheet
from stelsel.disclosure.structure import Structure, from_json
from stelsel.errors import Fault, StelselError

KEY = "disclosure"
HIDDEN = "protected"
DOTS = ("", ".", "x", "-", "–")
"""What stands in a CSV where a number is hidden, if no column ``protected`` says what is."""


def read_publications(places: Sequence[Path]) -> list[Sheet]:
    """Read published tables.

    Parameters
    ----------
    places
        Files, or folders with files. Each one named is a release, in this order: later ones are
        taken for later releases of the same numbers. Files of one folder are one release.

    Raises
    ------
    StelselError
        With every file that cannot be read, or does not say how its numbers hang together.
    """
    sheets: list[Sheet] = []
    faults: list[Fault] = []
    for release, place in enumerate(places):
        files = sorted(_tables(place)) if place.is_dir() else [place]
        if not files:
            faults.append(_nothing(place))
        for file in files:
            try:
                sheets.append(_read(file, release))
            except StelselError as error:
                faults += error.faults
            except (OSError, ValueError, KeyError) as error:
                faults.append(_unreadable(file, error))
    if faults:
        raise StelselError(faults)
    return sheets


def _tables(folder: Path) -> list[Path]:
    found = [file for file in folder.rglob("*.csv") if _beside(file)]
    return found + [
        file
        for file in folder.rglob("*.json")
        if not file.with_suffix("").with_suffix(".csv").exists() and _has_rows(file)
    ]


def _has_rows(file: Path) -> bool:
    try:
        said = json.loads(file.read_text("utf-8"))
    except ValueError:
        return False
    return isinstance(said, dict) and "rows" in said and KEY in said


def _beside(file: Path) -> Path | None:
    """Give the file that says what a CSV holds."""
    found = [file.with_suffix(".json"), file.with_suffix(".schema.json")]
    return next((one for one in found if one.is_file()), None)


def _read(file: Path, release: int) -> Sheet:
    if file.suffix == ".json":
        said = json.loads(file.read_text("utf-8"))
        rows: list[dict[str, Any]] = said["rows"]
    else:
        beside = _beside(file)
        if beside is None:
            raise StelselError([_unsaid(file)])
        said = json.loads(beside.read_text("utf-8"))
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    if KEY not in said:
        raise StelselError([_unsaid(file)])
    return sheet(from_json(said[KEY], file.name), rows, release)


def sheet(structure: Structure, rows: Sequence[dict[str, Any]], release: int = 0) -> Sheet:
    """Make a sheet of rows as they are read; numbers may be text.

    Examples
    --------
    >>> from stelsel.disclosure.structure import Count, Dimension
    >>> said = Structure("w", {"form": Dimension("form")}, {"waiting": Count()})
    >>> one = sheet(said, [{"form": "02", "waiting": "65"}, {"form": "03", "waiting": "."}])
    >>> one.columns["waiting"], sorted(one.hidden)
    ([65.0, None], [('waiting', 1)])
    """
    names = list(rows[0]) if rows else []
    columns: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in names}
    numeric = [*structure.counts, *(rate.value for rate in structure.rates)]
    marked = HIDDEN in names
    hidden: set[tuple[str, int]] = set()
    for name in numeric:
        if name not in columns:
            continue
        for number, value in enumerate(columns[name]):
            dot = value is None or str(value).strip() in DOTS
            columns[name][number] = None if dot else float(value)
            listed = rows[number].get(HIDDEN) or ()
            told = listed.split() if isinstance(listed, str) else listed
            if name in structure.counts and dot and (not marked or name in told):
                hidden.add((name, number))
    for name, dimension in structure.dimensions.items():
        if name in columns:
            # Nothing is a group that is not known, unless it stands for the whole.
            none = "" if dimension.total == "" else None
            columns[name] = [none if value in (None, "") else str(value) for value in columns[name]]
    return Sheet(structure, columns, hidden, release)


def _unsaid(file: Path) -> Fault:
    return Fault(
        "It is not said how the numbers of the table hang together.",
        str(file),
        remedy=f"Put a JSON file with '{KEY}' beside it; see docs/reference/publications.md.",
        what_nl="Er staat niet bij hoe de getallen van de tabel samenhangen.",
        remedy_nl=f"Zet er een JSON-bestand met '{KEY}' naast; zie docs/reference/publications.md.",
    )


def _nothing(folder: Path) -> Fault:
    return Fault(
        "There is no published table in the folder.",
        str(folder),
        remedy="Name a folder with CSV files that each have a JSON file beside them.",
        what_nl="Er staat geen gepubliceerde tabel in de map.",
        remedy_nl="Noem een map met CSV-bestanden die elk een JSON-bestand naast zich hebben.",
    )


def _unreadable(file: Path, error: Exception) -> Fault:
    return Fault(
        f"The table cannot be read ({type(error).__name__}).",
        str(file),
        remedy="Give a CSV in UTF-8 with a header, or JSON with rows.",
        what_nl=f"De tabel is niet te lezen ({type(error).__name__}).",
        remedy_nl="Geef een CSV in UTF-8 met een kopregel, of JSON met rows.",
    )
