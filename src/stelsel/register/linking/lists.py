"""Waiting lists at the door: checked, and turned into entries of digests row by row.

A list with anything wrong is refused whole, with all lists, so that no half list is counted. What
is told of a fault is the row, the column, the rule and what to do; never what stands there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from stelsel.errors import Fault, StelselError
from stelsel.register.linking.cells import rows_of
from stelsel.register.linking.hashed import SCHEMA, Entry, Pseudonym, entry_number, hashed
from stelsel.register.linking.names import PACKAGE
from stelsel.system import forms
from stelsel.system.municipalities import exists
from stelsel.tables import packaged, read_table

_RULES: Mapping[str, tuple[str, str, str, str]] = {
    "provider": (
        "is no AGB code",
        "Write the eight digits.",
        "is geen AGB-code",
        "Schrijf de acht cijfers.",
    ),
    "form": (
        "is no form of help",
        "Write a CBS code, 01 to 04 or 11 to 14.",
        "is geen hulpvorm",
        "Schrijf een CBS-code, 01 tot en met 04 of 11 tot en met 14.",
    ),
    "day": (
        "is no date",
        "Write an existing day as yyyy-mm-dd or dd-mm-yyyy.",
        "is geen datum",
        "Schrijf een bestaande dag als jjjj-mm-dd of dd-mm-jjjj.",
    ),
    "order": (
        "is after the day of the list",
        "Look which of the two is wrong.",
        "ligt na de dag van de lijst",
        "Kijk welke van de twee fout is.",
    ),
    "sex": (
        "is no sex that is known",
        "Write m, v, x or leave it empty.",
        "is geen bekend geslacht",
        "Schrijf m, v, x of laat het leeg.",
    ),
    "postcode": (
        "is no postcode",
        "Write 1234 AB, or 1234 where no more is known.",
        "is geen postcode",
        "Schrijf 1234 AB, of 1234 als er niet meer bekend is.",
    ),
    "municipality": (
        "is no municipality",
        "Write the four digits of CBS, or leave it empty.",
        "is geen gemeente",
        "Schrijf de vier cijfers van het CBS, of laat het leeg.",
    ),
    "empty": (
        "is empty",
        "Fill it in: without it the entry cannot be counted.",
        "is leeg",
        "Vul dit in: zonder telt de inschrijving niet mee.",
    ),
}


@cache
def headings() -> dict[str, tuple[str, bool]]:
    """Give the columns of a list: name in English, its Dutch name, and whether it is needed.

    Examples
    --------
    >>> [dutch for dutch, needed in headings().values() if needed]
    ['aanbieder', 'hulpvorm', 'opgemaakt_op', 'op_lijst_sinds']
    """
    columns = ["name", "name_nl", "needed"]
    rows = read_table(packaged(PACKAGE, "columns.csv"), columns, key=["name"])
    return {row["name"]: (row["name_nl"], row["needed"] == "yes") for row in rows}


@cache
def _sexes() -> dict[str, str]:
    rows = read_table(packaged(PACKAGE, "sexes.csv"), ["word", "sex"], key=["word"])
    return {row["word"]: row["sex"] for row in rows}


@cache
def _forms() -> dict[str, str]:
    by_code = {form.code: form.code for form in forms()}
    return by_code | {form.slug: form.code for form in forms()}


def read_lists(files: Iterable[Path], pseudonym: Pseudonym) -> pa.Table:
    """Read waiting lists into entries of digests.

    Parameters
    ----------
    files
        The lists; the headings are those of ``data/columns.csv``, in Dutch or English.
    pseudonym
        The keyed digest of the register.

    Returns
    -------
    pa.Table
        Columns of :data:`stelsel.register.linking.hashed.SCHEMA`; a row that stands in two lists
        alike is there once.

    Raises
    ------
    StelselError
        With every fault of every list.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from stelsel.register.key import Pseudonyms
    >>> text = '''aanbieder;hulpvorm;opgemaakt_op;op_lijst_sinds;achternaam
    ... 98070201;02;2026-01-05;01-10-2025;de Vries'''
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "list.csv"
    ...     _ = file.write_text(text)
    ...     read_lists([file], Pseudonyms(b"k" * 32))["on_list"].to_pylist()
    [datetime.date(2025, 10, 1)]
    """
    faults: list[Fault] = []
    rows: dict[str, dict[str, Any]] = {}
    for file in files:
        try:
            for row in _read_list(file, pseudonym, faults):
                rows.setdefault(row["entry"], row)
        except StelselError as error:
            faults += error.faults
    if faults:
        raise StelselError(faults)
    return pa.Table.from_pylist([rows[entry] for entry in sorted(rows)], SCHEMA)


def _read_list(file: Path, pseudonym: Pseudonym, faults: list[Fault]) -> list[dict[str, Any]]:
    """Turn the rows of a list into digests one by one; adds what is wrong to ``faults``."""
    rows = rows_of(file)
    names = _names_of(next(rows, (1, []))[1], file)
    seen: Counter[str] = Counter()
    found = []
    for number, cells in rows:
        told = _Row(file.name, number, dict(zip(names, cells, strict=False)))
        if len(cells) > len(names):
            told.too_long()
        entry = told.entry()
        faults += told.faults
        if entry is None:
            continue
        row = hashed(entry, pseudonym)
        first = entry_number(row, 0, pseudonym)
        number_of_entry = entry_number(row, seen[first], pseudonym)
        seen[first] += 1
        found.append({**row, "entry": number_of_entry, "list": file.name, "row": number})
    return found


def _names_of(heading: list[str], file: Path) -> list[str]:
    """Give the English name of each heading, or say what is missing, unknown or double."""
    either = {text: name for name, (dutch, _) in headings().items() for text in (name, dutch)}
    names = [either.get(text.lower(), "") for text in heading]
    unknown = names.count("")
    lacking = [name for name, (_, needed) in headings().items() if needed and name not in names]
    double = len(set(names) - {""}) < len(names) - unknown
    if not (unknown or lacking or double):
        return names
    dutch = ", ".join(headings()[name][0] for name in lacking) or "geen"
    # An unknown heading may be the first row of a list without one, and is not repeated.
    raise StelselError(
        f"The columns are not those expected: missing {', '.join(lacking) or 'none'}; "
        f"not known: {unknown}; named twice: {'yes' if double else 'no'}.",
        where=f"{file.name}, row 1",
        rule="list.heading",
        remedy=f"A list has columns of these: {', '.join(headings())}.",
        what_nl=f"De kolommen zijn niet de verwachte: ontbrekend {dutch}; onbekend: {unknown}; "
        f"dubbel: {'ja' if double else 'nee'}.",
        where_nl=f"{file.name}, rij 1",
        remedy_nl="Een lijst heeft kolommen uit: "
        f"{', '.join(dutch for dutch, _ in headings().values())}.",
    )


class _Row:
    """One row while it is being checked; gathers its faults."""

    def __init__(self, file: str, number: int, cells: Mapping[str, str]) -> None:
        self.file, self.number, self.cells = file, number, cells
        self.faults: list[Fault] = []

    def wrong(self, column: str, rule: str) -> None:
        what, remedy, what_nl, remedy_nl = _RULES[rule]
        dutch = headings()[column][0]
        self.faults.append(
            Fault(
                f"{column} {what}.",
                f"{self.file}, row {self.number}",
                f"list.{rule}",
                remedy,
                what_nl=f"{dutch} {what_nl}.",
                remedy_nl=remedy_nl,
                where_nl=f"{self.file}, rij {self.number}",
            )
        )

    def too_long(self) -> None:
        self.faults.append(
            Fault(
                "The row has more cells than the heading.",
                f"{self.file}, row {self.number}",
                "list.length",
                "Look for a comma or semicolon within a cell.",
                what_nl="De rij heeft meer cellen dan de kop.",
                remedy_nl="Zoek een komma of puntkomma binnen een cel.",
                where_nl=f"{self.file}, rij {self.number}",
            )
        )

    def text(self, column: str) -> str:
        text = self.cells.get(column, "")
        if not text and headings()[column][1]:
            self.wrong(column, "empty")
        return text

    def day(self, column: str) -> date | None:
        text = self.text(column)
        if not text:
            return None
        for pattern in ("%Y-%m-%d", "%d-%m-%Y"):
            try:
                return datetime.strptime(text, pattern).date()  # noqa: DTZ007 a day has no zone
            except ValueError:
                continue
        self.wrong(column, "day")
        return None

    def known(self, column: str, text: str, right: bool) -> None:
        if text and not right:
            self.wrong(column, column)

    def entry(self) -> Entry | None:
        """Give the entry, or None when anything in the row is wrong."""
        provider, form = self.text("provider"), self.text("form").lower()
        self.known("provider", provider, bool(re.fullmatch(r"\d{8}", provider)))
        form = _forms().get(form.zfill(2) if form.isdigit() else form, "" if not form else "?")
        self.known("form", form, form != "?")
        reported, since, born = map(self.day, ("reported_on", "on_list", "birth_date"))
        for column, day in (("on_list", since), ("birth_date", born)):
            if reported and day and day > reported:
                self.wrong(column, "order")
        sex = self.text("sex").lower()
        self.known("sex", sex, sex in _sexes())
        postcode = "".join(self.text("postcode").split()).upper()
        self.known("postcode", postcode, bool(re.fullmatch(r"[1-9]\d{3}([A-Z]{2})?", postcode)))
        town = self.text("municipality")
        town = town.zfill(4) if town else town
        self.known("municipality", town, exists(town, reported))
        if self.faults or reported is None or since is None:
            return None
        return Entry(
            provider=provider,
            form=form,
            reported_on=reported,
            on_list=since,
            first_name=self.text("first_name"),
            surname=self.text("surname"),
            birth_date=born,
            sex=_sexes().get(sex) or None,
            postcode=postcode,
            municipality=town or None,
        )
